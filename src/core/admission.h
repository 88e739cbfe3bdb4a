/* admission.h: who may come in, and how many
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/acl.h"
#include "core/endpoint.h"
#include "core/peer.h"

G_BEGIN_DECLS

/* Embedded in its server; belongs to the main thread. */
typedef struct
{
  GsockAcl *acl;        /* or NULL: everybody; the caller's */
  GsockAcl *balancers;  /* or NULL: nobody is one; the caller's */
  guint max_per_host;   /* 0: no limit */
  GHashTable *per_host; /* GsockPeer -> count */
} GsockAdmission;

void gsock_admission_init (GsockAdmission *admission, GsockAcl *acl,
                           GsockAcl *balancers, guint max_per_host);
void gsock_admission_clear (GsockAdmission *admission);

/* Reads the files of rules again; what is bad changes nothing, and the log is
 * told.  FALSE: something is. */
gboolean gsock_admission_reload (GsockAdmission *admission);

/* Whether whoever comes has to be a balancer. */
gboolean gsock_admission_wants_header (const GsockAdmission *admission);
/* Whether @peer, at the other end of @fd, is one whom we believe for whom it
 * has connected; if not, the log is told. */
gboolean gsock_admission_trusts (GsockAdmission *admission, int fd,
                                 GsockPeer *peer, const GsockEndpoint *local);
/* Whether @peer, at the other end of @fd, may come in; if not, the log is told.
 * @peer gets the user behind a UNIX socket, where that matters. */
gboolean gsock_admission_let_in (GsockAdmission *admission, int fd,
                                 GsockPeer *peer, const GsockEndpoint *local);
/* How many clients fit at once. */
guint gsock_admission_capacity (guint wish, guint descriptors);
/* One who was let in has left. */
void gsock_admission_leave (GsockAdmission *admission, const GsockPeer *peer);

G_END_DECLS
