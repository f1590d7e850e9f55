/* cmd_status.c: status: one screen for people, one document for monitoring. Exit 1 when something
 * waits for a person, or what should work does not. */
#include "cli.h"

#include "documents.h"
#include "postdesk/clock.h"
#include "postdesk/files.h"
#include "postdesk/inbox.h"
#include "postdesk/outbox.h"
#include "postdesk/roles.h"
#include "postdesk/text.h"
#include <stdio.h>

#define ALARMS_SINCE (7 * PD_DAY)
#define LONG_WAIT (10 * PD_MINUTE) /* of what needs a moment where all works */
#define MOMENT 50000u              /* microseconds */
#define MOMENTS 20

/* Of these roles one is not running though the desk is. */
static gboolean lacks_one(const PdConfig *config, const GPtrArray *names)
{
    if (!pd_role_is_running(config, "supervise"))
        return FALSE;
    for (guint i = 0; i < names->len; i++)
        if (!pd_role_is_running(config, g_ptr_array_index(names, i)))
            return TRUE;
    return FALSE;
}

/* The server of a role that runs, if it cannot work with it; one that is down tries nothing. */
static PdStatus *add_trouble(PdCli *cli, const char *name, PdJson *row)
{
    g_autoptr(PdJson) trouble = NULL;

    if (!pd_json_get_bool(row, "running", FALSE))
        return NULL;
    PD_TRY(pd_role_trouble(cli->store, name, &trouble));
    if (trouble == NULL)
        return NULL;
    pd_json_set(row, "trouble_since",
                pd_document_time(pd_json_get_int(trouble, "since", 0), cli->print.json));
    pd_json_set_text(row, "trouble", pd_json_get_text(trouble, "text"));
    cli->answer = PD_EXIT_NO;
    return NULL;
}

static PdStatus *add_role(PdCli *cli, const char *name, PdJson *array)
{
    PdJson *row = pd_json_object();

    pd_json_add(array, row);
    pd_json_set_text(row, "role", name);
    pd_json_set_bool(row, "running", pd_role_is_running(cli->config, name));
    return add_trouble(cli, name, row);
}

/* One that is just being started (anew) is given a moment. */
static PdStatus *add_roles(PdCli *cli, PdJson *document)
{
    g_autoptr(GPtrArray) names = pd_role_names(cli->config);
    PdJson *array = pd_json_array();
    gboolean lacks = FALSE;

    pd_json_set(document, "roles", array);
    for (guint i = 0; (lacks = lacks_one(cli->config, names)) && i < MOMENTS; i++)
        g_usleep(MOMENT);
    if (lacks)
        cli->answer = PD_EXIT_NO;
    for (guint i = 0; i < names->len; i++)
        PD_TRY(add_role(cli, g_ptr_array_index(names, i), array));
    return NULL;
}

static PdStatus *add_inbox(PdCli *cli, PdJson *document)
{
    static const PdOutcome outcomes[] = {PD_OUTCOME_INBOX, PD_OUTCOME_CREATED, PD_OUTCOME_APPENDED,
                                         PD_OUTCOME_IGNORED, PD_OUTCOME_QUARANTINED};
    PdJson *counts = pd_json_object();

    pd_json_set(document, "messages", counts);
    for (gsize i = 0; i < G_N_ELEMENTS(outcomes); i++) {
        gint64 count = 0, oldest = 0;
        PD_TRY(pd_inbox_count(cli->store, outcomes[i], &count, &oldest));
        pd_json_set_int(counts, pd_outcome_name(outcomes[i]), count);
        if (outcomes[i] == PD_OUTCOME_INBOX)
            pd_json_set_int(document, "oldest_unprocessed_seconds",
                            count > 0 ? (pd_clock_now() - oldest) / PD_SECOND : 0);
    }
    return NULL;
}

/* One that waits for its next attempt is not due. */
static PdStatus *add_oldest_due(PdCli *cli, PdJson *document)
{
    gint64 now = pd_clock_now(), due = 0;

    PD_TRY(pd_outbox_next_due(cli->store, &due));
    pd_json_set_int(document, "oldest_due_mail_seconds",
                    due != 0 && due < now ? (now - due) / PD_SECOND : 0);
    return NULL;
}

