/* imap_test.c: an IMAP folder as a source, against servers that behave and servers that do not. */
#include "checks.h"
#include "peer.h"
#include "postdesk/clock.h"
#include "postdesk/source.h"

#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define CAPABILITIES "IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2 IDLE MOVE UIDPLUS"
#define GREETED                                                                                    \
    SAY("* OK ready"), HEAR("CAPABILITY"), SAY("* CAPABILITY " CAPABILITIES), ANSWER(" OK")
#define SELECTED(folder)                                                                           \
    HEAR("SELECT " folder), SAY("* 3 EXISTS"), SAY("* OK [UIDVALIDITY 7] valid"),                  \
        SAY("* OK [UIDNEXT 10] next"), ANSWER(" OK [READ-WRITE] selected")
#define OPENED                                                                                     \
    GREETED, HEAR("LOGIN \"desk\" \"secret\""),                                                    \
        ANSWER(" OK [CAPABILITY " CAPABILITIES " ENABLE] in"), SELECTED("\"INBOX\"")

static PdMailbox mailbox;
static PdSecret *secret;
static PdSource *source;

static void set_up(void)
{
    mailbox = (PdMailbox){
        .name = (char *)"test",
        .server = {.tls = PD_TLS_NONE,
                   .auth = PD_AUTH_LOGIN,
                   .user = (char *)"desk",
                   .timeout = 5 * PD_SECOND},
        .poll = PD_SECOND / 20,
        .idle_renew = 60 * PD_SECOND,
    };
    secret = pd_secret_new("secret", 6);
}

static void tear_down(void)
{
    g_clear_pointer(&source, pd_source_close);
    pd_secret_free(secret);
}

static PdStatus *open_source(const PeerStep *script)
{
    peer_start(script, NULL, &mailbox.server);
    return pd_source_open(&mailbox, "INBOX", secret, &source);
}

static void open_well(const PeerStep *script)
{
    check_good(open_source(script));
}

/* Keeps what a fetch hands over. */
typedef struct {
    GString *text; /* "uid=body;" for each message */
    GString *body;
    guint abandoned;
    PdStatus *refusal;
} Taken;

static PdStatus *take_begin(gpointer user)
{
    Taken *taken = user;

    g_string_truncate(taken->body, 0);
    return g_steal_pointer(&taken->refusal);
}

static PdStatus *take_bytes(const char *bytes, gsize length, gpointer user)
{
    Taken *taken = user;

    g_string_append_len(taken->body, bytes, (gssize)length);
    return NULL;
}

static PdStatus *take_end(guint32 uid, gpointer user)
{
    Taken *taken = user;

    g_string_append_printf(taken->text, "%u=%s;", uid, taken->body->str);
    return NULL;
}

static void take_abandon(gpointer user)
{
    Taken *taken = user;

    taken->abandoned++;
}

static Taken taken;
static const PdFetchSink sink = {take_begin, take_bytes, take_end, take_abandon, &taken};

static PdStatus *fetch(guint count)
{
    static const PdSourceEntry entries[] = {
        {.uid = 4, .size = 5}, {.uid = 5, .size = 0}, {.uid = 8, .size = 3}};

    taken = (Taken){.text = g_string_new(NULL), .body = g_string_new(NULL)};
    return pd_source_fetch(source, entries, count, &sink);
}

static void check_taken(const char *text, guint abandoned)
{
    ck_assert_str_eq(taken.text->str, text);
    ck_assert_uint_eq(taken.abandoned, abandoned);
    g_string_free(taken.text, TRUE);
    g_string_free(taken.body, TRUE);
}

/* Fetches three messages while the server says this; the connection is spoilt with these words. */
static void check_fetch_fails(const PeerStep *script, const char *words, const char *text,
                              guint abandoned)
{
    open_well(script);
    check_bad(fetch(3), PD_SPOILS_CONNECTION, TRUE, words);
    check_taken(text, abandoned);
    check_bad(pd_source_mark_seen(source, (guint32[]){4}, 1), PD_SPOILS_CONNECTION, TRUE, "");
    g_clear_pointer(&source, pd_source_close);
    peer_finish();
}

