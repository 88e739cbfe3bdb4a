/* lab-socket-server.c: the lab sheet's program 1, a foreign peer for the tests
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A UNIX stream server: each message is a C int in host order, which counts
 * the bytes with their closing NUL, then the bytes.  Prints each on a line,
 * serves one client after another, stops at the message "quit".  The sheet
 * trusts the length it is told; here one out of range ends that client.  */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define LARGEST_MESSAGE (16 * 1024 * 1024)

static void
fail (const char *what)
{
  perror (what);
  exit (1);
}

/* 1 once all of DATA is there, 0 where the client ended before.  */
static int
read_all (int fd, void *data, size_t length)
{
  char *next = data;

  while (length > 0)
    {
      ssize_t n = read (fd, next, length);

      if (n <= 0)
        return 0;
      next += n;
      length -= (size_t) n;
    }
  return 1;
}

/* Prints the messages of one client; 1 where the last was "quit".  */
static int
serve (int client)
{
  for (;;)
    {
      int length;
      int quit;
      char *text;

      if (!read_all (client, &length, sizeof length))
        return 0;
      if (length < 1 || length > LARGEST_MESSAGE)
        {
          fprintf (stderr, "A length of %d is none\n", length);
          return 0;
        }

      /* One byte more than told: a client may forget the closing NUL.  */
      text = calloc ((size_t) length + 1, 1);
      if (text == NULL)
        fail ("calloc");
      if (!read_all (client, text, (size_t) length))
        {
          free (text);
          return 0;
        }
      printf ("%s\n", text);
      fflush (stdout);
      quit = strcmp (text, "quit") == 0;
      free (text);
      if (quit)
        return 1;
    }
}

int
main (int argc, char **argv)
{
  struct sockaddr_un name = { .sun_family = AF_UNIX };
  int quit = 0;
  int fd;

  if (argc != 2 || strlen (argv[1]) >= sizeof name.sun_path)
    {
      fprintf (stderr, "Usage: %s PATH\n", argv[0]);
      return 2;
    }
  strcpy (name.sun_path, argv[1]);

  fd = socket (PF_LOCAL, SOCK_STREAM, 0);
  if (fd < 0)
    fail ("socket");
  if (bind (fd, (struct sockaddr *) &name, sizeof name) < 0)
    fail ("bind");
  if (listen (fd, 5) < 0)
    fail ("listen");
  printf ("Listening on %s\n", argv[1]);
  fflush (stdout);

  while (!quit)
    {
      int client = accept (fd, NULL, NULL);

      if (client < 0)
        fail ("accept");
      quit = serve (client);
      close (client);
    }

  close (fd);
  unlink (argv[1]);
  return 0;
}
