/* tell.c: one mail to one reader; whom it goes to stands in tell_concerned.c and tell_given.c. */
#include "desk/tell.h"

#include "desk/accept.h"
#include "desk/actions.h"
#include "desk/gather.h"
#include "desk/handed.h"
#include "desk/mailed.h"
#include "desk/values.h"
#include "desk/wait.h"
#include "postdesk/clock.h"
#include "postdesk/text.h"
#include <string.h>

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

/* A signature and a logo are no files that the reader might miss. */
static gboolean names_news(const PdJson *values)
{
    const PdJson *attachments = pd_json_get(values, "attachments");

    for (gsize i = 0; i < pd_json_length(attachments); i++) {
        if (pd_json_get_bool(pd_json_at(attachments, i), "is_news", FALSE))
            return TRUE;
    }
    return FALSE;
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
    pd_json_set_bool(values, "is_left_out", files->len == 0 && names_news(values));
    const PdNotice notice = {
        .occasion = telling->given == PD_GIVEN_FROM_HIM ? "let_off" : telling->occasion,
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
