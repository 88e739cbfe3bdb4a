/* test-arguments.c: argv taken apart by the tables of a tool's options
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/arguments.h"

#include <string.h>

#include "core/error.h"
#include "tools/options.h"

/* A tool with an option of each sort. */

static gboolean check, only4, only6;
static int verbosity;
static char *frame;
static char *greeting;
static gint64 timeout;
static guint64 count;

static gboolean
verbose_cb (G_GNUC_UNUSED const char *option, const char *text,
            G_GNUC_UNUSED gpointer data, G_GNUC_UNUSED GError **error)
{
  g_assert_null (text);
  verbosity++;
  return TRUE;
}

static gboolean
greet_cb (const char *option, const char *text, G_GNUC_UNUSED gpointer data,
          G_GNUC_UNUSED GError **error)
{
  g_assert_cmpstr (option, ==, "--greet");
  g_free (greeting);
  greeting = g_strdup (text != NULL ? text : "(its own)");
  return TRUE;
}

static const GOptionEntry first_entries[] = {
  { "check", 'z', GSOCK_OPTION_FLAG, &check, "", NULL },
  { "verbose", 'v', GSOCK_OPTION_FLAG_CALLBACK, verbose_cb, "", NULL },
  { "frame", 'f', GSOCK_OPTION_STRING, &frame, "", "FRAME" },
  { "greet", 'g', G_OPTION_FLAG_FILENAME | G_OPTION_FLAG_OPTIONAL_ARG,
    G_OPTION_ARG_CALLBACK, greet_cb, "", "TEXT" },
  G_OPTION_ENTRY_NULL,
};
static const GsockOptionGroup first_group = { "First:", first_entries, NULL };

static const GOptionEntry second_entries[] = {
  { "ipv4", '4', GSOCK_OPTION_FLAG, &only4, "", NULL },
  { "ipv6", '6', GSOCK_OPTION_FLAG, &only6, "", NULL },
  { "timeout", 'w', GSOCK_OPTION_CALLBACK, gsock_value_cb, "", "TIME" },
  { "count", 0, GSOCK_OPTION_RARE_CALLBACK, gsock_value_cb, "", "N" },
  G_OPTION_ENTRY_NULL,
};
static const GsockValue second_values[] = {
  { "--timeout", GSOCK_VALUE_TIME, &timeout, 0, 0 },
  { "--count", GSOCK_VALUE_COUNT, &count, 1, 1000 },
};
static const GsockOptionGroup second_group = { "Second:", second_entries,
                                               second_values };

static const GsockOptionGroup *const groups[] = { &first_group, &second_group,
                                                  &gsock_options_help, NULL };

static const GsockTool tool = { .name = "gsock-x", .groups = groups };
static const GsockTool runner = {
  .name = "gsock-x",
  .groups = groups,
  .takes_command = TRUE,
};

/* What --help sets is the tools' own state, and nothing but a test unsets. */
static GsockCommonOptions *
common_options (void)
{
  return (GsockCommonOptions *) (guintptr) gsock_options_get ();
}

static void
forget (void)
{
  GsockCommonOptions *common = common_options ();

  check = only4 = only6 = FALSE;
  verbosity = 0;
  timeout = 0;
  count = 0;
  g_clear_pointer (&frame, g_free);
  g_clear_pointer (&greeting, g_free);
  common->help = common->help_all = common->version = FALSE;
}

static void
append_words (GString *text, const char *before, char **words)
{
  for (gsize i = 0; words != NULL && words[i] != NULL; i++)
    {
      g_autofree char *word = g_strescape (words[i], NULL);

      g_string_append_printf (text, "%s(%s)", i == 0 ? before : "", word);
    }
}

/* All that was understood, in one line. */
static char *
describe (const GsockArguments *arguments)
{
  const GsockCommonOptions *common = gsock_options_get ();
  GString *text = g_string_new (NULL);

  if (check)
    g_string_append (text, "check ");
  if (verbosity > 0)
    g_string_append_printf (text, "verbose=%d ", verbosity);
  if (only4)
    g_string_append (text, "4 ");
  if (only6)
    g_string_append (text, "6 ");
  if (timeout != 0)
    g_string_append_printf (text, "%" G_GINT64_FORMAT "ms ", timeout / 1000);
  if (count != 0)
    g_string_append_printf (text, "count=%" G_GUINT64_FORMAT " ", count);
  if (frame != NULL)
    g_string_append_printf (text, "frame=(%s) ", frame);
  if (greeting != NULL)
    g_string_append_printf (text, "greet=(%s) ", greeting);
  if (common->help)
    g_string_append (text, "help ");
  if (common->help_all)
    g_string_append (text, "help-all ");
  if (common->version)
    g_string_append (text, "version ");
  append_words (text, "words", arguments->words);
  if (arguments->rest != NULL)
    append_words (text, " rest", arguments->rest);
  return g_string_free (text, FALSE);
}

#define ARGV_MAX 8

