/* random.c: see random.h. */
#include "random.h"

char *pd_random_pattern(GRand *random, guint depth)
{
    static const char *const atoms[] = {
        "ab",          "B",           "密码",         "c?",       "网+",         "[ab]c",
        "\\bab",       "a\\b",        "d.e",          "急*",      "\\w",         "(?!ab)",
        "^",           "e{0,2}f",     "\\Qa.b\\E",    "é",        "(?i)",        "\\.",
        "x{2,}",       "[^ab]",       "ＡＢ",         ".{0,3}",   "\\W?",        "(?<=b)",
        "[急c]{1,2}?", "ab\\d",       "[0-9]{2}",     "ab[b-dX]", "密码[码\\d]", "\\s",
        "xx\\w{2}",    "(?<n>[ab1])", "ab(?:1|\\d2)", "\\b",      "\\bab\\b",    "b?",
        "(?:ab|c)?",   "_",           "\\b?"};
    GString *text = g_string_new(NULL);

    for (gint i = g_rand_int_range(random, 1, 4); i > 0; i--) {
        if (depth > 0 && g_rand_int_range(random, 0, 3) == 0) {
            g_autofree char *one = pd_random_pattern(random, depth - 1);
            g_autofree char *other = pd_random_pattern(random, depth - 1);
            static const char *const ends[] = {")", ")?", ")+", "){0,1}", ")*"};
            g_string_append_printf(text, "(?:%s|%s%s", one, other,
                                   ends[g_rand_int_range(random, 0, G_N_ELEMENTS(ends))]);
        } else {
            g_string_append(text, atoms[g_rand_int_range(random, 0, G_N_ELEMENTS(atoms))]);
        }
    }
    return g_string_free(text, FALSE);
}

char *pd_random_text(GRand *random)
{
    static const char *const pieces[] = {
        "ab", "AB",  "b", "密码", "网", "c",  "C", "d", "e",  "急", "é",      "É",   "\n", " ",
        ".",  "a.b", "x", "xx",   "f",  "忘", "1", "2", "12", "٣",  "\u00a0", "ab1", "_",  "-"};
    GString *text = g_string_new(NULL);

    for (gint i = g_rand_int_range(random, 0, 12); i > 0; i--)
        g_string_append(text, pieces[g_rand_int_range(random, 0, G_N_ELEMENTS(pieces))]);
    return g_string_free(text, FALSE);
}
