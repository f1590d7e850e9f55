/* unknown.c: see unknown.h.
 *
 * Most of what comes from unknown senders is spam with a sender that is made up: each mail about
 * it may reach somebody who never wrote. So a refusal passes the gate of answer.c (I7) and more:
 * not where SPF failed or a list passed the mail on, to one sender once a day, to all together
 * MOST_PER_DAY times; and it repeats nothing of what was written. */
#include "desk/unknown.h"

#include "desk/notify.h"
#include "desk/values.h"
#include "postdesk/clock.h"
#include "postdesk/inbox.h"
#include "postdesk/log.h"
#include <string.h>

#define MOST_PER_DAY 200
#define OCCASION "unknown"

PdStatus *pd_unknown_read(const PdDesk *desk, const PdMail *mail, PdFacts *facts)
{
    const PdAddress *to = pd_answer_address(mail, desk->config);
    gint64 since = pd_clock_now() - PD_DAY;
    gint64 to_sender, to_all;

    if (!facts->sender_is_refused || to == NULL || mail->origin != PD_ORIGIN_PERSON)
        return NULL;
    PD_TRY(pd_outbox_count_apart(desk->store, OCCASION, to->address, since, &to_sender));
    PD_TRY(pd_outbox_count_apart(desk->store, OCCASION, NULL, since, &to_all));
    facts->refusal_told = to_sender > 0;
    facts->refusals_over = to_all >= MOST_PER_DAY;
    return NULL;
}

static gboolean is_call(const PdPlanInput *input)
{
    return input->call != NULL ||
           (input->row != NULL && strcmp(input->row->mailbox, PD_MAILBOX_CALL) == 0);
}

gboolean pd_unknown_is_refused(const PdPlanInput *input)
{
    return input->facts->sender_is_refused && input->facts->ticket == NULL && !is_call(input);
}

gboolean pd_unknown_is_held(const PdPlanInput *input)
{
    return input->facts->sender_is_held && !is_call(input);
}

/* Why nobody is mailed although the mail itself could be answered; NULL if he is. */
static const char *reason_of_silence(const PdPlanInput *input)
{
    const PdMail *mail = input->mail;

    if (mail->spf == PD_AUTH_RESULT_FAIL)
        return "the sender's SPF check failed: a refusal might reach somebody else";
    if (mail->via == PD_VIA_LIST)
        return "it came through a list: who writes to it is not told of a refusal";
    if (input->facts->refusal_told)
        return "the sender was told within a day that unknown senders are refused";
    if (input->facts->refusals_over)
        return "as many refusals as go out in a day were mailed";
    return NULL;
}

void pd_unknown_refuse(const PdPlanInput *input, PdPlan *plan)
{
    const char *reason = reason_of_silence(input);

    plan->act = PD_PLAN_IGNORE;
    plan->is_refused = TRUE;
    plan->reason = g_strdup(PD_REASON_REFUSED "the sender is not known, and unknown ones are "
                                              "refused (people.yaml)");
    if (plan->answer.may && reason != NULL) {
        plan->answer.may = FALSE;
        plan->answer.reason = reason;
    }
    if (plan->answer.may)
        plan->occasion = OCCASION;
}

static PdJson *values_of(const PdDesk *desk, const PdPlanInput *input)
{
    PdJson *values = pd_json_object();

    pd_json_set_text(values, "desk_name", desk->config->desk_name);
    pd_json_set_text(values, "desk_address", desk->config->desk_address);
    pd_json_set_text(values, "contact", desk->config->contact);
    pd_values_set_time(desk, values, "received_at",
                       input->row->taken_at != 0 ? input->row->taken_at : pd_clock_now());
    return values;
}

PdStatus *pd_unknown_tell(PdDesk *desk, const PdPlanInput *input, const PdPlan *plan, guint *queued)
{
    g_autoptr(PdJson) values = values_of(desk, input);
    const PdNotice notice = {
        .occasion = OCCASION,
        .language = pd_desk_language(desk, plan->language),
        .values = values,
        .recipient = plan->answer.to->address,
        .in_reply_to = input->mail->message_id,
        .auto_submitted = "auto-replied",
        .held = plan->is_held ? PD_HELD_OLD : NULL,
    };
    PdStatus *status = pd_notify(desk, &notice, NULL, NULL);

    if (status == NULL) {
        ++*queued;
        return NULL;
    }
    if (pd_status_spoils(status) == PD_SPOILS_STORE)
        return status;
    pd_log_status(PD_LOG_ERROR, "refusal-not-mailed", NULL, status);
    pd_status_free(status);
    return NULL;
}
