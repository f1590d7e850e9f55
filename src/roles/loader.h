/* loader.h: the roles that are forks of the loader (prefork.h), as what they do is called.
 *
 * Each takes the desk that was loaded for it, which is a dry one (desk.h) or NULL.
 */
#ifndef PD_ROLES_LOADER_H
#define PD_ROLES_LOADER_H

#include "postdesk/desk.h"
#include "postdesk/roles.h"

PdStatus *pd_worker_with(const PdRoleContext *context, guint worker, guint workers, PdDesk *desk);
PdStatus *pd_clock_with(const PdRoleContext *context, PdDesk *desk);

#endif
