/* dear.c: see dear.h.
 *
 * What is dear is measured and not read off the pattern. A text that makes it so begins as a
 * match would, goes on with something repeated that the pattern likes, and ends as no match
 * does. So the texts are made of the pattern's own characters and literals beside some that
 * are in everyone's classes. At the end each character stands once more, alone: PCRE2 gives up
 * early where one that a match needs is nowhere.
 */
#include "rules/dear.h"

#include <string.h>

#define PROBE_LENGTH 2000
#define MOST_CHARS 16
#define MOST_STARTS 4
#define SHOWN 24 /* bytes of the text that are told */

static void add_char(GPtrArray *units, const char *at)
{
    char text[8] = "";

    memcpy(text, at, (gsize)(g_utf8_next_char(at) - at));
    if (!g_ptr_array_find_with_equal_func(units, text, g_str_equal, NULL))
        g_ptr_array_add(units, g_strdup(text));
}

/* A character that may stand for itself; of signs that have a meaning those are that are escaped.
 */
static gboolean is_char(const char *source, gboolean escaped)
{
    return g_unichar_isgraph(g_utf8_get_char(source)) &&
           (escaped ? !g_ascii_isalnum(*source) : strchr("()[]{}?*+|\\^$", *source) == NULL);
}

/* What is repeated. Brackets: a pattern that recurses does it with them. */
static GPtrArray *units_of(const PdPattern *pattern)
{
    static const char *const common[] = {"a",  "0",  " ",     "a ", "a1", "ab", "a.",
                                         "中", "\n", "中文 ", "=-", "(",  "[",  "{"};
    const char *source = pd_pattern_shown(pattern);
    GPtrArray *units = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < G_N_ELEMENTS(common); i++)
        g_ptr_array_add(units, g_strdup(common[i]));
    for (gboolean escaped = FALSE;
         *source != '\0' && units->len < G_N_ELEMENTS(common) + MOST_CHARS;
         source = g_utf8_next_char(source)) {
        if (is_char(source, escaped))
            add_char(units, source);
        escaped = !escaped && *source == '\\';
    }
    return units;
}

/* What the text begins with: nothing, or a literal of the pattern. */
static GPtrArray *starts_of(const PdPattern *pattern)
{
    const GPtrArray *sets = pd_pattern_literals(pattern);
    GPtrArray *starts = g_ptr_array_new();

    g_ptr_array_add(starts, (gpointer) "");
    for (guint i = 0; i < sets->len && starts->len < MOST_STARTS; i++) {
        const PdLiteral *literal = g_ptr_array_index((GPtrArray *)g_ptr_array_index(sets, i), 0);
        g_ptr_array_add(starts, literal->text);
    }
    return starts;
}

/* What the text ends with. */
static char *end_of(const GPtrArray *units)
{
    GString *end = g_string_new("\t!");

    for (guint i = 0; i < units->len; i++) {
        g_string_append_c(end, '\n');
        g_string_append(end, g_ptr_array_index(units, i));
    }
    return g_string_free(end, FALSE);
}

/* Units until the text is long enough, by doubling what there is of them: many texts are made. */
static void append_repeated(GString *text, const char *unit)
{
    gsize size = strlen(unit), begin = text->len, length;

    if (begin >= PROBE_LENGTH)
        return;
    length = (PROBE_LENGTH - begin + size - 1) / size * size;
    g_string_append_len(text, unit, (gssize)size);
    g_string_set_size(text, begin + length);
    for (gsize done = size; done < length; done += MIN(done, length - done))
        memcpy(text->str + begin + done, text->str + begin, MIN(done, length - done));
}

static gboolean is_dear_on(PdMatcher *matcher, const PdPattern *pattern, const GString *text)
{
    PdMatch match;

    return pd_pattern_match(pattern, matcher, text->str, text->len, &match) == PD_UNKNOWN;
}

char *pd_dear_text(PdMatcher *matcher, const PdPattern *pattern)
{
    g_autoptr(GPtrArray) units = units_of(pattern), starts = starts_of(pattern);
    g_autofree char *tail = end_of(units);
    g_autoptr(GString) probe = g_string_sized_new(PROBE_LENGTH + 200);

    for (guint i = 0; i < starts->len * units->len; i++) {
        g_string_assign(probe, g_ptr_array_index(starts, i / units->len));
        append_repeated(probe, g_ptr_array_index(units, i % units->len));
        g_string_append(probe, tail);
        if (is_dear_on(matcher, pattern, probe)) {
            const char *end = g_utf8_find_prev_char(probe->str, probe->str + SHOWN);
            return g_strdup_printf("%.*s...", (int)(end - probe->str), probe->str);
        }
    }
    return NULL;
}
