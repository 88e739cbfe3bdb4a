# src/handlers/local.mk: what a connection does with its bytes
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

noinst_LIBRARIES += libgsock-handlers.a
libgsock_handlers_a_SOURCES = \
	%D%/chat.c %D%/chat.h \
	%D%/crowd.c %D%/crowd.h \
	%D%/discard.c \
	%D%/echo.c \
	%D%/exec-environment.c %D%/exec-pipe.c %D%/exec-private.h \
	%D%/exec.c %D%/exec.h \
	%D%/forward.c %D%/forward.h \
	%D%/greet.c \
	%D%/handlers.c %D%/handlers.h \
	%D%/print.c %D%/print.h \
	%D%/spread.c %D%/spread.h \
	%D%/stdio.c %D%/stdio.h
