/* labels.c: see labels.h. Only what becomes another is stored, so that taking a change back takes
 * off no tag that was there before it. */
#include "desk/labels.h"

#include "postdesk/limits.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_TAG_BYTES 60
#define FIELD_GAP " =:：\t"

gboolean pd_labels_take_tags(PdChange *change, const char *value, gboolean off, PdProblem *problem)
{
    g_auto(GStrv) words = pd_text_words(value, " \t,，、;；　");

    for (char **word = words; *word != NULL; word++) {
        if (!pd_text_is_one_line(*word) || strlen(*word) > MOST_TAG_BYTES)
            return pd_problem_set(problem, PD_PROBLEM_TEXT, "tag", NULL);
        pd_json_add_text(off ? change->untags : change->tags, *word);
    }
    return words[0] != NULL || pd_problem_set(problem, PD_PROBLEM_ARGUMENT, "tag", NULL);
}

static gboolean is_name(const char *name)
{
    gboolean is_one = name[0] != '\0' && strlen(name) <= MOST_TAG_BYTES;

    for (const char *c = name; *c != '\0'; c = g_utf8_next_char(c))
        is_one = is_one && (g_unichar_isalnum(g_utf8_get_char(c)) || strchr("_-.", *c) != NULL);
    return is_one;
}

gboolean pd_labels_set_field(PdChange *change, const char *name, const char *value,
                             PdProblem *problem)
{
    if (!is_name(name))
        return pd_problem_set(problem, PD_PROBLEM_UNKNOWN, NULL, name);
    if (!pd_text_is_one_line(value) || strlen(value) > PD_LIMIT_SUBJECT_BYTES ||
        !g_utf8_validate(value, -1, NULL))
        return pd_problem_set(problem, PD_PROBLEM_TEXT, name, NULL);
    pd_json_set_text(change->custom, name, value[0] != '\0' ? value : NULL);
    return TRUE;
}

gboolean pd_labels_take_field(PdChange *change, const char *value, PdProblem *problem)
{
    g_auto(GStrv) words = pd_text_words(value, FIELD_GAP);
    g_autoptr(PdJson) was = pd_ticket_custom(change->ticket);

    if (words[0] == NULL || !g_str_has_prefix(value, words[0])) {
        pd_problem_set(problem, PD_PROBLEM_ARGUMENT, "field", NULL);
        problem->choices = g_strdup("NAME=VALUE");
        return FALSE;
    }
    const char *rest = strstr(value, words[0]) + strlen(words[0]);
    while (*rest != '\0' && g_utf8_strchr(FIELD_GAP, -1, g_utf8_get_char(rest)) != NULL)
        rest = g_utf8_next_char(rest);
    if (*rest == '\0' && pd_json_get(was, words[0]) == NULL) { /* nothing to take off */
        pd_problem_set(problem, PD_PROBLEM_ARGUMENT, "field", NULL);
        problem->choices = g_strdup("NAME=VALUE");
        return FALSE;
    }
    return pd_labels_set_field(change, words[0], rest, problem);
}

static gboolean has_tag(const PdTicket *ticket, const char *tag)
{
    g_auto(GStrv) tags = g_strsplit(ticket->tags, " ", -1);

    return g_strv_contains((const char *const *)tags, tag);
}

static gboolean is_in(const PdJson *list, const char *word)
{
    for (gsize i = 0; i < pd_json_length(list); i++)
        if (g_strcmp0(pd_json_string(pd_json_at(list, i)), word) == 0)
            return TRUE;
    return FALSE;
}

/* The words of the list that the ticket has (or has not), each once; NULL: none. */
static PdJson *tags_of(const PdTicket *ticket, const PdJson *list, gboolean that_it_has)
{
    g_autoptr(PdJson) tags = pd_json_array();

    for (gsize i = 0; i < pd_json_length(list); i++) {
        const char *tag = pd_json_string(pd_json_at(list, i));
        if (tag != NULL && has_tag(ticket, tag) == that_it_has && !is_in(tags, tag))
            pd_json_add_text(tags, tag);
    }
    return pd_json_length(tags) > 0 ? g_steal_pointer(&tags) : NULL;
}

