/* base_test.c: the ground floor. */
#include "postdesk/clock.h"
#include "postdesk/diagnostics.h"
#include "postdesk/files.h"
#include "postdesk/hash.h"
#include "postdesk/hours.h"
#include "postdesk/json.h"
#include "postdesk/json_cursor.h"
#include "postdesk/text.h"
#include <check.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

START_TEST(status_says_what_a_person_should_do)
{
    g_autoptr(PdStatus) status =
        pd_status_new(PD_SPOILS_MAILBOX, PD_FINAL, "check the password", "log-in refused");

    status = pd_status_prefix(g_steal_pointer(&status), "support");
    ck_assert_str_eq(pd_status_text(status), "support: log-in refused");
    ck_assert_str_eq(pd_status_advice(status), "check the password");
    ck_assert_int_eq(pd_status_exit_code(status), PD_EXIT_REFUSED);
    ck_assert_int_eq(pd_status_exit_code(NULL), PD_EXIT_OK);
}
END_TEST

START_TEST(whatever_may_succeed_later_exits_75)
{
    for (int spoils = PD_SPOILS_MESSAGE; spoils <= PD_SPOILS_SYSTEM; spoils++) {
        g_autoptr(PdStatus) status = pd_status_new((PdSpoils)spoils, PD_TRY_AGAIN, NULL, "later");
        ck_assert_int_eq(pd_status_exit_code(status), PD_EXIT_TRY_AGAIN);
    }
}
END_TEST

START_TEST(diagnostics_come_in_the_order_of_the_file)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    pd_diagnostics_add(list, PD_ERROR, "a.yaml", 9, 2, "second");
    pd_diagnostics_add(list, PD_ERROR, "a.yaml", 3, 1, "first");
    pd_diagnostics_add(list, PD_ERROR, "a.yaml", 3, 1, "first");
    pd_diagnostics_sort(list);
    ck_assert_uint_eq(pd_diagnostics_count(list), 2);
    g_autofree char *line = pd_diagnostic_format(pd_diagnostics_get(list, 0));
    ck_assert_str_eq(line, "a.yaml:3:1: error: first");
}
END_TEST

START_TEST(nearest_word_is_offered_for_a_slip_only)
{
    const char *words[] = {"subject", "body", "from", NULL};

    ck_assert_str_eq(pd_nearest_word("subjct", words), "subject");
    ck_assert_ptr_null(pd_nearest_word("attachment", words));
    ck_assert_ptr_null(pd_nearest_word("", words));
}
END_TEST

START_TEST(printable_text_moves_no_terminal)
{
    g_autofree char *escaped = pd_text_printable("a\x1b[2Jb\n\xe2\x80\xae"
                                                 "c\xff 报修");

    ck_assert_str_eq(escaped, "a\\x1b[2Jb\\x0a\\u202ec\\xff 报修");
}
END_TEST

START_TEST(invalid_bytes_are_shown_and_counted)
{
    guint replaced;
    g_autofree char *valid = pd_text_make_valid("a\xff\0b", 4, &replaced);

    ck_assert_str_eq(valid, "a\xef\xbf\xbd\xef\xbf\xbd"
                            "b");
    ck_assert_uint_eq(replaced, 2);
}
END_TEST

/* At every place of a text, so that every border between words is met. */
START_TEST(valid_text_is_told_as_glib_tells_it)
{
    static const char *const pieces[] = {"\xe7\xbd\x91",
                                         "\xe7\xbd",
                                         "\xff",
                                         "\x80",
                                         "\xf0\x9f\x98\x80",
                                         "\xed\xa0\x80",
                                         "\xed\x9f\xbf",
                                         "\xe0\x80\x80",
                                         "\xe0\xa0\x80",
                                         "\xef\xbf\xbe",
                                         "\xc0\x80",
                                         "\xc1\xbf",
                                         "\xc2",
                                         "\xc2\x80",
                                         "\xdf\xbf",
                                         "\xc3\xc3",
                                         "\xf4\x90\x80\x80",
                                         "\xe4\xb8\xe4",
                                         "\x7f",
                                         "a",
                                         "网络设备",
                                         ""};

    for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
        for (gsize before = 0; before < 20; before++) {
            for (gsize after = 0; after < 20; after++) {
                g_autofree char *text =
                    g_strdup_printf("%.*s%s%.*s", (int)before, "网eight letters and 网络",
                                    pieces[i], (int)after, "and so many behind it");
                ck_assert_int_eq(pd_text_is_valid(text, strlen(text)),
                                 g_utf8_validate(text, -1, NULL));
            }
        }
    }
    ck_assert(!pd_text_is_valid("nine\0more letters", 17));
    ck_assert(pd_text_is_valid("", 0));
}
END_TEST

