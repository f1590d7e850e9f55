/* machine.h: what programs and devices send of themselves: monitoring, scanners, timed jobs. */
#ifndef POSTDESK_MAIL_MACHINE_H
#define POSTDESK_MAIL_MACHINE_H

#include "reading.h"

/* TRUE if a program or a device wrote the message; then its origin is concluded. */
gboolean pd_machine_find(PdReading *reading);
/* A local part in lower case that programs send from. */
gboolean pd_machine_is_program(const char *local);
/* What the message looks like, "a scanner's form", or NULL: by its subject and text alone, which
 * follow a form that no person fills in (machine_form.c). */
const char *pd_machine_form(const PdReading *reading);
/* The like for what has the marks of an answer: that the new text ends with a sentence that a
 * system sent it and that nobody reads answers. NULL if it does not. */
const char *pd_machine_refusal(const PdReading *reading);

#endif
