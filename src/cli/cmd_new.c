/* cmd_new.c: new: a ticket for somebody who called or came by, through the door of every mail: the
 * call is written down with who took it, taken in, processed by the rules and answered. */
#include "call.h"
#include "cli.h"

#include "postdesk/inbox.h"
#include "postdesk/people.h"
#include "postdesk/roles.h"
#include "postdesk/text.h"
#include "postdesk/tickets.h"
#include "postdesk/wake.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WAIT_STEPS 40 /* of 50 ms for a desk that runs */
#define MOST_LINES 500

typedef struct {
    char *caller, *name, *phone, *subject, *text;
    char *status, *priority, *category, *queue, *assignee;
} Given;

static void given_clear(Given *given)
{
    char **all[] = {&given->caller, &given->name,     &given->phone,    &given->subject,
                    &given->text,   &given->priority, &given->category, &given->queue,
                    &given->status, &given->assignee};

    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        g_free(*all[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Given, given_clear)

/* One line of what is typed, ends trimmed; NULL at the end of it. Caller frees. */
static char *read_line(void)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length = getline(&line, &size, stdin);
    char *text = length >= 0 ? pd_text_make_valid(line, (gsize)length, NULL) : NULL;

    free(line);
    return text != NULL ? g_strstrip(text) : NULL;
}

static void ask_line(const char *question, char **answer)
{
    if (*answer != NULL)
        return;
    fprintf(stderr, "%s ", question);
    *answer = read_line();
    if (*answer != NULL && (*answer)[0] == '\0')
        g_clear_pointer(answer, g_free);
}

/* Until an empty line. */
static void ask_text(char **answer)
{
    g_autoptr(GString) text = g_string_new(NULL);
    char *line = NULL;

    if (*answer != NULL)
        return;
    fputs("What is the matter? (an empty line ends it)\n", stderr);
    for (guint i = 0; i < MOST_LINES && (line = read_line()) != NULL && line[0] != '\0'; i++) {
        g_string_append_printf(text, "%s\n", line);
        g_free(line);
    }
    g_free(line);
    *answer = g_string_free(g_steal_pointer(&text), FALSE);
}

/* As it was given, else as people.yaml has it; NULL: none is known. */
static const char *address_of(const char *caller, const PdPerson *who)
{
    if (strchr(caller, '@') != NULL)
        return caller;
    return who != NULL ? who->addresses[0] : NULL;
}

/* Why nobody could be answered there, as a sentence; NULL: he can. Caller frees. */
static char *address_mistake(const char *address, const char *caller)
{
    g_autofree char *mistake = address != NULL ? pd_text_address_mistake(address) : NULL;

    if (mistake == NULL)
        return NULL;
    return g_strdup_printf("%s'%s' is %s", address != caller ? "in people.yaml " : "", address,
                           mistake);
}

/* Who it is: said at once, so that a slip is seen before the ticket is there. FALSE: ask again. */
static gboolean show_caller(const PdPeople *people, const char *caller, gboolean *is_known)
{
    gboolean several = FALSE;
    const PdPerson *who = pd_people_caller(people, caller, NULL, &several);
    const char *address = address_of(caller, who);
    g_autofree char *mistake = address_mistake(address, caller);

    *is_known = who != NULL;
    if (mistake != NULL) {
        fprintf(stderr, "  %s\n", mistake);
        return FALSE;
    }
    if (several)
        fprintf(stderr, "  several people fit '%s': give the phone or the address\n", caller);
    else if (who != NULL)
        fprintf(stderr, "  %s, %s%s%s%s%s\n", who->name, who->addresses[0],
                who->department != NULL ? ", " : "", who->department != NULL ? who->department : "",
                who->phone != NULL ? ", " : "", who->phone != NULL ? who->phone : "");
    else if (strchr(caller, '@') == NULL)
        fputs("  not known: nobody is mailed (an address would be)\n", stderr);
    return !several;
}

static void ask_caller(const PdPeople *people, Given *given)
{
    gboolean is_known = given->caller != NULL;

    while (given->caller == NULL) {
        ask_line("Caller (name, address or phone):", &given->caller);
        if (given->caller == NULL)
            return; /* an empty line, or no more of them */
        if (!show_caller(people, given->caller, &is_known))
            g_clear_pointer(&given->caller, g_free);
    }
    if (!is_known)
        ask_line("Phone to call back (empty: none):", &given->phone);
}

static gboolean is_priority(char **priority)
{
    static const char *const priorities[] = {"P1", "P2", "P3", "P4", NULL};
    g_autofree char *wanted = g_ascii_isdigit((*priority)[0]) ? g_strconcat("P", *priority, NULL)
                                                              : g_ascii_strup(*priority, -1);

    if (!g_strv_contains(priorities, wanted))
        return FALSE;
    g_free(*priority);
    *priority = g_steal_pointer(&wanted);
    return TRUE;
}

static void ask(const PdPeople *people, Given *given)
{
    ask_caller(people, given);
    if (given->caller == NULL)
        return;
    ask_line("Subject:", &given->subject);
    ask_text(&given->text);
    while (given->priority == NULL) {
        ask_line("Priority (1 to 4; empty: by the rules):", &given->priority);
        if (given->priority == NULL)
            return;
        if (!is_priority(&given->priority))
            g_clear_pointer(&given->priority, g_free);
    }
}

static PdStatus *check(Given *given)
{
    if (given->caller == NULL)
        return pd_cli_usage("who called? Give --caller, or start it at a terminal");
    if (given->subject == NULL)
        return pd_cli_usage("what is it about? Give --subject, or start it at a terminal");
    if (!pd_text_is_one_line(given->caller) || !pd_text_is_one_line(given->subject) ||
        (given->name != NULL && !pd_text_is_one_line(given->name)))
        return pd_cli_usage("caller, name and subject are one line each");
    if (given->priority != NULL && !is_priority(&given->priority))
        return pd_cli_usage("'%s' is no priority; write P1 to P4", given->priority);
    return NULL;
}

/* What the ticket is opened with, checked before there is one. */
static PdStatus *check_fields(PdCli *cli, const Given *given, PdJson **set)
{
    const char *const fields[][2] = {{"priority", given->priority},
                                     {"category", given->category},
                                     {"queue", given->queue},
                                     {"assignee", given->assignee}};
    g_autoptr(GPtrArray) pairs = g_ptr_array_new_with_free_func(g_free);

    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (fields[i][1] != NULL)
            g_ptr_array_add(pairs, g_strconcat(fields[i][0], "=", fields[i][1], NULL));
    }
    g_ptr_array_add(pairs, NULL);
    return pd_desk_check_fields(cli->desk, (const char *const *)pairs->pdata, set);
}

