/* smtp_test.c: a relay, at every stage at which a server may refuse or vanish. */
#include "checks.h"
#include "peer.h"
#include "postdesk/clock.h"
#include "postdesk/relay.h"

#include <stdlib.h>
#include <string.h>

#define PLAIN_HELLO SAY("220 ready"), HEAR("EHLO "), SAY("250 me")
#define HELLO                                                                                      \
    SAY("220 ready"), HEAR("EHLO "), SAY("250-me"), SAY("250-SIZE 100"), SAY("250 PIPELINING")
#define ENVELOPE(to)                                                                               \
    HEAR("MAIL FROM:<desk@example.org>"), HEAR("RCPT TO:<" to "@example.org>"), HEAR("DATA")
#define TAKEN RAW("250 sender\r\n250 recipient\r\n354 go\r\n")
#define CONTENT HEAR("Subject: x\r\n"), HEAR("\r\n"), HEAR("text\r\n"), HEAR(".\r\n")

static PdRelayConfig config;
static PdSecret *secret;
static PdRelay *relay;
static GString *events; /* "dot 1 result 1 250 …;" */

static void set_up(void)
{
    config = (PdRelayConfig){
        .name = (char *)"test",
        .server = {.tls = PD_TLS_NONE, .auth = PD_AUTH_NONE, .timeout = 5 * PD_SECOND},
    };
    config.server.user = (char *)"desk";
    secret = pd_secret_new("secret", 6);
    events = g_string_new(NULL);
}

static void tear_down(void)
{
    g_clear_pointer(&relay, pd_relay_close);
    pd_secret_free(secret);
    g_string_free(events, TRUE);
}

static void before_dot(gint64 id, gpointer user)
{
    (void)user;
    g_string_append_printf(events, "dot %d;", (int)id);
}

static void result(const PdRelayResult *got, gpointer user)
{
    (void)user;
    g_string_append_printf(events, "%d %d%s;", (int)got->id, got->code,
                           got->code == 0 ? got->dot_out ? " out" : " held" : "");
    ck_assert_ptr_nonnull(got->reply);
    ck_assert_ptr_null(strpbrk(got->reply, "\r\n\033"));
}

static const PdRelaySink sink = {before_dot, result, NULL};

static PdStatus *open_relay(const PeerStep *script)
{
    peer_start(script, NULL, &config.server);
    return pd_relay_open(&config, secret, &relay);
}

/* Mails 1, 2, … to a, b, …; closes, and wants the script to be done and these events. */
static PdStatus *send_mails(const PeerStep *script, guint count, const char *expected)
{
    static const char text[] = "Subject: x\r\n\r\ntext\r\n";
    static const char *const recipients[] = {"a@example.org", "b@example.org"};
    PdRelayMail mails[2];

    for (guint i = 0; i < count; i++)
        mails[i] = (PdRelayMail){.id = i + 1,
                                 .envelope_from = "desk@example.org",
                                 .recipient = recipients[i],
                                 .bytes = text,
                                 .length = sizeof text - 1};
    check_good(open_relay(script));
    PdStatus *status = pd_relay_send(relay, mails, count, &sink);
    g_clear_pointer(&relay, pd_relay_close);
    peer_finish();
    ck_assert_str_eq(events->str, expected);
    return status;
}

static void check_lost(const PeerStep *script, guint count, const char *expected, const char *words)
{
    check_bad(send_mails(script, count, expected), PD_SPOILS_CONNECTION, TRUE, words);
}

START_TEST(next_envelope_goes_with_the_content)
{
    check_good(send_mails((PeerStep[]){HELLO, ENVELOPE("a"), TAKEN, CONTENT, ENVELOPE("b"),
                                       SAY("250 accepted"), TAKEN, CONTENT, SAY("250 accepted"),
                                       HEAR("QUIT"), END},
                          2, "dot 1;1 250;dot 2;2 250;"));
}
END_TEST

START_TEST(without_pipelining_each_command_waits)
{
    check_good(send_mails(
        (PeerStep[]){PLAIN_HELLO, HEAR("MAIL FROM:<desk@example.org>\r\n"), SAY("250-a"),
                     SAY("250 b"), HEAR("RCPT TO:<a@example.org>"), SAY("250"), HEAR("DATA"),
                     SAY("354 go"), CONTENT, SAY("250 taken"), HEAR("MAIL"), SAY("250 x"),
                     HEAR("RCPT"), SAY("450 later"), HEAR("RSET"), SAY("250 x"), HEAR("QUIT"), END},
        2, "dot 1;1 250;2 450;"));
}
END_TEST

