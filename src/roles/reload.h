/* reload.h: files loaded anew, and rules compiled, while mail is processed.
 *
 * Loading runs in a thread, compiling for the scanner in a child of low priority (it takes long and
 * much memory). Both knock at the role's own wake socket when they are done; the old desk serves
 * until the new one is taken.
 */
#ifndef PD_ROLES_RELOAD_H
#define PD_ROLES_RELOAD_H

#include "postdesk/desk.h"
#include "role.h"

typedef struct pd_reload PdReload;

/* Borrows the role. */
PdReload *pd_reload_new(const PdRole *role);
/* Waits for the thread, ends the child. */
void pd_reload_free(PdReload *reload);

/* Loads the files in the background; asked for while it loads, it loads once more afterwards. */
void pd_reload_start(PdReload *reload);
/* A desk that was loaded since, with its configuration (caller frees both, the desk first), or
 * NULL. What kept files from being loaded is logged. */
PdDesk *pd_reload_take(PdReload *reload, PdConfig **config);
/* Whether that may make a child, which no other thread of the process must meet: it would inherit
 * the locks that the thread holds. */
gboolean pd_reload_may_fork(const PdReload *reload);
/* Frees what served until now (either may be NULL) in the background: of thousands of rules that
 * takes a while. */
void pd_reload_discard(PdReload *reload, PdDesk *desk, PdConfig *config);
/* Compiles the rules of the desk, which serves from now on, in the background if that is of use;
 * they are then loaded. */
void pd_reload_compile(PdReload *reload, const PdDesk *desk);

#endif
