/* csv.c: see csv.h. One pass over the text; a quote that is never closed is an error. */
#include "desk/csv.h"

#include "postdesk/files.h"
#include "postdesk/limits.h"
#include <string.h>

#define SEPARATORS ",;\t"
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

typedef struct {
    const char *at;
    char separator;
    guint line;
    guint quoted_since; /* line of a quote that is open, 0: none */
} Scanner;

static void row_free(PdCsvRow *row)
{
    g_ptr_array_unref(row->cells);
    g_free(row);
}

/* A cell between quotes, in which a doubled quote stands for one. */
static void scan_quoted(Scanner *scanner, GString *cell)
{
    scanner->quoted_since = scanner->line;
    for (scanner->at++; *scanner->at != '\0'; scanner->at++) {
        if (*scanner->at == '"' && scanner->at[1] != '"') {
            scanner->at++;
            scanner->quoted_since = 0;
            return;
        }
        if (*scanner->at == '"')
            scanner->at++;
        scanner->line += *scanner->at == '\n';
        g_string_append_c(cell, *scanner->at);
    }
}

static gboolean ends_cell(const Scanner *scanner)
{
    return *scanner->at == '\0' || *scanner->at == '\n' || *scanner->at == scanner->separator;
}

static char *scan_cell(Scanner *scanner)
{
    GString *cell = g_string_new(NULL);

    while (*scanner->at == ' ')
        scanner->at++;
    if (*scanner->at == '"')
        scan_quoted(scanner, cell);
    for (; !ends_cell(scanner); scanner->at++)
        g_string_append_c(cell, *scanner->at);
    return g_strstrip(g_string_free(cell, FALSE));
}

static PdCsvRow *scan_row(Scanner *scanner)
{
    PdCsvRow *row = g_new0(PdCsvRow, 1);

    row->line = scanner->line;
    row->cells = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(row->cells, scan_cell(scanner));
    while (*scanner->at == scanner->separator) {
        scanner->at++;
        g_ptr_array_add(row->cells, scan_cell(scanner));
    }
    if (*scanner->at == '\n') {
        scanner->at++;
        scanner->line++;
    }
    return row;
}

static gboolean is_blank(const PdCsvRow *row)
{
    for (guint i = 0; i < row->cells->len; i++) {
        if (*(const char *)g_ptr_array_index(row->cells, i) != '\0')
            return FALSE;
    }
    return TRUE;
}

/* Excel says it in a line of its own, "sep=;". */
static gboolean take_declared_separator(Scanner *scanner)
{
    const char *mark = scanner->at + strlen("sep=");

    if (!g_str_has_prefix(scanner->at, "sep=") || *mark == '\0' ||
        strchr(SEPARATORS, *mark) == NULL)
        return FALSE;
    const char *end = mark + 1;
    end += *end == '\r';
    if (*end != '\n')
        return FALSE;
    scanner->separator = *mark;
    scanner->at = end + 1;
    scanner->line++;
    return TRUE;
}

/* The one that comes first in the line of names. */
static char find_separator(const char *text)
{
    const char *found = text + strcspn(text, SEPARATORS "\n");

    return *found != '\n' && *found != '\0' ? *found : ',';
}

static gboolean is_wide(const char *bytes, gsize length)
{
    return length >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0);
}

static PdStatus *decode(const char *bytes, gsize length, char **text)
{
    g_autofree char *decoded = NULL;
    gsize written = length;

    if (is_wide(bytes, length)) /* what Excel calls Unicode text */
        decoded = g_convert(bytes, (gssize)length, "UTF-8", "UTF-16", NULL, &written, NULL);
    else if (g_utf8_validate_len(bytes, length, NULL))
        decoded = g_strdup(bytes);
    else
        decoded = g_convert(bytes, (gssize)length, "UTF-8", "GB18030", NULL, &written, NULL);
    if (decoded == NULL)
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, "save it as CSV with UTF-8 text",
                             "its text is neither UTF-8 nor GB18030");
    if (strlen(decoded) != written)
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, "save it as CSV with UTF-8 text",
                             "this is no table of text");
    *text = g_strdup(g_str_has_prefix(decoded, BYTE_ORDER_MARK) ? decoded + 3 : decoded);
    return NULL;
}

PdStatus *pd_csv_read(const char *path, GPtrArray **rows)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)row_free);
    g_autofree char *bytes = NULL, *text = NULL;
    gsize length;

    PD_TRY(pd_file_read(path, PD_LIMIT_CONFIG_BYTES, &bytes, &length));
    PD_TRY(decode(bytes, length, &text));
    Scanner scanner = {text, ',', 1, 0};
    if (!take_declared_separator(&scanner))
        scanner.separator = find_separator(scanner.at);
    while (*scanner.at != '\0' && scanner.quoted_since == 0) {
        PdCsvRow *row = scan_row(&scanner);
        if (is_blank(row))
            row_free(row);
        else
            g_ptr_array_add(all, row);
    }
    if (scanner.quoted_since != 0)
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, "close it with another \"",
                             "the quote in line %u is never closed", scanner.quoted_since);
    *rows = g_steal_pointer(&all);
    return NULL;
}
