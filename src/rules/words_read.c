/* words_read.c: words and patterns of a rule, with the word lists that they name; see reader.h. */
#include "rules/reader.h"

#include "postdesk/limits.h"
#include <string.h>

static void add_word(PdReader *reader, GPtrArray *all, const PdYamlNode *node,
                     const char *const *choices, const char *what)
{
    const char *text = choices != NULL ? pd_read_choice(reader, node, choices, what)
                                       : pd_read_text(reader, node, what);

    if (text == NULL)
        return;
    if (!pd_is_word_list(text)) {
        g_ptr_array_add(all, g_strdup(text));
        return;
    }
    const GPtrArray *words = pd_read_word_list(reader, node, text);
    for (guint i = 0; words != NULL && i < words->len; i++) {
        const PdWord *word = g_ptr_array_index(words, i);
        if (word->is_pattern)
            pd_reader_complain(reader, node,
                               "'%s' holds the pattern /%s/; only words can stand "
                               "here",
                               text, word->text);
        g_ptr_array_add(all, g_strdup(word->text));
    }
}

char **pd_read_words(PdReader *reader, const PdYamlNode *node, const char *const *choices,
                     const char *what)
{
    GPtrArray *all = g_ptr_array_new();

    if (pd_yaml_kind(node) == PD_YAML_LIST) {
        for (guint i = 0; i < pd_yaml_count(node); i++)
            add_word(reader, all, pd_yaml_item(node, i), choices, what);
        if (pd_yaml_count(node) == 0)
            pd_reader_complain(reader, node, "the list is empty; %s is expected", what);
    } else {
        add_word(reader, all, node, choices, what);
    }
    g_ptr_array_add(all, NULL);
    return (char **)g_ptr_array_free(all, FALSE);
}

/* Names of groups are asked for while rules are read. */
static gboolean may_name_groups(const char *source)
{
    return strstr(source, "(?<") != NULL || strstr(source, "(?P<") != NULL ||
           strstr(source, "(?'") != NULL;
}

static void note_use(PdReader *reader, const PdYamlNode *node, PdPattern *pattern)
{
    PdPatternPlace noted = {pattern, pd_reader_place(reader, node)};

    g_array_append_val(reader->uncompiled, noted);
}

void pd_read_uncompiled(PdReader *reader)
{
    for (guint i = 0; i < reader->uncompiled->len; i++) {
        const PdPatternPlace *noted = &g_array_index(reader->uncompiled, PdPatternPlace, i);
        const PdPlace *place = &noted->place;
        g_autofree char *error = NULL;
        gsize at;
        if (!pd_pattern_compile(noted->pattern, &error, &at))
            pd_diagnostics_add(reader->list, PD_ERROR, place->file, place->line, place->column,
                               "pattern '%s', character %zu: %s", pd_pattern_shown(noted->pattern),
                               at, error);
    }
}

static PdPattern *new_pattern(PdReader *reader, const PdYamlNode *node, const char *source,
                              const char *expanded)
{
    g_autofree char *error = NULL;
    gsize at;

    if (!may_name_groups(expanded)) {
        PdPattern *later = pd_pattern_new_later(expanded, source);
        note_use(reader, node, later);
        return later;
    }
    PdPattern *pattern = pd_pattern_new(expanded, source, &error, &at);
    if (pattern == NULL)
        pd_reader_complain(reader, node, "pattern '%s', character %zu: %s", source, at, error);
    return pattern;
}

const PdPattern *pd_read_pattern(PdReader *reader, const PdYamlNode *node)
{
    const char *source = pd_yaml_text(node);
    g_autofree char *expanded = NULL;

    if (source == NULL || *source == '\0') {
        pd_reader_complain(reader, node, "a pattern is expected here, as text");
        return NULL;
    }
    PdPattern *pattern = g_hash_table_lookup(reader->set->patterns, source);
    if (pattern != NULL) {
        note_use(reader, node, pattern);
        return pattern;
    }
    if (pd_is_word_list(source)) {
        const GPtrArray *words = pd_read_word_list(reader, node, source);
        if (words == NULL)
            return NULL;
        expanded = pd_word_list_pattern(words);
    }
    if (expanded == NULL)
        expanded = g_strdup(source);
    if (strlen(expanded) > PD_LIMIT_PATTERN_BYTES) {
        pd_reader_complain(reader, node, "a pattern or list of words has at most %d bytes",
                           PD_LIMIT_PATTERN_BYTES);
        return NULL;
    }
    pd_han_fold_pattern(reader->set->han, expanded);
    pattern = new_pattern(reader, node, source, expanded);
    if (pattern == NULL)
        return NULL;
    g_hash_table_insert(reader->set->patterns, (char *)pd_pattern_shown(pattern), pattern);
    return pattern;
}
