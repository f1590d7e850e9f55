/* values.c: see values.h. What is foreign is cut to one readable line each and loses the
 * characters that would turn or hide the text around it. */
#include "desk/values.h"

#include "desk/handed.h"
#include "postdesk/clock.h"
#include "postdesk/text.h"
#include <string.h>

#define QUOTE_LINES 12
#define QUOTE_LINE_BYTES 300
#define SUBJECT_BYTES 200
#define LONG_BYTES 2000
#define NAME_BYTES 60
#define MOST_ATTACHMENTS 20 /* that are listed */
#define SAID_LINES 300      /* of what one person writes to another */
#define SAID_LINE_BYTES 2000

static gboolean hides_text(gunichar c)
{
    return (c < 0x20 && c != '\t') || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029;
}

/* What hides_text() may be true for: a control character, or the first byte of one. */
static gboolean may_begin_hidden(guchar c)
{
    return c < 0x20 || c == 0x7f || c == 0xc2 || c == 0xe2;
}

/* One line, clean, at most so many bytes; caller frees. */
static char *clean(const char *text, gsize bytes)
{
    g_autoptr(GString) out = g_string_new(NULL);

    while (*text != '\0' && out->len <= bytes) {
        const char *plain = text;
        while (!may_begin_hidden((guchar)*text) && (gsize)(text - plain) <= bytes)
            text++;
        while (((guchar)*text & 0xc0) == 0x80) /* the rest of a character */
            text++;
        g_string_append_len(out, plain, text - plain);
        gunichar c = g_utf8_get_char(text);
        if (c == '\0' || !may_begin_hidden((guchar)*text))
            continue;
        if (!hides_text(c))
            g_string_append_unichar(out, c);
        else if (c == '\n' || c == '\r')
            g_string_append_c(out, ' ');
        text = g_utf8_next_char(text);
    }
    return pd_text_shorten(out->str, bytes);
}

static void set_clean(PdJson *values, const char *key, const char *text, gsize bytes)
{
    if (text == NULL || text[0] == '\0') {
        pd_json_set_text(values, key, NULL);
        return;
    }
    g_autofree char *cleaned = clean(text, bytes);
    pd_json_set_text(values, key, cleaned);
}

static void set_size(PdJson *values, const char *key, guint64 size)
{
    char text[32];

    if (size < 1024)
        g_snprintf(text, sizeof text, "%" G_GUINT64_FORMAT " B", size);
    else if (size < 1024 * 1024)
        g_snprintf(text, sizeof text, "%" G_GUINT64_FORMAT " KB", (size + 512) / 1024);
    else
        g_snprintf(text, sizeof text, "%.1f MB", (double)size / (1024 * 1024));
    pd_json_set_text(values, key, text);
}

static void set_number(PdJson *values, const char *key, gint64 number)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, number);

    pd_json_set_text(values, key, number != 0 ? text : NULL);
}

/* By the desk's wall clock: that of its calendar, wherever the machine believes to stand; "always"
 * is at no place. */
static void set_time(const PdDesk *desk, PdJson *values, const char *key, gint64 at)
{
    const PdCalendar *calendar = pd_calendars_find(desk->calendars, NULL);
    gboolean has_place = calendar != pd_calendars_find(desk->calendars, "always");
    g_autofree char *text =
        has_place ? pd_calendar_format(calendar, at) : pd_clock_format_local(at);

    pd_json_set_text(values, key, text);
}

/* A due time as it is stored; null while nothing is owed. */
static void set_due(const PdDesk *desk, PdJson *values, const char *key, const char *due)
{
    gint64 at = 0;

    if (due != NULL && pd_clock_parse_utc(due, &at))
        set_time(desk, values, key, at);
    else
        pd_json_set_text(values, key, NULL);
}

/* A value in the language's words, or null where nothing is set. */
static void set_word(const PdDesk *desk, PdJson *values, const char *key, const char *language,
                     const char *group, const char *value)
{
    pd_json_set_text(values, key,
                     value[0] != '\0' ? pd_templates_word(desk->templates, language, group, value)
                                      : NULL);
}

