/* test-codec.c: frames: split anywhere, too big, bad, cut; what goes out
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <limits.h>
#include <string.h>

#include "core/codec.h"
#include "core/error.h"

#define BYTES(literal) literal, sizeof literal - 1

/* A stream and what becomes of it: "[payload]" for each message, then "." for
 * a clean end, else "!" and the error's name in JSON. */
typedef struct
{
  const char *frame;
  gsize limit;
  const char *data;
  gsize size;
  const char *outcome;
  const char *message; /* a part of the error's, or NULL */
} Stream;

static const Stream streams[] = {
  { "raw", 100, BYTES (""), ".", NULL },

  { "line", 5, BYTES (""), ".", NULL },
  { "line", 5, BYTES ("a\nbc\n"), "[a][bc].", NULL },
  { "line", 5, BYTES ("\n\n"), "[][].", NULL },
  { "line", 5, BYTES ("a\r\nb\rc\n"), "[a\r][b\rc].", NULL },
  { "line", 5, BYTES ("a\nlast"), "[a][last].", NULL },
  { "line", 5, BYTES ("12345\n"), "[12345].", NULL },
  { "line", 5, BYTES ("12345"), "[12345].", NULL },
  { "line", 5, BYTES ("a\n123456\n"), "[a]!frame-too-big",
    "sent more than 5 bytes without ending the message; that is the limit "
    "(--max-message)" },
  { "line", 5, BYTES ("123456"), "!frame-too-big", NULL },
  { "line", 0, BYTES ("\n\n"), "[][].", NULL },
  { "line", 0, BYTES ("\na"), "[]!frame-too-big", NULL },

  { "nul", 5, BYTES ("a\0bc\n\0"), "[a][bc\n].", NULL },
  { "nul", 5, BYTES ("\0"), "[].", NULL },
  { "nul", 5, BYTES ("12345\0"), "[12345].", NULL },
  { "nul", 5, BYTES ("123456\0"), "!frame-too-big", NULL },
  { "nul", 5, BYTES ("a\0bc"), "[a]!cut",
    "ended the stream inside a frame, after 2 bytes of it" },

  { "u8", 5, BYTES ("\0\1a\3bcd"), "[][a][bcd].", NULL },
  { "u8", 5, BYTES ("\005hello"), "[hello].", NULL },
  { "u8", 5, BYTES ("\006hello!"), "!frame-too-big",
    "announces a frame of 6 bytes; the limit is 5 (--max-message)" },
  { "u8", 255, BYTES ("\377x"), "!cut",
    "ended the stream after 1 of 255 bytes of a frame" },

  { "u16", 5, BYTES ("\0\0\0\3abc\0\1d"), "[][abc][d].", NULL },
  { "u16", 5, BYTES ("\0\6"), "!frame-too-big", NULL },
  { "u16", 5, BYTES ("\3\0"), "!frame-too-big",
    "announces a frame of 768 bytes; the limit is 5" },
  { "u16", 5, BYTES ("\0\3ab"), "!cut", "after 2 of 3 bytes of a frame" },
  { "u16", 5, BYTES ("\0"), "!cut", "after 1 byte of it" },

  { "u16le", 5, BYTES ("\0\0\3\0abc\1\0d"), "[][abc][d].", NULL },
  { "u16le", 5, BYTES ("\0\3"), "!frame-too-big",
    "announces a frame of 768 bytes; the limit is 5" },

  { "u32", 5, BYTES ("\0\0\0\0\0\0\0\5hello"), "[][hello].", NULL },
  { "u32", 1048576, BYTES ("\377\377\377\377"), "!frame-too-big",
    "announces a frame of 4294967295 bytes; the limit is 1048576 "
    "(--max-message)" },
  { "u32", G_MAXSIZE, BYTES ("\377\377\377\377ab"), "!cut",
    "after 2 of 4294967295 bytes" },
  { "u32", 5, BYTES ("\0\0\0\1"), "!cut", "after 0 of 1 byte of a frame" },

  { "u32le", 5, BYTES ("\0\0\0\0\5\0\0\0hello"), "[][hello].", NULL },
  { "u32le", 5, BYTES ("\1\0\0\0"), "!cut", NULL },
  { "u32le", 5, BYTES ("\0\0\0\1"), "!frame-too-big",
    "announces a frame of 16777216 bytes; the limit is 5" },

  { "netstring", 5, BYTES ("0:,5:hello,1:\n,"), "[][hello][\n].", NULL },
  { "netstring", 5, BYTES ("6:hello!,"), "!frame-too-big",
    "announces a frame of 6 bytes; the limit is 5" },
  { "netstring", 5, BYTES ("00:,"), "!frame-bad", "sent '00" },
  { "netstring", 5, BYTES ("-1:,"), "!frame-bad",
    "where a netstring should begin with its length" },
  { "netstring", 50, BYTES ("012:123456789012,"), "!frame-bad", "sent '01" },
  { "netstring", 5, BYTES (":,"), "!frame-bad", NULL },
  { "netstring", 5, BYTES ("+1:a,"), "!frame-bad", NULL },
  { "netstring", 5, BYTES (" 1:a,"), "!frame-bad", NULL },
  { "netstring", 5, BYTES ("1 :a,"), "!frame-bad", NULL },
  { "netstring", 5, BYTES ("\33[2J"), "!frame-bad", "sent '\\x1b" },
  { "netstring", 5, BYTES ("3:abc;"), "!frame-bad",
    "sent a netstring of 3 bytes that ends in ';' instead of a comma" },
  { "netstring", 5, BYTES ("1:a\33"), "!frame-bad", "ends in '\\x1b'" },
  { "netstring", 1048576, BYTES ("99999999999:a"), "!frame-too-big",
    "announces a frame of 99999999999 bytes; the limit is 1048576" },
  { "netstring", G_MAXSIZE, BYTES ("18446744073709551616:a"), "!frame-too-big",
    "more than 19 digits" },
  { "netstring", 5, BYTES ("3:ab"), "!cut", "after 2 of 4 bytes" },
  { "netstring", 5, BYTES ("3:abc"), "!cut", "after 3 of 4 bytes" },
  { "netstring", 5, BYTES ("3"), "!cut", "after 1 byte of it" },
};

