/* editor.c: a line being typed, and text that comes meanwhile
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/editor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib-unix.h>

#include "core/fd.h"
#include "core/log.h"
#include "tools/options.h"
#ifdef HAVE_READLINE
#include "tools/readline.h"
#endif

/* Lines of history kept in the file. */
#define HISTORY_SIZE 1000

/* How lines are edited. */
typedef struct
{
  void (*begin) (GsockEditor *editor);
  void (*end) (GsockEditor *editor);
  void (*read_some) (GsockEditor *editor);
  void (*hide) (GsockEditor *editor); /* the line being typed */
  void (*show) (GsockEditor *editor);
  void (*suspend) (GsockEditor *editor); /* ^Z: the terminal is the shell's */
  void (*resume) (GsockEditor *editor);
  void (*resize) (GsockEditor *editor);
} Way;

/* Belongs to the main thread. */
struct _GsockEditor
{
  const Way *way;
  GsockEditorFunc func;
  gpointer data;
  char *prompt;
  GSource *input;
  GSource *signals;
  gboolean reading; /* in a call of the way's: free it afterwards */
  gboolean freed;
  gboolean giving; /* a line has been read, and no new prompt shown yet */
  gboolean ended;  /* the prompt is gone */
  /* GNU readline's. */
  char *history; /* a path, or NULL */
  int added;     /* lines that the file does not have yet */
  /* The terminal's own. */
  GString *line; /* what has come of it */
};

/* Readline calls back without data, and so do signals. */
static GsockEditor *the_editor;

static void clean_up (GsockEditor *editor);

static void
write_out (int fd, const char *text, gsize size)
{
  gsock_fd_write_all (fd, text, size);
}

/* The editor is still there after it, to look whether it was freed. */
static void
give (GsockEditor *editor, const char *line)
{
  editor->giving = TRUE;
  editor->func (line, editor->data);
  editor->giving = FALSE;
}

#ifdef HAVE_READLINE

/* --- GNU readline -------------------------------------------------------- */

/* NULL: not loaded. */
static const GsockReadline *rl;

/* Made by us, so that its mode is ours too, for what is typed may be secret; or
 * a file of the user's.  What else may stand there (a link to /dev/null keeps
 * no history) has its own mode, and may make whoever opens it wait. */
