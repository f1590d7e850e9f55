/* child.h: one role as a process of its own, seen from the supervisor.
 *
 * A child is the same program, started anew (fork and exec), so that nothing of one role's memory
 * is in another's; workers and the clock, where they start with the desk, share what was loaded for
 * them before any of them saw mail (prefork.h). Its secrets come over a channel that only it holds.
 */
#ifndef PD_ROLES_CHILD_H
#define PD_ROLES_CHILD_H

#include "postdesk/config.h"
#include "postdesk/status.h"
#include <sys/types.h>

#define PD_NOT_A_WORKER (-1)
#define PD_LOADER (-2) /* of the workers (prefork.h): it is started once, and ends */
#define PD_NOT_FORKED (-1)

typedef struct {
    char *name;  /* for logs: "collect support/INBOX" */
    char **argv; /* what to start */
    char **environment;
    PdServer *server; /* whose secret it may ask for; borrowed from the config; or NULL */
    int worker;       /* of a process role, else one of the above */
    int forked;       /* its number among those that the loader makes (prefork.h) */
    gboolean awaited; /* the loader is about to make it */
    pid_t pid;        /* 0: not running */
    int channel;      /* our end; -1: none */
    pid_t answering;  /* a process of ours that answers its question; 0: none */
    guint deaths;     /* in a row, for the pause */
    gboolean told;    /* the admin was told of these deaths */
    gint64 started;   /* monotonic; 0: never yet */
    gint64 start_at;  /* monotonic; when to start it again */
    gboolean retired; /* not to be started again (the configuration has no such role any more) */
} PdChild;

/* Takes the command line, and the environment that the role is to have: without the secrets that
 * are in ours. */
PdChild *pd_child_new(const char *name, PdServer *server, int worker, char **argv,
                      char **environment);
void pd_child_free(PdChild *child);
PdStatus *pd_child_start(PdChild *child);
/* It runs already, as a child of ours, without a channel. */
void pd_child_adopt(PdChild *child, pid_t pid);
/* Takes note of its end; *fault is TRUE if a fault of its own ended it (SEGV, ABRT, BUS, SYS, ILL,
 * FPE, TRAP, or a resource limit), not a stop from outside. Plans the next start. */
void pd_child_ended(PdChild *child, int wait_status, gboolean *fault);

/* Its channel has something to read: answers, by a process of its own where a program must be run
 * for that, which may take long. */
void pd_child_answer(PdChild *child);
/* Takes note of an answer that is done. */
void pd_child_reap_answer(PdChild *child);
/* Nothing of it is left: it is not running and nobody answers it. */
gboolean pd_child_is_gone(const PdChild *child);

#endif