static PdStatus *add_outbox(PdCli *cli, PdJson *document)
{
    PdJson *counts = pd_json_object();
    gboolean held = FALSE;

    pd_json_set(document, "mails", counts);
    for (int state = PD_MAIL_QUEUED; state < PD_MAIL_STATES; state++) {
        gint64 count = 0, oldest = 0;
        PD_TRY(pd_outbox_count(cli->store, (PdMailState)state, &count, &oldest));
        pd_json_set_int(counts, pd_mail_state_name((PdMailState)state), count);
    }
    PD_TRY(pd_outbox_is_held(cli->store, &held));
    pd_json_set_bool(document, "outbox_held", held);
    return add_oldest_due(cli, document);
}

/* What is put aside, and when the first of it is told. */
static PdStatus *add_gathered(PdCli *cli, PdJson *document)
{
    PdJson *gathered = pd_json_object();
    gint64 count = 0, next = 0;

    pd_json_set(document, "gathered", gathered);
    PD_TRY(pd_pending_count(cli->store, &count, &next));
    pd_json_set_int(gathered, "count", count);
    pd_json_set(gathered, "next_at", pd_document_time(next, cli->print.json));
    return NULL;
}

static PdStatus *add_alarms(PdCli *cli, PdJson *document)
{
    g_autoptr(GPtrArray) alarms = NULL;
    PdJson *array = pd_json_array();

    pd_json_set(document, "alarms", array);
    PD_TRY(pd_store_alarms(cli->store, pd_clock_now() - ALARMS_SINCE, &alarms));
    for (guint i = 0; i < alarms->len; i++) {
        const PdAlarm *alarm = g_ptr_array_index(alarms, i);
        PdJson *row = pd_json_object();
        pd_json_set(row, "last_at", pd_document_time(alarm->last_at, cli->print.json));
        pd_json_set_text(row, "kind", alarm->kind);
        pd_json_set_text(row, "subject", alarm->subject);
        pd_json_set_int(row, "count", alarm->count);
        pd_json_set_text(row, "text", alarm->text);
        pd_json_add(array, row);
    }
    return NULL;
}

static void print_counts(const PdPrint *print, const char *title, const PdJson *counts)
{
    g_autofree const char **keys = pd_json_keys(counts);
    g_autoptr(GString) line = g_string_new(NULL);

    for (const char **key = keys; *key != NULL; key++)
        g_string_append_printf(line, "%s%" G_GINT64_FORMAT " %s", line->len > 0 ? ", " : "",
                               pd_json_get_int(counts, *key, 0), *key);
    pd_print_field(print, title, line->str);
}

static void print_gathered(const PdPrint *print, const PdJson *gathered)
{
    gint64 count = pd_json_get_int(gathered, "count", 0);
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT ", told from %s on", count,
                                            count > 0 ? pd_json_get_text(gathered, "next_at") : "");

    if (count > 0)
        pd_print_field(print, "Gathered", text);
}

static char *names_of(const PdJson *array, gboolean running)
{
    GString *names = g_string_new(NULL);

    for (gsize i = 0; i < pd_json_length(array); i++) {
        const PdJson *row = pd_json_at(array, i);
        if (pd_json_get_bool(row, "running", FALSE) == running)
            g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "",
                                   pd_json_get_text(row, "role"));
    }
    return g_string_free(names, FALSE);
}

static void print_roles(const PdPrint *print, const PdJson *array)
{
    g_autofree char *running = names_of(array, TRUE);
    g_autofree char *down = names_of(array, FALSE);

    pd_print_field(print, "Running", *running != '\0' ? running : "nothing: postdesk run");
    if (*running == '\0' || *down == '\0')
        return;
    g_autofree char *told = g_strconcat(down, ": the log says why", NULL);
    pd_print_field(print, "Down", told);
}

static void print_troubles(const PdPrint *print, const PdJson *array)
{
    for (gsize i = 0; i < pd_json_length(array); i++) {
        const PdJson *row = pd_json_at(array, i);
        const char *trouble = pd_json_get_text(row, "trouble");
        if (trouble == NULL)
            continue;
        g_autofree char *told = g_strdup_printf("%s, since %s: %s", pd_json_get_text(row, "role"),
                                                pd_json_get_text(row, "trouble_since"), trouble);
        pd_print_field(print, "Trouble", told);
    }
}

static void print_alarms(const PdPrint *print, const PdJson *alarms)
{
    if (pd_json_length(alarms) > 0)
        pd_print_heading(print, "\nAlarms of the last seven days");
    for (gsize i = 0; i < pd_json_length(alarms); i++) {
        const PdJson *alarm = pd_json_at(alarms, i);
        pd_print_line(print, "  %s  %s %s (%" G_GINT64_FORMAT " times): %s",
                      pd_json_get_text(alarm, "last_at"), pd_json_get_text(alarm, "kind"),
                      pd_json_get_text(alarm, "subject"), pd_json_get_int(alarm, "count", 1),
                      pd_json_get_text(alarm, "text"));
    }
}

