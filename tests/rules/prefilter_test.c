/* prefilter_test.c: what is not tried cannot match: literals, and what must stand behind them. */
#include "random.h"
#include "rules/pattern.h"
#include "rules/prefilter.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

/* What the prefilter says of one pattern: one of each set is there. */
static gboolean may_match(const PdPattern *pattern, const char *text)
{
    const GPtrArray *sets = pd_pattern_literals(pattern);
    PdPrefilter *filter = pd_prefilter_new();
    guint8 found[PD_LITERAL_SETS] = {FALSE};
    gboolean all = TRUE;

    for (guint i = 0; i < sets->len; i++) {
        const GPtrArray *set = g_ptr_array_index(sets, i);
        for (guint j = 0; j < set->len; j++) {
            const PdLiteral *literal = g_ptr_array_index(set, j);
            guint number = pd_prefilter_add(filter, literal->text, pd_literal_edges(literal));
            pd_prefilter_own(filter, number, literal->tail, i);
        }
    }
    pd_prefilter_finish(filter);
    PdLiteralHits *hits = pd_literal_hits_new(filter);
    pd_prefilter_scan(filter, text, strlen(text), found, hits);
    for (guint i = 0; i < sets->len; i++)
        all &= found[i];
    pd_literal_hits_free(hits);
    pd_prefilter_free(filter);
    return all;
}

static gboolean is_word(char c)
{
    return g_ascii_isalnum(c) || c == '_';
}

/* Its edges, where they are of a word, are where a word begins or ends. */
static gboolean has_edges(const PdLiteral *literal, const char *text, gsize at)
{
    gsize end = at + strlen(literal->text);
    PdEdges edges = pd_literal_edges(literal);

    if ((edges & PD_STARTS_WORD) && at > 0 && is_word(text[at]) && is_word(text[at - 1]))
        return FALSE;
    return !(edges & PD_ENDS_WORD) || !is_word(text[end - 1]) || !is_word(text[end]);
}

/* One of the set's literals stands as far behind the match's beginning as was said. */
static gboolean has_near(const GPtrArray *set, const char *text, gsize start)
{
    g_autofree char *folded = g_ascii_strdown(text, -1);

    for (guint i = 0; i < set->len; i++) {
        const PdLiteral *literal = g_ptr_array_index(set, i);
        for (const char *at = strstr(folded, literal->text); at != NULL;
             at = strstr(at + 1, literal->text)) {
            gsize place = (gsize)(at - folded);
            if (place >= start + literal->least && place - start <= literal->most &&
                has_edges(literal, text, place))
                return TRUE;
        }
    }
    return FALSE;
}

static void expect_literals_near(const PdPattern *pattern, const char *source, const char *text,
                                 gsize start)
{
    const GPtrArray *sets = pd_pattern_literals(pattern);

    for (guint i = 0; i < sets->len; i++)
        ck_assert_msg(has_near(g_ptr_array_index(sets, i), text, start), "%s on '%s', set %u",
                      source, text, i);
}

START_TEST(the_prefilter_never_hides_a_match)
{
    GRand *random = g_rand_new_with_seed(11);
    PdMatcher *matcher = pd_matcher_new();
    guint hidden = 0, hits = 0;

    for (guint i = 0; i < 2500; i++) {
        g_autofree char *source = pd_random_pattern(random, 2);
        g_autofree char *error = NULL;
        gsize at;
        PdPattern *pattern = pd_pattern_new(source, source, &error, &at);
        ck_assert_msg(pattern != NULL, "%s: %s", source, error);
        for (guint j = 0; j < 20; j++) {
            g_autofree char *text = pd_random_text(random);
            PdMatch match;
            if (pd_pattern_match(pattern, matcher, text, strlen(text), &match) != PD_YES) {
                hidden += !may_match(pattern, text);
                continue;
            }
            hits++;
            ck_assert_msg(may_match(pattern, text), "%s on '%s'", source, text);
            expect_literals_near(pattern, source, text, match.start);
        }
        pd_pattern_free(pattern);
    }
    pd_matcher_free(matcher);
    g_rand_free(random);
    ck_assert_uint_gt(hits, 1000);
    ck_assert_uint_gt(hidden, 1000);
}
END_TEST