START_TEST(old_server_without_ehlo_will_do)
{
    check_good(
        send_mails((PeerStep[]){SAY("220 old"), HEAR("EHLO "), SAY("502 what"), HEAR("HELO "),
                                SAY("250 old"), HEAR("MAIL"), SAY("550 no"), HEAR("QUIT"), END},
                   1, "1 550;"));
}
END_TEST

START_TEST(refused_recipient_takes_nobody_along)
{
    check_good(send_mails((PeerStep[]){HELLO, ENVELOPE("a"),
                                       RAW("250 s\r\n550-5.1.1 no\r\n550 \033[1msuch user\r\n"),
                                       SAY("354 go on anyway"), HEAR(".\r\n"), ENVELOPE("b"),
                                       SAY("554 no recipients"), TAKEN, CONTENT,
                                       SAY("250 accepted"), HEAR("QUIT"), END},
                          2, "1 550;dot 2;2 250;"));
}
END_TEST

START_TEST(refused_transaction_is_taken_back)
{
    check_good(send_mails((PeerStep[]){HELLO, ENVELOPE("a"),
                                       RAW("250 s\r\n451 later\r\n503 no recipients\r\n"),
                                       HEAR("RSET"), ENVELOPE("b"), SAY("250 reset"),
                                       RAW("452 s\r\n503 r\r\n503 d\r\n"), HEAR("QUIT"), END},
                          2, "1 451;2 452;"));
}
END_TEST

START_TEST(refused_data_and_content_are_told)
{
    check_good(send_mails((PeerStep[]){HELLO, ENVELOPE("a"), RAW("250 s\r\n250 r\r\n451 d\r\n"),
                                       HEAR("RSET"), ENVELOPE("b"), SAY("250 reset"), TAKEN,
                                       CONTENT, SAY("552 too large"), HEAR("QUIT"), END},
                          2, "1 451;dot 2;2 552;"));
}
END_TEST

START_TEST(loss_before_the_dot_is_known)
{
    check_lost((PeerStep[]){HELLO, ENVELOPE("a"), RAW("250 s\r\n250 r\r\n"), END}, 2, "1 0 held;",
               "closed the connection");
}
END_TEST

START_TEST(loss_behind_the_dot_is_known)
{
    check_lost((PeerStep[]){HELLO, ENVELOPE("a"), TAKEN, CONTENT, ENVELOPE("b"), END}, 2,
               "dot 1;1 0 out;", "closed the connection");
}
END_TEST

START_TEST(loss_of_the_mail_that_went_ahead_harms_nobody)
{
    check_lost((PeerStep[]){HELLO, ENVELOPE("a"), TAKEN, CONTENT, ENVELOPE("b"),
                            RAW("250 accepted\r\n250 s\r\n"), END},
               2, "dot 1;1 250;2 0 held;", "closed the connection");
}
END_TEST

START_TEST(silence_after_the_dot_meets_the_deadline)
{
    config.server.timeout = PD_SECOND / 5;
    check_lost((PeerStep[]){HELLO, ENVELOPE("a"), TAKEN, CONTENT, SILENT, END}, 1, "dot 1;1 0 out;",
               "within");
}
END_TEST

START_TEST(partial_reply_meets_the_deadline)
{
    config.server.timeout = PD_SECOND / 5;
    check_lost((PeerStep[]){HELLO, ENVELOPE("a"), DRIP("250-a\r\n250-b\r\n250-c\r\n250-d\r\n250-e"),
                            SILENT, END},
               1, "1 0 held;", "within");
}
END_TEST

START_TEST(endless_replies_are_refused)
{
    check_lost((PeerStep[]){HELLO, ENVELOPE("a"), FLOOD("250-more\r\n"), END}, 1, "1 0 held;",
               "more than it was asked for");
}
END_TEST

START_TEST(endless_line_is_refused)
{
    check_lost((PeerStep[]){HELLO, ENVELOPE("a"), FLOOD("250 more and more "), END}, 1, "1 0 held;",
               "without an end");
}
END_TEST

