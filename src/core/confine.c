/* confine.c: what this process gives up for good: files and ports (Landlock)
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Whoever finds a hole in us finds himself in a process that can do what it
 * still has to do, and nothing else.  Descriptors that are open stay as they
 * are: Landlock is asked when a path is opened, or a port.
 *
 * Each version of Landlock knows more rights (landlock(7)); what the kernel
 * does not know can't be taken away, and what it lacks altogether is no reason
 * to serve nobody.  The C library has no functions for it and older headers
 * lack half of it, so both are here. */

#include "config.h"

#include "core/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "core/call.h"
#include "core/escape.h"
#include "core/fd.h"

/* The same numbers on every architecture. */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

#define CREATE_RULESET_VERSION 1u
#define RULE_PATH_BENEATH 1

#define FS_EXECUTE (G_GUINT64_CONSTANT (1) << 0)
#define FS_WRITE_FILE (G_GUINT64_CONSTANT (1) << 1)
#define FS_READ_FILE (G_GUINT64_CONSTANT (1) << 2)
#define FS_READ_DIR (G_GUINT64_CONSTANT (1) << 3)
#define FS_REMOVE_FILE (G_GUINT64_CONSTANT (1) << 5)
#define FS_MAKE_REG (G_GUINT64_CONSTANT (1) << 8)
#define FS_REFER (G_GUINT64_CONSTANT (1) << 13)
#define FS_TRUNCATE (G_GUINT64_CONSTANT (1) << 14)
#define FS_IOCTL_DEV (G_GUINT64_CONSTANT (1) << 15)
/* Of the first version: all the bits up to MAKE_SYM. */
#define FS_FIRST ((G_GUINT64_CONSTANT (1) << 13) - 1)
#define NET_TCP G_GUINT64_CONSTANT (3)
#define SCOPE_ABSTRACT_AND_SIGNALS G_GUINT64_CONSTANT (3)

/* What has a meaning for what is no directory. */
#define FS_OF_FILES \
  (FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV)

struct ruleset
{
  guint64 fs, net, scoped;
};

/* What a sanitizer has to read when we end, it finds in /proc. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define READS_ALL
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define READS_ALL
#endif

/* As the kernel packs it. */
struct path_beneath
{
  guint64 allowed;
  gint32 parent;
} __attribute__ ((packed));

struct _GsockConfine
{
  struct ruleset handled;
  int version; /* of Landlock; below 1: there is none */
  int fd;      /* the ruleset; -1 */
};

/* How much of struct ruleset a version has. */
static gsize
size_for (int version)
{
  if (version < 4)
    return G_STRUCT_OFFSET (struct ruleset, net);
  if (version < 6)
    return G_STRUCT_OFFSET (struct ruleset, scoped);
  return sizeof (struct ruleset);
}

static struct ruleset
handled_by (int version, GsockConfineKind kind, gboolean alone)
{
  struct ruleset handled = { .fs = FS_FIRST };

  if (version >= 2)
    handled.fs |= FS_REFER;
  if (version >= 3)
    handled.fs |= FS_TRUNCATE;
  if (version >= 5)
    handled.fs |= FS_IOCTL_DEV;
  if (kind == GSOCK_CONFINE_WRITES)
    {
      handled.fs &= ~(FS_EXECUTE | FS_READ_FILE | FS_READ_DIR | FS_IOCTL_DEV);
      return handled;
    }
  if (version >= 4)
    handled.net = NET_TCP;
  if (version >= 6 && alone)
    handled.scoped = SCOPE_ABSTRACT_AND_SIGNALS;
  return handled;
}

static void
tell_created (const GsockConfine *confine, int errnum)
{
  if (confine->version < 1)
    gsock_call (GSOCK_CALL_LANDLOCK_CREATE_RULESET, NULL, -1, errnum, NULL,
                "NULL, 0, LANDLOCK_CREATE_RULESET_VERSION");
  else
    gsock_call (GSOCK_CALL_LANDLOCK_CREATE_RULESET, NULL, confine->fd, errnum,
                NULL, "{fs: 0x%x, net: 0x%x, scoped: 0x%x}, %u, 0",
                (guint) confine->handled.fs, (guint) confine->handled.net,
                (guint) confine->handled.scoped,
                (guint) size_for (confine->version));
}

/**
 * gsock_confine_new:
 * @kind: what is to be taken away
 * @alone: whether abstract names and other processes are out of reach too;
 *   %GSOCK_CONFINE_ALL only
 *
 * Returns: (transfer full): nothing is taken away before
 *   gsock_confine_apply()
 */
GsockConfine *
gsock_confine_new (GsockConfineKind kind, gboolean alone)
{
  GsockConfine *confine = g_new0 (GsockConfine, 1);
  int errnum = 0;

  confine->fd = -1;
  confine->version = (int) syscall (SYS_landlock_create_ruleset, NULL, 0,
                                    CREATE_RULESET_VERSION);
  if (confine->version >= 1)
    {
      confine->handled = handled_by (confine->version, kind, alone);
      confine->fd = (int) syscall (SYS_landlock_create_ruleset,
                                   &confine->handled,
                                   size_for (confine->version), 0);
    }
  if (confine->fd < 0)
    errnum = errno;
  if (gsock_explaining ())
    tell_created (confine, errnum);
#ifdef READS_ALL
  gsock_confine_allow (confine, "/", GSOCK_CONFINE_READ);
#endif
  return confine;
}

