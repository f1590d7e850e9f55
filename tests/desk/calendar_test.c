/* Calendars: files, days, and working time held against a slow count of minutes. */
#include "files.h"

#include "postdesk/calendar.h"
#include "postdesk/clock.h"
#include <stdio.h>
#include <string.h>

#define MINUTE (60 * PD_SECOND)
#define HOUR (60 * MINUTE)

static char *folder;
static PdDiagnostics *list;

static void set_up(void)
{
    folder = g_dir_make_tmp("pd-calendar-XXXXXX", NULL);
    list = pd_diagnostics_new();
}

static void tear_down(void)
{
    files_remove(folder);
    g_free(folder);
    pd_diagnostics_free(list);
}

static PdCalendars *load(void)
{
    PdCalendars *calendars = pd_calendars_load(folder, list);
    g_autoptr(PdStatus) status = pd_diagnostics_status(list);

    if (status != NULL)
        ck_abort_msg("%s", pd_status_text(status));
    return calendars;
}

static gint64 instant(const char *iso)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(iso, NULL);

    ck_assert_ptr_nonnull(time);
    return g_date_time_to_unix(time) * PD_SECOND;
}

static gint64 day(const char *date)
{
    gint64 number = 0;

    ck_assert(pd_day_parse(date, &number));
    return number;
}

#define OFFICE                                                                                     \
    "time_zone: Asia/Shanghai\n"                                                                   \
    "hours: {monday-friday: '08:30-12:00, 13:30-17:30'}\n"

START_TEST(there_is_a_calendar_without_any_file)
{
    g_autoptr(PdCalendars) calendars = load();
    PdCalendar *always = pd_calendars_find(calendars, NULL);

    ck_assert_str_eq(pd_calendar_name(always), "always");
    ck_assert_int_eq(pd_calendar_between(always, 0, 9 * HOUR), 9 * HOUR);
    ck_assert_ptr_null(pd_calendars_find(calendars, "office"));
}
END_TEST

START_TEST(only_the_hours_of_the_week_count)
{
    files_write(folder, "office.yaml", OFFICE);
    g_autoptr(PdCalendars) calendars = load();
    PdCalendar *office = pd_calendars_find(calendars, "office");
    gint64 at;

    /* Friday 17:00 to Monday 09:00, and back from it */
    gint64 friday = instant("2026-11-20T17:00:00+08:00");
    gint64 monday = instant("2026-11-23T09:00:00+08:00");
    ck_assert_int_eq(pd_calendar_between(office, friday, monday), HOUR);
    ck_assert_int_eq(pd_calendar_between(office, monday, friday), 0);
    ck_assert(pd_calendar_add(office, friday, HOUR, &at));
    ck_assert_int_eq(at, monday);
    /* what fits until closing ends at closing */
    ck_assert(pd_calendar_add(office, friday, HOUR / 2, &at));
    ck_assert_int_eq(at, instant("2026-11-20T17:30:00+08:00"));
    ck_assert(pd_calendar_add(office, friday, 0, &at));
    ck_assert_int_eq(at, friday);
}
END_TEST

START_TEST(a_calendar_without_hours_never_gets_there)
{
    files_write(folder, "none.yaml", "{time_zone: UTC, hours: {monday: closed}}\n");
    g_autoptr(PdCalendars) calendars = load();
    gint64 at;

    ck_assert(!pd_calendar_add(pd_calendars_find(calendars, "none"), 0, MINUTE, &at));
}
END_TEST

START_TEST(spans_that_touch_are_one)
{
    files_write(folder, "night.yaml",
                "time_zone: UTC\nhours: {monday: '22:00-24:00', tuesday: '00:00-06:00, "
                "06:00-07:00'}\n");
    g_autoptr(PdCalendars) calendars = load();
    g_autoptr(GArray) spans =
        pd_calendar_spans(pd_calendars_find(calendars, "night"), instant("2026-11-23T00:00:00Z"),
                          instant("2026-11-30T00:00:00Z"));

    ck_assert_uint_eq(spans->len, 1);
    ck_assert_int_eq(g_array_index(spans, PdSpan, 0).from, instant("2026-11-23T22:00:00Z"));
    ck_assert_int_eq(g_array_index(spans, PdSpan, 0).to, instant("2026-11-24T07:00:00Z"));
}
END_TEST

