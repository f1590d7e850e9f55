/* bulk.c: one change to many tickets, all of them or none, and taking it back as one.
 *
 * Each ticket has its own event, as if it had been changed alone, with the number of the bulk in
 * it; a fact says which tickets a bulk went to. What was changed again since stays when it is
 * undone. */
#include "desk/effect.h"

#include "desk/history.h"
#include "desk/labels.h"
#include "postdesk/log.h"
#include <string.h>

#define refuse(advice, ...) pd_status_new(PD_SPOILS_USAGE, PD_FINAL, advice, __VA_ARGS__)
#define FEW 5 /* more are not mailed one by one to who is given them */
#define LAST_FACT "bulk-last"

typedef struct {
    PdDesk *desk;
    PdDoer doer;
    const char *const *pairs; /* or NULL: it is taken back */
    gint64 number;
    PdJson *rows;
    GString *changed;   /* numbers of the tickets, between blanks */
    PdJson *taken_back; /* rows of undone.c, or NULL */
    gboolean is_many;   /* so many that they are told of in one mail */
} Bulk;

static char *fact_name(gint64 number)
{
    return g_strdup_printf("bulk/%" G_GINT64_FORMAT, number);
}

static PdStatus *next_number(PdStore *store, gint64 *number)
{
    g_autofree char *last = NULL;

    PD_TRY(pd_store_get_fact(store, LAST_FACT, &last));
    *number = last != NULL ? g_ascii_strtoll(last, NULL, 10) + 1 : 1;
    g_autofree char *now = g_strdup_printf("%" G_GINT64_FORMAT, *number);
    return pd_store_set_fact(store, LAST_FACT, now);
}

static void add_difference(PdJson *differing, const char *field, const char *from, const char *to)
{
    PdJson *pair = pd_json_set_text(pd_json_object(), "from", from);

    pd_json_set(differing, field, pd_json_set_text(pair, "to", to));
}

/* Tags and the desk's own fields between a ticket and the same one later. */
static void add_labels(PdJson *differing, const PdTicket *one, const PdTicket *other)
{
    g_autoptr(PdJson) was = pd_ticket_custom(one);
    g_autoptr(PdJson) is = pd_ticket_custom(other);
    g_autofree const char **before = pd_json_keys(was);
    g_autofree const char **after = pd_json_keys(is);
    const char *const *const sides[] = {before, after};

    if (strcmp(one->tags, other->tags) != 0)
        add_difference(differing, "tags", one->tags, other->tags);
    for (gsize side = 0; side < G_N_ELEMENTS(sides); side++) {
        for (const char *const *name = sides[side]; *name != NULL; name++) {
            const char *from = pd_json_get_text(was, *name);
            const char *to = pd_json_get_text(is, *name);
            g_autofree char *field = g_strconcat("field.", *name, NULL);
            if (g_strcmp0(from, to) != 0)
                add_difference(differing, field, from != NULL ? from : "", to != NULL ? to : "");
        }
    }
}

/* What differs from how the ticket is; what is so already is left out of the change. */
static PdJson *differences(PdChange *change)
{
    g_autofree const char **keys = pd_json_keys(change->set);
    PdJson *differing = pd_json_object();
    PdJson *set = pd_json_object();

    for (guint i = 0; keys[i] != NULL; i++) {
        const char *was = pd_change_field(change->ticket, keys[i]);
        const char *will = pd_json_get_text(change->set, keys[i]);
        if (strcmp(was, will != NULL ? will : "") == 0)
            continue;
        pd_json_set_text(set, keys[i], will);
        add_difference(differing, keys[i], was, will != NULL ? will : "");
    }
    if (pd_json_get(set, "assignee") == NULL)
        change->assignee = NULL; /* who has it already is not mailed again */
    pd_json_free(change->set);
    change->set = set;
    return differing;
}

static void add_row(const Bulk *bulk, const PdTicket *ticket, const char *outcome, PdJson *changes)
{
    PdJson *row = pd_json_object();

    pd_json_set_int(row, "number", ticket->number);
    pd_json_set_text(row, "subject", ticket->subject);
    pd_json_set_text(row, "outcome", outcome);
    pd_json_set(row, "changes", changes);
    pd_json_add(bulk->rows, row);
}

