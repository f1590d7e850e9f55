/* follower_test.c: who follows a ticket that somebody else reported, or watches it: what he is
 * told, and what becomes of what he says. */
#include "fixture.h"
#include "letters.h"
#include "postdesk/clock.h"
#include <stdlib.h>
#include <string.h>

#define PEOPLE                                                                                     \
    "people:\n"                                                                                    \
    "  - {name: 张三, addresses: [zhang@example.org], role: engineer, language: zh_CN}\n"        \
    "  - {name: Li Si, addresses: [li@example.org], role: engineer, language: en}\n"               \
    "  - {name: Dora, addresses: [dora@example.org], role: dispatcher, language: en}\n"            \
    "  - {name: Max, addresses: [max@example.org], role: manager, language: en}\n"                 \
    "  - {name: Ann, addresses: [ann@example.com], language: en}\n"                                \
    "  - {name: Ben, addresses: [ben@example.com], language: en}\n"                                \
    "  - {name: Eva, addresses: [eva@example.com, eva.home@example.net], language: en}\n"
#define FAULT                                                                                      \
    "From: Ann <ann@example.com>\nTo: desk@example.org\nSubject: VPN down\n"                       \
    "Message-ID: <vpn1@example.com>\n\nNo VPN since nine.\n"
#define SAME                                                                                       \
    "From: Ben <ben@example.com>\nTo: desk@example.org\nSubject: VPN again\n"                      \
    "Message-ID: <vpn2@example.com>\n\nNo VPN here.\n"

static Fixture *fixture;

static void setup(void)
{
    pd_clock_set(0);
    fixture = fixture_with_people("answers: {gather: 0s}\n", PEOPLE);
}

static void teardown(void)
{
    fixture_free(fixture);
}

static void check_status(gint64 number, const char *status)
{
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, number);

    ck_assert_str_eq(ticket->status, status);
}

/* Ben's ticket #2 goes on in Ann's #1; the mail that tells him that #1 is resolved. */
static PdMail *merged_and_resolved(const char *assignee)
{
    g_autofree char *assign = g_strconcat("assign ", assignee, NULL);

    pd_inbox_row_free(fixture_send(fixture, FAULT));
    pd_inbox_row_free(fixture_send(fixture, SAME));
    letters_run(fixture, 2, "merge 1");
    letters_run(fixture, 1, assign);
    letters_run(fixture, 1, "resolve The server was restarted.");
    return letters_to(fixture, "ben@example.com", "resolved");
}

START_TEST(who_may_not_confirm_is_not_asked_to)
{
    g_autoptr(PdMail) resolved = merged_and_resolved("张三");

    letters_lack(resolved, "solved\" to close");
    letters_hold(resolved, "passed on");
    g_autoptr(PdMail) hers = letters_to(fixture, "ann@example.com", "resolved");
    letters_hold(hers, "solved\" to close");
}
END_TEST

/* What Ben says of the solution; what Zhang reads of it. */
static const struct {
    const char *says, *reads;
} verdicts[] = {
    {"已解决", "已解决"},
    {"已经好了，谢谢！", "已经好了"},
    {"It works now, thanks", "It works now"},
    {"没解决", "没解决"},
    {"Not solved!", "Not solved"},
    {"还是连不上，提示错误 809。", "错误 809"},
};

START_TEST(what_he_says_of_the_solution_moves_nothing_and_is_heard)
{
    g_autoptr(PdMail) resolved = merged_and_resolved("张三");
    guint ann = letters_count(fixture, "ann@example.com");

    letters_answer(fixture, resolved, "ben@example.com", "", verdicts[_i].says);
    check_status(1, "resolved");
    g_autoptr(PdMail) told = letters_to(fixture, "zhang@example.org", "answered");
    letters_hold(told, verdicts[_i].reads);
    letters_hold(told, "不是报告人");
    letters_hold(told, "/重开");
    g_autoptr(PdMail) heard = letters_to(fixture, "ben@example.com", "standing");
    letters_hold(heard, strstr(heard->subject, "当前进度") != NULL ? "转告处理人员" : "passed on");
    ck_assert_uint_eq(letters_count(fixture, "ann@example.com"), ann);
}
END_TEST

