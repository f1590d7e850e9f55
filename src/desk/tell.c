/* tell.c: see tell.h. Who left a ticket is mailed no more; who was asked from outside is mailed
 * only what he is asked; the desk's people read on the ticket only if they work on it or watch. */
#include "desk/tell.h"

#include "desk/accept.h"
#include "desk/actions.h"
#include "desk/concern.h"
#include "desk/gather.h"
#include "desk/handed.h"
#include "desk/history.h"
#include "desk/mailed.h"
#include "desk/recipients.h"
#include "desk/values.h"
#include "desk/wait.h"
#include "postdesk/clock.h"
#include "postdesk/mail.h"
#include "postdesk/outbox.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_FOLLOWERS 20
#define MOST_APART 20 /* mails to one taker within an hour */
#define HOUR (3600 * (gint64)PD_SECOND)

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
    pd_json_set(values, "due_agreed",
                telling->due_was != NULL ? pd_json_ref(pd_json_get(values, "resolve_by"))
                                         : pd_json_text(NULL));
    if (telling->mail != NULL)
        pd_values_add_message(telling->desk, values, telling->mail, telling->row);
    pd_values_add_said(values, telling->text, telling->by);
    add_further(values, telling->further);
    return values;
}

/* Whether it waits for the reporter, and what he was asked. That it waits for somebody else is no
 * matter of his: to those outside it is in work. */
static PdStatus *add_wait(const PdTelling *telling, const PdTicket *ticket, const PdReader *reader,
                          const char *language, PdJson *values)
{
    const PdTemplates *templates = telling->desk->templates;
    gboolean is_outside =
        (reader->rank & (PD_RANK_REPORTER | PD_RANK_FOLLOWER | PD_RANK_STRANGER)) != 0;
    g_auto(PdWait) wait = {NULL, NULL, 0};
    g_autoptr(GPtrArray) events = NULL;

    if (strcmp(ticket->status, "waiting") != 0)
        return NULL;
    PD_TRY(pd_ticket_events(telling->desk->store, ticket->number, &events));
    if (!pd_wait_of(events, &wait))
        return NULL;
    pd_json_set_bool(values, "awaits_reporter", wait.external == NULL);
    if (wait.external != NULL)
        pd_json_set_text(values, "status_word",
                         is_outside ? pd_templates_word(templates, language, "statuses", "open")
                                    : pd_templates_word(templates, language, "labels", "outside"));
    else if (strcmp(telling->occasion, "standing") == 0 && telling->text == NULL)
        pd_values_add_said(values, wait.asked, NULL);
    return NULL;
}

/* at_once: why it did not wait, or NULL. */
static PdStatus *mail_one(const PdTelling *telling, const PdTicket *ticket, const PdReader *reader,
                          const char *at_once)
{
    PdDesk *desk = telling->desk;
    g_autofree char *last = NULL;

    PD_TRY(last_message_id(telling, &last));
    const char *language =
        pd_desk_language(desk, reader->language != NULL ? reader->language : ticket->language);
    g_autoptr(PdJson) values = values_of(telling, ticket, language, reader->name);
    pd_values_set_reader(values, reader->rank);
    PD_TRY(add_wait(telling, ticket, reader, language, values));
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func((GDestroyNotify)pd_enclosure_free);
    PD_TRY(pd_handed_read(desk, telling->files, files));
    const PdNotice notice = {
        .occasion = telling->occasion,
        .language = language,
        .values = values,
        .ticket = ticket->number,
        .recipient = reader->address,
        .recipient_name = reader->name,
        .in_reply_to = last,
        .auto_submitted = "auto-generated",
        .enclosures = files->len > 0 ? files : telling->enclosures,
        .held = telling->held,
        .at_once = at_once,
        .gathered = telling->gathered,
        .rank = reader->rank,
        .status = ticket->status,
        .actions = (telling->asks_rating ? PD_ACTIONS_RATE : 0) |
                   (pd_accept_is_due(ticket) ? PD_ACTIONS_HELD : 0) |
                   (pd_address_equal(reader->address, ticket->assignee) ? PD_ACTIONS_HIS : 0),
    };
    PD_TRY(pd_mailed_put(desk, &notice, telling->inbox, telling->channel, ticket->version));
    if (telling->queued != NULL)
        ++*telling->queued;
    return NULL;
}

