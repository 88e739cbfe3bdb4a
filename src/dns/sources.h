/* sources.h: who is asked for names here, and what /etc/hosts has of them
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/address.h"

G_BEGIN_DECLS

#define GSOCK_NSSWITCH_PATH "/etc/nsswitch.conf"
#define GSOCK_HOSTS_PATH "/etc/hosts"

/* Pure, both of them; @text may hold anything.  For those who tell what the C
 * library does: it reads these files itself. */

/* The words of the line that begins with "hosts:", an action in its brackets
 * being one: "files", "[NOTFOUND=return]", "dns".  Free with g_strfreev; NULL:
 * there is no such line. */
char **gsock_nsswitch_parse (const char *text);

/* (element-type utf8) The lines of a hosts file that have @host, a name or an
 * address, @max at most, each behind its number: "2: 192.0.2.7 here.test".
 * @count: all of them. */
GPtrArray *gsock_hosts_find (const char *text, const char *host, guint max,
                             guint *count);

G_END_DECLS
