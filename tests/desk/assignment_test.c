/* assignment_test.c: what an engineer finds in the mail that gives him a ticket: the pictures of
 * the report, what its reporter had before, and how the like was solved. */
#include "desk/desk_private.h"
#include "desk/pictures.h"
#include "fixture.h"
#include "letters.h"
#include "postdesk/clock.h"
#include "postdesk/pending.h"
#include "postdesk/search.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PEOPLE                                                                                     \
    "people:\n"                                                                                    \
    "  - {name: 张三, addresses: [zhang@example.org], role: engineer, language: zh_CN}\n"        \
    "  - {name: Ann, addresses: [ann@example.com, ann.home@example.net]}\n"

#define PNG "\x89PNG\r\n\x1a\n"

static Fixture *fixture;

static void setup(void)
{
    pd_clock_set(0);
    fixture = fixture_with_people("", PEOPLE);
}

static void teardown(void)
{
    fixture_free(fixture);
}

static gint64 report(const char *from, const char *subject, const char *text)
{
    static int count;
    g_autofree char *raw =
        g_strdup_printf("From: %s\nTo: desk@example.org\nSubject: %s\nMessage-ID: <r%d@x>\n"
                        "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n%s\n",
                        from, subject, ++count, text);
    g_autoptr(PdInboxRow) row = fixture_send(fixture, raw);

    ck_assert_int_ne(row->ticket, 0);
    return row->ticket;
}

static void run(gint64 ticket, const char *word, const char *text)
{
    const char *const words[] = {word, NULL};

    ck_ok(pd_desk_command(fixture->desk, ticket, words, text, "li"));
}

/* The mail to who is assigned, as bytes. Caller frees. */
static char *assigned(gint64 ticket)
{
    const char *const words[] = {"assign", "zhang@example.org", NULL};
    g_autoptr(PdOutboxRow) full = NULL;
    gsize length;

    ck_ok(pd_desk_command(fixture->desk, ticket, words, NULL, "li"));
    g_autoptr(GPtrArray) rows = fixture_outbox(fixture);
    const PdOutboxRow *row = g_ptr_array_index(rows, 0);
    ck_assert_str_eq(row->purpose, "assigned");
    ck_ok(pd_outbox_get(fixture->store, row->id, &full));
    const char *bytes = g_bytes_get_data(full->mail, &length);
    return g_strndup(bytes, length);
}

static PdMail *read_mail(const char *raw)
{
    const PdMailOptions options = {.with_html = TRUE};
    PdMail *mail = NULL;

    ck_ok(pd_mail_read_bytes(raw, strlen(raw), &options, &mail));
    return mail;
}

static void check_text(const PdMail *mail, const char *text, gboolean holds)
{
    ck_assert_msg((strstr(mail->full_text, text) != NULL) == holds, "'%s' %s:\n%s", text,
                  holds ? "is missing" : "stands in", mail->full_text);
}

START_TEST(earlier_tickets_are_those_of_the_person)
{
    report("Ann <ann@example.com>", "old monitor", "It flickers.");
    report("Ben <ben@example.com>", "somebody else", "Nothing.");
    report("Ann <ann.home@example.net>", "from home", "It fails.");
    run(3, "spam", NULL);
    report("Ann <ann.home@example.net>", "from home again", "It fails.");
    g_autofree char *raw = assigned(report("Ann <ann@example.com>", "now this", "It fails."));
    g_autoptr(PdMail) mail = read_mail(raw);
    check_text(mail, "#1 old monitor", TRUE);
    check_text(mail, "#4 from home again", TRUE);
    check_text(mail, "somebody else", FALSE);
    check_text(mail, "#3", FALSE);
    check_text(mail, "#5 now this（", FALSE);
}
END_TEST

START_TEST(what_was_changed_since_it_was_classified_says_so)
{
    gint64 ticket = report("Ann <ann@example.com>", "vpn", "No line.");
    const char *const pairs[] = {"priority=P1", NULL};

    ck_ok(pd_desk_change(fixture->desk, ticket, pairs, "li"));
    g_autofree char *raw = assigned(ticket);
    g_autoptr(PdMail) mail = read_mail(raw);
    check_text(mail, "优先级：P1（后经修改）", TRUE);
    check_text(mail, "（vpn）", TRUE); /* what was not, by which rule */
}
END_TEST

