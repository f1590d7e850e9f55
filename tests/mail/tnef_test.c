/* tnef_test: winmail.dat gives its files and its text, and never more than it holds. */
#include "mail/tnef.h"
#include "reading_help.h"

static void put(GByteArray *out, guint number, guint bytes)
{
    for (guint i = 0; i < bytes; i++) {
        guint8 byte = (guint8)(number >> (8 * i));
        g_byte_array_append(out, &byte, 1);
    }
}

static void put_bytes(GByteArray *out, const char *bytes, gsize length)
{
    g_byte_array_append(out, (const guint8 *)bytes, (guint)length);
}

static void put_attribute(GByteArray *out, guint level, guint id, const char *bytes, gsize length)
{
    put(out, level, 1);
    put(out, id, 4);
    put(out, (guint)length, 4);
    put_bytes(out, bytes, length);
    put(out, 0, 2);
}

static void put_property(GByteArray *out, guint type, guint id, const char *bytes, gsize length)
{
    put(out, type, 2);
    put(out, id, 2);
    put(out, 1, 4);
    put(out, (guint)length, 4);
    put_bytes(out, bytes, length);
    put(out, 0, (guint)((4 - length % 4) % 4));
}

/* A text, a file with a short name and bytes, and one with properties alone. */
static GByteArray *winmail(void)
{
    GByteArray *out = g_byte_array_new();
    g_autoptr(GByteArray) properties = g_byte_array_new();

    put(out, 0x223e9f78, 4);
    put(out, 1, 2);
    put_attribute(out, 1, 0x69007, "\xa8\x03\0\0\0\0\0\0", 8); /* cp936 */
    put_attribute(out, 1, 0x2800c, "\xc4\xe3\xba\xc3\r\nworld", 11);
    put_attribute(out, 2, 0x69002, "", 0);
    put_attribute(out, 2, 0x18010, "A~1.TXT", 8);
    put_attribute(out, 2, 0x6800f, "hello", 5);
    put_attribute(out, 2, 0x69002, "", 0);
    put(properties, 3, 4);
    put_property(properties, 0x1f, 0x3707, "\x60\x4f.\0t\0x\0t\0\0\0", 12);
    put_property(properties, 0x102, 0x3701, "bytes", 5);
    put_property(properties, 0x1e, 0x370e, "text/x-log", 11);
    put_attribute(out, 2, 0x69005, (const char *)properties->data, properties->len);
    return out;
}

START_TEST(opens_it)
{
    g_autoptr(GByteArray) bytes = winmail();
    g_autoptr(PdTnef) tnef = pd_tnef_parse(bytes->data, bytes->len, NULL);

    ck_assert_ptr_nonnull(tnef);
    ck_assert(!tnef->broken);
    ck_assert_str_eq(tnef->text, "你好\r\nworld");
    ck_assert_uint_eq(tnef->files->len, 2);
    const PdTnefFile *first = tnef->files->pdata[0], *second = tnef->files->pdata[1];
    ck_assert_str_eq(first->name, "A~1.TXT");
    ck_assert_mem_eq(first->bytes, "hello", 5);
    ck_assert_str_eq(second->name, "你.txt");
    ck_assert_str_eq(second->type, "text/x-log");
    ck_assert_uint_eq(second->length, 5);
}
END_TEST

START_TEST(reads_no_further_than_it_goes)
{
    g_autoptr(GByteArray) bytes = winmail();

    for (guint length = 0; length < bytes->len; length++) {
        g_autofree guint8 *cut = g_memdup2(bytes->data, length);
        g_autoptr(PdTnef) tnef = pd_tnef_parse(cut, length, NULL);
        ck_assert(length >= 4 || tnef == NULL);
        for (guint i = 0; tnef != NULL && i < tnef->files->len; i++) {
            const PdTnefFile *file = tnef->files->pdata[i];
            ck_assert(file->bytes == NULL || file->bytes + file->length <= cut + length);
        }
    }
}
END_TEST

