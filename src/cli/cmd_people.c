/* cmd_people.c: people: who is known, who is behind an address, and import of a table. */
#include "cli.h"

#include "postdesk/files.h"
#include "postdesk/people.h"
#include <stdio.h>
#include <string.h>

static PdStatus *load(PdCli *cli, PdPeople **people)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    *people = pd_people_load(cli->config->rules, (const char *const *)cli->config->languages, list);
    return *people == NULL ? pd_diagnostics_status(list) : NULL;
}

static PdJson *words(char *const *texts)
{
    PdJson *list = pd_json_array();

    for (; *texts != NULL; texts++)
        pd_json_add_text(list, *texts);
    return list;
}

static PdJson *describe(const PdCli *cli, const PdPerson *person)
{
    PdJson *row = pd_json_object();
    g_autofree char *addresses = g_strjoinv(", ", person->addresses);
    g_autofree char *groups = g_strjoinv(", ", person->groups);

    pd_json_set_text(row, "name", person->name);
    pd_json_set_text(row, "department", person->department);
    pd_json_set_text(row, "role", pd_person_role_name(person->role));
    pd_json_set_text(row, "language", person->language);
    pd_json_set_text(row, "phone", person->phone);
    pd_json_set(row, "groups", cli->print.json ? words(person->groups) : pd_json_text(groups));
    return pd_json_set(row, "addresses",
                       cli->print.json ? words(person->addresses) : pd_json_text(addresses));
}

static PdStatus *list_people(PdCli *cli, const PdPeople *people)
{
    static const PdColumn columns[] = {
        {"name", "Name", 4, 20},      {"department", "Department", 6, 20},
        {"role", "Role", 5, 10},      {"language", "Lang", 4, 6},
        {"phone", "Phone", 5, 16},    {"groups", "Groups", 6, 20},
        {"addresses", "Mail", 8, 80}, {NULL, NULL, 0, 0}};
    PdJson *rows = pd_json_array();

    for (guint i = 0; i < pd_people_count(people); i++)
        pd_json_add(rows, describe(cli, pd_people_get(people, i)));
    pd_print_table(&cli->print, "people", rows, columns,
                   "nobody is known; people.yaml beside the rules names people");
    return NULL;
}

static void print_who(const PdCli *cli, const char *address, const PdWho *who)
{
    g_autofree char *addresses =
        who->person != NULL ? g_strjoinv(", ", who->person->addresses) : g_strdup(address);
    const char *role = pd_person_role_name(who->role);

    pd_print_field(&cli->print, "Name", who->name);
    pd_print_field(&cli->print, "Mail", addresses);
    pd_print_field(&cli->print, "Department", who->department);
    pd_print_field(&cli->print, "Language", who->language);
    pd_print_field(&cli->print, "Role", role);
    pd_print_field(&cli->print, "Phone", who->person != NULL ? who->person->phone : NULL);
    pd_print_field(&cli->print, "By domain", who->domain);
}

/* What the desk knows of an address; 1 if nothing. */
static PdStatus *show(PdCli *cli, const PdPeople *people)
{
    if (cli->count != 2)
        return pd_cli_usage("people show takes one address");
    const char *address = cli->arguments[1];
    const PdWho who = pd_people_look_up(people, address);
    g_autoptr(PdJson) document = pd_json_object();

    if (!who.is_known)
        cli->answer = PD_EXIT_NO;
    if (!cli->print.json && who.is_known)
        print_who(cli, address, &who);
    else
        pd_print_line(&cli->print, "nothing is known of %s", address);
    if (!cli->print.json)
        return NULL;
    pd_json_set_text(document, "address", address);
    pd_json_set_bool(document, "known", who.is_known);
    pd_json_set_text(document, "name", who.name);
    pd_json_set_text(document, "department", who.department);
    pd_json_set_text(document, "language", who.language);
    pd_json_set_text(document, "role", pd_person_role_name(who.role));
    pd_json_set_text(document, "domain", who.domain);
    pd_json_set(document, "person",
                who.person != NULL ? describe(cli, who.person) : pd_json_text(NULL));
    pd_print_json(document);
    return NULL;
}

/* "hr.csv" becomes rules/people/hr.yaml; caller frees. */
static char *imported_path(const PdCli *cli, const char *file)
{
    g_autofree char *base = g_path_get_basename(file);
    const char *dot = strrchr(base, '.');
    g_autofree char *name =
        g_strdup_printf("%.*s.yaml", (int)(dot != NULL ? dot - base : (long)strlen(base)), base);

    return g_build_filename(cli->config->rules, "people", name, NULL);
}

static PdStatus *import(PdCli *cli)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    guint count = 0;

    if (cli->count != 2)
        return pd_cli_usage("people import takes the path of a CSV or LDIF file");
    g_autofree char *path = imported_path(cli, cli->arguments[1]);
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *text = pd_people_import(
        cli->arguments[1], (const char *const *)cli->config->languages, list, &count);
    pd_print_diagnostics(list);
    if (text == NULL) {
        cli->answer = PD_EXIT_DATA;
        return NULL;
    }
    PD_TRY(pd_folder_make(folder, 0755));
    PD_TRY(pd_file_replace(path, text, strlen(text), 0644));
    g_autoptr(PdJson) document = pd_json_set_int(pd_json_object(), "imported", count);
    if (cli->print.json)
        pd_print_json(pd_json_set_text(document, "file", path));
    pd_print_line(&cli->print, "%u %s in %s; 'postdesk reload' takes them in", count,
                  count == 1 ? "person is" : "people are", path);
    return NULL;
}

PdStatus *pd_cmd_people(PdCli *cli)
{
    g_autoptr(PdPeople) people = NULL;

    PD_TRY(pd_cli_options(cli, NULL));
    const char *verb = cli->count > 0 ? cli->arguments[0] : "list";
    PD_TRY(pd_cli_config(cli));
    if (strcmp(verb, "import") == 0)
        return import(cli);
    if (strcmp(verb, "list") != 0 && strcmp(verb, "show") != 0)
        return pd_cli_usage("people knows list, show and import, not '%s'", verb);
    PD_TRY(load(cli, &people));
    return verb[0] == 'l' ? list_people(cli, people) : show(cli, people);
}
