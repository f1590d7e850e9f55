/* answer.c: the gate that every automatic answer to a mail passes.
 *
 * I7: nothing answers automatically to
 *   a bounce · an auto-reply · a machine · a report · a list's address (its author is
 *   answered) · this desk itself · a sender whose DMARC failed · the null sender ·
 *   beyond the reply budget.
 * The reason is recorded with the message in each case. There is no way around this
 * file: plan.c asks it for every mail, and commit.c mails only what the plan allows.
 */
#include "desk/answer.h"

#include "postdesk/text.h"
#include <string.h>

static gboolean is_usable(const PdMail *mail, const PdConfig *config, const PdAddress *address)
{
    return address != NULL && pd_text_can_be_mailed(address->address) &&
           !pd_config_is_own_address(config, address->address) &&
           !pd_mail_is_list(mail, address->address);
}

const PdAddress *pd_answer_address(const PdMail *mail, const PdConfig *config)
{
    const PdAddress *usual = pd_mail_answer_address(mail);

    if (is_usable(mail, config, usual))
        return usual;
    if (is_usable(mail, config, mail->from))
        return mail->from;
    if (mail->from == NULL || !mail->list_address)
        return NULL;
    /* A list that puts itself into From (for DMARC) leaves the author in Reply-To. */
    for (guint i = 0; i < mail->reply_to->len; i++) {
        const PdAddress *author = g_ptr_array_index(mail->reply_to, i);
        if (is_usable(mail, config, author))
            return author;
    }
    return NULL;
}

static const char *reason_of_origin(PdOrigin origin)
{
    switch (origin) {
    case PD_ORIGIN_BOUNCE:
        return "a bounce is never answered";
    case PD_ORIGIN_AUTO_REPLY:
        return "an automatic reply is never answered";
    case PD_ORIGIN_REPORT:
        return "a report is never answered";
    case PD_ORIGIN_MACHINE:
        return "a machine is never answered";
    case PD_ORIGIN_SELF:
        return "a mail of this desk itself is never answered";
    case PD_ORIGIN_PERSON:
        break;
    }
    return NULL;
}

static gboolean is_from_null_sender(const PdMail *mail)
{
    const char *path = pd_mail_header(mail, "Return-Path");

    if (path == NULL)
        return FALSE;
    g_autofree char *folded = pd_text_fold_space(path);
    return strcmp(folded, "<>") == 0;
}

/* Why the sender is nobody whom the desk talks with; NULL if he is. */
static const char *reason_of_sender(const PdMail *mail, const PdAddress *to)
{
    const char *reason = reason_of_origin(mail->origin);

    if (reason != NULL)
        return reason;
    if (mail->dmarc == PD_AUTH_RESULT_FAIL)
        return "the sender's DMARC check failed: the address may be forged";
    if (is_from_null_sender(mail))
        return "the envelope sender is null: no answer is wanted";
    if (to == NULL)
        return mail->list_address ? "a list's address is never answered, and no author is named"
                                  : "there is no address that could be answered";
    return NULL;
}

PdAnswer pd_answer_decide(const PdMail *mail, const PdConfig *config, const PdBudget *budget)
{
    PdAnswer answer = {.to = pd_answer_address(mail, config)};

    answer.reason = reason_of_sender(mail, answer.to);
    answer.is_partner = answer.reason == NULL;
    if (answer.is_partner && budget->over_recipient)
        answer.reason = "the reply budget of this recipient is used up for this hour";
    else if (answer.is_partner && budget->over_desk)
        answer.reason = "the reply budget of the desk is used up for this hour";
    answer.may = answer.reason == NULL;
    if (answer.may)
        answer.reason = "may be answered";
    return answer;
}
