/* quoting_test.c: answers of which the mail program cut all that leads to a ticket. */
#include "fixture.h"

#include "desk/subject.h"
#include "postdesk/clock.h"
#include <stdlib.h>
#include <string.h>

static Fixture *fixture;

/* 2026-11-20 09:15 in Shanghai */
#define SENT 1795137300
#define DAY 86400

static void set_up(void)
{
    fixture = fixture_new("");
    pd_clock_set((SENT + 60) * (gint64)PD_SECOND);
}

static void tear_down(void)
{
    pd_clock_set(0);
    fixture_free(fixture);
}

#define UTF8 "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
#define TEXT "财务系统从早上开始登录不上，提示连接超时，三个同事都一样，月底要结账，请尽快处理。"
#define SUBJECT "财务系统登录不上"
#define FIRST                                                                                      \
    "From: 王丽 <wangli@fin.example>\nTo: desk@example.org\nCc: 李明 <liming@fin.example>\n"   \
    "Subject: " SUBJECT                                                                            \
    "\nDate: Fri, 20 Nov 2026 09:15:00 +0800\nMessage-ID: <1@fin.example>\n" UTF8 "\n" TEXT "\n"

#define OUTLOOK                                                                                    \
    "发件人: 王丽 <wangli@fin.example>\n发送时间: 2026年11月20日 9:15\n"               \
    "收件人: 服务台 <desk@example.org>\n抄送: 李明\n主题: " SUBJECT "\n\n" TEXT "\n"
#define GMAIL                                                                                      \
    "王丽 <wangli@fin.example> 于2026年11月20日周五 09:15写道：\n\n"                    \
    "> 财务系统从早上开始登录不上，提示连接超时，\n> 三个同事都一样，月底要结账，请尽快处理。\n"
#define ENGLISH                                                                                    \
    "On Thu, Nov 19, 2026 at 8:15 PM Wang Li <wangli@fin.example> wrote:\n\n> " TEXT "\n"
#define QQ                                                                                                  \
    "------------------ 原始邮件 ------------------\n发件人: \"王丽\" <wangli@fin.example>;\n"     \
    "发送时间: 2026年11月20日(星期五) 上午9:15\n收件人: \"服务台\" <desk@example.org>;\n" \
    "主题: " SUBJECT "\n\n" TEXT "\n"
#define MARKED "> " TEXT "\n"

static const struct {
    const char *what, *from, *to, *subject, *quote;
    gint64 ticket; /* that it comes to; 2: a new one */
    gboolean suggested;
} answers[] = {
    {"her own mail answered, Outlook", "wangli@fin.example", "desk@example.org", "答复: " SUBJECT,
     OUTLOOK, 1, FALSE},
    {"a colleague in Cc answers all, Outlook", "liming@fin.example",
     "wangli@fin.example, desk@example.org", "答复: " SUBJECT, OUTLOOK, 1, FALSE},
    {"Gmail", "liming@fin.example", "wangli@fin.example, desk@example.org", "Re: " SUBJECT, GMAIL,
     1, FALSE},
    {"a program in another time zone", "liming@fin.example", "wangli@fin.example, desk@example.org",
     "Re: " SUBJECT, ENGLISH, 1, FALSE},
    {"QQ Mail", "liming@fin.example", "desk@example.org", "回复：" SUBJECT, QQ, 1, FALSE},
    {"marked by a gateway", "wangli@fin.example", "desk@example.org", "[External] Re: " SUBJECT,
     OUTLOOK, 1, FALSE},
    {"no head, but all of the text", "wangli@fin.example", "desk@example.org", "Re: " SUBJECT,
     MARKED, 1, FALSE},
    {"no text, but who and when", "wangli@fin.example", "desk@example.org", "Re: " SUBJECT,
     "在 2026-11-20 09:15:00，\"王丽\" <wangli@fin.example> 写道：\n", 1, FALSE},
    {"another time", "wangli@fin.example", "desk@example.org", "答复: " SUBJECT,
     "发件人: 王丽 <wangli@fin.example>\n发送时间: 2026年11月19日 9:15\n收件人: "
     "desk@example.org\n主题: " SUBJECT "\n\n" TEXT "\n",
     2, TRUE},
    {"nothing quoted", "wangli@fin.example", "desk@example.org", "Re: " SUBJECT, "", 2, TRUE},
    {"no answer by its subject", "wangli@fin.example", "desk@example.org", SUBJECT, OUTLOOK, 2,
     FALSE},
    {"a forward", "wangli@fin.example", "desk@example.org", "转发: 回复: " SUBJECT, OUTLOOK, 2,
     FALSE},
    {"another subject", "wangli@fin.example", "desk@example.org", "Re: 打印机卡纸", MARKED, 2,
     FALSE},
    {"a stranger who was forwarded it", "eve@evil.example", "wangli@fin.example, desk@example.org",
     "Re: " SUBJECT, OUTLOOK, 2, TRUE},
};

