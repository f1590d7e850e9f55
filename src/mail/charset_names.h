/* charset_names.h: what the charset names in messages mean. */
#ifndef POSTDESK_MAIL_CHARSET_NAMES_H
#define POSTDESK_MAIL_CHARSET_NAMES_H

#include <glib.h>

#define PD_CHARSET_NAME 64 /* bytes of a name, at most */

/* The charset that a declaration means, as iconv calls it; NULL where it says nothing. buffer,
 * of PD_CHARSET_NAME bytes, holds names that are in no table. */
const char *pd_charset_meant_by(const char *declared, char *buffer);
/* Its text is all below 0x80, so that plain bytes say nothing. */
gboolean pd_charset_is_seven_bit(const char *charset);
/* Its characters have zero bytes. */
gboolean pd_charset_is_wide(const char *charset);
/* One byte a character. */
gboolean pd_charset_is_single_byte(const char *charset);

#endif
