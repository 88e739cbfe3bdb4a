/* system-private.h: what the parts of the system's look-ups share
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <netdb.h>

#include "dns/system.h"

G_BEGIN_DECLS

/* The pool's thread has it until it is handed back, but for @system, @func and
 * @data, which are the context's thread's. */
struct _GsockSystemLookup
{
  GsockSystem *system;  /* NULL: it is gone */
  GsockSystemFunc func; /* NULL: nobody wants the answer any more */
  gpointer data;
  GMainContext *context;
  char *host;
  int family;
  GsockAddress address; /* of no size: @host is a name */
  GsockNames *names;
  int result; /* of getaddrinfo or getnameinfo */
  int errnum;
  GArray *told; /* calls to be told; NULL: nobody listens */
};

/* system-tell.c: notes the calls of the pool's thread, where somebody listens;
 * and tells them, in the context's. */
GArray *system_told_new (void);
void system_tell_sources (GsockSystemLookup *self);
void system_tell_addrinfo (GsockSystemLookup *self);
/* @family: AF_UNSPEC: of the address; @host: NULL: none. */
void system_tell_hostent (GsockSystemLookup *self, int family,
                          const struct hostent *host);
void system_tell_nameinfo (GsockSystemLookup *self, const char *name);
void system_tell_addresses (GsockSystemLookup *self);
void system_tell_all (const GsockSystemLookup *self);

G_END_DECLS
