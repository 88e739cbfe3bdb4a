/* resolve-gio.h: asks the default GResolver, where somebody has set one
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void gsock_resolve_use_gio (void);
/* The system is asked for @host all the same: no GResolver can be asked where
 * its own name server is.  At start, by the main thread. */
void gsock_resolve_gio_except (const char *host);
/* (transfer full) (nullable): the default GResolver; NULL: GLib's own. */
GResolver *gsock_resolve_dup_gio (void);

G_END_DECLS
