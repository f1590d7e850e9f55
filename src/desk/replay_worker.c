/* replay_worker.c: see replay_worker.h. It opens the store for itself, to read only. */
#include "desk/replay_worker.h"

#include "desk/mailread.h"
#include "desk/rulefacts.h"
#include "postdesk/desk.h"
#include "postdesk/inbox.h"
#include "postdesk/raw.h"
#include "postdesk/tickets.h"
#include <stdio.h>
#include <string.h>

typedef struct {
    const PdReplayShare *share;
    PdStore *store;
    FILE *out;
    GHashTable *tickets; /* of GPtrArray of PdEvent *, by number: those of replies */
    guint done, asked, unreadable;
} Worker;

static void say(Worker *worker, PdJson *line)
{
    g_autofree char *text = pd_json_compact(line);

    fprintf(worker->out, "%s\n", text);
    pd_json_free(line);
}

static PdStatus *events_of(Worker *worker, gint64 ticket, const GPtrArray **events)
{
    GPtrArray *found = g_hash_table_lookup(worker->tickets, &ticket);

    if (found == NULL) {
        PD_TRY(pd_ticket_events(worker->store, ticket, &found));
        g_hash_table_insert(worker->tickets, g_memdup2(&ticket, sizeof ticket), found);
    }
    *events = found;
    return NULL;
}

static PdStatus *ticket_then(Worker *worker, const PdInboxRow *row, PdTicketFacts *facts)
{
    const GPtrArray *events;

    if (row->outcome != PD_OUTCOME_APPENDED || row->ticket == 0)
        return NULL;
    PD_TRY(events_of(worker, row->ticket, &events));
    pd_rule_facts_then(events, row, facts);
    return NULL;
}

static PdStatus *decide(const PdReplaySide *side, const PdMail *mail, const PdInboxRow *row,
                        const PdTicketFacts *ticket, PdDecision **decision)
{
    g_autofree const char **inside = NULL;
    PdTicketFacts facts = *ticket;

    pd_rule_facts_add(side->rules, side->people, side->calendars, mail, row->arrived_at, &facts,
                      &inside);
    return pd_rule_set_evaluate(side->rules, mail, &facts, decision);
}

static PdStatus *read_mail(Worker *worker, const PdInboxRow *row, PdMail **mail)
{
    const PdReplayShare *share = worker->share;
    const PdMailOptions further = {.with_attachment_text =
                                       pd_rule_set_reads_attachments(share->before.rules) ||
                                       pd_rule_set_reads_attachments(share->after.rules)};

    return pd_mail_read_stored(share->options->config, worker->store, row, &further, mail);
}

/* As pd_plan_asks_rules(); what became of a copy does not depend on rules. */
static gboolean asks_rules(const PdInboxRow *row, const PdMail *mail)
{
    gboolean is_copy = row->outcome == PD_OUTCOME_IGNORED && row->reason != NULL &&
                       g_str_has_prefix(row->reason, "copy of message");

    return !is_copy && mail->origin != PD_ORIGIN_SELF && mail->origin != PD_ORIGIN_BOUNCE &&
           mail->origin != PD_ORIGIN_REPORT;
}

static void tell(Worker *worker, const PdInboxRow *row, const PdDecision *before,
                 const PdDecision *after)
{
    guint guards = 0;
    g_autoptr(PdJson) changes = pd_replay_compare(before, after, &guards);

    if (pd_json_length(changes) == 0 && guards == 0)
        return;
    PdJson *line = pd_json_object();
    pd_json_set_int(line, "message", row->id);
    pd_json_set_int(line, "ticket", row->ticket);
    pd_json_set_int(line, "guards", guards);
    say(worker, pd_json_set(line, "changes", g_steal_pointer(&changes)));
}

static PdStatus *ask_both(Worker *worker, const PdInboxRow *row)
{
    g_autoptr(PdMail) mail = NULL;
    g_autoptr(PdDecision) before = NULL;
    g_autoptr(PdDecision) after = NULL;
    PdTicketFacts ticket = {0};

    PD_TRY(read_mail(worker, row, &mail));
    if (!asks_rules(row, mail))
        return NULL;
    worker->asked++;
    PD_TRY(ticket_then(worker, row, &ticket));
    PD_TRY(decide(&worker->share->before, mail, row, &ticket, &before));
    PD_TRY(decide(&worker->share->after, mail, row, &ticket, &after));
    tell(worker, row, before, after);
    return NULL;
}

static PdStatus *do_message(Worker *worker, gint64 id)
{
    g_autoptr(PdInboxRow) row = NULL;

    PD_TRY(pd_inbox_get(worker->store, id, &row));
    if (row == NULL || row->taken_at < worker->share->options->since)
        return NULL;
    worker->done++;
    PdStatus *status = ask_both(worker, row);
    if (status == NULL || pd_status_spoils(status) != PD_SPOILS_MESSAGE)
        return status;
    worker->unreadable++;
    pd_status_free(status);
    return NULL;
}

static void tell_progress(Worker *worker)
{
    PdJson *line = pd_json_object();

    pd_json_set_int(line, "done", worker->done);
    pd_json_set_int(line, "asked", worker->asked);
    say(worker, pd_json_set_int(line, "unreadable", worker->unreadable));
    worker->done = worker->asked = worker->unreadable = 0;
    fflush(worker->out);
}

static PdStatus *do_share(Worker *worker)
{
    const PdReplayShare *share = worker->share;

    PD_TRY(pd_store_open(share->options->config->state, PD_STORE_READ, &worker->store));
    for (gint64 block = share->first + share->worker * PD_REPLAY_BLOCK; block <= share->last;
         block += (gint64)share->workers * PD_REPLAY_BLOCK) {
        for (gint64 id = block; id <= share->last && id < block + PD_REPLAY_BLOCK; id++)
            PD_TRY(do_message(worker, id));
        tell_progress(worker);
    }
    return NULL;
}

void pd_replay_work(const PdReplayShare *share, int fd)
{
    Worker worker = {.share = share, .out = fdopen(fd, "w")};

    worker.tickets = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
                                           (GDestroyNotify)g_ptr_array_unref);
    g_autoptr(PdStatus) status = do_share(&worker);
    if (status != NULL)
        say(&worker, pd_json_set_text(pd_json_object(), "failure", pd_status_text(status)));
    fclose(worker.out);
    g_hash_table_unref(worker.tickets);
    pd_store_close(worker.store);
}