typedef struct
{
  const GsockCodec *codec;
  gsize limit;
  GByteArray *queued;
  gsize scanned;
  GString *outcome;
  GError *error;
} Reader;

/* Of exactly @size bytes, so that a sanitizer sees a look behind them. */
static char *
exact_copy (const guint8 *data, gsize size)
{
  return size > 0 ? g_memdup2 (data, size) : g_malloc (1);
}

static void
put_message (Reader *reader, const char *payload, gsize size)
{
  g_string_append_c (reader->outcome, '[');
  g_string_append_len (reader->outcome, payload, (gssize) size);
  g_string_append_c (reader->outcome, ']');
}

static void
put_error (Reader *reader)
{
  g_assert_nonnull (reader->error);
  g_assert_true (reader->error->domain == GSOCK_ERROR);
  g_string_append_printf (reader->outcome, "!%s",
                          gsock_error_code_name (reader->error->code));
}

/* As a connection does it: FALSE when the stream is broken. */
static gboolean
feed (Reader *reader, const char *data, gsize size)
{
  g_byte_array_append (reader->queued, (const guint8 *) data, (guint) size);
  for (;;)
    {
      g_autofree char *copy = exact_copy (reader->queued->data,
                                          reader->queued->len);
      GsockFrame frame = { 0 };

      switch (reader->codec->decode (copy, reader->queued->len, reader->limit,
                                     &reader->scanned, &frame, &reader->error))
        {
        case GSOCK_DECODE_MORE:
          g_assert_no_error (reader->error);
          return TRUE;
        case GSOCK_DECODE_BAD:
          put_error (reader);
          return FALSE;
        case GSOCK_DECODE_FRAME:
        default:
          break;
        }
      g_assert_cmpuint (frame.consumed, >, 0);
      g_assert_cmpuint (frame.consumed, <=, reader->queued->len);
      g_assert_cmpuint (frame.offset + frame.size, <=, frame.consumed);
      g_assert_cmpuint (frame.size, <=, reader->limit);
      put_message (reader, copy + frame.offset, frame.size);
      g_byte_array_remove_range (reader->queued, 0, (guint) frame.consumed);
      reader->scanned = 0;
    }
}