START_TEST(opening_tells_of_the_folder)
{
    open_well((PeerStep[]){OPENED, HANGUP, END});
    ck_assert_uint_eq(pd_source_folder(source)->uidvalidity, 7);
    ck_assert_uint_eq(pd_source_folder(source)->uidnext, 10);
    ck_assert_uint_eq(pd_source_folder(source)->exists, 3);
    g_clear_pointer(&source, pd_source_close);
    peer_finish();
}
END_TEST

START_TEST(list_is_ascending_and_complete)
{
    g_autoptr(GArray) entries = NULL;
    open_well((PeerStep[]){
        OPENED, HEAR("UID FETCH 4:* (UID RFC822.SIZE INTERNALDATE FLAGS)"),
        SAY("* 2 FETCH (UID 8 RFC822.SIZE 300 INTERNALDATE \" 7-Nov-2026 10:00:00 +0800\" "
            "FLAGS (\\Seen $Label))"),
        SAY("* 1 FETCH (FLAGS () MODSEQ (12) X-NEW (\"a)\" (b {3}"),
        SAY("x)y c)) UID 4 RFC822.SIZE 20 INTERNALDATE \"07-Nov-2026 02:00:01 +0000\")"),
        SAY("* 3 FETCH (UID 9 FLAGS (\\Seen))"), SAY("* 1 FETCH (UID 3 RFC822.SIZE 1)"),
        ANSWER(" OK done"), END});
    check_good(pd_source_list(source, 4, &entries));
    ck_assert_uint_eq(entries->len, 2);
    const PdSourceEntry *entry = &g_array_index(entries, PdSourceEntry, 0);
    ck_assert_uint_eq(entry[0].uid, 4);
    ck_assert_uint_eq(entry[0].size, 20);
    ck_assert(!entry[0].seen && entry[1].seen);
    ck_assert_uint_eq(entry[1].uid, 8);
    ck_assert_int_eq(entry[0].arrived_at - entry[1].arrived_at, PD_SECOND);
    ck_assert_int_eq(entry[1].arrived_at, G_GINT64_CONSTANT(1794016800) * PD_SECOND);
    peer_finish();
}
END_TEST

START_TEST(gaps_in_a_large_folder_are_crossed)
{
    g_autoptr(GArray) entries = NULL;
    open_well((PeerStep[]){OPENED, HEAR("STORE"), SAY("* 20000 EXISTS"), ANSWER(" OK"),
                           HEAR("UID FETCH 1:10000 ("), ANSWER(" OK"), HEAR("UID FETCH 10001:* ("),
                           SAY("* 1 FETCH (UID 4000000000 RFC822.SIZE 1)"), ANSWER(" OK"), END});
    check_good(pd_source_mark_seen(source, (guint32[]){4}, 1));
    check_good(pd_source_list(source, 1, &entries));
    ck_assert_uint_eq(entries->len, 1);
    ck_assert_uint_eq(g_array_index(entries, PdSourceEntry, 0).uid, 4000000000);
    peer_finish();
}
END_TEST

START_TEST(range_that_brings_too_many_is_asked_for_in_parts)
{
    g_autoptr(GArray) entries = NULL;
    g_autoptr(GString) many = g_string_new(NULL);
    for (guint i = 10001; i > 0; i--)
        g_string_append_printf(many, "* %u FETCH (UID %u RFC822.SIZE 1)\r\n", i, i);
    open_well((PeerStep[]){OPENED, HEAR("STORE"), SAY("* 9000 EXISTS"), ANSWER(" OK"),
                           HEAR("UID FETCH 1:* ("), RAW(many->str), ANSWER(" OK"),
                           HEAR("UID FETCH 1:10000 ("), SAY("* 1 FETCH (UID 1 RFC822.SIZE 1)"),
                           ANSWER(" OK"), END});
    check_good(pd_source_mark_seen(source, (guint32[]){4}, 1));
    check_good(pd_source_list(source, 1, &entries));
    ck_assert_uint_eq(entries->len, 1);
    peer_finish();
}
END_TEST

