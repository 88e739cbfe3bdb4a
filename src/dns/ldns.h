/* ldns.h: the library that knows DNS's records, loaded when they are needed
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <ldns/ldns.h>

#include "dns/name.h"

G_BEGIN_DECLS

/* All of it that we use. */
#define GSOCK_LDNS_SYMBOLS(X) \
  X (ldns_wire2pkt) \
  X (ldns_pkt_free) \
  X (ldns_pkt_question) \
  X (ldns_pkt_answer) \
  X (ldns_pkt_authority) \
  X (ldns_pkt_additional) \
  X (ldns_pkt_get_rcode) \
  X (ldns_pkt_edns_extended_rcode) \
  X (ldns_pkt_edns_data) \
  X (ldns_pkt_aa) \
  X (ldns_pkt_ra) \
  X (ldns_pkt_ad) \
  X (ldns_rr_list_rr_count) \
  X (ldns_rr_list_rr) \
  X (ldns_rr_owner) \
  X (ldns_rr_get_type) \
  X (ldns_rr_ttl) \
  X (ldns_rr_rdf) \
  X (ldns_rr2str_fmt) \
  X (ldns_rdf_data) \
  X (ldns_rdf_size) \
  X (ldns_get_rr_type_by_name) \
  X (ldns_rr_list_new) \
  X (ldns_rr_list_free) \
  X (ldns_rr_list_deep_free) \
  X (ldns_rr_list_clone) \
  X (ldns_rr_list_push_rr) \
  X (ldns_rr_clone) \
  X (ldns_rr_free) \
  X (ldns_rr_new_frm_str) \
  X (ldns_rdf_new_frm_data) \
  X (ldns_rdf_deep_free) \
  X (ldns_rdf2str) \
  X (ldns_key_rr2ds) \
  X (ldns_calc_keytag) \
  X (ldns_verify_rrsig_keylist_notime) \
  X (ldns_nsec_bitmap_covers_type) \
  X (ldns_nsec3_hash_name_frm_nsec3) \
  X (ldns_output_format_nocomments)

/* ldns (wire2pkt) is ldns_wire2pkt, and so on. */
typedef struct
{
#define ROW(symbol) __typeof__ (&symbol) symbol;
  GSOCK_LDNS_SYMBOLS (ROW)
#undef ROW
} GsockLdns;

extern GsockLdns gsock_ldns;
#define ldns(name) gsock_ldns.ldns_##name

/* GSOCK_ERROR_FAILED where it is not there; costs nothing the second time. */
gboolean gsock_ldns_load (GError **error);

typedef ldns_pkt GsockLdnsPacket;
static inline void
gsock_ldns_packet_free (GsockLdnsPacket *packet)
{
  ldns (pkt_free) (packet);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockLdnsPacket, gsock_ldns_packet_free)

/* Of an owner, or of data that is a name; borrowed. */
static inline GsockDnsName
gsock_ldns_name (const ldns_rdf *rdf)
{
  return (GsockDnsName) { ldns (rdf_data) (rdf), ldns (rdf_size) (rdf) };
}

G_END_DECLS
