/* template_set.h: the templates of one language, as they are loaded. */
#ifndef DESK_TEMPLATE_SET_H
#define DESK_TEMPLATE_SET_H

#include "desk/mustache.h"
#include "desk/words.h"

typedef struct {
    char *path;
    guint lines_before; /* of the header block, for the places of mistakes */
    PdMustache *subject;
    PdMustache *body;
} PdTemplateFile;

typedef struct {
    char *name;
    GHashTable *files; /* "acknowledge.txt" → PdTemplateFile * */
    PdWords *words;
} PdTemplateLanguage;

/* Tells of every variable that an occasion does not declare, of partials that are not there,
 * and of occasions without a template. */
void pd_template_check(const PdTemplateLanguage *language, const char *shipped,
                       PdDiagnostics *list);

#endif
