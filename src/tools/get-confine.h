/* get-confine.h: gsock-get writes where its output goes, and nowhere else
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* (element-type GsockGetJob); where the kernel can do it. */
void gsock_get_confine (const GPtrArray *jobs);

G_END_DECLS
