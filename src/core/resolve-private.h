/* resolve-private.h: what the ways to ask for a name share
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/resolve.h"

G_BEGIN_DECLS

/* Belongs to the thread of @context.  Freed by the answer, which comes even
 * when it was cancelled, or goes with the context. */
struct _GsockResolve
{
  GsockEndpoint *endpoint;
  char *host; /* as DNS has it */
  GsockResolveWish wish;
  GMainContext *context;
  GsockResolveFunc func; /* NULL: nobody wants the answer any more */
  gpointer data;
  /* Of who was asked: called once, by a cancellation. */
  void (*cancel) (GsockResolve *resolve);
  gpointer asked;
};

/* @found: (element-type GsockAddress); @result: 0 or an EAI constant, with
 * @errnum for EAI_SYSTEM.  Frees @resolve. */
void resolve_answer (GsockResolve *resolve, const GArray *found, int result,
                     int errnum);
void resolve_free (GsockResolve *resolve);

/* @host in the form that DNS has it. */
void resolve_ask_system (GsockResolve *resolve, const char *host);

G_END_DECLS
