/* working_reporter_test.c: what a reporter may say: that it is over or is not, how satisfied he
 * is, where it stands. */
#include "worked.h"

#include "desk/command.h"
#include "desk/history.h"
#include "postdesk/clock.h"
#include <string.h>

static void check_rating(gint64 number, gint64 wanted)
{
    g_autoptr(GPtrArray) events = NULL;

    ck_ok(pd_ticket_events(worked->store, number, &events));
    ck_assert_int_eq(pd_history_rating(events), wanted);
}

static void write_unproven(const char *from, const char *id, const char *text)
{
    worked_write(from, id, "", text);
}

START_TEST(reporter_confirms_or_rejects_by_a_word_and_is_asked_once)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_answer(mail, "zhang@example.org", "", "/resolve\nThe server was restarted.");
    g_autoptr(PdMail) solved = worked_mail_to("ann@example.com", "resolved");
    letters_hold(solved, "The server was restarted.");
    letters_hold(solved, "/confirm");
    worked_answer(solved, "ann.home@example.net", "", "Not solved!");
    worked_check(1, "open", "P2", "zhang@example.org");
    worked_answer(mail, "zhang@example.org", "", "/resolve");
    g_autoptr(PdMail) again = worked_mail_to("ann@example.com", "resolved");
    worked_answer(again, "ann@example.com", "", "已解决");
    worked_check(1, "closed", "P2", "zhang@example.org");
    g_autoptr(PdMail) closed = worked_mail_to("ann@example.com", "closed");
    letters_hold(closed, "/rate 5");
    worked_answer(closed, "ann@example.com", "", "/rate 9");
    g_autoptr(PdMail) refused = worked_mail_to("ann@example.com", "refused");
    letters_hold(refused, "1, 2, 3, 4, 5");
    letters_lack(refused, "did you mean"); /* she did not */
    letters_lack(refused, "您是否想写");
    worked_answer(closed, "ann@example.com", "", "/rate 4");
    check_rating(1, 4);
    g_autoptr(PdMail) last = worked_mail_to("ann@example.com", "closed");
    letters_hold(last, "/rate 5"); /* it is still that one */
    worked_check(1, "closed", "P2", "zhang@example.org");
}
END_TEST

START_TEST(reporter_says_in_a_word_that_it_is_over_and_may_think_again)
{
    g_autoptr(PdMail) mail = worked_assigned();
    g_autoptr(PdMail) acknowledged = worked_mail_to("ann@example.com", "acknowledge");

    ck_assert_ptr_nonnull(strstr(acknowledged->html, "%2Fwithdraw")); /* one tap */
    write_unproven("ann@example.com", "u1", "已解决");
    worked_check(1, "new", "P2", "zhang@example.org");
    write_unproven("ben@example.com", "u2", "no longer needed");
    worked_check(1, "new", "P2", "zhang@example.org"); /* he only follows */
    worked_answer(acknowledged, "ann@example.com", "", "已解决，谢谢！");
    worked_check(1, "resolved", "P2", "zhang@example.org");
    g_autoptr(PdMail) told = worked_mail_to("zhang@example.org", "answered");
    letters_hold(told, "已解决，谢谢！");
    g_autoptr(PdMail) resolved = worked_mail_to("ann@example.com", "resolved");
    worked_answer(resolved, "ann@example.com", "", "It came back after lunch.");
    worked_check(1, "open", "P2", "zhang@example.org");
    worked_answer(acknowledged, "ann@example.com", "",
                  "/withdraw"); /* that token was used for it */
    worked_check(1, "open", "P2", "zhang@example.org");
    worked_answer(resolved, "ann@example.com", "", "/撤单");
    worked_check(1, "resolved", "P2", "zhang@example.org");
    worked_answer(mail, "zhang@example.org", "", "/undo");
    worked_check(1, "open", "P2", "zhang@example.org");
}
END_TEST

START_TEST(who_will_try_the_solution_opens_nothing_again)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_run(1, "resolve");
    g_autoptr(PdMail) resolved = worked_mail_to("ann@example.com", "resolved");
    worked_answer(resolved, "ann@example.com", "", "收到，我下午试试，有问题再联系您。谢谢！");
    worked_check(1, "resolved", "P2", "zhang@example.org");
    g_autoptr(PdMail) told = worked_mail_to("zhang@example.org", "answered");
    letters_hold(told, "我下午试试");
    worked_answer(resolved, "ann@example.com", "", "试了，还是不行");
    worked_check(1, "open", "P2", "zhang@example.org");
}
END_TEST

