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
#include <string.h>
#include <unistd.h>

#define PEOPLE                                                                                     \
    "people:\n"                                                                                    \
    "  - {name: 张三, address: zhang@example.org, role: engineer}\n"                             \
    "  - {name: Dora, address: dora@example.org, role: dispatcher}\n"                              \
    "  - {name: 王芳, address: wang@example.com, department: 财务处, phone: '8123'}\n"

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

/* Kept for the life of the program. */
static const PdPeople *some_people(void)
{
    static PdPeople *people;

    if (people == NULL) {
        g_autofree char *folder = g_dir_make_tmp("fuzz-desk-XXXXXX", NULL);
        g_autofree char *path = g_build_filename(folder, "people.yaml", NULL);
        g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
        g_file_set_contents(path, PEOPLE, -1, NULL);
        people = pd_people_load(folder, NULL, list);
        if (people == NULL || pd_people_count(people) != 3)
            g_error("the people are not read");
        unlink(path);
        rmdir(folder);
    }
    return people;
}

static void try_call(const char *valid)
{
    const PdDesk desk = {.people = (PdPeople *)some_people()};
    g_auto(PdProblem) problem = {0};
    const PdPerson *taker = pd_people_find(desk.people, "dora@example.org");

    if (!pd_call_begins(valid))
        return;
    g_autoptr(PdCall) call = pd_call_read(&desk, valid, "", taker, &problem);
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
