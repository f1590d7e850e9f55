/* calendar.h: invitations. */
#ifndef POSTDESK_MAIL_CALENDAR_H
#define POSTDESK_MAIL_CALENDAR_H

#include <glib.h>

/* What, when, where and by whom of an iCalendar text's first event, as lines, and whether it is
 * announced, changed, cancelled or answered; with_words: its description, too, for a message that
 * has no other text. "" if there is no event. Caller frees. */
char *pd_calendar_essentials(const char *source, gboolean with_words);

#endif
