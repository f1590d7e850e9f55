/* digest.c: see digest.h. A ticket has one entry, with what its status became and every word that
 * was said, and a link that answers about it alone: an answer to the digest itself belongs to no
 * ticket. */
#include "desk/digest.h"

#include "desk/events.h"
#include "desk/history.h"
#include "desk/lifecycle.h"
#include "desk/mailed.h"
#include "desk/recipients.h"
#include "desk/tell.h"
#include "desk/values.h"
#include "postdesk/clock.h"
#include "postdesk/mail.h"
#include <string.h>

#define MOST_TICKETS 40 /* in one mail; a further one holds the rest */

/* What is told of one ticket. */
typedef struct {
    PdTicket *ticket;
    GPtrArray *rows, *events; /* rows are borrowed */
    PdGathered *all;
    PdJson *entry; /* NULL: nothing of it holds any more */
    const char *untold;
} Group;

typedef struct {
    PdDesk *desk;
    const char *recipient, *name, *language;
    GPtrArray *groups; /* of Group * */
} Digest;

static void group_free(Group *group)
{
    g_ptr_array_unref(group->rows);
    g_clear_pointer(&group->events, g_ptr_array_unref);
    pd_ticket_free(group->ticket);
    pd_gathered_free(group->all);
    pd_json_free(group->entry);
    g_free(group);
}

/* The group of the ticket; NULL if the mail is full. */
static Group *group_of(GPtrArray *groups, gint64 ticket)
{
    for (guint i = 0; i < groups->len; i++) {
        Group *group = g_ptr_array_index(groups, i);
        const PdPending *first = g_ptr_array_index(group->rows, 0);
        if (first->ticket == ticket)
            return group;
    }
    if (groups->len >= MOST_TICKETS)
        return NULL;
    Group *group = g_new0(Group, 1);
    group->rows = g_ptr_array_new();
    g_ptr_array_add(groups, group);
    return group;
}

static void add_words(Digest *digest, Group *group, PdJson *list)
{
    for (guint i = 0; i < group->rows->len; i++) {
        const PdPending *row = g_ptr_array_index(group->rows, i);
        const char *said = pd_json_get_text(row->data, "said");
        gint64 event = pd_json_get_int(row->data, "event", 0);
        if (said == NULL || (event != 0 && pd_history_was_undone(group->events, event)))
            continue;
        PdJson *words = pd_json_object();
        const char *by = pd_json_get_text(row->data, "by");
        pd_values_set_clean(words, "by", by);
        pd_values_set_time(digest->desk, words, "at", row->created_at);
        pd_json_set(words, "lines", pd_values_lines(said, NULL));
        pd_json_add(list, words);
    }
}

static void add_link(const Digest *digest, const Group *group, PdJson *entry)
{
    const PdReader reader =
        pd_gathered_reader(digest->desk, group->ticket, g_ptr_array_index(group->rows, 0));
    g_autofree char *address =
        pd_notify_reply_address(digest->desk, group->ticket->number, reader.address, reader.rank);
    g_autofree char *escaped = g_uri_escape_string(address, "@", FALSE);
    g_autofree char *link = g_strdup_printf("mailto:%s?subject=%%5B%%23%" G_GINT64_FORMAT "%%5D",
                                            escaped, group->ticket->number);

    pd_json_set_text(entry, "reply_to", address);
    pd_json_set_text(entry, "href", link);
}

static PdJson *entry_of(Digest *digest, Group *group, const PdTelling *telling)
{
    static const char *const taken[] = {"number",      "subject",       "category",   "priority",
                                        "status_word", "priority_word", "resolve_by", NULL};
    const PdDesk *desk = digest->desk;
    PdJson *values = pd_values_of_ticket(desk, digest->language, group->ticket, NULL);
    PdJson *entry = pd_json_object();
    PdJson *words = pd_json_array();
    g_autofree char *into = g_strdup_printf("%" G_GINT64_FORMAT, telling->into);

    for (const char *const *key = taken; *key != NULL; key++)
        pd_json_set(entry, *key, pd_json_ref(pd_json_get(values, *key)));
    pd_json_set_text(entry, "previous_status_word",
                     telling->previous_status != NULL
                         ? pd_templates_word(desk->templates, digest->language, "statuses",
                                             telling->previous_status)
                         : NULL);
    pd_json_set(entry, "due_agreed",
                telling->due_was != NULL ? pd_json_ref(pd_json_get(values, "resolve_by"))
                                         : pd_json_text(NULL));
    pd_json_set_text(entry, "into", telling->into != 0 ? into : NULL);
    pd_json_set(entry, "words", words);
    add_words(digest, group, words);
    add_link(digest, group, entry);
    pd_json_free(values);
    return entry;
}

static gboolean has_words(const PdJson *entry)
{
    return pd_json_length(pd_json_get(entry, "words")) > 0;
}

