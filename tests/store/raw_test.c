/* raw_test.c: raw messages are kept as they came. */
#include "store/store_internal.h"
#include "store_test.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static char *segment_path(gint64 segment)
{
    return g_strdup_printf("%s/raw/%08" G_GINT64_FORMAT ".seg", state, segment);
}

static gint64 size_of(gint64 segment)
{
    g_autofree char *path = segment_path(segment);
    GStatBuf file;

    return g_stat(path, &file) == 0 ? (gint64)file.st_size : -1;
}

static PdRawPlace write_one(PdRawWriter *writer, const char *bytes, gsize length)
{
    PdRawPlace place;
    guint8 digest[PD_HASH_SIZE];
    guint8 expected[PD_HASH_SIZE];

    MUST(pd_raw_begin(writer));
    MUST(pd_raw_write(writer, bytes, length / 2));
    MUST(pd_raw_write(writer, bytes + length / 2, length - length / 2));
    MUST(pd_raw_end(writer, &place, digest));
    pd_hash_bytes(bytes, length, expected);
    ck_assert_mem_eq(digest, expected, PD_HASH_SIZE);
    return place;
}

static void check_reads(const PdRawPlace *place, const char *expected, gsize length)
{
    g_autofree char *bytes = NULL;
    gsize got;

    MUST(pd_raw_read(store, place, G_MAXSIZE, &bytes, &got));
    ck_assert_uint_eq(got, length);
    ck_assert_int_eq(memcmp(bytes, expected, length), 0);
}

START_TEST(messages_come_back_byte_for_byte)
{
    g_autoptr(PdRawWriter) writer = NULL;
    gsize large = 3 << 20;
    g_autofree char *big = g_malloc(large);

    for (gsize i = 0; i < large; i++)
        big[i] = (char)(i * 31 + i / 1000);
    MUST(pd_raw_writer_open(store, "a/INBOX", &writer));
    PdRawPlace small = write_one(writer, "a\0b\r\n", 5);
    PdRawPlace huge = write_one(writer, big, large);
    PdRawPlace empty = write_one(writer, "", 0);
    PdRawPlace last = write_one(writer, "last", 4);
    MUST(pd_raw_sync(writer));
    check_reads(&small, "a\0b\r\n", 5);
    check_reads(&huge, big, large);
    check_reads(&empty, "", 0);
    check_reads(&last, "last", 4);
    g_autofree char *head = NULL;
    gsize got;
    MUST(pd_raw_read(store, &huge, 100, &head, &got));
    ck_assert_uint_eq(got, 100);
}
END_TEST

START_TEST(abandoned_message_leaves_no_gap)
{
    g_autoptr(PdRawWriter) writer = NULL;
    g_autofree char *big = g_malloc0(1 << 20);

    MUST(pd_raw_writer_open(store, "a/INBOX", &writer));
    PdRawPlace first = write_one(writer, "first", 5);
    MUST(pd_raw_begin(writer));
    MUST(pd_raw_write(writer, big, 1 << 20)); /* reaches the file */
    pd_raw_abandon(writer);
    MUST(pd_raw_begin(writer));
    MUST(pd_raw_write(writer, "x", 1)); /* stays in the buffer */
    pd_raw_abandon(writer);
    PdRawPlace second = write_one(writer, "second", 6);
    MUST(pd_raw_sync(writer));
    ck_assert_uint_eq(second.offset, first.offset + first.length);
    check_reads(&first, "first", 5);
    check_reads(&second, "second", 6);
}
END_TEST

START_TEST(next_writer_overwrites_what_was_not_committed)
{
    gint64 kept = add_message(store, "a/INBOX", 1, "kept");
    g_autoptr(PdRawWriter) writer = NULL;
    g_autoptr(PdInboxRow) row = NULL;

    MUST(pd_raw_writer_open(store, "a/INBOX", &writer));
    write_one(writer, "never committed", 15);
    MUST(pd_raw_sync(writer));
    pd_raw_writer_free(g_steal_pointer(&writer));
    MUST(pd_inbox_get(store, kept, &row));
    ck_assert_int_eq(size_of(row->raw.segment), 4 + 15);
    fixture_reopen();
    MUST(pd_raw_writer_open(store, "a/INBOX", &writer));
    ck_assert_int_eq(size_of(row->raw.segment), 4);
    PdRawPlace next = write_one(writer, "next", 4);
    MUST(pd_raw_sync(writer));
    ck_assert_int_eq(next.segment, row->raw.segment);
    ck_assert_uint_eq(next.offset, 4);
    check_reads(&row->raw, "kept", 4);
}
END_TEST

START_TEST(owners_write_apart)
{
    g_autoptr(PdRawWriter) one = NULL;
    g_autoptr(PdRawWriter) other = NULL;

    MUST(pd_raw_writer_open(store, "a/INBOX", &one));
    MUST(pd_raw_writer_open(store, "b/INBOX", &other));
    PdRawPlace first = write_one(one, "one", 3);
    PdRawPlace second = write_one(other, "other", 5);
    MUST(pd_raw_sync(one));
    MUST(pd_raw_sync(other));
    ck_assert_int_ne(first.segment, second.segment);
    check_reads(&first, "one", 3);
    check_reads(&second, "other", 5);
}
END_TEST

