/* intake_test.c: how many messages a transaction takes, and that none is left out. */
#include "fixture.h"
#include <stdlib.h>

#define ENOUGH 64 /* messages of a transaction */
#define MOST 128  /* while others write */

static Fixture *fixture;

static void set_up(void)
{
    fixture = fixture_new("");
}

static void tear_down(void)
{
    fixture_free(fixture);
}

static void take_in(guint count, gsize size)
{
    g_autoptr(GPtrArray) raws = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < count; i++) {
        g_autofree char *padding = g_strnfill(size, 'x');
        for (gsize at = 70; at < size; at += 71)
            padding[at] = '\n';
        g_ptr_array_add(raws, g_strdup_printf("From: r%u@dept.example.org\n"
                                              "To: support@example.org\n"
                                              "Subject: VPN %u\n"
                                              "Message-ID: <m%u@dept.example.org>\n"
                                              "\n"
                                              "The tunnel is down. %s\n",
                                              i, i, i, padding));
    }
    fixture_take_in_all(fixture, "inject", raws);
}

static GPtrArray *waiting(void)
{
    GPtrArray *rows = NULL;

    ck_ok(pd_inbox_between(fixture->store, 0, G_MAXINT64, 1000, &rows));
    return rows;
}

/* Another process that writes until so many messages were looked at. */
typedef struct {
    PdStore *store;
    gint64 last;
    guint seen, until;
} Writer;

static void look_on(gint64 inbox_id, gpointer user)
{
    Writer *writer = user;

    if (inbox_id <= writer->last)
        return;
    writer->last = inbox_id;
    if (++writer->seen == writer->until)
        pd_store_rollback(writer->store);
}

/* How many of so many messages one transaction took, while others wrote until that many were
 * looked at. */
static guint take_while_others_write(guint count, guint until)
{
    g_autoptr(GPtrArray) rows = NULL;
    Writer writer = {.until = until};
    PdProcessed done;
    guint next = 0;

    take_in(count, 0);
    rows = waiting();
    ck_ok(pd_store_open(fixture->config->state, PD_STORE_WRITE, &writer.store));
    ck_ok(pd_store_begin(writer.store));
    ck_ok(pd_desk_process_some(fixture->desk, rows, &next, look_on, &writer, &done));
    ck_assert_uint_eq(done.created, next);
    pd_store_close(writer.store);
    return next;
}

START_TEST(a_transaction_takes_enough_and_the_next_goes_on)
{
    g_autoptr(GPtrArray) rows = NULL, left = NULL;
    PdProcessed done;
    guint next = 0;

    take_in(ENOUGH + 10, 0);
    rows = waiting();
    ck_ok(pd_desk_process_some(fixture->desk, rows, &next, NULL, NULL, &done));
    ck_assert_uint_eq(next, ENOUGH);
    ck_assert_uint_eq(done.created, ENOUGH);
    ck_ok(pd_desk_process_some(fixture->desk, rows, &next, NULL, NULL, &done));
    ck_assert_uint_eq(next, ENOUGH + 10);
    ck_assert_uint_eq(done.created, 10);
    left = waiting();
    ck_assert_uint_eq(left->len, 0);
}
END_TEST

START_TEST(it_takes_a_few_more_while_others_write)
{
    guint taken = take_while_others_write(MOST + 10, ENOUGH + 5);

    ck_assert_uint_ge(taken, ENOUGH + 5);
    ck_assert_uint_lt(taken, MOST);
}
END_TEST

START_TEST(but_nobody_waits_for_more_than_it_may_take)
{
    ck_assert_uint_eq(take_while_others_write(MOST + 10, MOST), MOST);
}
END_TEST

/* How many of so many messages of that size one transaction took. */
static guint take_large(guint count, gsize size)
{
    g_autoptr(GPtrArray) rows = NULL;
    PdProcessed done;
    guint next = 0;

    take_in(count, size);
    rows = waiting();
    ck_ok(pd_desk_process_some(fixture->desk, rows, &next, NULL, NULL, &done));
    ck_assert_uint_eq(done.created, next);
    return next;
}

START_TEST(large_messages_are_fewer)
{
    guint taken = take_large(6, 1 << 20);

    ck_assert_uint_ge(taken, 1);
    ck_assert_uint_lt(taken, 6);
}
END_TEST

START_TEST(one_is_taken_however_large_it_is)
{
    ck_assert_uint_eq(take_large(2, 9 << 20), 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("intake");
    TCase *tests = tcase_create("intake");
    SRunner *runner = srunner_create(suite);

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, a_transaction_takes_enough_and_the_next_goes_on);
    tcase_add_test(tests, it_takes_a_few_more_while_others_write);
    tcase_add_test(tests, but_nobody_waits_for_more_than_it_may_take);
    tcase_add_test(tests, large_messages_are_fewer);
    tcase_add_test(tests, one_is_taken_however_large_it_is);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