START_TEST(bodies_are_told_by_uid_in_any_form_and_order)
{
    open_well((PeerStep[]){OPENED, HEAR("UID FETCH 4:5,8 (UID BODY.PEEK[])"),
                           RAW("* 3 FETCH (BODY[] {3}\r\nabc UID 8)\r\n* 2 EXPUNGE\r\n"),
                           RAW("* 1 FETCH (UID 4 BODY[] {5}\r\n)\r\n*) FLAGS (\\Seen))\r\n"),
                           SAY("* 1 FETCH (FLAGS (\\Seen))"), SAY("* 2 FETCH (UID 5 BODY[] NIL)"),
                           ANSWER(" OK done"), END});
    check_good(fetch(3));
    ck_assert_uint_eq(pd_source_folder(source)->exists, 2);
    check_taken("8=abc;4=)\r\n*);5=;", 0);
    peer_finish();
}
END_TEST

START_TEST(quoted_bodies_and_missing_messages_are_fine)
{
    open_well((PeerStep[]){OPENED, HEAR("UID FETCH"),
                           SAY("* 1 FETCH (UID 4 BODY[] \"q\\\"\\\\t\")"), ANSWER(" OK done"),
                           END});
    check_good(fetch(3));
    check_taken("4=q\"\\t;", 0);
    peer_finish();
}
END_TEST

START_TEST(headers_are_asked_for_up_to_the_limit)
{
    PdSourceEntry entry = {.uid = 4, .size = G_MAXUINT32};
    open_well((PeerStep[]){OPENED, HEAR("UID FETCH 4 (UID BODY.PEEK[HEADER]<0.262144>)"),
                           RAW("* 1 FETCH (UID 4 BODY[HEADER]<0> {4}\r\nA: b)\r\n"), ANSWER(" OK"),
                           HEAR("UID FETCH 4 "),
                           RAW("* 1 FETCH (UID 4 BODY[HEADER]<0> {262145}\r\n"), SILENT, END});
    taken = (Taken){.text = g_string_new(NULL), .body = g_string_new(NULL)};
    check_good(pd_source_fetch_headers(source, &entry, &sink));
    check_bad(pd_source_fetch_headers(source, &entry, &sink), PD_SPOILS_MESSAGE, FALSE,
              "more than");
    check_taken("4=A: b;", 0);
    g_clear_pointer(&source, pd_source_close);
    peer_finish();
}
END_TEST

START_TEST(end_of_file_inside_a_literal_ends_the_fetch)
{
    check_fetch_fails(
        (PeerStep[]){OPENED, HEAR("FETCH"), RAW("* 1 FETCH (UID 4 BODY[] {5}\r\nab"), END},
        "closed the connection", "", 1);
}
END_TEST

START_TEST(line_without_an_end_is_refused)
{
    check_fetch_fails((PeerStep[]){OPENED, HEAR("FETCH"), RAW("* 1 FETCH (UID 4 "),
                                   FLOOD("xxxxxxxxxxxxxxxx"), END},
                      "without an end", "", 0);
}
END_TEST

START_TEST(endless_answers_are_refused)
{
    check_fetch_fails((PeerStep[]){OPENED, HEAR("FETCH"), FLOOD("* OK nothing\r\n"), END},
                      "more than it was asked for", "", 0);
}
END_TEST

START_TEST(dripping_server_meets_the_deadline)
{
    mailbox.server.timeout = PD_SECOND * 2 / 5;
    check_fetch_fails((PeerStep[]){OPENED, HEAR("FETCH"),
                                   DRIP("* OK one byte after the other, and on and on and on"),
                                   END},
                      "within", "", 0);
}
END_TEST

START_TEST(silent_server_meets_the_deadline)
{
    mailbox.server.timeout = PD_SECOND / 10;
    open_well((PeerStep[]){OPENED, HEAR("FETCH"), SILENT, END});
    check_bad(fetch(3), PD_SPOILS_CONNECTION, TRUE, "within");
    check_taken("", 0);
    g_clear_pointer(&source, pd_source_close);
    peer_finish();
}
END_TEST

