/* subject.h: subjects of tickets and of mails about them. */
#ifndef DESK_SUBJECT_H
#define DESK_SUBJECT_H

#include <glib.h>

#define PD_SUBJECT_FROM_TEXT_BYTES 120 /* of one that is made from the first line of a text */

/* What a new ticket is called: without "Re:", "回复：" and the "[#N]" of these tickets (gint64;
 * NULL: of all). Another number is that of somebody else's desk, which looks for it in the answer.
 * Caller frees. */
char *pd_subject_clean(const char *subject, const GArray *tickets);
/* The same without what a mail of the desk about another ticket (subject: its subject, or NULL)
 * says before it: of "Re: [#12] Received: VPN down" to "VPN down" the latter stays. Caller frees.
 */
char *pd_subject_clean_of(const char *subject, const GArray *tickets, const char *other);
/* With "[#N]" of this ticket in it just once; caller frees. */
char *pd_subject_mark(const char *subject, gint64 number);

/* Begins with "Re:", "回复：" or their like, if only behind what a gateway put before
 * ("[External]"). */
gboolean pd_subject_answers(const char *subject);
/* What subjects of one matter have in common: without marks of answers and forwards, what gateways
 * put before, numbers of tickets, letter case and white space. Caller frees. */
char *pd_subject_matter(const char *subject);

#endif
