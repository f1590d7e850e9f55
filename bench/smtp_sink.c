/*
 * An SMTP server that accepts everything and keeps nothing, to measure a
 * sender beside.  One process, one epoll loop, PIPELINING, any number of
 * connections; replies to pipelined commands leave in one write.
 *
 * Standard output:  "port N" once at the start; then one line for each word
 * read on standard input: "count" answers "count N FIRST LAST" (the monotonic
 * nanoseconds of the first and the last mail accepted, 0 when there is none),
 * "reset" forgets them and answers the same.  End of file on standard input
 * prints the count and ends the program.
 *
 * With --each every mail also prints, the moment its final dot is answered,
 * "mail MONOTONIC REALTIME MESSAGE-ID RECIPIENT...".
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { INPUT_SIZE = 65536, OUTPUT_SIZE = 65536, TEXT_SIZE = 1024 };

typedef struct {
    int fd;
    bool in_data, in_header, line_start, closing, blocked;
    size_t in_len, out_len;
    char in[INPUT_SIZE], out[OUTPUT_SIZE];
    char message_id[TEXT_SIZE], recipients[TEXT_SIZE];
} Connection;

typedef struct {
    int epoll, listener;
    bool each;
    uint64_t count;
    int64_t first, last;
} Sink;

static int64_t now_ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void print_count(const Sink *sink)
{
    printf("count %llu %lld %lld\n", (unsigned long long)sink->count, (long long)sink->first,
           (long long)sink->last);
    fflush(stdout);
}

static void reply(Connection *c, const char *text)
{
    size_t n = strlen(text);
    if (c->out_len + n > sizeof c->out) { /* a client that never reads */
        c->closing = true;
        return;
    }
    memcpy(c->out + c->out_len, text, n);
    c->out_len += n;
}

/* Copies the address between < and > as one more word of the list. */
static void note_recipient(Connection *c, const char *line, size_t len)
{
    const char *from = memchr(line, '<', len);
    const char *to = from ? memchr(from, '>', len - (size_t)(from - line)) : NULL;
    if (!to)
        return;
    size_t used = strlen(c->recipients);
    snprintf(c->recipients + used, sizeof c->recipients - used, " %.*s", (int)(to - from - 1),
             from + 1);
}

static void note_message_id(Connection *c, const char *line, size_t len)
{
    static const char name[] = "message-id:";
    size_t skip = sizeof name - 1;
    if (len < skip || strncasecmp(line, name, skip))
        return;
    while (skip < len && line[skip] == ' ')
        skip++;
    size_t n = strcspn(line + skip, "\r\n \t");
    snprintf(c->message_id, sizeof c->message_id, "%.*s", (int)n, line + skip);
}

static void accept_mail(Sink *sink, Connection *c)
{
    sink->last = now_ns(CLOCK_MONOTONIC);
    if (!sink->count++)
        sink->first = sink->last;
    reply(c, "250 2.0.0 accepted\r\n");
    if (!sink->each)
        return;
    printf("mail %lld %lld %s%s\n", (long long)sink->last, (long long)now_ns(CLOCK_REALTIME),
           c->message_id[0] ? c->message_id : "-", c->recipients);
    fflush(stdout);
}

static void start_mail(Connection *c)
{
    c->message_id[0] = c->recipients[0] = '\0';
}

static void command(Sink *sink, Connection *c, const char *line, size_t len)
{
    if (!strncasecmp(line, "MAIL", 4)) {
        start_mail(c);
        reply(c, "250 2.1.0 ok\r\n");
    } else if (!strncasecmp(line, "RCPT", 4)) {
        if (sink->each)
            note_recipient(c, line, len);
        reply(c, "250 2.1.5 ok\r\n");
    } else if (!strncasecmp(line, "DATA", 4)) {
        c->in_data = c->in_header = c->line_start = true;
        reply(c, "354 go on\r\n");
    } else if (!strncasecmp(line, "EHLO", 4)) {
        reply(c, "250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n"
                 "250-ENHANCEDSTATUSCODES\r\n250 SIZE 0\r\n");
    } else if (!strncasecmp(line, "QUIT", 4)) {
        reply(c, "221 2.0.0 bye\r\n");
        c->closing = true;
    } else if (!strncasecmp(line, "HELO", 4) || !strncasecmp(line, "RSET", 4) ||
               !strncasecmp(line, "NOOP", 4)) {
        start_mail(c);
        reply(c, "250 2.0.0 ok\r\n");
    } else {
        reply(c, "500 5.5.1 not known here\r\n");
    }
}

