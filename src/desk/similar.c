/* similar.c: see similar.h. A solved ticket is of use only where somebody wrote how it was solved.
 */
#include "desk/similar.h"

#include "desk/finding.h"
#include "desk/values.h"
#include <string.h>

#define MOST_LOOKED_AT 8 /* solved tickets whose events are read */
#define MOST_SIMILAR 3
#define MOST_EARLIER 5
#define MOST_ADDRESSES 4 /* of one reporter */

PdStatus *pd_similar_find(PdDesk *desk, const PdLikeness *like, GArray **found)
{
    return pd_search_similar(desk->store, like, MOST_LOOKED_AT, found);
}

/* What every list of tickets says of one. */
static PdJson *entry_of(const PdDesk *desk, const PdTicket *ticket)
{
    PdJson *entry = pd_json_object();
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, ticket->number);

    pd_json_set_text(entry, "number", number);
    pd_values_set_clean(entry, "subject", ticket->subject);
    pd_values_set_time(desk, entry, "opened_at", ticket->created_at);
    return entry;
}

static void set_word(const PdDesk *desk, PdJson *entry, const char *key, const char *language,
                     const char *group, const char *value)
{
    pd_json_set_text(entry, key,
                     value[0] != '\0' ? pd_templates_word(desk->templates, language, group, value)
                                      : NULL);
}

/* Nothing is added where nobody wrote the solution. */
static PdStatus *add_solved(PdDesk *desk, const char *language, gint64 number, PdJson *list)
{
    g_autoptr(PdTicket) ticket = NULL;
    g_autoptr(GPtrArray) events = NULL, messages = NULL;
    g_auto(PdFinding) finding = {0};

    PD_TRY(pd_ticket_get(desk->store, number, &ticket));
    if (ticket == NULL)
        return NULL;
    PD_TRY(pd_ticket_events(desk->store, number, &events));
    PD_TRY(pd_message_of_ticket(desk->store, number, &messages));
    pd_finding_read(desk, events, messages, &finding);
    if (finding.solution[0] == '\0')
        return NULL;
    PdJson *entry = entry_of(desk, ticket);
    set_word(desk, entry, "category", language, "categories", ticket->category);
    pd_values_set_long(entry, "cause", finding.cause);
    pd_values_set_long(entry, "solution", finding.solution);
    pd_json_add(list, entry);
    return NULL;
}

static PdStatus *look_for(PdDesk *desk, const PdTicket *ticket, const GPtrArray *messages,
                          GArray **found)
{
    const PdStoredMessage *first = messages->len > 0 ? g_ptr_array_index(messages, 0) : NULL;
    const PdLikeness like = {
        .subject = ticket->subject,
        .text = first != NULL && first->text != NULL ? first->text : "",
        .category = ticket->category,
        .except = ticket->number,
    };

    return pd_similar_find(desk, &like, found);
}

PdStatus *pd_similar_add(PdDesk *desk, const char *language, const PdTicket *ticket,
                         const GPtrArray *messages, const GArray *found, PdJson *values)
{
    PdJson *list = pd_json_array();
    g_autoptr(GArray) own = NULL;

    pd_json_set(values, "similar", list);
    if (found == NULL) {
        PD_TRY(look_for(desk, ticket, messages, &own));
        found = own;
    }
    for (guint i = 0; i < found->len && pd_json_length(list) < MOST_SIMILAR; i++)
        PD_TRY(add_solved(desk, language, g_array_index(found, PdSimilar, i).ticket, list));
    pd_json_set_bool(values, "has_similar", pd_json_length(list) > 0);
    return NULL;
}

static gint compare_numbers(gconstpointer one, gconstpointer other)
{
    const PdTicket *a = *(PdTicket *const *)one, *b = *(PdTicket *const *)other;

    return a->number > b->number ? -1 : a->number < b->number;
}

/* A person's several addresses are one reporter. */
static PdStatus *collect_all(PdDesk *desk, const PdTicket *ticket, GPtrArray *earlier)
{
    const PdPerson *person = pd_people_find(desk->people, ticket->reporter);
    char *only[] = {ticket->reporter, NULL};
    char **addresses = person != NULL ? person->addresses : only;

    if (ticket->reporter[0] == '\0')
        return NULL;
    for (guint i = 0; i < MOST_ADDRESSES && addresses[i] != NULL; i++)
        PD_TRY(pd_ticket_add_of_reporter(desk->store, addresses[i], ticket->number, MOST_EARLIER,
                                         earlier));
    g_ptr_array_sort(earlier, compare_numbers);
    return NULL;
}

PdStatus *pd_earlier_add(PdDesk *desk, const char *language, const PdTicket *ticket, PdJson *values)
{
    g_autoptr(GPtrArray) earlier = g_ptr_array_new_with_free_func((GDestroyNotify)pd_ticket_free);
    PdJson *list = pd_json_array();

    pd_json_set(values, "earlier", list);
    PD_TRY(collect_all(desk, ticket, earlier));
    for (guint i = 0; i < MIN(earlier->len, MOST_EARLIER); i++) {
        const PdTicket *one = g_ptr_array_index(earlier, i);
        PdJson *entry = entry_of(desk, one);
        set_word(desk, entry, "status_word", language, "statuses", one->status);
        pd_json_add(list, entry);
    }
    pd_json_set_bool(values, "has_earlier", pd_json_length(list) > 0);
    return NULL;
}
