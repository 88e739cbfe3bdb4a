/* gsocketservice-echo.c: the echo server that GIO's manual leads to
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A GSocketService and asynchronous streams, as they come: read_async, then
 * write_all_async, then again.  This is what gsock would be without a poller
 * and a drain of its own.  */

#include "config.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define BUFFER_SIZE 4096

/* Owned by its one pending operation, in the main context's thread.  */
typedef struct
{
  GSocketConnection *connection;
  GInputStream *input;
  GOutputStream *output;
  char buffer[BUFFER_SIZE];
} Client;

static void read_cb (GObject *source, GAsyncResult *result, gpointer data);

static void
client_free (Client *client)
{
  g_io_stream_close (G_IO_STREAM (client->connection), NULL, NULL);
  g_object_unref (client->connection);
  g_free (client);
}

static void
client_read (Client *client)
{
  g_input_stream_read_async (client->input, client->buffer, BUFFER_SIZE,
                             G_PRIORITY_DEFAULT, NULL, read_cb, client);
}

static void
write_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Client *client = data;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL,
                                         NULL))
    {
      client_free (client);
      return;
    }
  client_read (client);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Client *client = data;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  if (n <= 0)
    {
      client_free (client);
      return;
    }
  g_output_stream_write_all_async (client->output, client->buffer, (gsize) n,
                                   G_PRIORITY_DEFAULT, NULL, write_cb, client);
}

static gboolean
incoming_cb (GSocketService *service, GSocketConnection *connection,
             GObject *source, gpointer data)
{
  Client *client = g_new (Client, 1);
  GIOStream *stream = G_IO_STREAM (connection);

  (void) service;
  (void) source;
  (void) data;
  client->connection = g_object_ref (connection);
  client->input = g_io_stream_get_input_stream (stream);
  client->output = g_io_stream_get_output_stream (stream);
  client_read (client);
  return FALSE;
}

/* TEXT is a path, or HOST:PORT with a numeric HOST.  */
static GSocketAddress *
parse_address (const char *text)
{
  const char *colon = strrchr (text, ':');
  g_autofree char *host = NULL;

  if (strchr (text, '/') != NULL)
    return g_unix_socket_address_new (text);
  if (colon == NULL)
    return NULL;
  host = g_strndup (text, (gsize) (colon - text));
  return g_inet_socket_address_new_from_string (host, (guint) atoi (colon + 1));
}

static void
announce (GSocketAddress *address)
{
  g_autofree char *text = NULL;

  if (G_IS_UNIX_SOCKET_ADDRESS (address))
    {
      GUnixSocketAddress *local = G_UNIX_SOCKET_ADDRESS (address);

      printf ("unix:%s\n", g_unix_socket_address_get_path (local));
    }
  else
    {
      text = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address));
      printf ("%s\n", text);
    }
  fflush (stdout);
}

static void
raise_descriptor_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) < 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GSocketService) service = g_socket_service_new ();
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  address = argc == 2 ? parse_address (argv[1]) : NULL;
  if (address == NULL)
    {
      g_printerr ("Usage: %s PATH|HOST:PORT\n", argv[0]);
      return 2;
    }
  raise_descriptor_limit ();
  if (!g_socket_listener_add_address (
          G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
          G_SOCKET_PROTOCOL_DEFAULT, NULL, &bound, &error))
    {
      g_printerr ("%s: %s\n", argv[1], error->message);
      return 1;
    }
  g_signal_connect (service, "incoming", G_CALLBACK (incoming_cb), NULL);
  announce (bound);
  g_main_loop_run (loop);
  return 0;
}
