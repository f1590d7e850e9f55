/* desk_bench.c: what things cost beside the number of stored tickets, as one JSON object.
 *
 *   desk_bench fill CONFIG TICKETS words|none   a store with so many (desk_fill.c); seconds, bytes
 *   desk_bench process ROUNDS FEW MANY       mails through two desks in turns (desk_process.c)
 *   desk_bench timers CONFIG                 what a due timer costs
 *   desk_bench list CONFIG                   lists and counts, as the commands ask for them
 *   desk_bench search CONFIG                 words of all kinds (desk_search.c)
 *   desk_bench index CONFIG COUNT            indexing so many tickets again, slice by slice
 */
#include "desk_bench.h"

#include "postdesk/clock.h"
#include "postdesk/log.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void bench_require(PdStatus *status)
{
    if (status != NULL)
        g_error("%s", pd_status_text(status));
}

static gint64 count_tickets(PdStore *store)
{
    const PdTicketFilter last = {.most = 1};
    g_autoptr(GPtrArray) tickets = NULL;

    bench_require(pd_ticket_list(store, &last, &tickets));
    return tickets->len > 0 ? ((PdTicket *)g_ptr_array_index(tickets, 0))->number : 0;
}

Bench *bench_open(const char *config)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    Bench *bench = g_new0(Bench, 1);

    bench->config = pd_config_load(config, list);
    if (bench->config == NULL)
        bench_require(pd_diagnostics_status(list));
    bench_require(pd_store_open(bench->config->state, PD_STORE_CREATE, &bench->store));
    bench->desk = pd_desk_new(bench->config, bench->store, list);
    if (bench->desk == NULL)
        bench_require(pd_diagnostics_status(list));
    bench_require(pd_raw_writer_open(bench->store, "support/INBOX", &bench->writer));
    bench->tickets = count_tickets(bench->store);
    return bench;
}

void bench_close(Bench *bench)
{
    pd_raw_writer_free(bench->writer);
    pd_desk_free(bench->desk);
    pd_store_close(bench->store);
    pd_config_free(bench->config);
    g_free(bench);
}

gint64 bench_take(Bench *bench, const char *bytes, guint32 uid)
{
    g_autoptr(PdInboxRow) row = pd_inbox_row_new();
    gboolean is_new = FALSE;

    row->mailbox = g_strdup("support/INBOX");
    row->uidvalidity = 1;
    row->uid = uid;
    row->arrived_at = pd_clock_now();
    row->full_size = strlen(bytes);
    row->server_done = TRUE;
    bench_require(pd_raw_begin(bench->writer));
    bench_require(pd_raw_write(bench->writer, bytes, strlen(bytes)));
    bench_require(pd_raw_end(bench->writer, &row->raw, row->sha256));
    bench_require(pd_inbox_add(bench->store, row, &is_new));
    if (!is_new)
        g_error("message %u is there already", uid);
    return row->id;
}

GPtrArray *bench_waiting(Bench *bench, guint most)
{
    GPtrArray *rows = NULL;

    bench_require(pd_inbox_between(bench->store, 0, G_MAXINT64, most, &rows));
    return rows;
}

static gint64 size_of(const Bench *bench, const char *name)
{
    g_autofree char *path = g_build_filename(bench->config->state, name, NULL);
    struct stat found;

    return stat(path, &found) == 0 ? (gint64)found.st_size : 0;
}

static int measure_fill(char **arguments)
{
    Bench *bench = bench_open(arguments[0]);
    gint64 tickets = g_ascii_strtoll(arguments[1], NULL, 10), start = pd_clock_monotonic();

    bench_fill(bench, tickets, strcmp(arguments[2], "words") == 0);
    printf("{\"tickets\": %" G_GINT64_FORMAT
           ", \"seconds\": %.1f, \"database_bytes\": %" G_GINT64_FORMAT "}\n",
           tickets, (double)(pd_clock_monotonic() - start) / 1e6, size_of(bench, "postdesk.db"));
    bench_close(bench);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int arguments;
        int (*run)(char **arguments);
    } ways[] = {{"fill", 3, measure_fill},   {"process", 3, bench_process},
                {"timers", 1, bench_timers}, {"list", 1, bench_list},
                {"search", 1, bench_search}, {"index", 2, bench_index}};

    pd_log_set_level(PD_LOG_ERROR);
    for (gsize i = 0; argc >= 2 && i < G_N_ELEMENTS(ways); i++)
        if (strcmp(argv[1], ways[i].name) == 0 && argc == ways[i].arguments + 2)
            return ways[i].run(argv + 2);
    fputs("usage: desk_bench fill|process|timers|list|search|index …; its head tells more\n",
          stderr);
    return EXIT_FAILURE;
}
