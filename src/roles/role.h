/* role.h: what every role does first and last: lock, store, wake socket, signals.
 *
 * One lock for each role and mailbox: a second one refuses with 75.
 */
#ifndef PD_ROLES_ROLE_H
#define PD_ROLES_ROLE_H

#include "postdesk/clock.h"
#include "postdesk/diagnostics.h"
#include "postdesk/files.h"
#include "postdesk/log.h"
#include "postdesk/roles.h"
#include "postdesk/store.h"

typedef struct {
    const PdConfig *config;
    char *name; /* "process.0": of the lock and of the wake socket */
    gboolean is_supervised;
    const char *mailbox; /* that it works for, or its relay, for the log; NULL: none */
    PdStore *store;
    PdLock *lock;
    int wake;
} PdRole;

/* name is taken as a file name: anything but letters (of any script), digits, '.', '-' becomes '_'.
 * Names that differ stay different. */
PdStatus *pd_role_begin(PdRole *role, const PdRoleContext *context, const char *name);
void pd_role_end(PdRole *role); /* of zeros: does nothing */

/* TRUE if the server refused the password: many lock an account after some wrong ones, and who
 * mends it tells the desk to reload. (A token may be renewed by others.) */
gboolean pd_role_password_was_refused(const PdServer *server, const PdStatus *status);
/* How long a server is left alone after so many failures in a row, of which this is the last: from
 * a second to five minutes; where it refused the password, from a minute to half an hour. */
gint64 pd_role_server_pause(const PdServer *server, guint failures, const PdStatus *last);

/* Notes an alarm in a transaction of its own; one that is not only counted is logged, and wakes the
 * clock, which mails it. A store that cannot even take an alarm is logged: FALSE then. facts: as
 * pd_desk_alarm() takes them; they are freed. */
gboolean pd_role_alarm(PdRole *role, const char *kind, const char *subject, const char *text,
                       PdJson *facts);
/* The same of a status, which tells the reason and, if it knows, what to do. what: the name of the
 * fact that the subject is ("relay"). */
gboolean pd_role_alarm_of(PdRole *role, const char *kind, const char *what, const char *subject,
                          const char *before, const PdStatus *status);

#endif
