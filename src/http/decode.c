/* decode.c: content codings undone while the body arrives
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/decode.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/units.h"
#include "http/coding.h"

/* A server that applied more of them means no good. */
#define STAGES_MAX 4

typedef struct
{
  const GsockCoding *coding;
  gpointer state;
  char *room;     /* GSOCK_DECODE_PIECE bytes, for what comes out */
  gboolean begun; /* bytes have come in */
  gboolean ended; /* and were a whole */
} Stage;

/* Belongs to the thread of its transfer.  The last coding that was applied is
 * the first stage. */
struct _GsockDecoder
{
  Stage stages[STAGES_MAX];
  guint count;
  guint64 limit;
  guint64 total; /* decoded so far */
  GsockDecodeFunc func;
  gpointer user;
};

static const GsockCoding *const codings[] = {
  &gsock_coding_gzip,
  &gsock_coding_deflate,
#ifdef HAVE_BROTLI
  &gsock_coding_brotli,
#endif
#ifdef HAVE_ZSTD
  &gsock_coding_zstd,
#endif
};

/**
 * gsock_decoder_accepts:
 *
 * Returns: a list for Accept-Encoding
 */
const char *
gsock_decoder_accepts (void)
{
  return "gzip, deflate"
#ifdef HAVE_BROTLI
         ", br"
#endif
#ifdef HAVE_ZSTD
         ", zstd"
#endif
      ;
}

/**
 * gsock_coding_fail:
 * @coding: whose input is wrong
 * @why: (nullable): its library's words
 * @error: %GSOCK_ERROR_FRAME_BAD
 *
 * Returns: %FALSE, which is no result of a step
 */
gboolean
gsock_coding_fail (const GsockCoding *coding, const char *why, GError **error)
{
  if (why != NULL)
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD,
                 /* TRANSLATORS: a coding, then what its library says. */
                 _ ("the body is corrupt: its %s can't be undone: %s"),
                 coding->name, why);
  else
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD,
                 /* TRANSLATORS: a coding: "gzip". */
                 _ ("the body is corrupt: its %s can't be undone"),
                 coding->name);
  return FALSE;
}

/**
 * gsock_coding_load:
 * @coding: whose library it is
 * @table: a struct of pointers to functions; all of them %NULL before
 * @soname: the library
 * @symbols: (array length=count): what is wanted of it
 * @count: how many
 * @error: %GSOCK_ERROR_FAILED, a clause
 *
 * Any thread may be the first.
 *
 * Returns: whether @table may be used
 */
gboolean
gsock_coding_load (const GsockCoding *coding, gpointer table,
                   const char *soname, const GsockSymbol *symbols, gsize count,
                   GError **error)
{
  static GMutex lock;
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  g_autoptr (GError) why = NULL;

  if (*(gpointer *) table != NULL
      || gsock_library_load (table, soname, symbols, count, &why))
    return TRUE;

  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FAILED,
               /* TRANSLATORS: a coding, its library, and why not. */
               _ ("the coding %s can't be undone here, as %s is not there: "
                  "%s"),
               coding->name, soname, why->message);
  return FALSE;
}

static const GsockCoding *
find_coding (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (codings); i++)
    if (g_ascii_strcasecmp (name, codings[i]->name) == 0
        || (codings[i]->other_name != NULL
            && g_ascii_strcasecmp (name, codings[i]->other_name) == 0))
      return codings[i];
  return NULL;
}

static gboolean
add_stage (GsockDecoder *decoder, const char *name, GError **error)
{
  const GsockCoding *coding = find_coding (name);
  Stage *stage = &decoder->stages[decoder->count];

  if (coding == NULL)
    {
      g_autofree char *shown = gsock_escape_brief (name);

      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD,
                   /* TRANSLATORS: a coding: "compress", "zstd". */
                   _ ("the body is in the coding '%s', which can't be undone "
                      "here"),
                   shown);
      return FALSE;
    }
  if (decoder->count == STAGES_MAX)
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD,
                   _ ("the body is in more than %d codings, one over the "
                      "other"),
                   STAGES_MAX);
      return FALSE;
    }

  *stage = (Stage) { .coding = coding, .state = coding->open (error) };
  if (stage->state == NULL)
    return FALSE;
  stage->room = g_malloc (GSOCK_DECODE_PIECE);
  decoder->count++;
  return TRUE;
}

/**
 * gsock_decoder_new:
 * @list: (nullable): the Content-Encoding, as received, fields joined
 * @limit: how large the decoded body may be, 0: as large as it likes
 * @error: %GSOCK_ERROR_FRAME_BAD, a clause
 *
 * Without a coding it passes the bytes on, under the same limit.
 *
 * Returns: (transfer full) (nullable): a decoder for one body
 */
GsockDecoder *
gsock_decoder_new (const char *list, guint64 limit, GError **error)
{
  g_autoptr (GsockDecoder) decoder = g_new0 (GsockDecoder, 1);
  g_auto (GStrv) names = NULL;

  decoder->limit = limit;
  if (list == NULL)
    return g_steal_pointer (&decoder);

  names = g_strsplit (list, ",", STAGES_MAX * 8);
  /* They are listed in the order in which they were applied. */
  for (guint i = g_strv_length (names); i-- > 0;)
    {
      const char *name = g_strstrip (names[i]);

      if (*name == '\0' || g_ascii_strcasecmp (name, "identity") == 0)
        continue;
      if (!add_stage (decoder, name, error))
        return NULL;
    }
  return g_steal_pointer (&decoder);
}

