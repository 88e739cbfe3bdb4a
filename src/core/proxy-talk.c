/* proxy-talk.c: what is said to a proxy to have a tunnel, without any I/O
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* SOCKS4 and 4a as their memos have them, SOCKS5 by RFC 1928 and 1929, and the
 * CONNECT of RFC 9110.  An answer is read in exactly as many bytes as it has:
 * what comes behind is the target's, and must not be lost.  (Of HTTP's that is
 * known only at its end: it is read byte by byte, a few hundred of them.) */

#include "config.h"

#include <arpa/inet.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/proxy-private.h"

/* Of an answer to CONNECT. */
#define HEAD_LIMIT 16384

enum
{
  SOCKS4_ANSWER,
  SOCKS5_METHOD,
  SOCKS5_PASSWORD,
  SOCKS5_ANSWER,
  SOCKS5_NAME, /* how long the name in it is */
  SOCKS5_REST,
  HTTP_HEAD,
  DONE,
};

/* What a SOCKS5 server answers (RFC 1928 section 6), from 1 on. */
static const struct
{
  GsockErrorCode code;
  const char *why;
} socks5_answers[] = {
  { GSOCK_ERROR_CONNECT, N_ ("it has failed") },
  { GSOCK_ERROR_DENIED, N_ ("its rules don't allow it") },
  { GSOCK_ERROR_CONNECT, N_ ("the network is unreachable") },
  { GSOCK_ERROR_CONNECT, N_ ("the host is unreachable") },
  { GSOCK_ERROR_CONNECT, N_ ("the connection was refused") },
  { GSOCK_ERROR_CONNECT, N_ ("the packet was on the way for too long") },
  { GSOCK_ERROR_DENIED, N_ ("it does not know CONNECT") },
  { GSOCK_ERROR_DENIED, N_ ("it does not know that kind of address") },
};

static void G_GNUC_PRINTF (4, 5)
    set_error (GError **error, const GsockProxyTalk *talk, GsockErrorCode code,
               const char *format, ...)
{
  g_autofree char *proxy = gsock_endpoint_to_display (talk->proxy->endpoint);
  g_autofree char *why = NULL;
  va_list args;

  va_start (args, format);
  why = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, GSOCK_ERROR, code,
               /* TRANSLATORS: an address, the proxy's address, then why. */
               _ ("Cannot reach %s through the proxy %s: %s"), talk->shown,
               proxy, why);
}

static void
say (GsockProxyTalk *talk, gconstpointer data, gsize size)
{
  g_byte_array_append (talk->out, data, (guint) size);
}

static void
say_byte (GsockProxyTalk *talk, gsize byte)
{
  const guint8 value = (guint8) byte;

  say (talk, &value, 1);
}

static void
say_port (GsockProxyTalk *talk)
{
  say_byte (talk, talk->port >> 8);
  say_byte (talk, talk->port & 0xff);
}

static void
listen_for (GsockProxyTalk *talk, int step, gsize wants)
{
  talk->step = step;
  talk->wants = wants;
}

/* SOCKS 4 and 4a */

static void
say_socks4 (GsockProxyTalk *talk)
{
  const char *user = talk->proxy->user != NULL ? talk->proxy->user : "";
  static const guint8 none[] = { 0, 0, 0, 1 };

  say (talk, "\4\1", 2);
  say_port (talk);
  if (talk->proxy->kind == PROXY_SOCKS4)
    say (talk, &talk->address.inet.sin_addr, 4);
  else
    say (talk, none, sizeof none);
  say (talk, user, strlen (user) + 1);
  if (talk->proxy->kind == PROXY_SOCKS4A)
    say (talk, talk->host, strlen (talk->host) + 1);
  listen_for (talk, SOCKS4_ANSWER, 8);
}

