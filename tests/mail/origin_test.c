/* origin_test: who wrote it; what must not be answered is known (I7), and persons stay persons. */
#include "reading_help.h"

static void is(const char *headers, const char *body, PdOrigin origin, PdVia via)
{
    g_autofree char *message = g_strconcat(headers, "\n\n", body, "\n", NULL);
    g_autoptr(PdMail) mail = read_mail(message);

    ck_assert_msg(mail->origin == origin && mail->via == via, "%s: %s by %s", headers,
                  pd_origin_name(mail->origin), pd_via_name(mail->via));
    ck_assert(origin == PD_ORIGIN_PERSON || mail->evidence->len > 0);
}

START_TEST(persons_stay_persons)
{
    is("From: bob@x.y\nTo: desk@example.com", "hi", PD_ORIGIN_PERSON, PD_VIA_DIRECT);
    is("From: bob@x.y\nTo: Desk@Example.com\nAuto-Submitted: no", "hi", PD_ORIGIN_PERSON,
       PD_VIA_DIRECT);
    is("From: bob@x.y\nTo: l@x.y\nPrecedence: bulk\nList-Id: <l.x.y>", "hi", PD_ORIGIN_PERSON,
       PD_VIA_LIST);
    is("From: bob@x.y\nTo: desk@example.com\nPrecedence: bulk", "hi", PD_ORIGIN_PERSON,
       PD_VIA_DIRECT);
    is("From: bob@x.y\nTo: desk@example.com\nX-Auto-Response-Suppress: All", "hi", PD_ORIGIN_PERSON,
       PD_VIA_DIRECT);
    is("From: bob@x.y\nTo: desk@example.com\nSubject: 自动回复功能失效", "请处理", PD_ORIGIN_PERSON,
       PD_VIA_DIRECT);
    is("From: bob@x.y\nTo: desk@example.com\nSubject: 自动回复：怎么设置？\nX-Mailer: Foxmail 7",
       "请问怎么设置", PD_ORIGIN_PERSON, PD_VIA_DIRECT);
    is("From: bob@x.y\nTo: desk@example.com\nSubject: Out of office: how?\nX-Mailer: Microsoft "
       "Outlook 16.0",
       "How do I switch it on?", PD_ORIGIN_PERSON, PD_VIA_DIRECT);
    is("From: bob@x.y\nTo: desk@example.com\nSubject: Undeliverable mail",
       "My mail could not be "
       "delivered, please help",
       PD_ORIGIN_PERSON, PD_VIA_DIRECT);
    is("From: bob@x.y\nTo: desk@example.com\nSubject: 系统退信\nX-Mailer: Foxmail 7",
       "-----原始邮件-----\n发件人: Postmaster <postmaster@x.y>\n收件人: bob@x.y\n"
       "主题: 系统退信\n\n您的邮件未能送达以下收件人\ncarol@z.y 550 User not found",
       PD_ORIGIN_PERSON, PD_VIA_DIRECT);
    is("From: systems.bob@x.y\nTo: desk@example.com", "I am out of office tomorrow, who helps?",
       PD_ORIGIN_PERSON, PD_VIA_DIRECT);
    is("From: bob@x.y\nTo: carol@x.y", "hi", PD_ORIGIN_PERSON, PD_VIA_BCC);
    is("From: bob@x.y\nTo: carol@x.y\nResent-From: carol@x.y", "hi", PD_ORIGIN_PERSON,
       PD_VIA_REDIRECT);
    is("From: bob@x.y\nTo: desk@example.com\nAuto-Submitted: auto-forwarded", "hi",
       PD_ORIGIN_PERSON, PD_VIA_REDIRECT);
    is("From: bob@x.y\nTo: carol@x.y\nDelivered-To: carol@x.y", "hi", PD_ORIGIN_PERSON,
       PD_VIA_REDIRECT);
}
END_TEST