static void index_all(void)
{
    gboolean more = TRUE;

    while (more)
        ck_ok(pd_search_index(fixture->store, 100, &more));
}

START_TEST(like_tickets_come_with_their_solution)
{
    report("Ben <ben@example.com>", "三楼打印机卡纸", "三楼财务处的打印机卡纸，显示 E5。");
    run(1, "resolve", "原因：搓纸轮磨损\n处理：更换搓纸轮");
    report("Ben <ben@example.com>", "三楼打印机又卡纸", "三楼的打印机卡纸，E5。");
    run(2, "resolve", NULL); /* nobody wrote how */
    report("Ben <ben@example.com>", "一楼打印机卡纸", "一楼打印机卡纸，E5 报错。");
    report("Ben <ben@example.com>", "邮箱满了", "收不到邮件。");
    run(4, "resolve", "已扩容");
    for (int i = 0; i < 30; i++)
        report("Ben <ben@example.com>", "其他事情", "会议室预订系统无法登录。");
    index_all();
    g_autofree char *raw =
        assigned(report("Ann <ann@example.com>", "打印机卡纸", "四楼打印机卡纸，屏幕显示 E5。"));
    g_autoptr(PdMail) mail = read_mail(raw);
    check_text(mail, "#1 三楼打印机卡纸", TRUE);
    check_text(mail, "原因：搓纸轮磨损", TRUE);
    check_text(mail, "解决方法：更换搓纸轮", TRUE);
    check_text(mail, "#2 ", FALSE);
    check_text(mail, "#3 ", FALSE);
    check_text(mail, "已扩容", FALSE);
}
END_TEST

START_TEST(nothing_alike_is_not_mentioned)
{
    report("Ben <ben@example.com>", "mailbox is full", "No mail arrives.");
    run(1, "resolve", "made larger");
    index_all();
    g_autofree char *raw = assigned(report("Ann <ann@example.com>", "VPN", "Token is lost."));
    g_autoptr(PdMail) mail = read_mail(raw);
    check_text(mail, "类似", FALSE);
    check_text(mail, "以往", FALSE);
}
END_TEST

/* A part of a message; bytes stand in it so many times. */
static void add_part(GString *raw, const char *head, const char *bytes, gsize count)
{
    g_autoptr(GString) content = g_string_new(NULL);

    for (gsize i = 0; i < count; i++)
        g_string_append(content, bytes);
    g_autofree char *encoded = g_base64_encode((const guchar *)content->str, content->len);
    g_string_append_printf(raw, "--b\n%s\nContent-Transfer-Encoding: base64\n\n", head);
    for (const char *at = encoded; *at != '\0'; at += strnlen(at, 76))
        g_string_append_printf(raw, "%.76s\n", at);
}

#define INLINE(type, name, id)                                                                     \
    "Content-Type: image/" type "\nContent-Disposition: inline; filename=" name                    \
    "\nContent-ID: <" id ">"

static gint64 report_with_pictures(const char *id, const char *screenshot)
{
    g_autoptr(GString) raw = g_string_new(NULL);

    g_string_append_printf(
        raw,
        "From: Ann <ann@example.com>\nTo: desk@example.org\nSubject: see pictures\n"
        "Message-ID: <%s@x>\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n"
        "--b\nContent-Type: text/html\n\n<p>It says this:</p><img src=\"cid:shot\">"
        "<img src=\"cid:logo\">\n",
        id);
    add_part(raw, INLINE("png", "shot.png", "shot"), screenshot, 200);
    add_part(raw, INLINE("png", "logo.png", "logo"), PNG "logo ", 100);
    add_part(raw, INLINE("png", "liar.png", "liar"), "<svg onload=alert(1)>", 100);
    add_part(raw, INLINE("png", "large.png", "large"), PNG "very large ", 100000);
    g_string_append(raw, "--b--\n");
    g_autoptr(PdInboxRow) row = fixture_send(fixture, raw->str);
    ck_assert_int_ne(row->ticket, 0);
    return row->ticket;
}

