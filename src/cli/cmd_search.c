/* cmd_search.c: search: tickets by words. */
#include "cli.h"

#include "documents.h"
#include "postdesk/clock.h"
#include "postdesk/search.h"
#include "postdesk/text.h"
#include "postdesk/tickets.h"
#include <stdio.h>

#define ON_THE_WAY                                                                                 \
    30 /* messages and fields that are indexed first; the clock role does the rest                 \
        */
/* Microseconds. */
#define PATIENCE (60 * (gint64)1000)       /* for the whole answer */
#define LEAST_PATIENCE (30 * (gint64)1000) /* for looking, however long indexing took */
#define OTHERS_WRITE (5 * (gint64)1000)

/* Where nobody may write, or others do, what is indexed must do. */
static PdStatus *open_store(PdCli *cli)
{
    PdStatus *status = pd_cli_store(cli, PD_STORE_WRITE);

    if (status == NULL)
        status = pd_search_catch_up(cli->store, ON_THE_WAY, OTHERS_WRITE);
    if (status == NULL)
        return NULL;
    pd_status_free(status);
    return cli->store != NULL ? NULL : pd_cli_store(cli, PD_STORE_READ);
}

static PdJson *describe(const PdSearchHit *hit, const PdTicket *ticket)
{
    PdJson *row = pd_document_ticket(ticket, TRUE);
    PdJson *found = pd_json_object();

    pd_json_set_text(found, "in", hit->place);
    pd_json_set_text(found, "before", hit->before);
    pd_json_set_text(found, "match", hit->match);
    pd_json_set_text(found, "after", hit->after);
    pd_json_set_int(found, "message", hit->inbox);
    pd_json_set_int(found, "note", hit->note);
    pd_json_set_int(found, "messages", hit->messages);
    return pd_json_set(row, "found", found);
}

static void print_hit(PdCli *cli, const PdSearchHit *hit, const PdTicket *ticket)
{
    pd_print_heading(&cli->print, "#%" G_GINT64_FORMAT "  %s  %s  %s", ticket->number,
                     ticket->priority[0] != '\0' ? ticket->priority : "--", ticket->status,
                     ticket->subject);
    if (cli->print.colour) {
        g_autofree char *before = pd_text_printable(hit->before);
        g_autofree char *match = pd_text_printable(hit->match);
        g_autofree char *after = pd_text_printable(hit->after);
        g_autofree char *painted = pd_print_paint(&cli->print, "bold", match);
        printf("    %s%s%s\n", before, painted, after);
    } else {
        g_autofree char *line =
            g_strconcat(hit->before, hit->match[0] != '\0' ? "[" : "", hit->match,
                        hit->match[0] != '\0' ? "]" : "", hit->after, NULL);
        pd_print_text(line, "    ");
    }
}

/* Where not everything was looked at, nothing found is no answer. */
static void print_end(PdCli *cli, const GPtrArray *hits, gint64 since)
{
    if (hits->len == 0)
        pd_print_line(&cli->print, "nothing holds all of these words");
    if (since != 0)
        pd_print_line(&cli->print,
                      "only tickets from about #%" G_GINT64_FORMAT
                      " on were looked at: these words stand in very many;"
                      " search --all looks at all of them",
                      since);
}

static PdStatus *print_hits(PdCli *cli, const GPtrArray *hits, gint64 since)
{
    g_autoptr(PdJson) document = pd_json_object();
    PdJson *rows = pd_json_array();

    pd_json_set(document, "tickets", rows);
    pd_json_set_int(document, "since", since);
    for (guint i = 0; i < hits->len; i++) {
        const PdSearchHit *hit = g_ptr_array_index(hits, i);
        g_autoptr(PdTicket) ticket = NULL;
        PD_TRY(pd_ticket_get(cli->store, hit->ticket, &ticket));
        if (ticket != NULL && cli->print.json)
            pd_json_add(rows, describe(hit, ticket));
        else if (ticket != NULL)
            print_hit(cli, hit, ticket);
    }
    if (cli->print.json)
        pd_print_json(document);
    else
        print_end(cli, hits, since);
    return NULL;
}

PdStatus *pd_cmd_search(PdCli *cli)
{
    g_autoptr(GPtrArray) hits = NULL;
    gint most = 20;
    gint64 since = 0, end = pd_clock_monotonic() + PATIENCE;
    gboolean all = FALSE;
    const GOptionEntry entries[] = {
        {"most", 0, 0, G_OPTION_ARG_INT, &most, "At most so many tickets (20)", "N"},
        {"all", 0, 0, G_OPTION_ARG_NONE, &all, "However long it takes", NULL},
        G_OPTION_ENTRY_NULL,
    };

    PD_TRY(pd_cli_options(cli, entries));
    if (cli->count < 1)
        return pd_cli_usage("search needs words to look for");
    PD_TRY(pd_cli_check_most(most));
    g_autofree char *text = g_strjoinv(" ", cli->arguments);
    PD_TRY(open_store(cli));
    gint64 patience = all ? 0 : MAX(end - pd_clock_monotonic(), LEAST_PATIENCE);
    PD_TRY(pd_search(cli->store, text, (guint)MIN(most, 500), patience, &hits, &since));
    if (hits->len == 0)
        cli->answer = PD_EXIT_NO;
    return print_hits(cli, hits, since);
}
