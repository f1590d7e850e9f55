/* bodytext.c: the texts of a message: decoded, and found among the parts. */
#include "bodytext.h"

#include "attachment.h"
#include "charset.h"
#include "html.h"
#include "part.h"
#include "postdesk/limits.h"
#include "postdesk/text.h"
#include "textflow.h"
#include <string.h>

#define MOST_TEXTS 50     /* of one kind in an alternative */
#define MOST_TEXT_PATH 20 /* bytes: deeper ones are not followed */
#define LEAST_PADDING 4   /* zero bytes; fewer may end a text in UTF-16 or UTF-32 */

void pd_body_add(GString *text, const char *more)
{
    if (*more == '\0' || text->len > PD_LIMIT_TEXT_BYTES)
        return;
    if (text->len > 0 && text->str[text->len - 1] != '\n')
        g_string_append_c(text, '\n');
    g_string_append(text, more);
}

void pd_body_note_charset(PdReading *reading, const char *path, const char *declared,
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
void pd_body_unify_line_ends(char *text)
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

/* A buffer that was sent whole: the zero bytes behind the text are none of it. */
static void cut_padding(PdReading *reading, GByteArray *bytes, const char *path)
{
    guint length = bytes->len, zeros = 0;

    while (length > 0 && memchr("\0\r\n", bytes->data[length - 1], 3) != NULL)
        zeros += bytes->data[--length] == 0;
    if (zeros < LEAST_PADDING)
        return;
    pd_note(reading->mail->defects, "part %s: %u zero bytes behind the text", path, zeros);
    g_byte_array_set_size(bytes, length);
}

/* The content of a text part as UTF-8. */
char *pd_body_decode(PdReading *reading, GMimeObject *part, const char *path, gsize most)
{
    gboolean cut;
    PdDecoding decoding;
    g_autoptr(GByteArray) bytes = pd_part_bytes(GMIME_PART(part), most, &cut);
    const char *declared = g_mime_object_get_content_type_parameter(part, "charset");
    g_autofree char *inside = NULL;

    cut_padding(reading, bytes, path);
    if (declared == NULL && pd_part_is(part, "text", "html"))
        declared = inside = pd_charset_named((const char *)bytes->data, bytes->len);
    if (cut)
        pd_note(reading->mail->defects, "part %s: only the first %zu bytes are shown", path, most);
    const char *chosen = reading->options->charset;
    char *text = chosen != NULL ? pd_charset_decode_as((const char *)bytes->data, bytes->len,
                                                       chosen, &decoding)
                                : pd_charset_decode((const char *)bytes->data, bytes->len, declared,
                                                    pd_reading_prior(reading), &decoding);
    pd_body_note_charset(reading, path, declared, &decoding);
    pd_body_unify_line_ends(text);
    return text;
}

char *pd_body_plain(PdReading *reading, GMimeObject *part, const char *path)
{
    g_autofree char *text = pd_body_decode(reading, part, path, PD_LIMIT_TEXT_BYTES);
    const char *format = g_mime_object_get_content_type_parameter(part, "format");
    const char *delsp = g_mime_object_get_content_type_parameter(part, "delsp");

    if (format == NULL || g_ascii_strcasecmp(format, "flowed") != 0)
        return g_steal_pointer(&text);
    return pd_text_unflow(text, delsp != NULL && g_ascii_strcasecmp(delsp, "yes") == 0);
}

char *pd_body_html(PdReading *reading, GMimeObject *part, const char *path)
{
    g_autofree char *html = pd_body_decode(reading, part, path, PD_LIMIT_HTML_BYTES);
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

gboolean pd_body_is_attachment(GMimeObject *part)
{
    GMimeContentDisposition *disposition = g_mime_object_get_content_disposition(part);

    return disposition != NULL && g_mime_content_disposition_is_attachment(disposition);
}

/* A text that is part of what is read, not a file. */
gboolean pd_body_is_text(GMimeObject *part)
{
    if (!pd_part_is(part, "text", "plain") && !pd_part_is(part, "text", "html"))
        return FALSE;
    if (pd_body_is_attachment(part))
        return FALSE;
    g_autofree char *name = pd_attachment_declared_name(part, NULL);
    return name == NULL;
}

/* Text of a kind that is not known, which is shown as it is (RFC 2046, 4.1.4); but not what is
 * written for programs. */
gboolean pd_body_is_other_text(GMimeObject *part)
{
    static const char *const for_programs[] = {
        "calendar", "vcard",     "x-vcard",    "css", "javascript",
        "rtf",      "directory", "x-amp-html", "xml", "rfc822-headers"};

    if (!pd_part_is(part, "text", "*") || pd_body_is_attachment(part) ||
        g_mime_object_get_content_id(part) != NULL)
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(for_programs); i++) {
        if (pd_part_is(part, "text", for_programs[i]))
            return FALSE;
    }
    g_autofree char *name = pd_attachment_declared_name(part, NULL);
    return name == NULL;
}

/* RFC 1896: marked up nearly as HTML is; of line ends one less counts than there are. */
static char *enriched_to_text(const char *text)
{
    gboolean plainly;
    g_autoptr(GString) html = g_string_sized_new(strlen(text) + 64);

    for (const char *at = text; *at != '\0'; at++) {
        if (at[0] == '<' && at[1] == '<') {
            g_string_append(html, "&lt;");
            at++;
        } else if (*at == '&') {
            g_string_append(html, "&amp;");
        } else {
            g_string_append(html, at[0] == '\n' && at[1] == '\n' ? "<br>" : (char[]){*at, '\0'});
        }
    }
    return pd_html_to_text(html->str, html->len, &plainly);
}

char *pd_body_other(PdReading *reading, GMimeObject *part, const char *path)
{
    g_autofree char *text = pd_body_decode(reading, part, path, PD_LIMIT_TEXT_BYTES);

    return pd_part_is(part, "text", "enriched") || pd_part_is(part, "text", "richtext")
               ? enriched_to_text(text)
               : g_steal_pointer(&text);
}

/* The first alternative that holds this kind of text, at any depth of multiparts. */
GMimeObject *pd_body_find(GMimeObject *part, const char *subtype, guint depth)
{
    if (GMIME_IS_PART(part))
        return pd_part_is(part, "text", subtype) && !pd_body_is_attachment(part) ? part : NULL;
    if (!GMIME_IS_MULTIPART(part) || depth > 3)
        return NULL;
    int count = MIN(g_mime_multipart_get_count(GMIME_MULTIPART(part)), 8);
    for (int i = 0; i < count; i++) {
        GMimeObject *found =
            pd_body_find(g_mime_multipart_get_part(GMIME_MULTIPART(part), i), subtype, depth + 1);
        if (found != NULL)
            return found;
    }
    return NULL;
}

/* "1.2" of the second part within "1". */
char *pd_body_path(const char *path, int number)
{
    return g_strdup_printf("%s%s%d", path, *path != '\0' ? "." : "", number + 1);
}

/* All texts of one kind in an alternative, one below the other: what was written around a picture
 * comes as several. */
static void add_texts(PdReading *reading, GMimeObject *part, const char *subtype, const char *path,
                      GString *text)
{
    if (GMIME_IS_MULTIPART(part)) {
        int count = MIN(g_mime_multipart_get_count(GMIME_MULTIPART(part)), MOST_TEXTS);
        for (int i = 0; i < count && strlen(path) < MOST_TEXT_PATH; i++) {
            g_autofree char *below = pd_body_path(path, i);
            add_texts(reading, g_mime_multipart_get_part(GMIME_MULTIPART(part), i), subtype, below,
                      text);
        }
    } else if (GMIME_IS_PART(part) && pd_part_is(part, "text", subtype) && pd_body_is_text(part)) {
        g_autofree char *more = *subtype == 'h' ? pd_body_html(reading, part, path)
                                                : pd_body_plain(reading, part, path);
        pd_body_add(text, more);
    }
}

/* The text of the first alternative that has this kind, or "". */
char *pd_body_alternative(PdReading *reading, GMimeMultipart *alternatives, const char *subtype,
                          const char *path)
{
    g_autoptr(GString) text = g_string_new(NULL);
    int count = g_mime_multipart_get_count(alternatives);

    for (int i = 0; i < count; i++) {
        GMimeObject *one = g_mime_multipart_get_part(alternatives, i);
        if (pd_body_find(one, subtype, 0) == NULL)
            continue;
        g_autofree char *below = pd_body_path(path, i);
        add_texts(reading, one, subtype, below, text);
        break;
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}
