/* quoted_head.c: the heads of what is quoted; see postdesk/quoted.h. */
#include "postdesk/quoted.h"

#include "quoted_label.h"
#include "separator.h"
#include <string.h>

#define MOST_HEADS 4
#define MOST_LINES 400 /* of what is quoted that are looked at */
#define MOST_LINE 1000 /* bytes of one: each is held against many messages */

static void head_free(PdQuotedHead *head)
{
    g_free(head->from);
    g_free(head->when);
    g_free(head->subject);
    g_free(head);
}

/* No character is cut. */
static gsize length_looked_at(const char *line, gsize length)
{
    gsize most = MIN(length, MOST_LINE);

    while (most > 0 && most < length && ((guchar)line[most] & 0xc0) == 0x80)
        most--;
    return most;
}

static GArray *split(const char *quoted)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(PdLine));

    for (guint i = 0; i < MOST_LINES && *quoted != '\0'; i++) {
        gsize length = strcspn(quoted, "\n");
        gsize looked_at = length_looked_at(quoted, length);
        PdLine line = {quoted, looked_at, quoted, looked_at};
        while (line.length > 0 && strchr(" \t\r", *line.text) != NULL)
            line.text++, line.length--;
        while (line.length > 0 && strchr(" \t\r", line.text[line.length - 1]) != NULL)
            line.length--;
        g_array_append_val(lines, line);
        quoted += length + (quoted[length] == '\n');
    }
    return lines;
}

static void append(char **value, const char *text, gsize length)
{
    g_autofree char *before = *value;
    g_autofree char *more = g_strndup(text, length);

    *value = before != NULL ? g_strconcat(before, " ", more, NULL) : g_strdup(more);
}

static char **place_of(PdQuotedHead *head, PdLabel label)
{
    switch (label) {
    case PD_LABEL_FROM:
        return &head->from;
    case PD_LABEL_DATE:
        return &head->when;
    case PD_LABEL_SUBJECT:
        return &head->subject;
    case PD_LABEL_NONE:
    case PD_LABEL_TO:
    case PD_LABEL_OTHER:
        break;
    }
    return NULL;
}

/* "Subject: …", or "Subject …" as some programs write it; what is folded goes on in the next line.
 */
static void read_lines(const PdLine *lines, guint count, gboolean bare, PdQuotedHead *head)
{
    char **place = NULL;

    for (guint i = 0; i < count; i++) {
        const PdLine *line = &lines[i];
        PdLabel label = bare ? pd_label_bare(line) : pd_label_of(line);
        gsize skip = 0;
        if (label != PD_LABEL_NONE) {
            const char *end = bare ? memchr(line->text, ' ', line->length) : pd_label_end(line);
            skip = (gsize)(end - line->text);
            skip += !bare && line->text[skip] != ':' ? strlen("：") : 1;
            place = place_of(head, label);
            if (place != NULL && *place != NULL) /* its first one counts */
                place = NULL;
        }
        if (place != NULL && line->length > skip)
            append(place, line->text + skip, line->length - skip);
    }
}

/* An address may hold numbers that are no part of a date. */
static char *without_addresses(const char *text)
{
    g_auto(GStrv) words = g_strsplit_set(text, " <>()", -1);
    GString *out = g_string_new(NULL);

    for (char **word = words; *word != NULL; word++) {
        if (**word != '\0' && strchr(*word, '@') == NULL)
            g_string_append_printf(out, "%s%s", out->len > 0 ? " " : "", *word);
    }
    return g_string_free(out, FALSE);
}

static PdQuotedHead *head_of(const PdLine *lines, guint count)
{
    PdQuotedHead *head = g_new0(PdQuotedHead, 1);

    read_lines(lines, count, FALSE, head);
    if (head->from == NULL)
        read_lines(lines, count, TRUE, head);
    if (head->from != NULL)
        return head;
    for (guint i = 0; i < count; i++)
        append(&head->from, lines[i].text, lines[i].length);
    g_free(head->when);
    head->when = without_addresses(head->from);
    return head;
}

/* A dashed title alone tells nothing. */
static gboolean is_title_alone(const PdQuotedHead *head)
{
    return head->subject == NULL && strpbrk(head->from, "0123456789@") == NULL;
}

GPtrArray *pd_quoted_heads(const char *quoted)
{
    GPtrArray *heads = g_ptr_array_new_with_free_func((GDestroyNotify)head_free);
    g_autoptr(GArray) lines = split(quoted);

    for (guint i = 0; i < lines->len && heads->len < MOST_HEADS;) {
        const PdLine *line = &g_array_index(lines, PdLine, i);
        guint length = pd_separator_lines(line, lines->len - i);
        PdQuotedHead *head = length > 0 ? head_of(line, length) : NULL;
        if (head != NULL && !is_title_alone(head))
            g_ptr_array_add(heads, head);
        else if (head != NULL)
            head_free(head);
        i += MAX(length, 1);
    }
    return heads;
}
