/* absence.h: notes of people who are away, that no header tells of. */
#ifndef POSTDESK_MAIL_ABSENCE_H
#define POSTDESK_MAIL_ABSENCE_H

#include <glib.h>

/* The text says that its author is away and what becomes of mail meanwhile, and asks for nothing.
 */
gboolean pd_absence_is_told(const char *text);

#endif
