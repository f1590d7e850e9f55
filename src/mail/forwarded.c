/* forwarded.c: messages within a message: what they say is shown behind its text. */
#include "forwarded.h"

#include "attachment.h"
#include "bodytext.h"
#include "embedded.h"
#include "header.h"
#include "part.h"
#include <string.h>

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

/* The text of a message inside this one, without noting its files. */
static char *inner_text(PdReading *reading, GMimeObject *root, const char *path)
{
    GMimeObject *plain = pd_body_find(root, "plain", 0);
    GMimeObject *html = plain == NULL ? pd_body_find(root, "html", 0) : NULL;
    GMimeMessage *message = pd_embedded_open(reading, root);

    if (plain != NULL)
        return pd_body_plain(reading, plain, path);
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
