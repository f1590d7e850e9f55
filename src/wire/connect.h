/* connect.h: what IMAP and SMTP share: reaching a server safely and proving oneself. */
#ifndef POSTDESK_WIRE_CONNECT_H
#define POSTDESK_WIRE_CONNECT_H

#include "postdesk/config.h"
#include "postdesk/secrets.h"
#include "wire/stream.h"

/* Connects, and makes TLS where it comes first. Plain text is refused but to this machine. */
PdStatus *pd_connect(const PdServer *server, PdStream **stream);
/* After the server agreed to STARTTLS. */
PdStatus *pd_connect_upgrade(const PdServer *server, PdStream *stream);
/* The status of waiting for the server's first line, with what to do if there was none. */
PdStatus *pd_connect_greeted(PdStatus *status);
/* STARTTLS was wanted: the server does not know it; or said no. */
PdStatus *pd_connect_no_starttls(const PdServer *server);
PdStatus *pd_connect_starttls_refused(const PdServer *server, const char *reply);

/* What goes into AUTH and AUTHENTICATE, in base64. Free with pd_connect_wipe. */
char *pd_connect_plain(const PdServer *server, const PdSecret *secret);
char *pd_connect_xoauth2(const PdServer *server, const PdSecret *secret);
char *pd_connect_base64(const char *text);
void pd_connect_wipe(char *text);

/* User name and secret are there and can be said in this protocol. */
PdStatus *pd_connect_check_secret(const PdServer *server, const PdSecret *secret);
/* The log-in was refused for good, with the server's words. */
PdStatus *pd_connect_login_refused(const PdServer *server, const char *reply);
gboolean pd_connect_was_refused(const PdStatus *status);
/* No way of logging in that both sides know. */
PdStatus *pd_connect_no_mechanism(const PdServer *server, const char *wanted);

#endif
