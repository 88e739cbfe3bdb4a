/* admission.c: who may come in: rules, and how many of one host
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/admission.h"

#include "core/log.h"

/**
 * gsock_admission_init:
 * @admission: storage of the caller's
 * @acl: (nullable): the rules; outlive it
 * @max_per_host: so many at once from one host; 0: no limit
 */
void
gsock_admission_init (GsockAdmission *admission, GsockAcl *acl,
                      guint max_per_host)
{
  *admission = (GsockAdmission) {
    .acl = acl,
    .max_per_host = max_per_host,
    .per_host = g_hash_table_new_full (gsock_peer_host_hash,
                                       gsock_peer_host_equal, g_free, NULL),
  };
}

void
gsock_admission_clear (GsockAdmission *admission)
{
  g_hash_table_unref (admission->per_host);
}

static void
count_host (GsockAdmission *admission, const GsockPeer *peer, int change)
{
  gpointer key, value;
  guint count = 0;

  if (admission->max_per_host == 0)
    return;
  if (g_hash_table_lookup_extended (admission->per_host, peer, &key, &value))
    count = GPOINTER_TO_UINT (value);
  if (count == 0 && change < 0)
    return;
  count = (guint) ((int) count + change);
  if (count == 0)
    g_hash_table_remove (admission->per_host, peer);
  else
    g_hash_table_insert (admission->per_host, g_memdup2 (peer, sizeof *peer),
                         GUINT_TO_POINTER (count));
}

static gboolean
host_has_room (GsockAdmission *admission, const GsockPeer *peer)
{
  return admission->max_per_host == 0
         || GPOINTER_TO_UINT (g_hash_table_lookup (admission->per_host, peer))
                < admission->max_per_host;
}

static gboolean
has_rules (const GsockAdmission *admission)
{
  return admission->acl != NULL && !gsock_acl_is_empty (admission->acl);
}

/**
 * gsock_admission_let_in:
 * @admission: initialised
 * @fd: a client's socket; -1: it has none of its own, and @peer is all that is
 *   known
 * @peer: (inout): who it is; of a UNIX socket the user is asked for here, and
 *   only where a rule, a limit or the log wants to know
 * @local: where it came to
 *
 * Asks the rules and the limit of its host.  One that may come in is counted
 * until gsock_admission_leave(); of one that may not, the log is told why.
 *
 * Returns: whether it may
 */
gboolean
gsock_admission_let_in (GsockAdmission *admission, int fd, GsockPeer *peer,
                        const GsockEndpoint *local)
{
  const char *rule = NULL;
  gboolean rules = has_rules (admission);

  if (peer->family == AF_UNIX && fd >= 0
      && (rules || admission->max_per_host > 0
          || gsock_log_wants (GSOCK_EVENT_ACCEPTED)))
    gsock_peer_init_from_fd (peer, fd);
  if (rules && !gsock_acl_allows (admission->acl, peer, &rule))
    {
      gsock_log (GSOCK_EVENT_DENIED, .local = local, .peer = peer,
                 .text = rule);
      return FALSE;
    }
  if (!host_has_room (admission, peer))
    {
      gsock_log (GSOCK_EVENT_DENIED, .local = local, .peer = peer,
                 .text = "--max-per-host");
      return FALSE;
    }
  count_host (admission, peer, 1);
  return TRUE;
}

/**
 * gsock_admission_leave:
 * @admission: initialised
 * @peer: one that was let in
 */
void
gsock_admission_leave (GsockAdmission *admission, const GsockPeer *peer)
{
  count_host (admission, peer, -1);
}
