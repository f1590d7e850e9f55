/* sharing_test.c: what several mails carry lies on the disk once, and each reads as it came. */
#include "sharing_fixture.h"

#include "store/store_internal.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

START_TEST(a_file_lies_once_and_every_mail_reads_as_it_came)
{
    g_autofree char *one = NULL, *two = NULL, *three = NULL;
    gint64 first = put_file(1, 5, 76, &one), second = put_file(2, 5, 76, &two),
           third = put_file(3, 5, 76, &three);
    gint64 before = taken(), text = (gint64)FILE_BYTES / 57 * 78;

    ck_assert_int_gt(before, 3 * text);
    ck_assert_int_gt(share(), 2 * text - 4 * 4096);
    ck_assert_int_lt(taken(), before - 2 * text + 6 * 4096);
    ck_assert_int_gt(saved(), 2 * text - 4 * 4096);
    check_reads(first, one);
    check_reads(second, two);
    check_reads(third, three);
    ck_assert_uint_eq(differences(store), 0);
    ck_assert_int_eq(share(), 0);
    fixture_reopen();
    check_reads(third, three);
    ck_assert_int_gt(add_message(store, "main", 9, "goes on behind"), 0);
    check_reads(third, three);
}
END_TEST

/* A copy of a mail that itself shares: every byte is looked for where it truly lies. */
START_TEST(a_shared_range_never_leads_to_a_hole)
{
    g_autofree char *x = encoded(1, 50000, 76), *y = encoded(2, 90000, 76),
                    *z = encoded(3, 40000, 76);
    const Attached xs[] = {{x, 1, 50000}}, ys[] = {{y, 2, 90000}},
                   all[] = {{y, 2, 90000}, {z, 3, 40000}, {x, 1, 50000}};
    char *raws[4];
    gint64 first = put_mail("main", 1, xs, 1, &raws[0]),
           second = put_mail("main", 2, ys, 1, &raws[1]);
    gint64 third = put_mail("main", 3, all, 3, &raws[2]);

    ck_assert_int_gt(share(), 140000 / 57 * 78 - 4 * 4096);
    gint64 copy = add_message(store, "other", 1, raws[2]);
    MUST(pd_store_begin(store));
    MUST(pd_sharing_note_copy(store, copy, third));
    MUST(pd_store_commit(store));
    ck_assert_int_gt(share(), (gint64)strlen(raws[2]) - 3 * 4096);
    check_reads(copy, raws[2]);
    check_reads(third, raws[2]);
    check_reads(first, raws[0]);
    check_reads(second, raws[1]);
    gint64 last = put_mail("main", 4, all, 3, &raws[3]);
    ck_assert_int_gt(share(), 180000 / 57 * 78 - 6 * 4096);
    check_reads(last, raws[3]);
    ck_assert_uint_eq(differences(store), 0);
    for (gsize i = 0; i < G_N_ELEMENTS(raws); i++)
        g_free(raws[i]);
}
END_TEST

/* Workers may be done with mails in any order: then one that is a home has something to share. */
START_TEST(a_home_keeps_what_others_read_there)
{
    g_autofree char *x = encoded(1, 50000, 76), *y = encoded(2, 90000, 76);
    const Attached both[] = {{x, 1, 50000}, {y, 2, 90000}}, xs[] = {{x, 1, 50000}},
                   ys[] = {{y, 2, 90000}};
    g_autofree char *one = NULL, *two = NULL, *three = NULL;
    gint64 first = put_mail("main", 1, xs, 1, &one), second = put_mail("main", 2, both, 2, &two),
           third = put_mail("main", 3, ys, 1, &three);

    ck_assert_int_gt(share(), 140000 / 57 * 78 - 4 * 4096); /* x of 2 in 1, y of 3 in 2 */
    MUST(pd_store_begin(store));
    MUST(pd_sharing_note_copy(store, second, third)); /* y of 2 in 3, which is y of 2 */
    MUST(pd_sharing_note_copy(store, first, second));
    MUST(pd_store_commit(store));
    gint64 before = saved();
    share();
    ck_assert_int_eq(saved(), before);
    check_reads(first, one);
    check_reads(second, two);
    check_reads(third, three);
    ck_assert_uint_eq(differences(store), 0);
}
END_TEST

