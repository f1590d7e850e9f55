/* tls_test.c: who may be talked to, and that nothing secret is said to anybody else. */
#include "checks.h"
#include "peer.h"
#include "postdesk/clock.h"
#include "postdesk/relay.h"
#include "postdesk/source.h"
#include "wire/socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CAPABLE(words) HEAR("CAPABILITY"), SAY("* CAPABILITY IMAP4rev1 " words), ANSWER(" OK")
#define LOGGED_IN                                                                                  \
    HEAR("LOGIN \"desk\" \"secret\""), ANSWER(" OK [CAPABILITY IMAP4rev1 IDLE] in"),               \
        HEAR("SELECT"), SAY("* OK [UIDVALIDITY 7] valid"), ANSWER(" OK")

static PdMailbox mailbox;
static PdRelayConfig relay_config;
static PdSecret *secret;
static PdSource *source;
static PdRelay *relay;

static void set_up(void)
{
    mailbox = (PdMailbox){
        .name = (char *)"test",
        .server = {.tls = PD_TLS_IMPLICIT,
                   .auth = PD_AUTH_LOGIN,
                   .user = (char *)"desk",
                   .timeout = 5 * PD_SECOND},
    };
    relay_config = (PdRelayConfig){.name = (char *)"relay", .server = mailbox.server};
    secret = pd_secret_new("secret", 6);
}

static void tear_down(void)
{
    g_clear_pointer(&source, pd_source_close);
    g_clear_pointer(&relay, pd_relay_close);
    pd_secret_free(secret);
}

/* The server shows the certificate, we trust the other one. */
static PdStatus *open_source(const PeerStep *script, const char *certificate, const char *trusted)
{
    peer_start(script, certificate, &mailbox.server);
    mailbox.server.ca = (char *)trusted;
    return pd_source_open(&mailbox, "INBOX", secret, &source);
}

static PdStatus *open_relay(const PeerStep *script, const char *certificate)
{
    relay_config.server.tls = PD_TLS_STARTTLS;
    peer_start(script, certificate, &relay_config.server);
    relay_config.server.ca = (char *)certificate;
    return pd_relay_open(&relay_config, secret, &relay);
}

START_TEST(certificate_for_the_address_is_accepted)
{
    const char *certificate = peer_certificate("127.0.0.1", 30);
    check_good(open_source((PeerStep[]){TLS(""), SAY("* OK"), CAPABLE(""), LOGGED_IN, END},
                           certificate, certificate));
    peer_finish();
}
END_TEST

START_TEST(name_is_sent_and_checked)
{
    const char *certificate = peer_certificate("imap.example.org", 30);
    mailbox.server.tls_name = (char *)"imap.example.org";
    check_good(
        open_source((PeerStep[]){TLS("imap.example.org"), SAY("* OK"), CAPABLE(""), LOGGED_IN, END},
                    certificate, certificate));
    peer_finish();
}
END_TEST

START_TEST(other_name_is_refused_and_shown)
{
    const char *certificate = peer_certificate("other.example.org", 30);
    mailbox.server.tls_name = (char *)"imap.example.org";
    check_bad(
        open_source((PeerStep[]){TLS("imap.example.org"), HANGUP, END}, certificate, certificate),
        PD_SPOILS_MAILBOX, FALSE, "is for other.example.org, not for imap.example.org");
    peer_finish();
}
END_TEST

START_TEST(certificate_for_another_address_is_refused)
{
    const char *certificate = peer_certificate("127.0.0.2", 30);
    check_bad(open_source((PeerStep[]){TLS(NULL), HANGUP, END}, certificate, certificate),
              PD_SPOILS_MAILBOX, FALSE, "is for 127.0.0.2, not for 127.0.0.1");
    peer_finish();
}
END_TEST

START_TEST(unknown_authority_is_refused)
{
    check_bad(open_source((PeerStep[]){TLS(NULL), HANGUP, END}, peer_certificate("127.0.0.1", 30),
                          peer_certificate("localhost", 30)),
              PD_SPOILS_MAILBOX, FALSE, "not signed by an authority known here");
    peer_finish();
}
END_TEST

START_TEST(expired_certificate_is_refused)
{
    const char *certificate = peer_certificate("127.0.0.1", -1);
    check_bad(open_source((PeerStep[]){TLS(NULL), HANGUP, END}, certificate, certificate),
              PD_SPOILS_MAILBOX, FALSE, "has expired");
    peer_finish();
}
END_TEST

