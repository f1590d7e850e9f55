/* desk_fill.c: a store with many tickets, filled quickly through the store's own functions, so that
 * every index, trigger and view holds what the program itself would have written.
 *
 * The first tickets are made by the desk from mails; their decisions and their answers then stand
 * in for those of all others (the decisions whole, without gaps for phrases: each takes more than
 * the desk's own). A closed ticket has been answered, resolved and closed; every third
 * reporter wrote once more. Nine in ten are closed, the others have their timer in the future. Of
 * the sent mails only the beginning is stored: no look-up passes by their bytes, and a disk has an
 * end.
 */
#include "desk_bench.h"
#include "desk_world.h"
#include "postdesk/clock.h"
#include "postdesk/outbox.h"
#include "postdesk/search.h"
#include "postdesk/timers.h"
#include "postdesk/token.h"

#include <stdio.h>
#include <string.h>

#define SAMPLES 40
#define A_TRANSACTION 1000
#define YEARS_BACK (2 * 365 * 86400 * PD_SECOND)
#define A_MAIL 1024 /* bytes of each sent mail that are kept */
#define DAY (86400 * PD_SECOND)

typedef struct {
    Bench *bench;
    PdTokenKeys *keys;
    gint64 total, present, step; /* present: the real time; step: between two tickets */
    char *decisions[2];          /* English, Chinese */
    GBytes *answers[2];
    guint32 uid;
    gint64 version;      /* of the ticket in work */
    gboolean with_words; /* index them on the way */
} Filler;

static gint64 time_of(const Filler *filler, gint64 number)
{
    return filler->present - YEARS_BACK + number * filler->step;
}

/* The desk itself opens the first ones. */
static void make_samples(Filler *filler)
{
    Bench *bench = filler->bench;
    PdProcessed done = {0};

    for (gint64 number = 1; number <= SAMPLES; number++) {
        g_autoptr(WorldTicket) ticket = world_ticket(number, filler->total);
        pd_clock_set(time_of(filler, number));
        g_autofree char *bytes = world_opening(ticket, time_of(filler, number));
        bench_require(pd_store_begin(bench->store));
        bench_take(bench, bytes, ++filler->uid);
        bench_require(pd_raw_sync(bench->writer));
        bench_require(pd_store_commit(bench->store));
        g_autoptr(GPtrArray) rows = bench_waiting(bench, SAMPLES);
        bench_require(pd_desk_process(bench->desk, rows, NULL, NULL, &done));
    }
}

/* The decision on, and the answer to, the last sample in that language. */
static void read_sample(Filler *filler, gboolean is_chinese)
{
    PdStore *store = filler->bench->store;

    for (gint64 number = SAMPLES; number > 0 && filler->answers[is_chinese] == NULL; number--) {
        g_autoptr(WorldTicket) ticket = world_ticket(number, filler->total);
        g_autoptr(GPtrArray) mails = NULL, messages = NULL;
        g_autoptr(PdOutboxRow) mail = NULL;
        bench_require(pd_message_of_ticket(store, number, &messages));
        bench_require(pd_outbox_list(store, -1, number, 1, &mails));
        if (ticket->is_chinese != is_chinese || mails->len == 0 || messages->len == 0)
            continue;
        const PdOutboxRow *listed = g_ptr_array_index(mails, 0);
        const PdStoredMessage *message = g_ptr_array_index(messages, 0);
        bench_require(pd_outbox_get(store, listed->id, &mail));
        bench_require(pd_decision_get(store, message->inbox, &filler->decisions[is_chinese]));
        filler->answers[is_chinese] =
            g_bytes_new_from_bytes(mail->mail, 0, MIN(g_bytes_get_size(mail->mail), A_MAIL));
    }
    if (filler->answers[is_chinese] == NULL)
        g_error("the desk answered none of its first mails");
}

static void append(Filler *filler, PdEvent *event, gint64 ticket)
{
    event->ticket = filler->version == 0 ? 0 : ticket;
    event->at = pd_clock_now();
    bench_require(pd_ticket_append(filler->bench->store, event, filler->version++));
    if (event->ticket != ticket)
        g_error("ticket %" G_GINT64_FORMAT " came in place of %" G_GINT64_FORMAT, event->ticket,
                ticket);
}

static PdJson *why_origin(const WorldTicket *ticket)
{
    PdJson *origin = pd_json_object();

    pd_json_set_text(origin, "kind", ticket->is_watched ? "machine" : "person");
    pd_json_set_text(origin, "via", "direct");
    pd_json_set(origin, "evidence", pd_json_array());
    return pd_json_set_text(origin, "dmarc", "none");
}

static PdJson *why_answer(const WorldTicket *ticket)
{
    PdJson *answer = pd_json_object();

    pd_json_set_bool(answer, "send", !ticket->is_watched);
    pd_json_set_text(answer, "reason", "a person wrote");
    pd_json_set_text(answer, "occasion", "acknowledge");
    pd_json_set_text(answer, "recipient", ticket->reporter);
    return pd_json_set_text(answer, "language", ticket->is_chinese ? "zh_CN" : "en");
}

