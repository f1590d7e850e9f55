/* Forms: what they say of a ticket, in both languages, and what they must not let through. */
#include "fixture.h"
#include "letters.h"

#include "postdesk/clock.h"
#include "postdesk/tickets.h"
#include <string.h>

static Fixture *fixture;

static void set_up(void)
{
    fixture = fixture_new("");
}

static void tear_down(void)
{
    fixture_free(fixture);
}

static void send_fault(void)
{
    g_autoptr(PdInboxRow) row = fixture_send(
        fixture, "From: Ann Berg <ann@example.net>\nTo: desk@example.org\nSubject: <b>down</b>\n"
                 "Message-ID: <1@example.net>\n\nLine one\n<script>alert(1)</script>\n");
}

static void add_note(const char *note)
{
    g_autoptr(PdEvent) event = pd_event_new("note", "li", "cli");
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, 1);

    event->ticket = 1;
    pd_json_set_text(event->data, "note", note);
    ck_ok(pd_store_begin(fixture->store));
    ck_ok(pd_ticket_append(fixture->store, event, ticket->version));
    ck_ok(pd_store_commit(fixture->store));
}

static char *fill(const char *form, const char *language)
{
    char *html = NULL;

    ck_ok(pd_desk_fill_form(fixture->desk, form, 1, language, &html));
    return html;
}

static void ck_says(const char *html, const char *text)
{
    ck_assert_msg(strstr(html, text) != NULL, "'%s' is missing in:\n%s", text, html);
}

START_TEST(foreign_text_stays_text)
{
    send_fault();
    g_autofree char *html = fill("fault", NULL);
    ck_says(html, "&lt;script&gt;alert(1)&lt;/script&gt;");
    ck_says(html, "&lt;b&gt;down&lt;/b&gt;");
    ck_assert_ptr_null(strstr(html, "<script"));
}
END_TEST

START_TEST(form_is_in_the_language_asked_for)
{
    send_fault();
    g_autofree char *english = fill("problem", "en");
    g_autofree char *chinese = fill("problem", "zh_CN");
    ck_says(english, "Problem Report");
    ck_says(chinese, "问题报告单");
    ck_says(chinese, "Ann Berg");
    ck_says(chinese, "ann@example.net");
}
END_TEST

START_TEST(newest_note_names_cause_and_solution)
{
    send_fault();
    add_note("Root cause: cable\nnothing else");
    add_note("原因：交换机端口坏\n处理: 换端口 <3>\n预防措施：备件");
    g_autofree char *html = fill("fault", "zh_CN");
    ck_says(html, "class=\"tall\">交换机端口坏</td>");
    ck_says(html, "class=\"tall\">换端口 &lt;3&gt;</td>");
    ck_says(html, "class=\"tall\">备件</td>");
}
END_TEST

START_TEST(times_are_those_of_the_status)
{
    const char *const open[] = {"status=open", NULL}, *const resolved[] = {"status=resolved", NULL};
    gint64 at = 0;

    ck_assert(pd_clock_parse_utc("2026-11-23T01:00:00Z", &at));
    pd_clock_set(at);
    send_fault();
    pd_clock_set(at + 60 * PD_SECOND);
    ck_ok(pd_desk_change(fixture->desk, 1, open, "li"));
    pd_clock_set(at + 3600 * PD_SECOND);
    ck_ok(pd_desk_change(fixture->desk, 1, resolved, "li"));
    pd_clock_set(0);
    g_autofree char *taken_up = pd_clock_format_local(at + 60 * PD_SECOND);
    g_autofree char *restored = pd_clock_format_local(at + 3600 * PD_SECOND);
    g_autofree char *html = fill("fault", "en");
    g_autofree char *first = g_strdup_printf("<th>Taken up</th><td>%s</td>", taken_up);
    g_autofree char *last = g_strdup_printf("<th>Restored</th><td>%s</td>", restored);
    ck_says(html, first);
    ck_says(html, last);
}
END_TEST

#define PEOPLE                                                                                     \
    "people:\n"                                                                                    \
    "  - {name: 张三, addresses: [zhang@example.org], role: engineer, language: zh_CN}\n"

static PdMail *mail_to(const char *address, const char *purpose)
{
    return letters_to(fixture, address, purpose);
}

