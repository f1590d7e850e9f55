/* claimed.c: see claimed.h.
 *
 * I5: what is known of a row is durable before another row is claimed in its place: both are one
 * commit.
 */
#include "claimed.h"

#include "postdesk/clock.h"
#include "postdesk/killpoint.h"
#include "postdesk/text.h"
#include <string.h>

#define FIRST_RETRY PD_MINUTE
#define MOST_ALARMS 5 /* for one mail each, in ALARM_SPAN; more of them are told together */
#define ALARM_SPAN PD_HOUR

typedef struct {
    gint64 id;
    PdMailState state;
    char *reply;
    gint64 next_at;
} Result;

static void clear_result(gpointer data)
{
    g_free(((Result *)data)->reply);
}

void pd_claimed_begin(PdClaimed *claimed, PdRole *role, const PdRelayConfig *relay)
{
    claimed->role = role;
    claimed->relay = relay;
    claimed->rows = g_ptr_array_new_with_free_func((GDestroyNotify)pd_outbox_row_free);
    claimed->results = g_array_new(FALSE, TRUE, sizeof(Result));
    g_array_set_clear_func(claimed->results, clear_result);
}

void pd_claimed_end(PdClaimed *claimed)
{
    g_array_unref(claimed->results);
    g_ptr_array_unref(claimed->rows);
}

void pd_claimed_replace(PdClaimed *claimed, GPtrArray *rows)
{
    g_array_set_size(claimed->results, 0);
    g_ptr_array_unref(claimed->rows);
    claimed->rows = rows;
}

PdOutboxRow *pd_claimed_row(const PdClaimed *claimed, gint64 id)
{
    for (guint i = 0; i < claimed->rows->len; i++) {
        PdOutboxRow *row = g_ptr_array_index(claimed->rows, i);
        if (row->id == id)
            return row;
    }
    return NULL;
}

/* 4xx and lost connections: later, for as long as configured. */
static PdMailState later(const PdClaimed *claimed, const PdOutboxRow *row, gint64 *next_at)
{
    gint64 now = pd_clock_now();

    if (now - row->tried_since >= claimed->relay->retry_for)
        return PD_MAIL_FAILED;
    *next_at = now + pd_clock_backoff(row->attempts, FIRST_RETRY, PD_LONGEST_RETRY);
    return PD_MAIL_RETRY;
}

/* Sent again with growing pauses and not for ever: each time a copy may have gone out. */
static PdMailState by_unknown_policy(const PdClaimed *claimed, const PdOutboxRow *row,
                                     gint64 *next_at)
{
    switch (claimed->relay->unknown) {
    case PD_UNKNOWN_RESEND:
        return later(claimed, row, next_at);
    case PD_UNKNOWN_DROP:
        return PD_MAIL_DROPPED;
    case PD_UNKNOWN_HOLD:
        break;
    }
    return PD_MAIL_UNKNOWN;
}

static PdMailState state_of(const PdClaimed *claimed, const PdOutboxRow *row, int code,
                            gboolean dot_out, gint64 *next_at)
{
    if (code >= 200 && code < 300)
        return PD_MAIL_SENT;
    if (code >= 500)
        return PD_MAIL_FAILED;
    if (code == 0 && dot_out)
        return by_unknown_policy(claimed, row, next_at);
    return later(claimed, row, next_at);
}

/* One line for each delivery: recipient, relay, delay, result. */
static void log_result(const PdClaimed *claimed, const PdOutboxRow *row, PdMailState state,
                       const char *reply)
{
    const PdLogFields fields = {
        .mailbox = claimed->relay->name, .message = row->message_id, .ticket = row->ticket};
    double delay = (double)(pd_clock_now() - row->created_at) / PD_SECOND;
    PdLogLevel level = state == PD_MAIL_SENT ? PD_LOG_INFO : PD_LOG_WARNING;

    pd_log(level, pd_mail_state_name(state), &fields, "to %s after %.3f s: %s", row->recipient,
           delay, reply);
}

void pd_claimed_answer(PdClaimed *claimed, const PdOutboxRow *row, int code, gboolean dot_out,
                       const char *reply)
{
    Result result = {.id = row->id, .reply = pd_text_fold_space(reply)};

    result.state = state_of(claimed, row, code, dot_out, &result.next_at);
    g_array_append_val(claimed->results, result);
    log_result(claimed, row, result.state, reply);
}

/* A relay that refuses our sender refuses every mail: that is one trouble and not a thousand. */
static gboolean may_alarm_alone(PdClaimed *claimed)
{
    gint64 now = pd_clock_monotonic();

    if (claimed->alarms_since == 0 || now - claimed->alarms_since > ALARM_SPAN) {
        claimed->alarms_since = now;
        claimed->alarms = 0;
    }
    return claimed->alarms++ < MOST_ALARMS;
}

static void alarm_together(PdClaimed *claimed, const char *kind, const char *what,
                           const Result *result)
{
    g_autofree char *text = g_strdup_printf(
        "Many mails %s; the last one got: %s. This is told once a day: postdesk outbox --state %s "
        "lists all of them.",
        what, result->reply, pd_mail_state_name(result->state));

    PdJson *facts = pd_json_set_text(pd_json_object(), "relay", claimed->relay->name);
    pd_role_alarm(claimed->role, kind, claimed->relay->name, text,
                  pd_json_set_text(facts, "reply", result->reply));
}