START_TEST(daylight_saving_takes_an_hour_and_gives_it_back)
{
    files_write(folder, "berlin.yaml",
                "{time_zone: Europe/Berlin, hours: {sunday: "
                "'00:00-06:00'}}\n");
    g_autoptr(PdCalendars) calendars = load();
    PdCalendar *berlin = pd_calendars_find(calendars, "berlin");

    ck_assert_int_eq(pd_calendar_between(berlin, instant("2026-03-28T12:00:00Z"),
                                         instant("2026-03-29T12:00:00Z")),
                     5 * HOUR);
    ck_assert_int_eq(pd_calendar_between(berlin, instant("2026-10-24T12:00:00Z"),
                                         instant("2026-10-25T12:00:00Z")),
                     7 * HOUR);
}
END_TEST

START_TEST(days_off_and_make_up_days_overrule_the_week)
{
    files_write(folder, "default.yaml",
                OFFICE "days_off: {2026-10-01..2026-10-07: 国庆节}\n"
                       "make_up_days: {2026-10-10: 国庆节}\nmake_up_hours: 09:00-10:00\n");
    g_autoptr(PdCalendars) calendars = load();
    PdCalendar *calendar = pd_calendars_find(calendars, NULL);
    const char *name;

    ck_assert_int_eq(pd_calendar_day(calendar, day("2026-10-01"), &name), PD_DAY_OFF);
    ck_assert_str_eq(name, "国庆节");
    ck_assert_int_eq(pd_calendar_day(calendar, day("2026-10-08"), &name), PD_DAY_WORK);
    ck_assert_int_eq(pd_calendar_day(calendar, day("2026-10-10"), &name), PD_DAY_MAKE_UP);
    ck_assert_int_eq(pd_calendar_day(calendar, day("2026-10-11"), &name), PD_DAY_FREE);
    ck_assert_int_eq(pd_calendar_between(calendar, instant("2026-10-10T00:00:00+08:00"),
                                         instant("2026-10-11T00:00:00+08:00")),
                     HOUR);
}
END_TEST

START_TEST(holidays_come_from_json_and_an_empty_year_is_missing)
{
    files_write(folder, "h/2026.json",
                "{\"year\": 2026, \"days\": [{\"name\": \"春节\", \"date\": \"2026-02-16\","
                " \"isOffDay\": true}, {\"name\": \"春节\", \"date\": \"2026-02-14\","
                " \"isOffDay\": false}]}");
    files_write(folder, "h/2027.json", "{\"year\": 2027, \"days\": []}");
    files_write(folder, "h/2027.ics", "\n"); /* nothing is in it yet */
    files_write(folder, "default.yaml", OFFICE "holidays: h\ndays_off: {2027-06-01: ''}\n");
    g_autoptr(PdCalendars) calendars = load();
    PdCalendar *calendar = pd_calendars_find(calendars, NULL);

    ck_assert(!pd_calendar_is_workday(calendar, day("2026-02-16")));
    ck_assert(pd_calendar_is_workday(calendar, day("2026-02-14")));
    ck_assert(pd_calendar_knows_year(calendar, 2026));
    ck_assert(!pd_calendar_knows_year(calendar, 2027));
    ck_assert(!pd_calendar_knows_year(calendar, 2025));
}
END_TEST

START_TEST(the_next_year_is_asked_for_in_november)
{
    static const struct {
        const char *now;
        guint warnings;
    } cases[] = {{"2026-10-31T23:59:00+08:00", 0},
                 {"2026-11-01T00:00:00+08:00", 1},
                 {"2027-01-01T00:00:00+08:00", 1},
                 {"2027-12-01T00:00:00+08:00", 2}};

    files_write(folder, "default.yaml", OFFICE "days_off: {2026-10-01: 国庆节}\n");
    g_autoptr(PdCalendars) calendars = load();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(PdDiagnostics) warnings = pd_diagnostics_new();
        pd_calendars_check(calendars, instant(cases[i].now), warnings);
        ck_assert_uint_eq(pd_diagnostics_count(warnings), cases[i].warnings);
        ck_assert_uint_eq(pd_diagnostics_errors(warnings), 0);
    }
}
END_TEST

