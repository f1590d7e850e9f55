/* points_test.c: words with points: which are found, what they vote, and what is told of them. */
#include "folder.h"
#include "rules/evaluate.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

#define RULE "rules:\n- {id: likely, then: {votes: '@points/p.txt'}}\n"

static PdRuleSet *set_with(const char *rules, const char *points, PdDiagnostics *list)
{
    char *folder = folder_new();

    folder_write(folder, "a.yaml", rules, strlen(rules));
    folder_write(folder, "points/p.txt", points, strlen(points));
    PdRuleSet *set = pd_rule_set_load(folder, list);
    folder_remove(folder);
    return set;
}

static char *complaints(const PdDiagnostics *list)
{
    GString *all = g_string_new(NULL);

    for (guint i = 0; i < pd_diagnostics_count(list); i++) {
        g_autofree char *line = pd_diagnostic_format(pd_diagnostics_get(list, i));
        g_string_append_printf(all, "%s\n", line);
    }
    return g_string_free(all, FALSE);
}

static PdRuleSet *good_set(const char *rules, const char *points)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    PdRuleSet *set = set_with(rules, points, list);
    g_autofree char *all = complaints(list);

    ck_assert_msg(set != NULL && *all == '\0', "%s", all);
    return set;
}

static PdDecision *decide(const PdRuleSet *set, const char *subject, const char *body)
{
    g_autoptr(PdMail) mail = mail_of("li@dept.example.org", subject, body);
    PdDecision *decision = NULL;

    ck_assert_ptr_null(pd_rule_set_evaluate(set, mail, NULL, &decision));
    return decision;
}

/* Of the whole decision, or of its first rule. */
static void expect_votes(const PdDecision *decision, const char *expected)
{
    g_autoptr(PdJson) json = pd_decision_to_json(decision);
    g_autofree char *votes = pd_json_compact(pd_json_get(json, "votes"));

    ck_assert_str_eq(votes, expected);
}

START_TEST(each_word_gives_its_points_once)
{
    g_autoptr(PdRuleSet) set = good_set(RULE, "# a list\n"
                                              "a\n"
                                              "  10 printer, 打印   # both\n"
                                              "  -4 paper jam\n"
                                              "b\n"
                                              "  6 打印, 印\n  5 x\n"
                                              "c\n 7 x\nd\n 9 x\ne\n 3 x\nf\n 4 x\ng\n 2 x\n");
    static const struct {
        const char *subject, *body, *votes;
    } tries[] = {
        {"printer", "", "{\"a\":10}"},
        {"printer", "PRINTER Printer", "{\"a\":10}"},
        {"printers", "reprinter printer2", "{}"},
        {"the printer-room", "", "{\"a\":10}"},
        {"打印机", "", "{\"b\":8,\"a\":7}"}, /* 10 and 12, by the root of 2 */
        {"ＰＲＩＮＴＥＲ", "", "{\"a\":10}"},
        {"a paper jam", "", "{}"},
        {"paper  jam, paper\njam", "", "{}"},
        {"printer", "paper jam", "{\"a\":4}"}, /* 6 by the root of 2 */
        {"", "", "{}"},
        {"x", "", "{\"d\":9,\"c\":7,\"b\":5,\"f\":4,\"e\":3}"}, /* the best five */
    };

    for (guint i = 0; i < G_N_ELEMENTS(tries); i++) {
        g_autoptr(PdDecision) decision = decide(set, tries[i].subject, tries[i].body);
        expect_votes(decision, tries[i].votes);
    }
}
END_TEST

