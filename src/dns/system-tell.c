/* system-tell.c: how the system looks names up, told call by call
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Of what the C library does in its calls nothing can be seen, but it goes by
 * files that everybody may read: so they are read here too. */

#include "config.h"

#include "dns/system-private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "core/call.h"
#include "core/escape.h"
#include "core/fd.h"
#include "dns/resolv-conf.h"
#include "dns/sources.h"

/* Lines of /etc/hosts that are shown. */
#define LINES_MAX 4

/* A call as it was made, told later in the context's thread. */
typedef struct
{
  GsockCall call;
  const char *topic; /* static, or interned; or NULL */
  gint64 result;
  int errnum;
  char *arguments;
  char *tail;
} Told;

static void
told_clear (gpointer data)
{
  Told *told = data;

  g_free (told->arguments);
  g_free (told->tail);
}

GArray *
system_told_new (void)
{
  GArray *told = g_array_new (FALSE, FALSE, sizeof (Told));

  g_array_set_clear_func (told, told_clear);
  return told;
}

static void note (GsockSystemLookup *self, Told told, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* @told: its tail is (transfer full). */
static void
note (GsockSystemLookup *self, Told told, const char *format, ...)
{
  va_list list;

  va_start (list, format);
  told.arguments = g_strdup_vprintf (format, list);
  va_end (list);
  g_array_append_val (self->told, told);
}

void
system_tell_all (const GsockSystemLookup *self)
{
  for (guint i = 0; self->told != NULL && i < self->told->len; i++)
    {
      const Told *told = &g_array_index (self->told, Told, i);

      gsock_call (told->call, told->topic, told->result, told->errnum,
                  told->tail, "%s", told->arguments);
    }
}

/* --- Who is asked ---------------------------------------------------------- */

static char *
read_file (const char *path)
{
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? text : g_strdup ("");
}

/* "/etc/hosts:2: 192.0.2.7 here.test; /etc/hosts:3: 2001:db8::7 here.test" */
static char *
describe_lines (const GPtrArray *lines, guint count)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < lines->len; i++)
    {
      g_autofree char *line = gsock_escape (g_ptr_array_index (lines, i), -1);

      g_string_append_printf (text, "%s" GSOCK_HOSTS_PATH ":%s",
                              i == 0 ? "" : "; ", line);
    }
  if (count > lines->len)
    g_string_append (text, "…");
  return g_string_free (text, FALSE);
}

/* TRUE: it knows the name, and nobody else is asked. */
static gboolean
tell_files (GsockSystemLookup *self, const char *action)
{
  g_autofree char *text = read_file (GSOCK_HOSTS_PATH);
  gboolean goes_on = action != NULL && action[0] == '['
                     && strstr (action, "SUCCESS=") != NULL;
  guint count;
  g_autoptr (GPtrArray)
      lines = gsock_hosts_find (text, self->host, LINES_MAX, &count);
  const char *topic = count == 0 ? "NO_LINE" : goes_on ? "MERGE" : "FILES";

  note (self,
        (Told) { .call = GSOCK_CALL_SOURCE,
                 .topic = topic,
                 .result = count,
                 .tail = describe_lines (lines, count) },
        "\"files\", \"%s\"", self->host);
  return count > 0 && !goes_on;
}

static void
append_words (GString *text, const char *title, const GPtrArray *words)
{
  for (guint i = 0; i < words->len; i++)
    {
      g_autofree char *word = gsock_escape_brief (g_ptr_array_index (words, i));

      g_string_append_printf (text, "%s%s", i == 0 ? title : ", ", word);
    }
}

static void
tell_dns (GsockSystemLookup *self)
{
  g_auto (GsockResolvConf) conf = { .servers = NULL };
  GString *tail = g_string_new ("/etc/resolv.conf: ");

  gsock_resolv_conf_read (&conf);
  append_words (tail, "nameserver ", conf.servers);
  append_words (tail, "; search ", conf.search);
  note (self,
        (Told) { .call = GSOCK_CALL_SOURCE,
                 .topic = "dns",
                 .result = conf.servers->len,
                 .tail = g_string_free (tail, FALSE) },
        "\"dns\", \"%s\"", self->host);
}

static void
tell_other (GsockSystemLookup *self, const char *word)
{
  g_autofree char *shown = gsock_escape_brief (word);
  const char *topic = word[0] == '[' ? "ACTION" : g_intern_string (word);

  note (self, (Told) { .call = GSOCK_CALL_SOURCE, .topic = topic }, "\"%s\"",
        shown);
}

static void
tell_order (GsockSystemLookup *self, char **words)
{
  g_autofree char *line = words != NULL ? g_strjoinv (" ", words) : NULL;
  guint count = 0;

  for (gsize i = 0; words != NULL && words[i] != NULL; i++)
    count += words[i][0] != '[';
  note (self,
        (Told) { .call = GSOCK_CALL_NSSWITCH,
                 .topic = count == 0 ? "NONE" : "",
                 .result = count,
                 .tail = line != NULL ? gsock_escape (line, -1) : NULL },
        GSOCK_NSSWITCH_PATH ", \"hosts:\"");
}

