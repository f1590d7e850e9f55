/* template_test.c: loading, checking and rendering of mail templates. */
#include "desk/occasions.h"
#include "desk/subject.h"
#include "desk/template_private.h"
#include "postdesk/files.h"
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const both[] = {"zh_CN", "en", NULL};
static char *admin; /* the admin's folder of one test */

static char *shipped(void)
{
    const char *source = g_getenv("top_srcdir");

    return g_build_filename(source != NULL ? source : ".", "templates", NULL);
}

static void set_up(void)
{
    admin = g_dir_make_tmp("pd-templates-XXXXXX", NULL);
}

static void remove_folder(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        remove_folder(inner);
    }
    g_remove(path);
}

static void tear_down(void)
{
    remove_folder(admin);
    g_clear_pointer(&admin, g_free);
}

static void write_admin(const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(admin, "en", name, NULL);
    g_autofree char *parent = g_path_get_dirname(path);
    g_autoptr(PdStatus) made = pd_folder_make(parent, 0700);

    ck_assert_ptr_null(made);
    ck_assert(g_file_set_contents(path, text, -1, NULL));
}

static PdTemplates *load(PdDiagnostics *list)
{
    g_autofree char *folder = shipped();

    return pd_templates_load(folder, admin, both, list);
}

/* The only error, without the folder. */
static char *only_error(void)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdTemplates) templates = load(list);

    ck_assert_ptr_null(templates);
    ck_assert_uint_eq(pd_diagnostics_count(list), 1);
    g_autofree char *line = pd_diagnostic_format(pd_diagnostics_get(list, 0));
    ck_assert(g_str_has_prefix(line, admin));
    return g_strdup(line + strlen(admin) + 1);
}

static PdTemplates *load_clean(void)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    PdTemplates *templates = load(list);
    g_autoptr(PdStatus) status = pd_diagnostics_status(list);

    ck_assert_msg(status == NULL, "%s", status != NULL ? pd_status_text(status) : "");
    ck_assert_ptr_nonnull(templates);
    return templates;
}

static PdJson *some_values(void)
{
    PdJson *values = pd_json_object();

    pd_json_set_text(values, "number", "7");
    pd_json_set_text(values, "subject", "<b>VPN</b>");
    pd_json_set_text(values, "desk_name", "Desk");
    return values;
}

START_TEST(shipped_templates_are_complete_and_use_declared_variables_only)
{
    g_autoptr(PdTemplates) templates = load_clean();

    ck_assert(pd_templates_has(templates, "en", "acknowledge"));
    ck_assert(!pd_templates_has(templates, "en", "_foot"));
    ck_assert_str_eq(pd_templates_language(templates, "fr"), "zh_CN");
}
END_TEST

START_TEST(variable_that_the_occasion_does_not_declare_is_an_error_of_loading)
{
    write_admin("resolved.txt", "Subject: x\n\n{{number}}\n{{subjct}}\n");
    g_autofree char *error = only_error();
    ck_assert_str_eq(error, "en/resolved.txt:4: error: occasion 'resolved' has no variable "
                            "'subjct'; did you mean 'subject'?");
}
END_TEST

START_TEST(member_of_a_list_is_declared_inside_its_section_only)
{
    write_admin("acknowledge.txt", "Subject: x\n\n{{#attachments}}{{name}}{{/attachments}}\n");
    PdTemplates *templates = load_clean();
    pd_templates_free(templates);
    write_admin("acknowledge.txt", "Subject: x\n\n{{name}}\n");
    g_autofree char *error = only_error();
    ck_assert_str_eq(error, "en/acknowledge.txt:3: error: occasion 'acknowledge' has no variable "
                            "'name'; postdesk-templates(5) lists them");
}
END_TEST

START_TEST(mistakes_of_shape_are_told_with_their_place)
{
    write_admin("closed.txt", "no header\n");
    g_autofree char *header = only_error();
    ck_assert_ptr_nonnull(strstr(header, "en/closed.txt:1:1: error: no header block"));
    write_admin("closed.txt", "Subject: x\n\na\nb {{#number}}\n");
    g_autofree char *section = only_error();
    ck_assert_str_eq(section, "en/closed.txt:4: error: a section is not closed: number");
    write_admin("closed.txt", "Subject: x\n\n{{>_nowhere}}\n");
    g_autofree char *partial = only_error();
    ck_assert_str_eq(partial, "en/closed.txt:3: error: there is no partial '_nowhere'; it would "
                              "be the file _nowhere.txt");
}
END_TEST

