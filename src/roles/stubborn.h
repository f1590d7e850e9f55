/* stubborn.h: the messages whose fetch failed.
 *
 * One bad message must not hold up those behind it, and a server in trouble must not cost a
 * good message its content. So a message on which a fetch broke goes last and alone; only when it
 * has failed for a while, or the server says of itself that it cannot hand it out, are its
 * headers asked for instead; and only after hours is it recorded without its content.
 */
#ifndef PD_ROLES_STUBBORN_H
#define PD_ROLES_STUBBORN_H

#include "postdesk/status.h"

typedef struct {
    guint32 uid;
    guint attempts;   /* that failed */
    gint64 since;     /* monotonic; of the first one */
    gboolean refused; /* for good: the message is at fault, not the server or the connection */
} PdStubborn;

typedef struct pd_stubborn_list PdStubbornList;

PdStubbornList *pd_stubborn_list_new(void);
void pd_stubborn_list_free(PdStubbornList *list);

void pd_stubborn_note(PdStubbornList *list, guint32 uid, const PdStatus *why);
void pd_stubborn_forget(PdStubbornList *list, guint32 uid);
/* Forgets those up to last that are not listed any more: they were deleted. */
void pd_stubborn_keep(PdStubbornList *list, guint32 last, gboolean (*listed)(guint32, gpointer),
                      gpointer user);
/* NULL if it is none; borrowed until the list changes. */
const PdStubborn *pd_stubborn_find(const PdStubbornList *list, guint32 uid);
guint32 pd_stubborn_lowest(const PdStubbornList *list); /* 0: none */
gboolean pd_stubborn_wants_headers_only(const PdStubborn *stubborn);
gboolean pd_stubborn_is_hopeless(const PdStubborn *stubborn);
/* A new connection at once goes on with something else than the last one did. TRUE once for each
 * message: the next failure may be the server's. */
gboolean pd_stubborn_is_worth_a_connection(PdStubbornList *list);

#endif
