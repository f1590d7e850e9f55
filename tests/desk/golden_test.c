/* golden_test.c: what a reporter reads, word for word, and how text is folded.
 *
 * After a wanted change of the templates: UPDATE_GOLDEN=1 make check, and read the difference. */
#include "desk/wrap.h"
#include "postdesk/template.h"
#include "postdesk/text.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

static const char *const both[] = {"zh_CN", "en", NULL};

static char *source_path(const char *name)
{
    const char *source = g_getenv("top_srcdir");

    return g_build_filename(source != NULL ? source : ".", name, NULL);
}

static PdTemplates *load(void)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autofree char *shipped = source_path("templates");
    PdTemplates *templates = pd_templates_load(shipped, NULL, both, list);

    ck_assert_ptr_nonnull(templates);
    return templates;
}

static PdJson *values_of(const char *language)
{
    g_autofree char *name = g_strdup_printf("tests/desk/golden/values.%s.json", language);
    g_autofree char *path = source_path(name);
    g_autofree char *text = NULL;
    PdJson *values = NULL;

    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    ck_assert_ptr_null(pd_json_parse(text, strlen(text), &values));
    return values;
}

static void check_golden(const char *language)
{
    g_autoptr(PdTemplates) templates = load();
    g_autoptr(PdJson) values = values_of(language);
    g_autoptr(PdRendered) rendered = NULL;
    g_autofree char *name = g_strdup_printf("tests/desk/golden/acknowledge.%s.txt", language);
    g_autofree char *path = source_path(name);
    g_autofree char *golden = NULL;

    ck_assert_ptr_null(pd_templates_render(templates, language, "acknowledge", values, &rendered));
    g_autofree char *got = g_strdup_printf("Subject: %s\n\n%s", rendered->subject, rendered->text);
    if (g_getenv("UPDATE_GOLDEN") != NULL)
        ck_assert(g_file_set_contents(path, got, -1, NULL));
    ck_assert(g_file_get_contents(path, &golden, NULL, NULL));
    ck_assert_str_eq(got, golden);
}

START_TEST(acknowledgement_reads_as_agreed)
{
    check_golden(both[_i]);
}
END_TEST

START_TEST(every_mail_keeps_to_78_columns)
{
    static const char *const names[] = {"acknowledge", "oversize", "reopened", "status",
                                        "resolved",    "closed",   NULL};
    g_autoptr(PdTemplates) templates = load();
    g_autoptr(PdJson) values = values_of(both[_i]);

    for (const char *const *name = names; *name != NULL; name++) {
        g_autoptr(PdRendered) rendered = NULL;
        ck_assert_ptr_null(pd_templates_render(templates, both[_i], *name, values, &rendered));
        g_auto(GStrv) lines = g_strsplit(rendered->text, "\n", -1);
        for (char **line = lines; *line != NULL; line++)
            ck_assert_msg(pd_text_width(*line) <= 78, "%s: %s", *name, *line);
    }
}
END_TEST

START_TEST(lines_are_folded_where_a_reader_expects_it)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"short\n\nlines \n", "short\n\nlines \n"},
        {"-- \n", "-- \n"},
        {"one two three four five six seven eight nine",
         "one two three four five six seven eight\nnine"},
        {"> one two three four five six seven eight nine",
         "> one two three four five six seven\n> eight nine"},
        {">> one two three four five six seven eight nine",
         ">> one two three four five six seven\n>> eight nine"},
        {"  Subject   one two three four five six seven eight",
         "  Subject   one two three four five six\n            seven eight"},
        {"  主题      今天上午起财务系统一直登录不上，请处理",
         "  主题      今天上午起财务系统一直登录不\n            上，请处理"},
        {"  - one two three four five six seven eight nine",
         "  - one two three four five six seven\n    eight nine"},
        {"今天上午八点起财务系统一直登录不上，请尽快处理",
         "今天上午八点起财务系统一直登录不上，请尽\n快处理"},
        {"今天上午八点起财务系统一直登录不上请尽快，处理",
         "今天上午八点起财务系统一直登录不上请尽\n快，处理"},
        {"今天上午八点起财务系统一直登录不上请尽（快）",
         "今天上午八点起财务系统一直登录不上请尽\n（快）"},
        {"https://example.org/a-place-that-cannot-be-folded-anywhere/at-all next",
         "https://example.org/a-place-that-cannot-be-folded-anywhere/at-all\nnext"},
    };
    g_autofree char *folded = pd_wrap_text(cases[_i][0], 40);

    ck_assert_str_eq(folded, cases[_i][1]);
}
END_TEST
#define CASES 13

START_TEST(endless_quoting_is_folded_all_the_same)
{
    g_autofree char *marks = g_strnfill(5000, '>');
    g_autofree char *line = g_strconcat(marks, " one two three four five six seven eight", NULL);
    g_autofree char *folded = pd_wrap_text(line, 40);

    ck_assert_ptr_nonnull(strstr(folded, "eight"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("golden");
    TCase *all = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    tcase_add_loop_test(all, acknowledgement_reads_as_agreed, 0, 2);
    tcase_add_loop_test(all, every_mail_keeps_to_78_columns, 0, 2);
    tcase_add_loop_test(all, lines_are_folded_where_a_reader_expects_it, 0, CASES);
    tcase_add_test(all, endless_quoting_is_folded_all_the_same);
    suite_add_tcase(suite, all);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