static PdInboxRow *answer(const char *from, const char *to, const char *subject, const char *quote)
{
    static int count;
    g_autofree char *raw = g_strdup_printf("From: %s\nTo: %s\nSubject: %s\n"
                                           "Date: Fri, 20 Nov 2026 10:00:00 +0800\n"
                                           "Message-ID: <answer%d@fin.example>\n" UTF8
                                           "\n现在仓库的同事也登录不上了。\n\n%s",
                                           from, to, subject, ++count, quote);

    return fixture_send(fixture, raw);
}

START_TEST(answer_finds_its_ticket_by_what_it_quotes)
{
    g_autoptr(PdInboxRow) first = fixture_send(fixture, FIRST);
    g_autoptr(PdInboxRow) row =
        answer(answers[_i].from, answers[_i].to, answers[_i].subject, answers[_i].quote);
    g_autoptr(PdJson) decision = fixture_decision(fixture, row->id);
    g_autofree char *told = pd_json_compact(decision);
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, row->ticket);

    ck_assert_int_eq(first->ticket, 1);
    ck_assert_msg(row->ticket == answers[_i].ticket, "%s: #%d, %s", answers[_i].what,
                  (int)row->ticket, told);
    ck_assert_msg(answers[_i].ticket == 1 ||
                      ticket->suggested_link == (answers[_i].suggested ? 1 : 0),
                  "%s: suggested #%d, %s", answers[_i].what, (int)ticket->suggested_link, told);
}
END_TEST

/* The same words of the same person every month. */
static void send_monthly(const char *id, const char *date)
{
    g_autofree char *raw =
        g_strdup_printf("From: 王丽 <wangli@fin.example>\nTo: desk@example.org\n"
                        "Subject: 月度数据导出\nDate: %s\nMessage-ID: <%s@fin.example>\n" UTF8
                        "\n请导出上月全部科目的明细数据，格式同以前，导出后放到共享盘财务目录。\n",
                        date, id);
    g_autoptr(PdInboxRow) row = fixture_send(fixture, raw);

    ck_assert_int_eq(row->outcome, PD_OUTCOME_CREATED);
}

#define MONTHLY "请导出上月全部科目的明细数据，格式同以前，导出后放到共享盘财务目录。\n"

START_TEST(of_two_alike_the_time_above_the_quote_decides)
{
    send_monthly("october", "Thu, 22 Oct 2026 09:15:00 +0800");
    send_monthly("november", "Fri, 20 Nov 2026 09:15:00 +0800");
    g_autoptr(PdInboxRow) timed =
        answer("wangli@fin.example", "desk@example.org", "回复: 月度数据导出",
               "在 2026-10-22 09:15:00，\"王丽\" <wangli@fin.example> 写道：\n\n" MONTHLY);
    g_autoptr(PdInboxRow) untimed =
        answer("wangli@fin.example", "desk@example.org", "回复: 月度数据导出", "> " MONTHLY);
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, untimed->ticket);

    ck_assert_int_eq(timed->ticket, 1);
    ck_assert_int_eq(untimed->ticket, 3);
    ck_assert_int_eq(ticket->suggested_link, 2);
}
END_TEST

START_TEST(long_after_it_is_another_matter)
{
    g_autoptr(PdInboxRow) first = fixture_send(fixture, FIRST);

    pd_clock_set((SENT + 100 * (gint64)DAY) * (gint64)PD_SECOND);
    g_autoptr(PdInboxRow) row =
        answer("wangli@fin.example", "desk@example.org", "答复: " SUBJECT, OUTLOOK);
    ck_assert_int_eq(row->ticket, 2);
}
END_TEST

