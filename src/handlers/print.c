/* print.c: each message goes to stdout; each line of stdin to every client
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What is here belongs to the main thread.  Where the clients are in others,
 * their messages are posted to it in order, and given back when stdout has
 * them: a client whose messages wait is held, as it is where there is one
 * thread. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"
#include "core/log.h"
#include "handlers/handlers.h"
#include "handlers/print.h"
#include "handlers/stdio.h"

/* From the clients to stdout. */

static gboolean
is_stop_word (const GsockPrint *print, GsockConnection *connection,
              const char *data, gsize size)
{
  const GsockPeer *peer;

  if (print->stop_word == NULL)
    return FALSE;
  if (size > 0 && data[size - 1] == '\r')
    size--; /* a terminal at the other end, telnet say */
  if (size != strlen (print->stop_word)
      || memcmp (data, print->stop_word, size) != 0)
    return FALSE;
  if (print->stop_word_any_peer)
    return TRUE;
  peer = gsock_connection_get_peer (connection);
  return peer->family == AF_UNIX && peer->local.pid != -1
         && peer->local.uid == geteuid ();
}

static char *
prefix_of (const GsockPrint *print, GsockConnection *connection)
{
  g_autofree char *who = NULL;

  if (!print->tag)
    return NULL;
  who = gsock_connection_describe (connection);
  return g_strdup_printf ("%s: ", who);
}

static void
write_message (GsockPrint *print, gboolean raw, const char *prefix,
               const char *data, gsize size)
{
  if (raw)
    gsock_output_bytes (print->output, data, size);
  else
    gsock_output_message (print->output, prefix, data, size);
}

/* Once: to stop a second time is to cut, and that is not the peers' to say. */
static void
stop (GsockPrint *print, guint64 id, const GsockPeer *peer)
{
  if (print->stopped)
    return;
  print->stopped = TRUE;
  gsock_log (GSOCK_EVENT_STOP_WORD, .id = id, .peer = peer);
  if (print->stop != NULL)
    print->stop (print->data);
}

/* A message from another thread. */
typedef struct
{
  GsockQueueItem item;
  GsockPrint *print;
  GsockPort *from;
  guint64 id;
  GsockPeer peer;
  char *prefix;
  gboolean raw, stops;
  gsize size;
  char data[];
} Letter;

static void
letter_done_cb (GsockQueueItem *item)
{
  Letter *letter = (Letter *) item;

  gsock_window_close (&letter->from->window, letter->size);
  g_free (letter->prefix);
  g_free (letter);
}

static void
read_letter (GsockPrint *print, Letter *letter)
{
  write_message (print, letter->raw, letter->prefix, letter->data,
                 letter->size);
  if (letter->stops)
    stop (print, letter->id, &letter->peer);
  letter->item.run = letter_done_cb;
  gsock_worker_post (letter->from->window.worker, &letter->item);
}

static void
letter_cb (GsockQueueItem *item)
{
  Letter *letter = (Letter *) item;
  GsockPrint *print = letter->print;

  if (print->waiting.length > 0 || gsock_output_is_full (print->output))
    g_queue_push_tail (&print->waiting, letter);
  else
    read_letter (print, letter);
}

static void
post_letter (GsockPrint *print, GsockConnection *connection, const char *data,
             gsize size)
{
  Letter *letter = g_try_malloc (sizeof *letter + size);

  if (letter == NULL)
    {
      gsock_spread_fail (connection);
      return;
    }
  *letter = (Letter) {
    .item.run = letter_cb,
    .print = print,
    .from = gsock_spread_port (&print->spread, connection),
    .id = gsock_connection_get_id (connection),
    .prefix = prefix_of (print, connection),
    .raw = gsock_connection_get_config (connection)->codec->raw && !print->tag,
    .stops = is_stop_word (print, connection, data, size),
    .size = size,
  };
  if (letter->stops)
    letter->peer = *gsock_connection_get_peer (connection);
  memcpy (letter->data, data, size);
  gsock_window_open (&letter->from->window, connection, size);
  gsock_worker_post (print->spread.home, &letter->item);
}

static void
message (GsockConnection *connection, const char *data, gsize size)
{
  GsockPrint *print = gsock_connection_get_handler_data (connection);
  gboolean raw = gsock_connection_get_config (connection)->codec->raw;
  g_autofree char *prefix = NULL;

  if (!raw)
    size = gsock_handler_line_size (connection, data, size);
  if (gsock_spread_is_threaded (&print->spread))
    {
      post_letter (print, connection, data, size);
      return;
    }
  prefix = prefix_of (print, connection);
  write_message (print, raw && !print->tag, prefix, data, size);
  if (gsock_output_is_full (print->output)
      && !g_ptr_array_find (print->held, connection, NULL))
    {
      g_ptr_array_add (print->held, connection);
      gsock_connection_hold (connection);
    }
  if (is_stop_word (print, connection, data, size))
    stop (print, gsock_connection_get_id (connection),
          gsock_connection_get_peer (connection));
}