static void
feed_end (Reader *reader)
{
  g_autofree char *copy = exact_copy (reader->queued->data,
                                      reader->queued->len);
  GsockFrame frame = { 0 };

  if (reader->queued->len > 0)
    {
      if (reader->codec->finish (copy, reader->queued->len, reader->limit,
                                 &frame, &reader->error)
          != GSOCK_DECODE_FRAME)
        {
          put_error (reader);
          return;
        }
      put_message (reader, copy + frame.offset, frame.size);
    }
  g_string_append_c (reader->outcome, '.');
}

static void
reader_init (Reader *reader, const char *frame, gsize limit)
{
  memset (reader, 0, sizeof *reader);
  reader->codec = gsock_codec_find (frame, NULL);
  g_assert_nonnull (reader->codec);
  reader->limit = limit;
  reader->queued = g_byte_array_new ();
  reader->outcome = g_string_new (NULL);
}

static void
reader_clear (Reader *reader)
{
  g_byte_array_unref (reader->queued);
  g_string_free (reader->outcome, TRUE);
  g_clear_error (&reader->error);
}

static void
assert_outcome (Reader *reader, const Stream *stream)
{
  g_assert_cmpmem (reader->outcome->str, reader->outcome->len, stream->outcome,
                   strlen (stream->outcome));
  if (stream->message == NULL)
    return;
  if (strstr (reader->error->message, stream->message) == NULL)
    g_test_fail_printf ("'%s' is not in '%s'", stream->message,
                        reader->error->message);
}

/* In two pieces; @split 0: all at once. */
static void
check_split (const Stream *stream, gsize split)
{
  Reader reader;

  reader_init (&reader, stream->frame, stream->limit);
  if (feed (&reader, stream->data, split)
      && feed (&reader, stream->data + split, stream->size - split))
    feed_end (&reader);
  g_assert_cmpmem (reader.outcome->str, reader.outcome->len, stream->outcome,
                   strlen (stream->outcome));
  /* How much of bad bytes is shown depends on how they came. */
  if (split == 0)
    assert_outcome (&reader, stream);
  reader_clear (&reader);
}

static void
check_bytewise (const Stream *stream)
{
  gboolean whole = TRUE;
  Reader reader;

  reader_init (&reader, stream->frame, stream->limit);
  for (gsize i = 0; whole && i < stream->size; i++)
    whole = feed (&reader, stream->data + i, 1);
  if (whole)
    feed_end (&reader);
  assert_outcome (&reader, stream);
  reader_clear (&reader);
}

static void
test_streams (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      g_test_message ("%s: %s", streams[i].frame, streams[i].outcome);
      for (gsize split = 0; split <= streams[i].size; split++)
        check_split (&streams[i], split);
      check_bytewise (&streams[i]);
    }
}

/* --- raw ----------------------------------------------------------------- */

static void
test_raw (void)
{
  const GsockCodec *codec = gsock_codec_find ("raw", NULL);
  GsockFrame frame = { 0 };
  gsize scanned = 0;

  g_assert_true (codec->raw);
  g_assert_cmpint (codec->decode ("", 0, 9, &scanned, &frame, NULL), ==,
                   GSOCK_DECODE_MORE);
  g_assert_cmpint (codec->decode ("a\0\n", 3, 9, &scanned, &frame, NULL), ==,
                   GSOCK_DECODE_FRAME);
  g_assert_cmpuint (frame.size, ==, 3);
  g_assert_cmpuint (frame.consumed, ==, 3);

  for (const GsockCodec *other = gsock_codecs (); other->name != NULL; other++)
    g_assert_cmpint (other->raw, ==, strcmp (other->name, "raw") == 0);
}