START_TEST(number_in_the_quoted_subject_leads_to_the_ticket)
{
    g_autoptr(PdInboxRow) first = fixture_send(fixture, FIRST);
    const char *quote = "发件人: 服务台 <desk@example.org>\n发送时间: 2026年11月20日 9:20\n"
                        "收件人: 王丽\n主题: [#1] 已受理：" SUBJECT "\n\n已经收到您的邮件。\n";
    g_autoptr(PdInboxRow) hers =
        answer("wangli@fin.example", "desk@example.org", "答复: 登录", quote);
    g_autoptr(PdInboxRow) strangers =
        answer("eve@evil.example", "desk@example.org", "答复: 登录", quote);

    ck_assert_int_eq(hers->ticket, 1);
    ck_assert_int_eq(strangers->ticket, 2);
}
END_TEST

/* Thread-Index: 22 bytes, and five more for each answer. */
#define BEGUN "AdkBAgMEBQYHCAkKCwwNDg8QERITFA=="
#define ANSWERED "AdkBAgMEBQYHCAkKCwwNDg8QERITFAAAAAAB"

static PdInboxRow *of_conversation(const char *from, const char *subject, const char *index)
{
    static int count;

    count++;
    g_autofree char *raw =
        g_strdup_printf("From: %s\nTo: desk@example.org\nCc: liming@fin.example\nSubject: %s\n"
                        "Message-ID: <index%d@fin.example>\nThread-Index: %s\n" UTF8
                        "\n登录页面一直转圈，进不去。%d\n",
                        from, subject, count, index, count);

    return fixture_send(fixture, raw);
}

START_TEST(answer_in_a_conversation_finds_its_ticket)
{
    g_autoptr(PdInboxRow) first = of_conversation("wangli@fin.example", "登录问题", BEGUN);
    g_autoptr(PdInboxRow) his = of_conversation("liming@fin.example", "答复: 登录问题", ANSWERED);
    g_autoptr(PdInboxRow) hers = of_conversation("eve@evil.example", "答复: 登录问题", ANSWERED);
    g_autoptr(PdInboxRow) anew = of_conversation("wangli@fin.example", "另一个问题", BEGUN);
    g_autoptr(PdTicket) strangers = fixture_ticket(fixture, hers->ticket);

    ck_assert_int_eq(first->ticket, 1);
    ck_assert_int_eq(his->ticket, 1);
    ck_assert_int_eq(hers->ticket, 2);
    ck_assert_int_eq(strangers->suggested_link, 1);
    ck_assert_int_eq(anew->ticket, 3);
}
END_TEST

static const struct {
    const char *subject, *matter;
    gboolean answers;
} subjects[] = {
    {"VPN down", "vpndown", FALSE},
    {"Re: VPN down", "vpndown", TRUE},
    {"RE: RE: [#12] VPN  down", "vpndown", TRUE},
    {"回复：回复: VPN down", "vpndown", TRUE},
    {"【外部邮件】答复: VPN down", "vpndown", TRUE},
    {"[EXT] Re[2]: VPN down", "vpndown", TRUE},
    {"Fw: Re: VPN down", "vpndown", FALSE},
    {"【紧急】打印机", "打印机", FALSE},
    {"[x]", "[x]", FALSE},
    {"Report: VPN", "report:vpn", FALSE},
    {"", "", FALSE},
};

START_TEST(subjects_of_one_matter_are_known)
{
    g_autofree char *matter = pd_subject_matter(subjects[_i].subject);

    ck_assert_str_eq(matter, subjects[_i].matter);
    ck_assert_int_eq(pd_subject_answers(subjects[_i].subject), subjects[_i].answers);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("quoting");
    TCase *all = tcase_create("all");

    tcase_set_timeout(all, 60);
    tcase_add_checked_fixture(all, set_up, tear_down);
    tcase_add_loop_test(all, answer_finds_its_ticket_by_what_it_quotes, 0, G_N_ELEMENTS(answers));
    tcase_add_test(all, of_two_alike_the_time_above_the_quote_decides);
    tcase_add_test(all, long_after_it_is_another_matter);
    tcase_add_test(all, number_in_the_quoted_subject_leads_to_the_ticket);
    tcase_add_test(all, answer_in_a_conversation_finds_its_ticket);
    tcase_add_loop_test(all, subjects_of_one_matter_are_known, 0, G_N_ELEMENTS(subjects));
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
