/* wallclock.c: see wallclock.h. */
#include "desk/wallclock.h"

#include "postdesk/clock.h"
#include <stdio.h>
#include <string.h>

#define MOST_DAYS 31 /* that are looked ahead; holidays are shorter */

gint pd_wallclock_minute(const PdCalendar *zone, gint64 at)
{
    g_autofree char *text = zone != NULL ? pd_calendar_format(zone, at) : pd_clock_format_local(at);
    gint minute = 0;

    if (strlen(text) >= 16)
        pd_hours_parse_time(text + 11, &minute);
    return minute;
}

/* So many minutes of the wall clock away from `at`, whose minute of the day is given. */
static gint64 shifted(const PdCalendar *zone, gint64 at, gint minute, gint minutes)
{
    gint64 found = (at / PD_MINUTE + minutes) * PD_MINUTE;
    gint wanted = ((minute + minutes) % PD_MINUTES_OF_DAY + PD_MINUTES_OF_DAY) % PD_MINUTES_OF_DAY;
    gint off = wanted - pd_wallclock_minute(zone, found);

    if (off > PD_MINUTES_OF_DAY / 2)
        off -= PD_MINUTES_OF_DAY;
    if (off < -PD_MINUTES_OF_DAY / 2)
        off += PD_MINUTES_OF_DAY;
    return found + off * PD_MINUTE;
}

gboolean pd_wallclock_within(const PdCalendar *zone, PdDayHours hours, gint64 at, gint64 *began,
                             gint64 *ends)
{
    gint minute = pd_wallclock_minute(zone, at);
    gint into = pd_hours_into(hours, minute);

    if (into < 0)
        return FALSE;
    if (began != NULL)
        *began = shifted(zone, at, minute, -into);
    if (ends != NULL)
        *ends = shifted(zone, at, minute, pd_hours_length(hours) - into);
    return TRUE;
}

gint64 pd_wallclock_next(PdCalendar *calendar, const gint *minutes, guint count, gboolean workdays,
                         gint64 at)
{
    gint now = pd_wallclock_minute(calendar, at);
    gint64 today = calendar != NULL ? pd_calendar_day_at(calendar, at) : 0;

    for (gint day = 0; day <= MOST_DAYS; day++) {
        if (workdays && calendar != NULL && !pd_calendar_is_workday(calendar, today + day))
            continue;
        for (guint i = 0; i < count; i++) {
            if (day > 0 || minutes[i] > now)
                return shifted(calendar, at, now, day * PD_MINUTES_OF_DAY + minutes[i] - now);
        }
    }
    return 0;
}