START_TEST(holidays_come_from_icalendar)
{
    files_write(folder, "company.ics",
                "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n"
                "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Outing\r\nDTSTART;VALUE=DATE:20260611\r\n"
                "DTEND;VALUE=DATE:20260613\r\nEND:VEVENT\r\n"
                "BEGIN:VEVENT\r\nUID:2\r\nSUMMARY:Christmas\r\nDTSTART;VALUE=DATE:20201225\r\n"
                "RRULE:FREQ=YEARLY\r\nEXDATE;VALUE=DATE:20271225\r\nEND:VEVENT\r\n"
                "BEGIN:VEVENT\r\nUID:3\r\nSUMMARY:上班(补春节假期)\r\n"
                "DTSTART;VALUE=DATE:20260613\r\nDTEND;VALUE=DATE:20260614\r\nEND:VEVENT\r\n"
                "BEGIN:VEVENT\r\nUID:4\r\nSUMMARY:Fair\r\nSTATUS:CANCELLED\r\n"
                "DTSTART;VALUE=DATE:20260615\r\nEND:VEVENT\r\n"
                "END:VCALENDAR\r\n");
    files_write(folder, "default.yaml", OFFICE "holidays: company.ics\n");
    g_autoptr(PdCalendars) calendars = load();
    PdCalendar *calendar = pd_calendars_find(calendars, NULL);

    ck_assert(pd_calendar_is_workday(calendar, day("2026-06-10")));
    ck_assert(!pd_calendar_is_workday(calendar, day("2026-06-11")));
    ck_assert(!pd_calendar_is_workday(calendar, day("2026-06-12")));
    ck_assert(pd_calendar_is_workday(calendar, day("2026-06-13")));
    ck_assert(pd_calendar_is_workday(calendar, day("2026-06-15")));
    ck_assert(!pd_calendar_is_workday(calendar, day("2026-12-25")));
    ck_assert(!pd_calendar_is_workday(calendar, day("2028-12-25")));
    ck_assert_int_eq(pd_calendar_day(calendar, day("2027-12-25"), NULL), PD_DAY_FREE);
}
END_TEST

START_TEST(every_mistake_has_its_place)
{
    files_write(folder, "a.yaml",
                "time_zone: Asia/Shangai\n"
                "hours: {mondy: '08:00-12:00', tuesday: '12:00-8:00', friday: 8-12}\n"
                "holydays: x\n"
                "days_off: {2026-02-30: x, 2026-10-07..2026-10-01: y}\n");
    files_write(folder, "bad.ics", "hello\n");
    files_write(folder, "bad.json", "{\"year\": 2026, \"days\": [{\"date\": \"soon\"}]}");
    files_write(folder, "b.yaml", OFFICE "holidays: [bad.ics, bad.json, none.json]\n");
    ck_assert_ptr_null(pd_calendars_load(folder, list));
    g_autofree char *text = files_complaints(list, folder);
    static const char *const expected[] = {
        "a.yaml:1:12: error: this machine knows no such time zone",
        "a.yaml:2:9: error: 'mondy' is no weekday; did you mean 'monday'?",
        "a.yaml:2:40: error: '12:00-8:00' ends before it begins",
        "a.yaml:2:62: error: '8-12' is no span of hours",
        "a.yaml:3:1: error: unknown part of a calendar 'holydays'; did you mean 'holidays'?",
        "a.yaml:4:12: error: '2026-02-30' is no date",
        "a.yaml:4:27: error: '2026-10-07..2026-10-01' ends before it begins",
        "bad.ics: error: this is no iCalendar file",
        "bad.json: error: entry 1 of 'days' has no 'date'",
        "b.yaml:3:31: error: cannot open"};
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++)
        ck_assert_msg(strstr(text, expected[i]) != NULL, "missing: %s\nin:\n%s", expected[i], text);
}
END_TEST

