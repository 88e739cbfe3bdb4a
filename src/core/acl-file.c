/* acl-file.c: a file of rules: a rule a line
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "core/acl-private.h"
#include "core/error.h"
#include "core/fd.h"

/* Some 800,000 networks; what is longer was not meant. */
#define FILE_MAX (16 * 1024 * 1024)

/* A pipe would be empty, or block, when it is read again. */
static int
open_file (const char *path, const char *name, GError **error)
{
  g_auto (GsockFd)
      fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  struct stat status;

  if (fd < 0 || fstat (fd, &status) != 0)
    {
      gsock_set_error_errno (error, GSOCK_ERROR_USAGE, errno,
                             _ ("The rules of %s can't be read"), name);
      return -1;
    }
  if (!S_ISREG (status.st_mode))
    {
      gsock_refuse (
          error,
          _ ("The rules of %s can't be read: it is not a regular file, "
             "and SIGHUP reads it again"),
          name);
      return -1;
    }
  return gsock_fd_steal (&fd);
}

static gboolean
read_all (int fd, GString *bytes, const char *name, GError **error)
{
  char chunk[16 * 1024];

  for (;;)
    {
      gssize got = read (fd, chunk, sizeof chunk);

      if (got == 0)
        return TRUE;
      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        {
          gsock_set_error_errno (error, GSOCK_ERROR_USAGE, errno,
                                 _ ("The rules of %s can't be read"), name);
          return FALSE;
        }
      if (bytes->len + (gsize) got > FILE_MAX)
        return gsock_refuse (
            error,
            _ ("The rules of %s can't be read: it has more than "
               "%d bytes"),
            name, FILE_MAX);
      g_string_append_len (bytes, chunk, got);
    }
}

static gboolean
add_line (char *line, GsockAclAddFunc add, gpointer data, GError **error)
{
  line[strcspn (line, "#")] = '\0';
  g_strstrip (line);
  if (*line == '\0')
    return TRUE;
  if (*line == '@')
    return gsock_refuse (error, _ ("A file of rules can't name another one"));
  return add (line, data, error);
}

static gboolean
add_lines (GString *bytes, const char *name, GsockAclAddFunc add, gpointer data,
           GError **error)
{
  char *next = bytes->str;
  char *end = bytes->str + bytes->len;

  /* Editors of other systems begin a file with a byte order mark. */
  if (g_str_has_prefix (next, "\xef\xbb\xbf"))
    next += 3;

  for (guint number = 1; next < end; number++)
    {
      char *line = next;
      char *newline = memchr (line, '\n', (gsize) (end - line));

      next = newline != NULL ? newline + 1 : end;
      if (newline != NULL)
        *newline = '\0';
      if (strlen (line)
          != (gsize) (newline != NULL ? newline - line : end - line))
        return gsock_refuse (error, _ ("%s:%u: the line has a NUL byte"), name,
                             number);
      if (!add_line (line, add, data, error))
        {
          g_prefix_error (error, "%s:%u: ", name, number);
          return FALSE;
        }
    }
  return TRUE;
}

/**
 * gsock_acl_file_read:
 * @path: the file
 * @name: its name as it was given, escaped: for errors
 * @add: takes one rule; %FALSE with an error ends it
 * @data: for @add
 * @error: %GSOCK_ERROR_USAGE, or what @add set; of a line, with its number
 *
 * Returns: %TRUE if all was read, and @add took all
 */
gboolean
gsock_acl_file_read (const char *path, const char *name, GsockAclAddFunc add,
                     gpointer data, GError **error)
{
  g_auto (GsockFd) fd = open_file (path, name, error);
  g_autoptr (GString) bytes = g_string_new (NULL);

  return fd >= 0 && read_all (fd, bytes, name, error)
         && add_lines (bytes, name, add, data, error);
}
