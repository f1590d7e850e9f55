/* list_test.c: lists and loads of many tickets, beside going through all of them one by one. */
#include "postdesk/timers.h"
#include "store/store_internal.h"
#include "store_test.h"
#include <string.h>

#define TICKETS 240

static const char *const statuses[] = {"new",    "open",   "waiting", "resolved",
                                       "closed", "merged", "spam"};
static const char *const queues[] = {"network", "system", ""};
static const char *const categories[] = {"network", "network/vpn", "networking", "system/server",
                                         ""};
static const char *const reporters[] = {"ann@example.org", "Bob@Example.ORG", "cem@example.net"};
static const char *const assignees[] = {"", "eva@example.org", "fu@example.org"};

#define PICK(list, by) list[(by) % G_N_ELEMENTS(list)]

static void put(gint64 ticket, gint64 version, guint seed)
{
    g_autoptr(PdEvent) event = pd_event_new(ticket == 0 ? "opened" : "changed", "ann", "cli");
    PdJson *set = pd_json_object();

    event->ticket = ticket;
    pd_json_set_text(set, "status", PICK(statuses, seed));
    pd_json_set_text(set, "queue", PICK(queues, seed / 7));
    pd_json_set_text(set, "category", PICK(categories, seed / 3));
    pd_json_set_text(set, "reporter", PICK(reporters, seed / 11));
    pd_json_set_text(set, "assignee", PICK(assignees, seed / 5));
    pd_json_set(event->data, "set", set);
    if (seed % 4 == 1) {
        PdJson *fields = pd_json_set_text(pd_json_object(), "资产.a", seed % 3 ? "PC-1" : "PC-2");
        pd_json_set(event->data, "fields", fields);
        pd_json_set(event->data, "tags", pd_json_add_text(pd_json_array(), "vip"));
        pd_json_add_text(pd_json_get(event->data, "tags"), "vip-2");
    }
    MUST(pd_ticket_append(store, event, version));
}

/* Opened as something and then made something else: every change of status and holder is there. */
static void fill(void)
{
    MUST(pd_store_begin(store));
    for (guint i = 0; i < TICKETS; i++) {
        put(0, 0, i * 31);
        put(i + 1, 1, i * 17 + i / 13);
    }
    MUST(pd_store_commit(store));
}

static gboolean is_over(const PdTicket *ticket)
{
    return g_strv_contains(statuses + 4, ticket->status);
}

static gboolean is_below(const char *category, const char *path)
{
    gsize length = strlen(path);

    return strncmp(category, path, length) == 0 &&
           (category[length] == '\0' || category[length] == '/');
}

static gboolean fits(const PdTicketFilter *filter, const PdTicket *ticket)
{
    if (filter->status != NULL ? strcmp(filter->status, ticket->status) != 0
                               : filter->open_only && is_over(ticket))
        return FALSE;
    g_auto(GStrv) tags = g_strsplit(ticket->tags, " ", -1);
    g_autoptr(PdJson) custom = pd_ticket_custom(ticket);
    const char *value = filter->field != NULL ? pd_json_get_text(custom, filter->field) : NULL;
    if ((filter->tag != NULL && !g_strv_contains((const char *const *)tags, filter->tag)) ||
        (filter->field != NULL && value == NULL) ||
        (filter->value != NULL && g_ascii_strcasecmp(filter->value, value) != 0))
        return FALSE;
    return (filter->queue == NULL || strcmp(filter->queue, ticket->queue) == 0) &&
           (filter->category == NULL || is_below(ticket->category, filter->category)) &&
           (filter->reporter == NULL ||
            g_ascii_strcasecmp(filter->reporter, ticket->reporter) == 0);
}

/* The numbers, newest first. */
static char *one_by_one(const PdTicketFilter *filter)
{
    GString *numbers = g_string_new(NULL);
    guint left = filter->most;

    for (gint64 number = TICKETS; number > 0 && left > 0; number--) {
        g_autoptr(PdTicket) ticket = NULL;
        MUST(pd_ticket_get(store, number, &ticket));
        if (!fits(filter, ticket))
            continue;
        g_string_append_printf(numbers, "%" G_GINT64_FORMAT " ", number);
        left--;
    }
    return g_string_free(numbers, FALSE);
}

static char *listed(const PdTicketFilter *filter)
{
    GString *numbers = g_string_new(NULL);
    g_autoptr(GPtrArray) tickets = NULL;

    MUST(pd_ticket_list(store, filter, &tickets));
    for (guint i = 0; i < tickets->len; i++)
        g_string_append_printf(numbers, "%" G_GINT64_FORMAT " ",
                               ((PdTicket *)g_ptr_array_index(tickets, i))->number);
    return g_string_free(numbers, FALSE);
}

