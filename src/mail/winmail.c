/* winmail.c: see winmail.h. */
#include "winmail.h"

#include "attachment.h"
#include "html.h"
#include "part.h"
#include "postdesk/limits.h"
#include "tnef.h"
#include <string.h>

gboolean pd_winmail_is(GMimeObject *part)
{
    if (pd_part_is(part, "application", "ms-tnef") ||
        pd_part_is(part, "application", "vnd.ms-tnef"))
        return TRUE;
    g_autofree char *name = pd_attachment_declared_name(part, NULL);
    return name != NULL && g_ascii_strcasecmp(name, "winmail.dat") == 0;
}

static void add_files(PdReading *reading, const PdTnef *tnef)
{
    for (guint i = 0; i < tnef->files->len; i++) {
        const PdTnefFile *file = tnef->files->pdata[i];
        if (file->bytes == NULL || ++reading->parts > PD_LIMIT_PARTS)
            continue;
        const PdAttachmentBytes content = {file->name, file->type, file->content_id,
                                           (const char *)file->bytes, file->length};
        pd_attachment_add_bytes(reading, &content);
    }
}

/* The files of the result lie within bytes, which the caller frees behind it. NULL if it is none,
 * or too large. */
static PdTnef *open_part(const PdReading *reading, GMimeObject *part, GByteArray **bytes,
                         gboolean *cut)
{
    *bytes = pd_part_bytes(GMIME_PART(part), PD_LIMIT_TNEF_BYTES, cut);
    return *cut ? NULL : pd_tnef_parse((*bytes)->data, (*bytes)->len, pd_reading_prior(reading));
}

/* What the message says, or NULL. Caller frees. */
static char *text_of(const PdTnef *tnef)
{
    gboolean plainly;

    if (tnef->text != NULL) {
        g_auto(GStrv) lines = g_strsplit(tnef->text, "\r\n", -1);
        return g_strjoinv("\n", lines);
    }
    return tnef->html != NULL ? pd_html_to_text(tnef->html, strlen(tnef->html), &plainly) : NULL;
}

static void add_text(PdReading *reading, const PdTnef *tnef)
{
    g_autofree char *text = reading->text->len == 0 ? text_of(tnef) : NULL;

    if (text != NULL)
        g_string_append(reading->text, text);
}

char *pd_winmail_text(const PdReading *reading, GMimeObject *part)
{
    gboolean cut;
    g_autoptr(GByteArray) bytes = NULL;
    g_autoptr(PdTnef) tnef = open_part(reading, part, &bytes, &cut);

    return tnef != NULL ? text_of(tnef) : NULL;
}

void pd_winmail_add_files(PdReading *reading, GMimeObject *part)
{
    gboolean cut;
    g_autoptr(GByteArray) bytes = NULL;
    g_autoptr(PdTnef) tnef = open_part(reading, part, &bytes, &cut);

    if (tnef != NULL)
        add_files(reading, tnef);
}

gboolean pd_winmail_read(PdReading *reading, GMimeObject *part)
{
    g_autoptr(GByteArray) bytes = NULL;
    gboolean cut;

    if (!GMIME_IS_PART(part))
        return FALSE;
    g_autoptr(PdTnef) tnef = open_part(reading, part, &bytes, &cut);
    if (tnef == NULL) {
        pd_note(reading->mail->defects, "winmail.dat %s: kept as it is",
                cut ? "is too large to be opened" : "is none");
        return FALSE;
    }
    add_files(reading, tnef);
    add_text(reading, tnef);
    if (tnef->broken)
        pd_note(reading->mail->defects, "winmail.dat is not whole: kept as it is as well");
    return !tnef->broken;
}
