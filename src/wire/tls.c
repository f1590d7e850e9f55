/* tls.c: see tls.h. */
#include "wire/tls.h"

#include "postdesk/text.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#define NAMES_SHOWN 6

struct pd_tls_session {
    SSL_CTX *context;
    SSL *ssl;
    BIO_METHOD *method;
    char *name;
    int verify_error; /* X509_V_OK until the verification failed */
    char *names;      /* that the refused certificate holds */
    int system_error; /* errno of the socket, if that was it */
};

/* The socket below TLS. OpenSSL's own socket BIO would raise SIGPIPE. */
static int socket_write(BIO *bio, const char *bytes, int length)
{
    ssize_t sent = send(GPOINTER_TO_INT(BIO_get_data(bio)), bytes, (size_t)length, MSG_NOSIGNAL);

    BIO_clear_retry_flags(bio);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR))
        BIO_set_retry_write(bio);
    return (int)sent;
}

static int socket_read(BIO *bio, char *bytes, int length)
{
    ssize_t got = recv(GPOINTER_TO_INT(BIO_get_data(bio)), bytes, (size_t)length, 0);

    BIO_clear_retry_flags(bio);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        BIO_set_retry_read(bio);
    return (int)got;
}

static long socket_control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

static BIO *socket_bio(PdTlsSession *session, int fd)
{
    session->method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
    BIO_meth_set_write(session->method, socket_write);
    BIO_meth_set_read(session->method, socket_read);
    BIO_meth_set_ctrl(session->method, socket_control);
    BIO *bio = BIO_new(session->method);
    BIO_set_data(bio, GINT_TO_POINTER(fd));
    BIO_set_init(bio, 1);
    return bio;
}

static void add_name(GString *names, const GENERAL_NAME *name)
{
    int type;
    const ASN1_STRING *value = GENERAL_NAME_get0_value(name, &type);

    if (type != GEN_DNS && type != GEN_IPADD)
        return;
    if (names->len > 0)
        g_string_append(names, ", ");
    const guint8 *bytes = ASN1_STRING_get0_data(value);
    int length = ASN1_STRING_length(value);
    if (type == GEN_DNS)
        g_string_append_len(names, (const char *)bytes, MIN(length, 80));
    else if (length == 4)
        g_string_append_printf(names, "%u.%u.%u.%u", bytes[0], bytes[1], bytes[2], bytes[3]);
    else
        g_string_append(names, "an IPv6 address");
}

/* What the certificate calls itself, safe to print. */
static char *names_of(X509 *certificate)
{
    g_autoptr(GString) names = g_string_new(NULL);
    GENERAL_NAMES *found = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);

    for (int i = 0; i < MIN(sk_GENERAL_NAME_num(found), NAMES_SHOWN); i++)
        add_name(names, sk_GENERAL_NAME_value(found, i));
    GENERAL_NAMES_free(found);
    if (names->len == 0) {
        char common[128] = "no name";
        X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, common,
                                  sizeof common);
        g_string_append(names, common);
    }
    g_autofree char *valid = pd_text_make_valid(names->str, names->len, NULL);
    return pd_text_printable(valid);
}

/* Remembers why a certificate is not accepted; changes nothing about it. */
static int verified(int good, X509_STORE_CTX *store)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    PdTlsSession *session = SSL_get_app_data(ssl);
    X509 *certificate = X509_STORE_CTX_get0_cert(store);

    if (!good && session->verify_error == X509_V_OK) {
        session->verify_error = X509_STORE_CTX_get_error(store);
        session->names = certificate != NULL ? names_of(certificate) : NULL;
    }
    return good;
}

static gboolean set_expected_name(SSL *ssl, const char *name)
{
    if (g_hostname_is_ip_address(name))
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name) == 1;
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(ssl, name) == 1 && SSL_set_tlsext_host_name(ssl, name) == 1;
}

static PdStatus *cannot_begin(const char *what)
{
    ERR_clear_error();
    return pd_status_new(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, NULL, "TLS: %s", what);
}

