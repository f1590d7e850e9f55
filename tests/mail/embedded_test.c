/* embedded_test: messages inside a message, parts that are broken or not whole. */
#include "reading_help.h"

static void is_hash_of(const PdAttachment *attachment, const char *bytes)
{
    guint8 digest[PD_HASH_SIZE];

    pd_hash_bytes(bytes, strlen(bytes), digest);
    ck_assert_uint_eq(attachment->size, strlen(bytes));
    ck_assert_mem_eq(attachment->sha256, digest, PD_HASH_SIZE);
}

static gboolean has_defect(const PdMail *mail, const char *words)
{
    for (guint i = 0; i < mail->defects->len; i++) {
        if (strstr(mail->defects->pdata[i], words) != NULL)
            return TRUE;
    }
    return FALSE;
}

#define INNER                                                                                      \
    "Subject: inner\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\n--i--\r\n\r\n"  \
    "behind"

/* Line ends, empty parts and what stands behind the last boundary are kept. */
START_TEST(keeps_a_forwarded_message_byte_for_byte)
{
    g_autoptr(PdMail) mail =
        read_mail("From: a@b.c\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\nsee "
                  "below\r\n--o\r\nContent-Type: message/rfc822\r\n\r\n" INNER "\r\n--o--\r\n");

    ck_assert_uint_eq(mail->attachments->len, 1);
    is_hash_of(mail->attachments->pdata[0], INNER);
}
END_TEST

START_TEST(keeps_a_message_that_is_the_body_byte_for_byte)
{
    g_autoptr(PdMail) mail = read_mail("From: a@b.c\r\nContent-Type: message/rfc822\r\n\r\n" INNER);

    ck_assert_uint_eq(mail->attachments->len, 1);
    is_hash_of(mail->attachments->pdata[0], INNER);
}
END_TEST

static char *encoded(const char *message)
{
    g_autofree char *base64 = g_base64_encode((const guchar *)message, strlen(message));

    return g_strdup_printf("From: a@b.c\nSubject: outer\nContent-Type: message/rfc822\n"
                           "Content-Transfer-Encoding: base64\n\n%s\n",
                           base64);
}

START_TEST(opens_encoded_messages)
{
    g_autofree char *inner = encoded("Subject: innermost\n\nthe matter itself\n");
    g_autofree char *outer = encoded(inner);
    g_autoptr(PdMail) mail = read_mail(outer);

    ck_assert_ptr_nonnull(strstr(mail->text, "Subject: outer"));
    ck_assert_ptr_nonnull(strstr(mail->text, "the matter itself"));
    ck_assert_uint_eq(mail->attachments->len, 1);
    is_hash_of(mail->attachments->pdata[0], inner);
}
END_TEST

START_TEST(opens_only_so_many_in_one_another)
{
    g_autofree char *message = g_strdup("Subject: innermost\n\nthe matter itself\n");

    for (int i = 0; i < 12; i++) {
        g_autofree char *inner = g_steal_pointer(&message);
        message = encoded(inner);
    }
    g_autoptr(PdMail) mail = read_mail(message);
    ck_assert_ptr_null(strstr(mail->text, "the matter itself"));
    ck_assert_uint_eq(mail->attachments->len, 1);
}
END_TEST

START_TEST(keeps_what_may_not_be_whole)
{
    g_autoptr(PdMail) cut = read_mail("From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\n"
                                      "--x\n\nfirst\n--x\n\nsecond, but th");
    g_autoptr(PdMail) whole = read_mail("From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\n"
                                        "--x\n\nfirst\n--x\n\nsecond\n--x\n");

    ck_assert_str_eq(cut->text, "first\nsecond, but th");
    ck_assert_uint_eq(cut->attachments->len, 1);
    is_hash_of(cut->attachments->pdata[0], "second, but th");
    ck_assert(has_defect(cut, "part 2: nothing says that it is whole"));
    ck_assert_uint_eq(whole->attachments->len, 0);
}
END_TEST

START_TEST(reads_a_text_that_is_not_encoded_as_it_says)
{
    g_autoptr(PdMail) mail =
        read_mail("From: a@b.c\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n"
                  "Dear colleagues, the printer is broken.\n");
    g_autoptr(PdMail) list =
        read_mail("From: a@b.c\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n"
                  "VGhlIHByaW50ZXIgaXMgYnJva2VuLgo=\n\n_____\nlist@example.org\n");

    ck_assert_str_eq(mail->text, "Dear colleagues, the printer is broken.");
    ck_assert(has_defect(mail, "declared as base64"));
    ck_assert_uint_eq(mail->attachments->len, 1);
    ck_assert(g_str_has_prefix(list->text, "The printer is broken."));
    ck_assert_uint_eq(list->attachments->len, 0);
}
END_TEST

START_TEST(cuts_zero_bytes_behind_a_text)
{
    g_autoptr(PdMail) mail =
        read_mail("From: a@b.c\nContent-Type: text/plain; charset=utf-8\n"
                  "Content-Transfer-Encoding: quoted-printable\n\nhello\n=00=00=00=00=00=00=00\n");

    ck_assert_str_eq(mail->text, "hello");
    ck_assert(has_defect(mail, "zero bytes"));
}
END_TEST

/* Apple Mail writes a picture within the text so. */
START_TEST(shows_all_texts_of_an_alternative)
{
    g_autoptr(PdMail) mail = read_mail(
        "From: a@b.c\nContent-Type: multipart/alternative; boundary=a\n\n--a\n"
        "Content-Type: multipart/mixed; boundary=m\n\n--m\n\nabove\n--m\n"
        "Content-Type: image/png\nContent-ID: <p@1>\nContent-Disposition: inline\n\npng\n--m\n\n"
        "below\n--m--\n--a\nContent-Type: text/html\n\n<p>above<p>below\n--a--\n");

    ck_assert_str_eq(mail->text, "above\nbelow");
    ck_assert_uint_eq(mail->attachments->len, 1);
}
END_TEST

TCase *embedded_cases(void)
{
    TCase *cases = tcase_create("embedded");

    tcase_add_test(cases, keeps_a_forwarded_message_byte_for_byte);
    tcase_add_test(cases, keeps_a_message_that_is_the_body_byte_for_byte);
    tcase_add_test(cases, opens_encoded_messages);
    tcase_add_test(cases, opens_only_so_many_in_one_another);
    tcase_add_test(cases, keeps_what_may_not_be_whole);
    tcase_add_test(cases, reads_a_text_that_is_not_encoded_as_it_says);
    tcase_add_test(cases, cuts_zero_bytes_behind_a_text);
    tcase_add_test(cases, shows_all_texts_of_an_alternative);
    return cases;
}
