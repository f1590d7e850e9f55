/* explain.c: the plan of the same engine, told instead of carried out. */
#include "desk/why.h"
#include "desk/work.h"

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

PdStatus *pd_desk_explain(PdDesk *desk, const PdMail *mail, PdJson **explanation)
{
    g_autoptr(PdWork) work = g_new0(PdWork, 1);

    work->mail = (PdMail *)mail; /* only read, and taken back below */
    PdStatus *status = pd_work_plan(desk, work);
    if (status == NULL) {
        const PdPlanInput input = pd_work_input(desk, work);
        PdJson *why = pd_why(desk, &input, work->plan);
        pd_json_set(why, "outcome", outcome(desk, work));
        pd_json_set(why, "decision",
                    work->decision != NULL ? pd_decision_to_json(work->decision)
                                           : pd_json_text(NULL));
        *explanation = why;
    }
    work->mail = NULL;
    return status;
}
