/* working_test.c: a ticket worked by mail: assignment, commands, answers, and nobody without
 * authority. What each person reads is looked at as he gets it. */
#include "desk/desk_private.h"
#include "desk/history.h"
#include "fixture.h"
#include "letters.h"
#include "postdesk/clock.h"
#include "postdesk/upkeep.h"
#include <stdlib.h>
#include <string.h>

#define PEOPLE                                                                                     \
    "people:\n"                                                                                    \
    "  - {name: 张三, addresses: [zhang@example.org, zhang.home@example.net], role: engineer,\n" \
    "     language: zh_CN}\n"                                                                      \
    "  - {name: Li Si, addresses: [li@example.org], role: engineer, language: en}\n"               \
    "  - {name: Dora, addresses: [dora@example.org], role: dispatcher, language: en}\n"            \
    "  - {name: Ann, addresses: [ann@example.com, ann.home@example.net], language: en,\n"          \
    "     department: Tax, phone: '1234'}\n"

#define FAULT                                                                                      \
    "From: Ann <ann@example.com>\nTo: desk@example.org\nCc: Ben <ben@example.com>\n"               \
    "Subject: VPN down\nMessage-ID: <vpn1@example.com>\n\nNo VPN since nine.\n"

#define DAY (86400 * (gint64)PD_SECOND)

static Fixture *fixture;

static void setup(void)
{
    pd_clock_set(0);
    fixture = fixture_with_people("", PEOPLE);
}

static void teardown(void)
{
    fixture_free(fixture);
    pd_clock_set(0);
}

static PdMail *mail_to(const char *address, const char *purpose)
{
    return letters_to(fixture, address, purpose);
}

static guint mails_to(const char *address)
{
    return letters_count(fixture, address);
}

static void answer(const PdMail *mail, const char *from, const char *headers, const char *text)
{
    letters_answer(fixture, mail, from, headers, text);
}

static void run(gint64 ticket, const char *command)
{
    letters_run(fixture, ticket, command);
}

static void check_ticket(gint64 number, const char *status, const char *priority,
                         const char *assignee)
{
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, number);

    ck_assert_str_eq(ticket->status, status);
    ck_assert_str_eq(ticket->priority, priority);
    ck_assert_str_eq(ticket->assignee, assignee);
}

/* A ticket that Zhang works on, and the mail that says so. */
static PdMail *assigned(void)
{
    g_autoptr(PdInboxRow) row = fixture_send(fixture, FAULT);

    run(row->ticket, "assign 张三");
    return mail_to("zhang@example.org", "assigned");
}

START_TEST(assignment_mail_holds_all_that_is_needed)
{
    g_autoptr(PdMail) mail = assigned();
    const PdAddress *to = g_ptr_array_index(mail->reply_to, 0);

    check_ticket(1, "new", "P2", "zhang@example.org");
    letters_hold(mail, "No VPN since nine.");
    letters_hold(mail, "Ann <ann@example.com>");
    letters_hold(mail, "Tax");
    letters_hold(mail, "1234");
    letters_hold(mail, "网络 / VPN 远程接入（vpn）"); /* why it is classified so */
    letters_hold(mail, "/解决");
    ck_assert_ptr_nonnull(strstr(mail->html, "mailto:desk%2B"));
    ck_assert(g_str_has_prefix(to->address, "desk+"));
    ck_assert_uint_le(strlen(to->address), 64);
}
END_TEST

START_TEST(engineers_answer_goes_on_in_the_desks_name)
{
    g_autoptr(PdMail) mail = assigned();

    answer(mail, "zhang@example.org", "", "Which version do you have?");
    g_autoptr(PdMail) reply = mail_to("ann@example.com", "reply");
    letters_hold(reply, "Which version do you have?");
    letters_lack(reply, "zhang");
    ck_assert_str_eq(reply->from->address, "desk@example.org");
    check_ticket(1, "open", "P2", "zhang@example.org"); /* somebody sees to it */

    answer(reply, "ann@example.com", "", "Version 5.");
    g_autoptr(PdMail) back = mail_to("zhang@example.org", "answered");
    letters_hold(back, "Version 5.");
    letters_lack(back, "Which version"); /* the quote has no place in it */
}
END_TEST

START_TEST(who_watches_gets_one_mail_for_an_answer)
{
    static const char *const texts[] = {"We are at it.", "/resolve\nWe are at it.",
                                        "/priority P1\nWe are at it."};
    static const char *const purposes[] = {"reply", "resolved", "reply"};
    g_autoptr(PdMail) mail = assigned();

    run(1, "watch li@example.org");
    answer(mail, "zhang@example.org", "", texts[_i]);
    g_autoptr(PdMail) told = mail_to("li@example.org", purposes[_i]);
    letters_hold(told, "We are at it.");
    ck_assert_uint_eq(mails_to("li@example.org"), 1);
}
END_TEST

START_TEST(who_watches_reads_what_stays_inside)
{
    g_autoptr(PdMail) mail = assigned();

    run(1, "watch li@example.org");
    answer(mail, "zhang@example.org", "", "We are at it.\n\nnote: the cable again\n");
    g_autoptr(PdMail) told = mail_to("li@example.org", "answered");
    letters_hold(told, "the cable again");
}
END_TEST

/* A colleague's answer to what is his and he watches besides. */
START_TEST(who_works_on_it_and_watches_gets_one_mail_for_an_answer)
{
    g_autoptr(PdMail) mail = assigned();

    run(1, "watch li@example.org");
    run(1, "assign Li");
    g_autoptr(PdMail) hers = mail_to("li@example.org", "assigned");
    guint before = mails_to("li@example.org");
    answer(mail, "zhang@example.org", "", "We are at it.");
    ck_assert_uint_eq(mails_to("li@example.org"), before + 1);
}
END_TEST

START_TEST(notes_stay_inside)
{
    static const char *const notes[] = {"note: he is on leave",   "/note\nhe is on leave",
                                        "备注：he is on leave",   "Note : he is on leave",
                                        "*Note:* he is on leave", "ＮＯＴＥ：he is on leave",
                                        "备注 ： he is on leave"};
    g_autoptr(PdMail) mail = assigned();
    guint before = mails_to("ann@example.com");

    answer(mail, "zhang@example.org", "", notes[_i]);
    ck_assert_uint_eq(mails_to("ann@example.com"), before);
}
END_TEST

START_TEST(a_note_below_an_answer_stays_inside)
{
    static const char *const notes[] = {"备注：", "note: ",  "  NOTE:",    "内部：",
                                        "/note ", "／备注 ", "**Note** : "};
    g_autoptr(PdMail) mail = assigned();

    g_autofree char *text =
        g_strdup_printf("We are at it.\n\n%sshe always forgets\nher password\n", notes[_i]);
    answer(mail, "zhang@example.org", "", text);
    g_autoptr(PdMail) told = mail_to("ann@example.com", "reply");
    letters_hold(told, "We are at it.");
    letters_lack(told, "forgets");
    letters_lack(told, "her password");
}
END_TEST

START_TEST(a_command_below_text_is_told_and_not_mailed)
{
    static const char *const texts[] = {"Hello,\n/resolve\nIt was the cable.",
                                        "您好！\n\n／解决\n已更换网线。",
                                        "/priority P1\nThe cable was it.\n  /assign li\n",
                                        "note: she forgot\nher password\n/resolve\n"};
    g_autoptr(PdMail) mail = assigned();
    guint before = mails_to("ann@example.com");

    answer(mail, "zhang@example.org", "", texts[_i]);
    check_ticket(1, "new", "P2", "zhang@example.org");
    ck_assert_uint_eq(mails_to("ann@example.com"), before);
    g_autoptr(PdMail) refused = mail_to("zhang@example.org", "refused");
    letters_hold(refused, "最前面");
}
END_TEST

/* What only a reporter says may be shown to him, and paths are none. */
START_TEST(what_looks_like_a_command_below_text_may_be_text)
{
    g_autoptr(PdMail) mail = assigned();

    answer(mail, "zhang@example.org", "", "Free some room in\n/var/log\nthen answer with\n/rate 5");
    g_autoptr(PdMail) told = mail_to("ann@example.com", "reply");
    letters_hold(told, "/var/log");
    letters_hold(told, "/rate 5");
}
END_TEST

