/* secrets.c: passwords and tokens by reference; see postdesk/secrets.h.
 *
 * Secrets are read into buffers of fixed size, never into ones that grow: what a
 * reallocation leaves behind could not be wiped.
 */
#include "postdesk/secrets.h"

#include "postdesk/text.h"
#include "token_command.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct pd_secret {
    char *text;
    gsize length;
};

PdSecret *pd_secret_new(const char *text, gsize length)
{
    PdSecret *secret = g_new0(PdSecret, 1);

    secret->text = g_malloc(length + 1);
    memcpy(secret->text, text, length);
    secret->text[length] = '\0';
    secret->length = length;
    return secret;
}

const char *pd_secret_text(const PdSecret *secret)
{
    return secret->text;
}

void pd_secret_free(PdSecret *secret)
{
    if (secret == NULL)
        return;
    explicit_bzero(secret->text, secret->length);
    g_free(secret->text);
    g_free(secret);
}

static PdStatus *refuse(const char *advice, const char *what, const char *why)
{
    return pd_status_new(PD_SPOILS_CONFIGURATION, PD_FINAL, advice, "%s %s", what, why);
}

/* A secret goes into protocol lines: it is one line, of valid text. */
static PdStatus *check_and_keep(const char *what, const char *text, gsize length, PdSecret **secret)
{
    if (length == 0)
        return refuse("write the secret there", what, "is empty");
    if (memchr(text, '\0', length) != NULL || !g_utf8_validate(text, (gssize)length, NULL))
        return refuse("write the secret there as plain text", what, "is no text");
    PdSecret *kept = pd_secret_new(text, length);
    if (!pd_text_is_one_line(kept->text)) {
        pd_secret_free(kept);
        return refuse("keep the secret alone there, in one line", what,
                      "holds several lines or control characters");
    }
    *secret = kept;
    return NULL;
}

static gsize without_line_end(const char *text, gsize length)
{
    if (length > 0 && text[length - 1] == '\n')
        length--;
    if (length > 0 && text[length - 1] == '\r')
        length--;
    return length;
}

static PdStatus *fail(const char *path)
{
    return pd_status_new(PD_SPOILS_CONFIGURATION, PD_FINAL,
                         "check that the file is there and that this user may read it",
                         "cannot read the secret in %s: %s", path, g_strerror(errno));
}

static PdStatus *check_file(int fd, const char *path, gboolean must_be_private)
{
    struct stat file;

    if (fstat(fd, &file) != 0)
        return fail(path);
    if (!S_ISREG(file.st_mode))
        return refuse(NULL, path, "is no regular file; a secret must lie in one");
    if (file.st_size > PD_SECRET_MOST)
        return refuse(NULL, path, "is too large for a secret; 64 KiB at most");
    if (must_be_private && (file.st_mode & (S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH)) != 0) {
        g_autofree char *advice = g_strdup_printf("run: chmod 600 %s", path);
        return refuse(advice, path, "holds a secret and others may read or write it");
    }
    return NULL;
}

static PdStatus *read_secret(int fd, const char *path, PdSecret **secret)
{
    char *buffer = g_malloc(PD_SECRET_MOST);
    gsize length = 0;
    ssize_t got;

    do {
        got = read(fd, buffer + length, PD_SECRET_MOST - length);
        length += got > 0 ? (gsize)got : 0;
    } while (length < PD_SECRET_MOST && (got > 0 || (got < 0 && errno == EINTR)));
    PdStatus *status = got < 0
                           ? fail(path)
                           : check_and_keep(path, buffer, without_line_end(buffer, length), secret);
    explicit_bzero(buffer, PD_SECRET_MOST);
    g_free(buffer);
    return status;
}

/* Not blocking: a pipe in the file's place must not hold us up. */
static PdStatus *from_file(const char *path, gboolean must_be_private, PdSecret **secret)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0)
        return fail(path);
    PdStatus *status = check_file(fd, path, must_be_private);
    if (status == NULL)
        status = read_secret(fd, path, secret);
    close(fd);
    return status;
}

static PdStatus *from_environment(const char *name, PdSecret **secret)
{
    const char *text = g_getenv(name);

    if (text == NULL)
        return pd_status_new(PD_SPOILS_CONFIGURATION, PD_FINAL,
                             "set it for the service, or use file:PATH",
                             "the environment variable %s is not set", name);
    return check_and_keep(name, text, strlen(text), secret);
}

static PdStatus *from_credential(const char *name, PdSecret **secret)
{
    const char *folder = g_getenv("CREDENTIALS_DIRECTORY");

    if (folder == NULL)
        return pd_status_new(PD_SPOILS_CONFIGURATION, PD_FINAL,
                             "set LoadCredential= in the systemd unit and run under it",
                             "no credentials were handed over, so %s is not known", name);
    if (strchr(name, '/') != NULL || *name == '.' || *name == '\0')
        return refuse(NULL, name, "is no name of a credential");
    g_autofree char *path = g_build_filename(folder, name, NULL);
    return from_file(path, FALSE, secret);
}

PdStatus *pd_secret_resolve(const char *reference, PdSecret **secret)
{
    const char *name = strchr(reference, ':');

    *secret = NULL;
    if (name != NULL)
        name++;
    if (g_str_has_prefix(reference, "file:"))
        return from_file(name, TRUE, secret);
    if (g_str_has_prefix(reference, "env:"))
        return from_environment(name, secret);
    if (g_str_has_prefix(reference, "credential:"))
        return from_credential(name, secret);
    return pd_status_new(PD_SPOILS_CONFIGURATION, PD_FINAL,
                         "write file:PATH, env:NAME or credential:NAME",
                         "a secret is given that is no reference");
}

PdStatus *pd_secret_from_command_within(char *const *argv, gint64 most_time, PdSecret **secret)
{
    char *output = g_malloc(PD_SECRET_MOST);
    gsize length = 0;

    *secret = NULL;
    PdStatus *status = pd_token_command_run(argv, most_time, output, &length);
    if (status == NULL) {
        const char *end = memchr(output, '\n', length);
        gsize first = end != NULL ? (gsize)(end - output) + 1 : length;
        g_autofree char *what = g_strdup_printf("the first line of %s", argv[0]);
        status = check_and_keep(what, output, without_line_end(output, first), secret);
    }
    explicit_bzero(output, PD_SECRET_MOST);
    g_free(output);
    return status;
}

PdStatus *pd_secret_from_command(char *const *argv, PdSecret **secret)
{
    return pd_secret_from_command_within(argv, 30 * G_USEC_PER_SEC, secret);
}

PdStatus *pd_secret_of_server(const PdServer *server, PdSecret **secret)
{
    *secret = NULL;
    switch (server->auth) {
    case PD_AUTH_NONE:
        return NULL;
    case PD_AUTH_XOAUTH2:
        return server->token_command != NULL ? pd_secret_from_command(server->token_command, secret)
                                             : pd_secret_resolve(server->token, secret);
    case PD_AUTH_LOGIN:
    case PD_AUTH_PLAIN:
        break;
    }
    return pd_secret_resolve(server->password, secret);
}

gboolean pd_secret_is_renewable(const PdServer *server)
{
    return server->auth == PD_AUTH_XOAUTH2;
}
