/* working.h: a message that works on its ticket, carried out: its commands all or none, its text
 * handed on to whom it is for. In the running transaction, after the message's own event. */
#ifndef DESK_WORKING_H
#define DESK_WORKING_H

#include "desk/plan.h"

/* A line of the mail about what was not done: {line, understood, reason, nearest, choices}. Caller
 * frees. */
PdJson *pd_working_line(const PdDesk *desk, const char *language, const char *line,
                        const PdProblem *problem);
/* What would be done, and nothing is: {done, lines, set, text, text_goes_to}. input->row may be
 * NULL. Caller frees. */
PdStatus *pd_working_foresee(PdDesk *desk, const PdPlanInput *input, const PdPlan *plan,
                             PdJson **told);
PdStatus *pd_working_commit(PdDesk *desk, const PdPlanInput *input, const PdPlan *plan,
                            gint64 ticket, guint *queued);

#endif
