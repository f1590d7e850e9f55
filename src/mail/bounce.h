/* bounce.h: delivery reports, standard and not. */
#ifndef POSTDESK_MAIL_BOUNCE_H
#define POSTDESK_MAIL_BOUNCE_H

#include "reading.h"

/* Fills the mail's bounce and bounce_original if its origin is a bounce or a report. */
void pd_bounce_read(PdReading *reading);

/* What the sender tells before a word is read. */
typedef enum {
    PD_BOUNCE_HINT_NONE,
    PD_BOUNCE_HINT_PROGRAM, /* a null return path, or an address of a program */
    PD_BOUNCE_HINT_SERVER,  /* a mail server's own address */
} PdBounceHint;

/* TRUE if subject and text say that a mail could not be delivered; the weaker the hint, the
 * more must be said. */
gboolean pd_bounce_is_told(const PdMail *mail, PdBounceHint hint);

/* For the two files that read reports. The recipient of that address, new if need be; NULL if
 * there are too many. Borrowed. */
PdBounceRecipient *pd_bounce_add(PdMail *mail, const char *address, const char *action);
/* The value of a field of a header-like paragraph, unfolded, or NULL. Caller frees. */
char *pd_bounce_field(const char *paragraph, const char *name);
/* The first address of a value, or NULL. Caller frees. */
char *pd_bounce_address(const char *value);
/* Reads the report's own words, and where they name nobody, the returned message's recipient. */
void pd_bounce_read_words(PdReading *reading);

/* What the report says itself, before the returned message; at most so many bytes. Caller
 * frees. */
char *pd_bounce_own_words(const PdMail *mail, gsize most);
/* Gives each recipient the words that stand behind his address, where a status gave none. */
void pd_bounce_explain(PdMail *mail);
/* An enhanced status code within text, or NULL. Caller frees. */
char *pd_bounce_status_in(const char *text);
/* Judges each recipient: hard or soft. */
void pd_bounce_weigh(PdMail *mail);

#endif
