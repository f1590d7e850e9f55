/* Forms: what they say of a ticket, in both languages, and what they must not let through. */
#include "fixture.h"

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
    tcase_add_test(tests, unknown_form_and_ticket_are_refused);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
