/* walk.h: the files that a desk is made of, each read once: their digest, and if it is wanted a
 * copy of the very bytes that the digest is of.
 *
 * Files and folders are known by names that are given or found below, not by where they lie: a copy
 * has the digest of what it was made of. What is hidden is left out, as by those who load it; links
 * are followed. Depth, number and size are bounded.
 */
#ifndef PD_DESK_WALK_H
#define PD_DESK_WALK_H

#include "postdesk/config.h"
#include "postdesk/status.h"

typedef struct pd_walk PdWalk;

/* state: a folder that is not entered where it lies in one of the others. */
PdWalk *pd_walk_new(const char *state);
void pd_walk_free(PdWalk *walk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdWalk, pd_walk_free)

void pd_walk_text(PdWalk *walk, const char *text);
void pd_walk_folder(PdWalk *walk, const char *folder);
/* postdesk.yaml and the folders that it names. from: the copy to read in their place, or NULL; to:
 * the folder to copy them into, which is made, or NULL. */
void pd_walk_config(PdWalk *walk, const PdConfig *config, const char *from, const char *to);

/* What lies where in a copy; caller frees. */
char *pd_walk_copied_config(const char *copy);
char *pd_walk_copied_rules(const char *copy);
char *pd_walk_copied_templates(const char *copy);

/* The digest in hex (caller frees), or why not all of it could be read or written. */
PdStatus *pd_walk_end(PdWalk *walk, char **digest);

#endif
