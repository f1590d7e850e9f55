/* calendar.h: invitations. */
#ifndef POSTDESK_MAIL_CALENDAR_H
#define POSTDESK_MAIL_CALENDAR_H

/* What, when, where and by whom of an iCalendar text's first event, as lines; "" if there is
 * none. Caller frees. */
char *pd_calendar_essentials(const char *source);

#endif
