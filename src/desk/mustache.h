/* mustache.h: Mustache, parsed once and rendered often (inside the desk's room).
 *
 * All required modules of the specification: comments, delimiters, interpolation,
 * inverted, partials, sections. The tree is not changed after parsing.
 */
#ifndef DESK_MUSTACHE_H
#define DESK_MUSTACHE_H

#include "postdesk/json.h"
#include "postdesk/status.h"

typedef struct pd_mustache PdMustache;

/* *line: where a mistake is, from 1. */
PdStatus *pd_mustache_parse(const char *source, PdMustache **parsed, guint *line);
void pd_mustache_free(PdMustache *parsed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdMustache, pd_mustache_free)

/* The partial of that name, borrowed; NULL renders as nothing. */
typedef const PdMustache *(*PdMustachePartial)(const char *name, gpointer user);

/* Appends to the text. A template that nests or grows beyond the limits is refused. */
PdStatus *pd_mustache_expand(const PdMustache *parsed, const PdJson *values, gboolean escape_html,
                             PdMustachePartial partial, gpointer user, GString *text);

/* Every name a tag uses, with the names of the sections around it (outermost first) and
 * its line. Partials are not followed: they are told with is_partial. */
typedef void (*PdMustacheName)(const char *name, gboolean is_partial, const GPtrArray *sections,
                               guint line, gpointer user);
void pd_mustache_each_name(const PdMustache *parsed, PdMustacheName seen, gpointer user);

#endif
