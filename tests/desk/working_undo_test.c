/* working_undo_test.c: what was changed, merged, split or moved is taken back, and told to whom
 * it concerns. */
#include "worked.h"

#include <string.h>

/* Zhang's last mail about the ticket. */
static PdMail *last_of_zhang(void)
{
    return worked_mail_to("zhang@example.org", "undone");
}

START_TEST(merge_split_link_and_undo_are_events_that_verify)
{
    g_autoptr(PdMail) mail = worked_assigned();
    g_autoptr(PdInboxRow) second =
        fixture_send(worked, "From: ben@example.com\nTo: desk@example.org\nSubject: VPN again\n"
                             "Message-ID: <v2@example.com>\n\nMe too.\n");
    g_autoptr(PdMail) ack = worked_mail_to("ben@example.com", "acknowledge");

    ck_assert_int_eq(second->ticket, 2);
    worked_run(2, "merge 1");
    worked_check(2, "merged", "P2", "");
    worked_answer(ack, "ben@example.com", "",
                  "It works again here."); /* goes on in the other one */
    g_autoptr(PdMail) back = worked_mail_to("zhang@example.org", "answered");
    letters_hold(back, "It works again here.");
    worked_run(1, "split A matter of its own");
    g_autoptr(PdTicket) split = fixture_ticket(worked, 3);
    ck_assert_str_eq(split->subject, "A matter of its own");
    ck_assert_str_eq(split->reporter, "ben@example.com");
    worked_run(3, "link blocks 1");
    worked_run(1, "undo");
    worked_check(3, "merged", "P2", ""); /* what was split off is here again */
    g_autoptr(GPtrArray) messages = NULL;
    ck_ok(pd_message_of_ticket(worked->store, 1, &messages));
    ck_assert_uint_eq(messages->len, 2);
    worked_run(1, "undo");
    worked_check(2, "new", "P2", "");
    worked_run(1, "priority P1");
    worked_run(1, "undo");
    worked_check(1, "new", "P2", "zhang@example.org");
    worked_verify();
}
END_TEST

START_TEST(who_takes_a_change_back_is_told_what_it_was)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_run(1, "priority P1");
    worked_run(1, "tag vip");
    worked_answer(mail, "zhang@example.org", "", "/撤销");
    worked_check(1, "new", "P1", "zhang@example.org");
    g_autoptr(PdMail) first = last_of_zhang();
    letters_hold(first, "标签：vip → （无）");
    worked_answer(mail, "zhang@example.org", "", "/撤销"); /* that mail was used for it */
    worked_check(1, "new", "P1", "zhang@example.org");
    worked_answer(first, "zhang@example.org", "",
                  "/撤销"); /* and this goes one change further back */
    worked_check(1, "new", "P2", "zhang@example.org");
    g_autoptr(PdMail) second = last_of_zhang();
    letters_hold(second, "优先级：特急 → 紧急");
    letters_hold(second, "root");
    worked_verify();
}
END_TEST

START_TEST(colleague_is_told_whose_change_is_taken_back)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_run(1, "watch li@example.org");
    worked_answer(mail, "zhang@example.org", "", "/priority P1");
    worked_run(1, "assign Li");
    g_autoptr(PdMail) hers = worked_mail_to("li@example.org", "assigned");
    worked_run(1, "undo"); /* Zhang has it again */
    worked_answer(hers, "li@example.org", "", "/undo");
    worked_check(1, "new", "P2", "zhang@example.org");
    g_autoptr(PdMail) told = last_of_zhang();
    letters_hold(told, "Li Si撤销了您");
    g_autoptr(PdMail) done = worked_mail_to("li@example.org", "undone");
    letters_hold(done, "张三");
    letters_hold(done, "priority: critical → urgent");
}
END_TEST

START_TEST(what_was_changed_since_is_told_and_stays)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_run(1, "resolve done");
    g_autoptr(PdMail) told = worked_mail_to("ann@example.com", "resolved");
    worked_answer(told, "ann@example.com", "", "not solved");
    worked_check(1, "open", "P2", "zhang@example.org");
    worked_run(1, "note looks odd");
    worked_answer(mail, "zhang@example.org", "", "/undo");
    /* her own word was the last change */
    worked_check(1, "resolved", "P2", "zhang@example.org");
    g_autoptr(PdMail) first = last_of_zhang();
    letters_hold(first, "状态：处理中 → 已解决");
    worked_answer(told, "ann@example.com", "", "It broke again, sorry.");
    worked_check(1, "open", "P2", "zhang@example.org");
    worked_answer(first, "zhang@example.org", "", "/undo");
    worked_check(1, "open", "P2", "zhang@example.org");
    g_autoptr(PdMail) second = last_of_zhang();
    letters_hold(second, "保持不变：状态");
}
END_TEST

