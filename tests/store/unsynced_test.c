/* unsynced_test.c: a disk that fails when the database's log is brought to it. */
#include "sharing_fixture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MOST_DESCRIPTORS 64

static guint failures; /* the next syncs of the log that fail */
static gboolean each;  /* the kernel tells each of its descriptors that it failed, once */
static guint8 told[MOST_DESCRIPTORS];

static gboolean is_log(int fd)
{
    g_autofree char *link = g_strdup_printf("/proc/self/fd/%d", fd);
    g_autofree char *path = g_file_read_link(link, NULL);

    return path != NULL && g_str_has_suffix(path, "-wal");
}

/* In place of the C library's, for SQLite too. */
int fdatasync(int fd);
int fdatasync(int fd)
{
    gboolean fails = is_log(fd) && (failures > 0 || (each && !told[fd]));

    if (!fails)
        return (int)syscall(SYS_fdatasync, fd);
    failures -= failures > 0;
    told[fd] = TRUE;
    errno = EIO;
    return -1;
}

static gboolean is_marked(void)
{
    g_autofree char *path = g_build_filename(state, "lock", "unsynced", NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static gint64 log_bytes(void)
{
    g_autofree char *path = g_build_filename(state, "postdesk.db-wal", NULL);
    struct stat file;

    ck_assert_int_eq(stat(path, &file), 0);
    return file.st_size;
}

static void change_fact(const char *value)
{
    MUST(pd_store_begin(store));
    MUST(pd_store_set_fact(store, "fact", value));
}

static PdStatus *set_fact(const char *value)
{
    change_fact(value);
    return pd_store_commit(store);
}

static void expect_fact(const char *value)
{
    g_autofree char *kept = NULL;

    MUST(pd_store_get_fact(store, "fact", &kept));
    ck_assert_str_eq(kept, value);
}

/* What the kernel could not write then it does not write with the next sync either: the log must
 * not be gone on with. */
START_TEST(a_log_that_failed_once_is_written_into_the_database)
{
    MUST(set_fact("one"));
    ck_assert_int_gt(log_bytes(), 0);
    failures = 1;
    MUST(set_fact("two"));
    ck_assert_uint_eq(failures, 0);
    ck_assert_int_eq(log_bytes(), 0);
    expect_fact("two");
}
END_TEST

/* Whoever asks first is told of what the kernel could not write in the background, once. */
START_TEST(a_checkpoint_that_failed_is_not_forgotten)
{
    g_autofree char *long_value = g_strnfill(3 << 20, 'x');

    MUST(set_fact(long_value));
    ck_assert_int_gt(log_bytes(), 3 << 20);
    failures = 1;
    pd_store_rest(store);
    ck_assert_uint_eq(failures, 0);
    MUST(set_fact("two"));
    ck_assert_int_lt(log_bytes(), 3 << 20);
    expect_fact("two");
}
END_TEST

START_TEST(nothing_is_read_until_it_is_on_disk)
{
    g_autofree char *unread = NULL;

    failures = G_MAXUINT;
    MUST_FAIL(set_fact("one"));
    MUST_FAIL(pd_store_get_fact(store, "fact", &unread));
    MUST_FAIL(pd_store_begin(store));
    failures = 0;
    expect_fact("one");
    ck_assert_int_eq(log_bytes(), 0);
    MUST(set_fact("two"));
}
END_TEST

START_TEST(who_opens_the_folder_next_does_not_trust_the_log)
{
    failures = G_MAXUINT;
    MUST_FAIL(set_fact("one"));
    g_clear_pointer(&store, pd_store_close);
    ck_assert_int_gt(log_bytes(), 0);
    MUST_FAIL(pd_store_open(state, PD_STORE_WRITE, &store));
    failures = 0;
    MUST(pd_store_open(state, PD_STORE_WRITE, &store));
    ck_assert_int_eq(log_bytes(), 0);
    expect_fact("one");
    MUST(set_fact("two"));
    PdStore *other = NULL;
    MUST(pd_store_open(state, PD_STORE_WRITE, &other));
    ck_assert_int_gt(log_bytes(), 0); /* once is enough */
    pd_store_close(other);
}
END_TEST

START_TEST(who_does_not_wait_for_the_disk_reads_on)
{
    change_fact("one");
    MUST(pd_store_commit_ahead(store));
    expect_fact("one");
    change_fact("two");
    MUST(pd_store_commit_ahead(store));
    MUST(pd_store_settle(store));
    MUST(pd_store_settle(store)); /* nothing is left to wait for */
    expect_fact("two");
}
END_TEST

START_TEST(and_what_failed_meanwhile_is_written_before_the_next_transaction)
{
    change_fact("one");
    failures = 1;
    MUST(pd_store_commit_ahead(store));
    MUST(pd_store_begin(store));
    ck_assert_uint_eq(failures, 0);
    ck_assert_int_eq(log_bytes(), 0);
    pd_store_rollback(store);
    expect_fact("one");
}
END_TEST

/* One that the thread was told of is told once more to SQLite. */
START_TEST(each_descriptor_is_told_once)
{
    memset(told, FALSE, sizeof told);
    change_fact("one");
    each = TRUE;
    MUST(pd_store_commit_ahead(store));
    PdStatus *status = pd_store_settle(store);
    each = FALSE;
    MUST(status);
    ck_assert_int_eq(log_bytes(), 0);
    expect_fact("one");
}
END_TEST

static gsize pages_of_memory(void)
{
    g_autofree char *text = NULL;

    ck_assert(g_file_get_contents("/proc/self/statm", &text, NULL, NULL));
    return strtoul(text, NULL, 10);
}

/* A worker whose messages all wait for another's commits nothing, again and again: a thread that
 * nobody waits for keeps 8 MiB. */
START_TEST(what_wrote_nothing_is_not_waited_for)
{
    MUST(set_fact("one"));
    gsize before = pages_of_memory();
    failures = G_MAXUINT;
    for (guint i = 0; i < 100; i++) {
        MUST(pd_store_begin(store));
        MUST(pd_store_commit_ahead(store));
    }
    MUST(pd_store_settle(store));
    failures = 0;
    ck_assert_uint_lt(pages_of_memory(), before + 20000);
}
END_TEST

START_TEST(or_the_next_transaction_fails)
{
    gboolean is_busy = FALSE;

    change_fact("one");
    failures = G_MAXUINT;
    MUST(pd_store_commit_ahead(store));
    MUST_FAIL(pd_store_try_begin(store, &is_busy));
    MUST_FAIL(pd_store_begin(store));
    failures = 0;
    MUST(set_fact("two"));
}
END_TEST

START_TEST(who_ends_meanwhile_leaves_a_mark)
{
    change_fact("one");
    failures = G_MAXUINT;
    MUST(pd_store_commit_ahead(store));
    while (!is_marked())
        g_usleep(1000);
    g_clear_pointer(&store, pd_store_close);
    MUST_FAIL(pd_store_open(state, PD_STORE_WRITE, &store));
    failures = 0;
    MUST(pd_store_open(state, PD_STORE_WRITE, &store));
    expect_fact("one");
}
END_TEST

/* The rows that say where bytes are shared may be lost: the bytes must be there. */
START_TEST(no_hole_is_made_for_rows_that_may_be_lost)
{
    g_autofree char *one = NULL, *two = NULL;
    PdSharing sharing = {.after = 0};

    put_file(1, 5, 76, &one);
    gint64 second = put_file(2, 5, 76, &two);
    gint64 before = taken();
    failures = G_MAXUINT;
    MUST_FAIL(pd_sharing_step(store, &sharing));
    sharing.after = 0;
    MUST_FAIL(pd_sharing_step(store, &sharing));
    ck_assert_int_eq(taken(), before);
    failures = 0;
    ck_assert_int_gt(share(), 0);
    check_reads(second, two);
}
END_TEST

Suite *unsynced_suite(void)
{
    const TTest *tests[] = {
        a_log_that_failed_once_is_written_into_the_database,
        a_checkpoint_that_failed_is_not_forgotten,
        nothing_is_read_until_it_is_on_disk,
        who_opens_the_folder_next_does_not_trust_the_log,
        who_does_not_wait_for_the_disk_reads_on,
        and_what_failed_meanwhile_is_written_before_the_next_transaction,
        each_descriptor_is_told_once,
        what_wrote_nothing_is_not_waited_for,
        or_the_next_transaction_fails,
        who_ends_meanwhile_leaves_a_mark,
        no_hole_is_made_for_rows_that_may_be_lost,
    };

    return suite_of("unsynced", tests, G_N_ELEMENTS(tests));
}
