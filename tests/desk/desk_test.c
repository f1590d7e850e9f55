/* desk_test.c: the whole desk: raw message in, ticket and outbox out. */
#include "fixture.h"
#include "letters.h"

#include "postdesk/clock.h"
#include "postdesk/limits.h"
#include "postdesk/upkeep.h"
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static Fixture *fixture;

static void set_up(void)
{
    fixture = fixture_new("");
}

static void tear_down(void)
{
    pd_clock_set(0);
    fixture_free(fixture);
}

#define ANN "From: Ann Lee <ann@example.com>\nTo: desk@example.org\n"
#define VPN ANN "Subject: VPN down\nMessage-ID: <vpn1@example.com>\n\nThe VPN is down since nine.\n"

static char *reply_from(const char *from, const char *to, const char *subject, const char *answers)
{
    static int count;

    return g_strdup_printf("From: %s\nTo: %s\nSubject: %s\nMessage-ID: <reply%d@example.com>\n"
                           "%s%s%s\nSome more words about it.\n",
                           from, to, subject, ++count, answers != NULL ? "In-Reply-To: <" : "",
                           answers != NULL ? answers : "", answers != NULL ? ">\n" : "");
}

static void check_outcome(const char *raw, PdOutcome outcome, gint64 ticket)
{
    g_autoptr(PdInboxRow) row = fixture_send(fixture, raw);

    ck_assert_msg(row->outcome == outcome, "%s (%s)", pd_outcome_name(row->outcome),
                  row->reason != NULL ? row->reason : "");
    ck_assert_int_eq(row->ticket, ticket);
}

static PdOutcome outcome_of(gint64 id)
{
    g_autoptr(PdInboxRow) row = NULL;

    ck_ok(pd_inbox_get(fixture->store, id, &row));
    return row->outcome;
}

static guint outbox_size(void)
{
    g_autoptr(GPtrArray) rows = fixture_outbox(fixture);

    return rows->len;
}

static void change(gint64 ticket, const char *pair)
{
    const char *const pairs[] = {pair, NULL};

    ck_ok(pd_desk_change(fixture->desk, ticket, pairs, "li"));
}

START_TEST(mail_of_a_person_becomes_a_ticket)
{
    check_outcome(VPN, PD_OUTCOME_CREATED, 1);
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, 1);
    g_autofree char *events = fixture_events(fixture, 1);

    ck_assert_str_eq(ticket->subject, "VPN down");
    ck_assert_str_eq(ticket->status, "new");
    ck_assert_str_eq(ticket->category, "network/vpn");
    ck_assert_str_eq(ticket->priority, "P2");
    ck_assert_str_eq(ticket->queue, "network");
    ck_assert_str_eq(ticket->reporter, "ann@example.com");
    ck_assert_str_eq(ticket->reporter_name, "Ann Lee");
    ck_assert_str_eq(ticket->language, "en");
    ck_assert_str_eq(ticket->tags, "remote");
    ck_assert_str_eq(events, "opened mailed");
}
END_TEST

/* Whose desk looks for it in the answer. */
START_TEST(number_of_another_desk_stays_in_the_subject)
{
    g_autoptr(PdInboxRow) row =
        fixture_send(fixture, "From: Case <case@vendor.example>\nTo: desk@example.org\n"
                              "Subject: Re: [#4711] Your case\nMessage-ID: <case1@vendor.example>\n"
                              "\nWe need the serial number of the printer.\n");
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, row->ticket);
    g_autoptr(PdMail) answer = letters_to(fixture, "case@vendor.example", "acknowledge");

    ck_assert_str_eq(ticket->subject, "[#4711] Your case");
    ck_assert_str_eq(answer->subject, "[#1] Received: [#4711] Your case");
    letters_answer(fixture, answer, "case@vendor.example", "", "It is on its back.");
    g_autoptr(PdTicket) none = NULL;
    ck_ok(pd_ticket_get(fixture->store, 2, &none));
    ck_assert_ptr_null(none);
}
END_TEST

static gint64 ticket_of(const char *from, const char *subject, const char *id)
{
    g_autofree char *raw = g_strdup_printf("From: %s\nTo: desk@example.org\nSubject: %s\n"
                                           "Message-ID: <%s@x>\n\nThe printer jams: %s.\n",
                                           from, subject, id, id);
    g_autoptr(PdInboxRow) row = fixture_send(fixture, raw);

    return row->ticket;
}

/* As the desk's own mails call it. */
START_TEST(number_behind_its_name_finds_the_ticket_of_who_takes_part)
{
    ck_assert_int_eq(ticket_of("ann@example.com", "printer", "a"), 1);
    ck_assert_int_eq(ticket_of("ann@example.com", "工单#1 又坏了", "b"), 1);
    ck_assert_int_eq(ticket_of("ann@example.com", "工单 ＃1：还是不行", "c"), 1);
    ck_assert_int_eq(ticket_of("ann@example.com", "About ticket #1", "d"), 1);
    ck_assert_int_eq(ticket_of("eve@example.net", "工单#1 又坏了", "e"), 2);
    ck_assert_int_eq(ticket_of("ann@example.com", "Room #1 is dark", "f"), 3);
}
END_TEST

START_TEST(acknowledgement_says_number_class_priority_and_leads_back)
{
    check_outcome(VPN, PD_OUTCOME_CREATED, 1);
    g_autoptr(PdOutboxRow) row = NULL;
    g_autoptr(PdMail) mail = fixture_last_mail(fixture, &row);

    ck_assert_str_eq(row->purpose, "acknowledge");
    ck_assert_str_eq(row->recipient, "ann@example.com");
    ck_assert_str_eq(row->message_id, mail->message_id);
    ck_assert(g_str_has_prefix(row->envelope_from, "bounces+"));
    ck_assert_str_eq(mail->subject, "[#1] Received: VPN down");
    ck_assert_str_eq(mail->from->name, "服务台");
    ck_assert_str_eq(mail->from->address, "desk@example.org");
    const PdAddress *reply_to = g_ptr_array_index(mail->reply_to, 0);
    ck_assert(g_str_has_prefix(reply_to->address, "desk+"));
    ck_assert_str_eq(g_ptr_array_index(mail->in_reply_to, 0), "vpn1@example.com");
    ck_assert_str_eq(g_ptr_array_index(mail->references, 0), "vpn1@example.com");
    ck_assert_str_eq(pd_mail_header(mail, "Auto-Submitted"), "auto-replied");
    const char *const said[] = {"Ann Lee",     "#1",         "Network / VPN",
                                "P2 (urgent)", "just reply", "The VPN is down since nine."};
    for (gsize i = 0; i < G_N_ELEMENTS(said); i++) {
        ck_assert_msg(strstr(mail->full_text, said[i]) != NULL, "text: %s", said[i]);
        ck_assert_msg(strstr(mail->html, said[i]) != NULL, "HTML: %s", said[i]);
    }
}
END_TEST

