/* likeness_test.c: which solved tickets are found for a new one. */
#include "postdesk/search.h"
#include "store/likeness_words.h"
#include "store/store_internal.h"
#include "store_test.h"
#include <string.h>

static void set_status(gint64 number, const char *status)
{
    g_autoptr(PdTicket) ticket = NULL;
    g_autoptr(PdEvent) event = pd_event_new("changed", "eva", "cli");

    MUST(pd_ticket_get(store, number, &ticket));
    event->ticket = number;
    pd_json_set(event->data, "set", pd_json_set_text(pd_json_object(), "status", status));
    MUST(pd_store_begin(store));
    MUST(pd_ticket_append(store, event, ticket->version));
    MUST(pd_store_commit(store));
}

static gint64 solve(const char *subject)
{
    gint64 number = open_ticket(store, subject, "ann@example.org");

    set_status(number, "resolved");
    return number;
}

static void index_all(void)
{
    gboolean more = TRUE;

    while (more)
        MUST(pd_search_index(store, 100, &more));
}

/* The numbers, the most alike first; caller frees. */
static char *like(const char *subject, const char *text, gint64 except)
{
    const PdLikeness wanted = {subject, text, "", except};
    g_autoptr(GArray) found = NULL;
    GString *numbers = g_string_new(NULL);

    MUST(pd_search_similar(store, &wanted, 8, &found));
    for (guint i = 0; i < found->len; i++)
        g_string_append_printf(numbers, "%s%" G_GINT64_FORMAT, i > 0 ? " " : "",
                               g_array_index(found, PdSimilar, i).ticket);
    return g_string_free(numbers, FALSE);
}

static void is_like(const char *subject, const char *text, gint64 except, const char *expected)
{
    g_autofree char *found = like(subject, text, except);

    ck_assert_str_eq(found, expected);
}

START_TEST(rare_words_find_and_common_ones_do_not)
{
    for (guint i = 0; i < 60; i++) {
        g_autofree char *subject = g_strdup_printf("please restart printer number%u", i);
        solve(subject);
    }
    solve("oracle listener refuses connections");
    solve("表空间不足，数据库无法写入");
    index_all();
    is_like("the listener of oracle", "it refused every connection today", 0, "61");
    is_like("请处理", "生产库报错：表空间不足", 0, "62");
    is_like("please restart printer", "", 0, "");
    is_like("nothing of this stands anywhere", "", 0, "");
    is_like("", "", 0, "");
}
END_TEST

START_TEST(only_what_is_solved_now_is_found)
{
    gint64 number = solve("oracle listener refuses");

    open_ticket(store, "oracle listener refuses", "bob@example.org");
    index_all();
    is_like("oracle listener", "refuses", 0, "1");
    is_like("oracle listener", "refuses", number, "");
    set_status(number, "open");
    index_all();
    is_like("oracle listener", "refuses", 0, "");
    set_status(number, "closed");
    index_all();
    is_like("oracle listener", "refuses", 0, "1");
    set_status(number, "merged");
    is_like("oracle listener", "refuses", 0, "");
}
END_TEST

/* However many tickets have a word, the newest are kept. */
START_TEST(the_newest_tickets_of_a_word_are_found)
{
    for (guint i = 1; i <= 100; i++) {
        open_ticket(store, "about something else", "ann@example.org");
        if (i % 2 == 0)
            solve(i % 20 == 0 ? "tablespace exhausted" : "toner");
    }
    index_all();
    is_like("tablespace exhausted", "", 0, "150 120 90 60 30");
    for (guint i = 0; i < 400; i++)
        open_ticket(store, "about something else", "ann@example.org");
    for (guint i = 0; i < 30; i++)
        solve("tablespace exhausted");
    index_all();
    set_status(10, "resolved"); /* not before it */
    index_all();
    gint64 rows = 0, longest = 0;
    PdQuery *query;
    MUST(pd_db_query(store->db, "SELECT count(*) FROM likeness", &query));
    MUST(pd_query_number(query, &rows));
    ck_assert_int_eq(rows, 6); /* tablespace, exhausted, toner, about, something, else */
    MUST(pd_db_query(store->db, "SELECT max(length(tickets)) FROM likeness", &query));
    MUST(pd_query_number(query, &longest));
    ck_assert_int_eq(longest, 16 * 8);
}
END_TEST

static gboolean same_words(const char *one, const char *other)
{
    PdLikenessWords a, b;

    pd_likeness_words(one, NULL, &a);
    pd_likeness_words(NULL, other, &b);
    return a.count == b.count && memcmp(a.words, b.words, a.count * sizeof *a.words) == 0;
}

START_TEST(words_are_taken_in_their_forms)
{
    g_autoptr(GString) much = g_string_new(NULL);
    PdLikenessWords words;

    ck_assert(same_words("Connection", "connected CONNECT, connecting"));
    ck_assert(same_words("ＶＰＮ of", "vpn"));
    ck_assert(same_words("网络慢", "网络慢 网络慢"));
    ck_assert(!same_words("ORA01555", "ORA01556"));
    for (guint i = 0; i < 100000; i++)
        g_string_append_printf(much, "w%u ", i);
    pd_likeness_words(much->str, much->str, &words);
    ck_assert_uint_eq(words.count, PD_LIKENESS_WORDS);
    pd_likeness_words(NULL, "\xff\xfe broken", &words);
    ck_assert_uint_eq(words.count, 0);
}
END_TEST

Suite *likeness_suite(void)
{
    const TTest *tests[] = {
        rare_words_find_and_common_ones_do_not,
        only_what_is_solved_now_is_found,
        the_newest_tickets_of_a_word_are_found,
        words_are_taken_in_their_forms,
    };

    return suite_of("likeness", tests, G_N_ELEMENTS(tests));
}
