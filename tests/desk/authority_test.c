/* authority_test.c: nobody without authority changes a ticket. Every rank × every command × every
 * proof goes the whole way, from a mail that is taken in to what became of its ticket; what may be
 * is written down in may.h. */
#include "desk/desk_private.h"
#include "fixture.h"
#include "may.h"
#include "postdesk/clock.h"
#include "postdesk/upkeep.h"
#include <stdlib.h>
#include <string.h>

#define PEOPLE                                                                                     \
    "people:\n"                                                                                    \
    "  - {name: E, address: engineer@example.org, role: engineer}\n"                               \
    "  - {name: D, address: dispatcher@example.org, role: dispatcher}\n"                           \
    "  - {name: L, address: lead@example.org, role: lead}\n"                                       \
    "  - {name: M, address: manager@example.org, role: manager}\n"                                 \
    "  - {name: A, address: boss@example.org, role: admin}\n"                                      \
    "  - {name: Other, address: other@example.org, role: engineer}\n"

#define SETTINGS                                                                                   \
    "signature_keys: keys\n"                                                                       \
    "answers: {per_recipient_per_hour: 10000, per_hour: 1000000}\n"

#define DAY (86400 * (gint64)PD_SECOND)

/* In the order of ranks[] in may.h. */
static const char *const senders[] = {
    "stranger@elsewhere.example", "follower@example.com", "reporter@example.com",
    "asked@vendor.example",       "engineer@example.org", "dispatcher@example.org",
    "lead@example.org",           "manager@example.org",  "boss@example.org"};

typedef enum {
    NOTHING, /* a From line, and the number in the subject */
    TOKEN,
    TOKEN_OF_OTHER_PERSON,
    TOKEN_OF_OTHER_TICKET,
    TOKEN_EXPIRED,
    TOKEN_USED,
    ALIGNED,
    ALIGNED_BY_UNKNOWN_SERVER,
    SIGNED,
    SIGNED_BY_OTHER,
    THREAD,
    PROOFS
} Proof;

static const char *const proof_names[PROOFS] = {"nothing",
                                                "a token",
                                                "somebody else's token",
                                                "another ticket's token",
                                                "an expired token",
                                                "a used token",
                                                "an aligned pass",
                                                "an aligned pass by an unknown server",
                                                "a signature",
                                                "somebody else's signature",
                                                "a reference"};

/* A word that is all that somebody outside writes says as much as its command. */
#define WORDS 4
#define SAYINGS (PD_COMMANDS + WORDS)

/* What is written, and what the ticket must be for it to be possible. */
static const struct {
    const char *written, *status;
} commands[SAYINGS] = {
    [PD_COMMAND_HELP] = {"/help", "open"},
    [PD_COMMAND_STANDING] = {"/where", "open"},
    [PD_COMMAND_ASSIGN] = {"/assign other@example.org", "open"},
    [PD_COMMAND_PRIORITY] = {"/priority P1", "open"},
    [PD_COMMAND_STATUS] = {"/status waiting", "open"},
    [PD_COMMAND_RESOLVE] = {"/resolve", "open"},
    [PD_COMMAND_CLOSE] = {"/close", "open"},
    [PD_COMMAND_REOPEN] = {"/reopen", "resolved"},
    [PD_COMMAND_SPAM] = {"/spam", "open"},
    [PD_COMMAND_CATEGORY] = {"/category network/vpn", "open"},
    [PD_COMMAND_IMPACT] = {"/impact high", "open"},
    [PD_COMMAND_URGENCY] = {"/urgency high", "open"},
    [PD_COMMAND_QUEUE] = {"/queue elsewhere", "open"},
    [PD_COMMAND_SUBJECT] = {"/subject another", "open"},
    [PD_COMMAND_DUE] = {"/due 2199-12-31", "open"},
    [PD_COMMAND_TAG] = {"/tag word", "open"},
    [PD_COMMAND_UNTAG] = {"/untag old", "open"},
    [PD_COMMAND_NOTE] = {"/note inside", "open"},
    [PD_COMMAND_EXTERNAL] = {"/external somebody@vendor.example", "open"},
    [PD_COMMAND_MERGE] = {"/merge 1", "open"},
    [PD_COMMAND_SPLIT] = {"/split", "open"},
    [PD_COMMAND_LINK] = {"/link relates 1", "open"},
    [PD_COMMAND_WATCH] = {"/watch", "open"},
    [PD_COMMAND_UNWATCH] = {"/unwatch", "open"},
    [PD_COMMAND_UNDO] = {"/undo", "open"},
    [PD_COMMAND_FORM] = {"/form fault", "open"},
    [PD_COMMAND_CONFIRM] = {"/confirm", "resolved"},
    [PD_COMMAND_REJECT] = {"/reject", "resolved"},
    [PD_COMMAND_RATE] = {"/rate 4", "closed"},
    [PD_COMMAND_ACCEPT] = {"/accept", "new"},
    [PD_COMMAND_FIELD] = {"/field asset=PC-0815", "open"},
    [PD_COMMAND_WITHDRAW] = {"/withdraw", "open"},
    [PD_COMMAND_NEW] = {"/new", "open"},
    [PD_COMMANDS] = {"solved", "resolved"},
    [PD_COMMANDS + 1] = {"not solved", "resolved"},
    [PD_COMMANDS + 2] = {"no longer needed", "open"},
    [PD_COMMANDS + 3] = {"status?", "open"},
};
static const PdCommandId words[WORDS] = {PD_COMMAND_CONFIRM, PD_COMMAND_REJECT, PD_COMMAND_WITHDRAW,
                                         PD_COMMAND_STANDING};

