/* calendar_ical.c: holidays from iCalendar files (the only file that knows libical).
 *
 * An event is a holiday for each day that it touches, once or as its recurrence says; one whose
 * summary says so ("上班(补春节假期)") makes workdays. The file covers each year in which one
 * of its holidays begins. */
#include "desk/calendar_private.h"

#include <libical/ical.h>
#include <string.h>

#define MOST_DAYS 20000     /* of one file */
#define MOST_EVENT_DAYS 366 /* of one event */
#define LAST_YEAR 2099      /* recurrences without an end are followed so far */

typedef struct {
    PdCalendar *calendar;
    const char *path;
    PdDiagnostics *list;
    const char *summary; /* of the event being read */
    gboolean is_off;
    guint days; /* that were made, of all events */
} Reading;

static void complain(const Reading *reading, const char *what)
{
    g_autofree char *named = reading->summary != NULL
                                 ? g_strdup_printf("event '%s': %s", reading->summary, what)
                                 : g_strdup(what);

    pd_diagnostics_add(reading->list, PD_ERROR, reading->path, 0, 0, "%s", named);
}

/* The words with which published calendars mark a day that is worked for a holiday. */
static gboolean says_work(const char *summary)
{
    static const char *const words[] = {"上班", "补班", "调休上班", "workday", "working day"};
    g_autofree char *folded = g_utf8_casefold(summary, -1);

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (g_str_has_prefix(folded, words[i]))
            return TRUE;
    }
    return FALSE;
}

/* A date has no zone; a time is taken in its own. */
static gint64 day_of(struct icaltimetype time)
{
    return g_date_valid_dmy((GDateDay)time.day, (GDateMonth)time.month, (GDateYear)time.year)
               ? pd_day_of_date((guint)time.year, (guint)time.month, (guint)time.day)
               : -1;
}

static void add_days(Reading *reading, gint64 first, gint64 count)
{
    for (gint64 day = first; day < first + count && reading->days < MOST_DAYS; day++) {
        pd_calendar_set_day(reading->calendar, day, reading->is_off, reading->summary);
        reading->days++;
    }
    if (reading->is_off)
        pd_calendar_know_year(reading->calendar, (gint)pd_day_year(first));
}

/* How many days it lasts: an end at midnight, as that of a whole day, is not touched. */
static gint64 days_of_event(icalcomponent *event, struct icaltimetype start)
{
    struct icaltimetype end = icalcomponent_get_dtend(event);

    if (icaltime_is_null_time(end))
        return 1;
    gboolean ends_at_midnight = end.is_date || (end.hour == 0 && end.minute == 0);
    gint64 last = day_of(end) - (ends_at_midnight ? 1 : 0);
    return MAX(1, last - day_of(start) + 1);
}

static gboolean is_excluded(icalcomponent *event, gint64 day)
{
    for (icalproperty *property = icalcomponent_get_first_property(event, ICAL_EXDATE_PROPERTY);
         property != NULL;
         property = icalcomponent_get_next_property(event, ICAL_EXDATE_PROPERTY)) {
        if (day_of(icalproperty_get_exdate(property)) == day)
            return TRUE;
    }
    return FALSE;
}

static void add_recurring(Reading *reading, icalcomponent *event, struct icaltimetype start,
                          gint64 count, icalproperty *rule)
{
    struct icalrecurrencetype recurrence = icalproperty_get_rrule(rule);

    if (recurrence.freq < ICAL_DAILY_RECURRENCE || recurrence.freq >= ICAL_NO_RECURRENCE) {
        complain(reading, "a holiday recurs by days, weeks, months or years");
        return;
    }
    icalrecur_iterator *iterator = icalrecur_iterator_new(recurrence, start);
    if (iterator == NULL) {
        complain(reading, "its recurrence (RRULE) cannot be followed");
        return;
    }
    struct icaltimetype next = icalrecur_iterator_next(iterator);
    for (; !icaltime_is_null_time(next) && next.year <= LAST_YEAR && reading->days < MOST_DAYS;
         next = icalrecur_iterator_next(iterator)) {
        if (!is_excluded(event, day_of(next)))
            add_days(reading, day_of(next), count);
    }
    icalrecur_iterator_free(iterator);
}

static void add_further_dates(Reading *reading, icalcomponent *event, gint64 count)
{
    for (icalproperty *property = icalcomponent_get_first_property(event, ICAL_RDATE_PROPERTY);
         property != NULL; property = icalcomponent_get_next_property(event, ICAL_RDATE_PROPERTY)) {
        gint64 day = day_of(icalproperty_get_rdate(property).time);
        if (day >= 0)
            add_days(reading, day, count);
    }
}

static gboolean is_cancelled(icalcomponent *event)
{
    return icalcomponent_get_status(event) == ICAL_STATUS_CANCELLED;
}

static void add_event(Reading *reading, icalcomponent *event)
{
    const char *summary = icalcomponent_get_summary(event);
    struct icaltimetype start = icalcomponent_get_dtstart(event);

    reading->summary = summary != NULL && g_utf8_validate(summary, -1, NULL) ? summary : NULL;
    reading->is_off = reading->summary == NULL || !says_work(reading->summary);
    if (is_cancelled(event))
        return;
    if (icaltime_is_null_time(start) || start.year < 1970 || start.year > 2199 ||
        day_of(start) < 0) {
        complain(reading, "it has no DTSTART of 1970 to 2199");
        return;
    }
    gint64 count = days_of_event(event, start);
    if (count > MOST_EVENT_DAYS) {
        complain(reading, "it lasts longer than a year");
        return;
    }
    icalproperty *rule = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
    if (rule != NULL)
        add_recurring(reading, event, start, count, rule);
    else
        add_days(reading, day_of(start), count);
    add_further_dates(reading, event, count);
}

static void add_events(Reading *reading, icalcomponent *root)
{
    for (icalcomponent *event = icalcomponent_get_first_component(root, ICAL_VEVENT_COMPONENT);
         event != NULL && reading->days < MOST_DAYS;
         event = icalcomponent_get_next_component(root, ICAL_VEVENT_COMPONENT))
        add_event(reading, event);
    reading->summary = NULL;
    if (reading->days >= MOST_DAYS)
        complain(reading, "it names more days than a calendar can hold");
}

void pd_calendar_add_ical(PdCalendar *calendar, const char *path, const char *bytes, gsize length,
                          PdDiagnostics *list)
{
    Reading reading = {calendar, path, list, NULL, TRUE, 0};

    if (memchr(bytes, '\0', length) != NULL) {
        complain(&reading, "this is no iCalendar file: it holds NUL bytes");
        return;
    }
    icalcomponent *root = icalparser_parse_string(bytes);
    if (root == NULL || icalcomponent_isa(root) != ICAL_VCALENDAR_COMPONENT)
        complain(&reading, "this is no iCalendar file: it has no VCALENDAR");
    else
        add_events(&reading, root);
    if (root != NULL)
        icalcomponent_free(root);
    icalmemory_free_ring();
}
