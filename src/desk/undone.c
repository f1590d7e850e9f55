/* undone.c: see undone.h. A row holds fields and values as events do; words come with the mail
 * (undone_mail.c). */
#include "desk/undone.h"

#include <string.h>

static void add_what(PdJson *list, const char *field, const char *from, const char *to)
{
    PdJson *pair = pd_json_set_text(pd_json_object(), "field", field);

    pd_json_set_text(pair, "from", from != NULL && from[0] != '\0' ? from : NULL);
    pd_json_set_text(pair, "to", to != NULL && to[0] != '\0' ? to : NULL);
    pd_json_add(list, pair);
}

/* Due times follow from the rest. */
static gboolean is_told(const char *field)
{
    return !g_str_has_suffix(field, "_due");
}

/* What was set again, and what was not, for it was changed since. */
static void add_fields(const PdEvent *undone, const PdEvent *event, PdJson *what, PdJson *kept)
{
    const PdJson *again = pd_json_get(event->data, "set");
    const PdJson *was = pd_json_get(undone->data, "before");
    const PdJson *became = pd_json_get(undone->data, "set");
    g_autofree const char **keys = pd_json_keys(pd_json_is_object(was) ? was : again);

    for (guint i = 0; keys[i] != NULL; i++) {
        if (!is_told(keys[i]))
            continue;
        if (pd_json_get(again, keys[i]) != NULL)
            add_what(what, keys[i], pd_json_get_text(became, keys[i]),
                     pd_json_get_text(again, keys[i]));
        else
            pd_json_add_text(kept, keys[i]);
    }
}

static void add_own_fields(const PdEvent *undone, const PdEvent *event, PdJson *what, PdJson *kept)
{
    const PdJson *was = pd_json_get(undone->data, "fields_before");
    const PdJson *became = pd_json_get(undone->data, "fields");
    const PdJson *again = pd_json_get(event->data, "fields");
    g_autofree const char **names = pd_json_is_object(was) ? pd_json_keys(was) : NULL;

    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        if (pd_json_get(again, names[i]) != NULL)
            add_what(what, names[i], pd_json_get_text(became, names[i]),
                     pd_json_get_text(again, names[i]));
        else
            pd_json_add_text(kept, names[i]);
    }
}

static void add_words(const PdJson *list, const char *field, gboolean is_gone, PdJson *what)
{
    for (gsize i = 0; i < pd_json_length(list); i++) {
        const char *word = pd_json_string(pd_json_at(list, i));
        add_what(what, field, is_gone ? word : NULL, is_gone ? NULL : word);
    }
}

static void add_links(const PdJson *list, PdJson *what)
{
    for (gsize i = 0; i < pd_json_length(list); i++) {
        g_autofree char *number = g_strdup_printf(
            "#%" G_GINT64_FORMAT, pd_json_get_int(pd_json_at(list, i), "ticket", 0));
        add_what(what, "link", number, NULL);
    }
}

static void add_parts(const PdEvent *undone, const PdEvent *event, PdJson *what)
{
    const PdJson *parts = pd_json_get(event->data, "parts");
    g_autofree const char **who = pd_json_is_object(parts) && strcmp(undone->kind, "absorbed") != 0
                                      ? pd_json_keys(parts)
                                      : NULL;

    for (guint i = 0; who != NULL && who[i] != NULL; i++) {
        gboolean leaves = strcmp(pd_json_get_text(parts, who[i]), PD_PART_LEFT) == 0;
        add_what(what, "watch", leaves ? who[i] : NULL, leaves ? NULL : who[i]);
    }
}

static PdJson *row_of(const PdTicket *ticket, const PdEvent *undone, PdJson *what, PdJson *kept)
{
    PdJson *row = pd_json_set_int(pd_json_object(), "ticket", ticket->number);

    pd_json_set_text(row, "subject", ticket->subject);
    pd_json_set_text(row, "kind", undone->kind);
    pd_json_set_text(row, "by", undone->actor);
    pd_json_set_int(row, "at", undone->at);
    pd_json_set_int(row, "bulk", pd_json_get_int(undone->data, "bulk", 0));
    pd_json_set(row, "what", what);
    return pd_json_set(row, "kept", kept);
}

void pd_undone_note(PdChange *change, const PdTicket *ticket, const PdEvent *undone,
                    const PdEvent *event)
{
    PdJson *what = pd_json_array();
    PdJson *kept = pd_json_array();

    add_fields(undone, event, what, kept);
    add_own_fields(undone, event, what, kept);
    add_words(pd_json_get(event->data, "untags"), "tag", TRUE, what);
    add_words(pd_json_get(event->data, "tags"), "tag", FALSE, what);
    add_links(pd_json_get(event->data, "unlinks"), what);
    add_parts(undone, event, what);
    if (pd_json_get(undone->data, "due") != NULL)
        add_what(what, "due", pd_json_get_text(undone->data, "due"), NULL);
    pd_json_add(change->taken_back, row_of(ticket, undone, what, kept));
}

void pd_undone_note_joined(PdChange *change, const PdTicket *off, const PdEvent *split)
{
    PdJson *what = pd_json_array();

    add_what(what, "status", off->status, "merged");
    pd_json_add(change->taken_back, row_of(off, split, what, pd_json_array()));
}

void pd_undone_note_moved(PdChange *change, gint64 into)
{
    PdJson *row = pd_json_set_int(pd_json_object(), "ticket", change->ticket->number);

    pd_json_set_text(row, "subject", change->ticket->subject);
    pd_json_set_text(row, "kind", "split");
    pd_json_set_int(row, "into", into);
    pd_json_set(row, "what", pd_json_array());
    pd_json_set(row, "kept", pd_json_array());
    pd_json_add(change->taken_back, row);
}