static PdStatus *take_in(PdCli *cli, const PdPeople *people, const Given *given, gint64 *inbox)
{
    gboolean several = FALSE;
    const PdPerson *who = pd_people_caller(people, given->caller, given->phone, &several);
    const char *address = address_of(given->caller, who);
    g_autofree char *mistake = address_mistake(address, given->caller);
    g_autoptr(PdJson) set = NULL;

    if (several)
        return pd_cli_usage("several people fit '%s'; give the phone or the address",
                            given->caller);
    if (mistake != NULL)
        return pd_cli_usage("%s", mistake);
    PD_TRY(check_fields(cli, given, &set));
    const char *usual = who != NULL ? who->name : address != NULL ? NULL : given->caller;
    const PdTakenCall call = {
        .name = given->name != NULL ? given->name : usual,
        .address = address,
        .phone = given->phone,
        .subject = given->subject,
        .text = given->text != NULL ? given->text : "",
        .taken_by = pd_cli_actor(),
        .set = set,
    };
    g_autofree char *mail = pd_call_compose(cli->config, &call);
    return pd_role_take_call(cli->config, mail, strlen(mail), inbox);
}

/* A desk that runs does it at once; else it is done here. */
static PdStatus *process(PdCli *cli, gint64 inbox, PdInboxRow **row)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)pd_inbox_row_free);
    PdProcessed done = {0};
    guint steps = pd_wake_knock(cli->config->state, "process") ? WAIT_STEPS : 1;

    for (guint i = 0; i < steps; i++) {
        g_autoptr(PdInboxRow) now = NULL;
        PD_TRY(pd_inbox_get(cli->store, inbox, &now));
        if (now->outcome != PD_OUTCOME_INBOX) {
            *row = g_steal_pointer(&now);
            return NULL;
        }
        if (i + 1 == steps)
            g_ptr_array_add(rows, g_steal_pointer(&now));
        else
            g_usleep(50 * 1000);
    }
    PD_TRY(pd_cli_desk(cli));
    PD_TRY(pd_desk_process(cli->desk, rows, NULL, NULL, &done));
    return pd_inbox_get(cli->store, inbox, row);
}