START_TEST(merge_and_wrong_thread_are_taken_back_by_mail)
{
    g_autoptr(PdMail) mail = worked_assigned();
    g_autoptr(PdInboxRow) second =
        fixture_send(worked, "From: carl@example.com\nTo: desk@example.org\nSubject: Printer\n"
                             "Message-ID: <v2@example.com>\n\nMe too.\n");
    g_autofree char *part = NULL;

    ck_assert_int_eq(second->ticket, 2);
    worked_run(2, "merge 1");
    worked_answer(mail, "zhang@example.org", "", "/undo");
    worked_check(2, "new", "P4", "");
    g_autoptr(PdMail) first = last_of_zhang();
    letters_hold(first, "#2 Printer");
    letters_hold(first, "状态：已合并 → 已受理");
    ck_ok(pd_ticket_part(worked->store, 1, "carl@example.com", &part));
    ck_assert_str_eq(part, PD_PART_LEFT);
    g_autoptr(PdMail) ack = worked_mail_to("ann@example.com", "acknowledge");
    worked_answer(ack, "ann@example.com", "", "My mouse is broken, too.");
    worked_answer(first, "zhang@example.org", "", "/undo message");
    g_autoptr(PdTicket) own = fixture_ticket(worked, 3);
    ck_assert_str_eq(own->subject, "My mouse is broken, too.");
    g_autoptr(PdMail) then = last_of_zhang();
    letters_hold(then, "工单 #3");
    worked_verify();
}
END_TEST

START_TEST(merge_is_taken_back_by_an_answer_about_the_ticket_that_was_merged)
{
    g_autoptr(PdMail) mail = worked_assigned();
    g_autoptr(PdInboxRow) second =
        fixture_send(worked, "From: carl@example.com\nTo: desk@example.org\nSubject: Printer\n"
                             "Message-ID: <v2@example.com>\n\nMe too.\n");

    ck_assert_int_eq(second->ticket, 2);
    worked_run(2, "priority P1"); /* is not what is meant */
    worked_answer(mail, "zhang@example.org", "", "/merge 2");
    worked_check(1, "merged", "P2", "zhang@example.org");
    worked_answer(mail, "zhang@example.org", "",
                  "/priority P4"); /* of the other one it proves nothing */
    worked_check(2, "new", "P1", "");
    g_autoptr(PdMail) why = worked_mail_to("zhang@example.org", "refused");
    letters_hold(why, "并入本工单");
    worked_answer(mail, "li@example.org", "", "/undo"); /* nor for anybody else */
    worked_check(1, "merged", "P2", "zhang@example.org");
    worked_answer(mail, "zhang@example.org", "", "/undo");
    worked_check(1, "new", "P2", "zhang@example.org");
    worked_check(2, "new", "P1", "");
    worked_verify();
}
END_TEST

START_TEST(taking_a_split_back_says_where_it_went)
{
    g_autoptr(PdMail) mail = worked_assigned();
    g_autoptr(PdMail) ack = worked_mail_to("ann@example.com", "acknowledge");

    worked_answer(ack, "ann@example.com", "", "My mouse is broken, too.");
    worked_run(1, "split Mouse");
    worked_check(2, "new", "P2", "");
    worked_answer(mail, "zhang@example.org", "", "/undo");
    worked_check(2, "merged", "P2", "");
    g_autoptr(PdMail) told = last_of_zhang();
    letters_hold(told, "#2 Mouse");
    letters_hold(told, "状态：已受理 → 已合并");
    letters_lack(told, "没有需要恢复的内容");
    worked_verify();
}
END_TEST

