/* signed.c: see signed.h and the end of postdesk/mail.h.
 *
 * Reading a message only notes that it carries a signature. Verifying it runs gpg or gpgsm through
 * GMime, so it is done by a process of its own (roles/helper.c), never by one that reads mail.
 */
#include "signed.h"

#include "header.h"
#include <gio/gio.h>
#include <gmime/gmime.h>
#include <string.h>

#define MOST_SIGNATURES 10 /* that are looked at */

static const char *const result_names[] = {"unchecked", "good",  "bad",  "no_key",
                                           "expired",   "unfit", "error"};

const char *pd_signed_result_name(PdSignedResult result)
{
    return result_names[result];
}

void pd_mail_signed_free(PdMailSigned *made)
{
    if (made == NULL)
        return;
    g_free(made->form);
    g_free(made->signer_name);
    g_free(made->signer);
    g_free(made->fingerprint);
    g_free(made->why);
    g_free(made);
}

static PdMailSigned *signed_new(const char *form, PdSignedResult result)
{
    PdMailSigned *made = g_new0(PdMailSigned, 1);

    made->form = g_strdup(form);
    made->result = result;
    return made;
}

/* "pgp", "smime", or NULL. */
static const char *form_of(const char *type, const char *protocol, const char *smime_type)
{
    if (strcmp(type, "multipart/signed") == 0 && protocol != NULL)
        return strcasestr(protocol, "pgp-signature") != NULL     ? "pgp"
               : strcasestr(protocol, "pkcs7-signature") != NULL ? "smime"
                                                                 : NULL;
    if (strcmp(type, "application/pkcs7-mime") == 0 ||
        strcmp(type, "application/x-pkcs7-mime") == 0)
        return smime_type != NULL && strcasestr(smime_type, "signed-data") != NULL ? "smime" : NULL;
    return NULL;
}

void pd_signed_read(PdReading *reading)
{
    const char *raw = pd_headers_get(reading->raw, "Content-Type");

    if (raw == NULL)
        return;
    g_autofree char *protocol = pd_header_parameter(raw, "protocol", NULL);
    g_autofree char *smime_type = pd_header_parameter(raw, "smime-type", NULL);
    const char *form = form_of(reading->content_type, protocol, smime_type);
    if (form != NULL)
        reading->mail->signed_by = signed_new(form, PD_SIGNED_UNCHECKED);
}

/* The keys are those that the admin chose: a PGP key needs no further trust, a certificate has its
 * chain. */
static PdSignedResult result_of(GMimeSignatureStatus status, gboolean is_pgp)
{
    if ((status & GMIME_SIGNATURE_STATUS_RED) != 0)
        return PD_SIGNED_BAD;
    if ((status & GMIME_SIGNATURE_STATUS_KEY_MISSING) != 0)
        return PD_SIGNED_NO_KEY;
    if ((status & (GMIME_SIGNATURE_STATUS_KEY_REVOKED | GMIME_SIGNATURE_STATUS_KEY_EXPIRED |
                   GMIME_SIGNATURE_STATUS_SIG_EXPIRED)) != 0)
        return PD_SIGNED_EXPIRED;
    if ((status & GMIME_SIGNATURE_STATUS_SYS_ERROR) != 0)
        return PD_SIGNED_ERROR;
    if ((status & GMIME_SIGNATURE_STATUS_BAD_POLICY) != 0)
        return PD_SIGNED_UNFIT;
    if ((status & (GMIME_SIGNATURE_STATUS_GREEN | GMIME_SIGNATURE_STATUS_VALID)) != 0)
        return PD_SIGNED_GOOD;
    return is_pgp && (status & GMIME_SIGNATURE_STATUS_ERROR_MASK) == 0 ? PD_SIGNED_GOOD
                                                                       : PD_SIGNED_NO_KEY;
}

static char *valid_text(const char *text)
{
    return text != NULL ? g_utf8_make_valid(text, -1) : NULL;
}

/* Certificates write it in angle brackets. */
static char *address_of(const char *email)
{
    char *address = valid_text(email);

    if (address != NULL && *address == '<') {
        memmove(address, address + 1, strlen(address));
        address[strcspn(address, ">")] = '\0';
    }
    return address;
}

static PdMailSigned *read_signature(GMimeSignature *signature, const char *form)
{
    GMimeSignatureStatus status = g_mime_signature_get_status(signature);
    GMimeCertificate *key = g_mime_signature_get_certificate(signature);
    PdMailSigned *made = signed_new(form, result_of(status, strcmp(form, "pgp") == 0));

    if (key == NULL)
        return made;
    made->signer = address_of(g_mime_certificate_get_email(key));
    made->signer_name = valid_text(g_mime_certificate_get_name(key));
    made->fingerprint = valid_text(g_mime_certificate_get_fingerprint(key));
    made->created = MAX(0, (gint64)g_mime_signature_get_created(signature)) * G_USEC_PER_SEC;
    return made;
}

