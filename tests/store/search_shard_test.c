/* search_shard_test.c: the index of words in many shards finds what it finds in one. */
#include "postdesk/search.h"
#include "store/store_internal.h"
#include "store_test.h"
#include <string.h>

static guint32 uid;

static void say(PdStore *in, gint64 ticket, const char *text)
{
    gint64 inbox = add_message(in, "support/INBOX", ++uid, text);
    PdStoredMessage message = {
        .inbox = inbox, .ticket = ticket, .from = "ann@example.org", .text = (char *)text};

    MUST(pd_store_begin(in));
    MUST(pd_message_put(in, &message));
    MUST(pd_store_commit(in));
}

static void rename_ticket(PdStore *in, gint64 number, const char *subject)
{
    g_autoptr(PdTicket) ticket = NULL;
    g_autoptr(PdEvent) event = pd_event_new("changed", "eva", "cli");

    MUST(pd_ticket_get(in, number, &ticket));
    event->ticket = number;
    pd_json_set(event->data, "set", pd_json_set_text(pd_json_object(), "subject", subject));
    MUST(pd_store_begin(in));
    MUST(pd_ticket_append(in, event, ticket->version));
    MUST(pd_store_commit(in));
}

static void index_all(PdStore *in)
{
    gboolean more = TRUE;

    while (more)
        MUST(pd_search_index(in, 100, &more));
}

static gint64 count_shards(void)
{
    gint64 count = 0;
    PdQuery *query;

    MUST(pd_db_query(store->db, "SELECT count(*) FROM search_shard", &query));
    MUST(pd_query_number(query, &count));
    return count;
}

/* "2:3 1:1", tickets and how many of their messages hold the words, in their order, and from
 * where on was looked; caller frees. */
static char *found(PdStore *in, const char *words, gint64 patience)
{
    g_autoptr(GPtrArray) hits = NULL;
    GString *text = g_string_new(NULL);
    gint64 since = -1;

    MUST(pd_search(in, words, 100, patience, &hits, &since));
    for (guint i = 0; i < hits->len; i++) {
        const PdSearchHit *hit = g_ptr_array_index(hits, i);
        g_string_append_printf(text, "%" G_GINT64_FORMAT ":%u ", hit->ticket, hit->messages);
    }
    g_string_append_printf(text, "since %" G_GINT64_FORMAT, since);
    return g_string_free(text, FALSE);
}

static void ck_found(const char *words, const char *expected)
{
    g_autofree char *text = found(store, words, 0);

    ck_assert_str_eq(text, expected);
}

/* A row for the fields and one for each message. */
START_TEST(a_ticket_whose_messages_lie_in_several_shards_is_found_once)
{
    pd_search_set_shard_rows(store, 2);
    gint64 number = open_ticket(store, "vpn", "ann@example.org");
    say(store, number, "the printer burns");
    say(store, number, "the printer smokes");
    say(store, number, "the printer is gone, says the lamp");
    index_all(store);
    ck_assert_int_eq(count_shards(), 2);
    ck_found("printer", "1:3 since 0");
    ck_found("burning", "1:1 since 0");
    ck_found("vpn", "1:0 since 0");
    ck_found("printer lamp", "1:1 since 0");
    ck_found("burns smokes", "since 0"); /* each in a message of its own */
    ck_found("burns lamp", "since 0");   /* and in a shard of its own */
}
END_TEST

START_TEST(who_has_the_store_open_already_finds_what_is_in_a_new_shard)
{
    PdStore *reader = NULL;

    pd_search_set_shard_rows(store, 1);
    open_ticket(store, "router", "ann@example.org");
    index_all(store);
    MUST(pd_store_open(state, PD_STORE_READ, &reader));
    g_autofree char *before = found(reader, "router", 0);
    open_ticket(store, "router", "ann@example.org");
    index_all(store);
    g_autofree char *after = found(reader, "router", 0);
    pd_store_close(reader);
    ck_assert_str_eq(before, "1:0 since 0");
    ck_assert_str_eq(after, "2:0 1:0 since 0");
}
END_TEST

START_TEST(a_ticket_in_an_old_shard_is_found_by_its_new_words_alone)
{
    pd_search_set_shard_rows(store, 2);
    gint64 first = open_ticket(store, "keyboard", "ann@example.org");
    for (guint i = 0; i < 8; i++)
        open_ticket(store, "other", "ann@example.org");
    index_all(store);
    rename_ticket(store, first, "mouse");
    index_all(store);
    ck_assert_int_eq(count_shards(), 5);
    ck_found("keyboard", "since 0");
    ck_found("mouse", "1:0 since 0");
}
END_TEST

