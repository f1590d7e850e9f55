/* taken.c: see taken.h. A From line alone opens no ticket in somebody else's name: a call needs the
 * proof that a command needs. Any mail of the desk to this very person will do, for a call is of no
 * ticket yet. */
#include "desk/taken.h"

#include "desk/authority.h"
#include "desk/clues.h"
#include "desk/proven.h"
#include "desk/tell.h"
#include "desk/working.h"
#include "postdesk/raw.h"
#include <string.h>

/* One that says it is from somebody who works here. */
static gboolean is_form(const PdDesk *desk, const PdMail *mail)
{
    const char *from = mail->from != NULL ? mail->from->address : NULL;

    return desk->store != NULL && from != NULL && mail->origin == PD_ORIGIN_PERSON &&
           !mail->truncated && pd_call_begins(mail->text) &&
           pd_rank_of_role(pd_people_look_up(desk->people, from).role) != PD_RANK_STRANGER;
}

static guint proofs_of_clues(const GPtrArray *clues, const char **nonce)
{
    guint proofs = 0;

    for (guint i = 0; i < clues->len; i++) {
        const PdClue *clue = g_ptr_array_index(clues, i);
        gboolean is_token =
            clue->kind == PD_CLUE_TOKEN_ADDRESS || clue->kind == PD_CLUE_TOKEN_MESSAGE_ID;
        if (is_token && clue->verdict == PD_TOKEN_VALID && clue->by_author) {
            proofs |= PD_PROOF_TOKEN;
            *nonce = *nonce != NULL ? *nonce : clue->nonce;
        }
    }
    return proofs;
}

/* 0: it is only looked at. */
static gint64 inbox_of(const PdWork *work)
{
    return work->row != NULL ? work->row->id : 0;
}

static PdStatus *read_standing(PdDesk *desk, const PdWork *work, PdStanding *standing)
{
    g_autoptr(GPtrArray) clues = NULL;
    const char *nonce = NULL;

    PD_TRY(pd_standing_read(desk, work->mail, inbox_of(work), NULL, NULL, 0, FALSE, standing));
    if (work->mail->dmarc == PD_AUTH_RESULT_FAIL)
        return NULL;
    PD_TRY(pd_clues_collect(desk, work->mail, &clues));
    standing->proofs |= proofs_of_clues(clues, &nonce);
    standing->nonce = g_strdup(nonce);
    return NULL;
}

static PdMay decide(const PdStanding *standing)
{
    return pd_authority_decide(PD_COMMAND_NEW, standing->rank, standing->proofs, FALSE);
}

/* A signature is verified only where it decides. */
static PdStatus *look_at_signature(PdDesk *desk, PdWork *work, PdStanding *standing)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;

    if (work->row == NULL || decide(standing) != PD_MAY_NOT_PROOF ||
        !pd_proven_can_be(desk, work->mail))
        return NULL;
    PD_TRY(pd_raw_read(desk->store, &work->row->raw, PD_PROVEN_MOST_BYTES, &bytes, &length));
    desk->verify(bytes, length, work->mail, desk->verify_user);
    return pd_proven_read(desk, work->mail, work->row->id, NULL, standing);
}

static void take_down(PdDesk *desk, PdWork *work, PdStanding *standing)
{
    static const PdBudget none = {0};
    PdMail *mail = work->mail;
    const PdWho who = pd_people_look_up(desk->people, mail->from->address);
    PdCall *call = pd_call_read(desk, mail->text, mail->subject, who.person, &work->form_problem);

    if (call == NULL)
        return;
    call->channel = "mail";
    call->taken_by = g_strdup(mail->from->address);
    call->taken_by_name = g_strdup(who.name != NULL ? who.name : mail->from->name);
    call->may_answer = pd_answer_decide(mail, desk->config, &none).may;
    call->signed_name = pd_proven_name(desk, mail);
    call->standing = *standing;
    standing->nonce = NULL;
    pd_call_become_callers(call, desk->config, mail);
    work->call = call;
}

PdStatus *pd_taken_look(PdDesk *desk, PdWork *work)
{
    PdStanding standing = {0};

    if (work->row != NULL)
        work->call = pd_call_of_record(desk->config, work->row, work->mail);
    if (work->call != NULL || !is_form(desk, work->mail))
        return NULL;
    PdStatus *status = read_standing(desk, work, &standing);
    if (status == NULL)
        status = look_at_signature(desk, work, &standing);
    PdMay may = decide(&standing);
    if (status == NULL && may == PD_MAY)
        take_down(desk, work, &standing);
    else if (status == NULL)
        pd_problem_set(&work->form_problem,
                       may == PD_MAY_NOT_ROLE ? PD_PROBLEM_ROLE : PD_PROBLEM_PROOF, "new", NULL);
    g_free(standing.nonce);
    return status;
}

PdStatus *pd_taken_tell(PdDesk *desk, const PdPlanInput *input, gint64 ticket, guint *queued)
{
    const PdCall *call = input->call;
    const char *usual = pd_people_look_up(desk->people, call->taken_by).language;
    const char *language = pd_desk_language(desk, usual != NULL ? usual : input->mail->language);
    g_autoptr(PdJson) further = pd_json_object();
    PdJson *lines = pd_json_array();
    const PdTelling telling = {.desk = desk,
                               .ticket = ticket,
                               .occasion = "taken",
                               .channel = "mail",
                               .inbox = input->row->id,
                               .mail = input->mail,
                               .row = input->row,
                               .further = further,
                               .queued = queued};

    for (guint i = 0; i < call->problems->len; i++) {
        const PdCallProblem *one = g_ptr_array_index(call->problems, i);
        pd_json_add(lines, pd_working_line(desk, language, one->line, &one->problem));
    }
    pd_json_set_bool(further, "has_lines", call->problems->len > 0);
    pd_json_set(further, "lines", lines);
    if (!call->may_answer)
        return NULL;
    return pd_tell_one(&telling, call->taken_by, call->taken_by_name, language,
                       call->standing.rank);
}
