/* body.c: walks the MIME tree.
 *
 * Every leaf ends in exactly one place: shown as text, noted as attachment, kept for a
 * report, or left out as an alternative of something shown.
 */
#include "body.h"

#include "attachment.h"
#include "calendar.h"
#include "charset.h"
#include "header.h"
#include "html.h"
#include "part.h"
#include "postdesk/limits.h"
#include "postdesk/text.h"
#include "textflow.h"
#include "winmail.h"
#include <string.h>

#define STUB_CHARACTERS 300 /* a plain alternative longer than this is no stub */

static void walk(PdReading *reading, GMimeObject *part, const char *path, guint depth);

static void add_separated(GString *text, const char *more)
{
    if (*more == '\0' || text->len > PD_LIMIT_TEXT_BYTES)
        return;
    if (text->len > 0 && text->str[text->len - 1] != '\n')
        g_string_append_c(text, '\n');
    g_string_append(text, more);
}

static void note_charset(PdReading *reading, const char *path, const char *declared,
                         const PdDecoding *decoding)
{
    PdCharsetChoice *choice = g_new(PdCharsetChoice, 1);

    choice->part = g_strdup(*path != '\0' ? path : "1");
    choice->declared =
        declared != NULL ? pd_text_make_valid(declared, strlen(declared), NULL) : NULL;
    choice->used = g_strdup(decoding->used);
    choice->why = g_strdup(decoding->why);
    g_ptr_array_add(reading->mail->charsets, choice);
    if (decoding->replaced > 0) {
        reading->replaced += decoding->replaced;
        pd_note(reading->mail->defects, "part %s: %u bytes could not be read as %s",
                *path != '\0' ? path : "1", decoding->replaced, decoding->used);
    }
}

/* CR LF and lone CR become LF. */
static void unify_line_ends(char *text)
{
    char *to = strchr(text, '\r');

    if (to == NULL)
        return;
    for (const char *from = to; *from != '\0'; from++) {
        if (*from != '\r')
            *to++ = *from;
        else if (from[1] != '\n')
            *to++ = '\n';
    }
    *to = '\0';
}

/* The charset that HTML declares inside, where the part says nothing. */
static char *html_declared_charset(const GByteArray *bytes)
{
    gsize length = MIN(bytes->len, 2048);
    g_autofree char *head = g_strndup(length > 0 ? (const char *)bytes->data : "", length);
    const char *meta = strcasestr(head, "charset=");

    if (meta == NULL)
        return NULL;
    meta += 8;
    meta += strspn(meta, "\"' ");
    return g_strndup(meta, strcspn(meta, "\"'; />"));
}

/* The content of a text part as UTF-8. */
static char *decode_text(PdReading *reading, GMimeObject *part, const char *path, gsize most)
{
    gboolean cut;
    PdDecoding decoding;
    g_autoptr(GByteArray) bytes = pd_part_bytes(GMIME_PART(part), most, &cut);
    const char *declared = g_mime_object_get_content_type_parameter(part, "charset");
    g_autofree char *inside = NULL;

    if (declared == NULL && pd_part_is(part, "text", "html"))
        declared = inside = html_declared_charset(bytes);
    if (cut)
        pd_note(reading->mail->defects, "part %s: only the first %zu bytes are shown", path, most);
    const char *chosen = reading->options->charset;
    char *text = chosen != NULL ? pd_charset_decode_as((const char *)bytes->data, bytes->len,
                                                       chosen, &decoding)
                                : pd_charset_decode((const char *)bytes->data, bytes->len, declared,
                                                    pd_reading_prior(reading), &decoding);
    note_charset(reading, path, declared, &decoding);
    unify_line_ends(text);
    return text;
}

static char *plain_text(PdReading *reading, GMimeObject *part, const char *path)
{
    g_autofree char *text = decode_text(reading, part, path, PD_LIMIT_TEXT_BYTES);
    const char *format = g_mime_object_get_content_type_parameter(part, "format");
    const char *delsp = g_mime_object_get_content_type_parameter(part, "delsp");

    if (format == NULL || g_ascii_strcasecmp(format, "flowed") != 0)
        return g_steal_pointer(&text);
    return pd_text_unflow(text, delsp != NULL && g_ascii_strcasecmp(delsp, "yes") == 0);
}

static char *html_text(PdReading *reading, GMimeObject *part, const char *path)
{
    g_autofree char *html = decode_text(reading, part, path, PD_LIMIT_HTML_BYTES);
    gsize length = strlen(html);
    gboolean plainly;
    char *text = pd_html_to_text(html, length, &plainly);

    if (plainly)
        pd_note(reading->mail->defects, "part %s: HTML beyond the limits", path);
    if (reading->safe_html != NULL) {
        g_autofree char *safe = pd_html_sanitise(html, length, reading->removed);
        if (safe != NULL)
            g_string_append(reading->safe_html, safe);
    }
    return text;
}

