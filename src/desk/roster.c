/* roster.c: who is on duty when; see postdesk/roster.h. */
#include "desk/roster_private.h"

#include "postdesk/clock.h"
#include <stdio.h>
#include <string.h>

#define LONGEST_LOOK 10 /* days */

const PdRosterGroup *pd_roster_find(const PdRoster *roster, const char *name)
{
    for (guint i = 0; name != NULL && i < roster->groups->len; i++) {
        const PdRosterGroup *group = g_ptr_array_index(roster->groups, i);
        if (strcmp(group->name, name) == 0)
            return group;
    }
    return NULL;
}

guint pd_roster_groups(const PdRoster *roster)
{
    return roster->groups->len;
}

const char *pd_roster_group(const PdRoster *roster, guint index)
{
    return ((const PdRosterGroup *)g_ptr_array_index(roster->groups, index))->name;
}

const char *pd_roster_group_of_queue(const PdRoster *roster, const char *queue)
{
    for (guint i = 0; queue != NULL && i < roster->groups->len; i++) {
        const PdRosterGroup *group = g_ptr_array_index(roster->groups, i);
        if (g_strv_contains((const char *const *)group->queues, queue))
            return group->name;
    }
    return NULL;
}

char **pd_roster_queues(const PdRoster *roster, const char *name)
{
    static char *none[] = {NULL};
    const PdRosterGroup *group = pd_roster_find(roster, name);

    return group != NULL ? group->queues : none;
}

PdAssign pd_roster_assign(const PdRoster *roster, const char *name)
{
    const PdRosterGroup *group = pd_roster_find(roster, name);

    return group != NULL ? group->assign : PD_ASSIGN_BY_HAND;
}

gboolean pd_roster_hands_over(const PdRoster *roster, const char *name)
{
    const PdRosterGroup *group = pd_roster_find(roster, name);

    return group != NULL && group->hands_over;
}

static GDateTime *local_time(const PdRoster *roster, gint64 at)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at / PD_SECOND);

    return utc != NULL ? g_date_time_to_timezone(utc, roster->zone) : NULL;
}

char *pd_roster_format(const PdRoster *roster, gint64 at)
{
    g_autoptr(GDateTime) local = local_time(roster, at);

    return local != NULL ? g_date_time_format(local, "%Y-%m-%d %H:%M") : g_strdup("?");
}

gboolean pd_roster_parse(const PdRoster *roster, const char *text, gint64 *at)
{
    g_autofree char *date = g_strndup(text, 10);
    gint hour = 0, minute = 0, end = 0;
    gint64 day;

    if (!pd_day_parse(date, &day))
        return FALSE;
    if (strlen(text) > 10 &&
        (strchr("T ", text[10]) == NULL ||
         sscanf(text + 11, "%2d:%2d%n", &hour, &minute, &end) != 2 || text[11 + end] != '\0' ||
         hour < 0 || hour > 23 || minute < 0 || minute > 59))
        return FALSE;
    *at = pd_roster_instant(roster, day, hour * 60 + minute);
    return TRUE;
}

gint64 pd_roster_day(const PdRoster *roster, gint64 at)
{
    g_autoptr(GDateTime) local = local_time(roster, at);

    return local != NULL ? pd_day_of_date((guint)g_date_time_get_year(local),
                                          (guint)g_date_time_get_month(local),
                                          (guint)g_date_time_get_day_of_month(local))
                         : 0;
}

gint64 pd_roster_instant(const PdRoster *roster, gint64 day, gint minute)
{
    g_autoptr(GDateTime) date =
        g_date_time_new_from_unix_utc((day + minute / PD_MINUTES_OF_DAY) * PD_SECONDS_OF_DAY);
    gint of_day = minute % PD_MINUTES_OF_DAY;
    g_autoptr(GDateTime) local =
        date != NULL
            ? g_date_time_new(roster->zone, g_date_time_get_year(date), g_date_time_get_month(date),
                              g_date_time_get_day_of_month(date), of_day / 60, of_day % 60, 0)
            : NULL;

    return local != NULL ? g_date_time_to_unix(local) * PD_SECOND : 0;
}

