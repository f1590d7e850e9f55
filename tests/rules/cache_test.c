/* cache_test.c: the scanner and its file on disk.
 *
 * A scanner may say yes too often, never no where PCRE2 matches; with it all is decided as without.
 * A file that is cut short, spoilt or of another set is as good as none.
 */
#include "folder.h"
#include "random.h"
#include "rules/cache.h"
#include "rules/evaluate.h"
#include "rules/weaken.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

#define PATTERNS 150
#define RULES                                                                                      \
    "rules:\n"                                                                                     \
    "- {id: one, when: {body: 'disk.{1,5}full'}, then: {tags: [a]}}\n"                             \
    "- {id: two, when: {body: '密码(?<n>\\d+)'}, then: {tags: [b]}}\n"                           \
    "- {id: three, when: {not: {subject: 'x+y'}}, then: {tags: [c]}}\n"

static const struct {
    const char *pattern;
    const char *weak; /* NULL: not understood */
} weakened[] = {
    {"disk full", "disk\\x20full"},
    {"密码\\d", "密码."},
    {"\\bvpn", "vpn"},
    {"(?<n>ab)+", "(?:ab)+"},
    {"ab(?!c)d", "abd"},
    {"é", "."},
    {"(?R)", NULL},
    {"(a)\\1", NULL},
};

START_TEST(a_scanner_is_given_something_weaker)
{
    g_autofree char *rewritten = pd_pattern_rewrite(weakened[_i].pattern);
    g_autofree char *weak = pd_pattern_weaken(rewritten);

    ck_assert_msg(g_strcmp0(weak, weakened[_i].weak) == 0, "%s became %s", weakened[_i].pattern,
                  weak != NULL ? weak : "nothing");
}
END_TEST

static gboolean has_scanner(void)
{
    if (pd_scanner_library() == NULL)
        g_printerr("SKIPPED: built without a scanner, or not for this processor\n");
    return pd_scanner_library() != NULL;
}

/* Patterns in PCRE2 and in a scanner. */
typedef struct {
    PdPattern *patterns[PATTERNS];
    gboolean taken[PATTERNS];
    PdScanner *scanner;
} Both;

static void both_new(Both *both, GRand *random)
{
    g_autoptr(GPtrArray) weak = g_ptr_array_new_with_free_func(g_free);
    guint ids[PATTERNS];

    for (guint i = 0; i < PATTERNS; i++) {
        g_autofree char *source = pd_random_pattern(random, 2);
        g_autofree char *error = NULL;
        gsize at;
        ids[i] = i;
        both->patterns[i] = pd_pattern_new(source, source, &error, &at);
        g_ptr_array_add(weak, pd_pattern_weaken(pd_pattern_rewritten(both->patterns[i])));
    }
    both->scanner =
        pd_scanner_compile((const char *const *)weak->pdata, ids, PATTERNS, both->taken);
    ck_assert_ptr_nonnull(both->scanner);
}

static guint expect_all_found(const Both *both, PdMatcher *matcher, const char *text)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(guint));
    guint8 found[PATTERNS] = {FALSE};
    guint hits = 0;

    ck_assert(pd_scanner_scan(both->scanner, text, strlen(text), found, ids));
    for (guint i = 0; i < PATTERNS; i++) {
        PdMatch match;
        if (!both->taken[i] ||
            pd_pattern_match(both->patterns[i], matcher, text, strlen(text), &match) != PD_YES)
            continue;
        hits++;
        ck_assert_msg(found[i], "%s on '%s'", pd_pattern_shown(both->patterns[i]), text);
    }
    return hits;
}

START_TEST(the_scanner_never_hides_a_match)
{
    if (!has_scanner())
        return;
    GRand *random = g_rand_new_with_seed(21);
    PdMatcher *matcher = pd_matcher_new();
    Both both = {0};
    guint hits = 0;

    both_new(&both, random);
    for (guint i = 0; i < 1000; i++) {
        g_autofree char *text = pd_random_text(random);
        hits += expect_all_found(&both, matcher, text);
    }
    ck_assert_uint_gt(hits, 10000);
    for (guint i = 0; i < PATTERNS; i++)
        pd_pattern_free(both.patterns[i]);
    pd_scanner_free(both.scanner);
    pd_matcher_free(matcher);
    g_rand_free(random);
}
END_TEST

/* A folder of rules, and the file that remembers what was made of it. */
typedef struct {
    char *folder, *path;
} Place;

static Place place_new(const char *rules)
{
    Place place = {folder_new(), NULL};

    folder_write(place.folder, "a.yaml", rules, strlen(rules));
    place.path = g_build_filename(place.folder, "cache", NULL);
    return place;
}

static void place_clear(Place *place)
{
    folder_remove(place->folder);
    g_free(place->path);
}

static PdRuleSet *load(const Place *place)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    PdRuleSet *set = pd_rule_set_load_cached(place->folder, place->path, list);

    ck_assert_ptr_nonnull(set);
    return set;
}

static guint count_scanners(const PdRuleSet *set)
{
    guint count = 0;

    for (guint i = 0; i < set->scanners->len; i++)
        count += g_ptr_array_index(set->scanners, i) != NULL;
    return count;
}

static char *explain(const PdRuleSet *set, const char *subject, const char *body)
{
    g_autoptr(PdMail) mail = mail_of("li@dept.example.org", subject, body);
    g_autoptr(PdDecision) decision = NULL;

    ck_assert_ptr_null(pd_rule_set_evaluate(set, mail, NULL, &decision));
    g_autoptr(PdJson) json = pd_decision_to_json(decision);
    return pd_json_compact(json);
}