static PdEvent *message_event(const WorldTicket *ticket, const char *kind, const char *message_id,
                              gint64 inbox)
{
    PdEvent *event = pd_event_new(kind, ticket->reporter, "mail");
    PdJson *people = pd_json_array();

    event->inbox = inbox;
    event->rule_set = g_strnfill(64, 'a');
    if (!ticket->is_watched)
        pd_json_add_text(people, ticket->reporter);
    pd_json_set(event->data, "participants", people);
    pd_json_set_text(event->data, "message_id", message_id);
    pd_json_set(event->data, "origin", why_origin(ticket));
    pd_json_set(event->data, "answer", why_answer(ticket));
    return event;
}

static PdJson *opening_fields(const Filler *filler, const WorldTicket *ticket)
{
    PdJson *set = pd_json_object();
    g_autofree char *due = pd_clock_format_utc(filler->present + 60 * DAY);
    g_autofree char *engineer =
        g_strdup_printf("engineer%" G_GINT64_FORMAT "@example.org", ticket->number % 4);

    pd_json_set_text(set, "subject", ticket->subject);
    pd_json_set_text(set, "status", "new");
    pd_json_set_text(set, "category", ticket->category);
    pd_json_set_text(set, "impact", "low");
    pd_json_set_text(set, "urgency", "normal");
    pd_json_set_text(set, "priority", ticket->priority);
    pd_json_set_text(set, "queue", ticket->queue);
    if (ticket->number % 5 != 0)
        pd_json_set_text(set, "assignee", engineer);
    pd_json_set_text(set, "reporter_name", ticket->name);
    pd_json_set_text(set, "reporter", ticket->reporter);
    pd_json_set_text(set, "department", ticket->department);
    pd_json_set_text(set, "merge_key", ticket->merge_key);
    pd_json_set_text(set, "language", ticket->is_chinese ? "zh_CN" : "en");
    return pd_json_set_text(set, "resolve_due", due);
}

static void put_message(Filler *filler, const WorldTicket *ticket, gint64 inbox,
                        const char *message_id, const char *text, const char *bytes)
{
    g_autofree char *hex = g_strdup_printf("%064" G_GINT64_MODIFIER "x", ticket->number);
    g_autofree char *files = g_strdup_printf(
        "[{\"name\":\"%s\",\"type\":\"image/png\",\"size\":48211,\"sha256\":\"%s\"}]", ticket->file,
        hex);
    PdStoredMessage message = {
        .inbox = inbox,
        .ticket = ticket->number,
        .message_id = (char *)message_id,
        .from_name = ticket->name,
        .from = ticket->reporter,
        .subject = ticket->subject,
        .date = pd_clock_now(),
        .text = (char *)text,
        .origin = ticket->is_watched ? "machine" : "person",
        .attachments = ticket->file != NULL ? files : NULL,
    };

    pd_hash_bytes(bytes, strlen(bytes), message.content_hash);
    bench_require(pd_message_put(filler->bench->store, &message));
    bench_require(pd_decision_put(filler->bench->store, inbox, ticket->number,
                                  filler->decisions[ticket->is_chinese], NULL));
}

static void mail_reporter(Filler *filler, const WorldTicket *ticket, const char *occasion)
{
    g_autoptr(PdOutboxRow) row = pd_outbox_row_new();
    g_autofree char *token = pd_token_make(filler->keys, ticket->number, ticket->reporter,
                                           PD_TOKEN_REPLY, pd_clock_now() + 730 * DAY);
    g_autoptr(PdEvent) event = pd_event_new("mailed", "desk", "mail");

    if (ticket->is_watched)
        return;
    row->ticket = ticket->number;
    row->purpose = g_strdup(occasion);
    row->recipient = g_strdup(ticket->reporter);
    row->message_id = pd_token_message_id(token, "example.org");
    row->envelope_from = g_strdup_printf("bounces+%s@example.org", token);
    row->mail = g_bytes_ref(filler->answers[ticket->is_chinese]);
    bench_require(pd_outbox_add(filler->bench->store, row));
    pd_json_set_text(event->data, "message_id", row->message_id);
    pd_json_set_text(event->data, "occasion", occasion);
    pd_json_set_text(event->data, "recipient", ticket->reporter);
    pd_json_set_int(event->data, "outbox", row->id);
    append(filler, event, ticket->number);
}

static void open_ticket(Filler *filler, const WorldTicket *ticket)
{
    PdStore *store = filler->bench->store;
    g_autofree char *bytes = world_opening(ticket, pd_clock_now());
    gint64 inbox = bench_take(filler->bench, bytes, ++filler->uid);
    g_autoptr(PdEvent) event = message_event(ticket, "opened", ticket->message_id, inbox);

    pd_json_set(event->data, "set", opening_fields(filler, ticket));
    append(filler, event, ticket->number);
    put_message(filler, ticket, inbox, ticket->message_id, ticket->text, bytes);
    mail_reporter(filler, ticket, "acknowledge");
    bench_require(pd_inbox_finish(store, inbox, PD_OUTCOME_CREATED, NULL, ticket->number));
}

