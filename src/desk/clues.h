/* clues.h: everything in a mail that may lead to a ticket, looked up in the store. */
#ifndef DESK_CLUES_H
#define DESK_CLUES_H

#include "desk/desk_private.h"

/* *clues: of PdClue *. */
PdStatus *pd_clues_collect(const PdDesk *desk, const PdMail *mail, GPtrArray **clues);
/* TRUE if the address is one the mail was sent from: From, or where answers go. */
gboolean pd_clues_is_sender(const PdDesk *desk, const PdMail *mail, const char *address);

#endif
