/* projection.c: see projection.h. */
#include "projection.h"

#include <string.h>

static const struct {
    const char *name;
    gsize offset;
} fields[PD_TICKET_FIELDS] = {
    {"subject", G_STRUCT_OFFSET(PdTicket, subject)},
    {"status", G_STRUCT_OFFSET(PdTicket, status)},
    {"category", G_STRUCT_OFFSET(PdTicket, category)},
    {"impact", G_STRUCT_OFFSET(PdTicket, impact)},
    {"urgency", G_STRUCT_OFFSET(PdTicket, urgency)},
    {"priority", G_STRUCT_OFFSET(PdTicket, priority)},
    {"queue", G_STRUCT_OFFSET(PdTicket, queue)},
    {"assignee", G_STRUCT_OFFSET(PdTicket, assignee)},
    {"reporter_name", G_STRUCT_OFFSET(PdTicket, reporter_name)},
    {"reporter", G_STRUCT_OFFSET(PdTicket, reporter)},
    {"department", G_STRUCT_OFFSET(PdTicket, department)},
    {"language", G_STRUCT_OFFSET(PdTicket, language)},
    {"respond_due", G_STRUCT_OFFSET(PdTicket, respond_due)},
    {"resolve_due", G_STRUCT_OFFSET(PdTicket, resolve_due)},
    {"merge_key", G_STRUCT_OFFSET(PdTicket, merge_key)},
    /* The last two: events add to them, they do not set them. */
    {"custom", G_STRUCT_OFFSET(PdTicket, custom)},
    {"tags", G_STRUCT_OFFSET(PdTicket, tags)},
};
#define SETTABLE (PD_TICKET_FIELDS - 2)

const char *pd_ticket_field_name(guint field)
{
    return fields[field].name;
}

char **pd_ticket_field(PdTicket *ticket, guint field)
{
    return (char **)(void *)G_STRUCT_MEMBER_P(ticket, fields[field].offset);
}

PdTicket *pd_ticket_blank(void)
{
    PdTicket *ticket = g_new0(PdTicket, 1);

    for (guint i = 0; i < PD_TICKET_FIELDS; i++)
        *pd_ticket_field(ticket, i) = g_strdup("");
    return ticket;
}

void pd_ticket_free(PdTicket *ticket)
{
    if (ticket == NULL)
        return;
    for (guint i = 0; i < PD_TICKET_FIELDS; i++)
        g_free(*pd_ticket_field(ticket, i));
    g_free(ticket);
}

PdTicket *pd_ticket_copy(const PdTicket *ticket)
{
    PdTicket *copy = g_memdup2(ticket, sizeof *ticket);

    for (guint i = 0; i < PD_TICKET_FIELDS; i++)
        *pd_ticket_field(copy, i) = g_strdup(*pd_ticket_field(copy, i));
    return copy;
}

static PdStatus *refuse(const char *what, const char *name)
{
    return pd_status_new(PD_SPOILS_MESSAGE, PD_FINAL, NULL, "an event cannot set %s \"%s\"", what,
                         name);
}

/* A number, or a number as text; null takes it off. */
static PdStatus *set_link(PdTicket *ticket, const PdJson *set)
{
    const char *text = pd_json_get_text(set, "suggested_link");
    gint64 number = pd_json_get_int(set, "suggested_link", 0);

    if (text != NULL && text[0] != '\0' &&
        !g_ascii_string_to_signed(text, 10, 0, G_MAXINT64, &number, NULL))
        return refuse("the suggested link", text);
    ticket->suggested_link = number;
    return NULL;
}

static PdStatus *set_field(PdTicket *ticket, const PdJson *set, const char *name)
{
    if (strcmp(name, "suggested_link") == 0)
        return set_link(ticket, set);
    for (guint i = 0; i < SETTABLE; i++) {
        if (strcmp(name, fields[i].name) != 0)
            continue;
        char **field = pd_ticket_field(ticket, i);
        const char *text = pd_json_get_text(set, name);
        g_free(*field);
        *field = g_strdup(text != NULL ? text : "");
        return NULL;
    }
    return refuse("the unknown field", name);
}