START_TEST(columns_count_wide_characters_twice)
{
    g_autofree char *cut = pd_text_fit("网络不通了", 7);
    g_autofree char *filled = pd_text_fit("ab", 4);

    ck_assert_uint_eq(pd_text_width("网a"), 3);
    ck_assert_str_eq(cut, "网络不…");
    ck_assert_str_eq(filled, "ab  ");
}
END_TEST

START_TEST(text_is_cut_between_characters)
{
    g_autofree char *head = pd_text_head("服务器", 5), *whole = pd_text_head("服务器", 9);
    ck_assert_str_eq(head, "服");
    ck_assert_str_eq(whole, "服务器");
    g_autofree char *cut = pd_text_shorten("服务器坏了", 10);

    ck_assert(g_utf8_validate(cut, -1, NULL));
    ck_assert_uint_le(strlen(cut), 10);
}
END_TEST

START_TEST(addresses_that_would_break_a_protocol_are_refused)
{
    ck_assert(pd_text_is_address("user+x@example.org"));
    ck_assert(!pd_text_is_address("user@example.org\r\nRCPT TO:<x@y>"));
    ck_assert(!pd_text_is_address("no-domain@"));
    ck_assert(!pd_text_is_address("a b@example.org"));
    g_autofree char *local = g_strnfill(300, 'a');
    g_autofree char *lengthy = g_strconcat(local, "@x.org", NULL);
    ck_assert(!pd_text_is_address(lengthy));
}
END_TEST

