/* rules_test.c: rule files, read; decisions, made and told; tests and lint. */
#include "folder.h"
#include "postdesk/limits.h"
#include "rules/evaluate.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

static char *all_of(const PdDiagnostics *list)
{
    GString *all = g_string_new(NULL);

    for (guint i = 0; i < pd_diagnostics_count(list); i++) {
        g_autofree char *line = pd_diagnostic_format(pd_diagnostics_get(list, i));
        g_string_append_printf(all, "%s\n", line);
    }
    return g_string_free(all, FALSE);
}

static PdRuleSet *good_set(const char *text)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    PdRuleSet *set = set_of(text, list);
    g_autofree char *all = all_of(list);

    ck_assert_msg(set != NULL && *all == '\0', "%s", all);
    return set;
}

static PdDecision *decide(const PdRuleSet *set, const PdMail *mail, const PdTicketFacts *facts)
{
    PdDecision *decision = NULL;

    ck_assert_ptr_null(pd_rule_set_evaluate(set, mail, facts, &decision));
    return decision;
}

static PdDecision *decide_text(const PdRuleSet *set, const char *subject, const char *body)
{
    g_autoptr(PdMail) mail = mail_of("li@dept.example.org", subject, body);

    return decide(set, mail, NULL);
}

START_TEST(the_first_rule_that_sets_a_field_wins)
{
    g_autoptr(PdRuleSet) set = good_set("rules:\n"
                                        "- {id: one, when: {subject: a}, then: {queue: first}}\n"
                                        "- {id: two, when: {subject: a},\n"
                                        "   then: {queue: second, impact: high, tags: [x, y]}}\n"
                                        "- {id: three, when: {subject: b}, then: {queue: third}}\n"
                                        "- {id: four, then: {tags: [y, z]}}\n"
                                        "defaults: {urgency: high, queue: rest}\n");
    g_autoptr(PdDecision) decision = decide_text(set, "a", "");

    ck_assert_str_eq(pd_decision_field(decision, "queue"), "first");
    ck_assert_str_eq(pd_decision_field_by(decision, "queue"), "one");
    ck_assert_str_eq(pd_decision_field_by(decision, "impact"), "two");
    ck_assert_str_eq(pd_decision_field_by(decision, "urgency"), "default");
    ck_assert_str_eq(pd_decision_field(decision, "priority"), "P1");
    ck_assert_str_eq(pd_decision_field_by(decision, "priority"), "matrix");
    ck_assert_ptr_null(pd_decision_field(decision, "assign"));
    ck_assert_ptr_null(pd_decision_field(decision, "nonsense"));
    ck_assert_uint_eq(pd_decision_tags(decision)->len, 3);
    ck_assert_uint_eq(pd_rule_set_count(set), 4);
}
END_TEST

START_TEST(votes_decide_where_no_rule_does)
{
    g_autoptr(PdRuleSet) set =
        good_set("categories: {a: {queue: qa, impact: high}, b: {queue: qb}, c: }\n"
                 "rules:\n"
                 "- {id: r1, when: {body: one}, then: {votes: {a: 2, b: 1}}}\n"
                 "- {id: r2, when: {body: two}, then: {votes: {b: 1}}}\n"
                 "- {id: r3, when: {body: three}, then: {votes: {b: 1}}}\n"
                 "- {id: r4, when: {body: never}, then: {votes: {a: -50, b: -50}}}\n"
                 "- {id: r5, when: {body: fixed}, then: {category: c}}\n"
                 "defaults: {category: c, impact: low, queue: rest}\n");
    g_autoptr(PdDecision) tie = decide_text(set, "", "one two");
    g_autoptr(PdDecision) more = decide_text(set, "", "one two three");
    g_autoptr(PdDecision) fixed = decide_text(set, "", "one two three fixed");
    g_autoptr(PdDecision) none = decide_text(set, "", "one two three never");

    ck_assert_str_eq(pd_decision_field(tie, "category"), "a");
    ck_assert_str_eq(pd_decision_field_by(tie, "category"), "votes");
    ck_assert_str_eq(pd_decision_field(tie, "queue"), "qa");
    ck_assert_str_eq(pd_decision_field_by(tie, "queue"), "category");
    ck_assert_str_eq(pd_decision_field(more, "category"), "b");
    ck_assert_str_eq(pd_decision_field(more, "impact"), "low");
    ck_assert_str_eq(pd_decision_field_by(fixed, "category"), "r5");
    ck_assert_str_eq(pd_decision_field_by(none, "category"), "default");
    ck_assert_str_eq(pd_decision_field(none, "queue"), "rest");
}
END_TEST

START_TEST(stop_ends_and_a_shadow_is_only_recorded)
{
    g_autoptr(PdRuleSet) set =
        good_set("rules:\n"
                 "- {id: ghost, shadow: true, then: {queue: ghost, drop: no, stop: true}}\n"
                 "- {id: halt, when: {subject: x}, then: {queue: q, stop: true}}\n"
                 "- {id: late, then: {impact: low, urgency: low}}\n");
    g_autoptr(PdDecision) decision = decide_text(set, "x", "");
    g_autoptr(PdJson) json = pd_decision_to_json(decision);
    PdJson *rules = pd_json_get(json, "rules");

    ck_assert_str_eq(pd_decision_field(decision, "queue"), "q");
    ck_assert_ptr_null(pd_decision_field(decision, "impact"));
    ck_assert_ptr_null(pd_decision_drop(decision));
    ck_assert_str_eq(pd_json_get_text(pd_json_at(rules, 0), "outcome"), "shadow");
    ck_assert_str_eq(pd_json_get_text(pd_json_at(rules, 1), "outcome"), "applied");
    ck_assert_str_eq(pd_json_get_text(pd_json_at(rules, 2), "outcome"), "skipped");
    ck_assert_str_eq(pd_json_get_text(pd_json_at(rules, 2), "skipped_by"), "halt");
    g_autofree char *stored = pd_decision_compact(decision, NULL);
    ck_assert_ptr_nonnull(strstr(stored, "\"then\":{\"queue\":\"ghost\""));
}
END_TEST

