/* get-report.c: how a transfer went, for people and for programs
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/get-report.h"

#include <inttypes.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/units.h"

typedef struct
{
  const char *key;   /* in JSON */
  const char *label; /* N_() */
  gint64 time;       /* microseconds; -1: there was no such step */
} Step;

#define STEPS 5

static gint64
between (gint64 from, gint64 to)
{
  return from > 0 && to > 0 ? to - from : -1;
}

/* Each one from the end of the one before. */
static void
fill (Step *steps, const GsockFetchReport *report)
{
  const GsockHttpTimes *t = &report->times;
  gint64 looked_up = t->resolved > 0 ? t->resolved : t->begun;

  steps[0] = (Step) { "dns", N_ ("name"), between (t->begun, t->resolved) };
  steps[1] = (Step) { "connect", N_ ("connect"),
                      between (looked_up, t->connected) };
  steps[2] = (Step) { "tls", N_ ("TLS"), between (t->connected, t->secured) };
  steps[3] = (Step) { "first", N_ ("first byte"),
                      between (t->begun, t->answered) };
  steps[4] = (Step) { "total", N_ ("all"),
                      between (report->begun, report->ended) };
}

void
gsock_get_report_append_timing (GString *text, const GsockFetchReport *report)
{
  g_autofree char *url = gsock_escape (report->url->text, -1);
  g_autofree char *size = gsock_format_size (report->size);
  Step steps[STEPS];

  fill (steps, report);
  g_string_append_printf (text, "%s: ", url);
  for (gsize i = 0; i < STEPS; i++)
    {
      g_autofree char *time = gsock_format_time (MAX (steps[i].time, 0));

      if (steps[i].time >= 0)
        g_string_append_printf (text, "%s %s, ", _ (steps[i].label), time);
    }
  g_string_append_printf (text, "%s\n", size);
}

static void
append_string (GString *text, const char *key, const char *value)
{
  if (value == NULL)
    return;
  gsock_json_key (text, key);
  gsock_json_append (text, value, strlen (value));
}

static void
append_number (GString *text, const char *key, gint64 value)
{
  if (value < 0)
    return;
  gsock_json_key (text, key);
  g_string_append_printf (text, "%" PRId64, value);
}

static void
append_times (GString *text, const GsockFetchReport *report)
{
  Step steps[STEPS];

  fill (steps, report);
  gsock_json_key (text, "times");
  g_string_append_c (text, '{');
  for (gsize i = 0; i < STEPS; i++)
    {
      char seconds[G_ASCII_DTOSTR_BUF_SIZE];

      if (steps[i].time < 0)
        continue;
      gsock_json_key (text, steps[i].key);
      g_string_append (
          text, g_ascii_formatd (seconds, sizeof seconds, "%.6f",
                                 (double) steps[i].time / G_USEC_PER_SEC));
    }
  g_string_append_c (text, '}');
}

static void
append_error (GString *text, const GError *error)
{
  gsock_json_key (text, "error");
  g_string_append_c (text, '{');
  append_string (text, "code",
                 error->domain == GSOCK_ERROR
                     ? gsock_error_code_name (error->code)
                     : "failed");
  append_number (text, "exit", gsock_error_exit_status (error));
  append_string (text, "message", error->message);
  g_string_append_c (text, '}');
}

void
gsock_get_report_append_json (GString *text, const GsockFetchReport *report,
                              const char *path, const GError *error)
{
  g_string_append_c (text, '{');
  append_string (text, "event", "fetched");
  append_string (text, "url", report->url->text);
  if (report->current != report->url)
    append_string (text, "final_url", report->current->text);
  if (report->status > 0)
    append_number (text, "status", report->status);
  append_string (text, "protocol", report->protocol);
  append_number (text, "size", (gint64) report->size);
  append_number (text, "received", (gint64) report->received);
  append_number (text, "resumed", (gint64) report->resumed);
  append_number (text, "redirects", report->redirects);
  append_number (text, "retries", report->retries);
  if (report->saved)
    append_string (text, "file", path);
  append_string (text, "sha256", report->sha256);
  append_times (text, report);
  if (error != NULL)
    append_error (text, error);
  g_string_append (text, "}\n");
}