START_TEST(lost_bytes_are_told_and_not_papered_over)
{
    gint64 id = add_message(store, "a/INBOX", 1, "soon gone");
    g_autoptr(PdRawWriter) writer = NULL;
    g_autoptr(PdInboxRow) row = NULL;
    g_autofree char *bytes = NULL;
    gsize length;

    MUST(pd_inbox_get(store, id, &row));
    g_autofree char *path = segment_path(row->raw.segment);
    ck_assert_int_eq(truncate(path, 3), 0);
    MUST_FAIL(pd_raw_read(store, &row->raw, 100, &bytes, &length));
    MUST_FAIL(pd_raw_writer_open(store, "a/INBOX", &writer));
}
END_TEST

/* A segment that is nearly full, without the bytes. */
static void pretend_committed(gint64 segment, guint64 end)
{
    g_autofree char *path = segment_path(segment);

    ck_assert_int_eq(truncate(path, (off_t)end), 0);
    MUST(pd_store_begin(store));
    MUST(pd_segment_commit(store, segment, end));
    MUST(pd_store_commit(store));
}

START_TEST(full_segment_is_followed_by_another)
{
    g_autoptr(PdRawWriter) writer = NULL;

    add_message(store, "a/INBOX", 1, "x");
    pretend_committed(1, PD_SEGMENT_FULL - 3);
    MUST(pd_raw_writer_open(store, "a/INBOX", &writer));
    PdRawPlace last = write_one(writer, "crosses the mark", 16);
    PdRawPlace next = write_one(writer, "next", 4);
    MUST(pd_raw_sync(writer));
    ck_assert_int_eq(last.segment, 1);
    ck_assert_int_eq(next.segment, 2);
    ck_assert_uint_eq(next.offset, 0);
    check_reads(&last, "crosses the mark", 16);
    check_reads(&next, "next", 4);
    pd_raw_writer_free(g_steal_pointer(&writer));
    pretend_committed(2, PD_SEGMENT_FULL);
    MUST(pd_raw_writer_open(store, "a/INBOX", &writer));
    PdRawPlace third = write_one(writer, "third", 5);
    ck_assert_int_eq(third.segment, 3);
}
END_TEST

START_TEST(foreign_segment_file_is_left_alone)
{
    g_autofree char *path = segment_path(1);
    g_autoptr(PdRawWriter) writer = NULL;

    ck_assert(g_file_set_contents(path, "not ours", -1, NULL));
    MUST(pd_raw_writer_open(store, "a/INBOX", &writer));
    PdRawPlace place = write_one(writer, "ours", 4);
    ck_assert_int_eq(place.segment, 2);
    ck_assert_int_eq(size_of(1), 8);
}
END_TEST

static void limit_files(rlim_t bytes)
{
    struct rlimit limit = {bytes, RLIM_INFINITY};

    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

START_TEST(full_disk_is_told_and_leaves_the_segment_usable)
{
    g_autoptr(PdRawWriter) writer = NULL;
    g_autofree char *big = g_malloc0(1 << 20);

    signal(SIGXFSZ, SIG_IGN);
    MUST(pd_raw_writer_open(store, "a/INBOX", &writer));
    PdRawPlace first = write_one(writer, "first", 5);
    MUST(pd_raw_begin(writer));
    limit_files(300 << 10);
    g_autoptr(PdStatus) full = pd_raw_write(writer, big, 1 << 20);
    ck_assert_ptr_nonnull(full);
    ck_assert(pd_status_may_retry(full));
    ck_assert_ptr_nonnull(pd_status_advice(full));
    pd_raw_abandon(writer);
    limit_files(RLIM_INFINITY);
    PdRawPlace second = write_one(writer, "second", 6);
    MUST(pd_raw_sync(writer));
    check_reads(&first, "first", 5);
    check_reads(&second, "second", 6);
}
END_TEST

START_TEST(full_disk_fails_a_commit_whole)
{
    g_autofree char *big = g_strnfill(4 << 20, 'x');
    g_autofree char *value = NULL;

    signal(SIGXFSZ, SIG_IGN);
    MUST(pd_store_begin(store));
    MUST(pd_store_set_fact(store, "small", "1"));
    limit_files(256 << 10);
    g_autoptr(PdStatus) full = pd_store_set_fact(store, "big", big);
    if (full == NULL)
        full = pd_store_commit(store);
    limit_files(RLIM_INFINITY);
    pd_store_rollback(store);
    ck_assert_ptr_nonnull(full);
    ck_assert_msg(pd_status_may_retry(full), "%s", pd_status_text(full));
    MUST(pd_store_get_fact(store, "small", &value));
    ck_assert_ptr_null(value);
    MUST(pd_store_begin(store));
    MUST(pd_store_set_fact(store, "big", big));
    MUST(pd_store_commit(store));
}
END_TEST

START_TEST(pieces_out_of_order_are_refused)
{
    g_autoptr(PdRawWriter) writer = NULL;
    PdRawPlace place;
    guint8 digest[PD_HASH_SIZE];

    MUST(pd_raw_writer_open(store, "a/INBOX", &writer));
    MUST_FAIL(pd_raw_write(writer, "x", 1));
    MUST_FAIL(pd_raw_end(writer, &place, digest));
    MUST(pd_raw_begin(writer));
    MUST_FAIL(pd_raw_begin(writer));
}
END_TEST

Suite *raw_suite(void)
{
    const TTest *tests[] = {
        messages_come_back_byte_for_byte,
        abandoned_message_leaves_no_gap,
        next_writer_overwrites_what_was_not_committed,
        owners_write_apart,
        lost_bytes_are_told_and_not_papered_over,
        full_segment_is_followed_by_another,
        foreign_segment_file_is_left_alone,
        full_disk_is_told_and_leaves_the_segment_usable,
        full_disk_fails_a_commit_whole,
        pieces_out_of_order_are_refused,
    };

    return suite_of("raw", tests, G_N_ELEMENTS(tests));
}
