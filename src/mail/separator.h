/* separator.h: lines with which mail programs begin what they quote, and sign. */
#ifndef POSTDESK_MAIL_SEPARATOR_H
#define POSTDESK_MAIL_SEPARATOR_H

#include "postdesk/text.h"
#include <glib.h>
#include <string.h>

/* A line of a text, without its line end; white space around it is not part of it. */
typedef struct {
    const char *whole; /* with its white space */
    gsize whole_length;
    const char *text;
    gsize length;
} PdLine;

/* How many of the lines from here on are an attribution ("On … wrote:"), a dashed title
 * ("-----Original Message-----") or a header block ("From: … Sent: …"); 0 if none. */
guint pd_separator_lines(const PdLine *lines, guint count);

gboolean pd_line_is_quoted(const PdLine *line);
/* Nothing but dashes, stars and their like. */
gboolean pd_line_is_rule(const PdLine *line);
/* Letter case of ASCII aside. The first byte decides nearly always. */
static inline gboolean pd_line_starts_with(const PdLine *line, const char *word)
{
    if (line->length == 0 || !pd_text_may_begin_with(line->text, word))
        return FALSE;
    gsize length = strlen(word);
    return line->length >= length && g_ascii_strncasecmp(line->text, word, length) == 0;
}

#endif
