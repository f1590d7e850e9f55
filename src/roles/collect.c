/* collect.c: the collect role: one folder of one mailbox, watched for ever or read once.
 *
 *   connect ─▶ meet the folder ─▶ tell what was left ─▶ catch up ⇄ wait
 *      ▲                                                   │
 *      └────────────── growing pause with jitter ◀─────────┘ failure
 */
#include "postdesk/clock.h"
#include "postdesk/source.h"
#include "postdesk/wake.h"
#include "role.h"
#include "sandbox.h"
#include "signals.h"
#include "taking.h"
#include "trouble.h"
#include "vault.h"
#include <malloc.h>

#define DISK_PAUSE (5 * PD_SECOND)

typedef struct {
    PdRole role;
    const PdRoleContext *context;
    PdFolder folder;
    PdTaking taking;
    PdTrouble trouble;
} Collect;

static PdStatus *open_source(Collect *collect, gboolean renewed, PdSource **source)
{
    const PdMailbox *mailbox = collect->folder.mailbox;
    g_autoptr(PdSecret) secret = NULL;

    if (mailbox->maildir == NULL)
        PD_TRY(pd_vault_ask(collect->context, &mailbox->server, renewed, &secret));
    return pd_source_open(mailbox, collect->folder.folder, secret, source);
}

/* A token that the server refuses is renewed once. */
static PdStatus *connect_source(Collect *collect, PdSource **source)
{
    PdStatus *status = open_source(collect, FALSE, source);

    if (status != NULL && pd_source_was_refused(status) &&
        pd_secret_is_renewable(&collect->folder.mailbox->server)) {
        pd_status_free(status);
        status = open_source(collect, TRUE, source);
    }
    return status;
}

static gboolean alarm_of_pause(Collect *collect)
{
    const PdConfig *config = collect->role.config;
    g_autofree char *least = g_format_size(config->min_free_space);
    g_autofree char *text =
        g_strdup_printf("Collecting pauses while less than %s are free at %s "
                        "(limits.min_free_space). Nothing is lost: mail stays on the server until "
                        "there is room.",
                        least, config->state);

    PdJson *facts = pd_json_set_text(pd_json_object(), "folder", config->state);
    return pd_role_alarm(&collect->role, "disk-full", config->state, text,
                         pd_json_set_text(facts, "least", least));
}

/* Collecting pauses while the disk is too full. A disk on which not even the alarm finds room is
 * told of afterwards. FALSE if told to stop meanwhile. */
static gboolean wait_for_room(Collect *collect)
{
    gboolean told = !pd_taking_is_paused(&collect->taking);

    while (pd_taking_is_paused(&collect->taking)) {
        told = told || alarm_of_pause(collect);
        pd_signals_wait(collect->role.wake, DISK_PAUSE);
        if (pd_signals_stop_asked())
            return FALSE;
    }
    if (!told)
        alarm_of_pause(collect);
    return TRUE;
}

static PdStatus *refuse_without_room(const Collect *collect)
{
    return pd_status_new(PD_SPOILS_STORE, PD_TRY_AGAIN, "make room, or lower limits.min_free_space",
                         "less free space at %s than limits.min_free_space",
                         collect->role.config->state);
}

static void log_caught_up(Collect *collect, guint64 before)
{
    const PdLogFields fields = {.mailbox = collect->folder.label};
    guint64 taken = collect->taking.taken - before;

    if (taken == 0)
        return;
    pd_log(PD_LOG_INFO, "collected", &fields, "%" G_GUINT64_FORMAT " messages", taken);
    malloc_trim(0);
}

static PdStatus *catch_up(Collect *collect)
{
    guint64 before = collect->taking.taken;
    PdStatus *status = pd_taking_catch_up(&collect->taking);

    log_caught_up(collect, before);
    return status == NULL ? pd_trouble_over(&collect->trouble) : status;
}

static PdStatus *end_once(Collect *collect)
{
    if (pd_taking_is_paused(&collect->taking))
        return refuse_without_room(collect);
    return g_steal_pointer(&collect->taking.refused);
}

static PdStatus *watch(Collect *collect)
{
    while (!pd_signals_stop_asked() && !pd_signals_take_reload()) {
        gboolean woken = FALSE;
        PD_TRY(catch_up(collect));
        if (collect->context->once)
            return end_once(collect);
        if (pd_taking_is_paused(&collect->taking))
            return NULL; /* the connection would time out while waiting */
        PD_TRY(pd_source_wait(collect->taking.source, collect->role.wake, &woken));
    }
    return NULL;
}

