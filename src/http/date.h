/* date.h: dates as servers write them
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Seconds since 1970, by the lenient rules that RFC 6265 (5.1.1) has for
 * cookies: every form of HTTP's dates, and much else.  FALSE: it is none. */
gboolean gsock_date_parse (const char *text, gint64 *seconds);

G_END_DECLS
