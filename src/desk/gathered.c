/* gathered.c: what was put aside (gather.h) is told when its time has come.
 *
 * I4: the mail, the event of its ticket, and that nothing waits any longer are one transaction: a
 * kill leaves all of it to be told, or nothing. What does not hold any more (a change that was
 * taken back within the minute) is not told, and the ticket says why. */
#include "desk/assignment.h"
#include "desk/concern.h"
#include "desk/digest.h"
#include "desk/history.h"
#include "desk/values.h"
#include "postdesk/clock.h"
#include "postdesk/killpoint.h"
#include "postdesk/mail.h"
#include <string.h>

#define BATCH 50 /* mails in one transaction */
#define POSTPONED PD_HOUR

PdStatus *pd_gathered_untold(PdDesk *desk, const PdPending *row, const PdGathered *all,
                             const char *why)
{
    g_autoptr(PdEvent) event = pd_event_new("untold", "desk", "clock");
    g_autoptr(PdTicket) ticket = NULL;

    PD_TRY(pd_ticket_get(desk->store, row->ticket, &ticket));
    event->ticket = row->ticket;
    pd_json_set_text(event->data, "recipient", row->recipient);
    pd_json_set_text(event->data, "occasion", pd_json_get_text(row->data, "occasion"));
    pd_json_set_text(event->data, "note", why);
    pd_json_set(event->data, "gathered", pd_json_ref(all->reasons));
    return pd_ticket_append(desk->store, event, ticket->version);
}

PdReader pd_gathered_reader(const PdDesk *desk, const PdTicket *ticket, const PdPending *row)
{
    const PdWho who = pd_people_look_up(desk->people, row->recipient);
    PdRank rank = pd_rank_of_role(who.role);

    if (strcmp(row->kind, "news") == 0 && pd_address_equal(row->recipient, ticket->reporter))
        return (PdReader){row->recipient, ticket->reporter_name, NULL, PD_RANK_REPORTER};
    return (PdReader){row->recipient, who.name, who.language,
                      rank != PD_RANK_STRANGER ? rank : PD_RANK_FOLLOWER};
}

PdStatus *pd_gathered_left(const PdDesk *desk, const PdPending *row, gboolean *left)
{
    g_autofree char *part = NULL;

    *left = FALSE;
    if (strcmp(row->kind, "news") != 0)
        return NULL;
    PD_TRY(pd_ticket_part(desk->store, row->ticket, row->recipient, &part));
    *left = g_strcmp0(part, PD_PART_LEFT) == 0;
    return NULL;
}

PdTelling pd_gathered_telling(PdDesk *desk, const PdPending *row, const PdGathered *all)
{
    return (PdTelling){
        .desk = desk,
        .ticket = row->ticket,
        .occasion = pd_json_get_text(row->data, "occasion"),
        .channel = all->channel != NULL ? all->channel : "clock",
        .inbox = all->inbox,
        .held = all->held,
        .text = all->said,
        .by = all->by,
        .previous_status = all->was,
        .due_was = all->due_was,
        .into = all->into,
        .gathered = all->reasons,
        .files = all->files,
        .is_due = TRUE,
    };
}

/* The files of the messages that are told of. */
static PdStatus *files_of(const PdDesk *desk, const GPtrArray *rows, PdJson *files)
{
    const PdPending *first = g_ptr_array_index(rows, 0);
    g_autoptr(GPtrArray) messages = NULL;

    PD_TRY(pd_message_of_ticket(desk->store, first->ticket, &messages));
    for (guint i = 0; i < rows->len; i++) {
        const PdPending *row = g_ptr_array_index(rows, i);
        gint64 inbox = pd_json_get_int(row->data, "inbox", 0);
        for (guint k = 0; k < messages->len && inbox != 0; k++) {
            const PdStoredMessage *message = g_ptr_array_index(messages, k);
            if (message->inbox == inbox)
                PD_TRY(pd_assignment_add_files(message, files));
        }
    }
    return NULL;
}

static PdStatus *mail_to(PdTelling *telling, const PdTicket *ticket, const PdPending *row)
{
    const PdReader reader = pd_gathered_reader(telling->desk, ticket, row);

    return pd_tell_one(telling, reader.address, reader.name, reader.language, reader.rank);
}

static PdStatus *tell_news(PdTelling *telling, const PdTicket *ticket, const GPtrArray *events,
                           const PdPending *row, const PdGathered *all)
{
    gboolean left = FALSE;

    PD_TRY(pd_gathered_left(telling->desk, row, &left));
    telling->occasion = pd_tell_what_holds(telling, ticket);
    telling->asks_rating = pd_history_may_ask_rating(events, ticket->reporter);
    if (left || telling->occasion == NULL)
        return pd_gathered_untold(telling->desk, row, all,
                                  left ? PD_UNTOLD_LEFT : PD_UNTOLD_TAKEN_BACK);
    return mail_to(telling, ticket, row);
}

static PdStatus *tell_answered(PdTelling *telling, const PdTicket *ticket, const GPtrArray *rows)
{
    g_autoptr(PdJson) further = pd_json_object();
    PdJson *files = pd_json_array();

    pd_json_set(further, "attachments", files);
    PD_TRY(files_of(telling->desk, rows, files));
    telling->further = further;
    return mail_to(telling, ticket, g_ptr_array_index(rows, 0));
}

