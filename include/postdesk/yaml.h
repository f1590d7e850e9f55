/* yaml.h: YAML files with the place of every value (the only room that knows
 * the library).
 *
 * A document is read whole and bounded (PD_LIMIT_CONFIG_BYTES, PD_LIMIT_YAML_DEPTH,
 * no aliases that multiply). Nodes are borrowed from their document and live as
 * long as it. Mistakes go to the diagnostics with file:line:column; readers go
 * on after one, so that all are told at once.
 */
#ifndef POSTDESK_YAML_H
#define POSTDESK_YAML_H

#include "postdesk/diagnostics.h"
#include <glib.h>

typedef struct pd_yaml PdYaml;
typedef struct pd_yaml_node PdYamlNode;

/* NULL if the file cannot be read or is no YAML; the reason is in the list. */
PdYaml *pd_yaml_read_file(const char *path, PdDiagnostics *list);
PdYaml *pd_yaml_read_text(const char *name, const char *text, gsize length, PdDiagnostics *list);
void pd_yaml_free(PdYaml *yaml);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdYaml, pd_yaml_free)

const PdYamlNode *pd_yaml_root(const PdYaml *yaml); /* NULL for an empty document */
const char *pd_yaml_file(const PdYaml *yaml);

typedef enum { PD_YAML_SCALAR, PD_YAML_LIST, PD_YAML_MAP } PdYamlKind;

PdYamlKind pd_yaml_kind(const PdYamlNode *node);
guint pd_yaml_line(const PdYamlNode *node);   /* from 1 */
guint pd_yaml_column(const PdYamlNode *node); /* from 1 */

/* A scalar's text; NULL if the node is no scalar, or a plain null. */
const char *pd_yaml_text(const PdYamlNode *node);
/* TRUE for a quoted or block scalar: then "yes", "1" and "null" are just text. */
gboolean pd_yaml_is_quoted(const PdYamlNode *node);
/* FALSE if it is not just that. Booleans are true and false, as in YAML 1.2. */
gboolean pd_yaml_boolean(const PdYamlNode *node, gboolean *value);
gboolean pd_yaml_integer(const PdYamlNode *node, gint64 *value);

/* Lists and maps: the number of entries, and each in file order. */
guint pd_yaml_count(const PdYamlNode *node);
const PdYamlNode *pd_yaml_item(const PdYamlNode *list, guint index);
const PdYamlNode *pd_yaml_key(const PdYamlNode *map, guint index); /* a scalar */
const PdYamlNode *pd_yaml_value(const PdYamlNode *map, guint index);
const PdYamlNode *pd_yaml_get(const PdYamlNode *map, const char *key); /* NULL if absent */

/* Adds "text" at the node's place. */
void pd_yaml_complain(const PdYaml *yaml, const PdYamlNode *node, PdSeverity severity,
                      PdDiagnostics *list, const char *format, ...) G_GNUC_PRINTF(5, 6);
/* Complains of every key that is not one of the NULL-terminated words ("unknown
 * setting 'hots'; did you mean 'host'?"). what: "setting", "field", "condition". FALSE if
 * the node is no map (complained of too). Keys given twice are told of when reading. */
gboolean pd_yaml_check_keys(const PdYaml *yaml, const PdYamlNode *map, const char *const *words,
                            const char *what, PdDiagnostics *list);

/* Appends valid UTF-8 as a scalar on one line, quoted so that it reads back as just that text:
 * single quotes, or double ones where something in it must be escaped. */
void pd_yaml_quote(GString *out, const char *text);

#endif