START_TEST(commands_of_a_mail_are_done_together)
{
    g_autoptr(PdMail) mail = assigned();

    answer(
        mail, "zhang@example.org", "",
        "/priority P1\n/指派 li\n/category network/vpn\n/tag urgent，重要、老刘\n/status waiting\n"
        "Please send the log.");
    check_ticket(1, "waiting", "P1", "li@example.org");
    g_autoptr(PdMail) told = mail_to("ann@example.com", "status");
    letters_hold(told, "Please send the log.");
    letters_lack(told, "/priority");
    g_autoptr(PdMail) next = mail_to("li@example.org", "assigned");
    ck_assert_str_eq(next->subject, "[#1] Assigned to you: VPN down");
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, 1);
    ck_assert_str_eq(ticket->tags, "remote urgent 老刘 重要"); /* whole characters */
}
END_TEST

START_TEST(one_wrong_command_undoes_the_mail_and_is_explained)
{
    g_autoptr(PdMail) mail = assigned();
    guint before = mails_to("ann@example.com");

    answer(mail, "zhang@example.org", "", "/priority P1\n/asign me\n/status sleeping\nHello Ann.");
    check_ticket(1, "new", "P2", "zhang@example.org");
    ck_assert_uint_eq(mails_to("ann@example.com"), before);
    g_autoptr(PdMail) refused = mail_to("zhang@example.org", "refused");
    letters_hold(refused, "/assign");  /* the nearest right one */
    letters_hold(refused, "可以执行"); /* of the one that was right */
    letters_hold(refused, "waiting");  /* among the choices */
    answer(refused, "zhang@example.org", "", "/priority P1\n/assign me");
    check_ticket(1, "new", "P1", "zhang@example.org");
}
END_TEST

/* It turns out only when the others are done. */
START_TEST(what_fails_when_it_is_done_is_told_once)
{
    g_autoptr(PdMail) mail = assigned();

    answer(mail, "zhang@example.org", "", "/priority P1\n/split");
    check_ticket(1, "new", "P2", "zhang@example.org");
    g_autoptr(PdMail) refused = mail_to("zhang@example.org", "refused");
    const char *right = strstr(refused->full_text, "/priority P1");
    const char *wrong = strstr(refused->full_text, "/split");
    ck_assert_ptr_nonnull(right);
    ck_assert_ptr_nonnull(wrong);
    ck_assert_ptr_null(strstr(right + 1, "/priority P1"));
    ck_assert_ptr_null(strstr(wrong + 1, "/split"));
    const char *understood = strstr(right, "可以执行");
    ck_assert_ptr_nonnull(understood);
    ck_assert(understood < wrong);
    ck_assert_ptr_null(strstr(wrong, "可以执行"));
}
END_TEST

static const struct {
    const char *what, *from, *headers;
    gboolean fresh; /* not an answer to the assignment mail, only [#1] in the subject */
} forged[] = {
    {"a reader whom the mail was forwarded to", "mallory@example.net", "", FALSE},
    {"the reporter, with the engineer's mail", "ann@example.com", "", FALSE},
    {"another engineer, with the engineer's mail", "li@example.org", "", FALSE},
    {"a From line alone", "zhang@example.org", "", TRUE},
    {"the token in a mail from elsewhere that says Reply-To him", "mallory@example.net",
     "Reply-To: zhang@example.org\n", FALSE},
};

START_TEST(nobody_without_authority_changes_a_ticket)
{
    g_autoptr(PdMail) mail = assigned();
    g_autofree char *fresh =
        g_strdup_printf("From: %s\nTo: desk@example.org\nSubject: Re: [#1] VPN down\n"
                        "Message-ID: <fresh@example.com>\n\n/resolve\n/priority P4\nDone.\n",
                        forged[_i].from);

    if (forged[_i].fresh) {
        g_autoptr(PdInboxRow) row = fixture_send(fixture, fresh);
    } else {
        answer(mail, forged[_i].from, forged[_i].headers, "/resolve\n/priority P4\nDone.");
    }
    check_ticket(1, "new", "P2", "zhang@example.org");
}
END_TEST

START_TEST(refused_person_is_told_and_the_admin_after_the_third_time)
{
    g_autoptr(PdMail) mail = assigned();

    answer(mail, "li@example.org", "", "/resolve");
    answer(mail, "li@example.org", "", "/close");
    ck_assert_int_eq(fixture_alarms(fixture, "authority"), 0);
    answer(mail, "li@example.org", "", "/spam");
    ck_assert_int_eq(fixture_alarms(fixture, "authority"), 1);
    g_autoptr(PdMail) refused = mail_to("li@example.org", "refused");
    letters_hold(refused, "nothing shows that it comes from you");
    answer(refused, "li@example.org", "", "/resolve"); /* this one is his own */
    check_ticket(1, "resolved", "P2", "zhang@example.org");
}
END_TEST

START_TEST(who_answers_an_old_mail_is_told_to_answer_a_new_one)
{
    g_autoptr(PdMail) mail = assigned();

    pd_clock_set(pd_clock_now() + 40 * 86400 * (gint64)PD_SECOND);
    answer(mail, "zhang@example.org", "", "/priority P1");
    check_ticket(1, "new", "P2", "zhang@example.org");
    g_autoptr(PdMail) refused = mail_to("zhang@example.org", "refused");
    letters_hold(refused, "您回复的邮件太旧");
    answer(mail, "li@example.org", "", "/priority P1"); /* it never was his */
    g_autoptr(PdMail) other = mail_to("li@example.org", "refused");
    letters_hold(other, "nothing shows that it comes from you");
    answer(refused, "zhang@example.org", "", "/priority P1");
    check_ticket(1, "new", "P1", "zhang@example.org");
    pd_clock_set(0);
}
END_TEST

START_TEST(token_of_another_ticket_does_nothing)
{
    g_autoptr(PdMail) mail = assigned();
    const PdAddress *to = g_ptr_array_index(mail->reply_to, 0);
    g_autofree char *other = g_strdup_printf(
        "From: ben@example.com\nTo: desk@example.org\nSubject: Printer\nMessage-ID: "
        "<p@example.com>\n\nIt is broken.\n");
    g_autoptr(PdInboxRow) row = fixture_send(fixture, other);
    g_autofree char *raw = g_strdup_printf(
        "From: zhang@example.org\nTo: %s\nSubject: Re: [#2] Printer\nMessage-ID: <t@example.com>\n"
        "\n/resolve\n",
        to->address);

    g_autoptr(PdInboxRow) sent = fixture_send(fixture, raw);
    ck_assert_int_eq(sent->ticket, 1); /* the token leads to its own ticket, whatever is quoted */
    check_ticket(2, "new", "P4", "");
    check_ticket(1, "resolved", "P2", "zhang@example.org");
}
END_TEST

START_TEST(token_is_used_up_and_expires)
{
    g_autoptr(PdMail) mail = assigned();
    g_autoptr(PdInboxRow) second =
        fixture_send(fixture, "From: ben@example.com\nTo: desk@example.org\nSubject: VPN again\n"
                              "Message-ID: <v2@example.com>\n\nMe too.\n");

    answer(mail, "zhang@example.org", "", "/merge 2");
    check_ticket(1, "merged", "P2", "zhang@example.org");
    run(2, "undo");
    check_ticket(1, "new", "P2", "zhang@example.org");
    answer(mail, "zhang@example.org", "", "/merge 2");
    check_ticket(1, "new", "P2", "zhang@example.org"); /* once is enough for such a mail */
    answer(mail, "zhang@example.org", "", "/priority P1");
    check_ticket(1, "new", "P1", "zhang@example.org");
    pd_clock_set(pd_clock_now() + 40 * DAY);
    answer(mail, "zhang@example.org", "", "/priority P4");
    check_ticket(1, "new", "P1", "zhang@example.org");
}
END_TEST

