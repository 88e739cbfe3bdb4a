/* file.h: a small text file that an option names
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is made of a text; NULL with @error, a clause: it is of no use. */
typedef gpointer (*GsockDnsFileFunc) (const char *text, GError **error);

/* GSOCK_ERROR_USAGE, the file named, where it can't be read, is none, or is of
 * no use. */
gpointer gsock_dns_file_load (const char *path, GsockDnsFileFunc func,
                              GError **error);

G_END_DECLS