/* Up to the first that is known to know the name. */
void
system_tell_sources (GsockSystemLookup *self)
{
  g_autofree char *text = read_file (GSOCK_NSSWITCH_PATH);
  g_auto (GStrv) words = gsock_nsswitch_parse (text);

  tell_order (self, words);
  for (gsize i = 0; words != NULL && words[i] != NULL; i++)
    if (strcmp (words[i], "files") == 0)
      {
        if (tell_files (self, words[i + 1]))
          return;
      }
    else if (strcmp (words[i], "dns") == 0)
      tell_dns (self);
    else
      tell_other (self, words[i]);
}

/* --- What was asked -------------------------------------------------------- */

/* As the C library does it to find out whether an address can be reached, and
 * from where. */
static void
tell_route (GsockSystemLookup *self, const GsockAddress *address)
{
  g_auto (GsockFd)
      fd = socket (address->any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  GsockAddress own = { .size = sizeof own.storage };
  g_autofree char *to = gsock_call_sockaddr (&address->storage, address->size);
  g_autofree char *from = NULL;
  Told told = { .call = GSOCK_CALL_CONNECT, .topic = "ROUTE" };

  if (fd < 0)
    return;
  told.result = connect (fd, &address->any, address->size);
  told.errnum = told.result < 0 ? errno : 0;
  if (told.result == 0 && getsockname (fd, &own.any, &own.size) == 0)
    {
      from = gsock_address_host_to_string (&own);
      told.tail = g_strdup_printf ("from %s", from);
    }
  note (self, told, "%d, %s, SOCK_DGRAM", fd, to);
}

void
system_tell_addrinfo (GsockSystemLookup *self)
{
  const GArray *addresses = self->names->addresses;

  note (self,
        (Told) { .call = GSOCK_CALL_GETADDRINFO,
                 .result = self->result,
                 .errnum = self->result == EAI_SYSTEM ? self->errnum : 0,
                 .tail = gsock_address_list_hosts (addresses) },
        "\"%s\", NULL, {%s, SOCK_STREAM}", self->host,
        gsock_call_family (self->family));
  for (guint i = 0; addresses->len > 1 && i < addresses->len; i++)
    tell_route (self, &g_array_index (addresses, GsockAddress, i));
}

static char *
describe_hostent (const struct hostent *host)
{
  g_autoptr (GString) tail = g_string_new (NULL);

  g_string_append_printf (tail, "h_name \"%s\", h_length %d", host->h_name,
                          host->h_length);
  for (char **alias = host->h_aliases; *alias != NULL; alias++)
    g_string_append_printf (tail, "%s\"%s\"",
                            alias == host->h_aliases ? ", h_aliases " : ", ",
                            *alias);
  return gsock_escape (tail->str, -1);
}

void
system_tell_hostent (GsockSystemLookup *self, int family,
                     const struct hostent *host)
{
  int own = self->address.any.sa_family;
  Told told = {
    .call = family != AF_UNSPEC ? GSOCK_CALL_GETHOSTBYNAME
                                : GSOCK_CALL_GETHOSTBYADDR,
    .result = host != NULL ? 0 : -1,
    .tail = host != NULL ? describe_hostent (host) : NULL,
  };

  if (family != AF_UNSPEC)
    note (self, told, "\"%s\", %s", self->host, gsock_call_family (family));
  else
    note (self, told, "{%s}, %d, %s", self->host, own == AF_INET6 ? 16 : 4,
          gsock_call_family (own));
}

void
system_tell_nameinfo (GsockSystemLookup *self, const char *name)
{
  note (self,
        (Told) { .call = GSOCK_CALL_GETNAMEINFO,
                 .result = self->result,
                 .errnum = self->result == EAI_SYSTEM ? self->errnum : 0,
                 .tail = self->result == 0 ? gsock_escape (name, -1) : NULL },
        "{%s}, NI_NAMEREQD", self->host);
}

/* As the program has it in memory, read as a number, and set right. */
static char *
describe_number (const char *text, const GsockAddress *address)
{
  guint32 number = address->inet.sin_addr.s_addr;

  return g_strdup_printf ("\"%s\", s_addr 0x%08x, ntohl 0x%08x", text, number,
                          g_ntohl (number));
}

/* Bytes in network order as the program has them, and what they are called. */
void
system_tell_addresses (GsockSystemLookup *self)
{
  const GArray *addresses = self->names->addresses;

  for (guint i = 0; i < addresses->len; i++)
    {
      const GsockAddress *address = &g_array_index (addresses, GsockAddress, i);
      gboolean six = address->any.sa_family == AF_INET6;
      const guint8 *bytes = six ? address->inet6.sin6_addr.s6_addr
                                : (const guint8 *) &address->inet.sin_addr;
      g_autoptr (GString) octets = g_string_new (NULL);
      char text[INET6_ADDRSTRLEN];

      for (gsize n = 0; n < (six ? 16u : 4u); n++)
        g_string_append_printf (octets, "%s%02x", n == 0 ? "" : " ", bytes[n]);
      inet_ntop (address->any.sa_family, bytes, text, sizeof text);
      note (self,
            (Told) { .call = GSOCK_CALL_INET_NTOP,
                     .tail = six ? g_strdup_printf ("\"%s\"", text)
                                 : describe_number (text, address) },
            "%s, {%s}", gsock_call_family (address->any.sa_family),
            octets->str);
    }
}
