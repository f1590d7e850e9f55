/* why.h: what happened and why, as JSON: for the decision that is stored, for events and
 * for explain. One writer, so that a stored ticket and a dry run say the same. */
#ifndef DESK_WHY_H
#define DESK_WHY_H

#include "desk/plan.h"

PdJson *pd_why_origin(const PdMail *mail);
PdJson *pd_why_threading(const PdPlan *plan, const PdFacts *facts);
PdJson *pd_why_answer(const PdDesk *desk, const PdPlan *plan);
/* {"act","reason","origin","threading","answer"} */
PdJson *pd_why(const PdDesk *desk, const PdPlanInput *input, const PdPlan *plan);
/* The same with "rules", on one line, with the gaps of that; caller frees. */
char *pd_why_line(const PdDesk *desk, const PdPlanInput *input, const PdPlan *plan);

#endif