static PdMail *mail_with(const GByteArray *bytes, const char *before)
{
    g_autofree char *base64 = g_base64_encode(bytes->data, bytes->len);
    g_autofree char *message =
        g_strdup_printf("From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\n%s--x\n"
                        "Content-Type: application/ms-tnef; name=winmail.dat\n"
                        "Content-Transfer-Encoding: base64\n\n%s\n--x--\n",
                        before, base64);

    return read_mail(message);
}

START_TEST(stands_in_for_its_part)
{
    g_autoptr(GByteArray) bytes = winmail();
    g_autoptr(PdMail) mail = mail_with(bytes, "");
    g_autoptr(PdMail) with_text = mail_with(bytes, "--x\n\nthe text\n");

    ck_assert_str_eq(mail->text, "你好\nworld");
    ck_assert_str_eq(with_text->text, "the text");
    ck_assert_uint_eq(mail->attachments->len, 2);
    const PdAttachment *first = mail->attachments->pdata[0], *second = mail->attachments->pdata[1];
    ck_assert_str_eq(first->name, "A~1.TXT");
    ck_assert_uint_eq(first->size, 5);
    ck_assert_str_eq(second->type, "text/x-log");
}
END_TEST

/* In a forwarded mail, in one that this one carries, and encoded as a whole. */
START_TEST(gives_its_files_out_of_forwarded_mails)
{
    g_autoptr(GByteArray) bytes = winmail();
    g_autofree char *base64 = g_base64_encode(bytes->data, bytes->len);
    g_autofree char *inner = g_strdup_printf(
        "From: d@e.f\nSubject: inner\nContent-Type: multipart/mixed; boundary=y\n\n--y\n\n"
        "the text\n--y\nContent-Type: application/ms-tnef; name=winmail.dat\n"
        "Content-Transfer-Encoding: base64\n\n%s\n--y--\n",
        base64);
    g_autofree char *nested = g_strdup_printf("From: g@h.i\nSubject: outer\n"
                                              "Content-Type: message/rfc822\n\n%s",
                                              inner);
    g_autofree char *encoded = g_base64_encode((const guchar *)inner, strlen(inner));
    const char *const parts[] = {
        "\n", inner, "\n", nested, "Content-Transfer-Encoding: base64\n\n", encoded};

    for (gsize i = 0; i < G_N_ELEMENTS(parts); i += 2) {
        g_autofree char *message = g_strdup_printf(
            "From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nlook\n--x\n"
            "Content-Type: message/rfc822\n%s%s\n--x--\n",
            parts[i], parts[i + 1]);
        g_autoptr(PdMail) mail = read_mail(message);
        ck_assert_uint_eq(mail->attachments->len, 3);
        const PdAttachment *whole = mail->attachments->pdata[0],
                           *first = mail->attachments->pdata[1];
        ck_assert_str_eq(whole->type, "message/rfc822");
        ck_assert_str_eq(first->name, "A~1.TXT");
        ck_assert_uint_eq(first->size, 5);
    }
}
END_TEST

START_TEST(is_kept_where_it_is_broken)
{
    g_autoptr(GByteArray) bytes = winmail();
    g_byte_array_set_size(bytes, bytes->len - 8);
    g_autoptr(PdMail) mail = mail_with(bytes, "");
    const PdAttachment *last = mail->attachments->pdata[mail->attachments->len - 1];

    ck_assert_str_eq(last->name, "winmail.dat");
    g_byte_array_set_size(bytes, 2);
    g_autoptr(PdMail) none = mail_with(bytes, "");
    ck_assert_uint_eq(none->attachments->len, 1);
}
END_TEST

TCase *tnef_cases(void)
{
    TCase *cases = tcase_create("tnef");

    tcase_add_test(cases, opens_it);
    tcase_add_test(cases, reads_no_further_than_it_goes);
    tcase_add_test(cases, stands_in_for_its_part);
    tcase_add_test(cases, gives_its_files_out_of_forwarded_mails);
    tcase_add_test(cases, is_kept_where_it_is_broken);
    return cases;
}
