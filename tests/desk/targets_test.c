/* Targets: files, which one holds, due times over a ticket's life, and what mails say. */
#include "files.h"
#include "fixture.h"

#include "postdesk/clock.h"
#include "postdesk/targets.h"
#include "postdesk/upkeep.h"
#include <string.h>

#define OFFICE "time_zone: Asia/Shanghai\nhours: {monday-friday: '08:30-12:00, 13:30-17:30'}\n"
#define TARGETS                                                                                    \
    "priorities:\n"                                                                                \
    "  P1: {respond: 15m, resolve: 4h, calendar: always}\n"                                        \
    "  P2: {respond: 1h, resolve: 8h}\n"                                                           \
    "  P3: {resolve: 24h}\n"                                                                       \
    "queues:\n"                                                                                    \
    "  network: {P2: {respond: 30m}}\n"

static char *folder;
static PdDiagnostics *list;
static PdCalendars *calendars;
static PdTargets *targets;

static void set_up(void)
{
    folder = g_dir_make_tmp("pd-targets-XXXXXX", NULL);
    list = pd_diagnostics_new();
    files_write(folder, "calendars/default.yaml", OFFICE);
    g_autofree char *path = g_build_filename(folder, "calendars", NULL);
    calendars = pd_calendars_load(path, list);
    ck_assert_ptr_nonnull(calendars);
}

static void tear_down(void)
{
    g_clear_pointer(&targets, pd_targets_free);
    pd_calendars_free(calendars);
    files_remove(folder);
    g_free(folder);
    pd_diagnostics_free(list);
    pd_clock_set(0);
}

static void load(const char *text)
{
    g_autofree char *path = g_build_filename(folder, "targets.yaml", NULL);

    if (text != NULL)
        files_write(folder, "targets.yaml", text);
    targets = pd_targets_load(path, calendars, list);
}

/* The file was refused with each of these. */
static void complains(const char *const *expected, gsize count)
{
    g_autofree char *text = files_complaints(list, folder);

    ck_assert_ptr_null(targets);
    for (gsize i = 0; i < count; i++)
        ck_assert_msg(strstr(text, expected[i]) != NULL, "missing: %s\nin:\n%s", expected[i], text);
}

static gint64 instant(const char *iso)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(iso, NULL);

    ck_assert_ptr_nonnull(time);
    return g_date_time_to_unix(time) * PD_SECOND;
}

START_TEST(without_a_file_nothing_is_owed)
{
    PdTarget target;

    load(NULL);
    ck_assert_ptr_nonnull(targets);
    ck_assert(!pd_targets_find(targets, "P1", "network", NULL, &target));
}
END_TEST

START_TEST(a_queue_says_what_differs_from_the_priority)
{
    PdTarget target;

    load(TARGETS);
    ck_assert(pd_targets_find(targets, "P2", "system", NULL, &target));
    ck_assert_int_eq(target.respond, 3600 * PD_SECOND);
    ck_assert_ptr_null(target.queue);
    ck_assert(pd_targets_find(targets, "P2", "network", NULL, &target));
    ck_assert_int_eq(target.respond, 1800 * PD_SECOND);
    ck_assert_int_eq(target.resolve, 8 * 3600 * PD_SECOND);
    ck_assert_str_eq(target.queue, "network");
    ck_assert_str_eq(pd_calendar_name(target.calendar), "default");
    ck_assert(pd_targets_find(targets, "P1", NULL, NULL, &target));
    ck_assert_str_eq(pd_calendar_name(target.calendar), "always");
    ck_assert(!pd_targets_find(targets, "P4", "network", NULL, &target));
    ck_assert(!pd_targets_find(targets, NULL, NULL, NULL, &target));
}
END_TEST

START_TEST(a_department_has_a_usual_calendar_of_its_own)
{
    PdTarget target;

    load(TARGETS "departments: {Branch: {calendar: always}}\n");
    ck_assert(pd_targets_find(targets, "P2", "system", "Branch", &target));
    ck_assert_str_eq(pd_calendar_name(target.calendar), "always");
    ck_assert(pd_targets_find(targets, "P2", "system", "Tax", &target));
    ck_assert_str_eq(pd_calendar_name(target.calendar), "default");
}
END_TEST

