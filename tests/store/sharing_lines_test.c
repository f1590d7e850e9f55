/* sharing_lines_test.c: a file that comes in lines of several widths lies on the disk once. */
#include "sharing_fixture.h"
#include "store/raw_view.h"
#include "store/store_internal.h"
#include <string.h>

START_TEST(a_file_lies_once_however_its_lines_are_broken)
{
    const struct {
        gsize columns;
        const char *end;
    } how[] = {{76, "\r\n"},     {72, "\r\n"},      {76, "\n"},   {64, "\r\n"},
               {60, "\n"},       {4, "\r\n"},       {1000, "\n"}, {4096, "\r\n"},
               {250000, "\r\n"}, {1000000, "\r\n"}, {5, "\n"},    {72, "\r\n"}};
    for (gsize first = 0; first < G_N_ELEMENTS(how); first++) { /* each is a home, too */
        char *raws[G_N_ELEMENTS(how)];
        gint64 ids[G_N_ELEMENTS(how)];
        const guint32 seed = 5 + (guint32)first;
        for (guint32 i = 0; i < G_N_ELEMENTS(how); i++) {
            gsize k = (i + first) % G_N_ELEMENTS(how);
            g_autofree char *text = encoded_with(seed, FILE_BYTES, how[k].columns, how[k].end);
            ids[i] = put_text(100 * seed + i, text, seed, &raws[i]);
        }
        gint64 before = saved();
        ck_assert_int_gt(share(), (gint64)(G_N_ELEMENTS(how) - 1) * 398000);
        for (guint i = 0; i < G_N_ELEMENTS(how); i++) {
            ck_assert_int_gt((gint64)strlen(raws[i]), 400000);
            check_reads(ids[i], raws[i]);
            g_free(raws[i]);
        }
        ck_assert_int_gt(saved(), before);
    }
    ck_assert_uint_eq(differences(store), 0);
}
END_TEST

