/* cmd_list.c: list: tickets. */
#include "cli.h"

#include "documents.h"
#include "filter.h"

#define USUAL_MOST 1000

static PdStatus *list(PdCli *cli, PdFilterOptions *options, gint most)
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
    const PdTicketFilter filter = pd_filter_of(options, most > 0 ? (guint)most : (guint)USUAL_MOST);
    g_autoptr(GPtrArray) tickets = NULL;

    PD_TRY(pd_cli_store(cli, PD_STORE_LOOK));
    PD_TRY(pd_ticket_list(cli->store, &filter, &tickets));
    PdJson *rows = pd_json_array();
    for (guint i = 0; i < tickets->len; i++) {
        const PdTicket *ticket = g_ptr_array_index(tickets, i);
        pd_json_add(rows, cli->print.json ? pd_document_ticket(ticket, TRUE)
                                          : pd_document_ticket_row(ticket));
    }
    pd_print_table(&cli->print, "tickets", rows, columns,
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
        status = list(cli, &options, most);
    pd_filter_clear(&options);
    return status;
}
