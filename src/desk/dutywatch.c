/* dutywatch.c: when nobody is on duty though somebody should be, the admin is told: tickets that
 * come now have nobody. Once for each such time; `postdesk check` tells of those that are to come.
 */
#include "desk/desk_private.h"
#include "postdesk/clock.h"
#include <string.h>

#define OPEN_END "further notice"

static PdStatus *note(PdDesk *desk, const char *group, const char *fact, const char *until)
{
    PD_TRY(pd_store_set_fact(desk->store, fact, until));
    if (until == NULL)
        return NULL;
    g_autofree char *subject = g_strconcat("Nobody is on duty: ", group, NULL);
    g_autofree char *queues = g_strjoinv(", ", pd_roster_queues(desk->roster, group));
    g_autofree char *text = g_strdup_printf(
        "Queues: %s\nUntil: %s\nSomebody should be on duty ('cover' in roster.yaml), and "
        "nobody is: what comes now is assigned to nobody. Put somebody in, by a swap or a shift, "
        "and run: postdesk reload",
        queues, until);
    g_autoptr(PdJson) facts = pd_json_set_text(pd_json_object(), "group", group);
    pd_json_set_text(facts, "queues", queues);
    pd_json_set_text(facts, "until", strcmp(until, OPEN_END) != 0 ? until : NULL);
    return pd_desk_alarm(desk, "roster", subject, text, facts);
}

/* until: when the gap lasts; NULL: there is none. What was told of stands in the store. */
static PdStatus *tell(PdDesk *desk, const char *group, const char *until)
{
    g_autofree char *fact = g_strconcat("roster-gap/", group, NULL);
    g_autofree char *before = NULL;

    PD_TRY(pd_store_get_fact(desk->store, fact, &before));
    if (g_strcmp0(before, until) == 0)
        return NULL;
    PD_TRY(pd_store_begin(desk->store));
    PdStatus *status = note(desk, group, fact, until);
    if (status == NULL)
        status = pd_store_commit(desk->store);
    if (status != NULL)
        pd_store_rollback(desk->store);
    return status;
}

PdStatus *pd_desk_watch_duty(PdDesk *desk)
{
    gint64 now = pd_clock_now();

    for (guint i = 0; i < pd_roster_groups(desk->roster); i++) {
        const char *group = pd_roster_group(desk->roster, i);
        g_autofree char *end = NULL;
        gint64 until = 0;
        if (pd_roster_gap(desk->roster, group, now, &until))
            end = until != 0 ? pd_roster_format(desk->roster, until) : g_strdup(OPEN_END);
        PD_TRY(tell(desk, group, end));
    }
    return NULL;
}