static guint count(const char *text, const char *part)
{
    guint found = 0;

    for (const char *at = text; (at = strstr(at, part)) != NULL; at++)
        found++;
    return found;
}

START_TEST(pictures_stand_in_the_mail)
{
    g_autofree char *first = assigned(report_with_pictures("p1", PNG "one "));
    g_autofree char *second = assigned(report_with_pictures("p2", PNG "two "));

    ck_assert_ptr_nonnull(strstr(first, "Content-Type: multipart/related; type=\"text/html\""));
    /* The logo is none before it came again; what is no picture, or too large, never is one. */
    ck_assert_uint_eq(count(first, "Content-ID: <"), 2);
    ck_assert_uint_eq(count(second, "Content-ID: <"), 1);
    ck_assert_uint_eq(count(second, "Content-Type: image/png; name=\"picture-1.png\""), 1);
    g_autoptr(PdMail) mail = read_mail(second);
    check_text(mail, "shot.png", TRUE);
    check_text(mail, "large.png", TRUE);
    check_text(mail, "liar.png", TRUE);
    /* as the desk itself reads what it wrote: the same picture, inline */
    guint shown = 0;
    ck_assert_uint_eq(mail->attachments->len, 2); /* the large one is a file */
    for (guint i = 0; i < mail->attachments->len; i++) {
        const PdAttachment *attachment = g_ptr_array_index(mail->attachments, i);
        if (!attachment->is_inline)
            continue;
        ck_assert_str_eq(attachment->found_type, "image/png");
        ck_assert_int_eq((gint64)attachment->size, 200 * (gint64)strlen(PNG "two "));
        shown += attachment->is_inline;
    }
    ck_assert_uint_eq(shown, 1);
}
END_TEST

#define FILE_NAMED(name)                                                                           \
    "Content-Type: application/vnd.ms-excel; name=" name                                           \
    "\nContent-Disposition: attachment; filename=" name

static gint64 mail_with_files(const char *subject, gsize large)
{
    g_autoptr(GString) raw = g_string_new("From: Ann <ann@example.com>\nTo: desk@example.org\n"
                                          "MIME-Version: 1.0\n"
                                          "Content-Type: multipart/mixed; boundary=b\n\n"
                                          "--b\nContent-Type: text/plain\n\nLook at these.\n");
    g_autofree char *head = g_strdup_printf("Subject: %s\nMessage-ID: <%zu@x>\n", subject, large);
    g_string_prepend(raw, head);
    add_part(raw, FILE_NAMED("sums.xls"), "sums ", 100);
    add_part(raw, FILE_NAMED("\"=?utf-8?B?6KGo5qC8Lnhscw==?=\""), "table ", 100);
    add_part(raw, FILE_NAMED("again.xls"), "sums ", 100);
    add_part(raw, FILE_NAMED("large.xls"), "0123456789abcdef", large / 16);
    add_part(raw, FILE_NAMED("last.xls"), "last ", 100);
    g_string_append(raw, "--b--\n");
    g_autoptr(PdInboxRow) row = fixture_send(fixture, raw->str);
    ck_assert_int_ne(row->ticket, 0);
    return row->ticket;
}

static void check_file(const PdMail *mail, guint number, const char *name, guint64 size)
{
    const PdAttachment *attachment = g_ptr_array_index(mail->attachments, number);

    ck_assert_str_eq(attachment->name, name);
    ck_assert_uint_eq(attachment->size, size);
    ck_assert(!attachment->is_inline);
}

/* Who works by mail has no other way to them. */
START_TEST(files_come_to_who_works_on_it)
{
    g_autofree char *raw = assigned(mail_with_files("wrong sums", 1024));
    g_autoptr(PdMail) mail = read_mail(raw);

    ck_assert_uint_eq(mail->attachments->len, 4);
    check_file(mail, 0, "sums.xls", 500);
    check_file(mail, 1, "表格.xls", 600);
    check_file(mail, 2, "large.xls", 1024);
    check_file(mail, 3, "last.xls", 500);
    check_text(mail, "again.xls", TRUE);
    check_text(mail, "未附上", FALSE);
}
END_TEST

