/* print.c: see print.h. */
#include "print.h"

#include "postdesk/clock.h"
#include "postdesk/text.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEFAULT_COLUMNS 100
#define LABEL_COLUMNS 12
#define MOST_TABLE_COLUMNS 16
#define LEAST_COLUMNS 12 /* a column is not narrowed below */
#define LAST_COLUMNS 36  /* what the last column should have of a narrow terminal */

/* One process prints for one command. */
static gboolean has_document; /* one was printed */
static PdJson *said;          /* lines of our own, with --json; NULL: none yet */

static guint terminal_columns(void)
{
    struct winsize size;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
        return size.ws_col;
    return DEFAULT_COLUMNS;
}

void pd_print_init(PdPrint *print)
{
    print->terminal = isatty(STDOUT_FILENO) == 1;
    print->colour = print->terminal && g_getenv("NO_COLOR") == NULL;
    print->columns = terminal_columns();
}

char *pd_print_paint(const PdPrint *print, const char *colour, const char *text)
{
    static const struct {
        const char *name, *code;
    } codes[] = {
        {"bold", "1"},  {"dim", "2"},   {"bad", "31"},
        {"good", "32"}, {"warn", "33"}, {"mark", "1;36"},
    };

    for (gsize i = 0; print->colour && i < G_N_ELEMENTS(codes); i++) {
        if (strcmp(codes[i].name, colour) == 0)
            return g_strdup_printf("\x1b[%sm%s\x1b[0m", codes[i].code, text);
    }
    return g_strdup(text);
}

static char *cell_text(const PdJson *value);

