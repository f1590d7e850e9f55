/* trouble.h: a server that a role cannot work with: how often in a row, and since when.
 *
 * The one place that decides when such failures are an alarm. With the alarm the trouble is noted
 * in the store, so that `status` tells of it for as long as it lasts (postdesk/roles.h); the first
 * success takes it back, and so does a new start, which knows nothing yet.
 */
#ifndef PD_ROLES_TROUBLE_H
#define PD_ROLES_TROUBLE_H

#include "role.h"

typedef struct {
    PdRole *role;        /* all borrowed */
    const char *kind;    /* of the alarm: "relay" */
    const char *what;    /* the name of the fact that the subject is */
    const char *subject; /* "smtp" */
    const PdServer *server;
    guint failures; /* in a row */
    gint64 since;   /* the first of them */
    gboolean noted; /* in the store */
} PdTrouble;

/* The role has begun. Returns what spoils the store. */
PdStatus *pd_trouble_begin(PdTrouble *trouble, PdRole *role, const PdServer *server);
/* One more failure. How long the server is to be left alone. A store that cannot take it is logged:
 * the alarm is as little lost as any other. */
gint64 pd_trouble_failed(PdTrouble *trouble, const PdStatus *status);
/* The server can be worked with. */
PdStatus *pd_trouble_over(PdTrouble *trouble);

/* The same of a role whose trouble is no server, with the time of the first of several in a row;
 * and that it is over, which is nothing where none was. */
PdStatus *pd_trouble_note(const PdRole *role, const char *text);
PdStatus *pd_trouble_take_back(const PdRole *role);

#endif
