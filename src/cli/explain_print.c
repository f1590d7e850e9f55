/* explain_print.c: see explain_print.h. The complete decision and the stored one are told alike; of
 * the stored one only matches are known, and no conditions. */
#include "explain_print.h"

#include "postdesk/text.h"
#include <stdio.h>
#include <string.h>

#define WITHOUT_ANSWER "unknown, for it took too many steps or too much memory"

static const char *text_of(const PdJson *object, const char *key)
{
    const char *text = pd_json_get_text(object, key);

    return text != NULL ? text : "-";
}

static void print_evidence(const PdPrint *print, const PdJson *list)
{
    for (gsize i = 0; i < pd_json_length(list); i++)
        pd_print_line(print, "    %s", pd_json_string(pd_json_at(list, i)));
}

static void print_origin(const PdPrint *print, const PdJson *origin)
{
    pd_print_heading(print, "\nOrigin: %s, %s", text_of(origin, "kind"), text_of(origin, "via"));
    print_evidence(print, pd_json_get(origin, "evidence"));
}

static void print_threading(const PdPrint *print, const PdJson *threading)
{
    gint64 ticket = pd_json_get_int(threading, "ticket", 0);
    gint64 link = pd_json_get_int(threading, "suggested_link", 0);

    if (ticket > 0)
        pd_print_heading(print, "\nThread: belongs to #%" G_GINT64_FORMAT, ticket);
    else if (link > 0)
        pd_print_heading(print, "\nThread: new, perhaps with #%" G_GINT64_FORMAT, link);
    else
        pd_print_heading(print, "\nThread: new");
    print_evidence(print, pd_json_get(threading, "evidence"));
}

/* On one line: a line end within is shown as the space that it stands for. */
static char *on_one_line(const char *text)
{
    g_autofree char *spaced = g_strdelimit(g_strdup(text), "\r\n\t", ' ');

    return pd_text_printable(spaced);
}

/* "…the printer on [floor 3] does not…", with the matched words marked. */
static void print_match(const PdPrint *print, const char *indent, const char *const words[3],
                        gint64 start, gint64 end)
{
    g_autofree char *before = on_one_line(words[0]);
    g_autofree char *matched = on_one_line(words[1]);
    g_autofree char *after = on_one_line(words[2]);
    g_autofree char *marked = g_strdup_printf("[%s]", matched);
    g_autofree char *painted = pd_print_paint(print, "mark", print->colour ? matched : marked);

    printf("%s  …%s%s%s…  (bytes %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ")\n", indent, before,
           painted, after, start, end);
}

/* "asset = HP-77" */
static void print_captures(const PdPrint *print, const PdJson *captures, const char *indent)
{
    g_autofree const char **names =
        captures != NULL ? pd_json_keys(captures) : g_new0(const char *, 1);

    for (const char **name = names; *name != NULL; name++) {
        g_autofree char *value = on_one_line(text_of(captures, *name));
        pd_print_line(print, "%s  %s = %s", indent, *name, value);
    }
}

static void print_hits(const PdPrint *print, const PdJson *hits, const char *indent)
{
    for (gsize i = 0; i < pd_json_length(hits); i++) {
        const PdJson *hit = pd_json_at(hits, i);
        const char *const words[3] = {text_of(hit, "before"), text_of(hit, "text"),
                                      text_of(hit, "after")};
        print_match(print, indent, words, pd_json_get_int(hit, "start", 0),
                    pd_json_get_int(hit, "end", 0));
        print_captures(print, pd_json_get(hit, "captures"), indent);
    }
}

static void append_bounds(GString *all, const PdJson *condition)
{
    static const char *const bounds[] = {"least", "most"};
    const PdJson *wanted = pd_json_get(condition, "wanted");

    for (guint i = 0; i < G_N_ELEMENTS(bounds); i++) {
        if (pd_json_get(condition, bounds[i]) != NULL)
            g_string_append_printf(all, "%s %" G_GINT64_FORMAT, i == 0 ? "at least" : "at most",
                                   pd_json_get_int(condition, bounds[i], 0));
    }
    if (wanted != NULL)
        g_string_append(all, pd_json_is_true(wanted) ? "there" : "not there");
}

