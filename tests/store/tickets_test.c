/* tickets_test.c: tickets are views of their events (I6). */
#include "store/projection.h"
#include "store/store_internal.h"
#include "store_test.h"
#include <string.h>

START_TEST(opened_ticket_shows_what_its_event_set)
{
    gint64 number = open_ticket(store, "打印机坏了", "Ann@Example.org");
    g_autoptr(PdTicket) ticket = NULL;
    g_autoptr(PdTicket) none = NULL;
    gboolean is_one;

    MUST(pd_ticket_get(store, number, &ticket));
    ck_assert_int_eq(number, 1);
    ck_assert_int_eq(ticket->version, 1);
    ck_assert_str_eq(ticket->subject, "打印机坏了");
    ck_assert_str_eq(ticket->status, "new");
    ck_assert_str_eq(ticket->queue, "");
    ck_assert_int_gt(ticket->created_at, 0);
    MUST(pd_ticket_has_participant(store, number, "aNN@example.ORG", &is_one));
    ck_assert(is_one);
    MUST(pd_ticket_has_participant(store, number, "bob@example.org", &is_one));
    ck_assert(!is_one);
    MUST(pd_ticket_get(store, 99, &none));
    ck_assert_ptr_null(none);
}
END_TEST

static PdEvent *change(gint64 ticket, const char *field, const char *value)
{
    PdEvent *event = pd_event_new("changed", "ann", "cli");
    PdJson *set = pd_json_object();

    event->ticket = ticket;
    pd_json_set_text(set, field, value);
    pd_json_set(event->data, "set", set);
    return event;
}

START_TEST(change_is_applied_and_a_stale_one_refused)
{
    gint64 number = open_ticket(store, "x", "ann@example.org");
    g_autoptr(PdEvent) event = change(number, "priority", "P1");
    g_autoptr(PdEvent) stale = change(number, "priority", "P2");
    g_autoptr(PdTicket) ticket = NULL;

    MUST(pd_store_begin(store));
    MUST(pd_ticket_append(store, event, 1));
    g_autoptr(PdStatus) refused = pd_ticket_append(store, stale, 1);
    ck_assert_ptr_nonnull(refused);
    ck_assert(pd_status_may_retry(refused));
    ck_assert_int_eq(pd_status_spoils(refused), PD_SPOILS_MESSAGE);
    MUST(pd_store_commit(store));
    MUST(pd_ticket_get(store, number, &ticket));
    ck_assert_str_eq(ticket->priority, "P1");
    ck_assert_str_eq(ticket->subject, "x");
    ck_assert_int_eq(ticket->version, 2);
}
END_TEST

static void expect_priority(gint64 number, const char *priority, gint64 version)
{
    g_autoptr(PdTicket) ticket = NULL;

    MUST(pd_ticket_get(store, number, &ticket));
    ck_assert_str_eq(ticket->priority, priority);
    ck_assert_int_eq(ticket->version, version);
}

/* In the transaction and behind it. */
START_TEST(what_is_rolled_back_is_not_seen_again)
{
    gint64 number = open_ticket(store, "x", "ann@example.org");
    g_autoptr(PdEvent) first = change(number, "priority", "P1");
    g_autoptr(PdEvent) second = change(number, "priority", "P2");

    MUST(pd_store_begin(store));
    MUST(pd_ticket_append(store, first, 1));
    expect_priority(number, "P1", 2);
    MUST(pd_store_savepoint(store));
    MUST(pd_ticket_append(store, second, 2));
    expect_priority(number, "P2", 3);
    MUST(pd_store_rollback_savepoint(store));
    expect_priority(number, "P1", 2);
    pd_store_rollback(store);
    expect_priority(number, "", 1);
}
END_TEST

START_TEST(nonsense_is_refused)
{
    gint64 number = open_ticket(store, "x", "ann@example.org");
    g_autoptr(PdEvent) unknown = change(number, "colour", "red");
    g_autoptr(PdEvent) absent = change(77, "priority", "P1");
    g_autoptr(PdEvent) link = change(number, "suggested_link", "seven");
    g_autoptr(PdEvent) tag = pd_event_new("changed", "ann", "cli");

    tag->ticket = number;
    pd_json_set(tag->data, "tags", pd_json_add_text(pd_json_array(), "two words"));
    MUST(pd_store_begin(store));
    MUST_FAIL(pd_ticket_append(store, unknown, 1));
    MUST_FAIL(pd_ticket_append(store, absent, 0));
    MUST_FAIL(pd_ticket_append(store, link, 1));
    MUST_FAIL(pd_ticket_append(store, tag, 1));
    pd_store_rollback(store);
}
END_TEST

