/* date.c: dates as servers write them
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/date.h"

#include <string.h>

#include <glib.h>

typedef struct
{
  gboolean has_time;
  int hour;
  int minute;
  int second;
  int day; /* 0: not found yet; of the next two too */
  int month;
  int year;
  gboolean has_year;
} Found;

static gboolean
is_delimiter (char c)
{
  guchar byte = (guchar) c;

  return byte == '\t' || (byte >= ' ' && byte <= '/')
         || (byte >= ';' && byte <= '@') || (byte >= '[' && byte <= '`')
         || (byte >= '{' && byte <= '~');
}

/* @minimum to @maximum digits, and then none. */
static gboolean
take_digits (const char **text, int minimum, int maximum, int *value)
{
  int count = 0;

  *value = 0;
  for (; g_ascii_isdigit (**text); (*text)++, count++)
    {
      if (count == maximum)
        return FALSE;
      *value = *value * 10 + (**text - '0');
    }
  return count >= minimum;
}

/* What follows the digits of a day, a year or a time may be anything. */
static gboolean
take_time (const char *token, Found *found)
{
  int hour;
  int minute;
  int second;

  if (!take_digits (&token, 1, 2, &hour) || *token++ != ':'
      || !take_digits (&token, 1, 2, &minute) || *token++ != ':'
      || !take_digits (&token, 1, 2, &second))
    return FALSE;
  found->has_time = TRUE;
  found->hour = hour;
  found->minute = minute;
  found->second = second;
  return TRUE;
}

static int
find_month (const char *token)
{
  static const char *const months[] = { "jan", "feb", "mar", "apr",
                                        "may", "jun", "jul", "aug",
                                        "sep", "oct", "nov", "dec" };

  for (guint i = 0; i < G_N_ELEMENTS (months); i++)
    if (g_ascii_strncasecmp (token, months[i], 3) == 0)
      return (int) i + 1;
  return 0;
}

static void
take_token (const char *token, Found *found)
{
  const char *rest = token;
  int value;

  if (!found->has_time && take_time (token, found))
    return;
  if (found->day == 0 && take_digits (&rest, 1, 2, &value) && value > 0)
    {
      found->day = value;
      return;
    }
  if (found->month == 0)
    {
      found->month = find_month (token);
      if (found->month != 0)
        return;
    }
  rest = token;
  if (!found->has_year && take_digits (&rest, 2, 4, &value))
    {
      found->has_year = TRUE;
      found->year = value;
    }
}

/**
 * gsock_date_parse:
 * @text: "Wed, 21 Oct 2026 07:28:00 GMT" and its kin; always in UTC
 * @seconds: (out): since 1970
 *
 * Returns: %FALSE where it is no date, or one that there never was
 */
gboolean
gsock_date_parse (const char *text, gint64 *seconds)
{
  Found found = { 0 };
  g_autoptr (GDateTime) date = NULL;
  char token[64];

  while (*text != '\0')
    {
      gsize size = 0;

      while (*text != '\0' && is_delimiter (*text))
        text++;
      while (text[size] != '\0' && !is_delimiter (text[size]))
        size++;
      if (size > 0 && size < sizeof token)
        {
          memcpy (token, text, size);
          token[size] = '\0';
          take_token (token, &found);
        }
      text += size;
    }
  if (found.has_year && found.year >= 70 && found.year <= 99)
    found.year += 1900;
  else if (found.has_year && found.year <= 69)
    found.year += 2000;
  if (!found.has_time || !found.has_year || found.day == 0 || found.month == 0
      || found.year < 1601)
    return FALSE;

  date = g_date_time_new_utc (found.year, found.month, found.day, found.hour,
                              found.minute, found.second);
  if (date == NULL)
    return FALSE;
  *seconds = g_date_time_to_unix (date);
  return TRUE;
}
