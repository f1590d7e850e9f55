/* occasions.h: the occasions on which the desk mails, and what each may say. */
#ifndef DESK_OCCASIONS_H
#define DESK_OCCASIONS_H

#include "postdesk/json.h"
#include <glib.h>

#define PD_FORMS "forms/" /* begins the name of a form's template */

typedef enum {
    PD_VALUE_TEXT,
    PD_VALUE_FLAG,  /* sample: "true", or "" */
    PD_VALUE_LINES, /* a list of texts; sample: one a line */
    PD_VALUE_LIST,  /* of entries, whose members follow */
} PdValueKind;

typedef struct {
    const char *name; /* "attachments.name" is a member of each entry of the list "attachments" */
    const char *help;
    PdValueKind kind;
    const char *sample, *sample_chinese; /* of a member: a line for each entry */
} PdVariable;

typedef struct {
    const char *name; /* of the template, too */
    const char *help;
    const PdVariable *variables[6]; /* lists, each ended by a NULL name; NULL behind the last */
} PdOccasion;

const PdOccasion *pd_occasions(gsize *count);
/* Those that no mail of the reader's own brings about, so that they are no answer to one: a blank
 * before and behind each name. */
const char *pd_occasions_by_others(void);
/* The occasion of a template: its own, or that of "acknowledge" for a template that only
 * rules name; of a form's template, what forms may say. */
const PdOccasion *pd_occasion_of(const char *template_name);
gboolean pd_occasion_is_known(const char *name);
gboolean pd_occasion_declares(const PdOccasion *occasion, const char *variable);
/* A value for everything that the occasion declares, in a language. Caller frees. */
PdJson *pd_occasion_sample(const PdOccasion *occasion, const char *language);
/* The declared variable that was probably meant, or NULL. */
const char *pd_occasion_nearest(const PdOccasion *occasion, const char *variable);

#endif
