/* verify.c: the whole state folder against itself. Changes nothing.
 *
 * The ledger comes first and the events after it: a message that gets its outcome meanwhile is
 * then found among the events, for both are written by one transaction.
 */
#include "verify.h"

#include "postdesk/sharing.h"
#include "store_internal.h"

/* SQLite's own look at the file; "ok" or what is wrong, in rows of text. */
static PdStatus *check_database(PdVerify *verify)
{
    gboolean row;
    PdQuery *query;

    PD_TRY(pd_db_query(verify->store->db, "PRAGMA quick_check(100)", &query));
    for (;;) {
        PD_TRY(pd_query_next(query, &row));
        if (!row)
            return NULL;
        const char *text = pd_column_text(query, 0);
        if (g_strcmp0(text, "ok") != 0)
            pd_diagnostics_add(verify->list, PD_ERROR, "postdesk.db", 0, 0, "%s", text);
    }
}

static PdStatus *check_references(PdVerify *verify)
{
    gboolean row;
    PdQuery *query;

    PD_TRY(pd_db_query(verify->store->db, "PRAGMA foreign_key_check", &query));
    for (;;) {
        PD_TRY(pd_query_next(query, &row));
        if (!row)
            return NULL;
        pd_verify_differs(verify, pd_column_text(query, 0), pd_column_int(query, 1),
                          "names a row of %s that is not there", pd_column_text(query, 2));
    }
}

/* What triggers count, beside counting it anew; names what differs in its rows. */
static PdStatus *compare_counts(PdVerify *verify, const char *sql, const char *what)
{
    gboolean row;
    PdQuery *query;

    PD_TRY(pd_db_query(verify->store->db, sql, &query));
    for (;;) {
        PD_TRY(pd_query_next(query, &row));
        if (!row)
            return NULL;
        pd_diagnostics_add(verify->list, PD_ERROR, "postdesk.db", 0, 0,
                           "%s %s: %" G_GINT64_FORMAT " are noted, there are %" G_GINT64_FORMAT,
                           what, pd_column_text(query, 0), pd_column_int(query, 1),
                           pd_column_int(query, 2));
    }
}

static PdStatus *check_counts(PdVerify *verify)
{
    const char *messages =
        "SELECT t.outcome, t.count, coalesce(c.found, 0) FROM inbox_tally t LEFT JOIN"
        " (SELECT outcome, count(*) AS found FROM inbox GROUP BY outcome) c USING (outcome)"
        " WHERE t.count <> coalesce(c.found, 0)";
    const char *loads = "SELECT assignee, sum(noted), sum(found) FROM"
                        " (SELECT assignee, count AS noted, 0 AS found FROM workload UNION ALL"
                        "  SELECT assignee, 0, count(*) FROM ticket WHERE assignee <> ''"
                        "  AND status IN ('new', 'open', 'waiting') GROUP BY assignee)"
                        " GROUP BY assignee HAVING sum(noted) <> sum(found)";

    PD_TRY(compare_counts(verify, messages, "messages with outcome"));
    return compare_counts(verify, loads, "tickets of");
}

static PdStatus *measure(PdVerify *verify)
{
    gint64 bytes = 0;
    gint64 tickets = 0;
    PdQuery *query;

    PD_TRY(pd_db_query(verify->store->db, "SELECT sum(length) FROM inbox", &query));
    PD_TRY(pd_query_number(query, &bytes));
    PD_TRY(pd_db_query(verify->store->db, "SELECT count(*) FROM ticket", &query));
    PD_TRY(pd_query_number(query, &tickets));
    verify->meter->total = (guint64)(bytes + tickets);
    return NULL;
}

static PdStatus *verify_in_snapshot(PdVerify *verify)
{
    PD_TRY(pd_sharing_saved(verify->store, &verify->counts->shared));
    PD_TRY(check_database(verify));
    PD_TRY(check_references(verify));
    PD_TRY(check_counts(verify));
    PD_TRY(pd_verify_decisions(verify));
    return pd_verify_tickets(verify);
}

static void report_awaited(PdVerify *verify)
{
    for (guint id = 0; id < verify->awaited->len; id++) {
        gint64 ticket = g_array_index(verify->awaited, gint64, id);
        if (ticket != 0)
            pd_verify_differs(verify, "message", id,
                              "the ledger says ticket #%" G_GINT64_FORMAT
                              ", which has no event that names the message",
                              ticket);
    }
}

static PdStatus *verify_all(PdVerify *verify)
{
    PD_TRY(measure(verify));
    PD_TRY(pd_verify_ledger(verify));
    PD_TRY(pd_store_begin_read(verify->store));
    PdStatus *status = verify_in_snapshot(verify);
    pd_store_end_read(verify->store);
    if (status == NULL)
        report_awaited(verify);
    return status;
}

PdStatus *pd_store_verify(PdStore *store, PdDiagnostics *list, PdVerified *counts,
                          PdProgress progress, gpointer user)
{
    g_autoptr(GArray) awaited = g_array_new(FALSE, TRUE, sizeof(gint64));
    PdMeter meter = {.progress = progress, .user = user};
    PdVerify verify = {store, list, counts, &meter, awaited};

    *counts = (PdVerified){0};
    return verify_all(&verify);
}
