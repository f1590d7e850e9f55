/* The roster: who is on duty, what is complained of, and whom a new ticket goes to. */
#include "files.h"
#include "fixture.h"

#include "postdesk/clock.h"
#include "postdesk/roster.h"
#include "postdesk/tickets.h"
#include <string.h>

#define PEOPLE                                                                                     \
    "people:\n"                                                                                    \
    "  - {name: 李四, address: li@example.org, phone: '1'}\n"                                    \
    "  - {name: 王五, address: wang@example.org}\n"                                              \
    "  - {name: 赵六, address: zhao@example.org}\n"
#define ROSTER                                                                                     \
    "time_zone: Asia/Shanghai\n"                                                                   \
    "groups:\n"                                                                                    \
    "  network:\n"                                                                                 \
    "    cover: always\n"                                                                          \
    "    assign: least-load\n"                                                                     \
    "    shifts:\n"                                                                                \
    "      - {name: day, hours: '08:00-18:00', people: [李四, 王五]}\n"                        \
    "      - name: night\n"                                                                        \
    "        hours: 18:00-08:00\n"                                                                 \
    "        rotation: {people: [李四, 王五, 赵六], every: 1d, since: 2026-11-23}\n"

static char *folder;
static PdDiagnostics *list;
static PdCalendars *calendars;
static PdPeople *people;
static PdRoster *roster;

static void set_up(void)
{
    folder = g_dir_make_tmp("pd-roster-XXXXXX", NULL);
    list = pd_diagnostics_new();
    files_write(folder, "people.yaml", PEOPLE);
    g_autofree char *path = g_build_filename(folder, "calendars", NULL);
    calendars = pd_calendars_load(path, list);
    people = pd_people_load(folder, NULL, list);
}

static void tear_down(void)
{
    g_clear_pointer(&roster, pd_roster_free);
    pd_people_free(people);
    pd_calendars_free(calendars);
    files_remove(folder);
    g_free(folder);
    pd_diagnostics_free(list);
    pd_clock_set(0);
}

static void load(const char *text)
{
    g_autofree char *path = g_build_filename(folder, "roster.yaml", NULL);

    files_write(folder, "roster.yaml", text);
    g_clear_pointer(&roster, pd_roster_free);
    roster = pd_roster_load(path, people, calendars, list);
}

static void load_well(const char *text)
{
    load(text);
    g_autofree char *complaints = files_complaints(list, folder);
    ck_assert_msg(roster != NULL, "%s", complaints);
}

static gint64 local(const char *text)
{
    gint64 at = 0;

    ck_assert_msg(pd_roster_parse(roster, text, &at), "%s", text);
    return at;
}

static void ck_on_duty(const char *at, const char *expected)
{
    g_autoptr(GArray) duties = pd_roster_who(roster, "network", local(at));
    g_autoptr(GString) names = g_string_new(NULL);

    for (guint i = 0; i < duties->len; i++)
        g_string_append_printf(names, "%s%s", i > 0 ? " " : "",
                               g_array_index(duties, PdDuty, i).address);
    ck_assert_msg(strcmp(names->str, expected) == 0, "%s: %s", at, names->str);
}

static void ck_complains(const char *expected)
{
    g_autofree char *text = files_complaints(list, folder);

    ck_assert_msg(strstr(text, expected) != NULL, "missing: %s\nin:\n%s", expected, text);
}

START_TEST(a_shift_ends_where_the_next_one_begins)
{
    load_well(ROSTER);
    ck_on_duty("2026-11-23 07:59", ""); /* the rotation begins that evening */
    ck_on_duty("2026-11-23 08:00", "li@example.org wang@example.org");
    ck_on_duty("2026-11-23 17:59", "li@example.org wang@example.org");
    ck_on_duty("2026-11-23 18:00", "li@example.org");
    ck_assert_int_eq(pd_roster_next_change(roster, local("2026-11-23 18:00")),
                     local("2026-11-24 08:00"));
}
END_TEST

