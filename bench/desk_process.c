/* desk_process.c: what a mail costs in a desk with few and in one with many tickets, in turns.
 *
 * Each round takes a batch in, processes it with one commit, and rests as the role does when the
 * inbox is empty. The caches of the kernel are as warm as the machine lets them be.
 */
#include "desk_bench.h"
#include "desk_world.h"
#include "postdesk/clock.h"
#include "postdesk/outbox.h"
#include "postdesk/token.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FIRST_DRAWN 41 /* the tickets before were opened by the desk itself */

typedef struct {
    Bench *bench;
    PdTokenKeys *keys;
    guint64 seed;
    guint32 uid;
    gint64 fresh; /* numbers of new mails */
} Side;

typedef char *(*MakeMail)(Side *side);

/* Somebody answers today's ticket more often than last year's: how many tickets lie between is
 * drawn so that ten times as many are as likely. is_old: evenly from all. */
static gint64 draw(Side *side, gboolean is_open, gboolean is_old)
{
    gint64 all = side->bench->tickets - FIRST_DRAWN;

    for (;;) {
        double drawn = (double)world_chance(&side->seed, 1u << 30) / (double)(1u << 30);
        gint64 back =
            is_old ? (gint64)(drawn * (double)all) : (gint64)exp(drawn * log((double)all)) - 1;
        gint64 number = side->bench->tickets - back;
        g_autoptr(WorldTicket) ticket = world_ticket(number, side->bench->tickets);
        if (ticket->is_open == is_open && !ticket->is_watched)
            return number;
    }
}

static char *new_mail(Side *side)
{
    g_autoptr(WorldTicket) ticket =
        world_ticket(side->bench->tickets * 100 + ++side->fresh, side->bench->tickets);

    if (ticket->is_watched)
        return new_mail(side);
    g_free(ticket->message_id);
    ticket->message_id =
        g_strdup_printf("fresh.%x.%u@client.example.org", g_random_int(), g_random_int());
    return world_opening(ticket, pd_clock_now());
}

typedef struct {
    gboolean to_closed, to_old, by_token, by_reference;
    const char *from; /* NULL: its reporter */
} Reply;

static char *reply(Side *side, const Reply *how)
{
    gint64 number = draw(side, !how->to_closed, how->to_old);
    g_autoptr(WorldTicket) ticket = world_ticket(number, side->bench->tickets);
    g_autofree char *token = pd_token_make(side->keys, number, ticket->reporter, PD_TOKEN_REPLY,
                                           pd_clock_now() + 100 * 86400 * PD_SECOND);
    g_autofree char *to = g_strdup_printf("support%s%s@example.org", how->by_token ? "+" : "",
                                          how->by_token ? token : "");
    g_autofree char *id =
        g_strdup_printf("reply.%x.%u@client.example.org", g_random_int(), g_random_int());
    g_autofree char *subject = g_strdup_printf(
        how->by_token || how->by_reference ? "Re: %s" : "Re: %s [#%" G_GINT64_FORMAT "]",
        ticket->subject, number);
    g_autofree char *text = g_strdup_printf("It still happens, %u.\n", g_random_int());
    const WorldMail mail = {
        .message_id = id,
        .name = ticket->name,
        .from = how->from != NULL ? how->from : ticket->reporter,
        .to = to,
        .subject = subject,
        .in_reply_to = how->by_reference ? ticket->message_id : NULL,
        .text = text,
        .at = pd_clock_now(),
    };

    return world_mail(&mail);
}

static char *reply_by_token(Side *side)
{
    return reply(side, &(Reply){.by_token = TRUE});
}

static char *reply_to_old(Side *side)
{
    return reply(side, &(Reply){.by_token = TRUE, .to_old = TRUE});
}

static char *reply_by_reference(Side *side)
{
    return reply(side, &(Reply){.by_reference = TRUE});
}

static char *reply_by_number(Side *side)
{
    return reply(side, &(Reply){.by_token = FALSE});
}

static char *reply_to_closed(Side *side)
{
    return reply(side, &(Reply){.to_closed = TRUE, .by_reference = TRUE});
}

static char *reply_of_stranger(Side *side)
{
    return reply(side, &(Reply){.by_reference = TRUE, .from = "stranger@elsewhere.example"});
}

/* One of the samples that the desk itself took in, byte for byte. */
static char *copy(Side *side)
{
    g_autoptr(GPtrArray) messages = NULL;
    g_autoptr(PdInboxRow) row = NULL;
    char *bytes = NULL;
    gsize length = 0;

    do {
        gint64 number = 1 + (gint64)world_chance(&side->seed, 40);
        g_clear_pointer(&messages, g_ptr_array_unref);
        bench_require(pd_message_of_ticket(side->bench->store, number, &messages));
    } while (messages->len == 0);
    const PdStoredMessage *message = g_ptr_array_index(messages, 0);
    bench_require(pd_inbox_get(side->bench->store, message->inbox, &row));
    bench_require(pd_raw_read(side->bench->store, &row->raw, 1 << 20, &bytes, &length));
    char *text = g_strndup(bytes, length);
    g_free(bytes);
    return text;
}

