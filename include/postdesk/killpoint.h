/* killpoint.h: the durable steps, by name, for tests that kill at each.
 *
 * In the program they do nothing. Tests link killpoint.c built with PD_KILL_POINTS instead: there
 * POSTDESK_KILL="name:count" makes the process kill itself (SIGKILL) at the count-th passing of the
 * named step, and POSTDESK_KILL_LOG=FILE appends each passing's name to FILE.
 */
#ifndef POSTDESK_KILLPOINT_H
#define POSTDESK_KILLPOINT_H

void pd_durable_step(const char *name);

#endif
