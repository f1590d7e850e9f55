/* calendar.c: the few lines of an invitation that a person wants to see (RFC 5545, RFC 5546). */
#include "calendar.h"

#include <glib.h>
#include <string.h>

#define MOST_VALUE 500
#define MOST_PARAMETER 80
#define MOST_DESCRIPTION 8000
#define MOST_ATTENDEES 5 /* who answered */

/* Folded lines joined; the caller bounds the source. */
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

/* A line "NAME;PARAMETER=x:value"; value and line end are borrowed. */
typedef struct {
    const char *line;
    gsize length;
    const char *value; /* behind the colon, or NULL */
} Property;

/* The colon that ends the parameters: TZID="(UTC+08:00) Beijing" holds others. */
static Property read_property(const char *line)
{
    Property property = {.line = line, .length = strcspn(line, "\n")};
    gboolean quoted = FALSE;

    for (gsize i = 0; i < property.length && property.value == NULL; i++) {
        if (line[i] == '"')
            quoted = !quoted;
        else if (line[i] == ':' && !quoted)
            property.value = line + i + 1;
    }
    return property;
}

static gboolean is_named(const Property *property, const char *name)
{
    gsize length = strlen(name);

    return property->value != NULL && property->length > length &&
           g_ascii_strncasecmp(property->line, name, length) == 0 &&
           strchr(";:", property->line[length]) != NULL;
}

/* The value of a parameter without its quotes, or NULL. Caller frees. */
static char *parameter(const Property *property, const char *name)
{
    g_autofree char *wanted = g_strdup_printf(";%s=", name);
    gsize length = strlen(wanted);

    for (const char *at = property->line; at + length < property->value; at++) {
        if (*at != ';' || g_ascii_strncasecmp(at, wanted, length) != 0)
            continue;
        const char *begin = at + length;
        gboolean quoted = *begin == '"';
        gsize size = strcspn(begin + quoted, quoted ? "\"\n" : ";:\n");
        return g_strndup(begin + quoted, MIN(size, MOST_PARAMETER));
    }
    return NULL;
}

static gsize value_length(const Property *property)
{
    return (gsize)(property->line + property->length - property->value);
}

/* With its escapes undone; a line end in it becomes this one. */
static void append_unescaped(GString *out, const char *value, gsize length, char line_end)
{
    for (gsize i = 0; i < length; i++) {
        if (value[i] == '\\' && i + 1 < length) {
            i++;
            g_string_append_c(out, value[i] == 'n' || value[i] == 'N' ? line_end : value[i]);
        } else {
            g_string_append_c(out, value[i]);
        }
    }
    while (!g_utf8_validate(out->str, (gssize)out->len, NULL))
        g_string_truncate(out, out->len - 1);
}

/* On one line. */
static void append_text(GString *out, const char *value, gsize length)
{
    append_unescaped(out, value, MIN(length, MOST_VALUE), ' ');
}

/* "20240603T100000Z" as "2024-06-03 10:00 UTC"; anything else as it is. */
static void append_time(GString *out, const Property *property)
{
    const char *value = property->value;
    gsize length = value_length(property);
    g_autofree char *zone = parameter(property, "TZID");

    if (length < 8 || strspn(value, "0123456789") != 8) {
        append_text(out, value, length);
        return;
    }
    g_string_append_printf(out, "%.4s-%.2s-%.2s", value, value + 4, value + 6);
    if (length < 13 || value[8] != 'T')
        return;
    g_string_append_printf(out, " %.2s:%.2s", value + 9, value + 11);
    if (value[length - 1] == 'Z' || (length > 15 && value[15] == 'Z'))
        g_string_append(out, " UTC");
    else if (zone != NULL)
        g_string_append_printf(out, " (%s)", zone);
    while (!g_utf8_validate(out->str, (gssize)out->len, NULL))
        g_string_truncate(out, out->len - 1);
}

/* "Wang <wang@dept.example>", and what an attendee answered. */
static void append_person(GString *out, const Property *property)
{
    g_autofree char *name = parameter(property, "CN");
    g_autofree char *answer = parameter(property, "PARTSTAT");
    gsize skipped = g_ascii_strncasecmp(property->value, "mailto:", 7) == 0 ? 7 : 0;
    gsize length = value_length(property) - skipped;

    if (name != NULL) {
        append_text(out, name, strlen(name));
        g_string_append(out, " <");
    }
    append_text(out, property->value + skipped, length);
    if (name != NULL)
        g_string_append_c(out, '>');
    if (answer != NULL && g_ascii_strcasecmp(answer, "NEEDS-ACTION") != 0) {
        g_autofree char *lower = g_ascii_strdown(answer, -1);
        g_string_append(out, " (");
        append_text(out, lower, strlen(lower));
        g_string_append_c(out, ')');
    }
}

