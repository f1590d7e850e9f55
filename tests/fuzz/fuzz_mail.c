/* fuzz_mail: hostile bytes into every parser of the mail floor.
 *
 * The first byte chooses the parser: m message, c charset, h HTML, a address, q quote,
 * e header value, p parameter, b bounce, t winmail.dat, r RTF, o signed as one piece, n remark on a
 * short answer. With libFuzzer (-fsanitize=fuzzer,
 * -DPD_LIBFUZZER) it is driven by that; else it reads the files it is given, as a regression test.
 */
#include "mail/address.h"
#include "mail/charset.h"
#include "mail/cms.h"
#include "mail/header.h"
#include "mail/html.h"
#include "mail/lzfu.h"
#include "mail/quote.h"
#include "mail/rtf.h"
#include "mail/tnef.h"
#include "mutate.h"
#include "postdesk/mail.h"
#include "postdesk/quoted.h"
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_be_text(const char *text)
{
    if (text != NULL && !g_utf8_validate(text, -1, NULL))
        g_error("text that is no UTF-8");
}

static void try_message(const char *bytes, gsize length)
{
    static const char *const own[] = {"desk@example.com", NULL};
    static const char *const ids[] = {"mx.example.com", NULL};
    static const PdMailOptions options = {
        .own_addresses = own, .authserv_ids = ids, .with_html = TRUE};
    g_autoptr(PdMail) mail = NULL;
    g_autoptr(PdStatus) status = pd_mail_read_bytes(bytes, length, &options, &mail);

    if (mail == NULL)
        return;
    must_be_text(mail->text);
    must_be_text(mail->full_text);
    must_be_text(mail->quoted);
    must_be_text(mail->signature);
    must_be_text(mail->subject);
    must_be_text(mail->html);
    g_autoptr(PdJson) json = pd_mail_to_json(mail);
    g_autofree char *line = pd_json_compact(json);
    must_be_text(line);
}

static void try_bounce(const char *text)
{
    g_autofree char *message =
        g_strconcat("From: MAILER-DAEMON@example.org\nSubject: failure notice\n\n", text, NULL);

    try_message(message, strlen(message));
}

static void try_html(const char *valid)
{
    gboolean plainly;
    g_autoptr(GHashTable) removed = pd_html_removed_new();
    g_autofree char *text = pd_html_to_text(valid, strlen(valid), &plainly);
    g_autofree char *safe = pd_html_sanitise(valid, strlen(valid), removed);

    must_be_text(text);
    must_be_text(safe);
    if (safe != NULL &&
        (strcasestr(safe, "<script") != NULL || strcasestr(safe, "<iframe") != NULL))
        g_error("unsafe HTML");
}

static void try_heads(const char *valid)
{
    g_autoptr(GPtrArray) heads = pd_quoted_heads(valid);

    for (guint i = 0; i < heads->len; i++) {
        const PdQuotedHead *head = g_ptr_array_index(heads, i);
        must_be_text(head->from);
        must_be_text(head->when);
        must_be_text(head->subject);
        pd_quoted_time_fits(head->when, 0);
    }
}

static void try_quote(const char *valid)
{
    try_heads(valid);
    PdQuoteSplit split;

    for (int is_answer = 0; is_answer <= 1; is_answer++) {
        pd_quote_split(valid, is_answer, &split);
        g_free(split.text);
        g_free(split.quoted);
        g_free(split.signature);
    }
}

static void try_tnef(const uint8_t *bytes, gsize length)
{
    g_autoptr(PdTnef) tnef = pd_tnef_parse(bytes, length, "gb18030");

    for (guint i = 0; tnef != NULL && i < tnef->files->len; i++) {
        const PdTnefFile *file = tnef->files->pdata[i];
        must_be_text(file->name);
        must_be_text(file->type);
        if (file->bytes != NULL &&
            (file->bytes < bytes || file->bytes + file->length > bytes + length))
            g_error("a file beyond the bytes");
    }
}

static void try_rtf(const uint8_t *bytes, gsize length)
{
    gboolean is_html;
    g_autoptr(GByteArray) unpacked = pd_lzfu_unpack(bytes, length, 100000);
    g_autofree char *text = pd_rtf_read(bytes, length, 100000, "gb18030", &is_html);
    g_autofree char *inside =
        unpacked != NULL ? pd_rtf_read(unpacked->data, unpacked->len, 100000, NULL, &is_html)
                         : NULL;

    must_be_text(text);
    must_be_text(inside);
}

static void try_opaque(const uint8_t *bytes, gsize length)
{
    g_autoptr(GByteArray) content = pd_cms_content(bytes, length);

    if (content != NULL && content->len > length)
        g_error("more than there is");
}

static void try_remark(const char *text)
{
    g_autofree char *message = g_strconcat("From: a@b.example\nSubject: Re: x\n\n", text, NULL);

    try_message(message, strlen(message));
}

static void try_header(const char *text)
{
    g_autofree char *value = pd_header_decode(text, strlen(text), "gb18030", NULL);
    g_autoptr(GPtrArray) ids = pd_header_message_ids(text);

    must_be_text(value);
    pd_header_date(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    PdDecoding decoding;

    if (size < 1 || size > 256 * 1024)
        return 0;
    g_autofree char *text = g_strndup((const char *)data + 1, size - 1);
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    if (*data == 'c') {
        g_autofree char *got =
            pd_charset_decode((const char *)data + 1, size - 1, "utf-8", "gb18030", &decoding);
        g_autofree char *jis =
            pd_charset_decode((const char *)data + 1, size - 1, "iso-2022-jp", NULL, &decoding);
        must_be_text(got);
        must_be_text(jis);
    } else if (*data == 'h') {
        try_html(valid);
    } else if (*data == 'a') {
        g_autoptr(GPtrArray) list = pd_addresses_parse(text, "gb18030");
        for (guint i = 0; i < list->len; i++)
            must_be_text(((PdAddress *)list->pdata[i])->name);
    } else if (*data == 'q') {
        try_quote(valid);
    } else if (*data == 'e') {
        try_header(text);
    } else if (*data == 'p') {
        g_autofree char *value = pd_header_parameter(text, "filename", NULL);
        must_be_text(value);
    } else if (*data == 't') {
        try_tnef(data + 1, size - 1);
    } else if (*data == 'r') {
        try_rtf(data + 1, size - 1);
    } else if (*data == 'o') {
        try_opaque(data + 1, size - 1);
    } else if (*data == 'n') {
        try_remark(text);
    } else if (*data == 'b') {
        try_bounce(text);
    } else {
        try_message((const char *)data + 1, size - 1);
    }
    return 0;
}

#ifndef PD_LIBFUZZER
int main(int argc, char **argv)
{
    return fuzz_main(LLVMFuzzerTestOneInput, argc, argv);
}
#endif
