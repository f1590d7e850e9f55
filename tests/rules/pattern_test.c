/* pattern_test.c: text in NFKC, patterns and what they need. */
#include "rules/normal.h"
#include "rules/pattern.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

static void expect_normal(const char *text)
{
    g_autoptr(GString) fast = g_string_new(NULL);
    g_autofree char *general = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);

    pd_normal_append(fast, text);
    ck_assert_msg(strcmp(fast->str, general) == 0, "'%s' became '%s', not '%s'", text, fast->str,
                  general);
}

START_TEST(every_character_is_normalised_as_the_standard_says)
{
    for (gunichar c = 1; c < 0x30000; c++) {
        char text[32];
        if (!g_unichar_validate(c))
            continue;
        char *end = text;
        *end++ = 'e';
        end += g_unichar_to_utf8(c, end);
        end += g_unichar_to_utf8(0x301, end); /* combines with many */
        end += g_unichar_to_utf8(0x7f51, end);
        end += g_unichar_to_utf8(c, end);
        *end = '\0';
        expect_normal(text);
    }
}
END_TEST

static gunichar random_char(GRand *random)
{
    static const gunichar some[] = {'a',    'E',    ' ',    0x300,  0x301,  0x7f51, 0xff21,
                                    0x3000, 0xff76, 0xff9e, 0x304b, 0x3099, 0x1100, 0x1161,
                                    0x11a8, 0xac00, 0xfb01, 0x2026, 0xff0c, 0x212b, 0x338f};

    return some[g_rand_int_range(random, 0, G_N_ELEMENTS(some))];
}

START_TEST(whatever_stands_beside_what_it_is_normalised)
{
    GRand *random = g_rand_new_with_seed(7);

    for (guint i = 0; i < 20000; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (gint j = g_rand_int_range(random, 1, 8); j > 0; j--)
            g_string_append_unichar(text, random_char(random));
        expect_normal(text->str);
    }
    g_rand_free(random);
}
END_TEST

START_TEST(invalid_bytes_do_no_harm)
{
    g_autoptr(GString) text = g_string_new(NULL);

    pd_normal_append(text, "a\xff\xe7\xbd");
    ck_assert(g_utf8_validate(text->str, -1, NULL));
    pd_normal_append(text, NULL);
    ck_assert_int_eq(text->str[0], 'a');
}
END_TEST

static PdAnswer matches(const char *source, const char *text)
{
    g_autofree char *error = NULL;
    gsize at;
    PdMatch match;
    g_autoptr(GString) normal = g_string_new(NULL);
    PdPattern *pattern = pd_pattern_new(source, source, &error, &at);
    PdMatcher *matcher = pd_matcher_new();

    ck_assert_msg(pattern != NULL, "%s: %s", source, error);
    pd_normal_append(normal, text);
    PdAnswer answer = pd_pattern_match(pattern, matcher, normal->str, normal->len, &match);
    pd_pattern_free(pattern);
    pd_matcher_free(matcher);
    return answer;
}

static const struct {
    const char *pattern, *text;
    PdAnswer answer;
} matching[] = {
    {"vpn", "My VPN is down", PD_YES},
    {"VPN", "ｖｐｎ", PD_YES},
    {"ＶＰＮ", "vpn", PD_YES},
    {"（急）", "(急)打印机", PD_YES},
    {"[（(]急[)）]", "（急）", PD_YES},
    {"等等…", "等等...", PD_YES},
    {"等等…{2}$", "等等......", PD_YES},
    {"\\bvpn\\b", "我的VPN连不上", PD_YES},
    {"\\bvpn\\b", "openvpn", PD_NO},
    {"\\b(?:vpn|ip)\\b", "改ip地址", PD_YES},
    {"\\b(?:vpn|ip)\\b", "ship it", PD_NO},
    {"\\b[a-z]+\\b", "网abc网", PD_YES},
    {"\\bs?-", "a-", PD_YES},
    {"\\b(?:a|s)?-", "x-", PD_YES},
    {"x\\b", "x网", PD_YES},
    {"x\\b", "xy", PD_NO},
    {"\\Q网\\E\\b", "网a", PD_YES},
    {"\\Qx\\E\\b", "xy", PD_NO},
    {"[\\b]", "b", PD_NO},
    {"\\Q\\b\\E", "\\b", PD_YES},
    {"^b$", "a\nb\nc", PD_YES},
    {"a.b", "a\nb", PD_NO},
    {"\\d+台", "１２台", PD_YES},
    {"Straße", "STRASSE", PD_NO},
    {"Ä", "ä", PD_YES},
    {"K", "\xe2\x84\xaa", PD_YES}, /* the Kelvin sign is a K in NFKC */
    {"(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", PD_UNKNOWN},
};

START_TEST(patterns_match_what_people_mean)
{
    ck_assert_msg(matches(matching[_i].pattern, matching[_i].text) == matching[_i].answer,
                  "%s on %s", matching[_i].pattern, matching[_i].text);
}
END_TEST