static const struct {
    const char *name, *label;
    void (*append)(GString *out, const Property *property); /* NULL: as text */
} wanted[] = {
    {"SUMMARY", "Event", NULL},    {"DTSTART", "Begin", append_time},
    {"DTEND", "End", append_time}, {"RRULE", "Repeats", NULL},
    {"LOCATION", "Place", NULL},   {"ORGANIZER", "Organiser", append_person},
};

/* Each only once, however often a hostile event tells it; seen: a bit for each. */
static void append_property(GString *out, const Property *property, guint *seen)
{
    for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++) {
        if ((*seen & 1u << i) != 0 || !is_named(property, wanted[i].name) ||
            value_length(property) == 0)
            continue;
        *seen |= 1u << i;
        g_string_append_printf(out, "%s: ", wanted[i].label);
        if (wanted[i].append != NULL)
            wanted[i].append(out, property);
        else
            append_text(out, property->value, value_length(property));
        g_string_append_c(out, '\n');
    }
}

/* What the sender does with the event, where it is not simply announced. */
static const char *purpose(const char *text, const char *event)
{
    static const struct {
        const char *method, *says;
    } methods[] = {{"CANCEL", "cancelled"},
                   {"REPLY", "answered"},
                   {"COUNTER", "another time is proposed"},
                   {"DECLINECOUNTER", "the proposed time is declined"}};
    const char *method = strstr(text, "METHOD:");

    for (gsize i = 0; method != NULL && method < event && i < G_N_ELEMENTS(methods); i++) {
        gsize length = strlen(methods[i].method);
        if (g_ascii_strncasecmp(method + 7, methods[i].method, length) == 0 &&
            !g_ascii_isalpha(method[7 + length]))
            return methods[i].says;
    }
    return NULL;
}

/* What is gathered of an event. */
typedef struct {
    GString *facts, *people;
    Property description;
    guint attendees, seen;
    gboolean changed; /* it was announced before (RFC 5546, 2.1.4) */
} Event;

static void read_event_line(Event *event, const char *line)
{
    Property property = read_property(line);

    append_property(event->facts, &property, &event->seen);
    if (is_named(&property, "ATTENDEE") && ++event->attendees <= MOST_ATTENDEES) {
        g_string_append(event->people, "Attendee: ");
        append_person(event->people, &property);
        g_string_append_c(event->people, '\n');
    } else if (is_named(&property, "SEQUENCE")) {
        event->changed = g_ascii_strtoull(property.value, NULL, 10) > 0;
    } else if (is_named(&property, "DESCRIPTION")) {
        event->description = property;
    }
}

static void read_event(Event *event, const char *line)
{
    gboolean in_alarm = FALSE;

    while (*line != '\0' && !g_str_has_prefix(line, "END:VEVENT")) {
        in_alarm = (in_alarm || g_str_has_prefix(line, "BEGIN:VALARM")) &&
                   !g_str_has_prefix(line, "END:VALARM");
        if (!in_alarm)
            read_event_line(event, line);
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
}

static void write_event(GString *out, const Event *event, const char *says, gboolean with_words)
{
    if (says == NULL && event->changed)
        g_string_append(out, "Invitation: changed\n");
    if (says != NULL)
        g_string_append_printf(out, "Invitation: %s\n%s", says, event->people->str);
    g_string_append(out, event->facts->str);
    if (with_words && event->description.line != NULL) {
        gsize length = MIN(value_length(&event->description), MOST_DESCRIPTION);
        g_string_append_c(out, '\n');
        append_unescaped(out, event->description.value, length, '\n');
        g_string_append_c(out, '\n');
    }
}

char *pd_calendar_essentials(const char *source, gboolean with_words)
{
    g_autofree char *text = unfold(source);
    GString *out = g_string_new(NULL);
    const char *begin = strstr(text, "BEGIN:VEVENT");
    g_autoptr(GString) facts = g_string_new(NULL), people = g_string_new(NULL);
    Event event = {.facts = facts, .people = people};

    if (begin != NULL) {
        read_event(&event, begin);
        write_event(out, &event, purpose(text, begin), with_words);
    }
    return g_string_free(out, FALSE);
}