const char *pd_tell_what_holds(PdTelling *telling, const PdTicket *ticket)
{
    gboolean is_said =
        (telling->text != NULL && telling->text[0] != '\0') || pd_json_length(telling->files) > 0;

    if (strcmp(ticket->status, "spam") == 0)
        return NULL;
    if (g_strcmp0(telling->previous_status, ticket->status) == 0)
        telling->previous_status = NULL;
    if (g_strcmp0(telling->due_was, ticket->resolve_due) == 0 || ticket->resolve_due[0] == '\0')
        telling->due_was = NULL;
    if (strcmp(ticket->status, "merged") != 0)
        telling->into = 0;
    if (telling->previous_status == NULL)
        return telling->due_was != NULL ? "status" : is_said ? "reply" : NULL;
    return strcmp(ticket->status, "resolved") == 0 || strcmp(ticket->status, "closed") == 0
               ? ticket->status
               : "status";
}

/* What comes before it in time comes before it in the mail. */
static void add_gathered(PdTelling *telling, PdGathered *taken)
{
    pd_gathered_add_words(taken, telling->text, telling->by);
    telling->text = taken->said;
    telling->by = taken->by;
    pd_gathered_add_files(taken, telling->files);
    telling->files = taken->files;
    telling->gathered = taken->reasons;
    telling->previous_status = taken->was != NULL ? taken->was : telling->previous_status;
    telling->due_was = taken->due_was != NULL ? taken->due_was : telling->due_was;
    telling->into = telling->into != 0 ? telling->into : taken->into;
}

/* With what waited for him. What answers him shows the status, so he need not be told again. */
static PdStatus *tell_now(const PdTelling *telling, const PdTicket *ticket, const PdReader *reader,
                          const PdPace *pace)
{
    PdTelling all = *telling;
    g_autoptr(PdGathered) taken = NULL;
    gboolean answers =
        strcmp(all.occasion, "standing") == 0 || strcmp(all.occasion, "reopened") == 0;
    const char *kind = answers ? "news" : pace->kind;

    if (kind != NULL)
        PD_TRY(pd_gather_take(telling, reader->address, kind, !answers, &taken));
    if (taken != NULL)
        add_gathered(&all, taken);
    if (taken != NULL && !answers && strcmp(kind, "news") == 0)
        all.occasion = pd_tell_what_holds(&all, ticket);
    return all.occasion != NULL ? mail_one(&all, ticket, reader, pace->why) : NULL;
}

static PdStatus *tell_reader(const PdTelling *telling, const PdTicket *ticket,
                             const PdReader *reader)
{
    const PdPaceOf of = {
        .occasion = telling->occasion,
        .ticket = ticket,
        .recipient = reader->address,
        .doer = telling->doer,
        .has_words = telling->text != NULL && telling->text[0] != '\0',
        .is_of_many = telling->is_of_many,
        .has_files = telling->files != NULL,
        .is_off = telling->given == PD_GIVEN_FROM_HIM,
    };
    g_auto(PdPace) pace = {NULL};

    if (telling->is_due)
        return mail_one(telling, ticket, reader, NULL);
    PD_TRY(pd_pace_decide(telling->desk, &of, pd_clock_now(), &pace));
    PD_TRY(pd_gather_wait_with(telling, reader->address, &pace));
    return pace.due != 0 && telling->held == NULL ? pd_gather_put(telling, reader->address, &pace)
                                                  : tell_now(telling, ticket, reader, &pace);
}

PdStatus *pd_tell_one(const PdTelling *telling, const char *address, const char *name,
                      const char *language, PdRank rank)
{
    const PdReader reader = {address, name, language, rank};
    g_autoptr(PdTicket) ticket = NULL;

    if (!pd_text_can_be_mailed(address)) /* who can write it need not be able to spoil all mails */
        return NULL;

    PD_TRY(pd_ticket_get(telling->desk->store, telling->ticket, &ticket));
    return tell_reader(telling, ticket, &reader);
}