/* One connection, as long as it lasts. */
static PdStatus *session(Collect *collect)
{
    const PdLogFields fields = {.mailbox = collect->folder.label};
    g_autoptr(PdSource) source = NULL;

    PD_TRY(connect_source(collect, &source));
    collect->taking.source = source;
    g_array_set_size(collect->taking.told, 0); /* what was not noted is told again */
    PD_TRY(pd_folder_meet(&collect->folder, &collect->role, source));
    pd_log(PD_LOG_INFO, "connected", &fields, "%u messages there, next UID %u",
           pd_source_folder(source)->exists, collect->folder.state.next_uid);
    pd_wake_knock(collect->role.config->state, "process"); /* of a commit that failed halfway */
    PD_TRY(pd_taking_tell_left(&collect->taking));
    return watch(collect);
}

static void log_failure(const Collect *collect, const PdStatus *status)
{
    const PdLogFields fields = {.mailbox = collect->folder.label};

    pd_log_status(PD_LOG_WARNING, "mailbox-failed", &fields, status);
}

/* *pause: until the next attempt. */
static PdStatus *after_failure(Collect *collect, PdStatus *failed, gint64 *pause)
{
    g_autoptr(PdStatus) status = failed;

    if (pd_status_spoils(status) == PD_SPOILS_STORE && !pd_status_may_retry(status))
        return g_steal_pointer(&status);
    log_failure(collect, status);
    *pause = pd_trouble_failed(&collect->trouble, status);
    return NULL;
}

static PdStatus *work(Collect *collect)
{
    while (!pd_signals_stop_asked()) {
        if (!collect->context->once && !wait_for_room(collect))
            return NULL;
        gint64 pause = 0;
        PdStatus *status = session(collect);
        collect->taking.source = NULL;
        if (status != NULL && pd_stubborn_is_worth_a_connection(collect->taking.stubborn)) {
            log_failure(collect, status);
            pd_status_free(status);
            continue;
        }
        if (collect->context->once)
            return status;
        if (status != NULL && pd_signals_stop_asked()) /* it was cut short */
            g_clear_pointer(&status, pd_status_free);
        if (status == NULL)
            continue;
        PD_TRY(after_failure(collect, status, &pause));
        pd_signals_wait(collect->role.wake, pause);
    }
    return NULL;
}

static PdStatus *run(Collect *collect)
{
    g_autofree char *name = g_strconcat("collect.", collect->folder.label, NULL);

    PD_TRY(pd_role_begin(&collect->role, collect->context, name));
    collect->role.mailbox = collect->folder.label;
    PD_TRY(pd_trouble_begin(&collect->trouble, &collect->role, &collect->folder.mailbox->server));
    PD_TRY(pd_raw_writer_open(collect->role.store, collect->folder.label, &collect->taking.writer));
    if (collect->context->supervisor >= 0) {
        pd_source_give_up_when(pd_signals_stop_asked);
        PD_TRY(pd_sandbox_enter(PD_SANDBOX_NETWORK));
    }
    return work(collect);
}

static PdStatus *collect_folder(const PdRoleContext *context, const PdMailbox *mailbox,
                                const char *name)
{
    Collect collect = {.context = context};

    pd_folder_init(&collect.folder, mailbox, name);
    collect.trouble = (PdTrouble){.kind = "mailbox", .what = "folder"};
    collect.trouble.subject = collect.folder.label;
    collect.taking.context = context;
    collect.taking.role = &collect.role;
    collect.taking.folder = &collect.folder;
    collect.taking.stubborn = pd_stubborn_list_new();
    collect.taking.told = g_array_new(FALSE, FALSE, sizeof(guint32));
    PdStatus *status = run(&collect);
    pd_raw_writer_free(collect.taking.writer);
    pd_status_free(collect.taking.refused);
    g_array_unref(collect.taking.told);
    pd_stubborn_list_free(collect.taking.stubborn);
    pd_role_end(&collect.role);
    if (status != NULL)
        status = pd_status_prefix(status, "%s", collect.folder.label);
    pd_folder_clear(&collect.folder);
    return status;
}

/* One that fails keeps no other from being collected. */
static PdStatus *collect_folders(const PdRoleContext *context, const PdMailbox *mailbox)
{
    PdStatus *first = NULL;

    for (char **name = mailbox->folders; *name != NULL && !pd_signals_stop_asked(); name++)
        pd_log_further(&first, collect_folder(context, mailbox, *name), "mailbox-failed");
    return first;
}

PdStatus *pd_role_collect(const PdRoleContext *context, const char *mailbox, const char *folder)
{
    const PdMailbox *found = pd_config_mailbox(context->config, mailbox);

    if (found == NULL)
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, "see mailboxes in postdesk.yaml",
                             "there is no mailbox %s", mailbox);
    if (folder != NULL)
        return collect_folder(context, found, folder);
    return collect_folders(context, found);
}
