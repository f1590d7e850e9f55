/* history.h: what a ticket's events tell that its row does not. */
#ifndef DESK_HISTORY_H
#define DESK_HISTORY_H

#include "postdesk/tickets.h"

/* The ticket, or the one that it was merged into. NULL if unknown. */
PdStatus *pd_ticket_followed(PdStore *store, gint64 number, PdTicket **ticket);
/* When its status became what it is. */
PdStatus *pd_ticket_status_since(PdStore *store, gint64 number, gint64 *at);
/* The ticket that this one was split off from; 0: none. */
gint64 pd_history_split_from(const GPtrArray *events);
/* How that ticket's events tell of it, if it can be taken back and was not yet; else NULL.
 * Borrowed. */
const PdEvent *pd_history_split(const GPtrArray *events, gint64 into);
/* The commands that a token was used for: one bit each (PdCommandId). */
PdStatus *pd_ticket_used_for(PdStore *store, gint64 number, const char *nonce, guint64 *used);
/* The last change that can be taken back and was not yet; NULL if there is none. Borrowed. */
const PdEvent *pd_history_undoable(const GPtrArray *events);
/* How satisfied he was is asked once: neither did he say it, nor was he asked before. */
gboolean pd_history_may_ask_rating(const GPtrArray *events, const char *reporter);
/* Who last said whose the ticket is; NULL: nobody did. Borrowed. */
const char *pd_history_assigned_by(const GPtrArray *events);
/* Was the event with this number taken back? */
gboolean pd_history_was_undone(const GPtrArray *events, gint64 sequence);

#endif
