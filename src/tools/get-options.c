/* get-options.c: what gsock-get's command line can say, checked
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/get-options.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/units.h"
#include "http/headers.h"
#include "tools/dns-server.h"
#include "tools/get-proxy.h"
#include "tools/options.h"
#include "tools/tls-options.h"

#define DATA_LIMIT (64 * 1024 * 1024)
#define HEADERS_LIMIT (64 * 1024)

/* What is set by the command line alone, beside what it becomes. */
static struct
{
  char *method;
  char *range;
  char *unix_path;
  gboolean head;
  gboolean compressed;
  gboolean no_compressed;
  gboolean http1, http2;
} given;

/* The only one there is; main thread. */
static GsockGetOptions options = {
  .fetch = {
    .max_redirects = 10,
    .min_rate = 1,
    .min_time = 5 * G_TIME_SPAN_MINUTE,
    .type = "application/x-www-form-urlencoded",
    .user_agent = "gsock-get/" VERSION,
  },
  .jobs = 1,
};

static guint64 max_redirects = 10;

/* "Name: value"; "Name:" takes ours away, "Name;" sends an empty one. */
static gboolean
take_header (const char *line, GError **error)
{
  gsize size = strcspn (line, ":;");
  const char *value = line + size;
  g_autofree char *shown = NULL;
  GPtrArray *fields = options.fetch.fields;

  if (*value != '\0' && gsock_http_is_token (line, size)
      && gsock_http_is_value (value, strlen (value))
      && (*value == ':' || value[1] == '\0'))
    {
      gboolean empty = *value == ';';

      value++;
      value += strspn (value, " \t");
      g_ptr_array_add (fields, g_strndup (line, size));
      g_ptr_array_add (fields,
                       *value != '\0' || empty ? g_strdup (value) : NULL);
      return TRUE;
    }
  shown = gsock_escape_brief (line);
  return gsock_refuse (error,
                       /* TRANSLATORS: what a user gave as a header of HTTP */
                       _ ("'%s' is no header line, which is 'Name: value'"),
                       shown);
}

static gboolean
refuse_nul (const char *path, const char *data, const char *nul, GError **error)
{
  g_autofree char *shown = gsock_escape_brief (path);
  guint line = 1;

  for (; data < nul; data++)
    line += *data == '\n';
  return gsock_refuse (error, _ ("%s:%u: the line has a NUL byte"), shown,
                       line);
}

