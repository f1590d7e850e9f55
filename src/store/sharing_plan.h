/* sharing_plan.h: which bytes of a message can be given back, because they lie elsewhere. */
#ifndef PD_STORE_SHARING_PLAN_H
#define PD_STORE_SHARING_PLAN_H

#include "raw_view.h"

typedef struct {
    PdStore *store;
    gint64 inbox;
    PdRawPlace place;
    guint8 sha256[PD_HASH_SIZE];
    GArray *known;  /* of PdSharedRange: committed already; or NULL */
    GArray *ranges; /* of PdSharedRange: the new ones */
    GArray *all;    /* both, in order */
    GArray *taken;  /* of bytes of the place that must stay, or are gone */
} PdSharingPlan;

/* Of a message that is there. Only one process plans and commits at a time (sharing.c). */
PdStatus *pd_sharing_plan_begin(PdStore *store, gint64 inbox, PdSharingPlan **plan);
void pd_sharing_plan_free(PdSharingPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdSharingPlan, pd_sharing_plan_free)

/* Adds ranges that this other message has, too. *broken: why bytes of one of both cannot be read,
 * or NULL; caller frees. */
PdStatus *pd_sharing_plan_add(PdSharingPlan *plan, gint64 home, PdStatus **broken);
/* Has the message as put together out of all ranges the hash it was taken in with? The same of it
 * as it lies, without any. *broken as above. */
gboolean pd_sharing_plan_holds(const PdSharingPlan *plan, PdStatus **broken);
gboolean pd_sharing_plan_lies_whole(const PdSharingPlan *plan);

#endif
