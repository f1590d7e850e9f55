/* cmd_set.c: set: fields of a ticket, or of many as one bulk, by a person on this machine; and
 * undo, of a ticket's last change or of a bulk. */
#include "cli.h"

#include "filter.h"
#include "postdesk/wake.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MOST_TICKETS 1000
#define ASKS_BEYOND 5 /* tickets: a slip of the hand should not change a hundred */

static gboolean parse_number(const char **text, gint64 *number)
{
    char *end;

    if (**text == '#')
        ++*text;
    if (!g_ascii_isdigit(**text))
        return FALSE;
    *number = g_ascii_strtoll(*text, &end, 10);
    *text = end;
    return *number > 0;
}

static gboolean holds(const GArray *tickets, gint64 number)
{
    for (guint i = 0; i < tickets->len; i++)
        if (g_array_index(tickets, gint64, i) == number)
            return TRUE;
    return FALSE;
}

/* "12" or "20-25". */
static PdStatus *add_range(const char *text, GArray *tickets)
{
    const char *at = text;
    gint64 from = 0, to = 0;
    gboolean good = parse_number(&at, &from);

    to = from;
    if (good && *at == '-') {
        at++;
        good = parse_number(&at, &to);
    }
    if (!good || *at != '\0' || to < from)
        return pd_cli_usage("'%s' is no number of a ticket, and no range of them", text);
    if (to - from >= MOST_TICKETS || tickets->len + (guint64)(to - from) >= MOST_TICKETS)
        return pd_cli_usage("at most %d tickets are changed at once", MOST_TICKETS);
    for (gint64 number = from; number <= to; number++)
        if (!holds(tickets, number))
            g_array_append_val(tickets, number);
    return NULL;
}

static PdStatus *take_numbers(PdCli *cli, GArray *tickets, int *pairs)
{
    for (*pairs = 0; *pairs < cli->count && strchr(cli->arguments[*pairs], '=') == NULL; ++*pairs)
        PD_TRY(add_range(cli->arguments[*pairs], tickets));
    return NULL;
}

static PdStatus *take_filter(PdCli *cli, const PdTicketFilter *filter, GArray *tickets)
{
    g_autoptr(GPtrArray) found = NULL;

    PD_TRY(pd_ticket_list(cli->store, filter, &found));
    if (found->len > MOST_TICKETS)
        return pd_cli_usage("at most %d tickets are changed at once", MOST_TICKETS);
    for (guint i = 0; i < found->len; i++) {
        const PdTicket *ticket = g_ptr_array_index(found, i);
        g_array_append_val(tickets, ticket->number);
    }
    return NULL;
}

/* "priority P4 → P3, queue → network"; caller frees. */
static char *changes_text(const PdJson *changes)
{
    g_autofree const char **keys = pd_json_keys(changes);
    GString *text = g_string_new(NULL);

    for (guint i = 0; keys[i] != NULL; i++) {
        const PdJson *pair = pd_json_get(changes, keys[i]);
        const char *from = pd_json_get_text(pair, "from");
        g_string_append_printf(text, "%s%s %s%s→ %s", i > 0 ? ", " : "", keys[i], from,
                               from[0] != '\0' ? " " : "", pd_json_get_text(pair, "to"));
    }
    return g_string_free(text, FALSE);
}

static void print_rows(PdCli *cli, gint64 bulk, PdJson *rows)
{
    static const PdColumn columns[] = {{"number", "#", 3, 9},
                                       {"outcome", "Outcome", 7, 22},
                                       {"changes", "Changes", 7, 60},
                                       {"subject", "Subject", 10, 200},
                                       {NULL, NULL, 0, 0}};

    if (cli->print.json) {
        g_autoptr(PdJson) document = pd_json_object();
        pd_json_set_int(document, "bulk", bulk);
        pd_json_set(document, "tickets", rows);
        pd_print_json(document);
        return;
    }
    for (gsize i = 0; i < pd_json_length(rows); i++) {
        PdJson *row = pd_json_at(rows, i);
        g_autofree char *text = changes_text(pd_json_get(row, "changes"));
        pd_json_set_text(row, "changes", text);
    }
    pd_print_table(&cli->print, "tickets", rows, columns, "no ticket is meant");
}