START_TEST(answer_is_in_the_language_of_the_mail)
{
    check_outcome("From: =?UTF-8?B?5byg5LiJ?= <zhang@example.com>\nTo: desk@example.org\n"
                  "Subject: =?UTF-8?B?5omT5Y2w5py65Z2P5LqG?=\nContent-Type: text/plain; "
                  "charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
                  "三楼的打印机今天早上开始卡纸，重启以后还是不行，请尽快处理。\n",
                  PD_OUTCOME_CREATED, 1);
    g_autoptr(PdMail) mail = fixture_last_mail(fixture, NULL);
    ck_assert_str_eq(mail->subject, "[#1] 已受理：打印机坏了");
    ck_assert_ptr_nonnull(strstr(mail->full_text, "张三，您好"));
}
END_TEST

START_TEST(hostile_values_make_no_header_and_no_markup)
{
    check_outcome("From: \"Eve\\\" <script>\" <eve@example.com>\nTo: desk@example.org\n"
                  "Subject: =?UTF-8?Q?a=0D=0ABcc:_all@example.com=0D=0A<img_src=3Dx>?=\n"
                  "Message-ID: <x@y>\n\n<script>alert(1)</script>\n",
                  PD_OUTCOME_CREATED, 1);
    g_autoptr(PdMail) mail = fixture_last_mail(fixture, NULL);
    ck_assert_ptr_null(pd_mail_header(mail, "Bcc"));
    g_autoptr(PdOutboxRow) row = NULL;
    g_autoptr(PdMail) again = fixture_last_mail(fixture, &row);
    g_autofree char *bytes =
        g_strndup(g_bytes_get_data(row->mail, NULL), g_bytes_get_size(row->mail));
    ck_assert_ptr_null(strstr(bytes, "\r\nBcc:"));
    ck_assert_ptr_null(strstr(again->html, "<script"));
}
END_TEST

/* A sender nobody can answer, people in copy without end, names of any length. */
START_TEST(odd_mail_becomes_a_ticket_all_the_same)
{
    g_autoptr(GString) crowd = g_string_new("Cc: x0@example.com");
    g_autofree char *name = g_strnfill(3000, 'n');

    for (int i = 1; i < 400; i++)
        g_string_append_printf(crowd, ",\n x%d@example.com", i);
    g_autofree char *crowded = g_strdup_printf(ANN "%s\nSubject: %s\n\nhello\n", crowd->str, name);
    g_autofree char *long_name =
        g_strdup_printf("From: \"%s\" <a@example.com>\nSubject: s\n\nx\n", name);
    const char *const odd[] = {
        crowded,
        long_name,
        "From: 用户@例子.example\nSubject: s\n\nx\n",
        "From: a@b@c\nSubject: s\n\nx\n",
        "From: <>\nSubject: s\n\nx\n",
        "From: undisclosed:;\nSubject: s\n\nx\n",
        "From: a@example.com\nMessage-ID: <>\nIn-Reply-To: nonsense\nReferences: <a <b> c>\n\nx\n",
        "Subject: only a subject",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(odd); i++) {
        g_autoptr(PdInboxRow) row = fixture_send(fixture, odd[i]);
        ck_assert_msg(row->outcome == PD_OUTCOME_CREATED, "%zu: %s, %s", i,
                      pd_outcome_name(row->outcome), row->reason != NULL ? row->reason : "");
    }
    g_autoptr(GPtrArray) people = NULL;
    ck_ok(pd_ticket_participants(fixture->store, 1, &people));
    ck_assert_uint_le(people->len, PD_LIMIT_RECIPIENTS);
}
END_TEST

/* Threading */

/* The reporter's answers to the acknowledgement, each by another thread of it. */
START_TEST(reply_of_the_reporter_finds_its_ticket)
{
    check_outcome(VPN, PD_OUTCOME_CREATED, 1);
    g_autoptr(PdMail) ack = fixture_last_mail(fixture, NULL);
    const PdAddress *plus = g_ptr_array_index(ack->reply_to, 0);
    g_autofree char *by_address = reply_from("ann@example.com", plus->address, "hi", NULL);
    g_autofree char *by_id =
        reply_from("ann@example.com", "desk@example.org", "hi", ack->message_id);
    g_autofree char *by_subject =
        reply_from("Ann <ANN@example.com>", "desk@example.org", "Re: [#1] VPN", NULL);

    check_outcome(by_address, PD_OUTCOME_APPENDED, 1);
    check_outcome(by_id, PD_OUTCOME_APPENDED, 1);
    check_outcome(by_subject, PD_OUTCOME_APPENDED, 1);
    ck_assert_uint_eq(outbox_size(), 1); /* an addition is not answered */
    g_autofree char *events = fixture_events(fixture, 1);
    ck_assert_str_eq(events, "opened mailed message message message");
}
END_TEST

START_TEST(forwarded_token_lets_no_stranger_in)
{
    check_outcome(VPN, PD_OUTCOME_CREATED, 1);
    g_autoptr(PdMail) ack = fixture_last_mail(fixture, NULL);
    const PdAddress *plus = g_ptr_array_index(ack->reply_to, 0);
    g_autofree char *forwarded = reply_from("mallory@example.net", plus->address,
                                            "Re: [#1] Received: VPN down", ack->message_id);

    check_outcome(forwarded, PD_OUTCOME_CREATED, 2);
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, 2);
    ck_assert_int_eq(ticket->suggested_link, 1);
    ck_assert_str_eq(ticket->subject, "VPN down"); /* neither number nor words of ours */
}
END_TEST

START_TEST(colleague_in_copy_takes_part)
{
    check_outcome(ANN "Cc: bob@example.com, desk@example.org\nSubject: VPN\n"
                      "Message-ID: <vpn2@example.com>\n\nBroken again.\n",
                  PD_OUTCOME_CREATED, 1);
    g_autofree char *reply =
        reply_from("bob@example.com", "desk@example.org", "Re: VPN", "vpn2@example.com");
    check_outcome(reply, PD_OUTCOME_APPENDED, 1);
}
END_TEST

