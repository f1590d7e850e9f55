/* wait.h: whom a waiting ticket waits for, since when, and what he was asked. Pure, of its events.
 */
#ifndef DESK_WAIT_H
#define DESK_WAIT_H

#include "postdesk/tickets.h"

typedef struct {
    const char *external; /* whom outside the desk asked; NULL: it waits for the reporter */
    char *asked;          /* the words of the question and of what was asked since, or NULL */
    gint64 since;         /* the last question; reminders count from it */
} PdWait;

/* events: all of one ticket's, of PdEvent *. FALSE: it does not wait. external is the events'. */
gboolean pd_wait_of(const GPtrArray *events, PdWait *wait);
void pd_wait_clear(PdWait *wait);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PdWait, pd_wait_clear)

/* What was written to who is waited for, while he was, is a further question. NULL: it is none. */
const char *pd_wait_further(const PdEvent *event);

#endif
