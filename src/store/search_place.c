/* search_place.c: see search_place.h. */
#include "search_place.h"

#include "search_words.h"
#include <string.h>

#define CONTEXT 40 /* characters on each side of the place */

static const char *back(const char *text, const char *from, guint characters)
{
    while (characters-- > 0 && from > text)
        from = g_utf8_prev_char(from);
    return from;
}

static const char *forth(const char *from, guint characters)
{
    while (characters-- > 0 && *from != '\0')
        from = g_utf8_next_char(from);
    return from;
}

static char *one_line(const char *from, const char *to)
{
    char *text = g_strndup(from, (gsize)(to - from));

    return g_strdelimit(text, "\r\n\t", ' ');
}

/* TRUE if the words stand in it; the place is then cut out. */
static gboolean mark(char *const *words, PdSearchHit *hit, const char *place, const char *text)
{
    gsize at = 0, length = 0;

    if (text == NULL || !g_utf8_validate(text, -1, NULL) ||
        !pd_search_find(text, words, &at, &length))
        return FALSE;
    const char *from = text + at;
    hit->place = g_strdup(place);
    hit->before = one_line(back(text, from, CONTEXT), from);
    hit->match = one_line(from, from + length);
    hit->after = one_line(from + length, forth(from + length, CONTEXT));
    return TRUE;
}

char *pd_search_file_names(const char *attachments)
{
    g_autoptr(PdJson) list = NULL;
    GString *names = g_string_new(NULL);

    if (attachments != NULL)
        pd_status_free(pd_json_parse(attachments, strlen(attachments), &list));
    for (gsize i = 0; i < pd_json_length(list); i++) {
        const char *name = pd_json_get_text(pd_json_at(list, i), "name");
        g_string_append_printf(names, "%s ", name != NULL ? name : "");
    }
    return g_string_free(names, FALSE);
}

char *pd_search_own_fields(const PdTicket *ticket, const char *between)
{
    g_autoptr(PdJson) custom = pd_ticket_custom(ticket);
    g_autofree const char **names = pd_json_keys(custom);
    GString *text = g_string_new(NULL);

    for (guint i = 0; names[i] != NULL; i++)
        g_string_append_printf(text, "%s%s %s", i > 0 ? between : "", names[i],
                               pd_json_get_text(custom, names[i]));
    return g_string_free(text, FALSE);
}

static gboolean mark_fields(char *const *words, PdSearchHit *hit, const PdTicket *ticket)
{
    g_autofree char *own = pd_search_own_fields(ticket, "  ");
    g_autofree char *fields =
        g_strjoin("  ", ticket->category, ticket->queue, ticket->assignee, ticket->reporter_name,
                  ticket->reporter, ticket->department, ticket->tags, own, NULL);

    return mark(words, hit, "subject", ticket->subject) || mark(words, hit, "fields", fields);
}

static gboolean mark_message(char *const *words, PdSearchHit *hit, const PdStoredMessage *message)
{
    g_autofree char *names = pd_search_file_names(message->attachments);

    return mark(words, hit, "subject", message->subject) ||
           mark(words, hit, "text", message->text) || mark(words, hit, "attachments", names) ||
           mark(words, hit, "fields", message->from_name) ||
           mark(words, hit, "fields", message->from);
}

/* Where another form of the word stands, the beginning of the text is shown without a mark. */
static void show_beginning(PdSearchHit *hit, const char *place, const char *text)
{
    const char *valid = text != NULL && g_utf8_validate(text, -1, NULL) ? text : "";

    hit->place = g_strdup(place);
    hit->before = one_line(valid, forth(valid, 2 * CONTEXT));
    hit->match = g_strdup("");
    hit->after = g_strdup("");
}

static gboolean mark_note(char *const *words, PdSearchHit *hit, const PdEvent *event)
{
    return mark(words, hit, "note", pd_event_note(event)) ||
           mark(words, hit, "fields", event->actor);
}

static PdStatus *place_in_note(PdStore *store, char *const *words, PdSearchHit *hit)
{
    g_autoptr(PdEvent) event = NULL;

    PD_TRY(pd_ticket_event(store, hit->ticket, hit->note, &event));
    if (event == NULL || !mark_note(words, hit, event))
        show_beginning(hit, "note", event != NULL ? pd_event_note(event) : NULL);
    return NULL;
}

static PdStatus *read_message(PdStore *store, const PdSearchHit *hit, PdStoredMessage **message)
{
    gint64 inbox = hit->inbox;

    *message = NULL;
    if (inbox == 0)
        PD_TRY(pd_message_first_of_ticket(store, hit->ticket, &inbox));
    return inbox != 0 ? pd_message_get(store, inbox, message) : NULL;
}

PdStatus *pd_search_place(PdStore *store, char *const *words, PdSearchHit *hit)
{
    g_autoptr(PdTicket) ticket = NULL;
    PdStoredMessage *message = NULL;

    if (hit->note != 0)
        return place_in_note(store, words, hit);
    if (hit->inbox == 0)
        PD_TRY(pd_ticket_get(store, hit->ticket, &ticket));
    if (ticket != NULL && mark_fields(words, hit, ticket))
        return NULL;
    PD_TRY(read_message(store, hit, &message));
    if (message == NULL || !mark_message(words, hit, message))
        show_beginning(hit, "text", message != NULL ? message->text : NULL);
    pd_stored_message_free(message);
    return NULL;
}