/* Kept for a report's reader, or NULL if the part is nothing of that. */
static char **report_place(PdReading *reading, GMimeObject *part)
{
    if (pd_part_is(part, "message", "delivery-status") ||
        pd_part_is(part, "message", "global-delivery-status"))
        return &reading->report.delivery_status;
    if (pd_part_is(part, "message", "feedback-report"))
        return &reading->report.feedback;
    if (pd_part_is(part, "message", "disposition-notification") ||
        pd_part_is(part, "message", "global-disposition-notification"))
        return &reading->report.disposition;
    if (pd_part_is(part, "text", "rfc822-headers") || pd_part_is(part, "message", "global-headers"))
        return &reading->report.original_headers;
    return NULL;
}

static gboolean is_declared_attachment(GMimeObject *part)
{
    GMimeContentDisposition *disposition = g_mime_object_get_content_disposition(part);

    return disposition != NULL && g_mime_content_disposition_is_attachment(disposition);
}

static gboolean is_inline(GMimeObject *part)
{
    GMimeContentDisposition *disposition = g_mime_object_get_content_disposition(part);

    if (is_declared_attachment(part))
        return FALSE;
    return (disposition != NULL &&
            g_ascii_strcasecmp(g_mime_content_disposition_get_disposition(disposition), "inline") ==
                0) ||
           g_mime_object_get_content_id(part) != NULL;
}

/* A text that is part of what is read, not a file. */
static gboolean is_body_text(GMimeObject *part)
{
    if (!pd_part_is(part, "text", "plain") && !pd_part_is(part, "text", "html"))
        return FALSE;
    if (is_declared_attachment(part))
        return FALSE;
    g_autofree char *name = pd_attachment_declared_name(part, NULL);
    return name == NULL;
}

static void read_leaf(PdReading *reading, GMimeObject *part, const char *path)
{
    char **place = report_place(reading, part);

    if (place != NULL) {
        if (*place == NULL)
            *place = decode_text(reading, part, path, PD_LIMIT_TEXT_BYTES);
        return;
    }
    if (is_body_text(part)) {
        g_autofree char *text = pd_part_is(part, "text", "html") ? html_text(reading, part, path)
                                                                 : plain_text(reading, part, path);
        add_separated(reading->text, text);
        return;
    }
    if (pd_winmail_is(part) && pd_winmail_read(reading, part))
        return;
    if (pd_part_is(part, "text", "calendar")) {
        g_autofree char *source = decode_text(reading, part, path, PD_LIMIT_TEXT_BYTES);
        g_autofree char *essentials = pd_calendar_essentials(source);
        add_separated(reading->appended, essentials);
    }
    pd_attachment_add(reading, part, is_inline(part));
}

static gboolean is_blank(const char *text)
{
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        if (!g_unichar_isspace(g_utf8_get_char(text)))
            return FALSE;
    }
    return TRUE;
}

/* TRUE if a plain alternative is only a hint to read the other one. */
static gboolean is_stub(const char *plain, const char *other)
{
    return is_blank(plain) ||
           (strlen(plain) < STUB_CHARACTERS && strlen(other) > 4 * strlen(plain) + 200);
}

/* The first alternative that holds this kind of text, at any depth of multiparts. */
static GMimeObject *find_text(GMimeObject *part, const char *subtype, guint depth)
{
    if (GMIME_IS_PART(part))
        return pd_part_is(part, "text", subtype) && !is_declared_attachment(part) ? part : NULL;
    if (!GMIME_IS_MULTIPART(part) || depth > 3)
        return NULL;
    int count = MIN(g_mime_multipart_get_count(GMIME_MULTIPART(part)), 8);
    for (int i = 0; i < count; i++) {
        GMimeObject *found =
            find_text(g_mime_multipart_get_part(GMIME_MULTIPART(part), i), subtype, depth + 1);
        if (found != NULL)
            return found;
    }
    return NULL;
}

/* Files within an alternative: pictures of the HTML, attachments put into the wrong place. */
static void read_files(PdReading *reading, GMimeObject *part, const char *path, guint depth)
{
    if (GMIME_IS_MULTIPART(part) && depth < PD_LIMIT_DEPTH) {
        int count = g_mime_multipart_get_count(GMIME_MULTIPART(part));
        for (int i = 0; i < count; i++) {
            g_autofree char *below = g_strdup_printf("%s.%d", path, i + 1);
            read_files(reading, g_mime_multipart_get_part(GMIME_MULTIPART(part), i), below,
                       depth + 1);
        }
    } else if (!GMIME_IS_PART(part) || !is_body_text(part)) {
        walk(reading, part, path, depth);
    }
}

/* What stands in a multipart whose boundary never comes: shown as it is. */
static void read_prologue(PdReading *reading, GMimeMultipart *multipart, const char *path)
{
    const char *prologue = g_mime_multipart_get_prologue(multipart);
    PdDecoding decoding;

    pd_note(reading->mail->defects, "part %s: a multipart without parts",
            *path != '\0' ? path : "1");
    if (prologue == NULL || *prologue == '\0')
        return;
    g_autofree char *text = pd_charset_decode(prologue, strnlen(prologue, PD_LIMIT_TEXT_BYTES),
                                              NULL, pd_reading_prior(reading), &decoding);
    note_charset(reading, path, NULL, &decoding);
    unify_line_ends(text);
    add_separated(reading->text, text);
}

