/* report_test.c: what a rule set tells other programs: test results, its commit. */
#include "folder.h"
#include "rules/git.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

static const char rules[] = "categories: [a/b]\n"
                            "rules:\n"
                            "- id: r\n"
                            "  when: {subject: x}\n"
                            "  then: {queue: q}\n"
                            "  tests:\n"
                            "  - {subject: 'x #1', expect: {queue: q}}\n"
                            "  - {subject: \"x <\\e>\", expect: {queue: other}}\n"
                            "tests:\n"
                            "- {name: whole, subject: y, expect: {queue: null}}\n";

static PdRuleSet *load(void)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    PdRuleSet *set = set_of(rules, list);

    ck_assert_ptr_nonnull(set);
    return set;
}

static void expect_holds(const char *text, const char *part)
{
    ck_assert_msg(strstr(text, part) != NULL, "'%s' is not in:\n%s", part, text);
}

START_TEST(each_test_has_a_result)
{
    g_autoptr(PdRuleSet) set = load();
    g_autoptr(GPtrArray) results = pd_rule_set_test_each(set);

    ck_assert_uint_eq(results->len, 3);
    const PdRuleTestResult *first = g_ptr_array_index(results, 0);
    const PdRuleTestResult *second = g_ptr_array_index(results, 1);
    const PdRuleTestResult *third = g_ptr_array_index(results, 2);
    ck_assert_str_eq(first->rule, "r");
    ck_assert_uint_eq(first->line, 7);
    ck_assert_uint_eq(pd_diagnostics_count(first->failures), 0);
    ck_assert_uint_eq(pd_diagnostics_count(second->failures), 1);
    ck_assert_ptr_null(third->rule);
    ck_assert_str_eq(third->name, "whole");
}
END_TEST

START_TEST(tap_tells_of_each_test)
{
    g_autoptr(PdRuleSet) set = load();
    g_autoptr(GPtrArray) results = pd_rule_set_test_each(set);
    g_autofree char *text = pd_rule_tests_tap(results);

    ck_assert(g_str_has_prefix(text, "TAP version 13\n1..3\nok 1 - r: x \\#1\n"));
    expect_holds(text, "\nnot ok 2 - r: x <\\\\x1b>\n# ");
    expect_holds(text, "queue should be 'other', but 'q' (by r) came\nok 3 - whole\n");
}
END_TEST

START_TEST(junit_tells_of_each_test)
{
    g_autoptr(PdRuleSet) set = load();
    g_autoptr(GPtrArray) results = pd_rule_set_test_each(set);
    g_autofree char *text = pd_rule_tests_junit(results);

    expect_holds(text, "<testsuite name=\"rules\" tests=\"3\" failures=\"1\" errors=\"0\">");
    expect_holds(text, "<testcase classname=\"r\" name=\"x #1\" file=");
    expect_holds(text, "name=\"x &lt;\\x1b&gt;\"");
    expect_holds(text, "queue should be &apos;other&apos;");
    ck_assert(g_str_has_suffix(text, "</testsuite>\n"));
}
END_TEST

START_TEST(declared_categories_are_known)
{
    g_autoptr(PdRuleSet) set = load();
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdRuleSet) without = set_of("rules: []\n", list);

    ck_assert(pd_rule_set_has_category(set, "a/b"));
    ck_assert(!pd_rule_set_has_category(set, "a"));
    ck_assert(pd_rule_set_has_category(without, "whatever"));
}
END_TEST

#define ONE "1111111111111111111111111111111111111111"
#define TWO "2222222222222222222222222222222222222222"

static void write_line(const char *folder, const char *name, const char *line)
{
    folder_write(folder, name, line, strlen(line));
}

static void expect_commit(const char *folder, const char *below, const char *commit)
{
    g_autofree char *path = g_build_filename(folder, below, NULL);
    g_autofree char *found = pd_git_commit(path);

    ck_assert_msg(g_strcmp0(found, commit) == 0, "'%s' instead of '%s'", found, commit);
}

START_TEST(the_commit_is_read_from_a_checkout)
{
    char *folder = folder_new();

    write_line(folder, "rules/a.yaml", "");
    write_line(folder, ".git/HEAD", ONE "\n");
    expect_commit(folder, "rules", ONE);
    expect_commit(folder, "rules/not/there", ONE);
    write_line(folder, ".git/HEAD", "ref: refs/heads/main\n");
    expect_commit(folder, "rules", NULL);
    write_line(folder, ".git/packed-refs", "# pack-refs\n" ONE " refs/heads/main\n");
    expect_commit(folder, "rules", ONE);
    write_line(folder, ".git/refs/heads/main", TWO "\n");
    expect_commit(folder, "rules", TWO);
    write_line(folder, ".git/HEAD", "ref: refs/../../secret\n");
    expect_commit(folder, "rules", NULL);
    write_line(folder, ".git/HEAD", "nonsense");
    expect_commit(folder, "rules", NULL);
    folder_remove(folder);
}
END_TEST

START_TEST(a_further_working_tree_names_its_git_folder)
{
    char *folder = folder_new();

    write_line(folder, "main/.git/refs/heads/side", TWO "\n");
    write_line(folder, "main/.git/worktrees/side/HEAD", "ref: refs/heads/side\n");
    write_line(folder, "main/.git/worktrees/side/commondir", "../..\n");
    write_line(folder, "side/.git", "gitdir: ../main/.git/worktrees/side\n");
    expect_commit(folder, "side", TWO);
    folder_remove(folder);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("reports");
    TCase *tests = tcase_create("reports");
    SRunner *runner = srunner_create(suite);

    tcase_add_test(tests, each_test_has_a_result);
    tcase_add_test(tests, tap_tells_of_each_test);
    tcase_add_test(tests, junit_tells_of_each_test);
    tcase_add_test(tests, declared_categories_are_known);
    tcase_add_test(tests, the_commit_is_read_from_a_checkout);
    tcase_add_test(tests, a_further_working_tree_names_its_git_folder);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
