/* Warnings before a target is due, escalation after it, reminders, and handing over: the clock is
 * the test's. */
#include "files.h"
#include "fixture.h"

#include "postdesk/clock.h"
#include "postdesk/escalation.h"
#include "postdesk/tickets.h"
#include "postdesk/timers.h"
#include <string.h>

#define OFFICE "time_zone: Asia/Shanghai\nhours: {monday-friday: '08:30-12:00, 13:30-17:30'}\n"
#define PEOPLE                                                                                     \
    "people:\n"                                                                                    \
    "  - {name: 李四, address: li@example.org, role: engineer, groups: [network]}\n"             \
    "  - {name: 王五, address: wang@example.org, role: lead, language: en}\n"                    \
    "  - {name: 赵六, address: zhao@example.org, role: manager}\n"
#define TARGETS                                                                                    \
    "priorities:\n"                                                                                \
    "  P1: {resolve: 4h, calendar: always}\n"                                                      \
    "  P2: {respond: 1h, resolve: 8h}\n"                                                           \
    "  P3: {resolve: 4h, calendar: always}\n"                                                      \
    "escalation:\n"                                                                                \
    "  steps:\n"                                                                                   \
    "    - {after: 1h, to: [manager]}\n"                                                           \
    "    - {before: 30m, to: [assignee, on-duty]}\n"                                               \
    "    - {after: 0m, to: [lead]}\n"                                                              \
    "  quiet_hours: 22:00-07:00\n"                                                                 \
    "  at_night: [P1]\n"                                                                           \
    "reminders: {every: 4h, most: 2}\n"
#define ROSTER                                                                                     \
    "time_zone: Asia/Shanghai\n"                                                                   \
    "groups:\n"                                                                                    \
    "  network:\n"                                                                                 \
    "    shifts:\n"                                                                                \
    "      - {name: day, hours: '08:00-20:00', people: li@example.org}\n"                          \
    "      - {name: night, hours: '20:00-08:00', people: wang@example.org}\n"
#define MAIL                                                                                       \
    "From: Ann <ann@example.net>\nTo: desk@example.org\nSubject: vpn down\n"                       \
    "Message-ID: <%s@x>\nDate: Mon, 23 Nov 2026 04:00:00 +0000\n\nhelp %s\n"

static Fixture *fixture;

/* By the wall clock in Shanghai. */
static void set_clock(const char *iso)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Asia/Shanghai");
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(iso, zone);

    ck_assert_ptr_nonnull(time);
    pd_clock_set(g_date_time_to_unix(time) * PD_SECOND);
}

static void set_up(void)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    fixture = fixture_new("");
    files_write(fixture->config->rules, "calendars/default.yaml", OFFICE);
    files_write(fixture->config->rules, "people.yaml", PEOPLE);
    files_write(fixture->config->rules, "targets.yaml", TARGETS);
    files_write(fixture->config->rules, "roster.yaml", ROSTER);
    pd_desk_free(fixture->desk);
    fixture->desk = pd_desk_new(fixture->config, fixture->store, list);
    g_autofree char *complaints = files_complaints(list, fixture->folder);
    ck_assert_msg(fixture->desk != NULL, "%s", complaints);
    set_clock("2026-11-23T09:00:00");
}

static void tear_down(void)
{
    fixture_free(fixture);
    pd_clock_set(0);
}

static gint64 report(const char *id, const char *priority)
{
    g_autofree char *raw = g_strdup_printf(MAIL, id, id);
    g_autoptr(PdInboxRow) row = fixture_send(fixture, raw);
    g_autofree char *pair = g_strconcat("priority=", priority, NULL);
    const char *const pairs[] = {pair, NULL};

    ck_ok(pd_desk_change(fixture->desk, row->ticket, pairs, "test"));
    return row->ticket;
}

static void change(gint64 ticket, const char *pair)
{
    const char *const pairs[] = {pair, NULL};

    ck_ok(pd_desk_change(fixture->desk, ticket, pairs, "test"));
}