START_TEST(a_command_that_is_not_his_is_refused_and_heard)
{
    g_autoptr(PdMail) resolved = merged_and_resolved("张三");

    letters_answer(fixture, resolved, "ben@example.com", "", "/reject error 809 again");
    check_status(1, "resolved");
    g_autoptr(PdMail) refused = letters_to(fixture, "ben@example.com", "refused");
    letters_hold(refused, "/reject");
    g_autoptr(PdMail) told = letters_to(fixture, "zhang@example.org", "answered");
    letters_hold(told, "error 809 again");
}
END_TEST

START_TEST(it_is_heard_before_the_ticket_is_resolved)
{
    pd_inbox_row_free(fixture_send(fixture, FAULT));
    pd_inbox_row_free(fixture_send(fixture, SAME));
    letters_run(fixture, 1, "assign 张三");
    letters_run(fixture, 2, "merge 1");
    g_autoptr(PdMail) merged = letters_to(fixture, "ben@example.com", "status");
    letters_answer(fixture, merged, "ben@example.com", "", "已恢复，谢谢");
    check_status(1, "new");
    g_autoptr(PdMail) told = letters_to(fixture, "zhang@example.org", "answered");
    letters_hold(told, "已恢复");
    g_autoptr(PdMail) heard = letters_to(fixture, "ben@example.com", "standing");
    letters_hold(heard, "转告处理人员");
}
END_TEST

/* Both tickets were hers. */
START_TEST(an_answer_about_the_merged_ticket_is_one_about_the_other)
{
    g_autofree char *second = g_strdup(FAULT);

    pd_inbox_row_free(fixture_send(fixture, FAULT));
    strstr(second, "vpn1@")[3] = '9';
    pd_inbox_row_free(fixture_send(fixture, second));
    g_autoptr(PdMail) ack = letters_to(fixture, "ann@example.com", "acknowledge");
    letters_run(fixture, 2, "merge 1");
    letters_run(fixture, 1, "resolve");
    letters_answer(fixture, ack, "ann@example.com", "", "It is down again.");
    check_status(1, "open");
}
END_TEST

START_TEST(where_nobody_works_on_it_the_dispatcher_hears_it)
{
    g_autoptr(PdMail) resolved = merged_and_resolved("none");

    letters_answer(fixture, resolved, "ben@example.com", "", "Still no VPN here.");
    g_autoptr(PdMail) told = letters_to(fixture, "dora@example.org", "answered");
    letters_hold(told, "Still no VPN here.");
    letters_hold(told, "/reopen");
}
END_TEST

/* A number in the subject, and nothing that shows whose mail it is. */
static const struct {
    const char *assignee, *from, *reads, *says;
    gboolean is_told; /* how his reply counts */
} unproven[] = {
    {"张三", "Ann <ann@example.com>", "zhang@example.org", "无法证明", TRUE},
    {"none", "Ann <ann@example.com>", "dora@example.org", "Nothing in it shows", TRUE},
    {"none", "Ben <ben@example.com>", "dora@example.org", "Nothing in it shows", FALSE},
    {"none", "Ann <ann@example.com>\nReply-To: eve@example.com", "dora@example.org", "/reopen",
     FALSE},
};

START_TEST(a_reply_that_nothing_proves_moves_nothing_and_is_heard)
{
    g_autoptr(PdMail) resolved = merged_and_resolved(unproven[_i].assignee);
    guint ann = letters_count(fixture, "ann@example.com");
    guint eve = letters_count(fixture, "eve@example.com");
    g_autofree char *raw =
        g_strdup_printf("From: %s\nTo: desk@example.org\nSubject: [#1] VPN down\n"
                        "Message-ID: <cut@example.com>\n\nStill broken here.\n",
                        unproven[_i].from);

    pd_inbox_row_free(fixture_send(fixture, raw));
    check_status(1, "resolved");
    g_autoptr(PdMail) told = letters_to(fixture, unproven[_i].reads, "answered");
    letters_hold(told, "Still broken here.");
    letters_hold(told, unproven[_i].says);
    ck_assert_uint_eq(letters_count(fixture, "eve@example.com"), eve);
    ck_assert_uint_eq(letters_count(fixture, "ann@example.com"),
                      ann + (unproven[_i].is_told ? 1 : 0));
    if (!unproven[_i].is_told)
        return;
    g_autoptr(PdMail) heard = letters_to(fixture, "ann@example.com", "standing");
    letters_hold(heard, "reply to this mail: that counts");
    letters_answer(fixture, heard, "ann@example.com", "", "It is still broken.");
    check_status(1, "open");
}
END_TEST

