/* lesson-http.c: what requests and answers of HTTP teach
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/lesson-private.h"

/* As in lesson.c; a row of its own comes before one for all that begin so.
 *
 * TRANSLATORS: lessons for students of network programming, in plain words.
 * Names of headers, methods and versions (Host, GET, HTTP/1.1) stay as they
 * are. */
const LessonRow lesson_http_rows[] = {
  { GSOCK_CALL_HTTP_REQUEST, NULL, 0,
    N_ ("The request line: what to do (the method), with what (path and query "
        "of the URL), and in which version of HTTP. The URL's host was needed "
        "to connect, and is only named again in a header.") },
  { GSOCK_CALL_HTTP_REQUEST, "HEAD", 0,
    N_ ("HEAD asks for the headers that GET would bring, and for no body.") },
  { GSOCK_CALL_HTTP_REQUEST, "POST", 0,
    N_ ("POST hands something over: it comes behind the headers, as the "
        "request's body. Sent twice it may be done twice, so it isn't "
        "repeated without being asked to.") },
  { GSOCK_CALL_HTTP_REQUEST, "PROXY", 0,
    N_ ("A proxy gets the whole URL in the request line, for it has to know "
        "whom to ask in our place.") },
  { GSOCK_CALL_HTTP_REQUEST, "SIMPLE", 0,
    N_ ("All there was in HTTP/0.9: no version and no headers. What comes back "
        "is the body and nothing else, and it ends with the connection.") },
  { GSOCK_CALL_HTTP_REQUEST, "STREAM", 0,
    N_ ("HTTP/2 has no request line: its parts are headers that begin with a "
        "colon. They go into frames, packed (HPACK), and each frame belongs to "
        "a stream: one connection carries many of them at once.") },

  { GSOCK_CALL_HTTP_FIELD, NULL, 0,
    N_ ("A header: a name, a colon and a value, on a line of their own. Upper "
        "and lower case are the same in the name, and who doesn't know it "
        "passes it over.") },
  { GSOCK_CALL_HTTP_FIELD, "Host", 0,
    N_ ("Which host is meant: many can share one address, and nothing else "
        "here tells them apart. HTTP/1.1 insists on this header alone.") },
  { GSOCK_CALL_HTTP_FIELD, "User-Agent", 0,
    N_ ("Which program asks, by its own word.") },
  { GSOCK_CALL_HTTP_FIELD, "Server", 0,
    N_ ("Which program answers, by its own word.") },
  { GSOCK_CALL_HTTP_FIELD, "Accept", 0,
    N_ ("Which kinds of content are welcome; */* is any.") },
  { GSOCK_CALL_HTTP_FIELD, "Accept-Encoding", 0,
    N_ ("Which compressions can be undone here. The server chooses one of "
        "them, or none.") },
  { GSOCK_CALL_HTTP_FIELD, "Content-Encoding", 0,
    N_ ("The body is compressed in this way: on the wire it has fewer bytes "
        "than what it is unpacked to here.") },
  { GSOCK_CALL_HTTP_FIELD, "Range", 0,
    N_ ("Only this part is wanted. A server that can do that answers 206; "
        "another one sends the whole, with 200.") },
  { GSOCK_CALL_HTTP_FIELD, "If-Range", 0,
    N_ ("The part is of use only if the whole is still the same: this is what "
        "it was known by. If it has changed, all of it comes.") },
  { GSOCK_CALL_HTTP_FIELD, "Content-Range", 0,
    N_ ("Which part this is, and how long the whole is.") },
  { GSOCK_CALL_HTTP_FIELD, "Content-Type", 0,
    N_ ("What the bytes of the body are, so that nobody has to guess.") },
  { GSOCK_CALL_HTTP_FIELD, "Content-Length", 0,
    N_ ("How many bytes the body has. By that its end is known on a connection "
        "that stays open; and if fewer come, it was cut.") },
  { GSOCK_CALL_HTTP_FIELD, "Transfer-Encoding", 0,
    N_ ("How long the body is was not known when its headers left. So it comes "
        "in chunks, each with its size before it; one of size 0 is the end.") },
  { GSOCK_CALL_HTTP_FIELD, "Connection", 0,
    N_ ("Whether the connection stays for another request: close, or "
        "keep-alive, which is understood in HTTP/1.1.") },
  { GSOCK_CALL_HTTP_FIELD, "Location", 0, N_ ("Where to ask instead.") },
  { GSOCK_CALL_HTTP_FIELD, "Authorization", 0,
    N_ ("Who asks; what proves it isn't shown here. Basic is the name and the "
        "password in Base64, which hides nothing from who reads along: only "
        "TLS does.") },
  { GSOCK_CALL_HTTP_FIELD, "Proxy-Authorization", 0,
    N_ ("Who asks, for the proxy's ears alone: it takes this header out before "
        "it asks on.") },
  { GSOCK_CALL_HTTP_FIELD, "WWW-Authenticate", 0,
    N_ ("The ways in which the server wants to be told who asks.") },
  { GSOCK_CALL_HTTP_FIELD, "Cookie", 0,
    N_ ("What the server wanted to be told again. HTTP remembers nothing from "
        "one request to the next; this is how servers know their visitors.") },
  { GSOCK_CALL_HTTP_FIELD, "Set-Cookie", 0,
    N_ ("The server wants to be told this again with later requests. Without "
        "--cookies it is forgotten.") },
  { GSOCK_CALL_HTTP_FIELD, "ETag", 0,
    N_ ("A name for the state in which this is now: as long as the name is the "
        "same, so is the content.") },
  { GSOCK_CALL_HTTP_FIELD, "Last-Modified", 0,
    N_ ("When it was last changed.") },
  { GSOCK_CALL_HTTP_FIELD, "Date", 0,
    N_ ("When the answer was made, by the server's clock.") },
  { GSOCK_CALL_HTTP_FIELD, "Via", 0,
    N_ ("Somebody stands in between, a proxy or a cache, and says so.") },

  { GSOCK_CALL_HTTP_STATUS, NULL, 0,
    N_ ("The status line: the version, a number for programs and words for "
        "people. The first digit tells the most: with 2 it went well, with 3 "
        "it is elsewhere, with 4 the request was at fault, with 5 the "
        "server.") },
  { GSOCK_CALL_HTTP_STATUS, "206", 0, N_ ("A part of it, as was asked for.") },
  { GSOCK_CALL_HTTP_STATUS, "304", 0,
    N_ ("It is still what we have already, so no body comes.") },
  { GSOCK_CALL_HTTP_STATUS, "401", 0,
    N_ ("First the server wants to know who asks.") },
  { GSOCK_CALL_HTTP_STATUS, "404", 0,
    N_ ("There is a server, and it has no such thing: name, address and port "
        "were right, only the path was not.") },
  { GSOCK_CALL_HTTP_STATUS, "407", 0,
    N_ ("First the proxy wants to know who asks.") },
  { GSOCK_CALL_HTTP_STATUS, "416", 0,
    N_ ("There is nothing in the range that was asked for.") },
  { GSOCK_CALL_HTTP_STATUS, "1*", 0,
    N_ ("A word in between: the answer itself is still to come.") },
  { GSOCK_CALL_HTTP_STATUS, "3*", 0,
    N_ ("Not here: the Location header says where.") },
  { GSOCK_CALL_HTTP_STATUS, "4*", 0,
    N_ ("The server can't or won't do this; the same request again would have "
        "the same answer.") },
  { GSOCK_CALL_HTTP_STATUS, "5*", 0,
    N_ ("The server itself is in trouble; later the same request may do "
        "well.") },

  { GSOCK_CALL_HTTP_CHUNK, NULL, 0,
    N_ ("A chunk begins: its size in hexadecimal, on a line of its own; then "
        "so "
        "many bytes of the body.") },
  { GSOCK_CALL_HTTP_CHUNK, "LAST", 0,
    N_ ("A chunk of size 0 says that the body is whole. A connection that ends "
        "without it has cut the body, and that is an error.") },

  { GSOCK_CALL_HTTP_BODY, NULL, 0,
    N_ ("The answer ends with its headers: there is no body.") },
  { GSOCK_CALL_HTTP_BODY, "LENGTH", 0,
    N_ ("As many bytes have come as Content-Length said: it is whole.") },
  { GSOCK_CALL_HTTP_BODY, "CHUNKS", 0,
    N_ ("The last chunk has come, so it is whole, though nobody knew its "
        "length "
        "before.") },
  { GSOCK_CALL_HTTP_BODY, "STREAM", 0,
    N_ ("The stream's last frame was marked as its end, so it is whole; the "
        "connection stays for other streams.") },
  { GSOCK_CALL_HTTP_BODY, "CLOSE", 0,
    N_ ("Neither a length nor chunks: it ends where the connection does, and "
        "nobody can tell whether that was all of it.") },

  { GSOCK_CALL_HTTP_REDIRECT, NULL, 0,
    N_ ("The same is asked again at the place that Location names. There is a "
        "limit to how often, and no way from https back to http.") },
  { GSOCK_CALL_HTTP_REDIRECT, "FOREIGN", 0,
    N_ ("This leads to somebody else: no header, user or password that was "
        "given for the first server goes there.") },
};
const gsize lesson_http_n_rows = G_N_ELEMENTS (lesson_http_rows);
