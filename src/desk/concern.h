/* concern.h: whom each change of a ticket concerns, and by which template he is told. One table;
 * what is not in it, or concerns nobody, is mailed to nobody. */
#ifndef DESK_CONCERN_H
#define DESK_CONCERN_H

#include <glib.h>

typedef enum {
    PD_CONCERNS_REPORTER = 1 << 0,  /* if he takes part */
    PD_CONCERNS_FOLLOWERS = 1 << 1, /* who follows or watches it, but who did it himself */
    PD_CONCERNS_HOLDER = 1 << 2,    /* who works on it, and who watches at the desk */
    PD_CONCERNS_ASSIGNEE = 1 << 3,  /* who is to work on it from now on */
    PD_CONCERNS_ASKED = 1 << 4,     /* somebody outside whom the desk asks */
    PD_CONCERNS_DOER = 1 << 5,      /* who did it, by mail */
    PD_CONCERNS_DUTY = 1 << 6,      /* who is on duty, where nobody works on it */
    PD_CONCERNS_TAKERS = 1 << 7,    /* who may take it, where nobody does: likewise */
    PD_CONCERNS_FORMER = 1 << 8,    /* who was to work on it until now, but who did it himself */
} PdConcerned;
#define PD_CONCERNS_OUTSIDE (PD_CONCERNS_REPORTER | PD_CONCERNS_FOLLOWERS)

typedef struct {
    const char *change;
    const char *occasion; /* of the mail; NULL: that of the move (lifecycle.h), or none */
    guint whom;           /* PdConcerned bits; 0: nobody */
    const char *reason;   /* for people */
} PdConcern;

/* Fails (it is a mistake of the program) for a change that the table does not have. */
const PdConcern *pd_concern_of(const char *change);
const PdConcern *pd_concerns(gsize *count);

#endif
