/* dns-peer.c: what gsock-resolve is measured beside, and by
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* dns-peer loop ADDRESS FILE: asks for an A record of each name of FILE, 256 at
 * once, with nothing around sendmmsg and recvmmsg; answers are only counted.
 *
 * dns-peer relay FROM TO MILLISECONDS PERCENT: a way from FROM to the name
 * server TO, both addresses with port 53, that holds each answer back so long
 * and loses so many of the questions and of the answers.  Says "ready".
 *
 * dns-peer run COMMAND...: runs it, then prints its microseconds by the clock and
 * of CPU, the kilobytes it had at most, and its status. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum
{
  BATCH = 64,
  WINDOW = 256,
  SIZE = 2048,
  WAYS = 64,   /* of a relay: clients' ports */
  HELD = 8192, /* answers that wait */
};

static int64_t
now_us (void)
{
  struct timespec t;

  clock_gettime (CLOCK_MONOTONIC, &t);
  return (int64_t) t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static struct sockaddr_in
address_of (const char *host)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons (53) };

  if (inet_pton (AF_INET, host, &address.sin_addr) != 1)
    errx (2, "no address: %s", host);
  return address;
}

static int
open_socket (void)
{
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  int size = 4 * 1024 * 1024;

  if (fd < 0)
    err (1, "socket");
  setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  return fd;
}

/* The loop */

/* FALSE at the file's end. */
static int
next_query (FILE *names, unsigned id, unsigned char *query, size_t *size)
{
  char line[256];
  unsigned char *at = query + 12;

  if (fgets (line, sizeof line, names) == NULL)
    return 0;
  memset (query, 0, 12);
  query[0] = (unsigned char) (id >> 8);
  query[1] = (unsigned char) id;
  query[2] = query[5] = 1;
  for (char *label = strtok (line, ".\n"); label; label = strtok (NULL, ".\n"))
    {
      *at = (unsigned char) strlen (label);
      memcpy (at + 1, label, *at);
      at += 1 + *at;
    }
  memcpy (at, "\0\0\1\0\1", 5);
  *size = (size_t) (at + 5 - query);
  return 1;
}

static unsigned char packets[BATCH][SIZE];

static int
prepare (struct mmsghdr *messages, struct iovec *bytes)
{
  for (int i = 0; i < BATCH; i++)
    {
      bytes[i] = (struct iovec) { packets[i], SIZE };
      messages[i] = (struct mmsghdr) { .msg_hdr = { .msg_iov = &bytes[i],
                                                    .msg_iovlen = 1 } };
    }
  return BATCH;
}

static int
loop (const char *host, const char *path)
{
  struct sockaddr_in address = address_of (host);
  FILE *names = fopen (path, "r");
  struct mmsghdr messages[BATCH];
  struct iovec bytes[BATCH];
  unsigned sent = 0, received = 0;
  int fd = open_socket (), more = 1;

  if (names == NULL || connect (fd, (void *) &address, sizeof address) < 0)
    err (1, "%s", path);
  while (more || received < sent)
    {
      struct pollfd ready = { fd, POLLIN, 0 };
      int count = 0;

      prepare (messages, bytes);
      while (count < BATCH && sent + (unsigned) count - received < WINDOW
             && more)
        {
          more = next_query (names, sent + (unsigned) count, packets[count],
                             &bytes[count].iov_len);
          count += more;
        }
      if (count > 0 && sendmmsg (fd, messages, (unsigned) count, 0) != count)
        err (1, "sendmmsg");
      sent += (unsigned) count;
      if (count == BATCH && sent - received < WINDOW)
        continue;
      if (received < sent && poll (&ready, 1, 5000) != 1)
        errx (1, "%u answers are missing", sent - received);
      count = recvmmsg (fd, messages, (unsigned) prepare (messages, bytes), 0,
                        NULL);
      received += count > 0 ? (unsigned) count : 0;
    }
  fclose (names);
  return 0;
}

/* The relay */

static struct
{
  int64_t due;
  struct sockaddr_in to;
  size_t size;
  unsigned char bytes[SIZE];
} held[HELD];
static unsigned first_held, after_held;