START_TEST(any_address_of_a_person_is_his)
{
    g_autoptr(PdMail) mail = assigned();

    answer(mail, "zhang.home@example.net", "", "/resolve");
    check_ticket(1, "resolved", "P2", "zhang@example.org");
}
END_TEST

static void check_verified(void)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    PdVerified counts;

    ck_ok(pd_store_verify(fixture->store, list, &counts, NULL, NULL));
    g_autoptr(PdStatus) status = pd_diagnostics_status(list);
    ck_assert_msg(status == NULL, "%s", status != NULL ? pd_status_text(status) : "");
}

static void check_rating(gint64 number, gint64 wanted)
{
    g_autoptr(GPtrArray) events = NULL;

    ck_ok(pd_ticket_events(fixture->store, number, &events));
    ck_assert_int_eq(pd_history_rating(events), wanted);
}

START_TEST(reporter_confirms_or_rejects_by_a_word_and_is_asked_once)
{
    g_autoptr(PdMail) mail = assigned();

    answer(mail, "zhang@example.org", "", "/resolve\nThe server was restarted.");
    g_autoptr(PdMail) solved = mail_to("ann@example.com", "resolved");
    letters_hold(solved, "The server was restarted.");
    letters_hold(solved, "/confirm");
    answer(solved, "ann.home@example.net", "", "Not solved!");
    check_ticket(1, "open", "P2", "zhang@example.org");
    answer(mail, "zhang@example.org", "", "/resolve");
    g_autoptr(PdMail) again = mail_to("ann@example.com", "resolved");
    answer(again, "ann@example.com", "", "已解决");
    check_ticket(1, "closed", "P2", "zhang@example.org");
    g_autoptr(PdMail) closed = mail_to("ann@example.com", "closed");
    letters_hold(closed, "/rate 5");
    answer(closed, "ann@example.com", "", "/rate 9");
    g_autoptr(PdMail) refused = mail_to("ann@example.com", "refused");
    letters_hold(refused, "1, 2, 3, 4, 5");
    letters_lack(refused, "did you mean"); /* she did not */
    letters_lack(refused, "您是否想写");
    answer(closed, "ann@example.com", "", "/rate 4");
    check_rating(1, 4);
    g_autoptr(PdMail) last = mail_to("ann@example.com", "closed");
    letters_hold(last, "/rate 5"); /* it is still that one */
    check_ticket(1, "closed", "P2", "zhang@example.org");
}
END_TEST

/* However he says it, the last word counts, and opens no ticket. */
START_TEST(how_satisfied_he_is_may_be_said_again)
{
    static const struct {
        const char *says;
        gint64 mark;
    } words[] = {{"/rate 5", 5},
                 {"/评价 2", 2},
                 {"3", 3},
                 {"4分，谢谢！", 4},
                 {"非常满意", 5},
                 {"不满意。", 1},
                 {"Very satisfied, thanks", 5},
                 {"/rate 4", 4}};
    g_autoptr(PdMail) mail = assigned();

    run(1, "close It was replaced.");
    g_autoptr(PdMail) closed = mail_to("ann@example.com", "closed");
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        answer(closed, i % 2 == 0 ? "ann@example.com" : "ann.home@example.net", "", words[i].says);
        check_rating(1, words[i].mark);
    }
    answer(closed, "ann@example.com", "", "/rate 9");
    g_autoptr(PdMail) refused = mail_to("ann@example.com", "refused");
    answer(refused, "ann@example.com", "", "/rate 2");
    check_rating(1, 2);
    answer(closed, "ben@example.com", "", "/rate 1"); /* not his to say */
    check_rating(1, 2);
    ck_assert_uint_eq(mails_to("zhang@example.org"), 1);
    check_verified();
}
END_TEST

START_TEST(who_is_satisfied_with_a_solution_confirms_it)
{
    g_autoptr(PdMail) mail = assigned();

    run(1, "resolve");
    g_autoptr(PdMail) resolved = mail_to("ann@example.com", "resolved");
    answer(resolved, "ann@example.com", "", "很满意，谢谢！");
    check_ticket(1, "closed", "P2", "zhang@example.org");
    check_rating(1, 5);
    g_autoptr(PdMail) closed = mail_to("ann@example.com", "closed");
    letters_lack(closed, "/rate"); /* she said it already */
}
END_TEST

START_TEST(where_it_stands_is_answered_at_once)
{
    g_autoptr(PdMail) mail = assigned();
    g_autoptr(PdMail) ack = mail_to("ann@example.com", "acknowledge");

    answer(ack, "ann@example.com", "", "status?");
    g_autoptr(PdMail) standing = mail_to("ann@example.com", "standing");
    letters_hold(standing, "registered");
    ck_assert_uint_eq(mails_to("zhang@example.org"), 1); /* nobody is disturbed for it */
}
END_TEST

/* It moves nothing, and whoever works on it reads that she asks. */
START_TEST(where_it_stands_may_be_asked_in_a_sentence)
{
    g_autoptr(PdMail) mail = assigned();

    answer(mail, "zhang@example.org", "", "/status waiting\nWhich version?");
    g_autoptr(PdMail) asked = mail_to("ann@example.com", "status");
    answer(asked, "ann@example.com", "", "Hello,\n\nany update on this?\n\nThanks, Ann");
    check_ticket(1, "open", "P2", "zhang@example.org"); /* her name: that was no question alone */
    answer(mail, "zhang@example.org", "", "/status waiting\nWhich version?");
    answer(asked, "ann@example.com", "", "Hello,\n\nany update on this?\n\nThanks");
    check_ticket(1, "waiting", "P2", "zhang@example.org");
    g_autoptr(PdMail) standing = mail_to("ann@example.com", "standing");
    letters_hold(standing, "Which version?");
    g_autoptr(PdMail) told = mail_to("zhang@example.org", "answered");
    letters_hold(told, "any update on this?");
}
END_TEST

START_TEST(who_will_try_the_solution_opens_nothing_again)
{
    g_autoptr(PdMail) mail = assigned();

    run(1, "resolve");
    g_autoptr(PdMail) resolved = mail_to("ann@example.com", "resolved");
    answer(resolved, "ann@example.com", "", "收到，我下午试试，有问题再联系您。谢谢！");
    check_ticket(1, "resolved", "P2", "zhang@example.org");
    g_autoptr(PdMail) told = mail_to("zhang@example.org", "answered");
    letters_hold(told, "我下午试试");
    answer(resolved, "ann@example.com", "", "试了，还是不行");
    check_ticket(1, "open", "P2", "zhang@example.org");
}
END_TEST

START_TEST(follower_is_mailed_until_he_leaves)
{
    g_autoptr(PdMail) mail = assigned();

    answer(mail, "zhang@example.org", "", "/status waiting\nWhich version?");
    g_autoptr(PdMail) told = mail_to("ben@example.com", "status");
    letters_hold(told, "/unwatch");
    answer(told, "ben@example.com", "", "/unwatch");
    guint before = mails_to("ben@example.com");
    answer(mail, "zhang@example.org", "", "/resolve");
    ck_assert_uint_eq(mails_to("ben@example.com"), before);
    ck_assert_uint_gt(mails_to("ann@example.com"), 1);
}
END_TEST

START_TEST(somebody_outside_is_asked_and_answers_the_engineer_only)
{
    g_autoptr(PdMail) mail = assigned();
    guint to_ann = mails_to("ann@example.com");

    answer(mail, "zhang@example.org", "",
           "/external vendor@example.net Is this known?\nSerial 77.");
    check_ticket(1, "waiting", "P2", "zhang@example.org");
    g_autoptr(PdMail) asked = mail_to("vendor@example.net", "asked");
    letters_hold(asked, "Is this known?");
    letters_hold(asked, "Serial 77.");
    letters_lack(asked, "No VPN since nine"); /* no word of the reporter's */
    answer(asked, "vendor@example.net", "Cc: boss@example.net\n", "/resolve\nIt is, patch 3.");
    check_ticket(1, "open", "P2", "zhang@example.org");
    g_autoptr(PdMail) back = mail_to("zhang@example.org", "answered");
    letters_hold(back, "It is, patch 3.");
    ck_assert_uint_eq(mails_to("ann@example.com"), to_ann);
    ck_assert_uint_eq(mails_to("boss@example.net"), 0);
}
END_TEST