/* --- int: its bytes depend on the machine -------------------------------- */

typedef struct
{
  int count;
  const char *data;
  gsize size;
  gsize limit;
  const char *outcome;
  const char *message;
} IntStream;

static const IntStream int_streams[] = {
  { 5, BYTES ("hola\0"), 100, "[hola].", NULL },
  { 1, BYTES ("\0"), 100, "[].", NULL },
  { 4, BYTES ("hola"), 100, "[hola].", NULL },
  { 1, BYTES ("x"), 100, "[x].", NULL },
  { 6, BYTES ("12345\0"), 5, "[12345].", NULL },
  { 5, BYTES ("12345"), 5, "[12345].", NULL },
  { 6, BYTES ("123456"), 5, "!frame-too-big", "a frame of 6 bytes" },
  { 7, BYTES (""), 5, "!frame-too-big", "a frame of 7 bytes; the limit is 5" },
  { 0, BYTES (""), 5, "!frame-bad", "announces a frame of 0 bytes" },
  { -1, BYTES (""), 5, "!frame-bad", "announces a frame of -1 bytes" },
  { INT_MIN, BYTES (""), G_MAXSIZE, "!frame-bad", "-2147483648" },
  { INT_MAX, BYTES (""), 1048576, "!frame-too-big", "2147483647" },
  { 5, BYTES ("ho"), 100, "!cut", "after 2 of 5 bytes of a frame" },
};

static void
check_int (const IntStream *row)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();
  Stream stream = { .frame = "int",
                    .limit = row->limit,
                    .outcome = row->outcome,
                    .message = row->message };

  g_byte_array_append (data, (const guint8 *) &row->count, sizeof row->count);
  g_byte_array_append (data, (const guint8 *) row->data, (guint) row->size);
  stream.data = (const char *) data->data;
  stream.size = data->len;
  for (gsize split = 0; split <= stream.size; split++)
    check_split (&stream, split);
  check_bytewise (&stream);
}

static void
test_int (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (int_streams); i++)
    check_int (&int_streams[i]);
}

/* A NUL inside is the message's; only the closing one is not. */
static void
test_int_nul_inside (void)
{
  const GsockCodec *codec = gsock_codec_find ("int", NULL);
  const int count = 4;
  GsockFrame frame = { 0 };
  gsize scanned = 0;
  char data[sizeof count + 4];

  memcpy (data, &count, sizeof count);
  memcpy (data + sizeof count, "a\0b", 4);
  g_assert_cmpint (codec->decode (data, sizeof data, 9, &scanned, &frame, NULL),
                   ==, GSOCK_DECODE_FRAME);
  g_assert_cmpmem (data + frame.offset, frame.size, "a\0b", 3);
}

static void
test_int_cut_head (void)
{
  const Stream stream = { "int", 5, BYTES ("\1\0"), "!cut",
                          "after 2 bytes of it" };

  check_split (&stream, 0);
  check_bytewise (&stream);
}

/* --- Time ---------------------------------------------------------------- */

/* A long line that comes byte by byte is looked at once: no clock proves it,
 * but that an end is overlooked which wasn't there the first time. */
static void
test_scanned (void)
{
  const char *const names[] = { "line", "nul" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const GsockCodec *codec = gsock_codec_find (names[i], NULL);
      GsockFrame frame = { 0 };
      gsize scanned = 0;

      g_assert_cmpint (codec->decode ("abcd", 4, 9, &scanned, &frame, NULL), ==,
                       GSOCK_DECODE_MORE);
      g_assert_cmpuint (scanned, ==, 4);
      /* An end in what was looked at already is not found again. */
      g_assert_cmpint (codec->decode ("\n\0bcde", 6, 9, &scanned, &frame, NULL),
                       ==, GSOCK_DECODE_MORE);
      g_assert_cmpuint (scanned, ==, 6);
    }
}

/* --- Encoding ------------------------------------------------------------ */

typedef struct
{
  const char *frame;
  gboolean crlf;
  const char *payload;
  gsize payload_size;
  const char *wire;
  gsize wire_size;
} Encoding;

