/* attachment_test: files keep their bytes and get safe names. */
#include "mail/attachment.h"
#include "reading_help.h"

static void cleans(const char *name, const char *expected)
{
    g_autofree char *got = pd_attachment_clean_name(name);

    ck_assert_str_eq(got, expected);
}

START_TEST(cleans_names)
{
    cleans("report.pdf", "report.pdf");
    cleans("../../etc/passwd", "passwd");
    cleans("C:\\Users\\bob\\图.png", "图.png");
    cleans("in\xe2\x80\xae"
           "gpj.exe",
           "ingpj.exe");
    cleans("a\nb\x1b[0m.txt", "ab[0m.txt");
    cleans("..hidden", "hidden");
    cleans("a:b*c?.txt", "a_b_c_.txt");
    cleans("...", "");
    cleans("", "");
    g_autofree char *wide = g_strnfill(2000, 'x');
    g_autofree char *long_name = g_strconcat(wide, ".txt", NULL);
    g_autofree char *short_name = pd_attachment_clean_name(long_name);
    ck_assert_uint_le(strlen(short_name), 255);
    ck_assert(g_str_has_suffix(short_name, ".txt"));
}
END_TEST

START_TEST(keeps_bytes)
{
    g_autoptr(PdMail) mail =
        read_mail("From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nsee file\n--x\n"
                  "Content-Type: image/png; name=\"=?gb2312?B?xOO6ww==?=.png\"\n"
                  "Content-Transfer-Encoding: base64\nContent-ID: <pic@1>\n"
                  "Content-Disposition: inline\n\naGVs\nbG8=\n--x\n"
                  "Content-Type: text/plain\nContent-Disposition: attachment; "
                  "filename=log.txt\n\nline\n--x--\n");

    ck_assert_str_eq(mail->text, "see file");
    ck_assert_uint_eq(mail->attachments->len, 2);
    const PdAttachment *picture = mail->attachments->pdata[0];
    guint8 digest[PD_HASH_SIZE];
    pd_hash_bytes("hello", 5, digest);
    ck_assert_str_eq(picture->name, "你好.png");
    ck_assert_str_eq(picture->type, "image/png");
    ck_assert_str_eq(picture->content_id, "pic@1");
    ck_assert(picture->is_inline);
    ck_assert_uint_eq(picture->size, 5);
    ck_assert_mem_eq(picture->sha256, digest, PD_HASH_SIZE);
    const PdAttachment *log = mail->attachments->pdata[1];
    ck_assert(!log->is_inline);
    ck_assert_str_eq(log->name, "log.txt");
}
END_TEST

TCase *attachment_cases(void)
{
    TCase *cases = tcase_create("attachment");

    tcase_add_test(cases, cleans_names);
    tcase_add_test(cases, keeps_bytes);
    return cases;
}