const char *pd_values_word(const PdDesk *desk, const char *language, const char *field,
                           const char *value)
{
    static const char *const groups[][2] = {{"status", "statuses"},
                                            {"category", "categories"},
                                            {"priority", "priorities"},
                                            {"impact", "levels"},
                                            {"urgency", "levels"}};

    for (gsize i = 0; i < G_N_ELEMENTS(groups); i++) {
        if (strcmp(field, groups[i][0]) == 0)
            return pd_templates_word(desk->templates, language, groups[i][1], value);
    }
    return value;
}

static void set_desk(const PdDesk *desk, PdJson *values)
{
    pd_json_set_text(values, "desk_name", desk->config->desk_name);
    pd_json_set_text(values, "desk_address", desk->config->desk_address);
}

static void set_subject(const PdDesk *desk, PdJson *values, const char *language,
                        const PdTicket *ticket)
{
    set_clean(values, "subject", ticket->subject, SUBJECT_BYTES);
    if (pd_json_get_text(values, "subject") == NULL)
        pd_json_set_text(values, "subject",
                         pd_templates_word(desk->templates, language, "phrases", "no_subject"));
}

/* A name that is only the address again greets nobody. */
static void set_name(PdJson *values, const char *name)
{
    gboolean is_name = name != NULL && strchr(name, '@') == NULL;

    set_clean(values, "reporter_name", is_name ? name : NULL, NAME_BYTES);
}

void pd_values_set_reader(PdJson *values, PdRank rank)
{
    pd_json_set_bool(values, "is_reporter", (rank & PD_RANK_REPORTER) != 0);
    pd_json_set_bool(values, "is_desk", (rank & PD_RANK_DESK) != 0);
}

PdJson *pd_values_of_ticket(const PdDesk *desk, const char *language, const PdTicket *ticket,
                            const char *recipient_name)
{
    PdJson *values = pd_json_object();
    const char *priority = ticket->priority;

    set_desk(desk, values);
    set_number(values, "number", ticket->number);
    set_subject(desk, values, language, ticket);
    set_name(values, recipient_name);
    set_word(desk, values, "category", language, "categories", ticket->category);
    pd_json_set_text(values, "category_path",
                     ticket->category[0] != '\0' ? ticket->category : NULL);
    pd_json_set_text(values, "priority", priority[0] != '\0' ? priority : NULL);
    set_word(desk, values, "priority_word", language, "priorities", priority);
    set_word(desk, values, "expectation", language, "expectations",
             priority[0] != '\0' ? priority : "none");
    pd_json_set_text(values, "status", ticket->status);
    pd_json_set_bool(values, "awaits_reporter", FALSE);
    pd_values_set_reader(values, PD_RANK_REPORTER);
    set_word(desk, values, "status_word", language, "statuses", ticket->status);
    set_time(desk, values, "opened_at", ticket->created_at);
    set_due(desk, values, "respond_by", ticket->respond_due);
    set_due(desk, values, "resolve_by", ticket->resolve_due);
    return values;
}

void pd_values_set_time(const PdDesk *desk, PdJson *values, const char *key, gint64 at)
{
    if (at != 0)
        set_time(desk, values, key, at);
    else
        pd_json_set_text(values, key, NULL);
}

static void add_attachments(PdJson *values, const GPtrArray *attachments)
{
    PdJson *list = pd_json_array();

    set_number(values, "attachment_count", attachments->len);
    for (guint i = 0; i < MIN(attachments->len, MOST_ATTACHMENTS); i++) {
        const PdAttachment *attachment = g_ptr_array_index(attachments, i);
        PdJson *entry = pd_json_object();
        set_clean(entry, "name", attachment->name, SUBJECT_BYTES);
        set_size(entry, "size", attachment->size);
        pd_json_set_bool(
            entry, "is_news",
            pd_handed_is_news(attachment->type, attachment->is_inline, attachment->size));
        pd_json_add(list, entry);
    }
    pd_json_set(values, "attachments", list);
}

static const char *skip_blank_lines(const char *text)
{
    const char *line = text;

    for (; g_ascii_isspace(*text); text++) {
        if (*text == '\n')
            line = text + 1;
    }
    return *text != '\0' ? line : text;
}

