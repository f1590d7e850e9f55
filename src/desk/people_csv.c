/* people_csv.c: a table of people, read into an import (import.h). */
#include "desk/csv.h"
#include "desk/import.h"
#include "desk/reading.h"

#include "postdesk/text.h"
#include <string.h>

enum { NAME, ADDRESSES, DEPARTMENT, LANGUAGE, ROLE, GROUPS, PHONE, COLUMNS };

/* What the columns are called in people.yaml, and in tables of spreadsheets, Outlook and personnel
 * offices; letter case aside. */
static const struct {
    const char *member;
    const char *const names[14];
} columns[COLUMNS] = {
    [NAME] = {"name",
              {"name", "full name", "display name", "e-mail display name", "姓名", "名称",
               "显示名称", "中文名", NULL}},
    [ADDRESSES] = {"addresses",
                   {"address", "addresses", "email", "e-mail", "mail", "email address",
                    "e-mail address", "邮箱", "电子邮箱", "邮箱地址", "邮件地址", "电子邮件",
                    "电子邮件地址", NULL}},
    [DEPARTMENT] = {"department",
                    {"department", "dept", "部门", "单位", "科室", "处室", "所属部门", "所在部门",
                     NULL}},
    [LANGUAGE] = {"language", {"language", "语言", NULL}},
    [ROLE] = {"role", {"role", "角色", NULL}},
    [GROUPS] = {"groups", {"group", "groups", "组", "小组", "组别", NULL}},
    [PHONE] = {"phone",
               {"phone", "telephone", "business phone", "mobile", "mobile phone", "电话",
                "联系电话", "办公电话", "座机", "手机", "手机号", "手机号码", NULL}},
};

/* What tables call roles and languages in Chinese. */
static const struct {
    const char *said, *meant;
} words_meant[] = {
    {"报告人", "reporter"}, {"用户", "reporter"},     {"工程师", "engineer"},
    {"调度", "dispatcher"}, {"调度员", "dispatcher"}, {"报障人员", "dispatcher"},
    {"负责人", "lead"},     {"组长", "lead"},         {"主管", "manager"},
    {"经理", "manager"},    {"管理员", "admin"},      {"外部", "external"},
    {"厂商", "external"},   {"中文", "zh_CN"},        {"简体中文", "zh_CN"},
    {"汉语", "zh_CN"},      {"英文", "en"},           {"英语", "en"},
};

typedef struct {
    PdImport *import;
    gint at[COLUMNS]; /* index of the cell, -1: no such column */
} Table;

static const char *meant(const char *said)
{
    for (guint i = 0; i < G_N_ELEMENTS(words_meant); i++) {
        if (strcmp(words_meant[i].said, said) == 0)
            return words_meant[i].meant;
    }
    return said;
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

/* Told, for it may be one that is wanted, under another name. */
static void pass_over(const Table *table, const PdCsvRow *head, guint index)
{
    const char *name = g_ptr_array_index(head->cells, index);
    g_autofree char *printable = pd_text_printable(name);

    if (*name != '\0')
        pd_diagnostics_add(table->import->list, PD_WARNING, table->import->path, head->line, 0,
                           "the column '%s' is passed over", printable);
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
        else
            pass_over(table, head, i);
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
    const char *text = meant(cell_of(table, row, column));

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

/* Several in a cell stand with semicolons, commas, blanks or ends of line between, of either
 * width. */
static PdJson *words_of(const char *text)
{
    g_autoptr(GString) plain = g_string_new(text);
    static const char *const wide[] = {"；", "，", "、", "\xe3\x80\x80" /* a wide blank */};
    PdJson *list = pd_json_array();

    for (guint i = 0; i < G_N_ELEMENTS(wide); i++)
        g_string_replace(plain, wide[i], ";", 0);
    g_auto(GStrv) words = g_strsplit_set(plain->str, ";, \t\r\n", -1);
    for (char **word = words; *word != NULL; word++) {
        if (**word != '\0')
            pd_json_add_text(list, *word);
    }
    return list;
}

/* "Zhang San <zs@example.org>": what stands in the brackets, NULL for the rest. */
static char *address_in(const char *cell, const char *word)
{
    const char *opening = strrchr(word, '<');

    if (strchr(cell, '<') == NULL)
        return g_strdup(word);
    return opening != NULL && g_str_has_suffix(opening, ">")
               ? g_strndup(opening + 1, strlen(opening) - 2)
               : NULL;
}

static void take_addresses(const Table *table, const PdCsvRow *row, PdJson *person)
{
    const char *cell = cell_of(table, row, ADDRESSES);
    g_autoptr(PdJson) words = words_of(cell);
    PdJson *addresses = pd_json_array();
    gboolean any = FALSE;

    for (gsize i = 0; i < pd_json_length(words); i++) {
        g_autofree char *address = address_in(cell, pd_json_string(pd_json_at(words, i)));
        any = any || address != NULL;
        if (address != NULL)
            pd_import_address(table->import, row->line, address, addresses);
    }
    if (!any)
        pd_import_complain(table->import, row->line, "the address is missing");
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

    g_autofree char *told = status != NULL ? pd_status_told(status) : NULL;

    if (told != NULL)
        pd_import_complain(import, 0, "%s", told);
    else if (rows->len == 0)
        pd_import_complain(import, 0, "the table is empty");
    else if (read_head(&table, g_ptr_array_index(rows, 0)))
        for (guint i = 1; i < rows->len; i++)
            pd_json_add(import->people, read_row(&table, g_ptr_array_index(rows, i)));
}
