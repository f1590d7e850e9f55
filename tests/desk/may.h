/* may.h: who may what by which proof, written down apart from src/desk/authority.c, so that no line
 * there is changed unseen. One character for each rank, in the order of ranks[]: y may, . may not.
 */
#ifndef TESTS_DESK_MAY_H
#define TESTS_DESK_MAY_H

#include "desk/authority.h"

static const PdRank ranks[] = {PD_RANK_STRANGER, PD_RANK_FOLLOWER, PD_RANK_REPORTER,
                               PD_RANK_EXTERNAL, PD_RANK_ENGINEER, PD_RANK_DISPATCHER,
                               PD_RANK_LEAD,     PD_RANK_MANAGER,  PD_RANK_ADMIN};
#define NOBODY "........."

static const struct {
    PdCommandId command;
    const char *token, *aligned, *signature, *thread; /* a From line alone: nobody, ever */
    gboolean once;
} may[PD_COMMANDS] = {
    /* a command without a row here fails the test */
    /*                       sfrxedlma    s stranger f follower r reporter x external */
    {PD_COMMAND_HELP, ".yy.yyyyy", ".yy.yyyyy", ".yy.yyyyy", ".yy.yyyyy", FALSE},
    {PD_COMMAND_STANDING, ".yy.yyyyy", ".yy.yyyyy", ".yy.yyyyy", ".yy......", FALSE},
    {PD_COMMAND_ASSIGN, "....yyy.y", "....yyy.y", "....yyy.y", NOBODY, FALSE},
    {PD_COMMAND_PRIORITY, "....yyy.y", "....yyy.y", "....yyy.y", NOBODY, FALSE},
    {PD_COMMAND_STATUS, "....yyy.y", "....yyy.y", "....yyy.y", NOBODY, FALSE},
    {PD_COMMAND_RESOLVE, "....yyy.y", "....yyy.y", "....yyy.y", NOBODY, FALSE},
    {PD_COMMAND_CLOSE, "....yyy.y", ".....yy.y", "....yyy.y", NOBODY, FALSE},
    {PD_COMMAND_REOPEN, "..y.yyy.y", "..y.yyy.y", "....yyy.y", NOBODY, FALSE},
    {PD_COMMAND_SPAM, "....yyy.y", ".....yy.y", "....yyy.y", NOBODY, TRUE},
    {PD_COMMAND_CATEGORY, "....yyy.y", "....yyy.y", "....yyy.y", NOBODY, FALSE},
    {PD_COMMAND_IMPACT, "....yyy.y", "....yyy.y", "....yyy.y", NOBODY, FALSE},
    {PD_COMMAND_URGENCY, "....yyy.y", "....yyy.y", "....yyy.y", NOBODY, FALSE},
    {PD_COMMAND_QUEUE, "....yyy.y", "....yyy.y", "....yyy.y", NOBODY, FALSE},
    {PD_COMMAND_SUBJECT, "....yyy.y", "....yyy.y", "....yyy.y", NOBODY, FALSE},
    {PD_COMMAND_DUE, "....yyy.y", "....yyy.y", "....yyy.y", NOBODY, FALSE},
    {PD_COMMAND_TAG, "....yyy.y", "....yyy.y", "....yyy.y", NOBODY, FALSE},
    {PD_COMMAND_NOTE, "....yyyyy", "....yyyyy", "....yyyyy", NOBODY, FALSE},
    {PD_COMMAND_EXTERNAL, "....yyy.y", "....yyy.y", "....yyy.y", NOBODY, TRUE},
    {PD_COMMAND_MERGE, "....yyy.y", ".....yy.y", "....yyy.y", NOBODY, TRUE},
    {PD_COMMAND_SPLIT, "....yyy.y", ".....yy.y", "....yyy.y", NOBODY, TRUE},
    {PD_COMMAND_LINK, "....yyy.y", "....yyy.y", "....yyy.y", NOBODY, FALSE},
    {PD_COMMAND_WATCH, "....yyyyy", "....yyyyy", "....yyyyy", NOBODY, FALSE},
    {PD_COMMAND_UNWATCH, ".yy.yyyyy", ".yy.yyyyy", ".yy.yyyyy", NOBODY, FALSE},
    {PD_COMMAND_UNDO, "....yyy.y", ".....yy.y", "....yyy.y", NOBODY, TRUE},
    {PD_COMMAND_FORM, "....yyyyy", "....yyyyy", "....yyyyy", NOBODY, FALSE},
    {PD_COMMAND_CONFIRM, "..y......", "..y......", "..y......", NOBODY, TRUE},
    {PD_COMMAND_REJECT, "..y......", "..y......", "..y......", NOBODY, TRUE},
    {PD_COMMAND_RATE, "..y......", "..y......", "..y......", NOBODY, FALSE},
    {PD_COMMAND_ACCEPT, "....yyy.y", "....yyy.y", "....yyy.y", NOBODY, FALSE},
    {PD_COMMAND_FIELD, "....yyy.y", "....yyy.y", "....yyy.y", NOBODY, FALSE},
    {PD_COMMAND_UNTAG, "....yyy.y", "....yyy.y", "....yyy.y", NOBODY, FALSE},
    {PD_COMMAND_WITHDRAW, "..y......", "..y......", "..y......", NOBODY, TRUE},
    {PD_COMMAND_NEW, "....yyy.y", "....yyy.y", "....yyy.y", NOBODY, FALSE},
};

#endif
