/* quoted.h: what a mail says of the message that it quotes: "From: …", "On … wrote:".
 *
 * Mail programs write it for people, in their language and their time zone. So nothing is made of
 * it but the words themselves; whoever holds a message against them asks whether they fit. Pure.
 */
#ifndef POSTDESK_QUOTED_H
#define POSTDESK_QUOTED_H

#include <glib.h>

/* Above what is quoted. Of an attribution all of it stands in `from` and in `when`. */
typedef struct {
    char *from, *when, *subject; /* as written, or NULL */
} PdQuotedHead;

/* Of PdQuotedHead *, the outermost first, at most a few; quoted: PdMail.quoted. Caller frees. */
GPtrArray *pd_quoted_heads(const char *quoted);

typedef enum {
    PD_TIME_UNTOLD, /* there is no day with a time in it, or none that is understood */
    PD_TIME_OTHER,
    PD_TIME_SAME, /* to the minute, in some time zone */
} PdTimeFits;

/* Is this the time that a head tells? time: microseconds since 1970 UTC. */
PdTimeFits pd_quoted_time_fits(const char *when, gint64 time);

#endif
