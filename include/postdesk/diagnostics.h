/* diagnostics.h: every mistake of the files an admin wrote, at once.
 *
 * A reader of a file adds what it finds and goes on; the top layer prints the
 * list as "file:line:column: what is wrong; what would be right".
 */
#ifndef POSTDESK_DIAGNOSTICS_H
#define POSTDESK_DIAGNOSTICS_H

#include "postdesk/status.h"
#include <glib.h>

typedef enum { PD_WARNING, PD_ERROR } PdSeverity;

typedef struct {
    PdSeverity severity;
    char *file;
    guint line;   /* from 1; 0: the whole file */
    guint column; /* from 1, in characters; 0: the whole line */
    char *text;   /* what is wrong; what would be right */
} PdDiagnostic;

typedef struct pd_diagnostics PdDiagnostics;

PdDiagnostics *pd_diagnostics_new(void);
void pd_diagnostics_free(PdDiagnostics *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdDiagnostics, pd_diagnostics_free)

void pd_diagnostics_add(PdDiagnostics *list, PdSeverity severity, const char *file, guint line,
                        guint column, const char *format, ...) G_GNUC_PRINTF(6, 7);

guint pd_diagnostics_count(const PdDiagnostics *list);
guint pd_diagnostics_errors(const PdDiagnostics *list); /* how many are PD_ERROR */
const PdDiagnostic *pd_diagnostics_get(const PdDiagnostics *list, guint index);

/* Sorted by file, line, column; equal entries once. */
void pd_diagnostics_sort(PdDiagnostics *list);

/* "file:line:column: error: text", caller frees. */
char *pd_diagnostic_format(const PdDiagnostic *entry);

/* NULL without errors, else a configuration status that holds all of them, sorted, one a line: what
 * every command and role tells of files that are wrong. */
PdStatus *pd_diagnostics_status(PdDiagnostics *list);

/* The nearest of the NULL-terminated words within a distance a typing mistake
 * would make, or NULL: for "did you mean …?". */
const char *pd_nearest_word(const char *word, const char *const *words);

#endif
