/* lesson-names.c: what names, and questions about them, teach
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/lesson-private.h"

#include <errno.h>
#include <netdb.h>

#include <glib/gi18n-lib.h>

/* As in lesson.c.
 *
 * TRANSLATORS: lessons for students of network programming, in plain words.
 * Names of calls, files, constants and record types (getaddrinfo,
 * /etc/nsswitch.conf, EAI_NONAME, CNAME) stay as they are. */
const LessonRow lesson_names_rows[] = {
  { GSOCK_CALL_NSSWITCH, NULL, 0,
    N_ ("Who is asked for names on this machine, and in which order: the line "
        "of /etc/nsswitch.conf that begins with hosts:, from left to right. "
        "Whoever knows the name ends the search, unless brackets say "
        "otherwise.") },
  { GSOCK_CALL_NSSWITCH, "NONE", 0,
    N_ ("There is no such line, so the C library keeps to an order of its "
        "own.") },
  { GSOCK_CALL_SOURCE, NULL, 0,
    N_ ("A source with a module of its own in the C library (libnss_ and its "
        "name), which is asked when its turn comes.") },
  { GSOCK_CALL_SOURCE, "FILES", 0,
    N_ ("The file /etc/hosts, older than DNS: each line has an address, its "
        "canonical name and then aliases. It knows this one, so nobody else is "
        "asked.") },
  { GSOCK_CALL_SOURCE, "MERGE", 0,
    N_ ("The file /etc/hosts knows this one, but what the next source says is "
        "added to it, as the brackets want it.") },
  { GSOCK_CALL_SOURCE, "NO_LINE", 0,
    N_ ("The file /etc/hosts has no line with this name or address, so the "
        "next source is asked.") },
  { GSOCK_CALL_SOURCE, "dns", 0,
    N_ ("The name servers of /etc/resolv.conf, one after another, each by a "
        "datagram to port 53. A name with fewer dots than ndots is tried with "
        "the endings of the search list first.") },
  { GSOCK_CALL_SOURCE, "myhostname", 0,
    N_ ("This machine's own name, localhost and _gateway have addresses here "
        "though nobody has written them down (nss-myhostname).") },
  { GSOCK_CALL_SOURCE, "resolve", 0,
    N_ ("The service systemd-resolved, which asks DNS for all programs of this "
        "machine and remembers the answers.") },
  { GSOCK_CALL_SOURCE, "mdns*", 0,
    N_ ("Multicast DNS: a name that ends in .local is called out to the whole "
        "local network, and the machine that bears it answers itself.") },
  { GSOCK_CALL_SOURCE, "mymachines", 0,
    N_ ("The containers and virtual machines that run here, by their names "
        "(nss-mymachines).") },
  { GSOCK_CALL_SOURCE, "ACTION", 0,
    N_ ("Brackets are about the source before them. [NOTFOUND=return] ends the "
        "search where that one says that there is no such name; "
        "[!UNAVAIL=return] wherever it could be asked at all.") },

  { GSOCK_CALL_GETADDRINFO, NULL, 0,
    N_ ("Turns a name into addresses. Where to ask, and in which order, is "
        "written in /etc/nsswitch.conf: usually /etc/hosts, then DNS. Of the "
        "answers, the most promising comes first.") },
  { GSOCK_CALL_GETADDRINFO, NULL, EAI_NONAME,
    N_ ("Nobody who was asked knows this name. Check its spelling; and a name "
        "that another network knows may not exist in this one.") },
  { GSOCK_CALL_GETADDRINFO, NULL, EAI_AGAIN,
    N_ ("No name server answered, so nobody knows yet whether the name "
        "exists. It is worth another try.") },
  { GSOCK_CALL_GETADDRINFO, NULL, ANY_ERROR,
    N_ ("The name could not be turned into an address, so there is nothing to "
        "connect to.") },

  { GSOCK_CALL_RES_NQUERY, NULL, 0,
    N_ ("Asks DNS for records of one type; here SRV, which name the hosts of a "
        "service and their ports. The lowest priority is tried first; within "
        "one, lots are drawn by weight, so that hosts share the work.") },
  { GSOCK_CALL_RES_NQUERY, NULL, ANY_ERROR,
    N_ ("DNS has told no host of this service, so there is nothing to connect "
        "to. Errors of DNS are not in errno but in h_errno.") },

  { GSOCK_CALL_GETNAMEINFO, NULL, 0,
    N_ ("The way back: from an address to its name. DNS keeps it apart, in a "
        "zone of its own (192.0.2.1 is 1.2.0.192.in-addr.arpa there), so it "
        "may say something else than the way there.") },
  { GSOCK_CALL_GETNAMEINFO, NULL, EAI_NONAME,
    N_ ("Nobody has written down a name for this address. That is common, and "
        "nothing is wrong with the address.") },
  { GSOCK_CALL_GETNAMEINFO, NULL, ANY_ERROR,
    N_ ("The address's name could not be found out.") },
  { GSOCK_CALL_GETHOSTBYNAME, NULL, 0,
    N_ ("The call of the old days, and the only one that shows all of struct "
        "hostent: the canonical name (h_name), each alias on the way to it "
        "(h_aliases), and how many bytes an address has (h_length). It knows "
        "one family at a time, no scope and no order of trying, and its first "
        "form is not safe in threads: so getaddrinfo took its place.") },
  { GSOCK_CALL_GETHOSTBYNAME, NULL, ANY_ERROR,
    N_ ("This name has nothing in that family; errno says nothing here, for "
        "this call has an h_errno of its own.") },
  { GSOCK_CALL_GETHOSTBYADDR, NULL, 0,
    N_ ("The old call for the way back. Unlike getnameinfo it shows the other "
        "names of the line in /etc/hosts too.") },
  { GSOCK_CALL_GETHOSTBYADDR, NULL, ANY_ERROR,
    N_ ("No name was found for this address.") },
  { GSOCK_CALL_CONNECT, "ROUTE", 0,
    N_ ("No packet leaves: on a datagram socket connect only finds the way, "
        "and which address of ours would be used on it. getaddrinfo does this "
        "with each address before it puts them in order (RFC 6724): those "
        "that can be reached come before the others, those of our own kind "
        "and scope before strangers, and IPv6 before IPv4.") },
#define NO_ROUTE \
  N_ ("No way leads there from this machine, so getaddrinfo puts this " \
      "address " \
      "behind those that can be reached (RFC 6724).")
  { GSOCK_CALL_CONNECT, "ROUTE", ENETUNREACH, NO_ROUTE },
  { GSOCK_CALL_CONNECT, "ROUTE", EHOSTUNREACH, NO_ROUTE },
  { GSOCK_CALL_CONNECT, "ROUTE", EADDRNOTAVAIL, NO_ROUTE },
  { GSOCK_CALL_CONNECT, "ROUTE", EACCES, NO_ROUTE },
  { GSOCK_CALL_CONNECT, "ROUTE", ANY_ERROR, NO_ROUTE },

  { GSOCK_CALL_INET_NTOP, NULL, 0,
    N_ ("An address of IPv6 is 16 bytes, the most significant one first "
        "(network byte order) on every machine. inet_ntop writes them for "
        "people, and :: once for the longest row of zeros.") },
/* Both are translated, whatever the machine. */
#define LITTLE_ENDIAN_LESSON \
  N_ ("An address of IPv4 is 4 bytes, the most significant one first " \
      "(network byte order) on every machine and on the wire. This machine " \
      "keeps the lowest byte of its own numbers first (little-endian), so " \
      "s_addr read as a number is turned round, until ntohl sets it right. " \
      "inet_ntop writes the bytes for people; inet_ntoa, its elder, knew " \
      "IPv4 " \
      "only.")
#define BIG_ENDIAN_LESSON \
  N_ ("An address of IPv4 is 4 bytes, the most significant one first " \
      "(network byte order) on every machine and on the wire. This machine " \
      "keeps its own numbers in that order too (big-endian), so here ntohl " \
      "has nothing to do; programs call it all the same, for other machines. " \
      "inet_ntop writes the bytes for people; inet_ntoa, its elder, knew " \
      "IPv4 " \
      "only.")
  { GSOCK_CALL_INET_NTOP, "AF_INET", 0,
    G_BYTE_ORDER == G_LITTLE_ENDIAN ? LITTLE_ENDIAN_LESSON
                                    : BIG_ENDIAN_LESSON },

  { GSOCK_CALL_SEND, "DNS", 0,
    N_ ("A question to a name server, in one datagram: a number drawn by "
        "chance (id), by which the answer is known, the name, the class (IN, "
        "the Internet) and the type of record. RD asks it to find the answer "
        "itself, from server to server.") },
  { GSOCK_CALL_RECV, "DNS", 0,
    N_ ("The answer has the same id and repeats the question; whoever wants to "
        "forge one must guess the id and our port. AA: the server is "
        "responsible for the zone; RA: it asks others for us; TC: the answer "
        "did not fit and is fetched by TCP; AD: it has checked signatures.") },
  { GSOCK_CALL_DNS_QUESTION, NULL, 0,
    N_ ("The same question goes over a connection, behind two bytes that say "
        "how long it is (or, by HTTPS, in the URL): a number drawn by chance "
        "(id), by which the answer is known, the name, the class (IN, the "
        "Internet) and the type of record.") },
  { GSOCK_CALL_DNS_ANSWER, NULL, 0,
    N_ ("The answer has the same id and repeats the question. AA: the server "
        "is responsible for the zone; RA: it asks others for us; AD: it has "
        "checked signatures.") },
  { GSOCK_CALL_DNS_RECORD, NULL, 0,
    N_ ("A record of the answer: whose it is, for how many seconds it may be "
        "kept (its TTL), the class, the type, and what it says.") },
  { GSOCK_CALL_DNS_RECORD, "A", 0,
    N_ ("A: an address of IPv4, 4 bytes in network byte order. The number "
        "behind the name is how many seconds the answer may be kept (its "
        "TTL).") },
  { GSOCK_CALL_DNS_RECORD, "AAAA", 0,
    N_ ("AAAA: an address of IPv6, four times as long as an A.") },
  { GSOCK_CALL_DNS_RECORD, "CNAME", 0,
    N_ ("CNAME: this name is only an alias; the other one is nearer to being "
        "the canonical name, and has the records.") },
  { GSOCK_CALL_DNS_RECORD, "PTR", 0,
    N_ ("PTR: the name of an address, which stands in the name's place with "
        "its numbers turned round.") },
  { GSOCK_CALL_DNS_RECORD, "MX", 0,
    N_ ("MX: a host that takes mail for this domain; the lowest number is "
        "tried first.") },
  { GSOCK_CALL_DNS_RECORD, "NS", 0,
    N_ ("NS: a name server that is responsible for this zone.") },
  { GSOCK_CALL_DNS_RECORD, "SOA", 0,
    N_ ("SOA: how the zone begins: its first name server, whom to write to, "
        "the number of its edition, and how long others may go by it; the "
        "last number is for how long a no may be kept.") },
  { GSOCK_CALL_DNS_RECORD, "TXT", 0,
    N_ ("TXT: words for whoever looks for them, each 255 bytes at most.") },
  { GSOCK_CALL_DNS_RECORD, "SRV", 0,
    N_ ("SRV: a host of a service: its priority (the lowest first), its weight "
        "among equals, its port and its name.") },
};
const gsize lesson_names_n_rows = G_N_ELEMENTS (lesson_names_rows);