START_TEST(files_of_a_reply_come_to_who_works_on_it)
{
    gint64 ticket = report("Ann <ann@example.com>", "wrong sums", "I send them later.");
    g_autofree char *given = assigned(ticket);
    g_autofree char *subject = g_strdup_printf("Re: [#%" G_GINT64_FORMAT "] wrong sums", ticket);
    ck_assert_int_eq(mail_with_files(subject, 1024), ticket);
    g_autoptr(PdMail) mail = letters_to(fixture, "zhang@example.org", "answered");
    ck_assert_uint_eq(mail->attachments->len, 5);
    check_file(mail, 1, "表格.xls", 600);
}
END_TEST

START_TEST(files_of_a_reply_that_are_too_large_are_said_to_be_left_out)
{
    gint64 ticket = report("Ann <ann@example.com>", "wrong sums", "I send them later.");
    g_autofree char *given = assigned(ticket);
    g_autofree char *subject = g_strdup_printf("Re: [#%" G_GINT64_FORMAT "] wrong sums", ticket);
    ck_assert_int_eq(mail_with_files(subject, 11 * 1024 * (gsize)1024), ticket);
    g_autoptr(PdMail) mail = letters_to(fixture, "zhang@example.org", "answered");
    ck_assert_uint_eq(mail->attachments->len, 0);
    check_text(mail, "large.xls", TRUE);
    check_text(mail, "附件未随信附上", TRUE);
}
END_TEST

START_TEST(a_signature_and_a_logo_are_not_said_to_be_left_out)
{
    gint64 ticket = report("Ann <ann@example.com>", "wrong sums", "I send them later.");
    g_autofree char *given = assigned(ticket);
    g_autoptr(GString) raw = g_string_new("From: Ann <ann@example.com>\nTo: desk@example.org\n");
    g_string_append_printf(raw,
                           "Subject: Re: [#%" G_GINT64_FORMAT "] wrong sums\n"
                           "Message-ID: <signed@x>\nMIME-Version: 1.0\n"
                           "Content-Type: multipart/mixed; boundary=b\n\n"
                           "--b\nContent-Type: text/plain\n\nStill wrong.\n",
                           ticket);
    add_part(raw, INLINE("png", "logo.png", "logo"), PNG "logo ", 20);
    add_part(raw,
             "Content-Type: application/pkcs7-signature; name=smime.p7s\n"
             "Content-Disposition: attachment; filename=smime.p7s",
             "signed ", 20);
    g_string_append(raw, "--b--\n");
    g_autoptr(PdInboxRow) row = fixture_send(fixture, raw->str);
    g_autoptr(PdMail) mail = letters_to(fixture, "zhang@example.org", "answered");
    check_text(mail, "Still wrong.", TRUE);
    check_text(mail, "附件未随信附上", FALSE);
}
END_TEST

/* The disk lost it: who works on the ticket is mailed all the same. */
START_TEST(files_of_a_lost_message_are_named)
{
    gint64 ticket = mail_with_files("wrong sums", 1024);
    g_autofree char *segment =
        g_build_filename(fixture->config->state, "raw", "00000001.seg", NULL);
    ck_assert_int_eq(truncate(segment, 64), 0);
    g_autofree char *raw = assigned(ticket);
    g_autoptr(PdMail) mail = read_mail(raw);
    ck_assert_uint_eq(mail->attachments->len, 0);
    ck_assert_uint_eq(count(mail->text, "（未附上）"), 5);
}
END_TEST