START_TEST(a_stored_decision_with_gaps_is_the_whole_one_once_they_are_filled)
{
    g_autoptr(PdRuleSet) set =
        good_set("rules:\n"
                 "- {id: ghost, shadow: true, when: {subject: 'v(?<x>p)n'}, then: {queue: ghost}}\n"
                 "- {id: first, when: {any: [{subject: vpn}, {body: vpn}]}, then: {queue: q}}\n"
                 "- {id: second, when: {body: 'v.n'}, then: {language: en}}\n");
    g_autoptr(PdDecision) decision = decide_text(set, "vpn", "vpn \1 vpn");
    g_autoptr(GPtrArray) phrases = g_ptr_array_new();
    g_autoptr(GPtrArray) texts = g_ptr_array_new();
    g_autofree char *whole = pd_decision_compact(decision, NULL);
    g_autofree char *line = pd_decision_compact(decision, phrases);

    for (guint i = 0; i < phrases->len; i++)
        g_ptr_array_add(texts, ((const PdPhrase *)g_ptr_array_index(phrases, i))->text);
    g_autofree char *filled = pd_phrases_fill(line, texts);
    ck_assert_uint_gt(phrases->len, 5);
    ck_assert_str_eq(filled, whole);
    g_ptr_array_set_size(texts, (gint)texts->len - 1);
    ck_assert_ptr_null(pd_phrases_fill(line, texts));
}
END_TEST

START_TEST(captures_become_fields_and_merge_keys)
{
    g_autoptr(PdRuleSet) set = good_set(
        "rules:\n"
        "- id: cap\n"
        "  when: {subject: '(?<host>[a-z]+)(?<nr>\\d+)?', body: 'state=(?<state>.*)'}\n"
        "  then:\n"
        "    merge_key: 'host=${host}'\n"
        "    fields: {host: '${host}', nr: '${nr}', both: '${host}/${state}', fixed: plain}\n");
    g_autoptr(PdDecision) decision = decide_text(set, "ＷＥＢ", "state=down \t now\x01");

    ck_assert_str_eq(pd_decision_field(decision, "merge_key"), "host=WEB");
    ck_assert_str_eq(pd_decision_field(decision, "fields.host"), "WEB");
    ck_assert_ptr_null(pd_decision_field(decision, "fields.nr"));
    ck_assert_str_eq(pd_decision_field_by(decision, "fields.both"), "cap");
    ck_assert_str_eq(pd_decision_field(decision, "fields.fixed"), "plain");
    ck_assert(strchr(pd_decision_field(decision, "fields.both"), '\t') == NULL);
}
END_TEST

static PdMail *rich_mail(void)
{
    PdMail *mail = mail_of("li@mail.dept.example.org", "Subject", "Body");
    PdHeader *header = g_new0(PdHeader, 1);
    PdAttachment *attachment = g_new0(PdAttachment, 1);

    *header = (PdHeader){g_strdup("X-Kind"), g_strdup("７ of 9")};
    *attachment = (PdAttachment){.name = g_strdup("Bild.PNG"),
                                 .type = g_strdup("image/png"),
                                 .text = g_strdup("sum\nＴＯＴＡＬ; 7\n")};
    g_ptr_array_set_free_func(mail->headers, NULL);
    g_ptr_array_add(mail->headers, header);
    g_ptr_array_add(mail->attachments, attachment);
    g_ptr_array_add(mail->to, pd_address_new("", "desk@example.org"));
    g_ptr_array_add(mail->cc, pd_address_new("", "one@example.org"));
    g_ptr_array_add(mail->cc, pd_address_new("", "two@example.org"));
    g_ptr_array_add(mail->delivered_to, g_strdup("alias@example.org"));
    g_free(mail->from->name);
    mail->from->name = g_strdup("李 Li");
    g_free(mail->language);
    mail->language = g_strdup("zh_CN");
    mail->size = 3 << 20;
    mail->origin = PD_ORIGIN_MACHINE;
    mail->via = PD_VIA_LIST;
    mail->dmarc = PD_AUTH_RESULT_FAIL;
    g_free(mail->full_text);
    mail->full_text = g_strdup("Body\n> quoted");
    return mail;
}

static void free_rich_mail(PdMail *mail)
{
    PdHeader *header = g_ptr_array_index(mail->headers, 0);
    PdAttachment *attachment = g_ptr_array_index(mail->attachments, 0);

    g_free(header->name);
    g_free(header->value);
    g_free(header);
    g_free(attachment->name);
    g_free(attachment->type);
    g_free(attachment->text);
    g_free(attachment);
    pd_mail_free(mail);
}

