/* cmd_explain.c: explain: why a stored ticket was handled as it was, or how a mail would be.
 *
 * For a file the plan of the same engine is told instead of carried out. For a ticket the
 * stored decision is told; the conditions are evaluated again as long as the rule set is the
 * same as it was then.
 */
#include "cli.h"
#include "signed.h"

#include "postdesk/inbox.h"
#include "postdesk/raw.h"
#include "postdesk/text.h"
#include "postdesk/tickets.h"
#include <stdio.h>
#include <string.h>

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
static void print_hits(const PdPrint *print, const PdJson *hits, const char *indent)
{
    for (gsize i = 0; i < pd_json_length(hits); i++) {
        const PdJson *hit = pd_json_at(hits, i);
        g_autofree char *before = on_one_line(text_of(hit, "before"));
        g_autofree char *matched = on_one_line(text_of(hit, "text"));
        g_autofree char *after = on_one_line(text_of(hit, "after"));
        g_autofree char *marked = g_strdup_printf("[%s]", matched);
        g_autofree char *painted = pd_print_paint(print, "mark", print->colour ? matched : marked);
        printf("%s  …%s%s%s…  (bytes %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ")\n", indent,
               before, painted, after, pd_json_get_int(hit, "start", 0),
               pd_json_get_int(hit, "end", 0));
    }
}

static void print_condition(const PdPrint *print, const PdJson *condition, const char *indent)
{
    g_autofree char *deeper = g_strconcat(indent, "  ", NULL);
    const PdJson *children = pd_json_get(condition, "of");

    pd_print_line(print, "%s%s: %s", indent, text_of(condition, "condition"),
                  text_of(condition, "result"));
    print_hits(print, pd_json_get(condition, "matched"), indent);
    for (gsize i = 0; i < pd_json_length(children); i++)
        print_condition(print, pd_json_at(children, i), deeper);
}

static void print_wishes(const PdPrint *print, const PdJson *then)
{
    g_autofree const char **keys = then != NULL ? pd_json_keys(then) : g_new0(const char *, 1);

    for (const char **key = keys; *key != NULL; key++) {
        const char *value = pd_json_get_text(then, *key);
        g_autofree char *safe = value != NULL ? pd_text_printable(value) : NULL;
        if (safe != NULL)
            pd_print_line(print, "             would set %s to %s", *key, safe);
    }
}

static void print_rule(const PdPrint *print, const PdJson *rule)
{
    const char *outcome = text_of(rule, "outcome");
    gboolean quiet = strcmp(outcome, "no") == 0 || strcmp(outcome, "skipped") == 0;
    g_autofree char *fitted = g_strdup_printf("%-8s", outcome);
    g_autofree char *word = pd_print_paint(print,
                                           quiet                            ? "dim"
                                           : strcmp(outcome, "failed") == 0 ? "bad"
                                                                            : "good",
                                           fitted);
    g_autofree char *id = pd_text_printable(text_of(rule, "id"));
    const PdJson *when = pd_json_get(rule, "when");

    printf("  %s %s\n", word, id);
    if (!quiet && when != NULL)
        print_condition(print, when, "             ");
    if (strcmp(outcome, "shadow") == 0)
        print_wishes(print, pd_json_get(rule, "then"));
}

static gboolean is_shown(const PdJson *rule, gboolean all)
{
    return all || strcmp(text_of(rule, "outcome"), "no") != 0;
}

