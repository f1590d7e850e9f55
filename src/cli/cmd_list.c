/* cmd_list.c: list: tickets. */
#include "cli.h"

#include "documents.h"
#include "filter.h"
#include <stdio.h>

#define USUAL_MOST 1000

static PdJson *document_of(const PdCli *cli, const PdTicket *ticket)
{
    return cli->print.json ? pd_document_ticket(ticket, TRUE) : pd_document_ticket_row(ticket);
}

/* That there are more is nothing to be silent of: they are those that wait longest. */
static void print_tickets(PdCli *cli, const GPtrArray *tickets, guint most, const PdColumn *columns,
                          const char *empty)
{
    PdPages *pages = pd_print_pages_new(&cli->print, "tickets", columns);
    PdJson *rows = pd_json_array();
    gboolean more = tickets->len > most;

    for (guint i = 0; i < MIN(tickets->len, most); i++)
        pd_json_add(rows, document_of(cli, g_ptr_array_index(tickets, i)));
    pd_print_page(pages, rows);
    pd_print_pages_end(pages, pd_json_set_bool(pd_json_object(), "more", more), empty);
    if (more && !cli->print.json)
        fprintf(stderr, "postdesk: these are the newest %u; --most N shows more\n", most);
}

static PdStatus *list(PdCli *cli, PdFilterOptions *options, guint most)
{
    static const PdColumn columns[] = {
        {"number", "#", 3, 9},
        {"priority", "Prio", 4, 4},
        {"status", "Status", 6, 9},
        {"category", "Category", 8, 24},
        {"queue", "Queue", 0, 14},
        {"reporter", "From", 8, 22},
        {"updated_at", "Updated", 0, 20},
        {"resolve_due", "Due", 0, 20},
        {"subject", "Subject", 10, 200},
        {NULL, NULL, 0, 0},
    };
    const PdTicketFilter filter = pd_filter_of(options, most + 1);
    g_autoptr(GPtrArray) tickets = NULL;

    PD_TRY(pd_cli_store(cli, PD_STORE_LOOK));
    PD_TRY(pd_ticket_list(cli->store, &filter, &tickets));
    print_tickets(cli, tickets, most, columns,
                  options->status != NULL ? "no tickets of this status; list --all shows all"
                                          : "no open tickets; list --all shows all");
    return NULL;
}

PdStatus *pd_cmd_list(PdCli *cli)
{
    PdFilterOptions options = {0};
    gint most = USUAL_MOST;
    const GOptionEntry entries[] = {
        PD_FILTER_ENTRIES(options),
        {"most", 0, 0, G_OPTION_ARG_INT, &most, "At most so many (1000)", "N"},
        G_OPTION_ENTRY_NULL,
    };
    PdStatus *status = pd_cli_options(cli, entries);

    if (status == NULL)
        status = pd_filter_check(&options);
    if (status == NULL)
        status = pd_cli_check_most(most);
    if (status == NULL)
        status = list(cli, &options, (guint)most);
    pd_filter_clear(&options);
    return status;
}