static const struct {
    const char *says, *status;
} signed_words[] = {
    {"已解决，谢谢！\n\n王明\n民政局办公室\n电话：66021234", "closed"},
    {"Solved, thanks!\n\nBest regards\nAnn Lee", "closed"},
    {"还是不行\n\n王明\n民政局", "open"},
    {"收到，我下午试试。\n\n王明\n民政局办公室", "resolved"},
    {"已解决，但是打印机坏了\n\n王明\n民政局", "open"},
};

START_TEST(who_signs_a_word_says_no_more_than_the_word)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_run(1, "resolve");
    g_autoptr(PdMail) resolved = worked_mail_to("ann@example.com", "resolved");
    worked_answer(resolved, "Ann Lee <ann@example.com>", "", signed_words[_i].says);
    worked_check(1, signed_words[_i].status, "P2", "zhang@example.org");
}
END_TEST

START_TEST(agreeing_to_what_is_closed_opens_nothing)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_answer(mail, "zhang@example.org", "", "/close\nDone.");
    g_autoptr(PdMail) closed = worked_mail_to("ann@example.com", "closed");
    worked_answer(closed, "ann@example.com", "", "Solved, thanks!");
    worked_check(1, "closed", "P2", "zhang@example.org");
    g_autoptr(PdTicket) another = NULL;
    ck_ok(pd_ticket_get(worked->store, 2, &another));
    ck_assert_ptr_null(another);
}
END_TEST

/* Only the desk closes: his "/close" takes back what is open, and agrees to what is solved. */
START_TEST(what_a_reporter_would_close_is_withdrawn_or_confirmed)
{
    g_autoptr(PdMail) mail = worked_assigned();
    g_autoptr(PdMail) ack = worked_mail_to("ann@example.com", "acknowledge");

    worked_answer(ack, "ann@example.com", "", "/关闭 已经好了");
    worked_check(1, "resolved", "P2", "zhang@example.org");
    g_autoptr(PdMail) resolved = worked_mail_to("ann@example.com", "resolved");
    worked_answer(resolved, "ann@example.com", "", "/close");
    worked_check(1, "closed", "P2", "zhang@example.org");
    g_autoptr(PdMail) closed = worked_mail_to("ann@example.com", "closed");
    worked_answer(closed, "ann@example.com", "", "/close");
    g_autoptr(PdMail) refused = worked_mail_to("ann@example.com", "refused");
    letters_lack(refused, "passed on"); /* to herself? */
    worked_verify();
}
END_TEST

/* However he says it, the last word counts, and opens no ticket. */
START_TEST(how_satisfied_he_is_may_be_said_again)
{
    static const struct {
        const char *says;
        gint64 mark;
    } words[] = {{"/rate 5", 5},
                 {"/评价 2", 2},
                 {"3", 3},
                 {"4分，谢谢！", 4},
                 {"非常满意", 5},
                 {"不满意。", 1},
                 {"Very satisfied, thanks", 5},
                 {"非常满意\n\n王芳\n财政局", 5},
                 {"不太满意，2分", 2},
                 {"我打5分！处理很及时，谢谢。", 5},
                 {"问题解决了，5分", 5},
                 {"评价：3分", 3},
                 {"五星好评", 5},
                 {"4/5, thanks", 4},
                 {"My rating is 5", 5},
                 {"/rate 4", 4}};
    g_autoptr(PdMail) mail = worked_assigned();

    worked_run(1, "close It was replaced.");
    g_autoptr(PdMail) closed = worked_mail_to("ann@example.com", "closed");
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        worked_answer(closed, i % 2 == 0 ? "ann@example.com" : "ann.home@example.net", "",
                      words[i].says);
        check_rating(1, words[i].mark);
    }
    worked_answer(closed, "ann@example.com", "", "/rate 9");
    g_autoptr(PdMail) refused = worked_mail_to("ann@example.com", "refused");
    worked_answer(refused, "ann@example.com", "", "/rate 2");
    check_rating(1, 2);
    worked_answer(closed, "ben@example.com", "", "/rate 1"); /* not his to say */
    check_rating(1, 2);
    ck_assert_uint_eq(worked_mails_to("zhang@example.org"), 1);
    worked_verify();
}
END_TEST

