/* main.c: the table of commands. */
#include "cli.h"

#include "postdesk/log.h"
#include "postdesk/memory.h"
#include "postdesk/text.h"
#include "postdesk/title.h"
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static const PdCommand commands[] = {
    {"init", pd_cmd_init, 1, "DIR", "write a commented configuration with the shipped rules"},
    {"check", pd_cmd_check, 0, "", "configuration, rules and templates: every error at once"},
    {"doctor", pd_cmd_doctor, 0, "", "what stands between this installation and its first mail"},
    {"run", pd_cmd_run, 0, "", "all roles, until told to stop"},
    {"reload", pd_cmd_reload, 0, "", "let a running desk load its files anew"},
    {"status", pd_cmd_status, 0, "", "one screen: roles, queues, ages, alarms"},
    {"list", pd_cmd_list, 0, "[--all]", "tickets"},
    {"show", pd_cmd_show, 1, "NUMBER [--attachments DIR]", "a ticket with its messages and events"},
    {"new", pd_cmd_new, 0, "[--caller WHO --subject TEXT …]", "a ticket for somebody who called"},
    {"search", pd_cmd_search, PD_ANY, "WORD…", "tickets by words, the best first"},
    {"explain", pd_cmd_explain, 1, "FILE|NUMBER|message:N",
     "why a mail was or would be handled so"},
    {"set", pd_cmd_set, PD_ANY, "NUMBER… FIELD=VALUE…",
     "change fields of a ticket, or of many at once"},
    {"accept", pd_cmd_ticket, PD_ANY, "NUMBER", "take a new ticket in and tell its reporter"},
    {"assign", pd_cmd_ticket, PD_ANY, "NUMBER WHO",
     "give a ticket to somebody, who is mailed all of it"},
    {"reply", pd_cmd_ticket, PD_ANY, "NUMBER TEXT|-", "write to the reporter in the desk's name"},
    {"note", pd_cmd_ticket, PD_ANY, "NUMBER TEXT|-", "a note that stays inside"},
    {"resolve", pd_cmd_ticket, PD_ANY, "NUMBER [TEXT|-]", "the problem is solved"},
    {"close", pd_cmd_ticket, PD_ANY, "NUMBER [TEXT|-]", "close a ticket"},
    {"reopen", pd_cmd_ticket, PD_ANY, "NUMBER [TEXT|-]", "open a ticket again"},
    {"due", pd_cmd_ticket, PD_ANY, "NUMBER DAY",
     "another day, by whose end a ticket is to be solved"},
    {"external", pd_cmd_ticket, PD_ANY, "NUMBER ADDRESS TEXT|-", "ask somebody outside and wait"},
    {"merge", pd_cmd_ticket, PD_ANY, "NUMBER INTO", "let a ticket go on in another one"},
    {"split", pd_cmd_ticket, PD_ANY, "NUMBER [SUBJECT]", "make a ticket of the last message"},
    {"tag", pd_cmd_ticket, PD_ANY, "NUMBER WORD…", "add tags"},
    {"untag", pd_cmd_ticket, PD_ANY, "NUMBER WORD…", "take tags off"},
    {"field", pd_cmd_ticket, PD_ANY, "NUMBER NAME=VALUE",
     "set a field of your own, or take it off"},
    {"link", pd_cmd_ticket, PD_ANY, "NUMBER [KIND] NUMBER",
     "blocks, duplicates or relates to another"},
    {"watch", pd_cmd_ticket, PD_ANY, "NUMBER ADDRESS", "let somebody read along"},
    {"unwatch", pd_cmd_ticket, PD_ANY, "NUMBER ADDRESS", "no more mails of a ticket to somebody"},
    {"undo", pd_cmd_undo, PD_ANY, "NUMBER | --bulk N",
     "take the last change of a ticket back, or a bulk"},
    {"form", pd_cmd_form, 2, "[NAME NUMBER [-o FILE]]", "a form filled from a ticket, HTML or PDF"},
    {"template", pd_cmd_template, 2, "list|preview NAME",
     "the mails' templates, and how they look"},
    {"outbox", pd_cmd_outbox, PD_ANY, "[show|retry|drop ID…]",
     "mails to send and what became of them"},
    {"quarantine", pd_cmd_quarantine, PD_ANY, "[show|requeue|drop ID…]",
     "messages that could not be processed"},
    {"ledger", pd_cmd_ledger, 0, "", "what became of every message"},
    {"inject", pd_cmd_inject, PD_ANY, "[--wait SPAN] [FILE…]",
     "take in raw mail from files or standard input"},
    {"parse", pd_cmd_parse, 1, "FILE", "what the mail floor sees in a message"},
    {"signature", pd_cmd_signature, 1, "FILE", "who signed a message, with S/MIME or PGP"},
    {"calendar", pd_cmd_calendar, 1, "[NAME] [--workdays YEAR]",
     "calendars, and the working days of a year"},
    {"redecode", pd_cmd_redecode, 1, "MESSAGE --charset X",
     "read a stored message in another charset"},
    {"people", pd_cmd_people, PD_ANY, "[list|show ADDRESS|import FILE]",
     "who is known, and import of a table"},
    {"who", pd_cmd_who, 0, "[--at TIME] [--group GROUP]", "who is on duty"},
    {"target", pd_cmd_target, 2, "explain NUMBER", "what counted for a ticket's targets"},
    {"rules", pd_cmd_rules, PD_ANY, "check|test|lint|replay|stats|suggest",
     "rule files: errors, tests, suspicions; how they fare with past mail"},
    {"reconcile", pd_cmd_reconcile, 0, "", "ledger against the servers: 0 unaccounted, or which"},
    {"verify", pd_cmd_verify, 0, "", "events against tickets, raw mail against hashes"},
    {"backup", pd_cmd_backup, 1, "FILE", "a consistent copy of the state folder"},
    {"restore", pd_cmd_restore, 1, "FILE [--verify]", "the state folder from a backup"},
    {"collect", pd_cmd_collect, 2, "--once [MAILBOX [FOLDER]]", "one role, once: take mail in"},
    {"process", pd_cmd_process, 2, "--once", "one role, once: inbox into tickets"},
    {"deliver", pd_cmd_deliver, 1, "--once [RELAY]", "one role, once: outbox to the relay"},
    {"clock", pd_cmd_clock, 0, "--once", "one role, once: alarms and timers"},
};

