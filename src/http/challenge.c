/* challenge.c: what a server or proxy wants to know before it answers
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A field is a list of challenges, and a challenge a scheme with a list of
 * parameters, and both lists are told apart by commas: only the "=" after a
 * word says that it is a parameter of the last scheme and not the next one. */

#include "config.h"

#include "http/challenge.h"

#include <string.h>

typedef struct
{
  const char *name;
  gsize offset;
} Parameter;

static const Parameter parameters[] = {
  { "realm", G_STRUCT_OFFSET (GsockChallenge, realm) },
  { "nonce", G_STRUCT_OFFSET (GsockChallenge, nonce) },
  { "opaque", G_STRUCT_OFFSET (GsockChallenge, opaque) },
  { "algorithm", G_STRUCT_OFFSET (GsockChallenge, algorithm) },
  { "qop", G_STRUCT_OFFSET (GsockChallenge, qop) },
  { "stale", G_STRUCT_OFFSET (GsockChallenge, stale) },
  { "userhash", G_STRUCT_OFFSET (GsockChallenge, userhash) },
  { "charset", G_STRUCT_OFFSET (GsockChallenge, charset) },
};

/**
 * gsock_challenge_free:
 * @challenge: (transfer full): a challenge
 */
void
gsock_challenge_free (GsockChallenge *challenge)
{
  for (gsize i = 0; i < G_N_ELEMENTS (parameters); i++)
    g_free (G_STRUCT_MEMBER (char *, challenge, parameters[i].offset));
  g_free (challenge->scheme);
  g_free (challenge);
}

static gboolean
is_token_char (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("!#$%&'*+-.^_`|~", c));
}

static const char *
skip_blanks (const char *text)
{
  while (*text == ' ' || *text == '\t')
    text++;
  return text;
}

/* NULL: there is none. */
static char *
take_token (const char **text)
{
  const char *end = *text;
  char *token;

  while (is_token_char (*end))
    end++;
  if (end == *text)
    return NULL;
  token = g_strndup (*text, (gsize) (end - *text));
  *text = end;
  return token;
}

/* A value without quotes: more than a token, for servers are careless. */
static char *
take_bare (const char **text)
{
  const char *end = *text;
  char *value;

  while (*end > ' ' && *end < 0x7f && *end != ',' && *end != '"')
    end++;
  if (end == *text)
    return NULL;
  value = g_strndup (*text, (gsize) (end - *text));
  *text = end;
  return value;
}

/* NULL: it does not end, or has a control character. */
static char *
take_quoted (const char **text)
{
  g_autoptr (GString) value = g_string_new (NULL);
  const char *c;

  for (c = *text + 1; *c != '"'; c++)
    {
      if (*c == '\\')
        c++;
      if ((guchar) *c < ' ' || *c == 0x7f)
        return NULL;
      g_string_append_c (value, *c);
    }
  *text = c + 1;
  return g_string_free (g_steal_pointer (&value), FALSE);
}

/* "Negotiate oRQwEq==": FALSE where it is the first parameter instead. */
static gboolean
skip_token68 (const char **text)
{
  const char *end = *text;

  while (g_ascii_isalnum (*end) || (*end != '\0' && strchr ("-._~+/", *end)))
    end++;
  if (end == *text)
    return FALSE;
  while (*end == '=')
    end++;
  end = skip_blanks (end);
  if (*end != '\0' && *end != ',')
    return FALSE;
  *text = end;
  return TRUE;
}

/* The first of two alike counts, whoever added the other. */
static void
keep_parameter (GsockChallenge *challenge, const char *name, char *value)
{
  for (gsize i = 0; i < G_N_ELEMENTS (parameters); i++)
    {
      char **place = G_STRUCT_MEMBER_P (challenge, parameters[i].offset);

      if (g_ascii_strcasecmp (name, parameters[i].name) != 0 || *place != NULL)
        continue;
      *place = value;
      return;
    }
  g_free (value);
}

/* "=value" after a name. */
static gboolean
take_value (GsockChallenge *challenge, const char *name, const char **text)
{
  char *value;

  *text = skip_blanks (*text + 1);
  value = **text == '"' ? take_quoted (text) : take_bare (text);
  if (value == NULL)
    return FALSE;
  keep_parameter (challenge, name, value);
  *text = skip_blanks (*text);
  return **text == '\0' || **text == ',';
}

static gboolean
take_scheme (GPtrArray *challenges, char *name, const char **text)
{
  GsockChallenge *challenge;

  if (challenges->len == GSOCK_CHALLENGES_MAX)
    {
      g_free (name);
      return FALSE;
    }
  challenge = g_new0 (GsockChallenge, 1);
  challenge->scheme = name;
  g_ptr_array_add (challenges, challenge);
  if (**text != '\0' && **text != ',' && **text != ' ' && **text != '\t')
    return FALSE;
  *text = skip_blanks (*text);
  if (**text != '\0' && **text != ',')
    (void) skip_token68 (text);
  return TRUE;
}

/**
 * gsock_challenges_parse:
 * @challenges: (element-type GsockChallenge): where to append them
 * @field: the value of one field, as received
 *
 * Lenient where servers are careless (empty elements, blanks about the "=",
 * parameters of any order and case), and strict about what could smuggle
 * something into the answer: a quoted string ends, and has no control
 * character.
 *
 * Returns: whether all of it was understood
 */
gboolean
gsock_challenges_parse (GPtrArray *challenges, const char *field)
{
  const char *text = field;
  GsockChallenge *challenge = NULL;

  while (TRUE)
    {
      g_autofree char *name = NULL;
      const char *after;

      while (*text == ',' || *text == ' ' || *text == '\t')
        text++;
      if (*text == '\0')
        return TRUE;
      name = take_token (&text);
      if (name == NULL)
        return FALSE;
      after = skip_blanks (text);
      if (*after != '=')
        {
          if (!take_scheme (challenges, g_steal_pointer (&name), &text))
            return FALSE;
          challenge = g_ptr_array_index (challenges, challenges->len - 1);
          continue;
        }
      text = after;
      if (challenge == NULL || !take_value (challenge, name, &text))
        return FALSE;
    }
}