static void add_quote(PdJson *values, const char *text)
{
    PdJson *lines = pd_json_array();

    text = skip_blank_lines(text);
    pd_json_set_bool(values, "quote", *text != '\0');
    for (guint i = 0; i < QUOTE_LINES && *text != '\0'; i++) {
        const char *end = strchrnul(text, '\n');
        g_autofree char *line = g_strndup(text, (gsize)(end - text));
        g_autofree char *shown = clean(g_strchomp(line), QUOTE_LINE_BYTES);
        pd_json_add_text(lines, shown);
        text = *end == '\n' ? end + 1 : end;
    }
    pd_json_set(values, "quote_lines", lines);
    pd_json_set_bool(values, "quote_cut", *skip_blank_lines(text) != '\0');
}

void pd_values_add_message(const PdDesk *desk, PdJson *values, const PdMail *mail,
                           const PdInboxRow *row)
{
    gboolean is_taken = row != NULL && row->taken_at != 0;

    set_time(desk, values, "received_at", is_taken ? row->taken_at : pd_clock_now());
    set_size(values, "full_size", row != NULL && row->full_size != 0 ? row->full_size : mail->size);
    add_attachments(values, mail->attachments);
    add_quote(values, mail->text);
}

static void add_stored_attachments(PdJson *values, const char *stored)
{
    PdJson *list = pd_json_array();
    g_autoptr(PdJson) attachments = NULL;
    g_autoptr(PdStatus) broken =
        stored != NULL ? pd_json_parse(stored, strlen(stored), &attachments) : NULL;

    set_number(values, "attachment_count", (gint64)pd_json_length(attachments));
    for (gsize i = 0; i < MIN(pd_json_length(attachments), MOST_ATTACHMENTS); i++) {
        const PdJson *one = pd_json_at(attachments, i);
        PdJson *entry = pd_json_object();
        set_clean(entry, "name", pd_json_get_text(one, "name"), SUBJECT_BYTES);
        set_size(entry, "size", (guint64)pd_json_get_int(one, "size", 0));
        pd_json_add(list, entry);
    }
    pd_json_set(values, "attachments", list);
}

void pd_values_add_stored(const PdDesk *desk, PdJson *values, const PdStoredMessage *message,
                          const PdInboxRow *row)
{
    gboolean is_taken = row != NULL && row->taken_at != 0;

    set_time(desk, values, "received_at", is_taken ? row->taken_at : message->date);
    set_size(values, "full_size", row != NULL ? row->full_size : 0);
    add_stored_attachments(values, message->attachments);
    add_quote(values, message->text != NULL ? message->text : "");
}

PdJson *pd_values_lines(const char *text, gboolean *cut)
{
    PdJson *lines = pd_json_array();

    text = skip_blank_lines(text);
    for (guint i = 0; i < SAID_LINES && *text != '\0'; i++) {
        const char *end = strchrnul(text, '\n');
        g_autofree char *line = g_strndup(text, (gsize)(end - text));
        g_autofree char *shown = clean(g_strchomp(line), SAID_LINE_BYTES);
        pd_json_add_text(lines, shown);
        text = *end == '\n' ? end + 1 : end;
    }
    if (cut != NULL)
        *cut = *skip_blank_lines(text) != '\0';
    return lines;
}

void pd_values_add_said(PdJson *values, const char *text, const char *by)
{
    gboolean cut = FALSE;
    gboolean is_said = text != NULL && *skip_blank_lines(text) != '\0';

    pd_json_set_bool(values, "said", is_said);
    pd_json_set(values, "said_lines", pd_values_lines(is_said ? text : "", &cut));
    pd_json_set_bool(values, "said_cut", cut);
    set_clean(values, "said_by", by, NAME_BYTES * 2);
}

void pd_values_set_clean(PdJson *values, const char *key, const char *text)
{
    set_clean(values, key, text, SUBJECT_BYTES);
}

void pd_values_set_long(PdJson *values, const char *key, const char *text)
{
    set_clean(values, key, text, LONG_BYTES);
}

void pd_values_set_size(PdJson *values, const char *key, guint64 size)
{
    set_size(values, key, size);
}