static void ck_same(const PdTicketFilter *filter)
{
    g_autofree char *found = listed(filter), *expected = one_by_one(filter);

    ck_assert_msg(strcmp(found, expected) == 0,
                  "status %s queue %s category %s reporter %s open %d: %s instead of %s",
                  filter->status, filter->queue, filter->category, filter->reporter,
                  filter->open_only, found, expected);
}

/* Every bit asks for one thing more. */
static void ck_filter(guint bits, const char *status, guint most)
{
    ck_same(&(PdTicketFilter){
        .status = status,
        .queue = bits & 1 ? "network" : NULL,
        .category = bits & 2 ? "network" : NULL,
        .reporter = bits & 4 ? "bob@example.org" : NULL,
        .open_only = (bits & 8) != 0,
        .tag = bits & 16 ? "vip" : NULL,
        .field = bits & 32 ? "资产.a" : NULL,
        .value = (bits & 48) == 48 ? "pc-1" : NULL,
        .most = most,
    });
}

START_TEST(every_filter_lists_the_newest_that_fit)
{
    fill();
    for (guint bits = 0; bits < 64; bits++) {
        ck_filter(bits, NULL, 7);
        ck_filter(bits, NULL, TICKETS);
        for (guint i = 0; i < G_N_ELEMENTS(statuses); i++)
            ck_filter(bits & ~8u, statuses[i], 5);
    }
}
END_TEST

START_TEST(what_is_to_be_done_is_listed_and_counted)
{
    const PdTicketFilter open = {.queue = "network", .open_only = TRUE, .most = TICKETS};
    static const char *const one[] = {"network", NULL}, *const two[] = {"network", "system", NULL};
    g_autoptr(GPtrArray) all = NULL, undone = NULL, of_both = NULL;
    gint64 count = 0, both = 0, left = 0;

    fill();
    MUST(pd_ticket_list(store, &open, &all));
    for (guint i = 0; i < all->len; i++)
        left += strcmp(((PdTicket *)g_ptr_array_index(all, i))->status, "resolved") != 0;
    MUST(pd_ticket_list_undone(store, one, 3, &undone, &count));
    MUST(pd_ticket_list_undone(store, two, TICKETS, &of_both, &both));
    ck_assert_int_gt(left, 3);
    ck_assert_int_lt(left, all->len);
    ck_assert_int_eq(count, left);
    ck_assert_uint_eq(undone->len, 3);
    ck_assert_int_gt(both, count);
    ck_assert_uint_eq(of_both->len, both);
    for (guint i = 1; i < of_both->len; i++) {
        const PdTicket *before = g_ptr_array_index(of_both, i - 1);
        const PdTicket *ticket = g_ptr_array_index(of_both, i);
        ck_assert_int_le(strcmp(before->priority, ticket->priority), 0);
    }
}
END_TEST

/* That desk tests look at this to hold the way of a message to its indexes is worth something only
 * if it tells. */
START_TEST(going_through_a_table_is_noticed)
{
    fill();
    pd_db_scanning(store->db);
    g_free(listed(&(PdTicketFilter){.reporter = "bob@example.org", .status = "closed", .most = 9}));
    ck_assert_ptr_null(pd_db_scanning(store->db));
    g_free(listed(&(PdTicketFilter){.status = "closed", .most = 9}));
    const char *scanning = pd_db_scanning(store->db);
    ck_assert_ptr_nonnull(scanning);
    ck_assert_ptr_nonnull(strstr(scanning, "NOT INDEXED"));
    ck_assert_ptr_null(pd_db_scanning(store->db));
}
END_TEST

static gint64 load_one_by_one(const char *assignee)
{
    gint64 count = 0;

    for (gint64 number = 1; number <= TICKETS; number++) {
        g_autoptr(PdTicket) ticket = NULL;
        MUST(pd_ticket_get(store, number, &ticket));
        count += strcmp(ticket->assignee, assignee) == 0 && !is_over(ticket) &&
                 strcmp(ticket->status, "resolved") != 0;
    }
    return count;
}

START_TEST(loads_follow_every_change_of_status_and_holder)
{
    gint64 count;

    fill();
    for (guint i = 1; i < G_N_ELEMENTS(assignees); i++) {
        MUST(pd_tickets_assigned(store, assignees[i], &count));
        ck_assert_int_gt(count, 0);
        ck_assert_int_eq(count, load_one_by_one(assignees[i]));
    }
    MUST(pd_tickets_assigned(store, "nobody@example.org", &count));
    ck_assert_int_eq(count, 0);
}
END_TEST

Suite *list_suite(void)
{
    const TTest *tests[] = {
        every_filter_lists_the_newest_that_fit, going_through_a_table_is_noticed,
        what_is_to_be_done_is_listed_and_counted, loads_follow_every_change_of_status_and_holder};

    return suite_of("list", tests, G_N_ELEMENTS(tests));
}
