/* taking.h: all that is new in a folder, in the order in which it is taken.
 *
 * The folder is read up to next_uid. A message that cannot be fetched does not hold up those
 * behind it: it goes last (stubborn.h), next_uid stays at it, and what is behind and in the
 * ledger already is not fetched again.
 */
#ifndef PD_ROLES_TAKING_H
#define PD_ROLES_TAKING_H

#include "folder.h"
#include "postdesk/raw.h"
#include "stubborn.h"

typedef struct {
    const PdRoleContext *context;
    PdRole *role;
    PdFolder *folder;
    PdSource *source;
    PdRawWriter *writer; /* stays open over connections */
    GArray *told;        /* UIDs (guint32) that the server was told of and the ledger not yet */
    guint64 taken;       /* messages since the process started */
    PdStubbornList *stubborn;
    PdStatus *refused;  /* why the server last refused to be told, else NULL */
    gint64 quiet_until; /* monotonic; until when it is not told again after that */
    gboolean untold;    /* rows wait to be told since then */
} PdTaking;

/* Takes in all that is new and tells the server. PD_SPOILS_MESSAGE: a message is at fault; with a
 * new connection it goes on. A server that refuses to be told (a folder that may only be read, a
 * full one behind a move) is no failure: see refused. */
PdStatus *pd_taking_catch_up(PdTaking *taking);
/* Tells the server of rows that were committed before the process last ended. */
PdStatus *pd_taking_tell_left(PdTaking *taking);
/* TRUE where the disk is too full to take anything in. */
gboolean pd_taking_is_paused(const PdTaking *taking);

#endif