START_TEST(every_mistake_has_its_place)
{
    static const char *const expected[] = {
        "targets.yaml:1:11: error: 'defalt' is not a calendar of this desk; did you mean "
        "'default'?",
        "targets.yaml:3:3: error: unknown priority 'P5'",
        "targets.yaml:4:17: error: working time is written in hours and minutes",
        "targets.yaml:4:30: error: 'soon' is no working time; write 30m or 8h",
        "targets.yaml:5:7: error: 'respond' takes longer than 'resolve'",
        "targets.yaml:6:1: error: unknown part of the file 'queue'; did you mean 'queues'?",
    };
    load("calendar: defalt\n"
         "priorities:\n"
         "  P5: {respond: 1h}\n"
         "  P1: {respond: 1d, resolve: soon}\n"
         "  P2: {respond: 3h, resolve: 2h}\n"
         "queue: {}\n");
    complains(expected, G_N_ELEMENTS(expected));
}
END_TEST

START_TEST(whom_an_escalation_cannot_tell_is_told_with_what_to_write)
{
    static const char *const expected[] = {
        "targets.yaml:3:28: error: 'boss' cannot stand here; write assignee, on-duty, a role or",
        "targets.yaml:3:34: error: '王芳@例子.cn' is an address that relays refuse; write one of "
        "ASCII",
        "targets.yaml:3:46: error: 'wang@例子.cn' is an address that relays refuse; write it as "
        "'wang@xn--fsqu00a.cn'",
        "targets.yaml:4:14: error: 'P0' is no priority; write P1, P2, P3 or P4",
    };
    load("escalation:\n"
         "  steps:\n"
         "  - {after: 1h, to: [lead, boss, '王芳@例子.cn', wang@例子.cn]}\n"
         "  at_night: [P0]\n");
    complains(expected, G_N_ELEMENTS(expected));
}
END_TEST

/* ---- a ticket's life ---- */

static void happens(PdTimeline *timeline, const char *at, const char *field, const char *value)
{
    g_autoptr(PdEvent) event = pd_event_new("changed", "ann", "cli");

    event->at = instant(at);
    pd_json_set(event->data, "set", pd_json_set_text(pd_json_object(), field, value));
    pd_timeline_add(timeline, event);
}

static PdTimeline *opened(const char *at, const char *priority)
{
    PdTimeline *timeline = pd_timeline_new();

    happens(timeline, at, "status", "new");
    happens(timeline, at, "priority", priority);
    return timeline;
}

static void ck_due(const PdTimeline *timeline, const char *respond, const char *resolve)
{
    const PdDue due = pd_targets_due(targets, timeline);

    ck_assert_int_eq(due.respond, respond != NULL ? instant(respond) : 0);
    ck_assert_int_eq(due.resolve, resolve != NULL ? instant(resolve) : 0);
}

START_TEST(due_times_skip_what_is_no_working_time)
{
    load(TARGETS);
    g_autoptr(PdTimeline) timeline = opened("2026-11-20T17:00:00+08:00", "P2"); /* a Friday */

    ck_due(timeline, "2026-11-23T09:00:00+08:00", "2026-11-23T17:30:00+08:00");
    g_autoptr(PdTimeline) urgent = opened("2026-11-21T23:50:00+08:00", "P1");
    ck_due(urgent, "2026-11-22T00:05:00+08:00", "2026-11-22T03:50:00+08:00");
}
END_TEST

START_TEST(targets_pause_while_the_ticket_waits)
{
    load(TARGETS);
    g_autoptr(PdTimeline) timeline = opened("2026-11-23T09:00:00+08:00", "P2");

    happens(timeline, "2026-11-23T10:00:00+08:00", "status", "open");
    ck_due(timeline, NULL, "2026-11-24T09:30:00+08:00");
    happens(timeline, "2026-11-23T11:00:00+08:00", "status", "waiting");
    ck_due(timeline, NULL, NULL);
    /* two of eight hours were used; six are left */
    happens(timeline, "2026-11-25T08:30:00+08:00", "status", "open");
    ck_due(timeline, NULL, "2026-11-25T16:00:00+08:00");
    happens(timeline, "2026-11-25T10:30:00+08:00", "status", "resolved");
    ck_due(timeline, NULL, NULL);
    happens(timeline, "2026-11-26T08:30:00+08:00", "status", "open");
    ck_due(timeline, NULL, "2026-11-26T14:00:00+08:00");
}
END_TEST

