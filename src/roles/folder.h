/* folder.h: what a collector knows and decides about one folder of a mailbox.
 *
 * First contact: `start` says which old mail counts, the rest is left out and counted. A changed
 * UIDVALIDITY, a server that has gone back, and a restored state folder make all that is there
 * quiet: it is taken in again (copies are recognised by content), but its answers are held.
 */
#ifndef PD_ROLES_FOLDER_H
#define PD_ROLES_FOLDER_H

#include "postdesk/inbox.h"
#include "postdesk/source.h"
#include "role.h"

typedef struct {
    const PdMailbox *mailbox;
    const char *folder;
    char *label; /* "support/INBOX": in the ledger and in logs */
    PdFolderState state;
} PdFolder;

void pd_folder_init(PdFolder *folder, const PdMailbox *mailbox, const char *name);
void pd_folder_clear(PdFolder *folder);

/* Compares what the server says with what is known, and stores what follows. Call after
 * opening the source, before listing. */
PdStatus *pd_folder_meet(PdFolder *folder, PdRole *role, PdSource *source);
/* Whether the server gives numbers of the ledger to other messages, of the same UIDVALIDITY. */
PdStatus *pd_folder_is_set_back(const PdFolder *folder, PdStore *store, PdSource *source,
                                gboolean *set_back);
/* FALSE for a message that is left out (it arrived before the start). */
gboolean pd_folder_wants(const PdFolder *folder, const PdSourceEntry *entry);
/* Is the UID in the list? Both the list and the UIDs asked for, one call after the other, are
 * ascending; *at (0 before the first call) goes along. */
gboolean pd_folder_uid_is_in(const GArray *uids, guint32 uid, guint *at);
/* Stores the state in a transaction of its own. */
PdStatus *pd_folder_save(PdFolder *folder, PdStore *store);

#endif
