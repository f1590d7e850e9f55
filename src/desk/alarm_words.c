/* alarm_words.c: see alarm_words.h. The kinds of alarms that roles and desk raise, with their
 * facts, stand here; postdesk-templates(5) tells the same. */
#include "desk/alarm_words.h"

#include "desk/mustache.h"
#include "desk/template_private.h"
#include "desk/values.h"
#include <string.h>

#define MOST_FACTS 5

static const struct {
    const char *kind;
    const char *about; /* the fact that stands beside the headline; NULL: none */
    const char *const facts[MOST_FACTS + 1];
} kinds[] = {
    {"answer", NULL, {"ticket", "reason"}},
    {"authority", "from", {"from", "count", "ticket"}},
    {"bounce", NULL, {"message"}},
    {"budget", "recipient", {"recipient", "over_desk"}},
    {"calendar", NULL, {"missing", "missing.file", "missing.year"}},
    {"disk-full", NULL, {"folder", "least"}},
    {"form", NULL, {"ticket", "reason", "advice"}},
    {"gathered", NULL, {"ticket", "recipient", "reason"}},
    {"mail-failed", "recipient", {"mail", "ticket", "recipient", "relay", "reply"}},
    {"mail-unknown", "recipient", {"mail", "ticket", "recipient", "relay", "reply"}},
    {"mailbox", "folder", {"folder", "reason", "advice"}},
    {"message-not-fetched", "folder", {"folder", "uid", "attempts"}},
    {"outbox-unknown", NULL, {"count"}},
    {"quarantine", NULL, {"message", "reason"}},
    {"relay", "relay", {"relay", "reason", "advice"}},
    {"reload", NULL, {"file", "since"}},
    {"role", "role", {"role", "deaths"}},
    {"roster", "group", {"group", "queues", "until"}},
    {"rule", "rule", {"rule", "message"}},
    {"server-not-told", "folder", {"folder", "reason", "advice"}},
    {"set-back", "folder", {"folder"}},
    {"sharing", NULL, {"folder", "reason", "advice"}},
    {"timer", NULL, {"ticket", "reason"}},
    {"uidvalidity", "folder", {"folder", "old", "new"}},
};

static gint index_of(const char *kind)
{
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return (gint)i;
    return -1;
}

typedef struct {
    guint kind;
    char *mistake; /* the first one */
} Check;

static void check_name(const char *name, gboolean is_partial, const GPtrArray *sections, guint line,
                       gpointer user)
{
    Check *check = user;
    const char *const *facts = kinds[check->kind].facts;
    g_autofree char *member =
        sections->len > 0
            ? g_strconcat(g_ptr_array_index(sections, sections->len - 1), ".", name, NULL)
            : NULL;

    (void)line;
    if (check->mistake != NULL || (!is_partial && g_strv_contains(facts, name)) ||
        (member != NULL && g_strv_contains(facts, member)))
        return;
    g_autofree char *known = g_strjoinv(", ", (char **)facts);
    check->mistake = g_strdup_printf("the alarm '%s' has no '%s'; it has: %s",
                                     kinds[check->kind].kind, name, known);
}

static char *unknown_kind(const char *kind)
{
    const char *words[G_N_ELEMENTS(kinds) + 1] = {NULL};

    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
        words[i] = kinds[i].kind;
    const char *nearest = pd_nearest_word(kind, words);
    return nearest != NULL
               ? g_strdup_printf("there is no alarm '%s'; did you mean '%s'?", kind, nearest)
               : g_strdup_printf("there is no alarm '%s'; see postdesk-templates(5)", kind);
}

char *pd_alarm_text_mistake(const char *kind, const char *text)
{
    g_autoptr(PdMustache) parsed = NULL;
    gint index = index_of(kind);
    guint line;

    if (index < 0)
        return unknown_kind(kind);
    g_autoptr(PdStatus) status = pd_mustache_parse(text, &parsed, &line);
    if (status != NULL)
        return g_strdup(pd_status_text(status));
    Check check = {.kind = (guint)index};
    pd_mustache_each_name(parsed, check_name, &check);
    return check.mistake;
}

/* The facts, with what is to be done in the language's words where it has them. */
static PdJson *told_facts(const PdDesk *desk, const PdAlarm *alarm)
{
    g_autofree char *line = pd_json_compact(alarm->facts);
    const char *advice = pd_json_get_text(alarm->facts, "advice");
    const char *words =
        advice != NULL ? pd_templates_find_word(desk->templates, desk->config->default_language,
                                                "advice", advice)
                       : NULL;
    PdJson *facts = NULL;

    pd_status_free(pd_json_parse(line, strlen(line), &facts));
    if (facts != NULL && words != NULL)
        pd_json_set_text(facts, "advice", words);
    return facts;
}

/* NULL where the language has no words for it: it was checked when it was read. */
static char *own_text(const PdDesk *desk, const PdAlarm *alarm)
{
    const char *words = pd_templates_find_word(desk->templates, desk->config->default_language,
                                               "alarm_texts", alarm->kind);
    g_autoptr(PdMustache) parsed = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    guint line;

    if (words == NULL || alarm->facts == NULL)
        return NULL;
    g_autoptr(PdJson) facts = told_facts(desk, alarm);
    g_autoptr(PdStatus) status = pd_mustache_parse(words, &parsed, &line);
    if (status == NULL)
        status = pd_mustache_expand(parsed, facts, FALSE, NULL, NULL, text);
    return status == NULL ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

static const char *about(const PdAlarm *alarm)
{
    gint index = index_of(alarm->kind);

    return index >= 0 && kinds[index].about != NULL && alarm->facts != NULL
               ? pd_json_get_text(alarm->facts, kinds[index].about)
               : NULL;
}

PdJson *pd_alarm_values(const PdDesk *desk, const PdAlarm *alarm)
{
    PdJson *values = pd_json_object();
    const char *word = pd_templates_find_word(desk->templates, desk->config->default_language,
                                              "alarms", alarm->kind);
    g_autofree char *text = own_text(desk, alarm);

    pd_json_set_text(values, "desk_name", desk->config->desk_name);
    pd_json_set_text(values, "desk_address", desk->config->desk_address);
    pd_json_set_text(values, "kind", alarm->kind);
    pd_json_set_text(values, "kind_word", word);
    pd_values_set_clean(values, "about", about(alarm));
    pd_values_set_clean(values, "subject", text != NULL && word != NULL ? word : alarm->subject);
    pd_json_set(values, "text_lines", pd_values_lines(text != NULL ? text : alarm->text, NULL));
    pd_values_set_time(desk, values, "at", alarm->first_at);
    pd_json_set_text(values, "host", g_get_host_name());
    return values;
}