START_TEST(a_night_belongs_to_the_day_it_begins_on)
{
    load_well(ROSTER);
    ck_on_duty("2026-11-24 07:59", "li@example.org");
    ck_on_duty("2026-11-25 03:00", "wang@example.org");
    ck_on_duty("2026-11-26 03:00", "zhao@example.org");
    ck_on_duty("2026-11-27 03:00", "li@example.org");
}
END_TEST

START_TEST(a_rotation_passes_over_who_is_absent)
{
    load_well(ROSTER "absences:\n  - {person: 王五, from: 2026-11-24, to: 2026-11-24}\n");
    ck_on_duty("2026-11-24 09:00", "li@example.org");
    ck_on_duty("2026-11-24 20:00", "zhao@example.org");
    ck_on_duty("2026-11-25 09:00", "li@example.org wang@example.org");
}
END_TEST

START_TEST(a_swap_counts_for_its_night_alone)
{
    load_well(ROSTER "swaps:\n  - {date: 2026-11-23, group: network, shift: night,"
                     " from: 李四, to: new@example.org}\n");
    ck_on_duty("2026-11-23 20:00", "new@example.org");
    ck_on_duty("2026-11-24 03:00", "new@example.org");
    ck_on_duty("2026-11-23 09:00", "li@example.org wang@example.org");
    ck_on_duty("2026-11-26 20:00", "li@example.org");
}
END_TEST

START_TEST(two_who_change_places_for_a_day_have_each_others_shift)
{
    load_well(ROSTER "swaps:\n"
                     "  - {date: 2026-11-26, from: 赵六, to: 王五}\n"
                     "  - {date: 2026-11-26, from: 王五, to: 赵六}\n"
                     "absences: [{person: 李四, from: 2026-11-26, to: 2026-11-26}]\n");
    /* by day 王五 alone, and at night 王五 in place of 李四: until they change places */
    ck_on_duty("2026-11-26 09:00", "zhao@example.org");
    ck_on_duty("2026-11-26 20:00", "zhao@example.org");
    load_well(ROSTER "swaps:\n"
                     "  - {date: 2026-11-25, from: 赵六, to: 王五}\n"
                     "  - {date: 2026-11-25, from: 王五, to: 赵六}\n");
    ck_on_duty("2026-11-25 09:00", "li@example.org zhao@example.org");
    ck_on_duty("2026-11-25 20:00", "wang@example.org");
}
END_TEST

