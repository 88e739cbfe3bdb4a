/* stream.c: DNS messages over a stream, each behind its length (RFC 7766)
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "dns/stream.h"

#include <errno.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/dial.h"
#include "core/error.h"

struct _GsockDnsStream
{
  const GsockDnsStreamNotify *notify;
  gpointer user_data;
  GsockWorker *worker;
  GsockEndpoint *endpoint;
  GsockDial *dial;      /* NULL: connected, or failed */
  GsockCarrier carrier; /* of a class once it is connected */
  GsockWatch watch;
  GByteArray *out;
  GByteArray *in;
};

static void
end (GsockDnsStream *self, const GError *error)
{
  self->notify->ended (error, self->user_data);
}

/* What went wrong in errno or in @error (which is freed). */
static void
fail (GsockDnsStream *self, GError *error)
{
  g_autofree char *who = gsock_endpoint_to_display (self->endpoint);

  if (error == NULL)
    gsock_set_error_errno (&error, GSOCK_ERROR_RESET, errno,
                           /* TRANSLATORS: a name server's address */
                           _ ("The name server %s broke the connection"), who);
  end (self, error);
  g_error_free (error);
}

/* FALSE: it has ended. */
static gboolean
push (GsockDnsStream *self)
{
  while (self->out->len > 0)
    {
      GError *error = NULL;
      gssize n = self->carrier.klass->send (&self->carrier,
                                            (const char *) self->out->data,
                                            self->out->len, &error);

      if (n < 0 && error == NULL && errno == EAGAIN)
        {
          gsock_poller_forget (self->worker->poller, &self->watch,
                               GSOCK_READY_OUT);
          break;
        }
      if (n < 0)
        {
          fail (self, error);
          return FALSE;
        }
      g_byte_array_remove_range (self->out, 0, (guint) n);
    }
  gsock_poller_want (self->worker->poller, &self->watch,
                     GSOCK_READY_IN
                         | (self->out->len > 0 ? GSOCK_READY_OUT : 0));
  return TRUE;
}

/* The messages that are whole; the callee may end the stream in none of them,
 * so what is left is still ours. */
static void
take_messages (GsockDnsStream *self)
{
  gsize used = 0;

  while (self->in->len - used >= 2)
    {
      const guint8 *at = self->in->data + used;
      gsize size = (gsize) at[0] << 8 | at[1];

      if (self->in->len - used < size + 2)
        break;
      used += size + 2;
      self->notify->message (at + 2, size, self->user_data);
    }
  g_byte_array_remove_range (self->in, 0, (guint) used);
}

static void
ready_cb (GsockWatch *watch)
{
  GsockDnsStream *self = (GsockDnsStream *) ((char *) watch
                                             - G_STRUCT_OFFSET (GsockDnsStream,
                                                                watch));
  char *scratch = self->worker->scratch;
  GError *error = NULL;
  gssize n;

  if (!push (self))
    return;
  n = self->carrier.klass->receive (&self->carrier, scratch, GSOCK_SCRATCH_SIZE,
                                    &error);
  if (n > 0)
    {
      g_byte_array_append (self->in, (const guint8 *) scratch, (guint) n);
      take_messages (self);
    }
  else if (n == 0)
    end (self, NULL);
  else if (error == NULL && errno == EAGAIN)
    gsock_poller_forget (self->worker->poller, &self->watch, GSOCK_READY_IN);
  else
    fail (self, error);
}

static void
dialed_cb (GsockCarrier *carrier, const GError *error, gpointer data)
{
  GsockDnsStream *self = data;
  g_autoptr (GError) problem = NULL;

  self->dial = NULL;
  if (error != NULL)
    {
      end (self, error);
      return;
    }
  if (!gsock_poller_add (self->worker->poller, &self->watch, carrier->fd,
                         ready_cb, &problem))
    {
      end (self, problem);
      return;
    }
  self->carrier = gsock_carrier_steal (carrier);
  push (self);
}

/**
 * gsock_dns_stream_new:
 * @server: who is asked
 * @timeout: µs for connecting
 * @worker: whose thread it belongs to
 * @notify: who is told; static
 * @user_data: for @notify
 *
 * Returns: (transfer full): a stream that is being connected
 */
GsockDnsStream *
gsock_dns_stream_new (const GsockDnsServer *server, gint64 timeout,
                      GsockWorker *worker, const GsockDnsStreamNotify *notify,
                      gpointer user_data)
{
  GsockDnsStream *self = g_new0 (GsockDnsStream, 1);
  GsockDialOptions options = { .connect = { .timeout = timeout },
                               .tls = server->tls };

  self->notify = notify;
  self->user_data = user_data;
  self->worker = worker;
  self->endpoint = gsock_endpoint_ref (server->endpoint);
  self->carrier.fd = -1;
  self->out = g_byte_array_new ();
  self->in = g_byte_array_new ();
  self->dial = gsock_dial_start (server->endpoint, &options, worker->context,
                                 dialed_cb, self);
  return self;
}

/**
 * gsock_dns_stream_free:
 * @stream: (transfer full): closed and freed; nobody is told
 */
void
gsock_dns_stream_free (GsockDnsStream *stream)
{
  g_clear_pointer (&stream->dial, gsock_dial_cancel);
  if (stream->carrier.klass != NULL)
    gsock_poller_remove (stream->worker->poller, &stream->watch);
  gsock_carrier_close (&stream->carrier);
  gsock_endpoint_unref (stream->endpoint);
  g_byte_array_unref (stream->out);
  g_byte_array_unref (stream->in);
  g_free (stream);
}

/**
 * gsock_dns_stream_send:
 * @stream: a stream that has not ended
 * @message: a DNS message
 * @size: its bytes
 *
 * It leaves in the next round, in one piece with others.
 */
void
gsock_dns_stream_send (GsockDnsStream *stream, const guint8 *message,
                       gsize size)
{
  const guint8 length[] = { (guint8) (size >> 8), (guint8) size };

  g_byte_array_append (stream->out, length, sizeof length);
  g_byte_array_append (stream->out, message, (guint) size);
  if (stream->carrier.klass != NULL)
    gsock_poller_again (stream->worker->poller, &stream->watch);
}
