/* calendar.c: the few lines of an invitation that a person wants to see. */
#include "calendar.h"

#include <glib.h>
#include <string.h>

#define MOST_VALUE 500

/* Folded lines joined, at most the first few hundred kilobytes anyway bounded by the caller. */
static char *unfold(const char *source)
{
    GString *out = g_string_sized_new(strlen(source) + 1);

    for (; *source != '\0'; source++) {
        if (*source == '\n' && (source[1] == ' ' || source[1] == '\t'))
            source++;
        else
            g_string_append_c(out, *source);
    }
    return g_string_free(out, FALSE);
}

static void append_value(GString *out, const char *label, const char *value, gsize length)
{
    g_string_append_printf(out, "%s: ", label);
    for (gsize i = 0; i < MIN(length, MOST_VALUE); i++) {
        if (value[i] == '\\' && i + 1 < length) {
            i++;
            g_string_append_c(out, value[i] == 'n' || value[i] == 'N' ? ' ' : value[i]);
        } else {
            g_string_append_c(out, value[i]);
        }
    }
    while (!g_utf8_validate(out->str, (gssize)out->len, NULL))
        g_string_truncate(out, out->len - 1);
    g_string_append_c(out, '\n');
}

char *pd_calendar_essentials(const char *source)
{
    static const char *const wanted[][2] = {{"SUMMARY", "Event"},
                                            {"DTSTART", "Begin"},
                                            {"DTEND", "End"},
                                            {"LOCATION", "Place"},
                                            {"ORGANIZER", "Organiser"}};
    g_autofree char *text = unfold(source);
    GString *out = g_string_new(NULL);
    const char *event = strstr(text, "BEGIN:VEVENT");

    for (const char *line = event; line != NULL && *line != '\0';) {
        gsize length = strcspn(line, "\n");
        if (g_str_has_prefix(line, "END:VEVENT"))
            break;
        for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++) {
            gsize name = strlen(wanted[i][0]);
            const char *colon = memchr(line, ':', length);
            if (colon != NULL && g_str_has_prefix(line, wanted[i][0]) &&
                strchr(";:", line[name]) != NULL)
                append_value(out, wanted[i][1], colon + 1, (gsize)(line + length - colon - 1));
        }
        line += length + (line[length] == '\n');
    }
    return g_string_free(out, FALSE);
}