static char *list_text(const PdJson *list)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (gsize i = 0; i < pd_json_length(list); i++) {
        g_autofree char *item = cell_text(pd_json_at(list, i));
        g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", item);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* What a cell shows of a JSON value. */
static char *cell_text(const PdJson *value)
{
    if (value == NULL)
        return g_strdup("");
    if (pd_json_is_array(value))
        return list_text(value);
    if (pd_json_is_object(value)) {
        const char *name = pd_json_get_text(value, "name");
        if (name == NULL || *name == '\0')
            name = pd_json_get_text(value, "address");
        return pd_text_printable(name != NULL ? name : "");
    }
    if (pd_json_string(value) != NULL)
        return pd_text_printable(pd_json_string(value));
    g_autofree char *text = pd_json_compact(value);
    return g_strdup(strcmp(text, "null") == 0 ? "" : text);
}

typedef struct {
    const PdPrint *print;
    const PdColumn *columns;
    guint count;
    gsize widths[MOST_TABLE_COLUMNS];
} Table;

static gsize left_for_the_last(const Table *table)
{
    gsize used = 0;

    for (guint c = 0; c + 1 < table->count; c++)
        used += table->widths[c] > 0 ? table->widths[c] + 2 : 0;
    return table->print->columns > used ? table->print->columns - used : 0;
}

/* The column that has the most to give (a spare one is shown whole or not at all); the number of
 * columns if none has. */
static guint roomiest(const Table *table)
{
    guint found = table->count;
    gsize most = 0;

    for (guint c = 0; c + 1 < table->count; c++) {
        gsize least = MAX(table->columns[c].least, LEAST_COLUMNS);
        if (table->columns[c].least > 0 && table->widths[c] > least &&
            table->widths[c] - least > most) {
            most = table->widths[c] - least;
            found = c;
        }
    }
    return found;
}

/* FALSE if there is none any more. */
static gboolean drop_a_spare_one(Table *table)
{
    guint c = 0;

    while (c + 1 < table->count && (table->columns[c].least > 0 || table->widths[c] == 0))
        c++;
    if (c + 1 >= table->count)
        return FALSE;
    table->widths[c] = 0;
    return TRUE;
}

/* On a narrow terminal the others give way to the last column, which says the most. */
static void fit_to_terminal(Table *table)
{
    gsize *last = &table->widths[table->count - 1];
    gsize wanted = MIN(*last, LAST_COLUMNS);
    guint c;

    if (left_for_the_last(table) < wanted)
        drop_a_spare_one(table);
    while (left_for_the_last(table) < wanted && (c = roomiest(table)) < table->count)
        table->widths[c]--;
    while (left_for_the_last(table) < wanted * 2 / 3 && drop_a_spare_one(table))
        ;
    *last = MIN(*last, MAX(left_for_the_last(table), 10));
}

/* As wide as the widest cell, within bounds; the last one takes what is left. */
static void measure(Table *table, const PdJson *rows)
{
    for (guint c = 0; c < table->count; c++) {
        gsize width = MAX(pd_text_width(table->columns[c].title), table->columns[c].least);
        for (gsize r = 0; r < pd_json_length(rows); r++) {
            g_autofree char *cell =
                cell_text(pd_json_get(pd_json_at(rows, r), table->columns[c].key));
            width = MAX(width, pd_text_width(cell));
        }
        table->widths[c] = MIN(width, table->columns[c].most);
    }
    fit_to_terminal(table);
}

static void print_cell(const Table *table, guint c, const char *text)
{
    if (!table->print->terminal) {
        printf("%s%s", c > 0 ? "\t" : "", text);
        return;
    }
    if (table->widths[c] == 0)
        return;
    g_autofree char *fitted = pd_text_fit(text, table->widths[c]);
    printf("%s%s", c > 0 ? "  " : "", c + 1 < table->count ? fitted : g_strchomp(fitted));
}

static void print_head(const Table *table)
{
    if (!table->print->terminal)
        return;
    for (guint c = 0; c < table->count; c++) {
        if (table->widths[c] == 0)
            continue;
        g_autofree char *fitted = pd_text_fit(table->columns[c].title, table->widths[c]);
        g_autofree char *painted = pd_print_paint(table->print, "dim", fitted);
        printf("%s%s", c > 0 ? "  " : "", painted);
    }
    putchar('\n');
}

static void print_rows(const Table *table, const PdJson *rows)
{
    for (gsize r = 0; r < pd_json_length(rows); r++) {
        const PdJson *row = pd_json_at(rows, r);
        for (guint c = 0; c < table->count; c++) {
            g_autofree char *cell = cell_text(pd_json_get(row, table->columns[c].key));
            print_cell(table, c, cell);
        }
        putchar('\n');
    }
}

void pd_print_table(const PdPrint *print, const char *key, PdJson *rows, const PdColumn *columns,
                    const char *empty)
{
    Table table = {.print = print, .columns = columns};

    if (print->json) {
        g_autoptr(PdJson) document = pd_json_object();
        pd_json_set(document, key, rows);
        pd_print_json(document);
        return;
    }
    while (columns[table.count].key != NULL && table.count < MOST_TABLE_COLUMNS)
        table.count++;
    if (pd_json_length(rows) == 0 && print->terminal)
        puts(empty);
    if (pd_json_length(rows) > 0) {
        if (print->terminal)
            measure(&table, rows);
        print_head(&table);
        print_rows(&table, rows);
    }
    pd_json_free(rows);
}

struct PdPages {
    Table table;
    const char *key;
    guint64 rows;
};

PdPages *pd_print_pages_new(const PdPrint *print, const char *key, const PdColumn *columns)
{
    PdPages *pages = g_new0(PdPages, 1);

    pages->table = (Table){.print = print, .columns = columns};
    pages->key = key;
    while (columns[pages->table.count].key != NULL && pages->table.count < MOST_TABLE_COLUMNS)
        pages->table.count++;
    has_document = TRUE;
    if (print->json)
        printf("{\n  \"schema_version\": %d,\n  \"%s\": [", PD_SCHEMA_VERSION, key);
    return pages;
}

/* One line of JSON, safe for the terminal that it may go to. Caller frees. */
static char *json_line(const PdJson *value)
{
    g_autofree char *text = pd_json_compact(value);
    g_autofree char *printable = pd_text_printable(text);

    if (isatty(STDOUT_FILENO) == 1 && strcmp(printable, text) != 0)
        return pd_json_ascii(value);
    return g_steal_pointer(&text);
}

/* The first page says how wide the columns are. */
void pd_print_page(PdPages *pages, PdJson *rows)
{
    Table *table = &pages->table;

    for (gsize i = 0; table->print->json && i < pd_json_length(rows); i++) {
        g_autofree char *line = json_line(pd_json_at(rows, i));
        printf("%s\n    %s", pages->rows > 0 || i > 0 ? "," : "", line);
    }
    if (!table->print->json && pages->rows == 0 && pd_json_length(rows) > 0) {
        measure(table, rows);
        print_head(table);
    }
    if (!table->print->json)
        print_rows(table, rows);
    pages->rows += pd_json_length(rows);
    pd_json_free(rows);
}

void pd_print_pages_end(PdPages *pages, PdJson *further, const char *empty)
{
    const PdPrint *print = pages->table.print;
    g_autofree const char **names =
        print->json && further != NULL ? pd_json_keys(further) : g_new0(const char *, 1);

    if (print->json)
        printf("%s]", pages->rows > 0 ? "\n  " : "");
    for (const char **name = names; *name != NULL; name++) {
        g_autofree char *line = json_line(pd_json_get(further, *name));
        printf(",\n  \"%s\": %s", *name, line);
    }
    if (print->json)
        puts("\n}");
    else if (pages->rows == 0 && print->terminal)
        puts(empty);
    if (further != NULL)
        pd_json_free(further);
    g_free(pages);
}

void pd_print_json(PdJson *document)
{
    has_document = TRUE;
    pd_json_set_int(document, "schema_version", PD_SCHEMA_VERSION);
    g_autofree char *text = pd_json_pretty(document);
    g_autofree char *printable = pd_text_printable_lines(text);

    if (isatty(STDOUT_FILENO) == 1 && strcmp(printable, text) != 0) {
        g_free(text);
        text = pd_json_ascii(document);
    }
    puts(text);
}

void pd_print_field(const PdPrint *print, const char *label, const char *value)
{
    if (value == NULL || *value == '\0')
        return;
    g_autofree char *fitted = pd_text_fit(label, LABEL_COLUMNS);
    g_autofree char *painted = pd_print_paint(print, "dim", fitted);
    g_autofree char *printable = pd_text_printable(value);
    printf("%s %s\n", painted, printable);
}

void pd_print_text(const char *text, const char *indent)
{
    g_autofree char *printable = pd_text_printable_lines(text);
    g_auto(GStrv) lines = g_strsplit(g_strchomp(printable), "\n", -1);

    for (char **line = lines; *line != NULL; line++)
        printf("%s%s\n", indent, *line);
}

void pd_print_heading(const PdPrint *print, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *printable = pd_text_printable_lines(text);
    g_autofree char *painted = pd_print_paint(print, "bold", printable);
    puts(painted);
}

static void note_line(const char *text)
{
    if (said == NULL)
        said = pd_json_array();
    pd_json_add_text(said, text);
}

void pd_print_line(const PdPrint *print, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    if (print->json) {
        note_line(text);
        return;
    }
    g_autofree char *printable = pd_text_printable_lines(text);
    puts(printable);
}

void pd_print_end(const PdPrint *print)
{
    g_autoptr(PdJson) document = pd_json_object();

    pd_json_set(document, "said", said != NULL ? g_steal_pointer(&said) : pd_json_array());
    if (print->json && !has_document)
        pd_print_json(document);
}

void pd_print_file(const PdPrint *print, const char *text)
{
    if (print->terminal)
        pd_print_text(text, "");
    else
        fputs(text, stdout);
}

void pd_print_diagnostics(PdDiagnostics *list)
{
    pd_diagnostics_sort(list);
    for (guint i = 0; i < pd_diagnostics_count(list); i++) {
        g_autofree char *line = pd_diagnostic_format(pd_diagnostics_get(list, i));
        g_autofree char *printable = pd_text_printable_lines(line);
        fprintf(stderr, "%s\n", printable);
    }
}

char *pd_print_severities(const PdDiagnostics *list)
{
    guint errors = pd_diagnostics_errors(list);
    guint warnings = pd_diagnostics_count(list) - errors;

    return g_strdup_printf("%u error%s, %u warning%s", errors, errors == 1 ? "" : "s", warnings,
                           warnings == 1 ? "" : "s");
}

PdJson *pd_print_diagnostics_json(PdDiagnostics *list)
{
    PdJson *rows = pd_json_array();

    pd_diagnostics_sort(list);
    for (guint i = 0; i < pd_diagnostics_count(list); i++) {
        const PdDiagnostic *entry = pd_diagnostics_get(list, i);
        PdJson *row = pd_json_object();
        pd_json_set_text(row, "severity", entry->severity == PD_ERROR ? "error" : "warning");
        pd_json_set_text(row, "file", entry->file);
        pd_json_set_int(row, "line", entry->line);
        pd_json_set_int(row, "column", entry->column);
        pd_json_set_text(row, "text", entry->text);
        pd_json_add(rows, row);
    }
    return rows;
}

void pd_print_status(const PdStatus *status)
{
    g_autofree char *text = pd_text_printable_lines(pd_status_text(status));

    /* The errors of files speak for themselves, one a line. */
    if (pd_status_spoils(status) == PD_SPOILS_CONFIGURATION && strchr(text, '\n') != NULL) {
        fprintf(stderr, "%s\n", text);
        return;
    }
    fprintf(stderr, "postdesk: %s\n", text);
    if (pd_status_advice(status) != NULL)
        fprintf(stderr, "  %s\n", pd_status_advice(status));
}

void pd_print_progress_end(void)
{
    if (isatty(STDERR_FILENO) == 1)
        fputs("\r\x1b[K", stderr);
}

void pd_print_progress(guint64 done, guint64 total, gpointer what)
{
    static gint64 last; /* the same terminal for the whole process */
    gint64 now = pd_clock_monotonic();

    if (isatty(STDERR_FILENO) != 1 || (done < total && now - last < PD_SECOND / 10))
        return;
    last = now;
    guint64 percent = total > 0 ? done * 100 / total : 100;
    fprintf(stderr, "\r\x1b[K%s %" G_GUINT64_FORMAT " %%%s", (const char *)what, percent,
            done >= total ? "\r\x1b[K" : "");
}
