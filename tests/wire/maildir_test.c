/* maildir_test.c: a Maildir in place of a server, for both directions. */
#include "checks.h"
#include "postdesk/clock.h"
#include "postdesk/relay.h"
#include "postdesk/source.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *base;
static PdMailbox mailbox;
static GString *got;

static char *below(const char *path)
{
    return g_build_filename(base, path, NULL);
}

static void put(const char *path, const char *text)
{
    g_autofree char *whole = below(path);

    ck_assert(g_file_set_contents(whole, text, -1, NULL));
}

static gboolean is_there(const char *path)
{
    g_autofree char *whole = below(path);

    return g_file_test(whole, G_FILE_TEST_EXISTS);
}

static void set_up(void)
{
    base = g_dir_make_tmp("postdesk-maildir-XXXXXX", NULL);
    for (const char *const *part = (const char *const[]){"new", "cur", "tmp", ".Done/new",
                                                         ".Done/cur", ".Done/tmp", NULL};
         *part != NULL; part++) {
        g_autofree char *whole = below(*part);
        g_mkdir_with_parents(whole, 0700);
    }
    mailbox = (PdMailbox){.name = (char *)"test", .maildir = base, .poll = PD_SECOND / 50};
    got = g_string_new(NULL);
}

static void tear_down(void)
{
    g_autofree char *command = g_strdup_printf("rm -rf '%s'", base);

    ck_assert_int_eq(system(command), 0);
    g_string_free(got, TRUE);
    g_free(base);
}

static PdSource *open_source(void)
{
    PdSource *source = NULL;

    check_good(pd_source_open(&mailbox, "INBOX", NULL, &source));
    return source;
}

static PdStatus *take_begin(gpointer user)
{
    (void)user;
    return NULL;
}

static PdStatus *take_bytes(const char *bytes, gsize length, gpointer user)
{
    (void)user;
    g_string_append_len(got, bytes, (gssize)length);
    return NULL;
}

static PdStatus *take_end(guint32 uid, gpointer user)
{
    (void)user;
    g_string_append_printf(got, "=%u;", uid);
    return NULL;
}

static void take_abandon(gpointer user)
{
    (void)user;
    g_string_append(got, "abandoned;");
}

static const PdFetchSink sink = {take_begin, take_bytes, take_end, take_abandon, NULL};

START_TEST(uids_are_kept_whatever_happens_to_the_files)
{
    g_autoptr(GArray) entries = NULL;
    put("new/100.a", "one");
    put("new/200.b", "two");
    PdSource *source = open_source();
    PdSourceFolder before = *pd_source_folder(source);
    check_good(pd_source_mark_seen(source, (guint32[]){2}, 1));
    pd_source_close(source);
    ck_assert(is_there("cur/200.b:2,S"));
    put("new/050.c", "three");

    source = open_source();
    ck_assert_uint_eq(pd_source_folder(source)->uidvalidity, before.uidvalidity);
    check_good(pd_source_list(source, 2, &entries));
    ck_assert_uint_eq(entries->len, 2);
    const PdSourceEntry *entry = &g_array_index(entries, PdSourceEntry, 0);
    ck_assert(entry[0].uid == 2 && entry[0].seen && entry[0].size == 3);
    ck_assert(entry[1].uid == 3 && !entry[1].seen && entry[1].size == 5);
    check_good(pd_source_fetch(source, entry, 2, &sink));
    ck_assert_str_eq(got->str, "two=2;three=3;");
    pd_source_close(source);
}
END_TEST

START_TEST(damaged_numbers_begin_a_new_validity)
{
    static const char *const damaged[] = {
        "7 3\n2 b\n2 a\n", "7 9\n1 a\n2 a\n", "0 9\n", "7 1\n1 a", "what", ""};
    put("new/100.a", "one");
    put("postdesk-uids", damaged[_i]);
    PdSource *source = open_source();
    ck_assert_uint_ne(pd_source_folder(source)->uidvalidity, 7);
    ck_assert_uint_eq(pd_source_folder(source)->uidnext, 2);
    pd_source_close(source);
}
END_TEST

START_TEST(message_that_others_move_is_found_and_one_that_is_gone_left_out)
{
    g_autoptr(GArray) entries = NULL;
    put("new/100.a", "one");
    put("new/200.b", "two");
    PdSource *source = open_source();
    check_good(pd_source_list(source, 1, &entries));
    g_autofree char *old = below("new/100.a");
    g_autofree char *moved = below("cur/100.a:2,RS");
    g_autofree char *gone = below("new/200.b");
    ck_assert_int_eq(g_rename(old, moved), 0);
    ck_assert_int_eq(g_unlink(gone), 0);
    check_good(pd_source_fetch(source, (PdSourceEntry *)(void *)entries->data, 2, &sink));
    ck_assert_str_eq(got->str, "one=1;");
    pd_source_close(source);
}
END_TEST

