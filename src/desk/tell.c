/* tell.c: see tell.h. Who left a ticket is mailed no more; who was asked from outside is mailed
 * only what he is asked; the desk's people read on the ticket only if they work on it or watch. */
#include "desk/tell.h"

#include "desk/accept.h"
#include "desk/actions.h"
#include "desk/assignment.h"
#include "desk/mailed.h"
#include "desk/values.h"
#include "postdesk/mail.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_FOLLOWERS 20

/* The last message of the ticket, so that mail programs show one thread. Caller frees. */
static PdStatus *last_message_id(const PdTelling *telling, char **id)
{
    g_autoptr(GPtrArray) messages = NULL;
    const char *last = NULL;

    PD_TRY(pd_message_of_ticket(telling->desk->store, telling->ticket, &messages));
    for (guint i = 0; i < messages->len; i++) {
        const PdStoredMessage *message = g_ptr_array_index(messages, i);
        last = message->message_id != NULL ? message->message_id : last;
    }
    *id = g_strdup(last);
    return NULL;
}

static void add_further(PdJson *values, PdJson *further)
{
    g_autofree const char **keys = further != NULL ? pd_json_keys(further) : NULL;

    for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
        pd_json_set(values, keys[i], pd_json_ref(pd_json_get(further, keys[i])));
}

static PdJson *values_of(const PdTelling *telling, const PdTicket *ticket, const char *language,
                         const char *name)
{
    const PdDesk *desk = telling->desk;
    PdJson *values = pd_values_of_ticket(desk, language, ticket, name);
    g_autofree char *into = g_strdup_printf("%" G_GINT64_FORMAT, telling->into);

    if (telling->previous_status != NULL)
        pd_json_set_text(
            values, "previous_status_word",
            pd_templates_word(desk->templates, language, "statuses", telling->previous_status));
    pd_json_set_text(values, "into", telling->into != 0 ? into : NULL);
    if (telling->mail != NULL)
        pd_values_add_message(telling->desk, values, telling->mail, telling->row);
    pd_values_add_said(values, telling->text, telling->by);
    add_further(values, telling->further);
    return values;
}

PdStatus *pd_tell_one(const PdTelling *telling, const char *address, const char *name,
                      const char *language, PdRank rank)
{
    PdDesk *desk = telling->desk;
    g_autoptr(PdTicket) ticket = NULL;
    g_autofree char *last = NULL;

    PD_TRY(pd_ticket_get(desk->store, telling->ticket, &ticket));
    PD_TRY(last_message_id(telling, &last));
    language = pd_desk_language(desk, language != NULL ? language : ticket->language);
    g_autoptr(PdJson) values = values_of(telling, ticket, language, name);
    const PdNotice notice = {
        .occasion = telling->occasion,
        .language = language,
        .values = values,
        .ticket = ticket->number,
        .recipient = address,
        .recipient_name = name,
        .in_reply_to = last,
        .auto_submitted = "auto-generated",
        .held = telling->held,
        .rank = rank,
        .status = ticket->status,
        .actions = (telling->asks_rating ? PD_ACTIONS_RATE : 0) |
                   (pd_accept_is_due(ticket) ? PD_ACTIONS_HELD : 0) |
                   (pd_address_equal(address, ticket->assignee) ? PD_ACTIONS_HIS : 0),
    };
    PD_TRY(pd_mailed_put(desk, &notice, telling->inbox, telling->channel, ticket->version));
    if (telling->queued != NULL)
        ++*telling->queued;
    return NULL;
}

/* A reporter who takes no part is a machine, a list or a forged sender: he is not mailed. */
PdStatus *pd_tell_reporter(const PdTelling *telling)
{
    PdDesk *desk = telling->desk;
    g_autoptr(PdTicket) ticket = NULL;
    gboolean takes_part = FALSE;

    PD_TRY(pd_ticket_get(desk->store, telling->ticket, &ticket));
    if (!pd_text_is_address(ticket->reporter) ||
        pd_config_is_own_address(desk->config, ticket->reporter))
        return NULL;
    PD_TRY(pd_ticket_has_participant(desk->store, ticket->number, ticket->reporter, &takes_part));
    return takes_part ? pd_tell_one(telling, ticket->reporter, ticket->reporter_name, NULL,
                                    PD_RANK_REPORTER)
                      : NULL;
}