/* Her files wait for the morning. When that is. */
static gint64 reply_with_files_in_quiet_hours(void)
{
    gint64 next = 0;
    guint mailed = 0;
    gboolean more = FALSE;

    fixture_free(fixture);
    fixture = fixture_with_people("answers: {quiet_hours: '00:00-23:59'}\n", PEOPLE);
    gint64 ticket = report("Ann <ann@example.com>", "wrong sums", "I send them later.");
    const char *const words[] = {"assign", "zhang@example.org", NULL};
    ck_ok(pd_desk_command(fixture->desk, ticket, words, NULL, "li"));
    ck_ok(pd_pending_next(fixture->store, &next));
    pd_clock_set(next);
    ck_ok(pd_desk_tell_gathered(fixture->desk, &mailed, &more));
    ck_assert_uint_eq(mailed, 1);
    pd_clock_set(next + 3 * (gint64)PD_HOUR);
    g_autofree char *subject = g_strdup_printf("Re: [#%" G_GINT64_FORMAT "] wrong sums", ticket);
    ck_assert_int_eq(mail_with_files(subject, 1024), ticket);
    ck_ok(pd_pending_next(fixture->store, &next));
    return next;
}

static PdMail *told_in_the_morning(gint64 morning)
{
    guint mailed = 0;
    gboolean more = FALSE;

    pd_clock_set(morning);
    ck_ok(pd_desk_tell_gathered(fixture->desk, &mailed, &more));
    PdMail *mail = letters_to(fixture, "zhang@example.org", "answered");
    ck_assert_ptr_nonnull(mail);
    return mail;
}

/* What waits for the morning must not come without them. */
START_TEST(files_of_a_reply_come_after_quiet_hours_as_well)
{
    g_autoptr(PdMail) mail = told_in_the_morning(reply_with_files_in_quiet_hours());

    ck_assert_uint_ge(mail->attachments->len, 4);
    check_text(mail, "附件未随信附上", FALSE);
}
END_TEST

/* The words are there, and are not kept until the disk brings back the files. */
START_TEST(words_come_also_where_the_files_are_lost_meanwhile)
{
    gint64 morning = reply_with_files_in_quiet_hours();
    g_autofree char *segment =
        g_build_filename(fixture->config->state, "raw", "00000001.seg", NULL);

    ck_assert_int_eq(truncate(segment, 64), 0);
    g_autoptr(PdMail) mail = told_in_the_morning(morning);
    check_text(mail, "Look at these.", TRUE);
    check_text(mail, "sums.xls", TRUE);
    check_text(mail, "附件未随信附上", TRUE);
    ck_assert_uint_eq(mail->attachments->len, 0);
}
END_TEST

static gint64 mail_with_many(const char *subject, const char *id, guint files, guint first)
{
    g_autoptr(GString) raw = g_string_new("From: Ann <ann@example.com>\nTo: desk@example.org\n");

    g_string_append_printf(raw,
                           "Subject: %s\nMessage-ID: <%s@x>\nMIME-Version: 1.0\n"
                           "Content-Type: multipart/mixed; boundary=b\n\n"
                           "--b\nContent-Type: text/plain\n\nMany.\n",
                           subject, id);
    for (guint i = 0; i < files; i++) {
        g_autofree char *bytes = g_strdup_printf("file %u", first + i);
        add_part(raw, FILE_NAMED("many.xls"), bytes, 1);
    }
    add_part(raw, INLINE("png", "logo.png", "logo"), PNG "logo ", 100);
    g_string_append(raw, "--b--\n");
    g_autoptr(PdInboxRow) row = fixture_send(fixture, raw->str);
    return row->ticket;
}

START_TEST(files_of_all_messages_are_no_more_than_a_mail_may_have)
{
    gint64 ticket = mail_with_many("many", "a", 30, 0);
    g_autofree char *subject = g_strdup_printf("Re: [#%" G_GINT64_FORMAT "] many", ticket);
    ck_assert_int_eq(mail_with_many(subject, "b", 30, 30), ticket);
    g_autofree char *raw = assigned(ticket);
    g_autoptr(PdMail) mail = read_mail(raw);
    ck_assert_uint_eq(mail->attachments->len, 40);
}
END_TEST

