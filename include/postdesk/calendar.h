/* calendar.h: working time: hours by weekday, holidays, make-up workdays, time zones.
 *
 * A calendar is one file of rules/calendars (postdesk-calendars(5)); its name is the file's
 * without ".yaml". One named "always" is there without a file: every minute counts.
 *
 * An instant is working time if the wall clock of the calendar's zone shows, at that instant, a
 * time within the hours of that day. So an hour that daylight saving leaves out counts nothing,
 * and one that it repeats counts twice.
 *
 * Instants are microseconds since 1970 UTC. A day is the number of days since 1970-01-01 in
 * the calendar's zone. A calendar remembers its zone's last offset, so it belongs to one thread.
 */
#ifndef POSTDESK_CALENDAR_H
#define POSTDESK_CALENDAR_H

#include "postdesk/diagnostics.h"
#include <glib.h>

typedef struct pd_calendar PdCalendar;
typedef struct pd_calendars PdCalendars;

/* All calendars of a folder; one that is not there holds "always" only. NULL with errors in
 * the list. */
PdCalendars *pd_calendars_load(const char *folder, PdDiagnostics *list);
void pd_calendars_free(PdCalendars *calendars);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdCalendars, pd_calendars_free)

/* NULL if there is none of this name. name NULL: "default", else the only one with a file, else
 * "always". Borrowed. */
PdCalendar *pd_calendars_find(const PdCalendars *calendars, const char *name);
/* In order of name, "always" last; NULL-terminated. The caller frees the array alone. */
const char **pd_calendars_names(const PdCalendars *calendars);
/* Years whose holidays should be known by now and are not, with the file of their calendar. */
typedef void (*PdMissingYear)(const char *file, gint year, gpointer user);
void pd_calendars_each_missing_year(const PdCalendars *calendars, gint64 now, PdMissingYear seen,
                                    gpointer user);
/* Warns of years whose holidays are not known yet: this one, and from November on the next. */
void pd_calendars_check(const PdCalendars *calendars, gint64 now, PdDiagnostics *list);

const char *pd_calendar_name(const PdCalendar *calendar);
const char *pd_calendar_zone(const PdCalendar *calendar);
const char *pd_calendar_description(const PdCalendar *calendar); /* or NULL */

typedef enum {
    PD_DAY_WORK,
    PD_DAY_FREE,    /* no hours on this weekday */
    PD_DAY_OFF,     /* a holiday */
    PD_DAY_MAKE_UP, /* worked though its weekday is free, for a holiday */
} PdDayKind;

/* name: of the holiday, borrowed, or NULL; may be NULL itself. */
PdDayKind pd_calendar_day(const PdCalendar *calendar, gint64 day, const char **name);
gboolean pd_calendar_is_workday(const PdCalendar *calendar, gint64 day);
/* FALSE if the calendar goes by holidays and none are known of that year. */
gboolean pd_calendar_knows_year(const PdCalendar *calendar, gint year);

/* Working time from one instant to another, in microseconds; 0 unless from < to. */
gint64 pd_calendar_between(PdCalendar *calendar, gint64 from, gint64 to);
/* The first instant before which so much working time has passed since `from`. FALSE if ten
 * years do not hold that much. */
gboolean pd_calendar_add(PdCalendar *calendar, gint64 from, gint64 working, gint64 *at);
/* The last instant after which so much working time passes until `until`. FALSE as above. */
gboolean pd_calendar_subtract(PdCalendar *calendar, gint64 until, gint64 working, gint64 *at);

typedef struct {
    gint64 from, to;
} PdSpan;
/* The stretches of working time between two instants, ascending, those that touch joined.
 * Array of PdSpan; caller frees. */
GArray *pd_calendar_spans(PdCalendar *calendar, gint64 from, gint64 to);

/* "2026-11-23 17:30" in the calendar's zone; caller frees. */
char *pd_calendar_format(const PdCalendar *calendar, gint64 at);

/* Days by date. */
gint64 pd_calendar_day_at(PdCalendar *calendar, gint64 at);
gint64 pd_day_of_date(guint year, guint month, guint day);
guint pd_weekday_of_day(gint64 day); /* 0: Monday */
char *pd_day_format(gint64 day);     /* "2026-01-05"; caller frees */
guint pd_day_year(gint64 day);
/* FALSE unless the text is a date, from 1900 to 2199. */
gboolean pd_day_parse(const char *text, gint64 *day);

#endif
