/* tnef.h: winmail.dat, in which Outlook packs what it cannot say otherwise. */
#ifndef POSTDESK_MAIL_TNEF_H
#define POSTDESK_MAIL_TNEF_H

#include <glib.h>

typedef struct {
    const guint8 *bytes; /* within the source */
    gsize length;
    char *name;       /* UTF-8, as written, or NULL */
    char *type;       /* or NULL */
    char *content_id; /* or NULL */
} PdTnefFile;

typedef struct {
    GPtrArray *files; /* of PdTnefFile * */
    char *text;       /* the message's own text, or NULL */
    char *html;       /* or NULL */
    gboolean broken;  /* it ends early, or holds what cannot be taken apart */
} PdTnef;

/* NULL if it does not begin like one. The files lie within bytes, which must outlive the result.
 * prior: the charset to be expected where none is named, or NULL. */
PdTnef *pd_tnef_parse(const guint8 *bytes, gsize length, const char *prior);
void pd_tnef_free(PdTnef *tnef);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdTnef, pd_tnef_free)

#endif
