/* log.c: where events go: text, JSON, explained calls, a record, a hex dump
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "core/call.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/fd.h"

/* Explained calls: where the counterpart begins, where lessons begin and
 * where they are wrapped, in columns from 0. */
#define COUNTERPART_COLUMN 62
#define LESSON_COLUMN 4
#define LESSON_WIDTH 78

#define BIT(kind) (G_GUINT64_CONSTANT (1) << (kind))

G_STATIC_ASSERT (GSOCK_N_EVENTS <= 64);

/* What goes wrong before the options are known is told all the same. */
guint64 gsock_log_wanted = BIT (GSOCK_EVENT_ERROR) | BIT (GSOCK_EVENT_WARNING);

/* The main thread sets it up; after that it is read by all threads, and what
 * changes still (said, record_error) is under the lock. */
static struct
{
  GsockLogOptions options;
  GsockLogSink sink;
  gpointer sink_data;
  int record_fd;
  char *record_name; /* escaped */
  GMutex lock;
  GHashTable *said;     /* set of lessons, by their pointers */
  GError *record_error; /* the first; after it nothing more is recorded */
} state = { .record_fd = -1 };

static gboolean
is_level_wanted (GsockLevel level)
{
  const GsockLogOptions *options = &state.options;

  if (options->verbosity < 0)
    return level == GSOCK_LEVEL_ERROR;
  if (options->verbosity == 0 && !options->json)
    return level <= GSOCK_LEVEL_NOTICE;
  if (options->verbosity <= 1)
    return level <= GSOCK_LEVEL_INFO;
  return level <= GSOCK_LEVEL_DEBUG;
}

/* Lines of hex among lines of JSON would be a trap for whoever parses them. */
static gboolean
is_hexdump_wanted (void)
{
  return state.options.hexdump && !state.options.json;
}

/* On stderr, that is. */
static gboolean
is_shown (GsockEventKind kind)
{
  if (kind == GSOCK_EVENT_DATA && is_hexdump_wanted ())
    return TRUE;
  return is_level_wanted (gsock_event_level (kind));
}

static gboolean
is_kind_wanted (GsockEventKind kind)
{
  if (kind == GSOCK_EVENT_DATA)
    return is_shown (kind) || state.record_fd >= 0;
  if (kind == GSOCK_EVENT_CALL)
    return state.options.explain;
  return is_shown (kind);
}

static void
update_wanted (void)
{
  guint64 wanted = 0;

  for (GsockEventKind kind = 0; kind < GSOCK_N_EVENTS; kind++)
    if (is_kind_wanted (kind))
      wanted |= BIT (kind);
  gsock_log_wanted = wanted;
}

/**
 * gsock_log_setup:
 * @options: who wants what; copied, but for the program's name
 *
 * Errors are always told.  JSON tells all that --verbose does, unless quiet.
 * May be called again (the first time before options are parsed, so that their
 * errors look like others); lessons count as not yet said then.
 */
void
gsock_log_setup (const GsockLogOptions *options)
{
  state.options = *options;
  g_clear_pointer (&state.said, g_hash_table_unref);
  update_wanted ();
}

/**
 * gsock_log_set_sink:
 * @sink: (nullable): gets whole lines, in the thread where the event happened;
 *   %NULL: they go to stderr
 * @data: its own
 */
void
gsock_log_set_sink (GsockLogSink sink, gpointer data)
{
  state.sink = sink;
  state.sink_data = data;
}

/* A stderr that is gone or full can't be complained about anywhere. */
static void
emit (const char *text, gsize size)
{
  if (state.sink != NULL)
    state.sink (text, size, state.sink_data);
  else
    gsock_fd_write_all (STDERR_FILENO, text, size);
}

/* Sentences are UTF-8 whatever the terminal reads; facts in them are ASCII by
 * now where it reads something else, so only our own letters can be lost. */
static void
emit_text (const GString *text)
{
  const char *charset;
  g_autofree char *target = NULL;
  g_autofree char *converted = NULL;
  gsize size;

  if (g_get_charset (&charset))
    {
      emit (text->str, text->len);
      return;
    }
  target = g_strconcat (charset, "//TRANSLIT", NULL);
  converted = g_convert (text->str, (gssize) text->len, target, "UTF-8", NULL,
                         &size, NULL);
  if (converted == NULL)
    converted = g_convert_with_fallback (text->str, (gssize) text->len, charset,
                                         "UTF-8", "?", NULL, &size, NULL);
  if (converted != NULL)
    emit (converted, size);
}

/* Text */

static void
append_program (GString *line, GsockLevel level)
{
  const char *program = state.options.program != NULL ? state.options.program
                                                      : g_get_prgname ();

  if (level > GSOCK_LEVEL_WARNING || program == NULL)
    return;
  if (state.options.color && level == GSOCK_LEVEL_ERROR)
    g_string_append_printf (line, "\033[1;31m%s:\033[0m ", program);
  else
    g_string_append_printf (line, "%s: ", program);
}

