/* Search: tickets by the words of their mails, as reporters write them. */
#include "fixture.h"

#include "postdesk/search.h"
#include "store/schema.h"
#include "store/store_internal.h"
#include <string.h>

static Fixture *fixture;

static void report(const char *id, const char *subject, const char *text, const char *more)
{
    g_autofree char *raw = g_strdup_printf(
        "From: Ann <ann@example.net>\nTo: desk@example.org\nSubject: %s\nMessage-ID: <%s@x>\n"
        "Date: Mon, 23 Nov 2026 04:00:00 +0000\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=utf-8\n%s\n%s\n",
        subject, id, more, text);
    g_autoptr(PdInboxRow) row = fixture_send(fixture, raw);

    ck_assert_int_ne(row->ticket, 0);
}

static void index_all(void)
{
    gboolean more = TRUE;

    while (more)
        ck_ok(pd_search_index(fixture->store, 2, &more));
}

static void set_up(void)
{
    fixture = fixture_new("");
    report("1", "VPN 断开", "您好，办公室的网络打印机无法连接，错误代码 0x80070035。", "");
    report("2", "printer", "The printers on srv-print01.example.org are failing since 10.1.2.3",
           "");
    report("3", "网络", "一切正常", "");
    report("4", "other", "printing works, 110.1.2.3 and srv-print011", "");
    index_all();
}

static void tear_down(void)
{
    fixture_free(fixture);
}

/* The numbers in their order, by spaces. */
static void ck_found(const char *query, const char *expected)
{
    g_autoptr(GPtrArray) hits = NULL;
    g_autoptr(GString) numbers = g_string_new(NULL);

    gint64 since = -1;
    ck_ok(pd_search(fixture->store, query, 20, 0, &hits, &since));
    ck_assert_int_eq(since, 0);
    for (guint i = 0; i < hits->len; i++)
        g_string_append_printf(numbers, "%s%d", i > 0 ? " " : "",
                               (int)((PdSearchHit *)g_ptr_array_index(hits, i))->ticket);
    ck_assert_msg(strcmp(numbers->str, expected) == 0, "%s: %s", query, numbers->str);
}

START_TEST(two_characters_of_chinese_are_found)
{
    ck_found("网络", "3 1"); /* the subject comes first */
    ck_found("打印", "1");
    ck_found("络打", "1");
    ck_found("打网", "");
    ck_found("机", "1");
    ck_found("接", "1"); /* the last of a run */
    ck_found("网络打印机无法连接", "1");
    ck_found("ＶＰＮ断开", "1"); /* wide letters, and a space left out */
    ck_found("vpn 断开", "1");
    ck_found("错误代码0x80070035", "1"); /* Chinese before what is none, in one word */
    ck_found("\"无法连接，错误代码\"", "1");
    ck_found("错误0x80070035", "");
    ck_found("打印，", "1");
}
END_TEST

START_TEST(english_is_found_by_its_stem_and_names_as_they_are)
{
    ck_found("printer", "2");
    ck_found("failed", "2");
    ck_found("srv-print01", "2");
    ck_found("srv-print01.example.org", "2");
    ck_found("10.1.2.3", "2");
    ck_found("110.1.2.3", "4");
    ck_found("0x80070035", "1");
    ck_found("printer 网络", "");
    ck_found("ann@example.net", "4 3 2 1");
}
END_TEST

START_TEST(a_number_leads_to_its_ticket)
{
    ck_found("#3", "3 4 2"); /* before the 3 of the addresses */
    ck_found("2", "2 4");    /* and the 2 of the address in the other one */
}
END_TEST

START_TEST(signs_of_the_query_language_are_only_text)
{
    ck_found("\"works, 110.1\"", "4");
    ck_found("printer OR", "");
    ck_found("NEAR(\" * ^ : { - (", "");
    ck_found("\"", "");
    ck_found("", "");
    ck_found("' ; DROP TABLE ticket", "");
}
END_TEST

START_TEST(the_place_is_cut_out)
{
    g_autoptr(GPtrArray) hits = NULL;

    gint64 since;
    ck_ok(pd_search(fixture->store, "打印机", 20, 0, &hits, &since));
    const PdSearchHit *hit = g_ptr_array_index(hits, 0);
    ck_assert_str_eq(hit->place, "text");
    ck_assert_str_eq(hit->before, "您好，办公室的网络");
    ck_assert_str_eq(hit->match, "打印机");
    ck_assert_ptr_nonnull(strstr(hit->after, "无法连接"));
}
END_TEST

