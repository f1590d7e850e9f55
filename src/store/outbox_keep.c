/* outbox_keep.c: sent mails are kept whole for some time.
 *
 * Mails are looked at in the order of their ids, each once: a fact holds the last one. What was
 * then not sent, and may still be, keeps its bytes for ever.
 */
#include "postdesk/outbox.h"

#include "store_internal.h"
#include <string.h>

#define FACT_LET_GO "sent_let_go"

typedef struct {
    gint64 id;
    gboolean is_sent;
} Old;

static PdStatus *read_last(PdStore *store, gint64 *last)
{
    g_autofree char *value = NULL;

    PD_TRY(pd_store_get_fact(store, FACT_LET_GO, &value));
    *last = value != NULL ? g_ascii_strtoll(value, NULL, 10) : 0;
    return NULL;
}

static PdStatus *read_old(PdStore *store, gint64 before, guint most, GArray *old)
{
    gint64 last;
    gboolean row;
    PdQuery *query;

    PD_TRY(read_last(store, &last));
    PD_TRY(pd_db_query(store->db,
                       "SELECT id, state = 2, created_at < ? FROM outbox WHERE id > ?"
                       " ORDER BY id LIMIT ?",
                       &query));
    pd_bind_int(query, before);
    pd_bind_int(query, last);
    pd_bind_int(query, most);
    for (;;) {
        PD_TRY(pd_query_next(query, &row));
        if (!row)
            return NULL;
        if (pd_column_int(query, 2) == 0)
            break;
        const Old one = {pd_column_int(query, 0), pd_column_int(query, 1) != 0};
        g_array_append_val(old, one);
    }
    pd_query_leave(query);
    return NULL;
}

static PdStatus *let_go(PdStore *store, gint64 id)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, "UPDATE outbox_mail SET mail = x'' WHERE id = ?", &query));
    pd_bind_int(query, id);
    return pd_query_run(query);
}

static PdStatus *let_all_go(PdStore *store, const GArray *old)
{
    gint64 last = 0;

    for (guint i = 0; i < old->len; i++) {
        const Old *one = &g_array_index(old, Old, i);
        last = one->id;
        if (one->is_sent)
            PD_TRY(let_go(store, one->id));
    }
    g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, last);
    return pd_store_set_fact(store, FACT_LET_GO, value);
}

PdStatus *pd_outbox_let_go(PdStore *store, gint64 before, guint most, gboolean *more)
{
    g_autoptr(GArray) old = g_array_new(FALSE, FALSE, sizeof(Old));

    *more = FALSE;
    PD_TRY(read_old(store, before, most, old));
    if (old->len == 0)
        return NULL;
    PD_TRY(pd_store_begin(store));
    PdStatus *status = let_all_go(store, old);
    if (status == NULL)
        status = pd_store_commit(store);
    if (status != NULL)
        pd_store_rollback(store);
    *more = old->len == most;
    return status;
}