/* The literal's hits in order are the places where it stands, some perhaps twice. */
static void expect_hits(const PdLiteralHits *hits, guint number, const char *text,
                        const char *literal, guint8 found)
{
    guint next = pd_literal_hits_has(hits, number) ? hits->of[number].first : PD_NO_HIT;

    ck_assert_int_eq(found, next != PD_NO_HIT);
    for (const char *at = strstr(text, literal); at != NULL; at = strstr(at + 1, literal)) {
        ck_assert_uint_ne(next, PD_NO_HIT);
        while (next != PD_NO_HIT) {
            const PdLiteralHit *hit = &hits->hits[next];
            if (hit->at != (guint32)(at - text))
                break;
            next = hit->next;
        }
    }
    ck_assert_uint_eq(next, PD_NO_HIT);
}

START_TEST(literals_of_all_lengths_are_found)
{
    static const char *const literals[] = {
        "ab", "abc", "abcd", "abcde", "abcdef", "xabcdef", "密码", "密", "a very long literal"};
    PdPrefilter *filter = pd_prefilter_new();
    guint8 found[G_N_ELEMENTS(literals)];

    for (guint i = 0; i < G_N_ELEMENTS(literals); i++)
        pd_prefilter_own(filter, pd_prefilter_add(filter, literals[i], 0), NULL, i);
    pd_prefilter_finish(filter);
    PdLiteralHits *hits = pd_literal_hits_new(filter);
    for (guint i = 0; i < G_N_ELEMENTS(literals); i++) {
        g_autofree char *text = g_strdup_printf("--%s--%s", literals[i], literals[i]);
        memset(found, 0, sizeof found);
        pd_prefilter_scan(filter, text, strlen(text), found, hits);
        for (guint j = 0; j < G_N_ELEMENTS(literals); j++)
            expect_hits(hits, j, text, literals[j], found[j]);
    }
    memset(found, 0, sizeof found);
    pd_prefilter_scan(filter, "AB", 2, found, hits);
    ck_assert_int_eq(found[0], 1);
    pd_literal_hits_free(hits);
    pd_prefilter_free(filter);
}
END_TEST

static const struct {
    const char *pattern, *text;
    gboolean may;
} tails[] = {
    {"ord-[0-9]{4}7", "ORD-12347", TRUE},
    {"ord-[0-9]{4}7", "ORD-12348", FALSE},
    {"ord-[0-9]{4}7", "ORD-1234", FALSE},
    {"ord-[0-9]{4}7", "ORD-1 ORD-12347", TRUE},
    {"ord-[0-9]{2,}x", "ord-12y", TRUE}, /* of "{2,}" the first two places are known */
    {"ord-[0-9]{2,}x", "ord-1x", FALSE},
    {"ord-\\d", "ord-x", FALSE},
    {"ord-\\d", "ord-٣", TRUE},
    {"ord-\\d\\d", "ord-٣x", TRUE}, /* nothing is known behind a foreign character */
    {"ord-[a-f]", "ord-D", TRUE},
    {"ord-[a-f]", "ord-g", FALSE},
    {"ord-[^a-f]", "ord-a", TRUE},
    {"ord-[é1]", "ord-É", TRUE},
    {"ord-[\\]1-]", "ord--", TRUE},
    {"ord-[\\]1-]", "ord-2", FALSE},
    {"ord-(?<n>[0-9]{3})", "ord-12x", FALSE},
    {"ord-(?:[0-9]x|y)", "ord-x", FALSE},
    {"ord-(?:[0-9]x|y)", "ord-1z", TRUE},
    {"ord-(?:[0-9])?x", "ord-y", TRUE},
    {"ord-(?![0-9])[a-z]", "ord-1", FALSE},
    {"ord-[0-9]?x", "ord-x", TRUE},
    {"(?:ord|inv)-[0-9]", "inv-x", FALSE},
    {"密码[0-9]", "密码1", TRUE},
    {"密码[0-9]", "密码错", FALSE},
    {"abcd[0-9]密码?", "abcd1密", TRUE},
    {"abcd[0-9]密", "abcd1宽", FALSE},
    {"abcd[0-9](?:xy|z)[0-9]", "abcd1xy2", TRUE}, /* of different lengths */
    {"abcd[0-9](?:xy|z)[0-9]", "abcd1y", FALSE},
    {"(?:ab[0-9])+cd", "ab1cd", TRUE},
    {"(?:abc[0-9])+cd", "abcxcd", FALSE},
    {"\\blan\\b", "a plan", FALSE},
    {"\\blan\\b", "lane", FALSE},
    {"\\blan\\b", "LAN", TRUE},
    {"\\blan\\b", "我的lan口", TRUE},
    {"\\blan\\b", "a plan, lan", TRUE},
    {"\\blan\\b", "lan_1", FALSE},
    {"\\b(?:lan|port)s?\\b", "reports", FALSE},
    {"\\b(?:lan|port)s?\\b", "a port", TRUE},
    {"\\b(?:lan\\w*|port)\\b", "planet", FALSE},
    {"\\b(?:lan\\w*|port)\\b", "lander", TRUE},
    {"\\b(?:lan\\w*|port)\\b", "ported", FALSE},
    {"(?:\\blan|\\w+port)\\b", "ported", FALSE},
    {"(?:\\blan|\\w+port)\\b", "report", TRUE},
    {"(?:lan|port)\\b[0-9]?", "ported", FALSE},
    {"(?:lan|port)+\\b", "ported", TRUE}, /* behind the last of several is not looked */
    {"(?:\\b)?lan", "plan", TRUE},
    {"\\b-?lan", "-lan", TRUE},
    {"\\b-?lan", "plan", FALSE},
    {"x\\b-", "x-", TRUE},
    {"wi-?fi", "with fine", FALSE},
    {"wi-?fi", "wifi", TRUE},
    {"没(?:有)?网", "没有", FALSE},
    {"没(?:有)?网", "没网", TRUE},
    {"colou?rs?", "color", TRUE},
};