static const struct {
    const char *when;
    gboolean holds;
} conditions[] = {
    {"{subject: '^sub'}", TRUE},
    {"{subject: [nothing, ject]}", TRUE},
    {"{body: quoted}", FALSE},
    {"{full_text: quoted}", TRUE},
    {"{text: 'subject\\nbody'}", TRUE},
    {"{from: '^li@'}", TRUE},
    {"{from: li@dept}", FALSE},
    {"{from_name: 李}", TRUE},
    {"{to: '^desk@example'}", TRUE},
    {"{to: '^alias@'}", TRUE},
    {"{cc: '^two@'}", TRUE},
    {"{domain: example.org}", TRUE},
    {"{domain: [x.org, mail.DEPT.example.org]}", TRUE},
    {"{domain: ample.org}", FALSE},
    {"{header: {x-kind: '^7'}}", TRUE},
    {"{header: {x-kind: '^7', x-other: a}}", FALSE},
    {"{header: {X-Kind: true, X-Other: false}}", TRUE},
    {"{header: {X-Other: true}}", FALSE},
    {"{attachment: true}", TRUE},
    {"{attachment: false}", FALSE},
    {"{attachment: '\\.png$'}", TRUE},
    {"{attachment: {name: png, type: pdf}}", FALSE},
    {"{attachment: {type: ^image/}}", TRUE},
    {"{language: zh}", TRUE},
    {"{language: [en, zh_CN]}", TRUE},
    {"{language: z}", FALSE},
    {"{origin: [person, machine]}", TRUE},
    {"{origin: person}", FALSE},
    {"{via: list}", TRUE},
    {"{trust: {dmarc: fail}}", TRUE},
    {"{trust: {dmarc: fail, spf: pass}}", FALSE},
    {"{size: '> 2M'}", TRUE},
    {"{size: '<3M'}", FALSE},
    {"{department: [personnel, finance]}", TRUE},
    {"{department: fin}", FALSE},
    {"{time: {inside: office}}", TRUE},
    {"{time: {inside: [night, office]}}", TRUE},
    {"{time: {outside: office}}", FALSE},
    {"{time: {outside: night}}", TRUE},
    {"{time: {inside: office, outside: office}}", FALSE},
    {"{attachment: {text: 'Total;\\s*7'}}", TRUE},
    {"{attachment: {text: total, name: pdf}}", FALSE},
    {"{attachment: {text: absent}}", FALSE},
    {"{ticket: true}", TRUE},
    {"{ticket: {status: [open, waiting], category: system, age: '> 1d'}}", TRUE},
    {"{ticket: {category: sys}}", FALSE},
    {"{ticket: {age: '< 1h'}}", FALSE},
    {"{all: [{subject: s}, {body: b}]}", TRUE},
    {"{all: [{subject: s}, {body: z}]}", FALSE},
    {"{any: [{subject: z}, {body: b}]}", TRUE},
    {"{any: [{subject: z}, {body: z}]}", FALSE},
    {"{not: {subject: z}}", TRUE},
    {"{not: [{subject: z}, {body: b}]}", FALSE},
    {"{subject: s, not: {any: [{body: z}, {not: {body: b}}]}}", TRUE},
};

START_TEST(conditions_hold_as_the_manual_says)
{
    static const char *const inside[] = {"always", "office", NULL};
    PdTicketFacts facts = {.ticket = 7,
                           .status = "open",
                           .category = "system/database",
                           .age = 2 * 86400 * (gint64)G_USEC_PER_SEC,
                           .department = "Finance",
                           .inside = inside};
    g_autofree char *text =
        g_strdup_printf("rules:\n- {id: r, when: %s, then: {tags: yes}}\n", conditions[_i].when);
    g_autoptr(PdRuleSet) set = good_set(text);
    PdMail *mail = rich_mail();
    PdDecision *decision = decide(set, mail, &facts);

    ck_assert_msg((pd_decision_tags(decision)->len == 1) == conditions[_i].holds, "%s",
                  conditions[_i].when);
    pd_decision_free(decision);
    free_rich_mail(mail);
}
END_TEST

START_TEST(a_new_mail_has_no_ticket)
{
    g_autoptr(PdRuleSet) set =
        good_set("rules:\n"
                 "- {id: a, when: {ticket: {age: '< 1d'}}, then: {tags: a}}\n"
                 "- {id: b, when: {ticket: {status: open}}, then: {tags: b}}\n"
                 "- {id: c, when: {ticket: false}, then: {tags: c}}\n");
    g_autoptr(PdMail) mail = mail_of(NULL, "", "");
    g_autoptr(PdDecision) decision = decide(set, mail, NULL);

    ck_assert_uint_eq(pd_decision_tags(decision)->len, 1);
    ck_assert_str_eq(g_ptr_array_index(pd_decision_tags(decision), 0), "c");
}
END_TEST

static const struct {
    const char *when;
    const char *outcome;
} doubtful[] = {
    {"{body: '(a+)+$'}", "failed"},
    {"{not: {body: '(a+)+$'}}", "failed"},
    {"{any: [{body: '(a+)+$'}, {subject: s}]}", "applied"},
    {"{all: [{body: '(a+)+$'}, {subject: z}]}", "no"},
    {"{all: [{body: '(a+)+$'}, {subject: s}]}", "failed"},
    {"{any: [{body: '(a+)+$'}, {subject: z}]}", "failed"},
    {"{body: ['(a+)+$', '!']}", "applied"},
};

