/* ldif.h: what a directory server exports: LDIF (RFC 2849), content records only. */
#ifndef DESK_LDIF_H
#define DESK_LDIF_H

#include "postdesk/diagnostics.h"
#include <glib.h>

typedef struct {
    guint line;     /* where it begins; from 1 */
    char *name;     /* small letters, without options */
    char *language; /* of the option "lang-…", small letters, or NULL */
    char *value; /* UTF-8 and one text; NULL where it is something else (a picture, an address) */
} PdLdifAttribute;

typedef struct {
    guint line;
    GPtrArray *attributes; /* of PdLdifAttribute *: in the order of the file, without the dn */
} PdLdifEntry;

/* The first value of a name, or NULL. */
const PdLdifAttribute *pd_ldif_find(const PdLdifEntry *entry, const char *name);

/* The entries of a file; what is wrong in it goes to the list with its line, as far as that can be
 * told. Nothing that the file points to is fetched. NULL: it cannot be read at all. */
GPtrArray *pd_ldif_read(const char *path, PdDiagnostics *list); /* of PdLdifEntry * */

#endif
