/* challenge.h: what a server or proxy wants to know before it answers
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A server that has more to choose from means no good. */
#define GSOCK_CHALLENGES_MAX 32

/* One of a WWW-Authenticate or Proxy-Authenticate field; strings are NULL
 * where the parameter is not there, and hold no control character. */
typedef struct
{
  char *scheme;
  char *realm;
  char *nonce;
  char *opaque;
  char *algorithm;
  char *qop;
  char *stale;
  char *userhash;
  char *charset;
} GsockChallenge;

void gsock_challenge_free (GsockChallenge *challenge);

/* Appends those of one field, as RFC 9110 (11.6.1) writes them.  FALSE: it
 * can't be understood; what came before the fault has been appended. */
gboolean gsock_challenges_parse (GPtrArray *challenges, const char *field);

G_END_DECLS
