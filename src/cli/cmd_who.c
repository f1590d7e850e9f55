/* cmd_who.c: who: who is on duty, now or at another time. */
#include "cli.h"

#include "documents.h"
#include "postdesk/clock.h"
#include "postdesk/roster.h"

typedef struct {
    PdCalendars *calendars;
    PdPeople *people;
    PdRoster *roster;
} Files;

static void files_clear(Files *files)
{
    pd_roster_free(files->roster);
    pd_people_free(files->people);
    pd_calendars_free(files->calendars);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Files, files_clear)

static PdStatus *load(PdCli *cli, Files *files)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    PD_TRY(pd_cli_config(cli));
    g_autofree char *folder = g_build_filename(cli->config->rules, "calendars", NULL);
    g_autofree char *path = g_build_filename(cli->config->rules, "roster.yaml", NULL);
    files->calendars = pd_calendars_load(folder, list);
    files->people =
        pd_people_load(cli->config->rules, (const char *const *)cli->config->languages, list);
    if (files->calendars != NULL && files->people != NULL)
        files->roster = pd_roster_load(path, files->people, files->calendars, list);
    return files->roster == NULL ? pd_diagnostics_status(list) : NULL;
}

static PdStatus *check_group(const PdRoster *roster, const char *name)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (guint i = 0; i < pd_roster_groups(roster); i++)
        g_ptr_array_add(names, (gpointer)pd_roster_group(roster, i));
    g_ptr_array_add(names, NULL);
    if (name == NULL || g_strv_contains((const char *const *)names->pdata, name))
        return NULL;
    const char *nearest = pd_nearest_word(name, (const char *const *)names->pdata);
    if (nearest != NULL)
        return pd_cli_usage("there is no group '%s'; did you mean '%s'?", name, nearest);
    return pd_cli_usage("there is no group '%s' in roster.yaml", name);
}

static PdJson *describe(const PdRoster *roster, const PdPeople *people, const PdDuty *duty,
                        gboolean exact)
{
    PdJson *row = pd_json_object();
    const PdPerson *person = pd_people_find(people, duty->address);

    pd_json_set_text(row, "group", duty->group);
    pd_json_set_text(row, "shift", duty->shift);
    pd_json_set_text(row, "name", duty->name);
    pd_json_set_text(row, "address", duty->address);
    pd_json_set_text(row, "phone", person != NULL ? person->phone : NULL);
    if (exact) {
        pd_json_set(row, "from", pd_document_time(duty->from, TRUE));
        return pd_json_set(row, "to", pd_document_time(duty->to, TRUE));
    }
    g_autofree char *from = pd_roster_format(roster, duty->from);
    g_autofree char *to = pd_roster_format(roster, duty->to);
    pd_json_set_text(row, "from", from);
    return pd_json_set_text(row, "to", to);
}

static void print_duties(PdCli *cli, const Files *files, const char *group, gint64 at)
{
    static const PdColumn columns[] = {{"group", "Group", 6, 20},   {"shift", "Shift", 5, 16},
                                       {"name", "Name", 4, 20},     {"phone", "Phone", 0, 18},
                                       {"from", "From", 0, 16},     {"to", "To", 0, 16},
                                       {"address", "Mail", 8, 200}, {NULL, NULL, 0, 0}};
    g_autoptr(GArray) duties = pd_roster_who(files->roster, group, at);
    PdJson *rows = pd_json_array();

    for (guint i = 0; i < duties->len; i++)
        pd_json_add(rows, describe(files->roster, files->people, &g_array_index(duties, PdDuty, i),
                                   cli->print.json));
    pd_print_table(&cli->print, "on_duty", rows, columns,
                   pd_roster_groups(files->roster) > 0
                       ? "nobody is on duty"
                       : "there is no roster; roster.yaml beside the rules makes one");
    if (duties->len == 0)
        cli->answer = PD_EXIT_NO;
}

PdStatus *pd_cmd_who(PdCli *cli)
{
    g_auto(Files) files = {NULL, NULL, NULL};
    g_autofree char *when = NULL, *group = NULL;
    gint64 at = pd_clock_now();
    const GOptionEntry entries[] = {
        {"at", 0, 0, G_OPTION_ARG_STRING, &when, "At this time (now)", "\"2026-12-01 03:00\""},
        {"group", 0, 0, G_OPTION_ARG_STRING, &group, "Of this group (all)", "GROUP"},
        G_OPTION_ENTRY_NULL,
    };

    PD_TRY(pd_cli_options(cli, entries));
    if (cli->count > 0)
        return pd_cli_usage("who takes options only: --at TIME, --group GROUP");
    PD_TRY(load(cli, &files));
    if (when != NULL && !pd_clock_parse_utc(when, &at) && !pd_roster_parse(files.roster, when, &at))
        return pd_cli_usage("'%s' is no time; write \"2026-12-01 03:00\"", when);
    PD_TRY(check_group(files.roster, group));
    print_duties(cli, &files, group, at);
    return NULL;
}
