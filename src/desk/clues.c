/* clues.c: see clues.h. A hostile mail can name many: each kind is bounded. */
#include "desk/clues.h"

#include "desk/answer.h"
#include "desk/authority.h"
#include "desk/collector.h"
#include "desk/quoting.h"
#include "desk/subject.h"
#include "postdesk/clock.h"
#include "postdesk/limits.h"
#include <string.h>

#define MOST_ADDRESSES 50  /* of one mail that are searched for tokens */
#define MOST_ASKED 50      /* outside, that are tried as holders of a token */
#define MOST_REFERENCES 30 /* Message-IDs that are looked up, the last ones */

/* All addresses of a person are one sender. NULL if the author is nobody we know. */
static char **addresses_of_author(const PdCollector *collector)
{
    const PdAddress *from = collector->mail->from;
    const PdPerson *person = from != NULL && from->address != NULL
                                 ? pd_people_find(collector->desk->people, from->address)
                                 : NULL;

    return person != NULL ? person->addresses : NULL;
}

/* A list that puts itself into From leaves the author in Reply-To, and a token was signed for
 * him. Reply-To alone proves nothing: everybody can write anything there (is_borrowed()). */
static void add_holders(PdCollector *collector)
{
    const PdMail *mail = collector->mail;
    const PdAddress *answer = pd_answer_address(mail, collector->desk->config);

    if (mail->from != NULL && mail->from->address != NULL)
        g_ptr_array_add(collector->holders, mail->from->address);
    if (answer != NULL && answer != mail->from)
        g_ptr_array_add(collector->holders, answer->address);
    for (char **address = addresses_of_author(collector); address != NULL && *address != NULL;
         address++)
        g_ptr_array_add(collector->holders, *address);
}

static gboolean is_his_token(const PdClue *clue, PdTokenVerdict verdict)
{
    gboolean is_token =
        clue->kind == PD_CLUE_TOKEN_ADDRESS || clue->kind == PD_CLUE_TOKEN_MESSAGE_ID;

    return is_token && clue->exists && clue->verdict == verdict && clue->by_author;
}

gboolean pd_clue_is_held_token(const PdClue *clue)
{
    return is_his_token(clue, PD_TOKEN_VALID);
}

gboolean pd_clues_hold_token(const GPtrArray *clues, gint64 ticket)
{
    for (guint i = 0; i < clues->len; i++) {
        const PdClue *clue = g_ptr_array_index(clues, i);
        if (clue->ticket == ticket && pd_clue_is_held_token(clue))
            return TRUE;
    }
    return FALSE;
}

gboolean pd_clues_held_token(const GPtrArray *clues, gint64 ticket)
{
    for (guint i = 0; i < clues->len; i++) {
        const PdClue *clue = g_ptr_array_index(clues, i);
        if (clue->ticket == ticket && is_his_token(clue, PD_TOKEN_EXPIRED))
            return TRUE;
    }
    return FALSE;
}

gboolean pd_clues_are_of_asked(const GPtrArray *clues, gint64 ticket)
{
    for (guint i = 0; clues != NULL && i < clues->len; i++) {
        const PdClue *clue = g_ptr_array_index(clues, i);
        if (clue->of_asked && clue->ticket == ticket)
            return TRUE;
    }
    return FALSE;
}

/* Fills in what the store knows of the ticket that the clue claims. */
PdStatus *pd_collector_look_at_ticket(PdCollector *collector, PdClue *clue)
{
    PdStore *store = collector->desk->store;
    const PdAddress *from = collector->mail->from;
    g_autoptr(PdTicket) ticket = NULL;

    if (clue->ticket <= 0)
        return NULL;
    PD_TRY(pd_ticket_get(store, clue->ticket, &ticket));
    clue->exists = ticket != NULL;
    if (!clue->exists || from == NULL || from->address == NULL ||
        collector->mail->dmarc == PD_AUTH_RESULT_FAIL) /* then From may be forged */
        return NULL;
    /* The desk's own people work on every ticket; what they may do there is another question. */
    clue->takes_part =
        pd_rank_of_role(pd_people_look_up(collector->desk->people, from->address).role) !=
        PD_RANK_STRANGER;
    if (clue->takes_part)
        return NULL;
    PD_TRY(pd_ticket_has_participant(store, clue->ticket, from->address, &clue->takes_part));
    for (char **address = addresses_of_author(collector);
         address != NULL && *address != NULL && !clue->takes_part; address++)
        PD_TRY(pd_ticket_has_participant(store, clue->ticket, *address, &clue->takes_part));
    return NULL;
}

