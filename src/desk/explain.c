/* explain.c: the plan of the same engine, told instead of carried out. */
#include "desk/mailread.h"
#include "desk/taken.h"
#include "desk/why.h"
#include "desk/work.h"
#include "desk/working.h"
#include <string.h>

static const char *field_or_null(const PdDecision *decision, const char *field)
{
    return decision != NULL ? pd_decision_field(decision, field) : NULL;
}

/* What the ticket would be. */
static PdJson *outcome(const PdDesk *desk, const PdWork *work)
{
    static const char *const fields[] = {"category", "impact", "urgency", "priority",
                                         "queue",    "assign", "template"};
    PdJson *result = pd_json_object();

    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
        pd_json_set_text(result, fields[i], field_or_null(work->decision, fields[i]));
    pd_json_set_text(result, "language", pd_desk_language(desk, work->plan->language));
    return result;
}

/* Whom the form of a call would open a ticket for, or why it would not. */
static PdJson *call_told(const PdDesk *desk, const PdWork *work, const char *language)
{
    const PdCall *call = work->call;
    PdJson *told = pd_json_object();
    PdJson *lines = pd_json_array();

    pd_json_set_bool(told, "taken", call != NULL);
    if (call == NULL)
        pd_json_add(lines, pd_working_line(desk, language, "/new", &work->form_problem));
    for (guint i = 0; call != NULL && i < call->problems->len; i++) {
        const PdCallProblem *one = g_ptr_array_index(call->problems, i);
        pd_json_add(lines, pd_working_line(desk, language, one->line, &one->problem));
    }
    pd_json_set_text(told, "taken_by", call != NULL ? call->taken_by : NULL);
    pd_json_set_text(told, "caller", call != NULL ? call->name : NULL);
    pd_json_set_text(told, "address", call != NULL ? call->address : NULL);
    pd_json_set_text(told, "subject", call != NULL ? call->subject : NULL);
    return pd_json_set(told, "lines", lines);
}

/* What a person would find in it beyond an ordinary mail: the form of a call, commands. */
static PdStatus *add_work(PdDesk *desk, const PdWork *work, const PdPlanInput *input, PdJson *why)
{
    PdJson *told = NULL;

    if (work->call != NULL || work->form_problem.kind != PD_PROBLEM_NONE)
        pd_json_set(why, "call",
                    call_told(desk, work, pd_desk_language(desk, work->plan->language)));
    if (work->plan->act != PD_PLAN_APPEND || work->plan->commands == NULL)
        return NULL;
    PD_TRY(pd_working_foresee(desk, input, work->plan, &told));
    pd_json_set(why, "work", told);
    return NULL;
}

static PdStatus *explain(PdDesk *desk, PdWork *work, PdJson **explanation)
{
    g_autoptr(PdJson) why = NULL;

    PD_TRY(pd_taken_look(desk, work));
    PD_TRY(pd_work_plan(desk, work));
    const PdPlanInput input = pd_work_input(desk, work);
    why = pd_why(desk, &input, work->plan);
    PD_TRY(add_work(desk, work, &input, why));
    PdJson *fields = outcome(desk, work);
    if (work->call != NULL)
        pd_call_set(work->call, fields);
    pd_json_set(why, "outcome", fields);
    pd_json_set(why, "decision",
                work->decision != NULL ? pd_decision_to_json(work->decision) : pd_json_text(NULL));
    *explanation = g_steal_pointer(&why);
    return NULL;
}

PdStatus *pd_desk_explain(PdDesk *desk, PdMail *mail, PdJson **explanation)
{
    g_autoptr(PdWork) work = g_new0(PdWork, 1);

    work->mail = mail;
    PdStatus *status = explain(desk, work, explanation);
    work->mail = NULL; /* the caller's */
    return status;
}

/* What the rules were told then. *inside is what the facts point to; the caller frees it alone. */
static PdTicketFacts facts_then(const PdJson *then, const char ***inside)
{
    const PdJson *told = pd_json_get(then, "facts"), *hours = pd_json_get(told, "inside");
    GPtrArray *names = g_ptr_array_new();

    for (gsize i = 0; i < pd_json_length(hours); i++)
        g_ptr_array_add(names, (gpointer)pd_json_string(pd_json_at(hours, i)));
    g_ptr_array_add(names, NULL);
    *inside = (const char **)g_ptr_array_free(names, FALSE);
    return (PdTicketFacts){
        .ticket = pd_json_get_int(told, "ticket", 0),
        .status = pd_json_get_text(told, "status"),
        .category = pd_json_get_text(told, "category"),
        .age = pd_json_get_int(told, "age", 0),
        .department = pd_json_get_text(told, "department"),
        .inside = *inside,
    };
}

/* Asks the rules about a stored message as they were asked when it came. */
static PdStatus *decide_again(PdDesk *desk, const PdRuleSet *rules, gint64 inbox,
                              const PdJson *then, PdDecision **decision)
{
    g_autoptr(PdInboxRow) row = NULL;
    g_autoptr(PdMail) mail = NULL;
    g_autofree const char **inside = NULL;
    const PdMailOptions further = {.with_attachment_text = pd_rule_set_reads_attachments(rules)};

    PD_TRY(pd_inbox_get(desk->store, inbox, &row));
    if (row == NULL)
        return NULL;
    PD_TRY(pd_mail_read_row(desk, row, &further, &mail));
    const PdTicketFacts facts = facts_then(then, &inside);
    pd_mail_take_passed_on(mail, facts.ticket == 0);
    return pd_rule_set_evaluate(rules, mail, &facts, decision);
}

static gboolean says_the_same(const PdJson *one, const PdJson *other, const char *member)
{
    g_autofree char *first = pd_json_compact(pd_json_get(one, member));
    g_autofree char *second = pd_json_compact(pd_json_get(other, member));

    return strcmp(first, second) == 0;
}

/* What is told must be what was decided then, not what would be now. */
static void add_decision(PdJson *why, const PdDecision *decision)
{
    g_autoptr(PdJson) now = decision != NULL ? pd_decision_to_json(decision) : NULL;
    const PdJson *then = pd_json_get(why, "rules");

    if (now == NULL || !says_the_same(now, then, "fields"))
        pd_json_set_text(why, "incomplete",
                         "this program reads the mail otherwise than that of then: rules that did "
                         "not apply are not told");
    else
        pd_json_set(why, "decision", g_steal_pointer(&now));
}

PdStatus *pd_desk_explain_stored(PdDesk *desk, gint64 inbox, const PdRuleSet *rules, PdJson **why)
{
    g_autofree char *stored = NULL;
    g_autoptr(PdJson) then = NULL;
    g_autoptr(PdDecision) decision = NULL;

    *why = NULL;
    PD_TRY(pd_decision_get(desk->store, inbox, &stored));
    if (stored == NULL)
        return NULL;
    PD_TRY(pd_json_parse(stored, strlen(stored), &then));
    const char *set = pd_json_get_text(pd_json_get(then, "rules"), "rule_set");
    if (set != NULL && strcmp(set, pd_rule_set_hash(rules)) != 0) {
        pd_json_set_text(then, "incomplete",
                         "the rules have changed since: those that did not apply are not told "
                         "(--rules DIR takes the rules of then)");
    } else if (set != NULL) {
        PdStatus *status = decide_again(desk, rules, inbox, pd_json_get(then, "rules"), &decision);
        if (status != NULL && pd_status_spoils(status) != PD_SPOILS_MESSAGE)
            return status;
        pd_status_free(status);
        add_decision(then, decision);
    }
    *why = g_steal_pointer(&then);
    return NULL;
}