static char *alert(Side *side)
{
    gint64 number;
    g_autofree char *id =
        g_strdup_printf("alert.%x.%u@monitor.example.org", g_random_int(), g_random_int());
    g_autofree char *subject = NULL;
    gboolean is_found = FALSE;

    while (!is_found) {
        number = FIRST_DRAWN +
                 (gint64)world_chance(&side->seed, (guint64)(side->bench->tickets - FIRST_DRAWN));
        g_autoptr(WorldTicket) ticket = world_ticket(number, side->bench->tickets);
        is_found = ticket->is_watched && ticket->is_open;
        g_free(subject);
        subject = g_strdup(ticket->subject);
    }
    const WorldMail mail = {id,      "Nagios", "nagios@monitor.example.org", "support@example.org",
                            subject, NULL,     "State: CRITICAL\n",          pd_clock_now()};
    return world_mail(&mail);
}

static double processor(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double wall(void)
{
    return (double)pd_clock_monotonic() / 1e3;
}

static void take_batch(Side *side, MakeMail make, guint batch)
{
    Bench *bench = side->bench;
    g_autoptr(GPtrArray) mails = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < batch; i++)
        g_ptr_array_add(mails, make(side));
    bench_require(pd_store_begin(bench->store));
    for (guint i = 0; i < batch; i++)
        bench_take(bench, g_ptr_array_index(mails, i), ++side->uid);
    bench_require(pd_raw_sync(bench->writer));
    bench_require(pd_store_commit(bench->store));
}

typedef struct {
    double wall, processor, rest; /* milliseconds a mail */
    guint created, appended, ignored;
} Cost;

static Cost one_round(Side *side, MakeMail make, guint batch)
{
    Bench *bench = side->bench;
    PdProcessed done = {0};

    take_batch(side, make, batch);
    double processor_start = processor(), start = wall();
    g_autoptr(GPtrArray) rows = bench_waiting(bench, batch);
    bench_require(pd_desk_process(bench->desk, rows, NULL, NULL, &done));
    double end = wall(), used = processor() - processor_start;
    pd_store_rest(bench->store);
    return (Cost){(end - start) / batch, used / batch,  (wall() - end) / batch,
                  done.created,          done.appended, done.ignored};
}

static int compare(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;

    return a < b ? -1 : a > b ? 1 : 0;
}

static double median(double *values, guint count)
{
    qsort(values, count, sizeof *values, compare);
    return values[count / 2];
}

static void print_costs(const char *name, Cost *costs, guint count)
{
    g_autofree double *walls = g_new(double, count), *processors = g_new(double, count);
    double rest = 0;

    for (guint i = 0; i < count; i++) {
        walls[i] = costs[i].wall;
        processors[i] = costs[i].processor;
        rest += costs[i].rest;
    }
    printf(
        "\"%s\": {\"wall_ms\": %.4f, \"processor_ms\": %.4f, \"rest_ms\": %.4f, \"created\": %u, "
        "\"appended\": %u, \"ignored\": %u}",
        name, median(walls, count), median(processors, count), rest / count, costs[0].created,
        costs[0].appended, costs[0].ignored);
}

static void measure(Side sides[2], const char *what, MakeMail make, guint batch, guint rounds,
                    gboolean is_last)
{
    g_autofree Cost *few = g_new0(Cost, rounds), *many = g_new0(Cost, rounds);

    one_round(&sides[0], make, batch);
    one_round(&sides[1], make, batch);
    for (guint i = 0; i < rounds; i++) {
        few[i] = one_round(&sides[0], make, batch);
        many[i] = one_round(&sides[1], make, batch);
    }
    printf(" {\"what\": \"%s\", \"batch\": %u, ", what, batch);
    print_costs("few", few, rounds);
    printf(", ");
    print_costs("many", many, rounds);
    printf("}%s\n", is_last ? "" : ",");
    fprintf(stderr, "%s %u\n", what, batch);
}

static void open_side(Side *side, const char *config)
{
    side->bench = bench_open(config);
    g_autofree char *keys = g_build_filename(side->bench->config->state, "token.key", NULL);
    bench_require(pd_token_keys_load(keys, &side->keys));
    side->seed = g_random_int();
    side->uid = 1000000000u + g_random_int() % 1000000000u;
    side->fresh = g_random_int() % 1000000;
}

int bench_process(char **arguments)
{
    static const struct {
        const char *what;
        MakeMail make;
        guint batch;
    } kinds[] = {
        {"new", new_mail, 1},
        {"new", new_mail, 16},
        {"new", new_mail, 200},
        {"reply by token", reply_by_token, 1},
        {"reply by token", reply_by_token, 16},
        {"reply to an old one", reply_to_old, 1},
        {"reply to an old one", reply_to_old, 16},
        {"reply by reference", reply_by_reference, 1},
        {"reply by number", reply_by_number, 1},
        {"reply to closed", reply_to_closed, 1},
        {"stranger's reply", reply_of_stranger, 1},
        {"copy", copy, 1},
        {"merge key", alert, 1},
    };
    guint rounds = (guint)g_ascii_strtoull(arguments[0], NULL, 10);
    Side sides[2] = {0};

    open_side(&sides[0], arguments[1]);
    open_side(&sides[1], arguments[2]);
    printf("{\"few\": %" G_GINT64_FORMAT ", \"many\": %" G_GINT64_FORMAT ", \"costs\": [\n",
           sides[0].bench->tickets, sides[1].bench->tickets);
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        measure(sides, kinds[i].what, kinds[i].make, kinds[i].batch,
                kinds[i].batch < 100 ? rounds : MAX(rounds / 4, 3), i == G_N_ELEMENTS(kinds) - 1);
    printf("]}\n");
    for (guint i = 0; i < 2; i++) {
        pd_token_keys_free(sides[i].keys);
        bench_close(sides[i].bench);
    }
    return 0;
}