/* Three words of no weight get by the root what one of weight does. */
START_TEST(a_category_with_too_little_to_go_by_does_not_vote)
{
    g_autoptr(PdRuleSet) set = good_set(RULE, "least 20\n"
                                              "a\n 7 x, y, z\nb\n 12 w\n 20 v\n");
    static const struct {
        const char *body, *votes;
    } tries[] = {
        {"w", "{}"},
        {"x y", "{}"},
        {"x y z", "{\"a\":12}"},
        {"v", "{\"b\":20}"},
        {"x y z w", "{\"a\":11}"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(tries); i++) {
        g_autoptr(PdDecision) decision = decide(set, "", tries[i].body);
        expect_votes(decision, tries[i].votes);
    }
}
END_TEST

START_TEST(they_vote_with_the_rules_and_not_against_one_that_is_sure)
{
    g_autoptr(PdRuleSet) set =
        good_set("rules:\n"
                 "- {id: sure, when: {subject: sure}, then: {category: c}}\n"
                 "- {id: voter, when: {subject: printer}, then: {votes: {b: 11}}}\n"
                 "- {id: likely, then: {votes: '@points/p.txt'}}\n"
                 "- {id: quiet, shadow: true, then: {votes: '@points/p.txt'}}\n",
                 "a\n 10 printer, toner\nb\n 1 room\n");
    g_autoptr(PdDecision) outvoted = decide(set, "printer", "");
    g_autoptr(PdDecision) won = decide(set, "printer", "toner");
    g_autoptr(PdDecision) sure = decide(set, "sure", "printer toner");

    ck_assert_str_eq(pd_decision_field(outvoted, "category"), "b");
    ck_assert_str_eq(pd_decision_field(won, "category"), "a");
    expect_votes(won, "{\"b\":11,\"a\":14}");
    ck_assert_str_eq(pd_decision_field(sure, "category"), "c");
}
END_TEST

static void expect_sure(const PdDecision *decision, const char *sure)
{
    g_autoptr(PdJson) all = pd_decision_to_json(decision);
    const PdJson *rules = pd_json_get(all, "rules");
    const PdJson *likely = pd_json_at(rules, pd_json_length(rules) - 1);
    g_autofree char *line = pd_decision_compact(decision, NULL);
    g_autofree char *kept = g_strdup_printf("\"sure\":\"%s\"", sure);

    ck_assert_str_eq(pd_json_get_text(likely, "sure"), sure);
    ck_assert_ptr_null(pd_json_get(likely, "words"));
    ck_assert_ptr_nonnull(strstr(line, kept));
}

START_TEST(they_are_not_looked_for_where_the_rules_before_are_sure)
{
    g_autoptr(PdRuleSet) set =
        good_set("rules:\n"
                 "- {id: set, when: {subject: sure}, then: {category: c}}\n"
                 "- {id: much, when: {subject: much}, then: {votes: {b: 16}}}\n"
                 "- {id: less, when: {subject: less}, then: {votes: {b: 15}}}\n"
                 "- {id: likely, then: {votes: '@points/p.txt'}}\n",
                 "a\n 90 toner\n");
    g_autoptr(PdDecision) told = decide(set, "sure", "toner");
    g_autoptr(PdDecision) much = decide(set, "much", "toner");
    g_autoptr(PdDecision) less = decide(set, "less", "toner");

    expect_sure(told, "c");
    expect_sure(much, "b");
    expect_votes(much, "{\"b\":16}");
    expect_votes(less, "{\"b\":15,\"a\":90}");
}
END_TEST

START_TEST(of_a_long_text_the_beginning_is_looked_at)
{
    g_autoptr(PdRuleSet) set = good_set(RULE, "a\n 10 网络\nb\n 5 打印\n");
    g_autofree char *dots = g_strnfill(4093, '.');
    g_autofree char *body = g_strconcat("网络", dots, "打印", NULL);
    g_autoptr(PdDecision) decision = decide(set, "", body);

    expect_votes(decision, "{\"a\":10}");
}
END_TEST

START_TEST(folded_texts_and_lists_meet)
{
    g_autoptr(PdRuleSet) set = good_set("fold_chinese: true\n" RULE, "a\n 10 印表機\nb\n 5 网络\n");
    g_autoptr(PdDecision) one = decide(set, "印表机", "");
    g_autoptr(PdDecision) other = decide(set, "網絡", "");

    expect_votes(one, "{\"a\":10}");
    expect_votes(other, "{\"b\":5}");
}
END_TEST

START_TEST(what_they_voted_and_which_words_is_told)
{
    g_autoptr(PdRuleSet) set = good_set(RULE, "a\n 10 打印\n 3 红\nb\n 5 打印\n -2 红\n");
    g_autoptr(PdDecision) decision = decide(set, "我的", "打印机红了");
    g_autofree char *stored = pd_decision_compact(decision, NULL);
    g_autoptr(PdJson) json = pd_decision_to_json(decision);
    g_autofree char *rule = pd_json_compact(pd_json_at(pd_json_get(json, "rules"), 0));

    ck_assert_ptr_nonnull(strstr(stored, "{\"id\":\"likely\",\"outcome\":\"applied\",\"found\":2,"
                                         "\"votes\":{\"a\":9,\"b\":2},"
                                         "\"words\":[[\"打印\",7,13,10],[\"红\",16,19,3]]}"));
    ck_assert_ptr_nonnull(strstr(rule, "\"found\":2,\"votes\":{\"a\":9,\"b\":2},\"words\":[{"
                                       "\"text\":\"打印\",\"start\":7,\"end\":13,\"points\":10}"));
    ck_assert_ptr_nonnull(strstr(rule, "\"then\":{\"votes\":\"@points/p.txt\"}"));
}
END_TEST

START_TEST(a_wrong_list_is_told_at_its_own_line)
{
    static const struct {
        const char *points, *expected;
    } tries[] = {
        {" 3 word\n", "p.txt:1: error: no category stands before"},
        {"Printer\n 3 word\n", "p.txt:1: error: 'Printer' is no category"},
        {"a\n\n word\n", "p.txt:3: error: whole points from -100 to 100"},
        {"a\n 0 word\n", "p.txt:2: error: whole points"},
        {"least many\na\n 3 word\n", "p.txt:1: error: 'many' are no points from 1 to 10000"},
        {"a\n 3 word\nleast 9\n", "p.txt:3: error: 'least' stands before the first category"},
        {"a\n 101 word\n", "p.txt:2: error: whole points"},
        {"a\n 99999999999999999999 word\n", "p.txt:2: error: whole points"},
        {"a\n 3\n", "p.txt:2: error: whole points"},
        {"a\n 3 x,,y\n", "p.txt:2: error: a word is missing"},
        {"a\n 3 x, y\n 4 Y\n", "p.txt:3: error: 'Y' has points for this category already"},
        {"a\n 3 x\nb\n 3 x\na\n 4 z\n", "p.txt:5: error: 'a' stands in this list before"},
        {"a\n# 3 x\n", "there is no word in it"},
        {"a\n 3 \xff\n", "is not UTF-8"},
        {"a\n 3 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n",
         "p.txt:2: error: 'xxxxxxx"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(tries); i++) {
        g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
        ck_assert_ptr_null(set_with(RULE, tries[i].points, list));
        g_autofree char *all = complaints(list);
        ck_assert_msg(strstr(all, tries[i].expected) != NULL, "%s, not %s", all, tries[i].expected);
    }
}
END_TEST

START_TEST(a_list_that_cannot_be_is_refused)
{
    static const char *const names[][2] = {{"@points/none.txt", "none.txt"},
                                           {"@points/../p.txt", "names no list of points"},
                                           {"@points/p.yaml", "names no list of points"},
                                           {"@words/p.txt", "'votes' expects categories"}};

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
        g_autofree char *rules =
            g_strdup_printf("rules:\n- {id: r, then: {votes: '%s'}}\n", names[i][0]);
        ck_assert_ptr_null(set_with(rules, "a\n 3 x\n", list));
        g_autofree char *all = complaints(list);
        ck_assert_msg(strstr(all, names[i][1]) != NULL, "%s, not %s", all, names[i][1]);
    }
}
END_TEST

START_TEST(another_list_is_another_set)
{
    g_autoptr(PdRuleSet) one = good_set(RULE, "a\n 3 x\n");
    g_autoptr(PdRuleSet) other = good_set(RULE, "a\n 4 x\n");

    ck_assert_str_ne(pd_rule_set_hash(one), pd_rule_set_hash(other));
}
END_TEST

START_TEST(lint_knows_the_categories_of_a_list)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdRuleSet) set = good_set("categories: [printers, other]\n"
                                        "defaults: {category: other, impact: low, urgency: low, "
                                        "queue: q}\n" RULE,
                                        "printer\n 3 x\n");

    pd_rule_set_lint(set, list);
    g_autofree char *all = complaints(list);
    ck_assert_ptr_nonnull(strstr(all, "'printer' is not declared; did you mean 'printers'?"));
    ck_assert_ptr_nonnull(strstr(all, "no rule gives the category 'printers'"));
}
END_TEST