static void put_tags(const PdTicket *ticket, PdEvent *event, const PdJson *on, const PdJson *off)
{
    PdJson *added = tags_of(ticket, on, FALSE);
    PdJson *removed = tags_of(ticket, off, TRUE);

    if (added != NULL)
        pd_json_set(event->data, "tags", added);
    if (removed != NULL)
        pd_json_set(event->data, "untags", removed);
}

/* The fields of the change that become others, and what they were. FALSE: there are none. */
static gboolean put_fields(const PdChange *change, PdJson *fields, PdJson *before)
{
    g_autoptr(PdJson) was = pd_ticket_custom(change->ticket);
    g_autofree const char **names = pd_json_keys(change->custom);
    gboolean differ = FALSE;

    for (guint i = 0; names[i] != NULL; i++) {
        const char *value = pd_json_get_text(change->custom, names[i]);
        const char *old = pd_json_get_text(was, names[i]);
        if (g_strcmp0(value, old) == 0)
            continue;
        differ = TRUE;
        pd_json_set_text(fields, names[i], value);
        pd_json_set_text(before, names[i], old);
    }
    return differ;
}

gboolean pd_labels_differ(const PdChange *change)
{
    g_autoptr(PdJson) added = tags_of(change->ticket, change->tags, FALSE);
    g_autoptr(PdJson) removed = tags_of(change->ticket, change->untags, TRUE);
    g_autoptr(PdJson) fields = pd_json_object();
    g_autoptr(PdJson) before = pd_json_object();

    return added != NULL || removed != NULL || put_fields(change, fields, before);
}

void pd_labels_put(const PdChange *change, PdEvent *event)
{
    g_autoptr(PdJson) fields = pd_json_object();
    g_autoptr(PdJson) before = pd_json_object();

    put_tags(change->ticket, event, change->tags, change->untags);
    if (put_fields(change, fields, before)) {
        pd_json_set(event->data, "fields", g_steal_pointer(&fields));
        pd_json_set(event->data, "fields_before", g_steal_pointer(&before));
    }
    /* What can be taken back has it (history.c). */
    if (pd_labels_differ(change) && pd_json_get(event->data, "before") == NULL)
        pd_json_set(event->data, "before", pd_json_object());
}

/* The desk's own fields that still are as the event left them; NULL where it set none. */
static PdJson *fields_again(const PdTicket *now, const PdEvent *undone)
{
    const PdJson *was = pd_json_get(undone->data, "fields_before");
    const PdJson *became = pd_json_get(undone->data, "fields");
    g_autoptr(PdJson) is = pd_ticket_custom(now);

    if (!pd_json_is_object(was))
        return NULL;
    g_autofree const char **names = pd_json_keys(was);
    PdJson *fields = pd_json_object();
    for (guint i = 0; names[i] != NULL; i++)
        if (g_strcmp0(pd_json_get_text(is, names[i]), pd_json_get_text(became, names[i])) == 0)
            pd_json_set_text(fields, names[i], pd_json_get_text(was, names[i]));
    return fields;
}

gboolean pd_labels_as_left(const PdTicket *now, const PdEvent *event)
{
    g_autoptr(PdJson) gone = tags_of(now, pd_json_get(event->data, "tags"), FALSE);
    g_autoptr(PdJson) back = tags_of(now, pd_json_get(event->data, "untags"), TRUE);
    g_autoptr(PdJson) again = fields_again(now, event);
    g_autofree const char **all =
        again != NULL ? pd_json_keys(pd_json_get(event->data, "fields_before")) : NULL;
    gboolean as_left = gone == NULL && back == NULL;

    for (guint i = 0; all != NULL && all[i] != NULL; i++)
        as_left = as_left && pd_json_get(again, all[i]) != NULL;
    return as_left;
}

void pd_labels_take_back(const PdTicket *now, const PdEvent *undone, PdEvent *event)
{
    PdJson *fields = fields_again(now, undone);

    if (fields != NULL)
        pd_json_set(event->data, "fields", fields);
    put_tags(now, event, pd_json_get(undone->data, "untags"), pd_json_get(undone->data, "tags"));
}
