/* lesson-private.h: the rows of the tables of what calls teach
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/lesson.h"

G_BEGIN_DECLS

/* Instead of a GsockCall and of an errno. */
#define ANY_CALL GSOCK_N_CALLS
#define ANY_ERROR GSOCK_LESSON_ANY_ERROR

typedef struct
{
  GsockCall call;
  const char *topic; /* NULL: whatever it is; "TCP_KEEP*": begins so */
  int status;        /* 0: went well; an errno; of getaddrinfo: EAI_… */
  const char *lesson;
} LessonRow;

extern const LessonRow lesson_rows[];
extern const gsize lesson_n_rows;
extern const LessonRow lesson_names_rows[];
extern const gsize lesson_names_n_rows;
extern const LessonRow lesson_http_rows[];
extern const gsize lesson_http_n_rows;

G_END_DECLS
