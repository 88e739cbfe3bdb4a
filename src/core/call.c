/* call.c: socket calls told as they happen: arguments and result
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/call.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "core/escape.h"

/* Bytes of a payload that are shown. */
#define SHOWN_MAX 60

typedef struct
{
  const char *name;
  const char *glib; /* NULL: GLib has none */
} CallRow;

static const CallRow calls[GSOCK_N_CALLS] = {
  [GSOCK_CALL_NSSWITCH] = { "nsswitch", NULL },
  [GSOCK_CALL_SOURCE] = { "source", NULL },
  [GSOCK_CALL_GETADDRINFO] = { "getaddrinfo", "g_resolver_lookup_by_name" },
  [GSOCK_CALL_RES_NQUERY] = { "res_nquery", "g_resolver_lookup_service" },
  [GSOCK_CALL_GETNAMEINFO] = { "getnameinfo", "g_resolver_lookup_by_address" },
  [GSOCK_CALL_GETHOSTBYNAME] = { "gethostbyname2_r", NULL },
  [GSOCK_CALL_GETHOSTBYADDR] = { "gethostbyaddr_r", NULL },
  [GSOCK_CALL_INET_NTOP] = { "inet_ntop", "g_inet_address_to_string" },
  [GSOCK_CALL_DNS_QUESTION] = { "question", NULL },
  [GSOCK_CALL_DNS_ANSWER] = { "answer", NULL },
  [GSOCK_CALL_DNS_RECORD] = { "record", NULL },
  [GSOCK_CALL_SOCKET] = { "socket", "g_socket_new" },
  [GSOCK_CALL_SETSOCKOPT] = { "setsockopt", "g_socket_set_option" },
  [GSOCK_CALL_GETSOCKOPT] = { "getsockopt", "g_socket_get_option" },
  [GSOCK_CALL_BIND] = { "bind", "g_socket_bind" },
  [GSOCK_CALL_LISTEN] = { "listen", "g_socket_listen" },
  [GSOCK_CALL_ACCEPT] = { "accept", "g_socket_accept" },
  [GSOCK_CALL_CONNECT] = { "connect", "g_socket_connect" },
  [GSOCK_CALL_SEND] = { "send", "g_socket_send" },
  [GSOCK_CALL_RECV] = { "recv", "g_socket_receive" },
  [GSOCK_CALL_SENDTO] = { "sendto", "g_socket_send_to" },
  [GSOCK_CALL_RECVFROM] = { "recvfrom", "g_socket_receive_from" },
  [GSOCK_CALL_RECVMSG] = { "recvmsg", "g_socket_receive_message" },
  [GSOCK_CALL_SENDMSG] = { "sendmsg", "g_socket_send_message" },
  [GSOCK_CALL_SHUTDOWN] = { "shutdown", "g_socket_shutdown" },
  [GSOCK_CALL_CLOSE] = { "close", "g_object_unref" },
  [GSOCK_CALL_FLOCK] = { "flock", NULL },
  [GSOCK_CALL_CHMOD] = { "chmod", "g_chmod" },
  [GSOCK_CALL_CHOWN] = { "chown", NULL },
  [GSOCK_CALL_RENAME] = { "rename", "g_rename" },
  [GSOCK_CALL_UNLINK] = { "unlink", "g_unlink" },
  [GSOCK_CALL_TLS_HANDSHAKE] = { "handshake", "g_tls_connection_handshake" },
  [GSOCK_CALL_TLS_VERIFY] = { "verify", "g_tls_database_verify_chain" },
  [GSOCK_CALL_TLS_BYE] = { "gnutls_bye", "g_io_stream_close" },
  [GSOCK_CALL_HTTP_REQUEST] = { "request", NULL },
  [GSOCK_CALL_HTTP_FIELD] = { "header", NULL },
  [GSOCK_CALL_HTTP_STATUS] = { "status", NULL },
  [GSOCK_CALL_HTTP_CHUNK] = { "chunk", NULL },
  [GSOCK_CALL_HTTP_BODY] = { "body", NULL },
  [GSOCK_CALL_HTTP_REDIRECT] = { "redirect", NULL },
  [GSOCK_CALL_INITGROUPS] = { "initgroups", NULL },
  [GSOCK_CALL_SETGROUPS] = { "setgroups", NULL },
  [GSOCK_CALL_SETRESGID] = { "setresgid", NULL },
  [GSOCK_CALL_SETRESUID] = { "setresuid", NULL },
  [GSOCK_CALL_PRCTL] = { "prctl", NULL },
  [GSOCK_CALL_LANDLOCK_CREATE_RULESET] = { "landlock_create_ruleset", NULL },
  [GSOCK_CALL_LANDLOCK_ADD_RULE] = { "landlock_add_rule", NULL },
  [GSOCK_CALL_LANDLOCK_RESTRICT_SELF] = { "landlock_restrict_self", NULL },
};

