/* standing.c: see standing.h. A sender whose DMARC failed has no proof, whatever he shows; and who
 * forges a From line cannot first bring in a mail of his own and then prove himself by answering
 * it: only a message that came proven itself, or that the desk wrote, or that opened the ticket
 * does. */
#include "desk/standing.h"

#include "desk/clues.h"
#include "desk/history.h"
#include "desk/proven.h"
#include <string.h>

/* The people of the desk keep their rank on tickets of their own, and are reporters there, too. */
static PdStatus *read_rank(const PdDesk *desk, const PdMail *mail, const PdTicket *ticket,
                           gboolean is_reporter, PdRank *rank)
{
    const char *from = mail->from != NULL ? mail->from->address : NULL;
    g_autofree char *part = NULL;

    *rank = PD_RANK_STRANGER;
    if (from == NULL)
        return NULL;
    *rank = pd_rank_of_role(pd_people_look_up(desk->people, from).role);
    if (*rank != PD_RANK_STRANGER && is_reporter)
        *rank |= PD_RANK_REPORTER;
    if (*rank != PD_RANK_STRANGER || ticket == NULL)
        return NULL;
    PD_TRY(pd_ticket_part(desk->store, ticket->number, from, &part));
    if (g_strcmp0(part, PD_PART_EXTERNAL) == 0)
        *rank = PD_RANK_EXTERNAL;
    else if (is_reporter)
        *rank = PD_RANK_REPORTER;
    else if (part != NULL)
        *rank = PD_RANK_FOLLOWER;
    return NULL;
}

/* He holds a token of the ticket that went on in this one: it is he, so his reply counts, but no
 * command was made for this ticket. */
static gboolean is_of_merged(const PdClue *clue, gint64 answered)
{
    return clue->ticket == answered && pd_clue_is_held_token(clue);
}

static gboolean is_answer_in(const PdClue *clue, PdClueKind kind, gint64 ticket)
{
    return clue->kind == kind && clue->exists && clue->takes_part && clue->ticket == ticket;
}

/* Does the mail name one of the ticket's own in this way? get gives those that prove something. */
static PdStatus *answers(const PdDesk *desk, const GPtrArray *clues, PdClueKind kind, gint64 ticket,
                         PdStatus *get(PdStore *, gint64, GPtrArray **), guint *proofs)
{
    g_autoptr(GPtrArray) proven = NULL;

    for (guint i = 0; i < clues->len; i++) {
        const PdClue *clue = g_ptr_array_index(clues, i);
        if (!is_answer_in(clue, kind, ticket))
            continue;
        if (proven == NULL)
            PD_TRY(get(desk->store, ticket, &proven));
        if (g_ptr_array_find_with_equal_func(proven, clue->where, g_str_equal, NULL))
            *proofs |= PD_PROOF_THREAD;
    }
    return NULL;
}

static PdStatus *read_answered(const PdDesk *desk, const GPtrArray *clues, gint64 ticket,
                               guint *proofs)
{
    PD_TRY(answers(desk, clues, PD_CLUE_REFERENCE, ticket, pd_ticket_proven_ids, proofs));
    return answers(desk, clues, PD_CLUE_CONVERSATION, ticket, pd_ticket_proven_conversations,
                   proofs);
}

/* Who proves himself otherwise needs no more. */
static PdStatus *read_answers(const PdDesk *desk, const GPtrArray *clues, gint64 ticket,
                              gint64 answered, guint *proofs)
{
    if (*proofs != 0)
        return NULL;
    PD_TRY(read_answered(desk, clues, ticket, proofs));
    return answered != ticket && *proofs == 0 ? read_answered(desk, clues, answered, proofs) : NULL;
}

static guint proofs_of_clues(const GPtrArray *clues, const PdTicket *ticket, gint64 answered,
                             const char **nonce)
{
    guint proofs = 0;

    for (guint i = 0; i < clues->len; i++) {
        const PdClue *clue = g_ptr_array_index(clues, i);
        if (clue->exists && is_of_merged(clue, answered))
            proofs |= PD_PROOF_THREAD;
        if (!clue->exists || clue->ticket != ticket->number)
            continue;
        if (pd_clue_is_held_token(clue)) {
            proofs |= PD_PROOF_TOKEN;
            *nonce = *nonce != NULL ? *nonce : clue->nonce;
        }
    }
    return proofs;
}

static guint proofs_of_mail(const PdMail *mail)
{
    gboolean is_aligned = mail->dkim_aligned || mail->dmarc == PD_AUTH_RESULT_PASS;

    return is_aligned ? PD_PROOF_ALIGNED : 0;
}

PdStatus *pd_standing_read(const PdDesk *desk, const PdMail *mail, gint64 inbox_id,
                           const GPtrArray *clues, const PdTicket *ticket, gint64 answered,
                           gboolean is_reporter, PdStanding *standing)
{
    const char *nonce = NULL;

    PD_TRY(read_rank(desk, mail, ticket, is_reporter, &standing->rank));
    if (standing->rank == PD_RANK_STRANGER && ticket != NULL &&
        pd_clues_are_of_asked(clues, ticket->number))
        standing->rank = PD_RANK_EXTERNAL;
    if (mail->dmarc == PD_AUTH_RESULT_FAIL)
        return NULL;
    standing->proofs = proofs_of_mail(mail);
    PD_TRY(pd_proven_read(desk, mail, inbox_id, ticket, standing));
    if (ticket == NULL)
        return NULL;
    standing->proofs |= proofs_of_clues(clues, ticket, answered, &nonce);
    PD_TRY(read_answers(desk, clues, ticket->number, answered, &standing->proofs));
    standing->nonce = g_strdup(nonce);
    g_autofree char *said = nonce != NULL ? pd_command_text_of(mail) : NULL;
    return said != NULL && pd_command_may_be(said)
               ? pd_ticket_used_for(desk->store, ticket->number, nonce, &standing->used)
               : NULL;
}
