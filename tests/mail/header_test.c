/* header_test: header values as people wrote them. */
#include "mail/header.h"
#include "mail_test.h"
#include <string.h>

static void reads(const char *raw, const char *text)
{
    g_autofree char *got = pd_header_decode(raw, strlen(raw), NULL, NULL);

    ck_assert_str_eq(got, text);
}

START_TEST(joins_encoded_words)
{
    reads("plain", "plain");
    reads("=?utf-8?B?5L2g?= =?utf-8?B?5aW9?=", "你好");
    reads("=?utf-8?B?5L0=?= =?utf-8?B?oOWlvQ==?=", "你好"); /* split inside a character, padded */
    reads("=?gb2312?B?xOO6ww==?= abc", "你好 abc");
    reads("=?UTF-8?Q?caf=C3=A9_au_lait?=", "café au lait");
    reads("=?UTF-8?Q?with raw spaces?=", "with raw spaces");
    reads("=?utf-8*en?Q?hi?=", "hi");
    reads("a =?utf-8?Q?b?= c", "a b c");
    reads("=?utf-8?Q?a=0D=0AX-Evil:_1?=", "a  X-Evil: 1");
    reads("=?utf-8?X?abc?=", "=?utf-8?X?abc?=");
    reads("=?utf-8?Q?unfinished", "=?utf-8?Q?unfinished");
}
END_TEST

START_TEST(reads_raw_bytes)
{
    PdCharsetChoice *choice = NULL;
    const char *raw = "\xb2\xe2\xca\xd4\xd3\xca\xbc\xfe\xb1\xea\xcc\xe2";
    g_autofree char *got = pd_header_decode(raw, strlen(raw), "gb18030", &choice);

    ck_assert_str_eq(got, "测试邮件标题");
    ck_assert_ptr_nonnull(choice);
    ck_assert_str_eq(choice->used, "GB18030");
    g_free(choice->part);
    g_free(choice->used);
    g_free(choice->why);
    g_free(choice);
    reads("测试", "测试");
}
END_TEST

static void parameter(const char *raw, const char *text)
{
    g_autofree char *got = pd_header_parameter(raw, "filename", NULL);

    if (text == NULL)
        ck_assert_ptr_null(got);
    else
        ck_assert_str_eq(got, text);
}

START_TEST(reads_parameters)
{
    parameter("attachment; filename=a.txt", "a.txt");
    parameter("attachment; filename=\"a \\\"b\\\".txt\"; size=3", "a \"b\".txt");
    parameter("attachment; filename=my report.txt; size=3", "my report.txt");
    parameter("attachment; filename*=UTF-8''%E4%BD%A0%E5%A5%BD.txt", "你好.txt");
    parameter("attachment; filename*0=\"a\"; filename*1=\"b.txt\"", "ab.txt");
    parameter("attachment; filename*1*=%E5%A5%BD.txt; filename*0*=utf-8'zh'%E4%BD%A0", "你好.txt");
    parameter("attachment; filename=\"=?utf-8?B?5L2g5aW9?=.txt\"", "你好.txt");
    parameter("attachment; filename=\"\xb2\xe2\xca\xd4\xce\xc4\xbc\xfe.doc\"", "测试文件.doc");
    /* cut inside an escape; both ways at once, one in the other or side by side */
    parameter("attachment; filename*0*=utf-8''%E4%BD%A0%E; filename*1*=5%A5%BD; filename*2=.txt",
              "你好.txt");
    parameter("attachment; filename*=utf-8''%3D%3Futf-8%3FB%3F5L2g5aW9%3F%3D.txt", "你好.txt");
    parameter("attachment; filename*0=\"=?utf-8?B?5L2g\"; filename*1=\"5aW9?=.txt\"", "你好.txt");
    parameter("attachment; filename=\"=?utf-8?B?YQ==?=\"; filename*=utf-8''%E4%BD%A0", "你");
    parameter("attachment; xfilename=a", NULL);
    parameter("attachment", NULL);
    parameter("attachment; filename*0*=x'", "x'");
    parameter("attachment;;; = ; filename", NULL);
}
END_TEST

START_TEST(reads_ids_and_dates)
{
    g_autoptr(GPtrArray) ids = pd_header_message_ids("<a@b> (x) <c@d>\t<e@f");

    ck_assert_uint_eq(ids->len, 3);
    ck_assert_str_eq(ids->pdata[1], "c@d");
    g_autoptr(GPtrArray) bare = pd_header_message_ids("a@b");
    ck_assert_uint_eq(bare->len, 1);
    g_autoptr(GPtrArray) none = pd_header_message_ids(NULL);
    ck_assert_uint_eq(none->len, 0);
    ck_assert(pd_header_date("Mon, 03 Jun 2024 10:00:00 +0800") ==
              G_GINT64_CONSTANT(1717380000) * G_USEC_PER_SEC);
    ck_assert(pd_header_date("yesterday") == 0);
    ck_assert(pd_header_date(NULL) == 0);
}
END_TEST

START_TEST(takes_blocks_apart)
{
    static const char block[] =
        "From: a@b\r\nSubject: one\r\n two\r\nbroken line\r\nX-Y : z\r\n\r\nbody";
    g_autoptr(GPtrArray) defects = g_ptr_array_new_with_free_func(g_free);
    gsize end = 0;

    ck_assert(pd_headers_end(block, strlen(block), &end));
    ck_assert_str_eq(block + end, "body");
    static const char spaced[] = "From: a@b\n \nText: is\n \nThe body\n";
    gsize spaced_end = 0;
    ck_assert(pd_headers_end(spaced, strlen(spaced), &spaced_end));
    ck_assert_str_eq(spaced + spaced_end, "The body\n");
    g_autoptr(GPtrArray) headers = pd_headers_parse(block, end, defects);
    ck_assert_uint_eq(headers->len, 3);
    ck_assert_str_eq(pd_headers_get(headers, "subject"), "one two");
    ck_assert_str_eq(pd_headers_get(headers, "x-y"), "z");
    ck_assert_uint_eq(defects->len, 1);
}
END_TEST

TCase *header_cases(void)
{
    TCase *cases = tcase_create("header");

    tcase_add_test(cases, joins_encoded_words);
    tcase_add_test(cases, reads_raw_bytes);
    tcase_add_test(cases, reads_parameters);
    tcase_add_test(cases, reads_ids_and_dates);
    tcase_add_test(cases, takes_blocks_apart);
    return cases;
}
