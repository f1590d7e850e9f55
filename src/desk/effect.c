/* effect.c: a checked change, done: its events first, then the mails about it.
 *
 * I6: all of it is events; what is taken back is taken back by a further event. Each says who did
 * it, by which channel, by which message and by which token. */
#include "desk/change.h"

#include "desk/accept.h"
#include "desk/concern.h"
#include "desk/due.h"
#include "desk/formmail.h"
#include "desk/history.h"
#include "desk/subject.h"
#include "desk/tell.h"
#include "postdesk/mail.h"
#include <string.h>

static PdEvent *new_event(const PdChange *change, const char *kind, gint64 ticket)
{
    const PdDoer *doer = change->doer;
    PdEvent *event = pd_event_new(kind, doer->actor, doer->channel);

    event->ticket = ticket;
    event->inbox = doer->inbox;
    if (pd_json_length(change->commands) > 0)
        pd_json_set(event->data, "commands", pd_json_ref(change->commands));
    if (doer->token != NULL)
        pd_json_set_text(event->data, "token", doer->token);
    if (change->bulk != 0)
        pd_json_set_int(event->data, "bulk", change->bulk);
    return event;
}

static PdStatus *append(const PdChange *change, PdEvent *event)
{
    PdStore *store = change->desk->store;
    g_autoptr(PdTicket) now = NULL;

    if (event->ticket == 0)
        return pd_ticket_append(store, event, 0);
    PD_TRY(pd_ticket_get(store, event->ticket, &now));
    return pd_ticket_append(store, event, now->version);
}