START_TEST(token_of_another_ticket_is_not_forged_by_its_text)
{
    check_outcome(VPN, PD_OUTCOME_CREATED, 1);
    g_autoptr(PdMail) ack = fixture_last_mail(fixture, NULL);
    g_autofree char *plus = g_strdup(((PdAddress *)g_ptr_array_index(ack->reply_to, 0))->address);
    char *at = strchr(plus, '@');
    at[-1] = at[-1] == 'a' ? 'b' : 'a';
    g_autofree char *forged = reply_from("ann@example.com", plus, "about something", NULL);
    g_autoptr(PdInboxRow) row = fixture_send(fixture, forged);

    /* She takes part, so that a broken token of hers may lead her back; nobody else. */
    ck_assert(row->outcome == PD_OUTCOME_APPENDED || row->outcome == PD_OUTCOME_CREATED);
    g_autofree char *stranger = reply_from("eve@example.net", plus, "about something", NULL);
    g_autoptr(PdInboxRow) other = fixture_send(fixture, stranger);
    ck_assert_int_eq(other->outcome, PD_OUTCOME_CREATED);
}
END_TEST

START_TEST(reply_waits_for_an_older_message_it_may_belong_to)
{
    g_autoptr(GPtrArray) rows = NULL;
    PdProcessed done;
    g_autofree char *reply =
        reply_from("ann@example.com", "desk@example.org", "Re: VPN down", "vpn1@example.com");

    fixture_take_in(fixture, VPN);
    gint64 later = fixture_take_in(fixture, reply);
    ck_ok(pd_inbox_between(fixture->store, later, G_MAXINT64, 1000, &rows));
    ck_ok(pd_desk_process(fixture->desk, rows, NULL, NULL, &done));
    ck_assert_uint_eq(done.waiting, 1);
    PdProcessed both = fixture_process(fixture);
    ck_assert_uint_eq(both.created, 1);
    ck_assert_uint_eq(both.appended, 1);
}
END_TEST

START_TEST(copy_is_recorded_and_not_ticketed)
{
    check_outcome(VPN, PD_OUTCOME_CREATED, 1);
    g_autoptr(PdInboxRow) copy = fixture_send(fixture, "Received: by other\n" VPN);
    ck_assert_int_eq(copy->outcome, PD_OUTCOME_IGNORED);
    ck_assert_str_eq(copy->reason, "copy of message 1 (#1)");
    ck_assert_uint_eq(outbox_size(), 1);
}
END_TEST

/* A machine that writes neither Message-ID nor date says the same at each fault. */
START_TEST(what_bears_no_name_is_a_copy_for_an_hour)
{
    static const char outage[] = "From: ups@example.com\nTo: desk@example.org\n"
                                 "Subject: UPS on battery\n\nPower failed.\n";
    static const char dated[] = "From: ups@example.com\nTo: desk@example.org\nSubject: UPS\n"
                                "Date: Mon, 2 Nov 2026 08:00:00 +0800\n\nPower failed.\n";

    check_outcome(outage, PD_OUTCOME_CREATED, 1);
    check_outcome(dated, PD_OUTCOME_CREATED, 2);
    pd_clock_set(pd_clock_now() + 50 * PD_MINUTE);
    check_outcome(outage, PD_OUTCOME_IGNORED, 1);
    pd_clock_set(pd_clock_now() + 20 * PD_MINUTE);
    check_outcome(outage, PD_OUTCOME_CREATED, 3);
    check_outcome(dated, PD_OUTCOME_IGNORED, 2);
    pd_clock_set(0);
}
END_TEST

/* Of which nothing is there but headers that name none of them. */
START_TEST(mails_too_large_are_told_apart_by_their_size)
{
    static const char headers[] = "From: scanner@example.com\nTo: desk@example.org\n"
                                  "Subject: Scan\n\n";
    gint64 first = fixture_take_in_row(fixture, "m/INBOX", headers, TRUE, FALSE);
    gint64 again = fixture_take_in_row(fixture, "m/INBOX", headers, TRUE, FALSE);

    fixture->truncated_size++;
    gint64 other = fixture_take_in_row(fixture, "m/INBOX", headers, TRUE, FALSE);
    fixture_process(fixture);
    ck_assert_int_eq(outcome_of(first), PD_OUTCOME_CREATED);
    ck_assert_int_eq(outcome_of(again), PD_OUTCOME_IGNORED);
    ck_assert_int_eq(outcome_of(other), PD_OUTCOME_CREATED);
}
END_TEST

START_TEST(same_message_id_with_other_content_is_processed)
{
    check_outcome(VPN, PD_OUTCOME_CREATED, 1);
    g_autoptr(PdInboxRow) other = fixture_send(
        fixture, ANN "Subject: Printer\nMessage-ID: <vpn1@example.com>\n\nAnother matter.\n");
    ck_assert_int_eq(other->outcome, PD_OUTCOME_CREATED);
}
END_TEST

/* Replies that move a ticket */

START_TEST(reply_to_a_resolved_ticket_reopens_it_and_says_so)
{
    check_outcome(VPN, PD_OUTCOME_CREATED, 1);
    change(1, "status=resolved");
    g_autofree char *by_number =
        reply_from("ann@example.com", "desk@example.org", "Re: [#1] VPN", NULL);
    g_autofree char *reply =
        reply_from("ann@example.com", "desk@example.org", "Re: [#1] VPN", "vpn1@example.com");
    check_outcome(by_number, PD_OUTCOME_APPENDED, 1);
    g_autoptr(PdTicket) unmoved = fixture_ticket(fixture, 1);
    ck_assert_str_eq(unmoved->status, "resolved"); /* anybody could have written that From line */
    check_outcome(reply, PD_OUTCOME_APPENDED, 1);
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, 1);
    ck_assert_str_eq(ticket->status, "open");
    g_autoptr(PdOutboxRow) row = NULL;
    g_autoptr(PdMail) mail = fixture_last_mail(fixture, &row);
    ck_assert_str_eq(row->purpose, "reopened");
    ck_assert_str_eq(mail->subject, "[#1] Reopened: VPN down");
}
END_TEST

