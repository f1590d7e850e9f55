/* call.c: see call.h. */
#include "call.h"

#include "postdesk/callrecord.h"
#include "postdesk/clock.h"
#include <string.h>

#define WORD_BYTES 42 /* of text in an encoded word: 75 characters at most */

/* A header's value as encoded words (RFC 2047), whatever stands in it. */
static void add_encoded(GString *out, const char *text)
{
    while (*text != '\0') {
        const char *end = text;
        while (*end != '\0' && g_utf8_next_char(end) - text <= WORD_BYTES)
            end = g_utf8_next_char(end);
        g_autofree char *word = g_base64_encode((const guchar *)text, (gsize)(end - text));
        g_string_append_printf(out, "=?UTF-8?B?%s?=%s", word, *end != '\0' ? "\r\n " : "");
        text = end;
    }
}

static void add_header(GString *out, const char *name, const char *value)
{
    g_string_append_printf(out, "%s: ", name);
    add_encoded(out, value);
    g_string_append(out, "\r\n");
}

/* Nobody's mail: who took it down wrote it, at the desk. */
static void add_people(GString *out, const PdConfig *config, const PdTakenCall *call)
{
    g_string_append(out, "From: ");
    add_encoded(out, call->taken_by);
    g_string_append_printf(out, " <%s>\r\nTo: <%s>\r\n", config->desk_address,
                           config->desk_address);
    add_header(out, PD_CALL_TAKEN_BY, call->taken_by);
    if (call->name != NULL)
        add_header(out, PD_CALL_NAME, call->name);
    if (call->address != NULL)
        g_string_append_printf(out, PD_CALL_ADDRESS ": %s\r\n", call->address);
}

static void add_fields(GString *out, const PdJson *set)
{
    static const char *const headers[][2] = {{"priority", PD_CALL_PRIORITY},
                                             {"category", PD_CALL_CATEGORY},
                                             {"queue", PD_CALL_QUEUE},
                                             {"assignee", PD_CALL_ASSIGNEE}};

    for (gsize i = 0; set != NULL && i < G_N_ELEMENTS(headers); i++) {
        const char *value = pd_json_get_text(set, headers[i][0]);
        if (value != NULL)
            add_header(out, headers[i][1], value);
    }
}

static void add_date(GString *out)
{
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(pd_clock_now() / PD_SECOND);
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    g_autofree char *time = g_date_time_format(now, "%Y %H:%M:%S +0000");

    /* The names do not hang on the locale. */
    g_string_append_printf(
        out, "Date: %s, %d %s %s\r\n", days[g_date_time_get_day_of_week(now) - 1],
        g_date_time_get_day_of_month(now), months[g_date_time_get_month(now) - 1], time);
}

static void add_body(GString *out, const PdTakenCall *call)
{
    g_autoptr(GString) body = g_string_new(call->text);

    if (call->phone != NULL)
        g_string_append_printf(body, "%s%s", body->len > 0 ? "\n\n" : "", call->phone);
    g_autofree char *encoded = g_base64_encode((const guchar *)body->str, body->len);
    for (gsize at = 0, length = strlen(encoded); at < length; at += 76)
        g_string_append_printf(out, "%.76s\r\n", encoded + at);
}

char *pd_call_compose(const PdConfig *config, const PdTakenCall *call)
{
    GString *out = g_string_new(NULL);
    g_autofree char *id = g_uuid_string_random();
    const char *at = strrchr(config->desk_address, '@');

    add_people(out, config, call);
    add_fields(out, call->set);
    add_header(out, "Subject", call->subject);
    add_date(out);
    g_string_append_printf(out, "Message-ID: <call.%s%s>\r\n", id, at != NULL ? at : "@localhost");
    g_string_append(out, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                         "Content-Transfer-Encoding: base64\r\n\r\n");
    add_body(out, call);
    return g_string_free(out, FALSE);
}
