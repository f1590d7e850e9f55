/* alarm_test.c: alarms reach the admin in his desk's language, with all their facts. */
#include "fixture.h"

#include "postdesk/clock.h"
#include "postdesk/text.h"
#include "postdesk/yaml.h"
#include <stdlib.h>
#include <string.h>

#define ENGLISH "What happened, in English: "

static const char *const kinds[] = {
    "{\"kind\":\"answer\",\"ticket\":71,\"reason\":\"no template\"}",
    "{\"kind\":\"authority\",\"from\":\"eve@x.example\",\"count\":3,\"ticket\":72}",
    "{\"kind\":\"bounce\",\"message\":\"b1@x.example\"}",
    "{\"kind\":\"budget\",\"recipient\":\"ann@x.example\",\"over_desk\":false}",
    "{\"kind\":\"budget\",\"recipient\":\"ann@x.example\",\"over_desk\":true}",
    "{\"kind\":\"calendar\",\"missing\":[{\"file\":\"a.yaml\",\"year\":2027},"
    "{\"file\":\"b.yaml\",\"year\":2028}]}",
    "{\"kind\":\"disk-full\",\"folder\":\"/var/desk\",\"least\":\"1.0 GB\"}",
    "{\"kind\":\"form\",\"ticket\":73,\"reason\":\"no form\",\"advice\":\"write one\"}",
    "{\"kind\":\"gathered\",\"ticket\":74,\"recipient\":\"ann@x.example\",\"reason\":\"too long\"}",
    "{\"kind\":\"mail-failed\",\"mail\":5,\"ticket\":75,\"recipient\":\"ann@x.example\","
    "\"reply\":\"550 no such user\"}",
    "{\"kind\":\"mail-failed\",\"mail\":6,\"recipient\":\"ann@x.example\",\"reply\":\"550\"}",
    "{\"kind\":\"mail-failed\",\"relay\":\"main\",\"reply\":\"550 no such user\"}",
    "{\"kind\":\"mail-unknown\",\"mail\":7,\"ticket\":76,\"recipient\":\"ann@x.example\","
    "\"reply\":\"lost\"}",
    "{\"kind\":\"mail-unknown\",\"relay\":\"main\",\"reply\":\"lost\"}",
    "{\"kind\":\"mailbox\",\"folder\":\"support/INBOX\",\"reason\":\"refused\",\"advice\":\"ask\"}",
    "{\"kind\":\"message-not-fetched\",\"folder\":\"support/INBOX\",\"uid\":77,\"attempts\":4}",
    "{\"kind\":\"outbox-unknown\",\"count\":78}",
    "{\"kind\":\"quarantine\",\"message\":\"q1@x.example\",\"reason\":\"too deep\"}",
    "{\"kind\":\"relay\",\"relay\":\"main\",\"reason\":\"refused\",\"advice\":\"ask\"}",
    "{\"kind\":\"reload\",\"file\":\"/etc/postdesk.yaml\"}",
    "{\"kind\":\"role\",\"role\":\"collect support\",\"deaths\":9}",
    "{\"kind\":\"roster\",\"group\":\"network\",\"queues\":\"n1, n2\",\"until\":\"2026-12-01 "
    "08:00\"}",
    "{\"kind\":\"rule\",\"rule\":\"dear/not\",\"message\":\"r1@x.example\"}",
    "{\"kind\":\"server-not-told\",\"folder\":\"support/INBOX\",\"reason\":\"full\"}",
    "{\"kind\":\"set-back\",\"folder\":\"support/INBOX\"}",
    "{\"kind\":\"sharing\",\"folder\":\"/var/desk\",\"reason\":\"full\",\"advice\":\"ask\"}",
    "{\"kind\":\"timer\",\"ticket\":79,\"reason\":\"no template\"}",
    "{\"kind\":\"uidvalidity\",\"folder\":\"support/INBOX\",\"old\":80,\"new\":81}",
};

static Fixture *fixture;

static void tear_down(void)
{
    fixture_free(fixture);
    fixture = NULL;
}