static gboolean is_word(guint saying)
{
    return saying >= PD_COMMANDS;
}

/* What closes at the desk is the reporter's way to take back what is open. */
static PdCommandId command_of(guint rank, guint saying)
{
    if (ranks[rank] == PD_RANK_REPORTER &&
        (saying == PD_COMMAND_RESOLVE || saying == PD_COMMAND_CLOSE))
        return PD_COMMAND_WITHDRAW;
    return is_word(saying) ? words[saying - PD_COMMANDS] : (PdCommandId)saying;
}

static Fixture *fixture;
static gint64 other; /* ticket 1, which merges and links lead to */

static void append(PdEvent *event, gint64 version)
{
    ck_ok(pd_ticket_append(fixture->store, event, version));
    pd_event_free(event);
}

static PdEvent *opening(const char *status, const char *message_id)
{
    PdEvent *event = pd_event_new("opened", "reporter@example.com", "mail");
    PdJson *set = pd_json_object();
    PdJson *people = pd_json_array();

    pd_json_set_text(set, "subject", "no line");
    pd_json_set_text(set, "status", status);
    pd_json_set_text(set, "priority", "P3");
    pd_json_set_text(set, "reporter", "reporter@example.com");
    pd_json_set(event->data, "set", set);
    pd_json_add_text(people, "reporter@example.com");
    pd_json_add_text(people, "follower@example.com");
    pd_json_set(event->data, "participants", people);
    pd_json_set(event->data, "tags", pd_json_add_text(pd_json_array(), "old"));
    pd_json_set_text(event->data, "message_id", message_id);
    return event;
}

/* Somebody outside was asked; something was changed, which can be undone. */
static PdEvent *asked(gint64 ticket)
{
    PdEvent *event = pd_event_new("changed", "root", "cli");

    event->ticket = ticket;
    pd_json_set(event->data, "parts",
                pd_json_set_text(pd_json_object(), "asked@vendor.example", PD_PART_EXTERNAL));
    pd_json_set(event->data, "set", pd_json_set_text(pd_json_object(), "queue", "desk"));
    pd_json_set(event->data, "before", pd_json_set_text(pd_json_object(), "queue", ""));
    return event;
}

static gint64 open_ticket(const char *status, const char *message_id)
{
    PdEvent *event = opening(status, message_id);
    gint64 number;

    ck_ok(pd_ticket_append(fixture->store, event, 0));
    number = event->ticket;
    pd_event_free(event);
    append(asked(number), 1);
    return number;
}

static void note_use(gint64 ticket, const char *token, PdCommandId command)
{
    PdEvent *event = pd_event_new("note", "root", "cli");
    g_autofree char *nonce = pd_token_nonce(token);

    event->ticket = ticket;
    pd_json_set(event->data, "commands",
                pd_json_add_text(pd_json_array(), pd_command_row(command)->name));
    pd_json_set_text(event->data, "token", nonce);
    append(event, 2);
}

