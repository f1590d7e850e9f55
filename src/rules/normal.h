/* normal.h: text as patterns see it: Unicode normal form NFKC, so that full-width letters
 * and digits are their plain forms. */
#ifndef RULES_NORMAL_H
#define RULES_NORMAL_H

#include <glib.h>

/* Appends the text to the buffer in NFKC. Invalid bytes become U+FFFD; NULL is an empty text. */
void pd_normal_append(GString *buffer, const char *text);

/* Whether the character stays as it is, whatever stands beside it. FALSE: it is not known here. */
gboolean pd_normal_is_stable(gunichar c);

#endif