/* What holds anything else is a letter. */
START_TEST(marks_that_are_unclear_are_none)
{
    static const char *const texts[] = {"10分",
                                        "5分钟",
                                        "4.5",
                                        "1、2、3",
                                        "不满意，5分",
                                        "满意吗？",
                                        "好的，谢谢",
                                        "",
                                        "5分，但是打印机又卡了",
                                        "一",
                                        "打5分要在哪里打"};

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        ck_assert_msg(pd_command_rating(texts[i], NULL) == 0, "%s", texts[i]);
}
END_TEST

START_TEST(who_is_satisfied_with_a_solution_confirms_it)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_run(1, "resolve");
    g_autoptr(PdMail) resolved = worked_mail_to("ann@example.com", "resolved");
    worked_answer(resolved, "ann@example.com", "", "很满意，谢谢！");
    worked_check(1, "closed", "P2", "zhang@example.org");
    check_rating(1, 5);
    g_autoptr(PdMail) closed = worked_mail_to("ann@example.com", "closed");
    letters_lack(closed, "/rate"); /* she said it already */
}
END_TEST

START_TEST(where_it_stands_is_answered_at_once)
{
    g_autoptr(PdMail) mail = worked_assigned();
    g_autoptr(PdMail) ack = worked_mail_to("ann@example.com", "acknowledge");

    worked_answer(ack, "ann@example.com", "", "status?");
    g_autoptr(PdMail) standing = worked_mail_to("ann@example.com", "standing");
    letters_hold(standing, "registered");
    ck_assert_uint_eq(worked_mails_to("zhang@example.org"), 1); /* nobody is disturbed for it */
}
END_TEST

/* It moves nothing, and whoever works on it reads that she asks. */
START_TEST(where_it_stands_may_be_asked_in_a_sentence)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_answer(mail, "zhang@example.org", "", "/status waiting\nWhich version?");
    g_autoptr(PdMail) asked = worked_mail_to("ann@example.com", "status");
    worked_answer(asked, "ann@example.com", "", "Hello,\n\nany update on this?\n\nThanks, Ann");
    worked_check(1, "open", "P2", "zhang@example.org"); /* her name: that was no question alone */
    worked_answer(mail, "zhang@example.org", "", "/status waiting\nWhich version?");
    worked_answer(asked, "ann@example.com", "", "Hello,\n\nany update on this?\n\nThanks");
    worked_check(1, "waiting", "P2", "zhang@example.org");
    g_autoptr(PdMail) standing = worked_mail_to("ann@example.com", "standing");
    letters_hold(standing, "Which version?");
    g_autoptr(PdMail) told = worked_mail_to("zhang@example.org", "answered");
    letters_hold(told, "any update on this?");
}
END_TEST

START_TEST(who_asks_where_it_stands_is_told_whether_it_is_his_turn)
{
    g_autoptr(PdMail) mail = worked_assigned();
    g_autoptr(PdMail) ack = worked_mail_to("ann@example.com", "acknowledge");

    worked_answer(mail, "zhang@example.org", "", "/status waiting\nWhich version?");
    g_autoptr(PdMail) asked = worked_mail_to("ann@example.com", "status");
    ck_assert_str_eq(asked->subject, "[#1] More information needed: VPN down");
    worked_answer(mail, "zhang@example.org", "", "And on which machine?");
    worked_answer(ack, "ann@example.com", "", "status");
    g_autoptr(PdMail) hers = worked_mail_to("ann@example.com", "standing");
    letters_hold(hers, "Which version?");
    letters_hold(hers, "And on which machine?");
    letters_lack(hers, "nothing you need to do");
    worked_answer(mail, "zhang@example.org", "",
                  "/external vendor@example.net Is 5.2 known to fail?");
    worked_answer(ack, "ann@example.com", "", "status");
    g_autoptr(PdMail) others = worked_mail_to("ann@example.com", "standing");
    letters_hold(others, "nothing you need to do");
    letters_hold(others, "in progress"); /* whom else the desk asks is its own matter */
    letters_lack(others, "waiting");
    letters_lack(others, "5.2");
}
END_TEST

