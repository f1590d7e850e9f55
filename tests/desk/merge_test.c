/* merge_test.c: mails about one matter are one ticket, and strangers get into none by a key. */
#include "files.h"
#include "fixture.h"

#define RULES                                                                                      \
    "rules:\n"                                                                                     \
    "  - id: alert\n"                                                                              \
    "    when: {subject: '^(?:PROBLEM|RECOVERY) (?<host>\\S+)'}\n"                                 \
    "    then: {category: other, merge_key: 'host=${host}'}\n"                                     \
    "  - id: well\n"                                                                               \
    "    when: {subject: '^RECOVERY'}\n"                                                           \
    "    then: {resolve: true}\n"                                                                  \
    "  - id: building\n"                                                                           \
    "    when: {subject: '^power out in (?<house>\\w+)'}\n"                                        \
    "    then: {merge_key: 'house=${house}', merge_persons: true}\n"                               \
    "categories: [other]\n"                                                                        \
    "defaults: {category: other, impact: low, urgency: low, queue: desk}\n"

#define PEOPLE                                                                                     \
    "people:\n"                                                                                    \
    "  - {name: Ann, address: ann@finance.example}\n"                                              \
    "  - {name: Bob, address: bob@personnel.example}\n"                                            \
    "domains: {probe.example: {department: probes}}\n"

static Fixture *fixture;
static guint serial;

static void setup(void)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    fixture = fixture_new("");
    files_write(fixture->folder, "rules/10.yaml", RULES);
    files_write(fixture->folder, "rules/people.yaml", PEOPLE);
    pd_desk_free(fixture->desk);
    fixture->desk = pd_desk_new(fixture->config, fixture->store, list);
    ck_assert_ptr_nonnull(fixture->desk);
}

static void teardown(void)
{
    fixture_free(fixture);
}

static char *mail_of(const char *from, const char *subject, gboolean is_machine)
{
    serial++;
    return g_strdup_printf(
        "From: %s\nTo: desk@example.org\nSubject: %s\nMessage-ID: <%u@x.example>\n"
        "%s\nNumber %u.\n",
        from, subject, serial, is_machine ? "Auto-Submitted: auto-generated\n" : "", serial);
}

static PdInboxRow *send_mail(const char *from, const char *subject, gboolean is_machine)
{
    g_autofree char *raw = mail_of(from, subject, is_machine);

    return fixture_send(fixture, raw);
}

static gint64 ticket_of(const char *from, const char *subject, gboolean is_machine)
{
    g_autoptr(PdInboxRow) row = send_mail(from, subject, is_machine);

    return row->ticket;
}

#define NAGIOS "nagios@monitor.example"
#define ck_status(number, wanted)                                                                  \
    do {                                                                                           \
        g_autoptr(PdTicket) ticket_ = fixture_ticket(fixture, number);                             \
        ck_assert_str_eq(ticket_->status, wanted);                                                 \
    } while (0)

START_TEST(a_storm_is_one_ticket_and_its_recovery_resolves_it)
{
    for (guint i = 0; i < 5; i++) {
        g_autofree char *raw = mail_of(NAGIOS, "PROBLEM web01 is down", TRUE);
        fixture_take_in(fixture, raw);
    }
    PdProcessed done = fixture_process(fixture);
    ck_assert_uint_eq(done.created, 1);
    ck_assert_uint_eq(done.appended, 4);
    ck_assert_uint_eq(done.queued, 0);
    ck_assert_int_eq(ticket_of(NAGIOS, "PROBLEM db02 is down", TRUE), 2);
    ck_assert_int_eq(ticket_of(NAGIOS, "RECOVERY web01 is up", TRUE), 1);
    ck_status(1, "resolved");
    ck_status(2, "new");
    g_autofree char *events = fixture_events(fixture, 1);
    ck_assert_str_eq(events, "opened message message message message message");
}
END_TEST

START_TEST(the_event_tells_why_it_was_appended)
{
    g_autoptr(GPtrArray) events = NULL;

    ticket_of(NAGIOS, "PROBLEM web01 is down", TRUE);
    g_autoptr(PdInboxRow) row = send_mail(NAGIOS, "PROBLEM web01 is down", TRUE);
    ck_ok(pd_ticket_events(fixture->store, 1, &events));
    const PdEvent *event = g_ptr_array_index(events, 1);
    ck_assert_str_eq(pd_json_get_text(event->data, "merge_key"), "host=web01");
    const PdJson *threading = pd_json_get(event->data, "threading");
    const PdJson *evidence = pd_json_get(threading, "evidence");
    ck_assert_str_eq(pd_json_string(pd_json_at(evidence, 0)), "merge key host=web01: #1: believed");
}
END_TEST

