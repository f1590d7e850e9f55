/* claimed.h: the rows of the outbox that the deliver role has claimed, and what became of them
 * until it is committed. */
#ifndef PD_ROLES_CLAIMED_H
#define PD_ROLES_CLAIMED_H

#include "postdesk/clock.h"
#include "postdesk/outbox.h"
#include "role.h"

#define PD_LONGEST_RETRY PD_HOUR

typedef struct {
    PdRole *role;
    const PdRelayConfig *relay;
    GPtrArray *rows;     /* of PdOutboxRow * */
    GArray *results;     /* for rows of these */
    gint64 alarms_since; /* monotonic */
    guint alarms;        /* that were raised for one mail each, since then */
} PdClaimed;

void pd_claimed_begin(PdClaimed *claimed, PdRole *role, const PdRelayConfig *relay);
void pd_claimed_end(PdClaimed *claimed);

/* Other rows, which become this one's, and no results. */
void pd_claimed_replace(PdClaimed *claimed, GPtrArray *rows);
PdOutboxRow *pd_claimed_row(const PdClaimed *claimed, gint64 id);

/* What the relay said of a row, or that it was lost (code 0): decides and logs what follows. */
void pd_claimed_answer(PdClaimed *claimed, const PdOutboxRow *row, int code, gboolean dot_out,
                       const char *reply);
/* A row that was not begun is queued as before; the second: all that have no result yet. */
void pd_claimed_give_back(PdClaimed *claimed, const PdOutboxRow *row);
void pd_claimed_give_back_rest(PdClaimed *claimed);

/* Commits the results, and with them the claim of at most so many rows that are due by now;
 * alarms about what went wrong. *next is NULL where nothing was to be committed or claimed. */
PdStatus *pd_claimed_settle(PdClaimed *claimed, guint most, GPtrArray **next);

#endif
