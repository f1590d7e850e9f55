/* due.h: due times, carried by the events that move them. */
#ifndef DESK_DUE_H
#define DESK_DUE_H

#include "desk/desk_private.h"

/* To be called with an event that is about to be appended: where it opens the ticket, or sets its
 * status, priority or queue, the due times that follow are set by the same event. ticket: as it
 * is, NULL for one that the event opens. Reads the ticket's events. */
PdStatus *pd_due_set(const PdDesk *desk, const PdTicket *ticket, PdEvent *event);

#endif
