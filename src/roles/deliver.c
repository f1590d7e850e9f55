/* deliver.c: the deliver role: outbox rows to the relay, results back.
 *
 * I5: a row's way is claimed (durable) → dot (journal) → answer (journal) → result (durable).
 * The results of a batch and the claim of the next are one commit; until the journal is begun
 * anew after it, it says of the rows just claimed, rightly, that none was begun.
 * A role that died is read back from the journal: rows whose dot had not gone out are
 * queued again, answered ones get their answer, the rest is unknown and follows the
 * relay's policy.
 */
#include "postdesk/clock.h"
#include "postdesk/killpoint.h"
#include "postdesk/outbox.h"
#include "postdesk/relay.h"
#include "role.h"
#include "sandbox.h"
#include "signals.h"
#include "vault.h"
#include <string.h>

#define BATCH 128
#define FIRST_RETRY (60 * PD_SECOND)
#define LONGEST_RETRY (3600 * PD_SECOND)
#define FIRST_PAUSE (1 * PD_SECOND) /* after a failed connection */
#define LONGEST_PAUSE (300 * PD_SECOND)
#define KEEP_OPEN (20 * PD_SECOND) /* an idle connection */
#define FAILURES_TO_ALARM 5

typedef struct {
    gint64 id;
    PdMailState state;
    char *reply;
    gint64 next_at;
} Result;

typedef struct {
    PdRole role;
    const PdRoleContext *context;
    const PdRelayConfig *relay_config;
    PdJournal *journal;
    PdRelay *relay;    /* NULL: not connected */
    gint64 idle_since; /* monotonic; when the connection was last used */
    guint failures;    /* connections failed in a row */
    GPtrArray *rows;   /* claimed */
    GArray *results;   /* of Result, for claimed rows */
} Deliver;

static void clear_result(gpointer data)
{
    g_free(((Result *)data)->reply);
}

static PdOutboxRow *claimed_row(const Deliver *deliver, gint64 id)
{
    for (guint i = 0; i < deliver->rows->len; i++) {
        PdOutboxRow *row = g_ptr_array_index(deliver->rows, i);
        if (row->id == id)
            return row;
    }
    return NULL;
}

/* 4xx and lost connections: later, for as long as configured. */
static PdMailState later(const Deliver *deliver, const PdOutboxRow *row, gint64 *next_at)
{
    gint64 now = pd_clock_now();

    if (now - row->created_at >= deliver->relay_config->retry_for)
        return PD_MAIL_FAILED;
    *next_at = now + pd_clock_backoff(row->attempts, FIRST_RETRY, LONGEST_RETRY);
    return PD_MAIL_RETRY;
}

/* Sent again with growing pauses and not for ever: each time a copy may have gone out. */
static PdMailState by_unknown_policy(const Deliver *deliver, const PdOutboxRow *row,
                                     gint64 *next_at)
{
    switch (deliver->relay_config->unknown) {
    case PD_UNKNOWN_RESEND:
        return later(deliver, row, next_at);
    case PD_UNKNOWN_DROP:
        return PD_MAIL_FAILED;
    case PD_UNKNOWN_HOLD:
        break;
    }
    return PD_MAIL_UNKNOWN;
}

static PdMailState state_of(const Deliver *deliver, const PdOutboxRow *row, int code,
                            gboolean dot_out, gint64 *next_at)
{
    if (code >= 200 && code < 300)
        return PD_MAIL_SENT;
    if (code >= 500)
        return PD_MAIL_FAILED;
    if (code == 0 && dot_out)
        return by_unknown_policy(deliver, row, next_at);
    return later(deliver, row, next_at);
}

/* One line for each delivery: recipient, relay, delay, result. */
static void log_result(const Deliver *deliver, const PdOutboxRow *row, PdMailState state,
                       const char *reply)
{
    const PdLogFields fields = {
        .mailbox = deliver->relay_config->name, .message = row->message_id, .ticket = row->ticket};
    double delay = (double)(pd_clock_now() - row->created_at) / PD_SECOND;
    PdLogLevel level = state == PD_MAIL_SENT ? PD_LOG_INFO : PD_LOG_WARNING;

    pd_log(level, pd_mail_state_name(state), &fields, "to %s after %.3f s: %s", row->recipient,
           delay, reply);
}

static void add_result(Deliver *deliver, const PdOutboxRow *row, int code, gboolean dot_out,
                       const char *reply)
{
    Result result = {.id = row->id, .reply = g_strdup(reply)};

    result.state = state_of(deliver, row, code, dot_out, &result.next_at);
    g_array_append_val(deliver->results, result);
    log_result(deliver, row, result.state, reply);
}

