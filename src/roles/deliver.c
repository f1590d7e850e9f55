/* deliver.c: the deliver role: outbox rows to the relay, results back.
 *
 * I5: a row's way is claimed (durable) → dot (journal) → answer (journal) → result (durable).
 * The results of a batch and the claim of the next are one commit; until the journal is begun
 * anew after it, it says of the rows just claimed, rightly, that none was begun.
 * A role that died is read back from the journal: rows whose dot had not gone out are
 * queued again, answered ones get their answer, the rest is unknown and follows the
 * relay's policy.
 */
#include "claimed.h"
#include "postdesk/clock.h"
#include "postdesk/killpoint.h"
#include "postdesk/outbox.h"
#include "postdesk/relay.h"
#include "role.h"
#include "sandbox.h"
#include "signals.h"
#include "trouble.h"
#include "vault.h"
#include <string.h>

#define BATCH 128
#define DEAF_PAUSE (5 * PD_SECOND) /* of a pause; then who knocks is heard */
#define KEEP_OPEN (20 * PD_SECOND) /* an idle connection */
#define CODE_CLOSING 421           /* RFC 5321, 3.8: the server shuts the connection */

typedef struct {
    PdRole role;
    const PdRoleContext *context;
    const PdRelayConfig *relay_config;
    PdJournal *journal;
    PdRelay *relay;    /* NULL: not connected */
    gint64 idle_since; /* monotonic; when the connection was last used */
    PdTrouble trouble;
    guint accepted; /* mails that the relay took over this connection */
    PdClaimed claimed;
} Deliver;

/* Commits what is known of the claimed rows, and with it the claim of at most so many that
 * are due by now, in place of those. */
static PdStatus *settle_and_claim(Deliver *deliver, guint most)
{
    GPtrArray *next = NULL;

    PD_TRY(pd_claimed_settle(&deliver->claimed, most, &next));
    if (next == NULL)
        return NULL;
    pd_claimed_replace(&deliver->claimed, next);
    pd_journal_start(deliver->journal); /* the results of the batch before are durable */
    return NULL;
}

static PdStatus *settle(Deliver *deliver)
{
    return settle_and_claim(deliver, 0);
}

static PdStatus *claim(Deliver *deliver)
{
    GPtrArray *rows = NULL;

    pd_journal_start(deliver->journal); /* the results of the batch before are durable */
    PD_TRY(pd_outbox_claim(deliver->role.store, pd_clock_now(), BATCH, &rows));
    pd_durable_step("deliver.claimed");
    pd_claimed_replace(&deliver->claimed, rows);
    return NULL;
}

static void recover_row(Deliver *deliver, const PdOutboxRow *row)
{
    g_autofree char *reply = NULL;
    int code = 0;

    switch (pd_journal_look(deliver->journal, row->id, &code, &reply)) {
    case PD_JOURNAL_NOT_BEGUN:
        pd_claimed_give_back(&deliver->claimed, row);
        break;
    case PD_JOURNAL_ANSWERED:
        pd_claimed_answer(&deliver->claimed, row, code, TRUE, reply);
        break;
    case PD_JOURNAL_DOT:
        pd_claimed_answer(&deliver->claimed, row, 0, TRUE,
                          "the process ended after the mail may have gone out");
        break;
    }
}

static PdStatus *recover(Deliver *deliver)
{
    GPtrArray *left = NULL;

    PD_TRY(pd_outbox_left_sending(deliver->role.store, &left));
    pd_claimed_replace(&deliver->claimed, left);
    for (guint i = 0; i < deliver->claimed.rows->len; i++)
        recover_row(deliver, g_ptr_array_index(deliver->claimed.rows, i));
    return settle(deliver);
}

/* The mail that may have gone out, 0: none. Whether it did is waited for, whoever wants us to stop;
 * others may have their results meanwhile, those that the relay cannot be given. */
static gint64 dot_out_of;

static gboolean may_give_up(void)
{
    return pd_signals_stop_asked() && dot_out_of == 0;
}

static void on_before_dot(gint64 id, gpointer user)
{
    Deliver *deliver = user;

    dot_out_of = id;
    pd_durable_step("deliver.before-dot");
    pd_journal_before_dot(deliver->journal, id);
    pd_durable_step("deliver.dot-noted");
}