/* Their log is what they have to say; the others log only what goes wrong. */
static const char *const talking[] = {"run", "collect", "process", "deliver", "clock", NULL};

#define SYNOPSIS_COLUMNS 26

static void print_help(FILE *out)
{
    fputs("usage: postdesk [-c FILE] COMMAND [--json] …\n\n", out);
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        g_autofree char *synopsis = pd_text_fit(commands[i].synopsis, SYNOPSIS_COLUMNS);
        fprintf(out, "  %-11s %s %s\n", commands[i].name, synopsis, commands[i].help);
    }
    fputs(
        "\npostdesk COMMAND --help tells the options of one. Each command is described in\n"
        "postdesk(1), the files in postdesk.yaml(5), postdesk-rules(5), postdesk-calendars(5),\n"
        "postdesk-people(5), postdesk-roster(5) and postdesk-templates(5); mails with commands in\n"
        "postdesk-commands(7).\n",
        out);
}

static const PdCommand *find_command(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    }
    return NULL;
}

static PdStatus *unknown_command(const char *name)
{
    const char *names[G_N_ELEMENTS(commands) + 1] = {NULL};

    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
        names[i] = commands[i].name;
    const char *nearest = pd_nearest_word(name, names);
    if (nearest != NULL)
        return pd_cli_usage("unknown command '%s'; did you mean '%s'?", name, nearest);
    return pd_cli_usage("unknown command '%s'", name);
}

