/* working_commands_test.c: commands by mail: done together or not at all, understood as people
 * write them, and explained. */
#include "worked.h"

#include "postdesk/clock.h"
#include <string.h>

START_TEST(commands_of_a_mail_are_done_together)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_answer(
        mail, "zhang@example.org", "",
        "/priority P1\n/指派 li\n/category network/vpn\n/tag urgent，重要、老刘\n/status waiting\n"
        "Please send the log.");
    worked_check(1, "waiting", "P1", "li@example.org");
    g_autoptr(PdMail) told = worked_mail_to("ann@example.com", "status");
    letters_hold(told, "Please send the log.");
    letters_lack(told, "/priority");
    g_autoptr(PdMail) next = worked_mail_to("li@example.org", "assigned");
    ck_assert_str_eq(next->subject, "[#1] Assigned to you: VPN down");
    g_autoptr(PdTicket) ticket = fixture_ticket(worked, 1);
    ck_assert_str_eq(ticket->tags, "remote urgent 老刘 重要"); /* whole characters */
}
END_TEST

START_TEST(one_wrong_command_undoes_the_mail_and_is_explained)
{
    g_autoptr(PdMail) mail = worked_assigned();
    guint before = worked_mails_to("ann@example.com");

    worked_answer(mail, "zhang@example.org", "",
                  "/priority P1\n/asign me\n/status sleeping\nHello Ann.");
    worked_check(1, "new", "P2", "zhang@example.org");
    ck_assert_uint_eq(worked_mails_to("ann@example.com"), before);
    g_autoptr(PdMail) refused = worked_mail_to("zhang@example.org", "refused");
    letters_hold(refused, "/assign");  /* the nearest right one */
    letters_hold(refused, "可以执行"); /* of the one that was right */
    letters_hold(refused, "waiting");  /* among the choices */
    worked_answer(refused, "zhang@example.org", "", "/priority P1\n/assign me");
    worked_check(1, "new", "P1", "zhang@example.org");
}
END_TEST

START_TEST(chinese_commands_are_explained_in_chinese)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_answer(mail, "zhang@example.org", "", "/影响 很大");
    g_autoptr(PdMail) refused = worked_mail_to("zhang@example.org", "refused");
    letters_hold(refused, "高, 中, 低");
}
END_TEST

/* It turns out only when the others are done. */
START_TEST(what_fails_when_it_is_done_is_told_once)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_answer(mail, "zhang@example.org", "", "/priority P1\n/split");
    worked_check(1, "new", "P2", "zhang@example.org");
    g_autoptr(PdMail) refused = worked_mail_to("zhang@example.org", "refused");
    const char *right = strstr(refused->full_text, "/priority P1");
    const char *wrong = strstr(refused->full_text, "/split");
    ck_assert_ptr_nonnull(right);
    ck_assert_ptr_nonnull(wrong);
    ck_assert_ptr_null(strstr(right + 1, "/priority P1"));
    ck_assert_ptr_null(strstr(wrong + 1, "/split"));
    const char *understood = strstr(right, "可以执行");
    ck_assert_ptr_nonnull(understood);
    ck_assert(understood < wrong);
    ck_assert_ptr_null(strstr(wrong, "可以执行"));
}
END_TEST

START_TEST(a_command_below_text_is_told_and_not_mailed)
{
    static const char *const texts[] = {"Hello,\n/resolve\nIt was the cable.",
                                        "您好！\n\n／解决\n已更换网线。",
                                        "/priority P1\nThe cable was it.\n  /assign li\n",
                                        "note: she forgot\nher password\n/resolve\n"};
    g_autoptr(PdMail) mail = worked_assigned();
    guint before = worked_mails_to("ann@example.com");

    worked_answer(mail, "zhang@example.org", "", texts[_i]);
    worked_check(1, "new", "P2", "zhang@example.org");
    ck_assert_uint_eq(worked_mails_to("ann@example.com"), before);
    g_autoptr(PdMail) refused = worked_mail_to("zhang@example.org", "refused");
    letters_hold(refused, "最前面");
}
END_TEST

/* What only a reporter says may be shown to him, and paths are none. */
START_TEST(what_looks_like_a_command_below_text_may_be_text)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_answer(mail, "zhang@example.org", "",
                  "Free some room in\n/var/log\nthen answer with\n/rate 5");
    g_autoptr(PdMail) told = worked_mail_to("ann@example.com", "reply");
    letters_hold(told, "/var/log");
    letters_hold(told, "/rate 5");
}
END_TEST

START_TEST(what_is_almost_right_is_told_and_nothing_is_done)
{
    static const char *const lines[][2] = {{"/category network/vpm", "network/vpn"},
                                           {"/category vpn", "network/vpn"},
                                           {"/status wait", "waiting"},
                                           {"/link dup 1", "duplicates"},
                                           {"/link 到", "/link 到"},
                                           {"/untag vpi", "vip"}};
    g_autoptr(PdMail) about = worked_assigned();
    g_autofree char *text = g_strconcat("/priority P1\n", lines[_i][0], NULL);

    worked_run(1, "tag vip");
    worked_answer(about, "zhang@example.org", "", text);
    worked_check(1, "new", "P2", "zhang@example.org");
    g_autoptr(PdMail) refused = worked_mail_to("zhang@example.org", "refused");
    letters_hold(refused, lines[_i][1]);
}
END_TEST

