/* udp.c: DNS questions by UDP, many in one system call
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Each socket is connected, so that the kernel drops what other hosts send and
 * tells when nobody listens there; its port is drawn by the kernel, and the id
 * by us: together with the name, that is what an answer has to know. */

#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <glib/gi18n-lib.h>

#include "core/call.h"
#include "core/error.h"
#include "core/fd.h"
#include "dns/client-private.h"
#include "dns/tell.h"

/* In one system call. */
#define BATCH 64
/* What one answer may have; more than we say that we take. */
#define DATAGRAM_MAX (GSOCK_SCRATCH_SIZE / BATCH)
/* Of the questions that go to one socket together. */
#define ROW 32
/* A port is changed after so many questions. */
#define PORT_USES 512
/* A burst of answers may come at once. */
#define RECEIVE_BUFFER (4 * 1024 * 1024)

static void receive_cb (GsockWatch *watch);

static gpointer
key_of (guint16 id)
{
  return GUINT_TO_POINTER ((guint) id);
}

static void
tell_socket (const GsockDnsServer *server, int fd)
{
  const GsockAddress *address = &server->address;
  g_autofree char *peer = gsock_call_sockaddr (&address->storage,
                                               address->size);

  gsock_call (GSOCK_CALL_SOCKET, NULL, fd, 0, NULL, "%s, SOCK_DGRAM, 0",
              gsock_call_family (address->any.sa_family));
  gsock_call (GSOCK_CALL_CONNECT, "SOCK_DGRAM", 0, 0, NULL, "%d, %s", fd, peer);
}