PdStatus *pd_collector_take(PdCollector *collector, PdClue *clue)
{
    g_ptr_array_add(collector->clues, clue);
    return pd_collector_look_at_ticket(collector, clue);
}

void pd_collector_check_token(const PdCollector *collector, const char *token,
                              PdTokenPurpose purpose, const char *holder, PdClue *clue)
{
    gint64 claimed = 0;
    PdTokenVerdict verdict =
        pd_token_check(collector->desk->keys, token, holder, purpose, pd_clock_now(), &claimed);

    if (verdict == PD_TOKEN_NONE || clue->verdict == PD_TOKEN_VALID)
        return;
    clue->verdict = verdict;
    clue->ticket = claimed;
}

/* Who stands in From, by any of his addresses. A Reply-To can name anybody. */
static gboolean is_author(const PdCollector *collector, const char *holder)
{
    const PdAddress *from = collector->mail->from;
    char **own = addresses_of_author(collector);

    if (from != NULL && from->address != NULL && pd_address_equal(from->address, holder))
        return TRUE;
    for (; own != NULL && *own != NULL; own++)
        if (pd_address_equal(*own, holder))
            return TRUE;
    return FALSE;
}

/* It was signed for the holder who was tried last. */
static gboolean is_decided(PdTokenVerdict verdict)
{
    return verdict == PD_TOKEN_VALID || verdict == PD_TOKEN_EXPIRED;
}

/* The same organisation, which is no mail provider. */
static gboolean is_colleague(const char *one, const char *other)
{
    return pd_address_same_domain(one, other) && !pd_address_is_public(one);
}

/* Whom the desk asks outside may have a colleague answer: by the mail that was sent to the one,
 * from the domain of the one. It proves nothing of him, but what he says belongs to the ticket. */
static PdStatus *look_for_asked(PdCollector *collector, const char *token, PdClue *clue)
{
    const PdMail *mail = collector->mail;
    const char *from = mail->from != NULL ? mail->from->address : NULL;
    g_autoptr(GPtrArray) asked = NULL;
    gint64 claimed = 0;

    if (!clue->exists || clue->takes_part || clue->verdict != PD_TOKEN_OTHER_HOLDER ||
        from == NULL || mail->dmarc == PD_AUTH_RESULT_FAIL)
        return NULL;
    PD_TRY(pd_ticket_people(collector->desk->store, clue->ticket, PD_PART_EXTERNAL, &asked));
    for (guint i = 0; i < MIN(asked->len, MOST_ASKED); i++) {
        const char *one = g_ptr_array_index(asked, i);
        if (is_colleague(one, from) &&
            pd_token_check(collector->desk->keys, token, one, PD_TOKEN_REPLY, pd_clock_now(),
                           &claimed) == PD_TOKEN_VALID)
            clue->takes_part = clue->of_asked = TRUE;
    }
    return NULL;
}

/* Of somebody whom a stranger names in Reply-To, and whose mail was forwarded to him, say. */
static gboolean is_borrowed(const PdMail *mail, const PdClue *clue)
{
    return is_decided(clue->verdict) && !clue->by_author && !clue->takes_part &&
           !mail->list_address;
}

static PdStatus *take_token(PdCollector *collector, PdClueKind kind, const char *where,
                            const char *token)
{
    PdClue *clue = pd_clue_new(kind, where);

    for (guint i = 0; i < collector->holders->len && !is_decided(clue->verdict); i++) {
        const char *holder = g_ptr_array_index(collector->holders, i);
        pd_collector_check_token(collector, token, PD_TOKEN_REPLY, holder, clue);
        clue->by_author = is_author(collector, holder);
    }
    if (clue->verdict == PD_TOKEN_VALID)
        clue->nonce = pd_token_nonce(token);
    if (clue->verdict == PD_TOKEN_NONE) {
        pd_clue_free(clue);
        return NULL;
    }
    PD_TRY(pd_collector_take(collector, clue));
    if (is_borrowed(collector->mail, clue))
        clue->verdict = PD_TOKEN_OTHER_HOLDER;
    return look_for_asked(collector, token, clue);
}

