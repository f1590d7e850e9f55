/* clues.h: everything in a mail that may lead to a ticket, looked up in the store. */
#ifndef DESK_CLUES_H
#define DESK_CLUES_H

#include "desk/desk_private.h"
#include "desk/thread.h"

/* *clues: of PdClue *. */
PdStatus *pd_clues_collect(const PdDesk *desk, const PdMail *mail, GPtrArray **clues);
/* Adds what an answer quotes, where nothing else has led to a ticket: that costs more (quoting.h).
 */
PdStatus *pd_clues_add_quoted(const PdDesk *desk, const PdMail *mail, GPtrArray *clues);
/* A token of a ticket, good and shown by who holds it. */
gboolean pd_clue_is_held_token(const PdClue *clue);
/* The clues hold one of this ticket. */
gboolean pd_clues_hold_token(const GPtrArray *clues, gint64 ticket);
/* They hold one that was, until its time was over. */
gboolean pd_clues_held_token(const GPtrArray *clues, gint64 ticket);

/* Does the mail bear a token of somebody outside whom the ticket asks, from his domain? */
gboolean pd_clues_are_of_asked(const GPtrArray *clues, gint64 ticket);

#endif
