/* suggest_past.c: what people left each ticket at: the stored decision, and what they set since.
 *
 * Spam and tickets merged into others are left out: nobody looks whether their fields are right.
 */
#include "desk/suggest_private.h"

#include "desk/corrections.h"
#include <string.h>

#define PAGE 1000 /* decisions in memory */

const char *const pd_suggest_fields[PD_SUGGEST_FIELDS + 1] = {"category", "queue", "impact",
                                                              "urgency", NULL};

PdPastTickets *pd_past_new(void)
{
    PdPastTickets *past = g_new0(PdPastTickets, 1);

    past->tickets = g_array_new(FALSE, FALSE, sizeof(PdPast));
    past->texts = g_string_chunk_new(4096);
    return past;
}

void pd_past_free(PdPastTickets *past)
{
    g_array_unref(past->tickets);
    g_string_chunk_free(past->texts);
    g_free(past);
}

static gboolean is_ended_otherwise(const GPtrArray *events)
{
    const char *status = NULL;

    for (guint i = 0; i < events->len; i++) {
        const PdEvent *event = g_ptr_array_index(events, i);
        const char *set = pd_json_get_text(pd_json_get(event->data, "set"), "status");
        status = set != NULL ? set : status;
    }
    return g_strcmp0(status, "spam") == 0 || g_strcmp0(status, "merged") == 0;
}

static void note_field(PdPastTickets *past, PdPast *ticket, guint field, const PdJson *decision,
                       const GPtrArray *events)
{
    const char *name = pd_suggest_fields[field];
    const char *was = pd_json_get_text(pd_json_get(pd_json_get(decision, "fields"), name), "value");
    const char *set = pd_correction_value(pd_correction(events, name), name);
    const char *left = set != NULL ? set : was;

    if (left != NULL && *left != '\0')
        ticket->left[field] = g_string_chunk_insert_const(past->texts, left);
    if (ticket->left[field] != NULL && g_strcmp0(left, was) != 0) {
        ticket->corrected |= (guint8)(1u << field);
        past->corrections++;
    }
}

static PdStatus *note(PdPastTickets *past, PdStore *store, const PdSuggestOptions *options,
                      const PdStoredDecision *stored)
{
    g_autoptr(PdJson) why = NULL;
    g_autoptr(GPtrArray) events = NULL;
    PdPast ticket = {.inbox = stored->inbox, .ticket = stored->ticket};

    if (stored->ticket == 0)
        return NULL;
    PD_TRY(pd_json_parse(stored->json, strlen(stored->json), &why));
    if (g_strcmp0(pd_json_get_text(why, "act"), "create") != 0)
        return NULL;
    PD_TRY(pd_ticket_events(store, stored->ticket, &events));
    if (is_ended_otherwise(events))
        return NULL;
    for (guint field = 0; field < PD_SUGGEST_FIELDS; field++) {
        if (!options->without[field])
            note_field(past, &ticket, field, pd_json_get(why, "rules"), events);
    }
    g_array_append_val(past->tickets, ticket);
    return NULL;
}

PdStatus *pd_past_read(PdPastTickets *past, PdStore *store, const PdSuggestOptions *options)
{
    gint64 after = 0;

    PD_TRY(pd_decisions_before(store, options->since, &after));
    for (;;) {
        g_autoptr(GPtrArray) page = NULL;
        PD_TRY(pd_decisions_after(store, after, options->since, PAGE, &page));
        for (guint i = 0; i < page->len; i++)
            PD_TRY(note(past, store, options, g_ptr_array_index(page, i)));
        if (page->len < PAGE)
            return NULL;
        after = ((const PdStoredDecision *)g_ptr_array_index(page, page->len - 1))->inbox;
    }
}

static gint compare_inbox(gconstpointer one, gconstpointer other)
{
    gint64 first = ((const PdPast *)one)->inbox, second = ((const PdPast *)other)->inbox;

    return (first > second) - (first < second);
}

PdPast *pd_past_find(const PdPastTickets *past, gint64 inbox)
{
    const PdPast wanted = {.inbox = inbox};
    guint at;

    if (!g_array_binary_search(past->tickets, &wanted, compare_inbox, &at))
        return NULL;
    return &g_array_index(past->tickets, PdPast, at);
}
