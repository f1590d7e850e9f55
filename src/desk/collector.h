/* collector.h: what the files that collect clues hand each other. */
#ifndef DESK_COLLECTOR_H
#define DESK_COLLECTOR_H

#include "desk/desk_private.h"
#include "desk/thread.h"

typedef struct {
    const PdDesk *desk;
    const PdMail *mail;
    GPtrArray *clues;
    GPtrArray *holders; /* of const char *: for whom a token may have been signed */
} PdCollector;

/* Keeps the clue, and fills in what the store knows of the ticket that it claims. */
PdStatus *pd_collector_take(PdCollector *collector, PdClue *clue);
PdStatus *pd_collector_look_at_ticket(PdCollector *collector, PdClue *clue);
/* Puts verdict and ticket into the clue, if the token is one and none before was good. */
void pd_collector_check_token(const PdCollector *collector, const char *token,
                              PdTokenPurpose purpose, const char *holder, PdClue *clue);
/* For each address of the desk that the mail went to with a "+detail". */
typedef PdStatus *(*PdTakeDetail)(PdCollector *collector, const char *address, const char *detail);
PdStatus *pd_collector_each_detail(PdCollector *collector, PdTakeDetail take_detail);
/* All that a bounce shows. */
PdStatus *pd_collector_take_bounce(PdCollector *collector);

#endif
