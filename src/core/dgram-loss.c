/* dgram-loss.c: messages of a datagram socket that are lost, counted and told
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A datagram may be lost, and nobody is told by the protocol; but what is lost
 * at our end is known here, so it is said: how many, whose and why, once a
 * second at most for each reason. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "core/dgram-private.h"
#include "core/error.h"
#include "core/log.h"

#define TELL_LOSSES_EVERY G_USEC_PER_SEC

/* A sentence for @n messages; @who: the last one whose they were. */
static char *
say_loss (const GsockDgram *dgram, DgramLost why, guint64 n, const char *who)
{
  g_autofree char *here = gsock_endpoint_to_display (dgram->local);

  switch (why)
    {
    case DGRAM_LOST_QUEUE:
      /* TRANSLATORS: of these messages, the second %s is an address of ours or
       * of a peer. */
      return g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE,
                       "%" PRIu64 " datagram from %s was lost: they come "
                       "faster than they are taken",
                       "%" PRIu64 " datagrams from %s were lost: they "
                       "come faster than they are taken",
                       (gulong) n),
          n, who);
    case DGRAM_LOST_KERNEL:
      return g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE,
                       "%" PRIu64 " datagram to %s was lost: the socket's "
                       "buffer was full (--sockopt=rcvbuf)",
                       "%" PRIu64 " datagrams to %s were lost: the "
                       "socket's buffer was full (--sockopt=rcvbuf)",
                       (gulong) n),
          n, here);
    case DGRAM_LOST_NAME:
      return g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE,
                       "%" PRIu64 " datagram could not be sent to %s: its "
                       "socket has no name to answer to",
                       "%" PRIu64 " datagrams could not be sent to %s: "
                       "its socket has no name to answer to",
                       (gulong) n),
          n, who);
    case DGRAM_LOST_LONGER:
      return g_strdup_printf (
          g_dngettext (
              GETTEXT_PACKAGE,
              "%" PRIu64
              " answer to %s was not sent: it is longer than what came, "
              "and over UDP a forged sender could have others flooded with it",
              "%" PRIu64
              " answers to %s were not sent: they are longer than what "
              "came, and over UDP a forged sender could have others flooded "
              "with "
              "them",
              (gulong) n),
          n, who);
    case DGRAM_LOST_ROOM:
      return g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE,
                       "%" PRIu64 " datagram to %s was lost: there is no "
                       "room for another sender",
                       "%" PRIu64 " datagrams to %s were lost: there is "
                       "no room for another sender",
                       (gulong) n),
          n, here);
    case DGRAM_LOST_SEND:
    case DGRAM_N_LOSSES:
    default:
      return g_strdup_printf (
          g_dngettext (
              GETTEXT_PACKAGE, "%" PRIu64 " datagram could not be sent to %s",
              "%" PRIu64 " datagrams could not be sent to %s", (gulong) n),
          n, who);
    }
}

static void
tell_loss (GsockDgram *dgram, DgramPeer *peer, DgramLost why, gint64 now)
{
  DgramLoss *loss = &dgram->losses[why];
  GsockPeer who = { .family = AF_UNSPEC };
  g_autofree char *shown = NULL;
  g_autofree char *sentence = NULL;
  g_autoptr (GError) error = NULL;

  if (peer != NULL)
    who = dgram_describe (peer);
  shown = gsock_peer_to_display (&who);
  sentence = say_loss (dgram, why, loss->count, shown);
  error = g_error_new_literal (GSOCK_ERROR, GSOCK_ERROR_LIMIT, sentence);
  gsock_log (GSOCK_EVENT_WARNING, .peer = peer != NULL ? &who : NULL,
             .error = error);
  loss->count = 0;
  loss->told = now;
}

void
dgram_lose (GsockDgram *dgram, DgramPeer *peer, DgramLost why, guint n)
{
  DgramLoss *loss = &dgram->losses[why];
  gint64 now = gsock_worker_now (dgram->worker);

  dgram->lost += n;
  loss->count += n;
  if (loss->told == 0 || now - loss->told >= TELL_LOSSES_EVERY)
    tell_loss (dgram, peer, why, now);
}

/* What has been counted since and not told. */
void
dgram_tell_losses (GsockDgram *dgram)
{
  gint64 now = gsock_worker_now (dgram->worker);

  for (int why = 0; why < DGRAM_N_LOSSES; why++)
    if (dgram->losses[why].count > 0)
      tell_loss (dgram, NULL, (DgramLost) why, now);
}
