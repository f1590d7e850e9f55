/* reader.h: from YAML to the model.
 *
 * Each function reads one kind of node; what is wrong goes to the diagnostics, and reading
 * goes on. A value that is wrong is read as absent (NULL): the set is thrown away in the end.
 */
#ifndef RULES_READER_H
#define RULES_READER_H

#include "postdesk/hash.h"
#include "postdesk/yaml.h"
#include "rules/model.h"

/* A pattern, and one place where a rule has it. */
typedef struct {
    PdPattern *pattern;
    PdPlace place;
} PdPatternPlace;

typedef struct {
    PdRuleSet *set;
    PdDiagnostics *list;
    PdHash *hash;
    GHashTable *ids;        /* of PdRule *, by id; borrowed */
    GHashTable *uses;       /* id + 1 of a pattern in a slot, by "slot pattern" */
    GHashTable *word_lists; /* of GPtrArray of PdWord *, by name */
    GArray *uncompiled;     /* of PdPatternPlace: not known to be right yet */
    const PdYaml *yaml;     /* being read */
    const char *file;       /* its name, belongs to the set */
} PdReader;

void pd_reader_complain(PdReader *reader, const PdYamlNode *node, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
PdPlace pd_reader_place(const PdReader *reader, const PdYamlNode *node);

/* A scalar with text in it, on one line; NULL complained of. what: "an id", "a category". */
const char *pd_read_text(PdReader *reader, const PdYamlNode *node, const char *what);
/* One of the words, or NULL complained of with the nearest. */
const char *pd_read_choice(PdReader *reader, const PdYamlNode *node, const char *const *words,
                           const char *what);
gboolean pd_read_flag(PdReader *reader, const PdYamlNode *node, gboolean *value);
/* One text or a list of them, "@words/…" replaced by its words; NULL complained of.
 * choices: what each must be one of, or NULL. */
char **pd_read_words(PdReader *reader, const PdYamlNode *node, const char *const *choices,
                     const char *what);

/* A line of a word list. */
typedef struct {
    char *text;
    gboolean is_pattern; /* it stood between slashes */
} PdWord;

gboolean pd_is_word_list(const char *text); /* "@words/…" */
/* NULL complained of, at the node or in the list itself. Borrowed. */
const GPtrArray *pd_read_word_list(PdReader *reader, const PdYamlNode *node, const char *text);
/* A pattern that matches any of the words, letters at their word boundaries; caller frees. */
char *pd_word_list_pattern(const GPtrArray *words);

/* Up to the comment that begins in it, if one does. */
void pd_cut_comment(char *line);
/* NAME.txt below the folder and nowhere else. */
gboolean pd_is_safe_list_name(const char *name);

gboolean pd_is_points_list(const char *text); /* "@points/…" */
/* NULL complained of, at the node or in the list itself. Belongs to the set. */
PdPoints *pd_read_points(PdReader *reader, const PdYamlNode *node, const char *text);

/* A file of the set's folder, read whole and counted into the hash; NULL complained of at
 * the node, or at the file where node is NULL. Caller frees. */
char *pd_read_set_file(PdReader *reader, const PdYamlNode *node, const char *name, gsize *length);

/* The pattern, one for all rules that have it; NULL complained of. */
const PdPattern *pd_read_pattern(PdReader *reader, const PdYamlNode *node);
/* Compiles what is not compiled yet, and complains. */
void pd_read_uncompiled(PdReader *reader);

PdCondition *pd_read_conditions(PdReader *reader, const PdYamlNode *map);
/* The rule's conditions must be read before: captures are held against them. */
void pd_read_action(PdReader *reader, PdRule *rule, const PdYamlNode *map);
/* A path of lower-case words, such as "system/database". */
gboolean pd_is_category(const char *text);
/* One of the fields in pd_set_names, checked; NULL complained of. Caller frees. */
char *pd_read_set_value(PdReader *reader, guint field, const PdYamlNode *node);
/* rule: index of the rule it belongs to, or -1. */
void pd_read_test(PdReader *reader, gint rule, const PdYamlNode *map);
/* Of a rule file, what must be known before its rules are read. */
void pd_read_switches(PdReader *reader, const PdYamlNode *root);
void pd_read_rule_file(PdReader *reader, const PdYamlNode *root);
void pd_read_matrix(PdReader *reader, const PdYamlNode *root);

#endif