START_TEST(refusal_after_some_messages_keeps_them)
{
    open_well((PeerStep[]){OPENED, HEAR("FETCH"), SAY("* 1 FETCH (UID 4 BODY[] {2}"),
                           RAW("ab)\r\n"), ANSWER(" NO [SERVERBUG] disk trouble"), HEAR("STORE 4 "),
                           ANSWER(" OK"), END});
    check_bad(fetch(3), PD_SPOILS_MESSAGE, TRUE, "disk trouble");
    check_taken("4=ab;", 0);
    check_good(pd_source_mark_seen(source, (guint32[]){4}, 1)); /* the connection is good */
    peer_finish();
}
END_TEST

START_TEST(messages_expunged_meanwhile_are_left_out)
{
    open_well(
        (PeerStep[]){OPENED, HEAR("FETCH"), ANSWER(" NO [EXPUNGEISSUED] some are gone"), END});
    check_good(fetch(3));
    check_taken("", 0);
    peer_finish();
}
END_TEST

START_TEST(lies_about_messages_are_caught)
{
    static const struct {
        const char *answer, *words, *text;
        guint abandoned;
    } lies[] = {
        {"* 1 FETCH (UID 6 BODY[] {1}\r\n", "not asked for", "", 0},
        {"* 1 FETCH (BODY[] {1}\r\nx UID 6)\r\n", "unasked", "", 1},
        {"* 1 FETCH (BODY[] {1}\r\nx)\r\n", "unasked", "", 1},
        {"* 1 FETCH (UID 4 BODY[] {1}\r\nx)\r\n* 1 FETCH (UID 4 BODY[] {1}\r\nx)\r\n", "unasked",
         "4=x;", 1},
        {"* 1 FETCH (UID 4 BODY[] {1}\r\nx BODY[] {1}\r\nx)\r\n", "two bodies", "", 1},
        {"* 1 FETCH (UID 4 BODY[] {99999999999999999999999}\r\n", "not understood", "", 1},
        {"* 1 FETCH (UID 99999999999 BODY[] {1}\r\n", "a UID that is none", "", 0},
        {"* 1 FETCH (UID 0 BODY[] {1}\r\n", "a UID that is none", "", 0},
        {"* 99999999999999999999 EXISTS\r\n", "not understood", "", 0},
        {"* 1 FETCH (UID 4 BODY[] OTHER)\r\n", "not understood", "", 1},
        {"* 1 FETCH (UID 4 BODY[] {1}\r\nx\r\n", "not understood", "", 1},
        {"P99 OK\r\n", "not understood", "", 0},
        {"* BYE \033[2Jmaintenance\r\n", "\\x1b[2Jmaintenance", "", 0},
    };

    check_fetch_fails((PeerStep[]){OPENED, HEAR("FETCH"), RAW(lies[_i].answer), END},
                      lies[_i].words, lies[_i].text, lies[_i].abandoned);
}
END_TEST
#define LIES 13

START_TEST(message_larger_than_announced_is_at_fault_itself)
{
    open_well(
        (PeerStep[]){OPENED, HEAR("FETCH"), RAW("* 1 FETCH (UID 4 BODY[] {99999999}\r\n"), END});
    check_bad(fetch(3), PD_SPOILS_MESSAGE, FALSE, "more than the server had announced");
    check_taken("", 0);
    check_bad(pd_source_mark_seen(source, (guint32[]){4}, 1), PD_SPOILS_CONNECTION, TRUE, "");
    g_clear_pointer(&source, pd_source_close);
    peer_finish();
}
END_TEST

START_TEST(nesting_costs_nothing)
{
    g_autofree char *nested = g_strnfill(30000, '(');
    g_autofree char *closed = g_strnfill(30000, ')');
    g_autofree char *answer = g_strconcat("* 1 FETCH (BODYSTRUCTURE ", nested, closed, ")", NULL);

    open_well((PeerStep[]){OPENED, HEAR("FETCH"), SAY(answer), ANSWER(" OK"), END});
    check_good(fetch(3));
    check_taken("", 0);
    peer_finish();
}
END_TEST

