/* compose_body.c: see compose_body.h.
 *
 *   mixed            where something is attached
 *     alternative    where there is HTML
 *       text/plain
 *       related      where pictures stand in the HTML
 *         text/html
 *         image/...
 *     application/...
 */
#include "compose_body.h"

#include "encode.h"
#include <string.h>

#define EOL "\r\n"

/* "=_" occurs in no encoded body; a plain one is looked into. level: "m", "a", "r". */
static char *choose_boundary(const PdDraft *draft, const char *level)
{
    guint number = g_str_hash(draft->message_id);

    for (;; number++) {
        char *boundary = g_strdup_printf("=_postdesk_%s%08x", level, number);
        if (strstr(draft->text, boundary) == NULL &&
            (draft->html == NULL || strstr(draft->html, boundary) == NULL))
            return boundary;
        g_free(boundary);
    }
}

static void begin(GString *out, const char *type, const char *boundary)
{
    g_string_append_printf(out, "Content-Type: %s; boundary=\"%s\"" EOL EOL "--%s" EOL, type,
                           boundary, boundary);
}

static void next(GString *out, const char *boundary)
{
    g_string_append_printf(out, EOL "--%s" EOL, boundary);
}

static void end(GString *out, const char *boundary)
{
    g_string_append_printf(out, EOL "--%s--" EOL, boundary);
}

static void append_text(GString *out, const char *type, const char *text)
{
    g_string_append_printf(out, "Content-Type: %s; charset=utf-8" EOL, type);
    pd_encode_body(out, text);
}

/* Names, types and ids are the desk's own, in ASCII (compose.h). */
static void append_enclosure(GString *out, const PdEnclosure *enclosure)
{
    gsize length;
    const char *bytes = g_bytes_get_data(enclosure->bytes, &length);
    const char *disposition = enclosure->content_id != NULL ? "inline" : "attachment";

    if (enclosure->title == NULL) {
        g_string_append_printf(out, "Content-Type: %s; name=\"%s\"" EOL, enclosure->type,
                               enclosure->name);
        g_string_append_printf(out, "Content-Disposition: %s; filename=\"%s\"" EOL, disposition,
                               enclosure->name);
    } else { /* beside a plain name many programs show that one */
        g_autofree char *title = g_uri_escape_string(enclosure->title, NULL, FALSE);
        g_string_append_printf(out, "Content-Type: %s" EOL, enclosure->type);
        g_string_append_printf(out, "Content-Disposition: %s;" EOL " filename*=UTF-8''%s" EOL,
                               disposition, title);
    }
    if (enclosure->content_id != NULL)
        g_string_append_printf(out, "Content-ID: <%s>" EOL, enclosure->content_id);
    pd_encode_bytes(out, bytes, length);
}

static gboolean stands_in_html(const PdDraft *draft, const PdEnclosure *enclosure)
{
    if (enclosure->content_id == NULL || draft->html == NULL)
        return FALSE;
    g_autofree char *link = g_strconcat("cid:", enclosure->content_id, NULL);
    return strstr(draft->html, link) != NULL;
}

/* Those that stand in the HTML, or those that are attached. */
static gboolean has_enclosures(const PdDraft *draft, gboolean in_html)
{
    for (guint i = 0; draft->enclosures != NULL && i < draft->enclosures->len; i++) {
        const PdEnclosure *enclosure = g_ptr_array_index(draft->enclosures, i);
        if (in_html ? stands_in_html(draft, enclosure) : enclosure->content_id == NULL)
            return TRUE;
    }
    return FALSE;
}

static void append_enclosures(GString *out, const PdDraft *draft, gboolean in_html,
                              const char *boundary)
{
    for (guint i = 0; i < draft->enclosures->len; i++) {
        const PdEnclosure *enclosure = g_ptr_array_index(draft->enclosures, i);
        if (in_html ? !stands_in_html(draft, enclosure) : enclosure->content_id != NULL)
            continue;
        next(out, boundary);
        append_enclosure(out, enclosure);
    }
}

static void append_html(GString *out, const PdDraft *draft)
{
    g_autofree char *boundary = NULL;

    if (!has_enclosures(draft, TRUE)) {
        append_text(out, "text/html", draft->html);
        return;
    }
    boundary = choose_boundary(draft, "r");
    begin(out, "multipart/related; type=\"text/html\"", boundary);
    append_text(out, "text/html", draft->html);
    append_enclosures(out, draft, TRUE, boundary);
    end(out, boundary);
}

static void append_alternatives(GString *out, const PdDraft *draft)
{
    g_autofree char *boundary = NULL;

    if (draft->html == NULL) {
        append_text(out, "text/plain", draft->text);
        return;
    }
    boundary = choose_boundary(draft, "");
    begin(out, "multipart/alternative", boundary);
    append_text(out, "text/plain", draft->text);
    next(out, boundary);
    append_html(out, draft);
    end(out, boundary);
}

void pd_compose_body(GString *out, const PdDraft *draft)
{
    g_autofree char *boundary = NULL;

    if (!has_enclosures(draft, FALSE)) {
        append_alternatives(out, draft);
        return;
    }
    boundary = choose_boundary(draft, "m");
    begin(out, "multipart/mixed", boundary);
    append_alternatives(out, draft);
    append_enclosures(out, draft, FALSE, boundary);
    end(out, boundary);
}
