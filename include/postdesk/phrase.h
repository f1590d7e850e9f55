/* phrase.h: a text that stands in many others.
 *
 * Who writes such a text leaves a gap in its place and tells the phrase beside; the store keeps the
 * phrase once and fills the gaps when the text is read (tickets.h).
 */
#ifndef POSTDESK_PHRASE_H
#define POSTDESK_PHRASE_H

#include <glib.h>

/* A gap. No JSON text has this byte, for control characters are escaped (RFC 8259, section 7). */
#define PD_PHRASE_GAP '\1'

typedef struct {
    char *text;
    guint32 number;   /* that a store gave it; for the store only */
    guint64 given_in; /* which edition of its numbers that is of; 0: none was given */
} PdPhrase;

PdPhrase *pd_phrase_new(char *text); /* takes the text */
void pd_phrase_free(PdPhrase *phrase);

/* The line with the texts (of char *, in their order) in its gaps; caller frees. NULL if there are
 * more or fewer of one than of the other. */
char *pd_phrases_fill(const char *line, const GPtrArray *texts);

#endif
