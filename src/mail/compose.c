/* compose.c: see postdesk/compose.h. Assembled directly, since this is done for every
 * acknowledgement; what is foreign passes encode.h or is refused. */
#include "postdesk/compose.h"

#include "compose_body.h"
#include "encode.h"
#include "postdesk/clock.h"
#include "postdesk/limits.h"
#include "postdesk/text.h"
#include <string.h>

#define EOL "\r\n"
#define LINE 78
#define MOST_REFERENCES 20
#define MOST_NAME 100  /* bytes of an enclosure's name, type or id */
#define MOST_TITLE 250 /* three times as many stand in its line, which RFC 5322 2.1.1 bounds */

static PdStatus *refuse(const char *what)
{
    return pd_status_new(PD_SPOILS_MESSAGE, PD_FINAL, NULL, "a mail cannot be written: %s", what);
}

/* What may stand between the angle brackets of a Message-ID. */
static gboolean is_id(const char *id)
{
    if (id == NULL || *id == '\0' || strlen(id) > PD_LIMIT_MESSAGE_ID - 20)
        return FALSE;
    for (const char *c = id; *c != '\0'; c++) {
        if ((guchar)*c <= 0x20 || (guchar)*c >= 0x7f || *c == '<' || *c == '>')
            return FALSE;
    }
    return TRUE;
}

/* What stands in quotes or angle brackets of a header as it is. */
static gboolean is_plain_word(const char *word)
{
    if (word == NULL || *word == '\0' || strlen(word) > MOST_NAME)
        return FALSE;
    for (const char *c = word; *c != '\0'; c++) {
        if (!g_ascii_isalnum(*c) && strchr("._-+@/", *c) == NULL)
            return FALSE;
    }
    return TRUE;
}

static PdStatus *check_enclosures(const GPtrArray *enclosures)
{
    for (guint i = 0; enclosures != NULL && i < enclosures->len; i++) {
        const PdEnclosure *enclosure = g_ptr_array_index(enclosures, i);
        if (!is_plain_word(enclosure->name) || !is_plain_word(enclosure->type) ||
            (enclosure->content_id != NULL && !is_plain_word(enclosure->content_id)) ||
            (enclosure->title != NULL && strlen(enclosure->title) > MOST_TITLE))
            return refuse("an enclosure has no plain name, type or id");
    }
    return NULL;
}

static PdStatus *check(const PdDraft *draft)
{
    if (!pd_text_can_be_mailed(draft->from_address))
        return refuse("From is no address");
    if (!pd_text_can_be_mailed(draft->to_address))
        return refuse("the recipient is no address");
    if (draft->reply_to != NULL && !pd_text_can_be_mailed(draft->reply_to))
        return refuse("Reply-To is no address");
    if (!is_id(draft->message_id))
        return refuse("the Message-ID is none");
    if (draft->text == NULL)
        return refuse("it has no text");
    return check_enclosures(draft->enclosures);
}

static void append_address(GString *out, const char *header, const char *name, const char *address)
{
    gsize begin = out->len;

    g_string_append_printf(out, "%s: ", header);
    if (name != NULL && *name != '\0') {
        pd_encode_phrase(out, name, out->len - begin);
        const char *line = strrchr(out->str + begin, '\n');
        gsize column = line != NULL ? strlen(line) - 1 : out->len - begin;
        g_string_append(out, column + strlen(address) + 3 > LINE ? EOL " " : " ");
    }
    g_string_append_printf(out, "<%s>" EOL, address);
}

/* The first one starts the thread; of the others the last ones matter. */
static void append_references(GString *out, const char *const *references)
{
    guint count = 0, total = 0, column = 12;

    for (guint i = 0; references != NULL && references[i] != NULL; i++)
        total += is_id(references[i]);
    for (guint i = 0, place = 0; total > 0 && references[i] != NULL; i++) {
        if (!is_id(references[i]))
            continue;
        if (place++ > 0 && place + MOST_REFERENCES <= total + 1)
            continue;
        gsize length = strlen(references[i]) + 2;
        if (count == 0)
            g_string_append(out, "References: ");
        else if (column + length + 1 > LINE)
            g_string_append(out, EOL " "), column = 1;
        else
            g_string_append_c(out, ' '), column++;
        g_string_append_printf(out, "<%s>", references[i]);
        column += (guint)length;
        count++;
    }
    if (count > 0)
        g_string_append(out, EOL);
}

