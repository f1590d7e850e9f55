/* batch.h: some messages on their way from a source into the store.
 *
 * I1: bytes to disk and synced, then the ledger rows committed, and only then is the server told.
 */
#ifndef PD_ROLES_BATCH_H
#define PD_ROLES_BATCH_H

#include "taking.h"

typedef struct {
    PdTaking *taking;
    GArray *entries; /* of PdSourceEntry, ascending: what is asked for */
    GPtrArray *rows; /* of PdInboxRow *: what came */
    gboolean headers_only;
} PdBatch;

void pd_batch_init(PdBatch *batch, PdTaking *taking);
void pd_batch_clear(PdBatch *batch);
/* Whatever came when it fails is good. */
PdStatus *pd_batch_fetch(PdBatch *batch);
/* A row for the first entry, without any bytes; the server is not to be told of it. */
PdStatus *pd_batch_add_without_bytes(PdBatch *batch);
/* The first one that was asked for and did not come; 0: all came. */
guint32 pd_batch_first_missing(const PdBatch *batch);
gboolean pd_batch_lacks(const PdBatch *batch, guint32 uid); /* asked for, and did not come */
/* Makes the rows durable, with how far the folder is read. */
PdStatus *pd_batch_commit(PdBatch *batch, guint32 next_uid);
/* Tells the server of the committed rows. */
PdStatus *pd_batch_tell(const PdBatch *batch);

#endif
