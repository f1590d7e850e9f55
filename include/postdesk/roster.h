/* roster.h: who is on duty: rules/roster.yaml (postdesk-roster(5)).
 *
 * A shift recurs by weekday and may pass midnight; its people are all of a list, or one of a
 * rotation. Who is absent does not count, and a rotation then goes on to the next one. Swaps come
 * last: they say by day who stands in for whom.
 *
 * All of it is pure: instants are given, nothing here looks at the clock or the store.
 */
#ifndef POSTDESK_ROSTER_H
#define POSTDESK_ROSTER_H

#include "postdesk/calendar.h"
#include "postdesk/people.h"

typedef struct pd_roster PdRoster;

/* A file that is not there holds no group. people and calendars are borrowed and must outlive it.
 * NULL with errors in the list. */
PdRoster *pd_roster_load(const char *path, const PdPeople *people, const PdCalendars *calendars,
                         PdDiagnostics *list);
void pd_roster_free(PdRoster *roster);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdRoster, pd_roster_free)
/* Warns of gaps, of people in two shifts at once and of swaps without effect, in the 60 days from
 * now on. */
void pd_roster_check(const PdRoster *roster, gint64 now, PdDiagnostics *list);

/* How a new ticket of a group's queues gets its assignee. */
typedef enum { PD_ASSIGN_BY_HAND, PD_ASSIGN_LEAST_LOAD, PD_ASSIGN_IN_TURN } PdAssign;

guint pd_roster_groups(const PdRoster *roster);
const char *pd_roster_group(const PdRoster *roster, guint index);
/* The group that sees to a queue, or NULL. */
const char *pd_roster_group_of_queue(const PdRoster *roster, const char *queue);
/* NULL-terminated, borrowed; empty for a group that is not known. */
char **pd_roster_queues(const PdRoster *roster, const char *group);
PdAssign pd_roster_assign(const PdRoster *roster, const char *group);
gboolean pd_roster_hands_over(const PdRoster *roster, const char *group);
/* "2026-11-23 17:30" in the roster's zone; caller frees. */
char *pd_roster_format(const PdRoster *roster, gint64 at);
/* The other way, of "2026-11-23 17:30", with a T between, or of a date alone. */
gboolean pd_roster_parse(const PdRoster *roster, const char *text, gint64 *at);

typedef struct {
    const char *group, *shift;
    const char *address, *name; /* name may be NULL; all borrowed from the roster */
    gint64 from, to;            /* of the shift */
} PdDuty;
/* All duties that touch [from, to), by their beginning, then in the order of the file. group NULL:
 * of all groups. Array of PdDuty; caller frees. */
GArray *pd_roster_duties(const PdRoster *roster, const char *group, gint64 from, gint64 to);
/* Who is on duty at an instant. */
GArray *pd_roster_who(const PdRoster *roster, const char *group, gint64 at);
/* Whether nobody of a group is on duty at an instant that 'cover' names; *until: when somebody is
 * again, 0 if that is not within ten days. */
gboolean pd_roster_gap(const PdRoster *roster, const char *group, gint64 at, gint64 *until);
/* The next beginning or end of a shift after an instant; 0 if none comes within ten days. */
gint64 pd_roster_next_change(const PdRoster *roster, gint64 at);

/* Whom of those on duty a ticket goes to: with the least open ones (address → GINT_TO_POINTER), the
 * first of the file where they are equal; or who follows in turn on the one that was picked last
 * (may be NULL). NULL where nobody is on duty. */
const char *pd_roster_pick(const PdRoster *roster, const char *group, gint64 at, PdAssign how,
                           GHashTable *open, const char *last);

#endif
