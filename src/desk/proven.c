/* proven.c: see proven.h.
 *
 * What is signed is the text and what is attached, not the headers: neither the ticket that a mail
 * answers nor its date nor its Message-ID. Somebody who sees such a mail (a copy of it, a quote)
 * could send its signed part again, under other headers. So a signature counts only
 *   - if it is good, and its key is that of the person whom From shows;
 *   - if it was made within the last MOST_AGE, by its own word, which is signed;
 *   - if the signed text names the ticket ("#12"): it works on no other one;
 *   - if the desk never took in the same text before.
 * The commands themselves stand in what is signed: the helper refuses a mail that holds anything
 * besides it (mail/signed.c). */
#include "desk/proven.h"

#include "desk/authority.h"
#include "postdesk/clock.h"
#include "postdesk/hash.h"
#include <string.h>

#define MOST_AGE (3 * PD_DAY)
#define MOST_AHEAD PD_HOUR /* of clocks that differ */

static gboolean would_help(const PdStanding *standing, PdCommandId id)
{
    gboolean used = (standing->used >> id & 1) != 0;

    return pd_authority_decide(id, standing->rank, standing->proofs, used) != PD_MAY &&
           pd_authority_decide(id, standing->rank, standing->proofs | PD_PROOF_SIGNATURE, used) ==
               PD_MAY;
}

/* A word of the reporter that was taken for text, for nothing showed that it is his. */
static gboolean word_would_help(const PdPlanInput *input)
{
    const PdTicket *ticket = input->facts->ticket;
    g_autofree char *said = pd_command_text_of(input->mail);
    gboolean is_resolved = ticket != NULL && strcmp(ticket->status, "resolved") == 0;
    const PdCommandRow *row = ticket != NULL ? pd_command_of_word(said, is_resolved) : NULL;

    if (row == NULL && ticket != NULL && strcmp(ticket->status, "closed") == 0 &&
        pd_command_rating(said, NULL) != 0)
        row = pd_command_row(PD_COMMAND_RATE);
    return row != NULL && would_help(&input->facts->standing, row->id);
}

gboolean pd_proven_can_be(const PdDesk *desk, const PdMail *mail)
{
    return desk->verify != NULL && desk->config->signature_keys != NULL &&
           mail->signed_by != NULL && mail->signed_by->result == PD_SIGNED_UNCHECKED &&
           mail->dmarc != PD_AUTH_RESULT_FAIL && mail->size <= PD_PROVEN_MOST_BYTES;
}

gboolean pd_proven_is_wanted(const PdDesk *desk, const PdPlanInput *input, const PdPlan *plan)
{
    const PdMail *mail = input->mail;
    const PdStanding *standing = &input->facts->standing;
    const PdCommands *commands = plan->commands;

    if (!pd_proven_can_be(desk, mail))
        return FALSE;
    if (commands == NULL)
        return word_would_help(input);
    for (guint i = 0; i < commands->list->len; i++) {
        const PdCommand *command = g_ptr_array_index(commands->list, i);
        if (command->row != NULL && would_help(standing, command->row->id))
            return TRUE;
    }
    return commands->list->len == 0 && commands->rest[0] != '\0' &&
           would_help(standing, PD_COMMAND_NOTE); /* an answer to pass on */
}

/* The signed text without white space, which signatures need not keep. Caller frees. */
static char *fact_name(const PdMail *mail)
{
    g_autoptr(GString) bare = g_string_new(NULL);

    for (const char *c = mail->full_text; *c != '\0'; c++)
        if (!g_ascii_isspace(*c))
            g_string_append_c(bare, *c);
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, bare->str, -1);
    return g_strconcat("signed/", digest, NULL);
}

static PdStatus *came_before(const PdDesk *desk, const PdMail *mail, gint64 inbox_id,
                             gboolean *before)
{
    g_autofree char *name = fact_name(mail);
    g_autofree char *value = NULL;

    PD_TRY(pd_store_get_fact(desk->store, name, &value));
    *before = value != NULL && g_ascii_strtoll(value, NULL, 10) != inbox_id;
    return NULL;
}

