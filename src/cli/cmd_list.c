/* cmd_list.c: list: tickets. */
#include "cli.h"

#include "documents.h"
#include "postdesk/tickets.h"

PdStatus *pd_cmd_list(PdCli *cli)
{
    PdTicketFilter filter = {.open_only = TRUE, .most = 1000};
    gboolean all = FALSE;
    gint most = 1000;
    g_autofree char *status = NULL, *queue = NULL, *category = NULL, *reporter = NULL;
    const GOptionEntry entries[] = {
        {"all", 0, 0, G_OPTION_ARG_NONE, &all, "Closed, merged and spam too", NULL},
        {"status", 0, 0, G_OPTION_ARG_STRING, &status, "Only of this status", "STATUS"},
        {"queue", 0, 0, G_OPTION_ARG_STRING, &queue, "Only of this queue", "QUEUE"},
        {"category", 0, 0, G_OPTION_ARG_STRING, &category, "Of this category and below", "PATH"},
        {"reporter", 0, 0, G_OPTION_ARG_STRING, &reporter, "Of this address", "ADDRESS"},
        {"most", 0, 0, G_OPTION_ARG_INT, &most, "At most so many (1000)", "N"},
        G_OPTION_ENTRY_NULL,
    };
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
    g_autoptr(GPtrArray) tickets = NULL;
    PdJson *rows = pd_json_array();

    PD_TRY(pd_cli_options(cli, entries));
    PD_TRY(pd_cli_store(cli, PD_STORE_LOOK));
    filter = (PdTicketFilter){.status = status,
                              .queue = queue,
                              .category = category,
                              .reporter = reporter,
                              .open_only = !all && status == NULL,
                              .most = most > 0 ? (guint)most : 1000};
    PD_TRY(pd_ticket_list(cli->store, &filter, &tickets));
    for (guint i = 0; i < tickets->len; i++)
        pd_json_add(rows, pd_document_ticket(g_ptr_array_index(tickets, i), cli->print.json));
    pd_print_table(&cli->print, "tickets", rows, columns,
                   status != NULL ? "no tickets of this status; list --all shows all"
                                  : "no open tickets; list --all shows all");
    return NULL;
}
