/* stream.h: the bytes between us and a server, bounded in time and amount.
 *
 * Before each command the protocol says how long it may take as a whole and how many
 * bytes may come back (pd_stream_allow). A server that is silent, drips, talks without
 * end or hangs up ends in a status that spoils the connection, and every later call
 * fails as well. Written bytes are held until pd_stream_flush or until the buffer is full.
 */
#ifndef POSTDESK_WIRE_STREAM_H
#define POSTDESK_WIRE_STREAM_H

#include "postdesk/status.h"

typedef struct pd_stream PdStream;

PdStatus *pd_stream_open(const char *host, guint port, gint64 timeout, PdStream **stream);
void pd_stream_close(PdStream *stream); /* does not wait */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdStream, pd_stream_close)

gboolean pd_stream_is_loopback(const PdStream *stream); /* the real peer */

/* Bytes that came in clear and were not read yet are refused: they were not protected. */
PdStatus *pd_stream_start_tls(PdStream *stream, const char *name, const char *ca);

/* From now on: so many microseconds, and so many bytes from the server. */
void pd_stream_allow(PdStream *stream, gint64 timeout, guint64 bytes);
/* And so many bytes more, in either direction, with the time that they take on a slow line. */
void pd_stream_allow_more(PdStream *stream, guint64 bytes);

/* One line of at most PD_LIMIT_PROTOCOL_LINE bytes without NUL, its end taken off. */
PdStatus *pd_stream_read_line(PdStream *stream, GString *line);
/* At least one byte, at most length. */
PdStatus *pd_stream_read(PdStream *stream, char *bytes, gsize length, gsize *got);
PdStatus *pd_stream_write(PdStream *stream, const char *bytes, gsize length);
PdStatus *pd_stream_flush(PdStream *stream);

/* Nothing more can be done with this connection: every later call fails. */
void pd_stream_give_up(PdStream *stream);

/* TRUE if something can be read, be it the end, without waiting. */
gboolean pd_stream_has_input(PdStream *stream);
/* Sleeps until the server says something, wake_fd (or -1) is readable, a signal came or the
 * time (pd_clock_monotonic) has come. */
typedef enum { PD_WAITED_INPUT, PD_WAITED_WOKEN, PD_WAITED_TIME } PdWaited;
PdWaited pd_stream_wait(PdStream *stream, int wake_fd, gint64 until);

/* A failure of the conversation, which spoils the connection. */
PdStatus *pd_stream_broken(const char *format, ...) G_GNUC_PRINTF(1, 2) G_GNUC_WARN_UNUSED_RESULT;

#endif
