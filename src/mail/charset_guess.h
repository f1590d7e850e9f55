/* charset_guess.h: the charset of bytes that declare none. */
#ifndef POSTDESK_MAIL_CHARSET_GUESS_H
#define POSTDESK_MAIL_CHARSET_GUESS_H

#include <glib.h>

/* The likeliest charset as iconv calls it (interned). prior: the one to be expected, or NULL. */
const char *pd_charset_guess(const char *bytes, gsize length, const char *prior);

#endif
