/* rewrap.h: one text broken into lines of two widths, as two programs break the same file in
 * base64.
 *
 * The text is its bare bytes, those that are not in a line end. Where each of them stands follows
 * from the width alone, so that a part of the one is made of a part of the other, wherever it is.
 */
#ifndef PD_STORE_REWRAP_H
#define PD_STORE_REWRAP_H

#include <glib.h>

/* How a text is broken. All zero: not at all, whatever its bytes are. */
typedef struct {
    guint64 width;  /* bare bytes of each line */
    guint64 end;    /* bytes of each line end: 1 is LF, 2 is CRLF */
    guint64 column; /* where in a line its first byte stands; from width on, in the line end */
} PdLines;

/* How many bare bytes stand before so many of its bytes. */
guint64 pd_lines_bare(const PdLines *lines, guint64 bytes);
/* How many of its bytes stand before this bare byte, counted from 0. */
guint64 pd_lines_place(const PdLines *lines, guint64 bare);
/* The text that is left behind so many of its bytes. */
PdLines pd_lines_behind(const PdLines *lines, guint64 bytes);

/* So many bytes of the text as `to` breaks it, out of `text`, as `from` breaks it. Both begin with
 * the same bare byte, before which `to` may have a line end, or a part of one. */
void pd_lines_rewrap(const PdLines *to, char *bytes, gsize length, const PdLines *from,
                     const char *text);
/* How many bytes of `text` that takes, without a line end behind the last bare one: of lines of 4
 * bytes half as many again, at most three times as many. */
guint64 pd_lines_needed(const PdLines *to, guint64 length, const PdLines *from);

#endif
