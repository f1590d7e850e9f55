/* yaml_internal.h: the records behind postdesk/yaml.h, for the files that make them.
 *
 * Nodes are plain records, built once and then never changed. All of them are
 * owned by the document, so that an alias may share one; children are borrowed.
 */
#ifndef PD_CONFIG_YAML_INTERNAL_H
#define PD_CONFIG_YAML_INTERNAL_H

#include "postdesk/yaml.h"

struct pd_yaml_node {
    PdYamlKind kind;
    gboolean quoted;
    guint line, column;
    guint height;        /* of the tree below: 0 for a scalar */
    guint weight;        /* nodes of the tree with aliases followed */
    char *text;          /* of a scalar, never NULL there */
    GPtrArray *children; /* of a list: items; of a map: key, value, key, value … */
};

struct pd_yaml {
    char *file;
    GPtrArray *nodes; /* owns them all */
    PdYamlNode *root; /* or NULL */
};

PdYaml *pd_yaml_new(const char *file);
/* A node of the document; text (a scalar's, else NULL) is taken over. */
PdYamlNode *pd_yaml_add_node(PdYaml *yaml, PdYamlKind kind, char *text, guint line, guint column);

/* What may be handed to the YAML library: UTF-8 without control characters, lines
 * ended by LF. NULL with the reasons in the list; caller frees. */
char *pd_yaml_prepare(const char *name, const char *text, gsize length, PdDiagnostics *list);

/* Against defects of the library; source: the text as it is written, without its
 * quotes. The last two: what is wrong with the text for us, or NULL. */
void pd_yaml_mend_quotes(GString *text, const char *source, gsize length);
const char *pd_yaml_quirk_of_double_quoted(const char *source, gsize length);
const char *pd_yaml_quirk_of_folded(const char *source, gsize length, guint column);

#endif
