/* name.h: names as the wire has them, compared and taken apart
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "dns/message.h"

G_BEGIN_DECLS

/* Labels, each behind its size, not compressed; borrowed. */
typedef struct
{
  const guint8 *data;
  gsize size;
} GsockDnsName;

static inline GsockDnsName
gsock_dns_question_name (const GsockDnsQuestion *question)
{
  return (GsockDnsName) { question->name, question->size };
}

/* In upper or lower case. */
gboolean gsock_dns_name_equal (GsockDnsName a, GsockDnsName b);
/* A zone is within itself. */
gboolean gsock_dns_name_is_within (GsockDnsName name, GsockDnsName zone);
/* Without its first label; the root's is the root. */
GsockDnsName gsock_dns_name_parent (GsockDnsName name);
/* Its last @labels ones: of "www.example.org." 1 are "org." */
GsockDnsName gsock_dns_name_last (GsockDnsName name, guint labels);
guint gsock_dns_name_labels (GsockDnsName name); /* the root has none */

G_END_DECLS