static void print_decision(const PdPrint *print, const PdJson *decision, gboolean all)
{
    const PdJson *rules = pd_json_get(decision, "rules");
    const PdJson *fields = pd_json_get(decision, "fields");
    g_autofree const char **keys = fields != NULL ? pd_json_keys(fields) : g_new0(const char *, 1);
    gsize hidden = 0;

    pd_print_heading(print, "\nRules (set %.12s)", text_of(decision, "rule_set"));
    for (gsize i = 0; i < pd_json_length(rules); i++) {
        if (is_shown(pd_json_at(rules, i), all))
            print_rule(print, pd_json_at(rules, i));
        else
            hidden++;
    }
    if (hidden > 0)
        pd_print_line(print, "  %zu %s; --all shows them", hidden,
                      hidden == 1 ? "rule does not apply" : "rules do not apply");
    pd_print_heading(print, "\nFields");
    for (const char **key = keys; *key != NULL; key++) {
        const PdJson *field = pd_json_get(fields, *key);
        pd_print_line(print, "  %-10s %-24s by %s", *key, text_of(field, "value"),
                      text_of(field, "by"));
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

static void print_why(const PdPrint *print, const PdJson *why, gboolean all)
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
    if (pd_json_is_object(decision))
        print_decision(print, decision, all);
    print_answer(print, pd_json_get(why, "answer"));
}

static PdStatus *explain_file(PdCli *cli, const char *path, PdJson **why)
{
    PdMailOptions options = {0};
    g_autofree char *bytes = NULL;
    gsize length = 0;
    g_autoptr(PdMail) mail = NULL;

    PD_TRY(pd_cli_read_message(path, &bytes, &length));
    /* Where nothing is stored yet, everything is new. */
    g_autoptr(PdStatus) absent = pd_cli_store(cli, PD_STORE_READ);
    PD_TRY(pd_cli_desk(cli));
    pd_desk_mail_options(cli->config, NULL, &options);
    options.with_attachment_text = TRUE;
    PdStatus *status = pd_mail_read_bytes(bytes, length, &options, &mail);
    pd_desk_mail_options_clear(&options);
    PD_TRY(status);
    pd_signed_verify(cli, bytes, length, mail);
    return pd_desk_explain(cli->desk, mail, why);
}

/* The conditions as they answer now, if these are the rules of then. */
static PdStatus *evaluate_again(PdCli *cli, gint64 inbox, PdJson *why)
{
    const char *rules_then = pd_json_get_text(pd_json_get(why, "rules"), "rule_set");
    PdMailOptions options = {0};
    PdInboxRow *found = NULL;
    g_autoptr(PdMail) mail = NULL;
    g_autoptr(PdDecision) decision = NULL;
    int fd = -1;

    PD_TRY(pd_cli_desk(cli));
    PdRuleSet *rules = pd_desk_rules(cli->desk);
    PD_TRY(pd_inbox_get(cli->store, inbox, &found));
    g_autoptr(PdInboxRow) row = found;
    if (row == NULL || rules_then == NULL || strcmp(rules_then, pd_rule_set_hash(rules)) != 0)
        return NULL;
    pd_desk_mail_options(cli->config, row->mailbox, &options);
    options.with_attachment_text = TRUE;
    options.truncated = row->truncated;
    PdStatus *status = pd_raw_open(cli->store, &row->raw, &fd);
    if (status == NULL)
        status = pd_mail_read(fd, (off_t)row->raw.offset, row->raw.length, &options, &mail);
    pd_desk_mail_options_clear(&options);
    PD_TRY(status);
    PD_TRY(pd_rule_set_evaluate(rules, mail, NULL, &decision));
    pd_json_set(why, "decision", pd_decision_to_json(decision));
    return NULL;
}

static PdStatus *explain_ticket(PdCli *cli, gint64 number, PdJson **why)
{
    g_autoptr(GPtrArray) messages = NULL;
    g_autofree char *stored = NULL;
    g_autoptr(PdJson) then = NULL;

    PD_TRY(pd_cli_store(cli, PD_STORE_LOOK));
    PD_TRY(pd_message_of_ticket(cli->store, number, &messages));
    if (messages->len == 0)
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, "postdesk list --all shows all tickets",
                             "there is no ticket #%" G_GINT64_FORMAT, number);
    const PdStoredMessage *first = g_ptr_array_index(messages, 0);
    PD_TRY(pd_decision_get(cli->store, first->inbox, &stored));
    if (stored == NULL)
        return pd_status_new(PD_SPOILS_STORE, PD_FINAL, "run postdesk verify",
                             "ticket #%" G_GINT64_FORMAT " has no decision", number);
    PD_TRY(pd_json_parse(stored, strlen(stored), &then));
    PD_TRY(evaluate_again(cli, first->inbox, then));
    *why = g_steal_pointer(&then);
    return NULL;
}

static gboolean is_number(const char *text)
{
    if (*text == '#')
        text++;
    return *text != '\0' && strspn(text, "0123456789") == strlen(text);
}

PdStatus *pd_cmd_explain(PdCli *cli)
{
    gboolean all = FALSE;
    const GOptionEntry entries[] = {
        {"all", 0, 0, G_OPTION_ARG_NONE, &all, "Rules that do not apply, too", NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(PdJson) why = NULL;
    gint64 number = 0;

    PD_TRY(pd_cli_options(cli, entries));
    if (cli->count > 1)
        return pd_cli_usage("explain takes one file or one ticket's number");
    PD_TRY(pd_cli_config(cli));
    if (cli->count == 1 && is_number(cli->arguments[0])) {
        PD_TRY(pd_cli_number(cli, 0, "ticket", &number));
        PD_TRY(explain_ticket(cli, number, &why));
    } else {
        PD_TRY(explain_file(cli, cli->count > 0 ? cli->arguments[0] : NULL, &why));
    }
    if (cli->print.json)
        pd_print_json(why);
    else
        print_why(&cli->print, why, all);
    return NULL;
}
