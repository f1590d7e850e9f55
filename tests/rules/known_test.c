/* known_test.c: a decision out of answers that are known is that of asking every rule.
 *
 * Each mail is decided by one set and then by another in both ways: with what the first set
 * answered, as it stands in the decision and as it is stored, and by asking all rules.
 */
#include "folder.h"
#include "rules/evaluate.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "categories: {a: {queue: qa, impact: high}, b: {queue: qb}, c: }\n"
#define FIRST                                                                                      \
    "rules:\n"                                                                                     \
    "- {id: host, when: {subject: '(?<host>srv\\d)'},\n"                                           \
    "   then: {merge_key: 'h=${host}', fields: {host: '${host}'}}}\n"                              \
    "- {id: head, when: {header: {X-Kind: k}}, then: {tags: [kind]}}\n"                            \
    "- {id: list, when: {body: '@words/down.txt'}, then: {votes: {a: 2}, tags: [down]}}\n"         \
    "- {id: halt, when: {subject: halt, not: {body: go}}, then: {category: c, stop: true}}\n"      \
    "- {id: late, when: {any: [{body: late}, {subject: late}]}, then: {votes: {b: 3}}}\n"          \
    "- {id: team, when: {department: finance}, then: {watchers: [w@example.org]}}\n"               \
    "- {id: none, when: {body: spam}, then: {drop: unwanted}}\n"                                   \
    "- {id: likely, when: {subject: srv}, then: {votes: '@points/likely.txt'}}\n"                  \
    "- {id: dear, when: {body: '(a+)+$'}, then: {tags: [dear]}}\n"
#define LAST "defaults: {category: c, impact: low, urgency: medium, queue: rest}\n"

/* What becomes of the first set. */
static const struct {
    const char *from, *to;
    const char *words; /* of the list */
} changes[] = {
    {"", "", "down\n"},
    {"", "", "go\n"},
    {"", "fold_chinese: true\n", "down\n"},
    {"rules:\n", "rules:\n- {id: new, when: {body: down|x}, then: {queue: new}}\n", "down\n"},
    {"rules:\n", "rules:\n- {id: new, when: {header: {X-New: x}}, then: {queue: new}}\n", "down\n"},
    {"rules:\n", "rules:\n- {id: new, when: {subject: l}, then: {queue: new, stop: true}}\n",
     "down\n"},
    {", stop: true", "", "down\n"},
    {"id: list, ", "id: list, shadow: true, ", "down\n"},
    {"id: halt, ", "id: halt, shadow: true, ", "down\n"},
    {"id: late", "id: other", "down\n"},
    {"body: late", "body: down", "down\n"},
    {"not: {body: go}", "body: go", "down\n"},
    {"{a: 2}", "{b: 2}", "down\n"},
    {"X-Kind: k", "X-Kind: true", "down\n"},
    {"X-Kind: k", "X-Other: k", "down\n"},
    {"finance", "personnel", "down\n"},
    {"h=${host}", "g=${host}", "down\n"},
    {"tags: [down]", "quarantine: held", "down\n"},
    {"'@points/likely.txt'", "{b: 1}", "down\n"},
};

