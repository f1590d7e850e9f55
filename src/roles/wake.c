/* wake.c: see postdesk/wake.h. */
#include "postdesk/wake.h"

#include "postdesk/files.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static char *wake_folder(const char *state_folder)
{
    return g_build_filename(state_folder, "wake", NULL);
}

/* FALSE if the path does not fit into a socket's address. */
static gboolean make_address(const char *path, struct sockaddr_un *address)
{
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    return g_strlcpy(address->sun_path, path, sizeof address->sun_path) < sizeof address->sun_path;
}

static PdStatus *fail(const char *what, const char *path)
{
    return pd_status_new(PD_SPOILS_STORE, PD_FINAL, "use a state folder with a shorter path",
                         "%s %s: %s", what, path, g_strerror(errno));
}

static PdStatus *too_long(const char *path)
{
    errno = ENAMETOOLONG;
    return fail("cannot listen at", path);
}

PdStatus *pd_wake_check(const char *state_folder, const char *name)
{
    g_autofree char *path = g_build_filename(state_folder, "wake", name, NULL);
    struct sockaddr_un address;

    return make_address(path, &address) ? NULL : too_long(path);
}

PdStatus *pd_wake_listen(const char *state_folder, const char *name, int *fd)
{
    g_autofree char *folder = wake_folder(state_folder);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    struct sockaddr_un address;

    PD_TRY(pd_folder_make(folder, 0700));
    if (!make_address(path, &address))
        return too_long(path);
    unlink(path); /* of an earlier process; its lock is ours now */
    int bound = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (bound < 0)
        return fail("cannot make a socket for", path);
    if (bind(bound, (struct sockaddr *)&address, sizeof address) != 0) {
        PdStatus *status = fail("cannot listen at", path);
        close(bound);
        return status;
    }
    *fd = bound;
    return NULL;
}

void pd_wake_close(const char *state_folder, const char *name, int fd)
{
    g_autofree char *folder = wake_folder(state_folder);
    g_autofree char *path = g_build_filename(folder, name, NULL);

    if (fd < 0)
        return;
    unlink(path);
    close(fd);
}

void pd_wake_drain(int fd)
{
    char byte;

    while (recv(fd, &byte, 1, MSG_DONTWAIT) >= 0)
        ;
}

static gboolean is_addressed(const char *name, const char *word)
{
    gsize length = strlen(word);

    return strncmp(name, word, length) == 0 && (name[length] == '\0' || name[length] == '.');
}

gboolean pd_wake_knock(const char *state_folder, const char *word)
{
    g_autofree char *folder = wake_folder(state_folder);
    g_autoptr(GDir) names = g_dir_open(folder, 0, NULL);
    gboolean heard = FALSE;
    const char *name;

    if (names == NULL)
        return FALSE; /* nobody ever listened */
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return FALSE;
    while ((name = g_dir_read_name(names)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        struct sockaddr_un address;
        if (!is_addressed(name, word) || !make_address(path, &address))
            continue;
        /* Nobody there, or many knocks waiting already: both are fine. */
        heard |= sendto(fd, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&address,
                        sizeof address) == 1 ||
                 errno == EAGAIN;
    }
    close(fd);
    return heard;
}
