/* resolve-options.c: what gsock-resolve's command line can say, checked
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/resolve-options.h"

#include <string.h>
#include <sys/socket.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "dns/words.h"
#include "tools/options.h"
#include "tools/tls-options.h"

#define DEFAULT_TIMEOUT (10 * G_TIME_SPAN_SECOND)

/* The only one there is; main thread. */
static GsockResolveOptions options = { .timeout = DEFAULT_TIMEOUT };

static gboolean
add_type (const char *option, const char *name, GError **error)
{
  guint16 type = gsock_dns_type_parse (name);
  g_autofree char *shown = gsock_escape_brief (name);

  if (type == 0)
    return gsock_refuse (error,
                         /* TRANSLATORS: an option, what was written */
                         _ ("%s: '%s' is no record type; write A, AAAA, MX and "
                            "the like, or TYPE65280"),
                         option, shown);
  if (options.type_count >= G_N_ELEMENTS (options.types))
    return gsock_refuse (error, _ ("%s: too many record types"), option);
  options.types[options.type_count++] = type;
  return TRUE;
}

static gboolean
type_cb (const char *option, const char *text, G_GNUC_UNUSED gpointer data,
         GError **error)
{
  g_auto (GStrv) names = g_strsplit (text, ",", -1);

  /* Nothing has no parts, not even an empty one. */
  if (text[0] == '\0')
    return add_type (option, text, error);
  for (gsize i = 0; names[i] != NULL; i++)
    if (!add_type (option, names[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
all_cb (G_GNUC_UNUSED const char *option, G_GNUC_UNUSED const char *text,
        G_GNUC_UNUSED gpointer data, GError **error)
{
  return type_cb ("--all", "A,AAAA,MX,NS,SOA,TXT,CAA", NULL, error);
}

static gboolean
source_cb (const char *option, const char *text, G_GNUC_UNUSED gpointer data,
           GError **error)
{
  g_autofree char *shown = NULL;

  if (strcmp (text, "system") == 0)
    options.source = GSOCK_SOURCE_SYSTEM;
  else if (strcmp (text, "dns") == 0)
    options.source = GSOCK_SOURCE_DNS;
  else if (strcmp (text, "both") == 0)
    options.source = GSOCK_SOURCE_BOTH;
  else
    {
      shown = gsock_escape_brief (text);
      return gsock_refuse (error, _ ("%s: '%s' is none of %s"), option, shown,
                           "system, dns, both");
    }
  return TRUE;
}

static const GOptionEntry question_entries[] = {
  { "type", 't', GSOCK_OPTION_CALLBACK, type_cb,
    N_ ("ask DNS for records of these types: A,MX,TXT... or TYPE65280"),
    N_ ("TYPES") },
  { "all", 'a', GSOCK_OPTION_FLAG_CALLBACK, all_cb,
    N_ ("ask DNS for A, AAAA, MX, NS, SOA, TXT and CAA at once"), NULL },
  { "server", 0, GSOCK_OPTION_STRING, &options.server,
    N_ ("ask this name server: HOST, udp://HOST, tcp://HOST, tls://HOST or "
        "https://HOST, each with :PORT or without"),
    N_ ("SERVER") },
  { "source", 0, GSOCK_OPTION_CALLBACK, source_cb,
    N_ ("who is asked: system, dns or both, which shows where they differ"),
    N_ ("WHO") },
  { "dnssec", 0, GSOCK_OPTION_FLAG, &options.dnssec,
    N_ ("check signatures from the root down: secure, insecure or bogus, and "
        "why"),
    NULL },
  { "trust-anchors", 0, GSOCK_OPTION_STRING, &options.trust_anchors,
    N_ ("whom --dnssec trusts: a file of DS and DNSKEY records"), N_ ("FILE") },
  { "trace", 0, GSOCK_OPTION_FLAG, &options.trace,
    N_ ("follow the name from the root down, and tell each step"), NULL },
  { "root-hints", 0, GSOCK_OPTION_STRING, &options.root_hints,
    N_ ("where --trace begins: a file of the root's servers (as IANA's "
        "named.root)"),
    N_ ("FILE") },
  { "ipv4", '4', GSOCK_OPTION_FLAG, &options.ipv4, N_ ("IPv4 addresses only"),
    NULL },
  { "ipv6", '6', GSOCK_OPTION_FLAG, &options.ipv6, N_ ("IPv6 addresses only"),
    NULL },
  { "timeout", 'w', GSOCK_OPTION_CALLBACK, gsock_value_cb,
    N_ ("give up a name after this time (10s; 0: never)"), N_ ("TIME") },
  G_OPTION_ENTRY_NULL,
};
static const GsockValue question_values[] = {
  { "--timeout", GSOCK_VALUE_TIME, &options.timeout, 0, 0 },
};
static const GsockOptionGroup question_group = { N_ ("What is asked:"),
                                                 question_entries,
                                                 question_values };

static const GOptionEntry bulk_entries[] = {
  { "input", 'i', GSOCK_OPTION_STRING, &options.input,
    N_ ("take names from a file too, one a line; -: from stdin"), N_ ("FILE") },
  { "jobs", 'j', GSOCK_OPTION_CALLBACK, gsock_value_cb,
    N_ ("ask about so many names at once"), N_ ("N") },
  { "unordered", 0, GSOCK_OPTION_FLAG, &options.unordered,
    N_ ("print answers as they come, not in the order of the names"), NULL },
  G_OPTION_ENTRY_NULL,
};
static const GsockValue bulk_values[] = {
  { "--jobs", GSOCK_VALUE_COUNT, &options.jobs, 1, 4096 },
};
static const GsockOptionGroup bulk_group = { N_ ("Many names:"), bulk_entries,
                                             bulk_values };

static const GOptionEntry form_entries[] = {
  { "short", 0, GSOCK_OPTION_FLAG, &options.brief,
    N_ ("print the answers alone, one a line"), NULL },
  { "families", 0, GSOCK_OPTION_FLAG, &options.families,
    N_ ("print the table of address families, and which of them this kernel "
        "has"),
    NULL },
  G_OPTION_ENTRY_NULL,
};
static const GsockOptionGroup form_group = { NULL, form_entries, NULL };

const GsockOptionGroup *const gsock_resolve_option_groups[] = {
  &question_group,       &gsock_options_trust,
  &bulk_group,           &gsock_options_shown,
  &gsock_options_result, &form_group,
  &gsock_options_help,   NULL,
};

/**
 * gsock_resolve_options_get:
 *
 * Returns: (transfer none): what the command line said
 */
const GsockResolveOptions *
gsock_resolve_options_get (void)
{
  return &options;
}

/**
 * gsock_resolve_options_family:
 *
 * Returns: which addresses are asked for; %AF_UNSPEC: all
 */
int
gsock_resolve_options_family (void)
{
  if (options.ipv4 == options.ipv6)
    return AF_UNSPEC;
  return options.ipv4 ? AF_INET : AF_INET6;
}

/**
 * gsock_resolve_options_source:
 * @host: a name or an address
 *
 * Returns: who is asked about it
 */
GsockSource
gsock_resolve_options_source (const char *host)
{
  if (options.source != GSOCK_SOURCE_DEFAULT)
    return options.source;
  /* The system has no services. */
  return options.type_count > 0 || options.server != NULL || options.trace
                 || options.dnssec || host[0] == '_'
             ? GSOCK_SOURCE_DNS
             : GSOCK_SOURCE_SYSTEM;
}

/* Who is asked by --source=system, and what DNS alone could be asked. */
static gboolean
check_source (const GsockResolveOptions *o, GError **error)
{
  static const char *const system = "--source=system";

  if (o->source != GSOCK_SOURCE_SYSTEM)
    return TRUE;
  return gsock_tool_excludes (o->type_count > 0, "--type", TRUE, system, error)
         && gsock_tool_excludes (o->server != NULL, "--server", TRUE, system,
                                 error)
         && gsock_tool_excludes (o->trace, "--trace", TRUE, system, error)
         && gsock_tool_excludes (o->dnssec, "--dnssec", TRUE, system, error);
}

/* Options that are of use to another one only. */
static gboolean
check_needs (const GsockResolveOptions *o, GError **error)
{
  GsockTls *none;

  return gsock_tool_requires (o->trust_anchors != NULL, "--trust-anchors",
                              o->dnssec, "--dnssec", error)
         && gsock_tool_requires (o->root_hints != NULL, "--root-hints",
                                 o->trace, "--trace", error)
         && (o->server != NULL
             || gsock_tls_options_make_trust (NULL, GSOCK_RESOLVE_TLS_SERVER,
                                              &none, error));
}

/**
 * gsock_resolve_options_check:
 * @has_words: whether there are NAMEs on the command line
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: %FALSE if nothing was asked, or what can't go together was
 */
gboolean
gsock_resolve_options_check (gboolean has_words, GError **error)
{
  const GsockResolveOptions *o = &options;

  if (!has_words && o->input == NULL && !o->families)
    return gsock_refuse (error, _ ("A name is missing, as in \"gsock-resolve "
                                   "www.example.org\"; see gsock-resolve "
                                   "--help"));
  if (!check_source (o, error) || !check_needs (o, error)
      || !gsock_tool_excludes (o->trace, "--trace", o->server != NULL,
                               "--server", error))
    return FALSE;
  return gsock_tool_excludes (o->families, "--families", has_words, "NAME",
                              error)
         && gsock_tool_excludes (o->families, "--families", o->input != NULL,
                                 "--input", error)
         && gsock_tool_excludes (o->brief, "--short",
                                 gsock_options_get ()->json, "--json", error);
}
