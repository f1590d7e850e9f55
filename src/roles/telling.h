/* telling.h: telling the server what was taken in: \Seen, or moved.
 *
 * Only what is committed is told (I1). That it was told is noted with the next batch: a sync less;
 * what was told and not noted when the process ended is told again, which does no harm.
 *
 * Where the server refuses (a folder that may only be read, a full one behind a move), the admin is
 * told, collecting goes on, and after a rest the server is told again with the next mail.
 */
#ifndef PD_ROLES_TELLING_H
#define PD_ROLES_TELLING_H

#include "taking.h"

PdStatus *pd_telling_tell(PdTaking *taking, const guint32 *uids, guint count);
/* What was refused before, once the rest is over. */
PdStatus *pd_telling_try_again(PdTaking *taking);
/* In the running transaction. */
PdStatus *pd_telling_note(PdTaking *taking);
/* In a transaction of its own, where no batch follows. */
PdStatus *pd_telling_flush(PdTaking *taking);

#endif
