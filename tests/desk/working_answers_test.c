/* working_answers_test.c: what an engineer writes goes on in the desk's name, and what stays
 * inside stays there. */
#include "worked.h"

#include "desk/desk_private.h"
#include "desk/signs_off.h"
#include <string.h>

START_TEST(assignment_mail_holds_all_that_is_needed)
{
    g_autoptr(PdMail) mail = worked_assigned();
    const PdAddress *to = g_ptr_array_index(mail->reply_to, 0);

    worked_check(1, "new", "P2", "zhang@example.org");
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
    g_autoptr(PdMail) mail = worked_assigned();

    worked_answer(mail, "zhang@example.org", "", "Which version do you have?");
    g_autoptr(PdMail) reply = worked_mail_to("ann@example.com", "reply");
    letters_hold(reply, "Which version do you have?");
    letters_lack(reply, "zhang");
    ck_assert_str_eq(reply->from->address, "desk@example.org");
    worked_check(1, "open", "P2", "zhang@example.org"); /* somebody sees to it */

    worked_answer(reply, "ann@example.com", "", "Version 5.");
    g_autoptr(PdMail) back = worked_mail_to("zhang@example.org", "answered");
    letters_hold(back, "Version 5.");
    letters_lack(back, "Which version"); /* the quote has no place in it */
}
END_TEST

START_TEST(notes_stay_inside)
{
    static const char *const notes[] = {"note: he is on leave",   "/note\nhe is on leave",
                                        "备注：he is on leave",   "Note : he is on leave",
                                        "*Note:* he is on leave", "ＮＯＴＥ：he is on leave",
                                        "备注 ： he is on leave"};
    g_autoptr(PdMail) mail = worked_assigned();
    guint before = worked_mails_to("ann@example.com");

    worked_answer(mail, "zhang@example.org", "", notes[_i]);
    ck_assert_uint_eq(worked_mails_to("ann@example.com"), before);
}
END_TEST

START_TEST(a_note_below_an_answer_stays_inside)
{
    static const char *const notes[] = {"备注：", "note: ",  "  NOTE:",    "内部：",
                                        "/note ", "／备注 ", "**Note** : "};
    g_autoptr(PdMail) mail = worked_assigned();

    g_autofree char *text =
        g_strdup_printf("We are at it.\n\n%sshe always forgets\nher password\n", notes[_i]);
    worked_answer(mail, "zhang@example.org", "", text);
    g_autoptr(PdMail) told = worked_mail_to("ann@example.com", "reply");
    letters_hold(told, "We are at it.");
    letters_lack(told, "forgets");
    letters_lack(told, "her password");
}
END_TEST

START_TEST(who_watches_gets_one_mail_for_an_answer)
{
    static const char *const texts[] = {"We are at it.", "/resolve\nWe are at it.",
                                        "/priority P1\nWe are at it."};
    static const char *const purposes[] = {"reply", "resolved", "reply"};
    g_autoptr(PdMail) mail = worked_assigned();

    worked_run(1, "watch li@example.org");
    worked_answer(mail, "zhang@example.org", "", texts[_i]);
    g_autoptr(PdMail) told = worked_mail_to("li@example.org", purposes[_i]);
    letters_hold(told, "We are at it.");
    ck_assert_uint_eq(worked_mails_to("li@example.org"), 1);
}
END_TEST

START_TEST(who_watches_reads_what_stays_inside)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_run(1, "watch li@example.org");
    worked_answer(mail, "zhang@example.org", "", "We are at it.\n\nnote: the cable again\n");
    g_autoptr(PdMail) told = worked_mail_to("li@example.org", "answered");
    letters_hold(told, "the cable again");
}
END_TEST

/* A colleague's answer to what is his and he watches besides. */
START_TEST(who_works_on_it_and_watches_gets_one_mail_for_an_answer)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_run(1, "watch li@example.org");
    worked_run(1, "assign Li");
    g_autoptr(PdMail) hers = worked_mail_to("li@example.org", "assigned");
    guint before = worked_mails_to("li@example.org");
    worked_answer(mail, "zhang@example.org", "", "We are at it.");
    ck_assert_uint_eq(worked_mails_to("li@example.org"), before + 1);
}
END_TEST

START_TEST(follower_is_mailed_until_he_leaves)
{
    g_autoptr(PdMail) mail = worked_assigned();

    worked_answer(mail, "zhang@example.org", "", "/status waiting\nWhich version?");
    g_autoptr(PdMail) told = worked_mail_to("ben@example.com", "status");
    letters_hold(told, "/unwatch");
    worked_answer(told, "ben@example.com", "", "/unwatch");
    guint before = worked_mails_to("ben@example.com");
    worked_answer(mail, "zhang@example.org", "", "/resolve");
    ck_assert_uint_eq(worked_mails_to("ben@example.com"), before);
    ck_assert_uint_gt(worked_mails_to("ann@example.com"), 1);
}
END_TEST