static const Encoding encodings[] = {
  { "raw", FALSE, BYTES ("a\nb"), BYTES ("a\nb") },
  { "raw", TRUE, BYTES (""), BYTES ("") },
  { "line", FALSE, BYTES ("hola"), BYTES ("hola\n") },
  { "line", FALSE, BYTES (""), BYTES ("\n") },
  { "line", TRUE, BYTES ("hola"), BYTES ("hola\r\n") },
  { "line", FALSE, BYTES ("a\0b"), BYTES ("a\0b\n") },
  { "nul", FALSE, BYTES ("a\nb"), BYTES ("a\nb\0") },
  { "nul", TRUE, BYTES (""), BYTES ("\0") },
  { "u8", FALSE, BYTES ("hola"), BYTES ("\4hola") },
  { "u8", FALSE, BYTES (""), BYTES ("\0") },
  { "u16", FALSE, BYTES ("hola"), BYTES ("\0\4hola") },
  { "u16le", FALSE, BYTES ("hola"), BYTES ("\4\0hola") },
  { "u32", FALSE, BYTES ("hola"), BYTES ("\0\0\0\4hola") },
  { "u32le", TRUE, BYTES ("hola"), BYTES ("\4\0\0\0hola") },
  { "netstring", FALSE, BYTES ("hello"), BYTES ("5:hello,") },
  { "netstring", FALSE, BYTES (""), BYTES ("0:,") },
};

static GByteArray *
encode (const GsockCodec *codec, gboolean crlf, const char *payload, gsize size)
{
  GByteArray *wire = g_byte_array_new ();
  GsockFrameEnds ends = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (codec->encode (payload, size, crlf, &ends, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (ends.head_size, <=, sizeof ends.head);
  g_assert_cmpuint (ends.tail_size, <=, sizeof ends.tail);
  g_byte_array_append (wire, (const guint8 *) ends.head,
                       (guint) ends.head_size);
  g_byte_array_append (wire, (const guint8 *) payload, (guint) size);
  g_byte_array_append (wire, (const guint8 *) ends.tail,
                       (guint) ends.tail_size);
  return wire;
}

static void
test_encode (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (encodings); i++)
    {
      const Encoding *row = &encodings[i];
      g_autoptr (GByteArray)
          wire = encode (gsock_codec_find (row->frame, NULL), row->crlf,
                         row->payload, row->payload_size);

      g_assert_cmpmem (wire->data, wire->len, row->wire, row->wire_size);
    }
}

static void
test_encode_int (void)
{
  g_autoptr (GByteArray)
      wire = encode (gsock_codec_find ("int", NULL), TRUE, "hola", 4);
  int count;

  g_assert_cmpuint (wire->len, ==, sizeof count + 5);
  memcpy (&count, wire->data, sizeof count);
  g_assert_cmpint (count, ==, 5);
  g_assert_cmpmem (wire->data + sizeof count, 5, "hola", 5);
}

/* What goes out comes in again, all 256 byte values of it, for each frame that
 * has a use for them. */
static void
test_round_trip (void)
{
  char all[255];

  for (gsize i = 0; i < sizeof all; i++)
    all[i] = (char) (i + 1);
  for (const GsockCodec *codec = gsock_codecs (); codec->name != NULL; codec++)
    {
      g_autoptr (GByteArray) wire = NULL;
      GsockFrame frame = { 0 };
      gsize scanned = 0;
      gsize size = sizeof all;

      if (strcmp (codec->name, "line") == 0)
        size = '\n' - 1; /* up to the byte before it */
      else if (strcmp (codec->name, "nul") != 0)
        all[100] = '\0';
      wire = encode (codec, FALSE, all, size);
      g_assert_cmpint (codec->decode ((const char *) wire->data, wire->len,
                                      wire->len, &scanned, &frame, NULL),
                       ==, GSOCK_DECODE_FRAME);
      g_assert_cmpmem (wire->data + frame.offset, frame.size, all, size);
      g_assert_cmpuint (frame.consumed, ==, wire->len);
      all[100] = (char) 101;
    }
}

typedef struct
{
  const char *frame;
  const char *data; /* NULL: no need of any */
  gsize size;
  const char *message;
} Refusal;

static const Refusal refusals[] = {
  { "line", BYTES ("a\nb"), "newline" },
  { "line", BYTES ("a\n"), "newline" },
  { "nul", BYTES ("a\0b"), "NUL" },
  { "nul", BYTES ("\0"), "NUL" },
  { "u8", NULL, 256,
    "A message of 256 bytes doesn't fit into the frame 'u8', which carries at "
    "most 255" },
  { "u16", NULL, 65536, "at most 65535" },
  { "u16le", NULL, 65536, "'u16le'" },
  { "int", NULL, INT_MAX, "at most 2147483646" },
#if GLIB_SIZEOF_SIZE_T > 4
  { "u32", NULL, G_GUINT64_CONSTANT (4294967296), "at most 4294967295" },
  { "u32le", NULL, G_GUINT64_CONSTANT (4294967296), "at most 4294967295" },
#endif
};

static void
test_refusals (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      const Refusal *row = &refusals[i];
      const GsockCodec *codec = gsock_codec_find (row->frame, NULL);
      GsockFrameEnds ends = { 0 };
      g_autoptr (GError) error = NULL;

      g_assert_false (
          codec->encode (row->data, row->size, FALSE, &ends, &error));
      g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
      g_assert_nonnull (strstr (error->message, row->message));
      g_assert_null (strchr (error->message, '\n'));
    }
}

