/* units.c: times, sizes and counts as users write them: 500ms, 64K, 3k
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/units.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"
#include "core/fd.h"

#define LARGEST_FILE ((gsize) 1 << 30)

typedef struct
{
  const char *suffix;
  guint64 factor;
} Unit;

static const Unit time_units[] = {
  { "", G_USEC_PER_SEC },
  { "ms", 1000 },
  { "s", G_USEC_PER_SEC },
  { "m", G_GUINT64_CONSTANT (60) * G_USEC_PER_SEC },
  { "h", G_GUINT64_CONSTANT (3600) * G_USEC_PER_SEC },
};

/* Each letter in both cases, then an optional "B" or "iB". */
static const Unit size_units[] = {
  { "K", G_GUINT64_CONSTANT (1) << 10 },
  { "M", G_GUINT64_CONSTANT (1) << 20 },
  { "G", G_GUINT64_CONSTANT (1) << 30 },
  { "T", G_GUINT64_CONSTANT (1) << 40 },
};

static const Unit count_units[] = {
  { "", 1 },
  { "k", 1000 },
  { "K", 1000 },
  { "M", 1000000 },
};

typedef enum
{
  PARSED,
  NOT_A_NUMBER,
  TOO_LARGE,
} Parsed;

/* The fraction's digits as a number of units of 1/@factor, rounded up at the
 * last, so that what isn't nothing doesn't become nothing: a timeout of 0
 * means something else than a short one. */
static guint64
scale_fraction (const char *digits, gsize n_digits, guint64 factor)
{
  guint64 result = 0;

  for (gsize i = n_digits; i > 0; i--)
    {
      guint64 digit = (guint64) (digits[i - 1] - '0');

      result = (digit * factor + result + 9) / 10;
    }

  return result;
}

/* @text is digits, or with @fraction also "1.5" and ".5", @length bytes in
 * all; @factor is at most 2^40.  The locale has no say: the point is '.'. */
static Parsed
parse_number (const char *text, gsize length, gboolean fraction, guint64 factor,
              guint64 *value)
{
  guint64 whole = 0;
  guint64 part;
  gsize n_digits;
  gsize i;

  for (i = 0; i < length && g_ascii_isdigit (text[i]); i++)
    {
      if (!g_uint64_checked_mul (&whole, whole, 10)
          || !g_uint64_checked_add (&whole, whole, (guint64) (text[i] - '0')))
        return TOO_LARGE;
    }
  if (!g_uint64_checked_mul (&whole, whole, factor))
    return TOO_LARGE;

  *value = whole;
  if (i == length)
    return length > 0 ? PARSED : NOT_A_NUMBER;

  n_digits = length - i - 1;
  if (!fraction || text[i] != '.' || n_digits == 0)
    return NOT_A_NUMBER;
  for (gsize j = i + 1; j < length; j++)
    {
      if (!g_ascii_isdigit (text[j]))
        return NOT_A_NUMBER;
    }

  part = scale_fraction (text + i + 1, n_digits, factor);
  return g_uint64_checked_add (value, whole, part) ? PARSED : TOO_LARGE;
}

/* Where the number ends and its unit begins. */
static gsize
number_length (const char *text)
{
  return strspn (text, "0123456789.");
}

static const Unit *
find_unit (const Unit *units, gsize n_units, const char *suffix)
{
  for (gsize i = 0; i < n_units; i++)
    {
      if (strcmp (units[i].suffix, suffix) == 0)
        return &units[i];
    }

  return NULL;
}

/**
 * gsock_parse_time:
 * @text: "500ms", "5s", "1.5s", "2m", "1h", or seconds without a unit
 * @microseconds: (out): the time, from 0 to half of %G_MAXINT64, so that it
 *   can be added to a clock
 * @error: GSOCK_ERROR_USAGE; one sentence, no option's name in it
 */