START_TEST(knows_programs)
{
    is("From: bob@x.y\nTo: desk@example.com\nAuto-Submitted: auto-replied", "away",
       PD_ORIGIN_AUTO_REPLY, PD_VIA_DIRECT);
    is("From: bob@x.y\nTo: desk@example.com\nAuto-Submitted: no\nAuto-Submitted: auto-replied",
       "away", PD_ORIGIN_AUTO_REPLY, PD_VIA_DIRECT);
    is("From: bob@x.y\nTo: desk@example.com\nAuto-Submitted: no\nAuto-Submitted: auto-generated",
       "x", PD_ORIGIN_MACHINE, PD_VIA_DIRECT);
    is("From: bob@x.y\nTo: desk@example.com\nSubject: 自动回复：打印机", "您好",
       PD_ORIGIN_AUTO_REPLY, PD_VIA_DIRECT);
    is("From: bob@x.y\nTo: desk@example.com\nSubject: Automatic reply: printer", "x",
       PD_ORIGIN_AUTO_REPLY, PD_VIA_DIRECT);
    is("From: bob@x.y\nTo: desk@example.com\nSubject: 自动回复：[#12] 已受理\nX-Mailer: Foxmail 7",
       "您好", PD_ORIGIN_AUTO_REPLY, PD_VIA_DIRECT);
    is("From: bob@x.y\nTo: desk@example.com\nSubject: 自动回复：打印机\nX-Mailer: Foxmail 7\n"
       "In-Reply-To: <a@b>",
       "您好", PD_ORIGIN_AUTO_REPLY, PD_VIA_DIRECT);
    is("From: bob@x.y\nTo: desk@example.com\nX-Autoreply: yes", "x", PD_ORIGIN_AUTO_REPLY,
       PD_VIA_DIRECT);
    is("Return-Path: <>\nFrom: bob@x.y\nTo: desk@example.com",
       "I am out of the office until Monday", PD_ORIGIN_AUTO_REPLY, PD_VIA_DIRECT);
    is("From: zabbix@x.y\nTo: desk@example.com", "PROBLEM", PD_ORIGIN_MACHINE, PD_VIA_DIRECT);
    is("From: no-reply@x.y\nTo: desk@example.com", "x", PD_ORIGIN_MACHINE, PD_VIA_DIRECT);
    is("From: root@x.y\nTo: desk@example.com\nAuto-Submitted: auto-generated", "x",
       PD_ORIGIN_MACHINE, PD_VIA_DIRECT);
    is("Return-Path: <>\nFrom: bob@x.y\nTo: desk@example.com", "hello", PD_ORIGIN_MACHINE,
       PD_VIA_DIRECT);
    is("From: desk+abc@example.com\nTo: desk@example.com\nX-Postdesk-Ticket: 3", "x",
       PD_ORIGIN_SELF, PD_VIA_DIRECT);
    is("From: MAILER-DAEMON@x.y\nTo: desk@example.com\nX-Failed-Recipients: a@b.c", "x",
       PD_ORIGIN_BOUNCE, PD_VIA_DIRECT);
    is("From: MAILER-DAEMON@x.y\nTo: desk@example.com\nSubject: hello", "nothing to tell",
       PD_ORIGIN_MACHINE, PD_VIA_DIRECT);
}
END_TEST

START_TEST(knows_list_addresses)
{
    g_autoptr(PdMail) listed = read_mail(
        "From: all@x.y\nTo: all@x.y\nList-Post: <mailto:all@x.y>\nList-Id: <all.x.y>\n\nhi\n");
    g_autoptr(PdMail) member = read_mail(
        "From: bob@x.y\nTo: all@x.y\nList-Post: <mailto:all@x.y>\nList-Id: <all.x.y>\n\nhi\n");
    g_autoptr(PdMail) munged = read_mail(
        "From: bob@x.y\nReply-To: all@x.y\nTo: all@x.y\nList-Post: <mailto:all@x.y>\n\nhi\n");

    ck_assert(listed->list_address);
    ck_assert(!member->list_address);
    ck_assert(munged->list_address);
}
END_TEST

TCase *origin_cases(void)
{
    TCase *cases = tcase_create("origin");

    tcase_add_test(cases, persons_stay_persons);
    tcase_add_test(cases, knows_programs);
    tcase_add_test(cases, knows_list_addresses);
    return cases;
}