/* What the admin does about a mail whose id is known. */
static char *what_to_do(const Result *result)
{
    if (result->state == PD_MAIL_UNKNOWN)
        return g_strdup_printf(
            "It may have gone out, so it is held. Look whether it arrived, then: "
            "postdesk outbox retry %" G_GINT64_FORMAT ", or postdesk outbox drop %" G_GINT64_FORMAT,
            result->id, result->id);
    return g_strdup_printf("It will not be tried again by itself.\nTo send it anew: postdesk "
                           "outbox retry %" G_GINT64_FORMAT,
                           result->id);
}

static void alarm_alone(PdClaimed *claimed, const char *kind, const PdOutboxRow *row,
                        const Result *result)
{
    PdJson *facts = pd_json_set_int(pd_json_object(), "mail", row->id);
    g_autofree char *ticket = row->ticket != 0
                                  ? g_strdup_printf(" of ticket #%" G_GINT64_FORMAT, row->ticket)
                                  : g_strdup("");
    g_autofree char *to_do = what_to_do(result);
    g_autofree char *text = g_strdup_printf("Mail %" G_GINT64_FORMAT "%s to %s: %s\n%s", row->id,
                                            ticket, row->recipient, result->reply, to_do);

    if (row->ticket != 0)
        pd_json_set_int(facts, "ticket", row->ticket);
    pd_json_set_text(facts, "recipient", row->recipient);
    pd_json_set_text(facts, "reply", result->reply);
    pd_role_alarm(claimed->role, kind, row->recipient, text, facts);
}

/* A mail about an alarm mail that does not get through would not either: the log and the outbox
 * have it. */
static gboolean is_alarm(const PdOutboxRow *row)
{
    return strcmp(row->purpose, "alarm") == 0;
}

static void alarm_about(PdClaimed *claimed, const Result *result)
{
    const PdOutboxRow *row = pd_claimed_row(claimed, result->id);
    gboolean unknown = result->state == PD_MAIL_UNKNOWN;
    const char *kind = unknown ? "mail-unknown" : "mail-failed";

    if (row == NULL || is_alarm(row) || (result->state != PD_MAIL_FAILED && !unknown))
        return;
    if (!may_alarm_alone(claimed)) {
        alarm_together(claimed, kind, unknown ? "may or may not have gone out" : "failed", result);
        return;
    }
    alarm_alone(claimed, kind, row, result);
}

static PdStatus *write_results(PdClaimed *claimed)
{
    for (guint i = 0; i < claimed->results->len; i++) {
        const Result *result = &g_array_index(claimed->results, Result, i);
        PD_TRY(pd_outbox_result(claimed->role->store, result->id, result->state, result->reply,
                                result->next_at));
    }
    return NULL;
}

static PdStatus *write_results_and_claim(PdClaimed *claimed, guint most, GPtrArray **next)
{
    PD_TRY(write_results(claimed));
    return most > 0 ? pd_outbox_claim(claimed->role->store, pd_clock_now(), most, next) : NULL;
}

static PdStatus *commit_results(PdClaimed *claimed, guint most, GPtrArray **next)
{
    PdStore *store = claimed->role->store;

    pd_durable_step("deliver.before-results");
    PD_TRY(pd_store_begin(store));
    PdStatus *status = write_results_and_claim(claimed, most, next);
    if (status == NULL)
        status = pd_store_commit(store);
    if (status != NULL)
        pd_store_rollback(store);
    else
        pd_durable_step("deliver.results");
    return status;
}

PdStatus *pd_claimed_settle(PdClaimed *claimed, guint most, GPtrArray **next)
{
    *next = NULL;
    if (claimed->results->len > 0) {
        PdStatus *status = commit_results(claimed, most, next);
        if (status != NULL) {
            g_clear_pointer(next, g_ptr_array_unref);
            return status;
        }
        for (guint i = 0; i < claimed->results->len; i++)
            alarm_about(claimed, &g_array_index(claimed->results, Result, i));
    }
    g_array_set_size(claimed->results, 0);
    g_ptr_array_set_size(claimed->rows, 0);
    return NULL;
}

void pd_claimed_give_back(PdClaimed *claimed, const PdOutboxRow *row)
{
    Result back = {.id = row->id, .state = PD_MAIL_QUEUED};

    g_array_append_val(claimed->results, back);
}

static gboolean has_result(const PdClaimed *claimed, gint64 id)
{
    for (guint i = 0; i < claimed->results->len; i++) {
        if (g_array_index(claimed->results, Result, i).id == id)
            return TRUE;
    }
    return FALSE;
}

void pd_claimed_give_back_rest(PdClaimed *claimed)
{
    for (guint i = 0; i < claimed->rows->len; i++) {
        const PdOutboxRow *row = g_ptr_array_index(claimed->rows, i);
        if (!has_result(claimed, row->id))
            pd_claimed_give_back(claimed, row);
    }
}
