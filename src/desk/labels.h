/* labels.h: what a desk hangs on its tickets beyond the fields that all have: tags, and fields of
 * its own by name. Checked as they are taken, stored as events, taken back as other changes are. */
#ifndef DESK_LABELS_H
#define DESK_LABELS_H

#include "desk/change.h"

/* Words with blanks or commas between them; with off, they are taken off. */
gboolean pd_labels_take_tags(PdChange *change, const char *value, gboolean off, PdProblem *problem);
/* "asset=PC-0815", "资产：PC-0815", "asset PC-0815" */
gboolean pd_labels_take_field(PdChange *change, const char *value, PdProblem *problem);
/* A name of letters of any script, digits, '_', '-' and '.'. An empty value takes the field off. */
gboolean pd_labels_set_field(PdChange *change, const char *name, const char *value,
                             PdProblem *problem);

/* Does the change make any label another than it is? */
gboolean pd_labels_differ(const PdChange *change);
/* Into the event of the change, with what they were. */
void pd_labels_put(const PdChange *change, PdEvent *event);
/* Are the labels that the event made still as it left them? */
gboolean pd_labels_as_left(const PdTicket *now, const PdEvent *event);
/* Into an event that takes another one back: what still is as that one left it. */
void pd_labels_take_back(const PdTicket *now, const PdEvent *undone, PdEvent *event);

#endif
