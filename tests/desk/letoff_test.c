/* letoff_test.c: who loses a ticket is told so once, unless he did it himself. */
#include "fixture.h"
#include "letters.h"
#include "postdesk/clock.h"
#include "postdesk/pending.h"
#include "postdesk/upkeep.h"
#include <stdlib.h>
#include <string.h>

#define PEOPLE                                                                                     \
    "people:\n"                                                                                    \
    "  - {name: Zhang, address: zhang@example.org, role: engineer, language: en}\n"                \
    "  - {name: Li, address: li@example.org, role: engineer, language: en}\n"                      \
    "  - {name: 王五, address: wang@example.org, role: engineer, language: zh_CN}\n"             \
    "  - {name: Dora, address: dora@example.org, role: dispatcher, language: en}\n"
#define NIGHT "answers: {quiet_hours: '00:00-23:59'}\n"
#define MANY 6
#define OFF "No longer yours"

static Fixture *fixture;

static void open_desk(const char *settings, guint tickets)
{
    pd_clock_set(0);
    fixture = fixture_with_people(settings, PEOPLE);
    for (guint i = 1; i <= tickets; i++) {
        g_autofree char *raw = g_strdup_printf("From: ann@example.com\nTo: desk@example.org\n"
                                               "Subject: matter %u\nMessage-ID: <%u@example.com>\n"
                                               "\nNo line since nine.\n",
                                               i, i);
        pd_inbox_row_free(fixture_send(fixture, raw));
    }
}

static void tear_down(void)
{
    fixture_free(fixture);
    pd_clock_set(0);
}

static void run_as(const char *actor, const char *line)
{
    g_auto(GStrv) words = g_strsplit(line, " ", -1);

    ck_ok(pd_desk_command(fixture->desk, 1, (const char *const *)words, NULL, actor));
}

static void give_all(const char *pair)
{
    g_autoptr(GArray) tickets = g_array_new(FALSE, FALSE, sizeof(gint64));
    const char *const pairs[] = {pair, NULL};
    g_autoptr(PdJson) rows = NULL;
    gint64 bulk = 0;

    for (gint64 number = 1; number <= MANY; number++)
        g_array_append_val(tickets, number);
    ck_ok(pd_desk_change_all(fixture->desk, tickets, pairs, "root", FALSE, &bulk, &rows));
}

static void take_bulk_back(gint64 bulk)
{
    g_autoptr(PdJson) rows = NULL;

    ck_ok(pd_desk_undo_all(fixture->desk, bulk, "root", &rows));
}

/* All that waits is told. */
static void wait_for_all(void)
{
    gint64 next = 0;
    guint mailed = 0;
    gboolean more = FALSE;

    ck_ok(pd_pending_next(fixture->store, &next));
    if (next == 0)
        return;
    pd_clock_set(next + PD_SECOND);
    ck_ok(pd_desk_tell_gathered(fixture->desk, &mailed, &more));
}

static void check_mails(const char *address, guint expected)
{
    guint found = letters_count(fixture, address);

    ck_assert_msg(found == expected, "%s got %u mails and not %u", address, found, expected);
}

static void check_has(const char *address, const char *purpose, const char *text)
{
    g_autoptr(PdMail) mail = letters_to(fixture, address, purpose);

    letters_hold(mail, text);
}

START_TEST(who_loses_it_is_told_who_took_it_and_who_has_it)
{
    open_desk("", 1);
    run_as("root", "assign Zhang");
    run_as("dora@example.org", "assign Li");
    check_mails("zhang@example.org", 2);
    g_autoptr(PdMail) mail = letters_to(fixture, "zhang@example.org", "let_off");
    ck_assert_ptr_nonnull(strstr(mail->subject, OFF));
    letters_hold(mail, "Dora took ticket #1 from you; it is now with Li.");
    letters_hold(mail, "Nothing more is expected of you.");
    letters_lack(mail, "No line since nine"); /* it is short */
    run_as("li@example.org", "assign none");  /* he did it himself */
    check_mails("li@example.org", 1);
    run_as("root", "assign 王五");
    run_as("dora@example.org", "assign none");
    check_has("wang@example.org", "let_off", "Dora 已将工单 #1 从您名下转出，现无处理人。");
}
END_TEST

