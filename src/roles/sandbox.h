/* sandbox.h: what a role may not do, held by the kernel.
 *
 * seccomp takes away what a role never needs: running programs (all but the supervisor),
 * sockets but those of this machine (process, clock), tracing and loading into the kernel.
 * Resource limits hold memory. In sanitizer builds nothing is applied.
 */
#ifndef PD_ROLES_SANDBOX_H
#define PD_ROLES_SANDBOX_H

#include "postdesk/status.h"

typedef enum {
    PD_SANDBOX_NETWORK, /* collect, deliver: network, no programs */
    PD_SANDBOX_LOCAL,   /* process, clock: neither network nor programs */
    PD_SANDBOX_HELPER,  /* helper: no network; it runs gpg */
} PdSandbox;

/* From now on, for this process. Where the kernel has no seccomp this is no failure: the log says
 * so, and doctor. */
PdStatus *pd_sandbox_enter(PdSandbox kind);

/* Keeps other processes of this user from reading this one's memory and environment. */
void pd_sandbox_hide_memory(void);

/* Lets the work on one message use so much processor time and no more: beyond it the
 * kernel ends the process with SIGXCPU, which counts as a fault of that message. */
void pd_sandbox_allow_time(guint seconds);

#endif
