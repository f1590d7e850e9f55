/* print.h: text for people and JSON for programs, behind one interface.
 *
 * A command makes a JSON document; with --json it is printed as it is, with
 * schema_version; else as a table or as lines. On a terminal columns are
 * aligned and coloured, a pipe gets plain lines. Foreign text is escaped here.
 */
#ifndef PD_CLI_PRINT_H
#define PD_CLI_PRINT_H

#include "postdesk/diagnostics.h"
#include "postdesk/json.h"
#include <glib.h>

#define PD_SCHEMA_VERSION 1

typedef struct {
    gboolean json;
    gboolean terminal; /* standard output is one */
    gboolean colour;
    guint columns; /* of the terminal */
} PdPrint;

void pd_print_init(PdPrint *print);

typedef struct {
    const char *key; /* of the JSON object; its text, number or {name,address} is shown */
    const char *title;
    /* Columns on a terminal; the last one takes what is left. Least 0: a narrow terminal does
     * without it. */
    guint least, most;
} PdColumn;

/* {"schema_version":1, key: rows}, or a table. Takes rows. empty: what to say of none. */
void pd_print_table(const PdPrint *print, const char *key, PdJson *rows, const PdColumn *columns,
                    const char *empty);
/* A list of any length, page by page: as much memory as a page. */
typedef struct PdPages PdPages;
PdPages *pd_print_pages_new(const PdPrint *print, const char *key, const PdColumn *columns);
void pd_print_page(PdPages *pages, PdJson *rows); /* taken */
/* Ends it. further: members of the JSON document that stand behind the list, taken, or NULL. */
void pd_print_pages_end(PdPages *pages, PdJson *further, const char *empty);
/* The document as JSON (schema_version is added). Borrowed. */
void pd_print_json(PdJson *document);
/* A line of text with a label, both escaped: "Subject    …". Nothing where value is NULL or "". */
void pd_print_field(const PdPrint *print, const char *label, const char *value);
/* Several lines of foreign text, indented. */
void pd_print_text(const char *text, const char *indent);
/* A heading, bold on a terminal. */
void pd_print_heading(const PdPrint *print, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* A line of our own; in JSON mode kept for pd_print_end(). */
void pd_print_line(const PdPrint *print, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* At last: where --json asks for a document and the command has none of its own, {"said": lines}.
 */
void pd_print_end(const PdPrint *print);
/* Text that may be meant for a file: as it is into a pipe, escaped on a terminal. */
void pd_print_file(const PdPrint *print, const char *text);
/* Words on a terminal, in a colour: "good", "bad", "warn", "dim", "bold". Returns the text to
 * print; caller frees. */
char *pd_print_paint(const PdPrint *print, const char *colour, const char *text);

/* Sorted, to standard error: file:line:column: what is wrong. */
void pd_print_diagnostics(PdDiagnostics *list);
PdJson *pd_print_diagnostics_json(PdDiagnostics *list);
/* "1 error, 2 warnings". Caller frees. */
char *pd_print_severities(const PdDiagnostics *list);
/* "postdesk: what happened" and "  what to do", to standard error. */
void pd_print_status(const PdStatus *status);

/* Long work, on a terminal's standard error only. */
void pd_print_progress(guint64 done, guint64 total, gpointer what);
/* Takes the line of progress away, however far it came. */
void pd_print_progress_end(void);

#endif
