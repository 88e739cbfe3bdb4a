/* exec.h: one process for each client
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/child.h"
#include "handlers/handlers.h"

G_BEGIN_DECLS

/* Of SIGTERM to a process whose client is done with, until SIGKILL. */
#define GSOCK_EXEC_PATIENCE G_USEC_PER_SEC

/* Descriptors of ours for a client: a pidfd where the process has the socket;
 * else the socket, two pipes' ends and the pidfd. */
#define GSOCK_EXEC_DESCRIPTORS 1
#define GSOCK_EXEC_DESCRIPTORS_PIPED 4

/* Belongs to whoever made it; not changed while connections live but for
 * @status. */
typedef struct
{
  GsockChildProgram program;
  char *path;
  char **argv;
  struct rlimit files;
  gboolean allows_abstract; /* rules name the users who may come in */
  GPtrArray *environment;   /* borrowed strings: what every child gets */
  /* Of the last child, as the shell has it; -1: none has ended.  Only looked
   * at where there is one connection at all. */
  int status;
} GsockExec;

/* @argv is copied; its first word is looked for as the shell does.  Before the
 * limit of descriptors is raised.  GSOCK_ERROR_COMMAND, with @status the
 * shell's for it. */
gboolean gsock_exec_init (GsockExec *exec, char *const *argv, int *status,
                          GError **error);
void gsock_exec_clear (GsockExec *exec);

G_END_DECLS