/* A matter that was settled on the phone. */
static PdStatus *set_status(PdCli *cli, gint64 ticket, const Given *given)
{
    g_autofree char *pair = g_strconcat("status=", given->status, NULL);
    const char *const pairs[] = {pair, NULL};

    if (given->status == NULL)
        return NULL;
    PD_TRY(pd_cli_desk(cli));
    return pd_desk_change(cli->desk, ticket, pairs, pd_cli_actor());
}

static PdStatus *tell(PdCli *cli, gint64 number)
{
    g_autoptr(PdTicket) ticket = NULL;
    g_autoptr(PdJson) document = pd_json_object();

    PD_TRY(pd_ticket_get(cli->store, number, &ticket));
    pd_json_set_int(document, "ticket", number);
    pd_json_set_text(document, "category", ticket->category);
    pd_json_set_text(document, "priority", ticket->priority);
    pd_json_set_text(document, "assignee", ticket->assignee);
    if (cli->print.json)
        pd_print_json(document);
    pd_print_line(&cli->print, "ticket #%" G_GINT64_FORMAT "  %s  %s%s%s", number, ticket->priority,
                  ticket->category, ticket->assignee[0] != '\0' ? "  for " : "", ticket->assignee);
    return NULL;
}

static PdStatus *open_ticket(PdCli *cli, const PdPeople *people, const Given *given)
{
    g_autoptr(PdInboxRow) row = NULL;
    gint64 inbox = 0;

    PD_TRY(pd_cli_desk(cli)); /* without a store: what is given is checked */
    PD_TRY(take_in(cli, people, given, &inbox));
    g_clear_pointer(&cli->desk, pd_desk_free);
    PD_TRY(pd_cli_store(cli, PD_STORE_WRITE));
    PD_TRY(process(cli, inbox, &row));
    if (row->ticket == 0)
        return pd_status_new(PD_SPOILS_MESSAGE, PD_FINAL, "\"postdesk ledger\" tells more",
                             "the call is stored as message %" G_GINT64_FORMAT
                             ", but became no ticket: %s",
                             inbox, row->reason != NULL ? row->reason : "it waits");
    PdStatus *status = set_status(cli, row->ticket, given);
    pd_wake_knock(cli->config->state, "deliver");
    pd_wake_knock(cli->config->state, "clock");
    if (status != NULL)
        return pd_status_prefix(status, "ticket #%" G_GINT64_FORMAT " is there, but", row->ticket);
    return tell(cli, row->ticket);
}

PdStatus *pd_cmd_new(PdCli *cli)
{
    g_auto(Given) given = {NULL};
    const GOptionEntry entries[] = {
        {"caller", 0, 0, G_OPTION_ARG_STRING, &given.caller, "Name, address or phone", "WHO"},
        {"name", 0, 0, G_OPTION_ARG_STRING, &given.name, "What the caller is called", "NAME"},
        {"phone", 0, 0, G_OPTION_ARG_STRING, &given.phone, "Where to call back", "NUMBER"},
        {"subject", 0, 0, G_OPTION_ARG_STRING, &given.subject, "What it is about", "TEXT"},
        {"text", 0, 0, G_OPTION_ARG_STRING, &given.text, "What was said", "TEXT"},
        {"priority", 0, 0, G_OPTION_ARG_STRING, &given.priority, "Instead of the rules'", "P1-P4"},
        {"category", 0, 0, G_OPTION_ARG_STRING, &given.category, "Instead of the rules'", "PATH"},
        {"queue", 0, 0, G_OPTION_ARG_STRING, &given.queue, "Instead of the rules'", "QUEUE"},
        {"assign", 0, 0, G_OPTION_ARG_STRING, &given.assignee, "Whose ticket it is", "WHO"},
        {"status", 0, 0, G_OPTION_ARG_STRING, &given.status, "Such as resolved", "STATUS"},
        G_OPTION_ENTRY_NULL,
    };

    PD_TRY(pd_cli_options(cli, entries));
    if (cli->count > 0)
        return pd_cli_usage("new takes options only; without --subject it asks");
    PD_TRY(pd_cli_config(cli));
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdPeople) people =
        pd_people_load(cli->config->rules, (const char *const *)cli->config->languages, list);
    if (people == NULL)
        return pd_diagnostics_status(list);
    if (given.subject == NULL && isatty(STDIN_FILENO))
        ask(people, &given);
    PD_TRY(check(&given));
    return open_ticket(cli, people, &given);
}