static void
append_sentence (GString *line, const GsockEvent *event)
{
  g_autofree char *text = gsock_event_to_text (event);

  append_program (line, gsock_event_level (event->kind));
  g_string_append (line, text);
  g_string_append_c (line, '\n');
}

/* Columns that @size bytes of UTF-8 take on a terminal. */
static gsize
display_width (const char *text, gsize size)
{
  const char *end = text + size;
  gsize width = 0;

  for (; text < end; text += g_utf8_skip[(guchar) *text])
    {
      gunichar character = g_utf8_get_char (text);

      if (g_unichar_iszerowidth (character))
        continue;
      width += g_unichar_iswide (character) ? 2 : 1;
    }
  return width;
}

/* Breaks at spaces only: a no-break space of a translation is obeyed, and a
 * word that is wider than a line stays whole. */
static void
append_wrapped (GString *lines, const char *text)
{
  gsize column = 0;

  for (; *text != '\0'; text += strspn (text, " "))
    {
      gsize size = strcspn (text, " ");
      gsize width = display_width (text, size);

      if (column > 0 && column + 1 + width > LESSON_WIDTH)
        {
          g_string_append_c (lines, '\n');
          column = 0;
        }
      if (column == 0)
        g_string_append_printf (lines, "%*s", LESSON_COLUMN, "");
      else
        g_string_append_c (lines, ' ');
      column += width + (column == 0 ? LESSON_COLUMN : 1);
      g_string_append_len (lines, text, (gssize) size);
      text += size;
    }
  g_string_append_c (lines, '\n');
}

static gboolean
is_said (const char *lesson)
{
  gboolean is_new;

  if (state.options.verbosity >= 1)
    return FALSE;
  g_mutex_lock (&state.lock);
  if (state.said == NULL)
    state.said = g_hash_table_new (NULL, NULL);
  is_new = g_hash_table_add (state.said, (gpointer) (guintptr) lesson);
  g_mutex_unlock (&state.lock);
  return !is_new;
}

static void
append_explained (GString *lines, const GsockEvent *event)
{
  g_autofree char *call = gsock_event_to_text (event);
  g_autofree char *text = NULL;
  const char *glib = gsock_call_glib (event);
  const char *lesson = gsock_call_lesson (event);

  g_string_append (lines, call);
  if (glib != NULL)
    {
      gsize width = display_width (call, strlen (call));
      int gap = width + 2 <= COUNTERPART_COLUMN
                    ? COUNTERPART_COLUMN - (int) width
                    : 2;

      g_string_append_printf (
          lines, state.options.color ? "%*s\033[2m%s\033[0m" : "%*s%s", gap, "",
          glib);
    }
  g_string_append_c (lines, '\n');
  if (lesson == NULL || is_said (lesson))
    return;
  text = gsock_call_lesson_text (event);
  append_wrapped (lines, text);
}

static void
append_hexdump (GString *lines, const GsockEvent *event)
{
  append_sentence (lines, event);
  gsock_hexdump_append (lines, g_strcmp0 (event->text, "out") == 0 ? '>' : '<',
                        event->count, event->data, event->size);
}

/* The record */

/**
 * gsock_log_open_record:
 * @path: the file; appended to, created 0600; never through a symbolic link
 * @error: GSOCK_ERROR_OUTPUT
 *
 * From now on each piece of data sent or received is a line of JSON in @path.
 *
 * Returns: %FALSE with @error
 */
gboolean
gsock_log_open_record (const char *path, GError **error)
{
  g_autofree char *name = gsock_escape (path, -1);
  g_auto (GsockFd) fd = -1;

  if (!gsock_log_close_record (error))
    return FALSE;
  /* O_NONBLOCK: a FIFO that nobody reads is an error and no silent wait. */
  fd = open (path,
             O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
                 | O_NOCTTY,
             0600);
  if (fd < 0)
    {
      gsock_set_error_errno (error, GSOCK_ERROR_OUTPUT, errno,
                             _ ("Cannot open the record %s"), name);
      return FALSE;
    }
  state.record_fd = gsock_fd_steal (&fd);
  state.record_name = g_steal_pointer (&name);
  update_wanted ();
  return TRUE;
}

/**
 * gsock_log_close_record:
 * @error: GSOCK_ERROR_OUTPUT
 *
 * Nothing happens where no record is open.
 *
 * Returns: %FALSE with @error if a line was lost, then or now
 */
gboolean
gsock_log_close_record (GError **error)
{
  g_autoptr (GError) lost = g_steal_pointer (&state.record_error);
  g_autofree char *name = g_steal_pointer (&state.record_name);
  int fd = state.record_fd;

  if (fd < 0)
    return TRUE;
  state.record_fd = -1;
  update_wanted ();
  /* Some file systems tell a full disk only here. */
  if (close (fd) != 0 && errno != EINTR && lost == NULL)
    gsock_set_error_errno (&lost, GSOCK_ERROR_OUTPUT, errno,
                           _ ("Cannot write the record %s"), name);
  if (lost == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&lost));
  return FALSE;
}

