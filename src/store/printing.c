/* printing.c: forms that are to be printed; see postdesk/printing.h. */
#include "postdesk/printing.h"

#include "store_internal.h"
#include <string.h>

void pd_print_job_free(PdPrintJob *job)
{
    if (job == NULL)
        return;
    pd_json_free(job->data);
    g_free(job);
}

PdStatus *pd_print_job_add(PdStore *store, gint64 ticket, const PdJson *data)
{
    g_autofree char *line = pd_json_compact(data);
    PdQuery *query;

    PD_TRY(pd_store_need_transaction(store));
    PD_TRY(pd_db_query(store->db, "INSERT INTO print_job (ticket, data) VALUES (?, ?)", &query));
    pd_bind_int(query, ticket);
    pd_bind_text(query, line);
    return pd_query_run(query);
}

PdStatus *pd_print_job_first(PdStore *store, PdPrintJob **job)
{
    g_autoptr(PdPrintJob) first = g_new0(PdPrintJob, 1);
    g_autofree char *line = NULL;
    gboolean row;
    PdQuery *query;

    *job = NULL;
    PD_TRY(pd_db_query(store->db, "SELECT id, ticket, data FROM print_job ORDER BY id LIMIT 1",
                       &query));
    PD_TRY(pd_query_next(query, &row));
    if (!row)
        return NULL;
    first->id = pd_column_int(query, 0);
    first->ticket = pd_column_int(query, 1);
    line = pd_column_dup(query, 2);
    pd_query_leave(query);
    PD_TRY(pd_json_parse(line, strlen(line), &first->data));
    *job = g_steal_pointer(&first);
    return NULL;
}

PdStatus *pd_print_job_done(PdStore *store, gint64 id)
{
    PdQuery *query;

    PD_TRY(pd_store_need_transaction(store));
    PD_TRY(pd_db_query(store->db, "DELETE FROM print_job WHERE id = ?", &query));
    pd_bind_int(query, id);
    return pd_query_run(query);
}