START_TEST(only_files_are_messages)
{
    g_autoptr(GArray) entries = NULL;
    g_autofree char *pipe = below("new/100.pipe"), *link = below("new/200.link");
    g_autofree char *inner = below("new/300.folder");

    ck_assert_int_eq(mkfifo(pipe, 0600), 0);
    ck_assert_int_eq(symlink("/etc/passwd", link), 0);
    ck_assert_int_eq(g_mkdir(inner, 0700), 0);
    put("new/400.mail", "one");
    PdSource *source = open_source();
    check_good(pd_source_list(source, 1, &entries));
    ck_assert_uint_eq(entries->len, 1);
    check_good(pd_source_fetch(source, (PdSourceEntry *)(void *)entries->data, 1, &sink));
    ck_assert_ptr_nonnull(strstr(got->str, "one="));
    pd_source_close(source);
}
END_TEST

START_TEST(messages_move_to_a_folder_that_is_there)
{
    put("new/100.a", "one");
    PdSource *source = open_source();
    check_bad(pd_source_move(source, (guint32[]){1}, 1, "Other"), PD_SPOILS_MAILBOX, FALSE,
              "Other");
    check_bad(pd_source_move(source, (guint32[]){1}, 1, "../x"), PD_SPOILS_MAILBOX, FALSE, "x");
    check_good(pd_source_move(source, (guint32[]){1, 9}, 2, "Done"));
    ck_assert(is_there(".Done/cur/100.a:2,S"));
    pd_source_close(source);
}
END_TEST

START_TEST(new_message_ends_the_wait)
{
    g_autoptr(GArray) entries = NULL;
    gboolean woken = TRUE;
    mailbox.poll = 20 * PD_SECOND;
    PdSource *source = open_source();
    check_good(pd_source_list(source, 1, &entries));
    put("new/100.a", "one");
    check_good(pd_source_wait(source, -1, &woken));
    ck_assert(!woken);
    pd_source_close(source);
}
END_TEST

static void before_dot(gint64 id, gpointer user)
{
    (void)user;
    g_string_append_printf(got, "dot %d;", (int)id);
}

static void result(const PdRelayResult *told, gpointer user)
{
    (void)user;
    g_string_append_printf(got, "%d %d;", (int)told->id, told->code);
}

START_TEST(relay_files_what_the_source_finds)
{
    static const PdRelayMail mails[] = {{1, "", "a@example.org", "A: b\r\n\r\nc\r\n", 11},
                                        {2, "", "a\n@example.org", "x\r\n", 3}};
    static const PdRelaySink results = {before_dot, result, NULL};
    PdRelayConfig config = {.name = (char *)"test", .maildir = base};
    g_autoptr(PdRelay) relay = NULL;
    PdSourceEntry entry = {.uid = 1, .size = 100};

    check_good(pd_relay_open(&config, NULL, &relay));
    check_good(pd_relay_send(relay, mails, 2, &results));
    check_good(pd_relay_check(relay));
    PdSource *source = open_source();
    check_good(pd_source_fetch(source, &entry, 1, &sink));
    ck_assert_str_eq(got->str, "dot 1;1 250;2 553;Return-Path: <>\n"
                               "Delivered-To: a@example.org\nA: b\n\nc\n=1;");
    pd_source_close(source);
}
END_TEST

static Suite *maildir_suite(void)
{
    Suite *suite = suite_create("maildir");
    TCase *all = tcase_create("all");

    tcase_add_checked_fixture(all, set_up, tear_down);
    tcase_add_test(all, uids_are_kept_whatever_happens_to_the_files);
    tcase_add_loop_test(all, damaged_numbers_begin_a_new_validity, 0, 6);
    tcase_add_test(all, message_that_others_move_is_found_and_one_that_is_gone_left_out);
    tcase_add_test(all, only_files_are_messages);
    tcase_add_test(all, messages_move_to_a_folder_that_is_there);
    tcase_add_test(all, new_message_ends_the_wait);
    tcase_add_test(all, relay_files_what_the_source_finds);
    suite_add_tcase(suite, all);
    return suite;
}

int main(void)
{
    return run_suite(maildir_suite());
}
