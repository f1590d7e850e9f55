/* plan_work.h: is a message work on its ticket (commands, an engineer's answer, somebody outside)
 * rather than a reporter's reply? Pure. */
#ifndef DESK_PLAN_WORK_H
#define DESK_PLAN_WORK_H

#include "desk/plan.h"

/* TRUE if it is: plan->commands and plan->is_internal are set then. For a message with a ticket. */
gboolean pd_plan_is_work(const PdPlanInput *input, PdPlan *plan);

/* Somebody who follows the ticket says whether it is solved, which is not his to decide, and it is
 * shown that he does. For a reply that is no work. */
gboolean pd_plan_is_verdict(const PdPlanInput *input);

#endif
