/* intake.c: a batch of inbox rows, from raw bytes to one commit.
 *
 *   read all, look up all, ...    no lock; a step for all of them, then the next (work.h)
 *   some more                     while another process has the lock
 *   begin
 *     for each                    facts again, plan again if they changed, carry out
 *   commit                      the disk is not waited for: the next batch is read meanwhile
 *
 * I2 where a row fails, all is rolled back and the batch taken anew, each row in a savepoint: the
 *    one that fails ends in quarantine, so that the line never stops for it; a row that waits is
 *    left as it is. Hardly ever one fails, and a savepoint copies each page that its row changes.
 * I3 a row that has an outcome already is left alone.
 */
#include "desk/commit.h"
#include "desk/work.h"
#include "postdesk/killpoint.h"
#include "postdesk/log.h"

/* What a transaction's messages may weigh in memory; the rest follows in the next one. */
#define MOST_WEIGHT (16 * 1024 * 1024)
#define SOME_MORE 8 /* messages that are prepared between two tries to get the lock */

/* How much a transaction takes. */
typedef struct {
    guint rows;
    guint64 bytes; /* of raw mail; one message may have more */
} Limit;

static const Limit all = {G_MAXUINT, G_MAXUINT64};
static const Limit enough = {64, 4 << 20}; /* syncing to disk costs each of them little */
static const Limit most = {PD_DESK_MOST_ROWS, 8 << 20}; /* nobody waits long for the lock */

typedef struct {
    PdDesk *desk;
    PdInWork in_work;
    gpointer user;
    GPtrArray *rows;   /* of PdInboxRow * */
    guint next;        /* the first that is not in a batch yet */
    GPtrArray *works;  /* of PdWork *: this transaction's */
    GArray *committed; /* of PdCommitted, beside them */
    gsize weight;      /* of the works, in memory */
    guint64 bytes;     /* of their raw mails */
    gboolean apart;    /* each in a savepoint of its own: one of them fails */
} Batch;

static void note(const Batch *batch, gint64 inbox_id)
{
    if (batch->in_work != NULL)
        batch->in_work(inbox_id, batch->user);
}

static PdStatus *step(const Batch *batch, PdWork *work, PdWorkStep which)
{
    note(batch, work->row->id);
    PdStatus *status = pd_work_step(batch->desk, work, which);
    note(batch, 0);
    return status;
}

/* Whether the next row still belongs to this transaction: the first always does. */
static gboolean takes_next(const Batch *batch, Limit limit)
{
    if (batch->next == batch->rows->len)
        return FALSE;
    const PdInboxRow *row = g_ptr_array_index(batch->rows, batch->next);
    return batch->works->len == 0 ||
           (batch->works->len < limit.rows && batch->weight < MOST_WEIGHT &&
            batch->bytes + row->raw.length <= limit.bytes);
}

static PdStatus *read_some(Batch *batch, Limit limit)
{
    while (takes_next(batch, limit)) {
        const PdInboxRow *row = g_ptr_array_index(batch->rows, batch->next++);
        PdWork *work = pd_work_new(row);
        g_ptr_array_add(batch->works, work);
        PD_TRY(step(batch, work, PD_WORK_READ));
        batch->weight += pd_work_weight(work);
        batch->bytes += row->raw.length;
    }
    return NULL;
}

/* One step for all, then the next: what a step needs of the store and the rules stays in the
 * processor's cache from message to message. */
static PdStatus *prepare_some(Batch *batch, Limit limit)
{
    guint first = batch->works->len;

    PD_TRY(read_some(batch, limit));
    for (PdWorkStep which = PD_WORK_READ + 1; which < PD_WORK_STEPS; which++) {
        for (guint i = first; i < batch->works->len; i++)
            PD_TRY(step(batch, g_ptr_array_index(batch->works, i), which));
    }
    return NULL;
}

/* All look at the same state of the store: a look at a newer one would cost each of them the
 * store's locks and its cache, and what they saw is looked at again before the commit. */
static PdStatus *prepare(Batch *batch, Limit limit)
{
    PdStore *store = batch->desk->store;

    PD_TRY(pd_store_begin_read(store));
    PdStatus *status = prepare_some(batch, limit);
    pd_store_end_read(store);
    return status;
}

