/* ticket_list.c: lists of tickets by status, queue, category, reporter.
 *
 * The open tickets, which may be a tenth of all, are gone through from the newest in an index that
 * holds all that is asked for. Of those that are over, the index is taken that leaves the fewest:
 * the reporter's, that of the few set aside, the category's, the queue's; without any of them they
 * are gone through from the newest. Only the tickets that are listed are then read. Indexes are
 * named, so that a plan that loses its index fails instead of becoming slow.
 */
#include "postdesk/tickets.h"

#include "store_internal.h"
#include <string.h>

#define STATUS " AND (?1 IS NULL OR status = ?1)"
#define QUEUE " AND (?2 IS NULL OR queue = ?2)"
#define CATEGORY                                                                                   \
    " AND (?3 IS NULL OR category = ?3 OR substr(category, 1, length(?3) + 1) = ?3 || '/')"
#define REPORTER " AND (?4 IS NULL OR reporter = ?4 COLLATE NOCASE)"
#define TAG " AND (?6 IS NULL OR instr(' ' || tags || ' ', ' ' || ?6 || ' ') > 0)"
/* A name holds no quote (labels.c). */
#define FIELD                                                                                      \
    " AND (?7 IS NULL OR CASE WHEN custom = '' THEN 0"                                             \
    " WHEN ?8 IS NULL THEN json_extract(custom, '$.\"' || ?7 || '\"') IS NOT NULL"                 \
    " ELSE json_extract(custom, '$.\"' || ?7 || '\"') = ?8 COLLATE NOCASE END)"
#define NEWEST " ORDER BY number DESC LIMIT ?5"

static const char open_ones[] = "SELECT number FROM ticket INDEXED BY ticket_open"
                                " WHERE " PD_SQL_OPEN STATUS QUEUE CATEGORY REPORTER NEWEST;
/* Labels stand in no index: each ticket is looked at, from the newest on. */
static const char open_labelled[] =
    "SELECT number FROM ticket INDEXED BY ticket_open"
    " WHERE " PD_SQL_OPEN STATUS QUEUE CATEGORY REPORTER TAG FIELD NEWEST;
static const char over_labelled[] =
    "SELECT number FROM ticket NOT INDEXED WHERE " PD_SQL_OVER STATUS QUEUE CATEGORY REPORTER TAG
        FIELD NEWEST;
static const char over_newest[] = "SELECT number FROM ticket NOT INDEXED WHERE " PD_SQL_OVER STATUS
    QUEUE CATEGORY REPORTER NEWEST;
static const char over_of_reporter[] =
    "SELECT number FROM ticket INDEXED BY ticket_over_of_reporter WHERE " PD_SQL_OVER
    " AND reporter = ?4 COLLATE NOCASE" STATUS QUEUE CATEGORY NEWEST;
static const char over_set_aside[] = "SELECT number FROM ticket INDEXED BY ticket_set_aside WHERE "
                                     "(status = 'merged' OR status = 'spam')"
                                     " AND status = ?1" QUEUE CATEGORY REPORTER NEWEST;
/* '0' comes next after '/' */
static const char over_of_category[] =
    "SELECT number FROM ticket INDEXED BY ticket_over_of_category WHERE " PD_SQL_OVER
    " AND category >= ?3 AND category < ?3 || '0'" STATUS QUEUE CATEGORY NEWEST;
static const char over_of_queue[] =
    "SELECT number FROM ticket INDEXED BY ticket_over_of_queue WHERE " PD_SQL_OVER
    " AND queue = ?2" STATUS CATEGORY NEWEST;

static gboolean is_over(const char *status)
{
    static const char *const over[] = {"closed", "merged", "spam", NULL};

    return g_strv_contains(over, status);
}

static gboolean is_labelled(const PdTicketFilter *filter)
{
    return filter->tag != NULL || filter->field != NULL;
}