START_TEST(partial_that_includes_itself_is_told)
{
    write_admin("_foot.txt", "{{>_foot}}\n");
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdTemplates) templates = load(list);
    ck_assert_ptr_null(templates);
    g_autoptr(PdStatus) status = pd_diagnostics_status(list);
    ck_assert_ptr_nonnull(strstr(pd_status_text(status), "includes itself"));
}
END_TEST

START_TEST(where_nothing_was_shipped_one_message_says_so)
{
    g_autofree char *nowhere = g_build_filename(admin, "nowhere", NULL);
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    ck_assert_ptr_null(pd_templates_load(nowhere, NULL, both, list));
    ck_assert_uint_eq(pd_diagnostics_count(list), 1);
    ck_assert_ptr_nonnull(strstr(pd_diagnostics_get(list, 0)->text, "POSTDESK_DATA"));
}
END_TEST

START_TEST(an_admins_text_overrides_the_shipped_one_and_its_html)
{
    write_admin("acknowledge.txt", "Subject: Ours {{number}}\n\nHello {{subject}}\n");
    g_autoptr(PdTemplates) templates = load_clean();
    g_autoptr(PdJson) values = some_values();
    g_autoptr(PdRendered) rendered = NULL;

    ck_assert_ptr_null(pd_templates_render(templates, "en", "acknowledge", values, &rendered));
    ck_assert_str_eq(rendered->subject, "Ours 7");
    ck_assert_str_eq(rendered->text, "Hello <b>VPN</b>\n");
    ck_assert_ptr_null(rendered->html);
    g_autoptr(PdRendered) other = NULL;
    ck_assert_ptr_null(pd_templates_render(templates, "zh_CN", "acknowledge", values, &other));
    ck_assert_ptr_nonnull(strstr(other->subject, "已受理"));
    ck_assert_ptr_nonnull(strstr(other->html, "&lt;b&gt;VPN&lt;/b&gt;"));
}
END_TEST

START_TEST(an_admins_words_are_read_over_the_shipped_ones)
{
    write_admin("words.yaml", "categories: {network/vpn: Tunnel}\n");
    g_autoptr(PdTemplates) templates = load_clean();

    ck_assert_str_eq(pd_templates_word(templates, "en", "categories", "network/vpn"), "Tunnel");
    ck_assert_str_eq(pd_templates_word(templates, "en", "categories", "other"), "Other");
    ck_assert_str_eq(pd_templates_word(templates, "en", "categories", "a/b"), "a/b");
}
END_TEST

START_TEST(words_of_an_alarm_use_its_facts_only)
{
    write_admin("words.yaml", "alarm_texts: {relay: 'The relay {{rely}} is gone'}\n");
    g_autofree char *fact = only_error();
    ck_assert_str_eq(fact, "en/words.yaml:1:15: error: the alarm 'relay' has no 'rely'; it has: "
                           "relay, reason, advice");
    write_admin("words.yaml", "alarm_texts: {relais: x}\n");
    g_autofree char *kind = only_error();
    ck_assert_str_eq(kind, "en/words.yaml:1:15: error: there is no alarm 'relais'; did you mean "
                           "'relay'?");
}
END_TEST

START_TEST(man_page_lists_every_occasion_and_variable)
{
    const char *source = g_getenv("top_srcdir");
    g_autofree char *path =
        g_build_filename(source != NULL ? source : ".", "man", "postdesk-templates.5", NULL);
    g_autofree char *page = NULL;
    gsize count;
    const PdOccasion *occasions = pd_occasions(&count);

    ck_assert(g_file_get_contents(path, &page, NULL, NULL));
    for (gsize i = 0; i < count; i++) {
        g_autofree char *item = g_strconcat(".It Ic ", occasions[i].name, "\n", NULL);
        ck_assert_msg(strstr(page, item) != NULL, "occasion %s", occasions[i].name);
        for (const PdVariable *const *list = occasions[i].variables; *list != NULL; list++) {
            for (const PdVariable *known = *list; known->name != NULL; known++) {
                const char *dot = strrchr(known->name, '.');
                const char *name = dot != NULL ? dot + 1 : known->name;
                ck_assert_msg(strstr(page, name) != NULL, "variable %s", known->name);
            }
        }
    }
}
END_TEST

