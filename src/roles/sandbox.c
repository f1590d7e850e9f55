/* sandbox.c: see sandbox.h (the only room that knows libseccomp). */
#include "sandbox.h"

#include "postdesk/log.h"
#include <errno.h>
#include <glib.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define MOST_MEMORY ((rlim_t)2 << 30) /* address space; the resident part stays far below */

#ifdef PD_SANITIZERS

PdStatus *pd_sandbox_enter(PdSandbox kind)
{
    (void)kind;
    return NULL;
}

void pd_sandbox_hide_memory(void)
{
}

void pd_sandbox_allow_time(guint seconds)
{
    (void)seconds;
}

#else

/* The secrets of the supervisor and of the connected roles are of no other role's business. */
void pd_sandbox_hide_memory(void)
{
    prctl(PR_SET_DUMPABLE, 0);
}

static void limit_memory(void)
{
    struct rlimit limit = {.rlim_cur = MOST_MEMORY, .rlim_max = MOST_MEMORY};
    struct rlimit no_core = {0, 0};

    setrlimit(RLIMIT_AS, &limit);
    setrlimit(RLIMIT_CORE, &no_core); /* a core file would hold other people's mail */
}

static int deny_all(scmp_filter_ctx filter, const int *calls, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        int result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), calls[i], 0);
        if (result != 0)
            return result;
    }
    return 0;
}

static int deny_programs(scmp_filter_ctx filter)
{
    static const int calls[] = {SCMP_SYS(execve), SCMP_SYS(execveat)};

    return deny_all(filter, calls, G_N_ELEMENTS(calls));
}

static int deny_kernel(scmp_filter_ctx filter)
{
    static const int calls[] = {
        SCMP_SYS(ptrace),
        SCMP_SYS(process_vm_readv),
        SCMP_SYS(process_vm_writev),
        SCMP_SYS(init_module),
        SCMP_SYS(finit_module),
        SCMP_SYS(kexec_load),
        SCMP_SYS(bpf),
        SCMP_SYS(mount),
        SCMP_SYS(umount2),
        SCMP_SYS(pivot_root),
        SCMP_SYS(chroot),
        SCMP_SYS(unshare),
        SCMP_SYS(setns),
        SCMP_SYS(keyctl),
        SCMP_SYS(add_key),
        SCMP_SYS(request_key),
        SCMP_SYS(userfaultfd),
        SCMP_SYS(perf_event_open),
        SCMP_SYS(pidfd_getfd),
        SCMP_SYS(io_uring_setup), /* a way around all these */
        SCMP_SYS(io_uring_enter),
        SCMP_SYS(io_uring_register),
    };

    return deny_all(filter, calls, G_N_ELEMENTS(calls));
}

/* Unix sockets stay: the wake-ups use them. */
static int deny_network(scmp_filter_ctx filter)
{
    return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1,
                            SCMP_A0(SCMP_CMP_NE, AF_UNIX));
}

PdStatus *pd_sandbox_enter(PdSandbox kind)
{
    limit_memory();
    pd_sandbox_hide_memory();
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (filter == NULL)
        return pd_status_new(PD_SPOILS_SYSTEM, PD_FINAL, NULL, "no memory for a seccomp filter");
    int result = deny_kernel(filter);
    if (result == 0 && kind != PD_SANDBOX_HELPER)
        result = deny_programs(filter);
    if (result == 0 && kind != PD_SANDBOX_NETWORK)
        result = deny_network(filter);
    if (result != 0) {
        seccomp_release(filter);
        return pd_status_new(PD_SPOILS_SYSTEM, PD_FINAL, NULL, "cannot make a seccomp filter: %s",
                             g_strerror(-result));
    }
    result = seccomp_load(filter);
    if (result != 0)
        pd_log(PD_LOG_WARNING, "not-held", NULL, "the kernel took no seccomp filter: %s",
               g_strerror(-result));
    seccomp_release(filter);
    return NULL;
}

void pd_sandbox_allow_time(guint seconds)
{
    struct rusage used;
    struct rlimit limit;

    if (getrusage(RUSAGE_SELF, &used) != 0 || getrlimit(RLIMIT_CPU, &limit) != 0)
        return;
    limit.rlim_cur = (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + 1 + seconds;
    setrlimit(RLIMIT_CPU, &limit);
}

#endif
