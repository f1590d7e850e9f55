/* calendar_private.h: a calendar as its own files see it. */
#ifndef DESK_CALENDAR_PRIVATE_H
#define DESK_CALENDAR_PRIVATE_H

#include "postdesk/calendar.h"
#include "postdesk/hours.h"

#define PD_WEEKDAYS 7

/* Minutes since local midnight; to is at most 1440. */
typedef struct {
    guint from, to;
} PdHours;

typedef struct {
    gboolean is_off; /* else a make-up workday */
    char *name;      /* or NULL */
} PdSpecialDay;

struct pd_calendar {
    char *name, *description, *zone_name;
    char *file; /* NULL: built in */
    GTimeZone *zone;
    GArray *hours[PD_WEEKDAYS]; /* of PdHours, ascending, apart from each other; Monday first */
    GArray *make_up_hours;      /* of make-up workdays */
    GHashTable *days;           /* day number → PdSpecialDay * */
    GHashTable *years;          /* whose holidays are known */
    gboolean has_holidays;      /* it goes by holidays at all */
    /* The zone's offset, as it was last looked up: holds from offset_from until offset_to. */
    gint64 offset, offset_from, offset_to;
};

PdCalendar *pd_calendar_new(const char *name, const char *zone);
void pd_calendar_free(PdCalendar *calendar);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdCalendar, pd_calendar_free)
/* A later word about a day takes the place of an earlier one. name may be NULL. */
void pd_calendar_set_day(PdCalendar *calendar, gint64 day, gboolean is_off, const char *name);
void pd_calendar_know_year(PdCalendar *calendar, gint year);

/* NULL with errors in the list. */
PdCalendar *pd_calendar_read(const char *path, PdDiagnostics *list);

/* Holidays from foreign files; what is wrong goes to the list. */
void pd_calendar_add_json(PdCalendar *calendar, const char *path, const char *bytes, gsize length,
                          PdDiagnostics *list);
void pd_calendar_add_ical(PdCalendar *calendar, const char *path, const char *bytes, gsize length,
                          PdDiagnostics *list);

#endif