START_TEST(a_limit_is_never_taken_for_no)
{
    g_autofree char *text = g_strdup_printf("rules:\n- {id: r, when: %s, then: {tags: yes}}\n"
                                            "- {id: after, then: {queue: q}}\n",
                                            doubtful[_i].when);
    g_autoptr(PdRuleSet) set = good_set(text);
    g_autoptr(PdDecision) decision =
        decide_text(set, "s", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
    g_autoptr(PdJson) json = pd_decision_to_json(decision);
    PdJson *rule = pd_json_at(pd_json_get(json, "rules"), 0);
    gboolean failed = strcmp(doubtful[_i].outcome, "failed") == 0;

    ck_assert_str_eq(pd_json_get_text(rule, "outcome"), doubtful[_i].outcome);
    ck_assert_uint_eq(pd_decision_failed(decision)->len, failed ? 1 : 0);
    ck_assert_str_eq(pd_decision_field(decision, "queue"), "q");
}
END_TEST

START_TEST(the_decision_tells_everything)
{
    g_autoptr(PdRuleSet) set = good_set("rules:\n"
                                        "- id: r\n"
                                        "  when: {subject: '(?<what>VPN)', not: {body: thanks}}\n"
                                        "  then: {category: network/vpn, votes: {other: 1}}\n");
    g_autoptr(PdDecision) decision = decide_text(set, "我的ＶＰＮ断了", "please");
    g_autoptr(PdJson) json = pd_decision_to_json(decision);
    PdJson *rule = pd_json_at(pd_json_get(json, "rules"), 0);
    PdJson *when = pd_json_get(rule, "when");
    PdJson *subject = pd_json_at(pd_json_get(when, "of"), 0);
    PdJson *match = pd_json_at(pd_json_get(subject, "matched"), 0);

    ck_assert_str_eq(pd_json_get_text(json, "rule_set"), pd_rule_set_hash(set));
    ck_assert_str_eq(pd_json_get_text(when, "result"), "yes");
    ck_assert_str_eq(pd_json_get_text(subject, "condition"), "subject");
    ck_assert_str_eq(pd_json_get_text(match, "pattern"), "(?<what>VPN)");
    ck_assert_str_eq(pd_json_get_text(match, "text"), "VPN");
    ck_assert_str_eq(pd_json_get_text(match, "before"), "我的");
    ck_assert_str_eq(pd_json_get_text(match, "after"), "断了");
    ck_assert_int_eq(pd_json_get_int(match, "start", -1), 6);
    ck_assert_int_eq(pd_json_get_int(match, "end", -1), 9);
    ck_assert_str_eq(pd_json_get_text(pd_json_get(match, "captures"), "what"), "VPN");
    PdJson *denied = pd_json_at(pd_json_get(when, "of"), 1);
    ck_assert_str_eq(pd_json_get_text(denied, "condition"), "not");
    ck_assert_str_eq(pd_json_get_text(pd_json_at(pd_json_get(denied, "of"), 0), "result"), "no");
    PdJson *category = pd_json_get(pd_json_get(json, "fields"), "category");
    ck_assert_str_eq(pd_json_get_text(category, "value"), "network/vpn");
    ck_assert_str_eq(pd_json_get_text(category, "by"), "r");
    ck_assert_int_eq(pd_json_get_int(pd_json_get(json, "votes"), "other", 0), 1);
}
END_TEST

START_TEST(the_stored_form_is_small_and_one_line)
{
    g_autoptr(PdRuleSet) set = good_set("rules:\n"
                                        "- {id: yes, when: {subject: a}, then: {queue: q}}\n"
                                        "- {id: not, when: {subject: b}, then: {queue: r}}\n");
    g_autoptr(PdDecision) decision = decide_text(set, "a", "");
    g_autofree char *stored = pd_decision_compact(decision, NULL);

    ck_assert_ptr_nonnull(strstr(stored, "\"rules\":[{\"id\":\"yes\",\"outcome\":\"applied\","
                                         "\"hits\":[[\"subject\",\"a\",0,1,\"a\"]]}]"));
    ck_assert_ptr_nonnull(strstr(stored, pd_rule_set_hash(set)));
    ck_assert_ptr_null(strchr(stored, '\n'));
}
END_TEST

#define HAN_RULES                                                                                  \
    "rules:\n- {id: one, when: {subject: '印表機|[一-龥]號$'}, then: {queue: q}}\n"          \
    "- {id: two, when: {subject: '(?<what>网络)[断不]'}, then: {fields: {what: '${what}'}}}\n"

START_TEST(traditional_characters_are_others_unless_folded)
{
    static const char *const subjects[] = {"印表机壞了", "印表機坏了", "網絡斷了", "账号"};
    g_autoptr(PdRuleSet) plain = good_set(HAN_RULES);
    g_autoptr(PdRuleSet) folded = good_set("fold_chinese: true\n" HAN_RULES);

    for (guint i = 0; i < G_N_ELEMENTS(subjects); i++) {
        g_autoptr(PdDecision) one = decide_text(plain, subjects[i], "");
        g_autoptr(PdDecision) other = decide_text(folded, subjects[i], "");
        ck_assert_int_eq(pd_decision_field(one, "queue") != NULL, i == 1);
        ck_assert_int_eq(pd_decision_field(other, "queue") != NULL, i != 2);
        ck_assert_ptr_null(pd_decision_field(one, "fields.what"));
        if (i == 2)
            ck_assert_str_eq(pd_decision_field(other, "fields.what"), "网络");
    }
}
END_TEST

START_TEST(a_decision_outlives_its_set)
{
    PdRuleSet *set = good_set("rules:\n- {id: r, when: {subject: a}, then: {queue: q}}\n");
    g_autoptr(PdDecision) decision = decide_text(set, "a", "");

    pd_rule_set_free(set);
    g_autoptr(PdJson) json = pd_decision_to_json(decision);
    ck_assert_str_eq(pd_decision_field(decision, "queue"), "q");
    ck_assert_ptr_nonnull(json);
}
END_TEST

static const struct {
    const char *text;
    const char *message;
} mistakes[] = {
    {"rules:\n- {id: r, when: {subjct: a}, then: {queue: q}}\n",
     "a.yaml:2:18: error: unknown condition 'subjct'; did you mean 'subject'?"},
    {"rules:\n- {id: r, when: {subject: 'a(b'}, then: {queue: q}}\n",
     "a.yaml:2:27: error: pattern 'a(b', character 4: missing closing parenthesis"},
    {"fold_chinese: perhaps\nrules: []\n", "a.yaml:1:15: error: "},
    {"rules:\n- {id: r, then: {quue: q}}\n", "unknown action 'quue'; did you mean 'queue'?"},
    {"rules:\n- {when: {subject: a}, then: {queue: q}}\n",
     "a.yaml:2:3: error: the rule has no 'id'"},
    {"rules:\n- {id: r, then: {queue: q}}\n- {id: r, then: {queue: q}}\n",
     "the id 'r' was given before, at "},
    {"rules:\n- {id: default, then: {queue: q}}\n", "'default' has a meaning of its own"},
    {"rules:\n- {id: 'a b', then: {queue: q}}\n", "'a b' is no id"},
    {"rules:\n- {id: r, when: {subject: a}}\n", "the rule does nothing"},
    {"rules:\n- {id: r, then: {}}\n", "the rule does nothing; write at least one action"},
    {"rules:\n- {id: r, then: {impact: hgih}}\n", "'hgih' is not an impact; did you mean 'high'?"},
    {"rules:\n- {id: r, then: {category: Big Thing}}\n", "'Big Thing' is not a category"},
    {"rules:\n- {id: r, when: {origin: persn}, then: {queue: q}}\n",
     "'persn' is not a value of 'origin'; did you mean 'person'?"},
    {"rules:\n- {id: r, when: {size: 5M}, then: {queue: q}}\n", "'size' expects a bound"},
    {"rules:\n- {id: r, when: {ticket: {age: '> 3'}}, then: {queue: q}}\n",
     "'age' expects a bound"},
    {"rules:\n- {id: r, when: {any: []}, then: {queue: q}}\n",
     "'any' expects a list of conditions"},
    {"rules:\n- {id: r, when: {}, then: {queue: q}}\n", "there is no condition here"},
    {"rules:\n- {id: r, when: {subject: []}, then: {queue: q}}\n", "the list is empty"},
    {"rules:\n- {id: r, when: {domain: '*.org'}, then: {queue: q}}\n", "'*.org' is no domain"},
    {"rules:\n- {id: r, when: {header: {'a b': c}}, then: {queue: q}}\n", "no name of a header"},
    {"rules:\n- {id: r, when: {subject: '@words/none.txt'}, then: {queue: q}}\n", "none.txt"},
    {"rules:\n- {id: r, when: {subject: '@words/../../x.txt'}, then: {queue: q}}\n",
     "names no word list"},
    {"rules:\n- {id: r, when: {subject: '(?<host>a)'}, then: {merge_key: '${hst}'}}\n",
     "no condition captures 'hst'; did you mean 'host'?"},
    {"rules:\n- {id: r, then: {fields: {x: '${y}'}}}\n", "no condition captures 'y'; write (?<y>"},
    {"rules:\n- {id: r, then: {fields: {X: y}}}\n", "'X' is not a field's name"},
    {"rules:\n- {id: r, then: {votes: {a: many}}}\n", "points are whole numbers"},
    {"rules:\n- {id: r, then: {votes: {a: 0}}}\n", "points are whole numbers"},
    {"rules:\n- {id: r, then: {watchers: [nobody]}}\n",
     "'nobody' is no mail address; write it as name@example.org"},
    {"rules:\n- {id: r, then: {watchers: [王芳@example.cn]}}\n",
     "'王芳@example.cn' is an address that relays refuse; write one of ASCII letters"},
    {"rules:\n- {id: r, then: {watchers: [a@example.cn, wang@例子.cn]}}\n",
     "'wang@例子.cn' is an address that relays refuse; write it as 'wang@xn--fsqu00a.cn'"},
    {"rules:\n- {id: r, then: {tags: ['a b']}}\n", "'a b' is not a tag"},
    {"rules:\n- {id: r, then: {stop: maybe}}\n", "true or false is expected here"},
    {"rules:\n- {id: r, then: {queue: q}, tests: [{subjet: a}]}\n",
     "unknown part of a test 'subjet'"},
    {"rules:\n- {id: r, then: {queue: q}, tests: [{expect: {qeue: a}}]}\n",
     "unknown expectation 'qeue'; did you mean 'queue'?"},
    {"tests: [{subject: a}]\n", "the test expects nothing"},
    {"categories: [a, a]\n", "the category 'a' was given before"},
    {"categories: {a: {queu: b}}\n", "unknown field 'queu'; did you mean 'queue'?"},
    {"defaults: {merge_key: b}\n", "unknown field 'merge_key'"},
    {"rulez: []\n", "unknown part of a rule file 'rulez'; did you mean 'rules'?"},
    {"rules: {}\n", "'rules' expects a list"},
    {"rules: [x\n", "a.yaml:"},
    {"", "the file is empty"},
};

START_TEST(a_mistake_is_told_with_its_place_and_remedy)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdRuleSet) set = set_of(mistakes[_i].text, list);
    g_autofree char *all = all_of(list);

    ck_assert_ptr_null(set);
    ck_assert_msg(strstr(all, mistakes[_i].message) != NULL, "'%s' came, not '%s'", all,
                  mistakes[_i].message);
}
END_TEST