START_TEST(sinks_status_ends_the_fetch)
{
    open_well((PeerStep[]){OPENED, HEAR("FETCH"), RAW("* 1 FETCH (UID 4 BODY[] {2}\r\nab)\r\n"),
                           SILENT, END});
    const PdSourceEntry entry = {.uid = 4, .size = 2};
    taken = (Taken){.text = g_string_new(NULL),
                    .body = g_string_new(NULL),
                    .refusal = pd_status_new(PD_SPOILS_STORE, PD_TRY_AGAIN, NULL, "disk full")};
    check_bad(pd_source_fetch(source, &entry, 1, &sink), PD_SPOILS_STORE, TRUE, "disk full");
    check_taken("", 1);
    g_clear_pointer(&source, pd_source_close);
    peer_finish();
}
END_TEST

START_TEST(announcement_with_the_answer_to_idle_is_noticed)
{
    g_autoptr(GArray) entries = NULL;
    gboolean woken;
    open_well((PeerStep[]){OPENED, HEAR("FETCH"), ANSWER(" OK"), HEAR("IDLE"),
                           RAW("+ idling\r\n* 4 EXISTS\r\n"), HEAR("DONE"), RAW("P5 OK idled\r\n"),
                           END});
    check_good(pd_source_list(source, 1, &entries));
    check_good(pd_source_wait(source, -1, &woken));
    ck_assert(!woken);
    ck_assert_uint_eq(pd_source_folder(source)->exists, 4);
    peer_finish();
}
END_TEST

START_TEST(announcement_during_another_command_is_not_lost)
{
    g_autoptr(GArray) entries = NULL;
    gboolean woken;
    open_well((PeerStep[]){OPENED, HEAR("FETCH"), ANSWER(" OK"), HEAR("STORE"), SAY("* 4 EXISTS"),
                           ANSWER(" OK"), HANGUP, END});
    check_good(pd_source_list(source, 1, &entries));
    check_good(pd_source_mark_seen(source, (guint32[]){4}, 1));
    check_good(pd_source_wait(source, -1, &woken)); /* without another word to the server */
    g_clear_pointer(&source, pd_source_close);
    peer_finish();
}
END_TEST

static void list_again(void)
{
    g_autoptr(GArray) entries = NULL;

    check_good(pd_source_list(source, 1, &entries));
}

START_TEST(idle_is_renewed_and_ends_when_woken)
{
    gboolean woken;
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    mailbox.idle_renew = PD_SECOND / 20;
    open_well((PeerStep[]){OPENED,
                           HEAR("FETCH"),
                           ANSWER(" OK"),
                           HEAR("IDLE"),
                           SAY("+ idling"),
                           SAY("* OK still here"),
                           HEAR("DONE"),
                           RAW("P5 OK idled\r\n"),
                           SELECTED("\"INBOX\""), /* what it did not announce is looked for */
                           HEAR("FETCH"),
                           ANSWER(" OK"),
                           HEAR("IDLE"),
                           RAW("+ idling\r\n* 5 EXISTS\r\n"),
                           HEAR("DONE"),
                           RAW("P8 OK\r\n"),
                           HEAR("FETCH"),
                           ANSWER(" OK"),
                           HEAR("IDLE"),
                           SAY("+ idling"),
                           HEAR("DONE"),
                           RAW("P10 OK idled\r\n"),
                           END});
    for (int i = 0; i < 2; i++) {
        list_again();
        check_good(pd_source_wait(source, ends[0], &woken));
        ck_assert(!woken);
    }
    list_again();
    ck_assert_int_eq(write(ends[1], "x", 1), 1);
    check_good(pd_source_wait(source, ends[0], &woken));
    ck_assert(woken);
    peer_finish();
}
END_TEST

/* Who renames a folder and makes it anew leaves us in the old one, and some servers do not say so.
 */