/* Support answers for the one who was asked. It ends no wait, for nothing proves it. */
/* Whoever has a mailbox there. */
START_TEST(who_uses_the_same_provider_is_no_colleague)
{
    g_autoptr(PdMail) mail = assigned();

    answer(mail, "zhang@example.org", "", "/external joe@vip.QQ.com What is 809?");
    g_autoptr(PdMail) asked = mail_to("joe@vip.qq.com", "asked");
    answer(asked, "eve@vip.qq.com", "", "UDP 500 is blocked.");
    check_ticket(2, "new", "P2", "");
    answer(asked, "joe@vip.qq.com", "", "It is the gateway.");
    g_autoptr(PdMail) told = mail_to("zhang@example.org", "answered");
    letters_hold(told, "It is the gateway.");
}
END_TEST

START_TEST(colleague_of_who_was_asked_answers_to_the_ticket)
{
    g_autoptr(PdMail) mail = assigned();

    answer(mail, "zhang@example.org", "", "/external joe@vendor.example What is 809?");
    g_autoptr(PdMail) asked = mail_to("joe@vendor.example", "asked");
    answer(asked, "support@help.vendor.example", "", "/close\nUDP 500 is blocked.");
    check_ticket(1, "waiting", "P2", "zhang@example.org");
    g_autoptr(PdMail) told = mail_to("zhang@example.org", "answered");
    letters_hold(told, "UDP 500 is blocked.");
    letters_hold(told, "support@help.vendor.example");
    gboolean takes_part = TRUE;
    ck_ok(pd_ticket_has_participant(fixture->store, 1, "support@help.vendor.example", &takes_part));
    ck_assert(!takes_part);
    guint ann = mails_to("ann@example.com");
    answer(asked, "mallory@evil.example", "", "Me too."); /* a matter of his own */
    check_ticket(2, "new", "P2", "");
    ck_assert_uint_eq(mails_to("ann@example.com"), ann);
    const PdAddress *to = g_ptr_array_index(asked->reply_to, 0);
    g_autofree char *aligned =
        g_strdup_printf("Authentication-Results: mx.example.org; dmarc=pass "
                        "header.from=vendor.example\nFrom: help@vendor.example\nTo: %s\n"
                        "Subject: Re: VPN\nMessage-ID: <h1@vendor.example>\n\nIt is solved.\n",
                        to->address);
    fixture_take_in_row(fixture, "m/INBOX", aligned, FALSE, FALSE);
    fixture_process(fixture);
    check_ticket(1, "open", "P2", "zhang@example.org"); /* that is the vendor */
    check_verified();
}
END_TEST

/* As people write an address among Chinese, and as they copy it. */
START_TEST(address_of_who_is_asked_ends_where_it_ends)
{
    static const char *const lines[][2] = {
        {"/外部：vendor@example.net，请看日志", "请看日志"},
        {"/external <vendor@example.net> Please look", "Please look"},
        {"/external vendor@example.net, please look", "please look"},
        {"/外部 vendor@example.net：请看日志", "请看日志"},
    };
    g_autoptr(PdMail) mail = assigned();

    answer(mail, "zhang@example.org", "", lines[_i][0]);
    check_ticket(1, "waiting", "P2", "zhang@example.org");
    g_autoptr(PdMail) asked = mail_to("vendor@example.net", "asked");
    letters_hold(asked, lines[_i][1]);
    letters_lack(asked, "，请");
}
END_TEST

START_TEST(who_cannot_be_mailed_is_told_as_a_mistake)
{
    static const char *const lines[] = {"/external 王芳@example.net look",
                                        "/watch 王芳@example.net",
                                        "/external a@example.net, b@example.net look"};
    g_autoptr(PdMail) mail = assigned();

    answer(mail, "zhang@example.org", "", lines[_i]);
    g_autoptr(PdMail) refused = mail_to("zhang@example.org", "refused");
    check_ticket(1, "new", "P2", "zhang@example.org");
}
END_TEST

/* A colleague in Cc whose address no relay takes keeps nobody from hearing. */
START_TEST(address_that_cannot_be_mailed_spoils_no_mail)
{
    g_autoptr(PdInboxRow) row = fixture_send(
        fixture, "From: Ann <ann@example.com>\nTo: desk@example.org\n"
                 "Cc: =?utf-8?B?546L?= <\xe7\x8e\x8b@example.com>, Ben <ben@example.com>\n"
                 "Subject: VPN down\nMessage-ID: <vpn1@example.com>\n\nNo VPN since nine.\n");

    run(1, "assign 张三");
    g_autoptr(PdMail) mail = mail_to("zhang@example.org", "assigned");
    answer(mail, "zhang@example.org", "", "/resolve");
    check_ticket(1, "resolved", "P2", "zhang@example.org");
    gboolean takes_part = FALSE;
    ck_ok(pd_ticket_has_participant(fixture->store, 1, "王@example.com", &takes_part));
    ck_assert(takes_part);
    g_autoptr(PdMail) told = mail_to("ben@example.com", "resolved");
}
END_TEST

START_TEST(explain_tells_what_commands_would_do)
{
    g_autoptr(PdMail) about = assigned();
    const PdAddress *to = g_ptr_array_index(about->reply_to, 0);
    static const char *const texts[] = {"/priority P1\nWhich version?", "/prority P1\nWhich?"};
    g_autofree char *raw = g_strdup_printf("From: zhang@example.org\nTo: %s\nSubject: Re: VPN\n"
                                           "Message-ID: <e@x>\n\n%s\n",
                                           to->address, texts[_i]);
    g_autoptr(PdMail) mail = read_raw(raw);
    g_autoptr(PdJson) why = NULL;

    ck_ok(pd_desk_explain(fixture->desk, mail, &why));
    const PdJson *work = pd_json_get(why, "work");
    const PdJson *line = pd_json_at(pd_json_get(work, "lines"), 0);
    ck_assert_int_eq(pd_json_get_bool(work, "done", FALSE), _i == 0);
    ck_assert_pstr_eq(pd_json_get_text(line, "nearest"), _i == 0 ? NULL : "/priority");
    ck_assert_pstr_eq(pd_json_get_text(pd_json_get(work, "set"), "priority"),
                      _i == 0 ? "P1" : NULL);
    ck_assert_pstr_eq(pd_json_get_text(work, "text_goes_to"), _i == 0 ? "reporter" : NULL);
    check_ticket(1, "new", "P2", "zhang@example.org");
}
END_TEST

START_TEST(what_is_almost_right_is_told_and_nothing_is_done)
{
    static const char *const lines[][2] = {{"/category network/vpm", "network/vpn"},
                                           {"/category vpn", "network/vpn"},
                                           {"/status wait", "waiting"},
                                           {"/link dup 1", "duplicates"},
                                           {"/link 到", "/link 到"},
                                           {"/untag vpi", "vip"}};
    g_autoptr(PdMail) about = assigned();
    g_autofree char *text = g_strconcat("/priority P1\n", lines[_i][0], NULL);

    run(1, "tag vip");
    answer(about, "zhang@example.org", "", text);
    check_ticket(1, "new", "P2", "zhang@example.org");
    g_autoptr(PdMail) refused = mail_to("zhang@example.org", "refused");
    letters_hold(refused, lines[_i][1]);
}
END_TEST