/* Where the mail goes to; a token is in it. Caller frees. */
static char *address_for(Proof proof, gint64 ticket, const char *sender, PdCommandId command)
{
    gint64 day = proof == TOKEN_EXPIRED ? -3 : 10;
    const char *holder = proof == TOKEN_OF_OTHER_PERSON ? "other@example.org" : sender;

    if (proof < TOKEN || proof > TOKEN_USED)
        return g_strdup("desk@example.org");
    g_autofree char *token =
        pd_token_make(fixture->desk->keys, proof == TOKEN_OF_OTHER_TICKET ? other : ticket, holder,
                      PD_TOKEN_REPLY, pd_clock_now() + day * DAY);
    if (proof == TOKEN_USED)
        note_use(ticket, token, command);
    return g_strdup_printf("desk+%s@example.org", token);
}

static char *headers_for(Proof proof, const char *sender, const char *message_id)
{
    const char *domain = strchr(sender, '@') + 1;

    switch (proof) {
    case ALIGNED:
        return g_strdup_printf("Authentication-Results: mx.example.org; dkim=pass header.d=%s\n",
                               domain);
    case ALIGNED_BY_UNKNOWN_SERVER:
        return g_strdup_printf("Authentication-Results: mx.else.example; dkim=pass header.d=%s; "
                               "dmarc=pass\n",
                               domain);
    case THREAD:
        return g_strdup_printf("In-Reply-To: <%s>\n", message_id);
    default:
        return g_strdup("");
    }
}

static char *body_for(Proof proof, gint64 ticket, guint rank, guint saying)
{
    PdCommandId command = command_of(rank, saying);
    g_autofree char *form =
        command == PD_COMMAND_NEW
            ? g_strdup_printf("\nsubject: a call\nwho: caller%" G_GINT64_FORMAT "@example.com",
                              ticket)
            : g_strdup("");
    g_autofree char *text =
        g_strdup_printf("Content-Type: text/plain\n\n%s%s\n\n%sabout #%" G_GINT64_FORMAT "\n",
                        commands[saying].written, form, is_word(saying) ? "> " : "", ticket);

    if (proof != SIGNED && proof != SIGNED_BY_OTHER)
        return g_steal_pointer(&text);
    return g_strdup_printf("X-Signer: %s\n"
                           "Content-Type: multipart/signed; boundary=b; "
                           "protocol=\"application/pgp-signature\"\n\n--b\n%s\n--b\n"
                           "Content-Type: application/pgp-signature\n\nx\n--b--\n",
                           proof == SIGNED ? "himself" : "other", text);
}

/* Stands in for gpg: what it says of signatures is tested with the program itself. */
static void verify(const char *bytes, gsize length, PdMail *mail, gpointer user)
{
    gboolean himself = strcmp(pd_mail_header(mail, "X-Signer"), "himself") == 0;
    PdMailSigned *made = g_new0(PdMailSigned, 1);

    (void)bytes;
    (void)length;
    (void)user;
    made->form = g_strdup("pgp");
    made->result = PD_SIGNED_GOOD;
    made->signer = g_strdup(himself ? mail->from->address : "other@example.org");
    made->created = pd_clock_now() - 60 * PD_SECOND;
    pd_mail_set_signed(mail, made);
}

/* A second message, so that there is something to split off. */
static void add_message(gint64 ticket, const char *message_id)
{
    for (guint i = 0; i < 2; i++) {
        g_autofree char *raw = g_strdup_printf("From: reporter@example.com\nTo: desk@example.org\n"
                                               "Subject: Re: no line\nMessage-ID: <%s.%u>\n"
                                               "In-Reply-To: <%s>\n\nStill none.\n",
                                               message_id, i, message_id);
        g_autoptr(PdInboxRow) row = fixture_send(fixture, raw);
        ck_assert_int_eq(row->ticket, ticket);
    }
}

typedef struct {
    gint64 ticket, version; /* before the mail */
    PdTicket *before;
    char *to;
} Case;

static char *message_id_of(guint rank, Proof proof, guint saying)
{
    return g_strdup_printf("t%u.%u.%u@example.com", rank, proof, saying);
}

/* In a transaction. */
static Case prepare(guint rank, Proof proof, guint saying)
{
    g_autofree char *message_id = message_id_of(rank, proof, saying);
    Case one = {.ticket = open_ticket(commands[saying].status, message_id)};

    one.to = address_for(proof, one.ticket, senders[rank], command_of(rank, saying));
    return one;
}