/* An engineer has the ticket, and answers the mail that says so. */
static void engineer_sends(const char *type, const char *body)
{
    const char *const words[] = {"assign", "zhang@example.org", NULL};

    fixture_free(fixture);
    fixture = fixture_with_people("", PEOPLE);
    send_fault();
    ck_ok(pd_desk_command(fixture->desk, 1, words, NULL, "li"));
    g_autoptr(PdMail) mail = mail_to("zhang@example.org", "assigned");
    const PdAddress *to = g_ptr_array_index(mail->reply_to, 0);
    g_autofree char *raw =
        g_strdup_printf("From: zhang@example.org\nTo: %s\nSubject: Re: %s\n"
                        "Message-ID: <a1@example.org>\nIn-Reply-To: <%s>\nMIME-Version: 1.0\n"
                        "Content-Type: %s\n\n%s\n",
                        to->address, mail->subject, mail->message_id, type, body);
    g_autoptr(PdInboxRow) row = fixture_send(fixture, raw);
    ck_assert_int_eq(row->ticket, 1);
}

static void engineer_writes(const char *text)
{
    engineer_sends("text/plain; charset=utf-8", text);
}

static void engineer_attaches(const char *text)
{
    g_autofree char *body = g_strdup_printf(
        "--e\nContent-Type: text/plain; charset=utf-8\n\n%s\n--e\nContent-Type: text/csv; "
        "name=log.csv\nContent-Disposition: attachment; filename=log.csv\n\na,b\n--e--\n",
        text);

    engineer_sends("multipart/mixed; boundary=e", body);
}

static PdStatus *make_pdf(const char *html, GBytes **pdf, gpointer user)
{
    gboolean fails = user != NULL;

    if (fails)
        return pd_status_new(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, NULL, "no typesetter");
    g_autofree char *text = g_strconcat("%PDF-1.7 ", html, NULL);
    *pdf = g_bytes_new(text, strlen(text));
    return NULL;
}

static guint mail_forms(gboolean fails)
{
    gboolean more = TRUE;
    guint mailed = 0;

    while (more)
        ck_ok(pd_desk_mail_forms(fixture->desk, make_pdf, fails ? "fails" : NULL, &mailed, &more));
    return mailed;
}

static void ck_attached(const PdMail *mail, const char *name, const char *found)
{
    ck_assert_uint_eq(mail->attachments->len, 1);
    const PdAttachment *attachment = g_ptr_array_index(mail->attachments, 0);
    ck_assert_str_eq(attachment->name, name);
    ck_assert_str_eq(attachment->found_type, found);
    ck_assert(!attachment->differs);
}

START_TEST(form_is_mailed_to_who_asks)
{
    engineer_writes("/表单 故障");
    ck_assert_uint_eq(mail_forms(FALSE), 1);
    ck_assert_uint_eq(mail_forms(FALSE), 0); /* once */
    g_autoptr(PdMail) mail = mail_to("zhang@example.org", "attached");
    ck_attached(mail, "fault-1.pdf", "application/pdf");
    ck_says(mail->full_text, "故障处理报告");
}
END_TEST

START_TEST(form_goes_to_the_reporter_with_what_is_written_below)
{
    engineer_writes("/resolve\n/form fault reporter\n线路已更换。");
    ck_assert_uint_eq(mail_forms(FALSE), 1);
    g_autoptr(PdMail) resolved = mail_to("ann@example.net", "resolved");
    g_autoptr(PdMail) mail = mail_to("ann@example.net", "attached");
    ck_says(resolved->full_text, "线路已更换。");
    ck_attached(mail, "fault-1.pdf", "application/pdf");
    ck_assert_ptr_null(strstr(mail->full_text, "线路已更换。")); /* he has read it */
    g_autofree char *html = fill("fault", "zh_CN");
    ck_says(html, "class=\"tall\">线路已更换。</td>"); /* and what resolves is the solution */
}
END_TEST

/* As with any answer, though nothing is written. */
START_TEST(what_is_attached_goes_with_the_form)
{
    static const char *const texts[] = {"/form fault reporter", "/form fault reporter\n请查收。",
                                        "/priority P2\n/表单 故障 报告人"};

    engineer_attaches(texts[_i]);
    ck_assert_uint_eq(mail_forms(FALSE), 1);
    g_autoptr(PdMail) mail = mail_to("ann@example.net", "attached");
    ck_assert_uint_eq(mail->attachments->len, 2);
    const PdAttachment *file = g_ptr_array_index(mail->attachments, 1);
    ck_assert_str_eq(file->name, "log.csv");
}
END_TEST

