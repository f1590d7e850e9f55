/* normal.h: text as patterns see it: Unicode normal form NFKC, so that full-width letters
 * and digits are their plain forms. */
#ifndef RULES_NORMAL_H
#define RULES_NORMAL_H

#include <glib.h>

/* Appends the text to the buffer in NFKC. Invalid bytes become U+FFFD; NULL is an empty text. */
void pd_normal_append(GString *buffer, const char *text);

/* The character of three bytes, or 0 where one of another length begins. */
static inline gunichar pd_three_bytes(const char *text)
{
    const guchar *at = (const guchar *)text;

    if ((at[0] & 0xf0) != 0xe0)
        return 0;
    return (gunichar)(at[0] & 0x0f) << 12 | (gunichar)(at[1] & 0x3f) << 6 | (at[2] & 0x3f);
}

/* Whether the character stays as it is, whatever stands beside it. FALSE: it is not known here. */
gboolean pd_normal_is_stable(gunichar c);

#endif