START_TEST(an_address_that_no_relay_takes_is_told_with_what_to_write)
{
    static const struct {
        const char *address, *mistake; /* its beginning; NULL: it can be mailed */
    } cases[] = {
        {"wang.fang+1@example.cn", NULL},
        {"wang@mail_1.intern", NULL}, /* such hosts there are, and relays take them */
        {"wang", "no mail address; write it as name@example.org"},
        {".wang@example.cn", "an address that relays refuse"},
        {"wang..fang@example.cn", "an address that relays refuse"},
        {"wang@example..cn", "an address that relays refuse"},
        {"wang@example.cn-", "an address that relays refuse"},
        {"a-local-part-that-is-longer-than-the-sixty-four-bytes-of-RFC-5321@example.cn",
         "an address that relays refuse"},
        {"wang@example.cn\xe3\x80\x80", "no mail address"}, /* a wide blank */
        {"wang\xe2\x80\x8b@example.cn", "no mail address"}, /* a zero-width space */
        {"wang\xc2\x85@example.cn", "no mail address"},     /* a control character */
        {"王芳@example.cn", "an address that relays refuse; write one of ASCII letters"},
        {"\"wang fang\"@example.cn", "no mail address"},
        {"\"wang\"@example.cn", "an address that relays refuse; write one of ASCII letters"},
        {"wang@[192.0.2.1]", "an address that relays refuse; write one of ASCII letters"},
        {"wang@例子.cn", "an address that relays refuse; write it as 'wang@xn--fsqu00a.cn'"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *mistake = pd_text_address_mistake(cases[i].address);
        ck_assert_int_eq(mistake == NULL, pd_text_can_be_mailed(cases[i].address));
        ck_assert_int_eq(mistake == NULL, cases[i].mistake == NULL);
        if (mistake != NULL)
            ck_assert_msg(g_str_has_prefix(mistake, cases[i].mistake), "%s: %s", cases[i].address,
                          mistake);
    }
}
END_TEST

START_TEST(durations_and_sizes_are_read_with_their_units)
{
    gint64 duration;
    guint64 size;

    ck_assert(pd_text_parse_duration("25m", &duration));
    ck_assert_int_eq(duration, 25 * 60 * PD_SECOND);
    ck_assert(pd_text_parse_size("50M", &size));
    ck_assert_uint_eq(size, 50u << 20);
    ck_assert(!pd_text_parse_duration("25", &duration));
    ck_assert(!pd_text_parse_duration("99999999999999999999d", &duration));
    ck_assert(!pd_text_parse_size("-1M", &size));
}
END_TEST

START_TEST(hours_of_the_day_may_go_over_midnight)
{
    static const char *const none[] = {"",      "9",         "24:00",       "9:5",         "09:00 ",
                                       "09:60", "22:00-7:0", "22:00-24:00", "22:00-07:00x"};
    PdDayHours night = {0, 0};
    gint minute = 0;

    ck_assert(pd_hours_parse_time("9:05", &minute) && minute == 545);
    ck_assert(pd_hours_parse("22:00-07:00", &night));
    ck_assert_int_eq(pd_hours_length(night), 9 * 60);
    ck_assert_int_eq(pd_hours_into(night, 21 * 60 + 59), -1);
    ck_assert_int_eq(pd_hours_into(night, 22 * 60), 0);
    ck_assert_int_eq(pd_hours_into(night, 6 * 60 + 59), 9 * 60 - 1);
    ck_assert_int_eq(pd_hours_into(night, 7 * 60), -1);
    for (gsize i = 0; i < G_N_ELEMENTS(none); i++)
        ck_assert_msg(!pd_hours_parse_time(none[i], &minute) && !pd_hours_parse(none[i], &night),
                      "%s", none[i]);
    ck_assert_int_eq(minute, 545);
    ck_assert_int_eq(night.from, 22 * 60);
}
END_TEST

START_TEST(pauses_grow_and_end_at_the_most)
{
    for (guint attempt = 1; attempt < 70; attempt++) {
        gint64 pause = pd_clock_backoff(attempt, PD_SECOND, 60 * PD_SECOND);
        ck_assert_int_le(pause, 60 * PD_SECOND);
        ck_assert_int_ge(pause, PD_SECOND * 3 / 4);
    }
    ck_assert_int_ge(pd_clock_backoff(10, PD_SECOND, 60 * PD_SECOND), 45 * PD_SECOND);
}
END_TEST

START_TEST(hash_of_pieces_is_the_hash_of_the_whole)
{
    guint8 pieces[PD_HASH_SIZE], whole[PD_HASH_SIZE];
    g_autoptr(PdHash) hash = pd_hash_new();

    pd_hash_add(hash, "ab", 2);
    pd_hash_add(hash, "c", 1);
    pd_hash_finish(hash, pieces);
    pd_hash_bytes("abc", 3, whole);
    ck_assert_mem_eq(pieces, whole, PD_HASH_SIZE);
    g_autofree char *hex = pd_hash_hex(whole);
    ck_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
END_TEST

START_TEST(json_keeps_order_and_takes_any_text)
{
    g_autoptr(PdJson) object = pd_json_object();

    pd_json_set_text(object, "b", "x\xff");
    pd_json_set_int(object, "a", 7);
    pd_json_set_text(object, "n", NULL);
    g_autofree char *text = pd_json_compact(object);
    ck_assert_str_eq(text, "{\"b\":\"x\xef\xbf\xbd\",\"a\":7,\"n\":null}");
}
END_TEST

START_TEST(whole_numbers_are_written_to_their_ends)
{
    g_autoptr(PdJson) object = pd_json_object();

    pd_json_set_int(object, "least", G_MININT64);
    pd_json_set_int(object, "none", 0);
    pd_json_set_int(object, "most", G_MAXINT64);
    g_autofree char *text = pd_json_compact(object);
    ck_assert_str_eq(text, "{\"least\":-9223372036854775808,\"none\":0,"
                           "\"most\":9223372036854775807}");
}
END_TEST

START_TEST(compact_json_is_read_back_the_same)
{
    static const char text[] = "{\"a\":[],\"b\":{},\"c\":[1,-2,true,false,null,0.5],"
                               "\"\\\"\\\\\":\"\\b\\f\\n\\r\\t\\u0001\\u001F/\x7f\xe4\xb8\xad\"}";
    g_autoptr(PdJson) read = NULL;

    ck_assert_ptr_null(pd_json_parse(text, strlen(text), &read));
    g_autofree char *written = pd_json_compact(read);
    ck_assert_str_eq(written, text);
}
END_TEST

#define CURSOR_TEXT                                                                                \
    "{\"a\" : [1, \"x]\\\"}\", {\"b\":[]}, {}, null] ,\"q\\\"\":\"\\u4e2d\",\"e\":{}}"

/* The values of the text one level down, each followed by a space; members with their keys. */
static char *walk(const char *text, gsize length, gboolean *broken)
{
    PdJsonCursor cursor = pd_json_cursor(text, length);
    GString *all = g_string_new(NULL);
    PdJsonSlice key;

    pd_json_cursor_open(&cursor, '{');
    while (pd_json_cursor_member(&cursor, &key)) {
        if (pd_json_slice_is(key, "a")) {
            pd_json_cursor_open(&cursor, '[');
            while (pd_json_cursor_item(&cursor)) {
                PdJsonSlice item = pd_json_cursor_value(&cursor);
                g_string_append_printf(all, "%.*s ", (int)item.length, item.text);
            }
            continue;
        }
        PdJsonSlice value = pd_json_cursor_value(&cursor);
        g_autofree char *name = pd_json_slice_text(key);
        g_autofree char *told = pd_json_slice_text(value);
        g_string_append_printf(all, "%s=%s ", name, told != NULL ? told : "none");
    }
    *broken = cursor.broken;
    return g_string_free(all, FALSE);
}

START_TEST(a_cursor_passes_over_json_value_by_value)
{
    gboolean broken;
    g_autofree char *all = walk(CURSOR_TEXT, strlen(CURSOR_TEXT), &broken);

    ck_assert_str_eq(all, "1 \"x]\\\"}\" {\"b\":[]} {} null q\"=中 e=none ");
    ck_assert(!broken);
}
END_TEST

START_TEST(a_cursor_is_broken_by_what_is_cut_off_or_no_json)
{
    static const char *const wrong[] = {"[]",      "{1:2}",       "{\"a\":{}}",
                                        "{\"b\"}", "{\"b\":1 2}", "{\"b\":}"};
    gboolean broken;

    for (gsize length = 0; length < strlen(CURSOR_TEXT); length++) {
        g_autofree char *part = g_strndup(CURSOR_TEXT, length); /* so that valgrind sees its end */
        g_free(walk(part, length, &broken));
        ck_assert_msg(broken, "%s", part);
    }
    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_free(walk(wrong[i], strlen(wrong[i]), &broken));
        ck_assert_msg(broken, "%s", wrong[i]);
    }
}
END_TEST

START_TEST(replaced_file_has_the_new_content_and_mode)
{
    g_autofree char *folder = g_dir_make_tmp("base-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "f", NULL);
    g_autofree char *bytes = NULL;
    gsize length;

    ck_assert_ptr_null(pd_file_replace(path, "one", 3, 0600));
    ck_assert_ptr_null(pd_file_replace(path, "second", 6, 0600));
    ck_assert_ptr_null(pd_file_read(path, 100, &bytes, &length));
    ck_assert_str_eq(bytes, "second");
    g_autoptr(PdStatus) too_large = pd_file_read(path, 5, &bytes, &length);
    ck_assert_ptr_nonnull(too_large);
    g_remove(path);
    g_rmdir(folder);
}
END_TEST

/* Zeros in parts of any length, at its beginning and at its end. */
START_TEST(a_sparse_file_reads_as_it_was_written)
{
    g_autofree char *folder = g_dir_make_tmp("postdesk-base-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "file", NULL);
    gsize whole = 40 * 4096 + 100, got, parts[] = {100, 4096, 30000, 5000, 8192};
    g_autofree char *bytes = g_malloc0(whole), *back = NULL;
    GStatBuf file;

    memset(bytes + 70000, 'x', 5000);
    memset(bytes + 12 * 4096, 'y', 1);
    int fd = g_open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    for (gsize at = 0, i = 0; at < whole; i++) {
        gsize part = MIN(parts[i % G_N_ELEMENTS(parts)], whole - at);
        ck_assert_ptr_null(pd_file_write_sparse(fd, bytes + at, part));
        at += part;
    }
    ck_assert_ptr_null(pd_file_end_sparse(fd));
    close(fd);
    ck_assert_ptr_null(pd_file_read(path, whole, &back, &got));
    ck_assert_uint_eq(got, whole);
    ck_assert(memcmp(back, bytes, whole) == 0);
    ck_assert_int_eq(g_stat(path, &file), 0);
    ck_assert_int_lt(file.st_blocks * 512, 20 * 4096);
    g_unlink(path);
    g_rmdir(folder);
}
END_TEST

START_TEST(second_lock_is_refused_with_75)
{
    g_autofree char *folder = g_dir_make_tmp("base-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "lock", NULL);
    g_autoptr(PdLock) first = NULL;
    g_autoptr(PdLock) second = NULL;

    ck_assert_ptr_null(pd_lock_take(path, &first));
    g_autoptr(PdStatus) refused = pd_lock_take(path, &second);
    ck_assert_int_eq(pd_status_exit_code(refused), PD_EXIT_TRY_AGAIN);
    ck_assert(pd_lock_is_held(path));
    pd_lock_free(g_steal_pointer(&first));
    ck_assert(!pd_lock_is_held(path));
    ck_assert_ptr_null(pd_lock_take(path, &second));
    g_remove(path);
    g_rmdir(folder);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("base");
    TCase *all = tcase_create("all");

    tcase_add_test(all, status_says_what_a_person_should_do);
    tcase_add_test(all, whatever_may_succeed_later_exits_75);
    tcase_add_test(all, diagnostics_come_in_the_order_of_the_file);
    tcase_add_test(all, nearest_word_is_offered_for_a_slip_only);
    tcase_add_test(all, printable_text_moves_no_terminal);
    tcase_add_test(all, invalid_bytes_are_shown_and_counted);
    tcase_add_test(all, valid_text_is_told_as_glib_tells_it);
    tcase_add_test(all, columns_count_wide_characters_twice);
    tcase_add_test(all, text_is_cut_between_characters);
    tcase_add_test(all, addresses_that_would_break_a_protocol_are_refused);
    tcase_add_test(all, an_address_that_no_relay_takes_is_told_with_what_to_write);
    tcase_add_test(all, durations_and_sizes_are_read_with_their_units);
    tcase_add_test(all, hours_of_the_day_may_go_over_midnight);
    tcase_add_test(all, pauses_grow_and_end_at_the_most);
    tcase_add_test(all, hash_of_pieces_is_the_hash_of_the_whole);
    tcase_add_test(all, json_keeps_order_and_takes_any_text);
    tcase_add_test(all, whole_numbers_are_written_to_their_ends);
    tcase_add_test(all, compact_json_is_read_back_the_same);
    tcase_add_test(all, a_cursor_passes_over_json_value_by_value);
    tcase_add_test(all, a_cursor_is_broken_by_what_is_cut_off_or_no_json);
    tcase_add_test(all, replaced_file_has_the_new_content_and_mode);
    tcase_add_test(all, a_sparse_file_reads_as_it_was_written);
    tcase_add_test(all, second_lock_is_refused_with_75);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
