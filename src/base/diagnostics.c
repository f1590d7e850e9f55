/* diagnostics.c: see postdesk/diagnostics.h. */
#include "postdesk/diagnostics.h"

#include <stdarg.h>
#include <string.h>

#define LONGEST_WORD 64
#define MOST_ENTRIES 1000 /* a hostile file cannot fill the memory with complaints */

struct pd_diagnostics {
    GPtrArray *entries;
};

static void diagnostic_free(gpointer data)
{
    PdDiagnostic *entry = data;

    g_free(entry->file);
    g_free(entry->text);
    g_free(entry);
}

PdDiagnostics *pd_diagnostics_new(void)
{
    PdDiagnostics *list = g_new0(PdDiagnostics, 1);

    list->entries = g_ptr_array_new_with_free_func(diagnostic_free);
    return list;
}

void pd_diagnostics_free(PdDiagnostics *list)
{
    if (list == NULL)
        return;
    g_ptr_array_unref(list->entries);
    g_free(list);
}

void pd_diagnostics_add(PdDiagnostics *list, PdSeverity severity, const char *file, guint line,
                        guint column, const char *format, ...)
{
    if (list->entries->len >= MOST_ENTRIES)
        return;
    PdDiagnostic *entry = g_new0(PdDiagnostic, 1);
    va_list arguments;

    entry->severity = severity;
    entry->file = g_strdup(file != NULL ? file : "");
    entry->line = line;
    entry->column = column;
    va_start(arguments, format);
    entry->text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_ptr_array_add(list->entries, entry);
}

guint pd_diagnostics_count(const PdDiagnostics *list)
{
    return list->entries->len;
}

guint pd_diagnostics_errors(const PdDiagnostics *list)
{
    guint errors = 0;

    for (guint i = 0; i < list->entries->len; i++)
        errors += pd_diagnostics_get(list, i)->severity == PD_ERROR;
    return errors;
}

const PdDiagnostic *pd_diagnostics_get(const PdDiagnostics *list, guint index)
{
    return g_ptr_array_index(list->entries, index);
}

static gint compare_entries(gconstpointer one, gconstpointer other)
{
    const PdDiagnostic *a = *(PdDiagnostic *const *)one;
    const PdDiagnostic *b = *(PdDiagnostic *const *)other;
    int order = strcmp(a->file, b->file);

    if (order == 0 && a->line != b->line)
        order = a->line < b->line ? -1 : 1;
    if (order == 0 && a->column != b->column)
        order = a->column < b->column ? -1 : 1;
    return order != 0 ? order : strcmp(a->text, b->text);
}

void pd_diagnostics_sort(PdDiagnostics *list)
{
    g_ptr_array_sort(list->entries, compare_entries);
    for (guint i = 1; i < list->entries->len;) {
        if (compare_entries(&list->entries->pdata[i - 1], &list->entries->pdata[i]) == 0)
            g_ptr_array_remove_index(list->entries, i);
        else
            i++;
    }
}

char *pd_diagnostic_format(const PdDiagnostic *entry)
{
    GString *line = g_string_new(entry->file);

    if (entry->line > 0)
        g_string_append_printf(line, ":%u", entry->line);
    if (entry->line > 0 && entry->column > 0)
        g_string_append_printf(line, ":%u", entry->column);
    g_string_append(line, entry->severity == PD_ERROR ? ": error: " : ": warning: ");
    g_string_append(line, entry->text);
    return g_string_free(line, FALSE);
}

PdStatus *pd_diagnostics_status(PdDiagnostics *list)
{
    if (pd_diagnostics_errors(list) == 0)
        return NULL;
    pd_diagnostics_sort(list);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < list->entries->len; i++) {
        const PdDiagnostic *entry = pd_diagnostics_get(list, i);
        if (entry->severity != PD_ERROR)
            continue;
        g_autofree char *line = pd_diagnostic_format(entry);
        g_string_append_printf(text, "%s%s", text->len > 0 ? "\n" : "", line);
    }
    return pd_status_new(PD_SPOILS_CONFIGURATION, PD_FINAL, NULL, "%s", text->str);
}

/* Letters added, left out, changed or swapped with their neighbour; bytes compared. */
static gsize edit_distance(const char *one, const char *other)
{
    gsize width = strlen(other);
    gsize rows[3][LONGEST_WORD + 1];
    gsize *before = rows[0], *above = rows[1], *row = rows[2];

    for (gsize j = 0; j <= width; j++)
        row[j] = j;
    for (gsize i = 1; one[i - 1] != '\0'; i++) {
        gsize *oldest = before;
        before = above;
        above = row;
        row = oldest;
        row[0] = i;
        for (gsize j = 1; j <= width; j++) {
            gsize substituted = above[j - 1] + (one[i - 1] != other[j - 1]);
            row[j] = MIN(substituted, MIN(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                row[j] = MIN(row[j], before[j - 2] + 1);
        }
    }
    return row[width];
}

const char *pd_nearest_word(const char *word, const char *const *words)
{
    const char *nearest = NULL;
    gsize length = strlen(word);
    gsize best = length < 4 ? 2 : 1 + length / 3;

    if (length == 0 || length > LONGEST_WORD)
        return NULL;
    for (; *words != NULL; words++) {
        if (strlen(*words) > LONGEST_WORD)
            continue;
        gsize distance = edit_distance(word, *words);
        if (distance < best) {
            best = distance;
            nearest = *words;
        }
    }
    return nearest;
}
