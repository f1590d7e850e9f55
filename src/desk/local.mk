# src/desk: what becomes of a message, and what is answered.
noinst_LTLIBRARIES += libdesk.la
libdesk_la_SOURCES = \
	src/desk/mustache.c \
	src/desk/mustache.h \
	src/desk/mustache_parse.c \
	src/desk/mustache_tree.h \
	src/desk/occasions.c \
	src/desk/occasions.h \
	src/desk/template.c \
	src/desk/template_private.h \
	src/desk/words.c \
	src/desk/words.h \
	include/postdesk/desk.h \
	include/postdesk/template.h
libdesk_la_LIBADD = $(GLIB_LIBS)
PD_DESK = libdesk.la
