/* confine.h: what this process gives up for good: files and ports (Landlock)
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is taken away from everywhere but where it is allowed. */
typedef enum
{
  GSOCK_CONFINE_WRITES, /* to write, make, replace and remove files */
  GSOCK_CONFINE_ALL,    /* to read and run them too; TCP beyond what is open */
} GsockConfineKind;

/* Rights beneath a path. */
enum
{
  GSOCK_CONFINE_READ = 1 << 0,   /* files and directories */
  GSOCK_CONFINE_WRITE = 1 << 1,  /* to what is there already */
  GSOCK_CONFINE_FILES = 1 << 2,  /* to make, replace and remove files, too */
  GSOCK_CONFINE_REMOVE = 1 << 3, /* to remove files, nothing else */
};

/* Made, filled and applied by one thread. */
typedef struct _GsockConfine GsockConfine;

/* @alone: no UNIX socket of an abstract name is called, nor any process
 * signalled, from now on.  Never NULL: where the kernel has no Landlock, what
 * follows does nothing. */
GsockConfine *gsock_confine_new (GsockConfineKind kind, gboolean alone);
void gsock_confine_free (GsockConfine *confine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockConfine, gsock_confine_free)

/* Of a path that is not there nothing is allowed. */
void gsock_confine_allow (GsockConfine *confine, const char *path,
                          guint rights);
/* The directory that @path is in, and the one that it leads to by links. */
void gsock_confine_allow_around (GsockConfine *confine, const char *path,
                                 guint rights);
/* What stands behind a descriptor, to be opened again. */
void gsock_confine_allow_fd (GsockConfine *confine, int fd, guint rights);

/* For this thread, and those and the processes that it starts, until they end.
 * Whether the kernel does it: best effort, and told by --explain only. */
gboolean gsock_confine_apply (GsockConfine *confine);

G_END_DECLS
