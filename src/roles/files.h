/* files.h: which files a role works by: those of the admin, or, under a supervisor, where those
 * have mistakes, the copy of those that are in force (inforce.h). What is wrong and what is taken
 * in its place is logged. */
#ifndef PD_ROLES_FILES_H
#define PD_ROLES_FILES_H

#include "postdesk/desk.h"
#include "role.h"

/* The desk for a role that starts; where *desk is one already, which was loaded dry for it, that
 * goes to work. *own: the configuration that the desk came with, for the caller to free after it,
 * or NULL: it is the role's. */
PdStatus *pd_files_desk(PdRole *role, PdConfig **own, PdDesk **desk);
/* The files as they are now, with their configuration; NULL where they have mistakes that nothing
 * takes the place of. May run in a thread: of the role's store its folder alone is touched. */
PdDesk *pd_files_desk_anew(const PdRole *role, PdConfig **config);

/* For the supervisor: the configuration as the roles will load it, with all that it names found to
 * be right. What is wrong is logged, too. */
PdStatus *pd_files_check(const PdConfig *in_force, PdConfig **config);
/* Keeps a copy of what is in force now. */
void pd_files_keep(const PdConfig *config);
/* The alarm that the files at this path are not used, and what the roles work by instead. mistakes:
 * why; NULL where the log alone has them. */
void pd_files_tell_mistakes(PdRole *role, const char *path, const PdStatus *mistakes);

#endif
