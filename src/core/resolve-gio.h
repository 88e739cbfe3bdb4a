/* resolve-gio.h: asks the default GResolver, where somebody has set one
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void gsock_resolve_use_gio (void);

G_END_DECLS