/* As a program before version 19 left it. */
START_TEST(what_is_stored_already_is_gone_through)
{
    g_autofree char *one = NULL, *two = NULL;
    gint64 first = put_file(1, 5, 76, &one), second = put_file(2, 5, 76, &two);

    MUST(pd_db_script(store->db, "DROP TABLE raw_shared; DROP TABLE attachment_home;"
                                 "DROP TABLE sharing_pending; DROP TABLE search_shard;"
                                 "ALTER TABLE alarm DROP COLUMN facts;" TO_VERSION_23
                                 "PRAGMA user_version = 18;"));
    g_clear_pointer(&store, pd_store_close);
    MUST(pd_store_open(state, PD_STORE_CREATE, &store));
    ck_assert_int_gt(share(), 400000 - 2 * 4096);
    check_reads(first, one);
    check_reads(second, two);
}
END_TEST

START_TEST(small_files_are_left_alone)
{
    g_autofree char *text = encoded(1, 11000, 76), *raw = NULL;
    const Attached file = {text, 1, 11000};
    gint64 noted;
    PdQuery *query;

    for (guint32 uid = 1; uid < 4; uid++) {
        g_clear_pointer(&raw, g_free);
        put_mail("main", uid, &file, 1, &raw);
    }
    MUST(pd_db_query(store->db, "SELECT count(*) FROM sharing_pending", &query));
    MUST(pd_query_number(query, &noted));
    ck_assert_int_eq(noted, 0);
}
END_TEST

START_TEST(what_repeats_itself_is_shared_and_reads_as_it_came)
{
    g_autofree char *one = NULL, *two = NULL;
    gint64 first = put_file(1, 0, 76, &one), second = put_file(2, 0, 76, &two);

    ck_assert_int_gt(share(), 300000);
    check_reads(first, one);
    check_reads(second, two);
    ck_assert_uint_eq(differences(store), 0);
}
END_TEST

/* Thue and Morse: in such texts, blocks that differ have the same hash, whatever its factor. */
static char *same_hashes(gsize length, int turned)
{
    char *text = g_malloc(length + 1);

    for (gsize i = 0; i < length; i++) {
        int ones = turned;
        for (gsize bits = i; bits != 0; bits &= bits - 1)
            ones++;
        text[i] = ones % 2 != 0 ? 'b' : 'a';
    }
    text[length] = '\0';
    return text;
}

START_TEST(a_hash_decides_nothing)
{
    g_autofree char *one = same_hashes(1 << 20, 0), *two = same_hashes(1 << 20, 1);
    gint64 first = add_message(store, "main", 1, one), second = add_message(store, "main", 2, two);

    MUST(pd_store_begin(store));
    MUST(pd_sharing_note_copy(store, second, first));
    MUST(pd_store_commit(store));
    share();
    check_reads(first, one);
    check_reads(second, two);
}
END_TEST

START_TEST(a_file_system_without_holes_keeps_all_and_may_learn)
{
    g_autofree char *one = NULL, *two = NULL;
    gint64 second;

    put_file(1, 5, 76, &one);
    second = put_file(2, 5, 76, &two);
    holes = NO_HOLES;
    ck_assert_int_eq(share(), 0);
    ck_assert_int_eq(saved(), 0);
    check_reads(second, two);
    holes = HOLES;
    ck_assert_int_gt(share(), 400000);
    check_reads(second, two);
}
END_TEST

START_TEST(what_is_read_stays_until_it_was_read)
{
    g_autofree char *one = NULL, *two = NULL;
    g_autoptr(PdStore) other = NULL;
    g_autoptr(PdInboxRow) row = NULL;
    gint64 second, before;
    int fd;

    put_file(1, 5, 76, &one);
    second = put_file(2, 5, 76, &two);
    MUST(pd_store_open(state, PD_STORE_READ, &other));
    MUST(pd_inbox_get(other, second, &row));
    MUST(pd_raw_open(other, &row->raw, &fd));
    before = taken();
    ck_assert_int_eq(share(), 0);
    ck_assert_int_eq(taken(), before);
    g_autofree char *bytes = g_malloc(row->raw.length);
    ck_assert_int_eq(pread(fd, bytes, row->raw.length, (off_t)row->raw.offset),
                     (ssize_t)row->raw.length);
    ck_assert(memcmp(bytes, two, row->raw.length) == 0);
    pd_raw_close(other);
    ck_assert_int_gt(share(), 400000);
    check_reads_of(other, second, two);
}
END_TEST

