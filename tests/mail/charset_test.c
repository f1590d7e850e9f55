/* charset_test: the ladder of charsets. */
#include "mail/charset.h"
#include "mail/charset_convert.h"
#include "mail_test.h"
#include <string.h>

static void decodes(const char *bytes, const char *declared, const char *prior, const char *text,
                    const char *why)
{
    PdDecoding decoding;
    g_autofree char *got = pd_charset_decode(bytes, strlen(bytes), declared, prior, &decoding);

    ck_assert_str_eq(got, text);
    ck_assert_str_eq(decoding.why, why);
}

START_TEST(takes_the_superset)
{
    decodes("\xc4\xe3\xba\xc3", "gb2312", NULL, "你好", "superset");
    decodes("\x95\x32\x82\x36", "GB2312", NULL, "\xf0\xa0\x80\x80", "superset"); /* four bytes */
    decodes("\xc4\xe3\xba\xc3", "GB18030", NULL, "你好", "declared");
    decodes("\xa7\x41\xa6\x6e", "big5", NULL, "你好", "superset");
    decodes("\x93hi\x94", "iso-8859-1", NULL, "“hi”", "superset");
    decodes("\xbe\xc8\xb3\xe7\x8c\x63", "ks_c_5601-1987", NULL, "안녕똠", "superset");
    decodes("caf\xc3\xa9", "UTF-8", NULL, "café", "declared");
    decodes("\x80 300", "gbk", NULL, "€ 300", "superset"); /* of Windows' code page 936 */
    decodes("\xc4\xe3\xba\xc3", "csGB2312", NULL, "你好", "superset");
    decodes("plain", "x-nonsense-9", NULL, "plain", "declared");
}
END_TEST

START_TEST(reads_microsofts_iso2022)
{
    decodes("\x1b$B%F%9%H\x1b(B", "iso-2022-jp", NULL, "テスト", "declared");
    decodes("\x1b$B-!\x1b(B x", "iso-2022-jp", NULL, "① x", "declared");
    decodes("\x1b$B%F%9%H\x1b(B", NULL, NULL, "テスト", "guess");
}
END_TEST

START_TEST(sees_through_wrong_declarations)
{
    decodes("你好世界", "us-ascii", NULL, "你好世界", "valid UTF-8");
    decodes("你好世界", "gb2312-nonsense", NULL, "你好世界", "valid UTF-8");
    decodes("\xc4\xe3\xba\xc3\xca\xc0\xbd\xe7", "utf-8", NULL, "你好世界", "guess");
    decodes("\xc4\xe3\xba\xc3\xca\xc0\xbd\xe7", "us-ascii", NULL, "你好世界", "guess");
    decodes("Вам выставлен счет", "windows-1251", NULL, "Вам выставлен счет", "valid UTF-8");
    decodes("\xa7\x41\xa6\x6e\xa5\x40\xac\xc9", NULL, "big5", "你好世界", "guess");
    decodes("\xb0\x5d\xb0\xc8\xa8\x74\xb2\xce\xb5\x4c\xaa\x6b\xb6\xd7\xa5\x58\xbe\xcc\xc3\xd2\xa1"
            "\x41\xbd\xd0"
            "\xa8\xf3\xa7\x55\xb3\x42\xb2\x7a",
            "gb2312", "gb18030", "財務系統無法匯出憑證，請協助處理", "guess");
    decodes("\xaa\xa1\xcf\xc8\xc9\xfa\xc4\xe3\xba\xc3", "gbk", NULL, "\xee\x80\x80先生你好",
            "superset"); /* a character of one's own in a name */
}
END_TEST