/* As people speak, and as mails show it. */
START_TEST(small_words_and_marks_do_not_matter)
{
    static const struct {
        const char *line, *status, *priority, *assignee;
    } said[] = {
        {"/优先级 特急", "new", "P1", "zhang@example.org"},
        {"/priority low.", "new", "P4", "zhang@example.org"},
        {"/优先级 p1。", "new", "P1", "zhang@example.org"},
        {"/指派给 Li Si", "new", "P2", "li@example.org"},
        {"/转给@Li Si", "new", "P2", "li@example.org"},
        {"/合并到2", "merged", "P2", "zhang@example.org"},
        {"/merge into #2", "merged", "P2", "zhang@example.org"},
        {"/合并 到工单 2。", "merged", "P2", "zhang@example.org"},
        {"/link to 2", "new", "P2", "zhang@example.org"},
        {"/状态 等待。", "waiting", "P2", "zhang@example.org"},
        {"/分类 其他", "new", "P2", "zhang@example.org"},
        {"/解决。", "resolved", "P2", "zhang@example.org"},
        {"/priority P1\n/undo.", "new", "P2", "zhang@example.org"},
    };
    g_autoptr(PdMail) about = assigned();
    g_autoptr(PdInboxRow) second =
        fixture_send(fixture, "From: carl@example.com\nTo: desk@example.org\nSubject: Mouse\n"
                              "Message-ID: <m2@example.com>\n\nIt is broken.\n");

    answer(about, "zhang@example.org", "", said[_i].line);
    check_ticket(1, said[_i].status, said[_i].priority, said[_i].assignee);
    g_autoptr(GPtrArray) mails = fixture_outbox(fixture);
    for (guint i = 0; i < mails->len; i++)
        ck_assert_str_ne(((PdOutboxRow *)g_ptr_array_index(mails, i))->purpose, "refused");
}
END_TEST

START_TEST(letter_case_and_wide_letters_do_not_matter)
{
    g_autoptr(PdMail) about = assigned();

    answer(about, "zhang@example.org", "",
           "／优先级　Ｐ１\n/Status Waiting\n/Impact HIGH\n/Assign Me");
    check_ticket(1, "waiting", "P1", "zhang@example.org");
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, 1);
    ck_assert_str_eq(ticket->impact, "high");
}
END_TEST

/* A mail that shows nothing but its From line, with a further header. */
static void write_with(const char *from, const char *id, const char *header, const char *text)
{
    g_autofree char *raw = g_strdup_printf(
        "From: %s\nTo: desk@example.org\nSubject: Re: [#1] VPN down\nMessage-ID: <%s@x>\n"
        "%sContent-Type: text/plain; charset=utf-8\n\n%s\n",
        from, id, header, text);
    g_autoptr(PdInboxRow) row = fixture_send(fixture, raw);

    ck_assert_int_eq(row->ticket, 1);
}

static void write_unproven(const char *from, const char *id, const char *text)
{
    write_with(from, id, "", text);
}

/* Of one conversation: what begins it, and two answers. */
static const struct {
    const char *first, *second;
} planted[] = {
    {"", "In-Reply-To: <f1@x>\n"},
    {"", "References: <m1@elsewhere> <f1@x>\n"},
    {"Thread-Index: AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRob\n",
     "Thread-Index: AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=\n"},
};

START_TEST(who_forges_a_mail_proves_nothing_by_answering_it)
{
    g_autoptr(PdMail) mail = assigned();

    answer(mail, "zhang@example.org", "", "/resolve\nDone.");
    check_ticket(1, "resolved", "P2", "zhang@example.org");
    write_with("ann@example.com", "f1", planted[_i].first, "It is as it was.");
    check_ticket(1, "resolved", "P2", "zhang@example.org");
    write_with("ann@example.com", "f2", planted[_i].second, "It is as it was.");
    check_ticket(1, "resolved", "P2", "zhang@example.org");
    g_autoptr(PdMail) resolved = mail_to("ann@example.com", "resolved");
    g_autofree char *real = g_strdup_printf("In-Reply-To: <%s>\n", resolved->message_id);
    write_with("ann@example.com", "f3", real, "It is as it was.");
    check_ticket(1, "open", "P2", "zhang@example.org");
}
END_TEST

START_TEST(reporter_says_in_a_word_that_it_is_over_and_may_think_again)
{
    g_autoptr(PdMail) mail = assigned();
    g_autoptr(PdMail) acknowledged = mail_to("ann@example.com", "acknowledge");

    ck_assert_ptr_nonnull(strstr(acknowledged->html, "%2Fwithdraw")); /* one tap */
    write_unproven("ann@example.com", "u1", "已解决");
    check_ticket(1, "new", "P2", "zhang@example.org");
    write_unproven("ben@example.com", "u2", "no longer needed");
    check_ticket(1, "new", "P2", "zhang@example.org"); /* he only follows */
    answer(acknowledged, "ann@example.com", "", "已解决，谢谢！");
    check_ticket(1, "resolved", "P2", "zhang@example.org");
    g_autoptr(PdMail) told = mail_to("zhang@example.org", "answered");
    letters_hold(told, "已解决，谢谢！");
    g_autoptr(PdMail) resolved = mail_to("ann@example.com", "resolved");
    answer(resolved, "ann@example.com", "", "It came back after lunch.");
    check_ticket(1, "open", "P2", "zhang@example.org");
    answer(acknowledged, "ann@example.com", "", "/withdraw"); /* that token was used for it */
    check_ticket(1, "open", "P2", "zhang@example.org");
    answer(resolved, "ann@example.com", "", "/撤单");
    check_ticket(1, "resolved", "P2", "zhang@example.org");
    answer(mail, "zhang@example.org", "", "/undo");
    check_ticket(1, "open", "P2", "zhang@example.org");
}
END_TEST

START_TEST(agreeing_to_what_is_closed_opens_nothing)
{
    g_autoptr(PdMail) mail = assigned();

    answer(mail, "zhang@example.org", "", "/close\nDone.");
    g_autoptr(PdMail) closed = mail_to("ann@example.com", "closed");
    answer(closed, "ann@example.com", "", "Solved, thanks!");
    check_ticket(1, "closed", "P2", "zhang@example.org");
    g_autoptr(PdTicket) another = NULL;
    ck_ok(pd_ticket_get(fixture->store, 2, &another));
    ck_assert_ptr_null(another);
}
END_TEST

START_TEST(only_who_is_asked_ends_the_wait)
{
    g_autoptr(PdMail) mail = assigned();

    answer(mail, "zhang@example.org", "",
           "/status waiting\n/external one@example.net Is it known?");
    g_autoptr(PdMail) first = mail_to("one@example.net", "asked");
    run(1, "external two@example.net And you?");
    g_autoptr(PdMail) second = mail_to("two@example.net", "asked");
    g_autoptr(PdMail) to_ann = mail_to("ann@example.com", "acknowledge");
    answer(to_ann, "ann@example.com", "", "It is slow as well.");
    check_ticket(1, "waiting", "P2", "zhang@example.org");
    answer(first, "one@example.net", "", "Never heard of it.");
    check_ticket(1, "waiting", "P2", "zhang@example.org");
    g_autoptr(PdMail) heard = mail_to("zhang@example.org", "answered");
    letters_hold(heard, "Never heard of it.");
    answer(second, "two@example.net", "", "Patch 3.");
    check_ticket(1, "open", "P2", "zhang@example.org");
}
END_TEST

START_TEST(help_lists_what_one_may_say)
{
    g_autoptr(PdMail) mail = assigned();

    answer(mail, "zhang@example.org", "", "/帮助");
    g_autoptr(PdMail) help = mail_to("zhang@example.org", "help");
    letters_hold(help, "/优先级");
    letters_hold(help, "/merge");
    letters_lack(help, "/confirm"); /* that is the reporter's */
}
END_TEST

START_TEST(agreed_day_holds_until_it_is_taken_back)
{
    g_autoptr(PdMail) mail = assigned();

    pd_clock_set(G_GINT64_CONSTANT(1790000000) * PD_SECOND); /* September 2026 */
    run(1, "due 2026-12-01");
    run(1, "priority P1");
    g_autoptr(PdTicket) agreed = fixture_ticket(fixture, 1);
    ck_assert(g_str_has_prefix(agreed->resolve_due, "2026-1"));
    ck_assert_ptr_nonnull(strstr(agreed->resolve_due, "-01T"));
    run(1, "undo"); /* the priority */
    run(1, "undo");
    g_autoptr(PdTicket) usual = fixture_ticket(fixture, 1);
    ck_assert_str_eq(usual->resolve_due, "");
}
END_TEST