const char *pd_change_field(const PdTicket *ticket, const char *field)
{
    const struct {
        const char *name, *value;
    } known[] = {
        {"status", ticket->status},
        {"category", ticket->category},
        {"impact", ticket->impact},
        {"urgency", ticket->urgency},
        {"priority", ticket->priority},
        {"queue", ticket->queue},
        {"assignee", ticket->assignee},
        {"subject", ticket->subject},
        {"reporter_name", ticket->reporter_name},
        {"respond_due", ticket->respond_due},
        {"resolve_due", ticket->resolve_due},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
        if (strcmp(known[i].name, field) == 0)
            return known[i].value;
    return "";
}

/* What the fields were, so that undo can set them again. */
static PdJson *before(const PdTicket *ticket, const PdJson *set)
{
    g_autofree const char **keys = pd_json_keys(set);
    PdJson *fields = pd_json_object();

    for (guint i = 0; keys[i] != NULL; i++)
        pd_json_set_text(fields, keys[i], pd_change_field(ticket, keys[i]));
    return fields;
}

/* Impact and urgency carry the priority with them, unless it is given, too. */
static void set_priority(PdChange *change)
{
    if (pd_json_get(change->set, "priority") != NULL ||
        (pd_json_get(change->set, "impact") == NULL && pd_json_get(change->set, "urgency") == NULL))
        return;
    const char *priority = pd_rule_set_priority(
        change->desk->rules, pd_change_after(change, "impact", change->ticket->impact),
        pd_change_after(change, "urgency", change->ticket->urgency));
    if (priority != NULL)
        pd_json_set_text(change->set, "priority", priority);
}

static gboolean has_members(const PdJson *object)
{
    g_autofree const char **keys = pd_json_keys(object);

    return keys[0] != NULL;
}

static PdStatus *put_back_link(PdChange *change, const PdJson *link)
{
    gint64 other = pd_json_get_int(link, "ticket", 0);
    g_autoptr(PdEvent) event = new_event(change, "linked", other);
    PdJson *back = pd_json_set_text(pd_json_object(), "kind", pd_json_get_text(link, "back"));

    pd_json_set_int(back, "ticket", change->ticket->number);
    pd_json_set(event->data, "links", pd_json_add(pd_json_array(), back));
    return append(change, event);
}

static PdStatus *put_links(PdChange *change, PdEvent *event)
{
    if (pd_json_length(change->links) == 0)
        return NULL;
    pd_json_set(event->data, "links", pd_json_ref(change->links));
    for (gsize i = 0; i < pd_json_length(change->links); i++)
        PD_TRY(put_back_link(change, pd_json_at(change->links, i)));
    return NULL;
}

/* The desk's own fields, and what they were. */
static void put_custom(const PdChange *change, PdEvent *event)
{
    g_autoptr(PdJson) was = pd_ticket_custom(change->ticket);
    g_autofree const char **names = pd_json_keys(change->custom);
    PdJson *before = pd_json_object();

    for (guint i = 0; names[i] != NULL; i++)
        pd_json_set_text(before, names[i], pd_json_get_text(was, names[i]));
    pd_json_set(event->data, "fields", pd_json_ref(change->custom));
    pd_json_set(event->data, "fields_before", before);
    if (pd_json_get(event->data, "before") == NULL)
        pd_json_set(event->data, "before", pd_json_object());
}

/* What the commands set, as one event; none where they set nothing. */
static PdStatus *put_changed(PdChange *change)
{
    g_autoptr(PdEvent) event = new_event(change, "changed", change->ticket->number);
    gboolean sets = has_members(change->set);

    if (!sets && pd_json_length(change->tags) == 0 && pd_json_length(change->untags) == 0 &&
        !has_members(change->custom) && !has_members(change->parts) &&
        pd_json_length(change->links) == 0 && change->rating == 0 && change->due == NULL)
        return NULL;
    if (sets || change->due != NULL) {
        pd_json_set(event->data, "set", pd_json_ref(change->set));
        if (change->due != NULL)
            pd_json_set_text(event->data, "due", change->due);
        PD_TRY(pd_due_set(change->desk, change->ticket, event));
        pd_json_set(event->data, "before", before(change->ticket, change->set));
    }
    if (has_members(change->custom))
        put_custom(change, event);
    if (pd_json_length(change->tags) > 0)
        pd_json_set(event->data, "tags", pd_json_ref(change->tags));
    if (pd_json_length(change->untags) > 0)
        pd_json_set(event->data, "untags", pd_json_ref(change->untags));
    if (has_members(change->parts))
        pd_json_set(event->data, "parts", pd_json_ref(change->parts));
    if (change->external != NULL)
        pd_json_set_text(event->data, "waits_on", change->external);
    if (change->rating != 0)
        pd_json_set_int(event->data, "rating", change->rating);
    PD_TRY(put_links(change, event));
    PD_TRY(append(change, event));
    change->event = event->sequence;
    return NULL;
}

/* Those who follow the one and took no part in the other. */
static PdStatus *newcomers(PdChange *change, PdJson **added)
{
    PdStore *store = change->desk->store;
    g_autoptr(GPtrArray) people = NULL;

    *added = pd_json_array();
    PD_TRY(pd_ticket_people(store, change->ticket->number, PD_PART_FOLLOWS, &people));
    for (guint i = 0; i < people->len; i++) {
        gboolean is_there = FALSE;
        PD_TRY(pd_ticket_has_participant(store, change->merge_into, g_ptr_array_index(people, i),
                                         &is_there));
        if (!is_there)
            pd_json_add_text(*added, g_ptr_array_index(people, i));
    }
    return NULL;
}

static PdStatus *put_merge(PdChange *change)
{
    PdJson *set = pd_json_set_text(pd_json_object(), "status", "merged");
    g_autoptr(PdEvent) merged = new_event(change, "merged", change->ticket->number);
    g_autoptr(PdEvent) absorbed = new_event(change, "absorbed", change->merge_into);
    g_autoptr(PdTicket) now = NULL;
    PdJson *added = NULL;

    PD_TRY(pd_ticket_get(change->desk->store, change->ticket->number, &now));
    pd_json_set(merged->data, "set", set);
    pd_json_set_int(merged->data, "into", change->merge_into);
    PD_TRY(pd_due_set(change->desk, now, merged));
    pd_json_set(merged->data, "before", before(now, set));
    PD_TRY(newcomers(change, &added));
    pd_json_set(absorbed->data, "participants", added);
    pd_json_set_int(absorbed->data, "from", change->ticket->number);
    pd_json_set(absorbed->data, "before", pd_json_object());
    PD_TRY(append(change, merged));
    change->event = merged->sequence;
    return append(change, absorbed);
}

/* The last message that did not come from the desk's own people; NULL if it is the first one. */
static const PdStoredMessage *last_from_outside(const PdChange *change, const GPtrArray *messages)
{
    for (guint i = messages->len; i > 1; i--) {
        const PdStoredMessage *message = g_ptr_array_index(messages, i - 1);
        const PdWho who = pd_people_look_up(change->desk->people, message->from);
        if (message->inbox != change->doer->inbox && pd_rank_of_role(who.role) == PD_RANK_STRANGER)
            return message;
    }
    return NULL;
}

static PdEvent *opening_of(PdChange *change, const PdStoredMessage *message)
{
    const PdTicket *ticket = change->ticket;
    PdEvent *event = new_event(change, "opened", 0);
    PdJson *set = pd_json_object();
    g_autofree char *subject =
        change->subject[0] != '\0'
            ? g_strdup(change->subject)
            : pd_subject_clean(message->subject != NULL ? message->subject : "");

    pd_json_set_text(set, "subject", subject);
    pd_json_set_text(set, "status", "new");
    for (const char *const *field =
             (const char *const[]){"category", "impact", "urgency", "priority", "queue", NULL};
         *field != NULL; field++)
        pd_json_set_text(set, *field, pd_change_field(ticket, *field));
    pd_json_set_text(set, "reporter", message->from);
    pd_json_set_text(set, "reporter_name", message->from_name);
    pd_json_set_text(set, "department", ticket->department);
    pd_json_set_text(set, "language", ticket->language);
    pd_json_set(event->data, "set", set);
    pd_json_set(event->data, "participants", pd_json_add_text(pd_json_array(), message->from));
    pd_json_set_int(event->data, "split_from", ticket->number);
    pd_json_set_int(event->data, "message", message->inbox);
    return event;
}

/* Who wrote nothing else here, and is not its reporter, has no more part in the ticket. */
static void let_go(const PdChange *change, const GPtrArray *messages, const PdStoredMessage *moved,
                   PdEvent *event)
{
    gboolean stays = pd_address_equal(moved->from, change->ticket->reporter);

    for (guint i = 0; i < messages->len; i++) {
        const PdStoredMessage *other = g_ptr_array_index(messages, i);
        stays = stays || (other != moved && other->from != NULL &&
                          pd_address_equal(other->from, moved->from));
    }
    if (!stays)
        pd_json_set(event->data, "parts",
                    pd_json_set_text(pd_json_object(), moved->from, PD_PART_LEFT));
}

/* The status before the event that made it what it is, or NULL if it made none, or another did. */
static const char *status_before(const GPtrArray *events, gint64 inbox, const char *now,
                                 gint64 *sequence)
{
    const char *before = NULL;

    for (guint i = 0; i < events->len; i++) {
        const PdEvent *event = g_ptr_array_index(events, i);
        const char *status = pd_json_get_text(pd_json_get(event->data, "set"), "status");
        if (strcmp(event->kind, "message") == 0 && event->inbox == inbox) {
            *sequence = event->sequence;
            return status != NULL && strcmp(status, now) == 0 ? before : NULL;
        }
        before = status != NULL ? status : before;
    }
    return NULL;
}

/* What the message moved, such as a ticket that was resolved, is as it was. */
static PdStatus *put_status_back(PdChange *change, gint64 inbox)
{
    g_autoptr(GPtrArray) events = NULL;
    g_autoptr(PdTicket) now = NULL;
    gint64 sequence = 0;

    PD_TRY(pd_ticket_get(change->desk->store, change->ticket->number, &now));
    PD_TRY(pd_ticket_events(change->desk->store, now->number, &events));
    const char *before = status_before(events, inbox, now->status, &sequence);
    if (before == NULL)
        return NULL;
    g_autoptr(PdEvent) event = new_event(change, "undone", now->number);
    pd_json_set(event->data, "set", pd_json_set_text(pd_json_object(), "status", before));
    pd_json_set_int(event->data, "undoes", sequence);
    PD_TRY(pd_due_set(change->desk, now, event));
    return append(change, event);
}

static PdStatus *put_split(PdChange *change, gint64 *into)
{
    g_autoptr(GPtrArray) messages = NULL;

    PD_TRY(pd_message_of_ticket(change->desk->store, change->ticket->number, &messages));
    const PdStoredMessage *message = last_from_outside(change, messages);
    if (message == NULL || message->from == NULL)
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, NULL,
                             "no later message of somebody outside can be split off");
    g_autoptr(PdEvent) opened = opening_of(change, message);
    g_autoptr(PdEvent) split = new_event(change, "split", change->ticket->number);
    PD_TRY(pd_due_set(change->desk, NULL, opened));
    PD_TRY(append(change, opened));
    pd_json_set_int(split->data, "into", opened->ticket);
    pd_json_set_int(split->data, "message", message->inbox);
    let_go(change, messages, message, split);
    PD_TRY(append(change, split));
    if (change->unthreads)
        PD_TRY(put_status_back(change, message->inbox));
    *into = opened->ticket;
    return pd_message_move(change->desk->store, message->inbox, opened->ticket);
}

