/* known_answers.c: what rules answered on a mail, out of a decision or out of what is stored of it.
 *
 * What is stored counts only if it is of the same rules, which its hash tells, and if they were
 * told the same besides the mail. */
#include "rules/known.h"

#include <string.h>

static PdRuleAnswers *answers_new(const PdRuleSet *set)
{
    PdRuleAnswers *answers = g_new0(PdRuleAnswers, 1);

    answers->outcomes = g_byte_array_new();
    g_byte_array_set_size(answers->outcomes, set->rules->len);
    memset(answers->outcomes->data, PD_RULE_NO, set->rules->len);
    return answers;
}

void pd_rule_answers_free(PdRuleAnswers *answers)
{
    if (answers == NULL)
        return;
    g_byte_array_unref(answers->outcomes);
    g_free(answers);
}

PdRuleAnswers *pd_rule_answers_of(const PdDecision *decision)
{
    PdRuleAnswers *answers = answers_new(decision->set);

    memcpy(answers->outcomes->data, decision->outcomes, decision->set->rules->len);
    return answers;
}

static gboolean same_names(const char *const *names, const char *const *others)
{
    static const char *const none[] = {NULL};

    return g_strv_equal(names != NULL ? names : none, others != NULL ? others : none);
}

gboolean pd_ticket_facts_equal(const PdTicketFacts *one, const PdTicketFacts *other)
{
    return one->ticket == other->ticket && one->age == other->age &&
           g_strcmp0(one->status, other->status) == 0 &&
           g_strcmp0(one->category, other->category) == 0 &&
           g_strcmp0(one->department, other->department) == 0 &&
           same_names(one->inside, other->inside);
}

/* As decision_line.c wrote them. */
static gboolean were_told(const PdTicketFacts *facts, PdJsonSlice stored)
{
    g_autoptr(PdJson) told = NULL;
    g_autoptr(PdStatus) status = pd_json_parse(stored.text, stored.length, &told);
    const PdJson *inside = pd_json_get(told, "inside");
    g_autoptr(GPtrArray) calendars = g_ptr_array_new();

    for (gsize i = 0; i < pd_json_length(inside); i++) {
        const char *name = pd_json_string(pd_json_at(inside, i));
        g_ptr_array_add(calendars, (gpointer)(name != NULL ? name : ""));
    }
    g_ptr_array_add(calendars, NULL);
    const PdTicketFacts then = {
        .ticket = pd_json_get_int(told, "ticket", 0),
        .status = pd_json_get_text(told, "status"),
        .category = pd_json_get_text(told, "category"),
        .age = pd_json_get_int(told, "age", 0),
        .department = pd_json_get_text(told, "department"),
        .inside = (const char *const *)calendars->pdata,
    };
    return status == NULL && pd_json_is_object(told) && pd_ticket_facts_equal(&then, facts);
}

/* A decision that is read, and what was found of it. */
typedef struct {
    const PdRuleKin *kin;
    const PdTicketFacts *facts;
    PdRuleAnswers *answers;
    gboolean is_of_schema, is_of_set, is_of_facts, has_rules;
} Reading;

static gboolean is_schema(PdJsonSlice told)
{
    g_autofree char *number = g_strndup(told.text, told.length);

    return strcmp(number, G_STRINGIFY(PD_DECISION_SCHEMA)) == 0;
}

static gint read_id(const PdRuleKin *kin, PdJsonSlice id)
{
    g_autofree char *text = pd_json_slice_text(id);

    return pd_rule_kin_find(kin, text);
}

static gint read_outcome(PdJsonSlice told)
{
    for (gint i = 0; i <= PD_RULE_SKIPPED; i++) {
        if (pd_json_slice_is(told, pd_outcome_names[i]))
            return i;
    }
    return -1;
}

/* One rule; FALSE if it is none of the set. */
static gboolean read_rule(const Reading *reading, PdJsonCursor *cursor)
{
    gint rule = PD_NO_RULE, outcome = -1;
    PdJsonSlice key;

    pd_json_cursor_open(cursor, '{');
    while (pd_json_cursor_member(cursor, &key)) {
        PdJsonSlice value = pd_json_cursor_value(cursor);
        if (pd_json_slice_is(key, "id"))
            rule = read_id(reading->kin, value);
        else if (pd_json_slice_is(key, "outcome"))
            outcome = read_outcome(value);
    }
    if (rule == PD_NO_RULE || outcome < 0)
        return FALSE;
    reading->answers->outcomes->data[rule] = (guint8)outcome;
    return TRUE;
}

/* Those that are not told of did not hold, or were skipped. */
static gboolean read_rules(const Reading *reading, PdJsonCursor *cursor)
{
    pd_json_cursor_open(cursor, '[');
    while (pd_json_cursor_item(cursor)) {
        if (!read_rule(reading, cursor))
            return FALSE;
    }
    return !cursor->broken;
}

/* The rules behind the one that stopped were not asked. */
static void skip_behind(PdRuleAnswers *answers, gint stop)
{
    guint next = (guint)stop + 1;

    memset(answers->outcomes->data + next, PD_RULE_SKIPPED, answers->outcomes->len - next);
}

/* FALSE if it says what cannot be of this set. */
static gboolean read_stop(const Reading *reading, PdJsonSlice id)
{
    gint stop = read_id(reading->kin, id);

    if (stop != PD_NO_RULE)
        skip_behind(reading->answers, stop);
    return stop != PD_NO_RULE;
}

/* The rules come behind what tells whether they count, and before the one that stopped. */
static gboolean read_member(Reading *reading, PdJsonSlice key, PdJsonCursor *cursor)
{
    if (pd_json_slice_is(key, "rules"))
        return reading->has_rules = read_rules(reading, cursor);
    PdJsonSlice value = pd_json_cursor_value(cursor);
    if (pd_json_slice_is(key, "schema_version"))
        return reading->is_of_schema = is_schema(value);
    if (pd_json_slice_is(key, "rule_set"))
        return reading->is_of_set = pd_json_slice_is(value, reading->kin->from->hash);
    if (pd_json_slice_is(key, "facts"))
        return reading->is_of_facts = were_told(reading->facts, value);
    return !pd_json_slice_is(key, "stopped_by") || read_stop(reading, value);
}

PdRuleAnswers *pd_rule_answers_read(const PdRuleKin *kin, const PdTicketFacts *facts,
                                    PdJsonSlice stored)
{
    g_autoptr(PdRuleAnswers) answers = answers_new(kin->from);
    Reading reading = {.kin = kin, .facts = facts, .answers = answers};
    PdJsonCursor cursor = pd_json_cursor(stored.text, stored.length);
    PdJsonSlice key;

    pd_json_cursor_open(&cursor, '{');
    while (pd_json_cursor_member(&cursor, &key)) {
        if (!read_member(&reading, key, &cursor))
            return NULL;
    }
    gboolean counts = !cursor.broken && reading.is_of_schema && reading.is_of_set &&
                      reading.is_of_facts && reading.has_rules;
    return counts ? g_steal_pointer(&answers) : NULL;
}
