/* template.h: Mustache templates of mails.
 *
 * templates/<language>/<name>.txt begins with a header block (Subject: …, an empty line),
 * then the text; <name>.html beside it is the HTML alternative. An admin's file overrides the
 * shipped one of the same language and name. Rendering follows the Mustache specification;
 * variables are escaped in HTML only. A variable that the occasion does not declare is an
 * error of loading.
 */
#ifndef POSTDESK_TEMPLATE_H
#define POSTDESK_TEMPLATE_H

#include "postdesk/diagnostics.h"
#include "postdesk/json.h"
#include <glib.h>

typedef struct pd_templates PdTemplates;

/* admin_folder may be NULL or absent. NULL with errors in the list. */
PdTemplates *pd_templates_load(const char *shipped_folder, const char *admin_folder,
                               const char *const *languages, PdDiagnostics *list);
void pd_templates_free(PdTemplates *templates);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdTemplates, pd_templates_free)

typedef struct {
    char *subject; /* one line */
    char *text;
    char *html; /* or NULL */
} PdRendered;
void pd_rendered_free(PdRendered *rendered);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdRendered, pd_rendered_free)

/* values: JSON object of the occasion's variables. An unknown language falls back to
 * the first loaded one. */
PdStatus *pd_templates_render(const PdTemplates *templates, const char *language, const char *name,
                              const PdJson *values, PdRendered **rendered);

/* Mustache alone: for the specification's tests. partials: JSON object of name → text or NULL. */
PdStatus *pd_mustache_render(const char *source, const PdJson *values, const PdJson *partials,
                             gboolean escape_html, char **text);

#endif
