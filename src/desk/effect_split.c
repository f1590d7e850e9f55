/* effect_split.c: a message becomes a ticket of its own. One that had come to the wrong ticket
 * leaves no trace there: who wrote it goes with it, and the status that it moved is as it was. */
#include "desk/effect.h"

#include "desk/due.h"
#include "desk/duty.h"
#include "desk/subject.h"
#include "desk/undone.h"
#include "postdesk/text.h"
#include <string.h>

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

/* An answer to a mail of the desk has the desk's subject; what it is about stands in its text. */
static char *subject_of(const PdChange *change, const PdStoredMessage *message)
{
    g_autofree char *own = pd_subject_clean(message->subject != NULL ? message->subject : "", NULL);
    g_autofree char *ours = pd_subject_clean(change->ticket->subject, NULL);
    const char *text = message->text != NULL ? message->text : "";

    if (change->subject[0] != '\0')
        return g_strdup(change->subject);
    while (g_ascii_isspace(*text))
        text++;
    if (text[0] == '\0' || ours[0] == '\0' || strstr(own, ours) == NULL)
        return g_steal_pointer(&own);
    g_autofree char *line = g_strndup(text, strcspn(text, "\n"));
    return pd_text_shorten(g_strstrip(line), PD_SUBJECT_FROM_TEXT_BYTES);
}

static PdEvent *opening_of(PdChange *change, const PdStoredMessage *message)
{
    const PdTicket *ticket = change->ticket;
    PdEvent *event = pd_effect_event(change, "opened", 0);
    PdJson *set = pd_json_object();
    g_autofree char *subject = subject_of(change, message);

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
    if (stays)
        return;
    pd_json_set(event->data, "parts",
                pd_json_set_text(pd_json_object(), moved->from, PD_PART_LEFT));
    pd_json_set(event->data, "parts_before",
                pd_json_set_text(pd_json_object(), moved->from, PD_PART_FOLLOWS));
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
    g_autoptr(PdEvent) event = pd_effect_event(change, "undone", now->number);
    pd_json_set(event->data, "set", pd_json_set_text(pd_json_object(), "status", before));
    pd_json_set_int(event->data, "undoes", sequence);
    PD_TRY(pd_due_set(change->desk, now, event));
    pd_undone_note(change, now, g_ptr_array_index(events, (guint)sequence - 1), event);
    return pd_effect_append(change, event);
}

PdStatus *pd_effect_split(PdChange *change, gint64 *into)
{
    g_autoptr(GPtrArray) messages = NULL;

    PD_TRY(pd_message_of_ticket(change->desk->store, change->ticket->number, &messages));
    const PdStoredMessage *message = last_from_outside(change, messages);
    if (message == NULL || message->from == NULL)
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, NULL,
                             "no later message of somebody outside can be split off");
    g_autoptr(PdEvent) opened = opening_of(change, message);
    g_autoptr(PdEvent) split = pd_effect_event(change, "split", change->ticket->number);
    PD_TRY(pd_duty_assign(change->desk, opened));
    PD_TRY(pd_due_set(change->desk, NULL, opened));
    PD_TRY(pd_effect_append(change, opened));
    pd_json_set_int(split->data, "into", opened->ticket);
    pd_json_set_int(split->data, "message", message->inbox);
    if (!change->unthreads) /* that is an undo itself */
        pd_json_set(split->data, "before", pd_json_object());
    let_go(change, messages, message, split);
    PD_TRY(pd_effect_append(change, split));
    if (change->unthreads) {
        pd_undone_note_moved(change, opened->ticket);
        PD_TRY(put_status_back(change, message->inbox));
    }
    *into = opened->ticket;
    return pd_message_move(change->desk->store, message->inbox, opened->ticket);
}
