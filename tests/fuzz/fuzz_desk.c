/* fuzz_desk: hostile bytes into what the desk reads itself.
 *
 * The first byte chooses the reader: l a directory's LDIF, v a table of people (CSV), k the mailed
 * form of a call, d commands in a mail. With libFuzzer it is driven by that; else see mutate.h.
 */
#include "desk/call.h"
#include "desk/command.h"
#include "desk/csv.h"
#include "desk/ldif.h"
#include "mutate.h"
#include "postdesk/people.h"
#include <glib/gstdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PEOPLE                                                                                     \
    "people:\n"                                                                                    \
    "  - {name: 张三, address: zhang@example.org, role: engineer}\n"                             \
    "  - {name: Dora, address: dora@example.org, role: dispatcher}\n"                              \
    "  - {name: 王芳, address: wang@example.com, department: 财务处, phone: '8123'}\n"

#define CONFIG                                                                                     \
    "desk: {name: Desk, address: desk@example.org, admin: admin@example.net,\n"                    \
    "       languages: [zh_CN, en], default_language: zh_CN}\n"                                    \
    "state: state\n"                                                                               \
    "mailboxes: [{name: m, maildir: in}]\n"                                                        \
    "relays: [{name: r, maildir: out}]\n"
#define RULES                                                                                      \
    "categories: [network/vpn, hardware/printer, other]\n"                                         \
    "rules: []\n"                                                                                  \
    "defaults: {category: other, impact: low, urgency: low, queue: desk}\n"
#define MATRIX                                                                                     \
    "matrix:\n"                                                                                    \
    "  high: {high: P1, medium: P2, low: P3}\n"                                                    \
    "  medium: {high: P2, medium: P3, low: P4}\n"                                                  \
    "  low: {high: P3, medium: P4, low: P4}\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_be_text(const char *text)
{
    if (text != NULL && !g_utf8_validate(text, -1, NULL))
        g_error("text that is no UTF-8");
}

/* The readers take a path; the file lies where the fuzzer runs. */
static void try_file(const uint8_t *bytes, gsize length, gboolean is_ldif)
{
    g_autofree char *path = g_strdup_printf("fuzz-desk.%d", (int)getpid());
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    if (!g_file_set_contents(path, (const char *)bytes, (gssize)length, NULL))
        g_error("no file can be written here");
    if (is_ldif) {
        g_autoptr(GPtrArray) entries = pd_ldif_read(path, list);
        for (guint i = 0; entries != NULL && i < entries->len; i++) {
            const PdLdifEntry *entry = entries->pdata[i];
            for (guint at = 0; at < entry->attributes->len; at++)
                must_be_text(((const PdLdifAttribute *)entry->attributes->pdata[at])->value);
        }
    } else {
        g_autoptr(GPtrArray) rows = NULL;
        g_autoptr(PdStatus) status = pd_csv_read(path, &rows);
        for (guint i = 0; status == NULL && i < rows->len; i++) {
            const PdCsvRow *row = rows->pdata[i];
            for (guint at = 0; at < row->cells->len; at++)
                must_be_text(row->cells->pdata[at]);
        }
    }
    unlink(path);
}

static void write_file(const char *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    if (!g_file_set_contents(path, text, -1, NULL))
        g_error("%s cannot be written", path);
}

static void remove_tree(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name;

    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *inside = g_build_filename(path, name, NULL);
        remove_tree(inside);
    }
    g_remove(path);
}

static struct {
    char *folder;
    PdConfig *config;
    PdStore *store;
    PdDesk *desk;
} made;

static void take_down(void)
{
    pd_desk_free(made.desk);
    pd_store_close(made.store);
    pd_config_free(made.config);
    remove_tree(made.folder);
    g_free(made.folder);
}

/* A desk of some people, kept for the life of the program; with the templates that ship. */
static const PdDesk *desk_of_people(void)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    const char *source = g_getenv("top_srcdir");

    if (made.desk != NULL)
        return made.desk;
    g_setenv("POSTDESK_DATA", source != NULL ? source : ".", TRUE);
    made.folder = g_dir_make_tmp("fuzz-desk-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(made.folder, "postdesk.yaml", NULL);
    g_autofree char *rules = g_build_filename(made.folder, "rules", NULL);
    g_mkdir(rules, 0700);
    write_file(made.folder, "postdesk.yaml", CONFIG);
    write_file(rules, "10.yaml", RULES);
    write_file(rules, "matrix.yaml", MATRIX);
    write_file(rules, "people.yaml", PEOPLE);
    made.config = pd_config_load(path, list);
    if (made.config == NULL)
        g_error("the configuration is not read");
    g_autoptr(PdStatus) opened = pd_store_open(made.config->state, PD_STORE_CREATE, &made.store);
    if (opened != NULL)
        g_error("%s", pd_status_text(opened));
    made.desk = pd_desk_new(made.config, made.store, list);
    if (made.desk == NULL)
        g_error("there is no desk; top_srcdir must name the sources");
    atexit(take_down);
    return made.desk;
}

static void try_call(const char *valid)
{
    const PdDesk *desk = desk_of_people();
    g_auto(PdProblem) problem = {0};
    const PdPerson *taker = pd_people_find(desk->people, "dora@example.org");

    if (!pd_call_begins(valid))
        return;
    g_autoptr(PdCall) call = pd_call_read(desk, valid, "", taker, &problem);
    if (call == NULL)
        return;
    must_be_text(call->name);
    must_be_text(call->address);
    must_be_text(call->subject);
    must_be_text(call->text);
}

static void try_commands(const char *valid)
{
    g_autoptr(PdCommands) commands = pd_commands_parse(valid);

    pd_command_may_be(valid);
    pd_command_of_word(valid, TRUE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 256 * 1024)
        return 0;
    g_autofree char *text = g_strndup((const char *)data + 1, size - 1);
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    if (*data == 'l' || *data == 'v')
        try_file(data + 1, size - 1, *data == 'l');
    else if (*data == 'k')
        try_call(valid);
    else
        try_commands(valid);
    return 0;
}

#ifndef PD_LIBFUZZER
int main(int argc, char **argv)
{
    return fuzz_main(LLVMFuzzerTestOneInput, argc, argv);
}
#endif
