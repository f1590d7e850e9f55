/* finding.h: what was found out about a ticket: its cause, how it was solved, how it is kept from
 * coming back. */
#ifndef DESK_FINDING_H
#define DESK_FINDING_H

#include "desk/desk_private.h"

typedef struct {
    char *cause, *solution, *prevention; /* "" what nobody told; lines where somebody wrote lines */
} PdFinding;

/* events: of the ticket, as pd_ticket_events() gives them; messages: likewise. */
void pd_finding_read(const PdDesk *desk, const GPtrArray *events, const GPtrArray *messages,
                     PdFinding *finding);
void pd_finding_clear(PdFinding *finding);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PdFinding, pd_finding_clear)

#endif
