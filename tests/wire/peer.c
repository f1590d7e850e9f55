/* peer.c: see peer.h. */
#include "peer.h"

#include <arpa/inet.h>
#include <check.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE 20 /* seconds, then the script has failed */

static pid_t playing;

/* The playing process. */

static int connection;
static SSL *tls;
static char line[1 << 16];
static char tag[64];
static char asked_name[256];

static void give_up(const char *what, const char *text)
{
    fprintf(stderr, "peer: %s: %s; heard last: %s\n", what, text != NULL ? text : "", line);
    _exit(1);
}

static ssize_t get(void *bytes, size_t length)
{
    return tls != NULL ? SSL_read(tls, bytes, (int)length) : recv(connection, bytes, length, 0);
}

static gboolean put(const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = tls != NULL ? SSL_write(tls, bytes, (int)length)
                                   : send(connection, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0)
            return FALSE;
        bytes += sent;
        length -= (size_t)sent;
    }
    return TRUE;
}

static gboolean hear_line(void)
{
    size_t length = 0;

    while (length + 1 < sizeof line && get(line + length, 1) == 1)
        if (line[length++] == '\n') {
            line[length] = '\0';
            return TRUE;
        }
    line[length] = '\0';
    return FALSE;
}

static void hear(const char *text)
{
    if (!hear_line() || strstr(line, text) == NULL)
        give_up("expected", text);
    sscanf(line, "%63s", tag);
}

static void say(const char *before, const char *text)
{
    char *whole = g_strconcat(before, text, "\r\n", NULL);

    put(whole, strlen(whole));
    g_free(whole);
}

static void drip(const char *text)
{
    for (; *text != '\0' && put(text, 1); text++)
        g_usleep(20000);
}

static int note_name(SSL *ssl, int *alert, void *user)
{
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);

    (void)alert;
    (void)user;
    g_strlcpy(asked_name, name != NULL ? name : "", sizeof asked_name);
    return SSL_TLSEXT_ERR_OK;
}

static void shake_hands(const char *certificate, const char *name)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());

    SSL_CTX_set_tlsext_servername_callback(context, note_name);
    if (SSL_CTX_use_certificate_file(context, certificate, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_use_PrivateKey_file(context, certificate, SSL_FILETYPE_PEM) != 1)
        give_up("certificate", certificate);
    tls = SSL_new(context);
    SSL_set_fd(tls, connection);
    if (SSL_accept(tls) != 1) /* refused by the client: what it must do then is hang up */
        g_clear_pointer(&tls, SSL_free);
    if (name != NULL && strcmp(name, asked_name) != 0)
        give_up("server name", name);
}

static void reset(void)
{
    const struct linger none = {.l_onoff = 1};

    setsockopt(connection, SOL_SOCKET, SO_LINGER, &none, sizeof none);
}

static void play_step(const PeerStep *step, const char *certificate)
{
    switch (step->kind) {
    case PEER_SAY:
        say("", step->text);
        break;
    case PEER_RAW:
        put(step->text, strlen(step->text));
        break;
    case PEER_ANSWER:
        say(tag, step->text);
        break;
    case PEER_HEAR:
        hear(step->text);
        break;
    case PEER_FLOOD:
        while (put(step->text, strlen(step->text)))
            ;
        break;
    case PEER_DRIP:
        drip(step->text);
        break;
    case PEER_HANGUP:
    case PEER_SILENT:
        if (hear_line() && step->kind == PEER_HANGUP && strstr(line, "LOGOUT") == NULL &&
            strstr(line, "QUIT") == NULL)
            give_up("expected the end", NULL);
        break;
    case PEER_RESET:
        reset();
        break;
    case PEER_TLS:
        shake_hands(certificate, step->text);
        break;
    case PEER_END:
        break;
    }
}

static void play(int listener, const PeerStep *script, const char *certificate)
{
    signal(SIGPIPE, SIG_IGN);
    alarm(PATIENCE);
    connection = accept(listener, NULL, NULL);
    close(listener);
    for (; script->kind != PEER_END; script++)
        play_step(script, certificate);
    close(connection);
    _exit(0);
}

/* The test's process. */

void peer_start(const PeerStep *script, const char *certificate, PdServer *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(listen(listener, 1), 0);
    getsockname(listener, (struct sockaddr *)&address, &length);
    server->host = (char *)"127.0.0.1";
    server->port = ntohs(address.sin_port);
    playing = fork();
    if (playing == 0)
        play(listener, script, certificate);
    close(listener);
}

void peer_finish(void)
{
    int result = -1;

    waitpid(playing, &result, 0);
    ck_assert_msg(result == 0, "the script was not followed to its end");
}

static char *folder;

static void remove_folder(void)
{
    g_autofree char *command = g_strdup_printf("rm -rf '%s'", folder);

    if (system(command) != 0)
        fprintf(stderr, "%s is left\n", folder);
}

static void set_extension(X509 *certificate, int kind, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, kind, value);

    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

static X509 *make_certificate(const char *for_name, int days, EVP_PKEY *key)
{
    X509 *certificate = X509_new();
    g_autofree char *names =
        g_strdup_printf("%s:%s", g_hostname_is_ip_address(for_name) ? "IP" : "DNS", for_name);

    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -100L * 86400);
    X509_gmtime_adj(X509_getm_notAfter(certificate), days * 86400L);
    X509_set_pubkey(certificate, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                               (const guchar *)for_name, -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    set_extension(certificate, NID_subject_alt_name, names);
    set_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(certificate, key, EVP_sha256());
    return certificate;
}

const char *peer_certificate(const char *for_name, int days)
{
    if (folder == NULL) {
        folder = g_dir_make_tmp("postdesk-wire-XXXXXX", NULL);
        atexit(remove_folder);
    }
    g_autofree char *path = g_strdup_printf("%s/%s%d.pem", folder, for_name, days);
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = make_certificate(for_name, days, key);
    FILE *file = fopen(path, "w");
    PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL);
    PEM_write_X509(file, certificate);
    fclose(file);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return g_intern_string(path); /* lives as long as the test */
}
