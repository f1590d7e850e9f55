/* problem.c: see problem.h. */
#include "desk/problem.h"

#include "desk/meant.h"
#include "postdesk/text.h"

static const struct {
    const char *word;    /* in words.yaml */
    const char *english; /* takes field, then value */
    const char *advice;  /* where neither a nearest word nor choices are known */
} table[] = {
    [PD_PROBLEM_NONE] = {"problem_none", "%s: %s", NULL},
    [PD_PROBLEM_UNKNOWN] = {"problem_unknown", "%s'%s' is no field that can be set", NULL},
    [PD_PROBLEM_ARGUMENT] = {"problem_argument", "%s needs something behind it%s", NULL},
    [PD_PROBLEM_VALUE] = {"problem_value", "%s cannot be '%s'", NULL},
    [PD_PROBLEM_MOVE] = {"problem_move", "a ticket that is '%s' cannot become '%s'", NULL},
    [PD_PROBLEM_CATEGORY] = {"problem_category", "%s'%s' is no category",
                             "write a path such as system/database"},
    [PD_PROBLEM_TEXT] = {"problem_text", "%s cannot be set to this text%s",
                         "write one line of UTF-8"},
    [PD_PROBLEM_PERSON] = {"problem_person", "%s'%s' is not just one person of the desk",
                           "\"postdesk people list\" shows who there is"},
    [PD_PROBLEM_TICKET] = {"problem_ticket", "%s'%s' is no ticket that this one can go to",
                           "\"postdesk list\" shows the numbers"},
    [PD_PROBLEM_DATE] = {"problem_date", "%s'%s' is no day to come", "write it as YYYY-MM-DD"},
    [PD_PROBLEM_ADDRESS] = {"problem_address", "%s'%s' is no address that can be mailed", NULL},
    [PD_PROBLEM_NO_PART] = {"problem_no_part", "%s'%s' neither follows nor watches this ticket",
                            NULL},
    [PD_PROBLEM_NOTHING] = {"problem_nothing", "there is nothing that %s%s could be done to", NULL},
    [PD_PROBLEM_TWICE] = {"problem_twice", "%s is said twice%s", NULL},
    [PD_PROBLEM_ROLE] = {"problem_role", "%s%s is not yours to say", NULL},
    [PD_PROBLEM_PROOF] = {"problem_proof", "nothing shows that %s%s comes from you", NULL},
    [PD_PROBLEM_CALLER] = {"problem_caller", "%sseveral people are called '%s'", NULL},
    [PD_PROBLEM_AGAIN] = {"problem_again", "the mail was used for %s%s already", NULL},
    [PD_PROBLEM_MERGED] = {"problem_merged", "the ticket was merged, so %s%s is not for it", NULL},
    [PD_PROBLEM_EXPIRED] = {"problem_expired", "the mail answered is too old for %s%s", NULL},
    [PD_PROBLEM_FILES] = {"problem_files", "%s%s has files that are too large", NULL},
    [PD_PROBLEM_BELOW] = {"problem_below", "%s%s stands below text", NULL},
};

void pd_problem_clear(PdProblem *problem)
{
    g_clear_pointer(&problem->field, g_free);
    g_clear_pointer(&problem->value, g_free);
    g_clear_pointer(&problem->nearest, g_free);
    g_clear_pointer(&problem->choices, g_free);
    problem->kind = PD_PROBLEM_NONE;
}

gboolean pd_problem_set(PdProblem *problem, PdProblemKind kind, const char *field,
                        const char *value)
{
    pd_problem_clear(problem);
    problem->kind = kind;
    problem->field = g_strdup(field);
    problem->value = g_strdup(value);
    return FALSE;
}

gboolean pd_problem_address(PdProblem *problem, const char *address)
{
    pd_problem_set(problem, PD_PROBLEM_ADDRESS, NULL, address);
    problem->nearest = pd_text_address_in_ascii(address);
    return FALSE;
}

gboolean pd_problem_choose(PdProblem *problem, const char *field, const char *value,
                           const char *const *words)
{
    pd_problem_set(problem, PD_PROBLEM_VALUE, field, value);
    problem->nearest = g_strdup(pd_meant_nearest(value, words));
    problem->choices = g_strjoinv(", ", (char **)words);
    return FALSE;
}

const char *pd_problem_word(PdProblemKind kind)
{
    return table[kind].word;
}

static char *advice_of(const PdProblem *problem)
{
    if (problem->nearest != NULL)
        return g_strdup_printf("did you mean '%s'?", problem->nearest);
    if (problem->kind == PD_PROBLEM_MOVE && problem->choices == NULL)
        return g_strdup_printf("a ticket that is '%s' stays so", problem->field);
    if (problem->kind == PD_PROBLEM_MOVE)
        return g_strdup_printf("from '%s' it may become: %s", problem->field, problem->choices);
    if (problem->choices != NULL)
        return g_strdup_printf("use one of: %s", problem->choices);
    return g_strdup(table[problem->kind].advice);
}

PdStatus *pd_problem_status(const PdProblem *problem)
{
    g_autofree char *advice = advice_of(problem);
    const char *const blanks[] = {problem->field != NULL ? problem->field : "",
                                  problem->value != NULL ? problem->value : ""};
    g_auto(GStrv) pieces = g_strsplit(table[problem->kind].english, "%s", 3);
    g_autoptr(GString) text = g_string_new(pieces[0]);

    for (guint i = 0; i < G_N_ELEMENTS(blanks) && pieces[i + 1] != NULL; i++)
        g_string_append_printf(text, "%s%s", blanks[i], pieces[i + 1]);
    return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, advice, "%s", text->str);
}
