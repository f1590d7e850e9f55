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

/* What the rules said then, of why the message was handled as it was; empty if they were not asked.
 */
static PdJsonSlice rules_of(const char *why)
{
    PdJsonCursor cursor = pd_json_cursor(why, strlen(why));
    PdJsonSlice key;

    pd_json_cursor_open(&cursor, '{');
    while (pd_json_cursor_member(&cursor, &key)) {
        PdJsonSlice value = pd_json_cursor_value(&cursor);
        if (pd_json_slice_is(key, "rules"))
            return value;
    }
    return (PdJsonSlice){"", 0};
}

/* What they were told besides the mail; NULL if that cannot be read. */
static PdJson *facts_of(PdJsonSlice rules)
{
    PdJsonCursor cursor = pd_json_cursor(rules.text, rules.length);
    PdJson *facts = NULL;
    PdJsonSlice key;

    pd_json_cursor_open(&cursor, '{');
    while (pd_json_cursor_member(&cursor, &key)) {
        PdJsonSlice value = pd_json_cursor_value(&cursor);
        if (!pd_json_slice_is(key, "facts"))
            continue;
        pd_status_free(pd_json_parse(value.text, value.length, &facts));
        break;
    }
    return facts;
}

/* How old the ticket was then is known to the microsecond where the rules were told of it. */
static PdStatus *ticket_then(Worker *worker, const PdInboxRow *row, PdJsonSlice stored,
                             PdTicketFacts *facts)
{
    const GPtrArray *events;

    if (row->outcome != PD_OUTCOME_APPENDED || row->ticket == 0)
        return NULL;
    PD_TRY(events_of(worker, row->ticket, &events));
    pd_rule_facts_then(events, row, facts);
    g_autoptr(PdJson) told = facts_of(stored);
    if (facts->ticket != 0 && facts->ticket == pd_json_get_int(told, "ticket", 0))
        facts->age = pd_json_get_int(told, "age", facts->age);
    return NULL;
}

/* What the rules of a side are told besides the mail. */
typedef struct {
    PdTicketFacts facts;
    const char **inside; /* that the facts point to */
} Told;

static void told_clear(Told *told)
{
    g_free(told->inside);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Told, told_clear)

static void tell_side(const PdReplaySide *side, const PdMail *mail, const PdInboxRow *row,
                      const PdTicketFacts *ticket, Told *told)
{
    told->facts = *ticket;
    pd_rule_facts_add(side->rules, side->people, side->calendars, mail, row->arrived_at,
                      &told->facts, &told->inside);
}

static PdStatus *decide_before(const PdReplayShare *share, const PdMail *mail, const Told *told,
                               PdJsonSlice stored, PdDecision **decision)
{
    g_autoptr(PdRuleAnswers) answers =
        share->options->anew ? NULL : pd_rule_answers_read(share->known, &told->facts, stored);

    if (answers == NULL)
        return pd_rule_set_evaluate(share->before.rules, mail, &told->facts, decision);
    return pd_rule_kin_evaluate(share->known, answers, mail, &told->facts, decision);
}

static PdStatus *decide_after(const PdReplayShare *share, const PdMail *mail,
                              const PdTicketFacts *facts, const Told *told_before,
                              const PdDecision *before, PdDecision **decision)
{
    if (share->options->anew || !pd_ticket_facts_equal(&told_before->facts, facts))
        return pd_rule_set_evaluate(share->after.rules, mail, facts, decision);
    g_autoptr(PdRuleAnswers) answers = pd_rule_answers_of(before);
    return pd_rule_kin_evaluate(share->kin, answers, mail, facts, decision);
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

static PdStatus *decide_both(Worker *worker, const PdInboxRow *row, PdMail *mail)
{
    const PdReplayShare *share = worker->share;
    g_autofree char *why = NULL;
    g_autoptr(PdDecision) before = NULL;
    g_autoptr(PdDecision) after = NULL;
    g_auto(Told) told_before = {0}, told_after = {0};
    PdTicketFacts ticket = {0};

    PD_TRY(pd_decision_get(worker->store, row->id, &why));
    PdJsonSlice stored = rules_of(why != NULL ? why : "");
    PD_TRY(ticket_then(worker, row, stored, &ticket));
    pd_mail_take_passed_on(mail, ticket.ticket == 0);
    tell_side(&share->before, mail, row, &ticket, &told_before);
    tell_side(&share->after, mail, row, &ticket, &told_after);
    PD_TRY(decide_before(share, mail, &told_before, stored, &before));
    PD_TRY(decide_after(share, mail, &told_after.facts, &told_before, before, &after));
    tell(worker, row, before, after);
    return NULL;
}

static PdStatus *ask_both(Worker *worker, const PdInboxRow *row)
{
    g_autoptr(PdMail) mail = NULL;

    PD_TRY(read_mail(worker, row, &mail));
    if (!asks_rules(row, mail))
        return NULL;
    worker->asked++;
    return decide_both(worker, row, mail);
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
