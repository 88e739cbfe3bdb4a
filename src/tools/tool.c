/* tool.c: what every tool's main shares, from locale to exit status
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/tool.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <glib-unix.h>
#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/log.h"
#include "core/units.h"
#include "tools/arguments.h"
#include "tools/help.h"
#include "tools/options.h"

/* Before anything is said.  $GSOCK_LOCALEDIR is for a build tree. */
static void
init_locale (void)
{
  const char *directory = g_getenv ("GSOCK_LOCALEDIR");

  /* Characters, messages, the decimal point: all of a locale that we use.  The
   * rest is nine files more to open at each start. */
  setlocale (LC_CTYPE, "");
  setlocale (LC_MESSAGES, "");
  setlocale (LC_NUMERIC, "");
  if (directory == NULL || getauxval (AT_SECURE) != 0)
    directory = LOCALEDIR;
  bindtextdomain (GETTEXT_PACKAGE, directory);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

/* Usage errors are JSON too, so this is looked for before options are. */
static void
init_log (const GsockTool *tool, char **argv)
{
  GsockLogOptions log = { .program = tool->name };

  for (gsize i = 1; argv[0] != NULL && argv[i] != NULL; i++)
    {
      if (strcmp (argv[i], "--") == 0)
        break;
      if (strcmp (argv[i], "--json") == 0)
        log.json = TRUE;
    }
  gsock_log_setup (&log);
}

static gboolean
init_process (const GsockTool *tool, GError **error)
{
  struct sigaction ignore = { .sa_handler = SIG_IGN };

  g_set_prgname (tool->name);
  /* What a user may make us open or serve, a setuid program must not. */
  if (getauxval (AT_SECURE) != 0)
    {
      g_set_error_literal (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
                           _ ("This program is not made to run with more "
                              "rights than its user's; take off its setuid "
                              "or setgid bit or its capabilities"));
      return FALSE;
    }
  if (!gsock_fd_reserve_stdio (error))
    return FALSE;
  sigaction (SIGPIPE, &ignore, NULL);
  return TRUE;
}

/* On stdout, in the user's charset. */
static void
print (const char *text, GError **error)
{
  g_autofree char *local = g_locale_from_utf8 (text, -1, NULL, NULL, NULL);
  const char *shown = local != NULL ? local : text;

  if (!gsock_fd_write_all (STDOUT_FILENO, shown, strlen (shown)))
    gsock_set_error_errno (error, GSOCK_ERROR_OUTPUT, errno,
                           _ ("Cannot write to standard output"));
}

static void
print_about (const GsockTool *tool, GError **error)
{
  const GsockCommonOptions *common = gsock_options_get ();
  g_autofree char *text = common->version
                              ? g_strdup_printf ("%s (gsock) %s\n", tool->name,
                                                 VERSION)
                              : gsock_help_text (tool, common->help_all);

  print (text, error);
}

static int
run_tool (const GsockTool *tool, char **argv, GError **error)
{
  const GsockCommonOptions *common = gsock_options_get ();
  g_auto (GsockArguments) arguments = { NULL, NULL };
  int status;

  if (!init_process (tool, error)
      || !gsock_arguments_parse (&arguments, tool, argv, error))
    return 0;
  if (common->help || common->help_all || common->version)
    {
      print_about (tool, error);
      return 0;
    }
  if (!gsock_options_start_log (tool->name, error))
    return 0;
  status = tool->run (arguments.words, arguments.rest, error);
  gsock_log_close_record (*error == NULL ? error : NULL);
  return status;
}

/* Data may have stayed in stdio's buffer or in the kernel's (NFS, a quota):
 * only now do we know that it has all been taken. */
static gboolean
close_stdout (GError **error)
{
  gboolean failed = ferror (stdout) != 0;

  errno = 0;
  if (fflush (stdout) != 0 || failed || close (STDOUT_FILENO) != 0)
    {
      gsock_set_error_errno (error, GSOCK_ERROR_OUTPUT,
                             errno != 0 ? errno : EIO,
                             _ ("Cannot write to standard output"));
      return FALSE;
    }
  return TRUE;
}

/**
 * gsock_tool_main:
 * @tool: the program
 * @argc: main's
 * @argv: main's
 *
 * All of main but the tool's own work.
 *
 * Returns: the exit status, see core/error.h
 */
int
gsock_tool_main (const GsockTool *tool, G_GNUC_UNUSED int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) output_error = NULL;
  int status;

  init_locale ();
  init_log (tool, argv);
  gsock_log_take_glib ();
  if (tool->start != NULL)
    tool->start ();
  status = run_tool (tool, argv, &error);
  if (error != NULL)
    {
      gsock_log (GSOCK_EVENT_ERROR, .error = error);
      if (status == 0)
        status = gsock_error_exit_status (error);
    }
  /* What has been said already about stdout is not said again. */
  if (!close_stdout (&output_error) && status != GSOCK_EXIT_OUTPUT)
    {
      gsock_log (GSOCK_EVENT_ERROR, .error = output_error);
      if (status == GSOCK_EXIT_OK)
        status = gsock_error_exit_status (output_error);
    }
#ifdef QUICK_EXIT
  /* All that is to be kept has been written.  exit() would now call, and page
   * in, the destructors of a dozen libraries: a twentieth of the whole time of
   * a client that sends one message. */
  quick_exit (status);
#endif
  return status;
}