/* The same of the desk's own fields; NULL where the event set none. */
static PdJson *custom_again(const PdTicket *now, const PdEvent *undone)
{
    const PdJson *was = pd_json_get(undone->data, "fields_before");
    const PdJson *became = pd_json_get(undone->data, "fields");
    g_autoptr(PdJson) is = pd_ticket_custom(now);
    PdJson *fields = pd_json_object();

    if (!pd_json_is_object(was)) {
        pd_json_free(fields);
        return NULL;
    }
    g_autofree const char **names = pd_json_keys(was);
    for (guint i = 0; names[i] != NULL; i++)
        if (g_strcmp0(pd_json_get_text(is, names[i]), pd_json_get_text(became, names[i])) == 0)
            pd_json_set_text(fields, names[i], pd_json_get_text(was, names[i]));
    return fields;
}

/* Was it told outside that the status became what is now taken back? */
static void note_undone(PdChange *change, const PdTicket *now, const PdEvent *undone,
                        const PdJson *set)
{
    const char *was = pd_json_get_text(set, "status");

    if (was == NULL)
        return;
    const PdTransition *move =
        pd_lifecycle_find(was, now->status, PD_BY_STAFF | PD_BY_REPORTER | PD_BY_PARTICIPANT);
    if (strcmp(undone->kind, "merged") != 0 && (move == NULL || move->occasion == NULL))
        return;
    change->undone = now->number;
    change->undone_status = g_strdup(now->status);
}

