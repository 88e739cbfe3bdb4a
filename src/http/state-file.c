/* state-file.c: a small text file that is kept from run to run
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/state-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/fd.h"

#define SIZE_MAX_READ (16 << 20)

static gboolean
fail (GError **error, GsockErrorCode code, const char *path, int errnum)
{
  g_autofree char *shown = gsock_escape_brief (path);

  if (code == GSOCK_ERROR_USAGE)
    gsock_set_error_errno (error, code, errnum, _ ("Cannot read %s"), shown);
  else
    /* TRANSLATORS: a file; why comes after a colon. */
    gsock_set_error_errno (error, code, errnum, _ ("Cannot write %s"), shown);
  return FALSE;
}

static char *
read_all (int fd, gsize size, int *errnum)
{
  g_autofree char *text = g_malloc (size + 1);
  gsize filled = 0;

  while (filled < size)
    {
      gssize got = read (fd, text + filled, size - filled);

      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        {
          *errnum = errno;
          return NULL;
        }
      if (got == 0)
        break;
      filled += (gsize) got;
    }
  text[filled] = '\0';
  return g_steal_pointer (&text);
}

/**
 * gsock_state_file_read:
 * @path: the file
 * @text: (out) (transfer full) (nullable): up to its first NUL
 * @mode: (out) (optional): who may do what with it
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: %FALSE where there is a file and it can't be had
 */
gboolean
gsock_state_file_read (const char *path, char **text, guint *mode,
                       GError **error)
{
  g_auto (GsockFd) fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat status;
  int errnum = 0;

  *text = NULL;
  if (fd < 0 && errno == ENOENT)
    return TRUE;
  if (fd < 0 || fstat (fd, &status) < 0)
    return fail (error, GSOCK_ERROR_USAGE, path, errno);
  if (S_ISDIR (status.st_mode))
    return fail (error, GSOCK_ERROR_USAGE, path, EISDIR);
  if (!S_ISREG (status.st_mode))
    return fail (error, GSOCK_ERROR_USAGE, path, EINVAL);
  if (status.st_size > SIZE_MAX_READ)
    return fail (error, GSOCK_ERROR_USAGE, path, EFBIG);

  if (mode != NULL)
    *mode = status.st_mode;
  *text = read_all (fd, (gsize) status.st_size, &errnum);
  return *text != NULL || fail (error, GSOCK_ERROR_USAGE, path, errnum);
}

static gboolean
is_replaceable (const char *path, GError **error)
{
  struct stat status;

  if (lstat (path, &status) < 0)
    return errno == ENOENT || fail (error, GSOCK_ERROR_OUTPUT, path, errno);
  if (S_ISDIR (status.st_mode))
    return fail (error, GSOCK_ERROR_OUTPUT, path, EISDIR);
  return S_ISREG (status.st_mode)
         || fail (error, GSOCK_ERROR_OUTPUT, path, EINVAL);
}

static gboolean
write_and_rename (int fd, const char *temporary, const char *path,
                  const char *text, gsize size)
{
  return gsock_fd_write_all (fd, text, size) && fsync (fd) == 0
         && rename (temporary, path) == 0;
}

/**
 * gsock_state_file_write:
 * @path: the file
 * @text: (array length=size): what it is to hold
 * @size: how many bytes
 * @error: %GSOCK_ERROR_OUTPUT
 *
 * Returns: whether it holds that now; else it is as it was
 */
gboolean
gsock_state_file_write (const char *path, const char *text, gsize size,
                        GError **error)
{
  g_autofree char *real = realpath (path, NULL);
  const char *target = real != NULL ? real : path;
  g_autofree char *temporary = g_strconcat (target, ".XXXXXX", NULL);
  g_auto (GsockFd) fd = -1;
  int errnum;

  if (!is_replaceable (target, error))
    return FALSE;
  /* 0600 by itself. */
  fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0)
    return fail (error, GSOCK_ERROR_OUTPUT, path, errno);
  if (write_and_rename (fd, temporary, target, text, size))
    return TRUE;

  errnum = errno;
  (void) unlink (temporary);
  return fail (error, GSOCK_ERROR_OUTPUT, path, errnum);
}