static const char *over_query(const PdTicketFilter *filter)
{
    if (is_labelled(filter))
        return over_labelled;
    if (filter->reporter != NULL)
        return over_of_reporter;
    if (filter->status != NULL && strcmp(filter->status, "closed") != 0)
        return over_set_aside;
    if (filter->category != NULL)
        return over_of_category;
    return filter->queue != NULL ? over_of_queue : over_newest;
}

static PdStatus *add_numbers(PdStore *store, const char *sql, const PdTicketFilter *filter,
                             GArray *numbers)
{
    PdQuery *query;
    gboolean row;

    PD_TRY(pd_db_query(store->db, sql, &query));
    pd_bind_text(query, filter->status);
    pd_bind_text(query, filter->queue);
    pd_bind_text(query, filter->category);
    pd_bind_text(query, filter->reporter);
    pd_bind_int(query, filter->most);
    if (is_labelled(filter)) {
        pd_bind_text(query, filter->tag);
        pd_bind_text(query, filter->field);
        pd_bind_text(query, filter->value);
    }
    for (;;) {
        PD_TRY(pd_query_next(query, &row));
        if (!row)
            return NULL;
        gint64 number = pd_column_int(query, 0);
        g_array_append_val(numbers, number);
    }
}

static gint newest_first(gconstpointer one, gconstpointer other)
{
    gint64 a = *(const gint64 *)one, b = *(const gint64 *)other;

    return a < b ? 1 : a > b ? -1 : 0;
}

static PdStatus *read_tickets(PdStore *store, const GArray *numbers, guint most,
                              GPtrArray **tickets)
{
    g_autoptr(GPtrArray) read = g_ptr_array_new_with_free_func((GDestroyNotify)pd_ticket_free);

    for (guint i = 0; i < MIN(numbers->len, most); i++) {
        PdTicket *ticket = NULL;
        PD_TRY(pd_ticket_get(store, g_array_index(numbers, gint64, i), &ticket));
        if (ticket != NULL)
            g_ptr_array_add(read, ticket);
    }
    *tickets = g_steal_pointer(&read);
    return NULL;
}

PdStatus *pd_ticket_list(PdStore *store, const PdTicketFilter *filter, GPtrArray **tickets)
{
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(gint64));
    const char *status = filter->status;

    if (status == NULL || !is_over(status))
        PD_TRY(
            add_numbers(store, is_labelled(filter) ? open_labelled : open_ones, filter, numbers));
    if (status != NULL ? is_over(status) : !filter->open_only)
        PD_TRY(add_numbers(store, over_query(filter), filter, numbers));
    g_array_sort(numbers, newest_first);
    return read_tickets(store, numbers, filter->most, tickets);
}

#define UNDONE                                                                                     \
    " FROM ticket INDEXED BY ticket_open WHERE " PD_SQL_OPEN                                       \
    " AND status <> 'resolved' AND queue IN (SELECT value FROM json_each(?2))"

#define MOST_PRESSING                                                                              \
    " ORDER BY coalesce(priority, '') = '', priority, coalesce(resolve_due, '') = '',"             \
    " resolve_due, number LIMIT ?5"

PdStatus *pd_ticket_list_undone(PdStore *store, const char *const *queues, guint most,
                                GPtrArray **tickets, gint64 *count)
{
    g_autoptr(PdJson) names = pd_json_array();
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(gint64));
    PdQuery *query;

    for (; *queues != NULL; queues++)
        pd_json_add_text(names, *queues);
    g_autofree char *list = pd_json_compact(names);
    const PdTicketFilter filter = {.queue = list, .most = most};
    PD_TRY(add_numbers(store, "SELECT number" UNDONE MOST_PRESSING, &filter, numbers));
    PD_TRY(read_tickets(store, numbers, most, tickets));
    PD_TRY(pd_db_query(store->db, "SELECT count(*)" UNDONE, &query));
    pd_bind_text(query, NULL);
    pd_bind_text(query, list);
    return pd_query_number(query, count);
}