/* Sets again what still is as the event left it. */
static PdStatus *put_undone(PdChange *change, const PdTicket *now, const PdEvent *undone)
{
    g_autoptr(PdEvent) event = new_event(change, "undone", now->number);
    const PdJson *was = pd_json_get(undone->data, "before");
    const PdJson *became = pd_json_get(undone->data, "set");
    g_autofree const char **keys = pd_json_keys(was);
    PdJson *set = pd_json_object();

    for (guint i = 0; keys[i] != NULL; i++) {
        const char *left = pd_json_get_text(became, keys[i]);
        if (strcmp(pd_change_field(now, keys[i]), left != NULL ? left : "") == 0)
            pd_json_set_text(set, keys[i], pd_json_get_text(was, keys[i]));
    }
    PdJson *fields = custom_again(now, undone);
    if (fields != NULL)
        pd_json_set(event->data, "fields", fields);
    pd_json_set(event->data, "set", set);
    pd_json_set_int(event->data, "undoes", undone->sequence);
    if (pd_json_get(undone->data, "due") != NULL)
        pd_json_set_text(event->data, "due", NULL);
    PD_TRY(pd_due_set(change->desk, now, event));
    note_undone(change, now, undone, set);
    return append(change, event);
}

/* Who came in with a merge leaves with it. */
static PdStatus *put_unabsorbed(PdChange *change, gint64 number, const PdEvent *undone)
{
    g_autoptr(PdEvent) event = new_event(change, "undone", number);
    const PdJson *came = pd_json_get(undone->data, "participants");
    PdJson *parts = pd_json_object();

    for (gsize i = 0; i < pd_json_length(came); i++)
        pd_json_set_text(parts, pd_json_string(pd_json_at(came, i)), PD_PART_LEFT);
    pd_json_set(event->data, "parts", parts);
    pd_json_set_int(event->data, "undoes", undone->sequence);
    return append(change, event);
}

