/* port-holder.c: which process listens on a port that can't be had
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* As ss(8) finds it: /proc/net/tcp has the inode of each socket that listens,
 * and a process that has it has "socket:[inode]" among its descriptors.  Those
 * of other users are not shown to us: then nobody is found. */

#include "config.h"

#include "core/port-holder.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The state of a line of /proc/net/tcp. */
#define LISTENING 0x0a

/* The inode of a socket that listens on @port in one of the kernel's tables; 0:
 * there is none. */
static guint64
inode_in (const char *table, guint16 port)
{
  g_autofree char *lines = NULL;
  char *line, *rest = NULL;

  if (!g_file_get_contents (table, &lines, NULL, NULL))
    return 0;
  for (line = strtok_r (lines, "\n", &rest); line != NULL;
       line = strtok_r (NULL, "\n", &rest))
    {
      unsigned int local, state;
      guint64 inode;

      if (sscanf (line,
                  "%*d: %*[0-9A-Fa-f]:%x %*[0-9A-Fa-f]:%*x %x %*x:%*x %*x:%*x "
                  "%*x %*d %*d %" SCNu64,
                  &local, &state, &inode)
              == 3
          && local == port && state == LISTENING)
        return inode;
    }
  return 0;
}

static gboolean
has_descriptor (const char *pid, const char *wanted)
{
  g_autofree char *folder = g_build_filename ("/proc", pid, "fd", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      char target[64];
      gssize n = readlink (path, target, sizeof target - 1);

      if (n > 0)
        {
          target[n] = '\0';
          if (strcmp (target, wanted) == 0)
            return TRUE;
        }
    }
  return FALSE;
}

static void
read_name (GsockPortHolder *holder, const char *pid)
{
  g_autofree char *path = g_build_filename ("/proc", pid, "comm", NULL);
  g_autofree char *name = NULL;

  if (g_file_get_contents (path, &name, NULL, NULL))
    g_strlcpy (holder->name, g_strchomp (name), sizeof holder->name);
}

/**
 * gsock_port_holder_find:
 * @holder: (out caller-allocates): the process
 * @port: a TCP port of this machine
 *
 * Looks at every process that may be looked at: for an error that is about to
 * be told, not for a loop.
 *
 * Returns: %TRUE if one was found
 */
gboolean
gsock_port_holder_find (GsockPortHolder *holder, guint16 port)
{
  guint64 inode = inode_in ("/proc/net/tcp", port);
  g_autoptr (GDir) dir = g_dir_open ("/proc", 0, NULL);
  char wanted[48];
  const char *name;

  *holder = (GsockPortHolder) { .pid = 0 };
  if (inode == 0)
    inode = inode_in ("/proc/net/tcp6", port);
  if (inode == 0 || dir == NULL)
    return FALSE;
  g_snprintf (wanted, sizeof wanted, "socket:[%" PRIu64 "]", inode);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_ascii_isdigit (name[0]) && has_descriptor (name, wanted))
      {
        holder->pid = atoi (name);
        read_name (holder, name);
        return TRUE;
      }
  return FALSE;
}
