/* gsock-resolve.c: what this machine makes of a name, and what DNS says
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/fd.h"
#include "tools/options.h"
#include "tools/resolve-options.h"
#include "tools/resolve-result.h"
#include "tools/resolve-run.h"
#include "tools/tool.h"

static void
print_families (GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *local = NULL;

  gsock_families_append (text, gsock_options_get ()->json);
  local = g_locale_from_utf8 (text->str, -1, NULL, NULL, NULL);
  if (!gsock_fd_write_all (STDOUT_FILENO, local != NULL ? local : text->str,
                           local != NULL ? strlen (local) : text->len))
    gsock_set_error_errno (error, GSOCK_ERROR_OUTPUT, errno,
                           _ ("Cannot write to standard output"));
}

static int
run (char **words, G_GNUC_UNUSED char **rest, GError **error)
{
  if (!gsock_resolve_options_check (words[0] != NULL, error))
    return 0;
  if (gsock_resolve_options_get ()->families)
    {
      print_families (error);
      return 0;
    }
  return gsock_resolve_run (words, error);
}

static const char *const usage[] = { N_ ("[OPTION]... NAME|ADDRESS|SERVICE..."),
                                     NULL };

static const GsockExample examples[] = {
  { "www.example.org", N_ ("its canonical name, aliases and addresses") },
  { "192.0.2.1", N_ ("the names of an address") },
  { "-t MX example.org", N_ ("the records of DNS of a type") },
  { "--json -i names.txt", N_ ("many names, one a line") },
  { NULL, NULL },
};

static const GsockTool tool = {
  .name = "gsock-resolve",
  .summary = N_ (
      "Looks up each NAME as programs on this machine do (its "
      "canonical name, aliases and addresses, in the order in which "
      "they would be tried), and each ADDRESS backwards; or asks DNS "
      "itself, and says what is wrong where something is."),
  .usage = usage,
  .groups = gsock_resolve_option_groups,
  .examples = examples,
  .run = run,
};

int
main (int argc, char **argv)
{
  return gsock_tool_main (&tool, argc, argv);
}
