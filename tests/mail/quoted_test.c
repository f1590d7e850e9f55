/* quoted_test: what a mail says of the one that it answers: heads of quotes, conversations. */
#include "mail/conversation.h"
#include "mail_test.h"
#include "postdesk/quoted.h"
#include <string.h>

static const struct {
    const char *quoted;
    const char *from, *when, *subject; /* of the first head; NULL: none */
} heads[] = {
    {"发件人: 王丽 <wl@a.example>\n发送时间: 2026年11月20日 9:15\n收件人: desk\n主题: 打印机\n\n旧",
     " 王丽 <wl@a.example>", " 2026年11月20日 9:15", " 打印机"},
    {"-----Original Message-----\nFrom: Ann\nSent: Friday, November 20, 2026 9:15 AM\nTo: desk\n"
     "Subject: a subject\n\nold",
     " Ann", " Friday, November 20, 2026 9:15 AM", " a subject"},
    {"On 20 Nov 2026, at 09:15, a7@b.example <a1999@b.example> wrote:\n\n> old",
     "On 20 Nov 2026, at 09:15, a7@b.example <a1999@b.example> wrote:",
     "On 20 Nov 2026, at 09:15, wrote:", NULL},
    /* a word of it looks like a label */
    {"On 20 Nov 2026, at 09:15\nDate: Ann <a@b.example> wrote:\n> old",
     "On 20 Nov 2026, at 09:15 Date: Ann <a@b.example> wrote:",
     "On 20 Nov 2026, at 09:15 Date: Ann wrote:", NULL},
    {"> old\n> words\n", NULL, NULL, NULL},
    {"---------- 原始邮件 ----------\n旧的\n", NULL, NULL, NULL},
    {"", NULL, NULL, NULL},
};

START_TEST(heads_of_quotes_are_read)
{
    g_autoptr(GPtrArray) found = pd_quoted_heads(heads[_i].quoted);

    ck_assert_msg((found->len > 0) == (heads[_i].from != NULL), "%d", _i);
    if (heads[_i].from == NULL)
        return;
    const PdQuotedHead *head = g_ptr_array_index(found, 0);
    ck_assert_str_eq(head->from, heads[_i].from);
    ck_assert_pstr_eq(head->when, heads[_i].when);
    ck_assert_pstr_eq(head->subject, heads[_i].subject);
}
END_TEST

START_TEST(a_quote_of_many_heads_is_bounded)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < 5000; i++)
        g_string_append(text, "On 20 Nov 2026, at 09:15, Ann <a@b.example> wrote:\n> x\n");
    g_autoptr(GPtrArray) found = pd_quoted_heads(text->str);
    ck_assert_uint_eq(found->len, 4);
    g_string_free(text, TRUE);
}
END_TEST

START_TEST(a_head_of_long_lines_is_bounded)
{
    GString *text = g_string_new("From: ");

    for (guint i = 0; i < 100000; i++)
        g_string_append(text, "王丽");
    g_string_append(text, " <wl@a.example>\nDate: 2026-11-20 09:15\nSubject: x\n\nold\n");
    g_autoptr(GPtrArray) found = pd_quoted_heads(text->str);
    ck_assert_uint_eq(found->len, 1);
    const PdQuotedHead *head = g_ptr_array_index(found, 0);
    ck_assert_uint_le(strlen(head->from), 1000);
    ck_assert(g_utf8_validate(head->from, -1, NULL));
    ck_assert_str_eq(head->when, " 2026-11-20 09:15");
    g_string_free(text, TRUE);
}
END_TEST

/* 2026-11-20 01:15:00 UTC, 09:15 in Shanghai */
#define AT (G_GINT64_CONSTANT(1795137300) * G_USEC_PER_SEC)

