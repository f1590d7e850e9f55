/* people_check.c: whether those whom rules hand tickets to are people of the desk. */
#include "postdesk/people.h"

#include "postdesk/text.h"
#include <string.h>

#define ON_DUTY "on-duty" /* whoever that is, the roster says */

typedef struct {
    const PdPeople *people;
    PdDiagnostics *list;
} Check;

/* Where nobody is known, an address is as good as any. */
static gboolean is_known(const Check *check, const char *assign, GPtrArray *names)
{
    if (strcmp(assign, ON_DUTY) == 0 || pd_people_of_desk(check->people, assign, names) != NULL)
        return TRUE;
    return pd_people_count(check->people) == 0 && pd_text_can_be_mailed(assign);
}

static void check_assign(const char *assign, const char *file, guint line, guint column,
                         gpointer user)
{
    const Check *check = user;
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    if (is_known(check, assign, names))
        return;
    g_ptr_array_add(names, NULL);
    const char *nearest = pd_nearest_word(assign, (const char *const *)names->pdata);
    if (nearest != NULL)
        pd_diagnostics_add(check->list, PD_WARNING, file, line, column,
                           "tickets are given to '%s', who is nobody of the desk in people.yaml; "
                           "did you mean '%s'?",
                           assign, nearest);
    else
        pd_diagnostics_add(check->list, PD_WARNING, file, line, column,
                           "tickets are given to '%s', who is nobody of the desk in people.yaml; "
                           "he is told nothing, or cannot work them by mail",
                           assign);
}

void pd_people_check_rules(const PdPeople *people, const PdRuleSet *rules, PdDiagnostics *list)
{
    Check check = {people, list};

    pd_rule_set_each_assign(rules, check_assign, &check);
}