/* Declared as Western, which takes every byte; and Western texts, which stay what they are. */
START_TEST(tells_eastern_bytes_from_western_ones)
{
    decodes("\xb4\xf2\xd3\xa1\xbb\xfa\xbb\xb5\xc1\xcb, \xc7\xeb\xb4\xa6\xc0\xed", "iso-8859-1",
            NULL, "打印机坏了, 请处理", "guess");
    decodes("\xb0\x5d\xb0\xc8\xa8\x74\xb2\xce\xb5\x4c\xaa\x6b\xb6\xd7\xa5\x58", "iso-8859-1", NULL,
            "財務系統無法匯出", "guess"); /* Big5, whose second bytes may be letters */
    decodes("une voie d\xe9g\xe9n\xe9r\xe9"
            "e, pr\xe9"
            "f\xe9r\xe9"
            "e",
            "iso-8859-1", "big5", "une voie dégénérée, préférée", "superset");
    decodes("打印机坏了", "windows-1252", NULL, "打印机坏了", "valid UTF-8");
    decodes("d\xe9j\xe0 vu \xe0 l'\xe9t\xe9", "iso-8859-1", "gb18030", "déjà vu à l'été",
            "superset");
    decodes("\xc4\xd6\xdc", "iso-8859-1", "gb18030", "ÄÖÜ", "superset");
}
END_TEST

START_TEST(asks_for_the_charset_elsewhere_too)
{
    decodes("~{4rS!;z~} ok", "hz-gb-2312", NULL, "打印机 ok", "declared");
}
END_TEST

static void decodes_wide(const char *bytes, gsize length, const char *text)
{
    PdDecoding decoding;
    g_autofree char *got = pd_charset_decode(bytes, length, "utf-16", NULL, &decoding);

    ck_assert_str_eq(got, text);
    ck_assert_uint_eq(decoding.replaced, 0);
}

START_TEST(finds_the_order_of_bytes)
{
    decodes_wide("\0h\0i", 4, "hi");
    decodes_wide("h\0i\0", 4, "hi");
    decodes_wide("\x62\x53\x53\x70\x67\x3a", 6, "打印机");
    decodes_wide("\x53\x62\x70\x53\x3a\x67", 6, "打印机");
}
END_TEST

START_TEST(drops_nothing_silently)
{
    PdDecoding decoding;
    g_autofree char *cut = pd_charset_decode("ab\xe4\xbd", 4, "utf-8", NULL, &decoding);

    ck_assert(decoding.replaced > 0);
    ck_assert(g_utf8_validate(cut, -1, NULL));
    g_autofree char *nul = pd_charset_decode("a\0b", 3, "utf-8", NULL, &decoding);
    ck_assert_str_eq(nul, "a\xef\xbf\xbd"
                          "b");
    ck_assert_uint_eq(decoding.replaced, 1);
    g_autofree char *none = pd_charset_decode(NULL, 0, NULL, NULL, &decoding);
    ck_assert_str_eq(none, "");
}
END_TEST

/* The library's CP949 takes these two bytes and then complains of them: nothing may be taken from
 * behind the text. */
START_TEST(ends_where_the_text_ends)
{
    static const char bytes[] = "ok\xa2\xe8";
    guint replaced;
    g_autofree char *text = pd_charset_convert(bytes, sizeof(bytes) - 1, "CP949", &replaced);

    ck_assert_str_eq(text, "ok\xef\xbf\xbd");
    ck_assert_uint_eq(replaced, 1);
}
END_TEST

START_TEST(heeds_byte_order_marks)
{
    PdDecoding decoding;
    g_autofree char *wide = pd_charset_decode("\xff\xfeh\0i\0", 6, "utf-8", NULL, &decoding);

    ck_assert_str_eq(wide, "hi");
    decodes("\xef\xbb\xbfhi", NULL, NULL, "hi", "declared");
}
END_TEST

TCase *charset_cases(void)
{
    TCase *cases = tcase_create("charset");

    tcase_add_test(cases, takes_the_superset);
    tcase_add_test(cases, reads_microsofts_iso2022);
    tcase_add_test(cases, sees_through_wrong_declarations);
    tcase_add_test(cases, tells_eastern_bytes_from_western_ones);
    tcase_add_test(cases, asks_for_the_charset_elsewhere_too);
    tcase_add_test(cases, finds_the_order_of_bytes);
    tcase_add_test(cases, drops_nothing_silently);
    tcase_add_test(cases, ends_where_the_text_ends);
    tcase_add_test(cases, heeds_byte_order_marks);
    return cases;
}
