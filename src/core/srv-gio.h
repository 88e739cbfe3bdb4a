/* srv-gio.h: asks the default GResolver for the hosts of a service
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void gsock_srv_use_gio (void);

G_END_DECLS
