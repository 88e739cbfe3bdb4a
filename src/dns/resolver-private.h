/* resolver-private.h: records as GResolver hands them out
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "dns/answer.h"

G_BEGIN_DECLS

/* What is made of records (element-type GsockDnsRecord): (transfer full), or
 * NULL where none of them can be read; and how it is freed. */
typedef struct
{
  gpointer (*make) (const GPtrArray *records);
  GDestroyNotify free;
} ResolverProduct;

extern const ResolverProduct resolver_addresses; /* GList of GInetAddress */
extern const ResolverProduct resolver_name;      /* the first PTR's, a string */
/* GList of GVariant: as GResolverRecordType says of each type. */
extern const ResolverProduct resolver_records;

G_END_DECLS
