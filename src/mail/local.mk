# src/mail: what is in a message; the only room that knows GMime, libxml2 and ICU.
noinst_LTLIBRARIES += libmail.la
libmail_la_SOURCES = \
	src/mail/address.c \
	src/mail/address.h \
	src/mail/attachment.c \
	src/mail/attachment.h \
	src/mail/body.c \
	src/mail/body.h \
	src/mail/bounce.c \
	src/mail/bounce.h \
	src/mail/bounce_weight.c \
	src/mail/bounce_words.c \
	src/mail/calendar.c \
	src/mail/calendar.h \
	src/mail/charset.c \
	src/mail/charset.h \
	src/mail/charset_guess.c \
	src/mail/charset_guess.h \
	src/mail/charset_names.c \
	src/mail/charset_names.h \
	src/mail/compose.c \
	src/mail/encode.c \
	src/mail/encode.h \
	src/mail/encoded_word.c \
	src/mail/filetype.c \
	src/mail/filetype.h \
	src/mail/header.c \
	src/mail/header.h \
	src/mail/html.c \
	src/mail/html.h \
	src/mail/html_parse.c \
	src/mail/html_parse.h \
	src/mail/html_strip.c \
	src/mail/iso2022jp.c \
	src/mail/iso2022jp.h \
	src/mail/language.c \
	src/mail/language.h \
	src/mail/mail.c \
	src/mail/mail_json.c \
	src/mail/message.c \
	src/mail/origin.c \
	src/mail/origin.h \
	src/mail/parameter.c \
	src/mail/part.c \
	src/mail/part.h \
	src/mail/quote.c \
	src/mail/quote.h \
	src/mail/reading.h \
	src/mail/record.h \
	src/mail/remark.c \
	src/mail/remark.h \
	src/mail/sanitise.c \
	src/mail/scan.c \
	src/mail/scan.h \
	src/mail/separator.c \
	src/mail/separator.h \
	src/mail/sign.c \
	src/mail/sign.h \
	src/mail/sinkstream.c \
	src/mail/sinkstream.h \
	src/mail/source.c \
	src/mail/source.h \
	src/mail/textflow.c \
	src/mail/textflow.h \
	src/mail/token.c \
	src/mail/tree.c \
	src/mail/trust.c \
	src/mail/trust.h \
	src/mail/via.c \
	src/mail/via.h \
	include/postdesk/compose.h \
	include/postdesk/mail.h \
	include/postdesk/token.h
libmail_la_CFLAGS = $(AM_CFLAGS) $(GMIME_CFLAGS) $(XML_CFLAGS) $(ICU_CFLAGS) $(SODIUM_CFLAGS)
libmail_la_LIBADD = $(GMIME_LIBS) $(XML_LIBS) $(ICU_LIBS) $(SODIUM_LIBS) $(GLIB_LIBS)
PD_MAIL = libmail.la
