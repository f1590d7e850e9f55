/* iso2022jp.h: ISO-2022-JP as Microsoft's programs write it. */
#ifndef POSTDESK_MAIL_ISO2022JP_H
#define POSTDESK_MAIL_ISO2022JP_H

#include <glib.h>

/* The same text in CP932 (NEC's and IBM's extra characters and half-width kana
 * included), or NULL if it uses other sets than these. Caller frees. */
char *pd_iso2022jp_to_cp932(const char *bytes, gsize length, gsize *out_length);

#endif
