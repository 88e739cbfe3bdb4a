/* lab-serverstream.c: the lab sheet's program 7, a foreign peer for the tests
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A TCP server on every IPv4 interface that greets each client from a child
 * of its own and tells each step.  The sheet's port is 3490; PORT is another,
 * 0 lets the kernel choose, and the one in use is printed.  */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEFAULT_PORT 3490
#define BACKLOG 10

/* The sheet sends 37 bytes of a text that has 35: the NUL behind it and
 * whatever byte comes next in memory go out too.  Here those two belong to the
 * array, so the wire is the same and nothing is read past its end.  */
#define GREETING_LENGTH 37
static const char greeting[] = "This is a test string from server!\n\0S";

static void
fail (const char *what)
{
  perror (what);
  exit (1);
}

static void
reap_children (int number)
{
  int saved = errno;

  (void) number;
  while (waitpid (-1, NULL, WNOHANG) > 0)
    continue;
  errno = saved;
}

static int
open_listener (int port)
{
  struct sockaddr_in mine = { .sin_family = AF_INET };
  socklen_t length = sizeof mine;
  int yes = 1;
  int fd;

  fd = socket (AF_INET, SOCK_STREAM, 0);
  if (fd < 0)
    fail ("socket");
  printf ("socket() is OK...\n");
  if (setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0)
    fail ("setsockopt");
  printf ("setsockopt() is OK...\n");

  mine.sin_port = htons ((unsigned short) port);
  mine.sin_addr.s_addr = htonl (INADDR_ANY);
  if (bind (fd, (struct sockaddr *) &mine, sizeof mine) < 0)
    fail ("bind");
  /* The sheet says this before bind; a port chosen by the kernel is known
   * only now.  */
  if (getsockname (fd, (struct sockaddr *) &mine, &length) < 0)
    fail ("getsockname");
  printf ("Using %s and port %d\n", inet_ntoa (mine.sin_addr),
          ntohs (mine.sin_port));
  printf ("bind() is OK...\n");

  if (listen (fd, BACKLOG) < 0)
    fail ("listen");
  printf ("listen() is OK...\n");
  return fd;
}

static void
greet (int client)
{
  if (send (client, greeting, GREETING_LENGTH, 0) < 0)
    perror ("send");
  else
    printf ("send() is OK...\n");
  close (client);
}

int
main (int argc, char **argv)
{
  struct sigaction action;
  int port = argc > 1 ? atoi (argv[1]) : DEFAULT_PORT;
  int fd;

  if (argc > 2 || port < 0 || port > 65535)
    {
      fprintf (stderr, "Usage: %s [PORT]\n", argv[0]);
      return 2;
    }
  /* Whole lines, at once: a child inherits nothing unwritten.  */
  setvbuf (stdout, NULL, _IOLBF, 0);
  fd = open_listener (port);

  memset (&action, 0, sizeof action);
  action.sa_handler = reap_children;
  sigemptyset (&action.sa_mask);
  action.sa_flags = SA_RESTART;
  if (sigaction (SIGCHLD, &action, NULL) < 0)
    fail ("sigaction");
  printf ("sigaction() is OK...\n");

  for (;;)
    {
      struct sockaddr_in theirs;
      socklen_t length = sizeof theirs;
      int client = accept (fd, (struct sockaddr *) &theirs, &length);
      pid_t child;

      if (client < 0)
        {
          perror ("accept");
          continue;
        }
      printf ("accept() is OK...\n");
      printf ("Got connection from %s\n", inet_ntoa (theirs.sin_addr));
      child = fork ();
      if (child < 0)
        perror ("fork");
      if (child == 0)
        {
          close (fd);
          greet (client);
          _exit (0);
        }
      close (client);
      printf ("close() is OK...\n");
    }
}
