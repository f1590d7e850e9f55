/* stream.c: see stream.h. libetpan's buffered stream over a low-level driver of ours:
 * the driver keeps the deadline and the budget and reports the end of file as an error,
 * because libetpan's own drivers do neither. What failed is kept here; libetpan sees -1.
 */
#include "wire/stream.h"

#include "postdesk/clock.h"
#include "postdesk/limits.h"
#include "wire/socket.h"
#include "wire/tls.h"

#include <errno.h>
#include <libetpan/mailstream.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFER_SIZE (32 * 1024)
#define SLOWEST_RATE (16 * 1024) /* bytes a second of a line that is still worth waiting for */

struct pd_stream {
    int fd;
    gboolean loopback;
    PdTlsSession *tls; /* NULL in clear */
    mailstream *buffer;
    gint64 timeout;
    gint64 deadline;
    guint64 budget;
    PdStatus *failure; /* the first one, until it is handed out */
    gboolean spoilt;
};

PdStatus *pd_stream_broken(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return pd_status_new(PD_SPOILS_CONNECTION, PD_TRY_AGAIN, NULL, "%s", text);
}

static ssize_t fail(PdStream *stream, PdStatus *status)
{
    if (stream->spoilt)
        pd_status_free(status);
    else
        stream->failure = status;
    stream->spoilt = TRUE;
    return -1;
}

static PdStatus *failure_of(PdStream *stream)
{
    stream->spoilt = TRUE;
    if (stream->failure == NULL)
        return pd_stream_broken("the connection is lost");
    return g_steal_pointer(&stream->failure);
}

static PdStatus *too_slow(const PdStream *stream)
{
    return pd_stream_broken("the server did not answer completely within %.3g seconds",
                            (double)stream->timeout / PD_SECOND);
}

static gboolean wait_for(PdStream *stream, short events)
{
    if (pd_socket_wait(stream->fd, events, stream->deadline))
        return TRUE;
    fail(stream, too_slow(stream));
    return FALSE;
}

/* Bytes moved, or one of the PD_TLS_ values. */
static ssize_t receive(PdStream *stream, void *bytes, size_t length)
{
    if (stream->tls != NULL)
        return pd_tls_read(stream->tls, bytes, length);
    ssize_t got = recv(stream->fd, bytes, length, 0);
    if (got >= 0)
        return got;
    return errno == EAGAIN || errno == EINTR ? PD_TLS_WANTS_READ : PD_TLS_BROKEN;
}

static ssize_t transmit(PdStream *stream, const void *bytes, size_t length)
{
    if (stream->tls != NULL)
        return pd_tls_write(stream->tls, bytes, length);
    ssize_t sent = send(stream->fd, bytes, length, MSG_NOSIGNAL);
    if (sent >= 0)
        return sent;
    return errno == EAGAIN || errno == EINTR ? PD_TLS_WANTS_WRITE : PD_TLS_BROKEN;
}

static PdStatus *lost(const PdStream *stream)
{
    if (stream->tls != NULL)
        return pd_tls_problem(stream->tls);
    return pd_stream_broken("the connection was lost: %s", g_strerror(errno));
}

/* Waits as the value asks; FALSE when it tells of an end. */
static gboolean go_on(PdStream *stream, ssize_t value)
{
    if (value == PD_TLS_WANTS_READ)
        return wait_for(stream, POLLIN);
    if (value == PD_TLS_WANTS_WRITE)
        return wait_for(stream, POLLOUT);
    fail(stream, value == PD_TLS_ENDED ? pd_stream_broken("the server closed the connection")
                                       : lost(stream));
    return FALSE;
}

/* The driver that libetpan calls. */

static ssize_t driver_read(mailstream_low *low, void *bytes, size_t length)
{
    PdStream *stream = low->data;

    if (stream->spoilt)
        return -1;
    if (stream->budget == 0)
        return fail(stream, pd_stream_broken("the server sends more than it was asked for"));
    while (pd_clock_monotonic() < stream->deadline) { /* dripping bytes may be ready for ever */
        ssize_t got = receive(stream, bytes, (size_t)MIN(length, stream->budget));
        if (got > 0) {
            stream->budget -= (guint64)got;
            return got;
        }
        if (!go_on(stream, got))
            return -1;
    }
    return fail(stream, too_slow(stream));
}

static ssize_t driver_write(mailstream_low *low, const void *bytes, size_t length)
{
    PdStream *stream = low->data;

    while (!stream->spoilt) {
        ssize_t sent = transmit(stream, bytes, length);
        if (sent > 0)
            return sent;
        if (!go_on(stream, sent))
            break;
    }
    return -1;
}

static int driver_close(mailstream_low *low)
{
    (void)low;
    return 0;
}

static int driver_get_fd(mailstream_low *low)
{
    const PdStream *stream = low->data;

    return stream->fd;
}

static void driver_free(mailstream_low *low)
{
    free(low); /* the stream is its own owner */
}

static mailstream_low_driver driver = {
    .mailstream_read = driver_read,
    .mailstream_write = driver_write,
    .mailstream_close = driver_close,
    .mailstream_get_fd = driver_get_fd,
    .mailstream_free = driver_free,
};

PdStatus *pd_stream_open(const char *host, guint port, gint64 timeout, PdStream **stream)
{
    int fd;
    gboolean loopback = FALSE;

    PD_TRY(pd_socket_connect(host, port, pd_clock_monotonic() + timeout, &fd, &loopback));
    PdStream *made = g_new0(PdStream, 1);
    made->fd = fd;
    made->loopback = loopback;
    made->buffer = mailstream_new(mailstream_low_new(made, &driver), BUFFER_SIZE);
    pd_stream_allow(made, timeout, PD_LIMIT_REPLY_BYTES);
    *stream = made;
    return NULL;
}

