/* wrap.h: plain text in lines that every mail program shows whole. */
#ifndef DESK_WRAP_H
#define DESK_WRAP_H

#include <glib.h>

/* Folds the lines that are wider than so many columns: at spaces, and between Chinese characters
 * where no line would begin or end with punctuation that must not. What goes on keeps the quote
 * mark, the indent or the column of the line it belongs to. What has no place to fold stays whole,
 * and so does a quoted line that would fit without its mark ("> ").
 * Caller frees. */
char *pd_wrap_text(const char *text, gsize columns);

#endif