typedef struct
{
  const char *argv[ARGV_MAX]; /* after the program's name */
  const char *want;           /* what was understood, or what was said */
} Row;

static char **
make_argv (const Row *row)
{
  char **argv = g_new0 (char *, ARGV_MAX + 2);

  argv[0] = g_strdup ("gsock-x");
  for (gsize i = 0; i < ARGV_MAX && row->argv[i] != NULL; i++)
    argv[i + 1] = g_strdup (row->argv[i]);
  return argv;
}

static void
check_understood (const GsockTool *of, const Row *row)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) argv = make_argv (row);
  g_auto (GStrv) before = g_strdupv (argv);
  g_auto (GsockArguments) arguments = { NULL, NULL };
  g_autofree char *got = NULL;

  forget ();
  gsock_arguments_parse (&arguments, of, argv, &error);
  g_assert_no_error (error);
  got = describe (&arguments);
  g_assert_cmpstr (got, ==, row->want);
  g_assert_true (
      g_strv_equal ((const char *const *) argv, (const char *const *) before));
}

static const Row understood[] = {
  { { NULL }, "" },
  { { "a", "b" }, "words(a)(b)" },
  { { "" }, "words()" },
  { { "-" }, "words(-)" },
  { { "a", "-", "-v" }, "verbose=1 words(a)(-)" },
  /* Flags that stand together. */
  { { "-46v" }, "verbose=1 4 6 " },
  { { "-vv" }, "verbose=2 " },
  { { "-v", "a", "-v", "b", "-v" }, "verbose=3 words(a)(b)" },
  { { "-6z", "a" }, "check 6 words(a)" },
  /* A value glued, apart, after an equals sign. */
  { { "-w5", "a" }, "5000ms words(a)" },
  { { "-w", "5", "a" }, "5000ms words(a)" },
  { { "-w=5", "a" }, "5000ms words(a)" },
  { { "-vw5" }, "verbose=1 5000ms " },
  { { "-vw=5" }, "verbose=1 5000ms " },
  { { "-vw", "5" }, "verbose=1 5000ms " },
  { { "-fv", "-v" }, "verbose=1 frame=(v) " },
  { { "-f==" }, "frame=(=) " },
  { { "-f=" }, "frame=() " },
  { { "-f", "" }, "frame=() " },
  { { "-f", "-" }, "frame=(-) " },
  { { "-f", "-v" }, "frame=(-v) " },
  { { "-f", "--verbose", "a" }, "frame=(--verbose) words(a)" },
  /* Long ones. */
  { { "--timeout=250ms" }, "250ms " },
  { { "--timeout", "250ms" }, "250ms " },
  { { "--timeout", "1m", "--timeout=2s" }, "2000ms " },
  { { "--frame=" }, "frame=() " },
  { { "--frame=a=b" }, "frame=(a=b) " },
  { { "--frame=--" }, "frame=(--) " },
  { { "--frame", "--check" }, "frame=(--check) " },
  { { "--count", "1000", "--check" }, "check count=1000 " },
  { { "--verbose", "--verbose" }, "verbose=2 " },
  /* One that need not have a value takes none that stands apart. */
  { { "--greet" }, "greet=((its own)) " },
  { { "--greet", "a" }, "greet=((its own)) words(a)" },
  { { "--greet=a", "b" }, "greet=(a) words(b)" },
  { { "--greet=" }, "greet=() " },
  { { "-g", "a" }, "greet=((its own)) words(a)" },
  { { "-ga" }, "greet=(a) " },
  { { "-vg" }, "verbose=1 greet=((its own)) " },
  /* After -- everything is a word, and the second -- is one too. */
  { { "--" }, "" },
  { { "--", "-v", "--nope" }, "words(-v)(--nope)" },
  { { "a", "--", "b", "--", "-" }, "words(a)(b)(--)(-)" },
  { { "-v", "--", "-v" }, "verbose=1 words(-v)" },
  /* No words of ours: bytes that are no UTF-8 come through. */
  { { "\xff", "--frame=\xfe", "-g\xfd" },
    "frame=(\xfe) greet=(\xfd) words(\\377)" },
  /* What only shows something needs nothing else to be right. */
  { { "--help" }, "help " },
  { { "-h", "--nope" }, "help " },
  { { "-vh", "-w" }, "verbose=1 help " },
  { { "-hQ" }, "help " },
  { { "--help-all", "--version" }, "help-all " },
  { { "--version", "--", "a" }, "version " },
  { { "a", "--version", "b" }, "version words(a)" },
};

static void
test_understood (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (understood); i++)
    check_understood (&tool, &understood[i]);
}