static gboolean
is_ours (const char *path)
{
  g_auto (GsockFd)
      made = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  g_auto (GsockFd) found = -1;
  struct stat status;

  if (made >= 0)
    return fchmod (made, 0600) == 0;
  found = open (path, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  return found >= 0 && fstat (found, &status) == 0 && S_ISREG (status.st_mode)
         && status.st_uid == geteuid ();
}

static char *
find_history (void)
{
  g_autofree char *directory = g_build_filename (g_get_user_state_dir (),
                                                 "gsock", NULL);
  g_autofree char *path = g_build_filename (directory, "history", NULL);

  if (g_mkdir_with_parents (directory, 0700) != 0 || !is_ours (path))
    return NULL;
  return g_steal_pointer (&path);
}

/* A line that begins with a space is not remembered, as in a shell. */
static void
remember (GsockEditor *editor, const char *line)
{
  HIST_ENTRY *last = *rl->history_length > 0 ? rl->history_get (
                         *rl->history_base + *rl->history_length - 1)
                                             : NULL;

  if (line[0] == '\0' || line[0] == ' '
      || (last != NULL && strcmp (last->line, line) == 0))
    return;
  rl->add_history (line);
  editor->added++;
}

/* Appended, since another conversation may have written meanwhile. */
static void
keep_history (GsockEditor *editor)
{
  if (editor->history == NULL || editor->added == 0)
    return;
  rl->append_history (MIN (editor->added, *rl->history_length),
                      editor->history);
  rl->history_truncate_file (editor->history, HISTORY_SIZE);
  editor->added = 0;
}

static void
line_cb (char *line)
{
  GsockEditor *editor = the_editor;

  if (line == NULL)
    {
      editor->ended = TRUE;
      rl->rl_callback_handler_remove ();
      write_out (STDOUT_FILENO, "\n", 1);
    }
  else
    remember (editor, line);
  give (editor, line);
  free (line);
}

static void
readline_begin (GsockEditor *editor)
{
  *rl->rl_readline_name = "gsock-client";
  /* The signals are ours: with readline's own handlers one that comes outside
   * its calls would leave the terminal as it is. */
  *rl->rl_catch_signals = 0;
  *rl->rl_catch_sigwinch = 0;
  *rl->rl_change_environment = 0;
  rl->rl_bind_key ('\t', rl->rl_insert);
  /* Pasted lines are lines, not one with newlines inside. */
  rl->rl_variable_bind ("enable-bracketed-paste", "off");
  rl->using_history ();
  editor->history = find_history ();
  if (editor->history != NULL)
    rl->read_history (editor->history);
  rl->rl_callback_handler_install (editor->prompt, line_cb);
}

static void
readline_end (GsockEditor *editor)
{
  if (!editor->ended)
    {
      rl->rl_clear_visible_line ();
      rl->rl_callback_handler_remove ();
    }
  editor->ended = TRUE;
  keep_history (editor);
  g_clear_pointer (&editor->history, g_free);
}

static void
readline_read_some (G_GNUC_UNUSED GsockEditor *editor)
{
  rl->rl_callback_read_char ();
}

static void
readline_hide (G_GNUC_UNUSED GsockEditor *editor)
{
  rl->rl_clear_visible_line ();
  fflush (*rl->rl_outstream);
}

static void
readline_show (G_GNUC_UNUSED GsockEditor *editor)
{
  rl->rl_on_new_line ();
  rl->rl_redisplay ();
}

static void
readline_suspend (G_GNUC_UNUSED GsockEditor *editor)
{
  rl->rl_deprep_terminal ();
}

static void
readline_resume (G_GNUC_UNUSED GsockEditor *editor)
{
  rl->rl_prep_terminal (1);
  rl->rl_forced_update_display ();
}

static void
readline_resize (G_GNUC_UNUSED GsockEditor *editor)
{
  rl->rl_resize_terminal ();
}

static const Way readline_way = {
  .begin = readline_begin,
  .end = readline_end,
  .read_some = readline_read_some,
  .hide = readline_hide,
  .show = readline_show,
  .suspend = readline_suspend,
  .resume = readline_resume,
  .resize = readline_resize,
};

#endif

/* --- The terminal's own -------------------------------------------------- */

static void
plain_begin (GsockEditor *editor)
{
  editor->line = g_string_new (NULL);
  write_out (STDOUT_FILENO, editor->prompt, strlen (editor->prompt));
}

static void
plain_end (GsockEditor *editor)
{
  if (!editor->ended)
    write_out (STDOUT_FILENO, "\r\033[K", 4);
  editor->ended = TRUE;
  g_string_free (editor->line, TRUE);
}

static void
plain_read_some (GsockEditor *editor)
{
  char bytes[4096];
  gssize size = read (STDIN_FILENO, bytes, sizeof bytes);
  char *end_of_line;

  if (size < 0 && (errno == EINTR || errno == EAGAIN))
    return;
  if (size > 0)
    g_string_append_len (editor->line, bytes, size);
  while (!editor->freed
         && (end_of_line = memchr (editor->line->str, '\n', editor->line->len))
                != NULL)
    {
      g_autofree char *line = g_strndup (editor->line->str,
                                         end_of_line - editor->line->str);

      g_string_erase (editor->line, 0, end_of_line - editor->line->str + 1);
      give (editor, line);
      if (!editor->freed)
        write_out (STDOUT_FILENO, editor->prompt, strlen (editor->prompt));
    }
  if (size > 0 || editor->freed)
    return;
  if (editor->line->len > 0)
    {
      g_autofree char *rest = g_strdup (editor->line->str);

      /* A last line without its end is a line too. */
      give (editor, rest);
      if (editor->freed)
        return;
    }
  editor->ended = TRUE;
  write_out (STDOUT_FILENO, "\n", 1);
  give (editor, NULL);
}

static void
plain_hide (G_GNUC_UNUSED GsockEditor *editor)
{
  write_out (STDOUT_FILENO, "\r\033[K", 4);
}

/* What has been typed is the terminal's and can't be shown again. */
static void
plain_show (GsockEditor *editor)
{
  write_out (STDOUT_FILENO, editor->prompt, strlen (editor->prompt));
}

static void
plain_nothing (G_GNUC_UNUSED GsockEditor *editor)
{
}

static const Way plain_way = {
  .begin = plain_begin,
  .end = plain_end,
  .read_some = plain_read_some,
  .hide = plain_hide,
  .show = plain_show,
  .suspend = plain_nothing,
  .resume = plain_show,
  .resize = plain_nothing,
};

static const Way *
choose_way (void)
{
#ifdef HAVE_READLINE
  g_autoptr (GError) error = NULL;

  if (rl == NULL)
    rl = gsock_readline_load (&error);
  if (rl != NULL)
    return &readline_way;
  if (gsock_options_get ()->verbosity > 0)
    gsock_log (GSOCK_EVENT_WARNING, .error = error);
#endif
  return &plain_way;
}

/* --- Signals ------------------------------------------------------------- */

/* Signals end or stop the process as they always do, but from the main loop
 * and with the terminal given back first: the handler only writes the number
 * into a pipe. */

static const int signums[] = { SIGINT,  SIGTERM, SIGHUP,
                               SIGQUIT, SIGTSTP, SIGWINCH };
static int signal_pipe[2] = { -1, -1 };

static void
signal_cb (int signum)
{
  unsigned char byte = (unsigned char) signum;
  int saved = errno;

  /* A full pipe has signals enough in it. */
  if (write (signal_pipe[1], &byte, 1) < 0)
    errno = saved;
  errno = saved;
}

static void
set_signals (void (*handler) (int))
{
  struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };

  for (gsize i = 0; i < G_N_ELEMENTS (signums); i++)
    {
      struct sigaction old;

      /* What nohup or a shell has had ignored stays ignored. */
      sigaction (signums[i], NULL, &old);
      if (old.sa_handler != SIG_IGN)
        sigaction (signums[i], &action, NULL);
    }
}

