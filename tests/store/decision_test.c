/* decision_test.c: why each message was handled as it was, and phrases that many decisions have. */
#include "postdesk/phrase.h"
#include "store/db.h"
#include "store/store_internal.h"
#include "store_test.h"
#include <string.h>

static PdPhrase *phrases[3];

static void phrases_setup(void)
{
    static const char *const texts[] = {"{\"id\":\"vpn\"", "\"\\\\bvpn\\\\b\"", "\"服务器\""};

    fixture_setup();
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        phrases[i] = pd_phrase_new(g_strdup(texts[i]));
}

static void phrases_teardown(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(phrases); i++)
        pd_phrase_free(phrases[i]);
    fixture_teardown();
}

/* A line with the first phrases, each in a gap. */
static char *line_with(guint count, GPtrArray **told)
{
    GString *line = g_string_new("[");

    *told = g_ptr_array_new();
    for (guint i = 0; i < count; i++) {
        g_string_append_c(line, PD_PHRASE_GAP);
        g_string_append_c(line, ',');
        g_ptr_array_add(*told, phrases[i]);
    }
    return g_string_free(g_string_append(line, "0]"), FALSE);
}

static char *whole_with(guint count)
{
    GString *whole = g_string_new("[");

    for (guint i = 0; i < count; i++)
        g_string_append_printf(whole, "%s,", phrases[i]->text);
    return g_string_free(g_string_append(whole, "0]"), FALSE);
}

/* In the running transaction. */
static void put(gint64 inbox, guint count)
{
    g_autoptr(GPtrArray) told = NULL;
    g_autofree char *line = line_with(count, &told);

    MUST(pd_decision_put(store, inbox, 0, line, told));
}

static void put_alone(gint64 inbox, guint count)
{
    MUST(pd_store_begin(store));
    put(inbox, count);
    MUST(pd_store_commit(store));
}

static void check_whole(gint64 inbox, guint count)
{
    g_autofree char *expected = whole_with(count);
    g_autofree char *json = NULL;

    MUST(pd_decision_get(store, inbox, &json));
    ck_assert_str_eq(json, expected);
}

static gint64 kept(void)
{
    gint64 count = -1;
    PdQuery *query;

    MUST(pd_db_query(store->db, "SELECT count(*) FROM phrase", &query));
    MUST(pd_query_number(query, &count));
    return count;
}

START_TEST(decision_is_kept)
{
    gint64 inbox = add_message(store, "a/INBOX", 1, "x");
    g_autofree char *json = NULL;
    g_autofree char *none = NULL;

    MUST(pd_store_begin(store));
    MUST(pd_decision_put(store, inbox, 0, "{\"why\":1}", NULL));
    MUST(pd_store_commit(store));
    MUST(pd_decision_get(store, inbox, &json));
    MUST(pd_decision_get(store, inbox + 1, &none));
    ck_assert_str_eq(json, "{\"why\":1}");
    ck_assert_ptr_null(none);
}
END_TEST

START_TEST(decisions_are_listed_from_a_time_on)
{
    gint64 last = 0, before = -1;
    g_autoptr(PdInboxRow) row = NULL;
    g_autoptr(GPtrArray) all = NULL;
    g_autoptr(GPtrArray) none = NULL;

    for (guint32 uid = 1; uid <= 3; uid++) {
        last = add_message(store, "a/INBOX", uid, "x");
        MUST(pd_store_begin(store));
        MUST(pd_decision_put(store, last, 0, "{}", NULL));
        MUST(pd_store_commit(store));
    }
    MUST(pd_inbox_get(store, last, &row));
    MUST(pd_decisions_before(store, 0, &before));
    ck_assert_int_eq(before, 0);
    MUST(pd_decisions_before(store, row->taken_at + 1, &before));
    ck_assert_int_eq(before, last);
    MUST(pd_decisions_after(store, last - 2, 0, 9, &all));
    ck_assert_uint_eq(all->len, 2);
    ck_assert_int_eq(((PdStoredDecision *)g_ptr_array_index(all, 1))->inbox, last);
    MUST(pd_decisions_after(store, 0, row->taken_at + 1, 9, &none));
    ck_assert_uint_eq(none->len, 0);
}
END_TEST

START_TEST(phrases_are_kept_once_and_come_back_in_their_places)
{
    gint64 first = add_message(store, "a/INBOX", 1, "x"),
           second = add_message(store, "a/INBOX", 2, "y");
    g_autoptr(GPtrArray) all = NULL;

    put_alone(first, 3);
    put_alone(second, 2);
    ck_assert_int_eq(kept(), 3);
    check_whole(first, 3);
    check_whole(second, 2);
    fixture_reopen();
    put_alone(second, 3);
    ck_assert_int_eq(kept(), 3);
    check_whole(second, 3);
    MUST(pd_decisions_after(store, 0, 0, 9, &all));
    g_autofree char *expected = whole_with(3);
    for (guint i = 0; i < 2; i++)
        ck_assert_str_eq(((PdStoredDecision *)g_ptr_array_index(all, i))->json, expected);
}
END_TEST

