/* wait.h: whom a waiting ticket waits for, since when, and what he was asked. Pure, of its events.
 */
#ifndef DESK_WAIT_H
#define DESK_WAIT_H

#include "postdesk/tickets.h"

typedef struct {
    const char *external; /* whom outside the desk asked; NULL: it waits for the reporter */
    const char *asked;    /* the words of the question, or NULL */
    gint64 since;         /* the last question; reminders count from it */
} PdWait;

/* events: all of one ticket's, of PdEvent *. FALSE: it does not wait. Texts are the events'. */
gboolean pd_wait_of(const GPtrArray *events, PdWait *wait);

#endif