static const struct {
    const char *pattern;
    const char *literals; /* of the first set, then of the others */
} needs[] = {
    {"vpn", "vpn"},
    {"VPN|Tunnel", "vpn tunnel"},
    {"(忘记|重置)密码", "忘记密码 重置密码"},
    {"(?:ord|inv)-[0-9]", "ord- inv-"},
    {"x(?:ab|c(?:d|e)f)y?z", "xabyz xcdfyz xcefyz xabz xcdfz xcefz"},
    {"(?:ab|cd)?efg", "abefg cdefg efg"},
    {"(?:ab|c(?=d))efg", "efg"},
    {"abcd+efgh", "abcd & efgh"},
    {"abc?d", "abcd abd"},
    {"abc*?", "ab"},
    {"(?:abc)?def", "abcdef def"},
    {"(?:abc){0,2}def", "def"},
    {"(?:abcd){2}ef", "abcd"},
    {"a{2}bcd", "bcd"},
    {"(?=abc)d", ""},
    {"(?<!abc)defg", "defg"},
    {"x|", ""},
    {"[abc]def", "def"},
    {"[]x]def[^]]", "def"},
    {"[[:alpha:]]def", "def"},
    {"[a[=b]x|y]zz", ""},
    {"\\Qa|b\\Ecd", "a|bcd"},
    {"\\p{Han}abc\\pLd", "abc"},
    {"a\\.b\\-c", "a.b-c"},
    {"\\x{6025}", ""},
    {"(abc)\\1", ""},
    {"(?i:ABC)", "abc"},
    {"(?x) a b c", ""},
    {"(?<name>abc)", "abc"},
    {"(?P<name>abc)", "abc"},
    {"(?#abc)d", ""},
    {"(*ANYCRLF)abc", ""},
    {"stra\xc3\x9f"
     "e",
     "stra"},
    {"é", ""},
    {"a", ""},
    {"ab{,3}", ""},
    {"ab{x}", ""},
    {"(?|(ab)|(cd))", "ab cd"},
    {".*", ""},
    {"\\Gabc", ""},
    {"^host=\\S+ down$", "host= &  down"},
};

static char *show_sets(const GPtrArray *sets)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < sets->len; i++) {
        const GPtrArray *set = g_ptr_array_index(sets, i);
        for (guint j = 0; j < set->len; j++)
            g_string_append_printf(text, "%s%s",
                                   j > 0   ? " "
                                   : i > 0 ? " & "
                                           : "",
                                   ((PdLiteral *)g_ptr_array_index(set, j))->text);
    }
    return g_string_free(text, FALSE);
}

START_TEST(literals_are_those_that_a_match_needs)
{
    gboolean plain;
    g_autoptr(GPtrArray) sets = pd_pattern_required(needs[_i].pattern, &plain);
    g_autofree char *shown = show_sets(sets);

    ck_assert_str_eq(shown, needs[_i].literals);
}
END_TEST

static const struct {
    const char *pattern;
    gsize least, most; /* of the first set's first literal */
} bounds[] = {
    {"abc", 0, 0},
    {"^abc", 0, 0},
    {"\\babc", 0, 0},
    {"x{2,3}abc", 2, 3},
    {"[xy]?abc", 0, 4},
    {".{1,5}\\dabc", 2, 24},
    {"密[^\n]abcde", 4, 7},
    {"(?:x|yy)(?<=y)(?!z)abc", 1, 2},
    {"(?:x|yy){2}abc", 2, 4},
    {"éabc", 1, 4},
    {"é{2}abc", 0, 12},
    {"\\Qx.\\Eabc", 0, 0},
    {"\\w+abc", 1, PD_ANYWHERE},
    {"x{3,}abc", 3, PD_ANYWHERE},
    {"(?:q|\\s*)abc", 0, PD_ANYWHERE},
};

START_TEST(it_is_known_how_far_a_literal_lies_behind_the_beginning)
{
    gboolean plain;
    g_autoptr(GPtrArray) sets = pd_pattern_required(bounds[_i].pattern, &plain);
    const GPtrArray *set = g_ptr_array_index(sets, 0);
    const PdLiteral *literal = g_ptr_array_index(set, 0);

    ck_assert_uint_eq(literal->least, bounds[_i].least);
    ck_assert_uint_eq(literal->most, bounds[_i].most);
}
END_TEST

