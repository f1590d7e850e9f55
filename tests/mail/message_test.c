/* message_test: any message gives a record, and the same mail the same hash. */
#include "postdesk/clock.h"
#include "postdesk/limits.h"
#include "reading_help.h"
#include <stdio.h>
#include <unistd.h>

static const struct {
    const char *headers;
    gboolean is_passed_on;
} passing[] = {
    {"Subject: Fw: printer", TRUE},
    {"Subject: 转发: 打印机\nReferences: <a@b>", TRUE},
    {"Subject: printer", TRUE},
    {"Subject: [External] FW: printer", TRUE},
    {"Subject: printer\nIn-Reply-To: <a@b>", FALSE},
    {"Subject: Re: printer", FALSE},
    {"Subject: Fw: [#12] printer", FALSE},
    {"Subject: Fw: printer\nTo: desk+aaaa@example.com", FALSE},
};

START_TEST(knows_what_is_passed_on_from_what_is_answered)
{
    g_autofree char *raw = g_strdup_printf(
        "From: ann@x.y\n%s\n\nPlease help.\n\n-----Original Message-----\nFrom: Bob "
        "<bob@x.y>\nSent: Monday, November 30, 2026 9:12 AM\nTo: Ann\nSubject: printer\n\n"
        "It is jammed on floor 2.\n",
        passing[_i].headers);
    g_autoptr(PdMail) mail = read_mail(raw);

    ck_assert_str_eq(mail->text, "Please help.");
    ck_assert_int_eq(mail->is_passed_on, passing[_i].is_passed_on);
    pd_mail_take_passed_on(mail, TRUE);
    ck_assert_int_eq(strstr(mail->text, "floor 2") != NULL, passing[_i].is_passed_on);
    pd_mail_take_passed_on(mail, TRUE);
    pd_mail_take_passed_on(mail, FALSE);
    ck_assert_str_eq(mail->text, "Please help.");
}
END_TEST

START_TEST(reads_broken_messages)
{
    static const char *const messages[] = {
        "",
        "\n",
        "\r\n\r\n",
        "hello",
        "From",
        ":",
        "\n\nbody only\n",
        "Subject: x",
        "Subject: no sender\n\nhi\n",
        "Content-Type: multipart/mixed\n\nno boundary\n",
        "Content-Type: multipart/mixed; boundary=x\n\n",
        "From: <>\n\n",
        "Content-Type: multipart/mixed; boundary=\"\"\n\n--\n\nx\n----\n",
        "Content-Type: message/rfc822\n\n",
        "Content-Type: /\n\nx",
        "Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n!!!!",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(messages); i++) {
        g_autoptr(PdMail) mail = read_mail(messages[i]);
        g_autoptr(PdJson) json = pd_mail_to_json(mail);
        ck_assert_ptr_nonnull(mail->text);
        ck_assert_ptr_nonnull(mail->full_text);
        ck_assert_ptr_nonnull(mail->quoted);
        ck_assert_ptr_nonnull(mail->signature);
        ck_assert_uint_gt(mail->defects->len, 0);
        ck_assert(pd_json_is_object(json));
    }
    PdMail *nuls = NULL;
    char zeros[4096] = {0};
    ck_assert_ptr_null(pd_mail_read_bytes(zeros, sizeof(zeros), NULL, &nuls));
    ck_assert_ptr_null(nuls->from);
    pd_mail_free(nuls);
}
END_TEST

START_TEST(reads_text_without_headers)
{
    g_autoptr(PdMail) mail = read_mail("hello there\nthis is a mail\n");

    ck_assert_ptr_nonnull(strstr(mail->full_text, "this is a mail"));
}
END_TEST

START_TEST(chooses_the_alternative)
{
    g_autoptr(PdMail) plain =
        read_mail("From: a@b.c\nContent-Type: multipart/alternative; boundary=x\n\n--x\n"
                  "Content-Type: text/plain\n\nplain text\n--x\nContent-Type: text/html\n\n"
                  "<p>html <b>text</b></p>\n--x--\n");
    g_autoptr(PdMail) blank =
        read_mail("From: a@b.c\nContent-Type: multipart/alternative; boundary=x\n\n--x\n"
                  "Content-Type: text/plain\n\n \n--x\nContent-Type: text/html\n\n"
                  "<p>html text</p>\n--x--\n");
    g_autoptr(PdMail) only =
        read_mail("From: a@b.c\nContent-Type: text/html\n\n<p>html text</p>\n");

    ck_assert_str_eq(plain->text, "plain text");
    ck_assert_ptr_nonnull(strstr(plain->html, "<b>text</b>"));
    ck_assert_str_eq(blank->text, "html text");
    ck_assert_str_eq(only->text, "html text");
}
END_TEST

