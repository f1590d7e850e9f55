/* lifecycle.h: the statuses of a ticket, and who may move it where. */
#ifndef DESK_LIFECYCLE_H
#define DESK_LIFECYCLE_H

#include "postdesk/desk.h" /* pd_lifecycle_statuses() */

typedef enum {
    PD_BY_REPORTER = 1,    /* by a reply of his */
    PD_BY_PARTICIPANT = 2, /* by a reply of somebody else who takes part */
    PD_BY_STAFF = 4,       /* by a person at the desk */
    PD_BY_RULE = 8,        /* by a mail of a machine that joins it by its merge key */
    PD_BY_WORD = 16,       /* by a command of the reporter, or one word that says as much */
} PdMover;

typedef struct {
    const char *from, *to;
    guint who;            /* PdMover bits */
    const char *occasion; /* of the mail to whom it concerns (concern.h); NULL: none */
} PdTransition;

/* The move by that mover, NULL if it is not allowed. */
const PdTransition *pd_lifecycle_find(const char *from, const char *to, PdMover who);
/* The move that a reply of that mover makes by itself, NULL if none. */
const PdTransition *pd_lifecycle_of_reply(const char *from, PdMover who);
/* FALSE for an ended ticket: a reply then opens a new one, linked to it. */
gboolean pd_lifecycle_takes_replies(const char *status);
/* Something is expected of who has it: neither solved nor over. */
gboolean pd_lifecycle_is_to_work_on(const char *status);
/* Where staff may move it from here, "open, resolved"; caller frees. */
char *pd_lifecycle_choices(const char *from, PdMover who);

#endif
