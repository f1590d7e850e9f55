/* calendar.c: working time; see postdesk/calendar.h.
 *
 * Everything is counted by one walk through time. It goes from piece to piece: a piece lies within
 * one local day and one offset of the zone, so that inside it wall clock and instant differ by a
 * constant. The pieces follow each other without a gap, whatever the zone does, and that makes
 * the walk equal to looking at the wall clock in every instant.
 */
#include "desk/calendar_private.h"

#include "postdesk/clock.h"
#include <stdio.h>

#define FURTHEST_LOOK (512 * PD_SECONDS_OF_DAY) /* for a zone's next change */
#define HORIZON (3653 * PD_DAY)
#define JULIAN_1970 719163 /* g_date_get_julian() of 1970-01-01 */

static gint64 floor_divide(gint64 number, gint64 by)
{
    return number / by - (number % by < 0);
}

guint pd_weekday_of_day(gint64 day)
{
    return (guint)(((day + 3) % PD_WEEKDAYS + PD_WEEKDAYS) % PD_WEEKDAYS); /* 1970: a Thursday */
}

gint64 pd_day_of_date(guint year, guint month, guint day)
{
    GDate date;

    g_date_clear(&date, 1);
    g_date_set_dmy(&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
    return (gint64)g_date_get_julian(&date) - JULIAN_1970;
}

gboolean pd_day_parse(const char *text, gint64 *day)
{
    static const char form[] = "dddd-dd-dd";
    guint year, month, date;

    for (gsize i = 0; i < sizeof form; i++) {
        if (form[i] == 'd' ? !g_ascii_isdigit(text[i]) : text[i] != form[i])
            return FALSE;
    }
    sscanf(text, "%u-%u-%u", &year, &month, &date);
    if (year < 1900 || year > 2199 ||
        !g_date_valid_dmy((GDateDay)date, (GDateMonth)month, (GDateYear)year))
        return FALSE;
    *day = pd_day_of_date(year, month, date);
    return TRUE;
}

static void date_of_day(gint64 day, GDate *date)
{
    g_date_clear(date, 1);
    g_date_set_julian(date, (guint32)(day + JULIAN_1970));
}

char *pd_day_format(gint64 day)
{
    GDate date;

    date_of_day(day, &date);
    return g_strdup_printf("%04u-%02u-%02u", g_date_get_year(&date), g_date_get_month(&date),
                           g_date_get_day(&date));
}

guint pd_day_year(gint64 day)
{
    GDate date;

    date_of_day(day, &date);
    return g_date_get_year(&date);
}

static const PdSpecialDay *special_day(const PdCalendar *calendar, gint64 day)
{
    return g_hash_table_lookup(calendar->days, GINT_TO_POINTER((gint)day));
}

PdDayKind pd_calendar_day(const PdCalendar *calendar, gint64 day, const char **name)
{
    const PdSpecialDay *special = special_day(calendar, day);

    if (name != NULL)
        *name = special != NULL ? special->name : NULL;
    if (special != NULL)
        return special->is_off ? PD_DAY_OFF : PD_DAY_MAKE_UP;
    return calendar->hours[pd_weekday_of_day(day)]->len > 0 ? PD_DAY_WORK : PD_DAY_FREE;
}

static const GArray *hours_of_day(const PdCalendar *calendar, gint64 day)
{
    const PdSpecialDay *special = special_day(calendar, day);
    const GArray *usual = calendar->hours[pd_weekday_of_day(day)];

    if (special == NULL)
        return usual;
    if (special->is_off)
        return NULL;
    return usual->len > 0 ? usual : calendar->make_up_hours;
}

gboolean pd_calendar_is_workday(const PdCalendar *calendar, gint64 day)
{
    const GArray *hours = hours_of_day(calendar, day);

    return hours != NULL && hours->len > 0;
}

gboolean pd_calendar_knows_year(const PdCalendar *calendar, gint year)
{
    return !calendar->has_holidays || g_hash_table_contains(calendar->years, GINT_TO_POINTER(year));
}

static gint zone_interval(const PdCalendar *calendar, gint64 second)
{
    return g_time_zone_find_interval(calendar->zone, G_TIME_TYPE_UNIVERSAL, second);
}

/* The first second after this one in which another offset holds, as far as is looked. */
static gint64 next_change(const PdCalendar *calendar, gint64 second, gint interval)
{
    gint64 same = second, other = second + PD_SECONDS_OF_DAY;

    while (zone_interval(calendar, other) == interval) {
        same = other;
        if (other - second >= FURTHEST_LOOK)
            return other;
        other = second + 2 * (other - second);
    }
    while (other - same > 1) {
        gint64 middle = same + (other - same) / 2;
        if (zone_interval(calendar, middle) == interval)
            same = middle;
        else
            other = middle;
    }
    return other;
}

static void know_offset(PdCalendar *calendar, gint64 at)
{
    if (at >= calendar->offset_from && at < calendar->offset_to)
        return;
    gint64 second = floor_divide(at, PD_SECOND);
    gint interval = zone_interval(calendar, second);
    calendar->offset = g_time_zone_get_offset(calendar->zone, interval) * PD_SECOND;
    calendar->offset_from = second * PD_SECOND;
    calendar->offset_to = next_change(calendar, second, interval) * PD_SECOND;
}

gint64 pd_calendar_day_at(PdCalendar *calendar, gint64 at)
{
    know_offset(calendar, at);
    return floor_divide(at + calendar->offset, PD_DAY);
}

/* Takes one stretch of working time; FALSE stops the walk. */
typedef gboolean (*Visit)(gint64 from, gint64 to, gpointer user);

static gboolean visit_piece(const GArray *hours, gint64 midnight, gint64 from, gint64 to,
                            Visit visit, gpointer user)
{
    for (guint i = 0; hours != NULL && i < hours->len; i++) {
        const PdHours *span = &g_array_index(hours, PdHours, i);
        gint64 begin = MAX(from, midnight + span->from * PD_MINUTE);
        gint64 end = MIN(to, midnight + span->to * PD_MINUTE);
        if (begin < end && !visit(begin, end, user))
            return FALSE;
    }
    return TRUE;
}

static void walk(PdCalendar *calendar, gint64 from, gint64 to, Visit visit, gpointer user)
{
    while (from < to) {
        gint64 day = pd_calendar_day_at(calendar, from);
        gint64 midnight = day * PD_DAY - calendar->offset;
        gint64 end = MIN(to, MIN(midnight + PD_DAY, calendar->offset_to));
        if (!visit_piece(hours_of_day(calendar, day), midnight, from, end, visit, user))
            return;
        from = end;
    }
}

static gboolean sum(gint64 from, gint64 to, gpointer user)
{
    *(gint64 *)user += to - from;
    return TRUE;
}

gint64 pd_calendar_between(PdCalendar *calendar, gint64 from, gint64 to)
{
    gint64 total = 0;

    walk(calendar, from, to, sum, &total);
    return total;
}

typedef struct {
    gint64 left, at;
} Spending;

static gboolean spend(gint64 from, gint64 to, gpointer user)
{
    Spending *spending = user;
    gint64 used = MIN(spending->left, to - from);

    spending->left -= used;
    spending->at = from + used;
    return spending->left > 0;
}

gboolean pd_calendar_add(PdCalendar *calendar, gint64 from, gint64 working, gint64 *at)
{
    Spending spending = {working, from};

    if (working > 0)
        walk(calendar, from, from + HORIZON, spend, &spending);
    *at = spending.at;
    return spending.left <= 0;
}

static gboolean keep(gint64 from, gint64 to, gpointer user)
{
    GArray *spans = user;
    PdSpan *last = spans->len > 0 ? &g_array_index(spans, PdSpan, spans->len - 1) : NULL;
    const PdSpan span = {from, to};

    if (last != NULL && last->to == from)
        last->to = to;
    else
        g_array_append_val(spans, span);
    return TRUE;
}

static gint64 length_of(const GArray *spans)
{
    gint64 length = 0;

    for (guint i = 0; i < spans->len; i++)
        length += g_array_index(spans, PdSpan, i).to - g_array_index(spans, PdSpan, i).from;
    return length;
}

/* From the back, once a stretch before `until` is long enough to hold all of it. */
gboolean pd_calendar_subtract(PdCalendar *calendar, gint64 until, gint64 working, gint64 *at)
{
    gint64 left = working;

    *at = until;
    for (gint64 back = working + PD_DAY; left > 0 && back <= HORIZON; back *= 2) {
        g_autoptr(GArray) spans = pd_calendar_spans(calendar, until - back, until);
        if (length_of(spans) < working)
            continue;
        for (guint i = spans->len; left > 0 && i > 0; i--) {
            const PdSpan *span = &g_array_index(spans, PdSpan, i - 1);
            gint64 used = MIN(left, span->to - span->from);
            left -= used;
            *at = span->to - used;
        }
    }
    return left <= 0;
}

GArray *pd_calendar_spans(PdCalendar *calendar, gint64 from, gint64 to)
{
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(PdSpan));

    walk(calendar, from, to, keep, spans);
    return spans;
}

char *pd_calendar_format(const PdCalendar *calendar, gint64 at)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(floor_divide(at, PD_SECOND));
    g_autoptr(GDateTime) local = utc != NULL ? g_date_time_to_timezone(utc, calendar->zone) : NULL;

    return local != NULL ? g_date_time_format(local, "%Y-%m-%d %H:%M") : g_strdup("?");
}

const char *pd_calendar_name(const PdCalendar *calendar)
{
    return calendar->name;
}

const char *pd_calendar_zone(const PdCalendar *calendar)
{
    return calendar->zone_name;
}

const char *pd_calendar_description(const PdCalendar *calendar)
{
    return calendar->description;
}
