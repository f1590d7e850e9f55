/* charset_convert.h: bytes of a known charset into UTF-8, none dropped. */
#ifndef POSTDESK_MAIL_CHARSET_CONVERT_H
#define POSTDESK_MAIL_CHARSET_CONVERT_H

#include <glib.h>

/* UTF-8 without NULs from a charset as iconv calls it, U+FFFD for each byte that does not fit;
 * NULL if iconv does not know it. Caller frees. */
char *pd_charset_convert(const char *bytes, gsize length, const char *charset, guint *replaced);

#endif