static gboolean
is_call (int call)
{
  return call >= 0 && call < GSOCK_N_CALLS;
}

/**
 * gsock_call_name:
 * @call: a GsockCall
 *
 * Returns: its name in C, "bind"
 */
const char *
gsock_call_name (int call)
{
  return is_call (call) ? calls[call].name : "?";
}

/**
 * gsock_call_counterpart:
 * @call: a GsockCall
 *
 * Returns: (nullable): what a program with GLib calls instead
 */
const char *
gsock_call_counterpart (int call)
{
  return is_call (call) ? calls[call].glib : NULL;
}

/**
 * gsock_call:
 * @call: what was called
 * @topic: (nullable): which lesson; see call.h
 * @result: what it returned
 * @errnum: errno where @result is -1; what SO_ERROR held; else 0
 * @tail: (nullable): what follows the result, "from 127.0.0.1:40322"
 * @format: its arguments as C writes them
 * @...: for @format
 *
 * Tells a call that has just been made, as a GSOCK_EVENT_CALL; nothing where
 * nobody asked for that.  errno is kept.
 */
void
gsock_call (GsockCall call, const char *topic, gint64 result, int errnum,
            const char *tail, const char *format, ...)
{
  int saved_errno = errno;
  g_autofree char *arguments = NULL;
  va_list list;

  if (!gsock_explaining ())
    return;
  va_start (list, format);
  arguments = g_strdup_vprintf (format, list);
  va_end (list);
  gsock_log (GSOCK_EVENT_CALL, .call = call, .topic = topic, .result = result,
             .errnum = errnum, .text = arguments, .detail = tail);
  errno = saved_errno;
}

/* @open: how many of the @size bytes may be shown. */
static void
append_quoted (GString *string, const char *data, gsize open, gsize size)
{
  static const char special[] = "\n\t\r\"";
  static const char letters[] = "ntr\"";
  gsize shown = gsock_escape_fit (data, MIN (open, size), SHOWN_MAX);
  gboolean utf8 = g_get_charset (NULL);
  gsize start = 0;

  g_string_append_c (string, '"');
  for (gsize i = 0; i <= shown; i++)
    {
      const char *found = NULL;

      if (i < shown && data[i] != '\0')
        found = strchr (special, data[i]);
      if (i < shown && found == NULL)
        continue;
      gsock_escape_append (string, data + start, i - start, utf8);
      start = i + 1;
      if (found != NULL)
        g_string_append_printf (string, "\\%c", letters[found - special]);
    }
  g_string_append (string, shown < size ? "\"…" : "\"");
}

static void
tell_message (GsockCall call, const char *topic, int fd, const char *data,
              gsize open, gsize size, gint64 result, int errnum,
              const char *tail)
{
  int saved_errno = errno;
  g_autoptr (GString) quoted = NULL;
  gsize filled = size;

  if (!gsock_explaining ())
    return;
  if (call == GSOCK_CALL_RECV || call == GSOCK_CALL_RECVFROM
      || call == GSOCK_CALL_RECVMSG)
    filled = (gsize) CLAMP (result, 0, (gint64) MIN (size, G_MAXSSIZE));
  quoted = g_string_new (NULL);
  append_quoted (quoted, filled > 0 ? data : "", open, filled);
  gsock_call (call, topic, result, errnum, tail, "%d, %s, %" G_GSIZE_FORMAT, fd,
              quoted->str, size);
  errno = saved_errno;
}

static const char *
topic_of_io (GsockCall call, gsize size, gint64 result)
{
  if (call == GSOCK_CALL_RECV && result == 0 && size > 0)
    return "EOF";
  if (call == GSOCK_CALL_SEND && result >= 0 && (guint64) result < size)
    return "SHORT";
  return "";
}

/**
 * gsock_call_io:
 * @call: GSOCK_CALL_SEND or GSOCK_CALL_RECV
 * @fd: the socket
 * @data: what was to be sent, or what came
 * @size: how many bytes were to be sent, or had room
 * @result: what the call returned
 * @errnum: errno where @result is -1, else 0
 *
 * Tells a send or recv.  Only what came is read of a recv's @data, and what is
 * shown is quoted as in C, so that it can be told from what is around it.
 */
void
gsock_call_io (GsockCall call, int fd, const char *data, gsize size,
               gint64 result, int errnum)
{
  gsock_call_message (call, topic_of_io (call, size, result), fd, data, size,
                      result, errnum, NULL);
}

/**
 * gsock_call_veiled_io:
 * @call: GSOCK_CALL_SEND or GSOCK_CALL_RECV
 * @fd: the socket
 * @data: what was to be sent, or what came
 * @open: how many bytes of it are no secret
 * @size: how many bytes were to be sent, or had room
 * @result: what the call returned
 * @errnum: errno where @result is -1, else 0
 *
 * Tells a call whose data has something that nobody else should read.
 */