START_TEST(people_of_the_desk_are_reporters_of_their_own_tickets)
{
    g_autoptr(PdInboxRow) row =
        fixture_send(worked, "From: Li Si <li@example.org>\nTo: desk@example.org\n"
                             "Subject: My VPN\nMessage-ID: <li1@example.org>\n\nNo VPN.\n");
    g_autoptr(PdMail) ack = worked_mail_to("li@example.org", "acknowledge");
    gint64 number = row->ticket;

    worked_answer(ack, "li@example.org", "", "The error is 809.");
    ck_assert_uint_eq(worked_mails_to("li@example.org"), 1); /* his own words do not come back */
    worked_run(number, "resolve");
    g_autoptr(PdMail) solved = worked_mail_to("li@example.org", "resolved");
    worked_answer(solved, "li@example.org", "", "/confirm");
    worked_check(number, "closed", "P2", "");
}
END_TEST

START_TEST(reply_long_after_opens_a_linked_ticket)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_answer(mail, "zhang@example.org", "", "/resolve");
    g_autoptr(PdMail) solved = worked_mail_to("ann@example.com", "resolved");
    pd_clock_set(pd_clock_now() + 20 * PD_DAY);
    worked_answer(solved, "ann@example.com", "", "It is back since today, with another error.");
    worked_check(1, "resolved", "P2", "zhang@example.org");
    g_autoptr(PdTicket) next = fixture_ticket(worked, 2);
    ck_assert_int_eq(next->suggested_link, 1);
}
END_TEST

START_TEST(no_changes_get_around_the_reply_budget)
{
    g_autoptr(PdMail) mail = worked_assigned();
    guint most = (guint)worked->config->per_recipient_per_hour;

    for (guint i = 0; i < 2 * most; i++)
        worked_come(NULL, "ann@example.com", WORKED_PASSED("example.com"),
                    i % 2 == 0 ? "/withdraw" : "/reopen");
    ck_assert_uint_le(worked_mails_to("ann@example.com"), most);
    ck_assert_int_ge(fixture_alarms(worked, "budget"), 1);
    worked_check(1, "open", "P2", "zhang@example.org"); /* all of them were carried out */
}
END_TEST

START_TEST(what_the_desk_writes_uses_up_no_reply_budget)
{
    g_autoptr(PdMail) mail = worked_assigned();

    for (guint i = 0; i < (guint)worked->config->per_recipient_per_hour; i++)
        worked_answer(mail, "zhang@example.org", "", "Please try it once more.");
    fixture_take_in(worked, "From: ann@example.com\nTo: desk@example.org\nSubject: Scanner\n"
                            "Message-ID: <scanner@x>\n\nThe scanner is broken.\n");
    fixture_process(worked);
    g_autoptr(PdMail) told = worked_mail_to("ann@example.com", "acknowledge");
    ck_assert_ptr_nonnull(strstr(told->subject, "#2"));
    ck_assert_int_eq(fixture_alarms(worked, "budget"), 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, no_changes_get_around_the_reply_budget);
    tcase_add_test(tests, what_the_desk_writes_uses_up_no_reply_budget);
    tcase_add_test(tests, reporter_confirms_or_rejects_by_a_word_and_is_asked_once);
    tcase_add_test(tests, reporter_says_in_a_word_that_it_is_over_and_may_think_again);
    tcase_add_test(tests, who_will_try_the_solution_opens_nothing_again);
    tcase_add_loop_test(tests, who_signs_a_word_says_no_more_than_the_word, 0,
                        G_N_ELEMENTS(signed_words));
    tcase_add_test(tests, agreeing_to_what_is_closed_opens_nothing);
    tcase_add_test(tests, what_a_reporter_would_close_is_withdrawn_or_confirmed);
    tcase_add_test(tests, how_satisfied_he_is_may_be_said_again);
    tcase_add_test(tests, marks_that_are_unclear_are_none);
    tcase_add_test(tests, who_is_satisfied_with_a_solution_confirms_it);
    tcase_add_test(tests, where_it_stands_is_answered_at_once);
    tcase_add_test(tests, where_it_stands_may_be_asked_in_a_sentence);
    tcase_add_test(tests, who_asks_where_it_stands_is_told_whether_it_is_his_turn);
    tcase_add_test(tests, people_of_the_desk_are_reporters_of_their_own_tickets);
    tcase_add_test(tests, reply_long_after_opens_a_linked_ticket);
}

int main(void)
{
    return worked_main("working: reporter", add_tests);
}