START_TEST(missing_authority_file_is_said)
{
    check_bad(open_source((PeerStep[]){HANGUP, END}, NULL, "/nonexistent.pem"), PD_SPOILS_MAILBOX,
              FALSE, "/nonexistent.pem");
    peer_finish();
}
END_TEST

START_TEST(server_that_speaks_in_clear_is_refused)
{
    check_bad(
        open_source((PeerStep[]){SAY("* OK ready"), END}, NULL, peer_certificate("127.0.0.1", 30)),
        PD_SPOILS_CONNECTION, TRUE, "TLS with 127.0.0.1 failed");
    peer_finish();
}
END_TEST

/* Only while hands are shaken may port and tls not belong together. */
START_TEST(connection_that_is_reset_later_is_no_trouble_of_tls)
{
    const char *certificate = peer_certificate("127.0.0.1", 30);
    g_autoptr(GArray) entries = NULL;

    check_good(open_source((PeerStep[]){TLS(NULL), SAY("* OK ready"), CAPABLE("IDLE"), LOGGED_IN,
                                        HEAR("UID FETCH"), RESET, END},
                           certificate, certificate));
    g_autoptr(PdStatus) status = pd_source_list(source, 1, &entries);
    ck_assert_ptr_nonnull(status);
    ck_assert_ptr_nonnull(strstr(pd_status_text(status), "the connection to 127.0.0.1 was lost"));
    ck_assert_ptr_null(pd_status_advice(status));
    peer_finish();
}
END_TEST

/* Or mail would wait for the next renewal of IDLE where a firewall has forgotten the connection. */
START_TEST(silent_connection_is_kept_alive)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int server = socket(AF_INET, SOCK_STREAM, 0);
    int fd = -1;
    int on = 0, quiet = 0;
    gboolean loopback = FALSE;

    bind(server, (struct sockaddr *)&address, sizeof address);
    listen(server, 1);
    getsockname(server, (struct sockaddr *)&address, &length);
    check_good(pd_socket_connect("127.0.0.1", ntohs(address.sin_port),
                                 pd_clock_monotonic() + 5 * PD_SECOND, &fd, &loopback));
    length = sizeof on;
    getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, &length);
    length = sizeof quiet;
    getsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &quiet, &length);
    ck_assert_int_ne(on, 0);
    ck_assert_int_le(quiet, 240); /* what firewalls grant at the least is about five minutes */
    close(fd);
    close(server);
}
END_TEST

START_TEST(starttls_then_login)
{
    const char *certificate = peer_certificate("127.0.0.1", 30);
    mailbox.server.tls = PD_TLS_STARTTLS;
    check_good(open_source((PeerStep[]){SAY("* OK [CAPABILITY LIES] ready"),
                                        CAPABLE("STARTTLS LOGINDISABLED"), HEAR("STARTTLS"),
                                        ANSWER(" OK"), TLS(NULL), CAPABLE("IDLE"), LOGGED_IN, END},
                           certificate, certificate));
    peer_finish();
}
END_TEST

START_TEST(stripped_starttls_ends_before_the_login)
{
    mailbox.server.tls = PD_TLS_STARTTLS;
    check_bad(open_source((PeerStep[]){SAY("* OK ready"), CAPABLE(""), HANGUP, END}, NULL, NULL),
              PD_SPOILS_MAILBOX, FALSE, "does not offer STARTTLS");
    peer_finish();
}
END_TEST

START_TEST(login_that_was_granted_in_clear_is_not_used)
{
    mailbox.server.tls = PD_TLS_STARTTLS;
    check_bad(open_source((PeerStep[]){SAY("* PREAUTH welcome"), HANGUP, END}, NULL, NULL),
              PD_SPOILS_MAILBOX, FALSE, "does not offer STARTTLS");
    peer_finish();
}
END_TEST

START_TEST(refused_starttls_ends_before_the_login)
{
    mailbox.server.tls = PD_TLS_STARTTLS;
    check_bad(open_source((PeerStep[]){SAY("* OK ready"), CAPABLE("STARTTLS"), HEAR("STARTTLS"),
                                       ANSWER(" NO not today"), HANGUP, END},
                          NULL, NULL),
              PD_SPOILS_CONNECTION, TRUE, "refused STARTTLS: not today");
    peer_finish();
}
END_TEST

START_TEST(answer_injected_before_tls_is_refused)
{
    mailbox.server.tls = PD_TLS_STARTTLS;
    check_bad(open_source((PeerStep[]){SAY("* OK ready"), CAPABLE("STARTTLS"), HEAR("STARTTLS"),
                                       RAW("P2 OK go\r\n* CAPABILITY AUTH=PLAIN\r\n"), HANGUP, END},
                          NULL, NULL),
              PD_SPOILS_CONNECTION, TRUE, "said in clear");
    peer_finish();
}
END_TEST