static void
test_command (void)
{
  static const Row rows[] = {
    { { "a", "-v" }, "verbose=1 words(a)" },
    { { "a", "--", "cat", "-v" }, "words(a) rest(cat)(-v)" },
    { { "a", "--", "sh", "--", "x" }, "words(a) rest(sh)(--)(x)" },
    { { "--", "--help" }, " rest(--help)" },
    { { "--help", "--", "cat" }, "help " },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    check_understood (&runner, &rows[i]);
}

/* "--" with nothing behind it is an empty command, not none. */
static void
test_empty_command (void)
{
  g_autoptr (GError) error = NULL;
  const Row row = { { "a", "--" }, NULL };
  g_auto (GStrv) argv = make_argv (&row);
  g_auto (GsockArguments) arguments = { NULL, NULL };

  forget ();
  gsock_arguments_parse (&arguments, &runner, argv, &error);
  g_assert_no_error (error);
  g_assert_nonnull (arguments.rest);
  g_assert_null (arguments.rest[0]);
}

static const Row refused[] = {
  { { "--nope" }, "Unknown option --nope; see gsock-x --help" },
  { { "--nope=3" }, "Unknown option --nope; see gsock-x --help" },
  { { "--=3" }, "Unknown option --; see gsock-x --help" },
  { { "---" }, "Unknown option ---; see gsock-x --help" },
  { { "--Check" }, "Unknown option --Check; see gsock-x --help" },
  /* No abbreviations: tomorrow's option would change what they mean. */
  { { "--chec" }, "Unknown option --chec; see gsock-x --help" },
  { { "--checks" }, "Unknown option --checks; see gsock-x --help" },
  { { "--time=3" }, "Unknown option --time; see gsock-x --help" },
  { { "-Q" }, "Unknown option -Q; see gsock-x --help" },
  { { "-vQ" }, "Unknown option -Q; see gsock-x --help" },
  { { "-v-" }, "Unknown option --; see gsock-x --help" },
  { { "-=" }, "Unknown option -=; see gsock-x --help" },
  { { "-\xc3\xa9" }, "Unknown option -\xc3\xa9; see gsock-x --help" },
  { { "a", "-w" }, "Option -w needs a value; see gsock-x --help" },
  { { "-vw" }, "Option -w needs a value; see gsock-x --help" },
  { { "-w", "--", "5" }, "Option -w needs a value; see gsock-x --help" },
  { { "--timeout" }, "Option --timeout needs a value; see gsock-x --help" },
  { { "--frame", "--" }, "Option --frame needs a value; see gsock-x --help" },
  { { "--check=1" }, "Option --check takes no value; see gsock-x --help" },
  { { "--verbose=" }, "Option --verbose takes no value; see gsock-x --help" },
  { { "-z=1" }, "Option --check takes no value; see gsock-x --help" },
  { { "-4v=1" }, "Option --verbose takes no value; see gsock-x --help" },
  /* The first thing that is wrong is what is told. */
  { { "--nope", "--check=1" }, "Unknown option --nope; see gsock-x --help" },
};

static void
check_refused (const Row *row)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) argv = make_argv (row);
  g_auto (GsockArguments) arguments = { NULL, NULL };

  forget ();
  g_assert_false (gsock_arguments_parse (&arguments, &tool, argv, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
  g_assert_cmpint (gsock_error_exit_status (error), ==, GSOCK_EXIT_USAGE);
  g_assert_null (arguments.words);
  g_assert_null (arguments.rest);
  g_assert_cmpstr (error->message, ==, row->want);
}

static void
test_refused (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    check_refused (&refused[i]);
}

/* A bad value is told with its option's long name, however it was written. */
static void
test_bad_value (void)
{
  static const Row rows[] = {
    { { "-w5x" }, "--timeout: '5x' *" },
    { { "-wv" }, "--timeout: 'v' *" },
    { { "-w", "--check" }, "--timeout: '--check' *" },
    { { "--timeout=" }, "--timeout: '' *" },
    { { "--count=many" }, "--count: 'many' *" },
    { { "--count", "0" }, "--count: '0' *" },
    { { "--count=1001" }, "--count: '1001' *" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_auto (GStrv) argv = make_argv (&rows[i]);
      g_auto (GsockArguments) arguments = { NULL, NULL };

      forget ();
      g_assert_false (gsock_arguments_parse (&arguments, &tool, argv, &error));
      g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
      g_assert_true (g_pattern_match_simple (rows[i].want, error->message));
    }
}

/* execve takes an argv without even a name. */
static void
test_no_argv (void)
{
  g_autoptr (GError) error = NULL;
  char *argv[] = { NULL };
  g_auto (GsockArguments) arguments = { NULL, NULL };

  forget ();
  g_assert_true (gsock_arguments_parse (&arguments, &tool, argv, &error));
  g_assert_no_error (error);
  g_assert_null (arguments.words[0]);
  g_assert_null (arguments.rest);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/arguments/understood", test_understood);
  g_test_add_func ("/arguments/command", test_command);
  g_test_add_func ("/arguments/empty-command", test_empty_command);
  g_test_add_func ("/arguments/refused", test_refused);
  g_test_add_func ("/arguments/bad-value", test_bad_value);
  g_test_add_func ("/arguments/no-argv", test_no_argv);
  return g_test_run ();
}