START_TEST(all_events_say_who_how_and_by_what)
{
    g_autoptr(PdMail) mail = worked_assigned();
    g_autoptr(GPtrArray) events = NULL;

    worked_answer(mail, "zhang@example.org", "", "/priority P1");
    ck_ok(pd_ticket_events(worked->store, 1, &events));
    const PdEvent *last = g_ptr_array_index(events, events->len - 1);
    ck_assert_str_eq(last->kind, "changed");
    ck_assert_str_eq(last->actor, "zhang@example.org");
    ck_assert_str_eq(last->channel, "mail");
    ck_assert_int_gt(last->inbox, 0);
    ck_assert_ptr_nonnull(pd_json_get_text(last->data, "token"));
    worked_verify();
}
END_TEST

/* An engineer's program signs without "-- ". */
static const struct {
    const char *text, *told; /* NULL: all of it */
} signed_texts[] = {
    {"已重启，请再试。\n\n张三\n信息中心\n电话：010-8888 8123", "已重启，请再试。"},
    {"已重启，请再试。\n\n张三 | 信息中心 | 分机 8123\n", "已重启，请再试。"},
    {"It is up again.\n\nZhang\nzhang@example.org\n+86 10 8888 8123", "It is up again."},
    {"第一段。\n\n第二段。\n \n张三\n13800000000\n信息中心 工程师", "第一段。\n\n第二段。"},
    {"", NULL},
    {"已重启。\n\n张三", NULL},                        /* he may have written it */
    {"已重启。\n\n张三\n8123", NULL},                  /* a number of any kind */
    {"已重启。\n\n张三\n2026年11月30日", NULL},        /* a letter's date */
    {"下周值班：\n\n张三\n信息中心 8123", NULL},       /* that is the answer */
    {"有问题打我电话。\n\n张三\n电话 8123", NULL},     /* it is meant */
    {"Call me.\n\nZhang\nPhone 8123", NULL},           /* likewise */
    {"请找他们。\n\n李四\n信息中心\n电话 8123", NULL}, /* not he */
    {"已重启。\n\n张三\n信息中心\n周五停机", NULL},    /* a line that is none */
    {"已重启。\n\n信息中心\n张三 电话 8123", NULL},    /* what the centre is to do? */
    {"已重启。\n张三\n信息中心\n电话 8123", NULL},     /* no paragraph of its own */
    {"张三\n信息中心\n电话 8123", NULL},               /* nothing else: that is the answer */
};

START_TEST(what_an_engineer_signs_with_stays_with_the_desk)
{
    g_autoptr(PdMail) mail = worked_assigned();
    g_autofree char *text = g_strdup(signed_texts[_i].text);
    const char *told = signed_texts[_i].told;
    const PdPerson *zhang = pd_people_find(worked->desk->people, "zhang@example.org");

    pd_signs_off(text, mail, zhang, FALSE);
    g_autofree char *whole = g_strchomp(g_strdup(signed_texts[_i].text));
    ck_assert_str_eq(text, told != NULL ? told : whole);
}
END_TEST

START_TEST(what_stands_below_commands_may_be_a_signature_alone)
{
    g_autoptr(PdMail) mail = worked_assigned();
    guint before = worked_mails_to("ann@example.com");

    worked_answer(mail, "zhang@example.org", "", "/priority P1\n\n张三\n信息中心\n电话 8123\n");
    worked_check(1, "new", "P1", "zhang@example.org");
    ck_assert_uint_eq(worked_mails_to("ann@example.com"), before);
    worked_answer(mail, "zhang@example.org", "", "It is up again.\n\n张三\n信息中心\n电话 8123\n");
    g_autoptr(PdMail) reply = worked_mail_to("ann@example.com", "reply");
    letters_hold(reply, "It is up again.");
    letters_lack(reply, "8123");
    g_autoptr(GPtrArray) messages = NULL;
    ck_ok(pd_message_of_ticket(worked->store, 1, &messages));
    const PdStoredMessage *last = g_ptr_array_index(messages, messages->len - 1);
    ck_assert_ptr_nonnull(strstr(last->text, "电话 8123")); /* the desk has all of it */
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, assignment_mail_holds_all_that_is_needed);
    tcase_add_test(tests, engineers_answer_goes_on_in_the_desks_name);
    tcase_add_loop_test(tests, notes_stay_inside, 0, 7);
    tcase_add_loop_test(tests, a_note_below_an_answer_stays_inside, 0, 7);
    tcase_add_loop_test(tests, who_watches_gets_one_mail_for_an_answer, 0, 3);
    tcase_add_test(tests, who_watches_reads_what_stays_inside);
    tcase_add_test(tests, who_works_on_it_and_watches_gets_one_mail_for_an_answer);
    tcase_add_test(tests, follower_is_mailed_until_he_leaves);
    tcase_add_loop_test(tests, what_an_engineer_signs_with_stays_with_the_desk, 0,
                        G_N_ELEMENTS(signed_texts));
    tcase_add_test(tests, what_stands_below_commands_may_be_a_signature_alone);
    tcase_add_test(tests, all_events_say_who_how_and_by_what);
}

int main(void)
{
    return worked_main("working: answers", add_tests);
}