START_TEST(relay_starts_tls_then_says_hello_again)
{
    const char *certificate = peer_certificate("127.0.0.1", 30);
    check_good(
        open_relay((PeerStep[]){SAY("220 ready"), HEAR("EHLO "), SAY("250-me"), SAY("250 STARTTLS"),
                                HEAR("STARTTLS"), SAY("220 go"), TLS(NULL), HEAR("EHLO "),
                                SAY("250-me"), SAY("250 AUTH PLAIN"),
                                HEAR("AUTH PLAIN AGRlc2sAc2VjcmV0"), SAY("235 in"), END},
                   certificate));
    peer_finish();
}
END_TEST

START_TEST(relay_without_tls_gets_no_secret)
{
    static const struct {
        const char *extension, *answer, *words;
        gboolean may_retry;
    } ways[] = {
        {"250 AUTH PLAIN\r\n", "", "does not offer STARTTLS", FALSE},
        {"250 STARTTLS\r\n", "454 not now\r\n", "refused STARTTLS: 454 not now", TRUE},
        {"250 STARTTLS\r\n", "220 go\r\n250 AUTH PLAIN\r\n", "said in clear", TRUE},
    };
    const char *certificate = peer_certificate("127.0.0.1", 30);
    const PeerStep refused[] = {SAY("220 ready"),        HEAR("EHLO "), RAW("250-me\r\n"),
                                RAW(ways[_i].extension), HANGUP,        END};
    const PeerStep tried[] = {SAY("220 ready"),
                              HEAR("EHLO "),
                              RAW("250-me\r\n"),
                              RAW(ways[_i].extension),
                              HEAR("STARTTLS"),
                              RAW(ways[_i].answer),
                              HANGUP,
                              END};

    check_bad(open_relay(_i == 0 ? refused : tried, certificate),
              ways[_i].may_retry ? PD_SPOILS_CONNECTION : PD_SPOILS_MAILBOX, ways[_i].may_retry,
              ways[_i].words);
    peer_finish();
}
END_TEST

START_TEST(closed_port_and_unknown_name_are_said)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int unused = socket(AF_INET, SOCK_STREAM, 0); /* bound, not listening: refuses */

    bind(unused, (struct sockaddr *)&address, sizeof address);
    getsockname(unused, (struct sockaddr *)&address, &length);
    mailbox.server.host = (char *)"127.0.0.1";
    mailbox.server.port = ntohs(address.sin_port);
    check_bad(pd_source_open(&mailbox, "INBOX", secret, &source), PD_SPOILS_CONNECTION, TRUE,
              "Connection refused");
    close(unused);
    mailbox.server.host = (char *)"no such name";
    check_bad(pd_source_open(&mailbox, "INBOX", secret, &source), PD_SPOILS_CONNECTION, TRUE,
              "cannot be looked up");
}
END_TEST

static Suite *tls_suite(void)
{
    Suite *suite = suite_create("tls");
    TCase *all = tcase_create("all");

    tcase_add_checked_fixture(all, set_up, tear_down);
    tcase_set_timeout(all, 30);
    tcase_add_test(all, certificate_for_the_address_is_accepted);
    tcase_add_test(all, name_is_sent_and_checked);
    tcase_add_test(all, other_name_is_refused_and_shown);
    tcase_add_test(all, certificate_for_another_address_is_refused);
    tcase_add_test(all, unknown_authority_is_refused);
    tcase_add_test(all, expired_certificate_is_refused);
    tcase_add_test(all, missing_authority_file_is_said);
    tcase_add_test(all, server_that_speaks_in_clear_is_refused);
    tcase_add_test(all, connection_that_is_reset_later_is_no_trouble_of_tls);
    tcase_add_test(all, silent_connection_is_kept_alive);
    tcase_add_test(all, starttls_then_login);
    tcase_add_test(all, stripped_starttls_ends_before_the_login);
    tcase_add_test(all, login_that_was_granted_in_clear_is_not_used);
    tcase_add_test(all, refused_starttls_ends_before_the_login);
    tcase_add_test(all, answer_injected_before_tls_is_refused);
    tcase_add_test(all, relay_starts_tls_then_says_hello_again);
    tcase_add_loop_test(all, relay_without_tls_gets_no_secret, 0, 3);
    tcase_add_test(all, closed_port_and_unknown_name_are_said);
    suite_add_tcase(suite, all);
    return suite;
}

int main(void)
{
    return run_suite(tls_suite());
}