/* of every language, and however short the HTML is */
START_TEST(a_hint_to_read_the_html_is_no_text)
{
    g_autoptr(PdMail) hint =
        read_mail("From: a@b.c\nContent-Type: multipart/alternative; boundary=x\n\n--x\n"
                  "Content-Type: text/plain; charset=utf-8\n\n您的邮件客户端不支持HTML。\n--x\n"
                  "Content-Type: text/html; charset=utf-8\n\n<p>打印机坏了</p>\n--x--\n");
    g_autoptr(PdMail) matter =
        read_mail("From: a@b.c\nContent-Type: multipart/alternative; boundary=x\n\n--x\n"
                  "Content-Type: text/plain; charset=utf-8\n\nHTML页面打不开\n--x\n"
                  "Content-Type: text/html; charset=utf-8\n\n<b>HTML</b>页面打不开\n--x--\n");

    ck_assert_str_eq(hint->text, "打印机坏了");
    ck_assert_str_eq(matter->text, "HTML页面打不开");
}
END_TEST

START_TEST(shows_what_was_forwarded)
{
    g_autoptr(PdMail) mail = read_mail(
        "From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nsee below\n--x\n"
        "Content-Type: message/rfc822\n\nFrom: eve@x.y\nSubject: Broken\n\nIt does not "
        "start.\n--x--\n");

    ck_assert_ptr_nonnull(strstr(mail->text, "see below"));
    ck_assert_ptr_nonnull(strstr(mail->text, "Subject: Broken"));
    ck_assert_ptr_nonnull(strstr(mail->text, "It does not start."));
    ck_assert_uint_eq(mail->attachments->len, 1);
    const PdAttachment *attachment = mail->attachments->pdata[0];
    ck_assert_str_eq(attachment->name, "Broken.eml");
}
END_TEST

START_TEST(recovers_wrong_boundaries)
{
    g_autoptr(PdMail) other =
        read_mail("From: a@b.c\nContent-Type: multipart/mixed; boundary=y\n\n--x\n"
                  "Content-Type: text/plain\n\nthe matter\n--x--\n");
    g_autoptr(PdMail) none =
        read_mail("From: a@b.c\nContent-Type: multipart/alternative; boundary=y\n\nthe matter\n");
    g_autoptr(PdMail) inner =
        read_mail("From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
                  "Content-Type: multipart/mixed;\nboundary=y\n\nthe matter\n--x--\n");
    g_autoptr(PdMail) bare =
        read_mail("From: a@b.c\nContent-Type: multipart/mixed; boundary=a/b=c\n"
                  "\n--a/b=c\n\nthe matter\n--a/b=c--\n");

    ck_assert_str_eq(other->text, "the matter");
    ck_assert_str_eq(none->text, "the matter");
    ck_assert_ptr_nonnull(strstr(inner->text, "the matter"));
    ck_assert_str_eq(bare->text, "the matter");
}
END_TEST

START_TEST(unwraps_flowed_text)
{
    g_autoptr(PdMail) mail = read_mail("From: a@b.c\nContent-Type: text/plain; format=flowed\n\n"
                                       "one \ntwo\n> q \n> r\n");

    ck_assert_str_eq(mail->full_text, "one two\n> q r\n");
}
END_TEST

static void hash_of(const char *message, guint8 hash[PD_HASH_SIZE])
{
    g_autoptr(PdMail) mail = read_mail(message);

    memcpy(hash, mail->content_hash, PD_HASH_SIZE);
}

START_TEST(hashes_what_the_author_wrote)
{
    guint8 first[PD_HASH_SIZE], other[PD_HASH_SIZE];

    hash_of("Received: x\nFrom: a@b.c\nSubject: one\n two\nMessage-ID: <1@b>\n\nbody\nend\n",
            first);
    hash_of("Delivered-To: q@r\r\nReceived: y\r\nFrom: a@b.c\r\nSubject: one two\r\n"
            "Message-ID: <1@b>\r\n\r\nbody\r\nend\r\n\r\n",
            other);
    ck_assert_mem_eq(first, other, PD_HASH_SIZE);
    hash_of("From: a@b.c\nSubject: one two\nMessage-ID: <1@b>\n\nbody\nEnd\n", other);
    ck_assert_mem_ne(first, other, PD_HASH_SIZE);
    hash_of("From: a@b.c\nSubject: one three\nMessage-ID: <1@b>\n\nbody\nend\n", other);
    ck_assert_mem_ne(first, other, PD_HASH_SIZE);
}
END_TEST

START_TEST(refuses_a_tree_of_too_many_parts)
{
    g_autoptr(GString) message =
        g_string_new("From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\n");
    for (int i = 0; i < 200000; i++)
        g_string_append(message, "--x\n\na\n");
    g_autoptr(PdMail) mail = read_mail(message->str);

    ck_assert(mail->truncated);
    ck_assert_str_eq(mail->from->address, "a@b.c");
    ck_assert_ptr_nonnull(strstr(mail->defects->pdata[mail->defects->len - 1], "too many parts"));
}
END_TEST