static PdStatus *find(const Bulk *bulk, gint64 number, PdTicket **ticket)
{
    PD_TRY(pd_ticket_get(bulk->desk->store, number, ticket));
    if (*ticket == NULL)
        return refuse("\"postdesk list\" shows the numbers",
                      "there is no ticket #%" G_GINT64_FORMAT, number);
    return NULL;
}

static PdStatus *change_one(const Bulk *bulk, gint64 number)
{
    g_autoptr(PdTicket) ticket = NULL;
    g_autoptr(PdTicket) after = NULL;

    PD_TRY(find(bulk, number, &ticket));
    g_autoptr(PdChange) change = pd_change_new(bulk->desk, ticket, &bulk->doer);
    change->bulk = bulk->number;
    change->is_of_many = bulk->is_many;
    PD_TRY(pd_change_take_pairs(change, bulk->pairs));
    PdJson *changes = differences(change);
    g_autofree const char **keys = pd_json_keys(changes);
    gboolean differs = keys[0] != NULL || pd_labels_differ(change);
    add_row(bulk, ticket, differs ? "changed" : "is so already", changes);
    if (!differs)
        return NULL;
    g_string_append_printf(bulk->changed, "%s%" G_GINT64_FORMAT, bulk->changed->len > 0 ? " " : "",
                           number);
    PD_TRY(pd_change_commit(change, NULL));
    PD_TRY(pd_ticket_get(bulk->desk->store, number, &after));
    add_labels(changes, ticket, after);
    return NULL;
}

static PdStatus *change_each(Bulk *bulk, const GArray *tickets)
{
    PD_TRY(next_number(bulk->desk->store, &bulk->number));
    bulk->is_many = tickets->len > FEW;
    for (guint i = 0; i < tickets->len; i++) {
        gint64 number = g_array_index(tickets, gint64, i);
        PdStatus *status = change_one(bulk, number);
        if (status != NULL)
            return pd_status_prefix(status, "nothing was changed: ticket #%" G_GINT64_FORMAT,
                                    number);
    }
    if (bulk->changed->len == 0) {
        bulk->number = 0;
        return NULL;
    }
    g_autofree char *name = fact_name(bulk->number);
    return pd_store_set_fact(bulk->desk->store, name, bulk->changed->str);
}

static const PdEvent *event_of(const GPtrArray *events, gint64 bulk)
{
    for (guint i = 0; i < events->len; i++) {
        const PdEvent *event = g_ptr_array_index(events, i);
        if (strcmp(event->kind, "changed") == 0 && pd_json_get_int(event->data, "bulk", 0) == bulk)
            return event;
    }
    return NULL;
}

static PdStatus *undo_one(const Bulk *bulk, gint64 number)
{
    g_autoptr(PdTicket) ticket = NULL;
    g_autoptr(PdTicket) after = NULL;
    g_autoptr(GPtrArray) events = NULL;

    PD_TRY(find(bulk, number, &ticket));
    PD_TRY(pd_ticket_events(bulk->desk->store, number, &events));
    const PdEvent *event = event_of(events, bulk->number);
    if (event == NULL || pd_history_was_undone(events, event->sequence)) {
        add_row(bulk, ticket, "was taken back before", pd_json_object());
        return NULL;
    }
    g_autoptr(PdChange) change = pd_change_new(bulk->desk, ticket, &bulk->doer);
    gboolean whole = FALSE;
    change->is_of_many = bulk->is_many;
    change->tells_maker = bulk->taken_back != NULL;
    change->bulk = bulk->number; /* who asked for it is told once, of all */
    PD_TRY(pd_change_undo(change, event, &whole));
    for (gsize i = 0; bulk->taken_back != NULL && i < pd_json_length(change->taken_back); i++)
        pd_json_add(bulk->taken_back, pd_json_ref(pd_json_at(change->taken_back, i)));
    PD_TRY(pd_ticket_get(bulk->desk->store, number, &after));
    g_autofree const char **keys = pd_json_keys(pd_json_get(event->data, "before"));
    PdJson *changes = pd_json_object();
    for (guint i = 0; keys[i] != NULL; i++) {
        const char *was = pd_change_field(ticket, keys[i]);
        const char *is = pd_change_field(after, keys[i]);
        if (strcmp(was, is) != 0 && !g_str_has_suffix(keys[i], "_due"))
            add_difference(changes, keys[i], was, is);
    }
    add_labels(changes, ticket, after);
    add_row(bulk, ticket, whole ? "taken back" : "changed since: left as it is, in part or whole",
            changes);
    return NULL;
}