static const struct {
    const char *pattern;
    gboolean plain;
} kinds[] = {
    {"vpn", TRUE},
    {"VPN|Tunnel", TRUE},
    {"(忘记|重置)密码", TRUE},
    {"\\bvpn\\b", TRUE},
    {"\\b(?:vpn|网络)\\b|tunnel", TRUE},
    {"\\b(?:a1|b2|c3|d4|e5|f6|g7|h8|i9|k1|l2|m3|n4|o5|p6|q7|r8|s9|t1|u2|v3|w4|x5|y6|z7)\\b", TRUE},
    {"colou?rs", TRUE},
    {"(?:ab|cd)??efg", TRUE},
    {"\\Qa|b\\Ecd", TRUE},
    {"vpn。", TRUE},
    {"\\Q网\\E\\b", TRUE},
    {"(?<![^\\W\\p{Han}])vpn(?![^\\W\\p{Han}])", TRUE},
    {"(?<![^\\W\\p{Han}])网络", FALSE},
    {"网络(?![^\\W\\p{Han}])", FALSE},
    {"\\Q网络\\E(?![^\\W\\p{Han}])", FALSE},
    {"vpn(?<![^\\W\\p{Han}])", FALSE},
    {"(?![^\\W\\p{Han}])vpn", FALSE},
    {"(?<n>vpn)", FALSE},
    {"(?-i:vpn)", FALSE},
    {"(?>vp|vpn)\\b", FALSE},
    {"(?:vp|vpn)?+n", FALSE},
    {"vpn?+n", FALSE},
    {"vpn+", FALSE},
    {"^vpn", FALSE},
    {"vpn$", FALSE},
    {"vpn(?=s)", FALSE},
    {"(?<!s)vpn", FALSE},
    {"vpn\\d", FALSE},
    {"vpn[s]", FALSE},
    {"vpn\\bxy", FALSE},
    {"vpn|", FALSE},
    {"vpn|x", FALSE},
    {"(?:vpn|\\d)", FALSE},
    {"(?:vpn|\\bxy){1}", FALSE},
    {"(?:vpn|\\bxy)z", FALSE},
    {"vpné", FALSE},
    {"\\b-vpn", FALSE},
    {"vpn。\\b", FALSE},
    {"(?:vpn|カナ)\\b", FALSE},
};

START_TEST(a_pattern_of_no_more_than_words_is_known)
{
    g_autofree char *error = NULL;
    gsize at;
    PdPattern *pattern = pd_pattern_new(kinds[_i].pattern, "x", &error, &at);

    ck_assert_msg(pattern != NULL, "%s: %s", kinds[_i].pattern, error);
    ck_assert_msg(pd_pattern_is_plain(pattern) == kinds[_i].plain, "%s", kinds[_i].pattern);
    pd_pattern_free(pattern);
}
END_TEST

static const struct {
    const char *pattern;
    gsize at;
} wrong[] = {{"ab(c", 5},      {"密码(", 4},       {"a[b", 4},
             {"a{2}{3}+*", 8}, {"(?<n>a)(?<", 11}, {"*a", 2}};

START_TEST(a_wrong_pattern_is_told_with_its_place)
{
    g_autofree char *error = NULL;
    gsize at = 0;

    ck_assert_ptr_null(pd_pattern_new(wrong[_i].pattern, "", &error, &at));
    ck_assert_ptr_nonnull(error);
    ck_assert_uint_ge(at + 1, wrong[_i].at);
    ck_assert_uint_le(at, wrong[_i].at + 1);
}
END_TEST

static PdAnswer match_later(const char *source, const char *text)
{
    PdPattern *pattern = pd_pattern_new_later(source, "");
    PdMatcher *matcher = pd_matcher_new();
    PdMatch match;
    PdAnswer answer = pd_pattern_match(pattern, matcher, text, strlen(text), &match);

    pd_matcher_free(matcher);
    pd_pattern_free(pattern);
    return answer;
}

START_TEST(a_pattern_compiled_late_matches_as_others_do)
{
    ck_assert_int_eq(match_later("密码|vpn", "the VPN"), PD_YES);
    ck_assert_int_eq(match_later("密码|vpn", "nothing"), PD_NO);
    ck_assert_int_eq(match_later("ab(c", "abc"), PD_UNKNOWN); /* never by chance a no */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("patterns");
    TCase *tests = tcase_create("patterns");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, every_character_is_normalised_as_the_standard_says);
    tcase_add_test(tests, whatever_stands_beside_what_it_is_normalised);
    tcase_add_test(tests, invalid_bytes_do_no_harm);
    tcase_add_loop_test(tests, patterns_match_what_people_mean, 0, G_N_ELEMENTS(matching));
    tcase_add_loop_test(tests, literals_are_those_that_a_match_needs, 0, G_N_ELEMENTS(needs));
    tcase_add_loop_test(tests, it_is_known_how_far_a_literal_lies_behind_the_beginning, 0,
                        G_N_ELEMENTS(bounds));
    tcase_add_loop_test(tests, a_pattern_of_no_more_than_words_is_known, 0, G_N_ELEMENTS(kinds));
    tcase_add_loop_test(tests, a_wrong_pattern_is_told_with_its_place, 0, G_N_ELEMENTS(wrong));
    tcase_add_test(tests, a_pattern_compiled_late_matches_as_others_do);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
