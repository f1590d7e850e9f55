/* clock.c: the clock role: what must happen by itself.
 *
 * It sleeps until somebody knocks or the next timer is due: mails alarms that other roles noted to
 * the admin, tells once a day what still waits for a person, warns of targets and escalates them,
 * hands over at changes of shift, writes the mails about what was gathered, indexes what came,
 * lets old sent mails go, and sees to it that what came several times lies on the disk once. After
 * a knock it waits a little, so that many mails in a row wake it once, and while mail waits to be
 * processed it leaves the store to those who process it: what the clock writes can be some seconds
 * late, an answer cannot.
 */
#include "postdesk/clock.h"
#include "files.h"
#include "loader.h"
#include "postdesk/desk.h"
#include "postdesk/inbox.h"
#include "postdesk/log.h"
#include "postdesk/outbox.h"
#include "postdesk/pending.h"
#include "postdesk/search.h"
#include "postdesk/timers.h"
#include "postdesk/wake.h"
#include "printer.h"
#include "role.h"
#include "sandbox.h"
#include "sharer.h"
#include "signals.h"
#include <unistd.h>

#define LOOK_EVERY PD_HOUR
#define NICENESS 10
#define SETTLE (PD_SECOND / 2)
#define GATHER (2 * PD_SECOND)
#define INDEX_BATCH 50
#define LET_GO_BATCH 200
#define SHARING_ROUND (10 * PD_SECOND)
#define PATIENCE (20 * PD_SECOND) /* with mail that waits */
#define PATIENCE_STEP (PD_SECOND / 4)

typedef struct {
    PdRole role;
    PdConfig *own_config; /* of a copy; else NULL */
    PdDesk *desk;
    PdPrinter *printer;
    PdSharer sharer;
    gint64 patience; /* until when it gives way; monotonic */
} Clock;

/* At the start, though there is mostly nothing to mail: what is good now may be broken when an
 * alarm is to tell of it. */
static PdStatus *load_desk(Clock *watch)
{
    PD_TRY(pd_files_desk(&watch->role, &watch->own_config, &watch->desk));
    if (watch->own_config != NULL)
        watch->role.config = watch->own_config;
    return NULL;
}

static PdStatus *mail_alarms(Clock *watch)
{
    guint mailed = 0;

    PD_TRY(pd_desk_mail_alarms(watch->desk, &mailed));
    if (mailed > 0)
        pd_wake_knock(watch->role.config->state, "deliver");
    return NULL;
}

static PdStatus *tell_unknown_mails(Clock *watch)
{
    gint64 count = 0, oldest = 0;

    PD_TRY(pd_outbox_count(watch->role.store, PD_MAIL_UNKNOWN, &count, &oldest));
    if (count == 0)
        return NULL;
    g_autofree char *text = g_strdup_printf(
        "%" G_GINT64_FORMAT
        " mails are held until you decide: they may have gone out, or answer old mail of a "
        "mailbox that was numbered anew or of a restored desk. postdesk outbox --state unknown "
        "lists them with the reason, postdesk outbox retry ID sends one again, postdesk outbox "
        "drop ID gives it up.",
        count);
    pd_role_alarm(&watch->role, "outbox-unknown", "outbox", text,
                  pd_json_set_int(pd_json_object(), "count", count));
    return NULL;
}

/* Forms that commands asked for, one by one: each takes seconds. */
static PdStatus *mail_forms(Clock *watch)
{
    gboolean more = TRUE;
    guint mailed = 0;

    while (more && !pd_signals_stop_asked())
        PD_TRY(pd_desk_mail_forms(watch->desk, pd_printer_make, watch->printer, &mailed, &more));
    if (mailed > 0)
        pd_wake_knock(watch->role.config->state, "deliver");
    return NULL;
}

/* Until no mail waits to be processed, or patience is at its end. */
static PdStatus *give_way(Clock *watch)
{
    gboolean waiting = TRUE;

    while (!pd_signals_stop_asked() && pd_clock_monotonic() < watch->patience) {
        PD_TRY(pd_inbox_older_waiting(watch->role.store, G_MAXINT64, &waiting));
        if (!waiting)
            return NULL;
        pd_signals_wait(-1, PATIENCE_STEP);
    }
    return NULL;
}

static PdStatus *tell_gathered(Clock *watch, guint *mailed)
{
    gboolean more = TRUE;

    while (more && !pd_signals_stop_asked()) {
        PD_TRY(give_way(watch));
        PD_TRY(pd_desk_tell_gathered(watch->desk, mailed, &more));
    }
    return NULL;
}

static void take_earlier(gint64 *next, gint64 at)
{
    if (at != 0 && (*next == 0 || at < *next))
        *next = at;
}

