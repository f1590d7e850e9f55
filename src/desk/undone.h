/* undone.h: what taking a change back did, told to whoever asked for it and to whose change it was:
 * nobody need guess which change was the last one. */
#ifndef DESK_UNDONE_H
#define DESK_UNDONE_H

#include "desk/change.h"
#include "desk/tell.h"

/* Notes what an event that takes another one back ("undone") made of a ticket, as a row of the
 * change (postdesk/desk.h, pd_desk_undo()). */
void pd_undone_note(PdChange *change, const PdTicket *ticket, const PdEvent *undone,
                    const PdEvent *event);
/* A ticket that was split off goes on again in the one that it came from. off: as it was. */
void pd_undone_note_joined(PdChange *change, const PdTicket *off, const PdEvent *split);
/* A message that had come to the wrong ticket went to another one. */
void pd_undone_note_moved(PdChange *change, gint64 into);

/* Whose the change was that is taken back: of the desk, and somebody else than who takes it back;
 * NULL: there is none. */
const PdPerson *pd_undone_maker(const PdChange *change);
/* Mails the rows to who did it by mail, and to the person of the desk whose change it was. */
PdStatus *pd_undone_tell(const PdChange *change, PdTelling telling);

#endif