static PdStatus *ask(guint count, gboolean yes)
{
    char answer[16] = "";

    if (count <= ASKS_BEYOND || yes)
        return NULL;
    if (isatty(STDIN_FILENO) != 1)
        return pd_cli_usage("%u tickets would be changed: say --yes, or look with --dry-run",
                            count);
    fprintf(stderr, "Change %u tickets? [y/N] ", count);
    if (fgets(answer, sizeof answer, stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y'))
        return NULL;
    return pd_cli_usage("nothing was changed");
}

static void knock(const PdCli *cli)
{
    pd_wake_knock(cli->config->state, "deliver");
    pd_wake_knock(cli->config->state, "clock");
}

static PdStatus *change_one(PdCli *cli, gint64 number, const char *const *pairs)
{
    PD_TRY(pd_desk_change(cli->desk, number, pairs, pd_cli_actor()));
    knock(cli);
    pd_print_line(&cli->print, "ticket #%" G_GINT64_FORMAT " changed", number);
    return NULL;
}

static PdStatus *change_all(PdCli *cli, const GArray *tickets, const char *const *pairs,
                            gboolean dry, gboolean yes)
{
    PdJson *rows = NULL;
    gint64 bulk = 0;

    if (!dry)
        PD_TRY(ask(tickets->len, yes));
    PD_TRY(pd_desk_change_all(cli->desk, tickets, pairs, pd_cli_actor(), dry, &bulk, &rows));
    print_rows(cli, bulk, rows);
    if (dry)
        pd_print_line(&cli->print, "nothing was changed: this is what would be");
    if (bulk != 0) {
        knock(cli);
        pd_print_line(&cli->print,
                      "bulk %" G_GINT64_FORMAT "; undo --bulk %" G_GINT64_FORMAT
                      " takes all of it back",
                      bulk, bulk);
    }
    return NULL;
}

typedef struct {
    PdFilterOptions which;
    gboolean dry, yes;
} Options;

static PdStatus *set_tickets(PdCli *cli, Options *options)
{
    g_autoptr(GArray) tickets = g_array_new(FALSE, FALSE, sizeof(gint64));
    gboolean filters = pd_filter_is_given(&options->which);
    const PdTicketFilter filter = pd_filter_of(&options->which, MOST_TICKETS + 1);
    int pairs = 0;

    PD_TRY(pd_filter_check(&options->which));
    PD_TRY(take_numbers(cli, tickets, &pairs));
    if (pairs == cli->count)
        return pd_cli_usage(
            "set needs what to change, such as status=open or category=network/vpn");
    if (filters == (tickets->len > 0))
        return pd_cli_usage("name the tickets by their numbers, or by options such as --queue");
    PD_TRY(pd_cli_store(cli, PD_STORE_WRITE));
    PD_TRY(pd_cli_desk(cli));
    if (filters)
        PD_TRY(take_filter(cli, &filter, tickets));
    const char *const *what = (const char *const *)cli->arguments + pairs;
    if (!filters && tickets->len == 1 && !options->dry)
        return change_one(cli, g_array_index(tickets, gint64, 0), what);
    return change_all(cli, tickets, what, options->dry, options->yes);
}

PdStatus *pd_cmd_set(PdCli *cli)
{
    Options options = {0};
    const GOptionEntry entries[] = {
        PD_FILTER_ENTRIES(options.which),
        {"dry-run", 0, 0, G_OPTION_ARG_NONE, &options.dry, "Only show what would be", NULL},
        {"yes", 0, 0, G_OPTION_ARG_NONE, &options.yes, "Do not ask", NULL},
        G_OPTION_ENTRY_NULL,
    };
    PdStatus *status = pd_cli_options(cli, entries);

    if (status == NULL)
        status = set_tickets(cli, &options);
    pd_filter_clear(&options.which);
    return status;
}

PdStatus *pd_cmd_undo(PdCli *cli)
{
    gint64 bulk = 0;
    PdJson *rows = NULL;
    const GOptionEntry entries[] = {
        {"bulk", 0, 0, G_OPTION_ARG_INT64, &bulk, "A change of many tickets, by its number", "N"},
        G_OPTION_ENTRY_NULL,
    };

    PD_TRY(pd_cli_options(cli, entries));
    if (bulk == 0)
        return pd_cli_ticket_command(cli);
    if (cli->count > 0)
        return pd_cli_usage("undo takes a ticket, or --bulk and its number");
    PD_TRY(pd_cli_store(cli, PD_STORE_WRITE));
    PD_TRY(pd_cli_desk(cli));
    PD_TRY(pd_desk_undo_all(cli->desk, bulk, pd_cli_actor(), &rows));
    print_rows(cli, bulk, rows);
    knock(cli);
    return NULL;
}
