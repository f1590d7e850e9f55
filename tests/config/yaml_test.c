/* yaml_test.c: YAML with the place of every value. */
#include "postdesk/limits.h"
#include "postdesk/yaml.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

static PdYaml *read_text(const char *text, PdDiagnostics *list)
{
    return pd_yaml_read_text("t.yaml", text, strlen(text), list);
}

static void assert_only_message(PdDiagnostics *list, const char *expected)
{
    ck_assert_uint_eq(pd_diagnostics_count(list), 1);
    g_autofree char *line = pd_diagnostic_format(pd_diagnostics_get(list, 0));
    ck_assert_str_eq(line, expected);
}

static void assert_place(const PdYamlNode *node, guint line, guint column)
{
    ck_assert_uint_eq(pd_yaml_line(node), line);
    ck_assert_uint_eq(pd_yaml_column(node), column);
}

START_TEST(every_value_has_its_place)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdYaml) yaml = read_text("# first\n"
                                       "信息: 值\n"
                                       "b:\n"
                                       "  - x\n"
                                       "  - \"y\"\n"
                                       "  - {k: v, 中: ['z', *no]}\n",
                                       list);

    assert_only_message(list, "t.yaml:6:21: error: this alias (*…) names no anchor (&…) above it; "
                              "quote a text that begins with '*'");
    const PdYamlNode *root = pd_yaml_root(yaml);
    assert_place(pd_yaml_key(root, 0), 2, 1);
    assert_place(pd_yaml_value(root, 0), 2, 5);
    const PdYamlNode *items = pd_yaml_get(root, "b");
    assert_place(items, 4, 3);
    assert_place(pd_yaml_item(items, 1), 5, 5);
    const PdYamlNode *inner = pd_yaml_get(pd_yaml_item(items, 2), "中");
    assert_place(inner, 6, 15);
    assert_place(pd_yaml_item(inner, 0), 6, 16);
}
END_TEST

START_TEST(plain_and_quoted_scalars_differ)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdYaml) yaml = read_text(
        "[true, \"true\", 12, '12', null, \"null\", ~, -3, 99999999999999999999, yes]", list);
    const PdYamlNode *root = pd_yaml_root(yaml);
    gboolean truth = FALSE;
    gint64 number = 0;

    ck_assert_uint_eq(pd_yaml_count(root), 10);
    ck_assert(pd_yaml_boolean(pd_yaml_item(root, 0), &truth) && truth);
    ck_assert(!pd_yaml_boolean(pd_yaml_item(root, 1), &truth));
    ck_assert(pd_yaml_is_quoted(pd_yaml_item(root, 1)));
    ck_assert(pd_yaml_integer(pd_yaml_item(root, 2), &number) && number == 12);
    ck_assert(!pd_yaml_integer(pd_yaml_item(root, 3), &number));
    ck_assert_ptr_null(pd_yaml_text(pd_yaml_item(root, 4)));
    ck_assert_str_eq(pd_yaml_text(pd_yaml_item(root, 5)), "null");
    ck_assert_ptr_null(pd_yaml_text(pd_yaml_item(root, 6)));
    ck_assert(pd_yaml_integer(pd_yaml_item(root, 7), &number) && number == -3);
    ck_assert(!pd_yaml_integer(pd_yaml_item(root, 8), &number));
    ck_assert(!pd_yaml_boolean(pd_yaml_item(root, 9), &truth));
    ck_assert_ptr_null(pd_yaml_text(root));
}
END_TEST

/* The library's own joining of the pieces cuts such a text. */
START_TEST(a_text_of_many_quotes_is_whole)
{
    g_autofree char *quotes = g_strnfill(200, '\'');
    g_autofree char *text = g_strdup_printf("'%s'", quotes);
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdYaml) yaml = read_text(text, list);

    quotes[100] = '\0';
    ck_assert_str_eq(pd_yaml_text(pd_yaml_root(yaml)), quotes);
}
END_TEST

