/* formmail.h: forms that go out by mail, as somebody asked for them with a command. */
#ifndef DESK_FORMMAIL_H
#define DESK_FORMMAIL_H

#include "desk/change.h"

/* "fault", "fault reporter": into the change, or why not. */
gboolean pd_formmail_take(PdChange *change, const char *value, PdProblem *problem);
/* Notes the form that the change asks for, and what is written with it and the messages whose files
 * go with it ([{message}]), or NULL; in its transaction. pd_desk_mail_forms() does the rest. */
PdStatus *pd_formmail_want(const PdChange *change, const char *text, PdJson *files);

#endif