gboolean
gsock_parse_time (const char *text, gint64 *microseconds, GError **error)
{
  gsize length = number_length (text);
  const Unit *unit = find_unit (time_units, G_N_ELEMENTS (time_units),
                                text + length);
  Parsed parsed = NOT_A_NUMBER;
  guint64 value = 0;

  if (unit != NULL)
    parsed = parse_number (text, length, TRUE, unit->factor, &value);

  if (parsed == NOT_A_NUMBER)
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
                   _ ("'%s' is not a time; write it like %s"), text,
                   "500ms, 5s, 1.5s, 2m, 1h");
      return FALSE;
    }
  if (parsed == TOO_LARGE || value > G_MAXINT64 / 2)
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
                   _ ("'%s' is too long a time"), text);
      return FALSE;
    }

  *microseconds = (gint64) value;
  return TRUE;
}

/* What one of @suffix stands for; 0: it is no unit of size. */
static guint64
size_factor (const char *suffix)
{
  g_autofree char *rest = g_strdup (suffix);
  char letter[2] = { g_ascii_toupper (suffix[0]), '\0' };
  const Unit *unit;

  if (g_str_has_suffix (rest, "/s"))
    rest[strlen (rest) - 2] = '\0';
  if (rest[0] == '\0' || strcmp (rest, "B") == 0)
    return 1;

  unit = find_unit (size_units, G_N_ELEMENTS (size_units), letter);
  if (unit == NULL)
    return 0;

  return rest[1] == '\0' || strcmp (rest + 1, "B") == 0
                 || strcmp (rest + 1, "iB") == 0
             ? unit->factor
             : 0;
}

/**
 * gsock_parse_size:
 * @text: "65536", "64K", "1.5M", "2G", "1T", with "B" or "iB" and for a rate
 *   "/s" behind it if one likes; a K is 1024
 * @bytes: (out): the size
 * @error: GSOCK_ERROR_USAGE; one sentence, no option's name in it
 *
 * "64Kb" is refused: it would be bits.
 */
gboolean
gsock_parse_size (const char *text, guint64 *bytes, GError **error)
{
  gsize length = number_length (text);
  guint64 factor = size_factor (text + length);
  Parsed parsed = NOT_A_NUMBER;
  guint64 value = 0;

  if (factor > 0)
    parsed = parse_number (text, length, factor > 1, factor, &value);

  if (parsed == NOT_A_NUMBER)
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
                   _ ("'%s' is not a size in bytes; write it like %s"), text,
                   "65536, 64K, 1.5M, 2G");
      return FALSE;
    }
  if (parsed == TOO_LARGE)
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
                   _ ("'%s' is too large a size"), text);
      return FALSE;
    }

  *bytes = value;
  return TRUE;
}

/**
 * gsock_is_digits:
 * @text: a text
 *
 * Tells a number that is too big from a text that is none.
 *
 * Returns: %TRUE if @text is digits alone
 */
gboolean
gsock_is_digits (const char *text)
{
  return *text != '\0' && text[strspn (text, "0123456789")] == '\0';
}

/**
 * gsock_parse_count:
 * @text: "3000", "3k", "1M": here a k is 1000
 * @minimum: the least that is accepted
 * @maximum: the most; %G_MAXUINT64 where there is no bound
 * @count: (out): the number
 * @error: GSOCK_ERROR_USAGE; one sentence, no option's name in it
 */
gboolean
gsock_parse_count (const char *text, guint64 minimum, guint64 maximum,
                   guint64 *count, GError **error)
{
  gsize length = number_length (text);
  const Unit *unit = find_unit (count_units, G_N_ELEMENTS (count_units),
                                text + length);
  Parsed parsed = NOT_A_NUMBER;
  guint64 value = 0;

  if (unit != NULL)
    parsed = parse_number (text, length, FALSE, unit->factor, &value);

  if (parsed == NOT_A_NUMBER)
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
                   _ ("'%s' is not a whole number; write it like %s"), text,
                   "3000, 3k");
      return FALSE;
    }
  if (parsed == PARSED && value >= minimum && value <= maximum)
    {
      *count = value;
      return TRUE;
    }

  if (parsed == PARSED && value < minimum)
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
                 _ ("'%s' is too small a number; the least is %" PRIu64), text,
                 minimum);
  else
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
                 _ ("'%s' is too large a number; the most is %" PRIu64), text,
                 maximum);
  return FALSE;
}

