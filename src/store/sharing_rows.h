/* sharing_rows.h: what the database knows of shared bytes: messages that are noted, ranges, homes.
 */
#ifndef PD_STORE_SHARING_ROWS_H
#define PD_STORE_SHARING_ROWS_H

#include "sharing_plan.h"

/* A message that is looked at. */
typedef struct {
    PdStore *store;
    gint64 inbox;
    GArray *attachments; /* of gint64: why it is noted */
    GArray *homes;       /* of gint64: messages to be compared with */
    PdSharingPlan *plan;
    int fd; /* of its segment */
} PdSharingWork;

PdStatus *pd_sharing_next(PdStore *store, gint64 after, gint64 *inbox); /* 0: none */
/* Fills attachments and homes. */
PdStatus *pd_sharing_read_notes(PdSharingWork *work);

/* These in a transaction. */
PdStatus *pd_sharing_forget_notes(const PdSharingWork *work);
PdStatus *pd_sharing_add_ranges(const PdSharingWork *work); /* the new ones of its plan */
PdStatus *pd_sharing_forget_ranges(const PdSharingWork *work);
/* It shares nothing with those that brought the same files: encoded otherwise, or in lines that are
 * not even, it is one that the next ones may share with, where there are not several already. */
PdStatus *pd_sharing_become_home(const PdSharingWork *work);

#endif
