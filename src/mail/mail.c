/* mail.c: the record itself: its parts, its names, and what is asked of it. */
#include "postdesk/mail.h"

#include "address.h"
#include "attachment.h"
#include "header.h"
#include "record.h"
#include <string.h>

static void header_free(PdHeader *header)
{
    g_free(header->name);
    g_free(header->value);
    g_free(header);
}

void pd_charset_choice_free(PdCharsetChoice *choice)
{
    g_free(choice->part);
    g_free(choice->declared);
    g_free(choice->used);
    g_free(choice->why);
    g_free(choice);
}

static void bounce_recipient_free(PdBounceRecipient *recipient)
{
    g_free(recipient->address);
    g_free(recipient->action);
    g_free(recipient->status);
    g_free(recipient->diagnostic);
    g_free(recipient);
}

PdMail *pd_mail_new(void)
{
    PdMail *mail = g_new0(PdMail, 1);

    mail->subject = g_strdup("");
    mail->language = g_strdup("");
    mail->attachments = g_ptr_array_new_with_free_func((GDestroyNotify)pd_attachment_free);
    mail->delivered_to = g_ptr_array_new_with_free_func(g_free);
    mail->removed = g_ptr_array_new_with_free_func(g_free);
    mail->evidence = g_ptr_array_new_with_free_func(g_free);
    mail->defects = g_ptr_array_new_with_free_func(g_free);
    mail->charsets = g_ptr_array_new_with_free_func((GDestroyNotify)pd_charset_choice_free);
    mail->headers = g_ptr_array_new_with_free_func((GDestroyNotify)header_free);
    mail->bounce = g_ptr_array_new_with_free_func((GDestroyNotify)bounce_recipient_free);
    return mail;
}

static void free_list(GPtrArray *list)
{
    if (list != NULL)
        g_ptr_array_unref(list);
}

void pd_mail_free(PdMail *mail)
{
    if (mail == NULL)
        return;
    GPtrArray *const lists[] = {
        mail->in_reply_to,  mail->references,  mail->reply_to, mail->to,      mail->cc,
        mail->delivered_to, mail->attachments, mail->charsets, mail->headers, mail->evidence,
        mail->bounce,       mail->defects,     mail->removed};
    char *const texts[] = {mail->message_id,      mail->subject,   mail->language,
                           mail->own_text,        mail->text,      mail->quoted,
                           mail->signature,       mail->full_text, mail->html,
                           mail->bounce_original, mail->auth_by,   mail->conversation,
                           mail->bounce_subject};

    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
        free_list(lists[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    pd_mail_signed_free(mail->signed_by);
    pd_address_free(mail->from);
    pd_address_free(mail->sender);
    g_free(mail);
}

void pd_mail_take_passed_on(PdMail *mail, gboolean taken)
{
    if (!mail->is_passed_on || taken == (mail->own_text != NULL))
        return;
    if (taken) {
        mail->own_text = mail->text;
        mail->text = g_strdup_printf("%s%s%s", mail->own_text,
                                     mail->own_text[0] != '\0' ? "\n\n" : "", mail->quoted);
    } else {
        g_free(mail->text);
        mail->text = g_steal_pointer(&mail->own_text);
    }
}

const char *pd_mail_header(const PdMail *mail, const char *name)
{
    for (guint i = 0; i < mail->headers->len; i++) {
        const PdHeader *header = mail->headers->pdata[i];
        if (pd_header_is_named(header->name, name))
            return header->value;
    }
    return NULL;
}

gboolean pd_mail_tells_of_failure(const PdMail *mail)
{
    if (mail->origin == PD_ORIGIN_BOUNCE)
        return TRUE;
    for (guint i = 0; i < mail->bounce->len && mail->origin == PD_ORIGIN_REPORT; i++) {
        const PdBounceRecipient *recipient = mail->bounce->pdata[i];
        if (recipient->weight != PD_BOUNCE_NONE)
            return TRUE;
    }
    return FALSE;
}

/* Another address of the author's, as far as it tells: where anybody gets a mailbox the same domain
 * says nothing, and what a program sends from nobody reads. */
static gboolean may_be_his(const PdAddress *from, const PdAddress *other)
{
    return pd_address_same_domain(other->address, from->address) &&
           !pd_address_is_public(other->address) && !pd_address_is_unread(other->address);
}

const PdAddress *pd_mail_answer_address(const PdMail *mail)
{
    const PdAddress *first = NULL;

    for (guint i = 0; mail->from != NULL && i < mail->reply_to->len; i++) {
        const PdAddress *other = mail->reply_to->pdata[i];
        if (pd_address_equal(other->address, mail->from->address))
            return other;
        if (first == NULL && may_be_his(mail->from, other))
            first = other;
    }
    return first != NULL ? first : mail->from;
}

const char *pd_origin_name(PdOrigin origin)
{
    static const char *const names[] = {
        [PD_ORIGIN_PERSON] = "person",   [PD_ORIGIN_AUTO_REPLY] = "auto_reply",
        [PD_ORIGIN_BOUNCE] = "bounce",   [PD_ORIGIN_REPORT] = "report",
        [PD_ORIGIN_MACHINE] = "machine", [PD_ORIGIN_SELF] = "self",
    };

    return names[origin];
}

const char *pd_via_name(PdVia via)
{
    static const char *const names[] = {
        [PD_VIA_DIRECT] = "direct",
        [PD_VIA_LIST] = "list",
        [PD_VIA_REDIRECT] = "redirect",
        [PD_VIA_BCC] = "bcc",
    };

    return names[via];
}

const char *pd_remark_name(PdRemark remark)
{
    static const char *const names[] = {
        [PD_REMARK_NONE] = "none",
        [PD_REMARK_THANKS] = "thanks",
        [PD_REMARK_ABSENCE] = "absence",
    };

    return names[remark];
}

const char *pd_bounce_weight_name(PdBounceWeight weight)
{
    static const char *const names[] = {
        [PD_BOUNCE_NONE] = "none",
        [PD_BOUNCE_SOFT] = "soft",
        [PD_BOUNCE_HARD] = "hard",
    };

    return names[weight];
}

const char *pd_auth_result_name(PdAuthResult result)
{
    static const char *const names[] = {
        [PD_AUTH_RESULT_NONE] = "none",
        [PD_AUTH_RESULT_PASS] = "pass",
        [PD_AUTH_RESULT_FAIL] = "fail",
        [PD_AUTH_RESULT_OTHER] = "other",
    };

    return names[result];
}
