/* why.c: see why.h. */
#include "desk/why.h"

#include <string.h>

static PdJson *texts(const GPtrArray *strings)
{
    PdJson *list = pd_json_array();

    for (guint i = 0; i < strings->len; i++)
        pd_json_add_text(list, g_ptr_array_index(strings, i));
    return list;
}

PdJson *pd_why_origin(const PdMail *mail)
{
    PdJson *origin = pd_json_object();

    pd_json_set_text(origin, "kind", pd_origin_name(mail->origin));
    pd_json_set_text(origin, "via", pd_via_name(mail->via));
    pd_json_set(origin, "evidence", texts(mail->evidence));
    pd_json_set_text(origin, "dmarc", pd_auth_result_name(mail->dmarc));
    return origin;
}

static PdJson *number_or_null(gint64 number)
{
    if (number == 0)
        return pd_json_text(NULL);
    g_autoptr(PdJson) holder = pd_json_set_int(pd_json_object(), "n", number);
    return pd_json_ref(pd_json_get(holder, "n"));
}

PdJson *pd_why_threading(const PdPlan *plan, const PdFacts *facts)
{
    PdJson *threading = pd_json_object();

    pd_json_set(threading, "ticket",
                number_or_null(plan->act == PD_PLAN_APPEND ? plan->ticket : 0));
    pd_json_set(threading, "suggested_link", number_or_null(plan->suggested));
    pd_json_set(threading, "continues", number_or_null(plan->linked));
    PdJson *evidence = texts(facts->threading->evidence);
    if (facts->key_evidence != NULL)
        pd_json_add_text(evidence, facts->key_evidence);
    pd_json_set(threading, "evidence", evidence);
    return threading;
}

PdJson *pd_why_answer(const PdDesk *desk, const PdPlan *plan)
{
    PdJson *answer = pd_json_object();
    gboolean is_sent = plan->occasion != NULL;

    pd_json_set_bool(answer, "send", is_sent);
    pd_json_set_text(answer, "reason", plan->answer.reason);
    pd_json_set_text(answer, "occasion", plan->occasion);
    pd_json_set_text(answer, "recipient", is_sent ? plan->answer.to->address : NULL);
    pd_json_set_text(answer, "language", is_sent ? pd_desk_language(desk, plan->language) : NULL);
    pd_json_set_bool(answer, "held", is_sent && plan->is_held);
    return answer;
}

/* What the sender is to the desk and the ticket, and what shows that it is he. */
static PdJson *why_standing(const PdStanding *standing)
{
    static const char *const names[PD_PROOFS_OF_MAIL] = {"token", "aligned", "signature", "thread"};
    PdJson *told = pd_json_object();
    PdJson *proofs = pd_json_array();

    for (guint i = 0; i < PD_PROOFS_OF_MAIL; i++)
        if ((standing->proofs & 1u << i) != 0)
            pd_json_add_text(proofs, names[i]);
    pd_json_set_text(told, "rank", pd_rank_name(standing->rank));
    pd_json_set(told, "proofs", proofs);
    return pd_json_set_text(told, "signature_flaw", standing->flaw);
}

PdJson *pd_why(const PdDesk *desk, const PdPlanInput *input, const PdPlan *plan)
{
    PdJson *why = pd_json_object();

    pd_json_set_text(why, "act", pd_plan_act_name(plan->act));
    pd_json_set_text(why, "reason", plan->reason);
    pd_json_set(why, "origin", pd_why_origin(input->mail));
    pd_json_set(why, "threading", pd_why_threading(plan, input->facts));
    pd_json_set(why, "standing", why_standing(&input->facts->standing));
    pd_json_set(why, "answer", pd_why_answer(desk, plan));
    return why;
}

/* What the rules said is a line already: it is put in as it is, not read and written again. */
char *pd_why_line(const PdDesk *desk, const PdPlanInput *input, const PdPlan *plan)
{
    g_autoptr(PdJson) why = pd_why(desk, input, plan);
    g_autofree char *line = pd_json_compact(why);

    line[strlen(line) - 1] = '\0';
    return g_strconcat(line, ",\"rules\":", input->rules_line != NULL ? input->rules_line : "null",
                       "}", NULL);
}