START_TEST(an_empty_document_is_no_mistake)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdYaml) yaml = read_text("# nothing yet\n", list);

    ck_assert_ptr_nonnull(yaml);
    ck_assert_ptr_null(pd_yaml_root(yaml));
    ck_assert_str_eq(pd_yaml_file(yaml), "t.yaml");
    ck_assert_uint_eq(pd_diagnostics_count(list), 0);
}
END_TEST

START_TEST(line_ends_and_a_byte_order_mark_do_not_matter)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdYaml) yaml = read_text("\xef\xbb\xbf"
                                       "a: 1\r\nb: 2\rc: 3\n",
                                       list);

    ck_assert_uint_eq(pd_diagnostics_count(list), 0);
    assert_place(pd_yaml_get(pd_yaml_root(yaml), "c"), 3, 4);
}
END_TEST

START_TEST(an_alias_shares_what_it_names)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdYaml) yaml = read_text("a: &x [1, 2]\nb: *x\n", list);

    ck_assert_uint_eq(pd_diagnostics_count(list), 0);
    ck_assert_uint_eq(pd_yaml_count(pd_yaml_get(pd_yaml_root(yaml), "b")), 2);
}
END_TEST

/* What is no YAML for us: one message each, and no document. */
static const struct {
    const char *text, *message;
} refused[] = {
    {"a: [1, 2\nb: 3\n", "t.yaml:3:1: error: flow sequence without a closing bracket; add the ']'"},
    {"a: \"xx\nb: 3\n", "t.yaml:1:4: error: wrongly indented double-quoted scalar; is the closing "
                        "quote missing?"},
    {"a: b: c\n", "t.yaml:1:5: error: invalid nested block mapping on the same line; quote a text "
                  "that holds ': '"},
    {"a: @x\n", "t.yaml:1:4: error: plain scalar cannot start with '@'; quote this text"},
    {"a: x\n---\nb: 1\n", "t.yaml:2:1: error: a second document; keep one in each file"},
    {"a: x\n- b\n", "t.yaml:2:1: error: did not find expected key; check the indentation of this "
                    "line (blanks, no tabs)"},
    {"a: 1\nb: \xe9t\xe9\n", "t.yaml:2:4: error: not UTF-8; save the file in the encoding UTF-8"},
    {"a: \x01\n", "t.yaml:1:4: error: a control character; write it as an escape in double quotes"},
    {"a: \xe2\x80\xa8\n",
     "t.yaml:1:4: error: a control character; write it as an escape in double quotes"},
    {"%YAML 1.2\n---\n%TAG ! x\n",
     "t.yaml:3:1: error: directives (%…) are not used here; indent or quote a text"},
    {"? [a]\n: b\n", "t.yaml:1:3: error: a key must be plain text, no list or map"},
};

START_TEST(what_is_no_yaml_is_told_with_its_place)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdYaml) yaml = read_text(refused[_i].text, list);

    ck_assert_ptr_null(yaml);
    assert_only_message(list, refused[_i].message);
}
END_TEST

/* What can be told of while reading goes on. */
static const struct {
    const char *text, *message;
} complained_of[] = {
    {"a: 1\nb:\n  c: 1\n  c: 2\n",
     "t.yaml:4:3: error: 'c' is given twice, first in line 3; keep one"},
    {"a: !foo bar\n",
     "t.yaml:1:9: error: tags (!…) are not used here; quote a text that begins with '!'"},
    {"a: &a [*a]\n", "t.yaml:1:8: error: this alias (*…) names no anchor (&…) above it; quote a "
                     "text that begins with '*'"},
    {"a: \"b\\\\\\\n  c\"\n",
     "t.yaml:1:4: error: three backslashes at the end of a line; break this text elsewhere"},
    {"a: >\n  b\n\n    c\n",
     "t.yaml:2:1: error: indented text after an empty line of a folded block "
     "(>); write it as |"},
    {"a: \"x\\0y\"\n", "t.yaml:1:4: error: an escape that is no character; remove it"},
};