/* The one who has it answers the mail that gave it to him. */
START_TEST(split_is_taken_back_at_the_ticket_that_it_made)
{
    g_autoptr(PdMail) mail = worked_assigned();
    g_autoptr(PdMail) ack = worked_mail_to("ann@example.com", "acknowledge");

    worked_answer(ack, "ann@example.com", "", "My mouse is broken, too.");
    worked_run(1, "split Mouse");
    worked_run(2, "assign Li");
    worked_run(2, "undo"); /* that he has it */
    worked_check(2, "new", "P2", "");
    worked_run(2, "undo"); /* the split */
    worked_check(2, "merged", "P2", "");
    g_autoptr(GPtrArray) messages = NULL;
    ck_ok(pd_message_of_ticket(worked->store, 1, &messages));
    ck_assert_uint_eq(messages->len, 2);
    const char *const undo[] = {"undo", NULL}; /* an undo is not taken back */
    g_autoptr(PdStatus) again = pd_desk_command(worked->desk, 2, undo, NULL, "root");
    ck_assert_ptr_nonnull(again);
    worked_check(2, "merged", "P2", "");
    worked_verify();
}
END_TEST

START_TEST(what_was_moved_by_an_undo_is_told_to_be_merged)
{
    g_autoptr(PdMail) mail = worked_assigned();
    g_autoptr(PdMail) ack = worked_mail_to("ann@example.com", "acknowledge");

    worked_answer(ack, "ann@example.com", "", "My mouse is broken, too.");
    worked_answer(mail, "zhang@example.org", "", "/undo message");
    worked_run(2, "assign 张三");
    g_autoptr(PdMail) his = worked_mail_to("zhang@example.org", "assigned");
    worked_run(2, "assign none");
    worked_run(2, "undo");
    worked_run(2, "undo");
    worked_answer(his, "zhang@example.org", "", "/undo");
    g_autoptr(PdMail) refused = worked_mail_to("zhang@example.org", "refused");
    letters_hold(refused, "/merge 1");
    worked_check(2, "new", "P2", "");
}
END_TEST

START_TEST(who_came_with_a_merge_and_wrote_since_stays)
{
    g_autoptr(PdMail) mail = worked_assigned();
    g_autoptr(PdInboxRow) second =
        fixture_send(worked, "From: carl@example.com\nTo: desk@example.org\nSubject: Printer\n"
                             "Message-ID: <v2@example.com>\n\nMe too.\n");
    g_autoptr(PdMail) ack = worked_mail_to("carl@example.com", "acknowledge");
    g_autofree char *part = NULL;

    worked_run(2, "merge 1");
    worked_answer(ack, "carl@example.com", "", "It is the VPN here as well.");
    worked_run(1, "undo");
    ck_ok(pd_ticket_part(worked->store, 1, "carl@example.com", &part));
    ck_assert_str_eq(part, PD_PART_FOLLOWS);
}
END_TEST

START_TEST(watchers_are_taken_back_and_who_left_is_not_brought_back)
{
    g_autoptr(PdMail) mail = worked_assigned();
    g_autofree char *watching = NULL;
    g_autofree char *taken = NULL;
    g_autofree char *back = NULL;
    g_autofree char *left = NULL;

    worked_run(1, "watch li@example.org");
    ck_ok(pd_ticket_part(worked->store, 1, "li@example.org", &watching));
    ck_assert_str_eq(watching, PD_PART_WATCHES);
    worked_run(1, "undo");
    ck_ok(pd_ticket_part(worked->store, 1, "li@example.org", &taken));
    ck_assert_str_eq(taken, PD_PART_LEFT);
    worked_run(1, "unwatch ben@example.com");
    worked_run(1, "undo");
    ck_ok(pd_ticket_part(worked->store, 1, "ben@example.com", &back));
    ck_assert_str_eq(back, PD_PART_FOLLOWS);
    worked_run(1, "resolve done");
    g_autoptr(PdMail) told = worked_mail_to("ben@example.com", "resolved");
    worked_answer(told, "ben@example.com", "", "/unwatch");
    worked_run(1, "undo"); /* the solution */
    worked_check(1, "new", "P2", "zhang@example.org");
    ck_ok(pd_ticket_part(worked->store, 1, "ben@example.com", &left));
    ck_assert_str_eq(left, PD_PART_LEFT);
    worked_verify();
}
END_TEST