/* Whoever waits for the lock of another prepares some more messages meanwhile. */
static PdStatus *begin(Batch *batch)
{
    PdStore *store = batch->desk->store;

    while (takes_next(batch, most)) {
        gboolean is_busy = FALSE;
        PD_TRY(pd_store_try_begin(store, &is_busy));
        if (!is_busy)
            return NULL;
        const Limit some_more = {MIN(batch->works->len + SOME_MORE, most.rows), most.bytes};
        PD_TRY(prepare(batch, some_more));
    }
    return pd_store_begin(store);
}

static PdStatus *carry_out(PdDesk *desk, PdWork *work, PdCommitted *done)
{
    if (work->failure != NULL) {
        done->outcome = PD_OUTCOME_QUARANTINED;
        return pd_commit_quarantine(desk, work->row->id, work->failure);
    }
    PD_TRY(pd_work_look_again(desk, work));
    const PdPlanInput input = pd_work_input(desk, work);
    return pd_commit_plan(desk, &input, work->plan, done);
}

/* Carries out in a savepoint; a failure that is the message's own takes the savepoint back
 * and is kept in work->failure. */
static PdStatus *try_carry_out(PdDesk *desk, PdWork *work, PdCommitted *done)
{
    PD_TRY(pd_store_savepoint(desk->store));
    PdStatus *status = carry_out(desk, work, done);
    if (status == NULL)
        return pd_store_release(desk->store);
    PdStatus *spoilt = pd_store_rollback_savepoint(desk->store);
    if (spoilt != NULL || pd_status_spoils(status) == PD_SPOILS_STORE || work->failure != NULL) {
        pd_status_free(spoilt);
        return status;
    }
    *done = (PdCommitted){0};
    work->failure = g_strdup(pd_status_text(status));
    pd_status_free(status);
    return NULL;
}

static PdStatus *is_done_already(PdDesk *desk, gint64 inbox_id, gboolean *done)
{
    g_autoptr(PdInboxRow) row = NULL;

    PD_TRY(pd_inbox_get(desk->store, inbox_id, &row));
    *done = row == NULL || row->outcome != PD_OUTCOME_INBOX;
    return NULL;
}

static PdStatus *carry_out_apart(PdDesk *desk, PdWork *work, PdCommitted *done)
{
    PD_TRY(try_carry_out(desk, work, done));
    if (work->failure != NULL && done->outcome == PD_OUTCOME_INBOX)
        PD_TRY(try_carry_out(desk, work, done));
    return NULL;
}

static PdStatus *finish(const Batch *batch, PdWork *work, PdCommitted *done)
{
    gboolean is_done = FALSE;

    PD_TRY(is_done_already(batch->desk, work->row->id, &is_done));
    if (is_done)
        return NULL;
    return batch->apart ? carry_out_apart(batch->desk, work, done)
                        : carry_out(batch->desk, work, done);
}

static PdStatus *finish_all(Batch *batch)
{
    for (guint i = 0; i < batch->works->len; i++) {
        PdWork *work = g_ptr_array_index(batch->works, i);
        PdCommitted done = {0};
        note(batch, work->row->id);
        PdStatus *status = finish(batch, work, &done);
        note(batch, 0);
        if (status != NULL)
            return status;
        g_array_append_val(batch->committed, done);
    }
    return NULL;
}

/* In the transaction that was begun. */
static PdStatus *commit_all(Batch *batch)
{
    PdStore *store = batch->desk->store;

    PdStatus *status = finish_all(batch);
    if (status == NULL) {
        pd_durable_step("process.before-commit");
        status = pd_store_commit_ahead(store);
    }
    if (status != NULL)
        pd_store_rollback(store);
    else
        pd_durable_step("process.committed");
    return status;
}

static void count(const PdWork *work, const PdCommitted *done, PdProcessed *total)
{
    total->created += done->outcome == PD_OUTCOME_CREATED;
    total->appended += done->outcome == PD_OUTCOME_APPENDED;
    total->ignored += done->outcome == PD_OUTCOME_IGNORED;
    total->copies += done->is_copy;
    total->quarantined += done->outcome == PD_OUTCOME_QUARANTINED;
    total->waiting +=
        done->outcome == PD_OUTCOME_INBOX && work->plan != NULL && work->plan->act == PD_PLAN_WAIT;
    total->queued += done->queued;
}