/* What version 20 made is taken off again, as if version 19 had written the database. */
static void go_back_before_shards(void)
{
    MUST(pd_db_script(store->db,
                      "DROP TABLE search_shard; ALTER TABLE alarm DROP COLUMN facts;" TO_VERSION_23
                      "PRAGMA user_version = 19;"));
    g_clear_pointer(&store, pd_store_close);
    MUST(pd_store_open(state, PD_STORE_CREATE, &store));
}

START_TEST(what_was_indexed_before_there_were_shards_is_the_first_one)
{
    open_ticket(store, "数据库 database", "ann@example.org");
    open_ticket(store, "second database", "ann@example.org");
    index_all(store);
    go_back_before_shards();
    ck_found("database", "2:0 1:0 since 0");
    ck_found("数据", "1:0 since 0");
    open_ticket(store, "third database", "ann@example.org");
    index_all(store);
    ck_assert_int_eq(count_shards(), 1); /* there was room */
    pd_search_set_shard_rows(store, 2);
    open_ticket(store, "fourth database", "ann@example.org");
    index_all(store);
    ck_assert_int_eq(count_shards(), 2); /* it is larger than it may be now */
    fixture_reopen();
    ck_found("database", "4:0 3:0 2:0 1:0 since 0");
}
END_TEST

START_TEST(what_was_not_reached_is_told)
{
    pd_search_set_shard_rows(store, 2);
    for (guint i = 0; i < 6; i++)
        open_ticket(store,
                    i == 0   ? "oldest router"
                    : i == 5 ? "newest router"
                             : "other",
                    "ann@example.org");
    index_all(store);
    ck_assert_int_eq(count_shards(), 3);
    g_autofree char *cut = found(store, "router", 1); /* over before the second shard */
    ck_assert_str_eq(cut, "6:0 since 5");
    g_autofree char *nothing = found(store, "oldest", 1);
    ck_assert_str_eq(nothing, "since 5");
    ck_found("router", "6:0 1:0 since 0");
}
END_TEST

/* Many messages of a ticket, in one transaction. */
static void storm(gint64 ticket, guint count)
{
    g_autoptr(PdRawWriter) writer = NULL;
    gboolean is_new;

    MUST(pd_raw_writer_open(store, "support/INBOX", &writer));
    MUST(pd_store_begin(store));
    for (guint i = 0; i < count; i++) {
        g_autoptr(PdInboxRow) row = pd_inbox_row_new();
        row->mailbox = g_strdup("support/INBOX");
        MUST(pd_raw_begin(writer));
        MUST(pd_raw_write(writer, "alarm", 5));
        MUST(pd_raw_end(writer, &row->raw, row->sha256));
        MUST(pd_inbox_add(store, row, &is_new));
        PdStoredMessage message = {
            .inbox = row->id, .ticket = ticket, .from = "ann@example.org", .text = "alarm"};
        MUST(pd_message_put(store, &message));
    }
    MUST(pd_raw_sync(writer));
    MUST(pd_store_commit(store));
}

/* They are one hit, so looking would go on and on. */
START_TEST(a_storm_of_messages_is_left_when_it_is_late)
{
    open_ticket(store, "alarm", "ann@example.org");
    gint64 stormy = open_ticket(store, "other", "ann@example.org");
    storm(stormy, 1200);
    open_ticket(store, "third", "ann@example.org");
    index_all(store);
    g_autofree char *cut = found(store, "alarm", 1);
    ck_assert_str_eq(cut, "1:0 2:500 since 2");
    ck_found("alarm", "1:0 2:1200 since 0");
}
END_TEST

START_TEST(who_searches_does_not_wait_for_who_writes)
{
    PdStore *other = NULL;

    open_ticket(store, "router", "ann@example.org");
    MUST(pd_store_open(state, PD_STORE_WRITE, &other));
    MUST(pd_store_begin(other));
    MUST_FAIL(pd_search_catch_up(store, 10, 1000));
    ck_found("router", "since 0");
    pd_store_close(other);
    MUST(pd_search_catch_up(store, 10, 1000));
    ck_found("router", "1:0 since 0");
}
END_TEST

