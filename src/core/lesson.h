/* lesson.h: the table of what calls teach, for those who read a call
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <limits.h>

#include "core/call.h"

G_BEGIN_DECLS

/* A status: it failed, and nobody knows why. */
#define GSOCK_LESSON_ANY_ERROR INT_MAX

/* @status: 0, an errno, GSOCK_LESSON_ANY_ERROR, of getaddrinfo EAI_…; @topic
 * as gsock_lesson_is_about() takes it.  In the user's language; NULL: none. */
const char *gsock_lesson_find (GsockCall call, int status, const char *topic,
                               const char *arguments);

/* Whether @topic or, where that is NULL, a word in @arguments is @pattern;
 * "TCP_KEEP*" is every one that begins so. */
gboolean gsock_lesson_is_about (const char *pattern, const char *topic,
                                const char *arguments);

G_END_DECLS