/* A line each; empty ones don't count. */
static gboolean
take_lines (const char *path, const char *data, gsize size, GError **error)
{
  const char *nul = size > 0 ? memchr (data, '\0', size) : NULL;
  g_autofree char *copy = g_strndup (size > 0 ? data : "", size);
  g_auto (GStrv) lines = g_strsplit (copy, "\n", -1);

  if (nul != NULL)
    return refuse_nul (path, data, nul, error);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_strchomp (lines[i]);
      if (*lines[i] != '\0' && !take_header (lines[i], error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
take_headers (const char *text, GError **error)
{
  g_autoptr (GBytes)
      bytes = gsock_parse_text_or_file (text, HEADERS_LIMIT, error);
  const char *data;
  gsize size;

  if (bytes == NULL)
    return FALSE;
  if (*text != '@')
    return take_header (text, error);
  data = g_bytes_get_data (bytes, &size);
  return take_lines (text + 1, data, size, error);
}

static gboolean
header_cb (const char *option, const char *text, G_GNUC_UNUSED gpointer data,
           GError **error)
{
  if (options.fetch.fields == NULL)
    options.fetch.fields = g_ptr_array_new_with_free_func (g_free);
  return gsock_options_check (take_headers (text, error), option, error);
}

/* The fields of a form, as curl joins them; what is given once stays as it is. */
static GBytes *
join_data (GBytes *first, GBytes *second)
{
  GByteArray *both = g_byte_array_new ();
  gsize size;
  const guint8 *bytes = g_bytes_get_data (first, &size);

  g_byte_array_append (both, bytes, (guint) size);
  if (size > 0)
    g_byte_array_append (both, (const guint8 *) "&", 1);
  bytes = g_bytes_get_data (second, &size);
  g_byte_array_append (both, bytes, (guint) size);
  return g_byte_array_free_to_bytes (both);
}

static gboolean
take_data (const char *text, GError **error)
{
  g_autoptr (GBytes) before = g_steal_pointer (&options.fetch.body);
  gsize had = before != NULL ? g_bytes_get_size (before) + 1 : 0;
  g_autoptr (GBytes) data = gsock_parse_text_or_file (
      text, had < DATA_LIMIT ? DATA_LIMIT - had : 1, error);

  if (data == NULL)
    return FALSE;
  options.fetch.body = before != NULL ? join_data (before, data)
                                      : g_steal_pointer (&data);
  return TRUE;
}

static gboolean
data_cb (const char *option, const char *text, G_GNUC_UNUSED gpointer data,
         GError **error)
{
  return gsock_options_check (take_data (text, error), option, error);
}

static gboolean
is_range (const char *text)
{
  gsize first = strspn (text, "0123456789");
  gsize last;

  if (text[first] != '-')
    return FALSE;
  last = strspn (text + first + 1, "0123456789");
  if (first + last == 0 || first > 18 || last > 18
      || text[first + 1 + last] != '\0')
    return FALSE;
  return first == 0 || last == 0
         || g_ascii_strtoull (text, NULL, 10)
                <= g_ascii_strtoull (text + first + 1, NULL, 10);
}

static gboolean
range_cb (const char *option, const char *text, G_GNUC_UNUSED gpointer data,
          GError **error)
{
  g_autofree char *shown = NULL;

  g_free (given.range);
  given.range = g_strdup (text);
  if (is_range (text))
    return TRUE;
  shown = gsock_escape_brief (text);
  gsock_refuse (error,
                _ ("'%s' is no range: 0-99, 100- or -50 (the last 50 bytes)"),
                shown);
  return gsock_options_check (FALSE, option, error);
}

static gboolean
is_digest (const char *text)
{
  return strlen (text) == 64 && strspn (text, "0123456789abcdefABCDEF") == 64;
}

static gboolean
sha256_cb (const char *option, const char *text, G_GNUC_UNUSED gpointer data,
           GError **error)
{
  g_free (options.sha256);
  options.sha256 = g_strdup (text);
  return gsock_options_check (
      is_digest (text)
          || gsock_refuse (error, _ ("a SHA-256 has 64 digits from 0 to f")),
      option, error);
}

static gboolean
retry_cb (const char *option, const char *text, G_GNUC_UNUSED gpointer data,
          GError **error)
{
  guint64 times;

  if (g_str_equal (text, "forever"))
    options.fetch.retries = -1;
  else if (gsock_parse_count (text, 0, G_MAXINT32, &times, error))
    options.fetch.retries = (gint64) times;
  else
    return gsock_options_check (FALSE, option, error);
  return TRUE;
}

static gboolean
parse_min_rate (const char *text, GError **error)
{
  const char *colon = strchr (text, ':');
  g_autofree char *rate = NULL;

  if (g_str_equal (text, "0"))
    {
      options.fetch.min_rate = 0;
      return TRUE;
    }
  if (colon == NULL)
    return gsock_refuse (error,
                         /* TRANSLATORS: RATE and TIME as in "1K:30s" */
                         _ ("it is RATE:TIME, as in 1K:30s, or 0"));
  rate = g_strndup (text, (gsize) (colon - text));
  if (!gsock_parse_size (rate, &options.fetch.min_rate, error)
      || !gsock_parse_time (colon + 1, &options.fetch.min_time, error))
    return FALSE;
  return options.fetch.min_time > 0
         || gsock_refuse (error, _ ("it is RATE:TIME, as in 1K:30s, or 0"));
}

static gboolean
min_rate_cb (const char *option, const char *text, G_GNUC_UNUSED gpointer data,
             GError **error)
{
  return gsock_options_check (parse_min_rate (text, error), option, error);
}

static gboolean
set_connect (const char *text, GError **error)
{
  g_clear_pointer (&options.connect, gsock_endpoint_unref);
  options.connect = gsock_options_parse_address (
      text, GSOCK_ENDPOINT_FOR_CLIENT, error);
  return options.connect != NULL;
}

static gboolean
connect_cb (const char *option, const char *text, G_GNUC_UNUSED gpointer data,
            GError **error)
{
  return gsock_options_check (set_connect (text, error), option, error);
}

static gboolean
unix_cb (const char *option, const char *text, G_GNUC_UNUSED gpointer data,
         GError **error)
{
  g_autofree char *address = g_strconcat ("unix:", text, NULL);

  return gsock_options_check (set_connect (address, error), option, error);
}

/* Groups */

static const GOptionEntry answer_entries[] = {
  { "include", 'i', GSOCK_OPTION_FLAG, &options.fetch.include,
    N_ ("show the status line and the headers too, as received"), NULL },
  { "head", 'I', GSOCK_OPTION_FLAG, &given.head,
    N_ ("ask for the headers only"), NULL },
  { "simple", 0, GSOCK_OPTION_FLAG, &options.fetch.simple,
    N_ ("ask in one line, as HTTP/0.9 did"), NULL },
  { "output", 'o', GSOCK_OPTION_STRING, &options.output,
    N_ ("write to a file, which appears when it is whole"), N_ ("FILE") },
  { "remote-name", 'O', GSOCK_OPTION_FLAG, &options.remote_name,
    N_ ("write to a file named as the URL ends"), NULL },
  { "continue", 'c', GSOCK_OPTION_FLAG, &options.resume,
    N_ ("go on with what an earlier run has left"), NULL },
  { "range", 'r', GSOCK_OPTION_CALLBACK, range_cb,
    N_ ("ask for a part only: 0-99, 100- or -50"), N_ ("RANGE") },
  { "sha256", 0, GSOCK_OPTION_CALLBACK, sha256_cb,
    N_ ("what it must be, or it is an error"), N_ ("HEX") },
  { "compressed", 0, GSOCK_OPTION_FLAG, &given.compressed,
    N_ ("ask for it compressed (so by itself, unless ranges may be asked "
        "for)"),
    NULL },
  { "no-compressed", 0, GSOCK_OPTION_FLAG, &given.no_compressed,
    N_ ("don't ask for it compressed"), NULL },
  G_OPTION_ENTRY_NULL,
};
static const GsockOptionGroup answer_group = { N_ ("What is fetched:"),
                                               answer_entries, NULL };

static const GOptionEntry many_entries[] = {
  { "input", 0, GSOCK_OPTION_STRING, &options.input,
    N_ ("read URLs from a file, one a line, each after its SHA-256 if it has "
        "one; - is standard input"),
    N_ ("FILE") },
  { "jobs", 'j', GSOCK_OPTION_CALLBACK, gsock_value_cb,
    N_ ("fetch so many at once (1)"), N_ ("N") },
  G_OPTION_ENTRY_NULL,
};
static const GsockValue many_values[] = {
  { "--jobs", GSOCK_VALUE_COUNT, &options.jobs, 1, 256 },
};
static const GsockOptionGroup many_group = { N_ ("Many URLs:"), many_entries,
                                             many_values };

static const GOptionEntry request_entries[] = {
  { "header", 'H', GSOCK_OPTION_CALLBACK, header_cb,
    N_ ("send this header; 'Name:' sends ours not"), N_ ("HEADER|@FILE") },
  { "request", 'X', GSOCK_OPTION_STRING, &given.method,
    N_ ("another method than GET"), N_ ("METHOD") },
  { "data", 'd', GSOCK_OPTION_CALLBACK, data_cb,
    N_ ("send this with the request, a POST"), N_ ("DATA|@FILE") },
  { "user", 'u', GSOCK_OPTION_STRING, &options.user,
    N_ ("who asks; the password also from $GSOCK_PASSWORD or the terminal"),
    N_ ("NAME[:PASSWORD]") },
  { "netrc", 0, GSOCK_OPTION_FLAG, &options.netrc,
    N_ ("take users and passwords from ~/.netrc"), NULL },
  { "cookies", 0, GSOCK_OPTION_STRING, &options.cookies,
    N_ ("keep cookies in a file"), N_ ("FILE") },
  { "hsts", 0, GSOCK_OPTION_STRING, &options.hsts,
    N_ ("keep in a file which hosts want https only"), N_ ("FILE") },
  { "http1", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &given.http1,
    N_ ("speak HTTP/1.1 only"), NULL },
  { "http2", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &given.http2,
    N_ ("speak HTTP/2 or not at all; without either the better one of what the "
        "server has, with https:"),
    NULL },
  { "max-redirects", 0, GSOCK_OPTION_RARE_CALLBACK, gsock_value_cb,
    N_ ("follow so many redirects (10)"), N_ ("N") },
  { "no-follow", 0, GSOCK_OPTION_FLAG, &options.fetch.no_follow,
    N_ ("follow no redirect"), NULL },
  G_OPTION_ENTRY_NULL,
};
static const GsockValue request_values[] = {
  { "--max-redirects", GSOCK_VALUE_COUNT, &max_redirects, 0, 1000 },
};
static const GsockOptionGroup request_group = { N_ ("The request:"),
                                                request_entries,
                                                request_values };

static const GOptionEntry limit_entries[] = {
  { "max-time", 0, GSOCK_OPTION_CALLBACK, gsock_value_cb,
    N_ ("give up a URL after this time"), N_ ("TIME") },
  { "max-size", 0, GSOCK_OPTION_CALLBACK, gsock_value_cb,
    N_ ("give up where it is longer than this, decoded"), N_ ("SIZE") },
  { "limit-rate", 0, GSOCK_OPTION_CALLBACK, gsock_value_cb,
    N_ ("at most so many bytes a second, on each connection"), N_ ("RATE") },
  { "min-rate", 0, GSOCK_OPTION_RARE_CALLBACK, min_rate_cb,
    N_ ("give up where less than this comes in that time (1:5m; 0: never)"),
    N_ ("RATE:TIME") },
  { "retry", 0, GSOCK_OPTION_CALLBACK, retry_cb,
    N_ ("try again, up to N times or forever, from where it was cut"),
    N_ ("N|forever") },
  G_OPTION_ENTRY_NULL,
};
static const GsockValue limit_values[] = {
  { "--max-time", GSOCK_VALUE_TIME, &options.fetch.max_time, 0, 0 },
  { "--max-size", GSOCK_VALUE_SIZE, &options.fetch.max_size, 0, 0 },
  { "--limit-rate", GSOCK_VALUE_SIZE, &options.rate, 0, 0 },
};
static const GsockOptionGroup limit_group = { N_ ("Limits:"), limit_entries,
                                              limit_values };

static const GOptionEntry connection_entries[] = {
  { "unix", 0, GSOCK_OPTION_CALLBACK, unix_cb,
    N_ ("connect to a UNIX socket instead of the URL's host"), N_ ("PATH") },
  { "connect", 0, GSOCK_OPTION_CALLBACK, connect_cb,
    N_ ("connect to an address instead of the URL's host"), N_ ("ADDRESS") },
  G_OPTION_ENTRY_NULL,
};
static const GsockOptionGroup connection_group = { N_ ("Connection:"),
                                                   connection_entries, NULL };

static const GOptionEntry shown_entries[] = {
  { "timing", 0, GSOCK_OPTION_FLAG, &options.timing,
    N_ ("tell how long each step took"), NULL },
  { "progress", 0, GSOCK_OPTION_FLAG, &options.progress,
    N_ ("show how far it is, even where bodies go to the terminal"), NULL },
  { "no-progress", 0, GSOCK_OPTION_FLAG, &options.no_progress,
    N_ ("don't show how far it is"), NULL },
  G_OPTION_ENTRY_NULL,
};
static const GsockOptionGroup shown_group = { NULL, shown_entries, NULL };

const GsockOptionGroup *const gsock_get_option_groups[] = {
  &answer_group,
  &many_group,
  &request_group,
  &limit_group,
  &connection_group,
  &gsock_get_proxy_group,
  &gsock_options_connect,
  &gsock_options_dns_server,
  &gsock_options_tls,
  &gsock_options_socket,
  &gsock_options_shown,
  &gsock_options_result,
  &shown_group,
  &gsock_options_help,
  NULL,
};

/**
 * gsock_get_options_get:
 *
 * Returns: (transfer none): what the command line said
 */
const GsockGetOptions *
gsock_get_options_get (void)
{
  return &options;
}

static gboolean
has_field (const char *name)
{
  const GPtrArray *fields = options.fetch.fields;

  for (guint i = 0; fields != NULL && i < fields->len; i += 2)
    if (g_ascii_strcasecmp (fields->pdata[i], name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
check_pairs (GError **error)
{
  const GsockFetchOptions *f = &options.fetch;

  return gsock_tool_excludes (options.output != NULL, "--output",
                              options.remote_name, "--remote-name", error)
         && gsock_tool_excludes (f->simple, "--simple", given.head, "--head",
                                 error)
         && gsock_tool_excludes (f->simple, "--simple", f->body != NULL,
                                 "--data", error)
         && gsock_tool_excludes (f->simple, "--simple", f->fields != NULL,
                                 "--header", error)
         && gsock_tool_excludes (f->simple, "--simple", given.range != NULL,
                                 "--range", error)
         && gsock_tool_excludes (given.head, "--head", f->body != NULL,
                                 "--data", error)
         && gsock_tool_excludes (given.head, "--head", given.method != NULL,
                                 "--request", error)
         && gsock_tool_excludes (options.resume, "--continue",
                                 given.range != NULL, "--range", error)
         && gsock_tool_excludes (options.resume, "--continue", f->include,
                                 "--include", error)
         && gsock_tool_excludes (options.resume, "--continue", given.compressed,
                                 "--compressed", error)
         && gsock_tool_excludes (given.range != NULL, "--range",
                                 given.compressed, "--compressed", error)
         && gsock_tool_excludes (options.progress, "--progress",
                                 options.no_progress, "--no-progress", error)
         && gsock_tool_excludes (given.http1, "--http1", given.http2, "--http2",
                                 error)
         && gsock_tool_excludes (f->simple, "--simple", given.http2, "--http2",
                                 error)
         && gsock_tool_excludes (given.no_compressed, "--no-compressed",
                                 given.compressed, "--compressed", error)
         && gsock_tool_requires (options.resume, "--continue",
                                 options.remote_name || options.output != NULL,
                                 "--output", error);
}

static gboolean
check_method (GError **error)
{
  const char *method = given.method;
  g_autofree char *shown = NULL;

  if (method == NULL || gsock_http_is_token (method, strlen (method)))
    return TRUE;
  shown = gsock_escape_brief (method);
  return gsock_refuse (error, _ ("'%s' is no method of HTTP"), shown);
}

/**
 * gsock_get_options_check:
 * @urls: how many there are on the command line
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: %FALSE if options were given that exclude each other
 */
gboolean
gsock_get_options_check (gsize urls, GError **error)
{
  GsockFetchOptions *f = &options.fetch;

  if (!check_pairs (error) || !check_method (error))
    return FALSE;
  if (urls == 0 && options.input == NULL)
    return gsock_refuse (error,
                         _ ("A URL is missing, as in \"gsock-get "
                            "http://localhost/\"; see gsock-get --help"));
  if (options.output != NULL && !g_str_equal (options.output, "-")
      && (urls > 1 || options.input != NULL))
    return gsock_refuse (error,
                         _ ("--output is for one URL; --remote-name names a "
                            "file for each"));
  if (options.sha256 != NULL && (urls > 1 || options.input != NULL))
    return gsock_refuse (error,
                         _ ("--sha256 is for one URL; in --input each has its "
                            "own before it"));
  f->max_redirects = (guint) max_redirects;
  options.version = GSOCK_HTTP_1_OR_2;
  if (given.http1 || f->simple)
    options.version = GSOCK_HTTP_1;
  else if (given.http2)
    options.version = GSOCK_HTTP_2;
  f->range = given.range;
  f->method = given.head ? "HEAD" : given.method;
  f->include |= given.head;
  f->compressed = given.compressed
                  || (!given.no_compressed && given.range == NULL
                      && !options.resume && f->retries == 0 && !f->simple
                      && !has_field ("Accept-Encoding"));
  return TRUE;
}
