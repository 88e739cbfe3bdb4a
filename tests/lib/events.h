/* events.h: what the log tells, caught for a test as JSON lines
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <string.h>

#include "core/log.h"

static GString *events; /* or NULL */

static void
events_cb (const char *text, gsize size, gpointer data G_GNUC_UNUSED)
{
  if (events != NULL)
    g_string_append_len (events, text, (gssize) size);
}

static void
listen_to_events (gboolean explain)
{
  const GsockLogOptions options = {
    .program = "test", .verbosity = 1, .json = TRUE, .explain = explain
  };

  events = g_string_new (NULL);
  gsock_log_setup (&options);
  gsock_log_set_sink (events_cb, NULL);
}

static char *
stop_listening (void)
{
  const GsockLogOptions quiet = { .program = "test", .verbosity = -1 };

  gsock_log_setup (&quiet);
  return g_string_free (g_steal_pointer (&events), FALSE);
}

/* @parts, ended by NULL, come in this order in @text. */
G_GNUC_UNUSED static void
assert_order (const char *text, const char *const *parts)
{
  const char *rest = text;

  for (; *parts != NULL; parts++)
    {
      const char *found = strstr (rest, *parts);

      if (found == NULL)
        {
          g_test_fail_printf ("no more '%s' in:\n%s", *parts, text);
          return;
        }
      rest = found + strlen (*parts);
    }
}

G_GNUC_UNUSED static void
assert_contains (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_test_fail_printf ("'%s' is not in '%s'", part, text);
}
