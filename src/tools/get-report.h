/* get-report.h: how a transfer went, for people and for programs
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "http/fetch.h"

G_BEGIN_DECLS

/* One line, "URL: dns 0.2 ms, connect 0.1 ms, first byte 3 ms, total 5 ms; 12
 * bytes".  @path: the file's, or NULL. */
void gsock_get_report_append_timing (GString *text,
                                     const GsockFetchReport *report);
/* One JSON object and a newline; keys are never translated, times are
 * seconds. */
void gsock_get_report_append_json (GString *text,
                                   const GsockFetchReport *report,
                                   const char *path, const GError *error);

G_END_DECLS
