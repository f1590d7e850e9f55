/* authority.c: the one table of who may what: rank × command × proof.
 *
 * A From line alone is no proof and moves nothing. A token counts for its holder and its ticket
 * only, until it expires (token_days), and once where the table says so. */
#include "desk/authority.h"

#define DESK PD_RANK_DESK
#define LEADING (PD_RANK_DISPATCHER | PD_RANK_LEAD | PD_RANK_ADMIN)
#define INSIDE (PD_RANK_DESK | PD_RANK_MANAGER)
#define OUTSIDE (PD_RANK_REPORTER | PD_RANK_FOLLOWER)
#define EVERYBODY (INSIDE | OUTSIDE) /* whoever is asked from outside writes text, no commands */

/* Who may, by proof. once: a token is used up by it. */
static const struct {
    PdCommandId command;
    guint by[PD_PROOFS_OF_MAIL]; /* token, aligned, signature, thread */
    gboolean once;
} table[PD_COMMANDS] = {
    /*                    token, aligned pass, signature, thread */
    {PD_COMMAND_HELP, {EVERYBODY, EVERYBODY, EVERYBODY, EVERYBODY}, FALSE},
    {PD_COMMAND_STANDING, {EVERYBODY, EVERYBODY, EVERYBODY, OUTSIDE}, FALSE},
    {PD_COMMAND_ASSIGN, {DESK, DESK, DESK, 0}, FALSE},
    {PD_COMMAND_PRIORITY, {DESK, DESK, DESK, 0}, FALSE},
    {PD_COMMAND_STATUS, {DESK, DESK, DESK, 0}, FALSE},
    {PD_COMMAND_RESOLVE, {DESK, DESK, DESK, 0}, FALSE},
    {PD_COMMAND_CLOSE, {DESK, LEADING, DESK, 0}, FALSE},
    {PD_COMMAND_REOPEN, {DESK | PD_RANK_REPORTER, DESK | PD_RANK_REPORTER, DESK, 0}, FALSE},
    {PD_COMMAND_SPAM, {DESK, LEADING, DESK, 0}, TRUE},
    {PD_COMMAND_CATEGORY, {DESK, DESK, DESK, 0}, FALSE},
    {PD_COMMAND_IMPACT, {DESK, DESK, DESK, 0}, FALSE},
    {PD_COMMAND_URGENCY, {DESK, DESK, DESK, 0}, FALSE},
    {PD_COMMAND_QUEUE, {DESK, DESK, DESK, 0}, FALSE},
    {PD_COMMAND_SUBJECT, {DESK, DESK, DESK, 0}, FALSE},
    {PD_COMMAND_DUE, {DESK, DESK, DESK, 0}, FALSE},
    {PD_COMMAND_TAG, {DESK, DESK, DESK, 0}, FALSE},
    {PD_COMMAND_NOTE, {INSIDE, INSIDE, INSIDE, 0}, FALSE},
    {PD_COMMAND_EXTERNAL, {DESK, DESK, DESK, 0}, TRUE},
    {PD_COMMAND_MERGE, {DESK, LEADING, DESK, 0}, TRUE},
    {PD_COMMAND_SPLIT, {DESK, LEADING, DESK, 0}, TRUE},
    {PD_COMMAND_LINK, {DESK, DESK, DESK, 0}, FALSE},
    {PD_COMMAND_WATCH, {INSIDE, INSIDE, INSIDE, 0}, FALSE},
    {PD_COMMAND_UNWATCH, {EVERYBODY, EVERYBODY, EVERYBODY, 0}, FALSE},
    {PD_COMMAND_UNDO, {DESK, LEADING, DESK, 0}, TRUE},
    {PD_COMMAND_FORM, {INSIDE, INSIDE, INSIDE, 0}, FALSE},
    {PD_COMMAND_CONFIRM, {PD_RANK_REPORTER, PD_RANK_REPORTER, PD_RANK_REPORTER, 0}, TRUE},
    {PD_COMMAND_REJECT, {PD_RANK_REPORTER, PD_RANK_REPORTER, PD_RANK_REPORTER, 0}, TRUE},
    {PD_COMMAND_RATE, {PD_RANK_REPORTER, PD_RANK_REPORTER, PD_RANK_REPORTER, 0}, FALSE},
    {PD_COMMAND_ACCEPT, {DESK, DESK, DESK, 0}, FALSE},
    {PD_COMMAND_FIELD, {DESK, DESK, DESK, 0}, FALSE},
    {PD_COMMAND_UNTAG, {DESK, DESK, DESK, 0}, FALSE},
    {PD_COMMAND_WITHDRAW, {PD_RANK_REPORTER, PD_RANK_REPORTER, PD_RANK_REPORTER, 0}, TRUE},
    {PD_COMMAND_NEW, {DESK, DESK, DESK, 0}, FALSE},
};