/* RFC 5322; not strftime(3), whose names follow the locale. */
static void append_date(GString *out, gint64 at)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    g_autoptr(GDateTime) date = pd_clock_local(at);

    if (date == NULL)
        return;
    int offset = (int)(g_date_time_get_utc_offset(date) / G_TIME_SPAN_MINUTE);
    g_string_append_printf(
        out, "Date: %s, %d %s %d %02d:%02d:%02d %c%02d%02d" EOL,
        days[g_date_time_get_day_of_week(date) - 1], g_date_time_get_day_of_month(date),
        months[g_date_time_get_month(date) - 1], g_date_time_get_year(date),
        g_date_time_get_hour(date), g_date_time_get_minute(date), g_date_time_get_second(date),
        offset < 0 ? '-' : '+', ABS(offset) / 60, ABS(offset) % 60);
}

/* "zh_CN" → "zh-CN"; nothing but letters and the joint. */
static void append_language(GString *out, const char *language)
{
    if (language == NULL || *language == '\0')
        return;
    g_autofree char *tag = g_strdelimit(g_strdup(language), "_", '-');
    for (const char *c = tag; *c != '\0'; c++) {
        if (!g_ascii_isalnum(*c) && *c != '-')
            return;
    }
    g_string_append_printf(out, "Content-Language: %s" EOL, tag);
}

static void append_head(GString *out, const PdDraft *draft)
{
    append_date(out, draft->date);
    append_address(out, "From", draft->from_name, draft->from_address);
    append_address(out, "To", draft->to_name, draft->to_address);
    if (draft->reply_to != NULL)
        append_address(out, "Reply-To", draft->from_name, draft->reply_to);
    pd_encode_unstructured(out, "Subject", draft->subject != NULL ? draft->subject : "");
    g_string_append_printf(out, "Message-ID: <%s>" EOL, draft->message_id);
    if (is_id(draft->in_reply_to))
        g_string_append_printf(out, "In-Reply-To: <%s>" EOL, draft->in_reply_to);
    append_references(out, draft->references);
    if (draft->auto_submitted != NULL)
        pd_encode_unstructured(out, "Auto-Submitted", draft->auto_submitted);
    /* Exchange sends no absence notices back */
    g_string_append(out, "X-Auto-Response-Suppress: All" EOL);
    if (draft->ticket != 0)
        g_string_append_printf(out, "X-Postdesk-Ticket: %" G_GINT64_FORMAT EOL, draft->ticket);
    append_language(out, draft->language);
    g_string_append(out, "MIME-Version: 1.0" EOL);
}

static gsize size_of(const GPtrArray *enclosures)
{
    gsize size = 0;

    for (guint i = 0; enclosures != NULL && i < enclosures->len; i++)
        size += g_bytes_get_size(((const PdEnclosure *)g_ptr_array_index(enclosures, i))->bytes);
    return size;
}

void pd_enclosure_free(PdEnclosure *enclosure)
{
    if (enclosure == NULL)
        return;
    g_free(enclosure->content_id);
    g_free(enclosure->type);
    g_free(enclosure->name);
    g_free(enclosure->title);
    g_bytes_unref(enclosure->bytes);
    g_free(enclosure);
}

PdStatus *pd_compose(const PdDraft *draft, GBytes **mail)
{
    GString *out;

    *mail = NULL;
    PD_TRY(check(draft));
    out = g_string_sized_new(2048 + 2 * strlen(draft->text) + 2 * size_of(draft->enclosures) +
                             (draft->html != NULL ? 2 * strlen(draft->html) : 0));
    append_head(out, draft);
    pd_compose_body(out, draft);
    *mail = g_string_free_to_bytes(out);
    return NULL;
}
