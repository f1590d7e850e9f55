/* merge.h: which open ticket has the key that rules gave a mail? */
#ifndef DESK_MERGE_H
#define DESK_MERGE_H

#include "desk/facts.h"

/* The key that counts for this mail, NULL if none does: a person's mail has one only where the
 * rule says so, a sender whose DMARC failed has none. */
const char *pd_merge_key(const PdMail *mail, const PdDecision *decision);
/* Fills facts->keyed, where the mail belongs to no ticket otherwise. decision may be NULL. */
PdStatus *pd_merge_look_up(const PdDesk *desk, const PdMail *mail, const PdDecision *decision,
                           PdFacts *facts);

#endif
