/* roster_check.c: what an admin would rather know before the night: gaps, people in two places,
 * swaps that do nothing. */
#include "desk/roster_private.h"

#include "postdesk/clock.h"
#include <string.h>

#define DAYS_AHEAD 60
#define MOST_TOLD 5 /* of each kind and group */

typedef struct {
    const PdRoster *roster;
    gint64 from, to;
    PdDiagnostics *list;
} Check;

/* TRUE if it was one that must be covered. */
static gboolean tell_gap(const Check *check, const PdRosterGroup *group, gint64 from, gint64 to)
{
    g_autoptr(GArray) spans = pd_calendar_spans(group->coverage, from, to);

    if (spans->len == 0)
        return FALSE;
    g_autofree char *begin = pd_roster_format(check->roster, g_array_index(spans, PdSpan, 0).from);
    g_autofree char *end =
        pd_roster_format(check->roster, g_array_index(spans, PdSpan, spans->len - 1).to);
    pd_diagnostics_add(check->list, PD_WARNING, check->roster->file, group->line, group->column,
                       "nobody of '%s' is on duty from %s to %s; add a shift, or narrow 'cover'",
                       group->name, begin, end);
    return TRUE;
}

static void check_gaps(const Check *check, const PdRosterGroup *group)
{
    g_autoptr(GArray) duties = pd_roster_duties(check->roster, group->name, check->from, check->to);
    gint64 covered = check->from;
    guint told = 0;

    for (guint i = 0; i < duties->len && told < MOST_TOLD; i++) {
        const PdDuty *duty = &g_array_index(duties, PdDuty, i);
        if (duty->from > covered)
            told += tell_gap(check, group, covered, duty->from);
        covered = MAX(covered, duty->to);
    }
    if (covered < check->to && told < MOST_TOLD)
        tell_gap(check, group, covered, check->to);
}

static void tell_double(const Check *check, const PdDuty *one, const PdDuty *other)
{
    const PdRosterGroup *group = pd_roster_find(check->roster, other->group);
    g_autofree char *from = pd_roster_format(check->roster, other->from);

    pd_diagnostics_add(check->list, PD_WARNING, check->roster->file, group->line, group->column,
                       "%s is on duty twice from %s on: in '%s' of '%s' and in '%s' of '%s'",
                       other->name != NULL ? other->name : other->address, from, one->shift,
                       one->group, other->shift, other->group);
}

static gboolean clash(const PdDuty *one, const PdDuty *other)
{
    return strcmp(one->address, other->address) == 0 && other->from < one->to &&
           one->from < other->to;
}

/* Each pair of shifts once for a person. */
static void check_doubles(const Check *check)
{
    g_autoptr(GArray) duties = pd_roster_duties(check->roster, NULL, check->from, check->to);
    g_autoptr(GHashTable) told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < duties->len; i++) {
        const PdDuty *one = &g_array_index(duties, PdDuty, i);
        for (guint k = i + 1; k < duties->len; k++) {
            const PdDuty *other = &g_array_index(duties, PdDuty, k);
            if (other->from >= one->to)
                break;
            if (clash(one, other) &&
                g_hash_table_add(told,
                                 g_strdup_printf("%s\n%s\n%s\n%s\n%s", one->address, one->group,
                                                 one->shift, other->group, other->shift)))
                tell_double(check, one, other);
        }
    }
}

static gboolean changes(const PdRoster *roster, const PdRosterGroup *group, const PdShift *shift,
                        guint index)
{
    const PdSwap *swap = g_ptr_array_index(roster->swaps, index);

    if (!pd_roster_is_on(shift, swap->day))
        return FALSE;
    g_autoptr(GPtrArray) before = pd_roster_people(roster, group, shift, swap->day, index);
    g_autoptr(GPtrArray) after = pd_roster_people(roster, group, shift, swap->day, index + 1);
    return g_ptr_array_find(before, swap->from, NULL) && !g_ptr_array_find(after, swap->from, NULL);
}

static gboolean has_effect(const PdRoster *roster, guint index)
{
    for (guint i = 0; i < roster->groups->len; i++) {
        const PdRosterGroup *group = g_ptr_array_index(roster->groups, i);
        for (guint k = 0; k < group->shifts->len; k++)
            if (changes(roster, group, g_ptr_array_index(group->shifts, k), index))
                return TRUE;
    }
    return FALSE;
}

static const char *shown(const PdRosterPerson *person)
{
    return person->name != NULL ? person->name : person->address;
}

static void check_swap(const Check *check, guint index)
{
    const PdSwap *swap = g_ptr_array_index(check->roster->swaps, index);
    const char *file = check->roster->file;
    g_autofree char *day = pd_day_format(swap->day);

    if (swap->day < pd_roster_day(check->roster, check->from))
        return;
    if (!has_effect(check->roster, index))
        pd_diagnostics_add(check->list, PD_WARNING, file, swap->line, swap->column,
                           "the swap does nothing: %s is not on duty on %s", shown(swap->from),
                           day);
    else if (pd_roster_is_absent(check->roster, swap->to, swap->day))
        pd_diagnostics_add(check->list, PD_WARNING, file, swap->line, swap->column,
                           "%s stands in on %s and is absent on that day", shown(swap->to), day);
}

static void check_swaps(const Check *check)
{
    for (guint i = 0; i < check->roster->swaps->len; i++)
        check_swap(check, i);
}

void pd_roster_check(const PdRoster *roster, gint64 now, PdDiagnostics *list)
{
    const Check check = {roster, now, now + DAYS_AHEAD * PD_DAY, list};

    for (guint i = 0; i < roster->groups->len; i++) {
        const PdRosterGroup *group = g_ptr_array_index(roster->groups, i);
        if (group->coverage != NULL)
            check_gaps(&check, group);
    }
    check_doubles(&check);
    check_swaps(&check);
}