static PdMail *raise_alarm(const char *language, gint index, PdJson **facts)
{
    g_autofree char *subject = g_strdup_printf("subject %d", index);
    g_autofree char *text = g_strdup_printf(ENGLISH "%d", index);

    fixture = fixture_new("");
    g_free(fixture->config->default_language);
    fixture->config->default_language = g_strdup(language);
    ck_ok(pd_json_parse(kinds[index], strlen(kinds[index]), facts));
    ck_ok(pd_desk_alarm(fixture->desk, pd_json_get_text(*facts, "kind"), subject, text, *facts));
    return fixture_last_mail(fixture, NULL);
}

static void ck_tells(const char *text, const PdJson *fact)
{
    g_autofree char *number = pd_json_string(fact) == NULL
                                  ? g_strdup_printf("%" G_GINT64_FORMAT, pd_json_number(fact))
                                  : NULL;
    const char *told = number != NULL ? number : pd_json_string(fact);

    ck_assert_msg(strstr(text, told) != NULL, "'%s' is not in:\n%s", told, text);
}

/* Each fact stands in the text, those of entries, too; and nothing but facts is not Chinese. */
START_TEST(each_kind_is_told_in_chinese_with_its_facts)
{
    g_autoptr(PdJson) facts = NULL;
    g_autoptr(PdMail) mail = raise_alarm("zh_CN", _i, &facts);
    g_autofree char *text = pd_text_fold_space(mail->text);
    g_autofree const char **keys = pd_json_keys(facts);

    for (const char **key = keys; *key != NULL; key++) {
        const PdJson *fact = pd_json_get(facts, *key);
        for (gsize i = 0; pd_json_is_array(fact) && i < pd_json_length(fact); i++) {
            ck_tells(text, pd_json_get(pd_json_at(fact, i), "file"));
            ck_tells(text, pd_json_get(pd_json_at(fact, i), "year"));
        }
        if (!pd_json_is_array(fact) && strcmp(*key, "over_desk") != 0)
            ck_tells(text, fact);
    }
    ck_assert_ptr_null(strstr(text, ENGLISH));
    ck_assert_ptr_null(strstr(text, "subject"));
    ck_assert_ptr_null(strstr(text, "{{"));
    ck_assert(g_str_has_prefix(mail->subject, "[服务台告警] "));
    const char *headline = mail->subject + strlen("[服务台告警] ");
    ck_assert_msg((guchar)*headline >= 0x80, "%s", headline);
}
END_TEST

START_TEST(each_kind_is_told_in_english_with_a_headline)
{
    g_autoptr(PdJson) facts = NULL;
    g_autoptr(PdMail) mail = raise_alarm("en", _i, &facts);

    ck_assert_ptr_nonnull(strstr(mail->text, ENGLISH));
    ck_assert(g_str_has_prefix(mail->subject, "[Desk alarm] "));
    const char *headline = mail->subject + strlen("[Desk alarm] ");
    ck_assert_msg(g_ascii_isupper(*headline), "%s", headline);
    ck_assert_ptr_null(strstr(headline, "subject"));
}
END_TEST

/* Of before, or of somebody else's program. */
START_TEST(an_alarm_without_facts_is_told_by_its_text)
{
    fixture = fixture_new("");
    ck_ok(pd_desk_alarm(fixture->desk, "quarantine", "A message", ENGLISH "0", NULL));
    g_autoptr(PdMail) mail = fixture_last_mail(fixture, NULL);
    ck_assert_ptr_nonnull(strstr(mail->text, ENGLISH));
}
END_TEST

/* Else whoever has a message refused could write lines of the desk's own for the admin. */
START_TEST(a_reason_of_several_lines_adds_none_to_the_alarm)
{
    fixture = fixture_new("");
    gint64 id = fixture_take_in(fixture, "From: ann@example.net\nSubject: x\n\nhelp\n");
    ck_ok(pd_desk_quarantine(fixture->desk, id, "too deep\n  Time  never\r\nRun:\tanything"));
    g_autoptr(GPtrArray) alarms = NULL;
    ck_ok(pd_store_alarms(fixture->store, 0, &alarms));
    ck_assert_uint_eq(alarms->len, 1);
    const PdAlarm *alarm = g_ptr_array_index(alarms, 0);
    ck_assert_ptr_nonnull(strstr(alarm->text, "\nReason: too deep Time never Run: anything\n"));
    ck_assert_str_eq(pd_json_get_text(alarm->facts, "reason"), "too deep Time never Run: anything");
}
END_TEST

