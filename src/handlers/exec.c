/* exec.c: one process for each client
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The process gets the socket itself, so each direction ends as the kernel has
 * it, nothing is copied, and a client that goes away is the process's to
 * notice.  Where something has to stand between (TLS, a frame, a rate, an idle
 * timeout, a record), it gets a pair of pipes, and each is closed by itself.
 *
 * Either way the connection counts as one of the server's until its process and
 * all of its process group have ended. */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <unistd.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/log.h"
#include "handlers/exec-private.h"

/* Belongs to its connection's thread. */
typedef struct
{
  GsockChild child; /* first */
  GsockConnection *connection;
  GsockExec *exec;
  GsockExecPipe *pipe;       /* NULL: the process has the socket */
  gboolean connection_ended; /* its closed was called */
} Run;

static void
free_run (Run *run)
{
  GsockConnection *connection = run->connection;

  g_clear_pointer (&run->pipe, gsock_exec_pipe_free);
  g_free (run);
  gsock_connection_set_state (connection, NULL);
  gsock_connection_let_go (connection);
}

static void
child_ended_cb (GsockChild *child)
{
  Run *run = (Run *) child;
  GsockConnection *connection = run->connection;

  gsock_log (GSOCK_EVENT_CHILD_ENDED,
             .id = gsock_connection_get_id (connection),
             .peer = gsock_connection_get_peer (connection),
             .child = (guint64) child->pid,
             .duration = g_get_monotonic_time () - child->since,
             .text = child->killed ? "killed" : "exited",
             .count = (guint64) child->number);
  run->exec->status = gsock_child_get_status (child);
  child->pid = 0;
  if (run->connection_ended)
    free_run (run);
  else if (run->pipe == NULL)
    gsock_connection_close (connection, NULL);
  /* Else what is in the pipe goes to the client first, and then its end. */
}

static void
tell_started (Run *run)
{
  gsock_log (GSOCK_EVENT_CHILD_STARTED,
             .id = gsock_connection_get_id (run->connection),
             .peer = gsock_connection_get_peer (run->connection),
             .child = (guint64) run->child.pid);
}

/* FALSE: no process; the connection is to be closed with @error. */
static gboolean
start (GsockConnection *connection, int in, int out, int socket, Run **result,
       GError **error)
{
  GsockExec *exec = gsock_connection_get_handler_data (connection);
  char **environment = gsock_exec_environment_for (exec->environment,
                                                   connection, socket);
  Run *run = g_new0 (Run, 1);
  gboolean started = gsock_child_start (
      &run->child, &exec->program, environment, in, out,
      gsock_connection_get_worker (connection), child_ended_cb, error);

  gsock_exec_environment_free (exec->environment, environment);
  if (!started)
    {
      exec->status = 125;
      g_free (run);
      return FALSE;
    }
  run->connection = connection;
  run->exec = exec;
  gsock_connection_set_state (connection, run);
  gsock_connection_keep (connection);
  tell_started (run);
  *result = run;
  return TRUE;
}

/* The process has the socket. */

static void
handed (GsockConnection *connection, int fd)
{
  g_autoptr (GError) error = NULL;
  int flags = fcntl (fd, F_GETFL);
  Run *run;

  /* Nobody expects a standard stream that does not block. */
  if (flags >= 0)
    (void) fcntl (fd, F_SETFL, flags & ~O_NONBLOCK);
  if (!start (connection, fd, fd, fd, &run, &error))
    gsock_connection_close (connection, error);
}

/* The process has pipes. */

static gboolean
open_pipe (GsockFd *read_end, GsockFd *write_end, GError **error)
{
  int ends[2];

  if (pipe2 (ends, O_CLOEXEC) != 0)
    {
      gsock_set_error_errno (error, GSOCK_ERROR_FAILED, errno,
                             _ ("Cannot open a pipe"));
      return FALSE;
    }
  *read_end = ends[0];
  *write_end = ends[1];
  return TRUE;
}

static gboolean
start_piped (GsockConnection *connection, GError **error)
{
  g_auto (GsockFd) child_in = -1, in = -1, out = -1, child_out = -1;
  Run *run;

  if (!open_pipe (&child_in, &in, error) || !open_pipe (&out, &child_out, error)
      || !gsock_fd_set_nonblocking (in, error)
      || !gsock_fd_set_nonblocking (out, error)
      || !start (connection, child_in, child_out,
                 gsock_connection_get_fd (connection), &run, error))
    return FALSE;
  run->pipe = gsock_exec_pipe_new (connection, gsock_fd_steal (&in),
                                   gsock_fd_steal (&out), error);
  return run->pipe != NULL;
}

/* The command line's addresses have been looked at; one that was inherited
 * can be abstract too. */
