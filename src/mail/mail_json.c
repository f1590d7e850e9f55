/* mail_json.c: a PdMail as the document of "parse --json". */
#include "postdesk/mail.h"

#include "postdesk/clock.h"

static PdJson *address_json(const PdAddress *address)
{
    if (address == NULL)
        return pd_json_text(NULL);
    PdJson *object = pd_json_object();
    pd_json_set_text(object, "name", address->name);
    return pd_json_set_text(object, "address", address->address);
}

static PdJson *addresses_json(const GPtrArray *addresses)
{
    PdJson *array = pd_json_array();

    for (guint i = 0; i < addresses->len; i++)
        pd_json_add(array, address_json(addresses->pdata[i]));
    return array;
}

static PdJson *texts_json(const GPtrArray *texts)
{
    PdJson *array = pd_json_array();

    for (guint i = 0; i < texts->len; i++)
        pd_json_add_text(array, texts->pdata[i]);
    return array;
}

PdJson *pd_mail_attachments_json(const PdMail *mail)
{
    PdJson *array = pd_json_array();

    for (guint i = 0; i < mail->attachments->len; i++) {
        const PdAttachment *attachment = mail->attachments->pdata[i];
        g_autofree char *hash = pd_hash_hex(attachment->sha256);
        PdJson *object = pd_json_object();
        pd_json_set_text(object, "name", attachment->name);
        pd_json_set_text(object, "type", attachment->type);
        pd_json_set_int(object, "size", (gint64)attachment->size);
        pd_json_set_text(object, "sha256", hash);
        pd_json_set_bool(object, "inline", attachment->is_inline);
        pd_json_set_text(object, "content_id", attachment->content_id);
        pd_json_set_text(object, "found_type", attachment->found_type);
        pd_json_set_bool(object, "type_differs", attachment->differs);
        pd_json_add(array, object);
    }
    return array;
}

static PdJson *charsets_json(const PdMail *mail)
{
    PdJson *array = pd_json_array();

    for (guint i = 0; i < mail->charsets->len; i++) {
        const PdCharsetChoice *choice = mail->charsets->pdata[i];
        PdJson *object = pd_json_object();
        pd_json_set_text(object, "part", choice->part);
        pd_json_set_text(object, "declared", choice->declared);
        pd_json_set_text(object, "used", choice->used);
        pd_json_set_text(object, "why", choice->why);
        pd_json_add(array, object);
    }
    return array;
}

static PdJson *origin_json(const PdMail *mail)
{
    PdJson *object = pd_json_object();

    pd_json_set_text(object, "kind", pd_origin_name(mail->origin));
    pd_json_set_text(object, "via", pd_via_name(mail->via));
    pd_json_set_text(object, "remark", pd_remark_name(mail->remark));
    return pd_json_set(object, "evidence", texts_json(mail->evidence));
}

PdJson *pd_mail_bounce_json(const PdMail *mail)
{
    PdJson *array = pd_json_array();

    for (guint i = 0; i < mail->bounce->len; i++) {
        const PdBounceRecipient *recipient = mail->bounce->pdata[i];
        PdJson *one = pd_json_object();
        pd_json_set_text(one, "address", recipient->address);
        pd_json_set_text(one, "action", recipient->action);
        pd_json_set_text(one, "status", recipient->status);
        pd_json_set_text(one, "diagnostic", recipient->diagnostic);
        pd_json_set_text(one, "weight", pd_bounce_weight_name(recipient->weight));
        pd_json_add(array, one);
    }
    return array;
}

static PdJson *bounce_json(const PdMail *mail)
{
    PdJson *object = pd_json_object();

    pd_json_set(object, "recipients", pd_mail_bounce_json(mail));
    return pd_json_set_text(object, "original_message_id", mail->bounce_original);
}

static PdJson *trust_json(const PdMail *mail)
{
    PdJson *object = pd_json_object();

    pd_json_set_text(object, "spf", pd_auth_result_name(mail->spf));
    pd_json_set_text(object, "dkim", pd_auth_result_name(mail->dkim));
    pd_json_set_text(object, "dmarc", pd_auth_result_name(mail->dmarc));
    pd_json_set_bool(object, "spf_aligned", mail->spf_aligned);
    pd_json_set_bool(object, "dkim_aligned", mail->dkim_aligned);
    pd_json_set_text(object, "by", mail->auth_by);
    pd_json_set_int(object, "doubtful", mail->auth_doubtful);
    return pd_json_set(object, "signature", pd_mail_signed_json(mail->signed_by));
}

static void set_head(PdJson *object, const PdMail *mail)
{
    g_autofree char *date = mail->date != 0 ? pd_clock_format_utc(mail->date) : NULL;

    pd_json_set_text(object, "message_id", mail->message_id);
    pd_json_set(object, "in_reply_to", texts_json(mail->in_reply_to));
    pd_json_set(object, "references", texts_json(mail->references));
    pd_json_set_text(object, "conversation", mail->conversation);
    pd_json_set_text(object, "date", date);
    pd_json_set(object, "from", address_json(mail->from));
    pd_json_set(object, "sender", address_json(mail->sender));
    pd_json_set(object, "reply_to", addresses_json(mail->reply_to));
    pd_json_set(object, "to", addresses_json(mail->to));
    pd_json_set(object, "cc", addresses_json(mail->cc));
    pd_json_set_text(object, "subject", mail->subject);
    pd_json_set_text(object, "language", mail->language);
}

PdJson *pd_mail_to_json(const PdMail *mail)
{
    PdJson *object = pd_json_object();

    pd_json_set_int(object, "schema_version", 1);
    set_head(object, mail);
    pd_json_set_text(object, "text", mail->text);
    pd_json_set_text(object, "quoted", mail->quoted);
    pd_json_set_text(object, "signature", mail->signature);
    pd_json_set_text(object, "full_text", mail->full_text);
    pd_json_set_text(object, "html", mail->html);
    pd_json_set(object, "html_removed", texts_json(mail->removed));
    pd_json_set(object, "attachments", pd_mail_attachments_json(mail));
    pd_json_set(object, "charsets", charsets_json(mail));
    pd_json_set(object, "origin", origin_json(mail));
    pd_json_set(object, "bounce", bounce_json(mail));
    pd_json_set(object, "trust", trust_json(mail));
    pd_json_set(object, "defects", texts_json(mail->defects));
    pd_json_set_int(object, "size", (gint64)mail->size);
    return pd_json_set_bool(object, "truncated", mail->truncated);
}
