/* acl.h: who may connect: an ordered list of allow and deny rules
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "core/peer.h"

G_BEGIN_DECLS

/* Built by the main thread; a reload makes a new list and swaps it, so a
 * reader never sees half of one. */
typedef struct _GsockAcl GsockAcl;

GsockAcl *gsock_acl_new (void);
GsockAcl *gsock_acl_ref (GsockAcl *acl);
void gsock_acl_unref (GsockAcl *acl);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockAcl, gsock_acl_unref)

/* RULE: CIDR, address, uid:ID|NAME, gid:ID|NAME, @FILE (a rule a line, #
 * comments).  GSOCK_ERROR_USAGE names the rule, the file and its line. */
gboolean gsock_acl_add (GsockAcl *acl, gboolean allow, const char *rule,
                        GError **error);

/* Reads every @FILE again; on an error the old rules stay. */
gboolean gsock_acl_reload (GsockAcl *acl, GError **error);

/* The @FILEs, absolute; (transfer container), g_free. */
const char **gsock_acl_get_files (const GsockAcl *acl);

gboolean gsock_acl_is_empty (const GsockAcl *acl);

/* First match wins; no match: denied if there is an allow rule, else allowed.
 * gid rules match the peer's primary group as SO_PEERCRED tells it. @rule
 * (may be NULL) gets the text of the rule that decided, owned by @acl, NULL
 * for the default. */
gboolean gsock_acl_allows (const GsockAcl *acl, const GsockPeer *peer,
                           const char **rule);

/* TRUE if @acl can let in only peers with uids it names (exec on an abstract
 * socket asks for it). */
gboolean gsock_acl_names_users (const GsockAcl *acl);

G_END_DECLS
