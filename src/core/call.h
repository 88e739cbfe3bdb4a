/* call.h: socket calls told as they happen: arguments, result, lesson
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/log.h"

G_BEGIN_DECLS

/* Each has a row in call.c's table, its name in C and its GLib counterpart, and
 * lessons by topic and errno in lesson.c. */
typedef enum
{
  GSOCK_CALL_NSSWITCH, /* no call: what a file says of who is asked for names */
  GSOCK_CALL_SOURCE,   /* one of these, by its name there */
  GSOCK_CALL_GETADDRINFO,
  GSOCK_CALL_RES_NQUERY,
  GSOCK_CALL_GETNAMEINFO,
  GSOCK_CALL_GETHOSTBYNAME,
  GSOCK_CALL_GETHOSTBYADDR,
  GSOCK_CALL_INET_NTOP,
  GSOCK_CALL_DNS_QUESTION, /* what a stream of bytes says in DNS */
  GSOCK_CALL_DNS_ANSWER,
  GSOCK_CALL_DNS_RECORD,
  GSOCK_CALL_SOCKET,
  GSOCK_CALL_SETSOCKOPT,
  GSOCK_CALL_GETSOCKOPT,
  GSOCK_CALL_BIND,
  GSOCK_CALL_LISTEN,
  GSOCK_CALL_ACCEPT,
  GSOCK_CALL_CONNECT,
  GSOCK_CALL_SEND,
  GSOCK_CALL_RECV,
  GSOCK_CALL_SENDTO,
  GSOCK_CALL_RECVFROM,
  GSOCK_CALL_RECVMSG,
  GSOCK_CALL_SENDMSG,
  GSOCK_CALL_SHUTDOWN,
  GSOCK_CALL_CLOSE,
  GSOCK_CALL_FLOCK,
  GSOCK_CALL_CHMOD,
  GSOCK_CALL_CHOWN,
  GSOCK_CALL_RENAME,
  GSOCK_CALL_UNLINK,
  GSOCK_CALL_TLS_HANDSHAKE, /* a message of it, or its end */
  GSOCK_CALL_TLS_VERIFY,
  GSOCK_CALL_TLS_BYE,
  GSOCK_CALL_HTTP_REQUEST, /* what is said in HTTP, by a line */
  GSOCK_CALL_HTTP_FIELD,
  GSOCK_CALL_HTTP_STATUS,
  GSOCK_CALL_HTTP_CHUNK,
  GSOCK_CALL_HTTP_BODY,
  GSOCK_CALL_HTTP_REDIRECT,
  GSOCK_CALL_INITGROUPS,
  GSOCK_CALL_SETGROUPS,
  GSOCK_CALL_SETRESGID,
  GSOCK_CALL_SETRESUID,
  GSOCK_CALL_PRCTL,
  GSOCK_CALL_LANDLOCK_CREATE_RULESET,
  GSOCK_CALL_LANDLOCK_ADD_RULE,
  GSOCK_CALL_LANDLOCK_RESTRICT_SELF,
  GSOCK_N_CALLS,
} GsockCall;

/* Tells a call that has just been made.  @result as the call gave it (of
 * getaddrinfo: 0 or EAI_…), @errnum 0 or its errno when @result is -1; @tail
 * (may be NULL) follows the result: "from 127.0.0.1:40322"; @format makes the
 * arguments as C writes them: "5, SOL_SOCKET, SO_REUSEADDR, 1", a descriptor
 * first, addresses by gsock_call_sockaddr.  Keeps errno.  Call it under
 * if (gsock_explaining ()), since its arguments cost.
 *
 * @topic picks the lesson; NULL finds it in the arguments (a constant among
 * them, or the kind of the address), which is right for nearly all.  Known:
 * socket, bind, connect: AF_UNIX AF_INET AF_INET6; socket, connect too:
 * SOCK_DGRAM; setsockopt, getsockopt: the option's name; shutdown: SHUT_WR…;
 * recv: EOF, DNS, MSG_PEEK, RECORD, TRUNC; send: DNS, SHORT, RECORD; bind:
 * ABSTRACT and PORT_0, found by itself; connect: ROUTE, which sends nothing. */
void gsock_call (GsockCall call, const char *topic, gint64 result, int errnum,
                 const char *tail, const char *format, ...)
    G_GNUC_PRINTF (6, 7);

/* send and recv: "5, \"hola\\n\", 5" with at most 60 bytes shown. A recv of 0
 * has the topic "EOF". */
void gsock_call_io (GsockCall call, int fd, const char *data, gsize size,
                    gint64 result, int errnum);

/* The same where not all may be shown: the first @open bytes. */
void gsock_call_veiled_io (GsockCall call, int fd, const char *data, gsize open,
                           gsize size, gint64 result, int errnum);

/* The same of messages that are kept apart: recvfrom, recvmsg, sendto, sendmsg too.
 * @tail (may be NULL): "from 127.0.0.1:9"; @topic: RECORD, DATAGRAM,
 * EOF or TRUNC. */
void gsock_call_message (GsockCall call, const char *topic, int fd,
                         const char *data, gsize size, gint64 result,
                         int errnum, const char *tail);

/* "AF_INET6", "SOCK_STREAM"; a number for others; static or interned. */
const char *gsock_call_family (int family);
const char *gsock_call_type (int type);
/* "[::]:3490", "/tmp/socket", "@name"; free with g_free. */
char *gsock_call_sockaddr (gconstpointer sockaddr, gsize size);

const char *gsock_call_name (int call);        /* "bind" */
const char *gsock_call_counterpart (int call); /* "g_socket_bind" */
/* The same where the topic decides: "g_socket_set_keepalive"; NULL: none. */
const char *gsock_call_glib (const GsockEvent *event);
/* The name of what went wrong, "ECONNREFUSED", "EAI_NONAME"; NULL: nothing. */
const char *gsock_call_failure (const GsockEvent *event);
/* In the user's language, with {port} and the like still in it; the same
 * pointer for the same lesson; NULL where nothing is to be taught. */
const char *gsock_call_lesson (const GsockEvent *event);
/* The lesson with this call's own numbers in it; free with g_free. */
char *gsock_call_lesson_text (const GsockEvent *event);

G_END_DECLS