/* He was told of it as of one that is his, or that he may take. */
static gboolean is_of_assignment(const Group *group)
{
    for (guint i = 0; i < group->rows->len; i++) {
        const PdPending *row = g_ptr_array_index(group->rows, i);
        if (strcmp(row->kind, "assigned") == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean is_his(const PdTicket *ticket, const char *address)
{
    return pd_address_equal(ticket->assignee, address) &&
           pd_lifecycle_is_to_work_on(ticket->status);
}

/* What of the rows still holds, as an entry. */
static PdStatus *read_group(Digest *digest, Group *group)
{
    PdDesk *desk = digest->desk;
    const PdPending *row = g_ptr_array_index(group->rows, 0);
    gboolean left = FALSE;

    PD_TRY(pd_ticket_get(desk->store, row->ticket, &group->ticket));
    PD_TRY(pd_ticket_events(desk->store, row->ticket, &group->events));
    PD_TRY(pd_gathered_left(desk, row, &left));
    group->all = pd_gather_fold(group->rows, group->events);
    PdTelling telling = pd_gathered_telling(desk, row, group->all);
    const char *holds = pd_tell_what_holds(&telling, group->ticket);
    g_autoptr(PdJson) entry = entry_of(digest, group, &telling);
    gboolean is_told = is_of_assignment(group);
    gboolean is_to_take = is_told && pd_tell_may_take(desk, group->ticket, digest->recipient);
    gboolean knew = group->all->known == PD_GIVEN_TO_HIM;
    gboolean is_given = is_told && !knew && is_his(group->ticket, digest->recipient);
    gboolean is_gone = knew && !pd_address_equal(group->ticket->assignee, digest->recipient);
    const char *holder = group->ticket->assignee;
    pd_json_set_bool(entry, "is_to_take", is_to_take);
    pd_json_set_bool(entry, "is_given", is_given);
    pd_json_set_bool(entry, "was_yours", is_gone);
    pd_values_set_clean(entry, "given_to",
                        is_gone && holder[0] != '\0' ? pd_recipient_called(desk, holder) : NULL);
    if (left)
        group->untold = PD_UNTOLD_LEFT;
    else if (holds == NULL && !has_words(entry) && !is_to_take && !is_given && !is_gone)
        group->untold = PD_UNTOLD_TAKEN_BACK;
    else
        group->entry = g_steal_pointer(&entry);
    return NULL;
}

static PdStatus *write_mail(Digest *digest, PdJson *entries, const char *held, gint64 *outbox)
{
    const PdDesk *desk = digest->desk;
    g_autoptr(PdJson) values = pd_json_object();
    g_autofree char *count = g_strdup_printf("%" G_GSIZE_FORMAT, pd_json_length(entries));
    const PdNotice notice = {
        .occasion = "digest",
        .language = digest->language,
        .values = values,
        .recipient = digest->recipient,
        .recipient_name = digest->name,
        .auto_submitted = "auto-generated",
        .held = held,
    };

    pd_json_set_text(values, "desk_name", desk->config->desk_name);
    pd_json_set_text(values, "desk_address", desk->config->desk_address);
    pd_values_set_clean(values, "reporter_name", digest->name);
    pd_values_set_time(desk, values, "at", pd_clock_now());
    pd_json_set_text(values, "count", count);
    pd_json_set(values, "tickets", pd_json_ref(entries));
    return pd_notify(desk, &notice, NULL, outbox);
}

/* The ticket says that it was told of; an answer to the digest's Message-ID is not its own. */
static PdStatus *note_told(Digest *digest, const Group *group, gint64 outbox)
{
    PdDesk *desk = digest->desk;
    g_autoptr(PdTicket) now = NULL;
    g_autoptr(PdEvent) event =
        pd_event_mailed(group->ticket->number, 0, "clock", "digest", digest->recipient, NULL,
                        outbox, group->all->held != NULL);

    PD_TRY(pd_ticket_get(desk->store, group->ticket->number, &now));
    pd_json_set(event->data, "gathered", pd_json_ref(group->all->reasons));
    return pd_ticket_append(desk->store, event, now->version);
}

static PdStatus *write_all(Digest *digest, guint *mailed)
{
    g_autoptr(PdJson) entries = pd_json_array();
    const char *held = NULL;
    gint64 outbox = 0;

    for (guint i = 0; i < digest->groups->len; i++) {
        Group *group = g_ptr_array_index(digest->groups, i);
        PD_TRY(read_group(digest, group));
        PD_TRY(pd_pending_drop(digest->desk->store, group->rows));
        held = held != NULL ? held : group->all->held;
        if (group->entry != NULL)
            pd_json_add(entries, pd_json_ref(group->entry));
    }
    if (pd_json_length(entries) > 0) {
        PD_TRY(write_mail(digest, entries, held, &outbox));
        ++*mailed;
    }
    for (guint i = 0; i < digest->groups->len; i++) {
        const Group *group = g_ptr_array_index(digest->groups, i);
        PD_TRY(group->entry != NULL
                   ? note_told(digest, group, outbox)
                   : pd_gathered_untold(digest->desk, g_ptr_array_index(group->rows, 0), group->all,
                                        group->untold));
    }
    return NULL;
}

PdStatus *pd_digest_tell(PdDesk *desk, const GPtrArray *rows, guint *mailed)
{
    const PdPending *first = g_ptr_array_index(rows, 0);
    const PdWho who = pd_people_look_up(desk->people, first->recipient);
    g_autoptr(GPtrArray) groups = g_ptr_array_new_with_free_func((GDestroyNotify)group_free);
    Digest digest = {.desk = desk,
                     .recipient = first->recipient,
                     .name = who.name,
                     .language = pd_desk_language(desk, who.language),
                     .groups = groups};

    for (guint i = 0; i < rows->len; i++) {
        PdPending *row = g_ptr_array_index(rows, i);
        Group *group = group_of(groups, row->ticket);
        if (group != NULL)
            g_ptr_array_add(group->rows, row);
    }
    return write_all(&digest, mailed);
}
