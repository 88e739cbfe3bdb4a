/* get-password.h: a password asked for at the terminal
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Nothing is echoed.  GSOCK_ERROR_USAGE where there is no terminal; free it
 * with g_free. */
char *gsock_get_password_ask (const char *user, GError **error);

G_END_DECLS
