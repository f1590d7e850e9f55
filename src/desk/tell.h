/* tell.h: mails to people about a change or a message: reporter, followers, the engineer, somebody
 * outside. Each holds a token of its reader's own. In the running transaction. */
#ifndef DESK_TELL_H
#define DESK_TELL_H

#include "desk/assignment.h"
#include "desk/change.h"
#include "desk/facts.h"

/* What a mail about an assignment tells its reader. */
typedef enum {
    PD_GIVEN_NOTHING, /* it is about something else */
    PD_GIVEN_TO_HIM,
    PD_GIVEN_FROM_HIM, /* he had it, and has it no longer */
    PD_GIVEN_FREE,     /* it is nobody's */
} PdGiven;

/* What all mails about one thing share. Texts are borrowed. */
typedef struct {
    PdDesk *desk;
    gint64 ticket;
    const char *occasion;
    const char *channel;
    gint64 inbox;
    const char *held;     /* why it is held back, or NULL */
    const char *text;     /* what somebody said, or NULL */
    const char *by;       /* who, or NULL */
    const char *doer;     /* who did what is told, or NULL */
    gboolean spares_doer; /* beyond his reply budget: as the reporter he is not told of it */
    PdGiven given;
    gint64 event;                /* of the ticket, that is told; 0: none */
    const char *previous_status; /* or NULL */
    const char *due_was;         /* its due time before another one was agreed, or NULL */
    gint64 into;                 /* ticket that it went into; 0: none */
    const PdMail *mail;          /* the message that this is about, or NULL */
    const PdInboxRow *row;       /* or NULL */
    PdJson *further;             /* more values, or NULL */
    PdJson *gathered;            /* what was put aside before and is told with it, or NULL */
    gboolean is_due;             /* it waited for its time: it is mailed now */
    const GPtrArray *enclosures; /* of PdEnclosure *: what the mail carries besides, or NULL */
    PdJson *files;               /* [{message}] whose files go with the words, or NULL */
    const PdAhead *ahead;        /* what was made ready for who is assigned, or NULL */
    GPtrArray *told; /* the caller's: addresses of the desk that had the words already, and are not
                        mailed; who watches and is mailed is added. NULL: nobody is noted */
    gboolean spares_desk; /* who watches at the desk is told by another mail */
    gboolean is_of_many;  /* a change of many tickets: who is given them gets one mail */
    gboolean asks_rating;
    guint *queued;
} PdTelling;

/* Who reads a mail. Borrowed; name and language may be NULL. */
typedef struct {
    const char *address, *name, *language;
    PdRank rank;
} PdReader;

/* One mail, now or, as his pace is (pace.h), later. language NULL: the ticket's. */
PdStatus *pd_tell_one(const PdTelling *telling, const char *address, const char *name,
                      const char *language, PdRank rank);
/* Whom it concerns (PdConcerned; not who is asked or asks, nor who had it: letoff.h): the reporter,
 * if he takes part; those who follow or watch, but who did it; who works on it and those of the
 * desk who watch, but who did it, or, if that is asked for and nobody works on it, who is on duty
 * and the dispatchers; who is to work on it, or may take it, in the mail that holds all he needs to
 * begin. */
PdStatus *pd_tell_concerned(const PdTelling *telling, guint whom);

/* That it is no longer his; who did it and who has it now is what stands on the ticket. */
PdStatus *pd_tell_former(const PdTelling *telling, const char *address);
/* That a ticket is nobody's, with all that is needed to take it. */
PdStatus *pd_tell_taker(const PdTelling *telling, const char *address);
/* It is nobody's, and he is on duty for it or a dispatcher. */
gboolean pd_tell_may_take(const PdDesk *desk, const PdTicket *ticket, const char *address);

/* What of news that was put aside still holds, as the occasion of a mail; NULL: nothing. What does
 * not hold is taken out of the telling. */
const char *pd_tell_what_holds(PdTelling *telling, const PdTicket *ticket);

#endif
