/* file.c: a small text file that an option names
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "dns/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/fd.h"

/* A file of such facts is far smaller. */
#define FILE_SIZE_MAX (1024 * 1024)

static char *
read_text (const char *path, GError **error)
{
  g_autofree char *shown = gsock_escape_brief (path);
  g_autofree char *text = NULL;
  g_auto (GsockFd)
      fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  struct stat facts;
  gsize used = 0;
  gssize got = 1;

  if (fd < 0 || fstat (fd, &facts) < 0)
    {
      gsock_set_error_errno (error, GSOCK_ERROR_USAGE, errno,
                             _ ("Cannot read %s"), shown);
      return NULL;
    }
  if (!S_ISREG (facts.st_mode) || facts.st_size > FILE_SIZE_MAX)
    {
      gsock_refuse (error,
                    /* TRANSLATORS: a file's name */
                    _ ("Cannot read %s: it is no regular file, or too large"),
                    shown);
      return NULL;
    }
  text = g_malloc (FILE_SIZE_MAX + 1);
  while (got > 0 && used < FILE_SIZE_MAX)
    {
      got = read (fd, text + used, FILE_SIZE_MAX - used);
      used += got > 0 ? (gsize) got : 0;
    }
  if (got < 0)
    {
      gsock_set_error_errno (error, GSOCK_ERROR_USAGE, errno,
                             _ ("Cannot read %s"), shown);
      return NULL;
    }
  text[used] = '\0';
  return g_steal_pointer (&text);
}

/**
 * gsock_dns_file_load:
 * @path: a file
 * @func: what is to be made of its text
 * @error: %GSOCK_ERROR_USAGE, the file named
 *
 * Returns: (transfer full) (nullable): what @func has made of it
 */
gpointer
gsock_dns_file_load (const char *path, GsockDnsFileFunc func, GError **error)
{
  g_autofree char *text = read_text (path, error);
  g_autofree char *shown = gsock_escape_brief (path);
  g_autoptr (GError) why = NULL;
  gpointer made;

  if (text == NULL)
    return NULL;
  made = func (text, &why);
  if (made == NULL)
    gsock_refuse (error,
                  /* TRANSLATORS: a file's name, and why it is of no use */
                  _ ("Cannot use %s: %s"), shown, why->message);
  return made;
}
