/* portion_test.c: rows of the inbox are taken by one worker each. */
#include "roles/portion.h"

#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define MANY 1000

static char *folder;
static PdPortion *mine, *others;

static void must(PdStatus *status)
{
    ck_assert_msg(status == NULL, "%s", status != NULL ? pd_status_text(status) : "");
}

static void begin(void)
{
    folder = g_dir_make_tmp("portion-XXXXXX", NULL);
    must(pd_portion_open(folder, &mine));
    must(pd_portion_open(folder, &others));
}

static void end(void)
{
    g_autofree char *lock = g_build_filename(folder, "lock", NULL);
    g_autofree char *path = g_build_filename(lock, "inbox", NULL);

    pd_portion_close(mine);
    pd_portion_close(others);
    g_unlink(path);
    g_rmdir(lock);
    ck_assert_int_eq(g_rmdir(folder), 0);
    g_clear_pointer(&folder, g_free);
}

/* Ids with gaps: not all rows of an inbox are still to be done. */
static GArray *rows(guint count)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));

    for (gint64 i = 1; i <= count; i++) {
        gint64 id = 3 * i;
        g_array_append_val(ids, id);
    }
    return ids;
}

static gint64 at(const GArray *ids, guint place)
{
    return g_array_index(ids, gint64, place);
}

static GArray *take(PdPortion *portion, const GArray *ids, guint workers)
{
    GArray *taken = NULL;

    must(pd_portion_take(portion, ids, workers, &taken));
    return taken;
}

static gboolean takes_one(PdPortion *portion, gint64 id)
{
    gboolean taken = FALSE;

    must(pd_portion_take_one(portion, id, &taken));
    return taken;
}

START_TEST(no_row_is_taken_twice)
{
    g_autoptr(GArray) ids = rows(MANY);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_int64_hash, g_int64_equal);
    g_autoptr(GPtrArray) workers = g_ptr_array_new_with_free_func((GDestroyNotify)pd_portion_close);
    g_autoptr(GPtrArray) portions = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);

    while (g_hash_table_size(seen) < MANY) {
        PdPortion *worker = NULL;
        must(pd_portion_open(folder, &worker));
        g_ptr_array_add(workers, worker);
        GArray *taken = take(worker, ids, 2);
        g_ptr_array_add(portions, taken);
        ck_assert_uint_gt(taken->len, 0);
        for (guint i = 0; i < taken->len; i++)
            ck_assert(g_hash_table_add(seen, &g_array_index(taken, gint64, i)));
    }
    g_autoptr(GArray) none = take(mine, ids, 2);
    ck_assert_uint_eq(none->len, 0);
}
END_TEST

START_TEST(the_oldest_that_nobody_has_come_first)
{
    g_autoptr(GArray) ids = rows(MANY);

    ck_assert(takes_one(others, at(ids, 0)));
    ck_assert(takes_one(others, at(ids, 2)));
    g_autoptr(GArray) taken = take(mine, ids, 2);
    ck_assert_uint_gt(taken->len, 2);
    ck_assert_int_eq(at(taken, 0), at(ids, 1));
    for (guint i = 1; i < taken->len; i++)
        ck_assert_int_eq(at(taken, i), at(ids, i + 2));
}
END_TEST

/* However few there are: each of them may take long. */
START_TEST(each_takes_its_share)
{
    g_autoptr(GArray) ids = rows(21);
    g_autoptr(GArray) first = take(mine, ids, 2);
    g_autoptr(GArray) second = take(others, ids, 2);

    ck_assert_uint_eq(first->len, 11);
    ck_assert_uint_eq(second->len, 10);
    ck_assert_int_gt(at(second, 0), at(first, first->len - 1));
}
END_TEST

START_TEST(one_message_is_one_workers)
{
    g_autoptr(GArray) ids = rows(1);
    g_autoptr(GArray) taken = take(mine, ids, 64);
    g_autoptr(GArray) none = take(others, ids, 64);

    ck_assert_uint_eq(taken->len, 1);
    ck_assert_uint_eq(none->len, 0);
}
END_TEST