START_TEST(thanks_and_questions_are_what_they_are)
{
    g_autoptr(PdMail) resolved = merged_and_resolved("张三");
    guint zhang = letters_count(fixture, "zhang@example.org");
    guint ben = letters_count(fixture, "ben@example.com");

    letters_answer(fixture, resolved, "ben@example.com", "", "谢谢！");
    ck_assert_uint_eq(letters_count(fixture, "ben@example.com"), ben);
    letters_answer(fixture, resolved, "ben@example.com", "", "进度？");
    g_autoptr(PdMail) standing = letters_to(fixture, "ben@example.com", "standing");
    letters_lack(standing, "passed on");
    ck_assert_uint_eq(letters_count(fixture, "zhang@example.org"), zhang);
}
END_TEST

/* A reply, a word, a command. */
START_TEST(who_watches_gets_one_mail_for_a_reply_that_opens_again)
{
    static const char *const says[] = {"It is down again since noon.", "没解决",
                                       "/reject down again"};

    pd_inbox_row_free(fixture_send(fixture, FAULT));
    letters_run(fixture, 1, "watch li@example.org");
    letters_run(fixture, 1, "watch boss@example.com");
    letters_run(fixture, 1, "resolve");
    g_autoptr(PdMail) resolved = letters_to(fixture, "ann@example.com", "resolved");
    guint li = letters_count(fixture, "li@example.org");
    guint boss = letters_count(fixture, "boss@example.com");
    letters_answer(fixture, resolved, "ann@example.com", "", says[_i]);
    check_status(1, "open");
    g_autoptr(PdMail) told = letters_to(fixture, "li@example.org", "answered");
    letters_hold(told, _i == 1 ? "没解决" : "again");
    ck_assert_uint_eq(letters_count(fixture, "li@example.org"), li + 1);
    g_autoptr(PdMail) status = letters_to(fixture, "boss@example.com", "status");
    ck_assert_uint_eq(letters_count(fixture, "boss@example.com"), boss + 1);
}
END_TEST

START_TEST(who_watches_from_outside_reads_no_notes)
{
    pd_inbox_row_free(fixture_send(fixture, FAULT));
    letters_run(fixture, 1, "watch boss@example.com");
    letters_run(fixture, 1, "watch li@example.org");
    letters_run(fixture, 1, "assign 张三");
    g_autoptr(PdMail) assigned = letters_to(fixture, "zhang@example.org", "assigned");
    letters_answer(fixture, assigned, "zhang@example.org", "", "note: his fault");
    g_autoptr(PdMail) told = letters_to(fixture, "li@example.org", "answered");
    letters_hold(told, "his fault");
    ck_assert_uint_eq(letters_count(fixture, "boss@example.com"), 0);
}
END_TEST

START_TEST(who_watches_at_the_desk_is_told_where_his_answer_goes)
{
    pd_inbox_row_free(fixture_send(fixture, FAULT));
    letters_run(fixture, 1, "watch li@example.org");
    letters_run(fixture, 1, "watch max@example.org");
    letters_run(fixture, 1, "resolve");
    g_autoptr(PdMail) told = letters_to(fixture, "li@example.org", "resolved");
    letters_hold(told, "goes to the reporter");
    letters_lack(told, "solved\" to close");
    g_autoptr(PdMail) manager = letters_to(fixture, "max@example.org", "resolved");
    letters_lack(manager, "goes to the reporter");
    guint ann = letters_count(fixture, "ann@example.com");
    letters_answer(fixture, manager, "max@example.org", "", "Why did it take so long?");
    ck_assert_uint_eq(letters_count(fixture, "ann@example.com"), ann);
}
END_TEST