PdStatus *pd_tls_new(int fd, const char *name, const char *ca, PdTlsSession **session)
{
    PdTlsSession *made = g_new0(PdTlsSession, 1);

    *session = made;
    made->name = g_strdup(name);
    made->context = SSL_CTX_new(TLS_client_method());
    if (made->context == NULL)
        return cannot_begin("no context can be made");
    SSL_CTX_set_min_proto_version(made->context, TLS1_2_VERSION);
    SSL_CTX_set_mode(made->context,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_verify(made->context, SSL_VERIFY_PEER, verified);
    if (ca == NULL)
        SSL_CTX_set_default_verify_paths(made->context);
    else if (SSL_CTX_load_verify_locations(made->context, ca, NULL) != 1) {
        ERR_clear_error();
        return pd_status_new(PD_SPOILS_MAILBOX, PD_FINAL,
                             "let ca name a readable file of PEM certificates",
                             "the file of trusted authorities %s cannot be used", ca);
    }
    made->ssl = SSL_new(made->context);
    if (made->ssl == NULL)
        return cannot_begin("no session can be made");
    SSL_set_app_data(made->ssl, made);
    BIO *bio = socket_bio(made, fd);
    SSL_set_bio(made->ssl, bio, bio);
    if (!set_expected_name(made->ssl, name))
        return cannot_begin("the server's name cannot be checked");
    return NULL;
}

void pd_tls_free(PdTlsSession *session)
{
    if (session == NULL)
        return;
    SSL_free(session->ssl);
    SSL_CTX_free(session->context);
    BIO_meth_free(session->method);
    g_free(session->name);
    g_free(session->names);
    g_free(session);
}

static int what_now(PdTlsSession *session, int result)
{
    int error = errno;

    switch (SSL_get_error(session->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        return PD_TLS_WANTS_READ;
    case SSL_ERROR_WANT_WRITE:
        return PD_TLS_WANTS_WRITE;
    case SSL_ERROR_ZERO_RETURN:
        return PD_TLS_ENDED;
    case SSL_ERROR_SYSCALL:
        session->system_error = error;
        return PD_TLS_BROKEN;
    default:
        return PD_TLS_BROKEN;
    }
}

int pd_tls_handshake(PdTlsSession *session)
{
    ERR_clear_error();
    int result = SSL_connect(session->ssl);
    return result == 1 ? 1 : what_now(session, result);
}

static PdStatus *refused(const PdTlsSession *session)
{
    const char *names = session->names != NULL ? session->names : "nobody";

    switch (session->verify_error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return pd_status_new(
            PD_SPOILS_MAILBOX, PD_FINAL,
            "ask the server's admin for a new certificate; check this machine's clock",
            "the certificate of %s has expired", session->name);
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return pd_status_new(PD_SPOILS_MAILBOX, PD_FINAL, "check this machine's clock",
                             "the certificate of %s is not valid yet", session->name);
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return pd_status_new(PD_SPOILS_MAILBOX, PD_FINAL,
                             "let host or tls_name be one of the certificate's names",
                             "the certificate is for %s, not for %s", names, session->name);
    default:
        return pd_status_new(
            PD_SPOILS_MAILBOX, PD_FINAL,
            "if the server has a certificate of your own authority, let ca name its file",
            "the certificate of %s is not signed by an authority known here (%s)", session->name,
            X509_verify_cert_error_string(session->verify_error));
    }
}

PdStatus *pd_tls_problem(const PdTlsSession *session)
{
    if (session->verify_error != X509_V_OK)
        return refused(session);
    unsigned long error = ERR_peek_error();
    const char *reason = error != 0 ? ERR_reason_error_string(error) : NULL;
    if (reason == NULL && session->system_error != 0)
        reason = g_strerror(session->system_error);
    ERR_clear_error();
    if (reason == NULL)
        reason = "the connection was closed";
    if (SSL_is_init_finished(session->ssl)) /* port and tls are right */
        return pd_status_new(PD_SPOILS_CONNECTION, PD_TRY_AGAIN, NULL,
                             "the connection to %s was lost: %s", session->name, reason);
    return pd_status_new(PD_SPOILS_CONNECTION, PD_TRY_AGAIN,
                         "check that port and tls belong together", "TLS with %s failed: %s",
                         session->name, reason);
}

ssize_t pd_tls_read(PdTlsSession *session, void *bytes, gsize length)
{
    ERR_clear_error();
    int result = SSL_read(session->ssl, bytes, (int)MIN(length, G_MAXINT));
    return result > 0 ? result : what_now(session, result);
}

ssize_t pd_tls_write(PdTlsSession *session, const void *bytes, gsize length)
{
    ERR_clear_error();
    int result = SSL_write(session->ssl, bytes, (int)MIN(length, G_MAXINT));
    return result > 0 ? result : what_now(session, result);
}

gboolean pd_tls_has_input(PdTlsSession *session)
{
    char byte;

    ERR_clear_error();
    int result = SSL_peek(session->ssl, &byte, 1);
    return result > 0 || what_now(session, result) != PD_TLS_WANTS_READ;
}

void pd_tls_end(PdTlsSession *session)
{
    ERR_clear_error();
    if (SSL_is_init_finished(session->ssl))
        SSL_shutdown(session->ssl);
    ERR_clear_error();
}