void
gsock_call_veiled_io (GsockCall call, int fd, const char *data, gsize open,
                      gsize size, gint64 result, int errnum)
{
  tell_message (call, topic_of_io (call, size, result), fd, data, open, size,
                result, errnum, NULL);
}

/**
 * gsock_call_message:
 * @call: what was called: of send and recv, and their kin
 * @topic: which lesson: the data may hold anything, so none is sought there
 * @fd: the socket
 * @data: what was to be sent, or what came
 * @size: how many bytes were to be sent, or had room
 * @result: what the call returned; of a message longer than @size, its length
 * @errnum: errno where @result is -1, else 0
 * @tail: (nullable): what follows the result
 */
void
gsock_call_message (GsockCall call, const char *topic, int fd, const char *data,
                    gsize size, gint64 result, int errnum, const char *tail)
{
  tell_message (call, topic, fd, data, size, size, result, errnum, tail);
}

typedef struct
{
  int value;
  const char *name;
} Constant;

static const Constant families[] = {
  { AF_UNSPEC, "AF_UNSPEC" }, { AF_UNIX, "AF_UNIX" },
  { AF_INET, "AF_INET" },     { AF_INET6, "AF_INET6" },
  { AF_VSOCK, "AF_VSOCK" },   { AF_NETLINK, "AF_NETLINK" },
  { AF_PACKET, "AF_PACKET" },
};

static const Constant types[] = {
  { SOCK_STREAM, "SOCK_STREAM" },
  { SOCK_DGRAM, "SOCK_DGRAM" },
  { SOCK_SEQPACKET, "SOCK_SEQPACKET" },
  { SOCK_RAW, "SOCK_RAW" },
  { SOCK_RDM, "SOCK_RDM" },
};

static const char *
name_constant (const Constant *constants, gsize n, int value)
{
  char number[16];

  for (gsize i = 0; i < n; i++)
    if (constants[i].value == value)
      return constants[i].name;
  g_snprintf (number, sizeof number, "%d", value);
  return g_intern_string (number);
}

/**
 * gsock_call_family:
 * @family: AF_UNIX...
 *
 * Returns: the constant's name, or its number; never freed
 */
const char *
gsock_call_family (int family)
{
  return name_constant (families, G_N_ELEMENTS (families), family);
}

/**
 * gsock_call_type:
 * @type: SOCK_STREAM..., with SOCK_CLOEXEC and SOCK_NONBLOCK or without
 *
 * Returns: the constant's name, or its number, the flags left out: they are the
 *   program's own affair; never freed
 */
const char *
gsock_call_type (int type)
{
  return name_constant (types, G_N_ELEMENTS (types),
                        type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK));
}

static char *
format_path (const char *path, gsize size)
{
  g_autofree char *escaped = NULL;

  if (size == 0)
    return g_strdup ("");
  if (*path != '\0')
    return gsock_escape (path, (gssize) strnlen (path, size));
  escaped = gsock_escape (path + 1, (gssize) size - 1);
  return g_strconcat ("@", escaped, NULL);
}

static char *
format_inet6 (const struct sockaddr_in6 *address)
{
  char host[INET6_ADDRSTRLEN];
  guint port = g_ntohs (address->sin6_port);

  inet_ntop (AF_INET6, &address->sin6_addr, host, sizeof host);
  if (address->sin6_scope_id != 0)
    return g_strdup_printf ("[%s%%%u]:%u", host, (guint) address->sin6_scope_id,
                            port);
  return g_strdup_printf ("[%s]:%u", host, port);
}

/**
 * gsock_call_sockaddr:
 * @sockaddr: (array length=size): a struct sockaddr of any family
 * @size: how many bytes of it are meant
 *
 * An address as C programs mean it: nothing folded, nothing looked up.
 *
 * Returns: "[::]:3490", "/tmp/socket", "@name", "" for a UNIX socket without a
 *   name; escaped; free with g_free()
 */
char *
gsock_call_sockaddr (gconstpointer sockaddr, gsize size)
{
  struct sockaddr_storage copy = { 0 };
  const struct sockaddr_in *inet = (const struct sockaddr_in *) &copy;
  char host[INET_ADDRSTRLEN];

  size = MIN (size, sizeof copy);
  memcpy (&copy, sockaddr, size);
  if (size < sizeof copy.ss_family)
    return g_strdup ("?");

  switch (copy.ss_family)
    {
    case AF_UNIX:
      return format_path ((const char *) &copy
                              + offsetof (struct sockaddr_un, sun_path),
                          size - offsetof (struct sockaddr_un, sun_path));
    case AF_INET:
      inet_ntop (AF_INET, &inet->sin_addr, host, sizeof host);
      return g_strdup_printf ("%s:%u", host, (guint) g_ntohs (inet->sin_port));
    case AF_INET6:
      return format_inet6 ((const struct sockaddr_in6 *) &copy);
    default:
      return g_strdup (gsock_call_family (copy.ss_family));
    }
}