START_TEST(does_not_take_text_for_parts)
{
    g_autoptr(GString) message =
        g_string_new("From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n");
    for (int i = 0; i < 5000; i++)
        g_string_append(message, "-- a comment in SQL\n-----\n");
    g_string_append(message, "--x--\n");
    g_autoptr(PdMail) mail = read_mail(message->str);

    ck_assert(!mail->truncated);
    ck_assert_ptr_nonnull(strstr(mail->full_text, "comment"));
}
END_TEST

START_TEST(bounds_nesting_and_headers)
{
    g_autoptr(GString) nested = g_string_new("From: a@b.c\n");
    for (int i = 0; i < 1000; i++)
        g_string_append_printf(nested, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i,
                               i);
    g_string_append(nested, "\ntext\n");
    g_autoptr(PdMail) deep = read_mail(nested->str);
    ck_assert_ptr_nonnull(deep->from);

    g_autoptr(GString) many = g_string_new("From: a@b.c\n");
    for (int i = 0; i < 10000; i++)
        g_string_append_printf(many, "X-%d: y\n", i);
    g_string_append(many, "\ntext\n");
    g_autoptr(PdMail) mail = read_mail(many->str);
    ck_assert_str_eq(mail->from->address, "a@b.c");
    ck_assert_str_eq(mail->text, "text");
    ck_assert_uint_eq(mail->headers->len, PD_LIMIT_HEADERS);
}
END_TEST

/* A large message through a descriptor reads like a small one. */
START_TEST(streams_large_messages)
{
    g_autoptr(GString) message = g_string_new(
        "From: a@b.c\nSubject: big\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nsee file\n"
        "--x\nContent-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\n\n");
    for (int i = 0; i < 40000; i++)
        g_string_append(message,
                        "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5\n");
    g_string_append(message, "--x--\n");
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    fputs("skipped", file);
    fwrite(message->str, 1, message->len, file);
    fflush(file);
    g_autoptr(PdMail) streamed = NULL;
    g_autoptr(PdStatus) status = pd_mail_read(fileno(file), 7, message->len, NULL, &streamed);
    fclose(file);
    g_autoptr(PdMail) whole = read_with(message->str, NULL);

    ck_assert_ptr_null(status);
    ck_assert_str_eq(streamed->text, "see file");
    ck_assert_mem_eq(streamed->content_hash, whole->content_hash, PD_HASH_SIZE);
    const PdAttachment *one = streamed->attachments->pdata[0];
    const PdAttachment *other = whole->attachments->pdata[0];
    ck_assert_uint_eq(one->size, 40000 * 51);
    ck_assert_mem_eq(one->sha256, other->sha256, PD_HASH_SIZE);
}
END_TEST

START_TEST(says_when_bytes_are_missing)
{
    FILE *file = tmpfile();
    PdMail *mail = NULL;

    fputs("From: a@b.c\n\nx", file);
    fflush(file);
    g_autoptr(PdStatus) status = pd_mail_read(fileno(file), 0, 1000, NULL, &mail);
    fclose(file);
    ck_assert_ptr_nonnull(status);
    ck_assert_ptr_null(mail);
}
END_TEST

static const struct {
    const char *from, *reply_to, *answered;
} answers[] = {
    {"bob@x.example", "team@x.example", "team@x.example"},
    {"bob@x.example", "eve@y.example", "bob@x.example"},
    {"bob@x.example", "team@x.example, bob@x.example", "bob@x.example"},
    {"bob@qq.com", "eve@qq.com", "bob@qq.com"}, /* anybody gets an address there */
    {"bob@x.example", "MAILER-DAEMON@x.example", "bob@x.example"},
    {"bob@x.example", "no-reply@x.example, team@x.example", "team@x.example"},
};

START_TEST(answers_the_right_address)
{
    g_autofree char *raw =
        g_strdup_printf("From: %s\nReply-To: %s\n\nhi\n", answers[_i].from, answers[_i].reply_to);
    g_autoptr(PdMail) mail = read_mail(raw);
    g_autoptr(PdMail) nobody = read_mail("Subject: x\n\nhi\n");

    ck_assert_str_eq(pd_mail_answer_address(mail)->address, answers[_i].answered);
    ck_assert_ptr_null(pd_mail_answer_address(nobody));
}
END_TEST

