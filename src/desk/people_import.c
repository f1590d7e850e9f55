/* people_import.c: a table of people as a file for the folder people/.
 *
 * All or nothing: one row that is wrong, and nothing is made. What is written is JSON, which
 * is YAML as well, so that no text of a cell can be taken for anything but text. */
#include "desk/csv.h"
#include "desk/people_private.h"
#include "desk/reading.h"

#include "postdesk/json.h"
#include "postdesk/text.h"
#include <string.h>

enum { NAME, ADDRESSES, DEPARTMENT, LANGUAGE, ROLE, GROUPS, PHONE, COLUMNS };

/* What the columns are called in people.yaml, and in tables; letter case aside. */
static const struct {
    const char *member;
    const char *const names[8];
} columns[COLUMNS] = {
    [NAME] = {"name", {"name", "full name", "display name", "姓名", "名称", NULL}},
    [ADDRESSES] = {"addresses",
                   {"address", "addresses", "email", "e-mail", "mail", "邮箱", "电子邮箱", NULL}},
    [DEPARTMENT] = {"department", {"department", "dept", "部门", "单位", NULL}},
    [LANGUAGE] = {"language", {"language", "语言", NULL}},
    [ROLE] = {"role", {"role", "角色", NULL}},
    [GROUPS] = {"groups", {"group", "groups", "组", "小组", NULL}},
    [PHONE] = {"phone", {"phone", "telephone", "mobile", "电话", "手机", NULL}},
};

typedef struct {
    const char *path;
    const char *const *languages;
    PdDiagnostics *list;
    gint at[COLUMNS]; /* index of the cell, -1: no such column */
    GHashTable *seen; /* addresses → line */
} Import;

