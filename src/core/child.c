/* child.c: a process of a connection: started, watched, told to end
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* posix_spawn is a vfork: what it costs does not grow with our memory, as a
 * fork of a server with ten thousand clients would.  The end is told by a pidfd
 * in the worker's poller: each worker reaps its own, no signal is involved, and
 * no source of the main loop is made for a child.  Where there are no pidfds (a
 * sandbox's filter, valgrind 3.19) it is looked for, twenty times a second.
 *
 * A child leads a session, and so a process group, of its own.  When it has
 * ended, what it has started and left behind in that group is told to end too,
 * as a service manager would.  The group's number is safe to use as long as the
 * leader is not reaped or a member lives: so SIGTERM goes out before the child
 * is reaped, and afterwards the group is looked at until nobody is in it. */

#include "config.h"

#include "core/child.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/fd.h"

/* How often a group is looked at whose leader has ended, and a child that
 * nothing tells of. */
#define LOOK_EVERY (50 * G_TIME_SPAN_MILLISECOND)

static int
open_pidfd (pid_t pid)
{
  /* Close-on-exec by itself. */
  return (int) syscall (SYS_pidfd_open, pid, 0);
}

/* The end. */

static void
finish (GsockChild *child)
{
  gsock_worker_disarm (child->worker, &child->timer);
  child->ended (child);
}

static gboolean
group_is_empty (const GsockChild *child)
{
  return kill (-child->pid, 0) != 0 && errno == ESRCH;
}

static gboolean
is_watched (const GsockChild *child)
{
  return child->watch.fd >= 0;
}

static void
set_status (GsockChild *child, const siginfo_t *info)
{
  child->killed = info->si_code == CLD_KILLED || info->si_code == CLD_DUMPED;
  child->number = info->si_status;
}

/* It has, and is reaped, and its group is told to end. */
static gboolean
has_ended (GsockChild *child)
{
  idtype_t type = is_watched (child) ? P_PIDFD : P_PID;
  id_t id = (id_t) (is_watched (child) ? child->watch.fd : child->pid);
  siginfo_t info = { 0 };
  int result = waitid (type, id, &info, WEXITED | WNOHANG | WNOWAIT);

  if (result == 0 && info.si_pid == 0)
    return FALSE;
  if (result == 0)
    {
      set_status (child, &info);
      (void) kill (-child->pid, SIGTERM);
      (void) waitid (type, id, &info, WEXITED | WNOHANG);
    }
  return TRUE;
}

static void
await_group (GsockChild *child)
{
  child->reaped = TRUE;
  if (group_is_empty (child))
    {
      finish (child);
      return;
    }
  if (child->kill_at == 0)
    child->kill_at = g_get_monotonic_time () + child->patience;
  gsock_worker_arm_in (child->worker, &child->timer, 0);
}

/* When there is something to look at again, or to be done. */
static void
arm (GsockChild *child)
{
  gint64 next = g_get_monotonic_time () + LOOK_EVERY;

  if (is_watched (child) && !child->reaped)
    next = child->kill_at;
  else if (child->kill_at != 0 && !child->killing)
    next = MIN (next, child->kill_at);
  gsock_worker_arm (child->worker, &child->timer, next);
}

static void
look_cb (GsockTimer *timer)
{
  GsockChild *child = (GsockChild *) ((char *) timer
                                      - G_STRUCT_OFFSET (GsockChild, timer));
  gboolean is_due = child->kill_at != 0
                    && g_get_monotonic_time () >= child->kill_at;

  if (!child->reaped && !is_watched (child) && has_ended (child))
    {
      await_group (child);
      return;
    }
  if (child->reaped && group_is_empty (child))
    {
      finish (child);
      return;
    }
  if (is_due)
    (void) kill (-child->pid, SIGKILL);
  /* Nothing outlives that; who reaps them is not our affair. */
  if (is_due && child->reaped)
    {
      finish (child);
      return;
    }
  child->killing = is_due;
  if (!is_due || !is_watched (child))
    arm (child);
}