/* The addresses that the mail went to, as far as anything shows them. */
static GPtrArray *went_to(const PdMail *mail)
{
    GPtrArray *addresses = g_ptr_array_new();
    const GPtrArray *const lists[] = {mail->to, mail->cc};

    for (guint i = 0; i < mail->delivered_to->len && addresses->len < MOST_ADDRESSES; i++)
        g_ptr_array_add(addresses, g_ptr_array_index(mail->delivered_to, i));
    for (gsize list = 0; list < G_N_ELEMENTS(lists); list++) {
        for (guint i = 0; i < lists[list]->len && addresses->len < MOST_ADDRESSES; i++) {
            const PdAddress *address = g_ptr_array_index(lists[list], i);
            if (address->address != NULL)
                g_ptr_array_add(addresses, address->address);
        }
    }
    return addresses;
}

PdStatus *pd_collector_each_detail(PdCollector *collector, PdTakeDetail take_detail)
{
    g_autoptr(GPtrArray) addresses = went_to(collector->mail);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < addresses->len; i++) {
        const char *address = g_ptr_array_index(addresses, i);
        g_autofree char *detail = pd_address_detail(address);
        if (detail == NULL || !pd_config_is_own_address(collector->desk->config, address) ||
            !g_hash_table_add(seen, (gpointer)address))
            continue;
        PD_TRY(take_detail(collector, address, detail));
    }
    return NULL;
}

static PdStatus *take_reply_detail(PdCollector *collector, const char *address, const char *detail)
{
    return take_token(collector, PD_CLUE_TOKEN_ADDRESS, address, detail);
}

static PdStatus *take_message_id(PdCollector *collector, const char *id)
{
    g_autofree char *token = pd_token_of_message_id(id);
    PdClue *clue = pd_clue_new(PD_CLUE_REFERENCE, id);
    PdStatus *status = pd_ticket_by_message_id(collector->desk->store, id, &clue->ticket);

    if (status != NULL) {
        pd_clue_free(clue);
        return status;
    }
    PD_TRY(pd_collector_take(collector, clue));
    return token != NULL ? take_token(collector, PD_CLUE_TOKEN_MESSAGE_ID, id, token) : NULL;
}

/* In-Reply-To first, then References from the newest to the oldest. */
static PdStatus *take_references(PdCollector *collector)
{
    const PdMail *mail = collector->mail;
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    guint left = MOST_REFERENCES;

    for (guint i = 0; i < mail->in_reply_to->len && left > 0; i++) {
        const char *id = g_ptr_array_index(mail->in_reply_to, i);
        if (!g_hash_table_add(seen, (gpointer)id))
            continue;
        left--;
        PD_TRY(take_message_id(collector, id));
    }
    for (guint i = mail->references->len; i > 0 && left > 0; i--) {
        const char *id = g_ptr_array_index(mail->references, i - 1);
        if (!g_hash_table_add(seen, (gpointer)id))
            continue;
        left--;
        PD_TRY(take_message_id(collector, id));
    }
    return NULL;
}

static PdStatus *take_numbers(PdCollector *collector, const GArray *numbers)
{
    for (guint i = 0; i < numbers->len; i++) {
        gint64 number = g_array_index(numbers, gint64, i);
        g_autofree char *where = g_strdup_printf("[#%" G_GINT64_FORMAT "]", number);
        PdClue *clue = pd_clue_new(PD_CLUE_SUBJECT, where);
        clue->ticket = number;
        PD_TRY(pd_collector_take(collector, clue));
    }
    return NULL;
}

/* A machine's "request #7" is its own. */
static PdStatus *take_subject(PdCollector *collector)
{
    const PdMail *mail = collector->mail;
    g_autoptr(GArray) numbers = pd_subject_numbers(mail->subject);

    PD_TRY(take_numbers(collector, numbers));
    if (numbers->len > 0 || mail->origin != PD_ORIGIN_PERSON)
        return NULL;
    g_autoptr(GArray) named = pd_subject_named_numbers(mail->subject);
    return take_numbers(collector, named);
}

