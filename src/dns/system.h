/* system.h: what programs on this machine make of a name, by the C library
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/address.h"

G_BEGIN_DECLS

/* An answer: of a name the lab sheet's facts, of an address its names.
 * Handed over whole; strings are raw, as files and servers have them. */
typedef struct
{
  char *canonical;    /* h_name; of an address its first name; or NULL */
  GPtrArray *aliases; /* (element-type utf8) in order, none twice */
  GArray *addresses;  /* (element-type GsockAddress) in the order in which
                           connect() would try them; scope ids kept */
  gboolean reverse;   /* an address was asked about */
} GsockNames;

GsockNames *gsock_names_new (void);
void gsock_names_free (GsockNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockNames, gsock_names_free)

/* @name unless it is there already, in upper or lower case. */
void gsock_names_add_alias (GsockNames *names, const char *name);

/* Called once, in the context's thread: @names is the callee's, and NULL with
 * @error: GSOCK_ERROR_NAME, _REMOTE (no such data, no answer), _FAILED. */
typedef void (*GsockSystemFunc) (GsockNames *names, const GError *error,
                                 gpointer data);

/* Threads that wait for the C library; belongs to the context's thread. */
typedef struct _GsockSystem GsockSystem;
typedef struct _GsockSystemLookup GsockSystemLookup;

GsockSystem *gsock_system_new (guint threads, GMainContext *context);
/* Threads that wait still are left behind. */
void gsock_system_free (GsockSystem *system);

/* Never calls @func before it returns.  @host: ASCII, or an address, which is
 * looked up backwards; @family: AF_UNSPEC is both. */
GsockSystemLookup *gsock_system_start (GsockSystem *system, const char *host,
                                       int family, GsockSystemFunc func,
                                       gpointer data);
/* @func is not called any more; the C library can't be told to stop, so its
 * thread is left to it, and another one takes its place. */
void gsock_system_cancel (GsockSystemLookup *lookup);

G_END_DECLS
