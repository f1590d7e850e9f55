/* wordlist.c: words/NAME.txt, one word a line.
 *
 * "#" begins a comment at a line's start or behind white space. A line between slashes is a
 * pattern. Every other line is the word as it stands; where it begins or ends with a letter
 * or digit, the text's word must begin or end there too ("ip" is not in "ship").
 */
#include "rules/reader.h"

#include "postdesk/text.h"
#include <string.h>

#define PREFIX "@words/"

gboolean pd_is_word_list(const char *text)
{
    return g_str_has_prefix(text, PREFIX);
}

static void word_free(gpointer data)
{
    PdWord *word = data;

    g_free(word->text);
    g_free(word);
}

void pd_cut_comment(char *line)
{
    for (char *hash = strchr(line, '#'); hash != NULL; hash = strchr(hash + 1, '#')) {
        if (hash == line || g_ascii_isspace(hash[-1])) {
            *hash = '\0';
            return;
        }
    }
}

static void add_pattern(PdReader *reader, const char *file, guint number, PdWord *word)
{
    g_autofree char *error = NULL;
    gsize length = strlen(word->text), at;

    word->is_pattern = TRUE;
    memmove(word->text, word->text + 1, length - 2);
    word->text[length - 2] = '\0';
    PdPattern *pattern = pd_pattern_new(word->text, word->text, &error, &at);
    if (pattern == NULL)
        pd_diagnostics_add(reader->list, PD_ERROR, file, number, 0,
                           "pattern '%s', character %zu: %s", word->text, at, error);
    pd_pattern_free(pattern);
}

static GPtrArray *read_lines(PdReader *reader, const char *file, const char *bytes)
{
    GPtrArray *words = g_ptr_array_new_with_free_func(word_free);
    g_auto(GStrv) lines = g_strsplit(bytes, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        pd_cut_comment(lines[i]);
        g_strstrip(lines[i]);
        gsize length = strlen(lines[i]);
        if (length == 0)
            continue;
        PdWord *word = g_new0(PdWord, 1);
        word->text = g_strdup(lines[i]);
        g_ptr_array_add(words, word);
        if (length > 2 && lines[i][0] == '/' && lines[i][length - 1] == '/')
            add_pattern(reader, file, i + 1, word);
    }
    return words;
}

gboolean pd_is_safe_list_name(const char *name)
{
    return g_str_has_suffix(name, ".txt") && strstr(name, "..") == NULL && name[0] != '/' &&
           pd_text_is_one_line(name);
}

const GPtrArray *pd_read_word_list(PdReader *reader, const PdYamlNode *node, const char *text)
{
    const char *name = text + strlen(PREFIX);
    GPtrArray *words = g_hash_table_lookup(reader->word_lists, text);
    gsize length;

    if (words != NULL)
        return words;
    if (!pd_is_safe_list_name(name)) {
        pd_reader_complain(reader, node, "'%s' names no word list; it should be %sNAME.txt", text,
                           PREFIX);
        return NULL;
    }
    g_autofree char *bytes = pd_read_set_file(reader, node, text + 1, &length);
    if (bytes == NULL)
        return NULL;
    if (strlen(bytes) != length || !g_utf8_validate(bytes, -1, NULL)) {
        pd_reader_complain(reader, node, "%s is not UTF-8 text", text + 1);
        return NULL;
    }
    g_autofree char *file = g_build_filename(reader->set->folder, text + 1, NULL);
    words = read_lines(reader, file, bytes);
    if (words->len == 0) {
        pd_diagnostics_add(reader->list, PD_ERROR, file, 0, 0, "there is no word in it");
        g_ptr_array_unref(words);
        return NULL;
    }
    g_hash_table_insert(reader->word_lists, g_strdup(text), words);
    return words;
}

char *pd_word_list_pattern(const GPtrArray *words)
{
    GString *pattern = g_string_new(NULL);

    for (guint i = 0; i < words->len; i++) {
        const PdWord *word = g_ptr_array_index(words, i);
        g_string_append(pattern, i > 0 ? "|" : "");
        if (word->is_pattern) {
            g_string_append_printf(pattern, "(?:%s)", word->text);
            continue;
        }
        g_autofree char *escaped = pd_pattern_escape(word->text);
        gboolean begins = g_ascii_isalnum(word->text[0]);
        gboolean ends = g_ascii_isalnum(word->text[strlen(word->text) - 1]);
        g_string_append_printf(pattern, "%s%s%s", begins ? "\\b" : "", escaped, ends ? "\\b" : "");
    }
    return g_string_free(pattern, FALSE);
}