START_TEST(subject_of_a_ticket_is_freed_of_prefixes_and_marks)
{
    const char *const cases[][2] = {
        {"Re: [#12] 已受理：VPN", "已受理：VPN"},
        {"RE: Re[2]: 回复：VPN", "VPN"},
        {"答复: vpn down", "vpn down"},
        {"Recent fault", "Recent fault"},
        {"Re:", ""},
        {"[#x] a", "[#x] a"},
    };
    static const char *const of_others[][3] = {
        {"Re: [#12] Received: VPN down", "VPN down", "VPN down"},
        {"转发: [#12] 已受理：VPN 不通", "VPN 不通", "VPN 不通"},
        {"答复：[#12] 等待您的回复：VPN 不通", "VPN 不通", "VPN 不通"},
        {"Re: [#12] VPN down", "VPN down", "VPN down"},
        {"OpenVPN", "VPN", "OpenVPN"},
        {"Re: [#12] printer", "VPN down", "printer"},
        {"Re: [#12] printer", "", "printer"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *clean = pd_subject_clean(cases[i][0], NULL);
        ck_assert_str_eq(clean, cases[i][1]);
    }
    g_autoptr(GArray) tickets = g_array_new(FALSE, FALSE, sizeof(gint64));
    gint64 ticket = 12;
    g_array_append_val(tickets, ticket);
    g_autofree char *foreign = pd_subject_clean("Re: [#4711] about [#12]", tickets);
    ck_assert_str_eq(foreign, "[#4711] about"); /* their desk looks for it in the answer */
    for (gsize i = 0; i < G_N_ELEMENTS(of_others); i++) {
        g_autofree char *clean = pd_subject_clean_of(of_others[i][0], NULL, of_others[i][1]);
        ck_assert_str_eq(clean, of_others[i][2]);
    }
}
END_TEST

START_TEST(number_stands_in_a_subject_just_once)
{
    const char *const cases[][2] = {
        {"[#5] a", "[#5] a"},
        {"a", "[#5] a"},
        {"[#5] Re: [#5] a", "[#5] Re: a"},
        {"[#5] about [#6]", "[#5] about [#6]"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *marked = pd_subject_mark(cases[i][0], 5);
        ck_assert_str_eq(marked, cases[i][1]);
    }
}
END_TEST

START_TEST(what_others_bring_about_are_occasions)
{
    g_auto(GStrv) names = g_strsplit(pd_occasions_by_others() + 1, " ", -1);

    for (char **name = names; **name != '\0'; name++)
        ck_assert_msg(pd_occasion_is_known(*name), "%s", *name);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("template");
    TCase *all = tcase_create("all");

    tcase_add_checked_fixture(all, set_up, tear_down);
    tcase_add_test(all, shipped_templates_are_complete_and_use_declared_variables_only);
    tcase_add_test(all, variable_that_the_occasion_does_not_declare_is_an_error_of_loading);
    tcase_add_test(all, member_of_a_list_is_declared_inside_its_section_only);
    tcase_add_test(all, mistakes_of_shape_are_told_with_their_place);
    tcase_add_test(all, partial_that_includes_itself_is_told);
    tcase_add_test(all, where_nothing_was_shipped_one_message_says_so);
    tcase_add_test(all, an_admins_text_overrides_the_shipped_one_and_its_html);
    tcase_add_test(all, an_admins_words_are_read_over_the_shipped_ones);
    tcase_add_test(all, words_of_an_alarm_use_its_facts_only);
    tcase_add_test(all, man_page_lists_every_occasion_and_variable);
    tcase_add_test(all, what_others_bring_about_are_occasions);
    tcase_add_test(all, subject_of_a_ticket_is_freed_of_prefixes_and_marks);
    tcase_add_test(all, number_stands_in_a_subject_just_once);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
