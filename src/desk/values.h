/* values.h: what templates are rendered with (the variables of occasions.c). */
#ifndef DESK_VALUES_H
#define DESK_VALUES_H

#include "desk/authority.h"
#include "desk/desk_private.h"

/* The variables of a ticket. recipient_name may be NULL. Caller frees. */
PdJson *pd_values_of_ticket(const PdDesk *desk, const char *language, const PdTicket *ticket,
                            const char *recipient_name);
/* Who reads the mail; the reporter unless it is said. */
void pd_values_set_reader(PdJson *values, PdRank rank);
/* Adds the variables of a message. row may be NULL. */
void pd_values_add_message(const PdDesk *desk, PdJson *values, const PdMail *mail,
                           const PdInboxRow *row);
/* The same of one that is stored: when it came and what it says, not what is attached. */
void pd_values_add_stored(const PdDesk *desk, PdJson *values, const PdStoredMessage *message,
                          const PdInboxRow *row);
/* What somebody said (NULL: nothing) and who. */
void pd_values_add_said(PdJson *values, const char *text, const char *by);
/* Its lines, cleaned, so many that a mail stays readable; *cut (may be NULL): there are more. */
PdJson *pd_values_lines(const char *text, gboolean *cut);
/* An instant by the wall clock of the desk's calendar, null for 0. */
void pd_values_set_time(const PdDesk *desk, PdJson *values, const char *key, gint64 at);
/* A value of a ticket's field ("status", "category", "impact"…) in a language's words; the value
 * itself where it has none. Borrowed. */
const char *pd_values_word(const PdDesk *desk, const char *language, const char *field,
                           const char *value);
/* One clean line, null for NULL and for "". */
void pd_values_set_clean(PdJson *values, const char *key, const char *text);
/* The same of a text of some lines, which become one. */
void pd_values_set_long(PdJson *values, const char *key, const char *text);
void pd_values_set_size(PdJson *values, const char *key, guint64 size);
#endif
