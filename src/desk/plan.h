/* plan.h: what to do with a message and why. Pure: everything it depends on is given. */
#ifndef DESK_PLAN_H
#define DESK_PLAN_H

#include "desk/assignment.h"
#include "desk/call.h"
#include "desk/command.h"
#include "desk/facts.h"
#include "desk/lifecycle.h"

typedef enum {
    PD_PLAN_CREATE,
    PD_PLAN_APPEND,
    PD_PLAN_IGNORE,
    PD_PLAN_QUARANTINE,
    PD_PLAN_WAIT, /* an older message must come first */
} PdPlanAct;

typedef struct {
    const PdConfig *config;
    const PdMail *mail;
    const PdInboxRow *row;
    const PdFacts *facts;
    const PdDecision *decision; /* NULL where no rule is asked */
    const char *rules_line;     /* the decision as one line of JSON, or NULL */
    const GPtrArray *phrases;   /* that stand in its gaps */
    const PdCall *call;         /* that the mail tells of: it is the caller's then; or NULL */
    const PdProblem
        *form_problem;    /* why a form opens no ticket of a caller (kind NONE: it is none) */
    const PdAhead *ahead; /* for the mail to who is assigned, or NULL */
} PdPlanInput;

typedef struct {
    char *kind, *subject, *text;
    PdJson *facts; /* as pd_desk_alarm() takes them */
} PdPlanAlarm;

typedef struct {
    PdPlanAct act;
    char *reason;                   /* of ignored and quarantined mail */
    gint64 ticket;                  /* that it is appended to, or that a copy belongs to */
    gint64 version;                 /* of that ticket, as it was read */
    gint64 linked;                  /* the ended ticket that a new one goes on from */
    gint64 suggested;               /* a ticket that it may belong to */
    gboolean by_key;                /* it is appended for its merge key */
    const PdTransition *transition; /* that a reply makes, or NULL */
    gboolean is_unproven;           /* a reply that would count, if it were shown whose it is */
    gboolean is_verdict;            /* who follows the ticket says whether it is solved */
    gboolean is_question;           /* he asks in a sentence where it stands: the desk reads it */
    const char *note;               /* why a reply moves nothing, or NULL */
    const char *occasion;           /* of the mail to the sender; NULL: none */
    PdAnswer answer;                /* whether and whom; borrows from the mail */
    const char *language;           /* as wanted; borrowed */
    gboolean is_held;               /* the answer is composed, but held */
    gboolean is_refused;            /* it is ignored since nobody knows its sender */
    PdCommands *commands;           /* of a message that works on its ticket, or NULL */
    gboolean is_internal;           /* the message is not for the reporter */
    GPtrArray *alarms;              /* of PdPlanAlarm * */
} PdPlan;

#define PD_HELD_OLD "held: old mail of a changed or restored mailbox"

PdPlan *pd_plan_make(const PdPlanInput *input);
void pd_plan_free(PdPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdPlan, pd_plan_free)
const char *pd_plan_act_name(PdPlanAct act);
/* FALSE for a mail whose end does not depend on rules (a copy, a bounce, …). */
gboolean pd_plan_asks_rules(const PdMail *mail, const PdFacts *facts);

#endif