/**
 * gsock_decoder_free:
 * @decoder: (transfer full): a decoder
 */
void
gsock_decoder_free (GsockDecoder *decoder)
{
  for (guint i = 0; i < decoder->count; i++)
    {
      decoder->stages[i].coding->close (decoder->stages[i].state);
      g_free (decoder->stages[i].room);
    }
  g_free (decoder);
}

/**
 * gsock_decoder_is_plain:
 * @decoder: a decoder
 *
 * Returns: whether what goes in comes out
 */
gboolean
gsock_decoder_is_plain (const GsockDecoder *decoder)
{
  return decoder->count == 0;
}

static gboolean
deliver (GsockDecoder *decoder, const char *data, gsize size, GError **error)
{
  g_autofree char *limit = NULL;

  if (decoder->limit == 0 || size <= decoder->limit - decoder->total)
    {
      decoder->total += size;
      return decoder->func (data, size, decoder->user, error);
    }

  limit = gsock_format_size (decoder->limit);
  if (decoder->count > 0)
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_LIMIT,
                 /* TRANSLATORS: a size: "10 MB". */
                 _ ("the body, decoded, is larger than %s (--max-size)"),
                 limit);
  else
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_LIMIT,
                 _ ("the body is larger than %s (--max-size)"), limit);
  return FALSE;
}

/* Its last byte was seen: what follows is either another of the same or does
 * not belong there. */
static gboolean
take_up_again (Stage *stage, GError **error)
{
  if (stage->coding->many)
    {
      stage->coding->again (stage->state);
      stage->ended = FALSE;
      return TRUE;
    }
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD,
               /* TRANSLATORS: a coding: "gzip". */
               _ ("the body is corrupt: bytes follow the end of its %s"),
               stage->coding->name);
  return FALSE;
}

static gboolean pass (GsockDecoder *decoder, guint index, const char *data,
                      gsize size, GError **error);

/* One step of the stage @index, and what came out of it one stage further. */
static gboolean
step_on (GsockDecoder *decoder, guint index, GsockCodingStep *step,
         GError **error)
{
  Stage *stage = &decoder->stages[index];
  gsize in_size = step->in_size;
  GsockCodingResult result;

  step->out = stage->room;
  step->out_room = GSOCK_DECODE_PIECE;
  step->out_size = 0;
  result = stage->coding->run (stage->state, step, error);
  if (result == GSOCK_CODING_BAD)
    return FALSE;
  stage->ended = result == GSOCK_CODING_END;
  /* Should a library ever do nothing with what it has: no endless loop. */
  if (!stage->ended && step->out_size == 0 && in_size > 0
      && step->in_size == in_size)
    return gsock_coding_fail (stage->coding, NULL, error);
  return step->out_size == 0
         || pass (decoder, index + 1, stage->room, step->out_size, error);
}

static gboolean
pass (GsockDecoder *decoder, guint index, const char *data, gsize size,
      GError **error)
{
  Stage *stage = &decoder->stages[index];
  GsockCodingStep step = { .in = data, .in_size = size };

  if (index == decoder->count)
    return deliver (decoder, data, size, error);

  stage->begun = TRUE;
  /* Room that was filled to its end may mean that more is ready. */
  while (step.in_size > 0
         || (step.out_size == GSOCK_DECODE_PIECE && !stage->ended))
    {
      if (stage->ended && !take_up_again (stage, error))
        return FALSE;
      if (!step_on (decoder, index, &step, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * gsock_decoder_push:
 * @decoder: a decoder
 * @data: (array length=size): the next bytes of the body
 * @size: how many
 * @func: takes what comes out of them
 * @user: for @func
 * @error: a clause: corrupt, too large, or what @func said
 *
 * However much the codings blow up, no more is held at a time than one piece
 * for each.
 *
 * Returns: %FALSE on the first error
 */
gboolean
gsock_decoder_push (GsockDecoder *decoder, const char *data, gsize size,
                    GsockDecodeFunc func, gpointer user, GError **error)
{
  decoder->func = func;
  decoder->user = user;
  if (decoder->count > 0)
    return size == 0 || pass (decoder, 0, data, size, error);

  while (size > 0)
    {
      gsize piece = MIN (size, GSOCK_DECODE_PIECE);

      if (!deliver (decoder, data, piece, error))
        return FALSE;
      data += piece;
      size -= piece;
    }
  return TRUE;
}

/**
 * gsock_decoder_finish:
 * @decoder: a decoder
 * @error: %GSOCK_ERROR_CUT, a clause
 *
 * A body without a byte is no cut one: servers name a coding for it too.
 *
 * Returns: whether each coding came to its end
 */
gboolean
gsock_decoder_finish (GsockDecoder *decoder, GError **error)
{
  if (decoder->count == 0 || !decoder->stages[0].begun)
    return TRUE;

  for (guint i = 0; i < decoder->count; i++)
    {
      const Stage *stage = &decoder->stages[i];

      if (stage->ended)
        continue;
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_CUT,
                   /* TRANSLATORS: a coding: "gzip". */
                   _ ("the body was cut: it ended inside its %s"),
                   stage->coding->name);
      return FALSE;
    }
  return TRUE;
}
