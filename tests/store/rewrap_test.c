/* rewrap_test.c: every part of a text in lines of one width is made of the same text in others. */
#include "store/rewrap.h"

#include "store_test.h"
#include <string.h>

static const char text[] = "0123456789abcdefghijklmn";
static const guint64 widths[] = {0, 1, 2, 3, 4, 5, 7, 8, 12, 23, 24, 25, 1000000};

typedef struct {
    PdLines lines;
    GString *bytes;
} Broken;

/* As a program does it, line by line. */
static Broken break_text(guint64 width, guint64 end)
{
    Broken broken = {.lines = {.width = width, .end = width != 0 ? end : 0},
                     .bytes = g_string_new(NULL)};

    for (gsize at = 0; text[at] != '\0'; at++) {
        if (width != 0 && at > 0 && at % width == 0)
            g_string_append(broken.bytes, end == 2 ? "\r\n" : "\n");
        g_string_append_c(broken.bytes, text[at]);
    }
    return broken;
}

static gboolean is_bare(char c)
{
    return c != '\r' && c != '\n';
}

/* Of the text that begins so many bytes behind. */
static void check_places(const Broken *broken, gsize behind)
{
    const PdLines lines = pd_lines_behind(&broken->lines, behind);
    guint64 bare = 0;

    for (gsize at = behind; at < broken->bytes->len; at++) {
        ck_assert_uint_eq(pd_lines_bare(&lines, at - behind), bare);
        if (is_bare(broken->bytes->str[at]))
            ck_assert_uint_eq(pd_lines_place(&lines, bare++), at - behind);
    }
    ck_assert_uint_eq(pd_lines_bare(&lines, broken->bytes->len - behind), bare);
}

START_TEST(each_byte_stands_where_arithmetic_says)
{
    for (guint64 width = 0; width <= sizeof text + 1; width++) {
        for (guint64 end = 1; end <= 2; end++) {
            Broken broken = break_text(width, end);
            for (gsize behind = 0; behind < broken.bytes->len; behind++)
                check_places(&broken, behind);
            g_string_free(broken.bytes, TRUE);
        }
    }
}
END_TEST

/* Each part of `to` that begins there; what it is made of ends where it should. */
static void check_parts(const Broken *to, gsize begin, const Broken *from)
{
    gsize home = pd_lines_place(&from->lines, pd_lines_bare(&to->lines, begin));
    const PdLines own_lines = pd_lines_behind(&to->lines, begin),
                  home_lines = pd_lines_behind(&from->lines, home);

    for (gsize length = 1; begin + length <= to->bytes->len; length++) {
        guint64 needed = pd_lines_needed(&own_lines, length, &home_lines);
        ck_assert_uint_le(home + needed, from->bytes->len);
        g_autofree char *part = g_memdup2(from->bytes->str + home, needed);
        g_autofree char *made = g_malloc(length);
        pd_lines_rewrap(&own_lines, made, length, &home_lines, part);
        ck_assert_msg(memcmp(made, to->bytes->str + begin, length) == 0,
                      "%zu bytes from %zu on, %u to %u", length, begin, (guint)from->lines.width,
                      (guint)to->lines.width);
    }
}

static void check_all_parts(const Broken *to, const Broken *from)
{
    for (gsize begin = 0; begin < to->bytes->len; begin++)
        check_parts(to, begin, from);
}

START_TEST(each_part_is_made_of_any_other_breaking)
{
    for (gsize i = 0; i < 2 * G_N_ELEMENTS(widths); i++) {
        Broken to = break_text(widths[i / 2], 1 + i % 2);
        for (gsize k = 0; k < 2 * G_N_ELEMENTS(widths); k++) {
            Broken from = break_text(widths[k / 2], 1 + k % 2);
            check_all_parts(&to, &from);
            g_string_free(from.bytes, TRUE);
        }
        g_string_free(to.bytes, TRUE);
    }
}
END_TEST

Suite *rewrap_suite(void)
{
    const TTest *tests[] = {each_byte_stands_where_arithmetic_says,
                            each_part_is_made_of_any_other_breaking};

    return suite_of("rewrap", tests, G_N_ELEMENTS(tests));
}