static gboolean
open_socket (DnsSocket *self, GError **error)
{
  GsockDns *dns = self->dns;
  const GsockDnsServer *server = dns_server (dns, self->server);
  const GsockAddress *address = &server->address;
  g_auto (GsockFd) fd = socket (address->any.sa_family,
                                SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  int size = RECEIVE_BUFFER;

  /* The kernel gives what it may; one question needs no more than it has. */
  if (fd >= 0 && dns->window > 16)
    setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  if (fd < 0 || connect (fd, &address->any, address->size) < 0)
    {
      gsock_set_error_errno (error, GSOCK_ERROR_CONNECT, errno,
                             /* TRANSLATORS: a name server */
                             _ ("Cannot ask %s"), server->text);
      return FALSE;
    }
  if (gsock_explaining ())
    tell_socket (server, fd);
  if (!gsock_poller_add (dns->worker->poller, &self->watch, fd, receive_cb,
                         error))
    return FALSE;
  gsock_poller_want (dns->worker->poller, &self->watch, GSOCK_READY_IN);
  self->fd = gsock_fd_steal (&fd);
  self->used = 0;
  if (self->queries == NULL)
    self->queries = g_hash_table_new (NULL, NULL);
  if (self->out == NULL)
    self->out = g_ptr_array_new ();
  return TRUE;
}

/**
 * dns_udp_close: its questions, if any, are no longer waited for
 */
void
dns_udp_close (DnsSocket *self)
{
  if (self->fd >= 0)
    {
      gsock_poller_remove (self->dns->worker->poller, &self->watch);
      gsock_fd_close (self->fd);
    }
  self->fd = -1;
}

/* More sockets where there is more to ask, and then some questions in a row for
 * each, so that they leave together. */
static DnsSocket *
pick_socket (GsockDns *dns, guint server, GError **error)
{
  guint count = MIN (DNS_SOCKETS, 1 + dns->active / ROW);
  DnsSocket *picked;

  if (dns->left == 0 || dns->picked >= count)
    {
      dns->picked = (guint) g_random_int_range (0, (int) count);
      dns->left = count > 1 ? ROW : 1;
    }
  dns->left--;
  picked = &dns->sockets[server][dns->picked];
  if (picked->fd >= 0 && picked->used >= PORT_USES
      && g_hash_table_size (picked->queries) == 0)
    dns_udp_close (picked);
  if (picked->fd < 0 && !open_socket (picked, error))
    return NULL;
  return picked;
}

/**
 * dns_udp_send: (again) to the query's server; it leaves at the next flush
 */
gboolean
dns_udp_send (GsockDnsQuery *query, GError **error)
{
  DnsSocket *picked = query->socket;

  if (picked == NULL)
    {
      picked = pick_socket (query->dns, query->server, error);
      if (picked == NULL)
        return FALSE;
      do
        query->id = (guint16) g_random_int ();
      while (g_hash_table_contains (picked->queries, key_of (query->id)));
      g_hash_table_insert (picked->queries, key_of (query->id), query);
      query->socket = picked;
      picked->used++;
    }
  if (!query->queued)
    g_ptr_array_add (picked->out, query);
  query->queued = TRUE;
  query->dns->queued++;
  return TRUE;
}

/**
 * dns_udp_forget: an answer to it will not be known any more
 */
void
dns_udp_forget (GsockDnsQuery *query)
{
  DnsSocket *socket = query->socket;

  if (socket == NULL)
    return;
  g_hash_table_remove (socket->queries, key_of (query->id));
  if (query->queued)
    g_ptr_array_remove_fast (socket->out, query);
  query->queued = FALSE;
  query->socket = NULL;
}

static void
tell_sent (const DnsSocket *self, const GsockDnsQuery *query, gsize size)
{
  g_autofree char *text = gsock_dns_describe_question (
      query->id, &query->question, query->flags);

  gsock_call (GSOCK_CALL_SEND, "DNS", (gint64) size, 0, NULL,
              "%d, %s, %" G_GSIZE_FORMAT, self->fd, text, size);
}

static void
tell_received (const DnsSocket *self, const guint8 *data, gsize size)
{
  g_autofree char *text = gsock_dns_describe_header (data, size);

  gsock_call (GSOCK_CALL_RECV, "DNS", (gint64) size, 0, NULL, "%d, %s, %d",
              self->fd, text, DATAGRAM_MAX);
}

/* Nobody listens at the server's port: all that it was asked goes elsewhere. */
static void
reject_all (DnsSocket *self, int errnum)
{
  GHashTableIter iter;
  gpointer query;

  /* Whoever is told of one may give up others, so each time anew. */
  while (g_hash_table_iter_init (&iter, self->queries),
         g_hash_table_iter_next (&iter, NULL, &query))
    {
      GError *error = NULL;

      gsock_set_error_errno (&error, GSOCK_ERROR_CONNECT, errnum,
                             _ ("Cannot ask %s"),
                             dns_server (self->dns, self->server)->text);
      dns_query_rejected (query, error);
    }
}

/* Of those from @first on; how many have left. */
static int
send_batch (DnsSocket *self, guint first)
{
  guint8 space[BATCH][GSOCK_DNS_QUERY_MAX];
  struct mmsghdr messages[BATCH] = { 0 };
  struct iovec bytes[BATCH];
  guint count = MIN (BATCH, self->out->len - first);
  int result;

  for (guint i = 0; i < count; i++)
    {
      const GsockDnsQuery *query = g_ptr_array_index (self->out, first + i);

      bytes[i].iov_base = space[i];
      bytes[i].iov_len = gsock_dns_write_query (space[i], query->id,
                                                &query->question, query->flags);
      messages[i].msg_hdr.msg_iov = &bytes[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
  result = sendmmsg (self->fd, messages, count, 0);
  for (int i = 0; i < result && gsock_explaining (); i++)
    tell_sent (self, g_ptr_array_index (self->out, first + (guint) i),
               bytes[i].iov_len);
  return result;
}

static void
flush_socket (DnsSocket *self)
{
  guint sent = 0;

  while (sent < self->out->len)
    {
      int result = send_batch (self, sent);

      if (result > 0)
        {
          for (guint i = sent; i < sent + (guint) result; i++)
            ((GsockDnsQuery *) g_ptr_array_index (self->out, i))->queued =
                FALSE;
          sent += (guint) result;
          continue;
        }
      if (errno == EAGAIN || errno == ENOBUFS)
        break;
      /* The kernel tells here of what came back for an earlier one. */
      g_ptr_array_remove_range (self->out, 0, sent);
      reject_all (self, errno);
      return;
    }
  if (sent > 0)
    g_ptr_array_remove_range (self->out, 0, sent);
  gsock_poller_want (self->dns->worker->poller, &self->watch,
                     GSOCK_READY_IN
                         | (self->out->len > 0 ? GSOCK_READY_OUT : 0));
  if (self->out->len > 0)
    gsock_poller_forget (self->dns->worker->poller, &self->watch,
                         GSOCK_READY_OUT);
}

/**
 * dns_udp_flush: sends what waits, of all sockets
 */
void
dns_udp_flush (GsockDns *dns)
{
  dns->queued = 0;
  for (guint s = 0; s < dns->servers->len; s++)
    for (guint i = 0; i < DNS_SOCKETS; i++)
      {
        DnsSocket *socket = &dns->sockets[s][i];

        if (socket->fd >= 0 && socket->out->len > 0)
          flush_socket (socket);
      }
}

static void
take_answer (DnsSocket *self, const struct mmsghdr *message)
{
  const guint8 *data = message->msg_hdr.msg_iov->iov_base;
  gsize size = message->msg_len;
  GsockDnsHeader header;
  GsockDnsQuery *query = dns_query_find (self->queries, data, size, &header);

  if (query == NULL)
    return;
  if ((message->msg_hdr.msg_flags & MSG_TRUNC) != 0)
    header.truncated = TRUE;
  dns_query_answered (query, data, size, &header, GSOCK_DNS_UDP);
}

static void
receive_batch (DnsSocket *self)
{
  char *scratch = self->dns->worker->scratch;
  struct mmsghdr messages[BATCH] = { 0 };
  struct iovec bytes[BATCH];
  int result;

  for (gsize i = 0; i < BATCH; i++)
    {
      bytes[i].iov_base = scratch + i * DATAGRAM_MAX;
      bytes[i].iov_len = DATAGRAM_MAX;
      messages[i].msg_hdr.msg_iov = &bytes[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
  result = recvmmsg (self->fd, messages, BATCH, 0, NULL);
  if (result < 0)
    {
      gsock_poller_forget (self->dns->worker->poller, &self->watch,
                           GSOCK_READY_IN);
      if (errno != EAGAIN && errno != EINTR)
        reject_all (self, errno);
      return;
    }
  /* Fewer than there is room for are all that were there. */
  if (result < BATCH)
    gsock_poller_forget (self->dns->worker->poller, &self->watch,
                         GSOCK_READY_IN);
  for (int i = 0; i < result; i++)
    {
      if (gsock_explaining ())
        tell_received (self, bytes[i].iov_base, messages[i].msg_len);
      take_answer (self, &messages[i]);
    }
}

static void
receive_cb (GsockWatch *watch)
{
  DnsSocket *self = (DnsSocket *) ((char *) watch
                                   - G_STRUCT_OFFSET (DnsSocket, watch));

  receive_batch (self);
  /* The server has work to do while the other sockets are read. */
  if (self->dns->queued >= ROW)
    dns_udp_flush (self->dns);
  else if (self->fd >= 0 && self->out->len > 0)
    flush_socket (self);
}
