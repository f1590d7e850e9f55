/* desk_look.c: what looking at a large desk costs: lists, counts, words, timers, indexing.
 *
 * Each question is asked once with a new connection, whose cache is empty, and five times more:
 * milliseconds of the first time, the median of the others, and what they took of the processor.
 */
#include "desk_bench.h"
#include "desk_world.h"
#include "postdesk/clock.h"
#include "postdesk/outbox.h"
#include "postdesk/search.h"
#include "postdesk/timers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define AGAIN 5
#define PATIENCE (60 * (gint64)1000) /* microseconds; as the command has it */

static gboolean is_next;

static void begin(void)
{
    is_next = FALSE;
    printf("{\"asked\": [\n");
}

static void end(void)
{
    printf("\n]}\n");
}

static double since(gint64 start)
{
    return (double)(pd_clock_monotonic() - start) / 1e3;
}

static double processor(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

typedef guint (*Ask)(PdStore *store, gconstpointer question);

static int compare(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;

    return a < b ? -1 : a > b ? 1 : 0;
}

static void print_answer(const char *what, guint found, double first, double again, double used)
{
    g_autoptr(PdJson) name = pd_json_text(what);
    g_autofree char *quoted = pd_json_compact(name);

    printf("%s {\"what\": %s, \"found\": %u, \"first_ms\": %.2f, \"again_ms\": %.2f, "
           "\"processor_ms\": %.2f}",
           is_next ? ",\n" : "", quoted, found, first, again, used);
    is_next = TRUE;
}

static void ask(const char *state, const char *what, Ask question, gconstpointer of)
{
    g_autoptr(PdStore) store = NULL;
    double again[AGAIN], used = 0;

    bench_require(pd_store_open(state, PD_STORE_READ, &store));
    gint64 start = pd_clock_monotonic();
    guint found = question(store, of);
    double first = since(start);
    for (guint i = 0; i < AGAIN; i++) {
        double before = processor();
        start = pd_clock_monotonic();
        question(store, of);
        again[i] = since(start);
        used += processor() - before;
    }
    qsort(again, AGAIN, sizeof *again, compare);
    print_answer(what, found, first, again[AGAIN / 2], used / AGAIN);
}

static guint list(PdStore *store, gconstpointer question)
{
    g_autoptr(GPtrArray) tickets = NULL;

    bench_require(pd_ticket_list(store, question, &tickets));
    return tickets->len;
}

static guint show(PdStore *store, gconstpointer question)
{
    g_autoptr(GPtrArray) messages = NULL, events = NULL, mails = NULL, people = NULL;
    g_autoptr(PdTicket) ticket = NULL;
    gint64 number = *(const gint64 *)question;

    bench_require(pd_ticket_get(store, number, &ticket));
    bench_require(pd_message_of_ticket(store, number, &messages));
    bench_require(pd_ticket_events(store, number, &events));
    bench_require(pd_outbox_list(store, -1, number, 1000, &mails));
    bench_require(pd_ticket_participants(store, number, &people));
    return messages->len + events->len + mails->len + people->len;
}

static guint count_messages(PdStore *store, gconstpointer question)
{
    gint64 count, oldest;

    (void)question;
    for (int outcome = PD_OUTCOME_INBOX; outcome <= PD_OUTCOME_QUARANTINED; outcome++)
        bench_require(pd_inbox_count(store, (PdOutcome)outcome, &count, &oldest));
    return (guint)count;
}

static guint count_mails(PdStore *store, gconstpointer question)
{
    gint64 count = 0, oldest;

    (void)question;
    for (int state = PD_MAIL_QUEUED; state <= PD_MAIL_UNKNOWN; state++)
        bench_require(pd_outbox_count(store, (PdMailState)state, &count, &oldest));
    return (guint)count;
}

static guint count_load(PdStore *store, gconstpointer question)
{
    gint64 count = 0;

    bench_require(pd_tickets_assigned(store, question, &count));
    return (guint)count;
}

int bench_list(char **arguments)
{
    Bench *bench = bench_open(arguments[0]);
    const char *state = bench->config->state;
    gint64 old = bench->tickets / 3;
    g_autoptr(WorldTicket) ticket = world_ticket(old, bench->tickets);
    const struct {
        const char *what;
        PdTicketFilter filter;
    } lists[] = {
        {"list", {.open_only = TRUE, .most = 1000}},
        {"list --most 100", {.open_only = TRUE, .most = 100}},
        {"list --all", {.most = 1000}},
        {"list --queue network", {.queue = "network", .open_only = TRUE, .most = 1000}},
        {"list --queue nobody", {.queue = "nobody", .open_only = TRUE, .most = 1000}},
        {"list --category system", {.category = "system", .open_only = TRUE, .most = 1000}},
        {"list --category nothing", {.category = "nothing", .open_only = TRUE, .most = 1000}},
        {"list --reporter", {.reporter = ticket->reporter, .open_only = TRUE, .most = 1000}},
        {"list --reporter nobody", {.reporter = "no@x.org", .open_only = TRUE, .most = 1000}},
        {"list --status open", {.status = "open", .most = 1000}},
        {"list --status resolved", {.status = "resolved", .most = 1000}},
        {"list --status closed", {.status = "closed", .most = 1000}},
        {"list --status spam", {.status = "spam", .most = 1000}},
        {"list --all --queue nobody", {.queue = "nobody", .most = 1000}},
        {"list --all --reporter", {.reporter = ticket->reporter, .most = 1000}},
        {"list --all --reporter nobody", {.reporter = "no@x.org", .most = 1000}},
        {"list --all --category nothing", {.category = "nothing", .most = 1000}},
    };

    begin();
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
        ask(state, lists[i].what, list, &lists[i].filter);
    ask(state, "show", show, &old);
    ask(state, "status: messages", count_messages, NULL);
    ask(state, "status: mails", count_mails, NULL);
    ask(state, "load of an engineer", count_load, "engineer1@example.org");
    end();
    bench_close(bench);
    return 0;
}

static guint search(PdStore *store, gconstpointer words)
{
    g_autoptr(GPtrArray) hits = NULL;
    gint64 since;

    bench_require(pd_search(store, words, 20, PATIENCE, &hits, &since));
    return hits->len;
}

int bench_search(char **arguments)
{
    Bench *bench = bench_open(arguments[0]);
    g_autofree char *number = g_strdup_printf("INV-%07" G_GINT64_FORMAT, bench->tickets / 3);
    const char *const words[] = {
        "server",
        "系统",
        "登录",
        "数据库",
        "打印",
        "服",
        "谢谢",
        "regards", /* in many texts */
        MARK_FIRST,
        "parsif",
        "srv-0042.dc1.example.org",
        "srv",
        "ORA-00942", /* names */
        number,
        "user00123@dept123.example.org",
        "node0000127", /* seldom */
        "服务器 密码",
        "server password",
        "the server please login error cannot",
        "系统 无法 登录 报错",
        "\"the server\"",
        "\"server the\"",
        "\"系统无法\"",
        "无法系统登录",
        "系统系统系统",
        MARK_FIRST " " MARK_SECOND,
        MARK_FIRST " " MARK_SECOND " " MARK_THIRD, /* nowhere together */
        "谢谢 regards",
        "谢谢谢谢",
        "\"regards the\"",
        "nosuchword",
        "nosuchword the",
        "a",
        "e* the",
    };

    begin();
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        ask(bench->config->state, words[i], search, words[i]);
    for (guint rank = 30; rank < 8000; rank *= 4) {
        ask(bench->config->state, world_english(rank), search, world_english(rank));
        ask(bench->config->state, world_chinese(rank), search, world_chinese(rank));
    }
    end();
    bench_close(bench);
    return 0;
}

/* Tickets far apart get timers that are due now; the times set anew are in the future again. */
int bench_timers(char **arguments)
{
    Bench *bench = bench_open(arguments[0]);
    gint64 next = 0, count = MIN(1000, bench->tickets / 20);
    guint mailed = 0;
    gboolean more = TRUE;

    bench_require(pd_timers_next(bench->store, &next));
    gint64 start = pd_clock_monotonic();
    bench_require(pd_desk_run_timers(bench->desk, &mailed, &more));
    double look = since(start);
    bench_require(pd_store_begin(bench->store));
    for (gint64 i = 0; i < count; i++)
        bench_require(
            pd_timers_set(bench->store, (bench->tickets / 19 / count * i + 5) * 19 + 7, 1));
    bench_require(pd_store_commit(bench->store));
    start = pd_clock_monotonic();
    do
        bench_require(pd_desk_run_timers(bench->desk, &mailed, &more));
    while (more);
    printf("{\"look_ms\": %.3f, \"due\": %" G_GINT64_FORMAT
           ", \"mailed\": %u, \"each_ms\": %.3f}\n",
           look, count, mailed, since(start) / (double)count);
    bench_close(bench);
    return 0;
}

/* How long the slices of the clock role hold the writers' lock. */
int bench_index(char **arguments)
{
    Bench *bench = bench_open(arguments[0]);
    guint slice = (guint)g_ascii_strtoull(arguments[1], NULL, 10), slices = 0;
    double longest = 0, all = 0;
    gboolean more = TRUE;

    while (more) {
        gint64 start = pd_clock_monotonic();
        bench_require(pd_search_index(bench->store, slice, &more));
        double took = since(start);
        longest = MAX(longest, took);
        all += took;
        slices++;
    }
    printf("{\"slice\": %u, \"slices\": %u, \"longest_ms\": %.1f, \"mean_ms\": %.2f, "
           "\"a_ticket_ms\": %.3f}\n",
           slice, slices, longest, all / slices, all / slices / slice);
    bench_close(bench);
    return 0;
}
