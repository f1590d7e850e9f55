/* request.h: the pieces in which a command is checked (change.h, pd_change_take()). Each takes what
 * is asked for into the change, or the problem says why it cannot be: FALSE, if that is what comes
 * back. A status: the store could not be asked. */
#ifndef DESK_REQUEST_H
#define DESK_REQUEST_H

#include "desk/change.h"

/* The word as it stands in the list; NULL: it is none of them. */
const char *pd_request_one_of(PdProblem *problem, const char *field, const char *value,
                              const char *const *words);
/* One line that is short enough, in UTF-8? */
gboolean pd_request_check_text(const char *field, const char *value, PdProblem *problem);
/* Somebody of the desk, by name, the beginning of it, or address; NULL: nobody, and who is near. */
const PdPerson *pd_request_person(PdChange *change, const char *name, PdProblem *problem);
/* Behind what was said before. */
void pd_request_add_text(PdChange *change, const char *text);

/* A field that no other command of the mail sets (request_field.c). */
gboolean pd_request_field(PdChange *change, const char *field, const char *value,
                          PdProblem *problem);

/* What stands behind a command (request_argument.c). */
gboolean pd_request_assignee(PdChange *change, const char *value, PdProblem *problem);
gboolean pd_request_queue(PdChange *change, const char *value, PdProblem *problem);
gboolean pd_request_untags(PdChange *change, const char *value, PdProblem *problem);
gboolean pd_request_due(PdChange *change, const char *value, PdProblem *problem);
gboolean pd_request_external(PdChange *change, const char *value, PdProblem *problem);

/* What concerns another ticket (request_ticket.c). */
PdStatus *pd_request_merge(PdChange *change, const char *value, PdProblem *problem);
PdStatus *pd_request_link(PdChange *change, const char *value, PdProblem *problem);
PdStatus *pd_request_split(PdChange *change, const char *value, PdProblem *problem);
PdStatus *pd_request_undo(PdChange *change, const char *value, PdProblem *problem);

#endif
