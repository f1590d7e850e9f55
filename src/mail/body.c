/* body.c: walks the MIME tree.
 *
 * Every leaf ends in exactly one place: shown as text, noted as attachment, kept for a
 * report, or left out as an alternative of something shown.
 */
#include "body.h"

#include "attachment.h"
#include "bodytext.h"
#include "calendar.h"
#include "forwarded.h"
#include "opaque.h"
#include "part.h"
#include "postdesk/limits.h"
#include "winmail.h"
#include <string.h>

#define STUB_CHARACTERS 300 /* a plain alternative longer than this is no stub */

static void walk(PdReading *reading, GMimeObject *part, const char *path, guint depth);

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

static gboolean is_inline(GMimeObject *part)
{
    GMimeContentDisposition *disposition = g_mime_object_get_content_disposition(part);

    if (pd_body_is_attachment(part))
        return FALSE;
    return (disposition != NULL &&
            g_ascii_strcasecmp(g_mime_content_disposition_get_disposition(disposition), "inline") ==
                0) ||
           g_mime_object_get_content_id(part) != NULL;
}

/* What is shown as text, but perhaps not as it was meant: kept as it came as well. */
static void keep_if_doubtful(PdReading *reading, GMimeObject *part, const char *path)
{
    gboolean misencoded = pd_part_is_misencoded(part);

    if (misencoded)
        pd_note(reading->mail->defects, "part %s: declared as base64, and is none", path);
    else if (part == reading->unfinished)
        pd_note(reading->mail->defects, "part %s: nothing says that it is whole", path);
    else
        return;
    pd_attachment_add(reading, part, FALSE);
}

static gboolean is_blank(const char *text)
{
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        if (!g_unichar_isspace(g_utf8_get_char(text)))
            return FALSE;
    }
    return TRUE;
}

/* TRUE if the part was signed as one piece, and what it holds was read in its place. */
static gboolean read_signed(PdReading *reading, GMimeObject *part, const char *path, guint depth)
{
    GMimeMessage *message = pd_opaque_open(reading, part);

    if (message == NULL)
        return FALSE;
    reading->embedded++;
    walk(reading, message->mime_part, path, depth + 1);
    reading->embedded--;
    g_object_unref(message);
    return TRUE;
}

static void read_leaf(PdReading *reading, GMimeObject *part, const char *path, guint depth)
{
    char **place = report_place(reading, part);

    if (place != NULL) {
        if (*place == NULL)
            *place = pd_body_decode(reading, part, path, PD_LIMIT_TEXT_BYTES);
        return;
    }
    if (pd_body_is_text(part)) {
        g_autofree char *text = pd_part_is(part, "text", "html")
                                    ? pd_body_html(reading, part, path)
                                    : pd_body_plain(reading, part, path);
        pd_body_add(reading->text, text);
        keep_if_doubtful(reading, part, path);
        return;
    }
    if (pd_forwarded_read_encoded(reading, part, path))
        return;
    if (reading->alternatives == 0 && pd_body_is_other_text(part)) {
        /* it may not look as it was meant: kept as it came as well */
        g_autofree char *text = pd_body_other(reading, part, path);
        pd_body_add(reading->text, text);
    }
    if (read_signed(reading, part, path, depth) ||
        (pd_winmail_is(part) && pd_winmail_read(reading, part)))
        return;
    if (pd_part_is(part, "text", "calendar")) {
        const char *method = g_mime_object_get_content_type_parameter(part, "method");
        reading->answers_invitation |=
            method != NULL && (g_ascii_strcasecmp(method, "reply") == 0 ||
                               g_ascii_strcasecmp(method, "counter") == 0);
        g_autofree char *source = pd_body_decode(reading, part, path, PD_LIMIT_TEXT_BYTES);
        g_autofree char *essentials = pd_calendar_essentials(source, is_blank(reading->text->str));
        pd_body_add(reading->appended, essentials);
    }
    pd_attachment_add(reading, part, is_inline(part));
}

/* "To view this message, use a program that shows HTML": words that the HTML itself does not say,
 * in whatever language. */
static gboolean sends_to_html(const char *plain, const char *other)
{
    return !is_blank(other) && strcasestr(plain, "html") != NULL &&
           strcasestr(other, "html") == NULL;
}

