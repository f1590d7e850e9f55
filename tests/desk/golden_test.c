/* golden_test.c: what people read, word for word: every mail in every language, as text and as
 * HTML; and how text is folded.
 *
 * After a wanted change of the templates: UPDATE_GOLDEN=1 make check, and read the difference. */
#include "desk/occasions.h"
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

static void hold_against(const char *name, const char *language, const char *suffix,
                         const char *got)
{
    g_autofree char *file = g_strdup_printf("tests/desk/golden/%s.%s.%s", name, language, suffix);
    g_autofree char *path = source_path(file);
    g_autofree char *golden = NULL;

    if (g_getenv("UPDATE_GOLDEN") != NULL)
        ck_assert(g_file_set_contents(path, got, -1, NULL));
    ck_assert_msg(g_file_get_contents(path, &golden, NULL, NULL), "%s is missing", path);
    ck_assert_msg(strcmp(got, golden) == 0, "%s is not what is written:\n%s", path, got);
}

static void check_mail(const PdTemplates *templates, const char *language, const char *name)
{
    g_autoptr(PdJson) values = pd_occasion_sample(pd_occasion_of(name), language);
    g_autoptr(PdRendered) rendered = NULL;

    ck_assert_ptr_null(pd_templates_render(templates, language, name, values, &rendered));
    g_autofree char *text = g_strdup_printf("Subject: %s\n\n%s", rendered->subject, rendered->text);
    hold_against(name, language, "txt", text);
    if (rendered->html != NULL)
        hold_against(name, language, "html", rendered->html);
}

/* Every mail there is, with the sample values that its occasion declares. */
START_TEST(every_mail_reads_as_agreed)
{
    g_autoptr(PdTemplates) templates = load();
    gsize count;
    const PdOccasion *occasions = pd_occasions(&count);

    for (gsize i = 0; i < count; i++)
        check_mail(templates, both[_i], occasions[i].name);
}
END_TEST

static gboolean is_there(const PdJson *values, const char *name)
{
    g_auto(GStrv) path = g_strsplit(name, ".", -1);

    for (char **key = path; *key != NULL; key++) {
        if (key > path)
            values = pd_json_at(values, 0);
        values = pd_json_get(values, *key);
    }
    return values != NULL;
}

START_TEST(every_variable_has_a_sample)
{
    gsize count;
    const PdOccasion *occasions = pd_occasions(&count);

    for (gsize i = 0; i < count; i++) {
        g_autoptr(PdJson) values = pd_occasion_sample(&occasions[i], both[_i]);
        for (const PdVariable *const *list = occasions[i].variables; *list != NULL; list++) {
            for (const PdVariable *variable = *list; variable->name != NULL; variable++)
                ck_assert_msg(is_there(values, variable->name), "%s", variable->name);
        }
    }
}
END_TEST

START_TEST(every_mail_keeps_to_78_columns)
{
    g_autoptr(PdTemplates) templates = load();
    gsize count;
    const PdOccasion *occasions = pd_occasions(&count);

    for (gsize i = 0; i < count; i++) {
        g_autoptr(PdJson) values = pd_occasion_sample(&occasions[i], both[_i]);
        g_autoptr(PdRendered) rendered = NULL;
        ck_assert_ptr_null(
            pd_templates_render(templates, both[_i], occasions[i].name, values, &rendered));
        g_auto(GStrv) lines = g_strsplit(rendered->text, "\n", -1);
        for (char **line = lines; *line != NULL; line++)
            ck_assert_msg(pd_text_width(*line) <= 78, "%s: %s", occasions[i].name, *line);
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
        {"> one two three four five six seven eighty",
         "> one two three four five six seven eighty"},
        {"> one two three four five six seven eighty!",
         "> one two three four five six seven\n> eighty!"},
        {"> 今天上午八点起财务系统一直登录不上，请尽",
         "> 今天上午八点起财务系统一直登录不上，请尽"},
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
#define CASES 16

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

    tcase_add_loop_test(all, every_mail_reads_as_agreed, 0, 2);
    tcase_add_loop_test(all, every_variable_has_a_sample, 0, 2);
    tcase_add_loop_test(all, every_mail_keeps_to_78_columns, 0, 2);
    tcase_add_loop_test(all, lines_are_folded_where_a_reader_expects_it, 0, CASES);
    tcase_add_test(all, endless_quoting_is_folded_all_the_same);
    suite_add_tcase(suite, all);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