static char *own_path(const char *argument)
{
    char *path = g_file_read_link("/proc/self/exe", NULL);

    return path != NULL ? path : g_strdup(argument);
}

static void cli_clear(PdCli *cli)
{
    pd_desk_free(cli->desk);
    g_clear_pointer(&cli->store, pd_store_close);
    pd_config_free(cli->config);
    g_strfreev(cli->arguments);
    g_free(cli->config_path);
}

static gboolean asks_for(const char *argument, const char *word)
{
    return argument != NULL && (strcmp(argument, word) == 0 || (g_str_has_prefix(argument, "--") &&
                                                                strcmp(argument + 2, word) == 0));
}

/* "postdesk -c FILE COMMAND" and "postdesk COMMAND -c FILE" both work. */
static PdStatus *take_leading_options(PdCli *cli, char **argv, int *at)
{
    for (; argv[*at] != NULL && argv[*at][0] == '-' && !asks_for(argv[*at], "help"); (*at)++) {
        if (strcmp(argv[*at], "-c") == 0 || strcmp(argv[*at], "--config") == 0) {
            if (argv[*at + 1] == NULL)
                return pd_cli_usage("-c needs the path of a postdesk.yaml");
            g_free(cli->config_path);
            cli->config_path = g_strdup(argv[++*at]);
        } else if (strcmp(argv[*at], "--json") == 0) {
            cli->print.json = TRUE;
        } else {
            return pd_cli_usage("unknown option '%s'", argv[*at]);
        }
    }
    return NULL;
}

static void print_version(void)
{
    printf("postdesk %s\nmemory: %s\n", PD_VERSION, pd_memory_allocator());
}

static PdStatus *dispatch(PdCli *cli, char **argv)
{
    int at = 1;

    if (asks_for(argv[1], "help") || asks_for(argv[1], "version")) {
        if (asks_for(argv[1], "version"))
            print_version();
        else
            print_help(stdout);
        return NULL;
    }
    PD_TRY(take_leading_options(cli, argv, &at));
    if (asks_for(argv[at], "help")) {
        print_help(stdout);
        return NULL;
    }
    if (argv[at] == NULL) {
        print_help(stderr);
        cli->answer = PD_EXIT_USAGE;
        return NULL;
    }
    const PdCommand *command = find_command(argv[at]);
    if (command == NULL)
        return unknown_command(argv[at]);
    cli->command = command;
    cli->arguments = g_strdupv(argv + at);
    if (g_strv_contains(talking, command->name))
        return command->function(cli);
    pd_log_set_level(PD_LOG_WARNING);
    PD_TRY(command->function(cli));
    pd_print_end(&cli->print);
    return NULL;
}

/* A mail server that runs "inject" may limit the size of files, and those of the state folder grow
 * large: a write that fails is told (75), where the signal would end the program without a word. */
static void lift_file_size(void)
{
    struct rlimit limit;

    signal(SIGXFSZ, SIG_IGN);
    if (getrlimit(RLIMIT_FSIZE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
}

int main(int argc, char **argv)
{
    g_autofree char *program = own_path(argv[0]);
    PdCli cli = {.program = program, .answer = PD_EXIT_OK};

    (void)argc;
    lift_file_size();
    pd_title_keep(argv);
    setlocale(LC_ALL, "");
    pd_print_init(&cli.print);
    g_autoptr(PdStatus) status = dispatch(&cli, argv);
    PdExit code = status != NULL ? pd_status_exit_code(status) : cli.answer;
    if (status != NULL)
        pd_print_status(status);
    cli_clear(&cli);
    gboolean written = fflush(stdout) == 0 && ferror(stdout) == 0;
    if (!written)
        fputs("postdesk: what it had to say could not be written to its output\n", stderr);
    return written || cli.output_may_be_lost ? (int)code : PD_EXIT_IO;
}