/* The last event of a kind that speaks of the other ticket, and is not undone. */
static const PdEvent *find_half(const GPtrArray *events, const char *kind, const char *member,
                                gint64 other)
{
    for (guint i = events->len; i > 0; i--) {
        const PdEvent *event = g_ptr_array_index(events, i - 1);
        if (strcmp(event->kind, kind) == 0 && pd_json_get_int(event->data, member, 0) == other)
            return event;
    }
    return NULL;
}

/* Both halves of a merge, from whichever ticket it is taken back. */
static PdStatus *undo_merge(PdChange *change, gint64 from, gint64 into)
{
    PdStore *store = change->desk->store;
    g_autoptr(GPtrArray) of_source = NULL;
    g_autoptr(GPtrArray) of_target = NULL;
    g_autoptr(PdTicket) source = NULL;

    PD_TRY(pd_ticket_get(store, from, &source));
    PD_TRY(pd_ticket_events(store, from, &of_source));
    PD_TRY(pd_ticket_events(store, into, &of_target));
    const PdEvent *merged = find_half(of_source, "merged", "into", into);
    const PdEvent *absorbed = find_half(of_target, "absorbed", "from", from);
    if (source == NULL || merged == NULL || absorbed == NULL)
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, NULL, "the merge cannot be taken back");
    PD_TRY(put_undone(change, source, merged));
    return put_unabsorbed(change, into, absorbed);
}

static PdStatus *put_undo(PdChange *change)
{
    g_autoptr(GPtrArray) events = NULL;
    gint64 number = change->ticket->number;

    PD_TRY(pd_ticket_events(change->desk->store, number, &events));
    const PdEvent *last = pd_history_undoable(events);
    if (last == NULL)
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, NULL, "there is nothing to take back");
    if (strcmp(last->kind, "merged") == 0)
        return undo_merge(change, number, pd_json_get_int(last->data, "into", 0));
    if (strcmp(last->kind, "absorbed") == 0)
        return undo_merge(change, pd_json_get_int(last->data, "from", 0), number);
    return put_undone(change, change->ticket, last);
}

/* A note that came by no mail has no message to stand in. */
static PdStatus *put_note(PdChange *change)
{
    g_autoptr(PdEvent) event = new_event(change, "note", change->ticket->number);

    if (change->text->len == 0 || change->doer->inbox != 0)
        return NULL;
    pd_json_set_text(event->data, change->is_internal ? "note" : "said", change->text->str);
    return append(change, event);
}

static gboolean is_by_desk(const PdChange *change)
{
    return (change->doer->rank & PD_RANK_DESK) != 0 || (change->doer->proofs & PD_PROOF_LOCAL) != 0;
}

/* What is said with it to those outside; NULL: nothing. */
static const char *words_outside(const PdChange *change)
{
    gboolean is_for_them = is_by_desk(change) && !change->is_internal && change->external == NULL &&
                           g_strcmp0(pd_json_get_text(change->set, "status"), "spam") != 0;

    return is_for_them && change->text->len > 0 ? change->text->str : NULL;
}

/* The one change that those outside are told of; what else there is stands in the same mail. While
 * somebody else is asked, that it waits for him is no matter of theirs. */
static const char *change_outside(const PdChange *change)
{
    const PdTransition *move = change->external == NULL ? change->transition : NULL;

    if (change->merge_into != 0)
        return "merged";
    if (change->undone != 0)
        return "undone";
    if (move != NULL && move->occasion != NULL)
        return "status";
    if (change->due != NULL)
        return "due";
    return words_outside(change) != NULL && !change->form_goes_out ? "words" : NULL;
}

/* Who had which form made, and where it goes. What a mail about the change says already is not said
 * again with the form. */
static PdStatus *put_form(PdChange *change)
{
    if (change->form == NULL)
        return NULL;
    g_autoptr(PdEvent) event = new_event(change, "form", change->ticket->number);
    pd_json_set_text(event->data, "form", change->form);
    pd_json_set_text(event->data, "for", change->form_goes_out ? "reporter" : change->doer->actor);
    PD_TRY(append(change, event));
    return pd_formmail_want(change, change->form_goes_out && change_outside(change) == NULL
                                        ? words_outside(change)
                                        : NULL);
}