START_TEST(refused_opening_can_be_tried_again)
{
    g_autoptr(PdEvent) event = opening("x", "ann@example.org");

    pd_json_set(event->data, "tags", pd_json_add_text(pd_json_array(), "two words"));
    MUST(pd_store_begin(store));
    MUST_FAIL(pd_ticket_append(store, event, 0));
    ck_assert_int_eq(event->ticket, 0);
    pd_json_set(event->data, "tags", pd_json_array());
    MUST(pd_ticket_append(store, event, 0));
    MUST(pd_store_commit(store));
    ck_assert_int_eq(event->ticket, 1);
}
END_TEST

START_TEST(tags_are_sorted_and_once)
{
    gint64 number = open_ticket(store, "x", "ann@example.org");
    g_autoptr(PdEvent) event = pd_event_new("changed", "ann", "cli");
    g_autoptr(PdTicket) ticket = NULL;
    PdJson *tags = pd_json_array();

    event->ticket = number;
    pd_json_add_text(pd_json_add_text(pd_json_add_text(tags, "vip"), "audit"), "vip");
    pd_json_set(event->data, "tags", tags);
    MUST(pd_store_begin(store));
    MUST(pd_ticket_append(store, event, 1));
    MUST(pd_store_commit(store));
    MUST(pd_ticket_get(store, number, &ticket));
    ck_assert_str_eq(ticket->tags, "audit vip");
}
END_TEST

static void append_message(gint64 number, gint64 version, const char *message_id,
                           const char *conversation, gboolean unproven)
{
    g_autoptr(PdEvent) event = pd_event_new("message", "ann@example.org", "mail");

    event->ticket = number;
    if (message_id != NULL)
        pd_json_set_text(event->data, "message_id", message_id);
    if (conversation != NULL)
        pd_json_set_text(event->data, "conversation", conversation);
    if (unproven)
        pd_json_set_bool(event->data, "unproven", TRUE);
    MUST(pd_store_begin(store));
    MUST(pd_ticket_append(store, event, version));
    MUST(pd_store_commit(store));
}

static void give_thread_key(gint64 number, gint64 version, const char *message_id)
{
    append_message(number, version, message_id, NULL, FALSE);
}

START_TEST(message_id_leads_to_its_oldest_ticket)
{
    gint64 one = open_ticket(store, "one", "ann@example.org");
    gint64 other = open_ticket(store, "other", "eve@example.org");
    gint64 found;

    give_thread_key(one, 1, "a@host");
    give_thread_key(other, 1, "a@host");
    give_thread_key(other, 2, "b@host");
    MUST(pd_ticket_by_message_id(store, "a@host", &found));
    ck_assert_int_eq(found, one);
    MUST(pd_ticket_by_message_id(store, "b@host", &found));
    ck_assert_int_eq(found, other);
    MUST(pd_ticket_by_message_id(store, "c@host", &found));
    ck_assert_int_eq(found, 0);
}
END_TEST

START_TEST(what_nobody_has_shown_to_be_his_proves_nothing)
{
    gint64 number = open_ticket(store, "x", "ann@example.org");
    gint64 other = open_ticket(store, "y", "eve@example.org");
    g_autoptr(GPtrArray) ids = NULL, conversations = NULL;

    append_message(number, 1, "forged@host", "c1", TRUE);
    append_message(number, 2, "\"a\\b\"\t\u90ae@host", NULL, FALSE);
    append_message(number, 3, NULL, "c2", FALSE);
    give_thread_key(other, 1, "of-another@host");
    MUST(pd_ticket_proven_ids(store, number, &ids));
    ck_assert_uint_eq(ids->len, 1);
    ck_assert_str_eq(g_ptr_array_index(ids, 0), "\"a\\b\"\t\u90ae@host");
    MUST(pd_ticket_proven_conversations(store, number, &conversations));
    ck_assert_uint_eq(conversations->len, 1);
    ck_assert_str_eq(g_ptr_array_index(conversations, 0), "c2");
}
END_TEST

