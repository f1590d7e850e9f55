/* template_private.h: what the desk asks of templates besides rendering them. */
#ifndef DESK_TEMPLATE_PRIVATE_H
#define DESK_TEMPLATE_PRIVATE_H

#include "postdesk/template.h"

#define PD_TEMPLATE_MOST_BYTES (512 * 1024) /* of one template file */

/* The language that will be used for this one: itself, or the first that was loaded. */
const char *pd_templates_language(const PdTemplates *templates, const char *language);
gboolean pd_templates_has(const PdTemplates *templates, const char *language, const char *name);
/* A word of a language (words.h); NULL where it has none. */
const char *pd_templates_find_word(const PdTemplates *templates, const char *language,
                                   const char *group, const char *key);
/* The same; the key itself where the language has none. */
const char *pd_templates_word(const PdTemplates *templates, const char *language, const char *group,
                              const char *key);

/* A form (forms/NAME.html) filled with the values; what forms there are, in order of name. The
 * caller frees. */
PdStatus *pd_templates_fill_form(const PdTemplates *templates, const char *language,
                                 const char *name, const PdJson *values, char **html);
char **pd_templates_forms(const PdTemplates *templates, const char *language);

/* Every file of every language, in order: [{"language","name","kind" ("mail", "form", "partial",
 * "words"),"file","own","overrides" (path of the shipped file, or null),"unused" (a shipped HTML
 * beside a text of the admin's),"same" (an own file that is the shipped one, byte for byte)}].
 * Caller frees. */
PdJson *pd_templates_list(const PdTemplates *templates);
/* The names of all mails of a language, NULL-terminated; caller frees. */
char **pd_templates_names(const PdTemplates *templates, const char *language);

#endif
