/* fuzz.h: what a fuzz target is
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <stdint.h>
#include <string.h>

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

G_END_DECLS
