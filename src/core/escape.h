/* escape.h: bytes from outside made safe for terminals, logs and JSON
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Appends @data so that a terminal or a log shows it and is not driven by it:
 * C0 controls, DEL, C1 controls (raw or as UTF-8), bidirectional and other
 * format controls (U+061C, U+200B..U+200F, U+2028..U+202E, U+2060..U+206F,
 * U+FEFF, U+FFF9..U+FFFB) and bytes that are no UTF-8 become \xHH for each
 * byte; a backslash becomes \\ .  Nothing else changes: "ñ" stays "ñ" when
 * @utf8 is TRUE; else (the terminal's charset is not UTF-8) every byte over
 * 0x7e is escaped. */
void gsock_escape_append (GString *string, const char *data, gsize size,
                          gboolean utf8);
char *gsock_escape (const char *data, gssize size); /* utf8 by g_get_charset */
/* What a user wrote, for a sentence of one line: of a longer text the first
 * 120 bytes and "..."; free with g_free. */
char *gsock_escape_brief (const char *text);
/* How many of the first @size bytes to show where @maximum may be: no
 * character is cut in two. */
gsize gsock_escape_fit (const char *data, gsize size, gsize maximum);

/* As above, but keeps TAB and a final LF: for messages shown on a terminal,
 * where a backslash is left alone too (what is shown must look like what was
 * sent; only what would drive the terminal is changed). */
void gsock_escape_append_message (GString *string, const char *data, gsize size,
                                  gboolean utf8);

/* Appends a JSON value: a string where @data is valid UTF-8 (controls, NUL
 * among them, and what gsock_escape_append keeps from a terminal as \uXXXX;
 * everything over 0x7e where the locale's charset isn't UTF-8), else
 * {"base64":"..."}.  Lossless: the reader gets exactly @data back. */
void gsock_json_append (GString *string, const char *data, gsize size);

/* ,"key": for all but the first member after '{'. */
void gsock_json_key (GString *string, const char *key);

/* 16 bytes a line: "< 00000000  68 6f 6c 61 ...  |hola|\n". */
void gsock_hexdump_append (GString *string, char mark, guint64 offset,
                           const char *data, gsize size);

G_END_DECLS