/* A disk or a hand spoilt it: that is no reason to stop the desk. */
START_TEST(what_is_no_json_proves_nothing)
{
    gint64 number = open_ticket(store, "x", "ann@example.org");
    g_autoptr(GPtrArray) ids = NULL, conversations = NULL;
    PdQuery *query;

    append_message(number, 1, "spoilt@host", "c1", FALSE);
    append_message(number, 2, "good@host", "c2", FALSE);
    MUST(pd_store_begin(store));
    MUST(pd_db_query(store->db, "UPDATE event SET data = '{\"message_id' WHERE sequence = 2",
                     &query));
    MUST(pd_query_run(query));
    MUST(pd_store_commit(store));
    MUST(pd_ticket_proven_ids(store, number, &ids));
    ck_assert_uint_eq(ids->len, 1);
    ck_assert_str_eq(g_ptr_array_index(ids, 0), "good@host");
    MUST(pd_ticket_proven_conversations(store, number, &conversations));
    ck_assert_uint_eq(conversations->len, 1);
}
END_TEST

START_TEST(events_come_back_whole)
{
    gint64 number = open_ticket(store, "x", "ann@example.org");
    g_autoptr(PdEvent) event = change(number, "queue", "network");
    g_autoptr(GPtrArray) events = NULL;

    event->inbox = 5;
    event->rule_set = g_strdup("abc");
    pd_json_set_text(event->data, "note", "kept as it is\n\"");
    MUST(pd_store_begin(store));
    MUST(pd_ticket_append(store, event, 1));
    MUST(pd_store_commit(store));
    MUST(pd_ticket_events(store, number, &events));
    ck_assert_uint_eq(events->len, 2);
    const PdEvent *second = g_ptr_array_index(events, 1);
    g_autofree char *data = pd_json_compact(second->data);
    ck_assert_str_eq(data, "{\"set\":{\"queue\":\"network\"},\"note\":\"kept as it is\\n\\\"\"}");
    ck_assert_str_eq(second->rule_set, "abc");
    ck_assert_int_eq(second->sequence, 2);
    ck_assert_int_eq(second->inbox, 5);
}
END_TEST

static guint listed(const PdTicketFilter *filter)
{
    g_autoptr(GPtrArray) tickets = NULL;

    MUST(pd_ticket_list(store, filter, &tickets));
    return tickets->len;
}

START_TEST(tickets_are_listed_by_what_is_asked)
{
    static const char *const categories[] = {"network", "network/vpn", "networking", "other"};
    gint64 number = 0;

    for (guint i = 0; i < G_N_ELEMENTS(categories); i++) {
        number = open_ticket(store, "x", "ann@example.org");
        g_autoptr(PdEvent) event = change(number, "category", categories[i]);
        MUST(pd_store_begin(store));
        MUST(pd_ticket_append(store, event, 1));
        MUST(pd_store_commit(store));
    }
    g_autoptr(PdEvent) closing = change(number, "status", "closed");
    MUST(pd_store_begin(store));
    MUST(pd_ticket_append(store, closing, 2));
    MUST(pd_store_commit(store));
    ck_assert_uint_eq(listed(&(PdTicketFilter){.most = 10}), 4);
    ck_assert_uint_eq(listed(&(PdTicketFilter){.most = 2}), 2);
    ck_assert_uint_eq(listed(&(PdTicketFilter){.open_only = TRUE, .most = 10}), 3);
    ck_assert_uint_eq(listed(&(PdTicketFilter){.status = "closed", .most = 10}), 1);
    ck_assert_uint_eq(listed(&(PdTicketFilter){.status = "new", .most = 10}), 3);
    ck_assert_uint_eq(listed(&(PdTicketFilter){.category = "network", .most = 10}), 2);
    ck_assert_uint_eq(listed(&(PdTicketFilter){.reporter = "ANN@example.org", .most = 10}), 4);
    ck_assert_uint_eq(listed(&(PdTicketFilter){.queue = "none", .most = 10}), 0);
}
END_TEST

static void put_message(gint64 inbox, gint64 ticket, const char *message_id, char content)
{
    PdStoredMessage message = {.inbox = inbox, .ticket = ticket, .text = (char *)"text"};

    message.message_id = (char *)message_id;
    memset(message.content_hash, content, PD_HASH_SIZE);
    MUST(pd_store_begin(store));
    MUST(pd_message_put(store, &message));
    MUST(pd_store_commit(store));
}

static gint64 copy_of(const char *message_id, char content)
{
    guint8 hash[PD_HASH_SIZE];
    gint64 inbox, ticket;

    memset(hash, content, PD_HASH_SIZE);
    MUST(pd_message_find_copy(store, message_id, hash, 0, &inbox, &ticket));
    return inbox;
}