START_TEST(merging_ends_and_finds_the_same)
{
    gboolean more = TRUE;

    pd_search_set_shard_rows(store, 20);
    for (guint i = 0; i < 50; i++) {
        open_ticket(store, i % 7 == 0 ? "router" : "printer", "ann@example.org");
        index_all(store); /* one part each */
    }
    for (guint i = 0; more; i++) {
        ck_assert_uint_lt(i, 100);
        MUST(pd_search_merge(store, &more));
    }
    ck_found("router", "50:0 43:0 36:0 29:0 22:0 15:0 8:0 1:0 since 0");
    open_ticket(store, "router", "ann@example.org");
    index_all(store);
    MUST(pd_search_merge(store, &more));
    ck_assert(!more); /* the newest is not full */
    ck_found("router", "51:0 50:0 43:0 36:0 29:0 22:0 15:0 8:0 1:0 since 0");
}
END_TEST

static const char *const words[] = {"printer", "router", "网络", "打印", "the", "10.1.2.3", "谢谢"};

static char *some_words(GRand *chance)
{
    GString *text = g_string_new(NULL);

    for (gint left = g_rand_int_range(chance, 1, 6); left > 0; left--)
        g_string_append_printf(text, "%s%s",
                               words[g_rand_int_range(chance, 0, (gint)G_N_ELEMENTS(words))],
                               g_rand_boolean(chance) ? " " : "");
    return g_string_free(text, FALSE);
}

/* Tickets, messages and changes, the same ones for the same seed. */
static void live(PdStore *in, guint32 seed)
{
    GRand *chance = g_rand_new_with_seed(seed);

    open_ticket(in, "first", "ann@example.org");
    for (gint64 last = 1, i = 0; i < 60; i++) {
        g_autofree char *text = some_words(chance);
        gint64 one = g_rand_int_range(chance, 1, (gint)last + 1);
        switch (g_rand_int_range(chance, 0, 4)) {
        case 0:
            last = open_ticket(in, text, "ann@example.org");
            break;
        case 1:
            rename_ticket(in, one, text);
            break;
        case 2:
            index_all(in);
            break;
        default:
            say(in, one, text);
        }
    }
    index_all(in);
    g_rand_free(chance);
}

static void ck_same(PdStore *one, PdStore *other, guint32 seed)
{
    GRand *chance = g_rand_new_with_seed(seed + 1);

    for (guint i = 0; i < 40; i++) {
        g_autofree char *query = some_words(chance);
        g_autofree char *in_one = found(one, query, 0);
        g_autofree char *in_other = found(other, query, 0);
        ck_assert_msg(strcmp(in_one, in_other) == 0, "%s: %s, in shards %s (seed %u)", query,
                      in_one, in_other, seed);
    }
    g_rand_free(chance);
}

START_TEST(small_shards_find_the_same_as_one)
{
    for (guint32 seed = 1; seed <= 3; seed++) {
        g_autofree char *name = g_strdup_printf("sharded%u", seed);
        g_autofree char *plain_name = g_strdup_printf("plain%u", seed);
        g_autofree char *folder = g_build_filename(scratch, name, NULL);
        g_autofree char *plain_folder = g_build_filename(scratch, plain_name, NULL);
        PdStore *sharded = NULL, *plain = NULL;
        MUST(pd_store_open(folder, PD_STORE_CREATE, &sharded));
        MUST(pd_store_open(plain_folder, PD_STORE_CREATE, &plain));
        pd_search_set_shard_rows(sharded, (gint64)seed * 2 - 1);
        live(sharded, seed);
        live(plain, seed);
        ck_same(plain, sharded, seed);
        pd_store_close(sharded);
        pd_store_close(plain);
    }
}
END_TEST

Suite *search_shard_suite(void)
{
    const TTest *const tests[] = {a_ticket_whose_messages_lie_in_several_shards_is_found_once,
                                  who_has_the_store_open_already_finds_what_is_in_a_new_shard,
                                  a_ticket_in_an_old_shard_is_found_by_its_new_words_alone,
                                  what_was_indexed_before_there_were_shards_is_the_first_one,
                                  what_was_not_reached_is_told,
                                  a_storm_of_messages_is_left_when_it_is_late,
                                  who_searches_does_not_wait_for_who_writes,
                                  merging_ends_and_finds_the_same,
                                  small_shards_find_the_same_as_one};

    return suite_of("search shards", tests, G_N_ELEMENTS(tests));
}
