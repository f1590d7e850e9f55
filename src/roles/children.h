/* children.h: the roles that a configuration asks for, as processes to be started. */
#ifndef PD_ROLES_CHILDREN_H
#define PD_ROLES_CHILDREN_H

#include "child.h"

/* None of them started, in the order they are started in: what waits for a server first, what is
 * never urgent last. Of PdChild *, which borrow from the configuration; caller frees. program: path
 * of the running binary. */
GPtrArray *pd_children_of(const PdConfig *config, const char *program);
/* The process that loads what the workers and the clock need, and forks them (prefork.h). NULL
 * where there is but one worker, which has nobody to share with. */
PdChild *pd_children_loader(const PdConfig *config, const char *program);
/* The command line of a role with these arguments (its name first), which ends with NULL; caller
 * frees. The state folder is told, for a role must know it where postdesk.yaml has mistakes. */
char **pd_children_command(const PdConfig *config, const char *program,
                           const char *const *arguments);

#endif
