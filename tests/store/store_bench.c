/* store_bench.c: what the store costs a message, at three of its places.
 *
 *   store_bench FOLDER [messages]     FOLDER is made, or added to: cost against size
 *
 * Prints rates, and the processor time and wall time of one row. */
#include "postdesk/clock.h"
#include "postdesk/inbox.h"
#include "postdesk/outbox.h"
#include "postdesk/tickets.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BATCH 32
#define CLAIM 64
#define BYTES 2048

static void must(PdStatus *status)
{
    if (status == NULL)
        return;
    fprintf(stderr, "%s\n", pd_status_text(status));
    exit(EXIT_FAILURE);
}

typedef struct {
    gint64 wall;
    clock_t processor;
} Watch;

static Watch start_watch(void)
{
    return (Watch){pd_clock_monotonic(), clock()};
}

static void report(const char *what, Watch since, guint count)
{
    double wall = (double)(pd_clock_monotonic() - since.wall);
    double processor = (double)(clock() - since.processor) * 1e6 / CLOCKS_PER_SEC;

    printf("%-10s %7u rows  %8.0f rows/s  %6.1f us wall  %6.1f us processor a row\n", what, count,
           count * 1e6 / wall, wall / count, processor / count);
}

static char *make_bytes(void)
{
    char *bytes = g_malloc(BYTES);

    memset(bytes, 'x', BYTES);
    return bytes;
}

static void add_one(PdStore *store, const PdRawPlace *place, const guint8 *digest,
                    guint32 uidvalidity, guint32 uid)
{
    g_autoptr(PdInboxRow) row = pd_inbox_row_new();
    gboolean is_new;

    row->mailbox = g_strdup("support/INBOX");
    row->uidvalidity = uidvalidity;
    row->uid = uid;
    row->raw = *place;
    row->full_size = BYTES;
    memcpy(row->sha256, digest, PD_HASH_SIZE);
    must(pd_inbox_add(store, row, &is_new));
}

static void collect(PdStore *store, guint count, const char *bytes)
{
    g_autoptr(PdRawWriter) writer = NULL;
    guint32 uidvalidity = g_random_int(); /* so that a second run adds */
    PdRawPlace places[BATCH];
    guint8 digests[BATCH][PD_HASH_SIZE];

    must(pd_raw_writer_open(store, "support/INBOX", &writer));
    for (guint done = 0; done < count; done += BATCH) {
        for (guint i = 0; i < BATCH; i++) {
            must(pd_raw_begin(writer));
            must(pd_raw_write(writer, bytes, BYTES));
            must(pd_raw_end(writer, &places[i], digests[i]));
        }
        must(pd_raw_sync(writer));
        must(pd_store_begin(store));
        for (guint i = 0; i < BATCH; i++)
            add_one(store, &places[i], digests[i], uidvalidity, done + i + 1);
        must(pd_store_commit(store));
    }
}

static PdEvent *make_opening(gint64 inbox, const char *address)
{
    PdEvent *event = pd_event_new("opened", address, "mail");
    PdJson *set = pd_json_object();
    g_autofree char *message_id =
        g_strdup_printf("%08x%" G_GINT64_FORMAT "@example.org", g_random_int(), inbox);

    event->inbox = inbox;
    pd_json_set_text(set, "subject", "Printer on floor 3 does not print");
    pd_json_set_text(set, "status", "new");
    pd_json_set_text(set, "category", "hardware/printer");
    pd_json_set_text(set, "priority", "P3");
    pd_json_set_text(set, "queue", "desk");
    pd_json_set_text(set, "reporter", address);
    pd_json_set_text(set, "language", "en");
    pd_json_set(event->data, "set", set);
    pd_json_set(event->data, "participants", pd_json_add_text(pd_json_array(), address));
    pd_json_set_text(event->data, "message_id", message_id);
    return event;
}

