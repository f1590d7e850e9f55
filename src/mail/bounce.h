/* bounce.h: delivery reports, standard and not. */
#ifndef POSTDESK_MAIL_BOUNCE_H
#define POSTDESK_MAIL_BOUNCE_H

#include "bounce_field.h"
#include "reading.h"

/* Fills the mail's bounce and bounce_original if its origin is a bounce or a report. */
void pd_bounce_read(PdReading *reading);

/* TRUE if subject and text say that a mail could not be delivered; the weaker the hint, the
 * more must be said. */
gboolean pd_bounce_is_told(const PdMail *mail, PdBounceHint hint);

/* The text holds a phrase of such a report, if only a faint one. */
gboolean pd_bounce_says_failure(const char *text);
/* A mail server's words say that the mail is late, and that it goes on trying; a program that is
 * none (a backup, that is late itself) must say so in the subject of such notices. */
gboolean pd_bounce_tells_delay(const PdMail *mail, PdBounceHint hint);

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