/* A relay takes so many mails over one connection and then ends it, or we do when we stop. The mail
 * at hand is not at fault and is the first one over the next connection. (Had it been refused so
 * before any other was taken, it may be at fault, and must not be the first one again.) */
static gboolean is_end_of_connection(const Deliver *deliver, const PdRelayResult *result)
{
    gboolean is_lost = result->code == 0 && !result->dot_out;

    return (deliver->accepted > 0 && (result->code == CODE_CLOSING || is_lost)) ||
           (is_lost && pd_signals_stop_asked());
}

static void on_result(const PdRelayResult *result, gpointer user)
{
    Deliver *deliver = user;
    const PdOutboxRow *row = pd_claimed_row(&deliver->claimed, result->id);

    if (result->id == dot_out_of)
        dot_out_of = 0;
    pd_durable_step("deliver.answered");
    if (result->code != 0)
        pd_journal_answered(deliver->journal, result->id, result->code, result->reply);
    deliver->accepted += result->code >= 200 && result->code < 300;
    if (result->code == 0 && result->dot_out)
        deliver->accepted = 0; /* a relay that loses mails deserves its pauses */
    if (row == NULL)
        return;
    if (is_end_of_connection(deliver, result))
        pd_claimed_give_back(&deliver->claimed, row);
    else
        pd_claimed_answer(&deliver->claimed, row, result->code, result->dot_out, result->reply);
}

static PdStatus *send_claimed(Deliver *deliver)
{
    g_autofree PdRelayMail *mails = g_new0(PdRelayMail, deliver->claimed.rows->len);
    const PdRelaySink sink = {on_before_dot, on_result, deliver};

    for (guint i = 0; i < deliver->claimed.rows->len; i++) {
        const PdOutboxRow *row = g_ptr_array_index(deliver->claimed.rows, i);
        mails[i].id = row->id;
        mails[i].envelope_from = row->envelope_from;
        mails[i].recipient = row->recipient;
        mails[i].bytes = g_bytes_get_data(row->mail, &mails[i].length);
    }
    return pd_relay_send(deliver->relay, mails, deliver->claimed.rows->len, &sink);
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
    deliver->accepted = 0;
    return status;
}

/* Mails that waited for the relay longer than configured are given up, whether it can be
 * reached or not. */
static PdStatus *give_up_old(Deliver *deliver, const char *why)
{
    gint64 now = pd_clock_now();
    gint64 since = 0;

    PD_TRY(pd_outbox_waits_since(deliver->role.store, &since));
    if (since == 0 || now - since < deliver->relay_config->retry_for)
        return NULL;
    PD_TRY(claim(deliver));
    for (guint i = 0; i < deliver->claimed.rows->len; i++) {
        const PdOutboxRow *row = g_ptr_array_index(deliver->claimed.rows, i);
        if (now - row->tried_since >= deliver->relay_config->retry_for)
            pd_claimed_answer(&deliver->claimed, row, 0, FALSE, why);
    }
    pd_claimed_give_back_rest(&deliver->claimed);
    return settle(deliver);
}

static PdStatus *claim_and_send(Deliver *deliver)
{
    PD_TRY(claim(deliver));
    while (deliver->claimed.rows->len > 0) {
        PdStatus *lost = send_claimed(deliver);
        pd_claimed_give_back_rest(&deliver->claimed);
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
    if (*due <= pd_clock_now() + PD_LONGEST_RETRY)
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
        PD_TRY(pd_trouble_over(&deliver->trouble));
        deliver->idle_since = pd_clock_monotonic();
    }
    return NULL;
}

