/* process.c: the process role: inbox rows into tickets, batch by batch.
 *
 * A message whose processing killed the role is told by the supervisor (through the watch
 * cell): it is then processed alone, and quarantined when it kills the role again.
 *
 * Files are loaded anew in the background (reload.h); the old rules serve until the new ones are
 * there, and no message waits for them.
 */
#include "files.h"
#include "loader.h"
#include "postdesk/clock.h"
#include "postdesk/desk.h"
#include "postdesk/killpoint.h"
#include "postdesk/wake.h"
#include "reload.h"
#include "role.h"
#include "sandbox.h"
#include "signals.h"
#include "verifier.h"
#include "watch.h"
#include <malloc.h>

/* Many transactions: at its end a worker has nothing to prepare while others write. */
#define ROUND_ROWS 1024
#define FAULTS_TO_QUARANTINE 2
#define WAIT_FOR_OLDER (20 * 1000) /* microseconds: another worker has the older message */
#define MESSAGE_SECONDS 60         /* of processor time for one message */

typedef struct {
    PdRole role;
    guint worker, workers;
    PdConfig *own_config; /* after a reload, or of a copy; else NULL */
    PdDesk *desk;
    PdReload *reload;
    PdVerifier *verifier;
    PdWatch *watch;
    gint64 allowed_at; /* monotonic; when time was allowed last */
    gint64 cursor;     /* rows up to here were looked at since the first */
    guint waiting;     /* of these, rows that wait for older ones */
} Process;

/* Less than a second ago is as good as now: the limit counts whole seconds. */
static void allow_time(Process *process)
{
    gint64 now = pd_clock_monotonic();

    if (process->allowed_at != 0 && now - process->allowed_at < PD_SECOND)
        return;
    process->allowed_at = now;
    pd_sandbox_allow_time(MESSAGE_SECONDS);
}

static void note_in_work(gint64 inbox_id, gpointer user)
{
    Process *process = user;

    pd_watch_set(process->watch, inbox_id);
    if (inbox_id != 0)
        allow_time(process);
}

static void verify(const char *bytes, gsize length, PdMail *mail, gpointer user)
{
    Process *process = user;
    const PdConfig *config =
        process->own_config != NULL ? process->own_config : process->role.config;

    pd_verifier_verify(process->verifier, config->signature_keys, bytes, length, mail);
}

static void use_desk(Process *process, PdDesk *desk)
{
    process->desk = desk;
    pd_desk_set_verifier(desk, verify, process);
}

/* What was loaded in the background takes the place of what served until now. */
static void take_reloaded(Process *process)
{
    PdConfig *config = NULL;
    PdDesk *desk = pd_reload_take(process->reload, &config);

    if (desk == NULL)
        return;
    pd_reload_discard(process->reload, process->desk, process->own_config);
    use_desk(process, desk);
    process->own_config = config;
    pd_log(PD_LOG_INFO, "reloaded", NULL, "%u rules, %s", pd_rule_set_count(pd_desk_rules(desk)),
           pd_rule_set_hash(pd_desk_rules(desk)));
    pd_reload_compile(process->reload, desk);
}

/* Between two batches: never in the middle of one. */
static PdStatus *look_after_reload(Process *process)
{
    if (pd_signals_take_reload())
        pd_reload_start(process->reload);
    if (pd_reload_may_fork(process->reload))
        PD_TRY(pd_store_settle(process->role.store)); /* else a thread may be at it */
    take_reloaded(process);
    return NULL;
}

static PdStatus *count_fault(Process *process, gint64 inbox_id, guint *faults)
{
    PdStore *store = process->role.store;

    PD_TRY(pd_store_begin(store));
    PdStatus *status = pd_inbox_add_fault(store, inbox_id, faults);
    if (status == NULL)
        status = pd_store_commit(store);
    if (status != NULL)
        pd_store_rollback(store);
    return status;
}

static PdStatus *process_alone(Process *process, gint64 inbox_id)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)pd_inbox_row_free);
    PdInboxRow *row = NULL;
    PdProcessed done = {0};

    PD_TRY(pd_inbox_get(process->role.store, inbox_id, &row));
    if (row == NULL)
        return NULL;
    g_ptr_array_add(rows, row);
    if (row->outcome != PD_OUTCOME_INBOX)
        return NULL;
    return pd_desk_process(process->desk, rows, note_in_work, process, &done);
}

