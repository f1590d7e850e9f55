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

/* An element of DER with at most 127 bytes, or one of unknown length. Takes content. */
static GByteArray *element(guint8 tag, gboolean open, GByteArray *content)
{
    GByteArray *out = g_byte_array_new();
    const guint8 head[] = {tag, open ? 0x80 : (guint8)content->len};

    g_byte_array_append(out, head, 2);
    g_byte_array_append(out, content->data, content->len);
    g_byte_array_append(out, (const guint8 *)"\0", open ? 2 : 0);
    g_byte_array_unref(content);
    return out;
}

static GByteArray *octets(const char *text)
{
    GByteArray *out = g_byte_array_new();

    g_byte_array_append(out, (const guint8 *)text, (guint)strlen(text));
    return out;
}

/* What stands before the content of an element, and the element behind it. Takes behind. */
static GByteArray *behind(const char *before, gsize length, GByteArray *behind)
{
    GByteArray *out = g_byte_array_new();

    g_byte_array_append(out, (const guint8 *)before, (guint)length);
    g_byte_array_append(out, behind->data, behind->len);
    g_byte_array_unref(behind);
    return out;
}

/* A message that is signed as one piece; open: as programs write it that do not know its length.
 */
static char *signed_as_one(gboolean open)
{
    GByteArray *text = element(0x04, FALSE, octets("Content-Type: text/html\n\n<p>the words"));
    GByteArray *pieces = open ? element(0x24, TRUE, text) : text;
    GByteArray *inside = element(0xa0, open, pieces);
    GByteArray *encapsulated =
        element(0x30, open, behind("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01", 11, inside));
    GByteArray *data = element(0x30, open, behind("\x02\x01\x01\x31\x00", 5, encapsulated));
    g_autoptr(GByteArray) all = element(
        0x30, open,
        behind("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", 11, element(0xa0, open, data)));
    g_autofree char *base64 = g_base64_encode(all->data, all->len);

    return g_strdup_printf("From: a@b.c\nContent-Type: application/pkcs7-mime; "
                           "smime-type=signed-data; name=smime.p7m\n"
                           "Content-Transfer-Encoding: base64\n\n%s\n",
                           base64);
}

START_TEST(opens_what_is_signed_as_one_piece)
{
    g_autofree char *message = signed_as_one(_i == 1);
    g_autoptr(PdMail) mail = read_mail(message);

    ck_assert_str_eq(mail->text, "the words");
    ck_assert_ptr_nonnull(mail->html);
    ck_assert_uint_eq(mail->attachments->len, 0);
    ck_assert_ptr_nonnull(mail->signed_by);
    ck_assert_int_eq(mail->signed_by->result, PD_SIGNED_UNCHECKED);
}
END_TEST

START_TEST(keeps_what_is_encrypted)
{
    g_autoptr(PdMail) mail =
        read_mail("From: a@b.c\nContent-Type: application/pkcs7-mime; name=smime.p7m\n"
                  "Content-Transfer-Encoding: base64\n\nMIAGCSqGSIb3DQEHA6CAMIACAQA=\n");

    ck_assert_str_eq(mail->text, "");
    ck_assert_uint_eq(mail->attachments->len, 1);
}
END_TEST

START_TEST(reads_transfer_encodings_of_broken_gateways)
{
    g_autoptr(PdMail) pieces =
        read_mail("From: a@b.c\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n"
                  "VGhlIHByaW50ZXI=\nIGlzIGJyb2tlbg==\n\nDear list, this is none\n");
    g_autoptr(PdMail) blanks = read_mail(
        "From: a@b.c\nContent-Type: text/plain; charset=gbk\n"
        "Content-Transfer-Encoding: quoted-printable\n\n=b4=\n=f2=d3=a1=  \t\r\n=bb=fa a = b\n");

    ck_assert_str_eq(pieces->text, "The printer is broken");
    ck_assert_str_eq(blanks->text, "打印机 a = b");
}
END_TEST

START_TEST(reads_texts_without_a_subtype)
{
    g_autoptr(PdMail) whole = read_mail("From: a@b.c\nContent-Type: text\n\nhello\n");
    g_autoptr(PdMail) part = read_mail("From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\n"
                                       "--x\nContent-Type: TEXT; charset=us-ascii\n\nhi\n--x--\n");

    ck_assert_str_eq(whole->text, "hello");
    ck_assert_str_eq(part->text, "hi");
    ck_assert_uint_eq(whole->attachments->len + part->attachments->len, 0);
}
END_TEST

START_TEST(reads_lines_that_end_with_CR_alone)
{
    g_autoptr(PdMail) mail = read_mail("From: a@b.c\rSubject: cr\r\rfirst\rsecond\r");

    ck_assert_str_eq(mail->subject, "cr");
    ck_assert_str_eq(mail->text, "first\nsecond");
    ck_assert(has_defect(mail, "CR alone"));
}
END_TEST

START_TEST(shows_text_of_kinds_that_are_not_known)
{
    g_autoptr(PdMail) other =
        read_mail("From: a@b.c\nContent-Type: text/x-markdown\n\n# It is *broken*\n");
    g_autoptr(PdMail) enriched = read_mail(
        "From: a@b.c\nContent-Type: text/enriched\n\n<bold>It</bold>\nis\n\n<<broken & late\n");
    g_autoptr(PdMail) chosen =
        read_mail("From: a@b.c\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nplain\n"
                  "--b\nContent-Type: text/x-amp-html\n\namp\n--b\nContent-Type: "
                  "text/watch\n\nwatch\n--b\nContent-Type: text/html\n\n<p>plain\n--b--\n");

    ck_assert_str_eq(other->text, "# It is *broken*");
    ck_assert_str_eq(enriched->text, "It is\n<broken & late");
    ck_assert_str_eq(chosen->full_text, "plain");
    ck_assert_uint_eq(other->attachments->len, 1);
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
    tcase_add_loop_test(cases, opens_what_is_signed_as_one_piece, 0, 2);
    tcase_add_test(cases, keeps_what_is_encrypted);
    tcase_add_test(cases, reads_transfer_encodings_of_broken_gateways);
    tcase_add_test(cases, reads_texts_without_a_subtype);
    tcase_add_test(cases, shows_text_of_kinds_that_are_not_known);
    tcase_add_test(cases, reads_lines_that_end_with_CR_alone);
    return cases;
}
