/* hours.h: times of the day as people write them: "09:00", and "22:00-07:00" for a stretch, which
 * may go over midnight. Minutes of the day by whatever wall clock the reader goes by. */
#ifndef POSTDESK_HOURS_H
#define POSTDESK_HOURS_H

#include <glib.h>

#define PD_MINUTES_OF_DAY 1440
#define PD_SECONDS_OF_DAY (PD_MINUTES_OF_DAY * 60)

typedef struct {
    gint from, until; /* equal: no hours at all */
} PdDayHours;

/* FALSE, and nothing is set, for what is no time of the day. */
gboolean pd_hours_parse_time(const char *text, gint *minute);
/* Likewise; "00:00-00:00" gives no hours at all. */
gboolean pd_hours_parse(const char *text, PdDayHours *hours);
/* How many minutes of the hours a minute of the day has behind it; -1 outside of them. */
gint pd_hours_into(PdDayHours hours, gint minute);
/* How many minutes the hours last. */
gint pd_hours_length(PdDayHours hours);

#endif
