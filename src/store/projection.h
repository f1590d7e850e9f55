/* projection.h: I6: a ticket is a view of its events, and this is the view.
 *
 * Pure: nothing here looks at the database, the clock or the configuration. The same
 * functions project when an event is appended and when verify rebuilds.
 */
#ifndef PD_STORE_PROJECTION_H
#define PD_STORE_PROJECTION_H

#include "postdesk/tickets.h"

/* The text fields of a ticket in the order of their columns. */
#define PD_TICKET_FIELDS 17
const char *pd_ticket_field_name(guint field);
char **pd_ticket_field(PdTicket *ticket, guint field);
/* No number, no version, every text "". */

/* The ticket after the event, whose ticket, sequence and time are set. A refusal (an event that
 * says nonsense) spoils the message and leaves the ticket half changed. */
PdStatus *pd_project(PdTicket *ticket, const PdEvent *event);
typedef struct {
    char *address;      /* in the form it is kept in */
    const char *part;   /* static, one of PD_PART_… */
    gboolean overrides; /* the part that the address has already */
} PdPart;
/* Of PdPart *, in order; NULL if none. */
GPtrArray *pd_project_participants(const PdEvent *event);
/* What it adds that leads to the ticket: a Message-ID, a conversation. Of char *; NULL if none. */
GPtrArray *pd_project_thread_keys(const PdEvent *event);
/* A conversation among Message-IDs, which hold no space. Caller frees. */
char *pd_conversation_key(const char *conversation);

/* Do they differ in nothing but version and time? */
gboolean pd_ticket_only_touched(PdTicket *before, PdTicket *after);
/* The name of the first column in which the two differ, or NULL. */
const char *pd_ticket_difference(PdTicket *one, PdTicket *other);

#endif