START_TEST(who_takes_it_leaves_the_other_told)
{
    open_desk("", 1);
    run_as("root", "assign Zhang");
    g_autoptr(PdMail) to_dora = letters_to(fixture, "dora@example.org", "assigned");
    letters_answer(fixture, to_dora, "dora@example.org", "", "/assign me");
    check_has("zhang@example.org", "let_off", "Dora took ticket #1 from you; it is now with Dora.");
    check_mails("zhang@example.org", 2);
}
END_TEST

START_TEST(of_what_is_solved_or_spam_nothing_was_expected)
{
    open_desk("", 1);
    run_as("root", "assign Zhang");
    if (_i == 0) {
        run_as("root", "resolve");
        run_as("root", "assign Li");
    } else {
        const char *const pairs[] = {"status=spam", "assignee=", NULL};
        ck_ok(pd_desk_change(fixture->desk, 1, pairs, "root"));
    }
    check_mails("zhang@example.org", 1);
}
END_TEST

START_TEST(an_undo_tells_who_has_it_again_and_who_has_it_not)
{
    open_desk("", 1);
    run_as("root", "assign Zhang");
    run_as("root", "assign Li");
    run_as("root", "undo");
    check_has("zhang@example.org", "assigned", "Ticket #1 has been assigned to you.");
    check_mails("zhang@example.org", 3);
    check_has("li@example.org", "let_off", "it is now with Zhang");
    check_mails("li@example.org", 2);
}
END_TEST

/* He reads in the mail about what was taken back that it is his no longer. */
START_TEST(who_is_told_what_was_taken_back_is_not_told_twice)
{
    open_desk("", 1);
    run_as("root", "assign Zhang");
    run_as("li@example.org", "assign me");
    run_as("root", "undo");
    check_has("li@example.org", "undone", "Li → Zhang");
    check_mails("li@example.org", 2); /* the other one gave it to him */
}
END_TEST

START_TEST(what_is_given_and_taken_at_night_is_told_in_the_morning_as_it_is)
{
    open_desk(NIGHT, 1);
    run_as("root", "assign Zhang");
    run_as("root", "assign Li");
    run_as("root", "assign 王五");
    wait_for_all();
    wait_for_all();
    wait_for_all();
    check_mails("zhang@example.org", 0);
    check_mails("li@example.org", 0);
    check_mails("wang@example.org", 1);
}
END_TEST

START_TEST(many_that_are_lost_at_once_are_one_mail)
{
    open_desk("", MANY);
    give_all("assignee=zhang@example.org");
    wait_for_all();
    check_mails("zhang@example.org", 1);
    give_all("assignee=li@example.org");
    if (_i == 1)
        take_bulk_back(2); /* before anybody was told */
    wait_for_all();
    wait_for_all();
    check_mails("zhang@example.org", _i == 1 ? 1 : 2);
    check_mails("li@example.org", _i == 1 ? 0 : 1);
    if (_i == 1)
        return;
    check_has("zhang@example.org", "digest",
              "matter 6\n  registered; no longer yours, now with Li");
    take_bulk_back(2);
    wait_for_all();
    wait_for_all();
    check_mails("zhang@example.org", 3);
    check_has("zhang@example.org", "digest", "matter 6\n  registered; given to you");
    check_mails("li@example.org", 2);
    check_has("li@example.org", "digest", "no longer yours, now with Zhang");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("letoff");
    TCase *tests = tcase_create("all");

    tcase_add_checked_fixture(tests, NULL, tear_down);
    tcase_add_test(tests, who_loses_it_is_told_who_took_it_and_who_has_it);
    tcase_add_test(tests, who_takes_it_leaves_the_other_told);
    tcase_add_loop_test(tests, of_what_is_solved_or_spam_nothing_was_expected, 0, 2);
    tcase_add_test(tests, an_undo_tells_who_has_it_again_and_who_has_it_not);
    tcase_add_test(tests, who_is_told_what_was_taken_back_is_not_told_twice);
    tcase_add_test(tests, what_is_given_and_taken_at_night_is_told_in_the_morning_as_it_is);
    tcase_add_loop_test(tests, many_that_are_lost_at_once_are_one_mail, 0, 2);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