START_TEST(ten_mistakes_get_ten_messages)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdRuleSet) set = set_of("# ten of them\n"
                                      "rules:\n"
                                      "- id: one\n"
                                      "  when:\n"
                                      "    subjct: a\n"
                                      "    body: 'a('\n"
                                      "    size: big\n"
                                      "    via: post\n"
                                      "  then:\n"
                                      "    impact: huge\n"
                                      "    queeu: q\n"
                                      "- id: one\n"
                                      "  then: {votes: {a: x}}\n"
                                      "- then: {queue: q}\n"
                                      "defaults: {urgency: later}\n",
                                      list);
    g_autofree char *all = all_of(list);

    ck_assert_ptr_null(set);
    ck_assert_msg(pd_diagnostics_errors(list) == 10, "%s", all);
}
END_TEST

START_TEST(a_folder_without_files_is_an_error)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    char *folder = folder_new();

    ck_assert_ptr_null(pd_rule_set_load(folder, list));
    ck_assert_ptr_null(pd_rule_set_load("/nonexistent", list));
    g_autofree char *all = all_of(list);
    ck_assert_ptr_nonnull(strstr(all, "there is no rule file"));
    ck_assert_uint_ge(pd_diagnostics_errors(list), 2);
    folder_remove(folder);
}
END_TEST

