/* admission.h: who may come in: rules, and how many of one host
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
  guint max_per_host;   /* 0: no limit */
  GHashTable *per_host; /* GsockPeer -> count */
} GsockAdmission;

void gsock_admission_init (GsockAdmission *admission, GsockAcl *acl,
                           guint max_per_host);
void gsock_admission_clear (GsockAdmission *admission);

/* Whether @peer, at the other end of @fd, may come in; if not, the log is told.
 * @peer gets the user behind a UNIX socket, where that matters. */
gboolean gsock_admission_let_in (GsockAdmission *admission, int fd,
                                 GsockPeer *peer, const GsockEndpoint *local);
/* One who was let in has left. */
void gsock_admission_leave (GsockAdmission *admission, const GsockPeer *peer);

G_END_DECLS