START_TEST(reply_to_a_closed_ticket_opens_a_linked_one)
{
    check_outcome(VPN, PD_OUTCOME_CREATED, 1);
    change(1, "status=closed");
    g_autofree char *reply =
        reply_from("ann@example.com", "desk@example.org", "Re: [#1] Closed: VPN down", NULL);
    check_outcome(reply, PD_OUTCOME_CREATED, 2);
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, 2);
    ck_assert_int_eq(ticket->suggested_link, 1);
    ck_assert_str_eq(ticket->subject, "VPN down");
    g_autoptr(PdMail) mail = fixture_last_mail(fixture, NULL);
    ck_assert_str_eq(mail->subject, "[#2] Received: VPN down");
    ck_assert_ptr_nonnull(strstr(mail->full_text, "#1"));
}
END_TEST

/* Bounces and automatic mail */

static char *bounce_of(const PdOutboxRow *row)
{
    return g_strdup_printf(
        "Return-Path: <>\nFrom: Mailer-Daemon <mailer-daemon@example.com>\nTo: %s\n"
        "Subject: Undelivered Mail\nAuto-Submitted: auto-replied\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nNo such user.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.com\n\n"
        "Final-Recipient: rfc822; %s\nAction: failed\nStatus: 5.1.1\n"
        "--b\nContent-Type: message/rfc822\n\nMessage-ID: <%s>\nSubject: s\n\nx\n--b--\n",
        row->envelope_from, row->recipient, row->message_id);
}

START_TEST(bounce_of_our_mail_is_an_event_of_its_ticket)
{
    g_autoptr(PdOutboxRow) row = NULL;

    check_outcome(VPN, PD_OUTCOME_CREATED, 1);
    g_autoptr(PdMail) ack = fixture_last_mail(fixture, &row);
    g_autofree char *bounce = bounce_of(row);
    check_outcome(bounce, PD_OUTCOME_APPENDED, 1);
    ck_assert_uint_eq(outbox_size(), 1);
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, 1);
    ck_assert_str_eq(ticket->status, "new");
}
END_TEST

/* To the plain address, by a server that names no Message-ID. */
static const struct {
    const char *what, *subject, *text;
    guint days; /* after the mail */
    gint64 ticket;
} plain_bounces[] = {
    {"whom it was mailed", "[#1] Received: VPN down", "ann@example.com\n#550 5.1.1 not found ##", 1,
     1},
    {"somebody else", "[#1] Received: VPN down", "eve@example.com\n#550 5.1.1 not found ##", 1, 0},
    {"another ticket", "[#7] Received: VPN down", "ann@example.com\n#550 5.1.1 not found ##", 1, 0},
    {"long ago", "[#1] Received: VPN down", "ann@example.com\n#550 5.1.1 not found ##", 20, 0},
    {"nobody, of the domain that was mailed", "[#1] Received: VPN down",
     "Ann Lee\nThe email address you entered couldn't be found.", 1, 1},
    {"the number in what is returned", "returned",
     "ann@example.com\n#550 5.1.1 not found ##\n\n"
     "Original message headers:\n\nSubject: [#1] Received: VPN down",
     1, 1},
};

START_TEST(bounce_that_tells_a_number_belongs_to_who_was_mailed)
{
    g_autofree char *raw =
        g_strdup_printf("From: Postmaster <postmaster@example.com>\nTo: desk@example.org\n"
                        "Subject: Undeliverable: %s\nMessage-ID: <ndr@example.com>\n\n"
                        "Delivery has failed to these recipients or groups:\n\n%s\n",
                        plain_bounces[_i].subject, plain_bounces[_i].text);

    check_outcome(VPN, PD_OUTCOME_CREATED, 1);
    pd_clock_set(pd_clock_now() + plain_bounces[_i].days * 86400 * (gint64)PD_SECOND);
    g_autoptr(PdInboxRow) row = fixture_send(fixture, raw);
    ck_assert_msg(row->ticket == plain_bounces[_i].ticket, "%s: #%d", plain_bounces[_i].what,
                  (int)row->ticket);
}
END_TEST

START_TEST(bounce_of_nothing_is_ignored_and_alarmed)
{
    g_autoptr(PdOutboxRow) row = pd_outbox_row_new();
    row->envelope_from = g_strdup("bounces+abc@example.org");
    row->recipient = g_strdup("x@example.com");
    row->message_id = g_strdup("nothing@example.org");
    g_autofree char *bounce = bounce_of(row);

    check_outcome(bounce, PD_OUTCOME_IGNORED, 0);
    ck_assert_int_eq(fixture_alarms(fixture, "bounce"), 1);
}
END_TEST

START_TEST(vacation_reply_neither_reopens_nor_is_answered)
{
    check_outcome(VPN, PD_OUTCOME_CREATED, 1);
    g_autoptr(PdMail) ack = fixture_last_mail(fixture, NULL);
    change(1, "status=resolved");
    guint before = outbox_size();
    g_autofree char *reply = reply_from("ann@example.com\nAuto-Submitted: auto-replied",
                                        "desk@example.org", "Out of office", ack->message_id);
    check_outcome(reply, PD_OUTCOME_APPENDED, 1);
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, 1);
    ck_assert_str_eq(ticket->status, "resolved");
    ck_assert_uint_eq(outbox_size(), before);
}
END_TEST

/* The invariants */

static const struct {
    const char *raw;
    PdOutcome outcome;
} every_kind[] = {
    {ANN "Subject: hello\n\nA question.\n", PD_OUTCOME_CREATED},
    {"\n", PD_OUTCOME_CREATED},
    {"Subject: no sender\n\nx\n", PD_OUTCOME_CREATED},
    {ANN "Subject: casino\n\nx\n", PD_OUTCOME_IGNORED},
    {ANN "Subject: suspicious\n\nx\n", PD_OUTCOME_QUARANTINED},
    {ANN "Subject: away\nAuto-Submitted: auto-replied\n\nI am away.\n", PD_OUTCOME_IGNORED},
    {"From: desk@example.org\nTo: desk@example.org\nSubject: own\nX-Postdesk-Ticket: 1\n"
     "Auto-Submitted: auto-replied\n\nx\n",
     PD_OUTCOME_IGNORED},
};

