/* roles.h: the processes of a running desk.
 *
 * Each role is one blocking loop that can also run once and end. Roles share nothing but
 * the store and wake each other with a byte (wake.h). They return when told to stop
 * (SIGTERM, SIGINT) or when `once` is done.
 */
#ifndef POSTDESK_ROLES_H
#define POSTDESK_ROLES_H

#include "postdesk/config.h"
#include "postdesk/json.h"
#include "postdesk/status.h"
#include "postdesk/store.h"
#include "postdesk/upkeep.h"

typedef struct {
    const PdConfig *config;
    gboolean is_copy;    /* the configuration is that of pd_role_config()'s copy */
    const char *program; /* path of the running binary, to start roles */
    gboolean once;
    int supervisor;      /* descriptor of the supervisor's secret channel, -1: alone */
    PdProgress progress; /* of collecting, for a person who waits; or NULL */
    gpointer progress_user;
} PdRoleContext;

/* From now on SIGTERM, SIGINT and SIGHUP are noted instead of ending the process: call it before
 * whatever takes time at the start. */
void pd_role_note_signals(void);

/* The roles of a desk that runs by this configuration, by the names of their locks (of char *);
 * caller frees. */
GPtrArray *pd_role_names(const PdConfig *config);
/* Somebody holds the lock of that name. */
gboolean pd_role_is_running(const PdConfig *config, const char *role);
/* Why the role of that name cannot work with its server: {"since": microseconds, "text"}; NULL if
 * nothing is known against it. */
PdStatus *pd_role_trouble(PdStore *store, const char *role, PdJson **trouble);
/* A failure if the state folder's path is too long for the sockets of the roles. */
PdStatus *pd_role_check_names(const PdConfig *config);

/* The configuration for a role under a supervisor, which works in this state folder. Where the
 * files have mistakes now, it is that of the copy of those in force (inforce.h). */
PdStatus *pd_role_config(const char *path, const char *state, PdConfig **config, gboolean *is_copy);

/* Starts and watches a process for each role until told to stop. */
PdStatus *pd_role_supervise(const PdRoleContext *context);
/* One mailbox folder; folder NULL with once: all folders of the mailbox in turn. */
PdStatus *pd_role_collect(const PdRoleContext *context, const char *mailbox, const char *folder);
/* One of so many workers, which share the inbox. */
PdStatus *pd_role_process(const PdRoleContext *context, guint worker, guint workers);
/* All workers of a supervisor, and its clock: loads their files, and forks a process for each.
 * Where the files cannot be loaded there are none: the supervisor starts each alone then. */
PdStatus *pd_role_prefork(const PdRoleContext *context, guint workers);
PdStatus *pd_role_deliver(const PdRoleContext *context, const char *relay);
/* Timers: alarms, budgets, upkeep of the database. */
PdStatus *pd_role_clock(const PdRoleContext *context);

/* Compares the ledger with every mailbox; after a restore releases the outbox (I8). */
typedef struct {
    char *mailbox;
    guint64 on_server, in_ledger, left_out;
    GArray *unaccounted; /* of guint32 */
    PdStatus *failed;    /* why it could not be compared, with its name; NULL: it was */
} PdReconciled;
void pd_reconciled_free(PdReconciled *result);
/* What became of the outbox, which a restore holds: it stays so where a folder failed. */
typedef enum { PD_HOLD_NONE, PD_HOLD_RELEASED, PD_HOLD_STAYS } PdOutboxHold;
PdStatus *pd_role_reconcile(const PdConfig *config, GPtrArray **results, PdOutboxHold *hold);

/* Takes in one message from a descriptor or bytes, durably, and wakes the process role. */
PdStatus *pd_role_inject(const PdConfig *config, const char *bytes, gsize length, gint64 *inbox_id);
/* The same of a call, written down as a mail of the caller: it is taken in whoever he is. */
PdStatus *pd_role_take_call(const PdConfig *config, const char *bytes, gsize length,
                            gint64 *inbox_id);

#endif