static void data_line(Sink *sink, Connection *c, const char *line, size_t len)
{
    if (c->line_start && len == 3 && line[0] == '.') {
        c->in_data = false;
        accept_mail(sink, c);
    } else if (c->in_header && c->line_start) {
        if (len <= 2)
            c->in_header = false;
        else if (sink->each)
            note_message_id(c, line, len);
    }
    c->line_start = true;
}

/* Eats every whole line of the input and keeps the rest. */
static void eat(Sink *sink, Connection *c)
{
    size_t at = 0;
    char *end;
    while (!c->closing && (end = memchr(c->in + at, '\n', c->in_len - at))) {
        size_t len = (size_t)(end - (c->in + at)) + 1;
        if (c->in_data)
            data_line(sink, c, c->in + at, len);
        else
            command(sink, c, c->in + at, len);
        at += len;
    }
    if (at == 0 && c->in_len == sizeof c->in - 1) { /* a line longer than the buffer */
        c->line_start = false;
        at = c->in_len;
    }
    c->in_len -= at;
    memmove(c->in, c->in + at, c->in_len);
}

static void watch(Sink *sink, Connection *c, uint32_t events)
{
    struct epoll_event e = {.events = events, .data.ptr = c};
    if (epoll_ctl(sink->epoll, EPOLL_CTL_MOD, c->fd, &e))
        die("epoll_ctl");
}

/* Returns false when the connection is over. */
static bool flush(Sink *sink, Connection *c)
{
    while (c->out_len) {
        ssize_t n = send(c->fd, c->out, c->out_len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno == EAGAIN) {
            c->blocked = true;
            watch(sink, c, EPOLLOUT);
            return true;
        }
        if (n <= 0)
            return false;
        c->out_len -= (size_t)n;
        memmove(c->out, c->out + n, c->out_len);
    }
    if (c->blocked) {
        c->blocked = false;
        watch(sink, c, EPOLLIN);
    }
    return !c->closing;
}

static bool serve(Sink *sink, Connection *c)
{
    if (c->blocked)
        return flush(sink, c);
    ssize_t n = recv(c->fd, c->in + c->in_len, sizeof c->in - 1 - c->in_len, MSG_DONTWAIT);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    if (n == 0)
        return false;
    c->in_len += (size_t)n;
    c->in[c->in_len] = '\0';
    eat(sink, c);
    return flush(sink, c);
}

static void welcome(Sink *sink)
{
    int one = 1, fd = accept4(sink->listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    Connection *c = calloc(1, sizeof *c);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    if (!c || epoll_ctl(sink->epoll, EPOLL_CTL_ADD, fd, &e))
        die("a new connection");
    c->fd = fd;
    reply(c, "220 sink ESMTP\r\n");
    if (!flush(sink, c))
        c->closing = true;
}

static void part(Connection *c)
{
    close(c->fd);
    free(c);
}

/* Returns false at the end of standard input. */
static bool control(Sink *sink)
{
    char text[256];
    ssize_t n = read(STDIN_FILENO, text, sizeof text - 1);
    if (n <= 0)
        return false;
    text[n] = '\0';
    for (char *rest = text, *word; (word = strtok(rest, " \n")); rest = NULL) {
        if (!strcmp(word, "reset"))
            sink->count = 0, sink->first = sink->last = 0;
        print_count(sink);
    }
    return true;
}

static void open_listener(Sink *sink)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof a;
    sink->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (sink->listener < 0 || bind(sink->listener, (struct sockaddr *)&a, sizeof a) ||
        listen(sink->listener, 256) || getsockname(sink->listener, (struct sockaddr *)&a, &len))
        die("listen");
    printf("port %u\n", ntohs(a.sin_port));
    fflush(stdout);
}

static void add_source(Sink *sink, int fd, void *mark)
{
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = mark};
    if (epoll_ctl(sink->epoll, EPOLL_CTL_ADD, fd, &e))
        die("epoll_ctl");
}

int main(int argc, char **argv)
{
    Sink sink = {.each = argc > 1 && !strcmp(argv[1], "--each")};
    if (argc > 2 || (argc > 1 && !sink.each)) {
        fprintf(stderr, "usage: smtp_sink [--each]\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    sink.epoll = epoll_create1(EPOLL_CLOEXEC);
    open_listener(&sink);
    int input_mark;
    add_source(&sink, sink.listener, &sink);
    add_source(&sink, STDIN_FILENO, &input_mark);

    struct epoll_event events[64];
    for (;;) {
        int n = epoll_wait(sink.epoll, events, 64, -1);
        for (int i = 0; i < n; i++) {
            void *mark = events[i].data.ptr;
            if (mark == &sink)
                welcome(&sink);
            else if (mark == &input_mark) {
                if (!control(&sink)) {
                    print_count(&sink);
                    return 0;
                }
            } else if (!serve(&sink, mark))
                part(mark);
        }
    }
}