START_TEST(nonsense_is_refused)
{
    static const char *const nonsense[] = {"250 a\r\n251-b\r\n252 c\r\n", "hello\r\n", "999 x\r\n",
                                           "250x\r\n", "354 x\r\n"};

    config.server.timeout = PD_SECOND;
    PdStatus *status = send_mails(
        (PeerStep[]){HELLO, ENVELOPE("a"), RAW(nonsense[_i]), HANGUP, END}, 1, "1 0 held;");
    ck_assert_int_eq(pd_status_spoils(status), PD_SPOILS_CONNECTION);
    pd_status_free(status);
}
END_TEST

START_TEST(closing_server_is_believed)
{
    check_lost((PeerStep[]){HELLO, ENVELOPE("a"), SAY("421 enough for today"), END}, 2, "1 421;",
               "");
}
END_TEST

START_TEST(good_bye_before_the_first_mail_begins_nothing)
{
    static const PdRelayMail mail = {1, "", "a@example.org", "x\r\n", 3};

    check_good(open_relay((PeerStep[]){PLAIN_HELLO, HEAR("NOOP"),
                                       RAW("250 fine\r\n421 idle for too long\r\n"), HANGUP, END}));
    check_good(pd_relay_check(relay));
    check_bad(pd_relay_send(relay, &mail, 1, &sink), PD_SPOILS_CONNECTION, TRUE, "421 idle");
    ck_assert_str_eq(events->str, "");
    g_clear_pointer(&relay, pd_relay_close);
    peer_finish();
}
END_TEST

START_TEST(content_cannot_end_early)
{
    static const PdRelayMail mail = {1, "", "a@example.org", ".a\n.\r.b\r\n\n..\r\nend", 17};

    check_good(open_relay((PeerStep[]){
        HELLO, HEAR("MAIL FROM:<> SIZE=17\r\n"), HEAR("RCPT"), HEAR("DATA"), TAKEN, HEAR("..a\r\n"),
        HEAR("..\r\n"), HEAR("..b\r\n"), HEAR("\r\n"), HEAR("...\r\n"), HEAR("end\r\n"),
        HEAR(".\r\n"), SAY("250 ok"), HEAR("QUIT"), END}));
    check_good(pd_relay_send(relay, &mail, 1, &sink));
    g_clear_pointer(&relay, pd_relay_close);
    peer_finish();
}
END_TEST

/* Lines of more than a word of the machine, among them bytes that are line ends but for the highest
 * bit. */
START_TEST(long_lines_keep_their_ends_and_dots)
{
    static const char text[] = "0123456789\r\n.dots begin this one\r\n\215\212 tail of eight\n"
                               ".bare\r.again and again\r\nlast one";
    static const PdRelayMail mail = {1, "", "a@example.org", text, sizeof text - 1};

    check_good(open_relay((PeerStep[]){
        HELLO, HEAR("MAIL FROM:<> SIZE="), HEAR("RCPT"), HEAR("DATA"), TAKEN,
        HEAR("0123456789\r\n"), HEAR("..dots begin this one\r\n"),
        HEAR("\215\212 tail of eight\r\n"), HEAR("..bare\r\n"), HEAR("..again and again\r\n"),
        HEAR("last one\r\n"), HEAR(".\r\n"), SAY("250 ok"), HEAR("QUIT"), END}));
    check_good(pd_relay_send(relay, &mail, 1, &sink));
    g_clear_pointer(&relay, pd_relay_close);
    peer_finish();
}
END_TEST

START_TEST(addresses_that_would_break_the_protocol_do_not_leave)
{
    static const PdRelayMail mails[] = {
        {1, "", "a@example.org>\r\nRCPT TO:<b@example.org", "x\r\n", 3},
        {2, "a b@example.org", "a@example.org", "x\r\n", 3},
        {3, "", "张三@example.org", "x\r\n", 3},
        {4, "", "", "x\r\n", 3},
    };

    check_good(open_relay((PeerStep[]){HELLO, HEAR("QUIT"), END}));
    check_good(pd_relay_send(relay, mails, G_N_ELEMENTS(mails), &sink));
    ck_assert_str_eq(events->str, "1 553;2 553;3 553;4 553;");
    g_clear_pointer(&relay, pd_relay_close);
    peer_finish();
}
END_TEST