static void alarm_about(Deliver *deliver, const Result *result)
{
    const PdOutboxRow *row = claimed_row(deliver, result->id);
    gboolean unknown = result->state == PD_MAIL_UNKNOWN;

    if (row == NULL || (result->state != PD_MAIL_FAILED && !unknown))
        return;
    g_autofree char *text = g_strdup_printf(
        "Mail %" G_GINT64_FORMAT " of ticket #%" G_GINT64_FORMAT " to %s: %s. %s", row->id,
        row->ticket, row->recipient, result->reply,
        unknown ? "It may have gone out, so it is held. Look whether it arrived, then: postdesk "
                  "outbox retry ID, or postdesk outbox drop ID."
                : "It will not be tried again by itself: postdesk outbox retry ID sends it anew.");
    pd_role_alarm(&deliver->role, unknown ? "mail-unknown" : "mail-failed", row->recipient, text);
}

static PdStatus *write_results(Deliver *deliver)
{
    for (guint i = 0; i < deliver->results->len; i++) {
        const Result *result = &g_array_index(deliver->results, Result, i);
        PD_TRY(pd_outbox_result(deliver->role.store, result->id, result->state, result->reply,
                                result->next_at));
    }
    return NULL;
}

static PdStatus *write_results_and_claim(Deliver *deliver, guint most, GPtrArray **next)
{
    PD_TRY(write_results(deliver));
    return most > 0 ? pd_outbox_claim(deliver->role.store, pd_clock_now(), most, next) : NULL;
}

static PdStatus *commit_results(Deliver *deliver, guint most, GPtrArray **next)
{
    PdStore *store = deliver->role.store;

    pd_durable_step("deliver.before-results");
    PD_TRY(pd_store_begin(store));
    PdStatus *status = write_results_and_claim(deliver, most, next);
    if (status == NULL)
        status = pd_store_commit(store);
    if (status != NULL)
        pd_store_rollback(store);
    else
        pd_durable_step("deliver.results");
    return status;
}

/* Commits what is known of the claimed rows, and with it the claim of at most so many that
 * are due by now, in place of those. */
static PdStatus *settle_and_claim(Deliver *deliver, guint most)
{
    GPtrArray *next = NULL;

    if (deliver->results->len > 0) {
        PdStatus *status = commit_results(deliver, most, &next);
        if (status != NULL) {
            g_clear_pointer(&next, g_ptr_array_unref);
            return status;
        }
        for (guint i = 0; i < deliver->results->len; i++)
            alarm_about(deliver, &g_array_index(deliver->results, Result, i));
    }
    g_array_set_size(deliver->results, 0);
    g_ptr_array_set_size(deliver->rows, 0);
    if (next != NULL) {
        g_ptr_array_unref(deliver->rows);
        deliver->rows = next;
        pd_journal_start(deliver->journal); /* the results of the batch before are durable */
    }
    return NULL;
}

static PdStatus *settle(Deliver *deliver)
{
    return settle_and_claim(deliver, 0);
}

static gboolean has_result(const Deliver *deliver, gint64 id)
{
    for (guint i = 0; i < deliver->results->len; i++) {
        if (g_array_index(deliver->results, Result, i).id == id)
            return TRUE;
    }
    return FALSE;
}

/* Claimed rows that were not begun are queued as before. */
static void give_back_rest(Deliver *deliver)
{
    for (guint i = 0; i < deliver->rows->len; i++) {
        const PdOutboxRow *row = g_ptr_array_index(deliver->rows, i);
        Result result = {.id = row->id, .state = PD_MAIL_QUEUED};
        if (!has_result(deliver, row->id))
            g_array_append_val(deliver->results, result);
    }
}

static PdStatus *claim(Deliver *deliver)
{
    GPtrArray *rows = NULL;

    pd_journal_start(deliver->journal); /* the results of the batch before are durable */
    PD_TRY(pd_outbox_claim(deliver->role.store, pd_clock_now(), BATCH, &rows));
    pd_durable_step("deliver.claimed");
    g_ptr_array_unref(deliver->rows);
    deliver->rows = rows;
    return NULL;
}

static void recover_row(Deliver *deliver, const PdOutboxRow *row)
{
    g_autofree char *reply = NULL;
    int code = 0;
    Result back = {.id = row->id, .state = PD_MAIL_QUEUED};

    switch (pd_journal_look(deliver->journal, row->id, &code, &reply)) {
    case PD_JOURNAL_NOT_BEGUN:
        g_array_append_val(deliver->results, back);
        break;
    case PD_JOURNAL_ANSWERED:
        add_result(deliver, row, code, TRUE, reply);
        break;
    case PD_JOURNAL_DOT:
        add_result(deliver, row, 0, TRUE, "the process ended after the mail may have gone out");
        break;
    }
}