static gboolean
take_socks4 (GsockProxyTalk *talk, const guint8 *data, GError **error)
{
  listen_for (talk, DONE, 0);
  if (data[0] != 0)
    set_error (error, talk, GSOCK_ERROR_FRAME_BAD,
               _ ("its answer is not of SOCKS 4"));
  else if (data[1] == 92 || data[1] == 93)
    set_error (error, talk, GSOCK_ERROR_DENIED,
               _ ("it asked who we are, and was not content"));
  else if (data[1] != 90)
    set_error (error, talk, GSOCK_ERROR_CONNECT,
               _ ("it refused, or could not connect"));
  else
    return TRUE;
  return FALSE;
}

/* SOCKS 5 */

static void
say_socks5 (GsockProxyTalk *talk)
{
  if (talk->proxy->user != NULL)
    say (talk, "\5\2\0\2", 4);
  else
    say (talk, "\5\1\0", 3);
  listen_for (talk, SOCKS5_METHOD, 2);
}

static void
say_socks5_target (GsockProxyTalk *talk)
{
  struct in6_addr six;
  struct in_addr four;

  talk->open = G_MAXSIZE;
  say (talk, "\5\1\0", 3);
  if (inet_pton (AF_INET, talk->host, &four) == 1)
    {
      say_byte (talk, 1);
      say (talk, &four, sizeof four);
    }
  else if (inet_pton (AF_INET6, talk->host, &six) == 1)
    {
      say_byte (talk, 4);
      say (talk, &six, sizeof six);
    }
  else
    {
      say_byte (talk, 3);
      say_byte (talk, strlen (talk->host));
      say (talk, talk->host, strlen (talk->host));
    }
  say_port (talk);
  listen_for (talk, SOCKS5_ANSWER, 4);
}

static void
say_socks5_password (GsockProxyTalk *talk)
{
  const char *user = talk->proxy->user;
  const char *password = talk->proxy->password != NULL ? talk->proxy->password
                                                       : "";

  say_byte (talk, 1);
  say_byte (talk, strlen (user));
  say (talk, user, strlen (user));
  talk->open = talk->out->len;
  say_byte (talk, strlen (password));
  say (talk, password, strlen (password));
  listen_for (talk, SOCKS5_PASSWORD, 2);
}

static gboolean
take_socks5_method (GsockProxyTalk *talk, const guint8 *data, GError **error)
{
  if (data[0] != 5)
    set_error (error, talk, GSOCK_ERROR_FRAME_BAD,
               _ ("its answer is not of SOCKS 5"));
  else if (data[1] == 0)
    {
      say_socks5_target (talk);
      return TRUE;
    }
  else if (data[1] == 2 && talk->proxy->user != NULL)
    {
      say_socks5_password (talk);
      return TRUE;
    }
  else if (talk->proxy->user == NULL)
    set_error (error, talk, GSOCK_ERROR_DENIED,
               _ ("it wants to know who we are; write USER@ before its host, "
                  "and the password into $GSOCK_PROXY_PASSWORD"));
  else
    set_error (error, talk, GSOCK_ERROR_DENIED,
               _ ("it takes no user and password"));
  return FALSE;
}

static gboolean
take_socks5_password (GsockProxyTalk *talk, const guint8 *data, GError **error)
{
  if (data[1] == 0)
    {
      say_socks5_target (talk);
      return TRUE;
    }
  set_error (error, talk, GSOCK_ERROR_DENIED,
             _ ("the user or the password is wrong"));
  return FALSE;
}

static gboolean
take_socks5_answer (GsockProxyTalk *talk, const guint8 *data, GError **error)
{
  guint answer = data[1];

  if (data[0] != 5)
    set_error (error, talk, GSOCK_ERROR_FRAME_BAD,
               _ ("its answer is not of SOCKS 5"));
  else if (answer > G_N_ELEMENTS (socks5_answers))
    set_error (error, talk, GSOCK_ERROR_CONNECT,
               _ ("it answers with the unknown code %u"), answer);
  else if (answer > 0)
    set_error (error, talk, socks5_answers[answer - 1].code, "%s",
               _ (socks5_answers[answer - 1].why));
  else if (data[3] == 1)
    {
      listen_for (talk, SOCKS5_REST, 4 + 2);
      return TRUE;
    }
  else if (data[3] == 4)
    {
      listen_for (talk, SOCKS5_REST, 16 + 2);
      return TRUE;
    }
  else if (data[3] == 3)
    {
      listen_for (talk, SOCKS5_NAME, 1);
      return TRUE;
    }
  else
    set_error (error, talk, GSOCK_ERROR_FRAME_BAD,
               _ ("its answer has an address of an unknown kind"));
  return FALSE;
}

