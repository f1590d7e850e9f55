/* tell.h: mails to people about a change or a message: reporter, followers, the engineer, somebody
 * outside. Each holds a token of its reader's own. In the running transaction. */
#ifndef DESK_TELL_H
#define DESK_TELL_H

#include "desk/change.h"
#include "desk/facts.h"

/* What all mails about one thing share. Texts are borrowed. */
typedef struct {
    PdDesk *desk;
    gint64 ticket;
    const char *occasion;
    const char *channel;
    gint64 inbox;
    const char *held;            /* why it is held back, or NULL */
    const char *text;            /* what somebody said, or NULL */
    const char *by;              /* who, or NULL */
    const char *previous_status; /* or NULL */
    gint64 into;                 /* ticket that it went into; 0: none */
    const PdMail *mail;          /* the message that this is about, or NULL */
    const PdInboxRow *row;       /* or NULL */
    PdJson *further;             /* more values, or NULL */
    gboolean asks_rating;
    guint *queued;
} PdTelling;

/* One mail. language NULL: the ticket's. */
PdStatus *pd_tell_one(const PdTelling *telling, const char *address, const char *name,
                      const char *language, PdRank rank);
/* The reporter, if he takes part. */
PdStatus *pd_tell_reporter(const PdTelling *telling);
/* Those who follow or watch, but not who is named by except (an address, or NULL). */
PdStatus *pd_tell_followers(const PdTelling *telling, const char *except);
/* Who works on it, and those of the desk who watch, but not except. Nobody if it is nobody's. */
PdStatus *pd_tell_desk(const PdTelling *telling, const char *except);
/* The mail that holds all an engineer needs to begin. */
PdStatus *pd_tell_assignee(const PdTelling *telling);

#endif