/* ---- against the slow, obvious count ---- */

typedef struct {
    guint hours[7][4]; /* minutes: from, to, from, to */
    gboolean free[7];
    char *off[3];
    char *worked[2];
    GTimeZone *zone;
} Obvious;

static gboolean contains(char *const *dates, gsize count, const char *date)
{
    for (gsize i = 0; i < count; i++) {
        if (strcmp(dates[i], date) == 0)
            return TRUE;
    }
    return FALSE;
}

/* What the wall clock shows decides, minute by minute. */
static gboolean is_working_minute(const Obvious *obvious, gint64 at)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at / PD_SECOND);
    g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, obvious->zone);
    g_autofree char *date = g_date_time_format(local, "%Y-%m-%d");
    guint minute = (guint)(g_date_time_get_hour(local) * 60 + g_date_time_get_minute(local));
    guint weekday = (guint)g_date_time_get_day_of_week(local) - 1;

    if (contains(obvious->off, G_N_ELEMENTS(obvious->off), date))
        return FALSE;
    if (obvious->free[weekday]) {
        if (!contains(obvious->worked, G_N_ELEMENTS(obvious->worked), date))
            return FALSE;
        weekday = 0; /* the hours of Monday, which is never free here */
    }
    const guint *hours = obvious->hours[weekday];
    return (minute >= hours[0] && minute < hours[1]) || (minute >= hours[2] && minute < hours[3]);
}

/* A day within some 20 days of the instant, as text. */
static char *random_date(GRand *random, gint64 around)
{
    return pd_day_format(around / (1440 * MINUTE) + g_rand_int_range(random, -3, 20));
}

static void random_calendar(GRand *random, const char *zone, gint64 around, Obvious *obvious)
{
    static const char *const names[] = {"monday", "tuesday",  "wednesday", "thursday",
                                        "friday", "saturday", "sunday"};
    g_autoptr(GString) text = g_string_new(NULL);

    g_string_printf(text, "time_zone: %s\nhours:\n", zone);
    for (guint i = 0; i < 7; i++) {
        guint *hours = obvious->hours[i];
        obvious->free[i] = i > 0 && g_rand_int_range(random, 0, 4) == 0;
        hours[0] = (guint)g_rand_int_range(random, 0, 300);
        hours[1] = hours[0] + (guint)g_rand_int_range(random, 1, 400);
        hours[2] = hours[1] + (guint)g_rand_int_range(random, 0, 300);
        hours[3] = MIN(1440, hours[2] + (guint)g_rand_int_range(random, 1, 700));
        if (!obvious->free[i])
            g_string_append_printf(text, "  %s: [%02u:%02u-%02u:%02u, '%02u:%02u - %02u:%02u']\n",
                                   names[i], hours[0] / 60, hours[0] % 60, hours[1] / 60,
                                   hours[1] % 60, hours[2] / 60, hours[2] % 60, hours[3] / 60,
                                   hours[3] % 60);
    }
    obvious->zone = g_time_zone_new_identifier(zone);
    g_string_append(text, "make_up_days:\n");
    for (guint i = 0; i < G_N_ELEMENTS(obvious->worked);) {
        obvious->worked[i] = random_date(random, around);
        if (i == 0 || strcmp(obvious->worked[0], obvious->worked[i]) != 0)
            g_string_append_printf(text, "  %s: worked\n", obvious->worked[i++]);
        else
            g_free(obvious->worked[i]);
    }
    files_write(folder, "random.yaml", text->str);
    /* A day that is both free and worked is worked: the last word in the file. So the holidays
     * that are tried come from a file. */
    g_string_append(text, "holidays: days.json\n");
    g_autoptr(GString) json = g_string_new("{\"year\": 2000, \"days\": [");
    for (guint i = 0; i < G_N_ELEMENTS(obvious->off); i++) {
        do {
            g_free(obvious->off[i]);
            obvious->off[i] = random_date(random, around);
        } while (contains(obvious->worked, G_N_ELEMENTS(obvious->worked), obvious->off[i]));
        g_string_append_printf(json, "%s{\"date\": \"%s\", \"isOffDay\": true}", i > 0 ? "," : "",
                               obvious->off[i]);
    }
    g_string_append(json, "]}");
    files_write(folder, "days.json", json->str);
    files_write(folder, "random.yaml", text->str);
}