/* TRUE if a plain alternative is only a hint to read the other one. */
static gboolean is_stub(const char *plain, const char *other)
{
    return is_blank(plain) ||
           (strlen(plain) < STUB_CHARACTERS &&
            (strlen(other) > 4 * strlen(plain) + 200 || sends_to_html(plain, other)));
}

/* Between these two parts end at this boundary, too. */
static void enter(PdReading *reading, GMimeMultipart *multipart)
{
    const char *boundary = g_mime_multipart_get_boundary(multipart);

    if (boundary != NULL)
        g_ptr_array_add(reading->boundaries, (gpointer)boundary);
}

static void leave(PdReading *reading, GMimeMultipart *multipart)
{
    if (g_mime_multipart_get_boundary(multipart) != NULL)
        g_ptr_array_set_size(reading->boundaries, (gint)reading->boundaries->len - 1);
}

/* Files within an alternative: pictures of the HTML, attachments put into the wrong place. */
static void read_files(PdReading *reading, GMimeObject *part, const char *path, guint depth)
{
    if (GMIME_IS_MULTIPART(part) && depth < PD_LIMIT_DEPTH) {
        enter(reading, GMIME_MULTIPART(part));
        int count = g_mime_multipart_get_count(GMIME_MULTIPART(part));
        for (int i = 0; i < count; i++) {
            g_autofree char *below = pd_body_path(path, i);
            read_files(reading, g_mime_multipart_get_part(GMIME_MULTIPART(part), i), below,
                       depth + 1);
        }
        leave(reading, GMIME_MULTIPART(part));
    } else if (!GMIME_IS_PART(part) || !pd_body_is_text(part)) {
        reading->alternatives++;
        walk(reading, part, path, depth);
        reading->alternatives--;
    } else {
        keep_if_doubtful(reading, part, path);
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
    pd_body_note_charset(reading, path, NULL, &decoding);
    pd_body_unify_line_ends(text);
    pd_body_add(reading->text, text);
    keep_if_doubtful(reading, GMIME_OBJECT(multipart), path);
}

static void read_children(PdReading *reading, GMimeMultipart *multipart, const char *path,
                          guint depth)
{
    int count = g_mime_multipart_get_count(multipart);

    for (int i = 0; i < count; i++) {
        g_autofree char *below = pd_body_path(path, i);
        walk(reading, g_mime_multipart_get_part(multipart, i), below, depth + 1);
    }
}

static void read_alternative(PdReading *reading, GMimeObject *part, const char *path, guint depth)
{
    GMimeMultipart *alternatives = GMIME_MULTIPART(part);

    /* plain parts alone are no choice: some programs mean "mixed" */
    if (pd_body_find(part, "html", 0) == NULL) {
        read_children(reading, alternatives, path, depth);
        return;
    }
    g_autofree char *text = pd_body_alternative(reading, alternatives, "plain", path);

    if (strlen(text) < STUB_CHARACTERS || reading->safe_html != NULL) {
        g_autofree char *other = pd_body_alternative(reading, alternatives, "html", path);
        if (is_stub(text, other)) {
            g_free(text);
            text = g_steal_pointer(&other);
        }
    }
    pd_body_add(reading->text, text);
    read_files(reading, part, path, depth);
}

static void walk_multipart(PdReading *reading, GMimeMultipart *multipart, const char *path,
                           guint depth)
{
    enter(reading, multipart);
    if (g_mime_multipart_get_count(multipart) == 0)
        read_prologue(reading, multipart, path);
    else if (pd_part_is(GMIME_OBJECT(multipart), "multipart", "alternative"))
        read_alternative(reading, GMIME_OBJECT(multipart), path, depth);
    else
        read_children(reading, multipart, path, depth);
    leave(reading, multipart);
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
        pd_forwarded_read(reading, g_mime_message_part_get_message(GMIME_MESSAGE_PART(part)), part,
                          path);
    else if (GMIME_IS_MULTIPART(part))
        walk_multipart(reading, GMIME_MULTIPART(part), path, depth);
    else if (GMIME_IS_PART(part))
        read_leaf(reading, part, *path != '\0' ? path : "1", depth);
}

void pd_body_read(PdReading *reading, GMimeObject *root)
{
    walk(reading, root, "", 0);
}
