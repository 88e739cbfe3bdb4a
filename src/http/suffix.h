/* suffix.h: domains under which everybody may have one
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "com", "co.uk", "github.io": by the Public Suffix List where libpsl is
 * there; else each domain may be one, and is taken for it. */
gboolean gsock_is_public_suffix (const char *domain);

G_END_DECLS