/* One decimal, in the locale's way, and none where it would be 0. */
static char *
format_tenths (guint64 tenths)
{
  if (tenths % 10 == 0)
    return g_strdup_printf ("%" PRIu64, tenths / 10);

  return g_strdup_printf ("%.1f", (double) tenths / 10);
}

/* @value / @unit in tenths, rounded; @unit is a multiple of 10. */
static guint64
to_tenths (guint64 value, guint64 unit)
{
  guint64 tenth = unit / 10;

  return value / tenth + (value % tenth >= tenth - tenth / 2 ? 1 : 0);
}

/* @value of a unit; NULL for none of it, which needs no mention. */
static char *
format_minutes (guint64 value)
{
  /* TRANSLATORS: minutes, abbreviated. */
  return value > 0 ? g_strdup_printf (_ ("%" PRIu64 " min"), value) : NULL;
}

static char *
format_hours (guint64 value)
{
  /* TRANSLATORS: hours, abbreviated. */
  return value > 0 ? g_strdup_printf (_ ("%" PRIu64 " h"), value) : NULL;
}

/* Seconds from a minute on, in the two largest units that there are. */
static char *
format_long_time (guint64 seconds)
{
  guint64 days = seconds / 86400;
  guint64 hours = seconds / 3600;
  guint64 minutes = seconds / 60;
  g_autofree char *large = NULL;
  g_autofree char *small = NULL;

  if (days > 0)
    {
      /* TRANSLATORS: days, abbreviated. */
      large = g_strdup_printf (_ ("%" PRIu64 " d"), days);
      small = format_hours (hours % 24);
    }
  else if (hours > 0)
    {
      large = format_hours (hours);
      small = format_minutes (minutes % 60);
    }
  else
    {
      large = format_minutes (minutes);
      if (seconds % 60 > 0)
        /* TRANSLATORS: seconds, abbreviated. */
        small = g_strdup_printf (_ ("%" PRIu64 " s"), seconds % 60);
    }

  return small != NULL ? g_strconcat (large, " ", small, NULL)
                       : g_steal_pointer (&large);
}

/**
 * gsock_format_time:
 * @microseconds: a time; a negative one is shown as 0
 *
 * Returns: (transfer full): "0.25 ms", "12.3 ms", "1.5 s", "2 min 5 s", "1 h",
 *   "2 d 3 h", for people
 */
char *
gsock_format_time (gint64 microseconds)
{
  guint64 time = (guint64) MAX (microseconds, 0);
  g_autofree char *number = NULL;

  if (time > 0 && to_tenths (time, 1000) < 10000)
    {
      if (time < 1000)
        number = g_strdup_printf ("%.3g", (double) time / 1000);
      else
        number = format_tenths (to_tenths (time, 1000));
      /* TRANSLATORS: milliseconds, abbreviated. */
      return g_strdup_printf (_ ("%s ms"), number);
    }
  if (to_tenths (time, G_USEC_PER_SEC) < 600)
    {
      number = format_tenths (to_tenths (time, G_USEC_PER_SEC));
      /* TRANSLATORS: seconds, abbreviated. */
      return g_strdup_printf (_ ("%s s"), number);
    }

  return format_long_time ((time + G_USEC_PER_SEC / 2) / G_USEC_PER_SEC);
}