static void write_again(Filler *filler, const WorldTicket *ticket)
{
    PdStore *store = filler->bench->store;
    g_autofree char *id = g_strconcat("re.", ticket->message_id, NULL);
    const char *text = ticket->is_chinese ? "问题仍然存在，请再看一下。\n" : "It still happens.\n";
    const WorldMail mail = {id,
                            ticket->name,
                            ticket->reporter,
                            "support@example.org",
                            ticket->subject,
                            ticket->message_id,
                            text,
                            pd_clock_now()};
    g_autofree char *bytes = world_mail(&mail);
    gint64 inbox = bench_take(filler->bench, bytes, ++filler->uid);
    g_autoptr(PdEvent) event = message_event(ticket, "message", id, inbox);

    append(filler, event, ticket->number);
    put_message(filler, ticket, inbox, id, text, bytes);
    bench_require(pd_inbox_finish(store, inbox, PD_OUTCOME_APPENDED, NULL, ticket->number));
}

static void change(Filler *filler, const WorldTicket *ticket, const char *status)
{
    g_autoptr(PdEvent) event = pd_event_new("changed", "engineer@example.org", "mail");
    PdJson *set = pd_json_object();

    pd_json_set_text(set, "status", status);
    pd_json_set_text(set, "resolve_due", NULL);
    pd_json_set(event->data, "set", set);
    append(filler, event, ticket->number);
}

static void work_on(Filler *filler, const WorldTicket *ticket)
{
    gint64 timer = 0;

    if (ticket->is_open) {
        timer = filler->present + DAY + ticket->number % 1000000 * 2 * PD_SECOND;
    } else {
        change(filler, ticket, "resolved");
        mail_reporter(filler, ticket, "resolved");
        change(filler, ticket, "closed");
    }
    bench_require(pd_timers_set(filler->bench->store, ticket->number, timer));
}

static void one(Filler *filler, gint64 number)
{
    g_autoptr(WorldTicket) ticket = world_ticket(number, filler->total);

    pd_clock_set(time_of(filler, number));
    filler->version = 0;
    open_ticket(filler, ticket);
    if (ticket->is_answered && !ticket->is_watched)
        write_again(filler, ticket);
    work_on(filler, ticket);
}

static void deliver(Filler *filler)
{
    PdStore *store = filler->bench->store;
    g_autoptr(GPtrArray) rows = NULL;

    bench_require(pd_outbox_claim(store, G_MAXINT64 / 2, 4 * A_TRANSACTION, &rows));
    for (guint i = 0; i < rows->len; i++) {
        const PdOutboxRow *row = g_ptr_array_index(rows, i);
        bench_require(
            pd_outbox_result(store, row->id, PD_MAIL_SENT, "250 OK id=1abcde-000001-2f", 0));
    }
}

static void some(Filler *filler, gint64 first, gint64 last)
{
    gboolean more = FALSE;

    bench_require(pd_raw_begin(filler->bench->writer)); /* a full segment is left here */
    pd_raw_abandon(filler->bench->writer);
    bench_require(pd_store_begin(filler->bench->store));
    for (gint64 number = first; number <= last; number++)
        one(filler, number);
    deliver(filler);
    bench_require(pd_raw_sync(filler->bench->writer));
    bench_require(pd_store_commit(filler->bench->store));
    if (filler->with_words)
        bench_require(pd_search_index(filler->bench->store, 4 * A_TRANSACTION, &more));
    if (last % 20000 < A_TRANSACTION)
        fprintf(stderr, "%" G_GINT64_FORMAT " tickets\n", last);
}

void bench_fill(Bench *bench, gint64 tickets, gboolean with_words)
{
    Filler filler = {
        .bench = bench, .total = tickets, .present = pd_clock_now(), .with_words = with_words};
    g_autofree char *keys = g_build_filename(bench->config->state, "token.key", NULL);
    gboolean more = TRUE;

    filler.step = (YEARS_BACK - DAY) / tickets;
    bench_require(pd_token_keys_load(keys, &filler.keys));
    make_samples(&filler);
    read_sample(&filler, FALSE);
    read_sample(&filler, TRUE);
    for (gint64 first = SAMPLES + 1; first <= tickets; first += A_TRANSACTION)
        some(&filler, first, MIN(first + A_TRANSACTION - 1, tickets));
    while (more)
        bench_require(pd_search_merge(bench->store, &more));
    bench_require(pd_store_begin(bench->store));
    for (gint64 number = 1; number <= SAMPLES; number++)
        bench_require(pd_timers_set(bench->store, number, 0));
    bench_require(pd_store_commit(bench->store));
    pd_store_rest(bench->store);
    pd_clock_set(0);
    pd_token_keys_free(filler.keys);
    for (guint i = 0; i < G_N_ELEMENTS(filler.answers); i++) {
        g_bytes_unref(filler.answers[i]);
        g_free(filler.decisions[i]);
    }
}
