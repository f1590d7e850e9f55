/* socket.h: a TCP connection to a named host, in bounded time. */
#ifndef POSTDESK_WIRE_SOCKET_H
#define POSTDESK_WIRE_SOCKET_H

#include "postdesk/status.h"

/* Tries the host's addresses (IPv6 and IPv4) one after the other until the deadline
 * (pd_clock_monotonic). The descriptor is non-blocking and close-on-exec. *loopback: the
 * address that answered is this machine's own. */
PdStatus *pd_socket_connect(const char *host, guint port, gint64 deadline, int *fd,
                            gboolean *loopback);

/* Waits for poll(2) events until the deadline; FALSE if it passed. */
gboolean pd_socket_wait(int fd, short events, gint64 deadline);
/* From now on in this process no wait goes on for more than a second while this says TRUE. */
void pd_socket_give_up_when(gboolean (*asked)(void));

#endif
