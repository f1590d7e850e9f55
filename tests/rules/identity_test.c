/* identity_test.c: what is left untried changes nothing.
 *
 * Each mail is decided twice, with the prefilter and trying every pattern at every place, and
 * all that explain tells must be the same: outcomes, captures, offsets, fields. Only where
 * trying everything ran into a limit may the other know better.
 */
#include "folder.h"
#include "random.h"
#include "rules/evaluate.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

static char *explain(const PdRuleSet *set, const PdMail *mail, const PdTicketFacts *facts,
                     gboolean try_all)
{
    g_autoptr(PdDecision) decision = NULL;

    set->scratch->try_all = try_all;
    ck_assert_ptr_null(pd_rule_set_evaluate(set, mail, facts, &decision));
    g_autoptr(PdJson) json = pd_decision_to_json(decision);
    return pd_json_compact(json);
}

static void expect_same(const PdRuleSet *set, const PdMail *mail, const PdTicketFacts *facts)
{
    g_autofree char *quick = explain(set, mail, facts, FALSE);
    g_autofree char *slow = explain(set, mail, facts, TRUE);

    gsize at = 0;
    if (strstr(slow, "\"unknown\"") != NULL)
        return;
    while (quick[at] != '\0' && quick[at] == slow[at])
        at++;
    at = at > 200 ? at - 200 : 0;
    ck_assert_msg(g_str_equal(quick, slow), "%.400s\n%.400s\non '%.400s'", quick + at, slow + at,
                  mail->text);
}

static PdRuleSet *load_shipped(void)
{
    const char *top = g_getenv("top_srcdir");
    g_autofree char *folder = g_build_filename(top != NULL ? top : ".", "rules", NULL);
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    PdRuleSet *set = pd_rule_set_load(folder, list);

    ck_assert_ptr_nonnull(set);
    return set;
}

START_TEST(the_shipped_rules_decide_the_same)
{
    g_autoptr(PdRuleSet) set = load_shipped();

    for (guint i = 0; i < set->tests->len; i++) {
        const PdRuleTest *test = g_ptr_array_index(set->tests, i);
        expect_same(set, test->mail, &test->facts);
    }
}
END_TEST

/* A text of pieces of the tests' mails: words that rules look for, in no order. */
static char *stir(const PdRuleSet *set, GRand *random)
{
    GString *text = g_string_new(NULL);

    while (text->len < 2000) {
        guint number = (guint)g_rand_int_range(random, 0, (gint)set->tests->len);
        const PdMail *mail = ((const PdRuleTest *)g_ptr_array_index(set->tests, number))->mail;
        const char *source = g_rand_boolean(random) ? mail->subject : mail->text;
        glong length = g_utf8_strlen(source, -1);
        glong from = g_rand_int_range(random, 0, (gint)length + 1);
        glong count = g_rand_int_range(random, 1, 30);
        g_autofree char *piece = g_utf8_substring(source, from, MIN(length, from + count));
        g_string_append(text, piece);
        g_string_append(text, g_rand_int_range(random, 0, 4) == 0 ? "\n" : " ");
    }
    return g_string_free(text, FALSE);
}

START_TEST(the_shipped_rules_decide_the_same_of_long_texts)
{
    g_autoptr(PdRuleSet) set = load_shipped();
    GRand *random = g_rand_new_with_seed(5);

    for (guint i = 0; i < 150; i++) {
        g_autofree char *text = stir(set, random);
        g_autofree char *subject = g_utf8_substring(text, 0, 40);
        g_autoptr(PdMail) mail = mail_of("li@dept.example.org", subject, text);
        expect_same(set, mail, NULL);
    }
    g_rand_free(random);
}
END_TEST

static PdRuleSet *random_set(GRand *random)
{
    g_autoptr(GString) text = g_string_new("rules:\n");
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    for (guint i = 0; i < 40; i++) {
        g_autofree char *one = pd_random_pattern(random, 2);
        g_autofree char *other = pd_random_pattern(random, 2);
        g_string_append_printf(text,
                               "- {id: r%u, when: {%s: '%s', not: {text: '(?<n>%s)'}},"
                               " then: {tags: [t%u]}}\n",
                               i, i % 3 == 0 ? "subject" : "body", one, other, i);
    }
    PdRuleSet *set = set_of(text->str, list);
    ck_assert_msg(set != NULL, "%s", text->str);
    return set;
}