START_TEST(I2_every_row_ends_in_one_outcome_with_its_reason)
{
    PdProcessed done;

    for (gsize i = 0; i < G_N_ELEMENTS(every_kind); i++)
        fixture_take_in(fixture, every_kind[i].raw);
    done = fixture_process(fixture);
    ck_assert_uint_eq(done.created + done.appended + done.ignored + done.quarantined,
                      G_N_ELEMENTS(every_kind));
    for (gsize i = 0; i < G_N_ELEMENTS(every_kind); i++) {
        g_autoptr(PdInboxRow) row = NULL;
        ck_ok(pd_inbox_get(fixture->store, (gint64)i + 1, &row));
        ck_assert_msg(row->outcome == every_kind[i].outcome, "%zu: %s", i,
                      pd_outcome_name(row->outcome));
        ck_assert_int_eq(row->reason != NULL, row->outcome == PD_OUTCOME_IGNORED ||
                                                  row->outcome == PD_OUTCOME_QUARANTINED);
        ck_assert_int_eq(row->ticket != 0, row->outcome == PD_OUTCOME_CREATED);
    }
}
END_TEST

START_TEST(I2_unreadable_message_is_quarantined_and_the_next_processed)
{
    g_autoptr(PdInboxRow) lost = NULL;
    gint64 id = fixture_take_in_row(fixture, "m/INBOX", ANN "\nx\n", FALSE, FALSE);

    ck_ok(pd_inbox_get(fixture->store, id, &lost));
    g_autofree char *segment = g_strdup_printf("%s/raw/%08" G_GINT64_FORMAT ".seg",
                                               fixture->config->state, lost->raw.segment);
    ck_assert_int_eq(_i == 0 ? g_remove(segment) : truncate(segment, 3), 0);
    fixture_take_in(fixture, VPN);
    PdProcessed done = fixture_process(fixture);
    ck_assert_uint_eq(done.quarantined, 1);
    ck_assert_uint_eq(done.created, 1);
    ck_assert_int_eq(fixture_alarms(fixture, "quarantine"), 1);
}
END_TEST

/* What it lies on was not mounted, say: all would have to be taken out of quarantine again. */
START_TEST(raw_mail_that_is_out_of_reach_puts_nothing_into_quarantine)
{
    g_autofree char *raw = g_build_filename(fixture->config->state, "raw", NULL);
    g_autofree char *away = g_strconcat(raw, ".away", NULL);
    g_autoptr(GPtrArray) rows = NULL;
    PdProcessed done;

    fixture_take_in(fixture, VPN);
    ck_assert_int_eq(g_rename(raw, away), 0);
    ck_ok(pd_inbox_between(fixture->store, 0, G_MAXINT64, 1000, &rows));
    g_autoptr(PdStatus) status = pd_desk_process(fixture->desk, rows, NULL, NULL, &done);
    ck_assert_ptr_nonnull(status);
    ck_assert_int_eq(pd_status_spoils(status), PD_SPOILS_STORE);
    ck_assert_int_eq(g_rename(away, raw), 0);
    ck_assert_uint_eq(fixture_process(fixture).created, 1);
    ck_assert_int_eq(fixture_alarms(fixture, "quarantine"), 0);
}
END_TEST

static PdInboxRow *pass_on(const char *subject, const char *original)
{
    g_autofree char *raw = g_strdup_printf(
        ANN "%s\n\nPlease help.\n\n-----Original Message-----\nFrom: Bob <bob@example.com>\n"
            "Sent: Monday, November 30, 2026 9:12 AM\nTo: Ann\nSubject: printer\n\n%s\n",
        subject, original);

    return fixture_send(fixture, raw);
}

static char *stored_text(gint64 inbox)
{
    PdStoredMessage *message = NULL;

    ck_ok(pd_message_get(fixture->store, inbox, &message));
    char *text = g_strdup(message->text);
    pd_stored_message_free(message);
    return text;
}

START_TEST(what_somebody_passes_on_is_in_the_ticket_that_it_opens)
{
    g_autoptr(PdInboxRow) row = pass_on("Subject: Fw: printer", "It is jammed on floor 2.");
    g_autofree char *text = stored_text(row->id);

    ck_assert(g_str_has_prefix(text, "Please help."));
    ck_assert_ptr_nonnull(strstr(text, "jammed on floor 2"));
}
END_TEST

/* What the desk wrote is no news there, and what can be done by mail stands in it. */
START_TEST(what_is_passed_on_to_its_own_ticket_is_not_taken_again)
{
    fixture_take_in(fixture, VPN);
    fixture_process(fixture);
    g_autoptr(PdMail) told = fixture_last_mail(fixture, NULL);
    g_autofree char *subject =
        g_strdup_printf("Subject: Fw: VPN down\nIn-Reply-To: <%s>", told->message_id);
    g_autoptr(PdInboxRow) row = pass_on(subject, "/close");
    g_autofree char *text = stored_text(row->id);

    ck_assert_int_eq(row->outcome, PD_OUTCOME_APPENDED);
    ck_assert_str_eq(text, "Please help.");
}
END_TEST

START_TEST(I3_processing_again_changes_nothing)
{
    g_autoptr(GPtrArray) rows = NULL;
    PdProcessed done;

    fixture_take_in(fixture, VPN);
    ck_ok(pd_inbox_between(fixture->store, 0, G_MAXINT64, 1000, &rows));
    ck_ok(pd_desk_process(fixture->desk, rows, NULL, NULL, &done));
    ck_assert_uint_eq(done.created, 1);
    ck_ok(pd_desk_process(fixture->desk, rows, NULL, NULL, &done));
    ck_assert_uint_eq(done.created + done.appended + done.ignored + done.queued, 0);
    ck_assert_uint_eq(outbox_size(), 1);
    g_autofree char *events = fixture_events(fixture, 1);
    ck_assert_str_eq(events, "opened mailed");
}
END_TEST

/* Looks at the store as another process would, while the message is in work. */
static void look_from_outside(gint64 inbox_id, gpointer user)
{
    PdStore *outside = user;
    g_autoptr(GPtrArray) rows = NULL;
    g_autoptr(PdTicket) ticket = NULL;

    (void)inbox_id;
    ck_ok(pd_outbox_list(outside, -1, 0, 10, &rows));
    ck_assert_uint_eq(rows->len, 0);
    ck_ok(pd_ticket_get(outside, 1, &ticket));
    ck_assert_ptr_null(ticket);
}

START_TEST(I4_no_mail_is_there_before_its_ticket_is_durable)
{
    g_autoptr(PdStore) outside = NULL;
    g_autoptr(GPtrArray) rows = NULL;
    g_autoptr(GPtrArray) mails = NULL;
    g_autoptr(PdTicket) ticket = NULL;
    PdProcessed done;

    fixture_take_in(fixture, VPN);
    ck_ok(pd_store_open(fixture->config->state, PD_STORE_READ, &outside));
    ck_ok(pd_inbox_between(fixture->store, 0, G_MAXINT64, 1000, &rows));
    ck_ok(pd_desk_process(fixture->desk, rows, look_from_outside, outside, &done));
    ck_ok(pd_outbox_list(outside, -1, 0, 10, &mails));
    ck_assert_uint_eq(mails->len, 1);
    ck_ok(pd_ticket_get(outside, 1, &ticket));
    ck_assert_ptr_nonnull(ticket);
}
END_TEST

