/* dns-peer.h: a name server in the test itself, honest or not
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* It is asked and answers in the test's own context, so nothing here waits for
 * time.  The first label of a name says what it does:
 *
 *   good     192.0.2.1 to A, 2001:db8::1 to AAAA, "good.test." to PTR, a host
 *            to SRV, MX and NS, two strings to TXT, a zone to SOA; as good is
 *            every label that is not here
 *   alias    the same, by a CNAME
 *   other    the same, of good.test. alone, whoever was asked about
 *   mixed    the same, beside what good has
 *   none     NXDOMAIN
 *   empty    no data
 *   fail     SERVFAIL; refused: REFUSED
 *   circleN  SERVFAIL; to CNAME the next of three
 *   silent   nothing; silent6: nothing to AAAA
 *   parted   REFUSED by UDP, nothing by TCP
 *   lossy    nothing the first time
 *   old      FORMERR to what has an OPT record
 *   forged   three wrong answers, then the right one
 *   cut      TC by UDP
 *   closing  TC by UDP, and by TCP the end
 *   shy      the same, but the second connection has the answer
 *   short    half a record; short6: to AAAA
 *
 * An underscore before it, as services have, says nothing.
 */

#pragma once

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib-unix.h>

#include "dns/words.h"

typedef struct
{
  GMainContext *context;
  int udp, tcp;
  guint16 port;
  guint by_udp, by_tcp, connections; /* so far */
  GHashTable *times;                 /* name -> how often by UDP */
  GPtrArray *sources;
} DnsPeer;

/* A stream's bytes that are no whole question yet. */
typedef struct
{
  DnsPeer *peer;
  int fd;
  GByteArray *in;
} DnsPeerClient;

G_GNUC_UNUSED static char *
dns_peer_first_label (const guint8 *query)
{
  g_autofree char *label = g_strndup ((const char *) query + 13, query[12]);

  return g_strdup (label[0] == '_' ? label + 1 : label);
}

static gsize
dns_peer_question_size (const guint8 *query)
{
  gsize at = 12;

  while (query[at] != 0)
    at += 1 + query[at];
  return at + 5 - 12;
}

static guint16
dns_peer_type (const guint8 *query)
{
  const guint8 *end = query + 12 + dns_peer_question_size (query);

  return (guint16) (end[-4] << 8 | end[-3]);
}

static void
dns_peer_append_record (GByteArray *answer, gconstpointer owner,
                        gsize owner_size, guint16 type, gconstpointer data,
                        gsize size)
{
  const guint8 middle[] = {
    (guint8) (type >> 8), (guint8) type, 0, 1, 0, 0, 0, 60,
    (guint8) (size >> 8), (guint8) size
  };

  g_byte_array_append (answer, owner, (guint) owner_size);
  g_byte_array_append (answer, middle, sizeof middle);
  g_byte_array_append (answer, data, (guint) size);
  answer->data[7]++;
}

#define DNS_PEER_ASKED "\xc0\x0c"
#define DNS_PEER_GOOD "\4good\4test"