static PdStatus *undo_each(Bulk *bulk, const GArray *tickets)
{
    g_autofree char *name = fact_name(bulk->number);
    g_autofree char *value = NULL;

    (void)tickets;
    PD_TRY(pd_store_get_fact(bulk->desk->store, name, &value));
    if (value == NULL)
        return refuse("\"postdesk set\" tells the number of each",
                      "there is no bulk %" G_GINT64_FORMAT, bulk->number);
    g_auto(GStrv) numbers = g_strsplit(value, " ", -1);
    bulk->is_many = g_strv_length(numbers) > FEW;
    for (char **one = numbers; *one != NULL; one++)
        PD_TRY(undo_one(bulk, g_ascii_strtoll(*one, NULL, 10)));
    return NULL;
}

/* The bulk that the ticket was changed by last, or the one that is meant. 0: there is none. */
static gint64 bulk_of_ticket(const GPtrArray *events, gint64 meant)
{
    for (guint i = events->len; i > 0; i--) {
        const PdEvent *event = g_ptr_array_index(events, i - 1);
        gint64 bulk = pd_json_get_int(event->data, "bulk", 0);
        if (bulk != 0 && strcmp(event->kind, "changed") == 0 && (meant == 0 || meant == bulk) &&
            !pd_history_was_undone(events, event->sequence))
            return bulk;
    }
    return 0;
}

/* In the running transaction, by whoever asks for it about one of its tickets. */
PdStatus *pd_effect_undo_bulk(PdChange *change)
{
    g_autoptr(GPtrArray) events = NULL;
    g_autoptr(PdJson) rows = pd_json_array();

    PD_TRY(pd_ticket_events(change->desk->store, change->ticket->number, &events));
    Bulk bulk = {.desk = change->desk,
                 .doer = *change->doer,
                 .number = bulk_of_ticket(events, change->bulk_to_undo),
                 .rows = rows,
                 .taken_back = change->taken_back};
    if (bulk.number == 0)
        return refuse(NULL, "no such change of many tickets is to be taken back here");
    return undo_each(&bulk, NULL);
}

typedef PdStatus *(*Each)(Bulk *bulk, const GArray *tickets);

static PdStatus *in_transaction(Bulk *bulk, Each each, const GArray *tickets, gboolean dry)
{
    PdStore *store = bulk->desk->store;

    PD_TRY(pd_store_begin(store));
    PdStatus *status = each(bulk, tickets);
    if (status == NULL && !dry)
        status = pd_store_commit(store);
    if (status != NULL || dry)
        pd_store_rollback(store);
    return status;
}

static Bulk bulk_of(PdDesk *desk, const char *actor)
{
    return (Bulk){.desk = desk,
                  .doer = {.actor = actor,
                           .channel = "cli",
                           .person = pd_people_find(desk->people, actor),
                           .rank = PD_RANK_STRANGER,
                           .proofs = PD_PROOF_LOCAL},
                  .rows = pd_json_array(),
                  .changed = g_string_new(NULL)};
}

/* Hands over the rows, or drops them with the failure. */
static PdStatus *finish(Bulk *bulk, PdStatus *status, gboolean dry, const char *what, PdJson **rows)
{
    g_string_free(bulk->changed, TRUE);
    if (status != NULL) {
        pd_json_free(bulk->rows);
        return status;
    }
    *rows = bulk->rows;
    if (!dry)
        pd_log(PD_LOG_INFO, "tickets-changed", NULL, "bulk %" G_GINT64_FORMAT " %s by %s",
               bulk->number, what, bulk->doer.actor);
    return NULL;
}

PdStatus *pd_desk_change_all(PdDesk *desk, const GArray *tickets, const char *const *pairs,
                             const char *actor, gboolean dry, gint64 *number, PdJson **rows)
{
    Bulk bulk = bulk_of(desk, actor);

    bulk.pairs = pairs;
    PdStatus *status = in_transaction(&bulk, change_each, tickets, dry);
    *number = dry ? 0 : bulk.number;
    return finish(&bulk, status, dry, "changed", rows);
}

PdStatus *pd_desk_undo_all(PdDesk *desk, gint64 number, const char *actor, PdJson **rows)
{
    Bulk bulk = bulk_of(desk, actor);

    bulk.number = number;
    PdStatus *status = in_transaction(&bulk, undo_each, NULL, FALSE);
    return finish(&bulk, status, FALSE, "taken back", rows);
}
