/* search_place.h: where in a ticket the words stand; see search.h. */
#ifndef PD_STORE_SEARCH_PLACE_H
#define PD_STORE_SEARCH_PLACE_H

#include "postdesk/search.h"
#include "postdesk/tickets.h"

/* Fills in the hit's place, before, match and after. */
PdStatus *pd_search_place(PdStore *store, char *const *words, PdSearchHit *hit);

/* "asset PC-0815", each field of the desk's own; caller frees. */
char *pd_search_own_fields(const PdTicket *ticket, const char *between);
/* The names of a message's attachments (PdStoredMessage), each with a blank behind; caller frees.
 */
char *pd_search_file_names(const char *attachments);

#endif