START_TEST(the_matrix_must_be_whole)
{
    static const char matrix[] = "matrix:\n  high: {high: P1, medium: P9, low: P3}\n"
                                 "  medium: {high: P1, low: P3}\n";
    static const char rules[] = "rules: []\n";
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    char *folder = folder_new();

    folder_write(folder, "a.yaml", rules, strlen(rules));
    folder_write(folder, "matrix.yaml", matrix, strlen(matrix));
    ck_assert_ptr_null(pd_rule_set_load(folder, list));
    g_autofree char *all = all_of(list);
    ck_assert_ptr_nonnull(strstr(all, "matrix.yaml:2:28: error: 'P9' is not a priority"));
    ck_assert_ptr_nonnull(strstr(all, "'medium' is missing"));
    ck_assert_ptr_nonnull(strstr(all, "'low' is missing"));
    folder_remove(folder);
}
END_TEST

START_TEST(files_are_read_in_order_of_name_and_counted_into_the_hash)
{
    static const char b[] = "rules: [{id: b, then: {queue: b}}]\n";
    static const char a[] =
        "rules: [{id: a, when: {subject: '@words/x/y.txt'}, then: {queue: a}}]\n";
    static const char words[] = "# comment\nip   # an address\n  服务器 \n/web\\d+/\nC#\n";
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    char *folder = folder_new();

    folder_write(folder, "b.yaml", b, strlen(b));
    folder_write(folder, "a.yaml", a, strlen(a));
    folder_write(folder, "people.yaml", "?", 1);
    folder_write(folder, "words/x/y.txt", words, strlen(words));
    g_autoptr(PdRuleSet) set = pd_rule_set_load(folder, list);
    folder_write(folder, "words/x/y.txt", "other", 5);
    g_autoptr(PdRuleSet) changed = pd_rule_set_load(folder, list);
    folder_remove(folder);

    ck_assert_ptr_nonnull(set);
    ck_assert_ptr_nonnull(changed);
    ck_assert_str_ne(pd_rule_set_hash(set), pd_rule_set_hash(changed));
    static const struct {
        const char *subject, *queue;
    } tries[] = {{"my IP", "a"}, {"改ip地址", "a"}, {"ship", "b"},   {"大服务器", "a"},
                 {"web12", "a"}, {"comment", "b"},  {"c# code", "a"}};
    for (guint i = 0; i < G_N_ELEMENTS(tries); i++) {
        g_autoptr(PdDecision) decision = decide_text(set, tries[i].subject, "");
        ck_assert_msg(g_strcmp0(pd_decision_field(decision, "queue"), tries[i].queue) == 0, "%s",
                      tries[i].subject);
    }
}
END_TEST

START_TEST(a_wrong_word_list_is_told_at_its_own_line)
{
    static const char a[] = "rules: [{id: a, when: {subject: '@words/y.txt'}, then: {queue: a}}]\n";
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    char *folder = folder_new();

    folder_write(folder, "a.yaml", a, strlen(a));
    folder_write(folder, "words/y.txt", "good\n/bad(/\n", 11);
    ck_assert_ptr_null(pd_rule_set_load(folder, list));
    g_autofree char *all = all_of(list);
    ck_assert_ptr_nonnull(strstr(all, "words/y.txt:2: error: pattern 'bad('"));
    folder_remove(folder);
}
END_TEST

/* Of which the reading alone took a quarter of a minute before PCRE2 refused it. */
START_TEST(a_word_list_that_is_too_long_is_not_read)
{
    static const char a[] = "rules: [{id: a, when: {subject: '@words/y.txt'}, then: {queue: a}}]\n";
    g_autofree char *word = g_strnfill(PD_LIMIT_PATTERN_BYTES + 1, 'a');
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    char *folder = folder_new();

    folder_write(folder, "a.yaml", a, strlen(a));
    folder_write(folder, "words/y.txt", word, strlen(word));
    ck_assert_ptr_null(pd_rule_set_load(folder, list));
    g_autofree char *all = all_of(list);
    ck_assert_ptr_nonnull(strstr(all, "a pattern or list of words has at most 1048576 bytes"));
    folder_remove(folder);
}
END_TEST