/* What a condition asks for: its patterns or words, where it is not seen from what matched. */
static char *asked_for(const PdJson *condition)
{
    static const char *const members[] = {"patterns", "types", "texts", "one_of"};
    GString *all = g_string_new(NULL);

    for (guint i = 0; i < G_N_ELEMENTS(members); i++) {
        const PdJson *list = pd_json_get(condition, members[i]);
        for (gsize j = 0; j < pd_json_length(list); j++) {
            g_autofree char *safe = on_one_line(pd_json_string(pd_json_at(list, j)));
            g_string_append_printf(all, "%s%s", all->len > 0 ? ", " : "", safe);
        }
    }
    append_bounds(all, condition);
    char *text = pd_text_shorten(all->str, 200);
    g_string_free(all, TRUE);
    return text;
}

/* A pattern has no answer for one reason only. */
static const char *result_of(const PdJson *condition)
{
    const char *result = text_of(condition, "result");
    gboolean pattern = pd_json_get(condition, "patterns") != NULL;

    return pattern && g_str_equal(result, "unknown") ? WITHOUT_ANSWER : result;
}

static void print_condition(const PdPrint *print, const PdJson *condition, const char *indent)
{
    g_autofree char *deeper = g_strconcat(indent, "  ", NULL);
    const PdJson *children = pd_json_get(condition, "of"),
                 *hits = pd_json_get(condition, "matched");
    g_autofree char *asked = pd_json_length(hits) == 0 ? asked_for(condition) : g_strdup("");

    pd_print_line(print, "%s%s: %s%s%s", indent, text_of(condition, "condition"),
                  result_of(condition), *asked != '\0' ? "  " : "", asked);
    print_hits(print, hits, indent);
    for (gsize i = 0; i < pd_json_length(children); i++)
        print_condition(print, pd_json_at(children, i), deeper);
}

/* Of a stored rule: [condition, pattern, first byte, byte behind the last, text, captures]. */
static void print_stored_hits(const PdPrint *print, const PdJson *rule, const char *indent)
{
    const PdJson *hits = pd_json_get(rule, "hits"), *unknown = pd_json_get(rule, "unknown");

    for (gsize i = 0; i < pd_json_length(hits); i++) {
        const PdJson *hit = pd_json_at(hits, i);
        const char *text = pd_json_string(pd_json_at(hit, 4));
        const char *const words[3] = {"", text != NULL ? text : "", ""};
        g_autofree char *pattern = on_one_line(pd_json_string(pd_json_at(hit, 1)));
        pd_print_line(print, "%s%s: yes  %s", indent, pd_json_string(pd_json_at(hit, 0)), pattern);
        print_match(print, indent, words, pd_json_number(pd_json_at(hit, 2)),
                    pd_json_number(pd_json_at(hit, 3)));
        print_captures(print, pd_json_at(hit, 5), indent);
    }
    for (gsize i = 0; i < pd_json_length(unknown); i++)
        pd_print_line(print, "%s%s: " WITHOUT_ANSWER, indent,
                      pd_json_string(pd_json_at(unknown, i)));
}

static char *words_text(const PdJson *words)
{
    GString *all = g_string_new(NULL);

    for (gsize i = 0; i < pd_json_length(words); i++)
        g_string_append_printf(all, "%s%s", i > 0 ? " " : "", pd_json_string(pd_json_at(words, i)));
    return g_string_free(all, FALSE);
}

static char *value_text(const PdJson *value)
{
    g_autofree char *text = pd_json_is_array(value)         ? words_text(value)
                            : pd_json_string(value) != NULL ? g_strdup(pd_json_string(value))
                                                            : pd_json_compact(value);

    return on_one_line(text);
}

/* "would set queue to ghosts" of a shadow, "asks for queue: network" of others. */
static void print_wishes(const PdPrint *print, const PdJson *rule, const char *indent)
{
    const PdJson *then = pd_json_get(rule, "then");
    g_autofree const char **keys = then != NULL ? pd_json_keys(then) : g_new0(const char *, 1);
    gboolean is_shadow = strcmp(text_of(rule, "outcome"), "shadow") == 0;

    for (const char **key = keys; *key != NULL; key++) {
        g_autofree char *value = value_text(pd_json_get(then, *key));
        if (is_shadow)
            pd_print_line(print, "%swould set %s to %s", indent, *key, value);
        else
            pd_print_line(print, "%sasks for %s: %s", indent, *key, value);
    }
}

/* What its words with points said: of a complete decision, or of a stored one, in which a word is
 * [word, first byte, byte behind the last, points]. */
