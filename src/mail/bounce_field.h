/* bounce_field.h: the recipients of a report while it is read, and the fields that name them. */
#ifndef POSTDESK_MAIL_BOUNCE_FIELD_H
#define POSTDESK_MAIL_BOUNCE_FIELD_H

#include "postdesk/mail.h"

#define PD_BOUNCE_MOST_RECIPIENTS 100 /* of one report */

/* What the sender tells before a word is read. */
typedef enum {
    PD_BOUNCE_HINT_NONE,
    PD_BOUNCE_HINT_PROGRAM, /* a null return path, or an address of a program */
    PD_BOUNCE_HINT_SERVER,  /* a mail server's own address */
} PdBounceHint;

/* The recipient of that address, new if need be; NULL if
 * there are too many. Borrowed. */
PdBounceRecipient *pd_bounce_add(PdMail *mail, const char *address, const char *action);
/* The value of a field of a header-like paragraph, unfolded, or NULL. Caller frees. */
char *pd_bounce_field(const char *paragraph, const char *name);
/* The first address of a value, or NULL. Caller frees. */
char *pd_bounce_address(const char *value);
#endif
