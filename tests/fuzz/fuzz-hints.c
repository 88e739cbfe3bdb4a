/* fuzz-hints.c: files about names: hints, anchors, resolv.conf, hosts, nsswitch
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "dns/anchor.h"
#include "dns/hints.h"
#include "dns/resolv-conf.h"
#include "dns/sources.h"
#include "fuzz.h"

static void
read_hints (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) servers = gsock_dns_hints_parse (text, &error);

  g_assert_cmpint (servers == NULL, ==, error != NULL);
  for (guint i = 0; servers != NULL && i < servers->len; i++)
    {
      const GsockDnsNameServer *server = g_ptr_array_index (servers, i);

      g_assert_cmpuint (server->addresses->len, >, 0);
    }
}

static void
read_anchors (const char *text)
{
  ldns_rr_list *anchors = gsock_dns_anchors_parse (text, NULL);

  if (anchors != NULL)
    ldns (rr_list_deep_free) (anchors);
}

static void
read_sources (const char *text)
{
  static const char *const hosts[] = { "here.test", "192.0.2.7", "::1" };
  G_GNUC_UNUSED g_auto (GStrv) words = gsock_nsswitch_parse (text);

  for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      guint count;
      g_autoptr (GPtrArray)
          lines = gsock_hosts_find (text, hosts[i], 4, &count);

      g_assert_cmpuint (lines->len, ==, MIN (count, 4));
    }
}

static void
read_resolv_conf (const char *text)
{
  g_auto (GsockResolvConf) conf = { .servers = NULL };
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GPtrArray) whole = NULL;

  gsock_resolv_conf_parse (&conf, text);
  g_assert_cmpuint (conf.servers->len, >, 0);
  names = gsock_resolv_conf_candidates (&conf, "a.test");
  g_assert_cmpuint (names->len, >, 0);
  whole = gsock_resolv_conf_candidates (&conf, "a.test.");
  g_assert_cmpuint (whole->len, ==, 1);
}

/* What is built in, and what comes of a file that is of no use. */
static void
read_nothing (void)
{
  g_autoptr (GPtrArray) servers = gsock_dns_hints_new ();

  ldns (rr_list_deep_free) (gsock_dns_anchors_new ());
  g_assert_cmpuint (servers->len, >, 0);
  g_assert_null (gsock_dns_hints_read ("/dev/null", NULL));
  g_assert_null (gsock_dns_anchors_read ("/dev/null", NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = fuzz_text (data, size);

  g_assert_true (gsock_ldns_load (NULL));
  if (size == 0)
    read_nothing ();
  read_hints (text);
  read_anchors (text);
  read_sources (text);
  read_resolv_conf (text);
  return 0;
}