START_TEST(what_comes_back_opens_its_ticket_again_until_that_is_closed)
{
    ticket_of(NAGIOS, "PROBLEM web01 is down", TRUE);
    ticket_of(NAGIOS, "RECOVERY web01 is up", TRUE);
    ck_assert_int_eq(ticket_of(NAGIOS, "PROBLEM web01 is down", TRUE), 1);
    ck_status(1, "open");
    ck_ok(pd_desk_change(fixture->desk, 1, (const char *const[]){"status=closed", NULL}, "me"));
    ck_assert_int_eq(ticket_of(NAGIOS, "PROBLEM web01 is down", TRUE), 2);
}
END_TEST

START_TEST(a_recovery_of_nothing_is_no_ticket)
{
    g_autoptr(PdInboxRow) row = send_mail(NAGIOS, "RECOVERY web01 is up", TRUE);

    ck_assert_int_eq(row->outcome, PD_OUTCOME_IGNORED);
    ck_assert_str_eq(row->reason, "a recovery, and no open ticket has its merge key");
}
END_TEST

START_TEST(a_key_does_not_bind_persons)
{
    ck_assert_int_eq(ticket_of(NAGIOS, "PROBLEM web01 is down", TRUE), 1);
    ck_assert_int_eq(ticket_of("ann@finance.example", "PROBLEM web01 again", FALSE), 2);
    ck_assert_int_eq(ticket_of("ann@finance.example", "RECOVERY web01?", FALSE), 3);
    ck_assert_int_eq(ticket_of("ann@finance.example", "PROBLEM web01 again", FALSE), 4);
    ck_status(1, "new");
}
END_TEST

START_TEST(a_machine_of_another_domain_stays_outside_unless_it_is_known)
{
    ck_assert_int_eq(ticket_of(NAGIOS, "PROBLEM web01 is down", TRUE), 1);
    ck_assert_int_eq(ticket_of("nagios@evil.example", "PROBLEM web01 is down", TRUE), 2);
    ck_assert_int_eq(ticket_of("check@probe.example", "PROBLEM web01 is down", TRUE), 1);
    ck_assert_int_eq(ticket_of("nagios@evil.example", "RECOVERY web01 is up", TRUE), 2);
    ck_status(1, "new");
}
END_TEST

START_TEST(persons_join_where_the_rule_says_so_and_strangers_do_not)
{
    gboolean takes_part = FALSE;

    ck_assert_int_eq(ticket_of("ann@finance.example", "power out in north", FALSE), 1);
    ck_assert_int_eq(ticket_of("eve@stranger.example", "power out in north", FALSE), 2);
    ck_assert_int_eq(ticket_of("bob@personnel.example", "power out in north", FALSE), 1);
    g_autoptr(PdOutboxRow) answer = NULL;
    g_autoptr(PdMail) mail = fixture_last_mail(fixture, &answer);
    ck_assert_str_eq(answer->recipient, "bob@personnel.example");
    ck_ok(pd_ticket_has_participant(fixture->store, 1, "bob@personnel.example", &takes_part));
    ck_assert(takes_part);
    ck_ok(pd_ticket_has_participant(fixture->store, 1, "eve@stranger.example", &takes_part));
    ck_assert(!takes_part);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("merge");
    TCase *tests = tcase_create("merge");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_storm_is_one_ticket_and_its_recovery_resolves_it);
    tcase_add_test(tests, the_event_tells_why_it_was_appended);
    tcase_add_test(tests, what_comes_back_opens_its_ticket_again_until_that_is_closed);
    tcase_add_test(tests, a_recovery_of_nothing_is_no_ticket);
    tcase_add_test(tests, a_key_does_not_bind_persons);
    tcase_add_test(tests, a_machine_of_another_domain_stays_outside_unless_it_is_known);
    tcase_add_test(tests, persons_join_where_the_rule_says_so_and_strangers_do_not);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
