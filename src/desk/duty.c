/* duty.c: new tickets to who is on duty; see duty.h. */
#include "desk/duty.h"

#include "postdesk/timers.h"
#include <string.h>

#define ON_DUTY "on-duty"

/* Address → how many tickets he has, of all who are on duty. */
static PdStatus *read_loads(PdDesk *desk, const char *group, gint64 at, GHashTable **loads)
{
    g_autoptr(GHashTable) read = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GArray) duties = pd_roster_who(desk->roster, group, at);

    for (guint i = 0; i < duties->len; i++) {
        const char *address = g_array_index(duties, PdDuty, i).address;
        gint64 count = 0;
        PD_TRY(pd_tickets_assigned(desk->store, address, &count));
        g_hash_table_insert(read, g_strdup(address), GINT_TO_POINTER((gint)MIN(count, G_MAXINT)));
    }
    *loads = g_steal_pointer(&read);
    return NULL;
}

PdStatus *pd_duty_pick(PdDesk *desk, const char *group, gint64 at, char **address)
{
    g_autofree char *fact = g_strconcat("roster-turn/", group, NULL);
    g_autoptr(GHashTable) loads = NULL;
    g_autofree char *last = NULL;
    PdAssign how = pd_roster_assign(desk->roster, group);

    if (how == PD_ASSIGN_IN_TURN)
        PD_TRY(pd_store_get_fact(desk->store, fact, &last));
    else
        PD_TRY(read_loads(desk, group, at, &loads));
    *address = g_strdup(pd_roster_pick(desk->roster, group, at, how, loads, last));
    if (how == PD_ASSIGN_IN_TURN && *address != NULL)
        return pd_store_set_fact(desk->store, fact, *address);
    return NULL;
}

static gboolean assigns_itself(const PdDesk *desk, const char *group)
{
    return group != NULL && pd_roster_assign(desk->roster, group) != PD_ASSIGN_BY_HAND;
}

gboolean pd_duty_assigns(const PdDesk *desk, const char *assignee, const char *queue)
{
    return assignee != NULL || assigns_itself(desk, pd_roster_group_of_queue(desk->roster, queue));
}

PdStatus *pd_duty_assign(PdDesk *desk, PdEvent *event)
{
    PdJson *set = pd_json_get(event->data, "set");
    const char *named = pd_json_get_text(set, "assignee");
    const char *group = pd_roster_group_of_queue(desk->roster, pd_json_get_text(set, "queue"));
    gboolean is_asked = named != NULL && strcmp(named, ON_DUTY) == 0;
    gboolean by_itself = named == NULL && assigns_itself(desk, group);
    g_autofree char *address = NULL;

    if (!is_asked && !by_itself)
        return NULL;
    if (group != NULL)
        PD_TRY(pd_duty_pick(desk, group, event->at, &address));
    pd_json_set_text(set, "assignee", address);
    if (address == NULL && pd_json_get(event->data, "note") == NULL)
        pd_json_set_text(event->data, "note",
                         group != NULL ? "nobody is on duty: not assigned"
                                       : "no group of the roster has this queue: not assigned");
    return NULL;
}