/* 1970-01-01 was a Thursday. */
gboolean pd_roster_is_on(const PdShift *shift, gint64 day)
{
    return (shift->weekdays >> pd_weekday_of_day(day) & 1) != 0 && day >= shift->since;
}

gboolean pd_roster_is_absent(const PdRoster *roster, const PdRosterPerson *person, gint64 day)
{
    for (guint i = 0; i < roster->absences->len; i++) {
        const PdAbsence *absence = &g_array_index(roster->absences, PdAbsence, i);
        if (absence->person == person && absence->first <= day && day <= absence->last)
            return TRUE;
    }
    return FALSE;
}

static void add_once(GPtrArray *people, const PdRosterPerson *person)
{
    if (!g_ptr_array_find(people, person, NULL))
        g_ptr_array_add(people, (gpointer)person);
}

static void add_usual(const PdRoster *roster, const PdShift *shift, gint64 day, GPtrArray *people)
{
    guint count = shift->people->len;
    guint first = shift->every > 0 ? (guint)((day - shift->since) / shift->every % count) : 0;

    for (guint i = 0; i < count; i++) {
        const PdRosterPerson *person = g_ptr_array_index(shift->people, (first + i) % count);
        if (pd_roster_is_absent(roster, person, day))
            continue;
        add_once(people, person);
        if (shift->every > 0)
            return;
    }
}

static gboolean is_meant(const PdSwap *swap, const PdRosterGroup *group, const PdShift *shift,
                         gint64 day)
{
    return swap->day == day && (swap->group == NULL || swap->group == group) &&
           (swap->shift == NULL || strcmp(swap->shift, shift->name) == 0);
}

/* One after the other: who stands in may be stood in for. But where two change places for a day and
 * name no shift, the second half is not meant for the shift of the first one. */
static void swap_all(const PdRoster *roster, const PdRosterGroup *group, const PdShift *shift,
                     gint64 day, guint swaps, GPtrArray *people)
{
    g_autoptr(GPtrArray) left = g_ptr_array_new();

    for (guint i = 0; i < swaps; i++) {
        const PdSwap *swap = g_ptr_array_index(roster->swaps, i);
        gboolean is_other_half = swap->shift == NULL && g_ptr_array_find(left, swap->to, NULL);
        if (!is_meant(swap, group, shift, day) || is_other_half ||
            !g_ptr_array_remove(people, (gpointer)swap->from))
            continue;
        add_once(people, swap->to);
        g_ptr_array_add(left, (gpointer)swap->from);
    }
}

GPtrArray *pd_roster_people(const PdRoster *roster, const PdRosterGroup *group,
                            const PdShift *shift, gint64 day, guint swaps)
{
    GPtrArray *people = g_ptr_array_new();

    add_usual(roster, shift, day, people);
    swap_all(roster, group, shift, day, swaps, people);
    return people;
}

static void add_duties(const PdRoster *roster, const PdRosterGroup *group, const PdShift *shift,
                       gint64 day, const PdSpan *wanted, GArray *duties)
{
    PdDuty duty = {.group = group->name,
                   .shift = shift->name,
                   .from = pd_roster_instant(roster, day, shift->begin),
                   .to = pd_roster_instant(roster, day, shift->end)};

    if (duty.to <= wanted->from || duty.from >= wanted->to)
        return;
    g_autoptr(GPtrArray) people = pd_roster_people(roster, group, shift, day, roster->swaps->len);
    for (guint i = 0; i < people->len; i++) {
        const PdRosterPerson *person = g_ptr_array_index(people, i);
        duty.address = person->address;
        duty.name = person->name;
        g_array_append_val(duties, duty);
    }
}

