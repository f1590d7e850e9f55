/* tell_given.c: the mails about whose a ticket is: to who is given it, to who loses it, and to
 * those who may take it while it is nobody's. */
#include "desk/accept.h"
#include "desk/history.h"
#include "desk/pace.h"
#include "desk/recipients.h"
#include "desk/tell_private.h"
#include "desk/values.h"
#include "postdesk/clock.h"
#include "postdesk/mail.h"
#include "postdesk/outbox.h"
#include <string.h>

#define MOST_TAKERS 20
/* Mails to one taker within an hour, before he reads of several tickets in one. */
#define MOST_APART 20
#define MOST_URGENT_APART 100

/* With all that is needed to begin. Only who works on it gets the files: those who may take it are
 * many, and anybody can send them some. */
static PdStatus *tell_whole(const PdTelling *telling, const PdTicket *ticket, const char *address,
                            gboolean is_his)
{
    PdDesk *desk = telling->desk;
    PdTelling assigned = *telling;
    const PdWho who = pd_people_look_up(desk->people, address);
    const char *language =
        pd_desk_language(desk, who.language != NULL ? who.language : ticket->language);
    g_auto(PdAssignment) made = {0};

    PD_TRY(pd_assignment_make(desk, language, ticket, telling->ahead, is_his, &made));
    pd_json_set_bool(made.values, "is_yours", is_his);
    pd_json_set_bool(made.values, "is_held", pd_accept_is_due(ticket));
    assigned.occasion = "assigned";
    assigned.given = is_his ? PD_GIVEN_TO_HIM : PD_GIVEN_FREE;
    assigned.further = made.values;
    assigned.enclosures = made.enclosures;
    assigned.files = NULL;
    return pd_tell_one(&assigned, address, who.name, language, pd_rank_of_role(who.role));
}

PdStatus *pd_tell_assignee(const PdTelling *telling)
{
    g_autoptr(PdTicket) ticket = NULL;

    PD_TRY(pd_ticket_get(telling->desk->store, telling->ticket, &ticket));
    const PdPerson *person = pd_people_of_desk(telling->desk->people, ticket->assignee, NULL);
    return person != NULL ? tell_whole(telling, ticket, person->addresses[0], TRUE) : NULL;
}

PdStatus *pd_tell_former(const PdTelling *telling, const char *address)
{
    PdDesk *desk = telling->desk;
    PdTelling former = *telling;
    const PdWho who = pd_people_look_up(desk->people, address);
    g_autoptr(PdJson) values = pd_json_object();
    g_autoptr(PdTicket) ticket = NULL;
    g_autoptr(GPtrArray) events = NULL;

    PD_TRY(pd_ticket_get(desk->store, telling->ticket, &ticket));
    PD_TRY(pd_ticket_events(desk->store, telling->ticket, &events));
    const char *by = pd_history_assigned_by(events);
    const char *to = ticket->assignee[0] != '\0' ? ticket->assignee : NULL;
    pd_values_set_clean(values, "given_by", by != NULL ? pd_recipient_called(desk, by) : NULL);
    pd_values_set_clean(values, "given_to", to != NULL ? pd_recipient_called(desk, to) : NULL);
    former.occasion = "assigned";
    former.given = PD_GIVEN_FROM_HIM;
    former.text = NULL;
    former.files = NULL;
    former.further = values;
    return pd_tell_one(&former, address, who.name, who.language, pd_rank_of_role(who.role));
}

/* Who is on duty in the group of its queue, and the dispatchers; where its sender is to be looked
 * at first, the admin if there is none of them. */
static GPtrArray *takers_of(const PdDesk *desk, const PdTicket *ticket)
{
    gint64 now = pd_clock_now();

    return pd_accept_is_due(ticket) ? pd_recipients_of(desk, ticket, pd_tell_duty, now)
                                    : pd_recipients_found(desk, ticket, pd_tell_duty, now);
}

gboolean pd_tell_may_take(const PdDesk *desk, const PdTicket *ticket, const char *address)
{
    gboolean is_free = ticket->assignee[0] == '\0' &&
                       (strcmp(ticket->status, "new") == 0 || strcmp(ticket->status, "open") == 0);
    g_autoptr(GPtrArray) takers = is_free ? takers_of(desk, ticket) : g_ptr_array_new();

    for (guint i = 0; i < takers->len; i++)
        if (pd_address_equal(g_ptr_array_index(takers, i), address))
            return TRUE;
    return FALSE;
}

PdStatus *pd_tell_taker(const PdTelling *telling, const char *address)
{
    g_autoptr(PdTicket) ticket = NULL;

    PD_TRY(pd_ticket_get(telling->desk->store, telling->ticket, &ticket));
    return tell_whole(telling, ticket, address, FALSE);
}

/* What is urgent is not to be found on the last page of a busy hour; but what a stranger says of
 * himself is no more than that. */
static gint64 most_apart(const PdTelling *telling, const PdTicket *ticket)
{
    return pd_pace_is_urgent(telling->desk, ticket) && !pd_accept_is_due(ticket) ? MOST_URGENT_APART
                                                                                 : MOST_APART;
}

/* Strangers can open as many as they like: beyond some, he who may take them reads of several in
 * one mail. */
static PdStatus *tell_one_taker(const PdTelling *telling, const PdTicket *ticket,
                                const char *address)
{
    PdTelling told = *telling;
    gint64 mailed = 0;

    PD_TRY(pd_outbox_count_since(telling->desk->store, address, pd_clock_now() - PD_HOUR, &mailed));
    told.is_of_many = telling->is_of_many || mailed >= most_apart(telling, ticket);
    return tell_whole(&told, ticket, address, FALSE);
}

PdStatus *pd_tell_takers(const PdTelling *telling)
{
    g_autoptr(PdTicket) ticket = NULL;

    PD_TRY(pd_ticket_get(telling->desk->store, telling->ticket, &ticket));
    g_autoptr(GPtrArray) addresses = takers_of(telling->desk, ticket);
    for (guint i = 0; i < MIN(addresses->len, MOST_TAKERS); i++) {
        const char *address = g_ptr_array_index(addresses, i);
        if (telling->doer == NULL ||
            !pd_people_are_same(telling->desk->people, address, telling->doer))
            PD_TRY(tell_one_taker(telling, ticket, address));
    }
    return NULL;
}