START_TEST(who_stands_in_may_be_stood_in_for)
{
    load_well(ROSTER "swaps:\n"
                     "  - {date: 2026-11-24, shift: night, from: 王五, to: 李四}\n"
                     "  - {date: 2026-11-24, shift: night, from: 李四, to: 赵六}\n");
    ck_on_duty("2026-11-24 20:00", "zhao@example.org");
    pd_roster_check(roster, local("2026-11-23 18:00"), list);
    g_autofree char *text = files_complaints(list, folder);
    ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(standing_in_while_absent_is_warned_of)
{
    load_well(ROSTER "swaps: [{date: 2026-11-25, shift: night, from: 赵六, to: 王五}]\n"
                     "absences: [{person: 王五, from: 2026-11-25, to: 2026-11-27}]\n");
    pd_roster_check(roster, local("2026-11-23 18:00"), list);
    ck_complains("warning: 王五 stands in on 2026-11-25 and is absent on that day");
}
END_TEST

START_TEST(a_gap_is_known_with_its_end)
{
    gint64 until = 0;

    load_well("time_zone: Asia/Shanghai\n"
              "groups:\n"
              "  network:\n"
              "    cover: always\n"
              "    shifts: [{name: d, hours: '08:00-20:00', people: 李四}]\n"
              "  system: {shifts: [{name: e, hours: '08:00-20:00', people: 李四}]}\n"
              "absences: [{person: 李四, from: 2026-11-24, to: 2026-11-24}]\n");
    ck_assert(!pd_roster_gap(roster, "network", local("2026-11-23 09:00"), &until));
    ck_assert(pd_roster_gap(roster, "network", local("2026-11-24 09:00"), &until));
    ck_assert_int_eq(until, local("2026-11-25 08:00"));
    ck_assert(!pd_roster_gap(roster, "system", local("2026-11-24 09:00"), &until));
}
END_TEST

START_TEST(daylight_saving_moves_no_shift)
{
    load_well("time_zone: Europe/Berlin\n"
              "groups: {network: {shifts: [{hours: '22:00-06:00', people: a@example.org}]}}\n");
    ck_on_duty("2026-10-25 05:59", "a@example.org");
    ck_on_duty("2026-10-25 06:00", "");
    g_autoptr(GArray) duties = pd_roster_who(roster, NULL, local("2026-10-25 05:00"));
    const PdDuty *duty = &g_array_index(duties, PdDuty, 0);
    ck_assert_int_eq((duty->to - duty->from) / PD_SECOND, 9 * 3600);
}
END_TEST

START_TEST(gaps_and_double_shifts_are_warned_of)
{
    load_well(
        "time_zone: Asia/Shanghai\n"
        "groups:\n"
        "  network: {cover: always, shifts: [{name: d, hours: '08:00-20:00', people: 李四}]}\n"
        "  system: {shifts: [{name: e, hours: '19:00-20:00', people: 李四}]}\n"
        "swaps: [{date: 2026-11-24, from: 赵六, to: 王五}]\n");
    pd_roster_check(roster, local("2026-11-23 12:00"), list);
    ck_complains("roster.yaml:3:3: warning: nobody of 'network' is on duty from 2026-11-23 20:00 "
                 "to 2026-11-24 08:00");
    ck_complains("李四 is on duty twice from 2026-11-23 19:00 on: in 'd' of 'network' and in 'e' "
                 "of 'system'");
    ck_complains("roster.yaml:5:9: warning: the swap does nothing: 赵六 is not on duty on "
                 "2026-11-24");
}
END_TEST

START_TEST(a_roster_without_faults_is_not_complained_of)
{
    load_well(ROSTER);
    pd_roster_check(roster, local("2026-11-23 18:00"), list);
    g_autofree char *text = files_complaints(list, folder);
    /* who has the day and the night in between is on duty all along, but never twice at once */
    ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(what_is_wrong_is_told_with_its_place)
{
    load("groups:\n"
         "  network:\n"
         "    assign: least-lod\n"
         "    shifts:\n"
         "      - {hours: '8-18', people: nobody}\n"
         "      - {hours: '08:00-18:00', people: 王芳@example.cn}\n"
         "      - {days: someday, rotation: {people: [a@example.org], every: 1w, since: soon}}\n"
         "absences: [{person: a@example.org, from: 2026-12-05, to: 2026-12-01}]\n");
    ck_assert_ptr_null(roster);
    ck_complains("roster.yaml:3:13: error: 'least-lod' is not a way; did you mean 'least-load'?");
    ck_complains("roster.yaml:5:17: error: '8-18' are no hours");
    ck_complains("people.yaml knows nobody called 'nobody'");
    ck_complains(
        "roster.yaml:6:40: error: '王芳@example.cn' is an address that relays refuse; write one of "
        "ASCII letters");
    ck_complains("'someday' is no weekday");
    ck_complains("'1w' are no days");
    ck_complains("'soon' is no date");
    ck_complains("the absence ends before it begins");
}
END_TEST

START_TEST(who_has_least_is_picked_or_who_follows_in_turn)
{
    g_autoptr(GHashTable) open = g_hash_table_new(g_str_hash, g_str_equal);
    const char *last = NULL;

    load_well(ROSTER);
    gint64 noon = local("2026-11-23 12:00");
    g_hash_table_insert(open, "li@example.org", GINT_TO_POINTER(2));
    g_hash_table_insert(open, "wang@example.org", GINT_TO_POINTER(1));
    ck_assert_str_eq(pd_roster_pick(roster, "network", noon, PD_ASSIGN_LEAST_LOAD, open, NULL),
                     "wang@example.org");
    g_hash_table_insert(open, "wang@example.org", GINT_TO_POINTER(2));
    ck_assert_str_eq(pd_roster_pick(roster, "network", noon, PD_ASSIGN_LEAST_LOAD, open, NULL),
                     "li@example.org");
    last = pd_roster_pick(roster, "network", noon, PD_ASSIGN_IN_TURN, NULL, last);
    ck_assert_str_eq(last, "li@example.org");
    last = pd_roster_pick(roster, "network", noon, PD_ASSIGN_IN_TURN, NULL, last);
    ck_assert_str_eq(last, "wang@example.org");
    last = pd_roster_pick(roster, "network", noon, PD_ASSIGN_IN_TURN, NULL, last);
    ck_assert_str_eq(last, "li@example.org");
    ck_assert_ptr_null(pd_roster_pick(roster, "system", noon, PD_ASSIGN_LEAST_LOAD, NULL, NULL));
}
END_TEST

#define MAIL                                                                                       \
    "From: a@example.net\nTo: desk@example.org\nSubject: vpn down\nMessage-ID: <%s@x>\n"           \
    "Date: Mon, 23 Nov 2026 04:00:00 +0000\n\nhelp %s\n"

static char *assignee_of(Fixture *fixture, const char *id)
{
    g_autofree char *raw = g_strdup_printf(MAIL, id, id);
    g_autoptr(PdInboxRow) row = fixture_send(fixture, raw);
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, row->ticket);

    return g_strdup(ticket->assignee);
}

START_TEST(a_new_ticket_goes_to_who_is_on_duty)
{
    static const char *const expected[] = {"li@example.org", "wang@example.org", "li@example.org"};
    Fixture *fixture = fixture_new("");
    g_autoptr(PdDiagnostics) none = pd_diagnostics_new();

    files_write(fixture->config->rules, "people.yaml", PEOPLE);
    files_write(fixture->config->rules, "roster.yaml", ROSTER);
    load_well(ROSTER);
    pd_clock_set(local("2026-11-23 12:00"));
    pd_desk_free(fixture->desk);
    fixture->desk = pd_desk_new(fixture->config, fixture->store, none);
    ck_assert_ptr_nonnull(fixture->desk);
    for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_autofree char *id = g_strdup_printf("m%u", i);
        g_autofree char *assignee = assignee_of(fixture, id);
        ck_assert_str_eq(assignee, expected[i]);
    }
    fixture_free(fixture);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("roster");
    Suite *suite = suite_create("roster");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_shift_ends_where_the_next_one_begins);
    tcase_add_test(tests, a_night_belongs_to_the_day_it_begins_on);
    tcase_add_test(tests, a_rotation_passes_over_who_is_absent);
    tcase_add_test(tests, a_swap_counts_for_its_night_alone);
    tcase_add_test(tests, two_who_change_places_for_a_day_have_each_others_shift);
    tcase_add_test(tests, who_stands_in_may_be_stood_in_for);
    tcase_add_test(tests, standing_in_while_absent_is_warned_of);
    tcase_add_test(tests, a_gap_is_known_with_its_end);
    tcase_add_test(tests, daylight_saving_moves_no_shift);
    tcase_add_test(tests, gaps_and_double_shifts_are_warned_of);
    tcase_add_test(tests, a_roster_without_faults_is_not_complained_of);
    tcase_add_test(tests, what_is_wrong_is_told_with_its_place);
    tcase_add_test(tests, who_has_least_is_picked_or_who_follows_in_turn);
    tcase_add_test(tests, a_new_ticket_goes_to_who_is_on_duty);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