/* "lead@… escalation": whom the timers mailed; sorted, by spaces. Caller frees. */
static char *run(void)
{
    g_autoptr(GPtrArray) before = fixture_outbox(fixture);
    g_autoptr(GString) text = g_string_new(NULL);
    guint mailed = 0;
    gboolean more = FALSE;

    ck_ok(pd_desk_run_timers(fixture->desk, &mailed, &more));
    g_autoptr(GPtrArray) after = fixture_outbox(fixture);
    ck_assert_uint_eq(after->len - before->len, mailed);
    for (guint i = 0; i < mailed; i++) {
        const PdOutboxRow *row = g_ptr_array_index(after, mailed - 1 - i);
        g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", row->recipient);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void ck_mails(const char *at, const char *expected)
{
    set_clock(at);
    g_autofree char *mailed = run();
    ck_assert_msg(strcmp(mailed, expected) == 0, "%s: '%s' and not '%s'", at, mailed, expected);
    g_autofree char *again = run();
    ck_assert_str_eq(again, ""); /* each once */
}

START_TEST(before_and_after_each_step_tells_its_people_once)
{
    gint64 ticket = report("a", "P2"); /* to respond by 10:00, to resolve by 09:30 of the 24th */
    gint64 next = 0;

    ck_mails("2026-11-23T09:01:00", "");
    ck_mails("2026-11-23T09:29:00", "");
    ck_mails("2026-11-23T09:30:00", "li@example.org");
    ck_mails("2026-11-23T10:00:00", "wang@example.org");
    ck_mails("2026-11-23T11:00:00", "zhao@example.org");
    change(ticket, "status=open");
    ck_mails("2026-11-23T17:30:00", "");
    ck_mails("2026-11-24T08:59:00", "");
    ck_mails("2026-11-24T09:35:00", "wang@example.org"); /* the warning was slept over */
    ck_mails("2026-11-24T10:30:00", "zhao@example.org");
    ck_ok(pd_timers_next(fixture->store, &next));
    ck_assert_int_eq(next, 0);
}
END_TEST

static void check_holds(const char *text)
{
    g_autoptr(PdMail) mail = fixture_last_mail(fixture, NULL);

    ck_assert_msg(strstr(mail->full_text, text) != NULL, "'%s' is not in:\n%s", text,
                  mail->full_text);
}

START_TEST(who_is_warned_or_reminded_can_act_by_one_tap)
{
    gint64 ticket = report("a", "P2");

    ck_mails("2026-11-23T09:30:00", "li@example.org");
    check_holds("/指派 我");
    check_holds("/解决");
    change(ticket, "status=waiting");
    ck_mails("2026-11-23T15:30:00", "ann@example.net");
    check_holds("/where");
}
END_TEST

static void note_restored(void)
{
    g_autofree char *now = g_strdup_printf("%" G_GINT64_FORMAT, pd_clock_now());

    ck_ok(pd_store_begin(fixture->store));
    ck_ok(pd_store_set_fact(fixture->store, "restored_at", now));
    ck_ok(pd_store_commit(fixture->store));
}

/* It may have been sent by the state folder that was lost. */
START_TEST(I8_what_was_due_before_a_restore_waits_for_a_person)
{
    report("a", "P2");
    set_clock("2026-11-23T10:06:00");
    note_restored();
    ck_mails("2026-11-23T10:06:00", "wang@example.org");
    g_autoptr(GPtrArray) rows = fixture_outbox(fixture);
    ck_assert_int_eq(((const PdOutboxRow *)g_ptr_array_index(rows, 0))->state, PD_MAIL_UNKNOWN);
}
END_TEST

START_TEST(nothing_is_due_while_the_ticket_waits)
{
    gint64 ticket = report("a", "P2");

    ck_mails("2026-11-23T09:05:00", "");
    change(ticket, "status=waiting");
    ck_mails("2026-11-23T11:00:00", "");
    change(ticket, "status=open");
    ck_mails("2026-11-23T17:00:00", "");
    /* of eight hours five minutes went before it waited, and five hours after on that day */
    ck_mails("2026-11-24T10:54:00", "");
    ck_mails("2026-11-24T10:55:00", "li@example.org");
}
END_TEST

START_TEST(who_is_waited_for_is_asked_again_and_at_most_twice)
{
    gint64 ticket = report("a", "P2");

    change(ticket, "status=waiting");
    ck_mails("2026-11-23T14:29:00", "");
    ck_mails("2026-11-23T14:30:00", "ann@example.net");
    ck_mails("2026-11-24T09:29:00", "");
    ck_mails("2026-11-24T09:30:00", "ann@example.net");
    ck_mails("2026-11-30T10:00:00", "");
}
END_TEST

static void ask(gint64 ticket, const char *who, const char *question)
{
    const char *const words[] = {"external", who, question, NULL};

    ck_ok(pd_desk_command(fixture->desk, ticket, words, NULL, "test"));
}

static void take_back(gint64 ticket)
{
    const char *const words[] = {"undo", NULL};

    ck_ok(pd_desk_command(fixture->desk, ticket, words, NULL, "test"));
}

START_TEST(who_was_asked_last_is_reminded_counted_from_that_question)
{
    gint64 ticket = report("a", "P2");

    change(ticket, "status=waiting"); /* on the reporter, since 09:00 */
    set_clock("2026-11-23T11:00:00");
    ask(ticket, "vendor@example.com", "Is it known?");
    ck_mails("2026-11-23T16:29:00", ""); /* two hours before noon, and two after half past one */
    ck_mails("2026-11-23T16:30:00", "vendor@example.com");
    check_holds("Is it known?");
    set_clock("2026-11-23T17:00:00");
    ask(ticket, "vendor@example.com", "And of 5.3?");
    ck_mails("2026-11-24T11:59:00", "");
    ck_mails("2026-11-24T12:00:00", "vendor@example.com");
    check_holds("And of 5.3?");
    ck_mails("2026-11-24T17:30:00", "vendor@example.com");
    ck_mails("2026-11-30T10:00:00", "");
}
END_TEST

static void wait_for_reporter(gint64 ticket, const char *question)
{
    const char *const words[] = {"status", "waiting", NULL};

    ck_ok(pd_desk_command(fixture->desk, ticket, words, question, "test"));
}

static void write_to_reporter(gint64 ticket, const char *text)
{
    ck_ok(pd_desk_reply(fixture->desk, ticket, text, "test"));
}

START_TEST(what_is_written_while_it_waits_is_a_further_question)
{
    gint64 ticket = report("a", "P2");

    wait_for_reporter(ticket, "Which version?");
    set_clock("2026-11-23T11:00:00");
    write_to_reporter(ticket, "And is the cable in?");
    ck_mails("2026-11-23T14:30:00", ""); /* four hours of work after the first one */
    ck_mails("2026-11-23T16:30:00", "ann@example.net");
    check_holds("Which version?");
    check_holds("And is the cable in?");
    ck_mails("2026-11-24T11:30:00", "ann@example.net");
    ck_mails("2026-11-26T17:00:00", ""); /* that was the last one */
    set_clock("2026-11-27T08:30:00");
    write_to_reporter(ticket, "Are you there?");
    ck_mails("2026-11-27T13:29:00", "");
    ck_mails("2026-11-27T14:00:00", "ann@example.net");
    check_holds("Are you there?");
}
END_TEST

START_TEST(what_is_written_to_the_reporter_is_no_question_to_somebody_else)
{
    gint64 ticket = report("a", "P2");

    ask(ticket, "vendor@example.com", "Is it known?");
    set_clock("2026-11-23T11:00:00");
    write_to_reporter(ticket, "We asked the vendor.");
    ck_mails("2026-11-23T14:30:00", "vendor@example.com");
    check_holds("Is it known?");
    ck_mails("2026-11-24T09:30:00", "vendor@example.com");
}
END_TEST

START_TEST(a_question_repeated_after_the_last_reminder_is_reminded_of)
{
    gint64 ticket = report("a", "P2");

    ask(ticket, "vendor@example.com", "Is it known?");
    ck_mails("2026-11-23T14:30:00", "vendor@example.com");
    ck_mails("2026-11-24T10:00:00", "vendor@example.com");
    ck_mails("2026-11-27T08:30:00", "");
    ask(ticket, "vendor@example.com", "Once more: is it known?");
    ck_mails("2026-11-27T14:00:00", "vendor@example.com");
    check_holds("Once more");
}
END_TEST

START_TEST(a_question_taken_back_leaves_the_one_before_it)
{
    gint64 ticket = report("a", "P2");

    ask(ticket, "first@example.com", "Who?");
    ask(ticket, "second@example.com", "Whose?");
    take_back(ticket);
    ck_mails("2026-11-23T14:30:00", "first@example.com");
    change(ticket, "status=open");
    take_back(ticket);
    ck_mails("2026-11-24T10:30:00", "first@example.com");
    take_back(ticket); /* the first question: it never waited */
    ck_mails("2026-11-27T10:00:00", "zhao@example.org");
}
END_TEST

static void agree(gint64 ticket, const char *day)
{
    const char *const words[] = {"due", day, NULL};

    ck_ok(pd_desk_command(fixture->desk, ticket, words, NULL, "test"));
}

START_TEST(an_agreed_date_is_warned_of_in_place_of_the_target)
{
    gint64 ticket = report("a", "P2");

    change(ticket, "status=open");
    agree(ticket, "2026-11-27"); /* a Friday; the target was the 24th, 09:30 */
    ck_mails("2026-11-24T11:00:00", "");
    ck_mails("2026-11-27T15:00:00", "");
    change(ticket, "status=waiting"); /* the date holds, whomever it waits for */
    ck_mails("2026-11-27T16:59:00", "");
    ck_mails("2026-11-27T17:00:00", "li@example.org");
    check_holds("2026-11-27 23:59");
    ck_mails("2026-11-28T06:59:00", "");
    ck_mails("2026-11-28T07:00:00", "wang@example.org");
    change(ticket, "status=open");
    agree(ticket, "2026-12-01"); /* another date, of which everything is told anew */
    ck_mails("2026-12-01T17:00:00", "li@example.org");
    ck_mails("2026-12-02T09:30:00", "zhao@example.org");
}
END_TEST

START_TEST(a_warning_of_a_date_that_was_agreed_late_is_left_out)
{
    gint64 ticket = report("a", "P2");

    change(ticket, "status=open");
    set_clock("2026-11-23T19:00:00");
    agree(ticket, "2026-11-23");
    ck_mails("2026-11-23T20:00:00", "");
    ck_mails("2026-11-24T07:00:00", "wang@example.org");
}
END_TEST

START_TEST(a_date_that_passed_while_it_was_solved_binds_nobody)
{
    gint64 ticket = report("a", "P1");

    agree(ticket, "2026-11-24");
    change(ticket, "status=resolved");
    ck_mails("2026-11-26T09:00:00", "");
    change(ticket, "status=open"); /* four hours, as nothing was used */
    ck_mails("2026-11-26T12:29:00", "");
    ck_mails("2026-11-26T12:30:00", "li@example.org");
}
END_TEST

START_TEST(the_night_is_quiet_but_for_what_may_disturb)
{
    set_clock("2026-11-23T20:00:00");
    report("a", "P3"); /* due at midnight */
    report("b", "P1");
    ck_mails("2026-11-23T23:30:00", "wang@example.org"); /* who is on duty at night, of P1 */
    ck_mails("2026-11-24T00:00:00", "wang@example.org");
    ck_mails("2026-11-24T06:59:00", "zhao@example.org");
    ck_mails("2026-11-24T07:00:00", "zhao@example.org"); /* of P3: what came before is old news */
}
END_TEST

START_TEST(after_a_solution_the_steps_count_anew)
{
    gint64 ticket = report("a", "P1");

    ck_mails("2026-11-23T12:30:00", "li@example.org");
    change(ticket, "status=resolved");
    ck_mails("2026-11-23T13:00:00", "");
    change(ticket, "status=open"); /* half an hour is left */
    ck_mails("2026-11-23T13:01:00", "li@example.org");
    ck_mails("2026-11-23T13:29:00", "");
    ck_mails("2026-11-23T13:30:00", "wang@example.org");
}
END_TEST

START_TEST(a_far_timer_is_kept_and_an_ended_ticket_has_none)
{
    gint64 ticket = report("a", "P2");
    g_autoptr(GArray) due = NULL;
    gint64 next = 0;

    ck_mails("2026-11-23T09:01:00", "");
    ck_ok(pd_timers_next(fixture->store, &next));
    set_clock("2026-11-23T09:30:00");
    ck_assert_int_eq(next, pd_clock_now());
    change(ticket, "status=closed");
    ck_mails("2026-11-23T12:00:00", "");
    ck_ok(pd_timers_due(fixture->store, G_MAXINT64, 10, &due));
    ck_assert_uint_eq(due->len, 0);
}
END_TEST

static char *hand_over(const char *at, gint64 *next)
{
    g_autoptr(GPtrArray) before = fixture_outbox(fixture);
    guint mailed = 0;

    set_clock(at);
    ck_ok(pd_desk_hand_over(fixture->desk, &mailed, next));
    g_autoptr(GPtrArray) after = fixture_outbox(fixture);
    ck_assert_uint_eq(after->len - before->len, mailed);
    ck_assert_uint_le(mailed, 1);
    return g_strdup(mailed == 1 ? ((PdOutboxRow *)g_ptr_array_index(after, 0))->recipient : "");
}

START_TEST(who_comes_on_duty_is_mailed_what_is_open)
{
    gint64 next = 0;
    gint64 ticket = report("a", "P2");
    g_autofree char *first = hand_over("2026-11-23T10:00:00", &next);
    g_autofree char *none = hand_over("2026-11-23T19:59:00", &next);

    ck_assert_str_eq(first, ""); /* only noted */
    ck_assert_str_eq(none, "");
    g_autofree char *comer = hand_over("2026-11-23T20:00:00", &next);
    ck_assert_int_eq(next - pd_clock_now(), 12 * 3600 * PD_SECOND);
    ck_assert_str_eq(comer, "wang@example.org");
    g_autoptr(PdMail) mail = fixture_last_mail(fixture, NULL);
    g_autofree char *number = g_strdup_printf("#%d  P2  vpn down", (int)ticket);
    ck_assert_msg(strstr(mail->full_text, number) != NULL, "%s", mail->full_text);
    ck_assert_ptr_nonnull(strstr(mail->subject, "(1 open)"));
    g_autofree char *again = hand_over("2026-11-23T20:01:00", &next);
    ck_assert_str_eq(again, "");
}
END_TEST

START_TEST(what_is_handed_over_is_in_the_order_of_its_priority)
{
    gint64 next = 0;

    change(report("a", "P3"), "queue=network");
    change(report("b", "P2"), "queue=network");
    change(report("c", "P1"), "queue=network");
    g_free(hand_over("2026-11-23T10:00:00", &next));
    g_free(hand_over("2026-11-23T20:00:00", &next));
    g_autoptr(PdMail) mail = fixture_last_mail(fixture, NULL);
    const char *first = strstr(mail->full_text, "#3  P1  ");
    const char *second = strstr(mail->full_text, "#2  P2  ");
    const char *third = strstr(mail->full_text, "#1  P3  ");
    ck_assert_msg(first != NULL && second > first && third > second, "%s", mail->full_text);
    check_holds("overdue");
    check_holds("Before you: 李四.");
}
END_TEST

START_TEST(the_admin_is_told_once_that_nobody_is_on_duty)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    files_write(fixture->config->rules, "roster.yaml",
                "time_zone: Asia/Shanghai\n"
                "groups:\n"
                "  network:\n"
                "    cover: default\n"
                "    shifts: [{name: day, hours: '08:00-18:00', people: li@example.org}]\n"
                "absences: [{person: li@example.org, from: 2026-11-24, to: 2026-11-24}]\n");
    pd_desk_free(fixture->desk);
    fixture->desk = pd_desk_new(fixture->config, fixture->store, list);
    ck_ok(pd_desk_watch_duty(fixture->desk));
    set_clock("2026-11-24T08:00:00"); /* not yet in office hours */
    ck_ok(pd_desk_watch_duty(fixture->desk));
    ck_assert_int_eq(fixture_alarms(fixture, "roster"), 0);
    set_clock("2026-11-24T08:30:00");
    ck_ok(pd_desk_watch_duty(fixture->desk));
    set_clock("2026-11-24T14:00:00");
    ck_ok(pd_desk_watch_duty(fixture->desk));
    ck_assert_int_eq(fixture_alarms(fixture, "roster"), 1);
    set_clock("2026-11-25T09:00:00"); /* he is back: the next time is told again */
    ck_ok(pd_desk_watch_duty(fixture->desk));
    g_autofree char *told = NULL;
    ck_ok(pd_store_get_fact(fixture->store, "roster-gap/network", &told));
    ck_assert_ptr_null(told);
}
END_TEST

START_TEST(the_admin_is_told_of_holidays_that_are_missing)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    files_write(fixture->config->rules, "calendars/default.yaml",
                OFFICE "days_off: {2026-10-01: ''}\n");
    pd_desk_free(fixture->desk);
    fixture->desk = pd_desk_new(fixture->config, fixture->store, list);
    ck_ok(pd_desk_watch_year(fixture->desk));
    ck_assert_int_eq(fixture_alarms(fixture, "calendar"), 0); /* not at once */
    set_clock("2026-11-24T10:00:00");
    ck_ok(pd_desk_watch_year(fixture->desk));
    ck_ok(pd_desk_watch_year(fixture->desk));
    ck_assert_int_eq(fixture_alarms(fixture, "calendar"), 1);
    set_clock("2026-12-09T10:00:00");
    ck_ok(pd_desk_watch_year(fixture->desk));
    ck_assert_int_eq(fixture_alarms(fixture, "calendar"), 2);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("escalation");
    Suite *suite = suite_create("escalation");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, before_and_after_each_step_tells_its_people_once);
    tcase_add_test(tests, who_is_warned_or_reminded_can_act_by_one_tap);
    tcase_add_test(tests, I8_what_was_due_before_a_restore_waits_for_a_person);
    tcase_add_test(tests, nothing_is_due_while_the_ticket_waits);
    tcase_add_test(tests, who_is_waited_for_is_asked_again_and_at_most_twice);
    tcase_add_test(tests, who_was_asked_last_is_reminded_counted_from_that_question);
    tcase_add_test(tests, what_is_written_while_it_waits_is_a_further_question);
    tcase_add_test(tests, what_is_written_to_the_reporter_is_no_question_to_somebody_else);
    tcase_add_test(tests, a_question_repeated_after_the_last_reminder_is_reminded_of);
    tcase_add_test(tests, a_question_taken_back_leaves_the_one_before_it);
    tcase_add_test(tests, an_agreed_date_is_warned_of_in_place_of_the_target);
    tcase_add_test(tests, a_warning_of_a_date_that_was_agreed_late_is_left_out);
    tcase_add_test(tests, a_date_that_passed_while_it_was_solved_binds_nobody);
    tcase_add_test(tests, the_night_is_quiet_but_for_what_may_disturb);
    tcase_add_test(tests, after_a_solution_the_steps_count_anew);
    tcase_add_test(tests, a_far_timer_is_kept_and_an_ended_ticket_has_none);
    tcase_add_test(tests, who_comes_on_duty_is_mailed_what_is_open);
    tcase_add_test(tests, what_is_handed_over_is_in_the_order_of_its_priority);
    tcase_add_test(tests, the_admin_is_told_once_that_nobody_is_on_duty);
    tcase_add_test(tests, the_admin_is_told_of_holidays_that_are_missing);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
