/* bounce_test: what could not be delivered, to whom, and which mail it was. */
#include "reading_help.h"

START_TEST(reads_the_standard)
{
    g_autoptr(PdMail) mail = read_mail(
        "From: MAILER-DAEMON@mx.example.net\nTo: bounces+x@example.com\nSubject: Undelivered\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nSorry.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n"
        "Final-Recipient: rfc822; bob@example.org\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 unknown\n user\n\n"
        "--b\nContent-Type: message/rfc822\n\nMessage-ID: <orig.1@example.com>\nSubject: x\n\nhi\n"
        "--b--\n");

    ck_assert_int_eq(mail->origin, PD_ORIGIN_BOUNCE);
    ck_assert_uint_eq(mail->bounce->len, 1);
    const PdBounceRecipient *one = mail->bounce->pdata[0];
    ck_assert_str_eq(one->address, "bob@example.org");
    ck_assert_str_eq(one->action, "failed");
    ck_assert_str_eq(one->status, "5.1.1");
    ck_assert_str_eq(one->diagnostic, "550 5.1.1 unknown user");
    ck_assert_str_eq(mail->bounce_original, "orig.1@example.com");
}
END_TEST

START_TEST(tells_delays_from_failures)
{
    g_autoptr(PdMail) mail = read_mail(
        "From: MAILER-DAEMON@mx.example.net\nSubject: Delayed\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nWait.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
        "Final-Recipient: rfc822; bob@example.org\nAction: delayed\nStatus: 4.4.1\n--b--\n");

    ck_assert_int_eq(mail->origin, PD_ORIGIN_REPORT);
    const PdBounceRecipient *one = mail->bounce->pdata[0];
    ck_assert_str_eq(one->action, "delayed");
}
END_TEST

START_TEST(reads_words)
{
    g_autoptr(PdMail) mail = read_mail(
        "Return-Path: <>\nFrom: Mail Delivery System <Mailer-Daemon@mx.example.net>\n"
        "Subject: failure notice\n\n"
        "Hi. This is the qmail-send program at mx.example.net.\n\n<bob@example.org>:\n"
        "user does not exist (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n"
        "Return-Path: <desk@example.com>\nMessage-ID: <orig.2@example.com>\nTo: bob@example.org\n"
        "Cc: eve@example.org\n\nhi\n");

    ck_assert_int_eq(mail->origin, PD_ORIGIN_BOUNCE);
    ck_assert_uint_eq(mail->bounce->len, 1);
    const PdBounceRecipient *one = mail->bounce->pdata[0];
    ck_assert_str_eq(one->address, "bob@example.org");
    ck_assert_str_eq(one->status, "5.1.1");
    ck_assert_str_eq(mail->bounce_original, "orig.2@example.com");
}
END_TEST

static const struct {
    const char *status, *diagnostic;
    PdBounceWeight weight;
} weights[] = {
    {"Action: failed\nStatus: 5.1.1", "550 5.1.1 <bob@example.org>... User unknown",
     PD_BOUNCE_HARD},
    {"Action: failed\nStatus: 5.0.0", "550 no such user here", PD_BOUNCE_HARD},
    {"Action: failed\nStatus: 5.4.4", "Host or domain name not found", PD_BOUNCE_HARD},
    {"Action: failed\nStatus: 5.2.2", "552 mailbox full", PD_BOUNCE_SOFT},
    {"Action: failed\nStatus: 5.1.1", "552 5.2.2 over quota", PD_BOUNCE_SOFT},
    {"Action: failed\nStatus: 5.7.1", "550 5.7.1 blocked by policy", PD_BOUNCE_SOFT},
    {"Action: failed\nStatus: 4.4.7", "delivery expired: user unknown", PD_BOUNCE_SOFT},
    {"Action: failed\nStatus: 5.0.0", "550 user unknown (in reply to end of DATA command)",
     PD_BOUNCE_SOFT},
    {"Action: failed\nStatus: 4.1.1", "450 4.1.1 <bob@example.org>: User unknown", PD_BOUNCE_HARD},
    {"Action: failed\nStatus: 5.1.1", "550 5.1.1 inactive email address", PD_BOUNCE_HARD},
    {"Action: failed\nStatus: 5.3.2", "521 5.3.2 System not accepting network messages",
     PD_BOUNCE_HARD},
    {"Action: delayed\nStatus: 4.1.1", "450 user unknown", PD_BOUNCE_SOFT},
    {"Action: delivered\nStatus: 2.1.5", "250 ok", PD_BOUNCE_NONE},
};

START_TEST(tells_hard_from_soft)
{
    g_autofree char *raw = g_strdup_printf(
        "From: MAILER-DAEMON@mx.example.net\nSubject: Report\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nSorry.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
        "Final-Recipient: rfc822; bob@example.org\n%s\nDiagnostic-Code: smtp; %s\n--b--\n",
        weights[_i].status, weights[_i].diagnostic);
    g_autoptr(PdMail) mail = read_mail(raw);

    ck_assert_uint_eq(mail->bounce->len, 1);
    const PdBounceRecipient *one = mail->bounce->pdata[0];
    ck_assert_msg(one->weight == weights[_i].weight, "%s: %s", weights[_i].diagnostic,
                  pd_bounce_weight_name(one->weight));
}
END_TEST