START_TEST(what_went_with_the_words_or_belongs_to_a_note_goes_with_no_form)
{
    engineer_attaches("/resolve\n/form fault reporter\n线路已更换。");
    ck_assert_uint_eq(mail_forms(FALSE), 1);
    g_autoptr(PdMail) resolved = mail_to("ann@example.net", "resolved");
    ck_assert_uint_eq(resolved->attachments->len, 1);
    g_autoptr(PdMail) mail = mail_to("ann@example.net", "attached");
    ck_attached(mail, "fault-1.pdf", "application/pdf");
    engineer_attaches("/form fault reporter\n/note his log\n");
    ck_assert_uint_eq(mail_forms(FALSE), 1);
    g_autoptr(PdMail) alone = mail_to("ann@example.net", "attached");
    ck_attached(alone, "fault-1.pdf", "application/pdf");
    engineer_attaches("/form fault"); /* to himself */
    ck_assert_uint_eq(mail_forms(FALSE), 1);
    g_autoptr(PdMail) his = mail_to("zhang@example.org", "attached");
    ck_attached(his, "fault-1.pdf", "application/pdf");
}
END_TEST

START_TEST(form_that_cannot_be_printed_goes_as_html)
{
    engineer_writes("/form problem reporter\nPlease look it through.");
    ck_assert_uint_eq(mail_forms(TRUE), 1);
    g_autoptr(PdMail) mail = mail_to("ann@example.net", "attached");
    ck_attached(mail, "problem-1.html", "text/html");
    ck_says(mail->full_text, "Please look it through.");
    ck_says(mail->full_text, "web page");
}
END_TEST

/* By the names that the forms bear. */
START_TEST(form_is_called_by_its_name)
{
    static const char *const lines[][2] = {{"/表单 故障处理报告", "fault-1.pdf"},
                                           {"/表单 问题报告单", "problem-1.pdf"},
                                           {"/form fault report", "fault-1.pdf"},
                                           {"/表单 故障 发给报告人", NULL},
                                           {"/form problem report to the reporter", NULL}};
    gboolean goes_out = lines[_i][1] == NULL;

    engineer_writes(lines[_i][0]);
    ck_assert_uint_eq(mail_forms(FALSE), 1);
    g_autoptr(PdMail) mail =
        mail_to(goes_out ? "ann@example.net" : "zhang@example.org", "attached");
    if (!goes_out)
        ck_attached(mail, lines[_i][1], "application/pdf");
}
END_TEST

START_TEST(unknown_form_is_explained_and_nothing_mailed)
{
    engineer_writes("/form falt");
    ck_assert_uint_eq(mail_forms(FALSE), 0);
    g_autoptr(PdMail) mail = mail_to("zhang@example.org", "refused");
    ck_says(mail->full_text, "fault");
}
END_TEST

START_TEST(unknown_form_and_ticket_are_refused)
{
    char *html = NULL;

    send_fault();
    g_autoptr(PdStatus) form = pd_desk_fill_form(fixture->desk, "nosuch", 1, "en", &html);
    g_autoptr(PdStatus) ticket = pd_desk_fill_form(fixture->desk, "fault", 99, "en", &html);
    ck_says(pd_status_text(form), "there are: fault, problem");
    ck_says(pd_status_text(ticket), "#99");
    ck_assert_ptr_null(html);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("forms");
    TCase *tests = tcase_create("forms");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, foreign_text_stays_text);
    tcase_add_test(tests, form_is_in_the_language_asked_for);
    tcase_add_test(tests, newest_note_names_cause_and_solution);
    tcase_add_test(tests, times_are_those_of_the_status);
    tcase_add_test(tests, form_is_mailed_to_who_asks);
    tcase_add_test(tests, form_goes_to_the_reporter_with_what_is_written_below);
    tcase_add_loop_test(tests, what_is_attached_goes_with_the_form, 0, 3);
    tcase_add_test(tests, what_went_with_the_words_or_belongs_to_a_note_goes_with_no_form);
    tcase_add_test(tests, form_that_cannot_be_printed_goes_as_html);
    tcase_add_loop_test(tests, form_is_called_by_its_name, 0, 5);
    tcase_add_test(tests, unknown_form_is_explained_and_nothing_mailed);
    tcase_add_test(tests, unknown_form_and_ticket_are_refused);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