START_TEST(what_must_stand_behind_a_literal_is_looked_at)
{
    g_autofree char *error = NULL;
    gsize at;
    PdPattern *pattern = pd_pattern_new(tails[_i].pattern, "", &error, &at);

    ck_assert_msg(may_match(pattern, tails[_i].text) == tails[_i].may, "%s on %s",
                  tails[_i].pattern, tails[_i].text);
    pd_pattern_free(pattern);
}
END_TEST

static void add_pattern(PdPrefilter *filter, const char *source, guint id)
{
    g_autofree char *error = NULL;
    gsize at;
    PdPattern *pattern = pd_pattern_new(source, "", &error, &at);
    const GPtrArray *set = g_ptr_array_index(pd_pattern_literals(pattern), 0);
    const PdLiteral *literal = g_ptr_array_index(set, 0);

    pd_prefilter_own(filter, pd_prefilter_add(filter, literal->text, pd_literal_edges(literal)),
                     literal->tail, id);
    pd_pattern_free(pattern);
}

/* Beyond a number of looks at tails nothing is looked at any more, and nothing missed. */
START_TEST(looking_at_tails_is_bounded)
{
    static const char two[] = "ord-042 ord-199";
    PdPrefilter *filter = pd_prefilter_new();
    g_autoptr(GString) text = g_string_new(NULL);
    guint8 found[100] = {0};

    for (guint i = 0; i < G_N_ELEMENTS(found); i++) {
        g_autofree char *source = g_strdup_printf("ord-[0-9]%02u", i);
        add_pattern(filter, source, i);
    }
    pd_prefilter_finish(filter);
    for (guint i = 0; i < 10000; i++)
        g_string_append(text, "ord-x ");
    PdLiteralHits *hits = pd_literal_hits_new(filter);
    pd_prefilter_scan(filter, two, strlen(two), found, hits);
    ck_assert_uint_eq(hits->ids->len, 2);
    ck_assert(found[42] == 1 && found[99] == 1);
    pd_prefilter_scan(filter, text->str, text->len, found, hits);
    ck_assert_uint_eq(hits->ids->len, G_N_ELEMENTS(found));
    pd_prefilter_scan(filter, two, strlen(two), found, hits);
    ck_assert_uint_eq(hits->ids->len, 2);
    pd_literal_hits_free(hits);
    pd_prefilter_free(filter);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("prefilter");
    TCase *tests = tcase_create("prefilter");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, the_prefilter_never_hides_a_match);
    tcase_add_test(tests, literals_of_all_lengths_are_found);
    tcase_add_loop_test(tests, what_must_stand_behind_a_literal_is_looked_at, 0,
                        G_N_ELEMENTS(tails));
    tcase_add_test(tests, looking_at_tails_is_bounded);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
