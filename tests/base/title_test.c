/* title_test.c: what ps(1) reads of a process that has become another one. */
#include "postdesk/title.h"
#include <check.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

static gsize room; /* bytes of the words that this program was started with */

static char *shown(gsize *length)
{
    char *words = NULL;

    ck_assert(g_file_get_contents("/proc/self/cmdline", &words, length, NULL));
    return words;
}

START_TEST(words_take_the_place_of_those_before)
{
    const char *words[] = {"it", "is", "I", NULL};
    gsize length = 0;

    pd_title_set(words);
    g_autofree char *all = shown(&length);
    ck_assert_uint_eq(length, room);
    ck_assert_mem_eq(all, "it\0is\0I", sizeof "it\0is\0I");
    for (gsize i = sizeof "it\0is\0I"; i < length; i++)
        ck_assert_int_eq(all[i], '\0');
}
END_TEST

START_TEST(words_that_have_no_room_are_cut_off)
{
    g_autofree char *wide = g_strnfill(room, 'w');
    const char *words[] = {"a", wide, "lost", NULL};
    gsize length = 0;

    pd_title_set(words);
    g_autofree char *all = shown(&length);
    ck_assert_uint_eq(length, room);
    ck_assert_str_eq(all, "a");
    ck_assert_uint_eq(strlen(all + 2), room - 3);
    ck_assert_ptr_nonnull(getenv("PATH")); /* what lies behind is the environment */
}
END_TEST

int main(int argc, char **argv)
{
    Suite *suite = suite_create("title");
    TCase *all = tcase_create("all");

    for (int i = 0; i < argc; i++)
        room += strlen(argv[i]) + 1;
    pd_title_keep(argv);
    tcase_add_test(all, words_take_the_place_of_those_before);
    tcase_add_test(all, words_that_have_no_room_are_cut_off);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