START_TEST(reading_goes_on_after_a_mistake)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdYaml) yaml = read_text(complained_of[_i].text, list);

    ck_assert_ptr_nonnull(yaml);
    assert_only_message(list, complained_of[_i].message);
}
END_TEST

START_TEST(a_nul_byte_is_refused)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    ck_assert_ptr_null(pd_yaml_read_text("t.yaml", "a: b\0c\n", 7, list));
    assert_only_message(list, "t.yaml:1:5: error: a NUL byte; this is no text file");
}
END_TEST

START_TEST(binary_files_are_told_briefly)
{
    g_autofree char *bytes = g_malloc(200000);
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    for (gsize i = 0; i < 200000; i++)
        bytes[i] = i % 2 == 0 ? (char)0xff : '\n';
    ck_assert_ptr_null(pd_yaml_read_text("t.yaml", bytes, 200000, list));
    ck_assert_uint_eq(pd_diagnostics_count(list), 10);
}
END_TEST

static char *repeat(const char *before, const char *what, guint count, const char *after)
{
    GString *text = g_string_new(before);

    for (guint i = 0; i < count; i++)
        g_string_append(text, what);
    g_string_append(text, after);
    return g_string_free(text, FALSE);
}

static char *bomb(void)
{
    GString *text = g_string_new("a: &a [x,x,x,x,x,x,x,x,x,x]\n");

    for (char c = 'b'; c < 'k'; c++) {
        g_string_append_printf(text, "%c: &%c [", c, c);
        for (int i = 0; i < 10; i++)
            g_string_append_printf(text, "*%c,", c - 1);
        g_string_append(text, "]\n");
    }
    return g_string_free(text, FALSE);
}

static char *alias_tower(void)
{
    GString *text = g_string_new("- &a0 [x]\n");

    for (int i = 1; i < 200; i++)
        g_string_append_printf(text, "- &a%d [*a%d]\n", i, i - 1);
    return g_string_free(text, FALSE);
}

static void assert_refused(char *text, const char *why)
{
    g_autofree char *owned = text;
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    ck_assert_ptr_null(read_text(owned, list));
    ck_assert_uint_eq(pd_diagnostics_count(list), 1);
    ck_assert_ptr_nonnull(strstr(pd_diagnostics_get(list, 0)->text, why));
}

START_TEST(hostile_documents_are_bounded)
{
    assert_refused(repeat("", "[", 30000, ""), "nested too deeply");
    assert_refused(repeat("", "- ", 30000, "x"), "nested too deeply");
    assert_refused(repeat("", "{a: ", 10000, ""), "nested too deeply");
    assert_refused(alias_tower(), "nested too deeply");
    assert_refused(bomb(), "too many values");
    assert_refused(repeat("", "- a\n", PD_LIMIT_YAML_NODES + 1, ""), "too many values");
    assert_refused(repeat("a: ", "x", PD_LIMIT_YAML_LINE, ""), "64 KiB");
    assert_refused(repeat("#", "x\n#", PD_LIMIT_CONFIG_BYTES / 3 + 1, ""), "split the file");
}
END_TEST

START_TEST(a_document_at_the_limit_of_depth_is_read)
{
    g_autofree char *open = repeat("", "[", PD_LIMIT_YAML_DEPTH, "");
    g_autofree char *text = repeat(open, "]", PD_LIMIT_YAML_DEPTH, "");
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdYaml) yaml = read_text(text, list);

    ck_assert_ptr_nonnull(yaml);
    ck_assert_uint_eq(pd_diagnostics_count(list), 0);
}
END_TEST