static gboolean
may_run (GsockConnection *connection, GError **error)
{
  GsockExec *exec = gsock_connection_get_handler_data (connection);
  const GsockEndpoint *local = gsock_connection_get_local (connection);

  if (exec->allows_abstract || local == NULL
      || !gsock_endpoint_is_abstract (local))
    return TRUE;
  g_set_error_literal (error, GSOCK_ERROR, GSOCK_ERROR_DENIED,
                       _ ("No COMMAND is run for an abstract name unless "
                          "--allow=uid:USER says for whom"));
  return FALSE;
}

/* A balancer that only looks whether we are there needs no process: it has
 * connected, and so it knows. */
static void
opened (GsockConnection *connection)
{
  g_autoptr (GError) error = NULL;

  if (gsock_connection_is_check (connection))
    gsock_connection_end (connection);
  else if (!may_run (connection, &error))
    gsock_connection_close (connection, error);
  else if (gsock_connection_can_hand_over (connection))
    gsock_connection_hand_over (connection);
  else if (!start_piped (connection, &error))
    gsock_connection_close (connection, error);
}

static GsockExecPipe *
pipe_of (GsockConnection *connection)
{
  Run *run = gsock_connection_get_state (connection);

  return run != NULL ? run->pipe : NULL;
}

static void
message (GsockConnection *connection, const char *data, gsize size)
{
  GsockExecPipe *pipe = pipe_of (connection);

  if (pipe != NULL)
    gsock_exec_pipe_feed (pipe, data, size);
}

static void
ended (GsockConnection *connection)
{
  GsockExecPipe *pipe = pipe_of (connection);

  if (pipe != NULL)
    gsock_exec_pipe_end (pipe);
}

static void
relieved (GsockConnection *connection)
{
  GsockExecPipe *pipe = pipe_of (connection);

  if (pipe != NULL)
    gsock_exec_pipe_relieved (pipe);
}

/* A process whose client has ended well may take its time.  One whose
 * connection we have cut is told to end. */
static void
closed (GsockConnection *connection, const GError *error)
{
  Run *run = gsock_connection_get_state (connection);

  if (run == NULL)
    return;
  run->connection_ended = TRUE;
  g_clear_pointer (&run->pipe, gsock_exec_pipe_free);
  if (run->child.pid == 0)
    {
      gsock_connection_set_state (connection, NULL);
      gsock_connection_let_go (connection);
      g_free (run);
    }
  else if (error != NULL)
    gsock_child_stop (&run->child, GSOCK_EXEC_PATIENCE);
}

/* The second time it means at once. */
static void
cut (GsockConnection *connection)
{
  Run *run = gsock_connection_get_state (connection);

  gsock_child_stop (&run->child,
                    run->child.kill_at == 0 ? GSOCK_EXEC_PATIENCE : 0);
}

const GsockHandler gsock_exec_handler = {
  .name = "exec",
  .frame = "raw",
  .needs_end = TRUE,
  .opened = opened,
  .handed = handed,
  .message = message,
  .ended = ended,
  .relieved = relieved,
  .cut = cut,
  .closed = closed,
};

/**
 * gsock_exec_init:
 * @exec: storage of the caller
 * @argv: (array zero-terminated=1): the command, copied
 * @status: (out): with @error, the shell's exit status for it
 * @error: %GSOCK_ERROR_COMMAND: there is no such program
 *
 * Call it before the limit of descriptors is raised: children get it as it was.
 *
 * Returns: whether there is such a program
 */
gboolean
gsock_exec_init (GsockExec *exec, char *const *argv, int *status,
                 GError **error)
{
  struct sigaction standard = { .sa_handler = SIG_DFL };

  *exec = (GsockExec) { .status = -1 };
  exec->path = gsock_child_find (argv[0], status, error);
  if (exec->path == NULL)
    return FALSE;
  /* Ignored, as some parents leave it, children would vanish by themselves,
   * and their status with them. */
  sigaction (SIGCHLD, &standard, NULL);
  exec->argv = g_strdupv ((char **) argv);
  exec->environment = gsock_exec_environment_new ();
  exec->program = (GsockChildProgram) {
    .path = exec->path,
    .argv = exec->argv,
    .patience = GSOCK_EXEC_PATIENCE,
  };
  if (getrlimit (RLIMIT_NOFILE, &exec->files) == 0)
    exec->program.files = &exec->files;
  return TRUE;
}

void
gsock_exec_clear (GsockExec *exec)
{
  g_clear_pointer (&exec->path, g_free);
  g_clear_pointer (&exec->argv, g_strfreev);
  g_clear_pointer (&exec->environment, g_ptr_array_unref);
}
