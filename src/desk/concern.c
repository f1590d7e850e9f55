/* concern.c: see concern.h. postdesk-commands(7) holds the same table. */
#include "desk/concern.h"

#include <string.h>

#define NOBODY 0

static const PdConcern table[] = {
    /* what a reporter is told */
    {"status", NULL, PD_CONCERNS_OUTSIDE, "by the template of the move"},
    {"accepted", "acknowledge", PD_CONCERNS_REPORTER, "he was not answered when he wrote"},
    {"merged", "status", PD_CONCERNS_OUTSIDE, "his number is another one from now on"},
    {"undone", "status", PD_CONCERNS_OUTSIDE, "what he was told does not hold any more"},
    {"due", "status", PD_CONCERNS_OUTSIDE, "a date was agreed with him"},
    {"words", "reply", PD_CONCERNS_OUTSIDE, "they are written to him"},
    {"split", "standing", PD_CONCERNS_REPORTER, "his matter has a number of its own"},
    {"standing", "standing", PD_CONCERNS_DOER, "he asked"},
    {"taken_back", "undone", PD_CONCERNS_DOER, "which change was the last one is not guessed"},
    /* what the desk and those whom it asks are told */
    {"asked", "asked", PD_CONCERNS_ASKED, "the question is his"},
    {"assignee", "assigned", PD_CONCERNS_ASSIGNEE, "he is to work on it"},
    {"let_off", "let_off", PD_CONCERNS_FORMER, "nothing more is expected of him"},
    {"unassigned", "assigned", PD_CONCERNS_TAKERS, "somebody must take it, and it came by itself"},
    {"message", "answered", PD_CONCERNS_HOLDER, "somebody wrote about what he works on"},
    {"verdict", "answered", PD_CONCERNS_HOLDER | PD_CONCERNS_DUTY,
     "it moves nothing, so somebody must see whether it should"},
    {"heard", "standing", PD_CONCERNS_DOER, "his word does not decide whether it is solved"},
    /* how the desk orders its work: it shows in the next mail that somebody gets anyway */
    {"category", NULL, NOBODY, "inside"},
    {"impact", NULL, NOBODY, "inside"},
    {"urgency", NULL, NOBODY, "inside"},
    {"priority", NULL, NOBODY, "inside: what comes first among others' matters"},
    {"queue", NULL, NOBODY, "inside"},
    {"subject", NULL, NOBODY, "inside"},
    {"reporter_name", NULL, NOBODY, "inside"},
    {"note", NULL, NOBODY, "inside; one that is mailed is a message"},
    {"tag", NULL, NOBODY, "inside"},
    {"field", NULL, NOBODY, "inside"},
    {"link", NULL, NOBODY, "inside"},
    {"part", NULL, NOBODY, "who begins or ends to follow did so himself, or is told next time"},
    {"rating", NULL, NOBODY, "thanks for it would be one mail more"},
};

const PdConcern *pd_concern_of(const char *change)
{
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        if (strcmp(table[i].change, change) == 0)
            return &table[i];
    }
    g_error("no concern '%s'", change);
}

const PdConcern *pd_concerns(gsize *count)
{
    *count = G_N_ELEMENTS(table);
    return table;
}
