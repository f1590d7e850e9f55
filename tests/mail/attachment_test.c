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

static const PdAttachment *file_of(PdMail **mail, const char *headers, const char *base64)
{
    g_autofree char *message = g_strdup_printf(
        "From: a@b.c\n%s\nContent-Transfer-Encoding: base64\n\n%s\n", headers, base64);

    *mail = read_mail(message);
    ck_assert_uint_eq((*mail)->attachments->len, 1);
    return (*mail)->attachments->pdata[0];
}

START_TEST(tells_a_false_type)
{
    static const struct {
        const char *headers, *base64, *found;
        gboolean differs;
    } cases[] = {
        {"Content-Type: application/pdf; name=a.pdf", "JVBERi0xLjQK", "application/pdf", FALSE},
        {"Content-Type: application/pdf; name=a.pdf", "iVBORw0KGgo=", "image/png", TRUE},
        {"Content-Type: application/octet-stream; name=a.pdf", "f0VMRgEB",
         "application/x-executable", TRUE},
        {"Content-Type: application/octet-stream; name=a", "f0VMRgEB", "application/x-executable",
         FALSE},
        {"Content-Type: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet; "
         "name=a.xlsx",
         "UEsDBBQA", "application/zip", FALSE},
        {"Content-Type: application/msword; name=a.doc", "PGh0bWw+PGJvZHk+", "text/html", TRUE},
        {"Content-Type: image/x-unknown; name=a.xyz", "AAAA", NULL, FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(PdMail) mail = NULL;
        const PdAttachment *file = file_of(&mail, cases[i].headers, cases[i].base64);
        ck_assert_msg(g_strcmp0(file->found_type, cases[i].found) == 0, "%s is %s",
                      cases[i].headers, file->found_type);
        ck_assert_msg(file->differs == cases[i].differs, "%s", cases[i].headers);
        ck_assert_int_eq(file->differs, mail->defects->len > 2);
    }
}
END_TEST

START_TEST(names_by_location)
{
    static const struct {
        const char *location, *name;
    } cases[] = {
        {"Photo7.jpg", "Photo7.jpg"},
        {"https://host.example/pictures/logo.gif?size=2#top", "logo.gif"},
        {"cid:12", ""},
        {"https://host.example/", ""},
        {"../../etc/.profile", ""},
        {"../../etc/pro.file", "pro.file"},
        {"photo", ""},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(PdMail) mail = NULL;
        g_autofree char *headers =
            g_strdup_printf("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n--B\n"
                            "Content-Type: image/x-unknown\nContent-Location: %s",
                            cases[i].location);
        ck_assert_str_eq(file_of(&mail, headers, "AAAA\n\n--B--")->name, cases[i].name);
    }
}
END_TEST

static void collect(const PdAttachment *attachment, const char *bytes, gsize length, gpointer user)
{
    if (bytes != NULL)
        g_string_append_len(user, bytes, (gssize)length);
    else
        g_string_append_printf(user, "|%s %" G_GUINT64_FORMAT "|", attachment->name,
                               attachment->size);
}

START_TEST(hands_the_bytes_on)
{
    g_autoptr(GString) got = g_string_new(NULL);
    PdMailOptions options = {.attachment_sink = collect, .sink_user = got};
    g_autoptr(PdMail) mail = read_with(
        "Content-Type: multipart/mixed; boundary=x\n\n--x\n"
        "Content-Type: image/png; name=a.png\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n--x\n"
        "Content-Type: image/png; name=none.png\n\n\n--x\n"
        "Content-Type: message/rfc822\n\nSubject: in\n\nhi\n--x--\n",
        &options);

    ck_assert_uint_eq(mail->attachments->len, 3);
    ck_assert_str_eq(got->str, "hello|a.png 5||none.png 0|Subject: in\n\nhi|in.eml 15|");
}
END_TEST

/* A web mail that spells the bytes in a plain parameter; a name that holds a percent sign. */
START_TEST(reads_names_in_percents)
{
    static const char *const names[][2] = {{"%E6%B5%8B%E8%AF%95.doc", "测试.doc"},
                                           {"100%.doc", "100%.doc"},
                                           {"a%20b.doc", "a%20b.doc"},
                                           {"%E6%B5.doc", "%E6%B5.doc"},
                                           {"%E6%B5%8B%2F..%2Fx.doc", "x.doc"}};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *raw =
            g_strdup_printf("From: a@b.c\nContent-Type: application/msword\n"
                            "Content-Disposition: attachment; filename=\"%s\"\n\nx\n",
                            names[i][0]);
        g_autoptr(PdMail) mail = read_mail(raw);
        ck_assert_uint_eq(mail->attachments->len, 1);
        ck_assert_str_eq(((PdAttachment *)mail->attachments->pdata[0])->name, names[i][1]);
    }
}
END_TEST

TCase *attachment_cases(void)
{
    TCase *cases = tcase_create("attachment");

    tcase_add_test(cases, cleans_names);
    tcase_add_test(cases, keeps_bytes);
    tcase_add_test(cases, tells_a_false_type);
    tcase_add_test(cases, names_by_location);
    tcase_add_test(cases, hands_the_bytes_on);
    tcase_add_test(cases, reads_names_in_percents);
    return cases;
}
