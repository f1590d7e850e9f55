/* events.h: the events that messages and mails become. */
#ifndef DESK_EVENTS_H
#define DESK_EVENTS_H

#include "desk/plan.h"

/* A mail opened a ticket, or was added to one (ticket and version from the plan). */
PdEvent *pd_event_opened(const PdDesk *desk, const PdPlanInput *input, const PdPlan *plan);
PdEvent *pd_event_message(const PdDesk *desk, const PdPlanInput *input, const PdPlan *plan);
/* The closed ticket that a new one goes on from: each is linked to the other. */
PdEvent *pd_event_goes_on(const PdPlanInput *input, const PdPlan *plan, gint64 opened);
/* The desk mailed somebody about the ticket; answers to the Message-ID lead to it. */
PdEvent *pd_event_mailed(gint64 ticket, gint64 inbox, const char *channel, const char *occasion,
                         const char *recipient, const char *message_id, gint64 outbox,
                         gboolean is_held);

#endif