static void
watch_cb (GsockWatch *watch)
{
  GsockChild *child = (GsockChild *) watch;

  if (!has_ended (child))
    {
      gsock_poller_forget (child->worker->poller, watch, GSOCK_READY_IN);
      return;
    }
  gsock_poller_remove (child->worker->poller, watch);
  gsock_fd_close (watch->fd);
  watch->fd = -1;
  await_group (child);
}

/**
 * gsock_child_stop:
 * @child: a child that has not ended
 * @patience: µs
 *
 * SIGTERM to its process group at once, and SIGKILL if it has not ended after
 * @patience.  A second call may only make it sooner.
 */
void
gsock_child_stop (GsockChild *child, gint64 patience)
{
  gint64 due = g_get_monotonic_time () + patience;

  if (child->kill_at != 0 && child->kill_at <= due)
    return;
  if (child->kill_at == 0)
    (void) kill (-child->pid, SIGTERM);
  child->kill_at = due;
  arm (child);
}

/* The beginning. */

static int
prepare (posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes,
         int in, int out)
{
  short flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK
                | POSIX_SPAWN_SETSIGDEF;
  sigset_t all, none;
  int errnum;

  sigfillset (&all);
  sigemptyset (&none);
  posix_spawnattr_setsigdefault (attributes, &all);
  posix_spawnattr_setsigmask (attributes, &none);
  posix_spawnattr_setflags (attributes, flags);
  errnum = posix_spawn_file_actions_adddup2 (actions, in, STDIN_FILENO);
  if (errnum == 0)
    errnum = posix_spawn_file_actions_adddup2 (actions, out, STDOUT_FILENO);
  /* What our own parent left open above 2 is no business of a child either. */
  if (errnum == 0)
    errnum = posix_spawn_file_actions_addclosefrom_np (actions,
                                                       STDERR_FILENO + 1);
  return errnum;
}

static int
spawn (pid_t *pid, const GsockChildProgram *program, char *const *environment,
       int in, int out)
{
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int errnum;

  posix_spawn_file_actions_init (&actions);
  posix_spawnattr_init (&attributes);
  errnum = prepare (&actions, &attributes, in, out);
  if (errnum == 0)
    errnum = posix_spawn (pid, program->path, &actions, &attributes,
                          program->argv, environment);
  posix_spawn_file_actions_destroy (&actions);
  posix_spawnattr_destroy (&attributes);
  return errnum;
}

static void
set_error (GError **error, const GsockChildProgram *program, int errnum)
{
  g_autofree char *path = gsock_escape (program->path, -1);

  if (errnum == EAGAIN)
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_COMMAND,
                 /* TRANSLATORS: a program's path */
                 _ ("Cannot start %s: this user has as many processes as the "
                    "system allows"),
                 path);
  else if (errnum == ENOEXEC)
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_COMMAND,
                 /* TRANSLATORS: a program's path */
                 _ ("Cannot start %s: it is neither a program nor a script "
                    "that begins with #!"),
                 path);
  else
    gsock_set_error_errno (error, GSOCK_ERROR_COMMAND, errnum,
                           /* TRANSLATORS: a program's path */
                           _ ("Cannot start %s"), path);
}

static gboolean
watch (GsockChild *child, GError **error)
{
  g_auto (GsockFd) fd = open_pidfd (child->pid);

  child->watch.fd = -1;
  if (fd < 0 && (errno == ENOSYS || errno == EPERM))
    {
      arm (child);
      return TRUE;
    }
  if (fd < 0)
    {
      gsock_set_error_errno (error, GSOCK_ERROR_COMMAND, errno,
                             _ ("Cannot watch a process (pidfd)"));
      return FALSE;
    }
  if (!gsock_poller_add (child->worker->poller, &child->watch, fd, watch_cb,
                         error))
    return FALSE;
  (void) gsock_fd_steal (&fd);
  gsock_poller_want (child->worker->poller, &child->watch, GSOCK_READY_IN);
  return TRUE;
}