/* HTTP */

static void
say_http (GsockProxyTalk *talk)
{
  g_autofree char *basic = gsock_proxy_dup_basic (talk->proxy);
  g_autofree char *where = NULL;
  g_autoptr (GString) head = g_string_new (NULL);

  where = strchr (talk->host, ':') != NULL
              ? g_strdup_printf ("[%s]:%u", talk->host, talk->port)
              : g_strdup_printf ("%s:%u", talk->host, talk->port);
  g_string_append_printf (head, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n", where,
                          where);
  if (basic != NULL)
    {
      g_string_append (head, "Proxy-Authorization:");
      talk->open = head->len;
      g_string_append_printf (head, " %s\r\n", basic);
    }
  g_string_append (head, "\r\n");
  say (talk, head->str, head->len);
  listen_for (talk, HTTP_HEAD, 1);
}

/* @line: ended by NUL, no line's end in it. */
static gboolean
take_http_status (GsockProxyTalk *talk, const char *line, GError **error)
{
  g_autofree char *shown = gsock_escape (line, -1);
  guint status = 0;

  if ((g_str_has_prefix (line, "HTTP/1.1 ")
       || g_str_has_prefix (line, "HTTP/1.0 "))
      && g_ascii_isdigit (line[9]) && g_ascii_isdigit (line[10])
      && g_ascii_isdigit (line[11]) && (line[12] == ' ' || line[12] == '\0'))
    status = (guint) g_ascii_strtoull (line + 9, NULL, 10);
  if (status == 0)
    set_error (error, talk, GSOCK_ERROR_FRAME_BAD,
               /* TRANSLATORS: what it has said. */
               _ ("its answer is not of HTTP: '%s'"), shown);
  else if (status == 407 && talk->proxy->user == NULL)
    set_error (error, talk, GSOCK_ERROR_DENIED,
               _ ("it wants to know who we are; write USER@ before its host, "
                  "and the password into $GSOCK_PROXY_PASSWORD"));
  else if (status == 407)
    set_error (error, talk, GSOCK_ERROR_DENIED,
               _ ("the user or the password is wrong"));
  else if (status / 100 != 2)
    set_error (error, talk,
               status >= 500 ? GSOCK_ERROR_CONNECT : GSOCK_ERROR_DENIED,
               /* TRANSLATORS: the status line of an HTTP answer. */
               _ ("it answers '%s'"), shown);
  return status / 100 == 2;
}

static gboolean
take_http (GsockProxyTalk *talk, GError **error)
{
  const char *head = (const char *) talk->in->data;
  gsize size = talk->in->len;
  g_autofree char *line = NULL;
  const char *end;

  /* Who speaks something else may wait for us to go on, and never end. */
  if (strncmp (head, "HTTP/1.", MIN (size, 7)) != 0)
    {
      line = g_strndup (head, size);
      return take_http_status (talk, line, error);
    }
  if (size >= HEAD_LIMIT)
    {
      set_error (error, talk, GSOCK_ERROR_LIMIT,
                 _ ("its answer has no end after %d bytes"), HEAD_LIMIT);
      return FALSE;
    }
  listen_for (talk, HTTP_HEAD, 1);
  if (head[size - 1] != '\n'
      || !((size >= 2 && head[size - 2] == '\n')
           || (size >= 4 && memcmp (head + size - 4, "\r\n\r\n", 4) == 0)))
    return TRUE;
  end = memchr (head, '\n', size);
  line = g_strndup (head, (gsize) (end - head));
  listen_for (talk, DONE, 0);
  return take_http_status (talk, g_strchomp (line), error);
}

/**
 * gsock_proxy_talk_init:
 * @talk: storage of the caller
 * @proxy: whom to ask; outlives it
 * @target: what to reach: a host and a port
 * @address: (nullable): its IPv4 address, where the proxy wants one
 * @error: %GSOCK_ERROR_USAGE: the proxy can't be told this
 *
 * Returns: %TRUE if there is something to say
 */
