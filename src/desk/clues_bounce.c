/* clues_bounce.c: what in a bounce may lead to the ticket whose mail it returns. */
#include "desk/collector.h"

#include "postdesk/clock.h"
#include "postdesk/outbox.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_HOLDERS 50 /* participants that are tried as holders of a bounce token */
#define MOST_MAILS 100  /* of a ticket, among which the one that bounced is looked for */
#define MOST_BOUNCE_TEXT 16384
#define LATELY (14 * PD_DAY)

/* The mail may have bounced at an address it was forwarded to: then the token fits none of
 * the bounce's recipients, but somebody who takes part. */
static PdStatus *try_participants(PdCollector *collector, const char *token, PdClue *clue)
{
    g_autoptr(GPtrArray) holders = NULL;

    if (clue->verdict != PD_TOKEN_OTHER_HOLDER || clue->ticket <= 0)
        return NULL;
    PD_TRY(pd_ticket_participants(collector->desk->store, clue->ticket, &holders));
    for (guint i = 0; i < MIN(holders->len, MOST_HOLDERS); i++)
        pd_collector_check_token(collector, token, PD_TOKEN_BOUNCE, g_ptr_array_index(holders, i),
                                 clue);
    return NULL;
}

static PdStatus *take_bounce_detail(PdCollector *collector, const char *address, const char *detail)
{
    const GPtrArray *recipients = collector->mail->bounce;
    PdClue *clue = pd_clue_new(PD_CLUE_BOUNCE_TOKEN, address);

    g_ptr_array_add(collector->clues, clue);
    pd_collector_check_token(collector, detail, PD_TOKEN_BOUNCE, "", clue);
    for (guint i = 0; i < recipients->len; i++) {
        const PdBounceRecipient *recipient = g_ptr_array_index(recipients, i);
        if (recipient->address != NULL)
            pd_collector_check_token(collector, detail, PD_TOKEN_BOUNCE, recipient->address, clue);
    }
    PD_TRY(try_participants(collector, detail, clue));
    return pd_collector_look_at_ticket(collector, clue);
}

static PdStatus *take_bounced_message(PdCollector *collector)
{
    const char *id = collector->mail->bounce_original;

    if (id == NULL)
        return NULL;
    PdClue *clue = pd_clue_new(PD_CLUE_BOUNCE_MESSAGE, id);
    g_ptr_array_add(collector->clues, clue);
    PD_TRY(pd_ticket_by_message_id(collector->desk->store, id, &clue->ticket));
    return pd_collector_look_at_ticket(collector, clue);
}

/* One of the failed recipients; where the bounce names none, somebody of the domain it comes from,
 * unless anybody may write from there. */
static gboolean names_recipient(const PdMail *mail, const char *recipient)
{
    const char *from = mail->from != NULL ? mail->from->address : NULL;

    for (guint i = 0; i < mail->bounce->len; i++) {
        const PdBounceRecipient *failed = g_ptr_array_index(mail->bounce, i);
        if (failed->address != NULL && pd_address_equal(failed->address, recipient))
            return TRUE;
    }
    return mail->bounce->len == 0 && from != NULL && !pd_address_is_public(from) &&
           pd_address_same_domain(from, recipient);
}

/* Relays give up after five days or less. */
static PdStatus *was_mailed(const PdCollector *collector, gint64 ticket, gboolean *was)
{
    gint64 since = pd_clock_now() - LATELY;
    g_autoptr(GPtrArray) rows = NULL;

    *was = FALSE;
    PD_TRY(pd_outbox_list(collector->desk->store, -1, ticket, MOST_MAILS, &rows));
    for (guint i = 0; i < rows->len && !*was; i++) {
        const PdOutboxRow *row = g_ptr_array_index(rows, i);
        *was = row->changed_at >= since && names_recipient(collector->mail, row->recipient);
    }
    return NULL;
}

/* A server that sends its report to the plain address, and names no Message-ID. Everybody can write
 * a number: only who was mailed about that ticket can have failed to get it. */
static PdStatus *take_bounced_numbers(PdCollector *collector)
{
    const PdMail *mail = collector->mail;
    g_autofree char *text = pd_text_head(mail->full_text, MOST_BOUNCE_TEXT);
    g_autofree char *all = g_strjoin(
        "\n", mail->subject, mail->bounce_subject != NULL ? mail->bounce_subject : "", text, NULL);
    g_autoptr(GArray) numbers = pd_subject_numbers(all);

    for (guint i = 0; i < numbers->len && mail->dmarc != PD_AUTH_RESULT_FAIL; i++) {
        gint64 number = g_array_index(numbers, gint64, i);
        g_autofree char *where = g_strdup_printf("[#%" G_GINT64_FORMAT "]", number);
        PdClue *clue = pd_clue_new(PD_CLUE_BOUNCE_NUMBER, where);
        clue->ticket = number;
        PD_TRY(pd_collector_take(collector, clue));
        if (clue->exists)
            PD_TRY(was_mailed(collector, number, &clue->was_mailed));
    }
    return NULL;
}

PdStatus *pd_collector_take_bounce(PdCollector *collector)
{
    PD_TRY(pd_collector_each_detail(collector, take_bounce_detail));
    PD_TRY(take_bounced_message(collector));
    return take_bounced_numbers(collector);
}
