/* sharing_parts_test.c: mails made of parts of others, in any lines, of which some share with
 * others, which share themselves. */
#include "sharing_fixture.h"
#include "store/store_internal.h"
#include <string.h>

/* A part of a file in lines of its own, or of a mail that came before. */
static void append_something(GRand *random, GString *text, const GPtrArray *raws, const char *bare)
{
    static const gint32 widths[] = {4, 5, 8, 60, 64, 72, 76, 76, 1000, 4095, 4096, 9000, 200000};
    gsize size = (gsize)g_rand_int_range(random, 1, 60000), length = strlen(bare);
    gint32 width = widths[g_rand_int_range(random, 0, G_N_ELEMENTS(widths))];
    const char *end = g_rand_boolean(random) ? "\r\n" : "\n";

    if (g_rand_int_range(random, 0, 4) == 0)
        g_string_append_printf(text, "%.*s\n", g_rand_int_range(random, 0, 100), bare + 777);
    if (raws->len > 0 && g_rand_boolean(random)) {
        const char *raw =
            g_ptr_array_index(raws, (guint)g_rand_int_range(random, 0, (gint32)raws->len));
        gsize from = (gsize)g_rand_int_range(random, 0, (gint32)strlen(raw));
        g_string_append_len(text, raw + from, (gssize)MIN(size, strlen(raw) - from));
        return;
    }
    gsize at = (gsize)g_rand_int_range(random, 0, 4) * 20000, last = at + 20000;
    if (g_rand_boolean(random))
        last += 20000;
    for (last = MIN(last, length); at < last; at += MIN(last - at, (gsize)width))
        g_string_append_printf(text, "%.*s%s", (int)MIN(last - at, (gsize)width), bare + at, end);
}

static void note_earlier(GRand *random, gint64 inbox)
{
    MUST(pd_store_begin(store));
    for (gint32 i = g_rand_int_range(random, 1, 5); i > 0 && inbox > 1; i--)
        MUST(pd_sharing_note_copy(store, inbox, g_rand_int_range(random, 1, (gint32)inbox)));
    if (g_rand_int_range(random, 0, 3) == 0 && inbox > 2)
        MUST(pd_sharing_note_copy(store, g_rand_int_range(random, 1, (gint32)inbox), inbox));
    MUST(pd_store_commit(store));
}

static gint64 homes_in_holes(void)
{
    gint64 count;
    PdQuery *query;

    MUST(pd_db_query(store->db,
                     "SELECT count(*) FROM raw_shared h JOIN raw_shared s"
                     " ON s.segment = h.home_segment AND s.offset < h.home_offset + h.home_length"
                     " AND s.offset + s.length > h.home_offset",
                     &query));
    MUST(pd_query_number(query, &count));
    return count;
}

START_TEST(parts_of_parts_in_any_lines_read_as_they_came)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(1);
    g_autoptr(GPtrArray) raws = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *bare = encoded_with(5, 60000, 76, "");

    for (guint32 i = 0; i < 40; i++) {
        g_autoptr(GString) text = g_string_new("From: a\n\n");
        for (gint32 parts = g_rand_int_range(random, 1, 7); parts > 0; parts--)
            append_something(random, text, raws, bare);
        gint64 id = add_message(store, i % 2 == 0 ? "main" : "other", i / 2 + 1, text->str);
        ck_assert_int_eq(id, i + 1);
        g_ptr_array_add(raws, g_string_free(g_steal_pointer(&text), FALSE));
        note_earlier(random, id);
        if (g_rand_boolean(random))
            share();
    }
    share();
    for (guint i = 0; i < raws->len; i++)
        check_reads(i + 1, g_ptr_array_index(raws, i));
    ck_assert_int_eq(homes_in_holes(), 0);
    ck_assert_int_gt(saved(), 100000);
    ck_assert_uint_eq(differences(store), 0);
}
END_TEST

Suite *sharing_parts_suite(void)
{
    const TTest *tests[] = {parts_of_parts_in_any_lines_read_as_they_came};

    return suite_of("sharing parts", tests, G_N_ELEMENTS(tests));
}
