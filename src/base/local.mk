# src/base: what every room stands on.
noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	src/base/clock.c \
	src/base/diagnostics.c \
	src/base/files.c \
	src/base/hash.c \
	src/base/hours.c \
	src/base/html_escape.c \
	src/base/json.c \
	src/base/json_cursor.c \
	src/base/json_write.c \
	src/base/killpoint.c \
	src/base/log.c \
	src/base/memory.c \
	src/base/phrase.c \
	src/base/program.c \
	src/base/sparse.c \
	src/base/status.c \
	src/base/text.c \
	src/base/title.c \
	src/base/utf8.c \
	include/postdesk/clock.h \
	include/postdesk/diagnostics.h \
	include/postdesk/eight.h \
	include/postdesk/files.h \
	include/postdesk/hash.h \
	include/postdesk/hours.h \
	include/postdesk/json.h \
	include/postdesk/json_cursor.h \
	include/postdesk/json_write.h \
	include/postdesk/killpoint.h \
	include/postdesk/limits.h \
	include/postdesk/log.h \
	include/postdesk/memory.h \
	include/postdesk/phrase.h \
	include/postdesk/program.h \
	include/postdesk/status.h \
	include/postdesk/text.h \
	include/postdesk/title.h
libbase_a_CFLAGS = $(AM_CFLAGS) $(CRYPTO_CFLAGS) $(JANSSON_CFLAGS) $(MIMALLOC_CFLAGS)
PD_BASE = libbase.a $(CRYPTO_LIBS) $(JANSSON_LIBS) $(GLIB_LIBS)