/* *next: when there is something to do again. */
static PdStatus *run_timers(Clock *watch, gint64 *next)
{
    guint mailed = 0;
    gboolean more = TRUE;
    gint64 timer = 0;

    PD_TRY(pd_desk_hand_over(watch->desk, &mailed, next));
    while (more && !pd_signals_stop_asked()) {
        PD_TRY(give_way(watch));
        PD_TRY(pd_desk_run_timers(watch->desk, &mailed, &more));
    }
    PD_TRY(tell_gathered(watch, &mailed));
    if (mailed > 0)
        pd_wake_knock(watch->role.config->state, "deliver");
    PD_TRY(pd_timers_next(watch->role.store, &timer));
    take_earlier(next, timer);
    PD_TRY(pd_pending_next(watch->role.store, &timer));
    take_earlier(next, timer);
    return NULL;
}

static PdStatus *index_words(Clock *watch)
{
    gboolean more = TRUE;

    while (more && !pd_signals_stop_asked()) {
        PD_TRY(give_way(watch));
        PD_TRY(pd_search_index(watch->role.store, INDEX_BATCH, &more));
    }
    for (more = TRUE; more && !pd_signals_stop_asked();) {
        PD_TRY(give_way(watch));
        PD_TRY(pd_search_merge(watch->role.store, &more));
    }
    return NULL;
}

/* Many, as after an upgrade, do not keep timers waiting; nor does a failure, which only a run that
 * ends with it returns. */
static PdStatus *share_bytes(Clock *watch, gboolean once, gint64 *next)
{
    gint64 until = once ? G_MAXINT64 : pd_clock_monotonic() + SHARING_ROUND;
    gboolean more = pd_sharer_pause(&watch->sharer) == 0;
    g_autoptr(PdStatus) failed = NULL;

    while (more && !pd_signals_stop_asked() && pd_clock_monotonic() <= until) {
        PD_TRY(give_way(watch));
        failed = pd_sharer_step(&watch->sharer, &watch->role, &more);
    }
    gint64 pause = pd_sharer_pause(&watch->sharer);
    if (more || pause > 0)
        take_earlier(next, pd_clock_now() + pause);
    return once ? g_steal_pointer(&failed) : NULL;
}

static PdStatus *let_sent_mails_go(Clock *watch)
{
    gint64 kept = watch->role.config->keep_sent;
    gboolean more = kept != 0;

    while (more && !pd_signals_stop_asked()) {
        PD_TRY(give_way(watch));
        PD_TRY(pd_outbox_let_go(watch->role.store, pd_clock_now() - kept, LET_GO_BATCH, &more));
    }
    return NULL;
}

static void wait(Clock *watch, gint64 next)
{
    gint64 pause = next != 0 ? next - pd_clock_now() : LOOK_EVERY;

    pd_signals_wait(watch->role.wake, CLAMP(pause, 0, LOOK_EVERY));
    if (!pd_signals_stop_asked())
        pd_signals_wait(-1, GATHER);
}

static PdStatus *work(Clock *watch, gboolean once)
{
    do {
        gint64 next = 0;
        watch->patience = once ? 0 : pd_clock_monotonic() + PATIENCE;
        PD_TRY(tell_unknown_mails(watch));
        PD_TRY(pd_desk_watch_year(watch->desk));
        PD_TRY(pd_desk_watch_duty(watch->desk));
        PD_TRY(run_timers(watch, &next));
        PD_TRY(mail_alarms(watch));
        PD_TRY(mail_forms(watch));
        PD_TRY(index_words(watch));
        PD_TRY(let_sent_mails_go(watch));
        PD_TRY(share_bytes(watch, once, &next));
        if (once || pd_signals_stop_asked())
            return NULL;
        wait(watch, next);
    } while (!pd_signals_stop_asked() && !pd_signals_take_reload());
    return NULL;
}

/* Where mail waited for the desk to start, the clock, and the rules that it may have to load, can
 * wait. */
static PdStatus *let_others_start(Clock *watch)
{
    (void)!nice(NICENESS);
    pd_signals_wait(-1, SETTLE);
    watch->patience = pd_clock_monotonic() + PATIENCE;
    return give_way(watch);
}

static PdStatus *run(Clock *watch, const PdRoleContext *context)
{
    PD_TRY(pd_printer_start(&watch->printer));
    PD_TRY(pd_role_begin(&watch->role, context, "clock"));
    if (context->supervisor >= 0)
        PD_TRY(let_others_start(watch));
    PD_TRY(load_desk(watch));
    PD_TRY(pd_sandbox_enter(PD_SANDBOX_LOCAL));
    return work(watch, context->once);
}

PdStatus *pd_clock_with(const PdRoleContext *context, PdDesk *desk)
{
    Clock watch = {.desk = desk};

    PdStatus *status = run(&watch, context);
    pd_desk_free(watch.desk);
    pd_printer_free(watch.printer);
    pd_role_end(&watch.role);
    pd_config_free(watch.own_config);
    return status;
}

PdStatus *pd_role_clock(const PdRoleContext *context)
{
    return pd_clock_with(context, NULL);
}
