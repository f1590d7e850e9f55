/* working_proof_test.c: nobody without authority changes a ticket: From lines, tokens and forged
 * threads. */
#include "worked.h"

#include "postdesk/clock.h"

static const struct {
    const char *what, *from, *headers;
    gboolean fresh; /* not an answer to the assignment mail, only [#1] in the subject */
} forged[] = {
    {"a reader whom the mail was forwarded to", "mallory@example.net", "", FALSE},
    {"the reporter, with the engineer's mail", "ann@example.com", "", FALSE},
    {"another engineer, with the engineer's mail", "li@example.org", "", FALSE},
    {"a From line alone", "zhang@example.org", "", TRUE},
    {"the token in a mail from elsewhere that says Reply-To him", "mallory@example.net",
     "Reply-To: zhang@example.org\n", FALSE},
};

START_TEST(nobody_without_authority_changes_a_ticket)
{
    g_autoptr(PdMail) mail = worked_assigned();
    g_autofree char *fresh =
        g_strdup_printf("From: %s\nTo: desk@example.org\nSubject: Re: [#1] VPN down\n"
                        "Message-ID: <fresh@example.com>\n\n/resolve\n/priority P4\nDone.\n",
                        forged[_i].from);

    if (forged[_i].fresh) {
        g_autoptr(PdInboxRow) row = fixture_send(worked, fresh);
    } else {
        worked_answer(mail, forged[_i].from, forged[_i].headers, "/resolve\n/priority P4\nDone.");
    }
    worked_check(1, "new", "P2", "zhang@example.org");
}
END_TEST

START_TEST(refused_person_is_told_and_the_admin_after_the_third_time)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_answer(mail, "li@example.org", "", "/resolve");
    worked_answer(mail, "li@example.org", "", "/close");
    ck_assert_int_eq(fixture_alarms(worked, "authority"), 0);
    worked_answer(mail, "li@example.org", "", "/spam");
    ck_assert_int_eq(fixture_alarms(worked, "authority"), 1);
    g_autoptr(PdMail) refused = worked_mail_to("li@example.org", "refused");
    letters_hold(refused, "nothing shows that it comes from you");
    worked_answer(refused, "li@example.org", "", "/resolve"); /* this one is his own */
    worked_check(1, "resolved", "P2", "zhang@example.org");
}
END_TEST

START_TEST(who_answers_an_old_mail_is_told_to_answer_a_new_one)
{
    g_autoptr(PdMail) mail = worked_assigned();

    pd_clock_set(pd_clock_now() + 40 * PD_DAY);
    worked_answer(mail, "zhang@example.org", "", "/priority P1");
    worked_check(1, "new", "P2", "zhang@example.org");
    g_autoptr(PdMail) refused = worked_mail_to("zhang@example.org", "refused");
    letters_hold(refused, "您回复的邮件太旧");
    worked_answer(mail, "li@example.org", "", "/priority P1"); /* it never was his */
    g_autoptr(PdMail) other = worked_mail_to("li@example.org", "refused");
    letters_hold(other, "nothing shows that it comes from you");
    worked_answer(refused, "zhang@example.org", "", "/priority P1");
    worked_check(1, "new", "P1", "zhang@example.org");
    pd_clock_set(0);
}
END_TEST

START_TEST(token_of_another_ticket_does_nothing)
{
    g_autoptr(PdMail) mail = worked_assigned();
    const PdAddress *to = g_ptr_array_index(mail->reply_to, 0);
    g_autofree char *other = g_strdup_printf(
        "From: ben@example.com\nTo: desk@example.org\nSubject: Printer\nMessage-ID: "
        "<p@example.com>\n\nIt is broken.\n");
    g_autoptr(PdInboxRow) row = fixture_send(worked, other);
    g_autofree char *raw = g_strdup_printf(
        "From: zhang@example.org\nTo: %s\nSubject: Re: [#2] Printer\nMessage-ID: <t@example.com>\n"
        "\n/resolve\n",
        to->address);

    g_autoptr(PdInboxRow) sent = fixture_send(worked, raw);
    ck_assert_int_eq(sent->ticket, 1); /* the token leads to its own ticket, whatever is quoted */
    worked_check(2, "new", "P4", "");
    worked_check(1, "resolved", "P2", "zhang@example.org");
}
END_TEST

START_TEST(token_is_used_up_and_expires)
{
    g_autoptr(PdMail) mail = worked_assigned();
    g_autoptr(PdInboxRow) second =
        fixture_send(worked, "From: ben@example.com\nTo: desk@example.org\nSubject: VPN again\n"
                             "Message-ID: <v2@example.com>\n\nMe too.\n");

    worked_answer(mail, "zhang@example.org", "", "/merge 2");
    worked_check(1, "merged", "P2", "zhang@example.org");
    worked_run(2, "undo");
    worked_check(1, "new", "P2", "zhang@example.org");
    worked_answer(mail, "zhang@example.org", "", "/merge 2");
    worked_check(1, "new", "P2", "zhang@example.org"); /* once is enough for such a mail */
    worked_answer(mail, "zhang@example.org", "", "/priority P1");
    worked_check(1, "new", "P1", "zhang@example.org");
    pd_clock_set(pd_clock_now() + 40 * PD_DAY);
    worked_answer(mail, "zhang@example.org", "", "/priority P4");
    worked_check(1, "new", "P1", "zhang@example.org");
}
END_TEST

START_TEST(any_address_of_a_person_is_his)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_answer(mail, "zhang.home@example.net", "", "/resolve");
    worked_check(1, "resolved", "P2", "zhang@example.org");
}
END_TEST

/* Of one conversation: what begins it, and two answers. */
static const struct {
    const char *first, *second;
} planted[] = {
    {"", "In-Reply-To: <f1@x>\n"},
    {"", "References: <m1@elsewhere> <f1@x>\n"},
    {"Thread-Index: AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRob\n",
     "Thread-Index: AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=\n"},
};

START_TEST(who_forges_a_mail_proves_nothing_by_answering_it)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_answer(mail, "zhang@example.org", "", "/resolve\nDone.");
    worked_check(1, "resolved", "P2", "zhang@example.org");
    worked_write("ann@example.com", "f1", planted[_i].first, "It is as it was.");
    worked_check(1, "resolved", "P2", "zhang@example.org");
    worked_write("ann@example.com", "f2", planted[_i].second, "It is as it was.");
    worked_check(1, "resolved", "P2", "zhang@example.org");
    g_autoptr(PdMail) resolved = worked_mail_to("ann@example.com", "resolved");
    g_autofree char *real = g_strdup_printf("In-Reply-To: <%s>\n", resolved->message_id);
    worked_write("ann@example.com", "f3", real, "It is as it was.");
    worked_check(1, "open", "P2", "zhang@example.org");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, nobody_without_authority_changes_a_ticket, 0, G_N_ELEMENTS(forged));
    tcase_add_test(tests, refused_person_is_told_and_the_admin_after_the_third_time);
    tcase_add_test(tests, who_answers_an_old_mail_is_told_to_answer_a_new_one);
    tcase_add_test(tests, token_of_another_ticket_does_nothing);
    tcase_add_test(tests, token_is_used_up_and_expires);
    tcase_add_test(tests, any_address_of_a_person_is_his);
    tcase_add_loop_test(tests, who_forges_a_mail_proves_nothing_by_answering_it, 0,
                        G_N_ELEMENTS(planted));
}

int main(void)
{
    return worked_main("working: proof", add_tests);
}