void pd_stream_close(PdStream *stream)
{
    if (stream == NULL)
        return;
    if (stream->tls != NULL && !stream->spoilt)
        pd_tls_end(stream->tls);
    mailstream_close(stream->buffer);
    pd_tls_free(stream->tls);
    close(stream->fd);
    pd_status_free(stream->failure);
    g_free(stream);
}

gboolean pd_stream_is_loopback(const PdStream *stream)
{
    return stream->loopback;
}

static PdStatus *shake_hands(PdStream *stream)
{
    int result;

    do {
        result = pd_tls_handshake(stream->tls);
    } while (result != 1 && go_on(stream, result));
    return result == 1 ? NULL : failure_of(stream);
}

PdStatus *pd_stream_start_tls(PdStream *stream, const char *name, const char *ca)
{
    if (stream->buffer->read_buffer_len > 0) {
        stream->spoilt = TRUE;
        return pd_status_new(
            PD_SPOILS_CONNECTION, PD_TRY_AGAIN,
            "somebody between here and the server may be tampering with the connection",
            "something was said in clear behind the answer to STARTTLS");
    }
    PdStatus *status = pd_tls_new(stream->fd, name, ca, &stream->tls);
    if (status != NULL) {
        pd_tls_free(g_steal_pointer(&stream->tls));
        stream->spoilt = TRUE;
        return status;
    }
    return shake_hands(stream);
}

void pd_stream_allow(PdStream *stream, gint64 timeout, guint64 bytes)
{
    stream->timeout = timeout;
    stream->deadline = pd_clock_monotonic() + timeout;
    stream->budget = bytes;
}

void pd_stream_allow_more(PdStream *stream, guint64 bytes)
{
    gint64 time = (gint64)(bytes / SLOWEST_RATE) * PD_SECOND;

    stream->timeout += time;
    stream->deadline += time;
    stream->budget += bytes;
}

static PdStatus *refuse_line(PdStream *stream, const char *why)
{
    fail(stream, pd_stream_broken("the server sent a line %s", why));
    return failure_of(stream);
}

PdStatus *pd_stream_read_line(PdStream *stream, GString *line)
{
    const char *end = NULL;

    g_string_truncate(line, 0);
    while (end == NULL) {
        if (stream->spoilt || mailstream_feed_read_buffer(stream->buffer) < 0)
            return failure_of(stream);
        const char *start = stream->buffer->read_buffer;
        end = memchr(start, '\n', stream->buffer->read_buffer_len);
        gsize before = line->len;
        gsize take = end != NULL ? (gsize)(end - start) + 1 : stream->buffer->read_buffer_len;
        if (before + take > PD_LIMIT_PROTOCOL_LINE)
            return refuse_line(stream, "without an end");
        if (memchr(start, '\0', take) != NULL)
            return refuse_line(stream, "with a NUL byte");
        g_string_set_size(line, before + take);
        mailstream_read(stream->buffer, line->str + before, take);
    }
    g_string_truncate(line, line->len - 1);
    if (line->len > 0 && line->str[line->len - 1] == '\r')
        g_string_truncate(line, line->len - 1);
    return NULL;
}

PdStatus *pd_stream_read(PdStream *stream, char *bytes, gsize length, gsize *got)
{
    if (stream->spoilt)
        return failure_of(stream);
    if (stream->buffer->read_buffer_len > 0 || length < BUFFER_SIZE) {
        if (mailstream_feed_read_buffer(stream->buffer) < 0)
            return failure_of(stream);
        *got = MIN(length, stream->buffer->read_buffer_len);
        mailstream_read(stream->buffer, bytes, *got);
        return NULL;
    }
    ssize_t read = driver_read(stream->buffer->low, bytes, length); /* spares a copy */
    if (read < 0)
        return failure_of(stream);
    *got = (gsize)read;
    return NULL;
}

PdStatus *pd_stream_write(PdStream *stream, const char *bytes, gsize length)
{
    ssize_t written = mailstream_write(stream->buffer, bytes, length);

    return written == (ssize_t)length ? NULL : failure_of(stream);
}

PdStatus *pd_stream_flush(PdStream *stream)
{
    return mailstream_flush(stream->buffer) == 0 ? NULL : failure_of(stream);
}

void pd_stream_give_up(PdStream *stream)
{
    stream->spoilt = TRUE;
}

static gboolean socket_is_readable(const PdStream *stream)
{
    struct pollfd asked = {.fd = stream->fd, .events = POLLIN};

    return poll(&asked, 1, 0) > 0;
}

gboolean pd_stream_has_input(PdStream *stream)
{
    if (stream->spoilt || stream->buffer->read_buffer_len > 0)
        return TRUE;
    return stream->tls != NULL ? pd_tls_has_input(stream->tls) : socket_is_readable(stream);
}

static int milliseconds_until(gint64 until)
{
    gint64 left = until - pd_clock_monotonic();

    return left <= 0 ? 0 : (int)MIN(left / 1000 + 1, G_MAXINT);
}

PdWaited pd_stream_wait(PdStream *stream, int wake_fd, gint64 until)
{
    struct pollfd waited[] = {{.fd = stream->fd, .events = POLLIN},
                              {.fd = wake_fd, .events = POLLIN}};
    int found = 0;

    do {
        if (pd_stream_has_input(stream))
            return PD_WAITED_INPUT;
        found = poll(waited, G_N_ELEMENTS(waited), milliseconds_until(until));
        if (found < 0 || waited[1].revents != 0)
            return PD_WAITED_WOKEN;
    } while (found > 0);
    return PD_WAITED_TIME;
}
