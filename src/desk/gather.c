/* gather.c: see gather.h. */
#include "desk/gather.h"

#include "desk/history.h"
#include "postdesk/clock.h"
#include <string.h>

void pd_gathered_free(PdGathered *gathered)
{
    if (gathered == NULL)
        return;
    g_free(gathered->was);
    g_free(gathered->due_was);
    g_free(gathered->said);
    g_free(gathered->by);
    g_free(gathered->channel);
    g_free(gathered->held);
    pd_json_free(gathered->reasons);
    pd_json_free(gathered->files);
    g_free(gathered);
}

static void set_text(PdJson *data, const char *key, const char *text)
{
    if (text != NULL)
        pd_json_set_text(data, key, text);
}

PdStatus *pd_gather_put(const PdTelling *telling, const char *address, const PdPace *pace)
{
    g_autoptr(PdPending) pending = pd_pending_new();
    gboolean says = telling->text != NULL && telling->text[0] != '\0';

    pending->ticket = telling->ticket;
    pending->recipient = g_strdup(address);
    pending->kind = g_strdup(pace->kind);
    pending->in_digest = pace->in_digest;
    pending->due_at = pace->due;
    pending->why = g_strdup(pace->why);
    pending->held = g_strdup(telling->held);
    pd_json_set_text(pending->data, "occasion", telling->occasion);
    set_text(pending->data, "channel", telling->channel);
    set_text(pending->data, "was", telling->previous_status);
    set_text(pending->data, "due_was", telling->due_was);
    set_text(pending->data, "said", says ? telling->text : NULL);
    set_text(pending->data, "by", telling->by);
    if (telling->files != NULL)
        pd_json_set(pending->data, "files", pd_json_ref(telling->files));
    pd_json_set_int(pending->data, "event", telling->event);
    pd_json_set_int(pending->data, "inbox", telling->inbox);
    pd_json_set_int(pending->data, "into", telling->into);
    pd_json_set_int(pending->data, "given", telling->given);
    return pd_pending_add(telling->desk->store, pending);
}

/* Whoever speaks after somebody else is named before his words. */
void pd_gathered_add_words(PdGathered *all, const char *said, const char *by)
{
    if (said == NULL || said[0] == '\0')
        return;
    gboolean is_other = all->said != NULL && by != NULL && g_strcmp0(all->by, by) != 0;
    char *joined = g_strconcat(all->said != NULL ? all->said : "", all->said != NULL ? "\n\n" : "",
                               is_other ? by : "", is_other ? ":\n" : "", said, NULL);

    g_free(all->said);
    all->said = joined;
    if (all->by == NULL)
        all->by = g_strdup(by);
}

void pd_gathered_add_files(PdGathered *all, const PdJson *files)
{
    for (gsize i = 0; i < pd_json_length(files); i++)
        pd_json_add(all->files, pd_json_ref(pd_json_at(files, i)));
}

static void add_reason(PdGathered *all, const PdPending *row)
{
    PdJson *reason = pd_json_object();
    g_autofree char *at = pd_clock_format_utc(row->created_at);

    pd_json_set_text(reason, "at", at);
    pd_json_add(all->reasons, pd_json_set_text(reason, "why", row->why));
}

/* What he knew before the first one. Rows of earlier versions do not say it: those gave it. */
static void add_known(PdGathered *all, const PdPending *row)
{
    gint64 given = pd_json_get_int(row->data, "given", PD_GIVEN_TO_HIM);

    if (all->known != PD_GIVEN_NOTHING || strcmp(row->kind, "assigned") != 0)
        return;
    if (given == PD_GIVEN_TO_HIM)
        all->known = PD_GIVEN_FROM_HIM;
    else if (given == PD_GIVEN_FROM_HIM)
        all->known = PD_GIVEN_TO_HIM;
}

static void add_row(PdGathered *all, const PdPending *row, const GPtrArray *events)
{
    const char *was = pd_json_get_text(row->data, "was");
    const char *due_was = pd_json_get_text(row->data, "due_was");
    const char *said = pd_json_get_text(row->data, "said");
    gint64 event = pd_json_get_int(row->data, "event", 0);
    gint64 into = pd_json_get_int(row->data, "into", 0);
    gint64 inbox = pd_json_get_int(row->data, "inbox", 0);

    if (all->was == NULL)
        all->was = g_strdup(was);
    if (all->due_was == NULL)
        all->due_was = g_strdup(due_was);
    if (all->channel == NULL)
        all->channel = g_strdup(pd_json_get_text(row->data, "channel"));
    if (all->held == NULL)
        all->held = g_strdup(row->held);
    if (event == 0 || !pd_history_was_undone(events, event)) {
        pd_gathered_add_words(all, said, pd_json_get_text(row->data, "by"));
        pd_gathered_add_files(all, pd_json_get(row->data, "files"));
    }
    all->into = into != 0 ? into : all->into;
    all->inbox = inbox != 0 ? inbox : all->inbox;
    add_known(all, row);
    add_reason(all, row);
}

PdGathered *pd_gather_fold(const GPtrArray *rows, const GPtrArray *events)
{
    PdGathered *all = g_new0(PdGathered, 1);

    all->reasons = pd_json_array();
    all->files = pd_json_array();
    for (guint i = 0; i < rows->len; i++)
        add_row(all, g_ptr_array_index(rows, i), events);
    return all;
}

PdStatus *pd_gather_wait_with(const PdTelling *telling, const char *address, PdPace *pace)
{
    g_autoptr(GPtrArray) rows = NULL;
    g_autoptr(GPtrArray) none = g_ptr_array_new();

    if (telling->given != PD_GIVEN_TO_HIM && telling->given != PD_GIVEN_FROM_HIM)
        return NULL;
    PD_TRY(pd_pending_of(telling->desk->store, telling->ticket, address, "assigned", &rows));
    g_autoptr(PdGathered) all = pd_gather_fold(rows, none);
    if (all->known != telling->given)
        return NULL;
    const PdPending *first = g_ptr_array_index(rows, 0);
    pace->due = first->due_at;
    pace->in_digest = first->in_digest;
    g_free(pace->why);
    pace->why = g_strdup(first->why);
    return NULL;
}

PdStatus *pd_gather_take(const PdTelling *telling, const char *address, const char *kind,
                         gboolean with_words, PdGathered **taken)
{
    PdStore *store = telling->desk->store;
    g_autoptr(GPtrArray) rows = NULL;
    g_autoptr(GPtrArray) events = NULL;

    *taken = NULL;
    PD_TRY(pd_pending_of(store, telling->ticket, address, kind, &rows));
    if (rows->len == 0)
        return NULL;
    PD_TRY(pd_ticket_events(store, telling->ticket, &events));
    g_autoptr(PdGathered) all = pd_gather_fold(rows, events);
    if (all->said != NULL && !with_words)
        return NULL;
    PD_TRY(pd_pending_drop(store, rows));
    *taken = g_steal_pointer(&all);
    return NULL;
}