START_TEST(failing_tests_say_what_came)
{
    g_autoptr(PdRuleSet) set =
        good_set("rules:\n"
                 "- id: r\n"
                 "  when: {subject: a}\n"
                 "  then: {queue: q, tags: [t], drop: noise}\n"
                 "  tests:\n"
                 "  - {subject: b}\n"
                 "  - {subject: a, expect: {applies: false}}\n"
                 "  - {subject: a, expect: {queue: other, impact: low, assign: null}}\n"
                 "  - {subject: a, expect: {queue: null, tags: [u], drop: false}}\n"
                 "  - {subject: a, expect: {drop: true, queue: q, tags: [t]}}\n"
                 "tests:\n"
                 "- {name: whole, subject: a, expect: {applied: [r, nobody], not_applied: r}}\n"
                 "- {name: gone, file: no-such.eml, expect: {queue: q}}\n");
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    static const char *const expected[] = {
        ":6:5: error: test 'b': the rule 'r' should apply, but its conditions do not hold",
        ":7:5: error: test 'a': the rule 'r' should not apply, but it does",
        ":8:5: error: test 'a': queue should be 'other', but 'q' (by r) came",
        "impact should be 'low', but nothing came",
        "queue should be left alone, but 'q' (by r) came",
        "the tag 'u' is missing",
        "drop should be left alone, but 'noise' came",
        "test 'whole': there is no rule 'nobody'",
        "test 'whole': the rule 'r' should not apply, but it does",
        "no-such.eml"};
    guint run = 0;

    pd_rule_set_test(set, list, &run);
    g_autofree char *all = all_of(list);
    ck_assert_uint_eq(run, 7);
    for (guint i = 0; i < G_N_ELEMENTS(expected); i++)
        ck_assert_msg(strstr(all, expected[i]) != NULL, "'%s' is not in:\n%s", expected[i], all);
    ck_assert_msg(pd_diagnostics_count(list) == G_N_ELEMENTS(expected), "%s", all);
}
END_TEST

START_TEST(tests_may_read_a_real_mail)
{
    static const char rules[] =
        "rules: [{id: r, when: {subject: hello, attachment: {text: '^web01,down'}},\n"
        "  then: {queue: q},\n"
        "  tests: [{file: mails/one.eml, expect: {queue: q}}]}]\n";
    static const char mail[] =
        "From: a@example.org\r\nSubject: Hello\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nText\r\n--b\r\n"
        "Content-Type: text/csv\r\nContent-Disposition: attachment; filename=l.csv\r\n\r\n"
        "host,state\r\nweb01,down\r\n--b--\r\n";
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    char *folder = folder_new();
    guint run = 0;

    folder_write(folder, "a.yaml", rules, strlen(rules));
    folder_write(folder, "mails/one.eml", mail, strlen(mail));
    g_autoptr(PdRuleSet) set = pd_rule_set_load(folder, list);
    ck_assert_ptr_nonnull(set);
    pd_rule_set_test(set, list, &run);
    g_autofree char *all = all_of(list);
    ck_assert_uint_eq(run, 1);
    ck_assert_str_eq(all, "");
    folder_remove(folder);
}
END_TEST

static const struct {
    const char *text;
    const char *message; /* NULL: nothing is found */
} suspicious[] = {
    {"rules:\n- {id: a, when: {subject: x}, then: {category: c}}\n"
     "defaults: {category: c, impact: low, urgency: low, queue: q}\n",
     NULL},
    {"rules:\n- {id: a, when: {subject: x}, then: {queue: q}}\n", "there are no 'defaults'"},
    {"defaults: {category: c, impact: low, urgency: low}\n", "the defaults give no queue"},
    {"rules:\n- {id: a, then: {queue: q, stop: true}}\n- {id: b, then: {impact: low}}\n",
     "a.yaml:3:3: warning: the rule 'b' is never reached: 'a' always stops before it"},
    {"rules:\n- {id: a, when: {text: '.*'}, then: {queue: q, stop: true}}\n"
     "- {id: b, when: {subject: x}, then: {impact: low}}\n",
     "a.yaml:3:3: warning: the rule 'b' is never reached: 'a' always stops before it"},
    {"rules:\n- {id: a, when: {any: [{subject: x}, {body: ['y', '(?:z|)']}]}, then: {stop: true}}\n"
     "- {id: b, when: {subject: x}, then: {impact: low}}\n",
     "a.yaml:3:3: warning: the rule 'b' is never reached: 'a' always stops before it"},
    {"rules:\n- {id: a, when: {subject: x}, then: {queue: q}}\n"
     "- {id: b, when: {subject: x}, then: {queue: r}}\n",
     "the rule 'b' can never change anything"},
    {"rules:\n- {id: a, when: {subject: x}, then: {queue: q, stop: true}}\n"
     "- {id: b, when: {subject: x}, then: {impact: low}}\n",
     "the rule 'b' can never apply: 'a' has the same conditions and stops"},
    {"rules:\n- {id: a, when: {subject: x}, then: {queue: q}}\n"
     "- {id: b, when: {subject: x}, then: {impact: low}}\n",
     "the rules 'a' and 'b' have the same conditions"},
    {"rules:\n- {id: a, when: {text: [vpn, tunnel]}, then: {queue: q}}\n"
     "- {id: b, when: {text: vpn, not: {body: x}, domain: example.org}, then: {queue: r}}\n",
     "a.yaml:3:3: warning: the rule 'b' can never change anything: 'a' holds whenever it holds"},
    {"rules:\n- {id: a, when: {all: [{not: {body: x}}, {domain: [b.org, c.org]}]}, then: {queue: "
     "q, "
     "stop: true}}\n"
     "- {id: b, when: {domain: c.org, text: vpn, not: {body: x}}, then: {impact: low}}\n",
     "the rule 'b' can never apply: 'a' holds whenever it holds and stops"},
    {"rules:\n- {id: a, then: {queue: q}}\n- {id: b, when: {text: x}, then: {queue: r}}\n",
     "the rule 'b' can never change anything"},
    {"rules:\n- {id: a, when: {text: vpn, body: x}, then: {queue: q}}\n"
     "- {id: b, when: {text: [vpn, tunnel], body: x}, then: {queue: r}}\n"
     "- {id: c, when: {subject: vpn}, then: {queue: r}}\n"
     "- {id: d, when: {text: vpn, not: {body: x}}, then: {queue: r}}\n"
     "- {id: e, when: {text: vpn, body: x, domain: a.org}, then: {queue: r, tags: [t]}}\n"
     "defaults: {category: c, impact: low, urgency: low, queue: q}\n",
     NULL},
    {"rules:\n- {id: a, when: {from: '@'}, then: {queue: q, stop: true}}\n"
     "- {id: b, when: {text: '.*x', body: y}, then: {stop: true}}\n"
     "- {id: c, when: {subject: x}, then: {impact: low}}\n"
     "defaults: {category: c, impact: low, urgency: low, queue: q}\n",
     NULL},
    {"rules:\n- {id: a, when: {language: en, all: [{language: [zh_CN, de]}]}, then: {queue: q}}\n",
     "a.yaml:2:3: warning: the rule 'a' can never apply: its 'language' in line 2 and 'language' "
     "in "
     "line 2 exclude each other"},
    {"rules:\n- {id: a, when: {size: '> 5M', all: [{size: '< 1M'}]}, then: {queue: q}}\n",
     "the rule 'a' can never apply: its 'size'"},
    {"rules:\n- {id: a, when: {ticket: false, all: [{ticket: {status: open}}]}, then: {queue: "
     "q}}\n",
     "the rule 'a' can never apply: its 'ticket'"},
    {"rules:\n"
     "- {id: a, when: {language: zh, all: [{language: zh_CN}, {time: {inside: always}}]}, "
     "then: {queue: q}}\n"
     "- {id: b, when: {any: [{language: en}, {language: zh_CN}]}, then: {queue: q}}\n"
     "- {id: c, when: {size: '> 1M', all: [{size: '< 5M'}]}, then: {queue: q}}\n"
     "defaults: {category: c, impact: low, urgency: low, queue: q}\n",
     NULL},
    {"categories: [network/vpn]\nrules:\n- {id: a, then: {category: network/vnp}}\n",
     "the category 'network/vnp' is not declared; did you mean 'network/vpn'?"},
    {"categories: [a, b]\nrules:\n- {id: a, then: {category: a}}\n",
     "no rule gives the category 'b'"},
    {"rules:\n- {id: a, when: {subject: 'x*'}, then: {queue: q}}\n",
     "the pattern 'x*' matches every text"},
    {"rules:\n- {id: a, when: {subject: '(\\w+)+$'}, then: {queue: q}}\n",
     "the pattern '(\\w+)+$' needs more than 100000 steps on a text such as"},
    {"rules:\n- {id: a, when: {subject: '(x+x+)+y'}, then: {queue: q}}\n",
     "steps on a text such as 'xxxxx"},
    {"rules:\n- {id: a, when: {subject: '(\\((?:[^()]+|(?1))*\\))x'}, then: {queue: q}}\n",
     "steps on a text such as '((((("},
    {"rules:\n- {id: a, when: {subject: '^(?:\\*|\\*\\*)+;$'}, then: {queue: q}}\n",
     "steps on a text such as '*****"},
    {"rules:\n- {id: a, when: {subject: 'host=(?:%|%%)*;$'}, then: {queue: q}}\n",
     "steps on a text such as 'host="},
    {"rules:\n- {id: a, when: {time: {outside: nights}}, then: {queue: q}}\n",
     "rules ask for the calendar 'nights', but there is no calendars/nights.yaml"},
};