static void log_line(const PdWork *work, const PdCommitted *done)
{
    static const char *const words[] = {
        [PD_OUTCOME_CREATED] = "ticket-created",
        [PD_OUTCOME_APPENDED] = "ticket-appended",
        [PD_OUTCOME_IGNORED] = "ignored",
        [PD_OUTCOME_QUARANTINED] = "quarantined",
    };
    g_autofree char *number = g_strdup_printf("#%" G_GINT64_FORMAT, work->row->id);
    const char *id = work->mail != NULL ? work->mail->message_id : NULL;
    const PdLogFields fields = {work->row->mailbox, id != NULL ? id : number, done->ticket};
    const PdPlan *plan = work->plan;

    if (done->outcome == PD_OUTCOME_INBOX)
        return;
    if (work->failure != NULL)
        pd_log(PD_LOG_WARNING, words[done->outcome], &fields, "%s", work->failure);
    else if (plan->reason != NULL)
        pd_log(PD_LOG_INFO, words[done->outcome], &fields, "%s", plan->reason);
    else if (plan->occasion != NULL)
        pd_log(PD_LOG_INFO, words[done->outcome], &fields, "%s to %s%s", plan->occasion,
               plan->answer.to->address, plan->is_held ? ", held" : "");
    else
        pd_log(PD_LOG_INFO, words[done->outcome], &fields, "no answer: %s", plan->answer.reason);
}

/* Others see it already, though the disk may still be at it. */
static void report(const Batch *batch, PdProcessed *total)
{
    for (guint i = 0; i < batch->works->len; i++) {
        const PdWork *work = g_ptr_array_index(batch->works, i);
        const PdCommitted *done = &g_array_index(batch->committed, PdCommitted, i);
        count(work, done, total);
        log_line(work, done);
    }
}

static PdStatus *try_batch(Batch *batch, Limit limit, PdProcessed *done)
{
    g_autoptr(GPtrArray) works = g_ptr_array_new_with_free_func((GDestroyNotify)pd_work_free);
    g_autoptr(GArray) committed = g_array_new(FALSE, FALSE, sizeof(PdCommitted));

    batch->works = works;
    batch->committed = committed;
    batch->weight = 0;
    batch->bytes = 0;
    PD_TRY(prepare(batch, limit));
    pd_durable_step("process.planned");
    PD_TRY(begin(batch));
    PD_TRY(commit_all(batch));
    report(batch, done);
    return NULL;
}

/* One transaction. limit: beyond it, rows are taken only where there is the time. */
static PdStatus *process_batch(Batch *batch, Limit limit, PdProcessed *done)
{
    guint first = batch->next;

    batch->apart = FALSE;
    PdStatus *status = try_batch(batch, limit, done);
    if (status == NULL || pd_status_spoils(status) == PD_SPOILS_STORE)
        return status;
    pd_status_free(status); /* it comes again, of the row whose it is */
    batch->next = first;
    batch->apart = TRUE;
    return try_batch(batch, limit, done);
}

PdStatus *pd_desk_process(PdDesk *desk, GPtrArray *rows, PdInWork in_work, gpointer user,
                          PdProcessed *done)
{
    Batch batch = {.desk = desk, .in_work = in_work, .user = user, .rows = rows};

    *done = (PdProcessed){0};
    while (batch.next < rows->len)
        PD_TRY(process_batch(&batch, all, done));
    return pd_store_settle(desk->store);
}

PdStatus *pd_desk_process_some(PdDesk *desk, GPtrArray *rows, guint *next, PdInWork in_work,
                               gpointer user, PdProcessed *done)
{
    Batch batch = {.desk = desk, .in_work = in_work, .user = user, .rows = rows, .next = *next};

    *done = (PdProcessed){0};
    PD_TRY(process_batch(&batch, enough, done));
    *next = batch.next;
    return NULL;
}

PdStatus *pd_desk_quarantine(PdDesk *desk, gint64 inbox_id, const char *reason)
{
    gboolean is_done = FALSE;

    PD_TRY(pd_store_begin(desk->store));
    PdStatus *status = is_done_already(desk, inbox_id, &is_done);
    if (status == NULL && !is_done)
        status = pd_commit_quarantine(desk, inbox_id, reason);
    if (status == NULL)
        status = pd_store_commit(desk->store);
    if (status != NULL) {
        pd_store_rollback(desk->store);
        return status;
    }
    if (is_done)
        return NULL;
    g_autofree char *number = g_strdup_printf("#%" G_GINT64_FORMAT, inbox_id);
    const PdLogFields fields = {.message = number};
    pd_log(PD_LOG_WARNING, "quarantined", &fields, "%s", reason);
    return NULL;
}