START_TEST(folder_that_was_made_anew_is_noticed_while_waiting)
{
    gboolean woken;
    mailbox.idle_renew = PD_SECOND / 20;
    open_well((PeerStep[]){OPENED, HEAR("FETCH"), ANSWER(" OK"), HEAR("IDLE"), SAY("+ idling"),
                           HEAR("DONE"), RAW("P5 OK idled\r\n"), HEAR("SELECT \"INBOX\""),
                           SAY("* 1 EXISTS"), SAY("* OK [UIDVALIDITY 8] valid"), ANSWER(" OK"),
                           HANGUP, END});
    list_again();
    check_bad(pd_source_wait(source, -1, &woken), PD_SPOILS_CONNECTION, TRUE, "another folder");
    g_clear_pointer(&source, pd_source_close);
    peer_finish();
}
END_TEST

START_TEST(server_without_idle_is_asked_again)
{
    g_autoptr(GArray) entries = NULL;
    gboolean woken;
    open_well((PeerStep[]){GREETED, HEAR("LOGIN"), ANSWER(" OK [CAPABILITY IMAP4rev1] in"),
                           SELECTED("\"INBOX\""), HEAR("FETCH"), ANSWER(" OK"), HEAR("NOOP"),
                           ANSWER(" OK"), HEAR("NOOP"), SAY("* 4 EXISTS"), ANSWER(" OK"), END});
    check_good(pd_source_list(source, 1, &entries));
    check_good(pd_source_wait(source, -1, &woken));
    ck_assert(!woken);
    peer_finish();
}
END_TEST

START_TEST(server_that_refuses_idle_is_asked_again)
{
    g_autoptr(GArray) entries = NULL;
    gboolean woken;
    open_well((PeerStep[]){OPENED, HEAR("FETCH"), ANSWER(" OK"), HEAR("IDLE"), ANSWER(" NO never"),
                           HEAR("NOOP"), SAY("* 4 EXISTS"), ANSWER(" OK"), END});
    check_good(pd_source_list(source, 1, &entries));
    check_good(pd_source_wait(source, -1, &woken));
    peer_finish();
}
END_TEST

START_TEST(refused_login_is_final_and_known_as_such)
{
    g_autoptr(PdStatus) status = open_source((PeerStep[]){
        GREETED, HEAR("LOGIN"), ANSWER(" NO [AUTHENTICATIONFAILED] wrong"), HANGUP, END});
    ck_assert(pd_source_was_refused(status));
    check_bad(g_steal_pointer(&status), PD_SPOILS_MAILBOX, FALSE,
              "refused the log-in of desk: wrong");
    peer_finish();
}
END_TEST

START_TEST(passing_refusal_is_tried_again)
{
    g_autoptr(PdStatus) status = open_source((PeerStep[]){
        GREETED, HEAR("LOGIN"), ANSWER(" NO [UNAVAILABLE] backend down"), HANGUP, END});
    ck_assert(!pd_source_was_refused(status));
    check_bad(g_steal_pointer(&status), PD_SPOILS_CONNECTION, TRUE, "backend down");
    peer_finish();
}
END_TEST

START_TEST(password_with_quotes_arrives_whole)
{
    pd_secret_free(secret);
    secret = pd_secret_new("a\"b\\c d", 7);
    open_well((PeerStep[]){GREETED, HEAR("LOGIN \"desk\" \"a\\\"b\\\\c d\""), ANSWER(" OK"),
                           HEAR("CAPABILITY"), SAY("* CAPABILITY IMAP4rev1"), ANSWER(" OK"),
                           SELECTED("\"INBOX\""), END});
    peer_finish();
}
END_TEST

START_TEST(password_beyond_ascii_goes_by_plain)
{
    pd_secret_free(secret);
    secret = pd_secret_new("pä", 3);
    open_well((PeerStep[]){SAY("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready"),
                           HEAR("AUTHENTICATE PLAIN\r\n"), SAY("+ "), HEAR("AGRlc2sAcMOk"),
                           RAW("P1 OK [CAPABILITY IMAP4rev1] in\r\n"), SELECTED("\"INBOX\""), END});
    peer_finish();
}
END_TEST

START_TEST(disabled_login_is_not_tried)
{
    check_bad(open_source((PeerStep[]){SAY("* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] ready"),
                                       HANGUP, END}),
              PD_SPOILS_MAILBOX, FALSE, "does not offer");
    peer_finish();
}
END_TEST

