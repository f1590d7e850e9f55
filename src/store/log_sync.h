/* log_sync.h: brings a file to the disk while its process goes on.
 *
 * One at a time; who began it waits for it before the file is written again. The thread touches
 * nothing else of its process.
 */
#ifndef PD_STORE_LOG_SYNC_H
#define PD_STORE_LOG_SYNC_H

#include <glib.h>

typedef struct pd_log_sync PdLogSync;

/* Of the file at this path, which may not be there yet, but stays the same once it is. mark: a file
 * to make at once where the disk fails, for those who come if this process ends before it tells. */
PdLogSync *pd_log_sync_new(const char *path, const char *mark);
void pd_log_sync_free(PdLogSync *sync); /* waits for it */

/* Of what the file holds now. It may fail to begin. */
void pd_log_sync_begin(PdLogSync *sync);
gboolean pd_log_sync_is_begun(const PdLogSync *sync);
/* Waits for what was begun. 0: it is on the disk; else what fdatasync() failed with. */
int pd_log_sync_end(PdLogSync *sync);

#endif