static PdStatus *tell_assigned(PdTelling *telling, const PdTicket *ticket, const PdPending *row,
                               const PdGathered *all)
{
    gboolean is_his = pd_address_equal(ticket->assignee, row->recipient);
    gboolean knew_it_his = all->known == PD_GIVEN_TO_HIM;

    if (is_his && knew_it_his)
        return pd_gathered_untold(telling->desk, row, all, PD_UNTOLD_TAKEN_BACK);
    if (knew_it_his)
        return pd_tell_former(telling, row->recipient);
    if (!is_his && !pd_tell_may_take(telling->desk, ticket, row->recipient))
        return pd_gathered_untold(telling->desk, row, all, PD_UNTOLD_NOT_HIS);
    telling->text = NULL;
    telling->files = NULL;
    return is_his ? pd_tell_concerned(telling, PD_CONCERNS_ASSIGNEE)
                  : pd_tell_taker(telling, row->recipient);
}

/* All that waits for one person about one ticket and can stand in one mail. */
static PdStatus *tell_rows(PdDesk *desk, const GPtrArray *rows, guint *mailed)
{
    const PdPending *row = g_ptr_array_index(rows, 0);
    g_autoptr(PdTicket) ticket = NULL;
    g_autoptr(GPtrArray) events = NULL;

    PD_TRY(pd_ticket_get(desk->store, row->ticket, &ticket));
    PD_TRY(pd_ticket_events(desk->store, row->ticket, &events));
    PD_TRY(pd_pending_drop(desk->store, rows));
    g_autoptr(PdGathered) all = pd_gather_fold(rows, events);
    PdTelling telling = pd_gathered_telling(desk, row, all);
    telling.queued = mailed;
    if (strcmp(row->kind, "news") == 0)
        return tell_news(&telling, ticket, events, row, all);
    if (strcmp(row->kind, "assigned") == 0)
        return tell_assigned(&telling, ticket, row, all);
    return tell_answered(&telling, ticket, rows);
}

static PdStatus *find_rows(PdDesk *desk, const PdPending *first, gint64 now, GPtrArray **rows)
{
    if (first->in_digest)
        return pd_pending_digest(desk->store, first->recipient, now, rows);
    return pd_pending_of(desk->store, first->ticket, first->recipient, first->kind, rows);
}

/* What cannot be written must not stop the others: it is tried again in an hour. */
static PdStatus *tell_safely(PdDesk *desk, const PdPending *first, gint64 now, guint *mailed)
{
    g_autoptr(GPtrArray) rows = NULL;
    guint before = *mailed;

    PD_TRY(find_rows(desk, first, now, &rows));
    PD_TRY(pd_store_savepoint(desk->store));
    g_autoptr(PdStatus) failed =
        first->in_digest ? pd_digest_tell(desk, rows, mailed) : tell_rows(desk, rows, mailed);
    if (failed == NULL)
        return pd_store_release(desk->store);
    if (pd_status_spoils(failed) == PD_SPOILS_STORE)
        return g_steal_pointer(&failed);
    *mailed = before;
    PD_TRY(pd_store_rollback_savepoint(desk->store));
    PD_TRY(pd_pending_postpone(desk->store, rows, now + POSTPONED));
    g_autofree char *reason = pd_status_line(failed);
    g_autofree char *text =
        g_strdup_printf("Ticket: #%" G_GINT64_FORMAT "\nTo: %s\nReason: %s\nIt is tried again in "
                        "an hour.",
                        first->ticket, first->recipient, reason);
    g_autoptr(PdJson) facts = pd_json_set_int(pd_json_object(), "ticket", first->ticket);
    pd_json_set_text(facts, "recipient", first->recipient);
    pd_json_set_text(facts, "reason", reason);
    return pd_desk_alarm(desk, "gathered", "A mail about changes could not be written", text,
                         facts);
}

static PdStatus *tell_batch(PdDesk *desk, gint64 now, guint *mailed, gboolean *more)
{
    for (guint i = 0; i < BATCH; i++) {
        PdPending *found = NULL;
        PD_TRY(pd_pending_first_due(desk->store, now, &found));
        g_autoptr(PdPending) first = found;
        *more = first != NULL;
        if (first == NULL)
            return NULL;
        PD_TRY(tell_safely(desk, first, now, mailed));
    }
    return NULL;
}

PdStatus *pd_desk_tell_gathered(PdDesk *desk, guint *mailed, gboolean *more)
{
    gint64 now = pd_clock_now();
    gint64 next = 0;

    *more = FALSE;
    PD_TRY(pd_pending_next(desk->store, &next));
    if (next == 0 || next > now)
        return NULL;
    PD_TRY(pd_store_begin(desk->store));
    PdStatus *status = tell_batch(desk, now, mailed, more);
    pd_durable_step("clock.gathered");
    if (status == NULL)
        status = pd_store_commit(desk->store);
    if (status != NULL)
        pd_store_rollback(desk->store);
    return status;
}
