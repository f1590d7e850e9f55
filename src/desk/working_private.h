/* working_private.h: a message that works on its ticket, while it is carried out: what the pieces
 * of working.c share. Nobody else includes it. */
#ifndef DESK_WORKING_PRIVATE_H
#define DESK_WORKING_PRIVATE_H

#include "desk/change.h"
#include "desk/tell.h"
#include "desk/working.h"

typedef struct {
    PdDesk *desk;
    const PdPlanInput *input;
    const PdPlan *plan;
    PdDoer doer;
    PdChange *change;
    PdJson *lines; /* what was understood of each command, for the answer */
    const char *language;
    gboolean failed, unauthorised;
    guint *queued;
} PdWorking;

/* One more line for the answer; it fails the whole mail unless the problem is none. */
void pd_working_add_line(PdWorking *work, const char *line, const PdProblem *problem);
/* Takes all commands and words into the change; work->failed: none of them may be done. */
PdStatus *pd_working_check(PdWorking *work);

/* What all mails about this one share. */
PdTelling pd_working_telling(const PdWorking *work, const char *occasion);
/* Tells the sender of each line why nothing was done; the admin, if he has no authority too often.
 */
PdStatus *pd_working_refuse(PdWorking *work);
/* The list of the commands that the sender may give. */
PdStatus *pd_working_help(PdWorking *work);
/* Somebody who follows the ticket says whether it is solved, as a command or in words. */
gboolean pd_working_is_verdict(const PdWorking *work);
/* What he wrote, to who works on the ticket and who watches at the desk. */
PdStatus *pd_working_hand_to_desk(PdWorking *work);
/* That his reply moved the ticket, to who follows it. */
PdStatus *pd_working_tell_move(PdWorking *work);

#endif
