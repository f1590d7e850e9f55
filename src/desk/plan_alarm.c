/* plan_alarm.c: see plan_alarm.h. */
#include "desk/plan_alarm.h"

#include "postdesk/text.h"

void pd_plan_alarm_free(PdPlanAlarm *alarm)
{
    g_free(alarm->kind);
    g_free(alarm->subject);
    g_free(alarm->text);
    pd_json_free(alarm->facts);
    g_free(alarm);
}

/* Takes the text. The object is for the facts in it. */
static PdJson *add_alarm(PdPlan *plan, const char *kind, const char *subject, char *text)
{
    PdPlanAlarm *alarm = g_new0(PdPlanAlarm, 1);

    alarm->kind = g_strdup(kind);
    alarm->subject = g_strdup(subject);
    alarm->text = text;
    alarm->facts = pd_json_object();
    g_ptr_array_add(plan->alarms, alarm);
    return alarm->facts;
}

static const char *name_of_message(const PdPlanInput *input)
{
    return input->mail->message_id != NULL ? input->mail->message_id : "without Message-ID";
}

static char *how_to_look(const PdPlanInput *input)
{
    return input->row != NULL
               ? g_strdup_printf("postdesk explain message:%" G_GINT64_FORMAT, input->row->id)
               : g_strdup("postdesk explain");
}

void pd_plan_alarm_bounce(const PdPlanInput *input, PdPlan *plan)
{
    g_autofree char *look = how_to_look(input);
    PdJson *facts = add_alarm(
        plan, "bounce", "A bounce belongs to no ticket",
        g_strdup_printf("A mail could not be delivered somewhere, and nothing in the bounce "
                        "leads to a ticket.\nMessage: %s\nLook at it with: %s",
                        name_of_message(input), look));

    pd_json_set_text(facts, "message", name_of_message(input));
}

static void alarm_failed_rules(const PdPlanInput *input, PdPlan *plan)
{
    GPtrArray *failed = input->decision != NULL ? pd_decision_failed(input->decision) : NULL;

    for (guint i = 0; failed != NULL && i < failed->len; i++) {
        const char *rule = g_ptr_array_index(failed, i);
        g_autofree char *subject = g_strdup_printf("Rule '%s' could not be evaluated", rule);
        PdJson *facts =
            add_alarm(plan, "rule", subject,
                      g_strdup_printf("Its pattern hit the match limit on a message; the rule did "
                                      "not count for it.\nMessage: %s\nMake the pattern simpler.",
                                      name_of_message(input)));
        pd_json_set_text(facts, "rule", rule);
        pd_json_set_text(facts, "message", name_of_message(input));
    }
}

static void alarm_quarantine(const PdPlanInput *input, PdPlan *plan)
{
    g_autofree char *reason = pd_text_fold_space(plan->reason);
    PdJson *facts =
        add_alarm(plan, "quarantine", "A message was put into quarantine",
                  g_strdup_printf("Message: %s\nReason: %s\nLook at it with: postdesk quarantine",
                                  name_of_message(input), reason));

    pd_json_set_text(facts, "message", name_of_message(input));
    pd_json_set_text(facts, "reason", reason);
}

static void alarm_budget(const PdPlanInput *input, PdPlan *plan)
{
    gboolean over_desk = input->facts->budget.over_desk;
    PdJson *facts = add_alarm(
        plan, "budget",
        over_desk ? "The desk's reply budget is used up" : "A recipient's reply budget is used up",
        g_strdup_printf("No answer was sent to %s: %s.\nIf this is no mail loop, raise "
                        "answers.per_recipient_per_hour or answers.per_hour.",
                        plan->answer.to->address, plan->answer.reason));

    pd_json_set_text(facts, "recipient", plan->answer.to->address);
    pd_json_set_bool(facts, "over_desk", over_desk);
}

void pd_plan_alarm(const PdPlanInput *input, PdPlan *plan)
{
    gboolean over = input->facts->budget.over_recipient || input->facts->budget.over_desk;
    gboolean wanted = plan->act == PD_PLAN_CREATE ||
                      (plan->transition != NULL && plan->transition->occasion != NULL) ||
                      (plan->commands != NULL && plan->commands->list->len > 0);

    alarm_failed_rules(input, plan);
    if (plan->act == PD_PLAN_QUARANTINE)
        alarm_quarantine(input, plan);
    if (over && wanted && plan->answer.is_partner)
        alarm_budget(input, plan);
}