static void obvious_clear(Obvious *obvious)
{
    for (guint i = 0; i < G_N_ELEMENTS(obvious->off); i++)
        g_free(obvious->off[i]);
    for (guint i = 0; i < G_N_ELEMENTS(obvious->worked); i++)
        g_free(obvious->worked[i]);
    g_time_zone_unref(obvious->zone);
}

/* From one instant minute by minute: every sum on the way, and the way back by adding. */
static void compare(PdCalendar *calendar, const Obvious *obvious, gint64 from, guint minutes)
{
    gint64 slow = 0;

    for (guint i = 0; i < minutes; i++) {
        gint64 at = from + i * MINUTE;
        gboolean counts = is_working_minute(obvious, at);
        if (i % 97 == 0)
            ck_assert_int_eq(pd_calendar_between(calendar, from, at), slow);
        if (!counts)
            continue;
        gint64 reached = 0, back = 0;
        slow += MINUTE;
        if (slow / MINUTE % 31 != 0)
            continue;
        ck_assert(pd_calendar_add(calendar, from, slow, &reached));
        ck_assert_int_eq(reached, at + MINUTE);
        ck_assert(pd_calendar_subtract(calendar, reached, slow, &back));
        ck_assert_int_eq(pd_calendar_between(calendar, back, reached), slow);
        ck_assert(is_working_minute(obvious, back));
    }
    ck_assert_int_eq(pd_calendar_between(calendar, from, from + minutes * MINUTE), slow);
}

START_TEST(it_counts_like_one_who_looks_at_the_wall_clock_every_minute)
{
    static const struct {
        const char *zone, *around;
    } cases[] = {
        {"Asia/Shanghai", "2026-02-13T00:00:00Z"},
        {"Asia/Kathmandu", "2026-05-01T00:00:00Z"},
        {"Europe/Berlin", "2026-03-27T00:00:00Z"},
        {"Europe/Berlin", "2026-10-23T00:00:00Z"},
        {"America/New_York", "2026-10-30T00:00:00Z"},
        {"Australia/Lord_Howe", "2026-04-03T00:00:00Z"}, /* half an hour */
        {"Atlantic/Azores", "2026-10-23T00:00:00Z"},     /* back across midnight */
        {"America/Havana", "2026-03-06T00:00:00Z"},      /* a day that begins at 01:00 */
        {"America/St_Johns", "2009-10-30T00:00:00Z"},    /* back at 00:01 */
        {"Pacific/Apia", "2011-12-27T00:00:00Z"},        /* a day that never was */
    };
    guint32 seed = 20261123u + (guint32)_i;
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    Obvious obvious = {0};
    gint64 around = instant(cases[_i % 10].around);

    g_autoptr(GTimeZone) known = g_time_zone_new_identifier(cases[_i % 10].zone);
    if (known == NULL) {
        printf("SKIPPED: this machine lacks the time zone %s\n", cases[_i % 10].zone);
        return;
    }
    random_calendar(random, cases[_i % 10].zone, around, &obvious);
    g_autoptr(PdCalendars) calendars = load();
    PdCalendar *calendar = pd_calendars_find(calendars, "random");
    for (guint i = 0; i < 3; i++)
        compare(calendar, &obvious, around + g_rand_int_range(random, 0, 4 * 1440) * MINUTE, 7000);
    obvious_clear(&obvious);
}
END_TEST

/* ---- the corpus ---- */

