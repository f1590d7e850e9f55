/* values.h: what templates are rendered with (the variables of occasions.c). */
#ifndef DESK_VALUES_H
#define DESK_VALUES_H

#include "desk/desk_private.h"

/* The variables of a ticket. recipient_name may be NULL. Caller frees. */
PdJson *pd_values_of_ticket(const PdDesk *desk, const char *language, const PdTicket *ticket,
                            const char *recipient_name);
/* Adds the variables of a message. row may be NULL. */
void pd_values_add_message(const PdDesk *desk, PdJson *values, const PdMail *mail,
                           const PdInboxRow *row);
/* The variables of an alarm. Caller frees. */
PdJson *pd_values_of_alarm(const PdDesk *desk, const char *kind, const char *subject,
                           const char *text);

/* One value: an instant (0: null); a foreign text as one clean line (empty: null); bytes. */
void pd_values_set_time(const PdDesk *desk, PdJson *values, const char *key, gint64 at);
void pd_values_set_line(PdJson *values, const char *key, const char *text);
void pd_values_set_size(PdJson *values, const char *key, guint64 size);

#endif
