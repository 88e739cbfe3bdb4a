/* http2-library.h: nghttp2, loaded when the first HTTP/2 is to be spoken
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <nghttp2/nghttp2.h>

G_BEGIN_DECLS

/* Each function that we use of it, without the prefix. */
#define GSOCK_NGHTTP2_SYMBOLS(USE) \
  USE (http2_strerror) \
  USE (option_del) \
  USE (option_new) \
  USE (option_set_no_auto_window_update) \
  USE (session_callbacks_del) \
  USE (session_callbacks_new) \
  USE (session_callbacks_set_error_callback2) \
  USE (session_callbacks_set_on_begin_frame_callback) \
  USE (session_callbacks_set_on_data_chunk_recv_callback) \
  USE (session_callbacks_set_on_frame_not_send_callback) \
  USE (session_callbacks_set_on_frame_recv_callback) \
  USE (session_callbacks_set_on_frame_send_callback) \
  USE (session_callbacks_set_on_header_callback) \
  USE (session_callbacks_set_on_invalid_frame_recv_callback) \
  USE (session_callbacks_set_on_invalid_header_callback) \
  USE (session_callbacks_set_on_stream_close_callback) \
  USE (session_check_request_allowed) \
  USE (session_client_new2) \
  USE (session_consume_connection) \
  USE (session_consume_stream) \
  USE (session_del) \
  USE (session_mem_recv) \
  USE (session_mem_send) \
  USE (session_set_local_window_size) \
  USE (session_want_read) \
  USE (session_want_write) \
  USE (strerror) \
  USE (submit_request) \
  USE (submit_rst_stream) \
  USE (submit_settings)

typedef struct
{
#define GSOCK_NGHTTP2_MEMBER(symbol) __typeof__ (nghttp2_##symbol) *symbol;
  GSOCK_NGHTTP2_SYMBOLS (GSOCK_NGHTTP2_MEMBER)
#undef GSOCK_NGHTTP2_MEMBER
} GsockNghttp2;

/* Valid once gsock_nghttp2_load has been true; never unloaded. */
extern GsockNghttp2 nghttp2;

/* Any thread.  GSOCK_ERROR_FAILED, a sentence. */
gboolean gsock_nghttp2_load (GError **error);

G_END_DECLS
