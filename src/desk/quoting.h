/* quoting.h: the ticket whose message a mail quotes, where its mail program has cut all else.
 *
 * That is looked for among the newest tickets of those between whom the mail goes, and of whom it
 * quotes: a few look-ups by an index, whatever is stored. */
#ifndef DESK_QUOTING_H
#define DESK_QUOTING_H

#include "desk/desk_private.h"
#include "desk/thread.h"
#include "postdesk/quoted.h"

/* heads: pd_quoted_heads() of the mail. *clues: of PdClue *, one for each ticket with a message
 * that the mail may quote, the likeliest first, at most two; or one that leads to none. Those that
 * are not likely enough are weak, and so are two that are equally likely. */
PdStatus *pd_quoting_find(const PdDesk *desk, const PdMail *mail, const GPtrArray *heads,
                          GPtrArray **clues);

#endif
