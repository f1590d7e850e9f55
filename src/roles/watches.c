/* watches.c: see watches.h. */
#include "watches.h"

struct pd_watches {
    PdWatch *own;
    GPtrArray *others; /* of PdWatch * */
};

static PdStatus *open_others(PdWatches *watches, const char *state_folder, guint worker,
                             guint workers)
{
    for (guint i = 0; i < workers; i++) {
        PdWatch *watch = NULL;
        if (i == worker)
            continue;
        PD_TRY(pd_watch_open(state_folder, i, &watch));
        g_ptr_array_add(watches->others, watch);
    }
    return NULL;
}

PdStatus *pd_watches_open(const char *state_folder, guint worker, guint workers,
                          PdWatches **watches)
{
    g_autoptr(PdWatches) opened = g_new0(PdWatches, 1);

    opened->others = g_ptr_array_new_with_free_func((GDestroyNotify)pd_watch_close);
    PD_TRY(pd_watch_open(state_folder, worker, &opened->own));
    PD_TRY(open_others(opened, state_folder, worker, workers));
    *watches = g_steal_pointer(&opened);
    return NULL;
}

void pd_watches_close(PdWatches *watches)
{
    if (watches == NULL)
        return;
    pd_watch_close(watches->own);
    g_ptr_array_unref(watches->others);
    g_free(watches);
}

PdWatch *pd_watches_own(const PdWatches *watches)
{
    return watches->own;
}

gboolean pd_watches_is_anothers(const PdWatches *watches, gint64 inbox_id)
{
    for (guint i = 0; i < watches->others->len; i++) {
        if (pd_watch_get(g_ptr_array_index(watches->others, i)) == inbox_id)
            return TRUE;
    }
    return FALSE;
}