static void expect_same(const PdRuleSet *one, const PdRuleSet *other, const char *subject,
                        const char *body)
{
    g_autofree char *first = explain(one, subject, body);
    g_autofree char *second = explain(other, subject, body);

    ck_assert_str_eq(first, second);
}

/* Rules with random patterns, on all the texts that have a slot. */
static char *random_rules(GRand *random)
{
    GString *text = g_string_new("rules:\n");

    for (guint i = 0; i < 60; i++) {
        g_autofree char *one = pd_random_pattern(random, 2);
        g_autofree char *other = pd_random_pattern(random, 2);
        g_string_append_printf(text,
                               "- {id: r%u, when: {%s: '%s', not: {text: '(?<n>%s)'}},"
                               " then: {tags: [t%u]}}\n",
                               i, i % 3 == 0 ? "subject" : "body", one, other, i);
    }
    return g_string_free(text, FALSE);
}

START_TEST(rules_decide_the_same_with_a_scanner)
{
    if (!has_scanner())
        return;
    GRand *random = g_rand_new_with_seed(22);
    g_autofree char *rules = random_rules(random);
    Place place = place_new(rules);
    g_autoptr(PdRuleSet) without = load(&place);

    ck_assert_ptr_null(pd_cache_compile(without, place.path, 1));
    g_autoptr(PdRuleSet) with = load(&place);
    ck_assert_uint_eq(count_scanners(without), 0);
    ck_assert_uint_eq(count_scanners(with), 3);
    for (guint i = 0; i < 300; i++) {
        g_autofree char *subject = pd_random_text(random);
        g_autofree char *body = pd_random_text(random);
        expect_same(with, without, subject, body);
    }
    place_clear(&place);
    g_rand_free(random);
}
END_TEST

/* What load() makes of a spoilt file: nothing of it. */
static void expect_ignored(const Place *place, const char *bytes, gsize length)
{
    folder_write(place->folder, "cache", bytes, length);
    g_autoptr(PdRuleSet) set = load(place);
    g_autofree char *told = explain(set, "s", "disk is full, 密码12");

    ck_assert(!pd_rule_set_passed(set));
    ck_assert(!set->compiled);
    ck_assert_uint_eq(count_scanners(set), 0);
    ck_assert_ptr_nonnull(strstr(told, "[\"a\",\"b\",\"c\"]"));
}

static void fill(const Place *place, char **bytes, gsize *length)
{
    g_autoptr(PdRuleSet) set = load(place);

    ck_assert_ptr_null(pd_cache_compile(set, place->path, 1));
    ck_assert_ptr_null(pd_rule_set_remember(set, place->path));
    ck_assert(g_file_get_contents(place->path, bytes, length, NULL));
}

START_TEST(a_file_cut_short_or_spoilt_is_ignored)
{
    Place place = place_new(RULES);
    g_autofree char *bytes = NULL;
    gsize length = 0;

    fill(&place, &bytes, &length);
    for (gsize cut = 0; cut < length; cut += cut < 256 ? 1 : 997)
        expect_ignored(&place, bytes, cut);
    for (gsize at = 0; at < length; at += at < 256 ? 1 : 997) {
        bytes[at] ^= 0x40;
        expect_ignored(&place, bytes, length);
        bytes[at] ^= 0x40;
    }
    folder_write(place.folder, "cache", bytes, length);
    g_autoptr(PdRuleSet) set = load(&place);
    ck_assert(pd_rule_set_passed(set));
    ck_assert(set->compiled || pd_scanner_library() == NULL);
    place_clear(&place);
}
END_TEST

START_TEST(the_file_of_another_set_is_ignored)
{
    Place place = place_new(RULES), other = place_new(RULES "- {id: four, then: {tags: [d]}}\n");
    g_autofree char *bytes = NULL;
    gsize length = 0;

    fill(&other, &bytes, &length);
    expect_ignored(&place, bytes, length);
    place_clear(&place);
    place_clear(&other);
}
END_TEST

/* A folder stands where the file should: it is told, and loading goes on without. */
START_TEST(a_file_that_cannot_be_written_is_told)
{
    Place place = place_new(RULES);
    g_autofree char *below = g_build_filename("cache", "inner", NULL);

    folder_write(place.folder, below, "", 0);
    g_autoptr(PdRuleSet) set = load(&place);
    g_autoptr(PdStatus) status = pd_rule_set_remember(set, place.path);
    ck_assert_ptr_nonnull(status);
    place_clear(&place);
}
END_TEST

START_TEST(few_patterns_are_not_worth_a_scanner)
{
    Place place = place_new(RULES);
    g_autoptr(PdRuleSet) set = load(&place);

    ck_assert(!pd_rule_set_wants_compiling(set));
    ck_assert_ptr_null(pd_rule_set_compile(set, place.path));
    g_autoptr(PdRuleSet) again = load(&place);
    ck_assert_uint_eq(count_scanners(again), 0);
    place_clear(&place);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cache");
    TCase *tests = tcase_create("cache");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, a_scanner_is_given_something_weaker, 0, G_N_ELEMENTS(weakened));
    tcase_add_test(tests, the_scanner_never_hides_a_match);
    tcase_add_test(tests, rules_decide_the_same_with_a_scanner);
    tcase_add_test(tests, a_file_cut_short_or_spoilt_is_ignored);
    tcase_add_test(tests, the_file_of_another_set_is_ignored);
    tcase_add_test(tests, a_file_that_cannot_be_written_is_told);
    tcase_add_test(tests, few_patterns_are_not_worth_a_scanner);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