/* Sent to the desk and to a list that it reads, say: the list's copy has another subject and other
 * words at its end, so that it is no copy by its content. Some programs give all their mails one
 * Message-ID, so date and author must agree as well. */
static PdStatus *take_same_message(PdCollector *collector)
{
    const PdMail *mail = collector->mail;
    PdStore *store = collector->desk->store;
    gint64 ticket = 0;
    gboolean came = FALSE;

    if (mail->message_id == NULL || mail->date == 0 || mail->from == NULL ||
        mail->from->address == NULL)
        return NULL;
    PD_TRY(pd_ticket_by_message_id(store, mail->message_id, &ticket));
    if (ticket > 0)
        PD_TRY(pd_message_came_changed(store, ticket, mail->message_id, mail->from->address,
                                       mail->date, &came));
    if (!came)
        return NULL;
    PdClue *clue = pd_clue_new(PD_CLUE_SAME_MESSAGE, mail->message_id);
    clue->ticket = ticket;
    return pd_collector_take(collector, clue);
}

/* Its first mail is new, whatever mail its program began it from. */
static PdStatus *take_conversation(PdCollector *collector)
{
    const PdMail *mail = collector->mail;

    if (mail->conversation == NULL || !mail->answers_conversation)
        return NULL;
    PdClue *clue = pd_clue_new(PD_CLUE_CONVERSATION, mail->conversation);
    g_ptr_array_add(collector->clues, clue);
    PD_TRY(pd_ticket_by_conversation(collector->desk->store, mail->conversation, &clue->ticket));
    return pd_collector_look_at_ticket(collector, clue);
}

static PdStatus *collect_for_reply(PdCollector *collector)
{
    add_holders(collector);
    PD_TRY(pd_collector_each_detail(collector, take_reply_detail));
    PD_TRY(take_same_message(collector));
    PD_TRY(take_references(collector));
    PD_TRY(take_subject(collector));
    return take_conversation(collector);
}

PdStatus *pd_clues_collect(const PdDesk *desk, const PdMail *mail, GPtrArray **clues)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)pd_clue_free);
    g_autoptr(GPtrArray) holders = g_ptr_array_new();
    PdCollector collector = {desk, mail, found, holders};

    PD_TRY(pd_mail_tells_of_failure(mail) ? pd_collector_take_bounce(&collector)
                                          : collect_for_reply(&collector));
    *clues = g_steal_pointer(&found);
    return NULL;
}

/* The subject of what is answered, as the mail program repeats it above the quoted text. */
static PdStatus *take_quoted_number(PdCollector *collector, const GPtrArray *heads)
{
    const PdQuotedHead *head = heads->len > 0 ? g_ptr_array_index(heads, 0) : NULL;

    if (head == NULL || head->subject == NULL)
        return NULL;
    g_autoptr(GArray) numbers = pd_subject_numbers(head->subject);
    if (numbers->len != 1)
        return NULL;
    gint64 number = g_array_index(numbers, gint64, 0);
    g_autofree char *where = g_strdup_printf("[#%" G_GINT64_FORMAT "]", number);
    PdClue *clue = pd_clue_new(PD_CLUE_QUOTED_NUMBER, where);
    clue->ticket = number;
    return pd_collector_take(collector, clue);
}

PdStatus *pd_clues_add_quoted(const PdDesk *desk, const PdMail *mail, GPtrArray *clues)
{
    PdCollector collector = {desk, mail, clues, NULL};
    g_autoptr(GPtrArray) quoted = NULL;

    if (mail->origin != PD_ORIGIN_PERSON || !pd_subject_answers(mail->subject))
        return NULL;
    g_autoptr(GPtrArray) heads = pd_quoted_heads(mail->quoted);
    PD_TRY(take_quoted_number(&collector, heads));
    PD_TRY(pd_quoting_find(desk, mail, heads, &quoted));
    while (quoted->len > 0)
        PD_TRY(pd_collector_take(&collector, g_ptr_array_steal_index(quoted, 0)));
    return NULL;
}
