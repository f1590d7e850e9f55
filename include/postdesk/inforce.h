/* inforce.h: a copy of the files in force, for a role that must be started while those of the admin
 * have mistakes.
 *
 * It lies in the state folder: postdesk.yaml, the rules and the own templates, for its account
 * alone. The shipped templates belong to the program and are not in it; nor is what the files name
 * outside of their folders by a relative path, without which it does not load. `postdesk run` makes
 * it of files that were found right; whoever takes it looks first whether it is whole.
 */
#ifndef POSTDESK_INFORCE_H
#define POSTDESK_INFORCE_H

#include "postdesk/config.h"
#include "postdesk/status.h"

/* Makes the copy of the files in force, unless it is there already. Where that fails there is none
 * afterwards: an older one is of files that are not in force any more. One process at a time. */
PdStatus *pd_inforce_keep(const PdConfig *config);

/* The configuration of the copy, as if it were that of path, but its rules and templates are the
 * copy's. *since: when the copy was made. Whether they load is not looked at. */
PdStatus *pd_inforce_config(const char *state, const char *path, PdConfig **config, gint64 *since);

#endif