static char *corpus(void)
{
    const char *set = g_getenv("POSTDESK_CORPUS");
    const char *source = g_getenv("top_srcdir");

    return set != NULL ? g_build_filename(set, "calendars", "holiday-cn", NULL)
                       : g_build_filename(source != NULL ? source : ".", "..", "shared", "corpus",
                                          "calendars", "holiday-cn", NULL);
}

START_TEST(public_holidays_are_read_and_both_forms_agree)
{
    g_autofree char *years = corpus();
    g_autofree char *json = g_build_filename(years, "2026.json", NULL);
    g_autofree char *ics = g_build_filename(years, "2026.ics", NULL);

    if (!g_file_test(years, G_FILE_TEST_IS_DIR)) {
        printf("SKIPPED: no corpus of public holidays at %s\n", years);
        return;
    }
    g_autofree char *all = g_strdup_printf(OFFICE "holidays: %s\n", years);
    g_autofree char *one = g_strdup_printf(OFFICE "holidays: %s\n", json);
    g_autofree char *other = g_strdup_printf(OFFICE "holidays: %s\n", ics);
    files_write(folder, "all.yaml", all);
    files_write(folder, "json.yaml", one);
    files_write(folder, "ics.yaml", other);
    g_autoptr(PdCalendars) calendars = load();
    PdCalendar *known = pd_calendars_find(calendars, "all");
    for (gint year = 2007; year <= 2026; year++)
        ck_assert_msg(pd_calendar_knows_year(known, year), "%d is not known", year);
    ck_assert(!pd_calendar_knows_year(known, 2027));
    for (gint64 at = day("2026-01-01"); at <= day("2026-12-31"); at++)
        ck_assert_int_eq(pd_calendar_is_workday(pd_calendars_find(calendars, "json"), at),
                         pd_calendar_is_workday(pd_calendars_find(calendars, "ics"), at));
}
END_TEST

START_TEST(the_shipped_calendar_knows_the_public_holidays)
{
    g_autofree char *years = corpus();
    g_autofree char *json = g_build_filename(years, "2026.json", NULL);
    const char *source = g_getenv("top_srcdir");
    g_autofree char *shipped =
        g_build_filename(source != NULL ? source : ".", "rules", "calendars", NULL);
    g_autoptr(PdCalendars) ours = pd_calendars_load(shipped, list);

    ck_assert_ptr_nonnull(ours);
    if (!g_file_test(json, G_FILE_TEST_EXISTS)) {
        printf("SKIPPED: no corpus of public holidays at %s\n", years);
        return;
    }
    g_autofree char *text = g_strdup_printf(OFFICE "holidays: %s\n", json);
    files_write(folder, "theirs.yaml", text);
    g_autoptr(PdCalendars) theirs = load();
    for (gint64 at = day("2026-01-01"); at <= day("2026-12-31"); at++)
        ck_assert_int_eq(pd_calendar_is_workday(pd_calendars_find(ours, "default"), at),
                         pd_calendar_is_workday(pd_calendars_find(theirs, "theirs"), at));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("calendar");
    TCase *cases = tcase_create("calendar");

    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, there_is_a_calendar_without_any_file);
    tcase_add_test(cases, only_the_hours_of_the_week_count);
    tcase_add_test(cases, a_calendar_without_hours_never_gets_there);
    tcase_add_test(cases, spans_that_touch_are_one);
    tcase_add_test(cases, daylight_saving_takes_an_hour_and_gives_it_back);
    tcase_add_test(cases, days_off_and_make_up_days_overrule_the_week);
    tcase_add_test(cases, holidays_come_from_json_and_an_empty_year_is_missing);
    tcase_add_test(cases, the_next_year_is_asked_for_in_november);
    tcase_add_test(cases, holidays_come_from_icalendar);
    tcase_add_test(cases, every_mistake_has_its_place);
    tcase_add_loop_test(cases, it_counts_like_one_who_looks_at_the_wall_clock_every_minute, 0, 40);
    tcase_add_test(cases, public_holidays_are_read_and_both_forms_agree);
    tcase_add_test(cases, the_shipped_calendar_knows_the_public_holidays);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