static PdStatus *tell_outside(PdChange *change, PdTelling telling)
{
    const char *what = change_outside(change);
    const PdConcern *concern = what != NULL ? pd_concern_of(what) : NULL;
    gboolean is_move = change->transition != NULL && change->external == NULL;

    if (change->acknowledges)
        return pd_accept_tell(change, &telling);
    if (concern == NULL)
        return NULL;
    telling.occasion = concern->occasion != NULL ? concern->occasion : change->transition->occasion;
    telling.text = words_outside(change);
    telling.due_was = change->due != NULL ? change->ticket->resolve_due : NULL;
    if (is_move || change->merge_into != 0)
        telling.previous_status = change->ticket->status;
    if (change->undone != 0) {
        telling.ticket = change->undone;
        telling.previous_status = change->undone_status;
    }
    return pd_tell_concerned(&telling, concern->whom);
}

static PdStatus *tell_external(PdChange *change, PdTelling telling)
{
    const PdWho who = pd_people_look_up(change->desk->people, change->external);

    telling.occasion = pd_concern_of("asked")->occasion;
    telling.text = change->text->str;
    return pd_tell_one(&telling, change->external, who.name, who.language, PD_RANK_EXTERNAL);
}

static PdStatus *tell_standing(PdChange *change, PdTelling telling)
{
    telling.occasion = pd_concern_of("standing")->occasion;
    return pd_tell_one(&telling, change->doer->answer_to, NULL, NULL, change->doer->rank);
}

static PdStatus *tell_split(PdTelling telling, gint64 into)
{
    const PdConcern *concern = pd_concern_of("split");

    telling.ticket = into;
    telling.mail = NULL;
    telling.occasion = concern->occasion;
    return pd_tell_concerned(&telling, concern->whom);
}

static PdStatus *tell(PdChange *change, gint64 split_into, guint *queued)
{
    g_autoptr(GPtrArray) events = NULL;
    PdTelling telling = {
        .desk = change->desk,
        .ticket = change->ticket->number,
        .channel = change->doer->channel,
        .inbox = change->doer->inbox,
        .event = change->event,
        .doer = change->doer->actor,
        .into = change->merge_into,
        .mail = change->doer->mail,
        .row = change->doer->row,
        .held = change->doer->held,
        .queued = queued,
    };

    PD_TRY(pd_ticket_events(change->desk->store, telling.ticket, &events));
    telling.asks_rating = pd_history_may_ask_rating(events, change->ticket->reporter);
    PD_TRY(tell_outside(change, telling));
    if (change->external != NULL)
        PD_TRY(tell_external(change, telling));
    if (change->wants_standing && change->doer->inbox != 0 && change->doer->answer_to != NULL)
        PD_TRY(tell_standing(change, telling));
    if (change->assignee != NULL)
        PD_TRY(pd_tell_concerned(&telling, pd_concern_of("assignee")->whom));
    return split_into != 0 ? tell_split(telling, split_into) : NULL;
}

PdStatus *pd_change_undo(PdChange *change, const PdEvent *event, gboolean *whole)
{
    const PdJson *became = pd_json_get(event->data, "set");
    g_autofree const char **keys = pd_json_keys(pd_json_get(event->data, "before"));

    *whole = TRUE;
    for (guint i = 0; keys[i] != NULL; i++) {
        const char *left = pd_json_get_text(became, keys[i]);
        *whole = *whole &&
                 strcmp(pd_change_field(change->ticket, keys[i]), left != NULL ? left : "") == 0;
    }
    PD_TRY(put_undone(change, change->ticket, event));
    return tell(change, 0, NULL);
}

PdStatus *pd_change_commit(PdChange *change, guint *queued)
{
    gint64 split_into = 0;

    set_priority(change);
    PD_TRY(put_changed(change));
    if (change->undoes)
        PD_TRY(put_undo(change));
    if (change->merge_into != 0)
        PD_TRY(put_merge(change));
    if (change->splits)
        PD_TRY(put_split(change, &split_into));
    PD_TRY(put_note(change));
    PD_TRY(put_form(change));
    return tell(change, split_into, queued);
}