START_TEST(finds_the_words_behind_an_address)
{
    g_autoptr(PdMail) mail = read_mail(
        "Return-Path: <>\nFrom: Mail Delivery System <Mailer-Daemon@mx.example.net>\n"
        "X-Failed-Recipients: bob@example.org, eve@example.org\nSubject: Mail delivery failed\n\n"
        "The following addresses failed:\n\n  bob@example.org\n    550 no such user\n"
        "  eve@example.org\n    552 5.2.2 mailbox full\n\n------ This is a copy ------\n");

    ck_assert_uint_eq(mail->bounce->len, 2);
    const PdBounceRecipient *bob = mail->bounce->pdata[0], *eve = mail->bounce->pdata[1];
    ck_assert_int_eq(bob->weight, PD_BOUNCE_HARD);
    ck_assert_int_eq(eve->weight, PD_BOUNCE_SOFT);
    ck_assert_str_eq(eve->status, "5.2.2");
}
END_TEST

/* However the limit of the words that are read falls into a character. */
START_TEST(cuts_a_long_report_between_characters)
{
    for (guint shift = 0; shift < 3; shift++) {
        g_autoptr(GString) text = g_string_new("From: MAILER-DAEMON@mx.example.net\n"
                                               "Content-Type: text/plain; charset=utf-8\n"
                                               "X-Failed-Recipients: bob@example.org\n"
                                               "Subject: Mail delivery failed\n\n"
                                               "bob@example.org\n");
        g_string_append_printf(text, "%.*s", (int)shift, "xx");
        for (guint i = 0; i < 4000; i++)
            g_string_append(text, "坏");
        g_autoptr(PdMail) mail = read_mail(text->str);
        ck_assert_uint_eq(mail->bounce->len, 1);
        const PdBounceRecipient *bob = mail->bounce->pdata[0];
        ck_assert(g_utf8_validate(bob->diagnostic, -1, NULL));
    }
}
END_TEST

START_TEST(tells_recipients_without_an_empty_line_between)
{
    g_autoptr(PdMail) mail = read_mail(
        "From: MAILER-DAEMON@mx.example.net\nSubject: Report\nContent-Type: "
        "multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nSorry.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
        "Final-Recipient: rfc822; bob@example.org\nAction: failed\nStatus: 5.2.2\n"
        "Final-Recipient: rfc822; eve@example.org\nAction: failed\nStatus: 5.1.1\n--b--\n");

    ck_assert_uint_eq(mail->bounce->len, 2);
    const PdBounceRecipient *bob = mail->bounce->pdata[0], *eve = mail->bounce->pdata[1];
    ck_assert_str_eq(bob->address, "bob@example.org");
    ck_assert_int_eq(bob->weight, PD_BOUNCE_SOFT);
    ck_assert_str_eq(eve->address, "eve@example.org");
    ck_assert_int_eq(eve->weight, PD_BOUNCE_HARD);
}
END_TEST

/* Each told a diagnostic and no status: the words of the first were lost and never freed. */
START_TEST(keeps_the_first_words_of_an_address_that_comes_twice)
{
    g_autoptr(PdMail) mail = read_mail(
        "From: MAILER-DAEMON@mx.example.net\nSubject: Report\nContent-Type: "
        "multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nSorry.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
        "Final-Recipient: rfc822; bob@example.org\nDiagnostic-Code: smtp; 550 no such user\n\n"
        "Final-Recipient: rfc822; bob@example.org\nDiagnostic-Code: smtp; again\n--b--\n");

    ck_assert_uint_eq(mail->bounce->len, 1);
    const PdBounceRecipient *bob = mail->bounce->pdata[0];
    ck_assert_str_eq(bob->diagnostic, "550 no such user");
}
END_TEST

/* What was let in and then refused was refused for what it says. */
START_TEST(takes_a_refusal_after_data_as_soft)
{
    static const char *const reports[] = {
        "bob@example.org\n\n-------server message\n550 unknown user\n\n-------SMTP command\nDATA\n",
        "<bob@example.org>:\n    mx [192.0.2.1]:\n>>> DATA\n<<< 550 Unknown user\n",
    };
    g_autofree char *raw = g_strconcat(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\nSubject: failure notice\n\n"
        "Your message could not be delivered to the following recipients:\n\n",
        reports[_i], NULL);
    g_autoptr(PdMail) mail = read_mail(raw);

    ck_assert_uint_eq(mail->bounce->len, 1);
    const PdBounceRecipient *bob = mail->bounce->pdata[0];
    ck_assert_int_eq(bob->weight, PD_BOUNCE_SOFT);
}
END_TEST

START_TEST(believes_the_refusing_server_before_later_tries)
{
    g_autoptr(PdMail) mail = read_mail(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\nSubject: Returned mail\n\n"
        "   ----- Transcript of session follows -----\n>>> RCPT To:<bob@example.org>\n"
        "<<< 550 <bob@example.org>, User Unknown\n421 example.org... Connection timed out\n\n"
        "   ----- Unsent message follows -----\nTo: bob@example.org\n");

    ck_assert_uint_eq(mail->bounce->len, 1);
    const PdBounceRecipient *bob = mail->bounce->pdata[0];
    ck_assert_int_eq(bob->weight, PD_BOUNCE_HARD);
}
END_TEST

TCase *bounce_cases(void)
{
    TCase *cases = tcase_create("bounce");

    tcase_add_test(cases, reads_the_standard);
    tcase_add_test(cases, tells_delays_from_failures);
    tcase_add_test(cases, reads_words);
    tcase_add_loop_test(cases, tells_hard_from_soft, 0, G_N_ELEMENTS(weights));
    tcase_add_test(cases, finds_the_words_behind_an_address);
    tcase_add_test(cases, cuts_a_long_report_between_characters);
    tcase_add_test(cases, tells_recipients_without_an_empty_line_between);
    tcase_add_test(cases, keeps_the_first_words_of_an_address_that_comes_twice);
    tcase_add_loop_test(cases, takes_a_refusal_after_data_as_soft, 0, 2);
    tcase_add_test(cases, believes_the_refusing_server_before_later_tries);
    return cases;
}
