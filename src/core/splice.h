/* splice.h: pipes that the kernel moves bytes through, a few and shared
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Between two descriptors: splice(2) wants a pipe at one end. */
typedef struct
{
  int fds[2];
  gsize held; /* bytes in it */
} GsockPipe;

/* Embedded in a worker, whose thread it belongs to; all zero is an empty one. */
typedef struct
{
  GPtrArray *idle; /* empty ones, for the next who wants one */
  guint count;     /* idle or not */
  gint64 refused;  /* when the kernel gave none; monotonic microseconds */
} GsockPipes;

void gsock_pipes_clear (GsockPipes *pipes);
/* NULL where there are enough, or no descriptors: copy then. */
GsockPipe *gsock_pipes_take (GsockPipes *pipes);
/* What is still in it is lost. */
void gsock_pipes_give (GsockPipes *pipes, GsockPipe *pipe);

/* As read and write: bytes moved, 0: the end of @fd, -1 and errno. An empty
 * pipe tells EAGAIN only where @fd has nothing. */
gssize gsock_pipe_fill (GsockPipe *pipe, int fd, gsize size);
gssize gsock_pipe_drain (GsockPipe *pipe, int fd);
/* All that it holds goes to the file @fd; *@copied is set where its file system
 * has no way for that but write.  FALSE and errno: @pipe holds the rest. */
gboolean gsock_pipe_empty (GsockPipe *pipe, int fd, gboolean *copied);

G_END_DECLS
