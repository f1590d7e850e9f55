/* taking.h: messages from a source into the store, batch by batch.
 *
 * I1: bytes to disk and synced, then the ledger rows committed, and only then is the
 * server told (\Seen or moved). What the server was not told of because the process ended is
 * told at the next start. That it was told is noted with the next batch: a sync less.
 */
#ifndef PD_ROLES_TAKING_H
#define PD_ROLES_TAKING_H

#include "folder.h"
#include "postdesk/raw.h"

typedef struct {
    PdRole *role;
    PdFolder *folder;
    PdSource *source;
    PdRawWriter *writer; /* stays open over connections */
    GArray *told;        /* UIDs (guint32) that the server was told of and the ledger not yet */
    guint64 taken;       /* messages since the process started */
    guint32 stubborn;    /* a UID whose fetch broke the connection; 0: none */
    guint attempts;      /* how often it did */
} PdTaking;

/* Takes in all that is new and tells the server. */
PdStatus *pd_taking_catch_up(PdTaking *taking);
/* Tells the server of rows that were committed before the process last ended. */
PdStatus *pd_taking_tell_left(PdTaking *taking);
/* TRUE where the disk is too full to take anything in. */
gboolean pd_taking_is_paused(const PdTaking *taking);

#endif
