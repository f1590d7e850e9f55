/* shape_test: what a text asks of its encoding, against looking at one byte after the other. */
#include "mail/shape.h"
#include "mail_test.h"
#include <string.h>

static PdShape slow_shape(const char *text)
{
    PdShape shape = {.length = strlen(text), .seven_bit = TRUE, .ascii = TRUE};
    gsize line = 0;

    for (const char *c = text; *c != '\0'; c++) {
        guchar byte = (guchar)*c;
        line = byte == '\n' ? 0 : line + 1;
        gboolean is_control = (byte < ' ' && byte != '\t' && byte != '\n') || byte == 0x7f;
        shape.encoded += byte >= 0x80 || byte == '=';
        shape.seven_bit &= byte < 0x80 && !is_control && line <= 900;
        shape.ascii &= byte < 0x80;
    }
    return shape;
}

static void same(const char *text)
{
    PdShape is = pd_shape_of(text);
    PdShape shall = slow_shape(text);

    ck_assert_uint_eq(is.length, shall.length);
    ck_assert_uint_eq(is.encoded, shall.encoded);
    ck_assert_int_eq(is.seven_bit, shall.seven_bit);
    ck_assert_int_eq(is.ascii, shall.ascii);
}

START_TEST(tells_every_byte_at_every_place)
{
    for (gsize place = 0; place < 17; place++) {
        for (guint byte = 1; byte < 256; byte++) {
            char text[] = "seventeen letters";
            text[place] = (char)byte;
            same(text);
        }
    }
    same("");
}
END_TEST

START_TEST(tells_random_texts)
{
    static const char bytes[] = "ab= \t\n\r\x01\x1f\x7f\x80\xe4\xff";
    g_autoptr(GRand) random = g_rand_new_with_seed(7);

    for (guint i = 0; i < 20000; i++) {
        char text[100];
        gint length = g_rand_int_range(random, 0, sizeof text);
        for (gint at = 0; at < length; at++)
            text[at] = bytes[g_rand_int_range(random, 0, sizeof bytes - 1)];
        text[length] = '\0';
        same(text);
    }
}
END_TEST

START_TEST(tells_long_texts)
{
    static const char *const pieces[] = {"=", "\x80", "a", "=\xff", "ab=\n"};
    static const gsize lengths[] = {899, 900, 901, 2039, 2040, 2041, 5000, 70000};

    for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
        for (gsize j = 0; j < G_N_ELEMENTS(lengths); j++) {
            g_autoptr(GString) text = g_string_new(NULL);
            while (text->len < lengths[j])
                g_string_append(text, pieces[i]);
            g_string_truncate(text, lengths[j]);
            same(text->str);
        }
    }
}
END_TEST

TCase *shape_cases(void)
{
    TCase *cases = tcase_create("shape");

    tcase_add_test(cases, tells_every_byte_at_every_place);
    tcase_add_test(cases, tells_random_texts);
    tcase_add_test(cases, tells_long_texts);
    return cases;
}
