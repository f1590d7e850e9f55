/* work.c: see work.h. */
#include "desk/work.h"

#include "desk/duty.h"
#include "desk/mailread.h"
#include "desk/merge.h"
#include "desk/proven.h"
#include "desk/rulefacts.h"
#include "desk/similar.h"
#include "desk/taken.h"
#include "postdesk/clock.h"
#include <string.h>

void pd_work_free(PdWork *work)
{
    if (work == NULL)
        return;
    pd_plan_free(work->plan);
    pd_decision_free(work->decision);
    pd_facts_free(work->facts);
    pd_mail_free(work->mail);
    if (work->call != NULL)
        pd_call_free(work->call);
    pd_problem_clear(&work->form_problem);
    pd_pictures_free(work->pictures);
    g_clear_pointer(&work->similar, g_array_unref);
    g_free(work->rules_line);
    g_clear_pointer(&work->phrases, g_ptr_array_unref);
    g_free(work->failure);
    g_free(work);
}

PdPlanInput pd_work_input(const PdDesk *desk, const PdWork *work)
{
    return (PdPlanInput){.config = desk->config,
                         .mail = work->mail,
                         .row = work->row,
                         .facts = work->facts,
                         .decision = work->decision,
                         .rules_line = work->rules_line,
                         .phrases = work->phrases,
                         .call = work->call,
                         .form_problem = &work->form_problem,
                         .ahead = &work->ahead};
}

gsize pd_work_weight(const PdWork *work)
{
    const PdMail *mail = work->mail;

    if (mail == NULL)
        return 0;
    return strlen(mail->text) + strlen(mail->quoted) + strlen(mail->full_text) +
           mail->headers->len * sizeof(PdHeader) + pd_pictures_size(work->pictures);
}

/* TRUE if only this message is to blame, so that the next one may be fine. A store that is spoilt
 * would put all of them into quarantine. */
static gboolean is_of_message(const PdStatus *status)
{
    PdSpoils spoilt = pd_status_spoils(status);

    return spoilt == PD_SPOILS_MESSAGE ||
           (spoilt != PD_SPOILS_STORE && !pd_status_may_retry(status));
}

static PdStatus *read_mail(PdDesk *desk, PdWork *work)
{
    const PdMailOptions further = {
        .with_attachment_text = pd_rule_set_reads_attachments(desk->rules),
        .attachment_sink = pd_pictures_sink,
        .sink_user = work->pictures,
    };

    return pd_mail_read_row(desk, work->row, &further, &work->mail);
}

/* Rules see the ticket that the mail belongs to; they are asked again only if that changed. */
static PdStatus *decide(PdDesk *desk, PdWork *work)
{
    const PdTicket *ticket = work->facts->ticket;
    gint64 number = ticket != NULL ? ticket->number : 0;
    gint64 version = ticket != NULL ? ticket->version : 0;

    if (!pd_plan_asks_rules(work->mail, work->facts))
        return NULL;
    if (work->decision != NULL && work->decided_ticket == number &&
        work->decided_version == version)
        return NULL;
    g_clear_pointer(&work->decision, pd_decision_free);
    g_clear_pointer(&work->rules_line, g_free);
    g_clear_pointer(&work->phrases, g_ptr_array_unref);
    work->decided_ticket = number;
    work->decided_version = version;
    g_autofree const char **inside = NULL;
    PdTicketFacts facts = {
        .ticket = number,
        .status = ticket != NULL ? ticket->status : NULL,
        .category = ticket != NULL ? ticket->category : NULL,
        .age = ticket != NULL ? MAX(0, pd_clock_now() - ticket->created_at) : 0,
    };
    pd_rule_facts_add(desk->rules, desk->people, desk->calendars, work->mail,
                      work->row != NULL ? work->row->arrived_at : 0, &facts, &inside);
    PD_TRY(pd_rule_set_evaluate(desk->rules, work->mail, &facts, &work->decision));
    work->phrases = g_ptr_array_new();
    work->rules_line = pd_decision_compact(work->decision, work->phrases);
    return NULL;
}

/* Where it opens a ticket, what somebody passes on is the matter; in one that is there it would be
 * the desk's own words again, and no command of his. */