/* The mail itself, when the ticket is as it should be. */
static char *write_mail(Case *one, guint rank, Proof proof, guint saying)
{
    g_autofree char *message_id = message_id_of(rank, proof, saying);
    g_autofree char *headers = headers_for(proof, senders[rank], message_id);
    g_autofree char *body = body_for(proof, one->ticket, rank, saying);

    if (saying == PD_COMMAND_SPLIT)
        add_message(one->ticket, message_id);
    one->before = fixture_ticket(fixture, one->ticket);
    one->version = one->before->version;
    return g_strdup_printf("From: %s\nTo: %s\nSubject: [#%" G_GINT64_FORMAT
                           "] no line\nMessage-ID: <m%s>\n%s%s",
                           senders[rank], one->to, one->ticket, message_id, headers, body);
}

static gboolean names_command(const PdEvent *event, const char *name)
{
    const PdJson *list = pd_json_get(event->data, "commands");

    for (gsize i = 0; i < pd_json_length(list); i++)
        if (strcmp(pd_json_string(pd_json_at(list, i)), name) == 0)
            return TRUE;
    return FALSE;
}

/* Mails of this purpose to the sender about the ticket. */
static gboolean was_mailed(const GPtrArray *events, gint64 version, const char *occasion,
                           const char *sender)
{
    for (guint i = (guint)version; i < events->len; i++) {
        const PdEvent *event = g_ptr_array_index(events, i);
        if (strcmp(event->kind, "mailed") == 0 &&
            g_strcmp0(pd_json_get_text(event->data, "occasion"), occasion) == 0 &&
            g_strcmp0(pd_json_get_text(event->data, "recipient"), sender) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean is_call_of(gint64 ticket)
{
    g_autofree char *caller = g_strdup_printf("caller%" G_GINT64_FORMAT "@example.com", ticket);
    const PdTicketFilter filter = {.reporter = caller, .most = 2};
    g_autoptr(GPtrArray) tickets = NULL;

    ck_ok(pd_ticket_list(fixture->store, &filter, &tickets));
    return tickets->len == 1;
}

/* Did the command do what it is for? */
static gboolean was_done(const Case *one, const GPtrArray *events, PdCommandId command,
                         const char *sender)
{
    if (command == PD_COMMAND_HELP)
        return was_mailed(events, one->version, "help", sender);
    if (command == PD_COMMAND_NEW)
        return is_call_of(one->ticket);
    if (command == PD_COMMAND_STANDING)
        return was_mailed(events, one->version, "standing", sender);
    if (command == PD_COMMAND_NOTE && strcmp(sender, "asked@vendor.example") == 0)
        return FALSE; /* all that he writes stays inside */
    for (guint i = (guint)one->version; i < events->len; i++) {
        const PdEvent *event = g_ptr_array_index(events, i);
        if (command == PD_COMMAND_NOTE && strcmp(event->kind, "message") == 0)
            return pd_json_get_bool(event->data, "internal", FALSE) &&
                   !was_mailed(events, one->version, "refused", sender);
        if (names_command(event, pd_command_row(command)->name))
            return TRUE;
    }
    return FALSE;
}

static void check_unchanged(const Case *one, const GPtrArray *events, const char *what)
{
    g_autoptr(PdTicket) now = fixture_ticket(fixture, one->ticket);
    const PdTicket *was = one->before;

    for (guint i = (guint)one->version; i < events->len; i++) {
        const PdEvent *event = g_ptr_array_index(events, i);
        ck_assert_msg(strcmp(event->kind, "message") == 0 || strcmp(event->kind, "mailed") == 0,
                      "%s: an event '%s'", what, event->kind);
    }
    ck_assert_msg(strcmp(now->status, was->status) == 0 ||
                      (strcmp(was->status, "resolved") == 0 && strcmp(now->status, "open") == 0),
                  "%s: now %s", what, now->status);
    ck_assert_msg(
        strcmp(now->priority, was->priority) == 0 && strcmp(now->assignee, was->assignee) == 0 &&
            strcmp(now->category, was->category) == 0 && strcmp(now->queue, was->queue) == 0 &&
            strcmp(now->subject, was->subject) == 0 && strcmp(now->impact, was->impact) == 0 &&
            strcmp(now->urgency, was->urgency) == 0 && strcmp(now->tags, was->tags) == 0 &&
            strcmp(now->custom, was->custom) == 0 && strcmp(now->reporter, was->reporter) == 0,
        "%s: a field", what);
}

/* What the table says of it. */
static gboolean is_allowed(guint rank, Proof proof, guint saying)
{
    PdCommandId command = command_of(rank, saying);
    /* A call is of no ticket: whatever the desk mailed to this very person will do. */
    gboolean any = command == PD_COMMAND_NEW && proof == TOKEN_OF_OTHER_TICKET;
    const char *line = any || proof == TOKEN || (proof == TOKEN_USED && !may[command].once)
                           ? may[command].token
                       : proof == ALIGNED ? may[command].aligned
                       : proof == SIGNED  ? may[command].signature
                       : proof == THREAD  ? may[command].thread
                                          : NOBODY;

    gboolean is_outside = (ranks[rank] & (PD_RANK_FOLLOWER | PD_RANK_REPORTER)) != 0;
    return line[rank] == 'y' && (is_outside || !is_word(saying));
}

static void check(const Case *one, guint rank, Proof proof, guint saying)
{
    g_autoptr(GPtrArray) events = NULL;
    g_autofree char *what = g_strdup_printf("%s by a %s with %s", commands[saying].written,
                                            pd_rank_name(ranks[rank]), proof_names[proof]);

    ck_ok(pd_ticket_events(fixture->store, one->ticket, &events));
    gboolean done = was_done(one, events, command_of(rank, saying), senders[rank]);
    ck_assert_msg(done == is_allowed(rank, proof, saying), "%s: %s", what,
                  done ? "done" : "not done");
    if (!done)
        check_unchanged(one, events, what);
}

static void check_rank(guint rank, Proof proof)
{
    g_autoptr(GPtrArray) mails = g_ptr_array_new_with_free_func(g_free);
    Case cases[SAYINGS];

    ck_ok(pd_store_begin(fixture->store));
    for (guint id = 0; id < SAYINGS; id++)
        cases[id] = prepare(rank, proof, id);
    ck_ok(pd_store_commit(fixture->store));
    for (guint id = 0; id < SAYINGS; id++)
        g_ptr_array_add(mails, write_mail(&cases[id], rank, proof, id));
    fixture_take_in_all(fixture, "m/INBOX", mails);
    fixture_process(fixture);
    for (guint id = 0; id < SAYINGS; id++) {
        check(&cases[id], rank, proof, id);
        pd_ticket_free(cases[id].before);
        g_free(cases[id].to);
    }
}

START_TEST(nobody_without_authority_changes_a_ticket)
{
    Proof proof = (Proof)_i;

    fixture = fixture_with_people(SETTINGS, PEOPLE);
    pd_desk_set_verifier(fixture->desk, verify, NULL);
    ck_ok(pd_store_begin(fixture->store));
    other = open_ticket("open", "other@example.com");
    ck_ok(pd_store_commit(fixture->store));
    for (guint rank = 0; rank < G_N_ELEMENTS(ranks); rank++)
        check_rank(rank, proof);
    fixture_free(fixture);
}
END_TEST

/* A command, a rank or a proof that was added and not written down here would be tried by nobody.
 */
START_TEST(every_command_rank_and_proof_is_written_down)
{
    guint all = 0;

    for (guint id = 0; id < PD_COMMANDS; id++) {
        const char *name = pd_command_row(id)->name;
        ck_assert_msg(commands[id].written != NULL, "/%s: what is written, and when?", name);
        ck_assert_msg(may[id].command == id && may[id].token != NULL, "/%s: who may? (may.h)",
                      name);
    }
    for (guint i = 0; i < G_N_ELEMENTS(ranks); i++)
        all |= ranks[i];
    ck_assert_uint_eq(all, PD_RANKS_ALL);
    ck_assert_uint_eq(PD_PROOFS_OF_MAIL,
                      4); /* columns of may.h: token, aligned, signature, thread */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("authority");
    TCase *tests = tcase_create("all");

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, every_command_rank_and_proof_is_written_down);
    tcase_add_loop_test(tests, nobody_without_authority_changes_a_ticket, 0, PROOFS);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
