/* pending.h: what is to be told to somebody, but not at once: changes that are gathered into one
 * mail, what waits for the end of quiet hours, and what comes with a digest.
 *
 * A row is added in the transaction of its ticket's change, and it goes in the transaction that
 * puts the mail into the outbox (I4), or that finds that there is nothing left to tell. So neither
 * a kill nor a second look tells it twice.
 */
#ifndef POSTDESK_PENDING_H
#define POSTDESK_PENDING_H

#include "postdesk/json.h"
#include "postdesk/store.h"

typedef struct {
    gint64 id, ticket;
    char *recipient;    /* one address */
    char *kind;         /* what goes together: "news", "answered", "assigned" */
    gboolean in_digest; /* of the recipient */
    gint64 created_at, due_at;
    char *why;    /* for people: why it was not told at once */
    char *held;   /* why its mail is to be held when it is written, or NULL */
    PdJson *data; /* object: what is to be told */
} PdPending;

PdPending *pd_pending_new(void);
void pd_pending_free(PdPending *pending);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdPending, pd_pending_free)

/* Transaction; sets id and created_at. */
PdStatus *pd_pending_add(PdStore *store, PdPending *pending);
/* Arrays of PdPending *, the oldest first; the caller frees. */
/* What waits for one person about one ticket; letter case of the address aside. kind NULL: all. */
PdStatus *pd_pending_of(PdStore *store, gint64 ticket, const char *recipient, const char *kind,
                        GPtrArray **rows);
/* What is due for the digest of one person. */
PdStatus *pd_pending_digest(PdStore *store, const char *recipient, gint64 now, GPtrArray **rows);
/* Of a ticket (0: of all), by due time. */
PdStatus *pd_pending_list(PdStore *store, gint64 ticket, guint most, GPtrArray **rows);
/* The one that is due first, if one is due; else NULL. */
PdStatus *pd_pending_first_due(PdStore *store, gint64 now, PdPending **row);
/* How many, and when the first one is due; 0 if there is none. A time that is past means at once.
 */
PdStatus *pd_pending_count(PdStore *store, gint64 *count, gint64 *next);
PdStatus *pd_pending_next(PdStore *store, gint64 *at);
/* Transaction: they are told, or not to be told any more. */
PdStatus *pd_pending_drop(PdStore *store, const GPtrArray *rows);
/* Transaction: they cannot be told now. */
PdStatus *pd_pending_postpone(PdStore *store, const GPtrArray *rows, gint64 at);

#endif
