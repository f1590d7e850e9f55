/* rulefacts.c: see rulefacts.h. */
#include "desk/rulefacts.h"

#include "postdesk/clock.h"
#include "postdesk/tickets.h"
#include <string.h>

static gint64 time_of(const PdMail *mail, gint64 arrived_at)
{
    if (arrived_at != 0)
        return arrived_at;
    return mail->date != 0 ? mail->date : pd_clock_now();
}

void pd_rule_facts_add(const PdRuleSet *set, const PdPeople *people, const PdCalendars *calendars,
                       const PdMail *mail, gint64 arrived_at, PdTicketFacts *facts,
                       const char ***inside)
{
    const char *const *asked = pd_rule_set_calendars(set);
    gint64 at = time_of(mail, arrived_at);
    GPtrArray *found = g_ptr_array_new();

    if (mail->from != NULL && mail->from->address != NULL)
        facts->department = pd_people_look_up(people, mail->from->address).department;
    for (; *asked != NULL; asked++) {
        PdCalendar *calendar = pd_calendars_find(calendars, *asked);
        if (calendar != NULL && pd_calendar_between(calendar, at, at + 1) > 0)
            g_ptr_array_add(found, (gpointer)*asked);
    }
    g_ptr_array_add(found, NULL);
    *inside = (const char **)g_ptr_array_free(found, FALSE);
    facts->inside = (const char *const *)*inside;
}

void pd_rule_facts_then(const GPtrArray *events, const PdInboxRow *row, PdTicketFacts *facts)
{
    for (guint i = 0; i < events->len; i++) {
        const PdEvent *event = g_ptr_array_index(events, i);
        const PdJson *set = pd_json_get(event->data, "set");
        if (event->inbox == row->id && strcmp(event->kind, "message") == 0) {
            facts->ticket = pd_json_get(event->data, "merge_key") == NULL ? row->ticket : 0;
            facts->age = MAX(0, event->at - ((PdEvent *)g_ptr_array_index(events, 0))->at);
            break;
        }
        if (pd_json_get_text(set, "status") != NULL)
            facts->status = pd_json_get_text(set, "status");
        if (pd_json_get_text(set, "category") != NULL)
            facts->category = pd_json_get_text(set, "category");
    }
    if (facts->ticket == 0)
        *facts = (PdTicketFacts){0};
}