static gboolean is_his(const PdDesk *desk, const PdMail *mail)
{
    const char *signer = mail->signed_by->signer;
    const char *from = mail->from != NULL ? mail->from->address : NULL;
    const PdPerson *person = from != NULL ? pd_people_find(desk->people, from) : NULL;

    if (signer == NULL || from == NULL)
        return FALSE;
    return pd_address_equal(signer, from) ||
           (person != NULL && pd_people_find(desk->people, signer) == person);
}

static gboolean names_ticket(const char *text, gint64 number)
{
    g_autofree char *mark = g_strdup_printf("#%" G_GINT64_FORMAT, number);
    gsize length = strlen(mark);

    for (const char *found = strstr(text, mark); found != NULL; found = strstr(found + 1, mark))
        if (!g_ascii_isdigit(found[length]))
            return TRUE;
    return FALSE;
}

static const char *flaw_of_result(PdSignedResult result)
{
    switch (result) {
    case PD_SIGNED_BAD:
        return "what is signed was changed, or the signature is of something else";
    case PD_SIGNED_NO_KEY:
        return "the key is not in signature_keys, or its certificate leads to no trusted one";
    case PD_SIGNED_EXPIRED:
        return "the key or certificate has expired or was revoked";
    case PD_SIGNED_UNFIT:
        return "the certificate is not for signing";
    default:
        return "the signature could not be verified";
    }
}

static const char *flaw_of(const PdDesk *desk, const PdMail *mail, const PdTicket *ticket)
{
    const PdMailSigned *made = mail->signed_by;
    gint64 now = pd_clock_now();

    if (made->result != PD_SIGNED_GOOD)
        return flaw_of_result(made->result);
    if (!is_his(desk, mail))
        return "the signature is of somebody else than From shows";
    if (made->created < now - MOST_AGE || made->created > now + MOST_AHEAD)
        return "the signature was not made within the last three days";
    if (ticket != NULL && !names_ticket(mail->full_text, ticket->number))
        return "the signed text does not name the ticket (#NUMBER)";
    return NULL;
}

PdStatus *pd_proven_read(const PdDesk *desk, const PdMail *mail, gint64 inbox_id,
                         const PdTicket *ticket, PdStanding *standing)
{
    gboolean before = FALSE;

    if (mail->signed_by == NULL || mail->signed_by->result == PD_SIGNED_UNCHECKED)
        return NULL;
    standing->flaw = flaw_of(desk, mail, ticket);
    if (standing->flaw != NULL)
        return NULL;
    PD_TRY(came_before(desk, mail, inbox_id, &before));
    if (before)
        standing->flaw = "the same signed text came before";
    else
        standing->proofs |= PD_PROOF_SIGNATURE;
    return NULL;
}

char *pd_proven_name(const PdDesk *desk, const PdMail *mail)
{
    return mail->signed_by != NULL && desk->config->signature_keys != NULL ? fact_name(mail) : NULL;
}

/* Of whoever has a say, whatever proved it: the signed part may be sent again by somebody else. */
PdStatus *pd_proven_note(const PdDesk *desk, const PdPlanInput *input)
{
    g_autofree char *name = NULL, *value = NULL, *inbox = NULL;

    if (input->call != NULL)
        name = g_strdup(input->call->signed_name);
    else if (input->facts->standing.rank != PD_RANK_STRANGER)
        name = pd_proven_name(desk, input->mail);
    if (name == NULL)
        return NULL;
    PD_TRY(pd_store_get_fact(desk->store, name, &value));
    if (value != NULL)
        return NULL;
    inbox = g_strdup_printf("%" G_GINT64_FORMAT, input->row->id);
    return pd_store_set_fact(desk->store, name, inbox);
}