/* Whoever is to take it on hangs, or is not there. */
static void print_waiting(const PdPrint *print, const PdJson *document)
{
    static const struct {
        const char *key, *what;
    } waits[] = {
        {"oldest_unprocessed_seconds", "a message waits to be processed for"},
        {"oldest_due_mail_seconds", "a mail waits to be sent for"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(waits); i++) {
        gint64 seconds = pd_json_get_int(document, waits[i].key, 0);
        g_autofree char *told = g_strdup_printf("%s %" G_GINT64_FORMAT " minutes", waits[i].what,
                                                seconds / (PD_MINUTE / PD_SECOND));
        if (seconds * PD_SECOND >= LONG_WAIT)
            pd_print_field(print, "Waiting", told);
    }
}

/* What a person should look at, and how. */
static void print_hints(const PdPrint *print, const PdJson *document)
{
    static const struct {
        const char *group, *key, *hint;
    } hints[] = {
        {"messages", "quarantined", "messages are in quarantine: postdesk quarantine"},
        {"mails", "failed", "mails failed for good: postdesk outbox --state failed"},
        {"mails", "unknown", "mails are held until you decide: postdesk outbox --state unknown"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(hints); i++) {
        if (pd_json_get_int(pd_json_get(document, hints[i].group), hints[i].key, 0) > 0)
            pd_print_field(print, "Look at", hints[i].hint);
    }
}

static void print_screen(const PdPrint *print, const PdJson *document)
{
    gint64 free_bytes = pd_json_get_int(document, "free_bytes", -1);
    g_autofree char *free_space = free_bytes >= 0 ? g_format_size((guint64)free_bytes)
                                                  : g_strdup("unknown: there is no state folder");

    print_roles(print, pd_json_get(document, "roles"));
    print_troubles(print, pd_json_get(document, "roles"));
    print_counts(print, "Messages", pd_json_get(document, "messages"));
    print_counts(print, "Mails", pd_json_get(document, "mails"));
    print_gathered(print, pd_json_get(document, "gathered"));
    pd_print_field(print, "Free space", free_space);
    if (pd_json_get_bool(document, "paused", FALSE))
        pd_print_field(print, "Collecting", "paused until there is more (min_free_space)");
    if (pd_json_get_bool(document, "outbox_held", FALSE))
        pd_print_field(print, "Outbox",
                       "held since a restore: stop the desk and run postdesk reconcile, which "
                       "releases it");
    print_waiting(print, document);
    print_hints(print, document);
    print_alarms(print, pd_json_get(document, "alarms"));
}

static void add_free_space(const PdCli *cli, PdJson *document)
{
    guint64 bytes = pd_folder_free_space(cli->config->state);

    if (bytes <= G_MAXINT64) /* else nobody knows */
        pd_json_set_int(document, "free_bytes", (gint64)bytes);
    pd_json_set_bool(document, "paused", bytes < cli->config->min_free_space);
}

static gboolean needs_somebody(const PdJson *document)
{
    return pd_json_get_int(pd_json_get(document, "messages"), "quarantined", 0) > 0 ||
           pd_json_get_int(pd_json_get(document, "mails"), "unknown", 0) > 0 ||
           pd_json_get_int(pd_json_get(document, "mails"), "failed", 0) > 0 ||
           pd_json_get_int(document, "oldest_unprocessed_seconds", 0) * PD_SECOND >= LONG_WAIT ||
           pd_json_get_int(document, "oldest_due_mail_seconds", 0) * PD_SECOND >= LONG_WAIT ||
           pd_json_get_bool(document, "outbox_held", FALSE) ||
           pd_json_get_bool(document, "paused", FALSE);
}

PdStatus *pd_cmd_status(PdCli *cli)
{
    g_autoptr(PdJson) document = pd_json_object();

    PD_TRY(pd_cli_options(cli, NULL));
    PD_TRY(pd_cli_store(cli, PD_STORE_LOOK));
    PD_TRY(add_roles(cli, document));
    PD_TRY(add_inbox(cli, document));
    PD_TRY(add_outbox(cli, document));
    PD_TRY(add_gathered(cli, document));
    PD_TRY(add_alarms(cli, document));
    add_free_space(cli, document);
    if (needs_somebody(document))
        cli->answer = PD_EXIT_NO;
    if (cli->print.json)
        pd_print_json(document);
    else
        print_screen(&cli->print, document);
    return NULL;
}