void
gsock_confine_free (GsockConfine *confine)
{
  if (confine->fd >= 0)
    gsock_fd_close (confine->fd);
  g_free (confine);
}

static guint64
access_of (const GsockConfine *confine, guint rights)
{
  guint64 access = 0;

  if (rights & GSOCK_CONFINE_READ)
    access |= FS_READ_FILE | FS_READ_DIR | FS_IOCTL_DEV;
  if (rights & (GSOCK_CONFINE_WRITE | GSOCK_CONFINE_FILES))
    access |= FS_WRITE_FILE | FS_TRUNCATE | FS_IOCTL_DEV;
  if (rights & GSOCK_CONFINE_FILES)
    access |= FS_MAKE_REG | FS_REMOVE_FILE;
  if (rights & GSOCK_CONFINE_REMOVE)
    access |= FS_REMOVE_FILE;
  return access & confine->handled.fs;
}

static void
allow (GsockConfine *confine, int fd, const char *name, guint rights)
{
  struct path_beneath rule = { .allowed = access_of (confine, rights),
                               .parent = fd };
  struct stat status;
  long result;

  if (fstat (fd, &status) == 0 && !S_ISDIR (status.st_mode))
    rule.allowed &= FS_OF_FILES;
  if (rule.allowed == 0)
    return;
  result = syscall (SYS_landlock_add_rule, confine->fd, RULE_PATH_BENEATH,
                    &rule, 0);
  if (gsock_explaining ())
    {
      int errnum = result < 0 ? errno : 0;
      g_autofree char *shown = gsock_escape_brief (name);

      gsock_call (GSOCK_CALL_LANDLOCK_ADD_RULE, "", result, errnum, NULL,
                  "%d, LANDLOCK_RULE_PATH_BENEATH, {0x%x, %s}, 0", confine->fd,
                  (guint) rule.allowed, shown);
    }
}

/**
 * gsock_confine_allow:
 * @confine: not applied yet
 * @path: a directory, or a file
 * @rights: GSOCK_CONFINE_READ...
 */
void
gsock_confine_allow (GsockConfine *confine, const char *path, guint rights)
{
  g_auto (GsockFd) fd = -1;

  if (confine->fd < 0)
    return;
  fd = open (path, O_PATH | O_CLOEXEC);
  if (fd >= 0)
    allow (confine, fd, path, rights);
}

/**
 * gsock_confine_allow_around:
 * @confine: not applied yet
 * @path: a file
 * @rights: GSOCK_CONFINE_READ...
 *
 * The rights are those of the directory, for a file that others replace is
 * another file each time.
 */
void
gsock_confine_allow_around (GsockConfine *confine, const char *path,
                            guint rights)
{
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *real = realpath (path, NULL);
  g_autofree char *real_directory = NULL;

  gsock_confine_allow (confine, directory, rights);
  if (real == NULL)
    return;
  real_directory = g_path_get_dirname (real);
  if (!g_str_equal (real_directory, directory))
    gsock_confine_allow (confine, real_directory, rights);
}

/* Those of pipe(2) are in no file system that there could be a rule for. */
static gboolean
is_pipe_with_path (int fd)
{
  struct statfs system;

  return fstatfs (fd, &system) == 0
         && (guint64) system.f_type != (guint64) PIPEFS_MAGIC;
}

/**
 * gsock_confine_allow_fd:
 * @confine: not applied yet
 * @fd: a terminal, a file or a named pipe, which are opened again by their
 *   path; what has none needs no right
 * @rights: GSOCK_CONFINE_READ or _WRITE
 */
void
gsock_confine_allow_fd (GsockConfine *confine, int fd, guint rights)
{
  char name[sizeof "/dev/fd/-2147483648"];
  struct stat status;

  if (confine->fd < 0 || fstat (fd, &status) != 0
      || !(S_ISREG (status.st_mode) || S_ISCHR (status.st_mode)
           || (S_ISFIFO (status.st_mode) && is_pipe_with_path (fd))))
    return;
  g_snprintf (name, sizeof name, "/dev/fd/%d", fd);
  allow (confine, fd, name, rights);
}

/**
 * gsock_confine_apply:
 * @confine: filled
 *
 * There is no way back, for the whole life of the thread and of all that it
 * starts.  Files that run with more rights than their user's give them no
 * longer, either (no_new_privs), which the kernel asks for.
 *
 * Returns: whether the kernel does it
 */
gboolean
gsock_confine_apply (GsockConfine *confine)
{
  long result;
  int errnum;

#ifdef COVERAGE
  return FALSE; /* counts are written when all is over */
#endif
  if (confine->fd < 0)
    return FALSE;
  result = prctl (PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L);
  errnum = result < 0 ? errno : 0;
  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_PRCTL, "PR_SET_NO_NEW_PRIVS", result, errnum, NULL,
                "PR_SET_NO_NEW_PRIVS, 1");
  result = syscall (SYS_landlock_restrict_self, confine->fd, 0);
  errnum = result < 0 ? errno : 0;
  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_LANDLOCK_RESTRICT_SELF, NULL, result, errnum, NULL,
                "%d, 0", confine->fd);
  return result == 0;
}
