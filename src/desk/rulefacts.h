/* rulefacts.h: what rules are told besides the mail and its ticket. */
#ifndef DESK_RULEFACTS_H
#define DESK_RULEFACTS_H

#include "postdesk/calendar.h"
#include "postdesk/inbox.h"
#include "postdesk/people.h"
#include "postdesk/rules.h"

/* The sender's department, and the calendars that the rules ask for in whose hours the mail came.
 * arrived_at 0: not known, so the mail's own date stands in, or the present. *inside is what the
 * facts then point to; the caller frees it alone. */
void pd_rule_facts_add(const PdRuleSet *set, const PdPeople *people, const PdCalendars *calendars,
                       const PdMail *mail, gint64 arrived_at, PdTicketFacts *facts,
                       const char ***inside);

/* The ticket that a message was appended to, as it was when it came; zero if the message opened it,
 * or joined it by its merge key: that is no reply. events: the ticket's, which the facts borrow
 * from. */
void pd_rule_facts_then(const GPtrArray *events, const PdInboxRow *row, PdTicketFacts *facts);

#endif