START_TEST(refused_token_is_known_as_such)
{
    mailbox.server.auth = PD_AUTH_XOAUTH2;
    g_autoptr(PdStatus) status = open_source((PeerStep[]){
        GREETED, HEAR("AUTHENTICATE XOAUTH2 dXNlcj1kZXNrAWF1dGg9QmVhcmVyIHNlY3JldAEB"),
        SAY("+ eyJzdGF0dXMiOiI0MDEifQ=="), HEAR("\r\n"), RAW("P2 NO no\r\n"), HANGUP, END});
    ck_assert(pd_source_was_refused(status));
    peer_finish();
}
END_TEST

START_TEST(capabilities_that_do_not_come_are_an_error)
{
    check_bad(open_source(
                  (PeerStep[]){SAY("* OK ready"), HEAR("CAPABILITY"), ANSWER(" OK"), HANGUP, END}),
              PD_SPOILS_CONNECTION, TRUE, "capabilities");
    peer_finish();
}
END_TEST

START_TEST(greeting_of_another_protocol_is_an_error)
{
    check_bad(open_source((PeerStep[]){SAY("220 mail.example.org ESMTP"), HANGUP, END}),
              PD_SPOILS_CONNECTION, TRUE, "220 mail.example.org");
    peer_finish();
}
END_TEST

START_TEST(missing_folder_is_final)
{
    check_bad(
        open_source((PeerStep[]){GREETED, HEAR("LOGIN"), ANSWER(" OK [CAPABILITY X] in"),
                                 HEAR("SELECT"), ANSWER(" NO [NONEXISTENT] no such"), HANGUP, END}),
        PD_SPOILS_MAILBOX, FALSE, "the folder INBOX cannot be opened: no such");
    peer_finish();
}
END_TEST

START_TEST(folder_names_are_encoded)
{
    peer_start((PeerStep[]){GREETED, HEAR("LOGIN"), ANSWER(" OK [CAPABILITY MOVE] in"),
                            SELECTED("\"a&-\\\"b/&ZTZO9nux-.x&2D3cAA-\""),
                            HEAR("UID MOVE 1:2,7 \"Archiv&AOk-\""),
                            ANSWER(" NO [TRYCREATE] no folder"), END},
               NULL, &mailbox.server);
    check_good(pd_source_open(&mailbox, "a&\"b/收件箱.x🐀", secret, &source));
    check_bad(pd_source_move(source, (guint32[]){7, 2, 1}, 3, "Archivé"), PD_SPOILS_MAILBOX, TRUE,
              "Archivé");
    check_bad(pd_source_move(source, (guint32[]){1}, 1, "a\r\nb"), PD_SPOILS_MAILBOX, FALSE,
              "name");
    peer_finish();
}
END_TEST

START_TEST(move_without_the_extension_expunges_by_uid)
{
    open_well((PeerStep[]){GREETED, HEAR("LOGIN"), ANSWER(" OK [CAPABILITY UIDPLUS] in"),
                           SELECTED("\"INBOX\""), HEAR("UID COPY 4 \"Done\""), ANSWER(" OK"),
                           HEAR("UID STORE 4 +FLAGS.SILENT (\\Seen \\Deleted)"), ANSWER(" OK"),
                           HEAR("UID EXPUNGE 4\r\n"), ANSWER(" OK"), END});
    check_good(pd_source_move(source, (guint32[]){4}, 1, "Done"));
    peer_finish();
}
END_TEST

START_TEST(what_is_copied_but_not_removed_must_not_be_moved_again)
{
    open_well((PeerStep[]){GREETED, HEAR("LOGIN"), ANSWER(" OK [CAPABILITY UIDPLUS] in"),
                           SELECTED("\"INBOX\""), HEAR("UID COPY 4 \"Done\""), ANSWER(" OK"),
                           HEAR("UID STORE 4 +FLAGS.SILENT (\\Seen \\Deleted)"),
                           ANSWER(" NO [NOPERM] not yours"), END});
    check_bad(pd_source_move(source, (guint32[]){4}, 1, "Done"), PD_SPOILS_MESSAGE, FALSE,
              "not yours");
    peer_finish();
}
END_TEST

