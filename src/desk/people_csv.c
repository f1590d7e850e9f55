/* people_csv.c: a table of people, read into an import (import.h). */
#include "desk/csv.h"
#include "desk/import.h"
#include "desk/reading.h"

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
    PdImport *import;
    gint at[COLUMNS]; /* index of the cell, -1: no such column */
} Table;

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
static gboolean read_head(Table *table, const PdCsvRow *head)
{
    for (gint i = 0; i < COLUMNS; i++)
        table->at[i] = -1;
    for (guint i = 0; i < head->cells->len; i++) {
        gint column = column_of(g_ptr_array_index(head->cells, i));
        if (column >= 0 && table->at[column] < 0)
            table->at[column] = (gint)i;
    }
    if (table->at[NAME] >= 0 && table->at[ADDRESSES] >= 0)
        return TRUE;
    pd_import_complain(
        table->import, head->line,
        "the first line must name the columns, 'name' and 'address' among them (and, if there "
        "are any: department, language, role, groups, phone)");
    return FALSE;
}

/* "" where the row has no such cell. */
static const char *cell_of(const Table *table, const PdCsvRow *row, gint column)
{
    gint at = table->at[column];

    return at >= 0 && (guint)at < row->cells->len ? g_ptr_array_index(row->cells, (guint)at) : "";
}

static void take_text(const Table *table, const PdCsvRow *row, gint column, PdJson *person)
{
    const char *text = cell_of(table, row, column);

    if (*text == '\0' && column == NAME)
        pd_import_complain(table->import, row->line, "the name is missing");
    pd_import_text(table->import, row->line, columns[column].member, text, person);
}

static void take_choice(const Table *table, const PdCsvRow *row, gint column,
                        const char *const *words, PdJson *person)
{
    const char *text = cell_of(table, row, column);

    if (*text == '\0')
        return;
    if (words == NULL || g_strv_contains(words, text)) {
        pd_json_set_text(person, columns[column].member, text);
        return;
    }
    g_autofree char *suggestion = pd_reading_suggestion(text, words);
    pd_import_complain(table->import, row->line, "'%s' is no %s here; %s", text,
                       columns[column].member, suggestion);
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

static void take_addresses(const Table *table, const PdCsvRow *row, PdJson *person)
{
    g_autoptr(PdJson) words = words_of(cell_of(table, row, ADDRESSES));
    PdJson *addresses = pd_json_array();

    if (pd_json_length(words) == 0)
        pd_import_complain(table->import, row->line, "the address is missing");
    for (gsize i = 0; i < pd_json_length(words); i++)
        pd_import_address(table->import, row->line, pd_json_string(pd_json_at(words, i)),
                          addresses);
    pd_json_set(person, "addresses", addresses);
}

static PdJson *read_row(const Table *table, const PdCsvRow *row)
{
    PdJson *person = pd_json_object();

    take_text(table, row, NAME, person);
    take_addresses(table, row, person);
    take_text(table, row, DEPARTMENT, person);
    take_choice(table, row, LANGUAGE, table->import->languages, person);
    take_choice(table, row, ROLE, pd_person_role_names(), person);
    PdJson *groups = words_of(cell_of(table, row, GROUPS));
    if (pd_json_length(groups) > 0)
        pd_json_set(person, "groups", groups);
    else
        pd_json_free(groups);
    take_text(table, row, PHONE, person);
    return person;
}

void pd_import_csv(PdImport *import)
{
    Table table = {.import = import};
    g_autoptr(GPtrArray) rows = NULL;
    g_autoptr(PdStatus) status = pd_csv_read(import->path, &rows);

    if (status != NULL)
        pd_import_complain(import, 0, "%s", pd_status_text(status));
    else if (rows->len == 0)
        pd_import_complain(import, 0, "the table is empty");
    else if (read_head(&table, g_ptr_array_index(rows, 0)))
        for (guint i = 1; i < rows->len; i++)
            pd_json_add(import->people, read_row(&table, g_ptr_array_index(rows, i)));
}
