/* killpoint.h: the durable steps, by name, for the test that kills at each.
 *
 * In an ordinary build these cost nothing and do nothing. In a build configured
 * with --enable-kill-points, POSTDESK_KILL="name:count" makes the process kill
 * itself (SIGKILL) at the count-th passing of the named step, and
 * POSTDESK_KILL_LOG=FILE appends each passing's name to FILE.
 */
#ifndef POSTDESK_KILLPOINT_H
#define POSTDESK_KILLPOINT_H

#ifdef PD_KILL_POINTS
void pd_durable_step(const char *name);
#else
static inline void pd_durable_step(const char *name)
{
    (void)name;
}
#endif

#endif