#define UNITS 7
static const char *const units[UNITS] = {"a", "B", "bee", "网", "络", " ", "-"};

static void append_units(GString *text, GRand *chance, guint count)
{
    for (guint i = 0; i < count; i++)
        g_string_append(text, units[g_rand_int_range(chance, 0, UNITS)]);
}

static gboolean is_letter(char c)
{
    return g_ascii_isalnum(c);
}

/* The first place where the word stands as a word, looked for at every byte; -1: none. */
static gssize find_plainly(const char *text, const char *word)
{
    gsize length = strlen(word), all = strlen(text);

    for (gsize at = 0; at + length <= all; at++) {
        gboolean begins = at == 0 || !is_letter(text[at - 1]) || !is_letter(word[0]);
        gboolean ends = !is_letter(text[at + length]) || !is_letter(word[length - 1]);
        if (begins && ends && g_ascii_strncasecmp(text + at, word, length) == 0)
            return (gssize)at;
    }
    return -1;
}

/* Thousands of words, so that the table grows, in texts made of the same few units. */
START_TEST(what_is_found_is_what_stands_there)
{
    GRand *chance = g_rand_new_with_seed(4);
    PdPoints *points = pd_points_new("p");
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
    GString *text = g_string_new(NULL);

    ck_assert(pd_points_begin(points, "a"));
    for (guint i = 0; i < 3000; i++) {
        g_string_truncate(text, 0);
        append_units(text, chance, (guint)g_rand_int_range(chance, 1, 6));
        if (pd_points_add(points, text->str, text->len, 1))
            g_ptr_array_add(words, g_strdup(text->str));
    }
    ck_assert_uint_gt(words->len, 1000);
    for (guint i = 0; i < 30; i++) {
        guint expected = 0, count;
        g_string_truncate(text, 0);
        append_units(text, chance, 40);
        const PdPointsHit *hits = pd_points_find(points, text->str, text->len, &count);
        for (guint j = 0; j < words->len; j++)
            expected += find_plainly(text->str, g_ptr_array_index(words, j)) >= 0;
        ck_assert_uint_eq(count, expected);
        for (guint j = 0; j < count; j++) {
            const PdPointsHit *hit = &hits[j];
            g_autofree char *word = g_strndup(text->str + hit->start, hit->end - hit->start);
            ck_assert_int_eq(find_plainly(text->str, word), (gssize)hit->start);
        }
    }
    g_string_free(text, TRUE);
    pd_points_free(points);
    g_rand_free(chance);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("words with points");
    TCase *tests = tcase_create("points");
    SRunner *runner = srunner_create(suite);

    tcase_add_test(tests, each_word_gives_its_points_once);
    tcase_add_test(tests, a_category_with_too_little_to_go_by_does_not_vote);
    tcase_add_test(tests, they_vote_with_the_rules_and_not_against_one_that_is_sure);
    tcase_add_test(tests, they_are_not_looked_for_where_the_rules_before_are_sure);
    tcase_add_test(tests, of_a_long_text_the_beginning_is_looked_at);
    tcase_add_test(tests, folded_texts_and_lists_meet);
    tcase_add_test(tests, what_they_voted_and_which_words_is_told);
    tcase_add_test(tests, a_wrong_list_is_told_at_its_own_line);
    tcase_add_test(tests, a_list_that_cannot_be_is_refused);
    tcase_add_test(tests, another_list_is_another_set);
    tcase_add_test(tests, lint_knows_the_categories_of_a_list);
    tcase_add_test(tests, what_is_found_is_what_stands_there);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
