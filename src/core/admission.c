/* admission.c: who may come in, and how many
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/admission.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/log.h"

/**
 * gsock_admission_init:
 * @admission: storage of the caller's
 * @acl: (nullable): the rules; outlive it
 * @balancers: (nullable): whose PROXY headers count, and then nobody else may
 *   connect; outlive it
 * @max_per_host: so many at once from one host; 0: no limit
 */
void
gsock_admission_init (GsockAdmission *admission, GsockAcl *acl,
                      GsockAcl *balancers, guint max_per_host)
{
  *admission = (GsockAdmission) {
    .acl = acl,
    .balancers = balancers,
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

static gboolean
reload (GsockAcl *acl)
{
  g_autoptr (GError) error = NULL;

  if (acl == NULL || gsock_acl_reload (acl, &error))
    return TRUE;
  gsock_log (GSOCK_EVENT_WARNING, .error = error);
  return FALSE;
}

/**
 * gsock_admission_reload:
 * @admission: initialised
 *
 * Returns: whether the files of all rules were good
 */
gboolean
gsock_admission_reload (GsockAdmission *admission)
{
  gboolean rules = reload (admission->acl);

  return reload (admission->balancers) && rules;
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

gboolean
gsock_admission_wants_header (const GsockAdmission *admission)
{
  return admission->balancers != NULL;
}

/**
 * gsock_admission_trusts:
 * @admission: initialised
 * @fd: the socket of somebody who has just come; -1: it has none of its own
 * @peer: (inout): who that is; of a UNIX socket the user is asked for here
 * @local: where it came to
 *
 * Of one whom nobody trusts nothing is read: what it says might be a lie, and
 * where headers are expected there are no clients without one.  They stand
 * before streams only.
 *
 * Returns: whether its header is to be believed; %TRUE where none is wanted
 */
gboolean
gsock_admission_trusts (GsockAdmission *admission, int fd, GsockPeer *peer,
                        const GsockEndpoint *local)
{
  if (admission->balancers == NULL)
    return TRUE;
  if (peer->family == AF_UNIX && fd >= 0)
    gsock_peer_init_from_fd (peer, fd);
  if (peer->type == 0 && gsock_acl_allows (admission->balancers, peer, NULL))
    return TRUE;
  gsock_log (GSOCK_EVENT_DENIED, .local = local, .peer = peer,
             .text = "--accept-proxy");
  return FALSE;
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

  if (peer->family == AF_UNIX && fd >= 0 && peer->local.uid == (uid_t) -1
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

/**
 * gsock_admission_capacity:
 * @wish: clients at once that were asked for; 0: as many as possible
 * @descriptors: that each of them takes; 0: its own
 *
 * Raises the limit of descriptors.  Where @wish does not fit under it, the log
 * is told.
 *
 * Returns: how many there may be, at least 1
 */
guint
gsock_admission_capacity (guint wish, guint descriptors)
{
  guint possible = gsock_fd_capacity (gsock_fd_raise_limit ())
                   / MAX (descriptors, 1);

  possible = MAX (possible, 1);

  if (wish == 0)
    return possible;
  if (wish > possible)
    {
      g_autoptr (GError) error = g_error_new (
          GSOCK_ERROR, GSOCK_ERROR_LIMIT,
          g_dngettext (GETTEXT_PACKAGE,
                       "Only %u client fits in this process's limit of "
                       "descriptors; raise it with 'ulimit -n'",
                       "Only %u clients fit in this process's limit of "
                       "descriptors; raise it with 'ulimit -n'",
                       possible),
          possible);

      gsock_log (GSOCK_EVENT_WARNING, .error = error);
    }
  return MIN (wish, possible);
}
