/* recipients.h: whom the words of an escalation mean for a ticket. */
#ifndef DESK_RECIPIENTS_H
#define DESK_RECIPIENTS_H

#include "desk/desk_private.h"

/* Addresses of "assignee", "on-duty", of a role (those of the queue's group, else all of that role)
 * or the address itself, each once, the desk's own left out. Where nobody is found: the admin.
 * Array of char *; caller frees. */
GPtrArray *pd_recipients_of(const PdDesk *desk, const PdTicket *ticket, char *const *words,
                            gint64 at);
/* The same, without the admin where nobody is found. */
GPtrArray *pd_recipients_found(const PdDesk *desk, const PdTicket *ticket, char *const *words,
                               gint64 at);
/* The address behind an assignee as it stands on a ticket: an address, or a name of people.yaml.
 * NULL if it is neither. Borrowed. */
const char *pd_recipient_of_name(const PdDesk *desk, const char *name);
/* The name and language of an address; NULL where they are not known. */
const char *pd_recipient_name(const PdDesk *desk, const char *address);
/* Whom an event or a field names, as people call him; the name itself where he is not known.
 * Borrowed. */
const char *pd_recipient_called(const PdDesk *desk, const char *name);
const char *pd_recipient_language(const PdDesk *desk, const char *address);

#endif