START_TEST(people_of_the_desk_are_reporters_of_their_own_tickets)
{
    g_autoptr(PdInboxRow) row =
        fixture_send(fixture, "From: Li Si <li@example.org>\nTo: desk@example.org\n"
                              "Subject: My VPN\nMessage-ID: <li1@example.org>\n\nNo VPN.\n");
    g_autoptr(PdMail) ack = mail_to("li@example.org", "acknowledge");
    gint64 number = row->ticket;

    answer(ack, "li@example.org", "", "The error is 809.");
    ck_assert_uint_eq(mails_to("li@example.org"), 1); /* his own words do not come back */
    run(number, "resolve");
    g_autoptr(PdMail) solved = mail_to("li@example.org", "resolved");
    answer(solved, "li@example.org", "", "/confirm");
    check_ticket(number, "closed", "P2", "");
}
END_TEST

START_TEST(merge_split_link_and_undo_are_events_that_verify)
{
    g_autoptr(PdMail) mail = assigned();
    g_autoptr(PdInboxRow) second =
        fixture_send(fixture, "From: ben@example.com\nTo: desk@example.org\nSubject: VPN again\n"
                              "Message-ID: <v2@example.com>\n\nMe too.\n");
    g_autoptr(PdMail) ack = mail_to("ben@example.com", "acknowledge");

    ck_assert_int_eq(second->ticket, 2);
    run(2, "merge 1");
    check_ticket(2, "merged", "P2", "");
    answer(ack, "ben@example.com", "", "It works again here."); /* goes on in the other one */
    g_autoptr(PdMail) back = mail_to("zhang@example.org", "answered");
    letters_hold(back, "It works again here.");
    run(1, "split A matter of its own");
    g_autoptr(PdTicket) split = fixture_ticket(fixture, 3);
    ck_assert_str_eq(split->subject, "A matter of its own");
    ck_assert_str_eq(split->reporter, "ben@example.com");
    run(3, "link blocks 1");
    run(1, "undo");
    check_ticket(3, "merged", "P2", ""); /* what was split off is here again */
    g_autoptr(GPtrArray) messages = NULL;
    ck_ok(pd_message_of_ticket(fixture->store, 1, &messages));
    ck_assert_uint_eq(messages->len, 2);
    run(1, "undo");
    check_ticket(2, "new", "P2", "");
    run(1, "priority P1");
    run(1, "undo");
    check_ticket(1, "new", "P2", "zhang@example.org");
    check_verified();
}
END_TEST

START_TEST(who_asks_where_it_stands_is_told_whether_it_is_his_turn)
{
    g_autoptr(PdMail) mail = assigned();
    g_autoptr(PdMail) ack = mail_to("ann@example.com", "acknowledge");

    answer(mail, "zhang@example.org", "", "/status waiting\nWhich version?");
    g_autoptr(PdMail) asked = mail_to("ann@example.com", "status");
    ck_assert_str_eq(asked->subject, "[#1] More information needed: VPN down");
    answer(mail, "zhang@example.org", "", "And on which machine?");
    answer(ack, "ann@example.com", "", "status");
    g_autoptr(PdMail) hers = mail_to("ann@example.com", "standing");
    letters_hold(hers, "Which version?");
    letters_hold(hers, "And on which machine?");
    letters_lack(hers, "nothing you need to do");
    answer(mail, "zhang@example.org", "", "/external vendor@example.net Is 5.2 known to fail?");
    answer(ack, "ann@example.com", "", "status");
    g_autoptr(PdMail) others = mail_to("ann@example.com", "standing");
    letters_hold(others, "nothing you need to do");
    letters_hold(others, "in progress"); /* whom else the desk asks is its own matter */
    letters_lack(others, "waiting");
    letters_lack(others, "5.2");
}
END_TEST

/* Zhang's last mail about the ticket. */
static PdMail *last_of_zhang(void)
{
    return mail_to("zhang@example.org", "undone");
}

START_TEST(who_takes_a_change_back_is_told_what_it_was)
{
    g_autoptr(PdMail) mail = assigned();

    run(1, "priority P1");
    run(1, "tag vip");
    answer(mail, "zhang@example.org", "", "/撤销");
    check_ticket(1, "new", "P1", "zhang@example.org");
    g_autoptr(PdMail) first = last_of_zhang();
    letters_hold(first, "标签：vip → （无）");
    answer(mail, "zhang@example.org", "", "/撤销"); /* that mail was used for it */
    check_ticket(1, "new", "P1", "zhang@example.org");
    answer(first, "zhang@example.org", "", "/撤销"); /* and this goes one change further back */
    check_ticket(1, "new", "P2", "zhang@example.org");
    g_autoptr(PdMail) second = last_of_zhang();
    letters_hold(second, "优先级：特急 → 紧急");
    letters_hold(second, "root");
    check_verified();
}
END_TEST

START_TEST(colleague_is_told_whose_change_is_taken_back)
{
    g_autoptr(PdMail) mail = assigned();

    run(1, "watch li@example.org");
    answer(mail, "zhang@example.org", "", "/priority P1");
    run(1, "assign Li");
    g_autoptr(PdMail) hers = mail_to("li@example.org", "assigned");
    run(1, "undo"); /* Zhang has it again */
    answer(hers, "li@example.org", "", "/undo");
    check_ticket(1, "new", "P2", "zhang@example.org");
    g_autoptr(PdMail) told = last_of_zhang();
    letters_hold(told, "Li Si撤销了您");
    g_autoptr(PdMail) done = mail_to("li@example.org", "undone");
    letters_hold(done, "张三");
    letters_hold(done, "priority: critical → urgent");
}
END_TEST

START_TEST(what_was_changed_since_is_told_and_stays)
{
    g_autoptr(PdMail) mail = assigned();

    run(1, "resolve done");
    g_autoptr(PdMail) told = mail_to("ann@example.com", "resolved");
    answer(told, "ann@example.com", "", "not solved");
    check_ticket(1, "open", "P2", "zhang@example.org");
    run(1, "note looks odd");
    answer(mail, "zhang@example.org", "", "/undo");
    /* her own word was the last change */
    check_ticket(1, "resolved", "P2", "zhang@example.org");
    g_autoptr(PdMail) first = last_of_zhang();
    letters_hold(first, "状态：处理中 → 已解决");
    answer(told, "ann@example.com", "", "It broke again, sorry.");
    check_ticket(1, "open", "P2", "zhang@example.org");
    answer(first, "zhang@example.org", "", "/undo");
    check_ticket(1, "open", "P2", "zhang@example.org");
    g_autoptr(PdMail) second = last_of_zhang();
    letters_hold(second, "保持不变：状态");
}
END_TEST

START_TEST(merge_and_wrong_thread_are_taken_back_by_mail)
{
    g_autoptr(PdMail) mail = assigned();
    g_autoptr(PdInboxRow) second =
        fixture_send(fixture, "From: carl@example.com\nTo: desk@example.org\nSubject: Printer\n"
                              "Message-ID: <v2@example.com>\n\nMe too.\n");
    g_autofree char *part = NULL;

    ck_assert_int_eq(second->ticket, 2);
    run(2, "merge 1");
    answer(mail, "zhang@example.org", "", "/undo");
    check_ticket(2, "new", "P4", "");
    g_autoptr(PdMail) first = last_of_zhang();
    letters_hold(first, "#2 Printer");
    letters_hold(first, "状态：已合并 → 已受理");
    ck_ok(pd_ticket_part(fixture->store, 1, "carl@example.com", &part));
    ck_assert_str_eq(part, PD_PART_LEFT);
    g_autoptr(PdMail) ack = mail_to("ann@example.com", "acknowledge");
    answer(ack, "ann@example.com", "", "My mouse is broken, too.");
    answer(first, "zhang@example.org", "", "/undo message");
    g_autoptr(PdTicket) own = fixture_ticket(fixture, 3);
    ck_assert_str_eq(own->subject, "My mouse is broken, too.");
    g_autoptr(PdMail) then = last_of_zhang();
    letters_hold(then, "工单 #3");
    check_verified();
}
END_TEST