START_TEST(I6_tickets_are_rebuilt_from_what_the_desk_wrote)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    PdVerified counts;

    check_outcome(VPN, PD_OUTCOME_CREATED, 1);
    change(1, "status=resolved");
    g_autofree char *reply =
        reply_from("ann@example.com", "desk@example.org", "Re: [#1] VPN", NULL);
    check_outcome(reply, PD_OUTCOME_APPENDED, 1);
    for (gsize i = 0; i < G_N_ELEMENTS(every_kind); i++)
        fixture_take_in(fixture, every_kind[i].raw);
    fixture_process(fixture);
    ck_ok(pd_store_verify(fixture->store, list, &counts, NULL, NULL));
    ck_ok(pd_diagnostics_status(list));
    ck_assert_int_eq(counts.tickets, 4);
}
END_TEST

static const char *const never_answered[] = {
    ANN "Subject: a\nAuto-Submitted: auto-replied\n\nAway.\n",
    ANN "Subject: b\nAuto-Submitted: auto-generated\nX-Mailer: cron\n\nDisk full.\n",
    "Return-Path: <>\nFrom: mailer-daemon@example.com\nTo: desk@example.org\n"
    "Subject: Undelivered Mail Returned to Sender\n\nx\n",
    "From: desk@example.org\nTo: desk@example.org\nSubject: c\n\nx\n",
    "From: h via List <h@example.org>\nTo: desk@example.org\nList-Id: <h.example.org>\n"
    "List-Post: <mailto:h@example.org>\nPrecedence: list\nSubject: d\n\nx\n",
    "To: desk@example.org\nSubject: nobody\n\nx\n",
};

START_TEST(I7_what_must_not_be_answered_queues_no_mail_and_records_why)
{
    for (gsize i = 0; i < G_N_ELEMENTS(never_answered); i++) {
        g_autoptr(PdInboxRow) row = fixture_send(fixture, never_answered[i]);
        g_autoptr(GPtrArray) rows = fixture_outbox(fixture);
        for (guint j = 0; j < rows->len; j++) {
            const PdOutboxRow *queued = g_ptr_array_index(rows, j);
            ck_assert_str_eq(queued->purpose, "alarm"); /* to the admin, of the bounce */
        }
        g_autoptr(PdJson) decision = fixture_decision(fixture, row->id);
        const PdJson *answer = pd_json_get(decision, "answer");
        ck_assert(!pd_json_get_bool(answer, "send", TRUE));
        ck_assert_ptr_nonnull(pd_json_get_text(answer, "reason"));
    }
}
END_TEST

START_TEST(I7_reply_budget_ends_the_answers_and_alarms)
{
    PdProcessed done;

    for (int i = 0; i < 14; i++) {
        g_autofree char *raw =
            g_strdup_printf(ANN "Subject: question %d\n\nHow do I do number %d?\n", i, i);
        fixture_take_in(fixture, raw);
    }
    done = fixture_process(fixture);
    ck_assert_uint_eq(done.created, 14);
    ck_assert_uint_eq(done.queued, 10);
    ck_assert_int_eq(fixture_alarms(fixture, "budget"), 4);
    g_autoptr(GPtrArray) rows = fixture_outbox(fixture);
    ck_assert_uint_eq(rows->len, 11); /* one alarm mail, once a day */
    pd_clock_set(pd_clock_now() + 2 * 3600 * (gint64)PD_SECOND);
    fixture_take_in(fixture, ANN "Subject: later\n\nAnother question.\n");
    done = fixture_process(fixture);
    ck_assert_uint_eq(done.queued, 1);
}
END_TEST

/* Held, cut, alarmed */

START_TEST(answer_to_old_mail_of_a_changed_mailbox_is_held)
{
    fixture_take_in_row(fixture, "m/INBOX", VPN, FALSE, TRUE);
    fixture_process(fixture);
    g_autoptr(GPtrArray) rows = fixture_outbox(fixture);
    ck_assert_uint_eq(rows->len, 1);
    const PdOutboxRow *row = g_ptr_array_index(rows, 0);
    ck_assert_int_eq(row->state, PD_MAIL_UNKNOWN);
    ck_assert_ptr_nonnull(strstr(row->last_reply, "held"));
}
END_TEST

START_TEST(mail_over_the_limit_becomes_a_ticket_and_says_so)
{
    fixture_take_in_row(fixture, "m/INBOX", VPN, TRUE, FALSE);
    fixture_process(fixture);
    g_autoptr(PdOutboxRow) row = NULL;
    g_autoptr(PdMail) mail = fixture_last_mail(fixture, &row);
    ck_assert_str_eq(row->purpose, "oversize");
    ck_assert_ptr_nonnull(strstr(mail->full_text, "90.0 MB"));
}
END_TEST

/* A template of the admin's that gives more than a mail may hold. */
static void use_endless_template(void)
{
    g_autofree char *folder = g_build_filename(fixture->config->templates, "en", NULL);
    g_autofree char *path = g_build_filename(folder, "acknowledge.txt", NULL);
    g_autofree char *piece = g_strnfill(400 * 1024, 'x');
    g_autofree char *source =
        g_strdup_printf("Subject: s\n\n{{#quote_lines}}%s{{/quote_lines}}\n", piece);
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    ck_assert_int_eq(g_mkdir_with_parents(folder, 0700), 0);
    ck_assert(g_file_set_contents(path, source, -1, NULL));
    pd_desk_free(fixture->desk);
    fixture->desk = pd_desk_new(fixture->config, fixture->store, list);
    ck_assert_ptr_nonnull(fixture->desk);
}

START_TEST(answer_that_cannot_be_written_costs_no_ticket)
{
    use_endless_template();
    check_outcome(ANN "Subject: VPN\n\nThe first line.\nThe second.\nThe third.\nThe last.\n",
                  PD_OUTCOME_CREATED, 1);
    g_autofree char *events = fixture_events(fixture, 1);
    ck_assert_str_eq(events, "opened note");
    ck_assert_int_eq(fixture_alarms(fixture, "answer"), 1);
}
END_TEST