static PdStatus *plan_with(PdDesk *desk, PdWork *work)
{
    pd_mail_take_passed_on(work->mail, work->facts->ticket == NULL);
    PD_TRY(decide(desk, work));
    PD_TRY(pd_merge_look_up(desk, work->mail, work->decision, work->facts));
    const PdPlanInput input = pd_work_input(desk, work);
    pd_plan_free(work->plan);
    work->plan = pd_plan_make(&input);
    return NULL;
}

/* A new ticket that will be somebody's: he is told of solved ones like it. */
static PdStatus *find_similar(PdDesk *desk, PdWork *work)
{
    const PdMail *mail = work->mail;
    const PdDecision *decision = work->decision;

    if (work->plan->act != PD_PLAN_CREATE || decision == NULL ||
        !pd_duty_assigns(desk, pd_decision_field(decision, "assign"),
                         pd_decision_field(decision, "queue")))
        return NULL;
    const char *category = pd_decision_field(decision, "category");
    const PdLikeness like = {
        .subject = mail->subject != NULL ? mail->subject : "",
        .text = mail->text,
        .category = category != NULL ? category : "",
    };
    PD_TRY(pd_similar_find(desk, &like, &work->similar));
    work->ahead.similar = work->similar;
    return NULL;
}

static gint64 inbox_id(const PdWork *work)
{
    return work->row != NULL ? work->row->id : 0;
}

PdStatus *pd_work_plan(PdDesk *desk, PdWork *work)
{
    g_clear_pointer(&work->facts, pd_facts_free);
    PD_TRY(pd_facts_read(desk, work->mail, inbox_id(work), &work->facts));
    return plan_with(desk, work);
}

/* A signature is verified only where it decides; then all is planned anew. */
static PdStatus *verify(PdDesk *desk, PdWork *work)
{
    const PdPlanInput input = pd_work_input(desk, work);
    g_autofree char *bytes = NULL;
    gsize length = 0;

    if (!pd_proven_is_wanted(desk, &input, work->plan))
        return NULL;
    PD_TRY(pd_raw_read(desk->store, &work->row->raw, PD_PROVEN_MOST_BYTES, &bytes, &length));
    desk->verify(bytes, length, work->mail, desk->verify_user);
    return pd_work_plan(desk, work);
}

PdWork *pd_work_new(const PdInboxRow *row)
{
    PdWork *work = g_new0(PdWork, 1);

    work->row = row;
    work->ahead.pictures = work->pictures = pd_pictures_new();
    return work;
}

static PdStatus *look_up(PdDesk *desk, PdWork *work)
{
    PD_TRY(pd_taken_look(desk, work));
    return pd_facts_read(desk, work->mail, inbox_id(work), &work->facts);
}

static PdStatus *complete(PdDesk *desk, PdWork *work)
{
    PD_TRY(verify(desk, work));
    return find_similar(desk, work);
}

PdStatus *pd_work_step(PdDesk *desk, PdWork *work, PdWorkStep step)
{
    static PdStatus *(*const steps[])(PdDesk *, PdWork *) = {
        [PD_WORK_READ] = read_mail,
        [PD_WORK_LOOK_UP] = look_up,
        [PD_WORK_PLAN] = plan_with,
        [PD_WORK_COMPLETE] = complete,
    };

    if (work->failure != NULL)
        return NULL;
    PdStatus *status = steps[step](desk, work);
    if (status == NULL || !is_of_message(status))
        return status;
    work->failure = g_strdup(pd_status_text(status));
    pd_status_free(status);
    return NULL;
}

PdStatus *pd_work_look_again(PdDesk *desk, PdWork *work)
{
    g_autoptr(PdFacts) now = NULL;

    PD_TRY(pd_facts_read(desk, work->mail, inbox_id(work), &now));
    PD_TRY(pd_merge_look_up(desk, work->mail, work->decision, now));
    if (pd_facts_equal(work->facts, now))
        return NULL;
    /* The old plan borrows nothing from the facts that is used again. */
    pd_facts_free(work->facts);
    work->facts = g_steal_pointer(&now);
    return plan_with(desk, work);
}