START_TEST(merge_is_taken_back_by_an_answer_about_the_ticket_that_was_merged)
{
    g_autoptr(PdMail) mail = assigned();
    g_autoptr(PdInboxRow) second =
        fixture_send(fixture, "From: carl@example.com\nTo: desk@example.org\nSubject: Printer\n"
                              "Message-ID: <v2@example.com>\n\nMe too.\n");

    ck_assert_int_eq(second->ticket, 2);
    run(2, "priority P1"); /* is not what is meant */
    answer(mail, "zhang@example.org", "", "/merge 2");
    check_ticket(1, "merged", "P2", "zhang@example.org");
    answer(mail, "zhang@example.org", "", "/priority P4"); /* of the other one it proves nothing */
    check_ticket(2, "new", "P1", "");
    g_autoptr(PdMail) why = mail_to("zhang@example.org", "refused");
    letters_hold(why, "并入本工单");
    answer(mail, "li@example.org", "", "/undo"); /* nor for anybody else */
    check_ticket(1, "merged", "P2", "zhang@example.org");
    answer(mail, "zhang@example.org", "", "/undo");
    check_ticket(1, "new", "P2", "zhang@example.org");
    check_ticket(2, "new", "P1", "");
    check_verified();
}
END_TEST

START_TEST(taking_a_split_back_says_where_it_went)
{
    g_autoptr(PdMail) mail = assigned();
    g_autoptr(PdMail) ack = mail_to("ann@example.com", "acknowledge");

    answer(ack, "ann@example.com", "", "My mouse is broken, too.");
    run(1, "split Mouse");
    check_ticket(2, "new", "P2", "");
    answer(mail, "zhang@example.org", "", "/undo");
    check_ticket(2, "merged", "P2", "");
    g_autoptr(PdMail) told = last_of_zhang();
    letters_hold(told, "#2 Mouse");
    letters_hold(told, "状态：已受理 → 已合并");
    letters_lack(told, "没有需要恢复的内容");
    check_verified();
}
END_TEST

/* The one who has it answers the mail that gave it to him. */
START_TEST(split_is_taken_back_at_the_ticket_that_it_made)
{
    g_autoptr(PdMail) mail = assigned();
    g_autoptr(PdMail) ack = mail_to("ann@example.com", "acknowledge");

    answer(ack, "ann@example.com", "", "My mouse is broken, too.");
    run(1, "split Mouse");
    run(2, "assign Li");
    run(2, "undo"); /* that he has it */
    check_ticket(2, "new", "P2", "");
    run(2, "undo"); /* the split */
    check_ticket(2, "merged", "P2", "");
    g_autoptr(GPtrArray) messages = NULL;
    ck_ok(pd_message_of_ticket(fixture->store, 1, &messages));
    ck_assert_uint_eq(messages->len, 2);
    const char *const undo[] = {"undo", NULL}; /* an undo is not taken back */
    g_autoptr(PdStatus) again = pd_desk_command(fixture->desk, 2, undo, NULL, "root");
    ck_assert_ptr_nonnull(again);
    check_ticket(2, "merged", "P2", "");
    check_verified();
}
END_TEST

START_TEST(what_was_moved_by_an_undo_is_told_to_be_merged)
{
    g_autoptr(PdMail) mail = assigned();
    g_autoptr(PdMail) ack = mail_to("ann@example.com", "acknowledge");

    answer(ack, "ann@example.com", "", "My mouse is broken, too.");
    answer(mail, "zhang@example.org", "", "/undo message");
    run(2, "assign 张三");
    g_autoptr(PdMail) his = mail_to("zhang@example.org", "assigned");
    run(2, "assign none");
    run(2, "undo");
    run(2, "undo");
    answer(his, "zhang@example.org", "", "/undo");
    g_autoptr(PdMail) refused = mail_to("zhang@example.org", "refused");
    letters_hold(refused, "/merge 1");
    check_ticket(2, "new", "P2", "");
}
END_TEST

START_TEST(who_came_with_a_merge_and_wrote_since_stays)
{
    g_autoptr(PdMail) mail = assigned();
    g_autoptr(PdInboxRow) second =
        fixture_send(fixture, "From: carl@example.com\nTo: desk@example.org\nSubject: Printer\n"
                              "Message-ID: <v2@example.com>\n\nMe too.\n");
    g_autoptr(PdMail) ack = mail_to("carl@example.com", "acknowledge");
    g_autofree char *part = NULL;

    run(2, "merge 1");
    answer(ack, "carl@example.com", "", "It is the VPN here as well.");
    run(1, "undo");
    ck_ok(pd_ticket_part(fixture->store, 1, "carl@example.com", &part));
    ck_assert_str_eq(part, PD_PART_FOLLOWS);
}
END_TEST

START_TEST(watchers_are_taken_back_and_who_left_is_not_brought_back)
{
    g_autoptr(PdMail) mail = assigned();
    g_autofree char *watching = NULL;
    g_autofree char *taken = NULL;
    g_autofree char *back = NULL;
    g_autofree char *left = NULL;

    run(1, "watch li@example.org");
    ck_ok(pd_ticket_part(fixture->store, 1, "li@example.org", &watching));
    ck_assert_str_eq(watching, PD_PART_WATCHES);
    run(1, "undo");
    ck_ok(pd_ticket_part(fixture->store, 1, "li@example.org", &taken));
    ck_assert_str_eq(taken, PD_PART_LEFT);
    run(1, "unwatch ben@example.com");
    run(1, "undo");
    ck_ok(pd_ticket_part(fixture->store, 1, "ben@example.com", &back));
    ck_assert_str_eq(back, PD_PART_FOLLOWS);
    run(1, "resolve done");
    g_autoptr(PdMail) told = mail_to("ben@example.com", "resolved");
    answer(told, "ben@example.com", "", "/unwatch");
    run(1, "undo"); /* the solution */
    check_ticket(1, "new", "P2", "zhang@example.org");
    ck_ok(pd_ticket_part(fixture->store, 1, "ben@example.com", &left));
    ck_assert_str_eq(left, PD_PART_LEFT);
    check_verified();
}
END_TEST

START_TEST(change_of_many_is_taken_back_by_mail)
{
    g_autoptr(PdMail) mail = assigned();
    g_autoptr(PdInboxRow) second =
        fixture_send(fixture, "From: carl@example.com\nTo: desk@example.org\nSubject: Printer\n"
                              "Message-ID: <v2@example.com>\n\nMe too.\n");
    const gint64 numbers[] = {1, 2};
    const char *const pairs[] = {"priority=P3", NULL};
    g_autoptr(GArray) tickets = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(PdJson) rows = NULL;
    g_autoptr(PdJson) none = NULL;
    gint64 bulk = 0;

    ck_assert_int_eq(second->ticket, 2);
    g_array_append_vals(tickets, numbers, 2);
    ck_ok(pd_desk_change_all(fixture->desk, tickets, pairs, "root", FALSE, &bulk, &rows));
    answer(mail, "zhang@example.org", "", "/撤销 批量 7"); /* there is none */
    check_ticket(2, "new", "P3", "");
    answer(mail, "zhang@example.org", "", _i == 0 ? "/撤销 批量" : "/undo bulk #1");
    check_ticket(1, "new", "P2", "zhang@example.org");
    check_ticket(2, "new", "P4", "");
    g_autoptr(PdMail) told = last_of_zhang();
    letters_hold(told, "#1 VPN down");
    letters_hold(told, "#2 Printer");
    letters_hold(told, "优先级：一般 → 较低");
    g_autoptr(GPtrArray) mails = fixture_outbox(fixture);
    guint count = 0;
    for (guint i = 0; i < mails->len; i++)
        count += strcmp(((PdOutboxRow *)g_ptr_array_index(mails, i))->purpose, "undone") == 0;
    ck_assert_uint_eq(count, 1); /* one mail for all of it */
    run(2, "priority P1");
    g_autoptr(PdStatus) again = pd_desk_undo_all(fixture->desk, bulk, "root", &none);
    ck_assert_ptr_null(again);
    check_ticket(2, "new", "P1", ""); /* once is enough */
    check_verified();
}
END_TEST

