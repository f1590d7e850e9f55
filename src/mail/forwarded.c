/* forwarded.c: messages within a message: what they say is shown behind its text. */
#include "forwarded.h"

#include "attachment.h"
#include "bodytext.h"
#include "embedded.h"
#include "header.h"
#include "part.h"
#include "winmail.h"
#include <string.h>

#define MOST_DEPTH 3
#define MOST_PARTS 8

static char *text_of_opened(PdReading *reading, GMimeMessage *message, const char *path);

/* "Subject: …" of a message inside this one. */
static void add_essential(GString *text, GMimeObject *message, const char *name, const char *prior)
{
    g_autofree char *raw = pd_part_header(message, name);

    if (raw == NULL || *raw == '\0')
        return;
    g_autofree char *value = pd_header_decode(raw, strlen(raw), prior, NULL);
    g_string_append_printf(text, "%s: %s\n", name, value);
}

static gboolean is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

static GMimeObject *find_winmail(GMimeObject *part, guint depth)
{
    GMimeObject *found = NULL;

    if (GMIME_IS_PART(part))
        return pd_winmail_is(part) ? part : NULL;
    if (!GMIME_IS_MULTIPART(part) || depth > MOST_DEPTH)
        return NULL;
    int count = MIN(g_mime_multipart_get_count(GMIME_MULTIPART(part)), MOST_PARTS);
    for (int i = 0; i < count && found == NULL; i++)
        found = find_winmail(g_mime_multipart_get_part(GMIME_MULTIPART(part), i), depth + 1);
    return found;
}

/* Files that only Outlook could take out of the forwarded message, and those of messages in it. */
static void add_packed_files(PdReading *reading, GMimeObject *part, guint depth)
{
    if (part == NULL || depth > MOST_DEPTH)
        return;
    if (GMIME_IS_MESSAGE_PART(part)) {
        GMimeMessage *message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
        add_packed_files(reading, message != NULL ? message->mime_part : NULL, depth + 1);
    } else if (GMIME_IS_MULTIPART(part)) {
        int count = MIN(g_mime_multipart_get_count(GMIME_MULTIPART(part)), MOST_PARTS);
        for (int i = 0; i < count; i++)
            add_packed_files(reading, g_mime_multipart_get_part(GMIME_MULTIPART(part), i),
                             depth + 1);
    } else if (GMIME_IS_PART(part) && pd_winmail_is(part)) {
        pd_winmail_add_files(reading, part);
    }
}

/* Without noting its files. Takes text, which is what the parts say. */
static char *text_or_winmail(PdReading *reading, GMimeObject *root, char *text)
{
    GMimeObject *part = is_blank(text) ? find_winmail(root, 0) : NULL;
    char *packed = part != NULL ? pd_winmail_text(reading, part) : NULL;

    if (packed == NULL)
        return text;
    g_free(text);
    return packed;
}

/* The text of a message inside this one, without noting its files. */
static char *text_of_parts(PdReading *reading, GMimeObject *root, const char *path)
{
    GMimeObject *plain = pd_body_find(root, "plain", 0);
    GMimeObject *html = plain == NULL ? pd_body_find(root, "html", 0) : NULL;

    if (plain != NULL)
        return pd_body_plain(reading, plain, path);
    GMimeMessage *message = pd_embedded_open(reading, root);
    if (message != NULL)
        return text_of_opened(reading, message, path);
    if (html == NULL)
        return g_strdup("");
    GString *kept = reading->safe_html;
    reading->safe_html = NULL;
    char *text = pd_body_html(reading, html, path);
    reading->safe_html = kept;
    return text;
}

static char *inner_text(PdReading *reading, GMimeObject *root, const char *path)
{
    return text_or_winmail(reading, root, text_of_parts(reading, root, path));
}

/* What a message says that was encoded as a whole within another one. Takes message. */
static char *text_of_opened(PdReading *reading, GMimeMessage *message, const char *path)
{
    char *text;

    reading->embedded++;
    text =
        message->mime_part != NULL ? inner_text(reading, message->mime_part, path) : g_strdup("");
    reading->embedded--;
    g_object_unref(message);
    return text;
}

/* A returned message is the report's matter; any other was forwarded. */
void pd_forwarded_read(PdReading *reading, GMimeMessage *message, GMimeObject *part,
                       const char *path)
{
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
    pd_body_add(reading->appended, essentials->str);
    pd_attachment_add(reading, part, FALSE);
    add_packed_files(reading, message->mime_part, 0);
}

/* TRUE if the part was a message that is encoded as a whole. */
gboolean pd_forwarded_read_encoded(PdReading *reading, GMimeObject *part, const char *path)
{
    GMimeMessage *message = pd_embedded_open(reading, part);

    if (message == NULL)
        return FALSE;
    reading->embedded++;
    pd_forwarded_read(reading, message, part, path);
    reading->embedded--;
    g_object_unref(message);
    return TRUE;
}
