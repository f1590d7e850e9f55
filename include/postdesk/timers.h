/* timers.h: which tickets are to be looked at again, and when.
 *
 * A ticket has at most one timer. Whatever changes what a ticket owes (its status, priority, queue,
 * due times) sets it to 0, "look at once", in the same transaction; whoever looks sets it to the
 * next time. An index leads to the one that is due first, so that all others cost nothing.
 */
#ifndef POSTDESK_TIMERS_H
#define POSTDESK_TIMERS_H

#include "postdesk/store.h"

/* Tickets whose timer is due, the longest due first. Array of gint64; caller frees. */
PdStatus *pd_timers_due(PdStore *store, gint64 now, guint most, GArray **tickets);
/* When the first one is due; 0 if none is set. A time that is past means at once. */
PdStatus *pd_timers_next(PdStore *store, gint64 *at);
/* Transaction. at 0: none any more. */
PdStatus *pd_timers_set(PdStore *store, gint64 ticket, gint64 at);

/* How many tickets that are neither over nor resolved somebody has. */
PdStatus *pd_tickets_assigned(PdStore *store, const char *assignee, gint64 *count);

#endif