static void print_told(const PdPrint *print, const PdJson *word, const char *indent)
{
    gboolean stored = pd_json_is_array(word);
    const char *text = stored ? pd_json_string(pd_json_at(word, 0)) : text_of(word, "text");
    g_autofree char *shown = on_one_line(text);
    gint64 start = stored ? pd_json_number(pd_json_at(word, 1)) : pd_json_get_int(word, "start", 0);
    gint64 end = stored ? pd_json_number(pd_json_at(word, 2)) : pd_json_get_int(word, "end", 0);
    gint64 points =
        stored ? pd_json_number(pd_json_at(word, 3)) : pd_json_get_int(word, "points", 0);
    g_autofree char *marked = g_strdup_printf("[%s]", shown);
    g_autofree char *painted = pd_print_paint(print, "mark", print->colour ? shown : marked);

    printf("%s  %3" G_GINT64_FORMAT " %s  (bytes %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ")\n",
           indent, points, painted, start, end);
}

static void print_count(const PdPrint *print, const PdJson *rule, const char *indent)
{
    const PdJson *words = pd_json_get(rule, "words"), *votes = pd_json_get(rule, "votes");
    const char *sure = pd_json_get_text(rule, "sure");

    if (sure != NULL)
        pd_print_line(print, "%sits words were not looked for: rules before it are sure of %s",
                      indent, sure);
    if (words == NULL)
        return;
    g_autofree char *voted = value_text(votes);
    pd_print_line(print, "%sof its words %" G_GINT64_FORMAT " are there, which vote %s", indent,
                  pd_json_get_int(rule, "found", 0), voted);
    for (gsize i = 0; i < pd_json_length(words); i++)
        print_told(print, pd_json_at(words, i), indent);
}

static const char *colour_of(const char *outcome)
{
    if (strcmp(outcome, "no") == 0 || strcmp(outcome, "skipped") == 0)
        return "dim";
    return strcmp(outcome, "failed") == 0 ? "bad" : "good";
}

/* "34-hardware.yaml:12", or why it was not asked. */
static char *rule_place(const PdJson *rule)
{
    const char *file = pd_json_get_text(rule, "file");
    const char *stop = pd_json_get_text(rule, "skipped_by");
    g_autofree char *name = file != NULL ? g_path_get_basename(file) : NULL;
    gint64 line = pd_json_get_int(rule, "line", 0);

    if (stop != NULL)
        return g_strdup_printf("  (not asked: '%s' stops before it)", stop);
    return name != NULL ? g_strdup_printf("  (%s:%" G_GINT64_FORMAT ")", name, line) : g_strdup("");
}

static void print_rule(const PdPrint *print, const PdJson *rule)
{
    static const char indent[] = "             ";
    const char *outcome = text_of(rule, "outcome");
    g_autofree char *fitted = g_strdup_printf("%-8s", outcome);
    g_autofree char *word = pd_print_paint(print, colour_of(outcome), fitted);
    g_autofree char *id = pd_text_printable(text_of(rule, "id"));
    g_autofree char *place = rule_place(rule);
    g_autofree char *shown = pd_print_paint(print, "dim", place);
    const PdJson *when = pd_json_get(rule, "when");

    printf("  %s %s%s\n", word, id, shown);
    if (when != NULL)
        print_condition(print, when, indent);
    else if (when == NULL)
        print_stored_hits(print, rule, indent);
    print_count(print, rule, indent);
    if (strcmp(outcome, "applied") == 0 || strcmp(outcome, "shadow") == 0)
        print_wishes(print, rule, indent);
}

