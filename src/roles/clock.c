/* clock.c: the clock role: what must happen by itself.
 *
 * It sleeps until somebody knocks or the next timer is due: mails alarms that other
 * roles noted to the admin, and tells once a day what still waits for a person.
 */
#include "postdesk/clock.h"
#include "postdesk/desk.h"
#include "postdesk/outbox.h"
#include "postdesk/wake.h"
#include "role.h"
#include "sandbox.h"
#include "signals.h"

#define LOOK_EVERY (3600 * PD_SECOND)

typedef struct {
    PdRole role;
    PdDesk *desk;
} Clock;

static PdStatus *need_desk(Clock *watch)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    if (watch->desk != NULL)
        return NULL;
    watch->desk = pd_desk_new(watch->role.config, watch->role.store, list);
    return watch->desk != NULL ? NULL : pd_diagnostics_status(list);
}

static PdStatus *mail_alarms(Clock *watch)
{
    g_autoptr(GPtrArray) due = NULL;
    guint mailed = 0;

    PD_TRY(pd_store_alarms_to_mail(watch->role.store, &due));
    if (due->len == 0)
        return NULL;
    PD_TRY(need_desk(watch));
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
        "%" G_GINT64_FORMAT " mails may or may not have gone out and wait for your decision: "
        "postdesk outbox --state unknown lists them, postdesk outbox retry ID sends one again, "
        "postdesk outbox drop ID gives it up.",
        count);
    pd_role_alarm(&watch->role, "outbox-unknown", "outbox", text);
    return NULL;
}

static PdStatus *work(Clock *watch, gboolean once)
{
    do {
        PD_TRY(tell_unknown_mails(watch));
        PD_TRY(mail_alarms(watch));
        if (once || pd_signals_stop_asked())
            return NULL;
        pd_signals_wait(watch->role.wake, LOOK_EVERY);
    } while (!pd_signals_stop_asked() && !pd_signals_take_reload());
    return NULL;
}

static PdStatus *run(Clock *watch, const PdRoleContext *context)
{
    gboolean held = FALSE;

    PD_TRY(pd_role_begin(&watch->role, context, "clock"));
    /* Before it is needed: that the files are broken meanwhile is one of the alarms. */
    if (!context->once)
        PD_TRY(need_desk(watch));
    PD_TRY(pd_sandbox_enter(PD_SANDBOX_LOCAL, &held));
    return work(watch, context->once);
}

PdStatus *pd_role_clock(const PdRoleContext *context)
{
    Clock watch = {.desk = NULL};

    PdStatus *status = run(&watch, context);
    pd_desk_free(watch.desk);
    pd_role_end(&watch.role);
    return status;
}
