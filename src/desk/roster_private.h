/* roster_private.h: a roster as its own files see it. */
#ifndef DESK_ROSTER_PRIVATE_H
#define DESK_ROSTER_PRIVATE_H

#include "postdesk/roster.h"

typedef struct {
    char *address, *name; /* name may be NULL */
} PdRosterPerson;

typedef struct {
    char *name;
    guint weekdays;      /* bit 0 is Monday */
    gint begin, end;     /* minutes of the day; end is beyond 1440 where it passes midnight */
    GPtrArray *people;   /* of PdRosterPerson *, borrowed from the roster */
    gint64 every, since; /* rotation: days for each, first day; every 0: all of them */
    guint line, column;
} PdShift;

typedef struct {
    char *name;
    char **queues;
    PdAssign assign;
    gboolean hands_over;
    PdCalendar *coverage; /* when somebody must be on duty, or NULL */
    GPtrArray *shifts;    /* of PdShift * */
    guint line, column;
} PdRosterGroup;

typedef struct {
    gint64 day;
    const PdRosterGroup *group; /* NULL: in all */
    char *shift;                /* NULL: in all */
    const PdRosterPerson *from, *to;
    guint line, column;
} PdSwap;

typedef struct {
    const PdRosterPerson *person;
    gint64 first, last; /* days */
} PdAbsence;

struct pd_roster {
    char *file;
    GTimeZone *zone;
    GPtrArray *people; /* of PdRosterPerson * */
    GPtrArray *groups; /* of PdRosterGroup * */
    GPtrArray *swaps;  /* of PdSwap * */
    GArray *absences;  /* of PdAbsence */
};

const PdRosterGroup *pd_roster_find(const PdRoster *roster, const char *name);
gint64 pd_roster_day(const PdRoster *roster, gint64 at);
/* The instant of a minute (perhaps beyond the day's end) of a day on the wall clock. */
gint64 pd_roster_instant(const PdRoster *roster, gint64 day, gint minute);
gboolean pd_roster_is_on(const PdShift *shift, gint64 day);
gboolean pd_roster_is_absent(const PdRoster *roster, const PdRosterPerson *person, gint64 day);
/* Who has the shift that begins on a day, after so many of the swaps, in the order of the file.
 * Array of PdRosterPerson *, borrowed; caller frees. */
GPtrArray *pd_roster_people(const PdRoster *roster, const PdRosterGroup *group,
                            const PdShift *shift, gint64 day, guint swaps);

#endif
