/* working_outside_test.c: somebody outside is asked: who answers for him, whose wait it ends,
 * and addresses that cannot be mailed. */
#include "worked.h"

START_TEST(somebody_outside_is_asked_and_answers_the_engineer_only)
{
    g_autoptr(PdMail) mail = worked_assigned();
    guint to_ann = worked_mails_to("ann@example.com");

    worked_answer(mail, "zhang@example.org", "",
                  "/external vendor@example.net Is this known?\nSerial 77.");
    worked_check(1, "waiting", "P2", "zhang@example.org");
    g_autoptr(PdMail) asked = worked_mail_to("vendor@example.net", "asked");
    letters_hold(asked, "Is this known?");
    letters_hold(asked, "Serial 77.");
    letters_lack(asked, "No VPN since nine"); /* no word of the reporter's */
    worked_answer(asked, "vendor@example.net", "Cc: boss@example.net\n",
                  "/resolve\nIt is, patch 3.");
    worked_check(1, "open", "P2", "zhang@example.org");
    g_autoptr(PdMail) back = worked_mail_to("zhang@example.org", "answered");
    letters_hold(back, "It is, patch 3.");
    ck_assert_uint_eq(worked_mails_to("ann@example.com"), to_ann);
    ck_assert_uint_eq(worked_mails_to("boss@example.net"), 0);
}
END_TEST

START_TEST(only_who_is_asked_ends_the_wait)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_answer(mail, "zhang@example.org", "",
                  "/status waiting\n/external one@example.net Is it known?");
    g_autoptr(PdMail) first = worked_mail_to("one@example.net", "asked");
    worked_run(1, "external two@example.net And you?");
    g_autoptr(PdMail) second = worked_mail_to("two@example.net", "asked");
    g_autoptr(PdMail) to_ann = worked_mail_to("ann@example.com", "acknowledge");
    worked_answer(to_ann, "ann@example.com", "", "It is slow as well.");
    worked_check(1, "waiting", "P2", "zhang@example.org");
    worked_answer(first, "one@example.net", "", "Never heard of it.");
    worked_check(1, "waiting", "P2", "zhang@example.org");
    g_autoptr(PdMail) heard = worked_mail_to("zhang@example.org", "answered");
    letters_hold(heard, "Never heard of it.");
    worked_answer(second, "two@example.net", "", "Patch 3.");
    worked_check(1, "open", "P2", "zhang@example.org");
}
END_TEST

/* Support answers for the one who was asked. It ends no wait, for nothing proves it. */
START_TEST(colleague_of_who_was_asked_answers_to_the_ticket)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_answer(mail, "zhang@example.org", "", "/external joe@vendor.example What is 809?");
    g_autoptr(PdMail) asked = worked_mail_to("joe@vendor.example", "asked");
    worked_answer(asked, "support@help.vendor.example", "", "/close\nUDP 500 is blocked.");
    worked_check(1, "waiting", "P2", "zhang@example.org");
    g_autoptr(PdMail) told = worked_mail_to("zhang@example.org", "answered");
    letters_hold(told, "UDP 500 is blocked.");
    letters_hold(told, "support@help.vendor.example");
    gboolean takes_part = TRUE;
    ck_ok(pd_ticket_has_participant(worked->store, 1, "support@help.vendor.example", &takes_part));
    ck_assert(!takes_part);
    guint ann = worked_mails_to("ann@example.com");
    worked_answer(asked, "mallory@evil.example", "", "Me too."); /* a matter of his own */
    worked_check(2, "new", "P2", "");
    ck_assert_uint_eq(worked_mails_to("ann@example.com"), ann);
    const PdAddress *to = g_ptr_array_index(asked->reply_to, 0);
    g_autofree char *aligned =
        g_strdup_printf("Authentication-Results: mx.example.org; dmarc=pass "
                        "header.from=vendor.example\nFrom: help@vendor.example\nTo: %s\n"
                        "Subject: Re: VPN\nMessage-ID: <h1@vendor.example>\n\nIt is solved.\n",
                        to->address);
    fixture_take_in_row(worked, "m/INBOX", aligned, FALSE, FALSE);
    fixture_process(worked);
    worked_check(1, "open", "P2", "zhang@example.org"); /* that is the vendor */
    worked_verify();
}
END_TEST

