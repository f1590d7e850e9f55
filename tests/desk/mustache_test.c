/* mustache_test.c: the required modules of the Mustache specification, and the limits. */
#include "postdesk/files.h"
#include "postdesk/template.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *corpus_folder(void)
{
    const char *given = g_getenv("POSTDESK_CORPUS");
    const char *source = g_getenv("top_srcdir");

    if (given != NULL)
        return g_build_filename(given, "mustache", "specs", NULL);
    return g_build_filename(source != NULL ? source : ".", "..", "shared", "corpus", "mustache",
                            "specs", NULL);
}

static PdJson *read_module(const char *path)
{
    g_autofree char *bytes = NULL;
    gsize length;
    PdJson *module = NULL;

    ck_assert_ptr_null(pd_file_read(path, 1 << 20, &bytes, &length));
    ck_assert_ptr_null(pd_json_parse(bytes, length, &module));
    return module;
}

static void run_case(const char *module, const PdJson *test)
{
    g_autofree char *text = NULL;
    g_autoptr(PdStatus) status =
        pd_mustache_render(pd_json_get_text(test, "template"), pd_json_get(test, "data"),
                           pd_json_get(test, "partials"), TRUE, &text);

    ck_assert_msg(status == NULL, "%s, %s: %s", module, pd_json_get_text(test, "name"),
                  status != NULL ? pd_status_text(status) : "");
    const char *expected = pd_json_get_text(test, "expected");
    ck_assert_msg(strcmp(text, expected) == 0, "%s, %s: expected [%s], got [%s]", module,
                  pd_json_get_text(test, "name"), expected, text);
}

static const char *const modules[] = {"comments", "delimiters", "interpolation",
                                      "inverted", "partials",   "sections"};

START_TEST(required_modules_of_the_specification_hold)
{
    g_autofree char *folder = corpus_folder();
    g_autofree char *name = g_strconcat(modules[_i], ".json", NULL);
    g_autofree char *path = g_build_filename(folder, name, NULL);

    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        fprintf(stderr, "SKIPPED: mustache %s, no corpus at %s\n", modules[_i], folder);
        return;
    }
    g_autoptr(PdJson) module = read_module(path);
    const PdJson *tests = pd_json_get(module, "tests");
    ck_assert_uint_gt(pd_json_length(tests), 10);
    for (gsize i = 0; i < pd_json_length(tests); i++)
        run_case(modules[_i], pd_json_at(tests, i));
}
END_TEST

static char *render_error(const char *source, const PdJson *partials)
{
    g_autoptr(PdJson) values = pd_json_object();
    g_autofree char *text = NULL;
    g_autoptr(PdStatus) status = pd_mustache_render(source, values, partials, TRUE, &text);

    return g_strdup(status != NULL ? pd_status_text(status) : "no error");
}

START_TEST(mistakes_in_a_template_are_told)
{
    const char *const cases[][2] = {
        {"{{name", "a tag is not closed"},
        {"{{#a}}x", "a section is not closed: a"},
        {"{{#a}}{{#b}}{{/a}}{{/b}}", "this section must be closed first: b"},
        {"{{/a}}", "a section is closed that is not open: a"},
        {"{{ }}", "a tag has no name"},
        {"{{=<%=}}", "delimiters are two words, as in {{=<% %>=}}: <%"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *error = render_error(cases[i][0], NULL);
        ck_assert_str_eq(error, cases[i][1]);
    }
}
END_TEST

START_TEST(partial_that_includes_itself_ends_in_an_error)
{
    g_autoptr(PdJson) partials = pd_json_object();

    pd_json_set_text(partials, "p", "x{{>p}}");
    g_autofree char *error = render_error("{{>p}}", partials);
    ck_assert_ptr_nonnull(strstr(error, "nests deeper"));
}
END_TEST

START_TEST(mistake_in_a_partial_is_told)
{
    g_autoptr(PdJson) partials = pd_json_object();

    pd_json_set_text(partials, "p", "{{#open}}");
    g_autofree char *error = render_error("{{>p}}", partials);
    ck_assert_str_eq(error, "a section is not closed: open");
}
END_TEST

START_TEST(output_is_bounded)
{
    g_autoptr(PdJson) values = pd_json_object();
    PdJson *list = pd_json_array();
    g_autofree char *piece = g_strnfill(3000, 'x');
    g_autofree char *text = NULL;

    for (int i = 0; i < 1000; i++)
        pd_json_add_text(list, piece);
    pd_json_set(values, "list", list);
    g_autoptr(PdStatus) status =
        pd_mustache_render("{{#list}}{{.}}{{/list}}", values, NULL, FALSE, &text);
    ck_assert_ptr_nonnull(status);
}
END_TEST

START_TEST(sections_nested_without_end_are_refused)
{
    g_autoptr(GString) source = g_string_new(NULL);

    for (int i = 0; i < 100000; i++)
        g_string_append(source, "{{#a}}");
    g_autofree char *error = render_error(source->str, NULL);
    ck_assert_str_eq(error, "sections are nested too deep: a");
}
END_TEST

START_TEST(truth_is_written_as_a_word)
{
    g_autoptr(PdJson) values = pd_json_object();
    g_autofree char *text = NULL;

    pd_json_set_bool(values, "t", TRUE);
    pd_json_set_bool(values, "f", FALSE);
    ck_assert_ptr_null(pd_mustache_render("{{t}} {{f}}", values, NULL, FALSE, &text));
    ck_assert_str_eq(text, "true false");
}
END_TEST

START_TEST(text_is_escaped_in_html_only)
{
    g_autoptr(PdJson) values = pd_json_object();
    g_autofree char *plain = NULL;

    pd_json_set_text(values, "v", "<a href='x'>&");
    ck_assert_ptr_null(pd_mustache_render("{{v}}", values, NULL, FALSE, &plain));
    ck_assert_str_eq(plain, "<a href='x'>&");
    g_autofree char *html = NULL;
    ck_assert_ptr_null(pd_mustache_render("{{v}}", values, NULL, TRUE, &html));
    ck_assert_str_eq(html, "&lt;a href=&#39;x&#39;&gt;&amp;");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("mustache");
    TCase *all = tcase_create("all");

    tcase_add_loop_test(all, required_modules_of_the_specification_hold, 0, G_N_ELEMENTS(modules));
    tcase_add_test(all, mistakes_in_a_template_are_told);
    tcase_add_test(all, partial_that_includes_itself_ends_in_an_error);
    tcase_add_test(all, mistake_in_a_partial_is_told);
    tcase_add_test(all, output_is_bounded);
    tcase_add_test(all, sections_nested_without_end_are_refused);
    tcase_add_test(all, truth_is_written_as_a_word);
    tcase_add_test(all, text_is_escaped_in_html_only);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
