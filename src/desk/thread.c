/* thread.c: the strongest clue that may be believed decides; the rest only suggests.
 *
 *   token signed for this sender, in an address or in a Message-ID of ours    believed
 *   Message-ID of the ticket, and the sender takes part in it                 believed
 *   the very message once more, changed on its way, of a sender who takes part believed
 *   token signed for somebody else or expired, and the sender takes part      believed
 *   token signed for who was asked outside, and the sender is of his domain   believed
 *   [#N], and the sender takes part                                           believed
 *   answer in a conversation of the ticket, and the sender takes part         believed
 *   [#N] in the quoted subject of what is answered, and the sender takes part believed
 *   quotes enough of a message of the ticket, and the sender takes part       believed
 *   a bounce with [#N], and whom it names was mailed about that ticket lately believed
 *   anything else that leads to a ticket                                      suggested
 *
 * A sender whose DMARC failed takes part in nothing: the address may be forged.
 * A token in a forwarded mail lets no stranger in: it is bound to its holder, and the
 * stranger takes no part in the ticket.
 */
#include "desk/thread.h"

#include "desk/subject.h"
#include "postdesk/mail.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_NUMBERS 5 /* that are looked at in one subject */

PdClue *pd_clue_new(PdClueKind kind, const char *where)
{
    PdClue *clue = g_new0(PdClue, 1);

    clue->kind = kind;
    clue->where = g_strdup(where);
    clue->verdict = PD_TOKEN_NONE;
    return clue;
}

void pd_clue_free(PdClue *clue)
{
    g_free(clue->where);
    g_free(clue->nonce);
    g_free(clue);
}

void pd_threading_free(PdThreading *threading)
{
    if (threading == NULL)
        return;
    g_array_unref(threading->in_subject);
    g_ptr_array_unref(threading->evidence);
    g_free(threading);
}

static gboolean is_token(PdClueKind kind)
{
    return kind == PD_CLUE_TOKEN_ADDRESS || kind == PD_CLUE_TOKEN_MESSAGE_ID ||
           kind == PD_CLUE_BOUNCE_TOKEN;
}

/* What a clue is worth if it may be believed; 0 if it may not. */
static int score_of(const PdClue *clue)
{
    static const struct {
        PdClueKind kind;
        int by_itself;   /* with a token that is valid for the sender; or needing nobody */
        int with_sender; /* when the sender takes part */
    } table[] = {
        {PD_CLUE_TOKEN_ADDRESS, 100, 55}, {PD_CLUE_TOKEN_MESSAGE_ID, 90, 50},
        {PD_CLUE_REFERENCE, 0, 60},       {PD_CLUE_SUBJECT, 0, 40},
        {PD_CLUE_SAME_MESSAGE, 0, 70},    {PD_CLUE_BOUNCE_TOKEN, 100, 0},
        {PD_CLUE_BOUNCE_MESSAGE, 80, 80}, {PD_CLUE_CONVERSATION, 0, 35},
        {PD_CLUE_QUOTED_NUMBER, 0, 30},   {PD_CLUE_QUOTE, 0, 25},
    };

    if (!clue->exists || clue->is_weak)
        return 0;
    if (clue->kind == PD_CLUE_BOUNCE_NUMBER)
        return clue->was_mailed ? 40 : 0;
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        if (table[i].kind != clue->kind)
            continue;
        if (!is_token(clue->kind) || clue->verdict == PD_TOKEN_VALID)
            return MAX(table[i].by_itself, clue->takes_part ? table[i].with_sender : 0);
        return clue->takes_part ? table[i].with_sender : 0;
    }
    return 0;
}

/* How good a suggestion it is, where it is not believed. */
static int hint_of(const PdClue *clue)
{
    return !clue->exists ? 0 : clue->kind == PD_CLUE_SUBJECT || clue->is_weak ? 1 : 2;
}

static const char *kind_text(PdClueKind kind)
{
    switch (kind) {
    case PD_CLUE_TOKEN_ADDRESS:
        return "token in address";
    case PD_CLUE_TOKEN_MESSAGE_ID:
        return "token in Message-ID";
    case PD_CLUE_REFERENCE:
        return "answers message";
    case PD_CLUE_SUBJECT:
        return "number in subject";
    case PD_CLUE_CONVERSATION:
        return "answer in conversation";
    case PD_CLUE_QUOTED_NUMBER:
        return "quotes a mail with the number";
    case PD_CLUE_QUOTE:
        return "quotes";
    case PD_CLUE_SAME_MESSAGE:
        return "is, changed on its way, message";
    case PD_CLUE_BOUNCE_TOKEN:
        return "bounce token in address";
    case PD_CLUE_BOUNCE_MESSAGE:
        return "bounce of message";
    case PD_CLUE_BOUNCE_NUMBER:
        return "number in bounce";
    }
    return "";
}

