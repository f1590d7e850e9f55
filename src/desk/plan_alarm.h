/* plan_alarm.h: what of a message the admin is to know. Pure: it is added to the plan. */
#ifndef DESK_PLAN_ALARM_H
#define DESK_PLAN_ALARM_H

#include "desk/plan.h"

/* A bounce leads to no ticket. */
void pd_plan_alarm_bounce(const PdPlanInput *input, PdPlan *plan);
/* All else, of a plan that is made: rules that failed, a quarantine, a budget that is used up. */
void pd_plan_alarm(const PdPlanInput *input, PdPlan *plan);
void pd_plan_alarm_free(PdPlanAlarm *alarm);

#endif
