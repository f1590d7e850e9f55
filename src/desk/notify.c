/* notify.c: see notify.h.
 *
 * I4: the row is added in the transaction of its ticket and nowhere else. Its Message-ID
 * and its token are fixed here: an answer leads back to the ticket by the plus-address, by
 * the Message-ID or by the number in the subject, whichever survives.
 */
#include "desk/notify.h"

#include "desk/actions.h"
#include "desk/subject.h"
#include "postdesk/clock.h"
#include "postdesk/compose.h"
#include "postdesk/text.h"
#include <string.h>

#define BOUNCE_TOKEN_DAYS 30 /* the longest a mail server tries, many times over */
#define MOST_REFERENCES 20

static char *make_token(const PdDesk *desk, const PdNotice *notice, PdTokenPurpose purpose,
                        guint days)
{
    return pd_token_make(desk->keys, notice->ticket, notice->recipient, purpose,
                         pd_clock_now() + days * PD_DAY);
}

/* "local+detail@domain"; caller frees. */
static char *plus_address(const char *address, const char *detail)
{
    const char *at = strrchr(address, '@');

    return g_strdup_printf("%.*s+%s%s", (int)(at - address), address, detail, at);
}

/* The null sender for alarms: a bounce of one must not become another. */
static char *envelope_sender(const PdDesk *desk, const PdNotice *notice)
{
    const PdConfig *config = desk->config;

    if (config->envelope_null || notice->ticket == 0)
        return g_strdup("");
    g_autofree char *token = make_token(desk, notice, PD_TOKEN_BOUNCE, BOUNCE_TOKEN_DAYS);
    return plus_address(config->bounce_address, token);
}

/* The last references and the answered message; free the array, not the strings. */
static const char **thread_of(const PdNotice *notice)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    guint count = notice->references != NULL ? notice->references->len : 0;

    for (guint i = count > MOST_REFERENCES ? count - MOST_REFERENCES : 0; i < count; i++) {
        const char *id = g_ptr_array_index(notice->references, i);
        if (notice->in_reply_to == NULL || strcmp(id, notice->in_reply_to) != 0)
            g_ptr_array_add(ids, (gpointer)id);
    }
    if (notice->in_reply_to != NULL)
        g_ptr_array_add(ids, (gpointer)notice->in_reply_to);
    g_ptr_array_add(ids, NULL);
    return (const char **)g_ptr_array_free(g_steal_pointer(&ids), FALSE);
}

static PdStatus *compose(const PdDesk *desk, const PdNotice *notice, const PdRendered *rendered,
                         const char *token, const char *message_id, GBytes **mail)
{
    g_autofree char *subject = notice->ticket != 0
                                   ? pd_subject_mark(rendered->subject, notice->ticket)
                                   : g_strdup(rendered->subject);
    g_autofree char *reply_to =
        notice->ticket != 0 ? plus_address(desk->config->desk_address, token) : NULL;
    g_autofree const char **references = thread_of(notice);
    PdDraft draft = {
        .from_name = desk->config->desk_name,
        .from_address = desk->config->desk_address,
        .reply_to = reply_to,
        .to_name = notice->recipient_name,
        .to_address = notice->recipient,
        .subject = subject,
        .message_id = message_id,
        .in_reply_to = notice->in_reply_to,
        .references = references,
        .auto_submitted = notice->auto_submitted,
        .date = pd_clock_now(),
        .text = rendered->text,
        .html = rendered->html,
        .language = pd_templates_language(desk->templates, notice->language),
        .ticket = notice->ticket,
        .enclosures = notice->enclosures,
    };

    return pd_compose(&draft, mail);
}

static PdOutboxRow *new_row(const PdDesk *desk, const PdNotice *notice, const char *token)
{
    PdOutboxRow *row = pd_outbox_row_new();

    row->ticket = notice->ticket;
    row->purpose = g_strdup(notice->occasion);
    row->recipient = g_strdup(notice->recipient);
    row->message_id = pd_token_message_id(token, desk->domain);
    row->envelope_from = envelope_sender(desk, notice);
    row->state = notice->held != NULL ? PD_MAIL_UNKNOWN : PD_MAIL_QUEUED;
    row->last_reply = g_strdup(notice->held);
    return row;
}

static void add_actions(const PdDesk *desk, const PdNotice *notice, PdRank rank, const char *token)
{
    g_autofree char *reply_to = plus_address(desk->config->desk_address, token);
    PdJson *actions = pd_actions(desk, notice->language, rank, notice->status, notice->ticket,
                                 reply_to, notice->actions);

    pd_json_set_bool(notice->values, "has_actions", pd_json_length(actions) > 0);
    pd_json_set(notice->values, "actions", actions);
}

char *pd_notify_reply_address(const PdDesk *desk, gint64 ticket, const char *recipient, PdRank rank)
{
    const PdNotice notice = {.ticket = ticket, .recipient = recipient};
    g_autofree char *token =
        make_token(desk, &notice, PD_TOKEN_REPLY, pd_authority_token_days(rank));

    return plus_address(desk->config->desk_address, token);
}

static PdRank rank_of(const PdNotice *notice)
{
    return notice->rank != 0 ? notice->rank : PD_RANK_STRANGER;
}

PdStatus *pd_notice_write(const PdDesk *desk, const PdNotice *notice, const char *token,
                          const char *message_id, PdRendered **rendered, GBytes **mail)
{
    const char *template = notice->template != NULL ? notice->template : notice->occasion;

    if (notice->ticket != 0)
        add_actions(desk, notice, rank_of(notice), token);
    PD_TRY(
        pd_templates_render(desk->templates, notice->language, template, notice->values, rendered));
    return compose(desk, notice, *rendered, token, message_id, mail);
}

PdStatus *pd_notify(const PdDesk *desk, const PdNotice *notice, char **message_id, gint64 *outbox)
{
    g_autoptr(PdRendered) rendered = NULL;
    g_autofree char *token =
        make_token(desk, notice, PD_TOKEN_REPLY, pd_authority_token_days(rank_of(notice)));
    g_autoptr(PdOutboxRow) row = new_row(desk, notice, token);

    PD_TRY(pd_notice_write(desk, notice, token, row->message_id, &rendered, &row->mail));
    PD_TRY(pd_outbox_add(desk->store, row));
    if (message_id != NULL)
        *message_id = g_strdup(row->message_id);
    if (outbox != NULL)
        *outbox = row->id;
    return NULL;
}