static gboolean is_same_person(const PdDesk *desk, const char *one, const char *other)
{
    const PdPerson *person = pd_people_find(desk->people, one);

    return pd_address_equal(one, other) ||
           (person != NULL && pd_people_find(desk->people, other) == person);
}

static PdStatus *tell_part(const PdTelling *telling, const char *part, const char *const *except,
                           guint *left)
{
    PdDesk *desk = telling->desk;
    g_autoptr(GPtrArray) people = NULL;

    PD_TRY(pd_ticket_people(desk->store, telling->ticket, part, &people));
    for (guint i = 0; i<people->len && * left> 0; i++) {
        const char *address = g_ptr_array_index(people, i);
        const PdWho who = pd_people_look_up(desk->people, address);
        PdRank rank = pd_rank_of_role(who.role);
        gboolean skip = !pd_text_is_address(address) ||
                        (rank != PD_RANK_STRANGER && strcmp(part, PD_PART_WATCHES) != 0);
        for (const char *const *other = except; *other != NULL; other++)
            skip = skip || is_same_person(desk, address, *other);
        if (skip)
            continue;
        --*left;
        PD_TRY(pd_tell_one(telling, address, who.name, who.language,
                           rank != PD_RANK_STRANGER ? rank : PD_RANK_FOLLOWER));
    }
    return NULL;
}

PdStatus *pd_tell_followers(const PdTelling *telling, const char *except)
{
    g_autoptr(PdTicket) ticket = NULL;
    guint left = MOST_FOLLOWERS;

    PD_TRY(pd_ticket_get(telling->desk->store, telling->ticket, &ticket));
    const char *const others[] = {ticket->reporter, except, NULL};
    PD_TRY(tell_part(telling, PD_PART_FOLLOWS, others, &left));
    return tell_part(telling, PD_PART_WATCHES, others, &left);
}

PdStatus *pd_tell_desk(const PdTelling *telling, const char *except)
{
    PdDesk *desk = telling->desk;
    g_autoptr(PdTicket) ticket = NULL;
    guint left = MOST_FOLLOWERS;

    PD_TRY(pd_ticket_get(desk->store, telling->ticket, &ticket));
    const PdPerson *person = pd_people_of_desk(desk->people, ticket->assignee, NULL);
    const char *assignee = person != NULL ? person->addresses[0] : NULL;
    gboolean is_except =
        assignee != NULL && except != NULL && is_same_person(desk, assignee, except);
    if (person != NULL && !is_except)
        PD_TRY(pd_tell_one(telling, assignee, person->name, person->language,
                           pd_rank_of_role(person->role)));
    const char *const others[] = {except != NULL ? except : assignee,
                                  except != NULL ? assignee : NULL, NULL};
    return tell_part(telling, PD_PART_WATCHES, others, &left);
}

PdStatus *pd_tell_assignee(const PdTelling *telling)
{
    PdDesk *desk = telling->desk;
    PdTelling assigned = *telling;
    g_autoptr(PdTicket) ticket = NULL;

    PD_TRY(pd_ticket_get(desk->store, telling->ticket, &ticket));
    const PdPerson *person = pd_people_of_desk(desk->people, ticket->assignee, NULL);
    if (person == NULL)
        return NULL;
    const char *language =
        pd_desk_language(desk, person->language != NULL ? person->language : ticket->language);
    g_autoptr(PdJson) values = NULL;
    PD_TRY(pd_assignment_values(desk, language, ticket, &values));
    assigned.occasion = "assigned";
    assigned.further = values;
    return pd_tell_one(&assigned, person->addresses[0], person->name, language,
                       pd_rank_of_role(person->role));
}
