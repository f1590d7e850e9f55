/* letoff.h: who had a ticket and has it no longer is told so, once, and that nothing more is
 * expected of him, unless he did it himself. In the running transaction. */
#ifndef DESK_LETOFF_H
#define DESK_LETOFF_H

#include "desk/change.h"
#include "desk/tell.h"

/* Behind all events of the change: mails who had the ticket before it; and, where it took something
 * back, who has it again. Who is told what was taken back (undone.h) reads it there. */
PdStatus *pd_letoff_tell(const PdChange *change, PdTelling telling);

#endif