/* A reporter who takes no part is a machine, a list or a forged sender: he is not mailed. */
static PdStatus *tell_reporter(const PdTelling *telling)
{
    PdDesk *desk = telling->desk;
    g_autoptr(PdTicket) ticket = NULL;
    gboolean takes_part = FALSE;

    PD_TRY(pd_ticket_get(desk->store, telling->ticket, &ticket));
    if (!pd_text_can_be_mailed(ticket->reporter) ||
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

static gboolean was_told(const PdTelling *telling, const char *address)
{
    for (guint i = 0; telling->told != NULL && i < telling->told->len; i++) {
        if (is_same_person(telling->desk, address, g_ptr_array_index(telling->told, i)))
            return TRUE;
    }
    return FALSE;
}

/* Which of those who take part so. */
typedef enum {
    ALL,
    OUTSIDE, /* but the desk's people */
    INSIDE,  /* the desk's people */
} Side;

static gboolean is_on(Side side, PdRank rank)
{
    return side == ALL || (side == INSIDE) == (rank != PD_RANK_STRANGER);
}

static PdStatus *tell_part(const PdTelling *telling, const char *part, Side side,
                           const char *const *except, guint *left)
{
    PdDesk *desk = telling->desk;
    g_autoptr(GPtrArray) people = NULL;

    PD_TRY(pd_ticket_people(desk->store, telling->ticket, part, &people));
    for (guint i = 0; i<people->len && * left> 0; i++) {
        const char *address = g_ptr_array_index(people, i);
        const PdWho who = pd_people_look_up(desk->people, address);
        PdRank rank = pd_rank_of_role(who.role);
        gboolean skip =
            !pd_text_can_be_mailed(address) || !is_on(side, rank) || was_told(telling, address);
        for (const char *const *other = except; *other != NULL; other++)
            skip = skip || is_same_person(desk, address, *other);
        if (skip)
            continue;
        --*left;
        PD_TRY(pd_tell_one(telling, address, who.name, who.language,
                           rank != PD_RANK_STRANGER ? rank : PD_RANK_FOLLOWER));
        if (telling->told != NULL && strcmp(part, PD_PART_WATCHES) == 0)
            g_ptr_array_add(telling->told, g_strdup(address));
    }
    return NULL;
}

/* "reopened" answers who did it; to all others it is a change of status. */
static PdStatus *tell_followers(const PdTelling *telling)
{
    PdTelling told = *telling;
    g_autoptr(PdTicket) ticket = NULL;
    guint left = MOST_FOLLOWERS;

    if (strcmp(told.occasion, "reopened") == 0)
        told.occasion = "status";
    PD_TRY(pd_ticket_get(told.desk->store, told.ticket, &ticket));
    const char *const others[] = {ticket->reporter, told.doer, NULL};
    PD_TRY(tell_part(&told, PD_PART_FOLLOWS, OUTSIDE, others, &left));
    return tell_part(&told, PD_PART_WATCHES, told.spares_desk ? OUTSIDE : ALL, others, &left);
}

static PdStatus *tell_desk(const PdTelling *telling)
{
    PdDesk *desk = telling->desk;
    const char *except = telling->doer;
    g_autoptr(PdTicket) ticket = NULL;
    guint left = MOST_FOLLOWERS;

    PD_TRY(pd_ticket_get(desk->store, telling->ticket, &ticket));
    const PdPerson *person = pd_people_of_desk(desk->people, ticket->assignee, NULL);
    const char *assignee = person != NULL ? person->addresses[0] : NULL;
    gboolean is_except =
        assignee != NULL &&
        ((except != NULL && is_same_person(desk, assignee, except)) || was_told(telling, assignee));
    if (person != NULL && !is_except)
        PD_TRY(pd_tell_one(telling, assignee, person->name, person->language,
                           pd_rank_of_role(person->role)));
    const char *const others[] = {except != NULL ? except : assignee,
                                  except != NULL ? assignee : NULL, NULL};
    return tell_part(telling, PD_PART_WATCHES, INSIDE, others, &left);
}

static char *const duty_words[] = {(char *)"on-duty", (char *)"dispatcher", NULL};

/* Where nobody works on it, somebody must hear of it all the same. */
static PdStatus *tell_duty(const PdTelling *telling)
{
    PdDesk *desk = telling->desk;
    g_autoptr(PdTicket) ticket = NULL;

    PD_TRY(pd_ticket_get(desk->store, telling->ticket, &ticket));
    if (pd_people_of_desk(desk->people, ticket->assignee, NULL) != NULL)
        return NULL;
    g_autoptr(GPtrArray) addresses = pd_recipients_of(desk, ticket, duty_words, pd_clock_now());
    for (guint i = 0; i < addresses->len; i++) {
        const char *address = g_ptr_array_index(addresses, i);
        const PdWho who = pd_people_look_up(desk->people, address);
        if (!was_told(telling, address))
            PD_TRY(
                pd_tell_one(telling, address, who.name, who.language, pd_rank_of_role(who.role)));
    }
    return NULL;
}

/* With all that is needed to begin. */
static PdStatus *tell_whole(const PdTelling *telling, const PdTicket *ticket, const char *address,
                            gboolean is_his)
{
    PdDesk *desk = telling->desk;
    PdTelling assigned = *telling;
    const PdWho who = pd_people_look_up(desk->people, address);
    const char *language =
        pd_desk_language(desk, who.language != NULL ? who.language : ticket->language);
    g_auto(PdAssignment) made = {0};

    PD_TRY(pd_assignment_make(desk, language, ticket, telling->ahead, &made));
    pd_json_set_bool(made.values, "is_yours", is_his);
    pd_json_set_bool(made.values, "is_held", pd_accept_is_due(ticket));
    assigned.occasion = "assigned";
    assigned.given = is_his ? PD_GIVEN_TO_HIM : PD_GIVEN_FREE;
    assigned.further = made.values;
    assigned.enclosures = made.enclosures;
    return pd_tell_one(&assigned, address, who.name, language, pd_rank_of_role(who.role));
}

static PdStatus *tell_assignee(const PdTelling *telling)
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
    pd_json_set_bool(values, "was_yours", TRUE);
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

    return pd_accept_is_due(ticket) ? pd_recipients_of(desk, ticket, duty_words, now)
                                    : pd_recipients_found(desk, ticket, duty_words, now);
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

/* Strangers can open as many as they like: beyond some, he who may take them reads of several in
 * one mail. */
static PdStatus *tell_one_taker(const PdTelling *telling, const PdTicket *ticket,
                                const char *address)
{
    PdTelling told = *telling;
    gint64 mailed = 0;

    PD_TRY(pd_outbox_count_since(telling->desk->store, address, pd_clock_now() - HOUR, &mailed));
    told.is_of_many = telling->is_of_many || mailed >= MOST_APART;
    return tell_whole(&told, ticket, address, FALSE);
}

/* But who wrote it down himself. */
static PdStatus *tell_takers(const PdTelling *telling)
{
    g_autoptr(PdTicket) ticket = NULL;

    PD_TRY(pd_ticket_get(telling->desk->store, telling->ticket, &ticket));
    g_autoptr(GPtrArray) addresses = takers_of(telling->desk, ticket);
    for (guint i = 0; i < MIN(addresses->len, MOST_FOLLOWERS); i++) {
        const char *address = g_ptr_array_index(addresses, i);
        if (telling->doer == NULL || !is_same_person(telling->desk, address, telling->doer))
            PD_TRY(tell_one_taker(telling, ticket, address));
    }
    return NULL;
}

PdStatus *pd_tell_concerned(const PdTelling *telling, guint whom)
{
    if ((whom & PD_CONCERNS_REPORTER) != 0)
        PD_TRY(tell_reporter(telling));
    if ((whom & PD_CONCERNS_FOLLOWERS) != 0)
        PD_TRY(tell_followers(telling));
    if ((whom & PD_CONCERNS_HOLDER) != 0)
        PD_TRY(tell_desk(telling));
    if ((whom & PD_CONCERNS_DUTY) != 0)
        PD_TRY(tell_duty(telling));
    if ((whom & PD_CONCERNS_TAKERS) != 0)
        PD_TRY(tell_takers(telling));
    if ((whom & PD_CONCERNS_FORMER) != 0 && telling->former != NULL)
        PD_TRY(pd_tell_former(telling, telling->former));
    return (whom & PD_CONCERNS_ASSIGNEE) != 0 ? tell_assignee(telling) : NULL;
}
