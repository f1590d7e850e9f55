/* assignment.h: what an engineer must know of a ticket to begin. */
#ifndef DESK_ASSIGNMENT_H
#define DESK_ASSIGNMENT_H

#include "desk/desk_private.h"

/* Reads the ticket's messages and decision. Caller frees. */
PdStatus *pd_assignment_values(const PdDesk *desk, const char *language, const PdTicket *ticket,
                               PdJson **values);

/* Adds the name and size of each file of the message to the list. */
PdStatus *pd_assignment_add_files(const PdStoredMessage *message, PdJson *list);

#endif