static void complain(const Import *import, guint line, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void complain(const Import *import, guint line, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *printable = pd_text_printable(text);
    pd_diagnostics_add(import->list, PD_ERROR, import->path, line, 0, "%s", printable);
}

static gint column_of(const char *cell)
{
    g_autofree char *folded = g_utf8_strdown(cell, -1);

    for (gint i = 0; i < COLUMNS; i++) {
        if (g_strv_contains(columns[i].names, folded))
            return i;
    }
    return -1;
}

/* Columns of no concern are left out; those of the name and the address must be there. */
static gboolean read_head(Import *import, const PdCsvRow *head)
{
    for (gint i = 0; i < COLUMNS; i++)
        import->at[i] = -1;
    for (guint i = 0; i < head->cells->len; i++) {
        gint column = column_of(g_ptr_array_index(head->cells, i));
        if (column >= 0 && import->at[column] < 0)
            import->at[column] = (gint)i;
    }
    if (import->at[NAME] >= 0 && import->at[ADDRESSES] >= 0)
        return TRUE;
    complain(import, head->line,
             "the first line must name the columns, 'name' and 'address' among them (and, if there "
             "are any: department, language, role, groups, phone)");
    return FALSE;
}

/* "" where the row has no such cell. */
static const char *cell_of(const Import *import, const PdCsvRow *row, gint column)
{
    gint at = import->at[column];

    return at >= 0 && (guint)at < row->cells->len ? g_ptr_array_index(row->cells, (guint)at) : "";
}

static void take_text(const Import *import, const PdCsvRow *row, gint column, PdJson *person)
{
    const char *text = cell_of(import, row, column);

    if (!pd_text_is_one_line(text))
        complain(import, row->line, "the %s must be one line", columns[column].member);
    else if (*text != '\0')
        pd_json_set_text(person, columns[column].member, text);
    else if (column == NAME)
        complain(import, row->line, "the name is missing");
}

static void take_choice(const Import *import, const PdCsvRow *row, gint column,
                        const char *const *words, PdJson *person)
{
    const char *text = cell_of(import, row, column);

    if (*text == '\0')
        return;
    if (words == NULL || g_strv_contains(words, text)) {
        pd_json_set_text(person, columns[column].member, text);
        return;
    }
    g_autofree char *suggestion = pd_reading_suggestion(text, words);
    complain(import, row->line, "'%s' is no %s here; %s", text, columns[column].member, suggestion);
}

static void take_address(const Import *import, guint line, const char *address, PdJson *addresses)
{
    g_autofree char *folded = g_ascii_strdown(address, -1);
    guint earlier = GPOINTER_TO_UINT(g_hash_table_lookup(import->seen, folded));

    if (!pd_text_is_address(address))
        complain(import, line, "'%s' is no address; write name@example.org", address);
    else if (earlier != 0)
        complain(import, line, "'%s' was given before, in line %u", address, earlier);
    else {
        g_hash_table_insert(import->seen, g_steal_pointer(&folded), GUINT_TO_POINTER(line));
        pd_json_add_text(addresses, address);
    }
}

/* Several in a cell stand with semicolons, commas or spaces between. */
static PdJson *words_of(const char *text)
{
    g_auto(GStrv) words = g_strsplit_set(text, ";, \n", -1);
    PdJson *list = pd_json_array();

    for (char **word = words; *word != NULL; word++) {
        if (**word != '\0')
            pd_json_add_text(list, *word);
    }
    return list;
}

static void take_addresses(const Import *import, const PdCsvRow *row, PdJson *person)
{
    g_autoptr(PdJson) words = words_of(cell_of(import, row, ADDRESSES));
    PdJson *addresses = pd_json_array();

    if (pd_json_length(words) == 0)
        complain(import, row->line, "the address is missing");
    for (gsize i = 0; i < pd_json_length(words); i++)
        take_address(import, row->line, pd_json_string(pd_json_at(words, i)), addresses);
    pd_json_set(person, "addresses", addresses);
}

static PdJson *read_row(const Import *import, const PdCsvRow *row)
{
    PdJson *person = pd_json_object();

    take_text(import, row, NAME, person);
    take_addresses(import, row, person);
    take_text(import, row, DEPARTMENT, person);
    take_choice(import, row, LANGUAGE, import->languages, person);
    take_choice(import, row, ROLE, pd_person_role_names(), person);
    PdJson *groups = words_of(cell_of(import, row, GROUPS));
    if (pd_json_length(groups) > 0)
        pd_json_set(person, "groups", groups);
    else
        pd_json_free(groups);
    take_text(import, row, PHONE, person);
    return person;
}

static char *write_file(const char *path, PdJson *people)
{
    g_autoptr(PdJson) root = pd_json_set(pd_json_object(), "people", people);
    g_autofree char *body = pd_json_pretty(root);
    g_autofree char *base = g_path_get_basename(path);
    g_autofree char *shown = pd_text_printable(base);

    return g_strdup_printf("# Imported from %s. Change that and import it again; what must differ "
                           "belongs into people.yaml.\n%s\n",
                           shown, body);
}

char *pd_people_import_csv(const char *path, const char *const *languages, PdDiagnostics *list,
                           guint *count)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Import import = {.path = path, .languages = languages, .list = list, .seen = seen};
    g_autoptr(GPtrArray) rows = NULL;
    g_autoptr(PdStatus) status = pd_csv_read(path, &rows);
    guint errors = pd_diagnostics_errors(list);

    if (status != NULL)
        complain(&import, 0, "%s", pd_status_text(status));
    else if (rows->len == 0)
        complain(&import, 0, "the table is empty");
    if (status != NULL || rows->len == 0 || !read_head(&import, g_ptr_array_index(rows, 0)))
        return NULL;
    PdJson *people = pd_json_array();
    for (guint i = 1; i < rows->len; i++)
        pd_json_add(people, read_row(&import, g_ptr_array_index(rows, i)));
    *count = rows->len - 1;
    g_autofree char *text = write_file(path, people);
    return pd_diagnostics_errors(list) == errors ? g_steal_pointer(&text) : NULL;
}
