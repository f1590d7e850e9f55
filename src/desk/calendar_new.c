/* calendar_new.c: a calendar while it is filled. */
#include "desk/calendar_private.h"

static void special_day_free(PdSpecialDay *day)
{
    g_free(day->name);
    g_free(day);
}

PdCalendar *pd_calendar_new(const char *name, const char *zone)
{
    PdCalendar *calendar = g_new0(PdCalendar, 1);

    calendar->name = g_strdup(name);
    calendar->zone_name = g_strdup(zone);
    calendar->zone = g_time_zone_new_identifier(zone);
    for (guint i = 0; i < PD_WEEKDAYS; i++)
        calendar->hours[i] = g_array_new(FALSE, FALSE, sizeof(PdHours));
    calendar->make_up_hours = g_array_new(FALSE, FALSE, sizeof(PdHours));
    calendar->days = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)special_day_free);
    calendar->years = g_hash_table_new(NULL, NULL);
    return calendar;
}

void pd_calendar_free(PdCalendar *calendar)
{
    if (calendar == NULL)
        return;
    for (guint i = 0; i < PD_WEEKDAYS; i++)
        g_array_unref(calendar->hours[i]);
    g_array_unref(calendar->make_up_hours);
    g_hash_table_unref(calendar->days);
    g_hash_table_unref(calendar->years);
    g_clear_pointer(&calendar->zone, g_time_zone_unref);
    g_free(calendar->name);
    g_free(calendar->description);
    g_free(calendar->zone_name);
    g_free(calendar->file);
    g_free(calendar);
}

void pd_calendar_set_day(PdCalendar *calendar, gint64 day, gboolean is_off, const char *name)
{
    PdSpecialDay *special = g_new0(PdSpecialDay, 1);

    special->is_off = is_off;
    special->name = g_strdup(name);
    g_hash_table_replace(calendar->days, GINT_TO_POINTER((gint)day), special);
}

void pd_calendar_know_year(PdCalendar *calendar, gint year)
{
    g_hash_table_add(calendar->years, GINT_TO_POINTER(year));
}
