/* rtf_test: texts in RTF, and how winmail.dat packs them. */
#include "mail/lzfu.h"
#include "mail/rtf.h"
#include "reading_help.h"

static void reads(const char *rtf, const char *expected, gboolean expect_html)
{
    gboolean is_html;
    g_autofree char *text =
        pd_rtf_read((const guint8 *)rtf, strlen(rtf), 1000, "gb18030", &is_html);

    ck_assert_ptr_nonnull(text);
    ck_assert_str_eq(text, expected);
    ck_assert_int_eq(is_html, expect_html);
}

START_TEST(reads_plain_text)
{
    reads("{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}{\\colortbl\\red0;}{\\*\\generator x;}"
          "\\f0 one\\par two\\tab\\{three\\}\r\n}",
          "one\ntwo\t{three}", FALSE);
}
END_TEST

/* By the font's charset, by the code page of the whole, and as numbers with a replacement. */
START_TEST(reads_chinese)
{
    reads("{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0\\fcharset0 A;}{\\f1\\fcharset134 S;}}"
          "\\f0 caf\\'e9 {\\f1\\'c4\\'e3\\'ba\\'c3}!}",
          "caf\xc3\xa9 \xe4\xbd\xa0\xe5\xa5\xbd!", FALSE);
    reads("{\\rtf1\\ansicpg936 \\'c4\\'e3}", "\xe4\xbd\xa0", FALSE);
    reads("{\\rtf1\\uc1 \\u20320?\\u-10179?\\u-8704?x}", "\xe4\xbd\xa0\xf0\x9f\x98\x80x", FALSE);
}
END_TEST

START_TEST(gives_back_packed_html)
{
    reads("{\\rtf1\\ansi\\fromhtml1{\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 hello"
          "{\\*\\htmltag84 &amp;}\\htmlrtf &\\htmlrtf0 you\\htmlrtf }\\htmlrtf0{\\*\\htmltag72 "
          "</p>}}",
          "<p>hello&amp;you</p>", TRUE);
}
END_TEST

START_TEST(holds_its_bounds)
{
    gboolean is_html;
    g_autofree char *deep = g_strnfill(5000, '{');
    g_autofree char *rtf = g_strconcat("{\\rtf1 ", deep, "x\\bin999999999 ", NULL);
    g_autofree char *text = pd_rtf_read((const guint8 *)rtf, strlen(rtf), 100, NULL, &is_html);
    g_autofree char *none = pd_rtf_read((const guint8 *)"plain", 5, 100, NULL, &is_html);

    ck_assert_str_eq(text, "x");
    ck_assert_ptr_null(none);
}
END_TEST

/* The specification's own example: a run that copies itself. */
START_TEST(unpacks)
{
    static const guint8 packed[] = {0x1a, 0,   0,    0,    0x1c, 0,    0,    0,    'L',  'Z',
                                    'F',  'u', 0xe2, 0xd4, 0x4b, 0x51, 0x41, 0x00, 0x04, 0x20,
                                    'W',  'X', 'Y',  'Z',  0x0d, 'n',  '}',  0x01, 0x0e, 0xb0};
    g_autoptr(GByteArray) rtf = pd_lzfu_unpack(packed, sizeof(packed), 1000);
    g_autoptr(GByteArray) little = pd_lzfu_unpack(packed, sizeof(packed), 5);
    g_autoptr(GByteArray) cut = pd_lzfu_unpack(packed, 18, 1000);

    ck_assert_uint_eq(rtf->len, 28);
    ck_assert_mem_eq(rtf->data, "{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}", 28);
    ck_assert_uint_eq(little->len, 5);
    ck_assert_uint_eq(cut->len, 0);
    ck_assert_ptr_null(pd_lzfu_unpack((const guint8 *)"no RTF at all....", 17, 1000));
}
END_TEST

TCase *rtf_cases(void)
{
    TCase *cases = tcase_create("rtf");

    tcase_add_test(cases, reads_plain_text);
    tcase_add_test(cases, reads_chinese);
    tcase_add_test(cases, gives_back_packed_html);
    tcase_add_test(cases, holds_its_bounds);
    tcase_add_test(cases, unpacks);
    return cases;
}
