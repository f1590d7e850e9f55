/* duty.h: the roster's part in the life of a ticket: whom it goes to, and what is handed over. */
#ifndef DESK_DUTY_H
#define DESK_DUTY_H

#include "desk/desk_private.h"

/* Will a ticket of this queue (or NULL) be given to somebody as it is opened, where rules say this
 * of whom (or NULL)? So far as can be told before. */
gboolean pd_duty_assigns(const PdDesk *desk, const char *assignee, const char *queue);
/* To be called with the event that is about to open a ticket: where a rule assigns to "on-duty", or
 * nobody is named and the queue's group assigns by itself, the event names who it goes to, or notes
 * that nobody is on duty. Transaction. */
PdStatus *pd_duty_assign(PdDesk *desk, PdEvent *event);
/* Who of a group gets the next ticket at this time: by its way of assigning, by least load where
 * that is by hand. NULL where nobody is on duty; caller frees. Transaction. */
PdStatus *pd_duty_pick(PdDesk *desk, const char *group, gint64 at, char **address);

#endif