START_TEST(copy_is_same_message_id_and_same_content)
{
    gint64 first = add_message(store, "a/INBOX", 1, "x");
    gint64 second = add_message(store, "b/INBOX", 1, "x");
    gint64 ticket = open_ticket(store, "x", "ann@example.org");
    g_autoptr(GPtrArray) messages = NULL;

    put_message(first, ticket, "a@host", 'c');
    put_message(second, 0, "b@host", 'c');
    ck_assert_int_eq(copy_of("a@host", 'c'), first);
    ck_assert_int_eq(copy_of("b@host", 'c'), second);
    ck_assert_int_eq(copy_of("a@host", 'd'), 0);
    ck_assert_int_eq(copy_of("c@host", 'c'), 0);
    ck_assert_int_gt(copy_of(NULL, 'c'), 0);
    ck_assert_int_eq(copy_of(NULL, 'd'), 0);
    MUST(pd_message_of_ticket(store, ticket, &messages));
    ck_assert_uint_eq(messages->len, 1);
    ck_assert_str_eq(((PdStoredMessage *)g_ptr_array_index(messages, 0))->text, "text");
}
END_TEST

/* Random events; a fixed seed, so that a failure can be looked at again. */
static PdEvent *random_event(GRand *random, gint64 ticket)
{
    static const char *const texts[] = {"", "a", "报修", "long \"quoted\"\n\ttext", "closed"};
    static const char *const tags[] = {"vip", "audit", "标签", "z"};
    PdEvent *event = pd_event_new("changed", "ann", "cli");
    PdJson *set = pd_json_object();

    event->ticket = ticket;
    event->at = g_rand_int_range(random, 1, 1000000);
    for (guint i = 0; i < PD_TICKET_FIELDS - 2; i++) /* the last two have members of their own */
        if (g_rand_int_range(random, 0, 4) == 0)
            pd_json_set_text(set, pd_ticket_field_name(i),
                             g_rand_boolean(random)
                                 ? texts[g_rand_int_range(random, 0, G_N_ELEMENTS(texts))]
                                 : NULL);
    pd_json_set(event->data, "set", set);
    if (g_rand_int_range(random, 0, 3) == 0)
        pd_json_set(event->data, "tags",
                    pd_json_add_text(pd_json_array(),
                                     tags[g_rand_int_range(random, 0, G_N_ELEMENTS(tags))]));
    return event;
}

static void check_rebuilt(gint64 number)
{
    g_autoptr(PdTicket) rebuilt = pd_ticket_blank();
    g_autoptr(PdTicket) stored = NULL;
    g_autoptr(GPtrArray) events = NULL;

    MUST(pd_ticket_events(store, number, &events));
    for (guint i = 0; i < events->len; i++)
        MUST(pd_project(rebuilt, g_ptr_array_index(events, i)));
    MUST(pd_ticket_get(store, number, &stored));
    ck_assert_int_eq(rebuilt->number, number);
    ck_assert_ptr_null(pd_ticket_difference(rebuilt, stored));
}

START_TEST(row_is_what_its_events_rebuild)
{
    GRand *random = g_rand_new_with_seed(20261123);

    MUST(pd_store_begin(store));
    for (guint t = 0; t < 50; t++) {
        gint64 number = 0;
        gint64 version = 0;
        for (int events = g_rand_int_range(random, 1, 20); events > 0; events--) {
            g_autoptr(PdEvent) event = random_event(random, number);
            MUST(pd_ticket_append(store, event, version));
            number = event->ticket;
            version = event->sequence;
        }
    }
    MUST(pd_store_commit(store));
    for (gint64 number = 1; number <= 50; number++)
        check_rebuilt(number);
    g_rand_free(random);
}
END_TEST

Suite *tickets_suite(void)
{
    const TTest *tests[] = {
        opened_ticket_shows_what_its_event_set, change_is_applied_and_a_stale_one_refused,
        what_is_rolled_back_is_not_seen_again,  nonsense_is_refused,
        refused_opening_can_be_tried_again,     tags_are_sorted_and_once,
        message_id_leads_to_its_oldest_ticket,  what_nobody_has_shown_to_be_his_proves_nothing,
        what_is_no_json_proves_nothing,         events_come_back_whole,
        tickets_are_listed_by_what_is_asked,    copy_is_same_message_id_and_same_content,
        row_is_what_its_events_rebuild,
    };

    return suite_of("tickets", tests, G_N_ELEMENTS(tests));
}