START_TEST(a_new_priority_counts_from_the_opening)
{
    load(TARGETS);
    g_autoptr(PdTimeline) timeline = opened("2026-11-23T09:00:00+08:00", "P3");

    ck_due(timeline, NULL, "2026-11-26T10:30:00+08:00");
    happens(timeline, "2026-11-24T09:00:00+08:00", "priority", "P2");
    /* long past, and the due time says so */
    ck_due(timeline, "2026-11-23T10:00:00+08:00", "2026-11-24T09:30:00+08:00");
    happens(timeline, "2026-11-24T09:10:00+08:00", "priority", "P4");
    ck_due(timeline, NULL, NULL);
}
END_TEST

/* ---- at intake ---- */

static Fixture *desk_with_targets(void)
{
    Fixture *fixture = fixture_new("");
    g_autofree char *rules = g_build_filename(fixture->folder, "rules", NULL);

    files_write(rules, "calendars/default.yaml", OFFICE);
    files_write(rules, "targets.yaml", TARGETS);
    pd_desk_free(fixture->desk);
    fixture->desk = pd_desk_new(fixture->config, fixture->store, list);
    ck_assert_ptr_nonnull(fixture->desk);
    return fixture;
}

static const char vpn_mail[] = "From: Ann <ann@example.net>\nTo: desk@example.org\n"
                               "Subject: vpn is down\nMessage-ID: <1@example.net>\n"
                               "Date: Mon, 23 Nov 2026 01:00:00 +0000\n\nIt does not connect.\n";

static void change(Fixture *fixture, const char *at, const char *pair)
{
    const char *const pairs[] = {pair, NULL};

    pd_clock_set(instant(at));
    ck_ok(pd_desk_change(fixture->desk, 1, pairs, "li"));
}

START_TEST(the_ticket_and_its_acknowledgement_hold_the_due_times)
{
    Fixture *fixture = desk_with_targets();
    const char *shown = "2026-11-24 09:30"; /* in Shanghai, wherever the test runs */

    pd_clock_set(instant("2026-11-23T09:00:00+08:00"));
    g_autoptr(PdInboxRow) row = fixture_send(fixture, vpn_mail);
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, row->ticket);
    ck_assert_str_eq(ticket->priority, "P2");
    ck_assert_str_eq(ticket->respond_due, "2026-11-23T01:30:00Z"); /* of the queue */
    ck_assert_str_eq(ticket->resolve_due, "2026-11-24T01:30:00Z");
    g_autoptr(PdMail) mail = fixture_last_mail(fixture, NULL);
    ck_assert_ptr_nonnull(strstr(mail->full_text, shown));
    ck_assert_ptr_nonnull(strstr(mail->html, shown));
    fixture_free(fixture);
}
END_TEST

START_TEST(changes_move_the_due_times_and_the_events_say_so)
{
    Fixture *fixture = desk_with_targets();
    PdVerified counts = {0};

    pd_clock_set(instant("2026-11-23T09:00:00+08:00"));
    g_autoptr(PdInboxRow) row = fixture_send(fixture, vpn_mail);
    change(fixture, "2026-11-23T10:00:00+08:00", "status=waiting");
    g_autoptr(PdTicket) waiting = fixture_ticket(fixture, 1);
    ck_assert_str_eq(waiting->respond_due, "");
    ck_assert_str_eq(waiting->resolve_due, "");
    change(fixture, "2026-11-24T10:00:00+08:00", "status=open");
    g_autoptr(PdTicket) open = fixture_ticket(fixture, 1);
    ck_assert_str_eq(open->resolve_due, "2026-11-25T01:30:00Z");
    change(fixture, "2026-11-24T10:05:00+08:00", "subject=vpn again");
    g_autoptr(PdTicket) renamed = fixture_ticket(fixture, 1);
    ck_assert_str_eq(renamed->resolve_due, "2026-11-25T01:30:00Z");
    ck_ok(pd_store_verify(fixture->store, list, &counts, NULL, NULL));
    ck_assert_uint_eq(pd_diagnostics_count(list), 0);
    fixture_free(fixture);
}
END_TEST

