/* commit.h: a plan, carried out in the running transaction. */
#ifndef DESK_COMMIT_H
#define DESK_COMMIT_H

#include "desk/notify.h"
#include "desk/plan.h"

typedef struct {
    PdOutcome outcome; /* PD_OUTCOME_INBOX: left waiting, or done already */
    gint64 ticket;
    guint queued;     /* mails put into the outbox, alarms not counted */
    gboolean is_copy; /* of a message that came before */
} PdCommitted;

PdStatus *pd_commit_plan(PdDesk *desk, const PdPlanInput *input, const PdPlan *plan,
                         PdCommitted *done);
/* The end of a row that cannot be processed, with its alarm. */
PdStatus *pd_commit_quarantine(PdDesk *desk, gint64 inbox_id, const char *reason);

#endif
