/* fuzz.h: what a fuzz target is
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

G_BEGIN_DECLS

/* libFuzzer's; where that is not, replay.c calls it.  Always 0. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Whether a peer could break a line, or drive a terminal, with @text. */
static inline gboolean
fuzz_is_clean (const char *text)
{
  for (; *text != '\0'; text++)
    if ((guchar) *text < ' ' || *text == 0x7f)
      return FALSE;
  return TRUE;
}

/* As text, up to its first NUL. */
static inline char *
fuzz_text (const uint8_t *data, size_t size)
{
  return g_strndup ((const char *) data, size);
}

/* A file that is nowhere, for what reads files. */
typedef struct
{
  int fd;
  char path[32];
} FuzzFile;

static inline void
fuzz_file_init (FuzzFile *file, gconstpointer data, gsize size)
{
  file->fd = memfd_create ("fuzz", MFD_CLOEXEC);
  g_assert_cmpint (file->fd, >=, 0);
  g_assert_cmpint (write (file->fd, data, size), ==, (gssize) size);
  g_snprintf (file->path, sizeof file->path, "/proc/self/fd/%d", file->fd);
}

static inline void
fuzz_file_clear (FuzzFile *file)
{
  close (file->fd);
}

/* Where a file may be written, in memory if there is such a place. */
static inline char *
fuzz_new_path (const char *name)
{
  const char *folder = access ("/dev/shm", W_OK) == 0 ? "/dev/shm"
                                                      : g_get_tmp_dir ();

  return g_strdup_printf ("%s/gsock-fuzz-%s-%d", folder, name, (int) getpid ());
}

G_END_DECLS
