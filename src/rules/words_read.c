/* words_read.c: words and patterns of a rule, with the word lists that they name; see reader.h. */
#include "rules/reader.h"

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

const PdPattern *pd_read_pattern(PdReader *reader, const PdYamlNode *node)
{
    const char *source = pd_yaml_text(node);
    g_autofree char *expanded = NULL, *error = NULL;
    gsize at;

    if (source == NULL || *source == '\0') {
        pd_reader_complain(reader, node, "a pattern is expected here, as text");
        return NULL;
    }
    PdPattern *pattern = g_hash_table_lookup(reader->set->patterns, source);
    if (pattern != NULL)
        return pattern;
    if (pd_is_word_list(source)) {
        const GPtrArray *words = pd_read_word_list(reader, node, source);
        if (words == NULL)
            return NULL;
        expanded = pd_word_list_pattern(words);
    }
    if (expanded == NULL)
        expanded = g_strdup(source);
    pd_han_fold_pattern(reader->set->han, expanded);
    pattern = pd_pattern_new(expanded, source, &error, &at);
    if (pattern == NULL) {
        pd_reader_complain(reader, node, "pattern '%s', character %zu: %s", source, at, error);
        return NULL;
    }
    g_hash_table_insert(reader->set->patterns, (char *)pd_pattern_shown(pattern), pattern);
    return pattern;
}
