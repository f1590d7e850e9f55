/* quote_test: what is new in a reply. */
#include "mail/quote.h"
#include "mail_test.h"

static void splits_mail(const char *text, gboolean is_answer, const char *expected)
{
    PdQuoteSplit split;

    pd_quote_split(text, is_answer, &split);
    ck_assert_str_eq(split.text, expected);
    g_free(split.text);
    g_free(split.quoted);
    g_free(split.signature);
}

static void splits(const char *text, const char *expected)
{
    splits_mail(text, TRUE, expected);
}

START_TEST(takes_quotes_off)
{
    splits("new\n\nOn Mon, 3 Jun 2024, desk wrote:\n> old\n", "new");
    splits("new\n\nOn Mon, Jun 3, 2024 at 1:00 PM A very long name of a desk\n<desk@example.com> "
           "wrote:\n\n> old\n",
           "new");
    splits("好的\n\n------------------ 原始邮件 ------------------\n发件人: \"desk\" <d@x.y>;\n"
           "发送时间: 2024年6月3日\n收件人: b\n主题: x\n\n旧的\n",
           "好的");
    splits("new\n02.04.2012 14:20 пользователь \"bob@example.com\" <\nbob@example.com> "
           "написал:\n\n> old\n",
           "new");
    splits("好的\n\n在 2024-06-03 10:00:00，\"desk\" <d@x.y> 写道：\n旧的\n", "好的");
    splits("好的\n\n发件人：desk\n发送时间：2024年6月3日\n收件人：bob\n主题：x\n\n旧的\n", "好的");
    splits(
        "ok\n\n-----Original Message-----\nFrom: desk\nSent: Monday\nTo: bob\nSubject: x\n\nold\n",
        "ok");
    splits(
        "ok\n________________________________\nVon: desk\nGesendet: Montag\nAn: bob\nBetreff: x\n"
        "\nalt\n",
        "ok");
    splits("Merci\n\nLe lun. 3 juin 2024 à 10:00, desk <d@x.y> a écrit :\n> vieux\n", "Merci");
    splits("了解です\n\n2024年6月3日(月) 10:00 desk <d@x.y>:\n> 古い\n", "了解です");
}
END_TEST

START_TEST(leaves_the_lines_before_an_attribution)
{
    splits("ask bob@x.y, he knows\nit is 5 o'clock\nOn 1 May 2024 a@b.c wrote:\n> old\n",
           "ask bob@x.y, he knows\nit is 5 o'clock");
    splits("see you at 5\nMax <a@b.c> wrote:\n> old\n", "see you at 5");
}
END_TEST

START_TEST(keeps_answers_between)
{
    splits("On 1 May 2024 a@b.c wrote:\n> one?\nyes\n> two?\nno\n", "yes\nno");
}
END_TEST

START_TEST(takes_signatures_off)
{
    splits("hi\n-- \nBob\nTel 1\n", "hi");
    splits("好的\n________________________________\nwang@corp.example\n> 旧\n", "好的");
    splits("hi\n\nSent from my iPhone\n", "hi");
    splits("你好\n\n发自我的iPhone\n", "你好");
    splits("hi\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n", "hi");
}
END_TEST

START_TEST(never_leaves_nothing)
{
    splits("> only a quote\n", "> only a quote");
    splits("-- \nBob\n", "-- \nBob");
    splits("---------- Forwarded message ---------\nFrom: a <a@b.c>\nDate: x\nSubject: y\nTo: z\n\n"
           "the matter\n",
           "the matter");
    splits("", "");
}
END_TEST

START_TEST(leaves_plain_text_alone)
{
    splits("Steps:\n1. log in\n2. wait: 3 minutes\nerror: x\n",
           "Steps:\n1. log in\n2. wait: 3 minutes\nerror: x");
    splits("On Monday we wrote a letter.\nIt said: no\n",
           "On Monday we wrote a letter.\nIt said: no");
    splits("请看日志：\n----- 日志 -----\nERROR 1\n", "请看日志：\n----- 日志 -----\nERROR 1");
    splits("a\n--------\nb\n", "a\n--------\nb");
}
END_TEST

/* of a mail that did not arrive, typed or pasted into a new one */
START_TEST(a_header_in_what_answers_nothing_is_its_writers)
{
    const char *text = "The mail did not arrive:\n\nFrom: a <a@b.c>\nTo: d@e.f\n"
                       "Sent: 2026-11-27 09:00\nSubject: x\n\nPlease look.";
    const char *form = "部门：财务处\n发件人：王芳\n主题：打印机\n时间：2026-11-27\n现象：卡纸";
    const char *ruled = "old news\n\n-----Original Message-----\nFrom: a <a@b.c>\nTo: d@e.f\n"
                        "Sent: 2026-11-27 09:00\nSubject: x\n\nold\n";

    splits_mail(text, FALSE, text);
    splits_mail(text, TRUE, "The mail did not arrive:");
    splits_mail(form, FALSE, form);
    splits_mail(ruled, FALSE, "old news");
}
END_TEST

TCase *quote_cases(void)
{
    TCase *cases = tcase_create("quote");

    tcase_add_test(cases, takes_quotes_off);
    tcase_add_test(cases, leaves_the_lines_before_an_attribution);
    tcase_add_test(cases, keeps_answers_between);
    tcase_add_test(cases, takes_signatures_off);
    tcase_add_test(cases, never_leaves_nothing);
    tcase_add_test(cases, leaves_plain_text_alone);
    tcase_add_test(cases, a_header_in_what_answers_nothing_is_its_writers);
    return cases;
}