/* The message that the last process of this worker had in work when a fault ended it. */
static PdStatus *look_after_fault(Process *process)
{
    gint64 inbox_id = pd_watch_get(process->watch);
    guint faults = 0;

    if (inbox_id == 0)
        return NULL;
    PD_TRY(count_fault(process, inbox_id, &faults));
    pd_watch_set(process->watch, 0);
    if (faults >= FAULTS_TO_QUARANTINE)
        return pd_desk_quarantine(process->desk, inbox_id,
                                  "processing it ended the process role by a fault, twice");
    return process_alone(process, inbox_id);
}

static void knock(const Process *process, const PdProcessed *done)
{
    const char *state = process->role.config->state;

    if (done->queued > 0)
        pd_wake_knock(state, "deliver");
    if (done->created + done->appended + done->copies > 0) /* timers moved, or bytes to share */
        pd_wake_knock(state, "clock");
}

static PdStatus *process_rows(Process *process, GPtrArray *rows)
{
    guint next = 0;

    while (next < rows->len && !pd_signals_stop_asked()) {
        PdProcessed done = {0};
        PD_TRY(look_after_reload(process));
        PD_TRY(pd_desk_process_some(process->desk, rows, &next, note_in_work, process, &done));
        process->cursor = ((const PdInboxRow *)g_ptr_array_index(rows, next - 1))->id;
        process->waiting += done.waiting;
        knock(process, &done);
    }
    return NULL;
}

/* One look at the inbox. *found says whether there was anything to look at. */
static PdStatus *one_round(Process *process, gboolean *found)
{
    g_autoptr(GPtrArray) rows = NULL;

    PD_TRY(pd_inbox_next(process->role.store, process->cursor, process->worker, process->workers,
                         ROUND_ROWS, &rows));
    *found = rows->len > 0;
    return process_rows(process, rows);
}

static void rest(Process *process)
{
    pd_store_rest(process->role.store);
    malloc_trim(0); /* what a large message took goes back */
}

static PdStatus *work(Process *process, gboolean once)
{
    while (!pd_signals_stop_asked()) {
        gboolean found = FALSE;
        PD_TRY(look_after_reload(process));
        PD_TRY(one_round(process, &found));
        if (found)
            continue;
        gboolean again = process->waiting > 0;
        PD_TRY(pd_store_settle(process->role.store));
        process->cursor = 0;
        process->waiting = 0;
        if (!again && once)
            return NULL;
        if (!again)
            rest(process);
        pd_signals_wait(process->role.wake, again ? WAIT_FOR_OLDER : -1);
    }
    return pd_store_settle(process->role.store);
}

static PdStatus *run(Process *process, const PdRoleContext *context)
{
    g_autofree char *name = g_strdup_printf("process.%u", process->worker);

    PD_TRY(pd_verifier_start(context->program, &process->verifier));
    PD_TRY(pd_role_begin(&process->role, context, name));
    PD_TRY(pd_watch_open(context->config->state, process->worker, &process->watch));
    PD_TRY(pd_files_desk(&process->role, &process->own_config, &process->desk));
    use_desk(process, process->desk);
    PD_TRY(pd_sandbox_enter(PD_SANDBOX_LOCAL));
    PD_TRY(look_after_fault(process));
    process->reload = pd_reload_new(&process->role);
    if (!context->once) {
        pd_signals_watch_children();
        pd_reload_compile(process->reload, process->desk);
    }
    return work(process, context->once);
}

PdStatus *pd_worker_with(const PdRoleContext *context, guint worker, guint workers, PdDesk *desk)
{
    Process process = {.worker = worker, .workers = workers, .desk = desk};

    PdStatus *status = run(&process, context);
    if (process.watch != NULL)
        pd_watch_set(process.watch, 0);
    pd_reload_free(process.reload);
    pd_desk_free(process.desk);
    pd_config_free(process.own_config);
    pd_verifier_free(process.verifier);
    pd_watch_close(process.watch);
    pd_role_end(&process.role);
    return status;
}

PdStatus *pd_role_process(const PdRoleContext *context, guint worker, guint workers)
{
    return pd_worker_with(context, worker, workers, NULL);
}