START_TEST(change_of_many_is_taken_back_by_mail)
{
    g_autoptr(PdMail) mail = worked_assigned();
    g_autoptr(PdInboxRow) second =
        fixture_send(worked, "From: carl@example.com\nTo: desk@example.org\nSubject: Printer\n"
                             "Message-ID: <v2@example.com>\n\nMe too.\n");
    const gint64 numbers[] = {1, 2};
    const char *const pairs[] = {"priority=P3", NULL};
    g_autoptr(GArray) tickets = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(PdJson) rows = NULL;
    g_autoptr(PdJson) none = NULL;
    gint64 bulk = 0;

    ck_assert_int_eq(second->ticket, 2);
    g_array_append_vals(tickets, numbers, 2);
    ck_ok(pd_desk_change_all(worked->desk, tickets, pairs, "root", FALSE, &bulk, &rows));
    worked_answer(mail, "zhang@example.org", "", "/撤销 批量 7"); /* there is none */
    worked_check(2, "new", "P3", "");
    worked_answer(mail, "zhang@example.org", "", _i == 0 ? "/撤销 批量" : "/undo bulk #1");
    worked_check(1, "new", "P2", "zhang@example.org");
    worked_check(2, "new", "P4", "");
    g_autoptr(PdMail) told = last_of_zhang();
    letters_hold(told, "#1 VPN down");
    letters_hold(told, "#2 Printer");
    letters_hold(told, "优先级：一般 → 较低");
    g_autoptr(GPtrArray) mails = fixture_outbox(worked);
    guint count = 0;
    for (guint i = 0; i < mails->len; i++)
        count += strcmp(((PdOutboxRow *)g_ptr_array_index(mails, i))->purpose, "undone") == 0;
    ck_assert_uint_eq(count, 1); /* one mail for all of it */
    worked_run(2, "priority P1");
    g_autoptr(PdStatus) again = pd_desk_undo_all(worked->desk, bulk, "root", &none);
    ck_assert_ptr_null(again);
    worked_check(2, "new", "P1", ""); /* once is enough */
    worked_verify();
}
END_TEST

START_TEST(message_of_a_wrong_ticket_goes_on_in_one_of_its_own)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_run(1, "resolve done");
    g_autoptr(PdMail) told = worked_mail_to("ann@example.com", "resolved");
    worked_answer(told, "ann@example.com", "", "By the way: my printer is out of paper as well.");
    worked_check(1, "open", "P2", "zhang@example.org"); /* it reopened the ticket */
    worked_run(1, "undo message");
    worked_check(1, "resolved", "P2", "zhang@example.org");
    g_autoptr(PdTicket) own = fixture_ticket(worked, 2);
    g_autoptr(GPtrArray) messages = NULL;
    ck_ok(pd_message_of_ticket(worked->store, 2, &messages));
    ck_assert_str_eq(own->reporter, "ann@example.com");
    ck_assert_str_eq(own->status, "new");
    ck_assert_uint_eq(messages->len, 1);
}
END_TEST

START_TEST(who_came_in_by_mistake_leaves_with_his_message)
{
    g_autoptr(PdMail) mail = worked_assigned();
    g_autofree char *part = NULL;

    worked_answer(mail, "ben@example.com", "Cc: carl@example.com\n", "Something else altogether.");
    worked_run(1, "undo message");
    ck_ok(pd_ticket_part(worked->store, 1, "ben@example.com", &part));
    ck_assert_str_eq(part, PD_PART_LEFT);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, merge_split_link_and_undo_are_events_that_verify);
    tcase_add_test(tests, who_takes_a_change_back_is_told_what_it_was);
    tcase_add_test(tests, colleague_is_told_whose_change_is_taken_back);
    tcase_add_test(tests, what_was_changed_since_is_told_and_stays);
    tcase_add_test(tests, merge_and_wrong_thread_are_taken_back_by_mail);
    tcase_add_test(tests, merge_is_taken_back_by_an_answer_about_the_ticket_that_was_merged);
    tcase_add_test(tests, taking_a_split_back_says_where_it_went);
    tcase_add_test(tests, split_is_taken_back_at_the_ticket_that_it_made);
    tcase_add_test(tests, what_was_moved_by_an_undo_is_told_to_be_merged);
    tcase_add_test(tests, who_came_with_a_merge_and_wrote_since_stays);
    tcase_add_test(tests, watchers_are_taken_back_and_who_left_is_not_brought_back);
    tcase_add_loop_test(tests, change_of_many_is_taken_back_by_mail, 0, 2);
    tcase_add_test(tests, message_of_a_wrong_ticket_goes_on_in_one_of_its_own);
    tcase_add_test(tests, who_came_in_by_mistake_leaves_with_his_message);
}

int main(void)
{
    return worked_main("working: undo", add_tests);
}
