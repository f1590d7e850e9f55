/* text.h: UTF-8 text that came from outside.
 *
 * All strings here are UTF-8 unless said otherwise; new strings are the
 * caller's to free.
 */
#ifndef POSTDESK_TEXT_H
#define POSTDESK_TEXT_H

#include <glib.h>

/* Control, escape and bidi characters shown as \x1b or \u202e, invalid bytes as
 * \xNN: safe for a terminal and for a log. Line feeds and tabs are kept in
 * the second form. */
char *pd_text_printable(const char *text);
char *pd_text_printable_lines(const char *text);

/* Valid UTF-8 without a NUL byte; told quickly where most is ASCII. */
gboolean pd_text_is_valid(const char *text, gsize length);
/* Valid UTF-8 with U+FFFD for each invalid byte; NUL bytes become U+FFFD too.
 * *replaced counts them; may be NULL. */
char *pd_text_make_valid(const char *bytes, gsize length, guint *replaced);

/* Columns on a terminal: wide characters count two, combining ones none. */
gsize pd_text_width(const char *text);
/* Cut with "…" or filled with spaces to just so many columns. */
char *pd_text_fit(const char *text, gsize columns);
/* The first so many bytes, or some fewer: whole characters. */
char *pd_text_head(const char *text, gsize bytes);
/* At most so many bytes, cut at a character, "…" added where it was cut. */
char *pd_text_shorten(const char *text, gsize bytes);
/* Runs of white space folded into one space, ends trimmed. */
char *pd_text_fold_space(const char *text);
/* The words between any of the separators, which may be of any script (g_strsplit_set() knows only
 * bytes). None is empty. NULL-terminated, the caller frees. */
char **pd_text_words(const char *text, const char *separators);

/* FALSE if the text surely does not begin with the words, whatever their letter case: the first
 * bytes differ. For those who hold a text against a long list, most of it in vain. */
static inline gboolean pd_text_may_begin_with(const char *text, const char *words)
{
    return (((guchar)*text ^ (guchar)*words) & ~0x20) == 0;
}
/* What stands behind the first of the words that the text begins with; NULL: it begins with none.
 */
const char *pd_text_behind(const char *text, const char *const *words);

/* The first place of a short part, which is not empty, in so many bytes; NULL: none. It looks for
 * the part's first byte: where that is rare, this is several times as quick as memmem(3). */
const char *pd_text_find(const char *text, gsize length, const char *part);

/* Appends so many bytes so that they are text, and nothing else, in HTML and in quoted
 * attributes of it; NUL bytes are left out. */
void pd_text_append_html(GString *out, const char *text, gsize length);

/* TRUE if the text can stand in a header or a protocol line: no CR, LF, NUL or
 * other control characters. */
gboolean pd_text_is_one_line(const char *text);
/* TRUE for an address that may be handed to a server: local@domain, at most
 * 254 bytes, no white space, control or unseen characters, or angle brackets. */
gboolean pd_text_is_address(const char *address);
/* What every relay takes as an address: no quoted local part, no address literal, and nothing that
 * one would count as an error of ours. Beyond ASCII it would need SMTPUTF8, which relays seldom
 * offer. NULL is none. */
gboolean pd_text_can_be_mailed(const char *address);
/* The same mailbox as every relay takes it, where only its domain stands beyond ASCII; NULL: it can
 * be mailed as it is, or there is no such form. Caller frees. */
char *pd_text_address_in_ascii(const char *address);
/* Why it cannot and what to write, to stand behind "'…' is "; NULL if it can be mailed. Caller
 * frees. */
char *pd_text_address_mistake(const char *address);

/* "3d", "60s", "25m", "2h" in microseconds; "50M", "500K", "2G" in bytes.
 * FALSE if the text is neither or too large. */
gboolean pd_text_parse_duration(const char *text, gint64 *microseconds);
gboolean pd_text_parse_size(const char *text, guint64 *bytes);

#endif
