/* call_mail.c: the mail of a call turned into its caller's, and the link to an empty form. */
#include "desk/call.h"

#include "postdesk/clock.h"
#include <string.h>

static void set(char **field, const char *text)
{
    g_free(*field);
    *field = g_strdup(text);
}

/* Whoever else it went to follows the ticket; the desk's address holds the taker's token. */
static void leave_out_desk(GPtrArray *list, const PdConfig *config)
{
    for (guint i = list->len; i > 0; i--) {
        const PdAddress *one = g_ptr_array_index(list, i - 1);
        if (one->address == NULL || pd_config_is_own_address(config, one->address))
            g_ptr_array_remove_index(list, i - 1);
    }
}

void pd_call_become_callers(const PdCall *call, const PdConfig *config, PdMail *mail)
{
    pd_address_free(mail->from);
    mail->from = call->address != NULL
                     ? pd_address_new(call->name != NULL ? call->name : "", call->address)
                     : NULL;
    g_clear_pointer(&mail->sender, pd_address_free);
    g_ptr_array_set_size(mail->reply_to, 0);
    g_ptr_array_set_size(mail->in_reply_to, 0);
    g_ptr_array_set_size(mail->references, 0);
    g_ptr_array_set_size(mail->delivered_to, 0);
    leave_out_desk(mail->to, config);
    leave_out_desk(mail->cc, config);
    set(&mail->subject, call->subject);
    set(&mail->text, call->text);
    set(&mail->full_text, call->text);
    set(&mail->quoted, "");
    set(&mail->signature, "");
    pd_mail_signed_free(g_steal_pointer(&mail->signed_by));
    mail->origin = PD_ORIGIN_PERSON;
    mail->via = PD_VIA_DIRECT;
    mail->remark = PD_REMARK_NONE;
    mail->list_address = FALSE;
    mail->spf = mail->dkim = mail->dmarc = PD_AUTH_RESULT_NONE;
    mail->spf_aligned = mail->dkim_aligned = FALSE;
}

void pd_call_set(const PdCall *call, PdJson *set)
{
    const char *const fields[][2] = {{"priority", call->priority},
                                     {"category", call->category},
                                     {"queue", call->queue},
                                     {"assignee", call->assignee},
                                     {"department", call->department}};

    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
        if (fields[i][1] != NULL)
            pd_json_set_text(set, fields[i][0], fields[i][1]);
    if (call->address == NULL)
        pd_json_set_text(set, "reporter_name", call->name);
}

char *pd_call_link(const PdDesk *desk, const char *address, PdRank rank, const char *language)
{
    gboolean chinese = g_str_has_prefix(language, "zh");
    const char *form =
        chinese ? "/来电\r\n报障人：\r\n电话：\r\n部门：\r\n主题：\r\n优先级：\r\n\r\n"
                : "/new\r\nwho: \r\nphone: \r\ndept: \r\nsubject: \r\npriority: \r\n\r\n";
    const char *at = strrchr(desk->config->desk_address, '@');

    if ((rank & PD_RANK_DESK) == 0 || desk->keys == NULL)
        return NULL;
    g_autofree char *token = pd_token_make(desk->keys, 0, address, PD_TOKEN_REPLY,
                                           pd_clock_now() + pd_authority_token_days(rank) * PD_DAY);
    g_autofree char *to = g_strdup_printf("%.*s+%s%s", (int)(at - desk->config->desk_address),
                                          desk->config->desk_address, token, at);
    g_autofree char *escaped = g_uri_escape_string(to, "@", FALSE);
    g_autofree char *subject = g_uri_escape_string(chinese ? "来电登记" : "Call", NULL, FALSE);
    g_autofree char *body = g_uri_escape_string(form, NULL, FALSE);
    return g_strdup_printf("mailto:%s?subject=%s&body=%s", escaped, subject, body);
}