static gboolean is_near(const PdJson *decision, const PdJson *rule)
{
    const PdJson *near = pd_json_get(decision, "near");

    for (gsize i = 0; i < pd_json_length(near); i++) {
        if (g_strcmp0(pd_json_string(pd_json_at(near, i)), text_of(rule, "id")) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean is_shown(const PdJson *decision, const PdJson *rule, gboolean all)
{
    return all || strcmp(text_of(rule, "outcome"), "no") != 0 || is_near(decision, rule);
}

/* What the rules were told besides the mail. */
static void print_facts(const PdPrint *print, const PdJson *facts)
{
    g_autofree const char **keys = facts != NULL ? pd_json_keys(facts) : g_new0(const char *, 1);

    if (*keys != NULL)
        pd_print_heading(print, "\nKnown besides the mail");
    for (const char **key = keys; *key != NULL; key++) {
        g_autofree char *value = value_text(pd_json_get(facts, *key));
        pd_print_line(print, "  %-13s %s", *key, value);
    }
}

static void print_rules(const PdPrint *print, const PdJson *decision, gboolean all)
{
    const PdJson *rules = pd_json_get(decision, "rules");
    const char *commit = pd_json_get_text(decision, "commit");
    gsize hidden = 0;

    pd_print_heading(print, "\nRules (set %.12s%s%.12s)", text_of(decision, "rule_set"),
                     commit != NULL ? ", commit " : "", commit != NULL ? commit : "");
    for (gsize i = 0; i < pd_json_length(rules); i++) {
        if (is_shown(decision, pd_json_at(rules, i), all))
            print_rule(print, pd_json_at(rules, i));
        else
            hidden++;
    }
    if (hidden > 0)
        pd_print_line(print, "  %zu %s; --all shows them", hidden,
                      hidden == 1 ? "rule does not apply" : "rules do not apply");
}

static void print_votes(const PdPrint *print, const PdJson *votes)
{
    g_autofree const char **names = votes != NULL ? pd_json_keys(votes) : g_new0(const char *, 1);

    if (*names != NULL)
        pd_print_heading(print, "\nVotes");
    for (const char **name = names; *name != NULL; name++)
        pd_print_line(print, "  %-24s %" G_GINT64_FORMAT, *name, pd_json_get_int(votes, *name, 0));
}

static void print_field(const PdPrint *print, const char *name, const PdJson *field)
{
    g_autofree char *value = on_one_line(text_of(field, "value"));

    pd_print_line(print, "  %-13s %-24s by %s", name, value, text_of(field, "by"));
}

static void print_fields(const PdPrint *print, const PdJson *fields, const char *prefix)
{
    g_autofree const char **keys = fields != NULL ? pd_json_keys(fields) : g_new0(const char *, 1);

    for (const char **key = keys; *key != NULL; key++) {
        g_autofree char *name = g_strconcat(prefix, *key, NULL);
        print_field(print, name, pd_json_get(fields, *key));
    }
}

static void print_words(const PdPrint *print, const char *name, const PdJson *words)
{
    g_autofree char *all = words_text(words);

    if (*all != '\0')
        pd_print_line(print, "  %-13s %s", name, all);
}

/* Of a stored decision: what is not told, and who stopped. */
static void print_left_out(const PdPrint *print, const PdJson *why, const PdJson *decision)
{
    const char *incomplete = pd_json_get_text(why, "incomplete");
    const char *stop = pd_json_get_text(decision, "stopped_by");

    if (incomplete == NULL)
        return;
    if (stop != NULL)
        pd_print_line(print, "  rules after '%s' were not asked: it stopped", stop);
    pd_print_line(print, "  %s", incomplete);
}

static void print_decision(const PdPrint *print, const PdJson *why, const PdJson *decision,
                           gboolean all)
{
    static const char *const ends[] = {"drop", "quarantine"};

    print_facts(print, pd_json_get(decision, "facts"));
    print_rules(print, decision, all);
    print_left_out(print, why, decision);
    print_votes(print, pd_json_get(decision, "votes"));
    pd_print_heading(print, "\nFields");
    print_fields(print, pd_json_get(decision, "fields"), "");
    print_fields(print, pd_json_get(decision, "custom"), "fields.");
    print_words(print, "tags", pd_json_get(decision, "tags"));
    print_words(print, "watchers", pd_json_get(decision, "watchers"));
    for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
        if (pd_json_get(decision, ends[i]) != NULL)
            print_field(print, ends[i], pd_json_get(decision, ends[i]));
    }
}

static void print_answer(const PdPrint *print, const PdJson *answer)
{
    if (pd_json_get_bool(answer, "send", FALSE))
        pd_print_heading(print, "\nAnswer: %s to %s in %s", text_of(answer, "occasion"),
                         text_of(answer, "recipient"), text_of(answer, "language"));
    else
        pd_print_heading(print, "\nAnswer: none");
    if (pd_json_get_text(answer, "reason") != NULL)
        pd_print_line(print, "    %s", pd_json_get_text(answer, "reason"));
}

static void print_standing(const PdPrint *print, const PdJson *standing)
{
    const PdJson *proofs = pd_json_get(standing, "proofs");
    g_autoptr(GString) words = g_string_new(NULL);

    if (standing == NULL ||
        (strcmp(text_of(standing, "rank"), "stranger") == 0 && pd_json_length(proofs) == 0))
        return;
    for (gsize i = 0; i < pd_json_length(proofs); i++)
        g_string_append_printf(words, "%s%s", i > 0 ? ", " : "",
                               pd_json_string(pd_json_at(proofs, i)));
    pd_print_heading(print, "\nSender: %s, %s%s", text_of(standing, "rank"),
                     words->len > 0 ? "shown by " : "which nothing shows", words->str);
    if (pd_json_get_text(standing, "signature_flaw") != NULL)
        pd_print_line(print, "    %s", pd_json_get_text(standing, "signature_flaw"));
}

/* "  /prority P1   there is no such command; probably /priority" */
static void print_lines(const PdPrint *print, const PdJson *lines)
{
    for (gsize i = 0; i < pd_json_length(lines); i++) {
        const PdJson *line = pd_json_at(lines, i);
        const char *nearest = pd_json_get_text(line, "nearest");
        const char *choices = pd_json_get_text(line, "choices");
        gboolean understood = pd_json_get_bool(line, "understood", FALSE);
        g_autofree char *shown = on_one_line(text_of(line, "line"));
        pd_print_line(print, "    %-24s %s%s%s%s%s", shown,
                      understood ? "understood" : text_of(line, "reason"),
                      nearest != NULL ? "; probably " : "", nearest != NULL ? nearest : "",
                      choices != NULL ? "; possible: " : "", choices != NULL ? choices : "");
    }
}

static void print_call(const PdPrint *print, const PdJson *call)
{
    const char *address = pd_json_get_text(call, "address");

    if (call == NULL)
        return;
    if (pd_json_get_bool(call, "taken", FALSE))
        pd_print_heading(print, "\nCall: taken down by %s for %s%s%s%s", text_of(call, "taken_by"),
                         text_of(call, "caller"), address != NULL ? " <" : "",
                         address != NULL ? address : "", address != NULL ? ">" : "");
    else
        pd_print_heading(print, "\nCall: a form that is not taken for one; the ticket is the "
                                "sender's, who is told why");
    print_lines(print, pd_json_get(call, "lines"));
}

static void print_work(const PdPrint *print, const PdJson *work)
{
    const PdJson *set = pd_json_get(work, "set");
    const char *to = pd_json_get_text(work, "text_goes_to");

    if (work == NULL)
        return;
    if (!pd_json_get_bool(work, "done", FALSE))
        pd_print_heading(print, "\nCommands: none would be done, and the sender is told why");
    else
        pd_print_heading(print, "\nCommands: %s",
                         pd_json_length(pd_json_get(work, "lines")) > 0 ? "all would be done"
                                                                        : "none");
    print_lines(print, pd_json_get(work, "lines"));
    g_autofree const char **names = set != NULL ? pd_json_keys(set) : g_new0(const char *, 1);
    for (const char **name = names; *name != NULL; name++)
        pd_print_line(print, "    sets %s to %s", *name, text_of(set, *name));
    if (to != NULL)
        pd_print_line(print, "    its text goes to %s",
                      strcmp(to, "reporter") == 0   ? "the reporter and who follows"
                      : strcmp(to, "external") == 0 ? "whom it asks"
                                                    : "the desk alone");
}

void pd_explain_print(const PdPrint *print, const PdJson *why, gboolean all)
{
    const PdJson *decision = pd_json_get(why, "decision");

    if (!pd_json_is_object(decision))
        decision = pd_json_get(why, "rules");
    pd_print_heading(print, "Outcome: %s", text_of(why, "act"));
    if (pd_json_get_text(why, "reason") != NULL)
        pd_print_line(print, "    %s", pd_json_get_text(why, "reason"));
    print_origin(print, pd_json_get(why, "origin"));
    print_threading(print, pd_json_get(why, "threading"));
    print_standing(print, pd_json_get(why, "standing"));
    print_call(print, pd_json_get(why, "call"));
    print_work(print, pd_json_get(why, "work"));
    if (pd_json_is_object(decision))
        print_decision(print, why, decision, all);
    print_answer(print, pd_json_get(why, "answer"));
}
