/* fds.h: how many descriptors a test has open
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <dirent.h>

#include <glib.h>

static guint
count_fds (void)
{
  DIR *dir = opendir ("/proc/self/fd");
  guint count = 0;

  g_assert_nonnull (dir);
  while (readdir (dir) != NULL)
    count++;
  closedir (dir);
  return count;
}
