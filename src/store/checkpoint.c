/* checkpoint.c: when the write-ahead log is brought into the database.
 *
 * What is in the log is durable. Bringing it over writes it all once more and syncs twice, so
 * that is put off until there is nothing else to do (pd_store_rest()); pages that changed
 * many times meanwhile are copied once. Under load that lasts it is done
 *
 *   from LONG_LOG on, after a commit, with the writers' lock left: the others go on, and what
 *   a reader's snapshot still needs stays;
 *   from LONGEST_LOG on before the lock is left, waiting for readers: then the log, to
 *   which nobody can add, is done with and begins anew.
 *
 * A checkpoint that fails takes nothing back: the log keeps all, and the next one tries again.
 * A full disk is told by the next commit.
 */
#include "store_internal.h"

#define LONG_LOG 32000    /* pages: 128 MB, what the log's file keeps when it begins anew (db.c) */
#define LONGEST_LOG 64000 /* pages */
#define STEP 4000         /* pages more until a checkpoint is tried again */
#define WORTH_RESTING 500 /* pages */

static void checkpoint(PdStore *store, gboolean wait)
{
    pd_db_checkpoint(store->db, wait);
    store->checkpointed = pd_db_log_pages(store->db);
}

void pd_store_checkpoint_locked(PdStore *store)
{
    if (pd_db_log_pages(store->db) >= LONGEST_LOG)
        checkpoint(store, TRUE);
}

void pd_store_checkpoint(PdStore *store)
{
    guint pages = pd_db_log_pages(store->db);

    if (pages < store->checkpointed)
        store->checkpointed = 0; /* the log began anew */
    if (pages >= LONG_LOG && pages - store->checkpointed >= STEP)
        checkpoint(store, FALSE);
}

void pd_store_rest(PdStore *store)
{
    guint pages = pd_db_log_pages(store->db);

    if (pages < store->checkpointed)
        store->checkpointed = 0;
    if (pages - store->checkpointed >= WORTH_RESTING)
        checkpoint(store, FALSE);
}