START_TEST(the_explanation_holds_every_interval)
{
    Fixture *fixture = desk_with_targets();
    g_autoptr(PdJson) document = NULL;

    pd_clock_set(instant("2026-11-23T11:00:00+08:00"));
    g_autoptr(PdInboxRow) row = fixture_send(fixture, vpn_mail);
    change(fixture, "2026-11-23T14:30:00+08:00", "status=waiting");
    change(fixture, "2026-11-24T09:30:00+08:00", "status=open");
    pd_clock_set(instant("2026-11-24T10:30:00+08:00"));
    ck_ok(pd_desk_explain_targets(fixture->desk, 1, &document));
    const PdJson *intervals = pd_json_get(document, "intervals");
    static const struct {
        const char *status;
        gint64 seconds;
        gsize spans;
    } expected[] = {{"new", 7200, 2}, {"waiting", 0, 0}, {"open", 3600, 1}};
    ck_assert_uint_eq(pd_json_length(intervals), G_N_ELEMENTS(expected));
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
        const PdJson *interval = pd_json_at(intervals, i);
        ck_assert_str_eq(pd_json_get_text(interval, "status"), expected[i].status);
        ck_assert_int_eq(pd_json_get_int(interval, "seconds", -1), expected[i].seconds);
        ck_assert_uint_eq(pd_json_length(pd_json_get(interval, "spans")), expected[i].spans);
    }
    const PdJson *respond = pd_json_at(pd_json_get(document, "targets"), 0);
    const PdJson *resolve = pd_json_at(pd_json_get(document, "targets"), 1);
    ck_assert_str_eq(pd_json_get_text(respond, "state"), "met late");
    ck_assert_str_eq(pd_json_get_text(resolve, "state"), "running");
    ck_assert_int_eq(pd_json_get_int(resolve, "used_seconds", 0), 10800);
    ck_assert_str_eq(pd_json_get_text(resolve, "due_local"), "2026-11-24 17:00");
    ck_assert_ptr_null(pd_json_get_text(resolve, "due_by_present_files"));
    fixture_free(fixture);
}
END_TEST

START_TEST(a_date_that_was_agreed_is_explained_as_such)
{
    Fixture *fixture = desk_with_targets();
    const char *const words[] = {"due", "2026-11-27", NULL};
    g_autoptr(PdJson) document = NULL, late = NULL;

    pd_clock_set(instant("2026-11-23T11:00:00+08:00"));
    g_autoptr(PdInboxRow) row = fixture_send(fixture, vpn_mail);
    ck_ok(pd_desk_command(fixture->desk, row->ticket, words, NULL, "li"));
    pd_clock_set(instant("2026-11-26T10:30:00+08:00")); /* past the eight hours */
    ck_ok(pd_desk_explain_targets(fixture->desk, 1, &document));
    const PdJson *resolve = pd_json_at(pd_json_get(document, "targets"), 1);
    ck_assert(pd_json_get_bool(resolve, "agreed", FALSE));
    ck_assert_str_eq(pd_json_get_text(resolve, "state"), "running");
    ck_assert_str_eq(pd_json_get_text(resolve, "due_local"), "2026-11-27 23:59");
    pd_clock_set(instant("2026-11-28T00:00:00+08:00"));
    ck_ok(pd_desk_explain_targets(fixture->desk, 1, &late));
    ck_assert_str_eq(pd_json_get_text(pd_json_at(pd_json_get(late, "targets"), 1), "state"),
                     "overdue");
    fixture_free(fixture);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("targets");
    TCase *cases = tcase_create("targets");

    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, without_a_file_nothing_is_owed);
    tcase_add_test(cases, a_queue_says_what_differs_from_the_priority);
    tcase_add_test(cases, a_department_has_a_usual_calendar_of_its_own);
    tcase_add_test(cases, every_mistake_has_its_place);
    tcase_add_test(cases, whom_an_escalation_cannot_tell_is_told_with_what_to_write);
    tcase_add_test(cases, due_times_skip_what_is_no_working_time);
    tcase_add_test(cases, targets_pause_while_the_ticket_waits);
    tcase_add_test(cases, a_new_priority_counts_from_the_opening);
    tcase_add_test(cases, the_ticket_and_its_acknowledgement_hold_the_due_times);
    tcase_add_test(cases, changes_move_the_due_times_and_the_events_say_so);
    tcase_add_test(cases, the_explanation_holds_every_interval);
    tcase_add_test(cases, a_date_that_was_agreed_is_explained_as_such);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