START_TEST(unknown_keys_are_told_with_the_nearest_word)
{
    static const char *const words[] = {"host", "port", NULL};
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdYaml) yaml = read_text("a:\n  hots: 1\n  port: 2\n  zebra\x7e: 3\nb: text\n", list);
    const PdYamlNode *root = pd_yaml_root(yaml);

    ck_assert(pd_yaml_check_keys(yaml, pd_yaml_get(root, "a"), words, "setting", list));
    ck_assert(!pd_yaml_check_keys(yaml, pd_yaml_get(root, "b"), words, "setting", list));
    ck_assert_uint_eq(pd_diagnostics_errors(list), 3);
    ck_assert_str_eq(pd_diagnostics_get(list, 0)->text,
                     "unknown setting 'hots'; did you mean 'host'?");
    ck_assert_uint_eq(pd_diagnostics_get(list, 0)->line, 2);
    ck_assert_uint_eq(pd_diagnostics_get(list, 0)->column, 3);
    ck_assert_str_eq(pd_diagnostics_get(list, 1)->text,
                     "unknown setting 'zebra~'; known here: host, port");
}
END_TEST

START_TEST(a_missing_file_is_told)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    ck_assert_ptr_null(pd_yaml_read_file("/nonexistent/x.yaml", list));
    assert_only_message(list, "/nonexistent/x.yaml: error: cannot open /nonexistent/x.yaml: No "
                              "such file or directory");
}
END_TEST

/* Mails are foreign: whatever is in them must read back as the same, and nothing else. */
static const char *const quoted[] = {
    "",
    "plain",
    "it's",
    "'",
    "null",
    "\\bvpn\\b",
    "a: b # c",
    "- {x: [y]}",
    "*no &no !no %no @no",
    "two\nlines\n\n  and \"three\" \\ \ttab",
    "trailing \n",
    "---\nrules: []\n...",
    "\x01\x1b[31m\x7f",
    "\xc2\x85\xc2\xa0\xe2\x80\xa8\xe2\x80\xa9",     /* NEL, no-break space, line and paragraph */
    "\xe2\x80\xae\xef\xbb\xbf\xef\xbf\xbd",         /* right-to-left, mark, replacement */
    "\xee\x80\x80\xf0\x9f\x98\x80\xf3\xa0\x81\x81", /* private use, a face, a tag */
    "\r\n carriage",
};

START_TEST(what_is_quoted_reads_back_as_it_was)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(GString) text = g_string_new("a: ");

    pd_yaml_quote(text, quoted[_i]);
    ck_assert_ptr_null(strchr(text->str, '\n'));
    g_string_append(text, "\nb: [");
    pd_yaml_quote(text, quoted[_i]);
    g_string_append(text, "]\n");
    g_autoptr(PdYaml) yaml = read_text(text->str, list);
    ck_assert_uint_eq(pd_diagnostics_count(list), 0);
    const PdYamlNode *root = pd_yaml_root(yaml);
    ck_assert_str_eq(pd_yaml_text(pd_yaml_get(root, "a")), quoted[_i]);
    ck_assert_str_eq(pd_yaml_text(pd_yaml_item(pd_yaml_get(root, "b"), 0)), quoted[_i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("yaml");
    TCase *cases = tcase_create("yaml");

    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, every_value_has_its_place);
    tcase_add_test(cases, plain_and_quoted_scalars_differ);
    tcase_add_test(cases, a_text_of_many_quotes_is_whole);
    tcase_add_test(cases, an_empty_document_is_no_mistake);
    tcase_add_test(cases, line_ends_and_a_byte_order_mark_do_not_matter);
    tcase_add_test(cases, an_alias_shares_what_it_names);
    tcase_add_loop_test(cases, what_is_no_yaml_is_told_with_its_place, 0, G_N_ELEMENTS(refused));
    tcase_add_loop_test(cases, reading_goes_on_after_a_mistake, 0, G_N_ELEMENTS(complained_of));
    tcase_add_test(cases, a_nul_byte_is_refused);
    tcase_add_test(cases, binary_files_are_told_briefly);
    tcase_add_test(cases, hostile_documents_are_bounded);
    tcase_add_test(cases, a_document_at_the_limit_of_depth_is_read);
    tcase_add_test(cases, unknown_keys_are_told_with_the_nearest_word);
    tcase_add_test(cases, a_missing_file_is_told);
    tcase_add_loop_test(cases, what_is_quoted_reads_back_as_it_was, 0, G_N_ELEMENTS(quoted));
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
