/* verify_decision.c: every decision is whole: what stands in its gaps is kept (phrase.h). */
#include "verify.h"

#include "phrase.h"
#include "store_internal.h"

static void try_to_read(PdVerify *verify, PdQuery *query)
{
    gsize length = 0;
    const guint8 *numbers = pd_column_blob(query, 2, &length);
    g_autofree char *whole = NULL;
    g_autoptr(PdStatus) lost =
        pd_phrases_restore(verify->store, pd_column_text(query, 1), numbers, length, &whole);

    if (lost != NULL)
        pd_verify_differs(verify, "message", pd_column_int(query, 0), "its decision: %s",
                          pd_status_text(lost));
}

PdStatus *pd_verify_decisions(PdVerify *verify)
{
    gboolean row;
    PdQuery *query;

    PD_TRY(pd_db_query(verify->store->db,
                       "SELECT inbox, json, phrases FROM decision WHERE phrases IS NOT NULL",
                       &query));
    for (;;) {
        PD_TRY(pd_query_next(query, &row));
        if (!row)
            return NULL;
        try_to_read(verify, query);
    }
}