static PdStatus *recover(Deliver *deliver)
{
    g_autoptr(GPtrArray) left = NULL;

    PD_TRY(pd_outbox_left_sending(deliver->role.store, &left));
    g_ptr_array_unref(deliver->rows);
    deliver->rows = g_steal_pointer(&left);
    for (guint i = 0; i < deliver->rows->len; i++)
        recover_row(deliver, g_ptr_array_index(deliver->rows, i));
    return settle(deliver);
}

static void on_before_dot(gint64 id, gpointer user)
{
    Deliver *deliver = user;

    pd_durable_step("deliver.before-dot");
    pd_journal_before_dot(deliver->journal, id);
    pd_durable_step("deliver.dot-noted");
}

static void on_result(const PdRelayResult *result, gpointer user)
{
    Deliver *deliver = user;
    const PdOutboxRow *row = claimed_row(deliver, result->id);

    pd_durable_step("deliver.answered");
    if (result->code != 0)
        pd_journal_answered(deliver->journal, result->id, result->code, result->reply);
    if (row != NULL)
        add_result(deliver, row, result->code, result->dot_out, result->reply);
}

static PdStatus *send_claimed(Deliver *deliver)
{
    g_autofree PdRelayMail *mails = g_new0(PdRelayMail, deliver->rows->len);
    const PdRelaySink sink = {on_before_dot, on_result, deliver};

    for (guint i = 0; i < deliver->rows->len; i++) {
        const PdOutboxRow *row = g_ptr_array_index(deliver->rows, i);
        mails[i].id = row->id;
        mails[i].envelope_from = row->envelope_from;
        mails[i].recipient = row->recipient;
        mails[i].bytes = g_bytes_get_data(row->mail, &mails[i].length);
    }
    return pd_relay_send(deliver->relay, mails, deliver->rows->len, &sink);
}

static void disconnect(Deliver *deliver)
{
    g_clear_pointer(&deliver->relay, pd_relay_close);
}

static PdStatus *open_relay(Deliver *deliver, gboolean renewed)
{
    g_autoptr(PdSecret) secret = NULL;

    PD_TRY(pd_vault_ask(deliver->context, &deliver->relay_config->server, renewed, &secret));
    return pd_relay_open(deliver->relay_config, secret, &deliver->relay);
}

static PdStatus *connect_relay(Deliver *deliver)
{
    if (deliver->relay != NULL)
        return NULL;
    PdStatus *status = open_relay(deliver, FALSE);
    if (status != NULL && pd_status_spoils(status) == PD_SPOILS_MAILBOX &&
        pd_secret_is_renewable(&deliver->relay_config->server)) {
        pd_status_free(status);
        status = open_relay(deliver, TRUE);
    }
    return status;
}

/* Mails that waited for the relay longer than configured are given up, whether it can be
 * reached or not. */
static PdStatus *give_up_old(Deliver *deliver, const char *why)
{
    gint64 now = pd_clock_now();
    gint64 due = 0;

    PD_TRY(pd_outbox_next_due(deliver->role.store, &due));
    if (due == 0 || now - due < deliver->relay_config->retry_for)
        return NULL;
    PD_TRY(claim(deliver));
    for (guint i = 0; i < deliver->rows->len; i++) {
        const PdOutboxRow *row = g_ptr_array_index(deliver->rows, i);
        if (now - row->created_at >= deliver->relay_config->retry_for)
            add_result(deliver, row, 0, FALSE, why);
    }
    give_back_rest(deliver);
    return settle(deliver);
}

static PdStatus *claim_and_send(Deliver *deliver)
{
    PD_TRY(claim(deliver));
    while (deliver->rows->len > 0) {
        PdStatus *lost = send_claimed(deliver);
        give_back_rest(deliver);
        gboolean goes_on = lost == NULL && !pd_signals_stop_asked();
        PdStatus *status = settle_and_claim(deliver, goes_on ? BATCH : 0);
        if (status == NULL)
            status = lost;
        else
            pd_status_free(lost);
        PD_TRY(status);
    }
    return NULL;
}

/* When the next mail is due. No pause is longer than the longest one: if it seems so, the
 * clock was set back, and what was due by the old time is due now. */
static PdStatus *find_due(Deliver *deliver, gint64 *due)
{
    PdStore *store = deliver->role.store;

    PD_TRY(pd_outbox_next_due(store, due));
    if (*due <= pd_clock_now() + LONGEST_RETRY)
        return NULL;
    PD_TRY(pd_store_begin(store));
    PdStatus *status = pd_outbox_clock_set_back(store);
    if (status == NULL)
        status = pd_store_commit(store);
    if (status == NULL)
        return pd_outbox_next_due(store, due);
    pd_store_rollback(store);
    return status;
}

