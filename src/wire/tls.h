/* tls.h: TLS over a non-blocking socket (sole user of the TLS library).
 *
 * TLS 1.2 or later; the chain and the name (or IP address) of the certificate are
 * always verified, and the name is sent (SNI). Nothing here waits: the stream does.
 */
#ifndef POSTDESK_WIRE_TLS_H
#define POSTDESK_WIRE_TLS_H

#include "postdesk/status.h"
#include <sys/types.h>

typedef struct pd_tls_session PdTlsSession;

/* Instead of a number of bytes: */
enum { PD_TLS_ENDED = 0, PD_TLS_WANTS_READ = -1, PD_TLS_WANTS_WRITE = -2, PD_TLS_BROKEN = -3 };

/* name: whom the certificate must name; ca: file of the trusted authority, NULL for the
 * system's. The descriptor is borrowed. */
PdStatus *pd_tls_new(int fd, const char *name, const char *ca, PdTlsSession **session);
void pd_tls_free(PdTlsSession *session);

/* 1 when done, else one of the above. */
int pd_tls_handshake(PdTlsSession *session);
/* Why the hand-shake or a later call broke. */
PdStatus *pd_tls_problem(const PdTlsSession *session);

ssize_t pd_tls_read(PdTlsSession *session, void *bytes, gsize length);
ssize_t pd_tls_write(PdTlsSession *session, const void *bytes, gsize length);
/* TRUE if a read would give something, be it the end. What poll(2) sees may be TLS's own
 * affair, and what is decrypted already poll(2) does not see. */
gboolean pd_tls_has_input(PdTlsSession *session);
/* Says good-bye, without waiting. */
void pd_tls_end(PdTlsSession *session);

#endif
