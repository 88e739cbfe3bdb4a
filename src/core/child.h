/* child.h: a process of a connection: started, watched, told to end
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include "core/worker.h"

G_BEGIN_DECLS

typedef struct _GsockChild GsockChild;

/* It has ended and been reaped, and so has all of its group: pid is of no use
 * any more. */
typedef void (*GsockChildEndedFunc) (GsockChild *child);

/* Embedded in its owner; belongs to its worker's thread. */
struct _GsockChild
{
  GsockWatch watch; /* first: of its pidfd; or of none */
  GsockTimer timer;
  GsockWorker *worker;
  GsockChildEndedFunc ended;
  pid_t pid;        /* and its process group, and its session */
  int number;       /* of its status or of the signal that ended it */
  gboolean killed;  /* a signal ended it */
  gboolean reaped;  /* it has ended, but some of its group have not */
  gboolean killing; /* SIGKILL is out */
  gint64 kill_at;   /* monotonic µs; 0: nobody has asked it to end */
  gint64 since;     /* monotonic µs */
  gint64 patience;  /* µs from SIGTERM to SIGKILL for what it leaves behind */
};

/* What children of one kind have in common; immutable. */
typedef struct
{
  const char *path; /* of the program, as gsock_child_find() gave it */
  char *const *argv;
  const struct rlimit *files; /* its RLIMIT_NOFILE; NULL: ours */
  gint64 patience;            /* see above */
} GsockChildProgram;

/* Starts it with @in and @out (borrowed, blocking) as 0 and 1, our own stderr,
 * no other descriptor, no signal blocked or ignored, in a session of its own.
 * FALSE with GSOCK_ERROR_COMMAND, and nothing is left. */
gboolean gsock_child_start (GsockChild *child, const GsockChildProgram *program,
                            char *const *environment, int in, int out,
                            GsockWorker *worker, GsockChildEndedFunc ended,
                            GError **error);
/* SIGTERM to its group now, SIGKILL when it is not gone after @patience (µs). */
void gsock_child_stop (GsockChild *child, gint64 patience);

/* What the shell would run for @name.  GSOCK_ERROR_COMMAND; @status (may be
 * NULL) is then what the shell's would be, 126 or 127. */
char *gsock_child_find (const char *name, int *status, GError **error);

/* As the shell has it: 128 and the signal's number for one that was killed. */
int gsock_child_get_status (const GsockChild *child);

G_END_DECLS