static const struct {
    PdRank rank;
    const char *name;
    guint token_days; /* how long a mail to him may be answered with commands */
} ranks[] = {
    {PD_RANK_STRANGER, "stranger", 400}, /* a yearly matter may be answered a year later */
    {PD_RANK_FOLLOWER, "follower", 400},    {PD_RANK_REPORTER, "reporter", 400},
    {PD_RANK_EXTERNAL, "external", 90},     {PD_RANK_ENGINEER, "engineer", 30},
    {PD_RANK_DISPATCHER, "dispatcher", 30}, {PD_RANK_LEAD, "lead", 30},
    {PD_RANK_MANAGER, "manager", 30},       {PD_RANK_ADMIN, "admin", 14},
};

const char *pd_rank_name(PdRank rank)
{
    for (gsize i = G_N_ELEMENTS(ranks); i > 0; i--) /* who is several things: the highest */
        if ((ranks[i - 1].rank & rank) != 0)
            return ranks[i - 1].name;
    return "stranger";
}

guint pd_authority_token_days(PdRank rank)
{
    guint days = ranks[0].token_days;

    for (gsize i = 0; i < G_N_ELEMENTS(ranks); i++)
        if ((ranks[i].rank & rank) != 0)
            days = MIN(days, ranks[i].token_days);
    return days;
}

PdRank pd_rank_of_role(PdPersonRole role)
{
    switch (role) {
    case PD_ROLE_ENGINEER:
        return PD_RANK_ENGINEER;
    case PD_ROLE_DISPATCHER:
        return PD_RANK_DISPATCHER;
    case PD_ROLE_LEAD:
        return PD_RANK_LEAD;
    case PD_ROLE_MANAGER:
        return PD_RANK_MANAGER;
    case PD_ROLE_ADMIN:
        return PD_RANK_ADMIN;
    case PD_ROLE_REPORTER:
    case PD_ROLE_EXTERNAL:
        break;
    }
    return PD_RANK_STRANGER;
}

gboolean pd_authority_once(PdCommandId command)
{
    return table[command].once;
}

gboolean pd_authority_reply_moves(guint proofs)
{
    return proofs != 0;
}

PdMay pd_authority_decide(PdCommandId command, PdRank rank, guint proofs, gboolean used)
{
    guint by_any = 0, by_token = 0, by_rest = 0;

    if ((proofs & PD_PROOF_LOCAL) != 0)
        return PD_MAY;
    for (guint i = 0; i < PD_PROOFS_OF_MAIL; i++) {
        guint may = table[command].by[i] & rank;
        by_any |= may;
        if ((proofs & 1u << i) == 0)
            continue;
        if (1u << i == PD_PROOF_TOKEN)
            by_token |= may;
        else
            by_rest |= may;
    }
    if (by_any == 0)
        return PD_MAY_NOT_ROLE;
    if (by_rest != 0 || (by_token != 0 && !(used && table[command].once)))
        return PD_MAY;
    return by_token != 0 ? PD_MAY_NOT_AGAIN : PD_MAY_NOT_PROOF;
}