/**
 * gsock_child_start:
 * @child: storage of the caller, not moved until @ended is called
 * @program: what to run
 * @environment: (array zero-terminated=1): all of its environment
 * @in: its stdin, a blocking descriptor; borrowed
 * @out: its stdout, likewise
 * @worker: whose thread this is
 * @ended: called once, when it and its process group have ended; never before
 *   this has returned
 * @error: %GSOCK_ERROR_COMMAND: no process, or no program; %GSOCK_ERROR_FAILED
 *
 * Returns: whether it runs
 */
gboolean
gsock_child_start (GsockChild *child, const GsockChildProgram *program,
                   char *const *environment, int in, int out,
                   GsockWorker *worker, GsockChildEndedFunc ended,
                   GError **error)
{
  pid_t pid = -1;
  int errnum = spawn (&pid, program, environment, in, out);

  if (errnum != 0)
    {
      set_error (error, program, errnum);
      return FALSE;
    }
  *child = (GsockChild) {
    .timer.func = look_cb,
    .worker = worker,
    .ended = ended,
    .pid = pid,
    .since = g_get_monotonic_time (),
    .patience = program->patience,
  };
  /* The server's own limit is raised for its clients' sake; a program with
   * select(2) in it can't live with more than it expects. */
  if (program->files != NULL)
    (void) prlimit (pid, RLIMIT_NOFILE, program->files, NULL);
  if (watch (child, error))
    return TRUE;
  (void) kill (-pid, SIGKILL);
  (void) waitpid (pid, NULL, 0);
  return FALSE;
}

/* Which program. */

/* errno of why @path can't be run; 0: it can. */
static int
why_not (const char *path)
{
  struct stat status;

  if (stat (path, &status) != 0)
    return errno;
  if (S_ISDIR (status.st_mode))
    return EISDIR;
  return access (path, X_OK) == 0 ? 0 : errno;
}

static char *
search_path (const char *name, int *errnum)
{
  const char *value = g_getenv ("PATH");
  g_auto (GStrv)
      folders = g_strsplit (value != NULL ? value : "/usr/bin:/bin", ":", -1);

  *errnum = ENOENT;
  for (gsize i = 0; folders[i] != NULL; i++)
    {
      /* An empty one is where we are, as the shell has it. */
      const char *folder = folders[i][0] != '\0' ? folders[i] : ".";
      g_autofree char *path = g_build_filename (folder, name, NULL);
      int found = why_not (path);

      if (found == 0)
        return g_steal_pointer (&path);
      if (found == EACCES)
        *errnum = found;
    }
  return NULL;
}

/**
 * gsock_child_find:
 * @name: a program's name, looked for in $PATH, or its path, with a "/"
 * @status: (out) (optional): with @error, the shell's status for it: 127 where
 *   there is none, 126 where it can't be run
 * @error: %GSOCK_ERROR_COMMAND
 *
 * Returns: (transfer full) (nullable): its path
 */
char *
gsock_child_find (const char *name, int *status, GError **error)
{
  g_autofree char *shown = gsock_escape (name, -1);
  g_autofree char *path = NULL;
  int errnum = ENOENT;

  if (strchr (name, '/') != NULL)
    {
      errnum = why_not (name);
      path = errnum == 0 ? g_strdup (name) : NULL;
    }
  else if (name[0] != '\0')
    path = search_path (name, &errnum);
  if (path != NULL)
    return g_steal_pointer (&path);
  if (status != NULL)
    *status = errnum == ENOENT || errnum == ENOTDIR ? 127 : 126;
  if (errnum == ENOENT && strchr (name, '/') == NULL)
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_COMMAND,
                 /* TRANSLATORS: a command's name */
                 _ ("There is no command '%s' in any folder of $PATH"), shown);
  else
    gsock_set_error_errno (error, GSOCK_ERROR_COMMAND, errnum,
                           _ ("Cannot run '%s'"), shown);
  return NULL;
}

/**
 * gsock_child_get_status:
 * @child: one that has ended
 *
 * Returns: its exit status; 128 and the signal's number where one ended it
 */
int
gsock_child_get_status (const GsockChild *child)
{
  return child->killed ? 128 + child->number : child->number;
}