/* The first good one, else the first. */
static PdMailSigned *read_signatures(GMimeSignatureList *list, const char *form)
{
    PdMailSigned *found = NULL;

    for (int i = 0; i < MIN(g_mime_signature_list_length(list), MOST_SIGNATURES); i++) {
        PdMailSigned *one = read_signature(g_mime_signature_list_get_signature(list, i), form);
        if (found == NULL || (one->result == PD_SIGNED_GOOD && found->result != PD_SIGNED_GOOD)) {
            pd_mail_signed_free(found);
            found = one;
        } else {
            pd_mail_signed_free(one);
        }
    }
    return found;
}

static GMimeSignatureList *verify(GMimeObject *root, GError **error)
{
    GMimeObject *inside = NULL;
    GMimeSignatureList *list = NULL;

    if (GMIME_IS_MULTIPART_SIGNED(root)) {
        /* What stands beside the signed part would be read with it, and nobody signed it. */
        if (g_mime_multipart_get_count(GMIME_MULTIPART(root)) != 2) {
            g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                                "there is more in it than what is signed and the signature");
            return NULL;
        }
        list =
            g_mime_multipart_signed_verify(GMIME_MULTIPART_SIGNED(root), GMIME_VERIFY_NONE, error);
    } else if (GMIME_IS_APPLICATION_PKCS7_MIME(root)) {
        list = g_mime_application_pkcs7_mime_verify(GMIME_APPLICATION_PKCS7_MIME(root),
                                                    GMIME_VERIFY_NONE, &inside, error);
        g_clear_object(&inside);
    }
    return list;
}

static const char *form_of_part(GMimeObject *root)
{
    g_autofree char *type = g_mime_content_type_get_mime_type(root->content_type);
    g_autofree char *lower = g_ascii_strdown(type, -1);

    return form_of(lower, g_mime_object_get_content_type_parameter(root, "protocol"),
                   g_mime_object_get_content_type_parameter(root, "smime-type"));
}

static PdMailSigned *verify_root(GMimeObject *root)
{
    g_autoptr(GError) error = NULL;
    const char *form = root != NULL ? form_of_part(root) : NULL;

    if (form == NULL)
        return NULL;
    GMimeSignatureList *list = verify(root, &error);
    PdMailSigned *made = list != NULL ? read_signatures(list, form) : NULL;
    g_clear_object(&list);
    if (made == NULL) {
        made = signed_new(form, PD_SIGNED_ERROR);
        made->why = valid_text(error != NULL ? error->message : "no signature in it");
    }
    return made;
}

PdMailSigned *pd_mail_verify(const char *bytes, gsize length)
{
    g_mime_init();
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, length);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    PdMailSigned *made = NULL;

    if (message != NULL)
        made = verify_root(message->mime_part);
    g_clear_object(&message);
    g_object_unref(parser);
    g_object_unref(stream);
    return made;
}

void pd_mail_set_signed(PdMail *mail, PdMailSigned *made)
{
    pd_mail_signed_free(mail->signed_by);
    mail->signed_by = made;
    if (made != NULL)
        made->aligned = made->result == PD_SIGNED_GOOD && made->signer != NULL &&
                        mail->from != NULL && pd_address_equal(made->signer, mail->from->address);
}

PdJson *pd_mail_signed_json(const PdMailSigned *made)
{
    if (made == NULL)
        return pd_json_text(NULL);
    PdJson *object = pd_json_object();
    pd_json_set_text(object, "form", made->form);
    pd_json_set_text(object, "result", pd_signed_result_name(made->result));
    pd_json_set_text(object, "signer_name", made->signer_name);
    pd_json_set_text(object, "signer", made->signer);
    pd_json_set_text(object, "fingerprint", made->fingerprint);
    pd_json_set_int(object, "created", made->created / G_USEC_PER_SEC);
    pd_json_set_bool(object, "aligned", made->aligned);
    return pd_json_set_text(object, "why", made->why);
}

PdMailSigned *pd_mail_signed_from_json(const PdJson *object)
{
    const char *form = pd_json_get_text(object, "form");
    const char *result = pd_json_get_text(object, "result");

    if (form == NULL || result == NULL)
        return NULL;
    PdMailSigned *made = signed_new(form, PD_SIGNED_ERROR);
    for (gsize i = 0; i < G_N_ELEMENTS(result_names); i++) {
        if (strcmp(result_names[i], result) == 0)
            made->result = (PdSignedResult)i;
    }
    made->signer_name = g_strdup(pd_json_get_text(object, "signer_name"));
    made->signer = g_strdup(pd_json_get_text(object, "signer"));
    made->fingerprint = g_strdup(pd_json_get_text(object, "fingerprint"));
    made->created = pd_json_get_int(object, "created", 0) * G_USEC_PER_SEC;
    made->why = g_strdup(pd_json_get_text(object, "why"));
    return made;
}
