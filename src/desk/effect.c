/* effect.c: a checked change, done: its events first, then the mails about it.
 *
 * I6: all of it is events; what is taken back is taken back by a further event. Each says who did
 * it, by which channel, by which message and by which token. */
#include "desk/effect.h"

#include "desk/due.h"
#include "desk/formmail.h"
#include "desk/history.h"
#include "desk/labels.h"
#include "desk/wait.h"
#include "postdesk/timers.h"
#include <string.h>

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
    g_autoptr(PdEvent) event = pd_effect_event(change, "linked", other);
    PdJson *back = pd_json_set_text(pd_json_object(), "kind", pd_json_get_text(link, "back"));

    pd_json_set_int(back, "ticket", change->ticket->number);
    pd_json_set(event->data, "links", pd_json_add(pd_json_array(), back));
    return pd_effect_append(change, event);
}

static PdStatus *put_links(PdChange *change, PdEvent *event)
{
    if (pd_json_length(change->links) == 0)
        return NULL;
    pd_json_set(event->data, "links", pd_json_ref(change->links));
    if (pd_json_get(event->data, "before") == NULL) /* so that it can be taken back (history.c) */
        pd_json_set(event->data, "before", pd_json_object());
    for (gsize i = 0; i < pd_json_length(change->links); i++)
        PD_TRY(put_back_link(change, pd_json_at(change->links, i)));
    return NULL;
}

/* Whom the ticket waits for from now on, if not for the reporter, and what he is asked: a reminder
 * asks it again. */
static void put_question(const PdChange *change, PdEvent *event)
{
    gboolean waits = g_strcmp0(pd_json_get_text(change->set, "status"), "waiting") == 0;
    gboolean asks = change->external != NULL || pd_effect_words_outside(change) != NULL;

    if (change->external != NULL)
        pd_json_set_text(event->data, "waits_on", change->external);
    if (waits && asks && change->text->len > 0)
        pd_json_set_text(event->data, "asked", change->text->str);
}

/* The last one counts; what he said before stands in the history. */
static PdStatus *put_rating(const PdChange *change, PdEvent *event)
{
    g_autoptr(GPtrArray) events = NULL;

    if (change->rating == 0)
        return NULL;
    PD_TRY(pd_ticket_events(change->desk->store, change->ticket->number, &events));
    gint64 before = pd_history_rating(events);
    pd_json_set_int(event->data, "rating", change->rating);
    if (before != 0)
        pd_json_set_int(event->data, "rating_before", before);
    return NULL;
}

/* What the commands set, as one event; none where they set nothing. */
static PdStatus *put_changed(PdChange *change)
{
    g_autoptr(PdEvent) event = pd_effect_event(change, "changed", change->ticket->number);
    gboolean sets = has_members(change->set);

    if (!sets && !pd_labels_differ(change) && !has_members(change->parts) &&
        pd_json_length(change->links) == 0 && change->rating == 0 && change->due == NULL)
        return NULL;
    if (sets || change->due != NULL) {
        pd_json_set(event->data, "set", pd_json_ref(change->set));
        if (change->due != NULL)
            pd_json_set_text(event->data, "due", change->due);
        PD_TRY(pd_due_set(change->desk, change->ticket, event));
        pd_json_set(event->data, "before", pd_effect_before(change->ticket, change->set));
    }
    pd_labels_put(change, event);
    PD_TRY(pd_effect_put_parts(change, event));
    put_question(change, event);
    PD_TRY(put_rating(change, event));
    PD_TRY(put_links(change, event));
    PD_TRY(pd_effect_append(change, event));
    change->event = event->sequence;
    return NULL;
}

/* What is written to the reporter while the ticket waits for him is a further question: what he is
 * reminded of, and when, hangs on it. */
static PdStatus *put_further_question(PdChange *change)
{
    const char *words = pd_effect_words_outside(change);
    g_auto(PdWait) wait = {NULL, NULL, 0};
    g_autoptr(GPtrArray) events = NULL;

    if (words == NULL || strcmp(change->ticket->status, "waiting") != 0 ||
        pd_json_get(change->set, "status") != NULL || change->merge_into != 0 || change->undoes)
        return NULL;
    PD_TRY(pd_ticket_events(change->desk->store, change->ticket->number, &events));
    if (!pd_wait_of(events, &wait) || wait.external != NULL)
        return NULL;
    g_autoptr(PdEvent) event = pd_effect_event(change, "asked", change->ticket->number);
    pd_json_set_text(event->data, "asked", words);
    return pd_effect_append(change, event);
}

/* Reminders that were made already, and all of them, are made anew for a question that leaves the
 * status as it is. */
static PdStatus *start_reminders(PdChange *change)
{
    gboolean waits =
        strcmp(pd_change_after(change, "status", change->ticket->status), "waiting") == 0;

    return waits && change->text->len > 0 && !change->is_internal
               ? pd_timers_set(change->desk->store, change->ticket->number, 1)
               : NULL;
}

/* A note that came by no mail has no message to stand in. */
static PdStatus *put_note(PdChange *change)
{
    g_autoptr(PdEvent) event = pd_effect_event(change, "note", change->ticket->number);

    if (change->text->len == 0 || change->doer->inbox != 0)
        return NULL;
    pd_json_set_text(event->data, change->is_internal ? "note" : "said", change->text->str);
    return pd_effect_append(change, event);
}

/* Who had which form made, and where it goes. What a mail about the change says already is not said
 * again with the form. */
static PdStatus *put_form(PdChange *change)
{
    if (change->form == NULL)
        return NULL;
    g_autoptr(PdEvent) event = pd_effect_event(change, "form", change->ticket->number);
    pd_json_set_text(event->data, "form", change->form);
    pd_json_set_text(event->data, "for", change->form_goes_out ? "reporter" : change->doer->actor);
    PD_TRY(pd_effect_append(change, event));
    gboolean says = change->form_goes_out && pd_effect_change_outside(change) == NULL;
    g_autoptr(PdJson) files = pd_effect_files_with_form(change);
    return pd_formmail_want(change, says ? pd_effect_words_outside(change) : NULL, files);
}

PdStatus *pd_change_undo(PdChange *change, const PdEvent *event, gboolean *whole)
{
    const PdJson *became = pd_json_get(event->data, "set");
    g_autofree const char **keys = pd_json_keys(pd_json_get(event->data, "before"));

    *whole = pd_labels_as_left(change->ticket, event);
    for (guint i = 0; keys[i] != NULL; i++) {
        const char *left = pd_json_get_text(became, keys[i]);
        *whole = *whole &&
                 strcmp(pd_change_field(change->ticket, keys[i]), left != NULL ? left : "") == 0;
    }
    PD_TRY(pd_effect_take_back(change, change->ticket, event));
    return pd_effect_tell(change, 0, NULL);
}

PdStatus *pd_change_commit(PdChange *change, guint *queued)
{
    gint64 split_into = 0;

    set_priority(change);
    PD_TRY(put_changed(change));
    PD_TRY(put_further_question(change));
    PD_TRY(start_reminders(change));
    if (change->undoes)
        PD_TRY(pd_effect_undo(change));
    if (change->undoes_bulk)
        PD_TRY(pd_effect_undo_bulk(change));
    if (change->merge_into != 0)
        PD_TRY(pd_effect_merge(change));
    if (change->splits)
        PD_TRY(pd_effect_split(change, &split_into));
    PD_TRY(put_note(change));
    PD_TRY(put_form(change));
    return pd_effect_tell(change, split_into, queued);
}
