/* likeness.h: the index by which solved tickets that are like a new one are found. */
#ifndef PD_STORE_LIKENESS_H
#define PD_STORE_LIKENESS_H

#include "postdesk/status.h"
#include "postdesk/store.h"

/* Notes the words of a ticket that is solved; in a transaction. */
PdStatus *pd_likeness_index(PdStore *store, gint64 ticket);

#endif
