/* search_place.h: where in a ticket the words stand; see search.h. */
#ifndef PD_STORE_SEARCH_PLACE_H
#define PD_STORE_SEARCH_PLACE_H

#include "postdesk/search.h"

/* Fills in the hit's place, before, match and after. */
PdStatus *pd_search_place(PdStore *store, char *const *words, PdSearchHit *hit);

#endif
