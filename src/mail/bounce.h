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

#endif
