/* gio.h: what core does with GIO, for programs that are linked with it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void gsock_use_gio (void);

G_END_DECLS