/* What makes a set of rules, and what makes a text for it. */
typedef PdRuleSet *(*MakeSet)(GRand *random);
typedef char *(*MakeText)(GRand *random);

static void expect_same_at_random(MakeSet make_set, MakeText make_text, guint sets, guint mails)
{
    GRand *random = g_rand_new_with_seed(13);

    for (guint i = 0; i < sets; i++) {
        g_autoptr(PdRuleSet) set = make_set(random);
        for (guint j = 0; j < mails; j++) {
            g_autofree char *subject = make_text(random);
            g_autofree char *body = make_text(random);
            g_autoptr(PdMail) mail = mail_of("li@dept.example.org", subject, body);
            expect_same(set, mail, NULL);
        }
    }
    g_rand_free(random);
}

START_TEST(random_rules_decide_the_same)
{
    expect_same_at_random(random_set, pd_random_text, 25, 40);
}
END_TEST

/* Alternatives that are words, some the beginning of another; with word boundaries or not. */
static char *random_words(GRand *random)
{
    static const char *const words[] = {
        "ab", "abc", "bc",   "ks",  "网", "网络",  "络",       "b网",      "网a",    "a网b",
        "-a", "a b", "カナ", "b。", "AB", "a?b?c", "\\Q网\\E", "\\Qa.\\E", "网络??", "abc??"};
    static const char *const edges[] = {
        "", "", "", "\\b", "\\b", "(?<![^\\W\\p{Han}])", "(?![^\\W\\p{Han}])"};
    GString *text = g_string_new(NULL);

    for (gint i = g_rand_int_range(random, 1, 5); i > 0; i--)
        g_string_append_printf(text, "%s%s%s%s", text->len > 0 ? "|" : "",
                               edges[g_rand_int_range(random, 0, G_N_ELEMENTS(edges))],
                               words[g_rand_int_range(random, 0, G_N_ELEMENTS(words))],
                               edges[g_rand_int_range(random, 0, G_N_ELEMENTS(edges))]);
    if (g_rand_boolean(random)) {
        g_string_prepend(text, g_rand_boolean(random) ? "(?:" : "\\b(?:");
        g_string_append(text, g_rand_boolean(random) ? ")" : ")\\b");
    }
    return g_string_free(text, FALSE);
}

static char *random_neighbours(GRand *random)
{
    static const char *const pieces[] = {"ab", "ABC",    "bc", "ks",     "\u212as", "k\u017f", "网",
                                         "络", "b",      "a",  "é",      "e\u0301", "カ",      "ナ",
                                         "。", "\uff41", " ",  "\u00a0", "\n",      "-",       "٣"};
    GString *text = g_string_new(NULL);

    for (gint i = g_rand_int_range(random, 0, 14); i > 0; i--)
        g_string_append(text, pieces[g_rand_int_range(random, 0, G_N_ELEMENTS(pieces))]);
    return g_string_free(text, FALSE);
}

static PdRuleSet *random_word_set(GRand *random)
{
    static const char *const slots[] = {"subject", "body", "text"};
    g_autoptr(GString) text = g_string_new("rules:\n");
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    for (guint i = 0; i < 60; i++) {
        g_autofree char *words = random_words(random);
        g_string_append_printf(text, "- {id: r%u, when: {%s: '%s'}, then: {tags: [t%u]}}\n", i,
                               slots[i % 3], words, i);
    }
    PdRuleSet *set = set_of(text->str, list);
    ck_assert_msg(set != NULL, "%s", text->str);
    return set;
}

START_TEST(random_words_decide_the_same)
{
    expect_same_at_random(random_word_set, random_neighbours, 40, 60);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("identity");
    TCase *tests = tcase_create("identity");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, the_shipped_rules_decide_the_same);
    tcase_add_test(tests, the_shipped_rules_decide_the_same_of_long_texts);
    tcase_add_test(tests, random_rules_decide_the_same);
    tcase_add_test(tests, random_words_decide_the_same);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