/* How long nothing is to do: until a mail is due or an idle connection is to be closed. */
static PdStatus *time_to_wait(Deliver *deliver, gint64 *wait)
{
    gint64 due = 0;

    PD_TRY(pd_outbox_next_due(deliver->role.store, &due));
    *wait = due == 0 ? -1 : CLAMP(due - pd_clock_now(), 0, PD_LONGEST_RETRY);
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

/* The relay took mails over this connection before it ended it. */
static gboolean is_relay_closed(const Deliver *deliver, const PdStatus *status)
{
    return status != NULL && pd_status_spoils(status) != PD_SPOILS_STORE && deliver->accepted > 0;
}

/* No pause: a relay that takes few mails over a connection must not become a slow one. */
static PdStatus *after_close(Deliver *deliver, PdStatus *status)
{
    const PdLogFields fields = {.mailbox = deliver->relay_config->name};

    pd_log(PD_LOG_INFO, "relay-closed", &fields, "after %u mails: %s", deliver->accepted,
           pd_status_text(status));
    pd_status_free(status);
    disconnect(deliver);
    return pd_trouble_over(&deliver->trouble);
}

/* New mails must not make a relay that is down be tried with each of them; an admin who mended it
 * need not wait for the end of the pause. For a password that was mended he reloads. */
static void pause_after_failure(const Deliver *deliver, const PdStatus *status, gint64 pause)
{
    const PdServer *server = &deliver->relay_config->server;
    gint64 deaf = pd_role_password_was_refused(server, status) ? pause : MIN(pause, DEAF_PAUSE);

    pd_signals_wait(-1, deaf);
    if (pause > deaf)
        pd_signals_wait(deliver->role.wake, pause - deaf);
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
    gint64 pause = pd_trouble_failed(&deliver->trouble, status);
    PD_TRY(give_up_old(deliver, pd_status_text(status)));
    pause_after_failure(deliver, status, pause);
    return NULL;
}

/* By us, who are to stop: nothing to tell of. */
static gboolean is_cut_short(const PdStatus *status)
{
    return status != NULL && pd_signals_stop_asked() && pd_status_spoils(status) != PD_SPOILS_STORE;
}

static PdStatus *work(Deliver *deliver)
{
    while (!pd_signals_stop_asked() && !pd_signals_take_reload()) {
        gint64 wait = -1;
        close_when_idle(deliver);
        PdStatus *status = send_due(deliver);
        if (is_relay_closed(deliver, status)) {
            PD_TRY(after_close(deliver, status));
            continue;
        }
        if (deliver->context->once)
            return status;
        if (is_cut_short(status))
            g_clear_pointer(&status, pd_status_free);
        if (status != NULL) {
            PD_TRY(after_failure(deliver, status));
            continue;
        }
        PD_TRY(time_to_wait(deliver, &wait));
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

/* Nothing goes out after a restore before somebody says so. */
static PdStatus *tell_held(const Deliver *deliver)
{
    const PdLogFields fields = {.mailbox = deliver->relay_config->name};
    gboolean held = FALSE;

    PD_TRY(pd_outbox_is_held(deliver->role.store, &held));
    if (held)
        pd_log(PD_LOG_WARNING, "outbox-held", &fields,
               "no mail goes out since a restore: stop the desk, run postdesk reconcile, which "
               "releases it, and start it again");
    return NULL;
}

static PdStatus *run(Deliver *deliver)
{
    PD_TRY(pd_role_begin(&deliver->role, deliver->context, "deliver"));
    deliver->role.mailbox = deliver->relay_config->name;
    PD_TRY(pd_trouble_begin(&deliver->trouble, &deliver->role, &deliver->relay_config->server));
    PD_TRY(pd_journal_open(deliver->role.store, &deliver->journal));
    if (deliver->context->supervisor >= 0) {
        pd_relay_give_up_when(may_give_up);
        PD_TRY(pd_sandbox_enter(PD_SANDBOX_NETWORK));
    }
    PD_TRY(recover(deliver));
    PD_TRY(tell_held(deliver));
    return work(deliver);
}

PdStatus *pd_role_deliver(const PdRoleContext *context, const char *relay)
{
    Deliver deliver = {.context = context, .relay_config = find_relay(context->config, relay)};

    if (deliver.relay_config == NULL)
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, "see relays in postdesk.yaml",
                             "there is no relay %s", relay != NULL ? relay : "configured");
    deliver.trouble = (PdTrouble){.kind = "relay", .what = "relay"};
    deliver.trouble.subject = deliver.relay_config->name;
    pd_claimed_begin(&deliver.claimed, &deliver.role, deliver.relay_config);
    PdStatus *status = run(&deliver);
    if (status != NULL)
        status = pd_status_prefix(status, "relay %s", deliver.relay_config->name);
    disconnect(&deliver);
    pd_journal_free(deliver.journal);
    pd_claimed_end(&deliver.claimed);
    pd_role_end(&deliver.role);
    return status;
}