static const char *const subjects[] = {"srv1 halt late", "srv2 late", "halt", "plain 網絡"};
static const char *const bodies[] = {
    "down late", "it is down, go", "spam a late", "x",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa! spam"};

/* The first that hits a limit, which takes its time. */
#define DEAR_MAIL (G_N_ELEMENTS(subjects) * (G_N_ELEMENTS(bodies) - 1))

static char *replace(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);

    ck_assert_ptr_nonnull(at);
    return g_strdup_printf("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static PdRuleSet *load(const char *text, const char *words)
{
    static const char points[] = "a\n 3 down\nb\n 5 late\n";
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    char *folder = folder_new();

    folder_write(folder, "a.yaml", text, strlen(text));
    folder_write(folder, "words/down.txt", words, strlen(words));
    folder_write(folder, "points/likely.txt", points, strlen(points));
    PdRuleSet *set = pd_rule_set_load(folder, list);
    folder_remove(folder);
    if (set == NULL)
        ck_abort_msg("%s", pd_diagnostics_get(list, 0)->text);
    return set;
}

static void header_free(gpointer data)
{
    PdHeader *header = data;

    g_free(header->name);
    g_free(header->value);
    g_free(header);
}

static PdMail *mail_number(guint number)
{
    guint subject = number % G_N_ELEMENTS(subjects), body = number / G_N_ELEMENTS(subjects);
    PdMail *mail = mail_of("li@dept.example.org", subjects[subject], bodies[body]);
    PdHeader *header = g_new0(PdHeader, 1);

    *header = (PdHeader){g_strdup(number % 3 == 0 ? "X-Kind" : "X-New"), g_strdup("kx")};
    g_ptr_array_set_free_func(mail->headers, header_free);
    g_ptr_array_add(mail->headers, header);
    return mail;
}

static void add_words(GString *all, const char *name, const GPtrArray *words)
{
    g_string_append_printf(all, "%s:", name);
    for (guint i = 0; i < words->len; i++)
        g_string_append_printf(all, " %s", (const char *)g_ptr_array_index(words, i));
    g_string_append_c(all, '\n');
}

static const char *or_none(const char *text)
{
    return text != NULL ? text : "-";
}

/* All that it sets. */
static char *told(const PdDecision *decision)
{
    static const char *const fields[] = {"category",  "impact",      "urgency",  "priority",
                                         "queue",     "assign",      "language", "template",
                                         "merge_key", "fields.host", NULL};
    GString *all = g_string_new(NULL);

    for (guint i = 0; fields[i] != NULL; i++)
        g_string_append_printf(all, "%s: %s by %s\n", fields[i],
                               or_none(pd_decision_field(decision, fields[i])),
                               or_none(pd_decision_field_by(decision, fields[i])));
    g_string_append_printf(all, "drop: %s, quarantine: %s\n", or_none(pd_decision_drop(decision)),
                           or_none(pd_decision_quarantine(decision)));
    add_words(all, "tags", pd_decision_tags(decision));
    add_words(all, "watchers", pd_decision_watchers(decision));
    add_words(all, "failed", pd_decision_failed(decision));
    return g_string_free(all, FALSE);
}

static char *told_anew(const PdRuleSet *set, const PdMail *mail, const PdTicketFacts *facts)
{
    g_autoptr(PdDecision) decision = NULL;

    ck_assert_ptr_null(pd_rule_set_evaluate(set, mail, facts, &decision));
    return told(decision);
}

static void expect(const PdRuleKin *kin, const PdRuleAnswers *answers, const PdMail *mail,
                   const PdTicketFacts *facts, const char *expected)
{
    g_autoptr(PdDecision) decision = NULL;

    ck_assert_ptr_nonnull(answers);
    ck_assert_ptr_null(pd_rule_kin_evaluate(kin, answers, mail, facts, &decision));
    g_autofree char *found = told(decision);
    ck_assert_msg(g_str_equal(found, expected), "'%s', '%s': %s\ninstead of\n%s", mail->subject,
                  mail->text, found, expected);
}

static void expect_same(PdRuleSet *from, PdRuleSet *to, const PdMail *mail,
                        const PdTicketFacts *facts)
{
    g_autoptr(PdRuleKin) kin = pd_rule_kin_new(from, to);
    g_autoptr(PdDecision) decision = NULL;

    ck_assert_ptr_null(pd_rule_set_evaluate(from, mail, facts, &decision));
    g_autoptr(PdRuleAnswers) answers = pd_rule_answers_of(decision);
    g_autofree char *line = pd_decision_compact(decision, NULL);
    g_autoptr(PdRuleAnswers) read =
        pd_rule_answers_read(kin, facts, (PdJsonSlice){line, strlen(line)});
    g_autofree char *expected = told_anew(to, mail, facts);
    expect(kin, answers, mail, facts, expected);
    expect(kin, read, mail, facts, expected);
}

static const char *const inside[] = {"office", NULL};
static const PdTicketFacts all_facts[] = {
    {0},
    {.department = "finance"},
    {.ticket = 7, .status = "open", .category = "a", .age = 5, .inside = inside},
};

START_TEST(known_answers_decide_as_asking_does)
{
    g_autofree char *changed = replace(HEAD FIRST LAST, changes[_i].from, changes[_i].to);
    g_autoptr(PdRuleSet) from = load(HEAD FIRST LAST, "down\n");
    g_autoptr(PdRuleSet) to = load(changed, changes[_i].words);

    for (guint i = 0; i <= DEAR_MAIL; i++) {
        g_autoptr(PdMail) mail = mail_number(i);
        guint count = i == DEAR_MAIL ? 1 : G_N_ELEMENTS(all_facts);
        for (guint j = 0; j < count; j++) {
            expect_same(from, to, mail, &all_facts[j]);
            expect_same(to, from, mail, &all_facts[j]);
        }
    }
}
END_TEST

static char *decide_line(const PdRuleSet *set, const PdTicketFacts *facts)
{
    g_autoptr(PdMail) mail = mail_number(0);
    g_autoptr(PdDecision) decision = NULL;

    ck_assert_ptr_null(pd_rule_set_evaluate(set, mail, facts, &decision));
    return pd_decision_compact(decision, NULL);
}

static gboolean counts(const PdRuleKin *kin, const PdTicketFacts *facts, const char *line,
                       gsize length)
{
    g_autoptr(PdRuleAnswers) answers =
        pd_rule_answers_read(kin, facts, (PdJsonSlice){line, length});

    return answers != NULL;
}

START_TEST(what_is_stored_counts_for_its_rules_and_facts_only)
{
    g_autoptr(PdRuleSet) set = load(HEAD FIRST LAST, "down\n");
    g_autoptr(PdRuleSet) other = load(HEAD FIRST LAST, "go\n");
    g_autoptr(PdRuleKin) kin = pd_rule_kin_new(set, set);

    for (guint i = 0; i < G_N_ELEMENTS(all_facts); i++) {
        g_autofree char *line = decide_line(set, &all_facts[i]);
        g_autofree char *others = decide_line(other, &all_facts[i]);
        for (guint j = 0; j < G_N_ELEMENTS(all_facts); j++)
            ck_assert(counts(kin, &all_facts[j], line, strlen(line)) == (i == j));
        ck_assert(!counts(kin, &all_facts[i], others, strlen(others)));
    }
}
END_TEST

START_TEST(what_is_stored_in_part_does_not_count)
{
    const PdTicketFacts *facts = &all_facts[2];
    g_autoptr(PdRuleSet) set = load(HEAD FIRST LAST, "down\n");
    g_autoptr(PdRuleKin) kin = pd_rule_kin_new(set, set);
    g_autofree char *line = decide_line(set, facts);
    g_autofree char *unknown = replace(line, "\"id\":\"host\"", "\"id\":\"nobody\"");
    g_autofree char *outcome = replace(line, "\"applied\"", "\"perhaps\"");
    g_autofree char *version = replace(line, "\"schema_version\":1", "\"schema_version\":2");
    const char *const spoilt[] = {unknown, outcome, version, "", "null", "[]", "{}"};

    for (gsize length = 0; length < strlen(line); length++)
        ck_assert(!counts(kin, facts, line, length));
    for (guint i = 0; i < G_N_ELEMENTS(spoilt); i++)
        ck_assert_msg(!counts(kin, facts, spoilt[i], strlen(spoilt[i])), "%s", spoilt[i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("known");
    TCase *tests = tcase_create("known");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, known_answers_decide_as_asking_does, 0, G_N_ELEMENTS(changes));
    tcase_add_test(tests, what_is_stored_counts_for_its_rules_and_facts_only);
    tcase_add_test(tests, what_is_stored_in_part_does_not_count);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
