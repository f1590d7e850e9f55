/* work.h: one inbox row on its way: read, looked up, planned. */
#ifndef DESK_WORK_H
#define DESK_WORK_H

#include "desk/plan.h"

typedef struct {
    const PdInboxRow *row; /* borrowed */
    PdMail *mail;
    PdFacts *facts;
    PdDecision *decision; /* NULL where no rule is asked */
    char *rules_line;     /* the decision as it will be stored; made with no lock held */
    GPtrArray *phrases;   /* that stand in its gaps; they belong to the decision's rules */
    gint64 decided_ticket, decided_version; /* the ticket that the decision was made for */
    PdPlan *plan;
    PdPictures *pictures; /* that came with it, and solved tickets like it: for who is assigned */
    GArray *similar;
    PdAhead ahead;          /* both */
    PdCall *call;           /* that the mail tells of (taken.h), or NULL */
    PdProblem form_problem; /* why a form is not taken for one */
    char *failure;          /* why it cannot be processed, or NULL */
} PdWork;

void pd_work_free(PdWork *work);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdWork, pd_work_free)

/* What is done with a row before the transaction, in this order. */
typedef enum {
    PD_WORK_READ,
    PD_WORK_LOOK_UP, /* what the store knows of it */
    PD_WORK_PLAN,    /* by the rules */
    PD_WORK_COMPLETE /* what only some plans need */
} PdWorkStep;
#define PD_WORK_STEPS (PD_WORK_COMPLETE + 1)

PdWork *pd_work_new(const PdInboxRow *row);
/* Does one step, with no lock. A message that cannot be read ends in `failure`, with which nothing
 * more is done; a status is returned only if the store or the machine is spoilt. */
PdStatus *pd_work_step(PdDesk *desk, PdWork *work, PdWorkStep step);
/* Looks at the facts again and plans anew if they changed; in the transaction. */
PdStatus *pd_work_look_again(PdDesk *desk, PdWork *work);
/* All steps behind the reading, of a mail that is in the work already. row may be NULL (explain).
 */
PdStatus *pd_work_plan(PdDesk *desk, PdWork *work);
PdPlanInput pd_work_input(const PdDesk *desk, const PdWork *work);
/* About how many bytes of memory it holds. */
gsize pd_work_weight(const PdWork *work);

#endif