START_TEST(what_changes_is_found_by_its_new_words_alone)
{
    const char *const pairs[] = {"subject=keyboard", NULL};

    ck_ok(pd_desk_change(fixture->desk, 3, pairs, "test"));
    index_all();
    ck_found("keyboard", "3");
    report("5", "Re: [#4] other", "still 投影仪", "In-Reply-To: <4@x>\n");
    index_all();
    ck_found("投影仪", "4");
}
END_TEST

static void say(gint64 ticket, const char *command, const char *text)
{
    const char *const words[] = {command, NULL};

    ck_ok(pd_desk_command(fixture->desk, ticket, words, text, "root"));
}

START_TEST(what_was_only_said_on_this_machine_is_found)
{
    g_autoptr(GPtrArray) hits = NULL;
    gint64 since;

    say(1, "note", "交换机端口损坏，见 switch-07 的日志");
    say(2, "resolve", "solution: replaced the toner cartridge");
    ck_ok(pd_desk_reply(fixture->desk, 3, "请问是哪一层楼？", "root"));
    index_all();
    ck_found("交换机", "1");
    ck_found("端口损坏 switch-07", "1");
    ck_found("toner", "2");
    ck_found("哪一层楼", "3");
    ck_found("打印机 交换机", ""); /* one in a message, one in a note */
    ck_ok(pd_search(fixture->store, "switch-07", 20, 0, &hits, &since));
    const PdSearchHit *hit = g_ptr_array_index(hits, 0);
    ck_assert_str_eq(hit->place, "note");
    ck_assert_str_eq(hit->before, "交换机端口损坏，见 ");
    ck_assert_str_eq(hit->match, "switch-07");
    ck_assert_int_eq(hit->inbox, 0);
    ck_assert_int_gt(hit->note, 1);
    ck_assert_uint_eq(hit->messages, 0);
}
END_TEST

/* As they lie in a database that version 20 wrote. */
START_TEST(notes_from_before_they_were_indexed_are_found)
{
    say(1, "note", "交换机端口损坏");
    index_all();
    ck_ok(pd_db_script(fixture->store->db,
                       "DELETE FROM search_doc WHERE inbox < 0; DROP TABLE phrase;"
                       "ALTER TABLE decision DROP COLUMN phrases;"
                       "ALTER TABLE outbox DROP COLUMN retried_at;"
                       "ALTER TABLE alarm DROP COLUMN facts; PRAGMA user_version = 20;"));
    ck_found("交换机", "");
    ck_ok(pd_schema_migrate(fixture->store->db));
    index_all();
    ck_found("交换机", "1");
}
END_TEST

START_TEST(labels_are_found)
{
    const char *const pairs[] = {"field.资产=PC-0815", "tag=打印室,vip", NULL};
    const char *const off[] = {"field.资产=", "untag=vip", NULL};

    ck_ok(pd_desk_change(fixture->desk, 2, pairs, "test"));
    index_all();
    ck_found("PC-0815", "2");
    ck_found("资产", "2");
    ck_found("打印室", "2");
    ck_found("vip", "2");
    g_autoptr(GPtrArray) hits = NULL;
    gint64 since;
    ck_ok(pd_search(fixture->store, "pc-0815", 20, 0, &hits, &since));
    const PdSearchHit *hit = g_ptr_array_index(hits, 0);
    ck_assert_str_eq(hit->place, "fields");
    ck_assert_str_eq(hit->match, "PC-0815");
    ck_ok(pd_desk_change(fixture->desk, 2, off, "test"));
    index_all();
    ck_found("PC-0815", "");
    ck_found("vip", "");
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("search");
    Suite *suite = suite_create("search");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, two_characters_of_chinese_are_found);
    tcase_add_test(tests, english_is_found_by_its_stem_and_names_as_they_are);
    tcase_add_test(tests, a_number_leads_to_its_ticket);
    tcase_add_test(tests, signs_of_the_query_language_are_only_text);
    tcase_add_test(tests, the_place_is_cut_out);
    tcase_add_test(tests, what_changes_is_found_by_its_new_words_alone);
    tcase_add_test(tests, what_was_only_said_on_this_machine_is_found);
    tcase_add_test(tests, notes_from_before_they_were_indexed_are_found);
    tcase_add_test(tests, labels_are_found);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