static void read_children(PdReading *reading, GMimeMultipart *multipart, const char *path,
                          guint depth)
{
    int count = g_mime_multipart_get_count(multipart);

    for (int i = 0; i < count; i++) {
        g_autofree char *below = g_strdup_printf("%s%s%d", path, *path != '\0' ? "." : "", i + 1);
        walk(reading, g_mime_multipart_get_part(multipart, i), below, depth + 1);
    }
}

static void read_alternative(PdReading *reading, GMimeObject *part, const char *path, guint depth)
{
    GMimeObject *plain = find_text(part, "plain", 0);
    GMimeObject *html = find_text(part, "html", 0);

    /* plain parts alone are no choice: some programs mean "mixed" */
    if (html == NULL) {
        read_children(reading, GMIME_MULTIPART(part), path, depth);
        return;
    }
    g_autofree char *text = plain != NULL ? plain_text(reading, plain, path) : g_strdup("");

    if (strlen(text) < STUB_CHARACTERS || reading->safe_html != NULL) {
        g_autofree char *other = html_text(reading, html, path);
        if (is_stub(text, other)) {
            g_free(text);
            text = g_steal_pointer(&other);
        }
    }
    add_separated(reading->text, text);
    read_files(reading, part, path, depth);
}

/* "Subject: …" of a message inside this one. */
static void add_essential(GString *text, GMimeObject *message, const char *name, const char *prior)
{
    g_autofree char *raw = pd_part_header(message, name);

    if (raw == NULL || *raw == '\0')
        return;
    g_autofree char *value = pd_header_decode(raw, strlen(raw), prior, NULL);
    g_string_append_printf(text, "%s: %s\n", name, value);
}

/* The text of a message inside this one, without noting its files. */
static char *inner_text(PdReading *reading, GMimeObject *root, const char *path)
{
    GMimeObject *plain = find_text(root, "plain", 0);
    GMimeObject *html = plain == NULL ? find_text(root, "html", 0) : NULL;

    if (plain != NULL)
        return plain_text(reading, plain, path);
    if (html == NULL)
        return g_strdup("");
    GString *kept = reading->safe_html;
    reading->safe_html = NULL;
    char *text = html_text(reading, html, path);
    reading->safe_html = kept;
    return text;
}

/* A returned message is the report's matter; any other was forwarded. */
static void read_message(PdReading *reading, GMimeMessagePart *part, const char *path)
{
    GMimeMessage *message = g_mime_message_part_get_message(part);

    if (message == NULL)
        return;
    GMimeObject *object = GMIME_OBJECT(message);
    if (reading->report.original_headers == NULL)
        reading->report.original_headers = g_mime_object_get_headers(object, NULL);
    if (reading->report_type != NULL || reading->report.delivery_status != NULL)
        return;
    g_autoptr(GString) essentials = g_string_new("---------- Forwarded message ----------\n");
    static const char *const names[] = {"From", "Date", "To", "Subject"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        add_essential(essentials, object, names[i], pd_reading_prior(reading));
    if (message->mime_part != NULL) {
        g_autofree char *text = inner_text(reading, message->mime_part, path);
        g_string_append_printf(essentials, "\n%s", text);
    }
    add_separated(reading->appended, essentials->str);
    pd_attachment_add(reading, GMIME_OBJECT(part), FALSE);
}

static void walk(PdReading *reading, GMimeObject *part, const char *path, guint depth)
{
    if (part == NULL)
        return;
    if (++reading->parts > PD_LIMIT_PARTS || depth > PD_LIMIT_DEPTH) {
        if (reading->parts == PD_LIMIT_PARTS + 1 || depth == PD_LIMIT_DEPTH + 1)
            pd_note(reading->mail->defects, "part %s: too deep, or too many before it", path);
        return;
    }
    if (GMIME_IS_MESSAGE_PART(part))
        read_message(reading, GMIME_MESSAGE_PART(part), path);
    else if (GMIME_IS_MULTIPART(part) && g_mime_multipart_get_count(GMIME_MULTIPART(part)) == 0)
        read_prologue(reading, GMIME_MULTIPART(part), path);
    else if (GMIME_IS_MULTIPART(part) && pd_part_is(part, "multipart", "alternative"))
        read_alternative(reading, part, path, depth);
    else if (GMIME_IS_MULTIPART(part))
        read_children(reading, GMIME_MULTIPART(part), path, depth);
    else if (GMIME_IS_PART(part))
        read_leaf(reading, part, *path != '\0' ? path : "1");
}

void pd_body_read(PdReading *reading, GMimeObject *root)
{
    walk(reading, root, "", 0);
}
