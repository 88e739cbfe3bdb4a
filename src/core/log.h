/* log.h: where events go: text, JSON, explained calls, a record, a hex dump
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/event.h"

G_BEGIN_DECLS

/* The only global state of core.  Set up once by the main thread before any
 * other starts; each event leaves in one write(2), so lines never mix. */
typedef struct
{
  const char *program; /* begins error and warning lines; not copied */
  int verbosity;       /* -1 quiet, 0, 1, 2 */
  gboolean json;
  gboolean explain;
  gboolean color;
  gboolean hexdump; /* GSOCK_EVENT_DATA as hex on stderr (-X); not where
                               json is on */
} GsockLogOptions;

void gsock_log_setup (const GsockLogOptions *options);

/* GSOCK_EVENT_DATA as JSON lines appended to @path (created 0600). */
gboolean gsock_log_open_record (const char *path, GError **error);
/* FALSE with GSOCK_ERROR_OUTPUT if any line of the record was not written
 * whole; told once when it happens, and again here. */
gboolean gsock_log_close_record (GError **error);

/* Instead of stderr: the conversation on a terminal keeps its edit line whole.
 * @text is complete lines.  NULL: stderr again. */
typedef void (*GsockLogSink) (const char *text, gsize size, gpointer data);
void gsock_log_set_sink (GsockLogSink sink, gpointer data);

/* A bit per kind that some writer wants now; read it by the macros only.  (No
 * G_UNLIKELY: inside of another one, in an assertion, it shadows.) */
extern guint64 gsock_log_wanted;

#define gsock_log_wants(k) \
  __builtin_expect ((gsock_log_wanted >> (k) &1) != 0, FALSE)
#define gsock_explaining() gsock_log_wants (GSOCK_EVENT_CALL)

/* gsock_log (GSOCK_EVENT_LISTENING, .local = endpoint); costs a test of one
 * bit when nobody wants it: the facts are not even evaluated. */
#define gsock_log(k, ...) \
  G_STMT_START \
  { \
    if (gsock_log_wants (k)) \
      gsock_log_event (&(const GsockEvent) { .kind = (k), __VA_ARGS__ }); \
  } \
  G_STMT_END

void gsock_log_event (const GsockEvent *event);

/* GLib's own messages (a g_warning inside GIO) as one line in our form. */
void gsock_log_take_glib (void);

G_END_DECLS
