/* facts.h: what the store and the list of people know that a plan depends on. */
#ifndef DESK_FACTS_H
#define DESK_FACTS_H

#include "desk/answer.h"
#include "desk/desk_private.h"
#include "desk/standing.h"
#include "desk/thread.h"

typedef struct {
    gint64 copy_of;     /* inbox row of the earlier copy; 0: none */
    gint64 copy_ticket; /* its ticket; 0: none */
    GPtrArray *clues;   /* of PdClue * */
    PdThreading *threading;
    PdTicket *ticket;        /* the one it belongs to, or NULL */
    char *suggested_subject; /* of the ticket that is only suggested, or NULL */
    PdTicket *keyed;         /* the one that it joins by its merge key, or NULL */
    char *key_evidence;      /* what the key led to; NULL: there is none */
    gboolean keyed_talks;    /* a person takes part in the keyed ticket */
    gboolean sender_is_reporter;
    gboolean older_waiting; /* looked up only where the mail refers to something unknown */
    PdBudget budget;
    PdWho sender;            /* who he claims to be; borrows from the desk */
    gboolean sender_is_held; /* unknown, and such are held */
    gboolean sender_is_refused, refusal_told, refusals_over; /* unknown.h */
    char *awaited;            /* whom outside the ticket waits for, or NULL */
    gboolean is_from_awaited; /* it waits for the sender of this */
    PdStanding standing;      /* what he is to the ticket, and what shows that it is he */
    gboolean is_over;         /* resolved for so long that a reply does not reopen it */
} PdFacts;

PdStatus *pd_facts_read(const PdDesk *desk, const PdMail *mail, gint64 inbox_id, PdFacts **facts);
void pd_facts_free(PdFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdFacts, pd_facts_free)
/* Would the same plan follow from both? */
gboolean pd_facts_equal(const PdFacts *one, const PdFacts *other);
/* Facts of an empty store. */
PdFacts *pd_facts_none(void);

#endif
