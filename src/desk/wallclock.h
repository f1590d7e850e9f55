/* wallclock.h: instants at which a wall clock shows a time of the day.
 *
 * The clock is that of a calendar's zone; NULL: that of this machine. Where daylight saving moves
 * it, what is found is the instant at which it shows the time, not one a number of hours away. */
#ifndef DESK_WALLCLOCK_H
#define DESK_WALLCLOCK_H

#include "postdesk/calendar.h"
#include "postdesk/hours.h"

/* The minute of the day that it shows. */
gint pd_wallclock_minute(const PdCalendar *zone, gint64 at);
/* Within the hours: when they end, and when these began. FALSE outside of them. Either may be
 * NULL. */
gboolean pd_wallclock_within(const PdCalendar *zone, PdDayHours hours, gint64 at, gint64 *began,
                             gint64 *ends);
/* The first instant after `at` that shows one of the minutes (ascending, count of them), on a
 * working day of the calendar if workdays says so (without one every day is). 0 if a month has
 * none. */
gint64 pd_wallclock_next(PdCalendar *calendar, const gint *minutes, guint count, gboolean workdays,
                         gint64 at);

#endif
