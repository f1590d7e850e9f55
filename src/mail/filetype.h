/* filetype.h: what a file is by its first bytes, whatever its name and declaration say. */
#ifndef POSTDESK_MAIL_FILETYPE_H
#define POSTDESK_MAIL_FILETYPE_H

#include <glib.h>

#define PD_FILETYPE_HEAD 512 /* bytes that are enough to tell */

/* The type that these first bytes show, NULL where they show none of those that are known. */
const char *pd_filetype_of(const guint8 *head, gsize length);
/* TRUE if such content belongs neither under the declared type nor under the name: one of
 * them claims something else. */
gboolean pd_filetype_differs(const char *found, const char *declared, const char *name);

#endif