gboolean
gsock_proxy_talk_init (GsockProxyTalk *talk, const GsockProxy *proxy,
                       const GsockEndpoint *target, const GsockAddress *address,
                       GError **error)
{
  const char *host = gsock_endpoint_get_host (target);
  char *ascii = host != NULL && strchr (host, ':') == NULL
                    ? g_hostname_to_ascii (host)
                    : g_strdup (host);

  *talk = (GsockProxyTalk) {
    .proxy = proxy,
    .host = ascii,
    .port = gsock_endpoint_get_port (target),
    .shown = gsock_endpoint_to_display (target),
    .out = g_byte_array_new (),
    .open = G_MAXSIZE,
    .in = g_byte_array_new (),
  };
  if (address != NULL)
    talk->address = *address;
  if (ascii == NULL || strlen (ascii) > 255
      || (proxy->user != NULL && strlen (proxy->user) > 255)
      || (proxy->password != NULL && strlen (proxy->password) > 255))
    {
      set_error (error, talk, GSOCK_ERROR_USAGE,
                 _ ("a name is longer than a proxy can be told"));
      return FALSE;
    }
  switch (proxy->kind)
    {
    case PROXY_SOCKS4:
    case PROXY_SOCKS4A:
      say_socks4 (talk);
      break;
    case PROXY_SOCKS5:
      say_socks5 (talk);
      break;
    case PROXY_HTTP:
      say_http (talk);
      break;
    }
  return TRUE;
}

/**
 * gsock_proxy_talk_wants:
 * @talk: a conversation
 *
 * Returns: how many bytes of answer may be read next; 0: the tunnel is there
 */
gsize
gsock_proxy_talk_wants (const GsockProxyTalk *talk)
{
  if (talk->step == DONE || talk->step == HTTP_HEAD)
    return talk->wants;
  return talk->wants - talk->in->len;
}

static gboolean
take_answer (GsockProxyTalk *talk, GError **error)
{
  const guint8 *data = talk->in->data;

  switch (talk->step)
    {
    case SOCKS4_ANSWER:
      return take_socks4 (talk, data, error);
    case SOCKS5_METHOD:
      return take_socks5_method (talk, data, error);
    case SOCKS5_PASSWORD:
      return take_socks5_password (talk, data, error);
    case SOCKS5_ANSWER:
      return take_socks5_answer (talk, data, error);
    case SOCKS5_NAME:
      listen_for (talk, SOCKS5_REST, (gsize) data[0] + 2);
      return TRUE;
    default:
      listen_for (talk, DONE, 0);
      return TRUE;
    }
}

/**
 * gsock_proxy_talk_take:
 * @talk: a conversation
 * @data: what was read
 * @size: at most what it wants; 0: the stream has ended
 * @error: %GSOCK_ERROR_DENIED, _CONNECT: the proxy's answer; _CUT, _FRAME_BAD,
 *   _LIMIT: it is none
 *
 * Returns: %FALSE with @error
 */
gboolean
gsock_proxy_talk_take (GsockProxyTalk *talk, const char *data, gsize size,
                       GError **error)
{
  gboolean taken;

  if (size == 0)
    {
      set_error (error, talk, GSOCK_ERROR_CUT,
                 _ ("it closed the connection instead of an answer"));
      return FALSE;
    }
  g_byte_array_append (talk->in, (const guint8 *) data, (guint) size);
  if (talk->step == HTTP_HEAD)
    return take_http (talk, error);
  if (talk->in->len < talk->wants)
    return TRUE;
  taken = take_answer (talk, error);
  g_byte_array_set_size (talk->in, 0);
  return taken;
}

void
gsock_proxy_talk_clear (GsockProxyTalk *talk)
{
  g_free ((char *) talk->host);
  g_free (talk->shown);
  g_clear_pointer (&talk->out, g_byte_array_unref);
  g_clear_pointer (&talk->in, g_byte_array_unref);
}
