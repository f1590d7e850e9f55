/* working_strangers_test.c: who has no part in a ticket gets none by what he writes into a mail's
 * lines: Cc, Reply-To, the marks of a list. */
#include "worked.h"

static const struct {
    const char *headers, *stranger;
    guint mails;
} bringing[] = {
    {"Cc: mallory@elsewhere.example\n", "mallory@elsewhere.example", 0},
    {"To: mallory@elsewhere.example\n", "mallory@elsewhere.example", 0},
    {"Reply-To: mallory@example.com\n", "mallory@example.com", 0},
    {WORKED_PASSED("example.com") "Cc: eve@example.com\n", "eve@example.com", 1},
    {WORKED_PASSED("elsewhere.example") "Cc: eve@example.com\n", "eve@example.com", 0},
};

START_TEST(only_who_is_known_to_be_himself_brings_people_in)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_come(NULL, "ann@example.com", bringing[_i].headers, "There is more of it.");
    worked_answer(mail, "zhang@example.org", "", "The new password is swordfish.");
    ck_assert_uint_eq(worked_mails_to(bringing[_i].stranger), bringing[_i].mails);
}
END_TEST

START_TEST(an_answer_brings_in_whom_it_was_sent_to)
{
    g_autoptr(PdMail) mail = worked_assigned();
    g_autoptr(PdMail) told = worked_mail_to("ann@example.com", "acknowledge");

    worked_answer(told, "ann@example.com", "Cc: eve@elsewhere.example\n", "Eve knows more.");
    worked_answer(mail, "zhang@example.org", "", "We look into it.");
    ck_assert_uint_eq(worked_mails_to("eve@elsewhere.example"), 1);
}
END_TEST

/* Of mails that show who wrote them. */
static const struct {
    const char *from, *headers, *status;
} claiming[] = {
    {"ann@example.com", WORKED_PASSED("example.com"), "resolved"}, /* it is she */
    {"ben@example.com", WORKED_PASSED("example.com"), "new"},
    {"ben@example.com", WORKED_PASSED("example.com") "Reply-To: ann@example.com\n", "new"},
    {"mallory@example.com", WORKED_PASSED("example.com") "Reply-To: ann@example.com\n", "new"},
    {"mallory@elsewhere.example",
     WORKED_PASSED(
         "elsewhere.example") "Reply-To: ann@example.com\nList-Id: <mallory.elsewhere.example>\n"
                              "List-Post: <mailto:mallory@elsewhere.example>\n",
     "new"},
};

START_TEST(reply_to_makes_nobody_the_reporter)
{
    g_autoptr(PdMail) mail = worked_assigned();
    g_autoptr(PdMail) told = worked_mail_to("ann@example.com", "acknowledge");

    worked_come(told, claiming[_i].from, claiming[_i].headers, "/withdraw");
    g_autoptr(PdTicket) ticket = fixture_ticket(worked, 1);
    ck_assert_str_eq(ticket->status, claiming[_i].status);
}
END_TEST

/* Its writer is nobody, whatever its lines name. */
START_TEST(a_mail_without_from_is_taken_in)
{
    g_autoptr(PdMail) mail = worked_assigned();
    g_autoptr(PdMail) told = worked_mail_to("ann@example.com", "acknowledge");
    g_autofree char *raw = g_strdup_printf(
        "To: %s\nReply-To: all@example.net, ann@example.com\nList-Post: <mailto:all@example.net>\n"
        "Subject: more\n\nStill broken.\n",
        ((const PdAddress *)g_ptr_array_index(told->reply_to, 0))->address);
    g_autoptr(PdInboxRow) row = fixture_send(worked, raw);

    ck_assert_int_ne(row->outcome, PD_OUTCOME_INBOX);
    ck_assert_int_ne(row->outcome, PD_OUTCOME_QUARANTINED);
}
END_TEST

START_TEST(a_mail_that_was_forwarded_lets_nobody_in)
{
    g_autoptr(PdMail) mail = worked_assigned();
    g_autoptr(PdMail) told = worked_mail_to("ann@example.com", "acknowledge");

    worked_come(told, "mallory@example.com", "Reply-To: ann@example.com\n", "Pay me, too.");
    g_autoptr(PdTicket) other = fixture_ticket(worked, 2);
    ck_assert_str_eq(other->status, "new");
}
END_TEST

START_TEST(who_opens_a_ticket_with_a_reply_to_is_its_reporter)
{
    static const char lines[] = WORKED_PASSED("example.com") "Reply-To: ann@example.com\n";
    g_autofree char *raw =
        g_strconcat(lines, "From: ann.office@example.com\nTo: desk@example.org\n",
                    "Subject: VPN down\nMessage-ID: <v@x>\n\nNo VPN.\n", NULL);

    fixture_take_in_row(worked, "m/INBOX", raw, FALSE, FALSE);
    fixture_process(worked);
    g_autoptr(PdMail) told = worked_mail_to("ann@example.com", "acknowledge");
    worked_come(told, "ann.office@example.com", lines, "/withdraw");
    g_autoptr(PdTicket) ticket = fixture_ticket(worked, 1);
    ck_assert_str_eq(ticket->status, "resolved");
}
END_TEST

START_TEST(nobody_is_told_of_a_ticket_by_a_forged_mail_with_his_reply_to)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_come(NULL, "ann@example.com", "Reply-To: mallory@example.com\n", "/where");
    ck_assert_uint_eq(worked_mails_to("mallory@example.com"), 0);
}
END_TEST

START_TEST(lists_and_programs_take_no_part)
{
    static const char *const nobody[] = {"no-reply@example.com", "MAILER-DAEMON@example.com",
                                         "all@example.com"};

    fixture_take_in_row(worked, "m/INBOX",
                        "From: ann@example.com\nTo: desk@example.org, no-reply@example.com\n"
                        "Cc: eve@example.com, MAILER-DAEMON@example.com, all@example.com\n"
                        "List-Post: <mailto:all@example.com>\nSubject: VPN down\n"
                        "Message-ID: <v@x>\n\nNo VPN.\n",
                        FALSE, FALSE);
    fixture_process(worked);
    worked_run(1, "resolve It is mended.");
    for (gsize i = 0; i < G_N_ELEMENTS(nobody); i++)
        ck_assert_uint_eq(worked_mails_to(nobody[i]), 0);
    ck_assert_uint_eq(worked_mails_to("eve@example.com"), 1);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, lists_and_programs_take_no_part);
    tcase_add_loop_test(tests, only_who_is_known_to_be_himself_brings_people_in, 0,
                        G_N_ELEMENTS(bringing));
    tcase_add_test(tests, an_answer_brings_in_whom_it_was_sent_to);
    tcase_add_loop_test(tests, reply_to_makes_nobody_the_reporter, 0, G_N_ELEMENTS(claiming));
    tcase_add_test(tests, a_mail_that_was_forwarded_lets_nobody_in);
    tcase_add_test(tests, a_mail_without_from_is_taken_in);
    tcase_add_test(tests, who_opens_a_ticket_with_a_reply_to_is_its_reporter);
    tcase_add_test(tests, nobody_is_told_of_a_ticket_by_a_forged_mail_with_his_reply_to);
}

int main(void)
{
    return worked_main("working: strangers", add_tests);
}
