/* process.c: the process role: inbox rows into tickets, batch by batch.
 *
 * A message whose processing killed the role is told by the supervisor (through the watch
 * cell): it is then processed alone, and quarantined when it kills the role again. No other worker
 * takes it meanwhile: it would end all of them.
 *
 * Files are loaded anew in the background (reload.h); the old rules serve until the new ones are
 * there, and no message waits for them.
 */
#include "files.h"
#include "loader.h"
#include "portion.h"
#include "postdesk/clock.h"
#include "postdesk/desk.h"
#include "postdesk/killpoint.h"
#include "postdesk/outbox.h"
#include "postdesk/wake.h"
#include "reload.h"
#include "role.h"
#include "sandbox.h"
#include "signals.h"
#include "verifier.h"
#include "watches.h"
#include <malloc.h>

#define FAULTS_TO_QUARANTINE 2
#define FIRST_NAP (2 * 1000) /* microseconds: what there is, or what it waits for, others have */
#define LONGEST_NAP (256 * 1000)
#define LOOK_COSTS 4 /* a look in vain is followed by as many times its own time */
#define LONGEST_AFTER_LOOK PD_SECOND
#define MESSAGE_SECONDS 60 /* of processor time for one message */

typedef struct {
    PdRole role;
    guint worker, workers;
    PdConfig *own_config; /* after a reload, or of a copy; else NULL */
    PdDesk *desk;
    PdReload *reload;
    PdVerifier *verifier;
    PdWatches *watches;
    PdPortion *portion;
    gint64 allowed_at; /* monotonic; when time was allowed last */
    gint64 cursor;     /* rows up to here were looked at since the first; 0: none */
    gint64 looked;     /* microseconds spent at these rows */
    gboolean moved;    /* one of these at least is done now */
    guint nap;         /* microseconds; doubles where nothing moves */
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

    pd_watch_set(pd_watches_own(process->watches), inbox_id);
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

/* What was mailed may be an alarm, of which done does not tell. */
static void knock(const Process *process, const PdProcessed *done)
{
    const char *state = process->role.config->state;

    if (pd_outbox_take_queued(process->role.store) > 0)
        pd_wake_knock(state, "deliver");
    if (done->created + done->appended + done->copies > 0) /* timers moved, or bytes to share */
        pd_wake_knock(state, "clock");
}

/* Who took it when it became free sees the cell and gives it back. FALSE where a stop came first.
 */
static PdStatus *take_from_dead(Process *process, gint64 inbox_id, gboolean *taken)
{
    *taken = FALSE;
    while (!*taken && !pd_signals_stop_asked()) {
        PD_TRY(pd_portion_take_one(process->portion, inbox_id, taken));
        if (!*taken)
            pd_signals_wait(-1, FIRST_NAP);
    }
    return NULL;
}

static PdStatus *process_alone(Process *process, gint64 inbox_id)
{
    g_autoptr(GPtrArray) rows = NULL;
    PdProcessed done = {0};
    gboolean taken;

    PD_TRY(take_from_dead(process, inbox_id, &taken));
    if (!taken)
        return NULL;
    PD_TRY(pd_inbox_between(process->role.store, inbox_id, inbox_id, 1, &rows));
    PdStatus *status = pd_desk_process(process->desk, rows, note_in_work, process, &done);
    pd_portion_give_back(process->portion);
    knock(process, &done);
    return status;
}

/* The admin is mailed of it. */
static PdStatus *quarantine(Process *process, gint64 inbox_id)
{
    const PdProcessed done = {.quarantined = 1};

    PD_TRY(pd_desk_quarantine(process->desk, inbox_id,
                              "processing it ended the process role by a fault, twice"));
    knock(process, &done);
    return NULL;
}

/* The message that the last process of this worker had in work when a fault ended it. */
static PdStatus *look_after_fault(Process *process)
{
    PdWatch *watch = pd_watches_own(process->watches);
    gint64 inbox_id = pd_watch_get(watch);
    guint faults = 0;

    if (inbox_id == 0)
        return NULL;
    PD_TRY(count_fault(process, inbox_id, &faults));
    PdStatus *status = faults >= FAULTS_TO_QUARANTINE ? quarantine(process, inbox_id)
                                                      : process_alone(process, inbox_id);
    pd_watch_set(watch, 0);
    return status;
}

static gint64 last_of(const GArray *ids)
{
    return g_array_index(ids, gint64, ids->len - 1);
}

/* Those of the rows that were taken which are still to be done. */
static PdStatus *read_taken(const Process *process, const GArray *taken, GPtrArray **rows)
{
    gint64 first = g_array_index(taken, gint64, 0);
    guint place = taken->len;

    PD_TRY(pd_inbox_between(process->role.store, first, last_of(taken), G_MAXUINT, rows));
    for (guint i = (*rows)->len; i-- > 0;) {
        gint64 id = ((const PdInboxRow *)g_ptr_array_index(*rows, i))->id;
        while (place > 0 && g_array_index(taken, gint64, place - 1) > id)
            place--;
        if (place == 0 || g_array_index(taken, gint64, place - 1) != id)
            g_ptr_array_remove_index(*rows, i);
    }
    return NULL;
}

/* One transaction; what it leaves is taken anew, with others. */
static PdStatus *process_taken(Process *process, const GArray *taken)
{
    g_autoptr(GPtrArray) rows = NULL;
    PdProcessed done = {0};
    guint next = 0;

    PD_TRY(read_taken(process, taken, &rows));
    process->cursor = last_of(taken);
    if (rows->len == 0) /* others did them meanwhile */
        return NULL;
    PD_TRY(pd_desk_process_some(process->desk, rows, &next, note_in_work, process, &done));
    process->cursor = ((const PdInboxRow *)g_ptr_array_index(rows, next - 1))->id;
    process->moved |= done.waiting < next;
    knock(process, &done);
    return NULL;
}

/* What others have in work, or what ended them, is none of this worker's share. */
static void leave_to_others(const Process *process, GArray *ids)
{
    for (guint i = ids->len; i-- > 0;) {
        if (pd_watches_is_anothers(process->watches, g_array_index(ids, gint64, i)))
            g_array_remove_index(ids, i);
    }
}

/* Whoever had it died since: it is its successor's. */
static void give_back_of_the_dead(const Process *process, GArray *taken)
{
    for (guint i = taken->len; i-- > 0;) {
        gint64 inbox_id = g_array_index(taken, gint64, i);
        if (!pd_watches_is_anothers(process->watches, inbox_id))
            continue;
        pd_portion_give_back_one(process->portion, inbox_id);
        g_array_remove_index(taken, i);
    }
}

/* One look at the inbox, behind the last one; *found: anything was there. */
static PdStatus *one_round(Process *process, gboolean *found)
{
    g_autoptr(GArray) ids = NULL;
    g_autoptr(GArray) taken = NULL;

    PD_TRY(pd_inbox_waiting(process->role.store, process->cursor, pd_portion_look(process->workers),
                            &ids));
    *found = ids->len > 0;
    if (!*found)
        return NULL;
    process->cursor = last_of(ids);
    leave_to_others(process, ids);
    PD_TRY(pd_portion_take(process->portion, ids, process->workers, &taken));
    give_back_of_the_dead(process, taken);
    if (taken->len == 0)
        return NULL;
    gint64 began = pd_clock_monotonic();
    PdStatus *status = process_taken(process, taken);
    pd_portion_give_back(process->portion);
    process->looked += pd_clock_monotonic() - began;
    return status;
}

static void rest(Process *process)
{
    pd_store_rest(process->role.store);
    malloc_trim(0); /* what a large message took goes back */
    process->nap = 0;
    pd_signals_wait(process->role.wake, -1);
}

/* Large mails that wait are read at each look. TRUE: something came meanwhile. */
static gboolean nap(Process *process)
{
    gint64 after_look = MIN(process->looked * LOOK_COSTS, LONGEST_AFTER_LOOK);

    process->nap = CLAMP(process->nap * 2, FIRST_NAP, LONGEST_NAP);
    return pd_signals_wait(process->role.wake, MAX(process->nap, after_look));
}

/* From the front: what others have is theirs only until they die. What came is taken first. */
static void look_again(Process *process)
{
    if (process->moved)
        process->nap = 0;
    else if (nap(process))
        return;
    process->cursor = 0;
    process->looked = 0;
    process->moved = FALSE;
}

/* Rests only where the inbox is empty; once: until a look from the front moves nothing. */
static PdStatus *work(Process *process, gboolean once)
{
    while (!pd_signals_stop_asked()) {
        gboolean found = FALSE;
        PD_TRY(look_after_reload(process));
        PD_TRY(one_round(process, &found));
        if (found)
            continue;
        PD_TRY(pd_store_settle(process->role.store));
        if (once && !process->moved)
            return NULL;
        if (process->cursor != 0)
            look_again(process);
        else
            rest(process);
    }
    return pd_store_settle(process->role.store);
}

static PdStatus *run(Process *process, const PdRoleContext *context)
{
    g_autofree char *name = g_strdup_printf("process.%u", process->worker);

    PD_TRY(pd_verifier_start(context->program, &process->verifier));
    PD_TRY(pd_role_begin(&process->role, context, name));
    PD_TRY(pd_watches_open(context->config->state, process->worker,
                           context->once ? 0 : process->workers, &process->watches));
    PD_TRY(pd_portion_open(context->config->state, &process->portion));
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
    if (process.watches != NULL)
        pd_watch_set(pd_watches_own(process.watches), 0);
    pd_reload_free(process.reload);
    pd_desk_free(process.desk);
    pd_config_free(process.own_config);
    pd_verifier_free(process.verifier);
    pd_watches_close(process.watches);
    pd_portion_close(process.portion);
    pd_role_end(&process.role);
    return status;
}

PdStatus *pd_role_process(const PdRoleContext *context, guint worker, guint workers)
{
    return pd_worker_with(context, worker, workers, NULL);
}