static struct pollfd fds[1 + WAYS]; /* the door, then a way for each client */
static struct sockaddr_in clients[1 + WAYS];
static nfds_t ways = 1, newest;

static nfds_t
way_of (const struct sockaddr_in *client, const struct sockaddr_in *server)
{
  nfds_t i = 1;

  while (i < ways && clients[i].sin_port != client->sin_port)
    i++;
  if (i < ways)
    return i;
  /* The oldest's client has ended long ago. */
  i = 1 + newest++ % WAYS;
  if (i == ways)
    ways++;
  if (fds[i].fd > 0)
    close (fds[i].fd);
  fds[i] = (struct pollfd) { open_socket (), POLLIN, 0 };
  if (connect (fds[i].fd, (const void *) server, sizeof *server) < 0)
    err (1, "connect");
  clients[i] = *client;
  return i;
}

static int
is_lost (int percent)
{
  return rand () % 100 < percent;
}

static void
pass_questions (const struct sockaddr_in *server, int percent)
{
  unsigned char bytes[SIZE];
  struct sockaddr_in client;
  socklen_t length = sizeof client;
  ssize_t size;

  while (
      (size = recvfrom (fds[0].fd, bytes, SIZE, 0, (void *) &client, &length))
      > 0)
    if (!is_lost (percent))
      send (fds[way_of (&client, server)].fd, bytes, (size_t) size, 0);
}

static void
take_answers (nfds_t way, int64_t hold, int percent)
{
  for (;;)
    {
      unsigned at = after_held % HELD;
      ssize_t size = recv (fds[way].fd, held[at].bytes, SIZE, 0);

      if (size <= 0)
        return;
      if (is_lost (percent) || after_held - first_held == HELD - 1)
        continue;
      held[at].due = now_us () + hold;
      held[at].to = clients[way];
      held[at].size = (size_t) size;
      after_held++;
    }
}

static void
let_go (void)
{
  for (; first_held != after_held && held[first_held % HELD].due <= now_us ();
       first_held++)
    {
      unsigned at = first_held % HELD;

      sendto (fds[0].fd, held[at].bytes, held[at].size, 0,
              (void *) &held[at].to, sizeof held[at].to);
    }
}

static int
relay (const char *from, const char *to, int milliseconds, int percent)
{
  struct sockaddr_in door = address_of (from), server = address_of (to);

  fds[0] = (struct pollfd) { open_socket (), POLLIN, 0 };
  if (bind (fds[0].fd, (void *) &door, sizeof door) < 0)
    err (1, "bind");
  puts ("ready");
  fflush (stdout);
  for (;;)
    {
      poll (fds, ways, first_held != after_held ? 1 : -1);
      pass_questions (&server, percent);
      for (nfds_t i = 1; i < ways; i++)
        take_answers (i, (int64_t) milliseconds * 1000, percent);
      let_go ();
    }
}

/* The stop-watch */

static int64_t
us_of (struct timeval t)
{
  return (int64_t) t.tv_sec * 1000000 + t.tv_usec;
}

static int
run (char **command)
{
  int64_t begun = now_us ();
  struct rusage usage;
  int status;
  pid_t pid = fork ();

  if (pid == 0)
    {
      int null = open ("/dev/null", O_RDWR);

      dup2 (null, 0);
      dup2 (null, 1);
      dup2 (null, 2);
      execvp (command[0], command);
      _exit (127);
    }
  if (pid < 0 || wait4 (pid, &status, 0, &usage) < 0)
    err (1, "%s", command[0]);
  printf ("%lld %lld %ld %d\n", (long long) (now_us () - begun),
          (long long) (us_of (usage.ru_utime) + us_of (usage.ru_stime)),
          usage.ru_maxrss, WIFEXITED (status) ? WEXITSTATUS (status) : 128);
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc == 4 && strcmp (argv[1], "loop") == 0)
    return loop (argv[2], argv[3]);
  if (argc == 6 && strcmp (argv[1], "relay") == 0)
    return relay (argv[2], argv[3], atoi (argv[4]), atoi (argv[5]));
  if (argc > 2 && strcmp (argv[1], "run") == 0)
    return run (argv + 2);
  errx (2, "loop ADDRESS FILE | relay FROM TO MILLISECONDS PERCENT | run "
           "COMMAND...");
}
