/* problem.h: why a command or a change cannot be done: for a mail in its reader's language, and
 * for the command line as a status. */
#ifndef DESK_PROBLEM_H
#define DESK_PROBLEM_H

#include "postdesk/json.h"
#include "postdesk/status.h"

typedef enum {
    PD_PROBLEM_NONE,
    PD_PROBLEM_UNKNOWN,  /* there is no such command or field */
    PD_PROBLEM_ARGUMENT, /* something must stand behind it */
    PD_PROBLEM_VALUE,    /* not one of the choices */
    PD_PROBLEM_MOVE,     /* not from this status */
    PD_PROBLEM_CATEGORY,
    PD_PROBLEM_TEXT,
    PD_PROBLEM_PERSON, /* nobody, or several, of the desk */
    PD_PROBLEM_TICKET,
    PD_PROBLEM_DATE,
    PD_PROBLEM_ADDRESS,
    PD_PROBLEM_NO_PART,
    PD_PROBLEM_NOTHING, /* there is nothing to undo, to split off */
    PD_PROBLEM_TWICE,   /* said twice in one mail */
    PD_PROBLEM_ROLE,    /* not his to say */
    PD_PROBLEM_PROOF,   /* nothing shows that it is he */
    PD_PROBLEM_CALLER,  /* several people are called so */
    PD_PROBLEM_AGAIN,   /* the mail answered was used for it already */
    PD_PROBLEM_MERGED,  /* the mail answered is of a ticket that goes on in this one */
    PD_PROBLEM_EXPIRED, /* the mail answered is too old to prove anything */
    PD_PROBLEM_FILES,   /* what is attached is too large to go on */
    PD_PROBLEM_BELOW,   /* it stands below text, where it would be text itself */
} PdProblemKind;

typedef struct {
    PdProblemKind kind;
    char *field;             /* or what the command is about; or NULL */
    char *value;             /* as it was written, or NULL */
    char *nearest, *choices; /* or NULL */
} PdProblem;

void pd_problem_clear(PdProblem *problem);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PdProblem, pd_problem_clear)
/* Fills it in; gives FALSE, so that a check can return it. */
gboolean pd_problem_set(PdProblem *problem, PdProblemKind kind, const char *field,
                        const char *value);
/* It cannot be mailed, or not here; nearest is how to write it where that is known. FALSE, too. */
gboolean pd_problem_address(PdProblem *problem, const char *address);
/* One of the words was wanted: the nearest, else all of them. */
gboolean pd_problem_choose(PdProblem *problem, const char *field, const char *value,
                           const char *const *words);
/* Key of the phrases of words.yaml: "problem_value". Static. */
const char *pd_problem_word(PdProblemKind kind);
/* For the command line. */
PdStatus *pd_problem_status(const PdProblem *problem);

#endif
