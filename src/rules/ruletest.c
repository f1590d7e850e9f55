/* ruletest.c: runs the tests in rule files. A failure says what was expected and what came. */
#include "rules/evaluate.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    const PdRuleSet *set;
    const PdRuleTest *test;
    const PdDecision *decision;
    PdDiagnostics *list;
} TestRun;

static const char *name_of(const PdRuleTest *test)
{
    return test->name != NULL ? test->name : test->mail != NULL ? test->mail->subject : test->file;
}

static void fail(TestRun *run, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void fail(TestRun *run, const char *format, ...)
{
    const PdRuleTest *test = run->test;
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    pd_diagnostics_add(run->list, PD_ERROR, test->place.file, test->place.line, test->place.column,
                       "test '%s': %s", name_of(test), text);
}

static const char *value_of(const PdDecision *decision, const char *field)
{
    if (strcmp(field, "drop") == 0)
        return pd_decision_drop(decision);
    if (strcmp(field, "quarantine") == 0)
        return pd_decision_quarantine(decision);
    return pd_decision_field(decision, field);
}

static void check_field(TestRun *run, const PdExpected *expected)
{
    const char *value = value_of(run->decision, expected->field);
    const char *by = pd_decision_field_by(run->decision, expected->field);

    if (expected->any ? value != NULL : g_strcmp0(value, expected->text) == 0)
        return;
    g_autofree char *came = value == NULL ? g_strdup("nothing")
                            : by == NULL  ? g_strdup_printf("'%s'", value)
                                          : g_strdup_printf("'%s' (by %s)", value, by);
    if (expected->any || expected->text == NULL)
        fail(run, "%s should be %s, but %s came", expected->field,
             expected->any ? "set" : "left alone", came);
    else
        fail(run, "%s should be '%s', but %s came", expected->field, expected->text, came);
}

static void check_words(TestRun *run, char *const *words, const GPtrArray *all, const char *what)
{
    for (; words != NULL && *words != NULL; words++) {
        if (!g_ptr_array_find_with_equal_func((GPtrArray *)all, *words, g_str_equal, NULL))
            fail(run, "the %s '%s' is missing", what, *words);
    }
}

static const PdRule *find_rule(const PdRuleSet *set, const char *id)
{
    for (guint i = 0; i < set->rules->len; i++) {
        const PdRule *rule = g_ptr_array_index(set->rules, i);
        if (strcmp(rule->id, id) == 0)
            return rule;
    }
    return NULL;
}

static gboolean holds(const PdDecision *decision, const PdRule *rule)
{
    guint8 outcome = decision->outcomes[rule->index];

    return outcome == PD_RULE_APPLIED || outcome == PD_RULE_SHADOW;
}

static void check_rule(TestRun *run, const PdRule *rule, gboolean wanted)
{
    guint8 outcome = run->decision->outcomes[rule->index];

    if (holds(run->decision, rule) == wanted)
        return;
    if (!wanted)
        fail(run, "the rule '%s' should not apply, but it does", rule->id);
    else if (outcome == PD_RULE_FAILED)
        fail(run, "the rule '%s' could not be evaluated: a pattern hit a limit", rule->id);
    else if (outcome == PD_RULE_SKIPPED)
        fail(run, "the rule '%s' was not reached: '%s' stopped before it", rule->id,
             ((PdRule *)g_ptr_array_index(run->set->rules, (guint)run->decision->stopped_by))->id);
    else
        fail(run, "the rule '%s' should apply, but its conditions do not hold", rule->id);
}

static void check_rules(TestRun *run, char *const *ids, gboolean wanted)
{
    for (; ids != NULL && *ids != NULL; ids++) {
        const PdRule *rule = find_rule(run->set, *ids);
        if (rule != NULL)
            check_rule(run, rule, wanted);
        else
            fail(run, "there is no rule '%s'", *ids);
    }
}

static void check_decision(TestRun *run)
{
    const PdRuleTest *test = run->test;

    if (test->rule >= 0)
        check_rule(run, g_ptr_array_index(run->set->rules, (guint)test->rule), test->applies);
    check_rules(run, test->applied, TRUE);
    check_rules(run, test->not_applied, FALSE);
    for (guint i = 0; i < test->expected->len; i++)
        check_field(run, &g_array_index(test->expected, PdExpected, i));
    check_words(run, test->tags, run->decision->tags, "tag");
    check_words(run, test->watchers, run->decision->watchers, "watcher");
}

static PdStatus *read_mail(const char *path, PdMail **mail)
{
    static const PdMailOptions options = {.with_attachment_text = TRUE};
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || fstat(fd, &info) != 0) {
        int error = errno;
        if (fd >= 0)
            close(fd);
        return pd_status_new(PD_SPOILS_CONFIGURATION, PD_FINAL, NULL, "%s: %s", path,
                             g_strerror(error));
    }
    PdStatus *status = pd_mail_read(fd, 0, (gsize)info.st_size, &options, mail);
    close(fd);
    return status;
}

static void run_test(TestRun *run)
{
    g_autoptr(PdMail) read = NULL;
    g_autoptr(PdDecision) decision = NULL;
    g_autoptr(PdStatus) status = NULL;
    const PdMail *mail = run->test->mail;

    if (mail == NULL) {
        status = read_mail(run->test->file, &read);
        mail = read;
    }
    if (status == NULL)
        status = pd_rule_set_evaluate(run->set, mail, &run->test->facts, &decision);
    if (status != NULL) {
        fail(run, "%s", pd_status_text(status));
        return;
    }
    run->decision = decision;
    check_decision(run);
}

void pd_rule_set_test(const PdRuleSet *set, PdDiagnostics *list, guint *run)
{
    for (guint i = 0; i < set->tests->len; i++) {
        TestRun one = {set, g_ptr_array_index(set->tests, i), NULL, list};
        run_test(&one);
    }
    if (run != NULL)
        *run = set->tests->len;
}

static void result_free(gpointer data)
{
    pd_diagnostics_free(((PdRuleTestResult *)data)->failures);
    g_free(data);
}

GPtrArray *pd_rule_set_test_each(const PdRuleSet *set)
{
    GPtrArray *results = g_ptr_array_new_with_free_func(result_free);

    for (guint i = 0; i < set->tests->len; i++) {
        const PdRuleTest *test = g_ptr_array_index(set->tests, i);
        PdRuleTestResult *result = g_new0(PdRuleTestResult, 1);
        result->name = name_of(test);
        if (test->rule >= 0)
            result->rule = ((const PdRule *)g_ptr_array_index(set->rules, (guint)test->rule))->id;
        result->file = test->place.file;
        result->line = test->place.line;
        result->failures = pd_diagnostics_new();
        run_test(&(TestRun){set, test, NULL, result->failures});
        g_ptr_array_add(results, result);
    }
    return results;
}