/**
 * gsock_tool_add_signal:
 * @context: where @func runs
 * @signum: one that g_unix_signal_source_new() knows
 * @func: called for each; %G_SOURCE_REMOVE ends it
 * @data: for @func
 */
void
gsock_tool_add_signal (GMainContext *context, int signum, GSourceFunc func,
                       gpointer data)
{
  g_autoptr (GSource) source = g_unix_signal_source_new (signum);

  g_source_set_callback (source, func, data, NULL);
  g_source_attach (source, context);
}

static gboolean
parse_value (const GsockValue *value, const char *text, GError **error)
{
  switch (value->kind)
    {
    case GSOCK_VALUE_TIME:
      return gsock_parse_time (text, value->target, error);
    case GSOCK_VALUE_SIZE:
      return gsock_parse_size (text, value->target, error);
    case GSOCK_VALUE_COUNT:
      return gsock_parse_count (text, value->minimum, value->maximum,
                                value->target, error);
    }
  g_return_val_if_reached (FALSE);
}

/**
 * gsock_value_cb:
 * @option: "--timeout"
 * @text: its value
 * @data: its group's #GsockValue table
 * @error: %GSOCK_ERROR_USAGE, the option named
 *
 * Returns: %TRUE if the value was understood and stored
 */
gboolean
gsock_value_cb (const char *option, const char *text, gpointer data,
                GError **error)
{
  const GsockValue *value = data;

  while (strcmp (value->option, option) != 0)
    value++;
  if (parse_value (value, text, error))
    return TRUE;
  g_prefix_error (error, "%s: ", option);
  return FALSE;
}

/**
 * gsock_tool_excludes:
 * @one_given: whether @one was given
 * @one: an option's name
 * @other_given: whether @other was given
 * @other: another option's name
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: %FALSE if both were given
 */
gboolean
gsock_tool_excludes (gboolean one_given, const char *one, gboolean other_given,
                     const char *other, GError **error)
{
  if (!one_given || !other_given)
    return TRUE;
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
               /* TRANSLATORS: two options */
               _ ("%s and %s can't be used together"), one, other);
  return FALSE;
}

/**
 * gsock_tool_requires:
 * @one_given: whether @one was given
 * @one: an option's name
 * @other_given: whether @other was given or is in force
 * @other: another option's name
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: %FALSE if @one was given without @other
 */
gboolean
gsock_tool_requires (gboolean one_given, const char *one, gboolean other_given,
                     const char *other, GError **error)
{
  if (!one_given || other_given)
    return TRUE;
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
               /* TRANSLATORS: two options */
               _ ("%s works only with %s"), one, other);
  return FALSE;
}
