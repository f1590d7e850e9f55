/* import.h: what the readers of tables and of directories share: persons are checked and written
 * down as a file for the folder people/.
 *
 * All or nothing: one that is wrong, and nothing is made. What is written is JSON, which is YAML as
 * well, so that no foreign text can be taken for anything but text. */
#ifndef DESK_IMPORT_H
#define DESK_IMPORT_H

#include "desk/people_private.h"
#include "postdesk/json.h"

#define PD_IMPORT_MOST_MISTAKES 1000 /* that are told */

typedef struct {
    const char *path;
    const char *const *languages; /* of the desk, or NULL */
    PdDiagnostics *list;
    guint errors_before;
    GHashTable *seen; /* addresses → line */
    PdJson *people;   /* those that are read */
} PdImport;

void pd_import_begin(PdImport *import, const char *path, const char *const *languages,
                     PdDiagnostics *list);
/* The text of the file, NULL if anything was wrong; caller frees. */
char *pd_import_end(PdImport *import, guint *count);

/* Line 0: the whole file. What is foreign in it is made printable. */
void pd_import_complain(const PdImport *import, guint line, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
/* One line of text, "" and NULL pass unseen. */
void pd_import_text(const PdImport *import, guint line, const char *member, const char *text,
                    PdJson *person);
/* Adds an address; it must be one, and nobody else's. */
void pd_import_address(const PdImport *import, guint line, const char *address, PdJson *addresses);

/* people_csv.c, people_ldif.c */
void pd_import_csv(PdImport *import);
void pd_import_ldif(PdImport *import);

#endif
