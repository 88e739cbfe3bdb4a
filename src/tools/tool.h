/* tool.h: what every tool's main shares, from locale to exit status
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  GSOCK_VALUE_TIME,  /* gint64, microseconds */
  GSOCK_VALUE_SIZE,  /* guint64, bytes */
  GSOCK_VALUE_COUNT, /* guint64 */
} GsockValueKind;

/* Where the value of an option with a unit goes; see gsock_value_cb. */
typedef struct
{
  const char *option; /* "--timeout" */
  GsockValueKind kind;
  gpointer target;
  guint64 minimum; /* of a count */
  guint64 maximum; /* of a count */
} GsockValue;

/* Flags and type of a GOptionEntry. */
#define GSOCK_OPTION_FLAG G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE
#define GSOCK_OPTION_STRING G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME
#define GSOCK_OPTION_CALLBACK G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK
#define GSOCK_OPTION_RARE_CALLBACK \
  G_OPTION_FLAG_FILENAME | G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_CALLBACK
#define GSOCK_OPTION_FLAG_CALLBACK G_OPTION_FLAG_NO_ARG, G_OPTION_ARG_CALLBACK

/* Options under one heading of --help.  Immutable.  A value is taken as raw
 * bytes: entries are of the types NONE, FILENAME and CALLBACK (with
 * G_OPTION_FLAG_FILENAME); those with G_OPTION_FLAG_HIDDEN are shown by
 * --help-all only. */
typedef struct
{
  const char *title;           /* N_(); NULL: goes on under the last one */
  const GOptionEntry *entries; /* ended by a row without a long name */
  const GsockValue *values;    /* for gsock_value_cb, or NULL */
} GsockOptionGroup;

typedef struct
{
  const char *arguments; /* after the tool's name */
  const char *what;      /* N_() */
} GsockExample;

/* Immutable, one a program. */
typedef struct
{
  const char *name;
  const char *summary;                   /* N_() */
  const char *const *usage;              /* N_(), after the name; NULL ends */
  const GsockOptionGroup *const *groups; /* in --help's order; NULL ends */
  const GsockExample *examples;          /* ended by NULL arguments */
  void (*start) (void);                  /* before options are read; or NULL */
  gboolean takes_command;                /* what follows "--" is no word */
  /* @words: what is no option; @rest: the command after "--", NULL where there
   * is none.  The exit status; with @error, which is told, 0 stands for that of
   * the error. */
  int (*run) (char **words, char **rest, GError **error);
} GsockTool;

int gsock_tool_main (const GsockTool *tool, int argc, char **argv);

/* Calls @func in @context, as long as that lives, for each @signum. */
void gsock_tool_add_signal (GMainContext *context, int signum, GSourceFunc func,
                            gpointer data);

/* GOptionArgFunc for every option in its group's table of values. */
gboolean gsock_value_cb (const char *option, const char *text, gpointer data,
                         GError **error);

/* Inconsistent options: FALSE with GSOCK_ERROR_USAGE if @one is given and
 * @other is given too, or is not. */
gboolean gsock_tool_excludes (gboolean one_given, const char *one,
                              gboolean other_given, const char *other,
                              GError **error);
gboolean gsock_tool_requires (gboolean one_given, const char *one,
                              gboolean other_given, const char *other,
                              GError **error);

G_END_DECLS
