/* search_words.c: see search_words.h. Pure. */
#include "search_words.h"

#include <string.h>

#define MOST_WORDS 16

static gboolean is_ideographic(gunichar c)
{
    GUnicodeScript script = c >= 0x1100 ? g_unichar_get_script(c) : G_UNICODE_SCRIPT_LATIN;

    return script == G_UNICODE_SCRIPT_HAN || script == G_UNICODE_SCRIPT_HIRAGANA ||
           script == G_UNICODE_SCRIPT_KATAKANA || script == G_UNICODE_SCRIPT_HANGUL;
}

/* Normalization leaves it as it is, but for punctuation, which parts words in any form. */
static gboolean is_settled(gunichar c)
{
    return c < 0x80 || (c >= 0x4e00 && c < 0xa000) || (c >= 0x2010 && c <= 0x201f) ||
           (c >= 0x3001 && c <= 0x3011) || c == 0xff01 || c == 0xff08 || c == 0xff09 ||
           c == 0xff0c || c == 0xff1a || c == 0xff1b || c == 0xff1f;
}

static gboolean is_all_settled(const char *text, const char *end)
{
    while (text < end && is_settled(g_utf8_get_char(text)))
        text = g_utf8_next_char(text);
    return text == end;
}

/* Wide forms become plain ones: ＶＰＮ is VPN. Invalid text gives "". */
static char *normal(const char *text, gsize bytes)
{
    const char *end;

    g_utf8_validate(text, (gssize)strnlen(text, bytes), &end);
    if (is_all_settled(text, end)) /* most text; normalizing costs a hundred times as much */
        return g_strndup(text, (gsize)(end - text));
    char *composed = g_utf8_normalize(text, end - text, G_NORMALIZE_ALL_COMPOSE);
    return composed != NULL ? composed : g_strdup("");
}

/* A run of ideographs; with_last: its last character alone, too, as the index holds it. */
static const char *add_pairs(const char *run, gboolean with_last, GString *out)
{
    const char *next = g_utf8_next_char(run);
    gboolean is_single = !is_ideographic(g_utf8_get_char(next));

    while (is_ideographic(g_utf8_get_char(next))) {
        const char *after = g_utf8_next_char(next);
        g_string_append_len(out, run, after - run);
        g_string_append_c(out, ' ');
        run = next;
        next = after;
    }
    if (with_last || is_single) {
        g_string_append_len(out, run, next - run);
        g_string_append_c(out, ' ');
    }
    return next;
}

static gboolean holds_letters(const char *word)
{
    for (; *word != '\0'; word = g_utf8_next_char(word)) {
        if (g_unichar_isalnum(g_utf8_get_char(word)))
            return TRUE;
    }
    return FALSE;
}

static const char *end_of_run(const char *text)
{
    while (is_ideographic(g_utf8_get_char(text)))
        text = g_utf8_next_char(text);
    return text;
}

/* Of a query the run at the end of a word may go on in the text; one before "-2026.pdf" ends there,
 * and what follows it comes behind its last character alone. */
static void add_terms(const char *text, gboolean is_query, GString *out)
{
    while (*text != '\0') {
        gunichar c = g_utf8_get_char(text);
        const char *next = g_utf8_next_char(text);
        if (is_ideographic(c)) {
            g_string_append_c(out, ' ');
            text = add_pairs(text, !is_query || holds_letters(end_of_run(text)), out);
            continue;
        }
        g_string_append_len(out, text, next - text);
        text = next;
    }
}

char *pd_search_terms(const char *text, gsize bytes)
{
    g_autofree char *plain = normal(text != NULL ? text : "", bytes);
    GString *out = g_string_sized_new(strlen(plain) * 2);

    add_terms(plain, FALSE, out);
    return g_string_free(out, FALSE);
}

char *pd_search_characters(const char *text, gsize bytes)
{
    g_autofree char *plain = normal(text != NULL ? text : "", bytes);
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    GString *out = g_string_new(NULL);

    for (const char *at = plain; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (!is_ideographic(c) || !g_hash_table_add(seen, GUINT_TO_POINTER(c)))
            continue;
        g_string_append_unichar(out, c);
        g_string_append_c(out, ' ');
    }
    return g_string_free(out, FALSE);
}

char **pd_search_words(const char *query)
{
    g_autofree char *plain = normal(query, 4096);
    GPtrArray *words = g_ptr_array_new();
    char *at = plain;

    while (*at != '\0' && words->len < MOST_WORDS) {
        gboolean is_quoted = *at == '"';
        at += is_quoted ? 1 : 0;
        gsize length = is_quoted ? strcspn(at, "\"") : strcspn(at, " \t\n\r\"");
        g_autofree char *word = g_strndup(at, length);
        at += length;
        if (*at != '\0' && (is_quoted || *at != '"'))
            at++;
        if (holds_letters(word))
            g_ptr_array_add(words, g_steal_pointer(&word));
    }
    g_ptr_array_add(words, NULL);
    return (char **)g_ptr_array_free(words, FALSE);
}

/* One ideograph is the beginning of a pair, or stands alone at the end. */
static gboolean is_single_ideograph(const char *word)
{
    return is_ideographic(g_utf8_get_char(word)) && *g_utf8_next_char(word) == '\0';
}

char *pd_search_expression(char *const *words, gboolean alone)
{
    g_autoptr(GString) out = g_string_new(NULL);

    for (char *const *word = words; *word != NULL; word++) {
        g_autoptr(GString) terms = g_string_new(NULL);
        add_terms(*word, TRUE, terms);
        g_strdelimit(terms->str, "\"", ' ');
        g_string_append_printf(out, "%s\"%s\"%s", out->len > 0 ? " AND " : "",
                               g_strstrip(terms->str),
                               is_single_ideograph(*word) && !alone ? " *" : "");
    }
    return out->len > 0 ? g_string_free(g_steal_pointer(&out), FALSE) : NULL;
}

/* How many bytes of the text are this word, letter case aside; 0 if it does not begin with it. */
static gsize begins_with(const char *text, const char *word)
{
    const char *at = text;

    for (; *word != '\0'; word = g_utf8_next_char(word), at = g_utf8_next_char(at)) {
        if (*at == '\0' ||
            g_unichar_tolower(g_utf8_get_char(at)) != g_unichar_tolower(g_utf8_get_char(word)))
            return 0;
    }
    return (gsize)(at - text);
}

gboolean pd_search_find(const char *text, char *const *words, gsize *at, gsize *length)
{
    for (const char *c = text; *c != '\0'; c = g_utf8_next_char(c)) {
        for (char *const *word = words; *word != NULL; word++) {
            *length = begins_with(c, *word);
            *at = (gsize)(c - text);
            if (*length > 0)
                return TRUE;
        }
    }
    return FALSE;
}
