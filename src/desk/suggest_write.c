/* suggest_write.c: the proposals as a rule file, which a person reads before it goes in. */
#include "desk/suggest_private.h"

#include "postdesk/yaml.h"
#include <string.h>

static void append_pattern(GString *out, const char *key, const char *before, const char *text,
                           const char *behind)
{
    g_autofree char *escaped = g_regex_escape_string(text, -1);
    g_autofree char *pattern = g_strconcat(before, escaped, behind, NULL);

    g_string_append_printf(out, "%s: ", key);
    pd_yaml_quote(out, pattern);
}

/* "\b" where a letter or digit of a word could go on; Chinese has no such ends. */
static void append_word(GString *out, const char *key, const char *text)
{
    gboolean begins = (guchar)text[0] < 0x80, ends = (guchar)text[strlen(text) - 1] < 0x80;

    append_pattern(out, key, begins ? "\\b" : "", text, ends ? "\\b" : "");
}

static void append_header(GString *out, const char *text)
{
    const char *space = strchr(text, ' ');
    g_autofree char *name = g_strndup(text, (gsize)(space - text));

    g_string_append(out, "header: {");
    append_pattern(out, name, "^", space + 1, "");
    g_string_append_c(out, '}');
}

static void append_plain(GString *out, const char *key, const char *text)
{
    g_string_append_printf(out, "%s: ", key);
    pd_yaml_quote(out, text);
}

static void append_condition(GString *out, const char *word)
{
    const char *text = word + 1;

    switch (*word) {
    case PD_WORD_TEXT:
        append_word(out, "text", text);
        break;
    case PD_WORD_SUBJECT:
        append_word(out, "subject", text);
        break;
    case PD_WORD_PREFIX:
        append_pattern(out, "subject", "^", text, "");
        break;
    case PD_WORD_FROM:
        append_pattern(out, "from", "^", text, "$");
        break;
    case PD_WORD_TO:
        append_pattern(out, "to", "^", text, "$");
        break;
    case PD_WORD_DOMAIN:
        append_plain(out, "domain", text);
        break;
    case PD_WORD_DEPARTMENT:
        append_plain(out, "department", text);
        break;
    case PD_WORD_MAILER:
        append_header(out, text);
        break;
    default:
        append_pattern(out, "attachment", "\\.", text, "$");
    }
}

char *pd_suggest_condition(const char *word)
{
    GString *out = g_string_new(NULL);

    append_condition(out, word);
    return g_string_free(out, FALSE);
}

/* A list under "all", for two words may be asked of the same text. */
static void append_when(GString *out, const GPtrArray *words)
{
    g_string_append(out, words->len > 1 ? "    when:\n      all:\n" : "    when: {");
    for (guint i = 0; i < words->len; i++) {
        g_string_append(out, words->len > 1 ? "        - {" : "");
        append_condition(out, g_ptr_array_index(words, i));
        g_string_append(out, "}\n");
    }
}

static guint percent(guint part, guint all)
{
    return all > 0 ? 100 * part / all : 0;
}

static void append_worth(GString *text, const char *field, const PdWorth *worth)
{
    g_string_append_printf(text, "%s%s %s: precision %u%% (%u of %u), recall %u%% (%u of %u)",
                           text->len > 0 ? "; " : "", field, worth->value,
                           percent(worth->mended, worth->mended + worth->spoiled), worth->mended,
                           worth->mended + worth->spoiled,
                           percent(worth->mended, worth->corrections), worth->mended,
                           worth->corrections);
}

static void append_description(GString *out, const PdSuggestion *suggestion)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < PD_SUGGEST_FIELDS; i++) {
        if (suggestion->worth[i].value != NULL)
            append_worth(text, pd_suggest_fields[i], &suggestion->worth[i]);
    }
    g_string_append(out, "    description: ");
    pd_yaml_quote(out, text->str);
    g_string_append_c(out, '\n');
}

static void append_then(GString *out, const PdSuggestion *suggestion)
{
    const char *gap = "    then: {";

    for (guint i = 0; i < PD_SUGGEST_FIELDS; i++) {
        if (suggestion->worth[i].value == NULL)
            continue;
        g_string_append(out, gap);
        append_plain(out, pd_suggest_fields[i], suggestion->worth[i].value);
        gap = ", ";
    }
    g_string_append(out, "}\n");
}

static void append_rule(GString *out, const PdSuggestion *suggestion)
{
    g_string_append_printf(out, "  - id: %s\n", suggestion->id);
    append_description(out, suggestion);
    append_when(out, suggestion->words);
    append_then(out, suggestion);
    if (suggestion->tests->len > 0)
        g_string_append(out, "    tests:\n");
    for (guint i = 0; i < suggestion->tests->len; i++)
        g_string_append(out, g_ptr_array_index(suggestion->tests, i));
}

static void append_head(GString *out, const char *file, const char *before)
{
    g_string_append(out,
                    "# Proposed by \"postdesk rules suggest\" from what people corrected. "
                    "Read it before it goes in:\n"
                    "# the tests hold words of real mails, the figures are of mail of the past, "
                    "and what else\n"
                    "# changes with them is shown by \"postdesk rules replay\".\n");
    g_string_append_printf(out, "# The first rule that sets a field wins: put this into rules/%s",
                           file);
    if (before != NULL)
        g_string_append_printf(out, ",\n# which comes before %s", before);
    g_string_append(out, ".\n");
}

char *pd_suggest_rule_file(const GPtrArray *suggestions, const char *file, const char *before)
{
    GString *out = g_string_new(NULL);
    guint count = 0;

    append_head(out, file, before);
    g_string_append(out, "rules:");
    for (guint i = 0; i < suggestions->len; i++) {
        const PdSuggestion *suggestion = g_ptr_array_index(suggestions, i);
        if (suggestion->refused != NULL)
            continue;
        g_string_append(out, count++ == 0 ? "\n" : "");
        append_rule(out, suggestion);
    }
    g_string_append(out, count == 0 ? " []\n" : "");
    return g_string_free(out, FALSE);
}

char *pd_suggest_tag_file(const GPtrArray *suggestions, gboolean fold_chinese)
{
    GString *out = g_string_new(fold_chinese ? "fold_chinese: true\n" : NULL);

    g_string_append(out, "rules:\n");
    for (guint i = 0; i < suggestions->len; i++) {
        const PdSuggestion *suggestion = g_ptr_array_index(suggestions, i);
        g_string_append_printf(out, "  - id: %s%u\n", PD_SUGGEST_TAG, i);
        append_when(out, suggestion->words);
        g_string_append_printf(out, "    then: {tags: [%s%u]}\n", PD_SUGGEST_TAG, i);
    }
    return g_string_free(out, FALSE);
}