START_TEST(descriptors_beyond_1023_are_good)
{
    g_autoptr(GArray) entries = NULL;
    struct rlimit most = {4096, 4096};
    gboolean woken;
    int fd;

    getrlimit(RLIMIT_NOFILE, &most);
    most.rlim_cur = MAX(most.rlim_cur, 2048);
    setrlimit(RLIMIT_NOFILE, &most);
    do {
        fd = open("/dev/null", O_RDONLY);
        ck_assert_int_ge(fd, 0);
    } while (fd < 1100);
    open_well((PeerStep[]){OPENED, HEAR("FETCH"), ANSWER(" OK"), HEAR("IDLE"), SAY("+ idling"),
                           DRIP("* 4 EXISTS\r\n"), HEAR("DONE"), RAW("P5 OK\r\n"), END});
    check_good(pd_source_list(source, 1, &entries));
    check_good(pd_source_wait(source, -1, &woken));
    peer_finish();
}
END_TEST

static Suite *imap_suite(void)
{
    Suite *suite = suite_create("imap");
    TCase *all = tcase_create("all");

    tcase_add_checked_fixture(all, set_up, tear_down);
    tcase_set_timeout(all, 30);
    tcase_add_test(all, opening_tells_of_the_folder);
    tcase_add_test(all, list_is_ascending_and_complete);
    tcase_add_test(all, gaps_in_a_large_folder_are_crossed);
    tcase_add_test(all, range_that_brings_too_many_is_asked_for_in_parts);
    tcase_add_test(all, bodies_are_told_by_uid_in_any_form_and_order);
    tcase_add_test(all, quoted_bodies_and_missing_messages_are_fine);
    tcase_add_test(all, headers_are_asked_for_up_to_the_limit);
    tcase_add_test(all, end_of_file_inside_a_literal_ends_the_fetch);
    tcase_add_test(all, line_without_an_end_is_refused);
    tcase_add_test(all, endless_answers_are_refused);
    tcase_add_test(all, dripping_server_meets_the_deadline);
    tcase_add_test(all, silent_server_meets_the_deadline);
    tcase_add_test(all, refusal_after_some_messages_keeps_them);
    tcase_add_test(all, messages_expunged_meanwhile_are_left_out);
    tcase_add_loop_test(all, lies_about_messages_are_caught, 0, LIES);
    tcase_add_test(all, message_larger_than_announced_is_at_fault_itself);
    tcase_add_test(all, nesting_costs_nothing);
    tcase_add_test(all, sinks_status_ends_the_fetch);
    tcase_add_test(all, announcement_with_the_answer_to_idle_is_noticed);
    tcase_add_test(all, announcement_during_another_command_is_not_lost);
    tcase_add_test(all, idle_is_renewed_and_ends_when_woken);
    tcase_add_test(all, folder_that_was_made_anew_is_noticed_while_waiting);
    tcase_add_test(all, server_without_idle_is_asked_again);
    tcase_add_test(all, server_that_refuses_idle_is_asked_again);
    tcase_add_test(all, refused_login_is_final_and_known_as_such);
    tcase_add_test(all, passing_refusal_is_tried_again);
    tcase_add_test(all, password_with_quotes_arrives_whole);
    tcase_add_test(all, password_beyond_ascii_goes_by_plain);
    tcase_add_test(all, disabled_login_is_not_tried);
    tcase_add_test(all, refused_token_is_known_as_such);
    tcase_add_test(all, capabilities_that_do_not_come_are_an_error);
    tcase_add_test(all, greeting_of_another_protocol_is_an_error);
    tcase_add_test(all, missing_folder_is_final);
    tcase_add_test(all, folder_names_are_encoded);
    tcase_add_test(all, move_without_the_extension_expunges_by_uid);
    tcase_add_test(all, what_is_copied_but_not_removed_must_not_be_moved_again);
    tcase_add_test(all, descriptors_beyond_1023_are_good);
    suite_add_tcase(suite, all);
    return suite;
}

int main(void)
{
    return run_suite(imap_suite());
}
