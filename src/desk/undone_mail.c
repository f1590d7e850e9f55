/* undone_mail.c: the rows of what was taken back (undone.c) in words, and to whom they are mailed;
 * see undone.h. */
#include "desk/undone.h"

#include "desk/concern.h"
#include "desk/recipients.h"
#include "desk/values.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_ROWS 100 /* of a bulk that are mailed; postdesk undo --bulk lists all */

/* The desk's own fields are called by their names. */
static const char *field_word(const PdDesk *desk, const char *language, const char *field)
{
    const char *found = pd_templates_find_word(desk->templates, language, "fields", field);

    if (found == NULL)
        found = pd_templates_find_word(desk->templates, language, "labels", field);
    return found != NULL ? found : field;
}

/* "处理中", "张三"; "none". Caller frees. */
static char *value_word(const PdDesk *desk, const char *language, const char *field,
                        const char *value)
{
    gboolean is_person = strcmp(field, "assignee") == 0 || strcmp(field, "watch") == 0;

    if (value == NULL)
        return g_strdup(pd_templates_word(desk->templates, language, "phrases", "none"));
    if (strcmp(field, "due") == 0)
        return g_strndup(value, strlen("2026-12-01"));
    return g_strdup(is_person ? pd_recipient_called(desk, value)
                              : pd_values_word(desk, language, field, value));
}

/* "状态：已解决 → 处理中". Caller frees. */
static char *line_of(const PdDesk *desk, const char *language, const PdJson *pair)
{
    const char *field = pd_json_get_text(pair, "field");
    g_autofree char *from = value_word(desk, language, field, pd_json_get_text(pair, "from"));
    g_autofree char *to = value_word(desk, language, field, pd_json_get_text(pair, "to"));

    return g_strdup_printf("%s%s%s → %s", field_word(desk, language, field),
                           g_str_has_prefix(language, "zh") ? "：" : ": ", from, to);
}

static char *kept_of(const PdDesk *desk, const char *language, const PdJson *kept)
{
    const char *comma = g_str_has_prefix(language, "zh") ? "、" : ", ";
    g_autoptr(GString) text = g_string_new(NULL);

    for (gsize i = 0; i < pd_json_length(kept); i++)
        g_string_append_printf(text, "%s%s", i > 0 ? comma : "",
                               field_word(desk, language, pd_json_string(pd_json_at(kept, i))));
    return text->len > 0 ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

static PdJson *entry_of(const PdDesk *desk, const char *language, const PdJson *row)
{
    PdJson *entry = pd_json_object();
    PdJson *lines = pd_json_array();
    const PdJson *what = pd_json_get(row, "what");
    gint64 into = pd_json_get_int(row, "into", 0);
    g_autofree char *number =
        g_strdup_printf("%" G_GINT64_FORMAT, pd_json_get_int(row, "ticket", 0));
    g_autofree char *other = g_strdup_printf("%" G_GINT64_FORMAT, into);
    g_autofree char *kept = kept_of(desk, language, pd_json_get(row, "kept"));

    for (gsize i = 0; i < pd_json_length(what); i++) {
        g_autoptr(PdJson) holder = pd_json_object();
        g_autofree char *line = line_of(desk, language, pd_json_at(what, i));
        pd_values_set_clean(holder, "line", line);
        pd_json_add_text(lines, pd_json_get_text(holder, "line"));
    }
    pd_json_set_text(entry, "number", number);
    pd_values_set_clean(entry, "subject", pd_json_get_text(row, "subject"));
    pd_json_set_text(entry, "moved_to", into != 0 ? other : NULL);
    pd_values_set_clean(entry, "kept", kept);
    pd_json_set_bool(entry, "is_unchanged", pd_json_length(what) == 0 && kept == NULL && into == 0);
    return pd_json_set(entry, "lines", lines);
}

/* The other half of a merge, or of a split, says nothing by itself. */
static gboolean is_silent(const PdJson *row)
{
    const char *kind = pd_json_get_text(row, "kind");

    if (strcmp(kind, "split") == 0)
        return pd_json_get_int(row, "into", 0) == 0 &&
               pd_json_length(pd_json_get(row, "what")) == 0;
    return strcmp(kind, "absorbed") == 0;
}

/* Whose change it was, if a person's name can be told. */
static void add_maker(const PdDesk *desk, PdJson *values, const PdJson *row)
{
    const char *by = pd_json_get_text(row, "by");

    pd_values_set_clean(values, "made_by", by != NULL ? pd_recipient_called(desk, by) : NULL);
    pd_values_set_time(desk, values, "made_at", pd_json_get_int(row, "at", 0));
}

static PdJson *values_of(const PdChange *change, const char *language, const char *undone_by)
{
    const PdDesk *desk = change->desk;
    const PdJson *rows = change->taken_back;
    const PdJson *first = pd_json_at(rows, 0);
    PdJson *values = pd_json_object();
    PdJson *tickets = pd_json_array();
    gint64 bulk = pd_json_get_int(first, "bulk", 0);
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, bulk);

    for (gsize i = 0; i < MIN(pd_json_length(rows), MOST_ROWS); i++)
        if (!is_silent(pd_json_at(rows, i)))
            pd_json_add(tickets, entry_of(desk, language, pd_json_at(rows, i)));
    add_maker(desk, values, first);
    pd_json_set_text(values, "undone_by", undone_by);
    pd_json_set_text(values, "bulk", bulk != 0 ? number : NULL);
    pd_json_set_bool(values, "is_whole_bulk", bulk != 0 && change->undoes_bulk);
    pd_json_set_bool(values, "has_more", pd_json_length(rows) > MOST_ROWS);
    return pd_json_set(values, "tickets", tickets);
}

static PdStatus *tell(const PdChange *change, PdTelling telling, const char *address,
                      const char *undone_by, PdRank rank)
{
    const PdWho who = pd_people_look_up(change->desk->people, address);
    const char *language = pd_desk_language(
        change->desk, who.language != NULL ? who.language : change->ticket->language);
    g_autoptr(PdJson) values = values_of(change, language, undone_by);

    telling.occasion = pd_concern_of("taken_back")->occasion;
    telling.further = values;
    return pd_tell_one(&telling, address, who.name, language, rank);
}

const PdPerson *pd_undone_maker(const PdChange *change)
{
    const char *by = pd_json_get_text(pd_json_at(change->taken_back, 0), "by");
    const PdPerson *person = by != NULL && pd_text_is_address(by)
                                 ? pd_people_of_desk(change->desk->people, by, NULL)
                                 : NULL;

    return person != NULL && person != change->doer->person &&
                   !pd_address_equal(by, change->doer->actor)
               ? person
               : NULL;
}

PdStatus *pd_undone_tell(const PdChange *change, PdTelling telling)
{
    const PdDoer *doer = change->doer;
    const PdPerson *maker = pd_undone_maker(change);
    const char *name = doer->person != NULL ? doer->person->name : doer->actor;

    telling.text = telling.previous_status = NULL;
    if (doer->inbox != 0 && doer->answer_to != NULL)
        PD_TRY(tell(change, telling, doer->answer_to, NULL, doer->rank));
    return maker != NULL
               ? tell(change, telling, maker->addresses[0], name, pd_rank_of_role(maker->role))
               : NULL;
}