START_TEST(shows_what_an_invitation_says)
{
    g_autoptr(PdMail) asked = read_mail(
        "From: a@b.c\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\n"
        "METHOD:REQUEST\nBEGIN:VTIMEZONE\nDTSTART:16010101T000000\nEND:VTIMEZONE\nBEGIN:VEVENT\n"
        "SUMMARY;LANGUAGE=zh-CN:维护\\, 数据库\n"
        "DTSTART;TZID=\"(UTC+08:00) Beijing\":20240603T100000\nDTEND:20240603T030000Z\n"
        "ORGANIZER;CN=\"Wang: Wei\":mailto:wang@dept.example\nLOCATION:\n"
        "BEGIN:VALARM\nSUMMARY:alarm\nEND:VALARM\nSUMMARY:again\nEND:VEVENT\nEND:VCALENDAR\n");
    g_autoptr(PdMail) answered = read_mail(
        "From: a@b.c\nContent-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\n"
        "BEGIN:VEVENT\nATTENDEE;PARTSTAT=DECLINED;CN=Li:mailto:li@dept.example\n"
        "DTSTART;VALUE=DATE:20240603\nEND:VEVENT\nEND:VCALENDAR\n");

    ck_assert_str_eq(asked->text, "Event: 维护, 数据库\n"
                                  "Begin: 2024-06-03 10:00 ((UTC+08:00) Beijing)\n"
                                  "End: 2024-06-03 03:00 UTC\n"
                                  "Organiser: Wang: Wei <wang@dept.example>\n");
    ck_assert_str_eq(answered->text, "Invitation: answered\n"
                                     "Attendee: Li <li@dept.example> (declined)\n"
                                     "Begin: 2024-06-03\n");
}
END_TEST

START_TEST(tells_a_changed_invitation_and_its_words)
{
    g_autoptr(PdMail) alone = read_mail(
        "From: a@b.c\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\n"
        "METHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:review\nDTSTART:20240603T100000\nSEQUENCE:2\n"
        "RRULE:FREQ=WEEKLY\nDESCRIPTION:first\\n\n  second\nATTENDEE:mailto:x@b.c\nEND:VEVENT\n");
    g_autoptr(PdMail) told = read_mail(
        "From: a@b.c\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nin words\n--b\n"
        "Content-Type: text/calendar; method=CANCEL\n\nBEGIN:VCALENDAR\nMETHOD:CANCEL\n"
        "BEGIN:VEVENT\nSUMMARY:review\nDESCRIPTION:in words\nEND:VEVENT\n--b--\n");

    ck_assert_str_eq(alone->text, "Invitation: changed\nEvent: review\nBegin: 2024-06-03 10:00\n"
                                  "Repeats: FREQ=WEEKLY\n\nfirst\n second\n");
    ck_assert_str_eq(told->text, "in words\n\nInvitation: cancelled\nEvent: review\n");
}
END_TEST

/* A gateway lost the empty line; a broken line among the headers is none of the text. */
START_TEST(reads_text_that_no_empty_line_precedes)
{
    g_autoptr(PdMail) lost = read_mail("From: a@b.c\nSubject: x\nThe printer is broken.\n"
                                       "Error: 5\n\nPlease help.\n");
    g_autoptr(PdMail) cut = read_mail("From: a@b.c\nSubject: x\nThe printer is broken.");
    g_autoptr(PdMail) broken = read_mail("From: a@b.c\nthis is no header\nSubject: x\n\nhi\n");

    ck_assert_str_eq(lost->text, "The printer is broken.\nError: 5\n\nPlease help.");
    ck_assert_str_eq(lost->subject, "x");
    ck_assert_str_eq(cut->text, "The printer is broken.");
    ck_assert_str_eq(broken->text, "hi");
    ck_assert_str_eq(broken->subject, "x");
}
END_TEST

TCase *message_cases(void)
{
    TCase *cases = tcase_create("message");

    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, reads_broken_messages);
    tcase_add_test(cases, reads_text_without_headers);
    tcase_add_test(cases, chooses_the_alternative);
    tcase_add_test(cases, a_hint_to_read_the_html_is_no_text);
    tcase_add_test(cases, shows_what_was_forwarded);
    tcase_add_test(cases, recovers_wrong_boundaries);
    tcase_add_test(cases, unwraps_flowed_text);
    tcase_add_test(cases, hashes_what_the_author_wrote);
    tcase_add_test(cases, refuses_a_tree_of_too_many_parts);
    tcase_add_test(cases, does_not_take_text_for_parts);
    tcase_add_test(cases, bounds_nesting_and_headers);
    tcase_add_test(cases, streams_large_messages);
    tcase_add_test(cases, says_when_bytes_are_missing);
    tcase_add_loop_test(cases, answers_the_right_address, 0, G_N_ELEMENTS(answers));
    tcase_add_loop_test(cases, knows_what_is_passed_on_from_what_is_answered, 0,
                        G_N_ELEMENTS(passing));
    tcase_add_test(cases, reads_text_that_no_empty_line_precedes);
    tcase_add_test(cases, shows_what_an_invitation_says);
    tcase_add_test(cases, tells_a_changed_invitation_and_its_words);
    return cases;
}