/* An address that is mistyped, and a name. */
START_TEST(who_is_no_part_of_it_is_told_and_not_left_out)
{
    pd_inbox_row_free(fixture_send(fixture, FAULT));
    letters_run(fixture, 1, "watch li@example.org");
    letters_run(fixture, 1, "assign 张三");
    g_autoptr(PdMail) assigned = letters_to(fixture, "zhang@example.org", "assigned");
    letters_answer(fixture, assigned, "zhang@example.org", "", "/unwatch lee@example.org");
    g_autoptr(PdMail) refused = letters_to(fixture, "zhang@example.org", "refused");
    letters_hold(refused, "没有关注本工单");
    letters_hold(refused, "li@example.org");
    letters_answer(fixture, assigned, "zhang@example.org", "", "/unwatch Li Si\n/watch Max");
    g_autoptr(PdMail) again = letters_to(fixture, "zhang@example.org", "refused");
    letters_hold(again, "/watch Max"); /* not of the desk: by his address */
    letters_answer(fixture, assigned, "zhang@example.org", "",
                   "/取消关注 Li Si\n/关注 max@example.org\n/关注 我");
    letters_answer(fixture, assigned, "zhang@example.org", "", "/unwatch li@example.org");
    g_autoptr(GPtrArray) watch = NULL;
    ck_ok(pd_ticket_people(fixture->store, 1, PD_PART_WATCHES, &watch));
    ck_assert_uint_eq(watch->len, 2);
    ck_assert_str_eq(g_ptr_array_index(watch, 0), "max@example.org");
    ck_assert_str_eq(g_ptr_array_index(watch, 1), "zhang@example.org");
}
END_TEST

/* She follows by one address and writes from another; and leaves twice. */
START_TEST(a_person_leaves_by_any_of_his_addresses)
{
    pd_inbox_row_free(fixture_send(fixture, FAULT));
    letters_run(fixture, 1, "watch eva@example.com");
    letters_run(fixture, 1, "resolve");
    g_autoptr(PdMail) resolved = letters_to(fixture, "eva@example.com", "resolved");
    letters_answer(fixture, resolved, "eva.home@example.net", "", "/unwatch");
    letters_answer(fixture, resolved, "eva@example.com", "", "/unwatch");
    guint before = letters_count(fixture, "eva@example.com");
    letters_run(fixture, 1, "reopen");
    ck_assert_uint_eq(letters_count(fixture, "eva@example.com"), before);
    ck_assert_uint_eq(before, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("follower");
    TCase *tests = tcase_create("all");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, who_may_not_confirm_is_not_asked_to);
    tcase_add_loop_test(tests, what_he_says_of_the_solution_moves_nothing_and_is_heard, 0,
                        G_N_ELEMENTS(verdicts));
    tcase_add_test(tests, a_command_that_is_not_his_is_refused_and_heard);
    tcase_add_test(tests, it_is_heard_before_the_ticket_is_resolved);
    tcase_add_test(tests, an_answer_about_the_merged_ticket_is_one_about_the_other);
    tcase_add_test(tests, where_nobody_works_on_it_the_dispatcher_hears_it);
    tcase_add_loop_test(tests, a_reply_that_nothing_proves_moves_nothing_and_is_heard, 0,
                        G_N_ELEMENTS(unproven));
    tcase_add_test(tests, thanks_and_questions_are_what_they_are);
    tcase_add_loop_test(tests, who_watches_gets_one_mail_for_a_reply_that_opens_again, 0, 3);
    tcase_add_test(tests, who_watches_from_outside_reads_no_notes);
    tcase_add_test(tests, who_watches_at_the_desk_is_told_where_his_answer_goes);
    tcase_add_test(tests, who_is_no_part_of_it_is_told_and_not_left_out);
    tcase_add_test(tests, a_person_leaves_by_any_of_his_addresses);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