START_TEST(nothing_is_taken_of_nothing)
{
    g_autoptr(GArray) ids = rows(0);
    g_autoptr(GArray) taken = take(mine, ids, 0);

    ck_assert_uint_eq(taken->len, 0);
}
END_TEST

START_TEST(what_is_given_back_is_anyones)
{
    g_autoptr(GArray) ids = rows(10);
    g_autoptr(GArray) taken = take(mine, ids, 1);

    ck_assert_uint_eq(taken->len, 10);
    ck_assert(!takes_one(others, at(ids, 4)));
    pd_portion_give_back(mine);
    ck_assert(takes_one(others, at(ids, 4)));
    ck_assert(!takes_one(mine, at(ids, 4)));
}
END_TEST

START_TEST(a_worker_that_ends_gives_back)
{
    pid_t child = fork();
    int how;

    if (child == 0) {
        PdPortion *own = NULL;
        gboolean taken = FALSE;
        pd_status_free(pd_portion_open(folder, &own));
        pd_status_free(pd_portion_take_one(own, 7, &taken));
        _exit(taken && !takes_one(mine, 7) ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(child, &how, 0), child);
    ck_assert(WIFEXITED(how) && WEXITSTATUS(how) == 0);
    ck_assert(takes_one(mine, 7));
}
END_TEST

/* Else a few workers would find all of what they look at taken. */
START_TEST(a_look_is_beyond_what_the_others_may_have)
{
    g_autoptr(GArray) ids = rows(MANY);
    g_autoptr(GArray) most = take(mine, ids, 1);

    for (guint workers = 1; workers <= 8; workers++)
        ck_assert_uint_gt(pd_portion_look(workers), (workers - 1) * most->len);
    ck_assert_uint_lt(pd_portion_look(G_MAXUINT), 100000);
}
END_TEST

START_TEST(an_inbox_has_many_rows_in_its_life)
{
    const gint64 late = G_GINT64_CONSTANT(1) << 40;

    ck_assert(takes_one(mine, late));
    ck_assert(!takes_one(others, late));
    ck_assert(takes_one(others, late + 1));
    ck_assert(takes_one(others, late & 0xffffffff));
}
END_TEST

START_TEST(one_of_what_was_taken_is_given_back)
{
    g_autoptr(GArray) ids = rows(3);
    g_autoptr(GArray) taken = take(mine, ids, 1);

    ck_assert_uint_eq(taken->len, 3);
    pd_portion_give_back_one(mine, at(ids, 1));
    ck_assert(!takes_one(others, at(ids, 0)));
    ck_assert(takes_one(others, at(ids, 1)));
    ck_assert(!takes_one(others, at(ids, 2)));
}
END_TEST

START_TEST(who_closes_gives_back)
{
    ck_assert(takes_one(mine, 7));
    g_clear_pointer(&mine, pd_portion_close);
    ck_assert(takes_one(others, 7));
}
END_TEST

START_TEST(a_state_folder_that_is_none_is_told)
{
    PdPortion *portion = NULL;
    g_autoptr(PdStatus) status = pd_portion_open("/dev/null", &portion);

    ck_assert_ptr_nonnull(status);
    ck_assert_int_eq(pd_status_spoils(status), PD_SPOILS_STORE);
    ck_assert_ptr_null(portion);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("portion");
    Suite *suite = suite_create("portion");

    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, no_row_is_taken_twice);
    tcase_add_test(tests, the_oldest_that_nobody_has_come_first);
    tcase_add_test(tests, each_takes_its_share);
    tcase_add_test(tests, one_message_is_one_workers);
    tcase_add_test(tests, nothing_is_taken_of_nothing);
    tcase_add_test(tests, what_is_given_back_is_anyones);
    tcase_add_test(tests, a_worker_that_ends_gives_back);
    tcase_add_test(tests, a_look_is_beyond_what_the_others_may_have);
    tcase_add_test(tests, an_inbox_has_many_rows_in_its_life);
    tcase_add_test(tests, one_of_what_was_taken_is_given_back);
    tcase_add_test(tests, who_closes_gives_back);
    tcase_add_test(tests, a_state_folder_that_is_none_is_told);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