START_TEST(advice_is_told_in_the_words_of_the_language)
{
    static const char facts[] = "{\"relay\":\"main\",\"reason\":\"535 no\","
                                "\"advice\":\"check the user name and the password\"}";
    g_autoptr(PdJson) known = NULL;

    fixture = fixture_new("");
    g_free(fixture->config->default_language);
    fixture->config->default_language = g_strdup("zh_CN");
    ck_ok(pd_json_parse(facts, strlen(facts), &known));
    ck_ok(pd_desk_alarm(fixture->desk, "relay", "main", ENGLISH "0", known));
    g_autoptr(PdMail) mail = fixture_last_mail(fixture, NULL);
    ck_assert_ptr_nonnull(strstr(mail->text, "处理办法：请检查用户名和密码"));
}
END_TEST

static char *in_source(const char *name)
{
    const char *source = g_getenv("top_srcdir");

    return g_build_filename(source != NULL ? source : ".", name, NULL);
}

static void add_code(GString *code, const char *folder)
{
    g_autofree char *path = in_source(folder);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;

    ck_assert_ptr_nonnull(dir);
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_autofree char *text = NULL;
        if (g_str_has_suffix(name, ".c") && g_file_get_contents(file, &text, NULL, NULL))
            g_string_append(code, text);
    }
}

/* The code of the floors that know what is to be done, its texts in one piece each. */
static char *code_with_whole_texts(void)
{
    static const char *const floors[] = {"src/base", "src/config", "src/wire", "src/store"};
    g_autoptr(GString) code = g_string_new(NULL);
    g_autoptr(GRegex) seam = g_regex_new("\"\\s*\"", 0, 0, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(floors); i++)
        add_code(code, floors[i]);
    return g_regex_replace_literal(seam, code->str, (gssize)code->len, 0, "", 0, NULL);
}

/* A sentence that the program no longer says would be told in English again. */
START_TEST(each_advice_with_words_of_its_own_is_one_that_the_program_gives)
{
    g_autofree char *path = in_source("templates/zh_CN/words.yaml");
    g_autofree char *code = code_with_whole_texts();
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdYaml) yaml = pd_yaml_read_file(path, list);

    ck_assert_ptr_nonnull(yaml);
    const PdYamlNode *advice = pd_yaml_get(pd_yaml_root(yaml), "advice");
    ck_assert_uint_gt(pd_yaml_count(advice), 20);
    for (guint i = 0; i < pd_yaml_count(advice); i++) {
        g_autofree char *text = g_strdup_printf("\"%s\"", pd_yaml_text(pd_yaml_key(advice, i)));
        ck_assert_msg(strstr(code, text) != NULL, "nobody says %s", text);
    }
}
END_TEST

START_TEST(the_manual_names_each_kind)
{
    g_autofree char *path = in_source("man/postdesk-templates.5");
    g_autofree char *page = NULL;
    g_autoptr(PdJson) facts = NULL;

    ck_assert(g_file_get_contents(path, &page, NULL, NULL));
    ck_ok(pd_json_parse(kinds[_i], strlen(kinds[_i]), &facts));
    g_autofree char *row = g_strdup_printf(".It Ic %s Ta ", pd_json_get_text(facts, "kind"));
    ck_assert_msg(strstr(page, row) != NULL, "'%s' is not there", row);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("alarm");
    TCase *tests = tcase_create("all");

    tcase_add_checked_fixture(tests, NULL, tear_down);
    tcase_add_loop_test(tests, each_kind_is_told_in_chinese_with_its_facts, 0, G_N_ELEMENTS(kinds));
    tcase_add_loop_test(tests, each_kind_is_told_in_english_with_a_headline, 0,
                        G_N_ELEMENTS(kinds));
    tcase_add_test(tests, an_alarm_without_facts_is_told_by_its_text);
    tcase_add_test(tests, a_reason_of_several_lines_adds_none_to_the_alarm);
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, advice_is_told_in_the_words_of_the_language);
    TCase *manual = tcase_create("manual");
    tcase_add_test(manual, each_advice_with_words_of_its_own_is_one_that_the_program_gives);
    tcase_add_loop_test(manual, the_manual_names_each_kind, 0, G_N_ELEMENTS(kinds));
    suite_add_tcase(suite, manual);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