START_TEST(lint_finds_what_is_hardly_meant)
{
    g_autoptr(PdRuleSet) set = good_set(suspicious[_i].text);
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    pd_rule_set_lint(set, list);
    g_autofree char *all = all_of(list);
    ck_assert_uint_eq(pd_diagnostics_errors(list), 0);
    if (suspicious[_i].message == NULL)
        ck_assert_str_eq(all, "");
    else
        ck_assert_msg(strstr(all, suspicious[_i].message) != NULL, "%s", all);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rules");
    TCase *tests = tcase_create("rules");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, the_first_rule_that_sets_a_field_wins);
    tcase_add_test(tests, votes_decide_where_no_rule_does);
    tcase_add_test(tests, stop_ends_and_a_shadow_is_only_recorded);
    tcase_add_test(tests, a_stored_decision_with_gaps_is_the_whole_one_once_they_are_filled);
    tcase_add_test(tests, captures_become_fields_and_merge_keys);
    tcase_add_loop_test(tests, conditions_hold_as_the_manual_says, 0, G_N_ELEMENTS(conditions));
    tcase_add_test(tests, a_new_mail_has_no_ticket);
    tcase_add_loop_test(tests, a_limit_is_never_taken_for_no, 0, G_N_ELEMENTS(doubtful));
    tcase_add_test(tests, the_decision_tells_everything);
    tcase_add_test(tests, the_stored_form_is_small_and_one_line);
    tcase_add_test(tests, traditional_characters_are_others_unless_folded);
    tcase_add_test(tests, a_decision_outlives_its_set);
    tcase_add_loop_test(tests, a_mistake_is_told_with_its_place_and_remedy, 0,
                        G_N_ELEMENTS(mistakes));
    tcase_add_test(tests, ten_mistakes_get_ten_messages);
    tcase_add_test(tests, a_folder_without_files_is_an_error);
    tcase_add_test(tests, the_matrix_must_be_whole);
    tcase_add_test(tests, files_are_read_in_order_of_name_and_counted_into_the_hash);
    tcase_add_test(tests, a_wrong_word_list_is_told_at_its_own_line);
    tcase_add_test(tests, a_word_list_that_is_too_long_is_not_read);
    tcase_add_test(tests, failing_tests_say_what_came);
    tcase_add_test(tests, tests_may_read_a_real_mail);
    tcase_add_loop_test(tests, lint_finds_what_is_hardly_meant, 0, G_N_ELEMENTS(suspicious));
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
