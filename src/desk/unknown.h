/* unknown.h: senders whom people.yaml does not know, where such are refused. */
#ifndef DESK_UNKNOWN_H
#define DESK_UNKNOWN_H

#include "desk/plan.h"

#define PD_TAG_UNKNOWN "unknown-sender" /* of a ticket that is held */

/* What the store says of the refusals that were mailed: to this sender, and to all. */
PdStatus *pd_unknown_read(const PdDesk *desk, const PdMail *mail, PdFacts *facts);
/* Is this mail refused, or its ticket held? A call that was taken down at the desk never is. */
gboolean pd_unknown_is_refused(const PdPlanInput *input);
gboolean pd_unknown_is_held(const PdPlanInput *input);
/* Plans the refusal: ignored, and a mail where one may go out. */
void pd_unknown_refuse(const PdPlanInput *input, PdPlan *plan);
/* Queues that mail; transaction. */
PdStatus *pd_unknown_tell(PdDesk *desk, const PdPlanInput *input, const PdPlan *plan,
                          guint *queued);

#endif
