/* log_sync.h: brings a file to the disk while its process goes on.
 *
 * One at a time; who began it waits for it before the file is written again. The thread does
 * nothing else and touches nothing of its process.
 */
#ifndef PD_STORE_LOG_SYNC_H
#define PD_STORE_LOG_SYNC_H

#include <glib.h>

typedef struct pd_log_sync PdLogSync;

PdLogSync *pd_log_sync_new(void);
void pd_log_sync_free(PdLogSync *sync); /* waits for it */

/* Of what the file at this path holds now; the same path each time. It may fail to begin. */
void pd_log_sync_begin(PdLogSync *sync, const char *path);
gboolean pd_log_sync_is_begun(const PdLogSync *sync);
/* Waits for what was begun. 0: it is on the disk; else what fdatasync() failed with. */
int pd_log_sync_end(PdLogSync *sync);

#endif