/* Whoever has a mailbox there. */
START_TEST(who_uses_the_same_provider_is_no_colleague)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_answer(mail, "zhang@example.org", "", "/external joe@vip.QQ.com What is 809?");
    g_autoptr(PdMail) asked = worked_mail_to("joe@vip.qq.com", "asked");
    worked_answer(asked, "eve@vip.qq.com", "", "UDP 500 is blocked.");
    worked_check(2, "new", "P2", "");
    worked_answer(asked, "joe@vip.qq.com", "", "It is the gateway.");
    g_autoptr(PdMail) told = worked_mail_to("zhang@example.org", "answered");
    letters_hold(told, "It is the gateway.");
}
END_TEST

/* As people write an address among Chinese, and as they copy it. */
START_TEST(address_of_who_is_asked_ends_where_it_ends)
{
    static const char *const lines[][2] = {
        {"/外部：vendor@example.net，请看日志", "请看日志"},
        {"/external <vendor@example.net> Please look", "Please look"},
        {"/external vendor@example.net, please look", "please look"},
        {"/外部 vendor@example.net：请看日志", "请看日志"},
    };
    g_autoptr(PdMail) mail = worked_assigned();

    worked_answer(mail, "zhang@example.org", "", lines[_i][0]);
    worked_check(1, "waiting", "P2", "zhang@example.org");
    g_autoptr(PdMail) asked = worked_mail_to("vendor@example.net", "asked");
    letters_hold(asked, lines[_i][1]);
    letters_lack(asked, "，请");
}
END_TEST

START_TEST(who_cannot_be_mailed_is_told_as_a_mistake)
{
    static const char *const lines[] = {"/external 王芳@example.net look",
                                        "/watch 王芳@example.net",
                                        "/external a@example.net, b@example.net look"};
    g_autoptr(PdMail) mail = worked_assigned();

    worked_answer(mail, "zhang@example.org", "", lines[_i]);
    g_autoptr(PdMail) refused = worked_mail_to("zhang@example.org", "refused");
    worked_check(1, "new", "P2", "zhang@example.org");
}
END_TEST

/* A colleague in Cc whose address no relay takes keeps nobody from hearing. */
START_TEST(address_that_cannot_be_mailed_spoils_no_mail)
{
    g_autoptr(PdInboxRow) row = fixture_send(
        worked, "From: Ann <ann@example.com>\nTo: desk@example.org\n"
                "Cc: =?utf-8?B?546L?= <\xe7\x8e\x8b@example.com>, Ben <ben@example.com>\n"
                "Subject: VPN down\nMessage-ID: <vpn1@example.com>\n\nNo VPN since nine.\n");

    worked_run(1, "assign 张三");
    g_autoptr(PdMail) mail = worked_mail_to("zhang@example.org", "assigned");
    worked_answer(mail, "zhang@example.org", "", "/resolve");
    worked_check(1, "resolved", "P2", "zhang@example.org");
    gboolean takes_part = FALSE;
    ck_ok(pd_ticket_has_participant(worked->store, 1, "王@example.com", &takes_part));
    ck_assert(takes_part);
    g_autoptr(PdMail) told = worked_mail_to("ben@example.com", "resolved");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, somebody_outside_is_asked_and_answers_the_engineer_only);
    tcase_add_test(tests, only_who_is_asked_ends_the_wait);
    tcase_add_test(tests, colleague_of_who_was_asked_answers_to_the_ticket);
    tcase_add_test(tests, who_uses_the_same_provider_is_no_colleague);
    tcase_add_loop_test(tests, address_of_who_is_asked_ends_where_it_ends, 0, 4);
    tcase_add_loop_test(tests, who_cannot_be_mailed_is_told_as_a_mistake, 0, 3);
    tcase_add_test(tests, address_that_cannot_be_mailed_spoils_no_mail);
}

int main(void)
{
    return worked_main("working: outside", add_tests);
}
