/* similar.h: what the fault database knows of a new ticket: its reporter's earlier ones, and solved
 * ones that are like it. */
#ifndef DESK_SIMILAR_H
#define DESK_SIMILAR_H

#include "desk/desk_private.h"
#include "postdesk/search.h"

/* Looks for solved tickets like the one of these words. Some milliseconds: do it before the
 * transaction where that can be. Of PdSimilar; caller frees. */
PdStatus *pd_similar_find(PdDesk *desk, const PdLikeness *like, GArray **found);

/* The values "similar" and "has_similar": up to three of them that tell how they were solved. found
 * NULL: they are looked for. */
PdStatus *pd_similar_add(PdDesk *desk, const char *language, const PdTicket *ticket,
                         const GPtrArray *messages, const GArray *found, PdJson *values);
/* The values "earlier" and "has_earlier". */
PdStatus *pd_earlier_add(PdDesk *desk, const char *language, const PdTicket *ticket,
                         PdJson *values);

#endif