static const struct {
    const char *when;
    PdTimeFits fits;
} times[] = {
    {"2026年11月20日 9:15", PD_TIME_SAME},
    {"2026年11月20日(星期五) 上午9:15", PD_TIME_SAME},
    {"2026年11月20日 星期五 9点15分", PD_TIME_SAME},
    {"2026-11-20 09:15:33", PD_TIME_SAME},
    {"2026/11/20 (周五) 09:15", PD_TIME_SAME},
    {"Fri, 20 Nov 2026 09:15:00 +0800", PD_TIME_SAME},
    {"Friday, November 20, 2026 9:16 AM", PD_TIME_SAME},
    {"Thursday, November 19, 2026 8:15 PM", PD_TIME_SAME}, /* New York */
    {"20.11.2026 um 02:15", PD_TIME_SAME},
    {"11/20/26 06:45", PD_TIME_SAME}, /* Kolkata */
    {"On Thu, Nov 19, 2026 at 8:15\u202fPM Ann Chapman wrote:", PD_TIME_SAME},
    {"20.11.2026 klo 2.15", PD_TIME_SAME},
    {"20.11.2026 09.15", PD_TIME_SAME},
    {"2026-11-20 07:00", PD_TIME_SAME}, /* Kathmandu */
    {"Fri, 20 Nov 2026 09:15:00 +08:00", PD_TIME_SAME},
    {"Friday, 20 November 2026 at 9:15 AM GMT+8", PD_TIME_SAME},
    {"On 20 Nov 2026, at 09:15, Service Desk 2 wrote:", PD_TIME_SAME},
    {"On Nov 20, 2026, at 9:15 AM IT Level 1 wrote:", PD_TIME_SAME},
    {"09:15, 2026-11-20", PD_TIME_SAME},
    {"2026年11月20日 9:25", PD_TIME_OTHER},
    {"2026年11月19日 9:15", PD_TIME_OTHER},
    {"2026年10月20日 9:15", PD_TIME_OTHER},
    {"2025-11-20 09:15", PD_TIME_OTHER},
    {"Friday, November 20, 2026 9:15 PM", PD_TIME_OTHER},
    {"2026年11月20日", PD_TIME_UNTOLD},
    {"9:15", PD_TIME_UNTOLD},
    {"", PD_TIME_UNTOLD},
};

START_TEST(times_are_known_in_any_zone)
{
    ck_assert_msg(pd_quoted_time_fits(times[_i].when, AT) == times[_i].fits, "%s", times[_i].when);
}
END_TEST

static const struct {
    const char *index, *conversation;
    gboolean is_answer;
} indexes[] = {
    {"AdkBAgMEBQYHCAkKCwwNDg8QERITFA==", "01d90102030405060708090a0b0c0d0e0f1011121314", FALSE},
    {"AdkBAgMEBQYHCAkKCwwNDg8QERITFAAAAAAB", "01d90102030405060708090a0b0c0d0e0f1011121314", TRUE},
    {" AdkBAgMEBQYHCAkK\r\n CwwNDg8QERITFAAAAAAB", "01d90102030405060708090a0b0c0d0e0f1011121314",
     TRUE},
    {"AtkBAgMEBQYHCAkKCwwNDg8QERITFA==", NULL, FALSE}, /* begins with another byte */
    {"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAA==", NULL, FALSE}, /* says nothing */
    {"AdkBAgMEBQ==", NULL, FALSE},
    {"no index", NULL, FALSE},
    {"", NULL, FALSE},
    {NULL, NULL, FALSE},
};

START_TEST(conversations_are_known)
{
    gboolean is_answer = TRUE;
    g_autofree char *conversation = pd_conversation_of(indexes[_i].index, &is_answer);

    ck_assert_pstr_eq(conversation, indexes[_i].conversation);
    ck_assert_int_eq(is_answer, indexes[_i].is_answer);
}
END_TEST

TCase *quoted_cases(void)
{
    TCase *cases = tcase_create("quoted");

    tcase_add_loop_test(cases, heads_of_quotes_are_read, 0, G_N_ELEMENTS(heads));
    tcase_add_test(cases, a_quote_of_many_heads_is_bounded);
    tcase_add_test(cases, a_head_of_long_lines_is_bounded);
    tcase_add_loop_test(cases, times_are_known_in_any_zone, 0, G_N_ELEMENTS(times));
    tcase_add_loop_test(cases, conversations_are_known, 0, G_N_ELEMENTS(indexes));
    return cases;
}
