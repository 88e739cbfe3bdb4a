/* anchor.c: the keys that are trusted to begin with
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "dns/anchor.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "dns/file.h"
#include "dns/words.h"

#define ANCHORS_MAX 64

/* As https://data.iana.org/root-anchors/root-anchors.xml has them. */
static const char root[] =
    ". IN DS 20326 8 2 "
    "E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n"
    ". IN DS 38696 8 2 "
    "683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16\n";

/* A line that is no such record says nothing to us. */
static void
take_line (ldns_rr_list *anchors, char *line)
{
  ldns_rr *rr = NULL;
  guint type;

  line[strcspn (line, ";\r")] = '\0';
  g_strstrip (line);
  if (line[0] == '\0' || line[0] == '$'
      || ldns (rr_list_rr_count) (anchors) >= ANCHORS_MAX
      || ldns (rr_new_frm_str) (&rr, line, 0, NULL, NULL) != LDNS_STATUS_OK)
    return;
  type = ldns (rr_get_type) (rr);
  if ((type == GSOCK_DNS_DS || type == GSOCK_DNS_DNSKEY)
      && ldns (rr_rdf) (rr, 3) != NULL)
    ldns (rr_list_push_rr) (anchors, rr);
  else
    ldns (rr_free) (rr);
}

/**
 * gsock_dns_anchors_parse:
 * @text: of a zone file, one record a line
 * @error: %GSOCK_ERROR_FAILED
 *
 * Returns: (transfer full) (nullable): its DS and DNSKEY records
 */
ldns_rr_list *
gsock_dns_anchors_parse (const char *text, GError **error)
{
  ldns_rr_list *anchors = ldns (rr_list_new) ();
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    take_line (anchors, lines[i]);
  if (ldns (rr_list_rr_count) (anchors) > 0)
    return anchors;
  ldns (rr_list_deep_free) (anchors);
  g_set_error_literal (error, GSOCK_ERROR, GSOCK_ERROR_FAILED,
                       _ ("no DS and no DNSKEY is in it"));
  return NULL;
}

/**
 * gsock_dns_anchors_new:
 *
 * Returns: (transfer full): the root's
 */
ldns_rr_list *
gsock_dns_anchors_new (void)
{
  return gsock_dns_anchors_parse (root, NULL);
}

static gpointer
parse (const char *text, GError **error)
{
  return gsock_dns_anchors_parse (text, error);
}

/**
 * gsock_dns_anchors_read:
 * @path: of a file as gsock_dns_anchors_parse() takes it
 * @error: %GSOCK_ERROR_USAGE, the file named
 *
 * Returns: (transfer full) (nullable): its DS and DNSKEY records
 */
ldns_rr_list *
gsock_dns_anchors_read (const char *path, GError **error)
{
  return gsock_dns_file_load (path, parse, error);
}