START_TEST(alarm_is_mailed_to_the_admin_once_a_day)
{
    for (int i = 0; i < 3; i++)
        ck_ok(pd_desk_alarm(fixture->desk, "disk", "The disk is full", "Make room.\n", NULL));
    g_autoptr(PdOutboxRow) row = NULL;
    g_autoptr(PdMail) mail = fixture_last_mail(fixture, &row);
    ck_assert_uint_eq(outbox_size(), 1);
    ck_assert_int_eq(fixture_alarms(fixture, "disk"), 3);
    ck_assert_str_eq(row->recipient, "admin@example.net");
    ck_assert_str_eq(row->envelope_from, "");
    ck_assert_str_eq(pd_mail_header(mail, "Auto-Submitted"), "auto-generated");
}
END_TEST

START_TEST(flood_of_alarms_is_no_flood_of_mails)
{
    for (int i = 0; i < 60; i++) {
        g_autofree char *subject = g_strdup_printf("Trouble %d", i);
        ck_ok(pd_desk_alarm(fixture->desk, "trouble", subject, "x", NULL));
    }
    ck_assert_uint_eq(outbox_size(), 50);
}
END_TEST

START_TEST(row_that_killed_its_role_is_quarantined)
{
    gint64 id = fixture_take_in(fixture, VPN);
    g_autoptr(PdInboxRow) row = NULL;

    ck_ok(pd_desk_quarantine(fixture->desk, id, "processing it ended the role twice (SEGV)"));
    ck_ok(pd_inbox_get(fixture->store, id, &row));
    ck_assert_int_eq(row->outcome, PD_OUTCOME_QUARANTINED);
    ck_assert_int_eq(fixture_alarms(fixture, "quarantine"), 1);
}
END_TEST

/* Changes by a person */

static void check_refused(const char *pair, const char *text)
{
    const char *const pairs[] = {pair, NULL};
    g_autoptr(PdStatus) status = pd_desk_change(fixture->desk, 1, pairs, "li");

    ck_assert_ptr_nonnull(status);
    g_autofree char *said =
        g_strdup_printf("%s; %s", pd_status_text(status), pd_status_advice(status));
    ck_assert_str_eq(said, text);
}

START_TEST(change_is_checked_against_fields_and_lifecycle)
{
    check_outcome(VPN, PD_OUTCOME_CREATED, 1);
    change(1, "status=closed");
    check_refused("status=waiting",
                  "a ticket that is 'closed' cannot become 'waiting'; from 'closed' it may "
                  "become: open");
    check_refused("pririty=P1", "'pririty' is no field that can be set; did you mean 'priority'?");
    check_refused("priority=P9", "priority cannot be 'P9'; did you mean 'P1'?");
    check_refused("category=VPN!", "'VPN!' is no category; write a path such as system/database");
    check_refused("status", "'status' is no change; write field=value");
}
END_TEST

START_TEST(change_of_impact_brings_the_priority)
{
    check_outcome(VPN, PD_OUTCOME_CREATED, 1);
    change(1, "impact=high");
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, 1);
    ck_assert_str_eq(ticket->priority, "P1");
}
END_TEST

START_TEST(reporter_is_told_of_a_resolved_ticket)
{
    check_outcome(VPN, PD_OUTCOME_CREATED, 1);
    change(1, "status=resolved");
    g_autoptr(PdOutboxRow) row = NULL;
    g_autoptr(PdMail) mail = fixture_last_mail(fixture, &row);
    ck_assert_str_eq(row->purpose, "resolved");
    ck_assert_str_eq(mail->subject, "[#1] Resolved: VPN down");
    ck_assert_str_eq(pd_mail_header(mail, "Auto-Submitted"), "auto-generated");
    ck_assert_str_eq(g_ptr_array_index(mail->in_reply_to, 0), "vpn1@example.com");
}
END_TEST

START_TEST(machine_is_not_told_of_a_change)
{
    check_outcome("From: monitor@example.com\nTo: desk@example.org\nSubject: ALERT disk\n"
                  "Auto-Submitted: auto-generated\n\nDisk /var is full on db1.\n",
                  PD_OUTCOME_CREATED, 1);
    change(1, "status=resolved");
    ck_assert_uint_eq(outbox_size(), 0);
}
END_TEST

/* Explain */

START_TEST(explain_changes_nothing_and_says_what_would_happen)
{
    g_autoptr(PdMail) mail = read_raw(VPN);
    g_autoptr(PdJson) why = NULL;
    gint64 waiting, oldest;

    ck_ok(pd_desk_explain(fixture->desk, mail, &why));
    ck_assert_str_eq(pd_json_get_text(why, "act"), "create");
    ck_assert_str_eq(pd_json_get_text(pd_json_get(why, "outcome"), "priority"), "P2");
    ck_assert_str_eq(pd_json_get_text(pd_json_get(why, "origin"), "kind"), "person");
    ck_assert(pd_json_get_bool(pd_json_get(why, "answer"), "send", FALSE));
    ck_assert_uint_eq(outbox_size(), 0);
    ck_ok(pd_inbox_count(fixture->store, PD_OUTCOME_CREATED, &waiting, &oldest));
    ck_assert_int_eq(waiting, 0);
}
END_TEST

START_TEST(dry_desk_explains_without_a_store)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdDesk) dry = pd_desk_new(fixture->config, NULL, list);
    g_autoptr(PdMail) mail = read_raw(VPN);
    g_autoptr(PdJson) why = NULL;

    ck_assert_ptr_nonnull(dry);
    ck_ok(pd_desk_explain(dry, mail, &why));
    ck_assert_str_eq(pd_json_get_text(why, "act"), "create");
}
END_TEST

static gboolean files_are_right(void)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    gboolean right = pd_desk_check(fixture->config, list);

    ck_assert_int_eq(right, pd_diagnostics_errors(list) == 0);
    return right;
}

static void write_below(const char *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    ck_assert(g_file_set_contents(path, text, -1, NULL));
}

