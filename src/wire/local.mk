# src/wire: where mail comes from and goes to.
noinst_LIBRARIES += libwire.a
libwire_a_SOURCES = \
	include/postdesk/relay.h \
	include/postdesk/source.h \
	src/wire/backend.h \
	src/wire/connect.c \
	src/wire/connect.h \
	src/wire/imap.c \
	src/wire/imap.h \
	src/wire/imap_dialogue.c \
	src/wire/imap_fetch.c \
	src/wire/imap_idle.c \
	src/wire/imap_list.c \
	src/wire/imap_login.c \
	src/wire/imap_parse.c \
	src/wire/imap_set.c \
	src/wire/maildir.c \
	src/wire/maildir.h \
	src/wire/maildir_relay.c \
	src/wire/maildir_source.c \
	src/wire/maildir_uids.c \
	src/wire/maildir_uids.h \
	src/wire/mutf7.c \
	src/wire/mutf7.h \
	src/wire/relay.c \
	src/wire/smtp.c \
	src/wire/smtp.h \
	src/wire/smtp_dialogue.c \
	src/wire/smtp_mail.c \
	src/wire/smtp_send.c \
	src/wire/smtp_try.c \
	src/wire/socket.c \
	src/wire/socket.h \
	src/wire/source.c \
	src/wire/stream.c \
	src/wire/stream.h \
	src/wire/tls.c \
	src/wire/tls.h
libwire_a_CFLAGS = $(AM_CFLAGS) $(SSL_CFLAGS) $(CRYPTO_CFLAGS)
PD_WIRE = libwire.a $(ETPAN_LIBS) $(SSL_LIBS) $(CRYPTO_LIBS) $(GLIB_LIBS)