/* Writes @line, unless one was lost before: what comes after a hole, or after
 * half a line, would read as if it were whole.  The error to tell, once. */
static GError *
write_record (const GString *line)
{
  GError *error = NULL;

  g_mutex_lock (&state.lock);
  if (state.record_error == NULL
      && !gsock_fd_write_all (state.record_fd, line->str, line->len))
    {
      gsock_set_error_errno (&state.record_error, GSOCK_ERROR_OUTPUT, errno,
                             _ ("Cannot write the record %s, it ends here"),
                             state.record_name);
      error = g_error_copy (state.record_error);
    }
  g_mutex_unlock (&state.lock);
  return error;
}

static void
record (const GsockEvent *event)
{
  GString *line = g_string_sized_new (160 + event->size);
  g_autoptr (GError) error = NULL;

  gsock_event_append_json (line, event);
  error = write_record (line);
  g_string_free (line, TRUE);
  if (error != NULL)
    gsock_log (GSOCK_EVENT_ERROR, .id = event->id, .error = error);
}

/* All of them */

static void
write_event (const GsockEvent *event)
{
  GString *lines = g_string_sized_new (256);

  if (event->kind == GSOCK_EVENT_DATA && is_hexdump_wanted ())
    append_hexdump (lines, event);
  else if (state.options.json)
    gsock_event_append_json (lines, event);
  else if (event->kind == GSOCK_EVENT_CALL)
    append_explained (lines, event);
  else
    append_sentence (lines, event);

  if (state.options.json)
    emit (lines->str, lines->len);
  else
    emit_text (lines);
  g_string_free (lines, TRUE);
}

/**
 * gsock_log_event:
 * @event: what happened; use gsock_log(), which makes one
 *
 * Gives @event to the writers that want it.  Any thread may call it; errno is
 * kept.
 */
void
gsock_log_event (const GsockEvent *event)
{
  int saved_errno = errno;

  if (gsock_log_wants (event->kind))
    {
      if (event->kind == GSOCK_EVENT_DATA && state.record_fd >= 0)
        record (event);
      if (event->kind != GSOCK_EVENT_DATA || is_shown (event->kind))
        write_event (event);
    }
  errno = saved_errno;
}

/* GLib's messages */

static const char *
find_field (const GLogField *fields, gsize n_fields, const char *key,
            gssize *size)
{
  for (gsize i = 0; i < n_fields; i++)
    if (strcmp (fields[i].key, key) == 0)
      {
        *size = fields[i].length;
        return fields[i].value;
      }
  return NULL;
}

static GLogWriterOutput
glib_message_cb (GLogLevelFlags level, const GLogField *fields, gsize n_fields,
                 gpointer data G_GNUC_UNUSED)
{
  /* A warning out of our own writers must not call them again. */
  static _Thread_local gboolean is_busy;
  gssize domain_size = -1, size = -1;
  const char *domain = find_field (fields, n_fields, "GLIB_DOMAIN",
                                   &domain_size);
  const char *message = find_field (fields, n_fields, "MESSAGE", &size);
  g_autofree char *domain_name = NULL;
  g_autofree char *text = NULL;
  GError error = { .code = (int) (level & G_LOG_LEVEL_MASK) };

  if (is_busy || message == NULL)
    return G_LOG_WRITER_HANDLED;
  domain_name = domain_size < 0 ? g_strdup (domain)
                                : g_strndup (domain, (gsize) domain_size);
  if (g_log_writer_default_would_drop (level, domain_name))
    return G_LOG_WRITER_HANDLED;
  text = size < 0 ? g_strdup (message) : g_strndup (message, (gsize) size);
  if (domain_name != NULL && *domain_name != '\0')
    {
      g_autofree char *whole = g_strconcat (domain_name, ": ", text, NULL);

      g_free (text);
      text = g_steal_pointer (&whole);
    }

  error.domain = g_quark_from_static_string ("glib");
  error.message = text;
  is_busy = TRUE;
  gsock_log (GSOCK_EVENT_WARNING, .error = &error);
  is_busy = FALSE;
  return G_LOG_WRITER_HANDLED;
}

/**
 * gsock_log_take_glib:
 *
 * From now on what GLib and GIO have to say (a warning in the middle of a
 * connection) is one escaped line in our form, a GSOCK_EVENT_WARNING, and JSON
 * where the rest is.  Debug messages stay subject to $G_MESSAGES_DEBUG.
 */
void
gsock_log_take_glib (void)
{
  static gsize taken = 0;

  /* GLib allows one writer in the life of a process. */
  if (!g_once_init_enter (&taken))
    return;
  g_log_set_writer_func (glib_message_cb, NULL, NULL);
  g_once_init_leave (&taken, 1);
}
