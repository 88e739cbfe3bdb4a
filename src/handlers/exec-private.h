/* exec-private.h: what the parts of the exec handler share
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/buffer.h"
#include "handlers/exec.h"

G_BEGIN_DECLS

/* Between a connection and the two pipes of its process; belongs to the
 * connection's thread. */
typedef struct
{
  GsockWatch in;               /* first: to the process; fd -1: closed */
  GsockWatch out;              /* from it; likewise */
  GsockConnection *connection; /* NULL: it has ended */
  GsockBuffer to_process;
  GString *line; /* of its output, begun; NULL on a raw stream */
  gboolean held;
  gboolean peer_ended; /* close @in when all is written */
} GsockExecPipe;

/* @in, @out: our ends, non-blocking; its own from now on. */
GsockExecPipe *gsock_exec_pipe_new (GsockConnection *connection, int in,
                                    int out, GError **error);
void gsock_exec_pipe_free (GsockExecPipe *pipe);
/* What came from the peer; its end; the peer takes bytes again. */
void gsock_exec_pipe_feed (GsockExecPipe *pipe, const char *data, gsize size);
void gsock_exec_pipe_end (GsockExecPipe *pipe);
void gsock_exec_pipe_relieved (GsockExecPipe *pipe);

/* exec-environment.c: what all share; (element-type utf8), no NULL at its end,
 * the strings are the process's. */
GPtrArray *gsock_exec_environment_new (void);
/* (transfer full): NULL ends; @common and what is known of @connection. */
char **gsock_exec_environment_for (const GPtrArray *common,
                                   GsockConnection *connection, int fd);
void gsock_exec_environment_free (const GPtrArray *common, char **environment);

G_END_DECLS
