/* effect.h: the pieces of which effect.c does a change. Each appends its events in the running
 * transaction; nothing is told before all of them are there. */
#ifndef DESK_EFFECT_H
#define DESK_EFFECT_H

#include "desk/change.h"

/* An event of the change, for a ticket (0: one that it opens). The caller frees it. */
PdEvent *pd_effect_event(const PdChange *change, const char *kind, gint64 ticket);
/* Behind what the ticket has by now. */
PdStatus *pd_effect_append(const PdChange *change, PdEvent *event);
/* What the fields that are set were, so that undo can set them again. The caller's. */
PdJson *pd_effect_before(const PdTicket *ticket, const PdJson *set);

PdStatus *pd_effect_merge(PdChange *change);
/* The events of a ticket that goes on in another one. */
PdStatus *pd_effect_join(PdChange *change, const PdTicket *from, gint64 into);
/* *into: the ticket that was opened. */
PdStatus *pd_effect_split(PdChange *change, gint64 *into);
/* The last change or merge. */
PdStatus *pd_effect_undo(PdChange *change);
/* One event of a ticket, as it is now. */
PdStatus *pd_effect_take_back(PdChange *change, const PdTicket *now, const PdEvent *undone);

/* Takes the bulk back that the ticket's last change was part of, or that is named. */
PdStatus *pd_effect_undo_bulk(PdChange *change);

/* Who watches or is let off from now on, and what he was. */
PdStatus *pd_effect_put_parts(PdChange *change, PdEvent *event);
PdStatus *pd_effect_take_parts_back(const PdChange *change, const PdEvent *undone, PdEvent *event);

/* What is said with it to those outside; NULL: nothing. */
const char *pd_effect_words_outside(const PdChange *change);
/* [{message}] whose files go with the form that is mailed; NULL: none. The caller's. */
PdJson *pd_effect_files_with_form(const PdChange *change);
/* The one change that those outside are told of (concern.c); NULL: none. */
const char *pd_effect_change_outside(const PdChange *change);
/* Mails whom it concerns. queued counts the mails; may be NULL. */
PdStatus *pd_effect_tell(PdChange *change, gint64 split_into, guint *queued);

#endif
