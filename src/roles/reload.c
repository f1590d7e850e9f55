/* reload.c: see reload.h. */
#include "reload.h"

#include "files.h"
#include "postdesk/wake.h"
#include "signals.h"
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define NICENESS 10       /* of what is done beside mail */
#define LOCK_PATIENCE 300 /* tries, of a second each, while another worker compiles */

struct pd_reload {
    const PdRole *role;
    GThread *thread; /* NULL: nothing is being loaded */
    gint done;       /* set by the thread, at last */
    gboolean again;  /* asked for meanwhile */
    PdConfig *config;
    PdDesk *desk;             /* the thread's, until it is done */
    pid_t child;              /* that compiles; 0: none */
    GThread *discarding;      /* NULL: nothing is being freed */
    gint discarded;           /* set by that thread, at last */
    const PdDesk *to_compile; /* once no thread runs */
};

/* What a thread frees. */
typedef struct {
    PdReload *reload;
    PdDesk *desk;
    PdConfig *config;
} Discarded;

PdReload *pd_reload_new(const PdRole *role)
{
    PdReload *reload = g_new0(PdReload, 1);

    reload->role = role;
    return reload;
}

static void drop(PdReload *reload)
{
    g_clear_pointer(&reload->desk, pd_desk_free);
    g_clear_pointer(&reload->config, pd_config_free);
}

void pd_reload_free(PdReload *reload)
{
    if (reload == NULL)
        return;
    if (reload->thread != NULL)
        g_thread_join(reload->thread);
    if (reload->discarding != NULL)
        g_thread_join(reload->discarding);
    drop(reload);
    if (reload->child > 0) {
        kill(reload->child, SIGKILL); /* what it writes is replaced whole or not at all */
        waitpid(reload->child, NULL, 0);
    }
    g_free(reload);
}

/* Of this thread (Linux), so that mail does not wait while thousands of rules are read. */
static void give_way_to_mail(void)
{
    setpriority(PRIO_PROCESS, 0, NICENESS);
}

/* Nothing is shared with the desk that serves: the store is not touched but for its folder. */
static gpointer load(gpointer data)
{
    PdReload *reload = data;

    give_way_to_mail();
    reload->desk = pd_files_desk_anew(reload->role, &reload->config);
    g_atomic_int_set(&reload->done, TRUE);
    pd_wake_knock(reload->role->config->state, reload->role->name);
    return NULL;
}

void pd_reload_start(PdReload *reload)
{
    if (reload->thread != NULL) {
        reload->again = TRUE;
        return;
    }
    g_atomic_int_set(&reload->done, FALSE);
    reload->thread = g_thread_new("reload", load, reload);
}

static void look_after_child(PdReload *reload)
{
    int wait_status = 0;

    if (reload->child <= 0 || waitpid(reload->child, &wait_status, WNOHANG) != reload->child)
        return;
    reload->child = 0;
    if (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0)
        pd_reload_start(reload);
    else
        pd_log(PD_LOG_WARNING, "rules-not-compiled", NULL,
               "the rules go on as they are, which is slower only with thousands of them");
}

static gpointer discard(gpointer data)
{
    Discarded *old = data;

    give_way_to_mail();
    pd_desk_free(old->desk);
    pd_config_free(old->config);
    g_atomic_int_set(&old->reload->discarded, TRUE);
    pd_wake_knock(old->reload->role->config->state, old->reload->role->name);
    g_free(old);
    return NULL;
}

void pd_reload_discard(PdReload *reload, PdDesk *desk, PdConfig *config)
{
    Discarded *old = g_new(Discarded, 1);

    *old = (Discarded){reload, desk, config};
    if (reload->discarding != NULL)
        g_thread_join(reload->discarding);
    g_atomic_int_set(&reload->discarded, FALSE);
    reload->discarding = g_thread_new("discard", discard, old);
}

/* One worker compiles, the others wait for what it makes. */
static PdStatus *take_lock(const char *state, PdLock **lock)
{
    g_autofree char *path = g_build_filename(state, "lock", "rules", NULL);
    PdStatus *status = pd_lock_take(path, lock);

    for (guint i = 0; status != NULL && i < LOCK_PATIENCE; i++) {
        pd_status_free(status);
        sleep(1);
        status = pd_lock_take(path, lock);
    }
    return status;
}

/* Only what nobody else wants. The one lock it holds keeps nobody from his mail. */
static void leave_processors_to_others(void)
{
    const struct sched_param none = {0};

    if (sched_setscheduler(0, SCHED_IDLE, &none) != 0)
        setpriority(PRIO_PROCESS, 0, PRIO_MAX - 1);
}

/* In the child. What a message may cost does not bind it. */
static int compile(const PdReload *reload, const PdRuleSet *rules, pid_t parent)
{
    g_autoptr(PdLock) lock = NULL;
    struct rlimit limit;

    pd_signals_end_with(parent, SIGKILL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    signal(SIGHUP, SIG_IGN);
    leave_processors_to_others();
    if (getrlimit(RLIMIT_CPU, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_CPU, &limit);
    }
    g_autoptr(PdStatus) status = take_lock(reload->role->config->state, &lock);
    if (status == NULL)
        status = pd_desk_compile_rules(reload->role->config, rules);
    if (status != NULL)
        pd_log_status(PD_LOG_WARNING, "rules-not-compiled", NULL, status);
    return status != NULL;
}

static void start_child(PdReload *reload, const PdRuleSet *rules)
{
    if (reload->child > 0) { /* of a set that is not in force any more */
        kill(reload->child, SIGKILL);
        waitpid(reload->child, NULL, 0);
    }
    pid_t parent = getpid();
    reload->child = fork();
    if (reload->child == 0)
        _exit(compile(reload, rules, parent));
    if (reload->child < 0)
        pd_log(PD_LOG_WARNING, "rules-not-compiled", NULL, "no process for it: %s",
               g_strerror(errno));
}

/* A child is made while no thread runs: it would inherit the locks that the thread holds. */
static void compile_when_alone(PdReload *reload)
{
    if (reload->to_compile == NULL || reload->thread != NULL)
        return;
    if (reload->discarding != NULL && !g_atomic_int_get(&reload->discarded))
        return;
    if (reload->discarding != NULL)
        g_thread_join(g_steal_pointer(&reload->discarding));
    start_child(reload, pd_desk_rules(reload->to_compile));
    reload->to_compile = NULL;
}

void pd_reload_compile(PdReload *reload, const PdDesk *desk)
{
    reload->to_compile = pd_rule_set_wants_compiling(pd_desk_rules(desk)) ? desk : NULL;
    compile_when_alone(reload);
}

gboolean pd_reload_may_fork(const PdReload *reload)
{
    return reload->thread != NULL || reload->to_compile != NULL;
}

PdDesk *pd_reload_take(PdReload *reload, PdConfig **config)
{
    look_after_child(reload);
    compile_when_alone(reload);
    if (reload->thread == NULL || !g_atomic_int_get(&reload->done))
        return NULL;
    g_thread_join(g_steal_pointer(&reload->thread));
    if (reload->again) {
        reload->again = FALSE;
        drop(reload); /* older than what was asked for */
        pd_reload_start(reload);
        return NULL;
    }
    *config = g_steal_pointer(&reload->config);
    return g_steal_pointer(&reload->desk);
}