START_TEST(a_logo_that_came_before_is_no_file)
{
    g_autofree char *first = assigned(mail_with_many("one", "a", 1, 0));
    g_autofree char *raw = assigned(mail_with_many("other", "b", 1, 1));
    g_autoptr(PdMail) mail = read_mail(raw);

    ck_assert_uint_eq(mail->attachments->len, 1);
    check_text(mail, "logo.png（1 KB）（未附上）", TRUE);
}
END_TEST

START_TEST(files_too_large_for_a_mail_are_named)
{
    g_autofree char *raw = assigned(mail_with_files("wrong sums", 11 * 1024 * (gsize)1024));
    g_autoptr(PdMail) mail = read_mail(raw);

    ck_assert_uint_eq(mail->attachments->len, 3);
    check_file(mail, 2, "last.xls", 500);
    ck_assert_uint_eq(count(mail->text, "未附上"), 1);
    check_text(mail, "large.xls（11.0 MB）（未附上）", TRUE);
}
END_TEST

START_TEST(a_preview_shows_the_pictures_by_itself)
{
    gint64 ticket = report_with_pictures("p1", PNG "one ");
    PdPreview preview;

    ck_ok(pd_desk_preview(fixture->desk, "assigned", ticket, "en", &preview));
    ck_assert_ptr_nonnull(strstr(preview.html, "src=\"data:image/png;base64,"));
    ck_assert_ptr_null(strstr(preview.html, "cid:"));
    pd_preview_clear(&preview);
}
END_TEST

START_TEST(pictures_tell_how_wide_they_are)
{
    static const struct {
        const char *bytes;
        gsize length;
        guint width;
    } cases[] = {
        {"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x07\x80\0\0\x04\x38", 24, 1920},
        {"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\0\0\0\0\x04\x38", 24, G_MAXUINT16},
        {"\x89PNG\r\n\x1a\n", 8, 0},
        {"GIF89a\x40\x01\xf0\0..............", 24, 320},
        {"BM................\x20\x03\0\0....", 26, 800},
        {"\xff\xd8\xff\xe0\0\x08JFIF\0\0\xff\xc0\0\x11\x08\x04\x38\x07\x80...", 24, 1920},
        {"\xff\xd8\xff\xe0\xff\xffJFIF\0\0\xff\xc0\0\x11\x08\x04\x38\x07\x80...", 24, 0},
        {"\xff\xd8\xff\xe0\0\0JFIF\0\0\xff\xc0\0\x11\x08\x04\x38\x07\x80...", 24, 0},
        {"........................", 24, 0},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) bytes = g_bytes_new(cases[i].bytes, cases[i].length);
        ck_assert_uint_eq(pd_picture_width(bytes), cases[i].width);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("assignment");
    TCase *all = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    tcase_add_checked_fixture(all, setup, teardown);
    tcase_set_timeout(all, 60);
    tcase_add_test(all, pictures_tell_how_wide_they_are);
    tcase_add_test(all, earlier_tickets_are_those_of_the_person);
    tcase_add_test(all, what_was_changed_since_it_was_classified_says_so);
    tcase_add_test(all, like_tickets_come_with_their_solution);
    tcase_add_test(all, nothing_alike_is_not_mentioned);
    tcase_add_test(all, pictures_stand_in_the_mail);
    tcase_add_test(all, files_come_to_who_works_on_it);
    tcase_add_test(all, files_of_a_reply_come_to_who_works_on_it);
    tcase_add_test(all, files_of_a_lost_message_are_named);
    tcase_add_test(all, files_of_a_reply_come_after_quiet_hours_as_well);
    tcase_add_test(all, files_of_a_reply_that_are_too_large_are_said_to_be_left_out);
    tcase_add_test(all, a_signature_and_a_logo_are_not_said_to_be_left_out);
    tcase_add_test(all, words_come_also_where_the_files_are_lost_meanwhile);
    tcase_add_test(all, files_of_all_messages_are_no_more_than_a_mail_may_have);
    tcase_add_test(all, a_logo_that_came_before_is_no_file);
    tcase_add_test(all, files_too_large_for_a_mail_are_named);
    tcase_add_test(all, a_preview_shows_the_pictures_by_itself);
    suite_add_tcase(suite, all);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