/* As people speak, and as mails show it. */
START_TEST(small_words_and_marks_do_not_matter)
{
    static const struct {
        const char *line, *status, *priority, *assignee;
    } said[] = {
        {"/优先级 特急", "new", "P1", "zhang@example.org"},
        {"/priority low.", "new", "P4", "zhang@example.org"},
        {"/优先级 p1。", "new", "P1", "zhang@example.org"},
        {"/指派给 Li Si", "new", "P2", "li@example.org"},
        {"/转给@Li Si", "new", "P2", "li@example.org"},
        {"/合并到2", "merged", "P2", "zhang@example.org"},
        {"/merge into #2", "merged", "P2", "zhang@example.org"},
        {"/合并 到工单 2。", "merged", "P2", "zhang@example.org"},
        {"/link to 2", "new", "P2", "zhang@example.org"},
        {"/状态 等待。", "waiting", "P2", "zhang@example.org"},
        {"/分类 其他", "new", "P2", "zhang@example.org"},
        {"/解决。", "resolved", "P2", "zhang@example.org"},
        {"/priority P1\n/undo.", "new", "P2", "zhang@example.org"},
    };
    g_autoptr(PdMail) about = worked_assigned();
    g_autoptr(PdInboxRow) second =
        fixture_send(worked, "From: carl@example.com\nTo: desk@example.org\nSubject: Mouse\n"
                             "Message-ID: <m2@example.com>\n\nIt is broken.\n");

    worked_answer(about, "zhang@example.org", "", said[_i].line);
    worked_check(1, said[_i].status, said[_i].priority, said[_i].assignee);
    g_autoptr(GPtrArray) mails = fixture_outbox(worked);
    for (guint i = 0; i < mails->len; i++)
        ck_assert_str_ne(((PdOutboxRow *)g_ptr_array_index(mails, i))->purpose, "refused");
}
END_TEST

START_TEST(letter_case_and_wide_letters_do_not_matter)
{
    g_autoptr(PdMail) about = worked_assigned();

    worked_answer(about, "zhang@example.org", "",
                  "／优先级　Ｐ１\n/Status Waiting\n/Impact HIGH\n/Assign Me");
    worked_check(1, "waiting", "P1", "zhang@example.org");
    g_autoptr(PdTicket) ticket = fixture_ticket(worked, 1);
    ck_assert_str_eq(ticket->impact, "high");
}
END_TEST

START_TEST(explain_tells_what_commands_would_do)
{
    g_autoptr(PdMail) about = worked_assigned();
    const PdAddress *to = g_ptr_array_index(about->reply_to, 0);
    static const char *const texts[] = {"/priority P1\nWhich version?", "/prority P1\nWhich?"};
    g_autofree char *raw = g_strdup_printf("From: zhang@example.org\nTo: %s\nSubject: Re: VPN\n"
                                           "Message-ID: <e@x>\n\n%s\n",
                                           to->address, texts[_i]);
    g_autoptr(PdMail) mail = read_raw(raw);
    g_autoptr(PdJson) why = NULL;

    ck_ok(pd_desk_explain(worked->desk, mail, &why));
    const PdJson *work = pd_json_get(why, "work");
    const PdJson *line = pd_json_at(pd_json_get(work, "lines"), 0);
    ck_assert_int_eq(pd_json_get_bool(work, "done", FALSE), _i == 0);
    ck_assert_pstr_eq(pd_json_get_text(line, "nearest"), _i == 0 ? NULL : "/priority");
    ck_assert_pstr_eq(pd_json_get_text(pd_json_get(work, "set"), "priority"),
                      _i == 0 ? "P1" : NULL);
    ck_assert_pstr_eq(pd_json_get_text(work, "text_goes_to"), _i == 0 ? "reporter" : NULL);
    worked_check(1, "new", "P2", "zhang@example.org");
}
END_TEST

START_TEST(help_lists_what_one_may_say)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_answer(mail, "zhang@example.org", "", "/帮助");
    g_autoptr(PdMail) help = worked_mail_to("zhang@example.org", "help");
    letters_hold(help, "/优先级");
    letters_hold(help, "/merge");
    letters_lack(help, "/confirm"); /* that is the reporter's */
}
END_TEST

START_TEST(agreed_day_holds_until_it_is_taken_back)
{
    g_autoptr(PdMail) mail = worked_assigned();

    pd_clock_set(G_GINT64_CONSTANT(1790000000) * PD_SECOND); /* September 2026 */
    worked_run(1, "due 2026-12-01");
    worked_run(1, "priority P1");
    g_autoptr(PdTicket) agreed = fixture_ticket(worked, 1);
    ck_assert(g_str_has_prefix(agreed->resolve_due, "2026-1"));
    ck_assert_ptr_nonnull(strstr(agreed->resolve_due, "-01T"));
    worked_run(1, "undo"); /* the priority */
    worked_run(1, "undo");
    g_autoptr(PdTicket) usual = fixture_ticket(worked, 1);
    ck_assert_str_eq(usual->resolve_due, "");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, commands_of_a_mail_are_done_together);
    tcase_add_test(tests, one_wrong_command_undoes_the_mail_and_is_explained);
    tcase_add_test(tests, chinese_commands_are_explained_in_chinese);
    tcase_add_test(tests, what_fails_when_it_is_done_is_told_once);
    tcase_add_loop_test(tests, a_command_below_text_is_told_and_not_mailed, 0, 4);
    tcase_add_test(tests, what_looks_like_a_command_below_text_may_be_text);
    tcase_add_loop_test(tests, what_is_almost_right_is_told_and_nothing_is_done, 0, 6);
    tcase_add_loop_test(tests, small_words_and_marks_do_not_matter, 0, 13);
    tcase_add_test(tests, letter_case_and_wide_letters_do_not_matter);
    tcase_add_loop_test(tests, explain_tells_what_commands_would_do, 0, 2);
    tcase_add_test(tests, help_lists_what_one_may_say);
    tcase_add_test(tests, agreed_day_holds_until_it_is_taken_back);
}

int main(void)
{
    return worked_main("working: commands", add_tests);
}