static void
output_relieved_cb (gpointer data)
{
  GsockPrint *print = data;

  while (print->held->len > 0)
    gsock_connection_release (g_ptr_array_steal_index_fast (print->held, 0));
  while (print->waiting.length > 0 && !gsock_output_is_full (print->output))
    read_letter (print, g_queue_pop_head (&print->waiting));
}

static void
output_failed_cb (const GError *error, gpointer data)
{
  GsockPrint *print = data;

  if (print->failed != NULL)
    print->failed (error, print->data);
}

/* From stdin to the clients, line by line. */

static void
send_line (GsockPrint *print, const char *data, gsize size)
{
  g_autoptr (GError) error = NULL;

  if (gsock_spread_is_threaded (&print->spread))
    gsock_spread_send_home (&print->spread, data, size);
  else if (!gsock_crowd_send (&print->spread.ports[0].crowd, NULL, data, size,
                              &error))
    gsock_log (GSOCK_EVENT_WARNING, .error = error);
}

/* One more piece of a line; what no client would take is told and left out. */
static void
add_to_line (GsockPrint *print, const char *data, gsize size)
{
  gsize limit = print->limit;
  g_autoptr (GError) error = NULL;

  if (print->skipping)
    return;
  if (print->line->len + size <= limit)
    {
      g_string_append_len (print->line, data, (gssize) size);
      return;
    }
  print->skipping = TRUE;
  g_string_truncate (print->line, 0);
  error = gsock_stdio_line_error (limit);
  gsock_log (GSOCK_EVENT_WARNING, .error = error);
}

static void
end_line (GsockPrint *print)
{
  if (!print->skipping)
    send_line (print, print->line->str, print->line->len);
  print->skipping = FALSE;
  g_string_truncate (print->line, 0);
}

static gboolean
is_busy (const GsockPrint *print)
{
  return gsock_spread_is_threaded (&print->spread)
             ? gsock_spread_is_busy (&print->spread)
             : gsock_crowd_is_busy (&print->spread.ports[0].crowd);
}

static void
input_bytes_cb (const char *data, gsize size, gpointer user_data)
{
  GsockPrint *print = user_data;

  if (print->present == 0)
    return;
  while (size > 0)
    {
      const char *end = memchr (data, '\n', size);
      gsize length = end != NULL ? (gsize) (end - data) : size;

      add_to_line (print, data, length);
      if (end == NULL)
        break;
      end_line (print);
      data += length + 1;
      size -= length + 1;
    }
  if (is_busy (print))
    gsock_input_hold (print->input);
}

static void
input_ended_cb (const GError *error, gpointer user_data)
{
  GsockPrint *print = user_data;

  if (error != NULL)
    gsock_log (GSOCK_EVENT_WARNING, .error = error);
  if (print->line->len > 0)
    end_line (print);
}

static void
receivers_relieved_cb (gpointer data)
{
  GsockPrint *print = data;

  /* The last one that was waited for may have been the last one there. */
  if (print->input != NULL && print->present > 0)
    gsock_input_release (print->input);
}

/* The client it was for left its thread while a line was on its way there. */
static void
missed_cb (const char *line, gsize size, gpointer data)
{
  GsockPrint *print = data;

  g_queue_push_tail (&print->missed, g_bytes_new (line, size));
}

/* With nobody there they wait, as what is still in stdin does.  Whoever came
 * meanwhile may have later ones already. */
static void
drained_cb (gpointer data)
{
  GsockPrint *print = data;
  guint lost = print->missed.length;
  g_autoptr (GError) error = NULL;

  if (print->present == 0 || lost == 0)
    return;
  g_queue_clear_full (&print->missed, (GDestroyNotify) g_bytes_unref);
  error = g_error_new (
      GSOCK_ERROR, GSOCK_ERROR_CUT,
      g_dngettext (GETTEXT_PACKAGE,
                   "%" PRIu64 " line of standard input reached no client",
                   "%" PRIu64 " lines of standard input reached no client",
                   lost),
      (guint64) lost);
  gsock_log (GSOCK_EVENT_WARNING, .error = error);
}

static void
send_missed (GsockPrint *print)
{
  while (print->missed.length > 0)
    {
      g_autoptr (GBytes) line = g_queue_pop_head (&print->missed);
      gsize size;
      const char *data = g_bytes_get_data (line, &size);

      send_line (print, data, size);
    }
}

/* The handler. */

/* Stdin is not read before somebody is there to get it. */
static void
note_present (GsockPrint *print, int change)
{
  guint before = print->present;

  print->present = (guint) ((int) before + change);
  if (print->input == NULL)
    return;
  if (before == 0)
    {
      send_missed (print);
      if (!is_busy (print))
        gsock_input_release (print->input);
    }
  else if (print->present == 0)
    gsock_input_hold (print->input);
}

