/* reader.c: the small values of rule files; see reader.h. */
#include "rules/reader.h"

#include "postdesk/files.h"
#include "postdesk/limits.h"
#include "postdesk/text.h"
#include <string.h>

void pd_reader_complain(PdReader *reader, const PdYamlNode *node, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    pd_yaml_complain(reader->yaml, node, PD_ERROR, reader->list, "%s", text);
}

PdPlace pd_reader_place(const PdReader *reader, const PdYamlNode *node)
{
    return (PdPlace){reader->file, pd_yaml_line(node), pd_yaml_column(node)};
}

const char *pd_read_text(PdReader *reader, const PdYamlNode *node, const char *what)
{
    const char *text = pd_yaml_text(node);

    if (text == NULL || *text == '\0')
        pd_reader_complain(reader, node, "%s is expected here, as text", what);
    else if (!pd_text_is_one_line(text))
        pd_reader_complain(reader, node, "%s must be one line without control characters", what);
    else
        return text;
    return NULL;
}

const char *pd_read_choice(PdReader *reader, const PdYamlNode *node, const char *const *words,
                           const char *what)
{
    const char *text = pd_read_text(reader, node, what);

    if (text == NULL)
        return NULL;
    if (g_strv_contains(words, text))
        return text;
    const char *nearest = pd_nearest_word(text, words);
    g_autofree char *all = g_strjoinv(", ", (char **)words);
    if (nearest != NULL)
        pd_reader_complain(reader, node, "'%s' is not %s; did you mean '%s'?", text, what, nearest);
    else
        pd_reader_complain(reader, node, "'%s' is not %s; there are: %s", text, what, all);
    return NULL;
}

gboolean pd_read_flag(PdReader *reader, const PdYamlNode *node, gboolean *value)
{
    if (pd_yaml_boolean(node, value))
        return TRUE;
    pd_reader_complain(reader, node, "true or false is expected here");
    return FALSE;
}

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

char *pd_read_set_file(PdReader *reader, const PdYamlNode *node, const char *name, gsize *length)
{
    g_autofree char *path = g_build_filename(reader->set->folder, name, NULL);
    char *bytes = NULL;

    g_autoptr(PdStatus) status = pd_file_read(path, PD_LIMIT_CONFIG_BYTES, &bytes, length);
    if (status != NULL) {
        if (node != NULL)
            pd_reader_complain(reader, node, "%s", pd_status_text(status));
        else
            pd_diagnostics_add(reader->list, PD_ERROR, path, 0, 0, "%s", pd_status_text(status));
        return NULL;
    }
    /* The name ends with its NUL and the length precedes the bytes: no two sets of files
     * give the same stream. */
    guint64 size = GUINT64_TO_LE((guint64)*length);
    pd_hash_add(reader->hash, name, strlen(name) + 1);
    pd_hash_add(reader->hash, &size, sizeof size);
    pd_hash_add(reader->hash, bytes, *length);
    return bytes;
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
