/* test_report.c: results of the tests, for other programs.
 *
 * Names and values come from files and mails: they are brought onto one line, and what is no
 * plain character is spelt out.
 */
#include "postdesk/rules.h"

#include "postdesk/text.h"

/* On one line; control characters are spelt out. */
static char *clean(const char *text)
{
    g_autofree char *line = pd_text_fold_space(text);

    return pd_text_printable(line);
}

static char *title(const PdRuleTestResult *result)
{
    g_autofree char *name = clean(result->name);

    return result->rule != NULL ? g_strdup_printf("%s: %s", result->rule, name)
                                : g_steal_pointer(&name);
}

static char *failure_line(const PdRuleTestResult *result, guint index)
{
    g_autofree char *line = pd_diagnostic_format(pd_diagnostics_get(result->failures, index));

    return clean(line);
}

/* "#" would begin a directive. */
static void append_tap_name(GString *out, const char *name)
{
    for (; *name != '\0'; name++) {
        if (*name == '#' || *name == '\\')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *name);
    }
}

char *pd_rule_tests_tap(const GPtrArray *results)
{
    GString *out = g_string_new("TAP version 13\n");

    g_string_append_printf(out, "1..%u\n", results->len);
    for (guint i = 0; i < results->len; i++) {
        const PdRuleTestResult *result = g_ptr_array_index(results, i);
        guint failures = pd_diagnostics_count(result->failures);
        g_autofree char *name = title(result);
        g_string_append_printf(out, "%s %u - ", failures == 0 ? "ok" : "not ok", i + 1);
        append_tap_name(out, name);
        g_string_append_c(out, '\n');
        for (guint j = 0; j < failures; j++) {
            g_autofree char *line = failure_line(result, j);
            g_string_append_printf(out, "# %s\n", line);
        }
    }
    return g_string_free(out, FALSE);
}

static void append_attribute(GString *out, const char *name, const char *value)
{
    g_autofree char *escaped = g_markup_escape_text(value, -1);

    g_string_append_printf(out, " %s=\"%s\"", name, escaped);
}

static void append_case(GString *out, const PdRuleTestResult *result)
{
    g_autofree char *name = clean(result->name);
    guint failures = pd_diagnostics_count(result->failures);

    g_string_append(out, "  <testcase");
    append_attribute(out, "classname", result->rule != NULL ? result->rule : result->file);
    append_attribute(out, "name", name);
    append_attribute(out, "file", result->file);
    g_string_append_printf(out, " line=\"%u\"", result->line);
    if (failures == 0) {
        g_string_append(out, "/>\n");
        return;
    }
    g_string_append(out, ">\n");
    for (guint i = 0; i < failures; i++) {
        g_autofree char *line = failure_line(result, i);
        g_string_append(out, "    <failure");
        append_attribute(out, "message", line);
        g_string_append(out, "/>\n");
    }
    g_string_append(out, "  </testcase>\n");
}

char *pd_rule_tests_junit(const GPtrArray *results)
{
    GString *out = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    guint failed = 0;

    for (guint i = 0; i < results->len; i++) {
        const PdRuleTestResult *result = g_ptr_array_index(results, i);
        failed += pd_diagnostics_count(result->failures) > 0;
    }
    g_string_append_printf(out,
                           "<testsuite name=\"rules\" tests=\"%u\" failures=\"%u\" errors=\"0\">\n",
                           results->len, failed);
    for (guint i = 0; i < results->len; i++)
        append_case(out, g_ptr_array_index(results, i));
    g_string_append(out, "</testsuite>\n");
    return g_string_free(out, FALSE);
}
