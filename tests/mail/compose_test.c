/* compose_test: mails of ours hold to the rules of mail and cannot be bent by what is in them. */
#include "mail_test.h"
#include "postdesk/compose.h"
#include "postdesk/mail.h"
#include <string.h>

static PdDraft draft(void)
{
    PdDraft made = {.from_name = "信息中心服务台",
                    .from_address = "desk@example.com",
                    .reply_to = "desk+abc@example.com",
                    .to_name = "Müller, \"Bob\"",
                    .to_address = "bob@example.org",
                    .subject = "[#12] 打印机不工作",
                    .message_id = "x.y@example.com",
                    .in_reply_to = "orig@example.org",
                    .auto_submitted = "auto-replied",
                    .date = G_GINT64_CONSTANT(1763800000000000),
                    .text = "您好，\n\n已登记。\n",
                    .html = "<p>您好</p>",
                    .language = "zh_CN",
                    .ticket = 12};
    return made;
}

static char *compose(const PdDraft *made, gsize *length)
{
    g_autoptr(GBytes) mail = NULL;
    g_autoptr(PdStatus) status = pd_compose(made, &mail);

    ck_assert_msg(status == NULL, "%s", status != NULL ? pd_status_text(status) : "");
    const char *bytes = g_bytes_get_data(mail, length);
    return g_strndup(bytes, *length);
}

static PdMail *read_back(const char *bytes, gsize length)
{
    static const PdMailOptions options = {.with_html = TRUE};
    PdMail *mail = NULL;
    g_autoptr(PdStatus) status = pd_mail_read_bytes(bytes, length, &options, &mail);

    ck_assert_ptr_null(status);
    return mail;
}

/* CRLF only, no line beyond 998 bytes, headers of 78 and no byte beyond ASCII. */
static void assert_form(const char *bytes, gsize length)
{
    gsize line = 0;
    gboolean head = TRUE;

    for (gsize i = 0; i < length; i++) {
        ck_assert((guchar)bytes[i] < 0x80);
        if (bytes[i] == '\n') {
            ck_assert(i > 0 && bytes[i - 1] == '\r');
            head = head && line > 1;
            ck_assert(line <= 999);
            ck_assert(!head || line <= 79);
            line = 0;
        } else {
            ck_assert(bytes[i] != '\r' || bytes[i + 1] == '\n');
            line++;
        }
    }
}

START_TEST(says_what_was_given)
{
    PdDraft made = draft();
    gsize length;
    g_autofree char *bytes = compose(&made, &length);
    g_autoptr(PdMail) mail = read_back(bytes, length);

    assert_form(bytes, length);
    ck_assert_str_eq(mail->from->name, made.from_name);
    ck_assert_str_eq(mail->subject, made.subject);
    const PdAddress *to = mail->to->pdata[0];
    ck_assert_str_eq(to->name, made.to_name);
    ck_assert_str_eq(to->address, made.to_address);
    ck_assert_str_eq(mail->message_id, made.message_id);
    ck_assert_str_eq(mail->in_reply_to->pdata[0], made.in_reply_to);
    ck_assert_str_eq(pd_mail_header(mail, "X-Postdesk-Ticket"), "12");
    ck_assert_str_eq(pd_mail_header(mail, "Content-Language"), "zh-CN");
    ck_assert_str_eq(mail->full_text, made.text);
    ck_assert_ptr_nonnull(strstr(mail->html, "您好"));
    ck_assert_int_eq(mail->origin, PD_ORIGIN_AUTO_REPLY);
    ck_assert(mail->date == made.date);
}
END_TEST

START_TEST(holds_lines_and_words)
{
    g_autoptr(GString) subject = g_string_new(NULL);
    g_autoptr(GString) text = g_string_new(NULL);
    PdDraft made = draft();
    gsize length;

    for (int i = 0; i < 300; i++) {
        g_string_append(subject, i % 3 == 0 ? "服务器故障" : "é x");
        g_string_append(text, "very long line without any end ");
    }
    made.subject = subject->str;
    made.from_name = subject->str;
    made.text = text->str;
    g_autofree char *bytes = compose(&made, &length);
    assert_form(bytes, length);
    for (const char *word = bytes; (word = strstr(word, "=?UTF-8?")) != NULL; word++) {
        const char *end = strstr(word + 10, "?=");
        ck_assert(end != NULL && end + 2 - word <= 75);
    }
    g_autoptr(PdMail) mail = read_back(bytes, length);
    ck_assert(g_str_has_prefix(subject->str, mail->from->name));
    ck_assert_int_eq(strncmp(mail->subject, subject->str, 1500), 0);
}
END_TEST

START_TEST(cannot_be_given_headers)
{
    PdDraft made = draft();
    gsize length;

    made.subject = "Hi\r\nBcc: victim@example.com\r\n\r\nbody";
    made.to_name = "x\nX-Evil: 1";
    made.in_reply_to = "a@b>\r\nX-Evil: 1";
    const char *const references[] = {"ok@example.com", "bad\r\nX-Evil: 1@x", NULL};
    made.references = references;
    made.language = "en\r\nX-Evil: 1";
    g_autofree char *bytes = compose(&made, &length);
    g_autoptr(PdMail) mail = read_back(bytes, length);
    assert_form(bytes, length);
    ck_assert_ptr_null(pd_mail_header(mail, "Bcc"));
    ck_assert_ptr_null(pd_mail_header(mail, "X-Evil"));
    ck_assert_uint_eq(mail->in_reply_to->len, 0);
    ck_assert_uint_eq(mail->references->len, 1);
}
END_TEST

START_TEST(refuses_what_is_no_address)
{
    static const char *const bad[] = {"a@b\r\nRCPT TO:<x@y>", "nobody", "", "a b@c", NULL};

    for (gsize i = 0; bad[i] != NULL; i++) {
        PdDraft made = draft();
        g_autoptr(GBytes) mail = NULL;
        made.to_address = bad[i];
        g_autoptr(PdStatus) status = pd_compose(&made, &mail);
        ck_assert_msg(status != NULL, "%s", bad[i]);
        ck_assert_ptr_null(mail);
    }
}
END_TEST

START_TEST(chooses_an_encoding)
{
    static const struct {
        const char *text, *encoding;
    } cases[] = {{"plain\n", "7bit"},
                 {"un café est servi dans la salle du fond, s'il vous plaît\n", "quoted-printable"},
                 {"服务器故障，请尽快处理\n", "base64"},
                 {"trailing \n.\nFrom x\n", "7bit"}};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        PdDraft made = draft();
        gsize length;
        made.html = NULL;
        made.text = cases[i].text;
        g_autofree char *bytes = compose(&made, &length);
        g_autoptr(PdMail) mail = read_back(bytes, length);
        ck_assert_str_eq(pd_mail_header(mail, "Content-Transfer-Encoding"), cases[i].encoding);
        ck_assert_str_eq(mail->full_text, cases[i].text);
    }
}
END_TEST

TCase *compose_cases(void)
{
    TCase *cases = tcase_create("compose");

    tcase_add_test(cases, says_what_was_given);
    tcase_add_test(cases, holds_lines_and_words);
    tcase_add_test(cases, cannot_be_given_headers);
    tcase_add_test(cases, refuses_what_is_no_address);
    tcase_add_test(cases, chooses_an_encoding);
    return cases;
}
