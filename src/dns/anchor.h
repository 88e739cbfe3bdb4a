/* anchor.h: the keys that are trusted to begin with
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "dns/ldns.h"

G_BEGIN_DECLS

/* Lists of DS and DNSKEY records, of ldns's own: rr_list_deep_free.
 * gsock_ldns_load() first. */

/* IANA's of the root, of 2017 and 2024. */
ldns_rr_list *gsock_dns_anchors_new (void);
/* Pure: those of a zone file, one record a line; GSOCK_ERROR_FAILED where there
 * are none in it. */
ldns_rr_list *gsock_dns_anchors_parse (const char *text, GError **error);
/* GSOCK_ERROR_USAGE, the file named. */
ldns_rr_list *gsock_dns_anchors_read (const char *path, GError **error);

G_END_DECLS