static PdStatus *apply_set(PdTicket *ticket, const PdJson *set)
{
    if (!pd_json_is_object(set))
        return NULL;
    g_autofree const char **names = pd_json_keys(set);
    for (guint i = 0; names[i] != NULL; i++)
        PD_TRY(set_field(ticket, set, names[i]));
    return NULL;
}

static gint compare_texts(gconstpointer one, gconstpointer other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

static gboolean holds(const GPtrArray *texts, const char *text)
{
    for (guint i = 0; i < texts->len; i++)
        if (strcmp(g_ptr_array_index(texts, i), text) == 0)
            return TRUE;
    return FALSE;
}

static gboolean is_tag(const char *tag)
{
    return tag != NULL && tag[0] != '\0' && strpbrk(tag, " \t\r\n") == NULL;
}

static PdStatus *apply_tags(PdTicket *ticket, const PdJson *added)
{
    gsize count = pd_json_length(added);

    if (count == 0)
        return NULL;
    g_auto(GStrv) present = g_strsplit(ticket->tags, " ", -1); /* none for "" */
    g_autoptr(GPtrArray) tags = g_ptr_array_new();
    for (guint i = 0; present[i] != NULL; i++)
        g_ptr_array_add(tags, present[i]);
    for (gsize i = 0; i < count; i++) {
        const char *tag = pd_json_string(pd_json_at(added, i));
        if (!is_tag(tag))
            return refuse("the tag", tag != NULL ? tag : "");
        if (!holds(tags, tag))
            g_ptr_array_add(tags, (gpointer)tag);
    }
    g_ptr_array_sort(tags, compare_texts);
    g_ptr_array_add(tags, NULL);
    char *joined = g_strjoinv(" ", (char **)tags->pdata);
    g_free(ticket->tags);
    ticket->tags = joined;
    return NULL;
}

static void apply_untags(PdTicket *ticket, const PdJson *removed)
{
    g_auto(GStrv) present = g_strsplit(ticket->tags, " ", -1);
    g_autoptr(GPtrArray) off = g_ptr_array_new();
    GString *left = g_string_new(NULL);

    for (gsize i = 0; i < pd_json_length(removed); i++) {
        const char *tag = pd_json_string(pd_json_at(removed, i));
        if (tag != NULL)
            g_ptr_array_add(off, (gpointer)tag);
    }
    for (guint i = 0; present[i] != NULL; i++)
        if (!holds(off, present[i]))
            g_string_append_printf(left, "%s%s", left->len > 0 ? " " : "", present[i]);
    g_free(ticket->tags);
    ticket->tags = g_string_free(left, FALSE);
}

PdJson *pd_ticket_custom(const PdTicket *ticket)
{
    PdJson *custom = NULL;

    if (ticket->custom[0] != '\0')
        pd_status_free(pd_json_parse(ticket->custom, strlen(ticket->custom), &custom));
    return custom != NULL ? custom : pd_json_object();
}

/* Those that are there and are not spoken of, then those that are set; null takes one off. */
static void apply_custom(PdTicket *ticket, const PdJson *set)
{
    g_autoptr(PdJson) before = pd_ticket_custom(ticket);
    g_autoptr(PdJson) after = pd_json_object();
    g_autofree const char **old = pd_json_keys(before);
    g_autofree const char **names = pd_json_keys(set);

    for (guint i = 0; old[i] != NULL; i++)
        if (pd_json_get(set, old[i]) == NULL)
            pd_json_set_text(after, old[i], pd_json_get_text(before, old[i]));
    for (guint i = 0; names[i] != NULL; i++)
        if (pd_json_get_text(set, names[i]) != NULL)
            pd_json_set_text(after, names[i], pd_json_get_text(set, names[i]));
    g_autofree const char **left = pd_json_keys(after);
    g_free(ticket->custom);
    ticket->custom = left[0] != NULL ? pd_json_compact(after) : g_strdup("");
}

PdStatus *pd_project(PdTicket *ticket, const PdEvent *event)
{
    if (event->sequence == 1) {
        ticket->number = event->ticket;
        ticket->created_at = event->at;
    }
    ticket->version = event->sequence;
    ticket->updated_at = event->at;
    PD_TRY(apply_set(ticket, pd_json_get(event->data, "set")));
    if (pd_json_is_object(pd_json_get(event->data, "fields")))
        apply_custom(ticket, pd_json_get(event->data, "fields"));
    if (pd_json_get(event->data, "untags") != NULL)
        apply_untags(ticket, pd_json_get(event->data, "untags"));
    return apply_tags(ticket, pd_json_get(event->data, "tags"));
}

static void part_free(PdPart *part)
{
    g_free(part->address);
    g_free(part);
}

static void add_part(GPtrArray *parts, const char *address, const char *word, gboolean overrides)
{
    if (address == NULL || address[0] == '\0') /* a mail without a sender has none */
        return;
    PdPart *part = g_new0(PdPart, 1);
    part->address = g_ascii_strdown(address, -1);
    part->part = word;
    part->overrides = overrides;
    g_ptr_array_add(parts, part);
}

static const char *part_word(const char *said)
{
    static const char *const words[] = {PD_PART_LEFT, PD_PART_WATCHES, PD_PART_EXTERNAL};

    for (gsize i = 0; said != NULL && i < G_N_ELEMENTS(words); i++)
        if (strcmp(said, words[i]) == 0)
            return words[i];
    return PD_PART_FOLLOWS;
}

GPtrArray *pd_project_participants(const PdEvent *event)
{
    const PdJson *added = pd_json_get(event->data, "participants");
    const PdJson *said = pd_json_get(event->data, "parts");
    gsize count = pd_json_length(added);

    if (count == 0 && !pd_json_is_object(said))
        return NULL;
    GPtrArray *parts = g_ptr_array_new_with_free_func((GDestroyNotify)part_free);
    for (gsize i = 0; i < count; i++)
        add_part(parts, pd_json_string(pd_json_at(added, i)), PD_PART_FOLLOWS, FALSE);
    if (!pd_json_is_object(said))
        return parts;
    g_autofree const char **addresses = pd_json_keys(said);
    for (guint i = 0; addresses[i] != NULL; i++)
        add_part(parts, addresses[i], part_word(pd_json_get_text(said, addresses[i])), TRUE);
    return parts;
}

char *pd_conversation_key(const char *conversation)
{
    return g_strconcat("thread-index ", conversation, NULL);
}

GPtrArray *pd_project_thread_keys(const PdEvent *event)
{
    const char *message_id = pd_json_get_text(event->data, "message_id");
    const char *conversation = pd_json_get_text(event->data, "conversation");
    gboolean has_id = message_id != NULL && message_id[0] != '\0';

    if (!has_id && conversation == NULL)
        return NULL;
    GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);
    if (has_id)
        g_ptr_array_add(keys, g_strdup(message_id));
    if (conversation != NULL)
        g_ptr_array_add(keys, pd_conversation_key(conversation));
    return keys;
}

gboolean pd_ticket_only_touched(PdTicket *before, PdTicket *after)
{
    gboolean same =
        before->suggested_link == after->suggested_link && before->created_at == after->created_at;

    for (guint i = 0; same && i < PD_TICKET_FIELDS; i++)
        same = strcmp(*pd_ticket_field(before, i), *pd_ticket_field(after, i)) == 0;
    return same;
}

const char *pd_ticket_difference(PdTicket *one, PdTicket *other)
{
    if (one->version != other->version)
        return "version";
    if (one->created_at != other->created_at)
        return "created_at";
    if (one->updated_at != other->updated_at)
        return "updated_at";
    if (one->suggested_link != other->suggested_link)
        return "suggested_link";
    for (guint i = 0; i < PD_TICKET_FIELDS; i++)
        if (strcmp(*pd_ticket_field(one, i), *pd_ticket_field(other, i)) != 0)
            return fields[i].name;
    return NULL;
}