START_TEST(files_that_were_right_are_looked_at_again_when_they_change)
{
    static const char *const mistakes[] = {"matrix.yaml", "20.yaml", "people.yaml", "roster.yaml"};
    g_autofree char *note = g_build_filename(fixture->config->state, "checked", NULL);
    g_autofree char *cache = g_build_filename(fixture->config->state, "rules.cache", NULL);

    ck_assert(files_are_right());
    ck_assert(g_file_test(note, G_FILE_TEST_EXISTS));
    g_remove(cache); /* which a load would write again */
    ck_assert(files_are_right());
    ck_assert(!g_file_test(cache, G_FILE_TEST_EXISTS));
    for (gsize i = 0; i < G_N_ELEMENTS(mistakes); i++) {
        g_autofree char *path = g_build_filename(fixture->config->rules, mistakes[i], NULL);
        g_autofree char *before = NULL;
        g_file_get_contents(path, &before, NULL, NULL);
        write_below(fixture->config->rules, mistakes[i], "nonsense: [");
        ck_assert(!files_are_right());
        ck_assert(!files_are_right()); /* a mistake is not remembered as right */
        if (before != NULL)
            write_below(fixture->config->rules, mistakes[i], before);
        else
            g_remove(path);
        ck_assert(files_are_right());
    }
}
END_TEST

START_TEST(note_of_other_files_is_not_believed)
{
    g_autofree char *other = g_strnfill(64, 'a');

    write_below(fixture->config->state, "checked", other);
    write_below(fixture->config->rules, "20.yaml", "nonsense: [");
    ck_assert(!files_are_right());
}
END_TEST

START_TEST(why_is_stored_with_the_ticket)
{
    g_autoptr(PdInboxRow) row = fixture_send(fixture, VPN);
    g_autoptr(PdJson) decision = fixture_decision(fixture, row->id);

    ck_assert_str_eq(pd_json_get_text(decision, "act"), "create");
    ck_assert(pd_json_is_object(pd_json_get(decision, "rules")));
    ck_assert_str_eq(pd_json_get_text(pd_json_get(decision, "answer"), "recipient"),
                     "ann@example.com");
    ck_assert(pd_json_is_array(pd_json_get(pd_json_get(decision, "threading"), "evidence")));
}
END_TEST

static TCase *threading_case(void)
{
    TCase *tests = tcase_create("threading");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, reply_of_the_reporter_finds_its_ticket);
    tcase_add_test(tests, forwarded_token_lets_no_stranger_in);
    tcase_add_test(tests, colleague_in_copy_takes_part);
    tcase_add_test(tests, token_of_another_ticket_is_not_forged_by_its_text);
    tcase_add_test(tests, reply_waits_for_an_older_message_it_may_belong_to);
    tcase_add_test(tests, copy_is_recorded_and_not_ticketed);
    tcase_add_test(tests, what_bears_no_name_is_a_copy_for_an_hour);
    tcase_add_test(tests, mails_too_large_are_told_apart_by_their_size);
    tcase_add_test(tests, same_message_id_with_other_content_is_processed);
    tcase_add_test(tests, reply_to_a_resolved_ticket_reopens_it_and_says_so);
    tcase_add_test(tests, reply_to_a_closed_ticket_opens_a_linked_one);
    tcase_add_test(tests, bounce_of_our_mail_is_an_event_of_its_ticket);
    tcase_add_loop_test(tests, bounce_that_tells_a_number_belongs_to_who_was_mailed, 0,
                        G_N_ELEMENTS(plain_bounces));
    tcase_add_test(tests, bounce_of_nothing_is_ignored_and_alarmed);
    tcase_add_test(tests, vacation_reply_neither_reopens_nor_is_answered);
    return tests;
}

static TCase *invariants_case(void)
{
    TCase *tests = tcase_create("invariants");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, I2_every_row_ends_in_one_outcome_with_its_reason);
    tcase_add_loop_test(tests, I2_unreadable_message_is_quarantined_and_the_next_processed, 0, 2);
    tcase_add_test(tests, what_somebody_passes_on_is_in_the_ticket_that_it_opens);
    tcase_add_test(tests, what_is_passed_on_to_its_own_ticket_is_not_taken_again);
    tcase_add_test(tests, raw_mail_that_is_out_of_reach_puts_nothing_into_quarantine);
    tcase_add_test(tests, I3_processing_again_changes_nothing);
    tcase_add_test(tests, I4_no_mail_is_there_before_its_ticket_is_durable);
    tcase_add_test(tests, I6_tickets_are_rebuilt_from_what_the_desk_wrote);
    tcase_add_test(tests, I7_what_must_not_be_answered_queues_no_mail_and_records_why);
    tcase_add_test(tests, I7_reply_budget_ends_the_answers_and_alarms);
    return tests;
}

static TCase *rest_case(void)
{
    TCase *tests = tcase_create("desk");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, mail_of_a_person_becomes_a_ticket);
    tcase_add_test(tests, number_of_another_desk_stays_in_the_subject);
    tcase_add_test(tests, number_behind_its_name_finds_the_ticket_of_who_takes_part);
    tcase_add_test(tests, acknowledgement_says_number_class_priority_and_leads_back);
    tcase_add_test(tests, answer_is_in_the_language_of_the_mail);
    tcase_add_test(tests, hostile_values_make_no_header_and_no_markup);
    tcase_add_test(tests, odd_mail_becomes_a_ticket_all_the_same);
    tcase_add_test(tests, answer_to_old_mail_of_a_changed_mailbox_is_held);
    tcase_add_test(tests, mail_over_the_limit_becomes_a_ticket_and_says_so);
    tcase_add_test(tests, answer_that_cannot_be_written_costs_no_ticket);
    tcase_add_test(tests, alarm_is_mailed_to_the_admin_once_a_day);
    tcase_add_test(tests, flood_of_alarms_is_no_flood_of_mails);
    tcase_add_test(tests, row_that_killed_its_role_is_quarantined);
    tcase_add_test(tests, change_is_checked_against_fields_and_lifecycle);
    tcase_add_test(tests, change_of_impact_brings_the_priority);
    tcase_add_test(tests, reporter_is_told_of_a_resolved_ticket);
    tcase_add_test(tests, machine_is_not_told_of_a_change);
    tcase_add_test(tests, explain_changes_nothing_and_says_what_would_happen);
    tcase_add_test(tests, dry_desk_explains_without_a_store);
    tcase_add_test(tests, files_that_were_right_are_looked_at_again_when_they_change);
    tcase_add_test(tests, note_of_other_files_is_not_believed);
    tcase_add_test(tests, why_is_stored_with_the_ticket);
    return tests;
}

int main(void)
{
    Suite *suite = suite_create("desk");

    suite_add_tcase(suite, rest_case());
    suite_add_tcase(suite, threading_case());
    suite_add_tcase(suite, invariants_case());
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