/* As if we had never caught it: the shell sees the same status. */
static void
take_default (int signum)
{
  struct sigaction action = { .sa_handler = SIG_DFL };

  sigaction (signum, &action, NULL);
  raise (signum);
}

static void
handle_signal (GsockEditor *editor, int signum)
{
  if (signum == SIGWINCH)
    editor->way->resize (editor);
  else if (signum == SIGTSTP)
    {
      editor->way->suspend (editor);
      take_default (signum);
      set_signals (signal_cb);
      editor->way->resume (editor);
    }
  else
    {
      clean_up (editor);
      take_default (signum);
    }
}

static gboolean
signals_cb (int fd, G_GNUC_UNUSED GIOCondition condition, gpointer data)
{
  unsigned char signum;

  if (read (fd, &signum, 1) == 1)
    handle_signal (data, signum);
  return G_SOURCE_CONTINUE;
}

static void
begin_signals (GsockEditor *editor, GMainContext *context)
{
  if (!g_unix_open_pipe (signal_pipe, FD_CLOEXEC, NULL))
    return;
  g_unix_set_fd_nonblocking (signal_pipe[0], TRUE, NULL);
  g_unix_set_fd_nonblocking (signal_pipe[1], TRUE, NULL);
  editor->signals = g_unix_fd_source_new (signal_pipe[0], G_IO_IN);
  g_source_set_callback (editor->signals, G_SOURCE_FUNC (signals_cb), editor,
                         NULL);
  g_source_attach (editor->signals, context);
  set_signals (signal_cb);
}

static void
end_signals (GsockEditor *editor)
{
  if (editor->signals == NULL)
    return;
  set_signals (SIG_DFL);
  g_source_destroy (editor->signals);
  g_clear_pointer (&editor->signals, g_source_unref);
  gsock_fd_close (signal_pipe[0]);
  gsock_fd_close (signal_pipe[1]);
}

/* --- The editor ---------------------------------------------------------- */

static void
print_to (GsockEditor *editor, int fd, const char *text, gsize size)
{
  gboolean is_shown = !editor->ended && !editor->giving;

  if (is_shown)
    editor->way->hide (editor);
  write_out (fd, text, size);
  if (is_shown)
    editor->way->show (editor);
}

static void
sink_cb (const char *text, gsize size, gpointer data)
{
  print_to (data, STDERR_FILENO, text, size);
}

static void
clean_up (GsockEditor *editor)
{
  gsock_log_set_sink (NULL, NULL);
  editor->way->end (editor);
}

static void
free_now (GsockEditor *editor)
{
  the_editor = NULL;
  g_free (editor->prompt);
  g_free (editor);
}

static gboolean
input_cb (G_GNUC_UNUSED int fd, G_GNUC_UNUSED GIOCondition condition,
          gpointer data)
{
  GsockEditor *editor = data;

  editor->reading = TRUE;
  editor->way->read_some (editor);
  editor->reading = FALSE;
  if (!editor->freed)
    return !editor->ended;
  free_now (editor);
  return G_SOURCE_REMOVE;
}

/**
 * gsock_editor_new:
 * @prompt: before what is typed
 * @func: told each line
 * @data: for @func
 * @context: where stdin is read
 *
 * Returns: (transfer full): the only editor there is
 */
GsockEditor *
gsock_editor_new (const char *prompt, GsockEditorFunc func, gpointer data,
                  GMainContext *context)
{
  GsockEditor *editor = g_new0 (GsockEditor, 1);

  editor->func = func;
  editor->data = data;
  editor->prompt = g_strdup (prompt);
  editor->way = choose_way ();
  the_editor = editor;
  begin_signals (editor, context);
  editor->way->begin (editor);
  editor->input = g_unix_fd_source_new (STDIN_FILENO, G_IO_IN);
  g_source_set_callback (editor->input, G_SOURCE_FUNC (input_cb), editor, NULL);
  g_source_attach (editor->input, context);
  if (isatty (STDERR_FILENO))
    gsock_log_set_sink (sink_cb, editor);
  return editor;
}

/**
 * gsock_editor_print:
 * @editor: the editor
 * @text: complete lines, safe for a terminal
 * @size: bytes
 */
void
gsock_editor_print (GsockEditor *editor, const char *text, gsize size)
{
  print_to (editor, STDOUT_FILENO, text, size);
}

/**
 * gsock_editor_free:
 * @editor: may be in a call of its own
 */
void
gsock_editor_free (GsockEditor *editor)
{
  clean_up (editor);
  end_signals (editor);
  g_source_destroy (editor->input);
  g_clear_pointer (&editor->input, g_source_unref);
  editor->freed = TRUE;
  if (!editor->reading)
    free_now (editor);
}
