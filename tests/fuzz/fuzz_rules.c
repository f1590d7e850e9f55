/* fuzz_rules.c: any bytes as a rule file, and what is left of them as a mail. */
#include "../rules/folder.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize length);

static void try_set(PdRuleSet *set, const char *text)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdMail) mail = mail_of("a@example.org", text, text);
    g_autoptr(PdDecision) decision = NULL;
    g_autoptr(PdStatus) status = pd_rule_set_evaluate(set, mail, NULL, &decision);

    if (status == NULL) {
        g_autoptr(PdJson) json = pd_decision_to_json(decision);
        g_autofree char *compact = pd_decision_compact(decision, NULL);
        (void)compact;
    }
    pd_rule_set_lint(set, list);
    pd_rule_set_test(set, list, NULL);
}

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize length)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    char *folder = folder_new();
    const guint8 *zero = length > 0 ? memchr(bytes, '\0', length) : NULL;
    gsize rules = zero != NULL ? (gsize)(zero - bytes) : length;
    g_autofree char *raw = g_strndup((const char *)bytes + rules, length - rules);
    g_autofree char *text = g_utf8_make_valid(raw, -1);

    folder_write(folder, "a.yaml", (const char *)bytes, rules);
    g_autoptr(PdRuleSet) set = pd_rule_set_load(folder, list);
    if (set != NULL)
        try_set(set, text);
    folder_remove(folder);
    return 0;
}

#ifdef PD_FUZZ_MAIN
int main(int count, char **arguments)
{
    for (int i = 1; i < count; i++) {
        char *bytes;
        gsize length;
        if (!g_file_get_contents(arguments[i], &bytes, &length, NULL))
            return 1;
        LLVMFuzzerTestOneInput((const guint8 *)bytes, length);
        g_free(bytes);
    }
    return 0;
}
#endif
