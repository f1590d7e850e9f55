/* loader.c: what the workers and the clock work by is loaded once, and they are forked with it. */
#include "loader.h"

#include "children.h"
#include "postdesk/log.h"
#include "postdesk/title.h"
#include "prefork.h"
#include "signals.h"

/* It shows the command line that it would have, had it been started alone. */
static void show_as(const PdRoleContext *context, const char *const *arguments)
{
    g_auto(GStrv) command = pd_children_command(context->config, context->program, arguments);

    pd_title_set((const char *const *)command);
}

static PdStatus *be_worker(const PdRoleContext *context, guint worker, guint workers, PdDesk *desk)
{
    g_autofree char *number = g_strdup_printf("%u", worker);
    g_autofree char *count = g_strdup_printf("%u", workers);
    const char *arguments[] = {"process", number, count, NULL};

    show_as(context, arguments);
    return pd_worker_with(context, worker, workers, desk);
}

static PdStatus *be_clock(const PdRoleContext *context, PdDesk *desk)
{
    const char *arguments[] = {"clock", NULL};

    pd_log_set_role("clock");
    show_as(context, arguments);
    return pd_clock_with(context, desk);
}

/* Where the files have mistakes each role is better off alone: it knows what then serves. */
PdStatus *pd_role_prefork(const PdRoleContext *context, guint workers)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdDesk) desk = context->is_copy ? NULL : pd_desk_new(context->config, NULL, list);
    guint number = 0;

    if (desk == NULL || pd_signals_stop_asked())
        return NULL;
    PD_TRY(pd_prefork(context->supervisor, workers + 1, &number));
    if (number == workers)
        return be_clock(context, g_steal_pointer(&desk));
    return be_worker(context, number, workers, g_steal_pointer(&desk));
}