/* The largest that fits: its count alone is looked at. */
static void
test_largest (void)
{
  const struct
  {
    const char *frame;
    gsize size;
  } rows[] = { { "u8", 255 },          { "u16", 65535 },
               { "u16le", 65535 },     { "u32", G_MAXUINT32 },
               { "int", INT_MAX - 1 }, { "netstring", G_MAXSIZE } };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      GsockFrameEnds ends = { 0 };

      g_assert_true (gsock_codec_find (rows[i].frame, NULL)
                         ->encode (NULL, rows[i].size, FALSE, &ends, NULL));
      g_assert_cmpuint (ends.head_size, <=, sizeof ends.head);
    }
}

/* --- Names --------------------------------------------------------------- */

static void
test_find (void)
{
  static const char *const names[] = { "raw", "line",     "nul",   "u8",
                                       "u16", "u32",      "u16le", "u32le",
                                       "int", "netstring" };
  const GsockCodec *codecs = gsock_codecs ();

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_true (gsock_codec_find (names[i], NULL) == &codecs[i]);
      g_assert_cmpstr (codecs[i].name, ==, names[i]);
      g_assert_nonnull (codecs[i].summary);
    }
  g_assert_null (codecs[G_N_ELEMENTS (names)].name);
}

static void
test_find_unknown (void)
{
  static const char *const wrong[] = {
    "", "Line", "u64", "lines", "u", "\33[2J"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (gsock_codec_find (wrong[i], &error));
      g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
      g_assert_nonnull (strstr (error->message,
                                "raw, line, nul, u8, u16, u32, u16le, u32le, "
                                "int, netstring"));
      g_assert_null (strchr (error->message, '\33'));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/codec/streams", test_streams);
  g_test_add_func ("/codec/raw", test_raw);
  g_test_add_func ("/codec/int", test_int);
  g_test_add_func ("/codec/int/nul-inside", test_int_nul_inside);
  g_test_add_func ("/codec/int/cut-head", test_int_cut_head);
  g_test_add_func ("/codec/scanned", test_scanned);
  g_test_add_func ("/codec/encode", test_encode);
  g_test_add_func ("/codec/encode/int", test_encode_int);
  g_test_add_func ("/codec/round-trip", test_round_trip);
  g_test_add_func ("/codec/refusals", test_refusals);
  g_test_add_func ("/codec/largest", test_largest);
  g_test_add_func ("/codec/find", test_find);
  g_test_add_func ("/codec/find/unknown", test_find_unknown);
  return g_test_run ();
}