static void put_message(PdStore *store, const PdEvent *event, const char *address)
{
    PdStoredMessage message = {.inbox = event->inbox,
                               .ticket = event->ticket,
                               .from = (char *)address,
                               .subject = (char *)"Printer on floor 3 does not print",
                               .text = (char *)"It says paper jam but there is none.\n",
                               .origin = (char *)"person"};

    message.message_id = (char *)pd_json_get_text(event->data, "message_id");
    pd_hash_bytes(message.message_id, strlen(message.message_id), message.content_hash);
    must(pd_message_put(store, &message));
}

static void queue_answer(PdStore *store, gint64 ticket, const char *address, GBytes *mail)
{
    g_autoptr(PdOutboxRow) row = pd_outbox_row_new();

    row->ticket = ticket;
    row->purpose = g_strdup("acknowledge");
    row->recipient = g_strdup(address);
    row->message_id = g_strdup_printf("%08x.%" G_GINT64_FORMAT "@desk", g_random_int(), ticket);
    row->envelope_from = g_strdup("bounces+token@desk.example.org");
    row->mail = g_bytes_ref(mail);
    must(pd_outbox_add(store, row));
}

static void process_one(PdStore *store, const PdInboxRow *row, GBytes *mail)
{
    static const char decision[] = "{\"category\":\"hardware/printer\",\"rules\":[\"printer\"]}";
    g_autofree char *address = g_strdup_printf("user%u@example.org", g_random_int() % 100000);
    g_autoptr(PdEvent) event = make_opening(row->id, address);
    gint64 inbox, ticket;
    gint64 count;

    must(pd_store_savepoint(store));
    must(pd_message_find_copy(store, "looked-up@example.org", row->sha256, 0, &inbox, &ticket));
    must(pd_outbox_count_since(store, address, event->at - 3600 * (gint64)PD_SECOND, &count));
    must(pd_ticket_append(store, event, 0));
    put_message(store, event, address);
    must(pd_decision_put(store, row->id, event->ticket, decision, NULL));
    queue_answer(store, event->ticket, address, mail);
    must(pd_inbox_finish(store, row->id, PD_OUTCOME_CREATED, NULL, event->ticket));
    must(pd_store_release(store));
}

static void process(PdStore *store, const char *bytes)
{
    g_autoptr(GBytes) mail = g_bytes_new(bytes, BYTES);

    for (;;) {
        g_autoptr(GPtrArray) rows = NULL;
        must(pd_inbox_between(store, 0, G_MAXINT64, BATCH, &rows));
        if (rows->len == 0)
            break;
        must(pd_store_begin(store));
        for (guint i = 0; i < rows->len; i++)
            process_one(store, g_ptr_array_index(rows, i), mail);
        must(pd_store_commit(store));
    }
}

static void deliver(PdStore *store)
{
    for (;;) {
        g_autoptr(GPtrArray) rows = NULL;
        must(pd_outbox_claim(store, pd_clock_now(), CLAIM, &rows));
        if (rows->len == 0)
            break;
        must(pd_store_begin(store));
        for (guint i = 0; i < rows->len; i++) {
            const PdOutboxRow *row = g_ptr_array_index(rows, i);
            must(pd_outbox_result(store, row->id, PD_MAIL_SENT, "250 2.0.0 queued", 0));
        }
        must(pd_store_commit(store));
    }
}

int main(int argc, char **argv)
{
    guint count = argc > 2 ? (guint)strtoul(argv[2], NULL, 10) : 20000;
    g_autoptr(PdStore) store = NULL;
    g_autofree char *bytes = make_bytes();

    if (argc < 2) {
        fprintf(stderr, "usage: store_bench FOLDER [messages]\n");
        return 2;
    }
    count -= count % BATCH;
    must(pd_store_open(argv[1], PD_STORE_CREATE, &store));
    Watch watch = start_watch();
    collect(store, count, bytes);
    report("collect", watch, count);
    watch = start_watch();
    process(store, bytes);
    report("process", watch, count);
    watch = start_watch();
    deliver(store);
    report("deliver", watch, count);
    return EXIT_SUCCESS;
}
