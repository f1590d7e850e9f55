/* clock.h: the time, injectable.
 *
 * All times in the store are microseconds since 1970 UTC. Code asks here and
 * nowhere else, so that tests and replays can set the clock.
 */
#ifndef POSTDESK_CLOCK_H
#define POSTDESK_CLOCK_H

#include <glib.h>

/* In microseconds. */
#define PD_SECOND ((gint64)G_USEC_PER_SEC)
#define PD_MINUTE (60 * PD_SECOND)
#define PD_HOUR (60 * PD_MINUTE)
#define PD_DAY (24 * PD_HOUR)

gint64 pd_clock_now(void);       /* microseconds since 1970 UTC */
gint64 pd_clock_monotonic(void); /* microseconds, for deadlines; never injected */

/* From now on pd_clock_now() gives this; 0 gives the real time again. */
void pd_clock_set(gint64 now);

/* "2026-11-23T09:30:00Z" and "2026-11-23 17:30" in the machine's zone. Caller frees. */
char *pd_clock_format_utc(gint64 at);
char *pd_clock_format_local(gint64 at);
/* The time in the machine's zone, as it is when first asked for; NULL beyond the year 9999. */
GDateTime *pd_clock_local(gint64 at);
/* The first form back into a time; FALSE if the text is not in that form. */
gboolean pd_clock_parse_utc(const char *text, gint64 *at);

/* A growing pause: first, doubled for each further attempt up to most, with up
 * to a quarter of jitter taken off. Microseconds; attempt counts from 1. */
gint64 pd_clock_backoff(guint attempt, gint64 first, gint64 most);

#endif
