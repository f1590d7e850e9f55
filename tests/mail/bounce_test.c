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

TCase *bounce_cases(void)
{
    TCase *cases = tcase_create("bounce");

    tcase_add_test(cases, reads_the_standard);
    tcase_add_test(cases, tells_delays_from_failures);
    tcase_add_test(cases, reads_words);
    return cases;
}
