/* socket.c: see socket.h. poll(2) throughout: a descriptor beyond 1023 is as good as any. */
#include "wire/socket.h"

#include "postdesk/clock.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define QUIET_SECONDS 120
#define GOOD_BYE PD_SECOND            /* a server that answers has it answered by then */
#define LOOK_INTERVAL (PD_SECOND / 4) /* whether to give up */
#define ADVICE_CLOSED "check host and port, and that the server runs and no firewall is between"
#define ADVICE_NAME "check the spelling of host, and this machine's name service"

static gboolean (*give_up_asked)(void);
static gint64 give_up_at; /* monotonic; 0: nobody asked yet */

void pd_socket_give_up_when(gboolean (*asked)(void))
{
    give_up_asked = asked;
}

/* The time that is left. Who is asked to give up looks now and then, and grants a good-bye. */
static gint64 time_left(gint64 deadline)
{
    gint64 now = pd_clock_monotonic();

    if (give_up_asked == NULL)
        return deadline - now;
    if (!give_up_asked())
        give_up_at = 0;
    else if (give_up_at == 0)
        give_up_at = now + GOOD_BYE;
    if (give_up_at != 0)
        return MIN(deadline, give_up_at) - now;
    return MIN(deadline - now, LOOK_INTERVAL);
}

gboolean pd_socket_wait(int fd, short events, gint64 deadline)
{
    struct pollfd waited = {.fd = fd, .events = events};

    for (;;) {
        gint64 left = time_left(deadline);
        if (left <= 0)
            return FALSE;
        int found = poll(&waited, 1, (int)MIN(left / 1000 + 1, G_MAXINT));
        if (found > 0)
            return TRUE;
        if (found < 0 && errno != EINTR)
            return FALSE;
    }
}

static gboolean is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *inet = (const struct sockaddr_in *)(const void *)address;
        return (ntohl(inet->sin_addr.s_addr) >> 24) == 127;
    }
    if (address->sa_family != AF_INET6)
        return FALSE;
    const struct in6_addr *inet6 = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
    return IN6_IS_ADDR_LOOPBACK(inet6) ||
           (IN6_IS_ADDR_V4MAPPED(inet6) && inet6->s6_addr[12] == 127);
}

static void set_option(int fd, int level, int option, int value)
{
    setsockopt(fd, level, option, &value, sizeof value);
}

/* While nothing is said, as in IDLE, the kernel asks whether the other end is still there:
 * firewalls forget a connection that is silent for some minutes, and new mail would not be told of.
 */
static void keep_alive(int fd)
{
    set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, QUIET_SECONDS);
    set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, QUIET_SECONDS / 4);
    set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, 4);
}

/* A connected descriptor, or -1 with errno. */
static int connect_one(const struct addrinfo *address, gint64 deadline)
{
    int problem = 0;
    socklen_t length = sizeof problem;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -1;
    set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    keep_alive(fd);
    if (connect(fd, address->ai_addr, address->ai_addrlen) == 0)
        return fd;
    if (errno != EINPROGRESS && errno != EINTR)
        problem = errno;
    else if (!pd_socket_wait(fd, POLLOUT, deadline))
        problem = ETIMEDOUT;
    else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &problem, &length) != 0)
        problem = errno;
    if (problem == 0)
        return fd;
    close(fd);
    errno = problem;
    return -1;
}

/* The address that answered, not the one that was asked for, is what counts. */
static gboolean peer_is_loopback(int fd)
{
    struct sockaddr_storage peer;
    socklen_t length = sizeof peer;

    if (getpeername(fd, (struct sockaddr *)&peer, &length) != 0)
        return FALSE;
    return is_loopback((const struct sockaddr *)&peer);
}

static PdStatus *look_up(const char *host, guint port, struct addrinfo **addresses)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    char service[16];

    g_snprintf(service, sizeof service, "%u", port);
    int code = getaddrinfo(host, service, &hints, addresses);
    if (code == 0)
        return NULL;
    return pd_status_new(PD_SPOILS_CONNECTION, PD_TRY_AGAIN, ADVICE_NAME,
                         "the name %s cannot be looked up: %s", host,
                         code == EAI_SYSTEM ? g_strerror(errno) : gai_strerror(code));
}

PdStatus *pd_socket_connect(const char *host, guint port, gint64 deadline, int *fd,
                            gboolean *loopback)
{
    struct addrinfo *addresses = NULL;
    guint untried = 0;
    int problem = 0;

    *fd = -1;
    PD_TRY(look_up(host, port, &addresses));
    for (const struct addrinfo *each = addresses; each != NULL; each = each->ai_next)
        untried++;
    for (const struct addrinfo *each = addresses; each != NULL && *fd < 0; each = each->ai_next) {
        gint64 now = pd_clock_monotonic();
        *fd = connect_one(each, now + (deadline - now) / untried--); /* a share for each address */
        if (*fd < 0)
            problem = errno;
    }
    freeaddrinfo(addresses);
    if (*fd < 0)
        return pd_status_new(PD_SPOILS_CONNECTION, PD_TRY_AGAIN, ADVICE_CLOSED,
                             "no connection to %s port %u: %s", host, port, g_strerror(problem));
    *loopback = peer_is_loopback(*fd);
    return NULL;
}