static char *
format_multiple (const char *number, guint thousands)
{
  switch (thousands)
    {
    /* TRANSLATORS: decimal multiples of the byte, abbreviated. */
    case 1:
      return g_strdup_printf (_ ("%s kB"), number);
    case 2:
      return g_strdup_printf (_ ("%s MB"), number);
    case 3:
      return g_strdup_printf (_ ("%s GB"), number);
    case 4:
      return g_strdup_printf (_ ("%s TB"), number);
    case 5:
      return g_strdup_printf (_ ("%s PB"), number);
    default:
      return g_strdup_printf (_ ("%s EB"), number);
    }
}

/**
 * gsock_format_size:
 * @bytes: a size
 *
 * Returns: (transfer full): "512 bytes", "64.2 kB", "12.3 MB", for people; a
 *   kB is 1000 bytes, as GLib, disks and networks count
 */
char *
gsock_format_size (guint64 bytes)
{
  g_autofree char *number = NULL;
  guint64 unit = 1000;
  guint thousands = 1;

  if (bytes < 1000)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%" PRIu64 " byte",
                                         "%" PRIu64 " bytes",
                                         (unsigned long) bytes),
                            bytes);

  while (thousands < 6 && to_tenths (bytes, unit) >= 10000)
    {
      unit *= 1000;
      thousands++;
    }

  number = format_tenths (to_tenths (bytes, unit));
  return format_multiple (number, thousands);
}

/* GSOCK_ERROR_DENIED for what the user may not read, else USAGE: the name is
 * wrong. */
static void
set_read_error (GError **error, int errnum, const char *path)
{
  gboolean denied = errnum == EACCES || errnum == EPERM;

  gsock_set_error_errno (error, denied ? GSOCK_ERROR_DENIED : GSOCK_ERROR_USAGE,
                         errnum, _ ("Cannot read %s"), path);
}

/* To the end of the file, or to just over @limit. */
static gboolean
read_some (int fd, gsize limit, GByteArray *contents)
{
  guint8 block[4096];

  while (contents->len <= limit)
    {
      gssize n = read (fd, block, sizeof block);

      if (n == 0)
        return TRUE;
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      g_byte_array_append (contents, block, (guint) n);
    }

  return TRUE;
}

static GBytes *
read_file (const char *path, gsize limit, GError **error)
{
  g_autoptr (GByteArray) contents = g_byte_array_new ();
  g_auto (GsockFd) fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

  if (fd < 0 || !read_some (fd, limit, contents))
    {
      set_read_error (error, errno, path);
      return NULL;
    }
  if (contents->len > limit)
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
                   g_dngettext (GETTEXT_PACKAGE,
                                "Cannot use %s: it has more than %" PRIu64
                                " byte, the most that is allowed here",
                                "Cannot use %s: it has more than %" PRIu64
                                " bytes, the most that is allowed here",
                                limit),
                   path, (guint64) limit);
      return NULL;
    }

  return g_byte_array_free_to_bytes (g_steal_pointer (&contents));
}

/**
 * gsock_parse_text_or_file:
 * @argument: "TEXT", "@@TEXT" for the text "@TEXT", or "@FILE"
 * @limit: the most bytes a file may have; 0, or anything larger: 1 GiB, for
 *   all of it is held in memory
 * @error: GSOCK_ERROR_USAGE, or GSOCK_ERROR_DENIED for a file that this user
 *   may not read
 *
 * A file is read to its end, also a pipe ("@/dev/fd/3"), and never further
 * than one block over @limit.
 *
 * Returns: (transfer full) (nullable): the bytes, no NUL added
 */
GBytes *
gsock_parse_text_or_file (const char *argument, gsize limit, GError **error)
{
  if (argument[0] != '@')
    return g_bytes_new (argument, strlen (argument));
  if (argument[1] == '@')
    return g_bytes_new (argument + 1, strlen (argument + 1));
  if (argument[1] == '\0')
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
                   _ ("%s needs the name of a file after it; for the text "
                      "itself write %s"),
                   "@", "@@");
      return NULL;
    }

  if (limit == 0 || limit > LARGEST_FILE)
    limit = LARGEST_FILE;
  return read_file (argument + 1, limit, error);
}
