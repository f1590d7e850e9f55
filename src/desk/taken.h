/* taken.h: the way of a mail that tells of a call (call.h): who may, the ticket, the answer. */
#ifndef DESK_TAKEN_H
#define DESK_TAKEN_H

#include "desk/work.h"

/* Before anything is planned: where the mail is a form by somebody who may, work->call holds it and
 * the mail becomes the caller's; where it is one and may not be, or says too little,
 * work->form_problem says why, and the mail stays what it is. */
PdStatus *pd_taken_look(PdDesk *desk, PdWork *work);
/* The ticket is there: whoever took the call down is told its number, and what of the form could
 * not be taken over. Transaction. */
PdStatus *pd_taken_tell(PdDesk *desk, const PdPlanInput *input, gint64 ticket, guint *queued);

#endif
