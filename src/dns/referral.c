/* referral.c: an answer that says who knows more
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "dns/referral.h"

#include <arpa/inet.h>

#include "dns/ldns.h"
#include "dns/words.h"

#define SERVERS_MAX 16
#define ADDRESSES_MAX 8

/**
 * gsock_dns_referral_free:
 * @referral: (transfer full): to be freed
 */
void
gsock_dns_referral_free (GsockDnsReferral *referral)
{
  g_free (referral->zone);
  g_ptr_array_unref (referral->servers);
  g_free (referral);
}

/* The zone that the authority section's NS records are of: below @zone, and
 * above or at the name that is sought. */
static gboolean
find_zone (const ldns_rr_list *authority, GsockDnsName name, GsockDnsName zone,
           GsockDnsName *found)
{
  gsize count = ldns (rr_list_rr_count) (authority);

  for (gsize i = 0; i < count; i++)
    {
      const ldns_rr *rr = ldns (rr_list_rr) (authority, i);
      GsockDnsName owner = gsock_ldns_name (ldns (rr_owner) (rr));

      if ((guint) ldns (rr_get_type) (rr) != GSOCK_DNS_NS
          || gsock_dns_name_equal (owner, zone)
          || !gsock_dns_name_is_within (owner, zone)
          || !gsock_dns_name_is_within (name, owner))
        continue;
      *found = owner;
      return TRUE;
    }
  return FALSE;
}

static void
add_address (GsockDnsReferral *referral, GsockDnsNameServer *server,
             const ldns_rdf *rdf, int family)
{
  char text[INET6_ADDRSTRLEN];

  if (rdf == NULL || server->addresses->len >= ADDRESSES_MAX
      || ldns (rdf_size) (rdf) != (family == AF_INET6 ? 16 : 4)
      || inet_ntop (family, ldns (rdf_data) (rdf), text, sizeof text) == NULL)
    return;
  g_ptr_array_add (server->addresses, g_strdup (text));
  referral->addresses++;
}

/* What stands beside the answer about where @server is. */
static void
take_glue (GsockDnsReferral *referral, GsockDnsNameServer *server,
           GsockDnsName name, const ldns_rr_list *additional)
{
  gsize count = ldns (rr_list_rr_count) (additional);

  for (gsize i = 0; i < count; i++)
    {
      const ldns_rr *rr = ldns (rr_list_rr) (additional, i);
      guint type = ldns (rr_get_type) (rr);

      if ((type == GSOCK_DNS_A || type == GSOCK_DNS_AAAA)
          && gsock_dns_name_equal (gsock_ldns_name (ldns (rr_owner) (rr)),
                                   name))
        add_address (referral, server, ldns (rr_rdf) (rr, 0),
                     type == GSOCK_DNS_A ? AF_INET : AF_INET6);
    }
}

static void
take_server (GsockDnsReferral *referral, const ldns_rr *rr, GsockDnsName owner,
             GsockDnsName zone, const ldns_pkt *packet)
{
  GsockDnsNameServer *server;
  GsockDnsName name;
  g_autofree char *text = NULL;

  if (ldns (rr_rdf) (rr, 0) == NULL || referral->servers->len >= SERVERS_MAX)
    return;
  name = gsock_ldns_name (ldns (rr_rdf) (rr, 0));
  text = gsock_dns_name_to_text (name.data, name.size);
  server = gsock_dns_name_server_new (text);
  server->inside = gsock_dns_name_is_within (name, owner);
  /* Nobody else is to be believed where other people's servers are. */
  if (gsock_dns_name_is_within (name, zone))
    take_glue (referral, server, name, ldns (pkt_additional) (packet));
  g_ptr_array_add (referral->servers, server);
}

/**
 * gsock_dns_referral_parse:
 * @data: a DNS message
 * @size: its bytes
 * @question: what was asked
 * @zone: of which the server that was asked is one
 *
 * Returns: (transfer full) (nullable): to whom it refers
 */
GsockDnsReferral *
gsock_dns_referral_parse (const guint8 *data, gsize size,
                          const GsockDnsQuestion *question, GsockDnsName zone)
{
  g_autoptr (GsockLdnsPacket) packet = NULL;
  GsockDnsReferral *referral;
  const ldns_rr_list *authority;
  GsockDnsName owner;
  gsize count;

  if (ldns (wire2pkt) (&packet, data, size) != LDNS_STATUS_OK
      || ldns (rr_list_rr_count) (ldns (pkt_answer) (packet)) > 0)
    return NULL;
  authority = ldns (pkt_authority) (packet);
  if (!find_zone (authority, gsock_dns_question_name (question), zone, &owner))
    return NULL;
  referral = g_new0 (GsockDnsReferral, 1);
  referral->zone = gsock_dns_name_to_text (owner.data, owner.size);
  referral->servers = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_dns_name_server_free);
  count = ldns (rr_list_rr_count) (authority);
  for (gsize i = 0; i < count; i++)
    {
      const ldns_rr *rr = ldns (rr_list_rr) (authority, i);
      guint type = ldns (rr_get_type) (rr);

      if (!gsock_dns_name_equal (gsock_ldns_name (ldns (rr_owner) (rr)), owner))
        continue;
      if (type == GSOCK_DNS_NS)
        take_server (referral, rr, owner, zone, packet);
      referral->has_digest |= type == GSOCK_DNS_DS;
    }
  return referral;
}
