/* accept.c: see accept.h. */
#include "desk/accept.h"

#include "desk/concern.h"
#include "desk/unknown.h"
#include "desk/values.h"
#include "postdesk/inbox.h"
#include <string.h>

gboolean pd_accept_is_due(const PdTicket *ticket)
{
    g_auto(GStrv) tags = g_strsplit(ticket->tags, " ", -1);

    return g_strv_contains((const char *const *)tags, PD_TAG_UNKNOWN);
}

gboolean pd_accept_take(PdChange *change, PdProblem *problem)
{
    const PdTicket *ticket = change->ticket;
    gboolean is_new = strcmp(ticket->status, "new") == 0;

    change->acknowledges = pd_accept_is_due(ticket);
    if (!is_new && !change->acknowledges)
        return pd_problem_set(problem, PD_PROBLEM_NOTHING, "accept", NULL);
    if (change->acknowledges)
        pd_json_add_text(change->untags, PD_TAG_UNKNOWN);
    return !is_new || pd_json_get(change->set, "status") != NULL ||
           pd_change_set_field(change, "status", "open", problem);
}

/* What the first message said; nothing of the one that holds the command. */
static PdStatus *values_of_first(const PdChange *change, PdJson **values)
{
    PdStore *store = change->desk->store;
    g_autoptr(GPtrArray) messages = NULL;
    g_autoptr(PdInboxRow) row = NULL;

    *values = pd_json_object();
    PD_TRY(pd_message_of_ticket(store, change->ticket->number, &messages));
    if (messages->len == 0)
        return NULL;
    const PdStoredMessage *first = g_ptr_array_index(messages, 0);
    PD_TRY(pd_inbox_get(store, first->inbox, &row));
    pd_values_add_stored(change->desk, *values, first, row);
    return NULL;
}

PdStatus *pd_accept_tell(const PdChange *change, PdTelling *telling)
{
    g_autoptr(PdJson) values = NULL;
    const PdConcern *concern = pd_concern_of("accepted");
    PdTelling accepted = *telling;

    PD_TRY(values_of_first(change, &values));
    accepted.occasion = concern->occasion;
    accepted.previous_status = NULL;
    accepted.mail = NULL;
    accepted.further = values;
    PD_TRY(pd_tell_concerned(&accepted, concern->whom));
    if (change->text->len == 0 || change->is_internal)
        return NULL;
    accepted.occasion = "reply"; /* what he is told besides has a mail of its own */
    accepted.further = NULL;
    accepted.text = change->text->str;
    return pd_tell_concerned(&accepted, concern->whom);
}