/* What a snapshot shows of the rows is older than the hole. */
START_TEST(a_snapshot_from_before_reads_it_all_the_same)
{
    g_autofree char *one = NULL, *two = NULL;
    g_autoptr(PdStore) other = NULL;
    g_autoptr(PdInboxRow) row = NULL;
    gint64 second;

    put_file(1, 5, 76, &one);
    second = put_file(2, 5, 76, &two);
    MUST(pd_store_open(state, PD_STORE_READ, &other));
    MUST(pd_store_begin_read(other));
    MUST(pd_inbox_get(other, second, &row));
    ck_assert_int_gt(share(), 400000);
    check_reads_of(other, second, two);
    pd_store_end_read(other);
}
END_TEST

START_TEST(a_mail_that_is_not_what_was_taken_in_is_left_alone)
{
    g_autofree char *one = NULL, *two = NULL;
    PdSharing sharing = {.more = TRUE};
    gint64 second, before;

    put_file(1, 5, 76, &one);
    second = put_file(2, 5, 76, &two);
    tamper(second, 3);
    before = taken();
    g_autoptr(PdStatus) status = pd_sharing_step(store, &sharing);
    ck_assert_ptr_nonnull(status);
    ck_assert_int_eq(pd_status_spoils(status), PD_SPOILS_MESSAGE);
    ck_assert(sharing.more);
    ck_assert_int_eq(share(), 0);
    ck_assert_int_eq(saved(), 0);
    ck_assert_int_eq(taken(), before);
    ck_assert_uint_eq(differences(store), 1);
}
END_TEST

/* What is damaged in one mail is good in the other, and stays there. */
START_TEST(only_what_is_the_same_is_shared)
{
    g_autofree char *one = NULL, *two = NULL;
    gint64 first = put_file(1, 5, 76, &one), second = put_file(2, 5, 76, &two);

    tamper(first, 200000);
    ck_assert_int_gt(share(), 390000);
    check_reads(second, two);
    ck_assert_uint_eq(differences(store), 1);
}
END_TEST

/* A process that dies where it is told to. */
static void die_sharing(int where)
{
    int ended;
    pid_t child = fork();

    if (child == 0) {
        PdStore *own = NULL;
        holes = where;
        if (pd_store_open(state, PD_STORE_WRITE, &own) == NULL)
            share_in(own);
        _exit(1);
    }
    ck_assert_int_eq(waitpid(child, &ended, 0), child);
    ck_assert(WIFEXITED(ended) && WEXITSTATUS(ended) == 7);
}

static void die_and_resume(int where, gsize columns)
{
    g_autofree char *one = NULL, *two = NULL, *three = NULL;
    gint64 first = put_file(1, 5, 76, &one), second = put_file(2, 5, columns, &two),
           third = put_file(3, 5, 76, &three), before = taken();

    die_sharing(where);
    check_reads(second, two);
    ck_assert_uint_eq(differences(store), 0);
    share();
    ck_assert_int_lt(taken(), before - 800000);
    ck_assert_int_eq(share(), 0);
    check_reads(first, one);
    check_reads(second, two);
    check_reads(third, three);
    ck_assert_uint_eq(differences(store), 0);
}

START_TEST(death_before_the_hole_is_finished_later)
{
    die_and_resume(DIE_BEFORE_HOLE, 76);
}
END_TEST

START_TEST(death_before_a_hole_in_other_lines_is_finished_later)
{
    die_and_resume(DIE_BEFORE_HOLE, 72);
}
END_TEST

START_TEST(death_behind_the_hole_is_finished_later)
{
    die_and_resume(DIE_BEHIND_HOLE, 76);
}
END_TEST

START_TEST(death_behind_a_hole_in_other_lines_is_finished_later)
{
    die_and_resume(DIE_BEHIND_HOLE, 72);
}
END_TEST