/* Another phrase has taken the number meanwhile. */
START_TEST(a_number_that_was_rolled_back_is_not_believed)
{
    gint64 inbox = add_message(store, "a/INBOX", 1, "x"),
           other = add_message(store, "a/INBOX", 2, "y");

    MUST(pd_store_begin(store));
    put(inbox, 2);
    pd_store_rollback(store);
    MUST(pd_store_begin(store));
    MUST(pd_store_savepoint(store));
    put(inbox, 3);
    MUST(pd_store_rollback_savepoint(store));
    g_autoptr(GPtrArray) told = g_ptr_array_new();
    g_ptr_array_add(told, phrases[2]);
    MUST(pd_decision_put(store, other, 0, "\1", told));
    put(inbox, 3);
    MUST(pd_store_commit(store));
    g_autofree char *json = NULL;
    MUST(pd_decision_get(store, other, &json));
    ck_assert_str_eq(json, phrases[2]->text);
    check_whole(inbox, 3);
}
END_TEST

/* A desk that is loaded anew and a second one on the same rules, say. */
START_TEST(numbers_of_another_store_are_not_believed)
{
    gint64 inbox = add_message(store, "a/INBOX", 1, "x");
    g_autofree char *elsewhere = g_build_filename(scratch, "elsewhere", NULL);
    g_autoptr(GPtrArray) told = g_ptr_array_new();
    g_autofree char *json = NULL;
    PdStore *here = store, *there = NULL;

    put_alone(inbox, 3);
    MUST(pd_store_open(elsewhere, PD_STORE_CREATE, &there));
    gint64 abroad = add_message(there, "a/INBOX", 1, "x");
    g_ptr_array_add(told, phrases[2]);
    MUST(pd_store_begin(there));
    MUST(pd_decision_put(there, abroad, 0, "\1", told));
    MUST(pd_store_commit(there));
    MUST(pd_decision_get(there, abroad, &json));
    pd_store_close(there);
    ck_assert_str_eq(json, phrases[2]->text);
    store = here;
    put_alone(inbox, 3);
    check_whole(inbox, 3);
}
END_TEST

START_TEST(a_damaged_decision_is_an_error_and_no_crash)
{
    static const char *const damages[] = {
        "UPDATE decision SET phrases = CAST(substr(phrases, 1, 8) AS BLOB)",
        "UPDATE decision SET phrases = CAST(phrases || x'00000001' AS BLOB)",
        "UPDATE decision SET phrases = CAST(x'0000ffff' || substr(phrases, 5) AS BLOB)",
        "UPDATE decision SET json = '[]'",
    };
    gint64 inbox = add_message(store, "a/INBOX", 1, "x");
    g_autofree char *json = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(damages); i++) {
        put_alone(inbox, 3);
        MUST(pd_db_script(store->db, damages[i]));
        g_autoptr(GPtrArray) all = NULL;
        MUST_FAIL(pd_decision_get(store, inbox, &json));
        MUST_FAIL(pd_decisions_after(store, 0, 0, 9, &all));
        ck_assert_ptr_null(json);
        ck_assert_ptr_null(all);
    }
}
END_TEST

START_TEST(a_decision_that_lost_a_phrase_is_found_by_verifying)
{
    gint64 first = add_message(store, "a/INBOX", 1, "x"),
           second = add_message(store, "a/INBOX", 2, "y");

    put_alone(first, 3);
    put_alone(second, 2);
    ck_assert_uint_eq(differences(store), 0);
    MUST(pd_db_script(store->db, "DELETE FROM phrase WHERE id = 3"));
    fixture_reopen();
    ck_assert_uint_eq(differences(store), 1);
}
END_TEST

START_TEST(decisions_of_before_there_were_phrases_are_read)
{
    gint64 inbox = add_message(store, "a/INBOX", 1, "x");
    g_autofree char *json = NULL;

    MUST(pd_store_begin(store));
    MUST(pd_decision_put(store, inbox, 0, "{\"why\":1}", NULL));
    MUST(pd_store_commit(store));
    MUST(pd_db_script(store->db, TO_VERSION_23 "PRAGMA user_version = 23;"));
    g_clear_pointer(&store, pd_store_close);
    MUST(pd_store_open(state, PD_STORE_CREATE, &store));
    MUST(pd_decision_get(store, inbox, &json));
    ck_assert_str_eq(json, "{\"why\":1}");
    put_alone(inbox, 3);
    check_whole(inbox, 3);
}
END_TEST

Suite *decision_suite(void)
{
    const TTest *tests[] = {
        decision_is_kept,
        decisions_are_listed_from_a_time_on,
        phrases_are_kept_once_and_come_back_in_their_places,
        a_number_that_was_rolled_back_is_not_believed,
        numbers_of_another_store_are_not_believed,
        a_damaged_decision_is_an_error_and_no_crash,
        a_decision_that_lost_a_phrase_is_found_by_verifying,
        decisions_of_before_there_were_phrases_are_read,
    };
    Suite *suite = suite_create("decision");
    TCase *all = tcase_create("phrases");

    tcase_add_checked_fixture(all, phrases_setup, phrases_teardown);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        tcase_add_test(all, tests[i]);
    suite_add_tcase(suite, all);
    return suite;
}