START_TEST(international_mail_is_declared)
{
    static const PdRelayMail mail = {1, "", "张三@example.org", "ä\r\n", 4};

    check_good(open_relay(
        (PeerStep[]){SAY("220 x"), HEAR("EHLO"), SAY("250-x"), SAY("250-8bitmime"),
                     SAY("250 SMTPUTF8"), HEAR("MAIL FROM:<> BODY=8BITMIME SMTPUTF8\r\n"),
                     SAY("250 ok"), HEAR("RCPT TO:<张三@example.org>"), SAY("550 ok"), HEAR("RSET"),
                     SAY("250 ok"), HEAR("QUIT"), END}));
    check_good(pd_relay_send(relay, &mail, 1, &sink));
    g_clear_pointer(&relay, pd_relay_close);
    peer_finish();
}
END_TEST

START_TEST(login_by_what_is_offered)
{
    config.server.auth = PD_AUTH_PLAIN;
    check_good(open_relay(
        (PeerStep[]){SAY("220 x"), HEAR("EHLO"), SAY("250-x"), SAY("250 AUTH CRAM-MD5 LOGIN"),
                     HEAR("AUTH LOGIN\r\n"), SAY("334 VXNlcm5hbWU6"), HEAR("ZGVzaw=="),
                     SAY("334 UGFzc3dvcmQ6"), HEAR("c2VjcmV0"), SAY("235 in"), END}));
    peer_finish();
}
END_TEST

START_TEST(refused_token_is_final)
{
    config.server.auth = PD_AUTH_XOAUTH2;
    check_bad(open_relay((PeerStep[]){
                  SAY("220 x"), HEAR("EHLO"), SAY("250-x"), SAY("250 AUTH=XOAUTH2"),
                  HEAR("AUTH XOAUTH2 dXNlcj1kZXNrAWF1dGg9QmVhcmVyIHNlY3JldAEB"),
                  SAY("334 eyJzdGF0dXMiOiI0MDEifQ=="), HEAR("\r\n"), SAY("535 no"), HANGUP, END}),
              PD_SPOILS_MAILBOX, FALSE, "refused the log-in of desk: 535 no");
    peer_finish();
}
END_TEST

START_TEST(passing_refusals_are_tried_again)
{
    config.server.auth = PD_AUTH_PLAIN;
    check_bad(
        open_relay((PeerStep[]){SAY("220 x"), HEAR("EHLO"), SAY("250-x"), SAY("250 AUTH PLAIN"),
                                HEAR("AUTH PLAIN "), SAY("454 backend down"), HANGUP, END}),
        PD_SPOILS_CONNECTION, TRUE, "454 backend down");
    peer_finish();
    check_bad(open_relay((PeerStep[]){SAY("554 go away"), HANGUP, END}), PD_SPOILS_CONNECTION, TRUE,
              "554 go away");
    peer_finish();
}
END_TEST

static Suite *smtp_suite(void)
{
    Suite *suite = suite_create("smtp");
    TCase *all = tcase_create("all");

    tcase_add_checked_fixture(all, set_up, tear_down);
    tcase_set_timeout(all, 30);
    tcase_add_test(all, next_envelope_goes_with_the_content);
    tcase_add_test(all, without_pipelining_each_command_waits);
    tcase_add_test(all, old_server_without_ehlo_will_do);
    tcase_add_test(all, refused_recipient_takes_nobody_along);
    tcase_add_test(all, refused_transaction_is_taken_back);
    tcase_add_test(all, refused_data_and_content_are_told);
    tcase_add_test(all, loss_before_the_dot_is_known);
    tcase_add_test(all, loss_behind_the_dot_is_known);
    tcase_add_test(all, loss_of_the_mail_that_went_ahead_harms_nobody);
    tcase_add_test(all, silence_after_the_dot_meets_the_deadline);
    tcase_add_test(all, partial_reply_meets_the_deadline);
    tcase_add_test(all, endless_replies_are_refused);
    tcase_add_test(all, endless_line_is_refused);
    tcase_add_loop_test(all, nonsense_is_refused, 0, 5);
    tcase_add_test(all, closing_server_is_believed);
    tcase_add_test(all, good_bye_before_the_first_mail_begins_nothing);
    tcase_add_test(all, content_cannot_end_early);
    tcase_add_test(all, long_lines_keep_their_ends_and_dots);
    tcase_add_test(all, addresses_that_would_break_the_protocol_do_not_leave);
    tcase_add_test(all, international_mail_is_declared);
    tcase_add_test(all, login_by_what_is_offered);
    tcase_add_test(all, refused_token_is_final);
    tcase_add_test(all, passing_refusals_are_tried_again);
    suite_add_tcase(suite, all);
    return suite;
}

int main(void)
{
    return run_suite(smtp_suite());
}