/* The other one was damaged between the row and the hole: the mail's own bytes count again. */
START_TEST(a_home_that_was_damaged_meanwhile_takes_no_hole)
{
    g_autofree char *one = NULL, *two = NULL;
    gint64 first = put_file(1, 5, 76, &one), second = put_file(2, 5, 76, &two);
    PdSharing sharing = {.more = TRUE};

    die_sharing(DIE_BEFORE_HOLE);
    ck_assert_int_gt(saved(), 0);
    tamper(first, 200000);
    MUST_FAIL(pd_sharing_step(store, &sharing));
    ck_assert_int_eq(saved(), 0);
    check_reads(second, two);
    ck_assert_uint_eq(differences(store), 1);
}
END_TEST

START_TEST(a_backup_and_holes_wait_for_each_other)
{
    g_autofree char *one = NULL, *two = NULL;
    int lock;

    put_file(1, 5, 76, &one);
    put_file(2, 5, 76, &two);
    MUST(pd_sharing_lock(store, F_RDLCK, NULL, &lock));
    ck_assert_int_eq(share(), 0);
    ck_assert_int_eq(saved(), 0);
    close(lock);
    ck_assert_int_gt(share(), 400000);
}
END_TEST

static gint64 database_size(void)
{
    gint64 pages = 0;
    PdQuery *query;

    MUST(pd_db_query(store->db, "PRAGMA page_count", &query));
    MUST(pd_query_number(query, &pages));
    return pages * 4096;
}

START_TEST(a_backup_holds_the_bytes_once_and_restores_them)
{
    g_autofree char *backup = g_build_filename(scratch, "desk.backup", NULL);
    g_autofree char *folder = g_build_filename(scratch, "restored", NULL);
    char *raws[3];
    g_autoptr(PdStore) restored = NULL;
    gint64 ids[3];
    GStatBuf file;

    for (guint32 i = 0; i < 3; i++)
        ids[i] = put_file(i + 1, 5, i < 2 ? 76 : 64, &raws[i]);
    share();
    MUST(pd_store_backup(store, backup, NULL, NULL));
    ck_assert_int_eq(g_stat(backup, &file), 0);
    ck_assert_int_lt(file.st_size, 700000 + database_size());
    MUST(pd_store_restore(backup, folder, FALSE, NULL, NULL));
    ck_assert_int_lt(taken_in(folder), taken() + 100000);
    MUST(pd_store_open(folder, PD_STORE_WRITE, &restored));
    ck_assert_uint_eq(differences(restored), 0);
    for (guint i = 0; i < 3; i++)
        check_reads_of(restored, ids[i], raws[i]);
    for (guint i = 0; i < 3; i++)
        g_free(raws[i]);
}
END_TEST

START_TEST(a_large_mail_is_put_together_in_a_file)
{
    g_autofree char *text = encoded(8, (gsize)14 << 20, 76), *one = NULL, *two = NULL;
    const Attached file = {text, 8, (gsize)14 << 20};

    put_mail("main", 1, &file, 1, &one);
    gint64 second = put_mail("main", 2, &file, 1, &two);
    ck_assert_int_gt(share(), 18 << 20);
    check_reads(second, two);
}
END_TEST

Suite *sharing_suite(void)
{
    const TTest *tests[] = {
        a_file_lies_once_and_every_mail_reads_as_it_came,
        a_shared_range_never_leads_to_a_hole,
        a_home_keeps_what_others_read_there,
        what_is_stored_already_is_gone_through,
        small_files_are_left_alone,
        what_repeats_itself_is_shared_and_reads_as_it_came,
        a_hash_decides_nothing,
        a_file_system_without_holes_keeps_all_and_may_learn,
        what_is_read_stays_until_it_was_read,
        a_snapshot_from_before_reads_it_all_the_same,
        a_mail_that_is_not_what_was_taken_in_is_left_alone,
        only_what_is_the_same_is_shared,
        death_before_the_hole_is_finished_later,
        death_before_a_hole_in_other_lines_is_finished_later,
        death_behind_the_hole_is_finished_later,
        death_behind_a_hole_in_other_lines_is_finished_later,
        a_home_that_was_damaged_meanwhile_takes_no_hole,
        a_backup_and_holes_wait_for_each_other,
        a_backup_holds_the_bytes_once_and_restores_them,
        a_large_mail_is_put_together_in_a_file,
    };

    return suite_of("sharing", tests, G_N_ELEMENTS(tests));
}