START_TEST(message_of_a_wrong_ticket_goes_on_in_one_of_its_own)
{
    g_autoptr(PdMail) mail = assigned();

    run(1, "resolve done");
    g_autoptr(PdMail) told = mail_to("ann@example.com", "resolved");
    answer(told, "ann@example.com", "", "By the way: my printer is out of paper as well.");
    check_ticket(1, "open", "P2", "zhang@example.org"); /* it reopened the ticket */
    run(1, "undo message");
    check_ticket(1, "resolved", "P2", "zhang@example.org");
    g_autoptr(PdTicket) own = fixture_ticket(fixture, 2);
    g_autoptr(GPtrArray) messages = NULL;
    ck_ok(pd_message_of_ticket(fixture->store, 2, &messages));
    ck_assert_str_eq(own->reporter, "ann@example.com");
    ck_assert_str_eq(own->status, "new");
    ck_assert_uint_eq(messages->len, 1);
}
END_TEST

START_TEST(who_came_in_by_mistake_leaves_with_his_message)
{
    g_autoptr(PdMail) mail = assigned();
    g_autofree char *part = NULL;

    answer(mail, "ben@example.com", "Cc: carl@example.com\n", "Something else altogether.");
    run(1, "undo message");
    ck_ok(pd_ticket_part(fixture->store, 1, "ben@example.com", &part));
    ck_assert_str_eq(part, PD_PART_LEFT);
}
END_TEST

START_TEST(all_events_say_who_how_and_by_what)
{
    g_autoptr(PdMail) mail = assigned();
    g_autoptr(GPtrArray) events = NULL;

    answer(mail, "zhang@example.org", "", "/priority P1");
    ck_ok(pd_ticket_events(fixture->store, 1, &events));
    const PdEvent *last = g_ptr_array_index(events, events->len - 1);
    ck_assert_str_eq(last->kind, "changed");
    ck_assert_str_eq(last->actor, "zhang@example.org");
    ck_assert_str_eq(last->channel, "mail");
    ck_assert_int_gt(last->inbox, 0);
    ck_assert_ptr_nonnull(pd_json_get_text(last->data, "token"));
    check_verified();
}
END_TEST

START_TEST(reply_long_after_opens_a_linked_ticket)
{
    g_autoptr(PdMail) mail = assigned();

    answer(mail, "zhang@example.org", "", "/resolve");
    g_autoptr(PdMail) solved = mail_to("ann@example.com", "resolved");
    pd_clock_set(pd_clock_now() + 20 * DAY);
    answer(solved, "ann@example.com", "", "It is back since today, with another error.");
    check_ticket(1, "resolved", "P2", "zhang@example.org");
    g_autoptr(PdTicket) next = fixture_ticket(fixture, 2);
    ck_assert_int_eq(next->suggested_link, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("working");
    TCase *tests = tcase_create("all");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, assignment_mail_holds_all_that_is_needed);
    tcase_add_test(tests, engineers_answer_goes_on_in_the_desks_name);
    tcase_add_loop_test(tests, who_watches_gets_one_mail_for_an_answer, 0, 3);
    tcase_add_test(tests, who_watches_reads_what_stays_inside);
    tcase_add_test(tests, who_works_on_it_and_watches_gets_one_mail_for_an_answer);
    tcase_add_loop_test(tests, notes_stay_inside, 0, 7);
    tcase_add_loop_test(tests, a_command_below_text_is_told_and_not_mailed, 0, 4);
    tcase_add_test(tests, what_looks_like_a_command_below_text_may_be_text);
    tcase_add_loop_test(tests, a_note_below_an_answer_stays_inside, 0, 7);
    tcase_add_test(tests, commands_of_a_mail_are_done_together);
    tcase_add_test(tests, one_wrong_command_undoes_the_mail_and_is_explained);
    tcase_add_test(tests, what_fails_when_it_is_done_is_told_once);
    tcase_add_loop_test(tests, nobody_without_authority_changes_a_ticket, 0, G_N_ELEMENTS(forged));
    tcase_add_test(tests, refused_person_is_told_and_the_admin_after_the_third_time);
    tcase_add_test(tests, who_answers_an_old_mail_is_told_to_answer_a_new_one);
    tcase_add_test(tests, token_of_another_ticket_does_nothing);
    tcase_add_test(tests, token_is_used_up_and_expires);
    tcase_add_test(tests, any_address_of_a_person_is_his);
    tcase_add_test(tests, reporter_confirms_or_rejects_by_a_word_and_is_asked_once);
    tcase_add_test(tests, how_satisfied_he_is_may_be_said_again);
    tcase_add_test(tests, who_is_satisfied_with_a_solution_confirms_it);
    tcase_add_test(tests, where_it_stands_is_answered_at_once);
    tcase_add_test(tests, where_it_stands_may_be_asked_in_a_sentence);
    tcase_add_test(tests, who_will_try_the_solution_opens_nothing_again);
    tcase_add_test(tests, follower_is_mailed_until_he_leaves);
    tcase_add_test(tests, somebody_outside_is_asked_and_answers_the_engineer_only);
    tcase_add_loop_test(tests, what_is_almost_right_is_told_and_nothing_is_done, 0, 6);
    tcase_add_loop_test(tests, small_words_and_marks_do_not_matter, 0, 13);
    tcase_add_test(tests, letter_case_and_wide_letters_do_not_matter);
    tcase_add_test(tests, colleague_of_who_was_asked_answers_to_the_ticket);
    tcase_add_test(tests, who_uses_the_same_provider_is_no_colleague);
    tcase_add_loop_test(tests, address_of_who_is_asked_ends_where_it_ends, 0, 4);
    tcase_add_loop_test(tests, who_cannot_be_mailed_is_told_as_a_mistake, 0, 3);
    tcase_add_test(tests, address_that_cannot_be_mailed_spoils_no_mail);
    tcase_add_loop_test(tests, explain_tells_what_commands_would_do, 0, 2);
    tcase_add_loop_test(tests, who_forges_a_mail_proves_nothing_by_answering_it, 0,
                        G_N_ELEMENTS(planted));
    tcase_add_test(tests, reporter_says_in_a_word_that_it_is_over_and_may_think_again);
    tcase_add_test(tests, agreeing_to_what_is_closed_opens_nothing);
    tcase_add_test(tests, only_who_is_asked_ends_the_wait);
    tcase_add_test(tests, help_lists_what_one_may_say);
    tcase_add_test(tests, agreed_day_holds_until_it_is_taken_back);
    tcase_add_test(tests, people_of_the_desk_are_reporters_of_their_own_tickets);
    tcase_add_test(tests, merge_split_link_and_undo_are_events_that_verify);
    tcase_add_test(tests, who_asks_where_it_stands_is_told_whether_it_is_his_turn);
    tcase_add_test(tests, who_takes_a_change_back_is_told_what_it_was);
    tcase_add_test(tests, colleague_is_told_whose_change_is_taken_back);
    tcase_add_test(tests, what_was_changed_since_is_told_and_stays);
    tcase_add_test(tests, merge_and_wrong_thread_are_taken_back_by_mail);
    tcase_add_test(tests, merge_is_taken_back_by_an_answer_about_the_ticket_that_was_merged);
    tcase_add_test(tests, taking_a_split_back_says_where_it_went);
    tcase_add_test(tests, split_is_taken_back_at_the_ticket_that_it_made);
    tcase_add_test(tests, what_was_moved_by_an_undo_is_told_to_be_merged);
    tcase_add_test(tests, who_came_with_a_merge_and_wrote_since_stays);
    tcase_add_test(tests, watchers_are_taken_back_and_who_left_is_not_brought_back);
    tcase_add_loop_test(tests, change_of_many_is_taken_back_by_mail, 0, 2);
    tcase_add_test(tests, message_of_a_wrong_ticket_goes_on_in_one_of_its_own);
    tcase_add_test(tests, who_came_in_by_mistake_leaves_with_his_message);
    tcase_add_test(tests, all_events_say_who_how_and_by_what);
    tcase_add_test(tests, reply_long_after_opens_a_linked_ticket);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