/* Lines of 72 columns with this at the column of one of them, or of each that is so long. */
static char *uneven(guint32 seed, const char *line_end, gsize column, gsize without,
                    const char *with, gboolean everywhere)
{
    g_autofree char *even = encoded_with(seed, FILE_BYTES, 72, line_end);
    g_autoptr(GString) text = g_string_new(NULL);
    gsize pitch = 72 + strlen(line_end);

    for (gsize at = 0; even[at] != '\0'; at++) {
        gboolean here = at % pitch == column && (everywhere || at / pitch == 2500);
        if (here)
            g_string_append(text, with);
        if (!here || without == 0)
            g_string_append_c(text, even[at]);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* It is kept as it came, and shared with by the next one that came so. */
START_TEST(what_is_not_broken_evenly_stays_as_it_is)
{
    const struct {
        const char *line_end;
        gsize column, without;
        const char *with;
        gboolean everywhere;
    } how[] = {{"\r\n", 30, 0, "\r\n", FALSE}, {"\r\n", 72, 1, "", FALSE},
               {"\n", 72, 0, "\r", FALSE},     {"\r\n", 30, 1, "", FALSE},
               {"\r\n", 30, 0, " ", FALSE},    {"\r\n", 72, 0, " ", TRUE},
               {"\r\n", 72, 0, "\r", TRUE},    {"\n", 71, 0, "\r", TRUE}};
    for (guint32 i = 0; i < G_N_ELEMENTS(how); i++) {
        g_autofree char *one = NULL, *two = NULL, *three = NULL;
        g_autofree char *text = uneven(10 + i, how[i].line_end, how[i].column, how[i].without,
                                       how[i].with, how[i].everywhere);
        gint64 first = put_file(3 * i, 10 + i, 76, &one),
               second = put_text(3 * i + 1, text, 10 + i, &two),
               third = put_text(3 * i + 2, text, 10 + i, &three);
        gint64 bytes = share();
        ck_assert_int_gt(bytes, 400000);
        ck_assert_int_lt(bytes, 420000);
        check_reads(first, one);
        check_reads(second, two);
        check_reads(third, three);
    }
    ck_assert_uint_eq(differences(store), 0);
}
END_TEST

/* Lines that are even for long, and then something is other than it was. */
static char *broken_at_random(GRand *random, const char *bare)
{
    static const char *const ends[] = {"\r\n", "\n"}, *const odd[] = {"\r", " ", "=", "\n", "\r\n"};
    g_autoptr(GString) text = g_string_new(NULL);
    gint32 width = g_rand_int_range(random, 1, 100), end = g_rand_int_range(random, 0, 2);

    for (gsize at = 0; bare[at] != '\0'; at += MIN(strlen(bare + at), (gsize)width)) {
        switch (g_rand_int_range(random, 0, 1500)) {
        case 0:
            width = g_rand_int_range(random, 1, 100);
            break;
        case 1:
            end = 1 - end;
            break;
        case 2:
            g_string_append(text, odd[g_rand_int_range(random, 0, G_N_ELEMENTS(odd))]);
            break;
        default:
            break;
        }
        g_string_append_printf(text, "%.*s%s", width, bare + at, ends[end]);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

START_TEST(however_the_lines_are_broken_it_reads_as_it_came)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    g_autofree char *bare = encoded_with(5, 30000, 76, ""), *one = NULL;
    char *raws[60];
    gint64 ids[60];

    put_file(100, 5, 76, &one);
    for (guint32 i = 0; i < G_N_ELEMENTS(raws); i++) {
        g_autofree char *text = broken_at_random(random, bare);
        ids[i] = put_text(i + 1, text, 5 + i / 20, &raws[i]);
    }
    ck_assert_int_gt(share(), 200000);
    for (guint32 i = 0; i < G_N_ELEMENTS(raws); i++) {
        check_reads(ids[i], raws[i]);
        g_free(raws[i]);
    }
    ck_assert_uint_eq(differences(store), 0);
}
END_TEST

START_TEST(a_mail_may_end_within_a_line)
{
    g_autofree char *one = NULL, *text = encoded(5, FILE_BYTES, 64);

    text[strlen(text) - 2] = '\0';
    gint64 first = put_file(1, 5, 76, &one), second = add_message(store, "other", 1, text);
    MUST(pd_store_begin(store));
    MUST(pd_sharing_note_copy(store, second, first));
    MUST(pd_store_commit(store));
    ck_assert_int_gt(share(), 400000);
    check_reads(first, one);
    check_reads(second, text);
}
END_TEST

/* Two bytes that differ are two files, wherever they are, though as long as each other. */
START_TEST(another_file_of_the_same_length_is_not_taken_for_it)
{
    g_autofree char *one = NULL, *two = NULL;
    g_autofree char *text = encoded(5, FILE_BYTES, 72);
    gsize last = strlen(text) - 3;

    text[last] = text[last] == 'A' ? 'B' : 'A';
    gint64 first = put_file(1, 5, 76, &one), second = put_text(2, text, 5, &two);
    ck_assert_int_eq(share(), 0);
    check_reads(first, one);
    check_reads(second, two);
}
END_TEST

/* The last line of one, long enough to be a file, which the other mail has as one, too. */
START_TEST(a_file_within_a_file_is_taken_once)
{
    g_autofree char *all = encoded(5, FILE_BYTES, 76), *one = NULL, *two = NULL;
    g_autofree char *bare = encoded_with(5, FILE_BYTES, 76, "");
    g_autofree char *lines = encoded(5, FILE_BYTES, 250000);
    g_autoptr(GString) end = g_string_new(NULL);

    for (gsize at = 250000; at < strlen(bare); at += 76)
        g_string_append_printf(end, "%.76s\r\n", bare + at);
    const Attached both[] = {{all, 5, FILE_BYTES}, {end->str, 6, 112500}};
    gint64 first = put_mail("main", 1, both, 2, &one), second = put_text(2, lines, 5, &two);
    ck_assert_int_gt(share(), 390000);
    ck_assert_int_lt(saved(), 400000);
    check_reads(first, one);
    check_reads(second, two);
}
END_TEST

/* A copy of a mail whose file lies in another one's lines, and the file in lines of a third kind.
 */
START_TEST(a_range_of_a_range_is_read_in_its_own_lines)
{
    g_autofree char *one = NULL, *two = NULL, *three = encoded(5, FILE_BYTES, 1000);
    gint64 first = put_file(1, 5, 76, &one), second = put_file(2, 5, 72, &two);

    share();
    gint64 copy = add_message(store, "other", 1, two),
           third = add_message(store, "other", 2, three);
    MUST(pd_store_begin(store));
    MUST(pd_sharing_note_copy(store, copy, second));
    MUST(pd_sharing_note_copy(store, third, second));
    MUST(pd_store_commit(store));
    ck_assert_int_gt(share(), 2 * 395000);
    check_reads(copy, two);
    check_reads(third, three);
    check_reads(first, one);
    ck_assert_uint_eq(differences(store), 0);
}
END_TEST

/* Blocks of one end where the line end of the other one's home lines is: a copy of its beginning,
 * and one of its end, cut so that of a range nothing is left but a part of a line end. */
START_TEST(of_a_range_a_line_end_may_be_left)
{
    const gsize before = 5 * 4096 - 72; /* the line end of the first line begins a block */

    for (gsize shift = 0; shift < 4; shift++) {
        g_autofree char *one = NULL, *file = encoded(5, FILE_BYTES, 72);
        g_autofree char *junk = encoded_with(50 + (guint32)shift, 30000, 80, "\n");
        g_autofree char *two = g_strdup_printf("%.*s\n%s", (int)before - 1, junk, file);
        g_autofree char *three = g_strdup_printf("%.*s%.*s", (int)(4096 - shift), junk + 30000,
                                                 (int)before + 72 + 100, two);
        g_autofree char *name = g_strdup_printf("second%zu", shift);
        g_autofree char *other = g_strdup_printf("third%zu", shift);
        gint64 first = put_file(1 + (guint32)shift, 5, 76, &one);
        gint64 second = add_message(store, name, 1, two),
               third = add_message(store, other, 1, three);
        MUST(pd_store_begin(store));
        MUST(pd_sharing_note_copy(store, second, first));
        MUST(pd_sharing_note_copy(store, third, second));
        MUST(pd_store_commit(store));
        ck_assert_int_gt(share(), 400000 + 5 * 4096);
        check_reads(first, one);
        check_reads(second, two);
        check_reads(third, three);
    }
    ck_assert_uint_eq(differences(store), 0);
}
END_TEST

/* What lies at home in short lines takes more room there. */
START_TEST(a_home_in_short_lines_keeps_all_that_others_read_there)
{
    g_autofree char *one = NULL, *two = NULL, *three = NULL;
    gint64 first = put_file(1, 5, 4, &one), second = put_file(2, 5, 76, &two), before;

    share();
    gint64 third = put_file(3, 5, 4, &three);
    MUST(pd_store_begin(store));
    MUST(pd_db_script(store->db, "DELETE FROM sharing_pending"));
    MUST(pd_sharing_note_copy(store, first, third));
    MUST(pd_store_commit(store));
    before = saved();
    share();
    ck_assert_int_lt(saved(), before + 10000);
    check_reads(first, one);
    check_reads(second, two);
    check_reads(third, three);
    ck_assert_uint_eq(differences(store), 0);
}
END_TEST

START_TEST(damage_at_home_is_told_of_each_that_reads_there)
{
    g_autofree char *one = NULL, *two = NULL, *three = NULL;
    gint64 first = put_file(1, 5, 76, &one);

    put_file(2, 5, 72, &two);
    put_file(3, 5, 1000000, &three);
    ck_assert_int_gt(share(), 790000);
    tamper(first, 200000);
    ck_assert_uint_eq(differences(store), 3);
}
END_TEST

START_TEST(a_view_ends_where_its_message_does)
{
    g_autofree char *one = NULL, *two = NULL;
    g_autoptr(PdInboxRow) row = NULL;
    g_autoptr(GArray) ranges = NULL;
    char bytes[16];

    put_file(1, 5, 76, &one);
    gint64 second = put_file(2, 5, 72, &two);
    share();
    g_clear_pointer(&one, g_free);
    put_file(3, 6, 76, &one); /* something follows in the segment */
    MUST(pd_inbox_get(store, second, &row));
    MUST(pd_shared_ranges(store, &row->raw, &ranges));
    g_autoptr(PdRawView) view = pd_raw_view_new(store, &row->raw, ranges);
    guint64 length = pd_raw_view_length(view);
    const guint64 behind[] = {length - 15, length, length + 1, G_MAXUINT64};
    MUST(pd_raw_view_read(view, length - 16, bytes, 16));
    ck_assert(memcmp(bytes, two + length - 16, 16) == 0);
    MUST(pd_raw_view_read(view, length, bytes, 0));
    for (gsize i = 0; i < G_N_ELEMENTS(behind); i++) {
        g_autoptr(PdStatus) status = pd_raw_view_read(view, behind[i], bytes, 16);
        ck_assert_ptr_nonnull(status);
    }
}
END_TEST

/* As a program before version 23 left it: a home for each width, and who shares with it. */
START_TEST(what_was_kept_in_other_lines_is_gone_through)
{
    const gsize columns[] = {76, 72, 72, 64};
    char *raws[G_N_ELEMENTS(columns)];
    gint64 ids[G_N_ELEMENTS(columns)];

    for (guint32 i = 0; i < G_N_ELEMENTS(columns); i++)
        ids[i] = put_file(i + 1, 5, columns[i], &raws[i]);
    MUST(pd_store_begin(store));
    MUST(pd_db_script(store->db, "DELETE FROM sharing_pending"));
    MUST(pd_sharing_note_copy(store, ids[2], ids[1]));
    MUST(pd_store_commit(store));
    gint64 bytes = share();
    MUST(pd_db_script(
        store->db,
        "INSERT INTO attachment_home SELECT 1, inbox FROM attachment_arrival WHERE inbox = 4;"
        "CREATE TABLE old (segment INTEGER NOT NULL REFERENCES segment,"
        " offset INTEGER NOT NULL, length INTEGER NOT NULL,"
        " home_segment INTEGER NOT NULL REFERENCES segment, home_offset INTEGER NOT NULL,"
        " PRIMARY KEY (segment, offset),"
        " CHECK (length > 0 AND (segment <> home_segment OR home_offset + length <= offset"
        " OR offset + length <= home_offset))) STRICT, WITHOUT ROWID;"
        "INSERT INTO old SELECT segment, offset, length, home_segment, home_offset FROM raw_shared;"
        "DROP TABLE raw_shared; ALTER TABLE old RENAME TO raw_shared;"
        "CREATE INDEX raw_shared_by_home ON raw_shared (home_segment, home_offset);" TO_VERSION_23
        "PRAGMA user_version = 22;"));
    g_clear_pointer(&store, pd_store_close);
    MUST(pd_store_open(state, PD_STORE_CREATE, &store));
    ck_assert_int_eq(saved(), bytes);
    ck_assert_int_gt(share(), 398000); /* the last one; the second is who the third shares with */
    ck_assert_int_lt(saved(), bytes + 410000);
    ck_assert_uint_eq(differences(store), 0);
    for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
        check_reads(ids[i], raws[i]);
        g_free(raws[i]);
    }
}
END_TEST

/* Millions of lines; one of millions of bytes. */
START_TEST(a_large_mail_in_other_lines_is_put_together_in_a_file)
{
    const gsize size = (gsize)14 << 20;
    g_autofree char *text = encoded(8, size, 4), *one = NULL, *two = NULL;
    g_autofree char *other = encoded(8, size, 10000000);
    const Attached file = {text, 8, size}, same = {other, 8, size};

    put_mail("main", 1, &file, 1, &one);
    gint64 second = put_mail("main", 2, &same, 1, &two);
    ck_assert_int_gt(share(), 18 << 20);
    check_reads(second, two);
}
END_TEST

Suite *sharing_lines_suite(void)
{
    const TTest *tests[] = {
        a_file_lies_once_however_its_lines_are_broken,
        what_is_not_broken_evenly_stays_as_it_is,
        however_the_lines_are_broken_it_reads_as_it_came,
        a_mail_may_end_within_a_line,
        another_file_of_the_same_length_is_not_taken_for_it,
        a_file_within_a_file_is_taken_once,
        a_range_of_a_range_is_read_in_its_own_lines,
        of_a_range_a_line_end_may_be_left,
        a_home_in_short_lines_keeps_all_that_others_read_there,
        damage_at_home_is_told_of_each_that_reads_there,
        a_view_ends_where_its_message_does,
        what_was_kept_in_other_lines_is_gone_through,
        a_large_mail_in_other_lines_is_put_together_in_a_file,
    };

    return suite_of("sharing lines", tests, G_N_ELEMENTS(tests));
}