typedef struct
{
  GsockQueueItem item;
  GsockPrint *print;
  gsize limit;
  int change;
} News;

static void
news_cb (GsockQueueItem *item)
{
  News *news = (News *) item;

  news->print->limit = news->limit;
  note_present (news->print, news->change);
  g_free (news);
}

/* The first member of its thread has come, or the last has left. */
static void
tell_present (GsockPrint *print, GsockConnection *connection, int change)
{
  gsize limit = gsock_connection_get_config (connection)->max_message;
  News *news;

  if (!gsock_spread_is_threaded (&print->spread))
    {
      print->limit = limit;
      note_present (print, change);
      return;
    }
  news = g_new0 (News, 1);
  news->item.run = news_cb;
  news->print = print;
  news->limit = limit;
  news->change = change;
  gsock_worker_post (print->spread.home, &news->item);
}

static void
opened (GsockConnection *connection)
{
  GsockPrint *print = gsock_connection_get_handler_data (connection);
  GsockCrowd *crowd = &gsock_spread_port (&print->spread, connection)->crowd;

  gsock_crowd_join (crowd, connection);
  if (crowd->members->len == 1)
    tell_present (print, connection, 1);
}

static void
relieved (GsockConnection *connection)
{
  GsockPrint *print = gsock_connection_get_handler_data (connection);

  gsock_crowd_member_relieved (
      &gsock_spread_port (&print->spread, connection)->crowd, connection);
}

/* It gets no more from now on: what comes is for those who are there. */
static void
leave (GsockPrint *print, GsockConnection *connection)
{
  if (gsock_connection_get_state (connection) == NULL)
    return;
  gsock_spread_leave (&print->spread, connection);
  if (gsock_spread_port (&print->spread, connection)->crowd.members->len == 0)
    tell_present (print, connection, -1);
}

static void
ended (GsockConnection *connection)
{
  leave (gsock_connection_get_handler_data (connection), connection);
  gsock_connection_end (connection);
}

static void
closed (GsockConnection *connection, const GError *error G_GNUC_UNUSED)
{
  GsockPrint *print = gsock_connection_get_handler_data (connection);

  leave (print, connection);
  if (!gsock_spread_is_threaded (&print->spread))
    g_ptr_array_remove_fast (print->held, connection);
}

const GsockHandler gsock_print_handler = {
  .name = "print",
  .frame = "line",
  .opened = opened,
  .message = message,
  .ended = ended,
  .relieved = relieved,
  .closed = closed,
};

/**
 * gsock_print_init:
 * @print: storage of the caller
 * @stdin_fd: lines for the clients; -1: none
 * @stdout_fd: where messages go
 * @escape: it is a terminal: show controls, don't obey them
 * @home: the main thread's worker
 * @workers: those that have connections, by their index
 * @n: how many
 */
void
gsock_print_init (GsockPrint *print, int stdin_fd, int stdout_fd,
                  gboolean escape, GsockWorker *home,
                  GsockWorker *const *workers, guint n)
{
  GMainContext *context = home->context;
  static const GsockOutputNotify output_notify = { output_relieved_cb,
                                                   output_failed_cb };
  static const GsockInputNotify input_notify = { input_bytes_cb,
                                                 input_ended_cb };

  *print = (GsockPrint) { .tag = FALSE };
  print->output = gsock_output_new (stdout_fd, escape, &output_notify, print,
                                    context);
  if (stdin_fd >= 0)
    print->input = gsock_input_new (stdin_fd, &input_notify, print, context);
  gsock_spread_init (&print->spread, home, workers, n);
  if (n == 1)
    {
      print->spread.ports[0].crowd.relieved = receivers_relieved_cb;
      print->spread.ports[0].crowd.data = print;
    }
  print->spread.window.relieved = receivers_relieved_cb;
  print->spread.window.missed = missed_cb;
  print->spread.window.drained = drained_cb;
  print->spread.window.data = print;
  g_queue_init (&print->waiting);
  g_queue_init (&print->missed);
  print->line = g_string_new (NULL);
  print->held = g_ptr_array_new ();
}

/**
 * gsock_print_finish:
 * @print: initialised
 * @error: %GSOCK_ERROR_OUTPUT
 *
 * Waits until stdout has taken everything.
 *
 * Returns: whether it has
 */
gboolean
gsock_print_finish (GsockPrint *print, GError **error)
{
  while (print->waiting.length > 0)
    read_letter (print, g_queue_pop_head (&print->waiting));
  return gsock_output_drain (print->output, error);
}

void
gsock_print_clear (GsockPrint *print)
{
  g_clear_pointer (&print->input, gsock_input_free);
  g_clear_pointer (&print->output, gsock_output_free);
  gsock_spread_clear (&print->spread);
  g_queue_clear_full (&print->missed, (GDestroyNotify) g_bytes_unref);
  g_string_free (print->line, TRUE);
  g_ptr_array_unref (print->held);
}
