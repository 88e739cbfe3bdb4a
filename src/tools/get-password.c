/* get-password.c: a password asked for at the terminal
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/get-password.h"

#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/fd.h"

#define PASSWORD_MAX 1024

static void
show (int fd, const char *text)
{
  g_autofree char *local = g_locale_from_utf8 (text, -1, NULL, NULL, NULL);
  const char *shown = local != NULL ? local : text;

  gsock_fd_write_all (fd, shown, strlen (shown));
}

/* A line without its end; NULL: the terminal has gone. */
static char *
read_line (int fd)
{
  char line[PASSWORD_MAX];
  gssize n = read (fd, line, sizeof line - 1);
  char *password;

  if (n <= 0)
    return NULL;
  line[n] = '\0';
  line[strcspn (line, "\r\n")] = '\0';
  password = g_strdup (line);
  explicit_bzero (line, sizeof line);
  return password;
}

static char *
ask_silently (int fd)
{
  struct termios before, silent;
  char *password;

  if (tcgetattr (fd, &before) != 0)
    return NULL;
  silent = before;
  silent.c_lflag &= (tcflag_t) ~ECHO;
  tcsetattr (fd, TCSAFLUSH, &silent);
  password = read_line (fd);
  tcsetattr (fd, TCSAFLUSH, &before);
  show (fd, "\n");
  return password;
}

/**
 * gsock_get_password_ask:
 * @user: whose
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: (transfer full) (nullable): what was typed
 */
char *
gsock_get_password_ask (const char *user, GError **error)
{
  g_auto (GsockFd) fd = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  g_autofree char *shown = gsock_escape_brief (user);
  /* TRANSLATORS: a question at the terminal, before a password is typed */
  g_autofree char *question = g_strdup_printf (_ ("Password of %s: "), shown);
  char *password = NULL;

  if (fd >= 0)
    {
      show (fd, question);
      password = ask_silently (fd);
    }
  if (password == NULL)
    gsock_refuse (error,
                  _ ("The password of %s is missing, and there is no terminal "
                     "to ask at: give it in $GSOCK_PASSWORD or by --netrc"),
                  shown);
  return password;
}
