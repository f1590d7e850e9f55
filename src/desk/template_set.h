/* template_set.h: the templates of one language, as they are loaded. */
#ifndef DESK_TEMPLATE_SET_H
#define DESK_TEMPLATE_SET_H

#include "desk/mustache.h"
#include "desk/words.h"
#include "postdesk/template.h"

typedef struct {
    char *path;
    char *shipped;      /* the shipped file whose place it takes, or NULL */
    gboolean is_own;    /* the admin's */
    guint lines_before; /* of the header block, for the places of mistakes */
    PdMustache *subject;
    PdMustache *body;
} PdTemplateFile;

typedef struct {
    char *name;
    GHashTable *files; /* "acknowledge.txt" → PdTemplateFile * */
    PdWords *words;
    char *own_words;    /* path of the admin's words.yaml, or NULL */
    GHashTable *unused; /* of shipped HTML: its name → its path */
} PdTemplateLanguage;

struct pd_templates {
    GPtrArray *languages; /* of PdTemplateLanguage * */
};

/* Tells of every variable that an occasion does not declare, of partials that are not there,
 * and of occasions without a template. */
void pd_template_check(const PdTemplateLanguage *language, const char *shipped,
                       PdDiagnostics *list);

#endif