/* What an honest server has of @type, for @owner. */
static void
dns_peer_append_good (GByteArray *answer, gconstpointer owner, gsize size,
                      guint16 type)
{
  switch (type)
    {
    case GSOCK_DNS_A:
      dns_peer_append_record (answer, owner, size, type, "\xc0\0\2\1", 4);
      break;
    case GSOCK_DNS_AAAA:
      dns_peer_append_record (answer, owner, size, type,
                              "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 16);
      break;
    case GSOCK_DNS_PTR:
      dns_peer_append_record (answer, owner, size, type, DNS_PEER_GOOD,
                              sizeof DNS_PEER_GOOD);
      break;
    case GSOCK_DNS_SRV:
      dns_peer_append_record (answer, owner, size, type,
                              "\0\1\0\2\0\x50" DNS_PEER_GOOD,
                              6 + sizeof DNS_PEER_GOOD);
      break;
    case GSOCK_DNS_MX:
      dns_peer_append_record (answer, owner, size, type, "\0\12" DNS_PEER_GOOD,
                              2 + sizeof DNS_PEER_GOOD);
      break;
    case GSOCK_DNS_NS:
      dns_peer_append_record (answer, owner, size, type, DNS_PEER_GOOD,
                              sizeof DNS_PEER_GOOD);
      break;
    case GSOCK_DNS_TXT:
      /* a"b\ and a byte that is no UTF-8; x y */
      dns_peer_append_record (answer, owner, size, type, "\5a\"b\\\377\3x y",
                              10);
      break;
    case GSOCK_DNS_SOA:
      dns_peer_append_record (answer, owner, size, type,
                              DNS_PEER_GOOD
                              "\0\4root\4test\0\0\0\0\1\0\0\0\2\0\0"
                              "\0\3\0\0\0\4\377\377\377\377",
                              sizeof DNS_PEER_GOOD + 11 + 20);
      break;
    default:
      break;
    }
}

static GByteArray *
dns_peer_start_answer (const guint8 *query, guint8 flags, guint8 rcode)
{
  GByteArray *answer = g_byte_array_new ();
  const guint8 header[] = { query[0], query[1], flags, (guint8) (0x80 | rcode),
                            0,        1,        0,     0,
                            0,        0,        0,     0 };

  g_byte_array_append (answer, header, sizeof header);
  g_byte_array_append (answer, query + 12,
                       (guint) dns_peer_question_size (query));
  return answer;
}

/* "circle2" of "circle1", and back to the first. */
static void
dns_peer_append_circle (GByteArray *answer, const char *label)
{
  char next[] = "\7circle?\4test";

  next[7] = label[6] == '3' ? '1' : (char) (label[6] + 1);
  dns_peer_append_record (answer, DNS_PEER_ASKED, 2, GSOCK_DNS_CNAME, next,
                          sizeof next);
}

/* NULL: none. */
static GByteArray *
dns_peer_answer (const guint8 *query, const char *label)
{
  guint16 type = dns_peer_type (query);
  guint8 rcode = 0;
  GByteArray *answer;

  if (strcmp (label, "none") == 0)
    rcode = 3;
  else if (strcmp (label, "refused") == 0 || strcmp (label, "parted") == 0)
    rcode = 5;
  else if (strcmp (label, "fail") == 0
           || (g_str_has_prefix (label, "circle") && type != GSOCK_DNS_CNAME))
    rcode = 2;
  else if (strcmp (label, "old") == 0 && query[11] != 0)
    rcode = 1;
  answer = dns_peer_start_answer (query, 0x85, rcode);
  if (rcode != 0 || strcmp (label, "empty") == 0)
    return answer;
  if (g_str_has_prefix (label, "circle"))
    dns_peer_append_circle (answer, label);
  else if (strcmp (label, "alias") == 0)
    {
      dns_peer_append_record (answer, DNS_PEER_ASKED, 2, GSOCK_DNS_CNAME,
                              DNS_PEER_GOOD, sizeof DNS_PEER_GOOD);
      dns_peer_append_good (answer, DNS_PEER_GOOD, sizeof DNS_PEER_GOOD, type);
    }
  else if (strcmp (label, "other") != 0)
    dns_peer_append_good (answer, DNS_PEER_ASKED, 2, type);
  if (strcmp (label, "other") == 0 || strcmp (label, "mixed") == 0)
    dns_peer_append_good (answer, DNS_PEER_GOOD, sizeof DNS_PEER_GOOD, type);
  if (strcmp (label, "short") == 0
      || (strcmp (label, "short6") == 0 && type == GSOCK_DNS_AAAA))
    g_byte_array_set_size (answer, answer->len - 3);
  return answer;
}

static void
dns_peer_send (DnsPeer *peer, const GByteArray *answer,
               const struct sockaddr_storage *to, socklen_t size)
{
  g_assert_cmpint (sendto (peer->udp, answer->data, answer->len, 0,
                           (const struct sockaddr *) to, size),
                   ==, answer->len);
}

/* Another id, another name, and a question. */
static void
dns_peer_forge (DnsPeer *peer, GByteArray *answer,
                const struct sockaddr_storage *to, socklen_t size)
{
  answer->data[0] ^= 1;
  dns_peer_send (peer, answer, to, size);
  answer->data[0] ^= 1;
  answer->data[13] ^= 1;
  dns_peer_send (peer, answer, to, size);
  answer->data[13] ^= 1;
  answer->data[2] &= 0x7f;
  dns_peer_send (peer, answer, to, size);
  answer->data[2] |= 0x80;
}

static gboolean
dns_peer_udp_cb (int fd, GIOCondition condition G_GNUC_UNUSED, gpointer data)
{
  DnsPeer *peer = data;
  guint8 query[512];
  struct sockaddr_storage from;
  socklen_t size = sizeof from;
  gssize got = recvfrom (fd, query, sizeof query, 0, (struct sockaddr *) &from,
                         &size);
  g_autofree char *label = NULL;
  g_autoptr (GByteArray) answer = NULL;
  guint times;

  if (got < 17)
    return G_SOURCE_CONTINUE;
  label = dns_peer_first_label (query);
  times = GPOINTER_TO_UINT (g_hash_table_lookup (peer->times, label)) + 1;
  g_hash_table_insert (peer->times, g_strdup (label), GUINT_TO_POINTER (times));
  peer->by_udp++;
  if (strcmp (label, "silent") == 0
      || (strcmp (label, "silent6") == 0
          && dns_peer_type (query) == GSOCK_DNS_AAAA)
      || (strcmp (label, "lossy") == 0 && times == 1))
    return G_SOURCE_CONTINUE;
  if (strcmp (label, "cut") == 0 || strcmp (label, "closing") == 0
      || strcmp (label, "shy") == 0)
    answer = dns_peer_start_answer (query, 0x87, 0);
  else
    answer = dns_peer_answer (query, label);
  if (strcmp (label, "forged") == 0)
    dns_peer_forge (peer, answer, &from, size);
  dns_peer_send (peer, answer, &from, size);
  return G_SOURCE_CONTINUE;
}

static void
dns_peer_client_free (gpointer data)
{
  DnsPeerClient *client = data;

  close (client->fd);
  g_byte_array_unref (client->in);
  g_free (client);
}

/* FALSE: it is to be closed. */
static gboolean
dns_peer_take_stream (DnsPeerClient *client)
{
  while (client->in->len >= 2)
    {
      gsize size = (gsize) (client->in->data[0] << 8 | client->in->data[1]);
      g_autofree char *label = NULL;
      g_autoptr (GByteArray) answer = NULL;
      guint8 length[2];

      if (client->in->len < size + 2)
        break;
      label = dns_peer_first_label (client->in->data + 2);
      client->peer->by_tcp++;
      if (strcmp (label, "closing") == 0
          || (strcmp (label, "shy") == 0 && client->peer->connections == 1))
        return FALSE;
      if (strcmp (label, "silent") == 0 || strcmp (label, "parted") == 0)
        {
          g_byte_array_remove_range (client->in, 0, (guint) size + 2);
          continue;
        }
      answer = dns_peer_answer (client->in->data + 2, label);
      length[0] = (guint8) (answer->len >> 8);
      length[1] = (guint8) answer->len;
      /* In pieces, as a network may have it. */
      g_assert_cmpint (send (client->fd, length, 1, MSG_NOSIGNAL), ==, 1);
      g_byte_array_prepend (answer, length + 1, 1);
      g_assert_cmpint (
          send (client->fd, answer->data, answer->len, MSG_NOSIGNAL), ==,
          answer->len);
      g_byte_array_remove_range (client->in, 0, (guint) size + 2);
    }
  return TRUE;
}

static gboolean
dns_peer_client_cb (int fd, GIOCondition condition G_GNUC_UNUSED, gpointer data)
{
  DnsPeerClient *client = data;
  guint8 bytes[512];
  gssize got = recv (fd, bytes, sizeof bytes, 0);

  if (got <= 0)
    return G_SOURCE_REMOVE;
  g_byte_array_append (client->in, bytes, (guint) got);
  return dns_peer_take_stream (client);
}

static void
dns_peer_watch (DnsPeer *peer, int fd, GUnixFDSourceFunc func, gpointer data,
                GDestroyNotify notify)
{
  GSource *source = g_unix_fd_source_new (fd, G_IO_IN);

  g_source_set_callback (source, G_SOURCE_FUNC (func), data, notify);
  g_source_attach (source, peer->context);
  g_ptr_array_add (peer->sources, source);
}

static gboolean
dns_peer_tcp_cb (int fd, GIOCondition condition G_GNUC_UNUSED, gpointer data)
{
  DnsPeer *peer = data;
  DnsPeerClient *client = g_new0 (DnsPeerClient, 1);

  client->peer = peer;
  client->fd = accept (fd, NULL, NULL);
  g_assert_cmpint (client->fd, >=, 0);
  client->in = g_byte_array_new ();
  peer->connections++;
  dns_peer_watch (peer, client->fd, dns_peer_client_cb, client,
                  dns_peer_client_free);
  return G_SOURCE_CONTINUE;
}

/* UDP and TCP have the same port; another try where that is taken. */
static gboolean
dns_peer_bind (DnsPeer *peer)
{
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t size = sizeof address;

  address.sin_addr.s_addr = g_htonl (INADDR_LOOPBACK);
  peer->udp = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  peer->tcp = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind (peer->udp, (struct sockaddr *) &address, size) == 0
      && getsockname (peer->udp, (struct sockaddr *) &address, &size) == 0
      && bind (peer->tcp, (struct sockaddr *) &address, size) == 0)
    {
      peer->port = g_ntohs (address.sin_port);
      return listen (peer->tcp, 16) == 0;
    }
  close (peer->udp);
  close (peer->tcp);
  return FALSE;
}

static void
dns_peer_source_free (gpointer source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

G_GNUC_UNUSED static DnsPeer *
dns_peer_new (GMainContext *context)
{
  DnsPeer *peer = g_new0 (DnsPeer, 1);

  peer->context = context;
  peer->times = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  peer->sources = g_ptr_array_new_with_free_func (dns_peer_source_free);
  while (!dns_peer_bind (peer))
    continue;
  dns_peer_watch (peer, peer->udp, dns_peer_udp_cb, peer, NULL);
  dns_peer_watch (peer, peer->tcp, dns_peer_tcp_cb, peer, NULL);
  return peer;
}

G_GNUC_UNUSED static void
dns_peer_free (DnsPeer *peer)
{
  g_ptr_array_unref (peer->sources);
  g_hash_table_unref (peer->times);
  close (peer->udp);
  close (peer->tcp);
  g_free (peer);
}