/* Sends all that is due. */
static PdStatus *send_due(Deliver *deliver)
{
    gint64 due = 0;

    while (!pd_signals_stop_asked()) {
        PD_TRY(find_due(deliver, &due));
        if (due == 0 || due > pd_clock_now())
            return NULL;
        PD_TRY(connect_relay(deliver));
        PD_TRY(claim_and_send(deliver));
        deliver->failures = 0;
        deliver->idle_since = pd_clock_monotonic();
    }
    return NULL;
}

/* How long nothing is to do: until a mail is due or an idle connection is to be closed. */
static PdStatus *time_to_wait(Deliver *deliver, gint64 *wait)
{
    gint64 due = 0;

    PD_TRY(pd_outbox_next_due(deliver->role.store, &due));
    *wait = due == 0 ? -1 : CLAMP(due - pd_clock_now(), 0, LONGEST_RETRY);
    if (deliver->relay != NULL && (*wait < 0 || *wait > KEEP_OPEN))
        *wait = KEEP_OPEN;
    return NULL;
}

static void close_when_idle(Deliver *deliver)
{
    gint64 idle = pd_clock_monotonic() - deliver->idle_since;

    if (deliver->relay == NULL)
        return;
    if (idle >= KEEP_OPEN) {
        disconnect(deliver);
        return;
    }
    if (idle < PD_SECOND)
        return;
    g_autoptr(PdStatus) status = pd_relay_check(deliver->relay);
    if (status != NULL)
        disconnect(deliver);
}

/* A spoilt store ends the role; a relay that is gone is told and tried again. */
static PdStatus *after_failure(Deliver *deliver, PdStatus *failed)
{
    g_autoptr(PdStatus) status = failed;
    const PdLogFields fields = {.mailbox = deliver->relay_config->name};

    if (pd_status_spoils(status) == PD_SPOILS_STORE)
        return g_steal_pointer(&status);
    disconnect(deliver);
    pd_log_status(PD_LOG_WARNING, "relay-failed", &fields, status);
    deliver->failures++;
    if (deliver->failures == FAILURES_TO_ALARM || !pd_status_may_retry(status))
        pd_role_alarm(&deliver->role, "relay", deliver->relay_config->name, pd_status_text(status));
    PD_TRY(give_up_old(deliver, pd_status_text(status)));
    return NULL;
}

static PdStatus *work(Deliver *deliver)
{
    while (!pd_signals_stop_asked() && !pd_signals_take_reload()) {
        gint64 wait = -1;
        close_when_idle(deliver);
        PdStatus *status = send_due(deliver);
        if (deliver->context->once)
            return status;
        if (status != NULL) {
            PD_TRY(after_failure(deliver, status));
            wait = pd_clock_backoff(deliver->failures, FIRST_PAUSE, LONGEST_PAUSE);
        } else {
            PD_TRY(time_to_wait(deliver, &wait));
        }
        pd_signals_wait(deliver->role.wake, wait);
    }
    return NULL;
}

static const PdRelayConfig *find_relay(const PdConfig *config, const char *name)
{
    for (guint i = 0; i < config->relays->len; i++) {
        const PdRelayConfig *relay = g_ptr_array_index(config->relays, i);
        if (name == NULL || strcmp(relay->name, name) == 0)
            return relay;
    }
    return NULL;
}

static PdStatus *run(Deliver *deliver)
{
    gboolean held = FALSE;

    PD_TRY(pd_role_begin(&deliver->role, deliver->context, "deliver"));
    PD_TRY(pd_journal_open(deliver->role.store, &deliver->journal));
    if (deliver->context->supervisor >= 0)
        PD_TRY(pd_sandbox_enter(PD_SANDBOX_NETWORK, &held));
    PD_TRY(recover(deliver));
    return work(deliver);
}

PdStatus *pd_role_deliver(const PdRoleContext *context, const char *relay)
{
    Deliver deliver = {.context = context, .relay_config = find_relay(context->config, relay)};

    if (deliver.relay_config == NULL)
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, "see relays in postdesk.yaml",
                             "there is no relay %s", relay != NULL ? relay : "configured");
    deliver.rows = g_ptr_array_new_with_free_func((GDestroyNotify)pd_outbox_row_free);
    deliver.results = g_array_new(FALSE, TRUE, sizeof(Result));
    g_array_set_clear_func(deliver.results, clear_result);
    PdStatus *status = run(&deliver);
    if (status != NULL)
        status = pd_status_prefix(status, "relay %s", deliver.relay_config->name);
    disconnect(&deliver);
    pd_journal_free(deliver.journal);
    g_array_unref(deliver.results);
    g_ptr_array_unref(deliver.rows);
    pd_role_end(&deliver.role);
    return status;
}
