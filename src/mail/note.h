/* note.h: short texts about a message while it is read: defects, evidence. */
#ifndef POSTDESK_MAIL_NOTE_H
#define POSTDESK_MAIL_NOTE_H

#include <glib.h>

/* Adds a text, written as by printf, to a list of strings. */
void pd_note(GPtrArray *list, const char *format, ...) G_GNUC_PRINTF(2, 3);

#endif