static const char *verdict_text(const PdClue *clue)
{
    if (!is_token(clue->kind))
        return "";
    switch (clue->verdict) {
    case PD_TOKEN_VALID:
        return ", signed for this sender";
    case PD_TOKEN_OTHER_HOLDER:
        return ", not signed for this sender";
    case PD_TOKEN_EXPIRED:
        return ", expired";
    case PD_TOKEN_NONE:
        break;
    }
    return ", no token";
}

static char *describe(const PdClue *clue, int score)
{
    if (!clue->exists)
        return g_strdup_printf("%s %s%s: leads to nothing known", kind_text(clue->kind),
                               clue->where, verdict_text(clue));
    return g_strdup_printf("%s %s%s: #%" G_GINT64_FORMAT "%s: %s", kind_text(clue->kind),
                           clue->where, verdict_text(clue), clue->ticket,
                           clue->was_mailed   ? ", whom it names was mailed about it lately"
                           : clue->takes_part ? ", the sender takes part"
                                              : "",
                           score > 0 ? "believed" : "not believed");
}

/* What is quoted too little may be of a message that comes yet. */
static gboolean is_unknown(const PdClue *clue)
{
    if (clue->is_weak)
        return TRUE;
    return !clue->exists && (clue->kind == PD_CLUE_REFERENCE || clue->kind == PD_CLUE_SUBJECT ||
                             clue->kind == PD_CLUE_CONVERSATION || clue->kind == PD_CLUE_QUOTE);
}

PdThreading *pd_thread_decide(const GPtrArray *clues)
{
    PdThreading *threading = g_new0(PdThreading, 1);
    int best = 0;
    int best_hint = 0;

    threading->in_subject = g_array_new(FALSE, FALSE, sizeof(gint64));
    threading->evidence = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < clues->len; i++) {
        const PdClue *clue = g_ptr_array_index(clues, i);
        int score = score_of(clue);
        g_ptr_array_add(threading->evidence, describe(clue, score));
        threading->refers_to_unknown |= is_unknown(clue);
        if (clue->kind == PD_CLUE_SUBJECT && clue->exists)
            g_array_append_val(threading->in_subject, clue->ticket);
        if (score > best) {
            best = score;
            threading->ticket = clue->ticket;
        }
        if (score == 0 && hint_of(clue) > best_hint) {
            best_hint = hint_of(clue);
            threading->suggested = clue->ticket;
        }
    }
    if (threading->ticket != 0)
        threading->suggested = 0;
    return threading;
}

/* The length of a number's mark at this place and what it says; 0: there is none. */
typedef gsize (*MarkAt)(const char *text, gint64 *number);

static GArray *numbers_of(const char *subject, MarkAt mark_at)
{
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(gint64));

    for (const char *at = subject; *at != '\0' && numbers->len < MOST_NUMBERS;) {
        gint64 number = 0;
        gsize length = mark_at(at, &number);
        if (length > 0 && number > 0 && number < G_MAXINT64)
            g_array_append_val(numbers, number);
        at += MAX(length, 1);
    }
    return numbers;
}

GArray *pd_subject_numbers(const char *subject)
{
    return numbers_of(subject, pd_subject_mark_at);
}

static gsize name_at(const char *text, gint64 *number)
{
    static const char *const names[] = {"工单号",  "工单",    "ticket", "Ticket",
                                        "request", "Request", NULL};
    static const char *const hash[] = {"#", "＃", NULL};
    const char *at = pd_text_behind(text, names);
    char *end;

    if (at == NULL)
        return 0;
    at = pd_text_behind(at + strspn(at, " "), hash);
    if (at == NULL || !g_ascii_isdigit(*at))
        return 0;
    *number = g_ascii_strtoll(at, &end, 10);
    return (gsize)(end - text);
}

GArray *pd_subject_named_numbers(const char *subject)
{
    return numbers_of(subject, name_at);
}