static void add_group(const PdRoster *roster, const PdRosterGroup *group, const PdSpan *wanted,
                      GArray *duties)
{
    gint64 first = pd_roster_day(roster, wanted->from) - 1; /* yesterday's may pass midnight */
    gint64 last = pd_roster_day(roster, wanted->to);

    for (gint64 day = first; day <= last; day++) {
        for (guint i = 0; i < group->shifts->len; i++) {
            const PdShift *shift = g_ptr_array_index(group->shifts, i);
            if (pd_roster_is_on(shift, day))
                add_duties(roster, group, shift, day, wanted, duties);
        }
    }
}

/* Stable, as GArray's sort is not: the order of the file decides between equals. */
static gint compare_duties(gconstpointer one, gconstpointer other, gpointer unused)
{
    const PdDuty *a = one;
    const PdDuty *b = other;

    (void)unused;
    return a->from < b->from ? -1 : a->from > b->from ? 1 : 0;
}

GArray *pd_roster_duties(const PdRoster *roster, const char *group, gint64 from, gint64 to)
{
    GArray *duties = g_array_new(FALSE, FALSE, sizeof(PdDuty));
    const PdSpan wanted = {from, to};

    for (guint i = 0; i < roster->groups->len; i++) {
        const PdRosterGroup *each = g_ptr_array_index(roster->groups, i);
        if (group == NULL || strcmp(group, each->name) == 0)
            add_group(roster, each, &wanted, duties);
    }
    if (duties->len > 0)
        g_qsort_with_data(duties->data, (gint)duties->len, sizeof(PdDuty), compare_duties, NULL);
    return duties;
}

GArray *pd_roster_who(const PdRoster *roster, const char *group, gint64 at)
{
    return pd_roster_duties(roster, group, at, at + 1);
}

static gint64 sooner(gint64 best, gint64 at, gint64 candidate)
{
    return candidate > at && (best == 0 || candidate < best) ? candidate : best;
}

gint64 pd_roster_next_change(const PdRoster *roster, gint64 at)
{
    g_autoptr(GArray) duties = pd_roster_duties(roster, NULL, at, at + LONGEST_LOOK * PD_DAY);
    gint64 next = 0;

    for (guint i = 0; i < duties->len; i++) {
        const PdDuty *duty = &g_array_index(duties, PdDuty, i);
        next = sooner(sooner(next, at, duty->from), at, duty->to);
    }
    return next;
}

gboolean pd_roster_gap(const PdRoster *roster, const char *name, gint64 at, gint64 *until)
{
    const PdRosterGroup *group = pd_roster_find(roster, name);

    *until = 0;
    if (group == NULL || group->coverage == NULL ||
        pd_calendar_between(group->coverage, at, at + PD_SECOND) == 0)
        return FALSE;
    g_autoptr(GArray) duties = pd_roster_duties(roster, name, at, at + LONGEST_LOOK * PD_DAY);
    if (duties->len == 0)
        return TRUE;
    *until = g_array_index(duties, PdDuty, 0).from;
    return *until > at;
}

static gint open_of(GHashTable *open, const char *address)
{
    return open != NULL ? GPOINTER_TO_INT(g_hash_table_lookup(open, address)) : 0;
}

static const char *least_loaded(GArray *duties, GHashTable *open)
{
    const char *best = NULL;

    for (guint i = 0; i < duties->len; i++) {
        const char *address = g_array_index(duties, PdDuty, i).address;
        if (best == NULL || open_of(open, address) < open_of(open, best))
            best = address;
    }
    return best;
}

static const char *next_in_turn(GArray *duties, const char *last)
{
    guint next = 0;

    for (guint i = 0; last != NULL && i < duties->len; i++) {
        if (strcmp(g_array_index(duties, PdDuty, i).address, last) == 0)
            next = i + 1;
    }
    return duties->len > 0 ? g_array_index(duties, PdDuty, next % duties->len).address : NULL;
}

const char *pd_roster_pick(const PdRoster *roster, const char *group, gint64 at, PdAssign how,
                           GHashTable *open, const char *last)
{
    g_autoptr(GArray) duties = pd_roster_who(roster, group, at);

    return how == PD_ASSIGN_IN_TURN ? next_in_turn(duties, last) : least_loaded(duties, open);
}
