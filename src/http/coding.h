/* coding.h: the table of content codings
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "core/library.h"

G_BEGIN_DECLS

/* Input that is consumed and output that is filled, in one step. */
typedef struct
{
  const char *in;
  gsize in_size; /* what is left of it */
  char *out;
  gsize out_room;
  gsize out_size; /* filled by this step */
} GsockCodingStep;

typedef enum
{
  GSOCK_CODING_MORE, /* all input consumed, or all room filled */
  GSOCK_CODING_END,  /* of one member or frame */
  GSOCK_CODING_BAD,  /* @error is set */
} GsockCodingResult;

/* One const table a coding; none of them blocks or keeps output back that fits
 * into the room. */
typedef struct
{
  const char *name;
  const char *other_name; /* "x-gzip"; or NULL */
  gboolean many;          /* may begin again after its end */
  gpointer (*open) (GError **error);
  GsockCodingResult (*run) (gpointer state, GsockCodingStep *step,
                            GError **error);
  /* For @many: what follows an end is another beginning. */
  void (*again) (gpointer state);
  void (*close) (gpointer state);
} GsockCoding;

/* Fills @table, whose first member is a pointer, unless that has been done. */
gboolean gsock_coding_load (const GsockCoding *coding, gpointer table,
                            const char *soname, const GsockSymbol *symbols,
                            gsize count, GError **error);
/* GSOCK_ERROR_FRAME_BAD; @why may be NULL. */
gboolean gsock_coding_fail (const GsockCoding *coding, const char *why,
                            GError **error);

extern const GsockCoding gsock_coding_gzip;
extern const GsockCoding gsock_coding_deflate;
#ifdef HAVE_BROTLI
extern const GsockCoding gsock_coding_brotli;
#endif
#ifdef HAVE_ZSTD
extern const GsockCoding gsock_coding_zstd;
#endif

G_END_DECLS
