/* tell_private.h: what tell_concerned.c and tell_given.c share. Nobody else includes it. */
#ifndef DESK_TELL_PRIVATE_H
#define DESK_TELL_PRIVATE_H

#include "desk/tell.h"

/* Who must hear of a ticket that nobody works on, as pd_recipients_of() takes it. */
extern char *const pd_tell_duty[];

/* The mail that holds all he needs to begin. */
PdStatus *pd_tell_assignee(const PdTelling *telling);
/* Those who may take a ticket that is nobody's, but who wrote it down himself. */
PdStatus *pd_tell_takers(const PdTelling *telling);

#endif
