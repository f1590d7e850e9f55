/* shipped_test.c: the rules that ship hold what their own tests promise. */
#include "folder.h"
#include "postdesk/files.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

static PdRuleSet *load(PdDiagnostics *list)
{
    const char *top = g_getenv("top_srcdir");
    g_autofree char *folder = g_build_filename(top != NULL ? top : ".", "rules", NULL);

    return pd_rule_set_load(folder, list);
}

static void expect_none(const PdDiagnostics *list)
{
    GString *all = g_string_new(NULL);

    for (guint i = 0; i < pd_diagnostics_count(list); i++) {
        g_autofree char *line = pd_diagnostic_format(pd_diagnostics_get(list, i));
        g_string_append_printf(all, "\n%s", line);
    }
    ck_assert_msg(all->len == 0, "%s", all->str);
    g_string_free(all, TRUE);
}

START_TEST(all_tests_in_the_files_pass)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdRuleSet) set = load(list);
    guint run = 0;

    expect_none(list);
    ck_assert_ptr_nonnull(set);
    pd_rule_set_test(set, list, &run);
    expect_none(list);
    ck_assert_uint_ge(run, 150);
}
END_TEST

START_TEST(lint_finds_nothing)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdRuleSet) set = load(list);

    ck_assert_ptr_nonnull(set);
    pd_rule_set_lint(set, list);
    expect_none(list);
}
END_TEST

static gboolean is_right(const PdJson *mail, const char *category)
{
    const PdJson *also = pd_json_get(mail, "also");
    gboolean right = g_strcmp0(category, pd_json_get_text(mail, "category")) == 0;

    for (gsize i = 0; i < pd_json_length(also); i++)
        right |= g_strcmp0(category, pd_json_string(pd_json_at(also, i))) == 0;
    return right;
}

static gboolean is_classified(const PdRuleSet *set, const char *line)
{
    g_autoptr(PdJson) json = NULL;
    g_autoptr(PdDecision) decision = NULL;

    ck_assert_ptr_null(pd_json_parse(line, strlen(line), &json));
    g_autoptr(PdMail) mail = mail_of("li@dept.example.org", pd_json_get_text(json, "subject"),
                                     pd_json_get_text(json, "body"));
    ck_assert_ptr_null(pd_rule_set_evaluate(set, mail, NULL, &decision));
    return is_right(json, pd_decision_field(decision, "category"));
}

/* They are of people who knew no rule, and neither rules nor words were learned from them. */
START_TEST(unseen_mails_of_departments_are_classified)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdRuleSet) set = load(list);
    const char *top = g_getenv("top_srcdir");
    g_autofree char *path =
        g_build_filename(top != NULL ? top : ".", "tests/rules/mails/unseen.jsonl", NULL);
    g_autofree char *bytes = NULL;
    gsize length;
    guint count = 0, right = 0;

    ck_assert_ptr_nonnull(set);
    ck_assert_ptr_null(pd_file_read(path, 1 << 20, &bytes, &length));
    g_auto(GStrv) lines = g_strsplit(bytes, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        count += **line != '\0';
        right += **line != '\0' && is_classified(set, *line);
    }
    ck_assert_uint_ge(count, 100);
    ck_assert_msg(right * 100 >= count * 95, "%u of %u are right", right, count);
}
END_TEST

START_TEST(the_matrix_is_complete)
{
    static const char *const levels[] = {"high", "medium", "low"};
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdRuleSet) set = load(list);

    for (guint i = 0; i < 9; i++)
        ck_assert_ptr_nonnull(pd_rule_set_priority(set, levels[i / 3], levels[i % 3]));
    ck_assert_str_eq(pd_rule_set_priority(set, "high", "high"), "P1");
    ck_assert_str_eq(pd_rule_set_priority(set, "low", "low"), "P4");
    ck_assert_ptr_null(pd_rule_set_priority(set, "huge", "low"));
    ck_assert_ptr_null(pd_rule_set_priority(set, NULL, "low"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("shipped rules");
    TCase *tests = tcase_create("shipped");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, all_tests_in_the_files_pass);
    tcase_add_test(tests, lint_finds_nothing);
    tcase_add_test(tests, unseen_mails_of_departments_are_classified);
    tcase_add_test(tests, the_matrix_is_complete);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
