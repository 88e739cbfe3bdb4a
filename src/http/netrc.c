/* netrc.c: users and passwords of machines, out of ~/.netrc
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/netrc.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "http/state-file.h"

/* One entry as it is read. */
typedef struct
{
  gboolean wanted; /* of the host, or the default */
  char *login;
  char *password;
} Entry;

static void
entry_clear (Entry *entry)
{
  g_clear_pointer (&entry->login, g_free);
  if (entry->password != NULL)
    explicit_bzero (entry->password, strlen (entry->password));
  g_clear_pointer (&entry->password, g_free);
  entry->wanted = FALSE;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Entry, entry_clear)

static void
skip_line (const char **text)
{
  *text += strcspn (*text, "\n");
}

/* A word, or one in quotes with curl's escapes; NULL: the text ends.  A "#"
 * where a keyword would begin makes the rest of the line a comment. */
static char *
take_word (const char **text, gboolean is_keyword)
{
  GString *word;
  gboolean quoted;
  const char *c;

  while (TRUE)
    {
      *text += strspn (*text, " \t\r\n");
      if (!is_keyword || **text != '#')
        break;
      skip_line (text);
    }
  if (**text == '\0')
    return NULL;

  word = g_string_new (NULL);
  quoted = **text == '"';
  for (c = *text + (quoted ? 1 : 0); *c != '\0'; c++)
    {
      if (quoted ? *c == '"' : strchr (" \t\r\n", *c) != NULL)
        break;
      if (quoted && *c == '\\' && c[1] != '\0')
        {
          c++;
          g_string_append_c (word, *c == 'n'   ? '\n'
                                   : *c == 'r' ? '\r'
                                   : *c == 't' ? '\t'
                                               : *c);
          continue;
        }
      g_string_append_c (word, *c);
    }
  *text = quoted && *c == '"' ? c + 1 : c;
  return g_string_free (word, FALSE);
}

/* A macro ends at an empty line. */
static void
skip_macro (const char **text)
{
  const char *end;

  skip_line (text);
  end = strstr (*text, "\n\n");
  *text = end != NULL ? end : *text + strlen (*text);
}

static gboolean
set_value (char **place, const char *word, const char **text, GError **error)
{
  g_autofree char *value = take_word (text, FALSE);

  if (value == NULL)
    return gsock_refuse (error,
                         /* TRANSLATORS: a word of the file. */
                         _ ("The .netrc file ends after '%s', where a word is "
                            "missing"),
                         word);
  g_free (*place);
  *place = g_steal_pointer (&value);
  return TRUE;
}

static gboolean
is_good (const Entry *entry, const char *user)
{
  return entry->wanted
         && (user == NULL || entry->login == NULL
             || strcmp (user, entry->login) == 0);
}

/* One word and what belongs to it. */
static gboolean
take_entry (Entry *entry, const char *word, const char **text, const char *host,
            GError **error)
{
  g_autofree char *name = NULL;

  if (strcmp (word, "machine") == 0)
    {
      if (!set_value (&name, word, text, error))
        return FALSE;
      entry_clear (entry);
      entry->wanted = g_ascii_strcasecmp (name, host) == 0;
      return TRUE;
    }
  if (strcmp (word, "default") == 0)
    {
      entry_clear (entry);
      entry->wanted = TRUE;
      return TRUE;
    }
  if (strcmp (word, "login") == 0)
    return set_value (&entry->login, word, text, error);
  if (strcmp (word, "password") == 0)
    return set_value (&entry->password, word, text, error);
  if (strcmp (word, "account") == 0)
    return set_value (&name, word, text, error);
  if (strcmp (word, "macdef") == 0)
    {
      skip_macro (text);
      return TRUE;
    }

  /* It may be a password that was written with a blank in it. */
  return gsock_refuse (error,
                       _ ("The .netrc file has a word that is none of machine, "
                          "default, login, password, account and macdef; a "
                          "word with blanks goes in quotes"));
}

/**
 * gsock_netrc_find:
 * @text: the file's text
 * @host: of the URL
 * @user: (nullable): whose password is wanted; %NULL: the first entry's
 * @login: (out) (transfer full) (nullable): the user
 * @password: (out) (transfer full) (nullable): its password
 * @error: %GSOCK_ERROR_USAGE
 *
 * The first entry that fits, in the file's order, so "default" belongs at its
 * end.  No word of the file is in an error.
 *
 * Returns: whether the file could be understood as far as it was read
 */
gboolean
gsock_netrc_find (const char *text, const char *host, const char *user,
                  char **login, char **password, GError **error)
{
  g_auto (Entry) entry = { 0 };
  gboolean more = TRUE;

  *login = NULL;
  *password = NULL;
  while (more)
    {
      g_autofree char *word = take_word (&text, TRUE);
      gboolean begins = word == NULL || strcmp (word, "machine") == 0
                        || strcmp (word, "default") == 0;

      if (begins && is_good (&entry, user))
        {
          *login = entry.login != NULL ? g_steal_pointer (&entry.login)
                                       : g_strdup (user);
          *password = g_steal_pointer (&entry.password);
          return TRUE;
        }
      more = word != NULL;
      if (more && !take_entry (&entry, word, &text, host, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * gsock_netrc_read:
 * @path: the file
 * @error: %GSOCK_ERROR_USAGE or %GSOCK_ERROR_DENIED, a whole sentence
 *
 * Passwords that others may read are theirs already: what ftp(1) has always
 * said of such a file holds here, and nothing is taken from it.
 *
 * Returns: (transfer full) (nullable): its text
 */
char *
gsock_netrc_read (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_autofree char *shown = NULL;
  guint mode = 0;

  if (!gsock_state_file_read (path, &text, &mode, error))
    return NULL;
  if (text != NULL && (mode & (S_IRWXG | S_IRWXO)) == 0)
    return g_steal_pointer (&text);

  shown = gsock_escape_brief (path);
  if (text == NULL)
    gsock_set_error_errno (error, GSOCK_ERROR_USAGE, ENOENT,
                           _ ("Cannot read %s"), shown);
  else
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_DENIED,
                 /* TRANSLATORS: a file, twice. */
                 _ ("The passwords in %s may be read or changed by others; "
                    "nothing is taken from it: chmod 600 %s"),
                 shown, shown);
  return NULL;
}
