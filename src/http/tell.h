/* tell.h: requests and answers of HTTP told as they happen, for --explain
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "http/headers.h"

G_BEGIN_DECLS

/* Call them under if (gsock_explaining ()): nobody else wants to know.  What
 * shows who asks is left out. */

/* How many bytes of a request of HTTP/1 may be shown: up to the first value
 * that shows who asks. */
gsize gsock_http_get_open (const GString *bytes);
/* The same of what has come, behind what there is already of a head (NULL:
 * nothing). */
gsize gsock_http_get_open_received (const GString *before, const char *bytes,
                                    gsize size);
/* The bytes that are about to be sent, of HTTP/1. */
void gsock_http_tell_request (const GString *bytes);
/* The same of HTTP/2, where it is fields alone, which follow one by one. */
void gsock_http_tell_stream (const char *method, const char *target);
void gsock_http_tell_sent (const char *name, const char *value);
void gsock_http_tell_head (const GsockHttpHead *head);
void gsock_http_tell_chunk (guint64 size);
/* Its end, after @received bytes; @how it was known: "LENGTH", "CHUNKS",
 * "CLOSE", "STREAM", NULL: there is none. */
void gsock_http_tell_body (const char *how, guint64 received);
void gsock_http_tell_redirect (const char *from, const char *to,
                               gboolean foreign);

G_END_DECLS
