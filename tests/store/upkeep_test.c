/* upkeep_test.c: backup, restore, verify. */
#include "store_test.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Something that is told later. */
static void put_aside(gint64 ticket)
{
    g_autoptr(PdPending) pending = pd_pending_new();

    pending->ticket = ticket;
    pending->recipient = g_strdup("ann@example.org");
    pending->kind = g_strdup("news");
    pending->due_at = 1;
    pending->why = g_strdup("gathered");
    MUST(pd_store_begin(store));
    MUST(pd_pending_add(store, pending));
    MUST(pd_store_commit(store));
}

/* A small desk: two messages in one ticket, one ignored, one waiting, mails in each state. */
static void fill(void)
{
    gint64 first = add_message(store, "a/INBOX", 1, "first");
    gint64 second = add_message(store, "a/INBOX", 2, "second");
    gint64 third = add_message(store, "b/INBOX", 1, "third");
    g_autoptr(PdEvent) event = opening("报修", "ann@example.org");
    g_autoptr(PdEvent) reply = pd_event_new("message", "ann@example.org", "mail");

    add_message(store, "b/INBOX", 2, "waiting");
    event->inbox = first;
    pd_json_set_text(event->data, "message_id", "first@example.org");
    MUST(pd_store_begin(store));
    MUST(pd_ticket_append(store, event, 0));
    reply->ticket = event->ticket;
    reply->inbox = second;
    MUST(pd_ticket_append(store, reply, 1));
    MUST(pd_inbox_finish(store, first, PD_OUTCOME_CREATED, NULL, event->ticket));
    MUST(pd_inbox_finish(store, second, PD_OUTCOME_APPENDED, NULL, event->ticket));
    MUST(pd_inbox_finish(store, third, PD_OUTCOME_IGNORED, "a bounce", 0));
    MUST(pd_store_commit(store));
    queue_mail(store, event->ticket, "ann@example.org", "queued@desk");
    put_aside(event->ticket);
}

static void note_progress(guint64 done, guint64 total, gpointer user)
{
    ck_assert_uint_le(done, total);
    *(guint64 *)user = done;
}

START_TEST(whole_store_verifies)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    PdVerified counts;
    guint64 done = 0;

    fill();
    MUST(pd_store_verify(store, list, &counts, note_progress, &done));
    ck_assert_uint_eq(pd_diagnostics_count(list), 0);
    ck_assert_int_eq(counts.tickets, 1);
    ck_assert_int_eq(counts.events, 2);
    ck_assert_int_eq(counts.messages, 4);
    ck_assert_int_eq(counts.bytes, 5 + 6 + 5 + 7);
    ck_assert_uint_gt(done, 0);
}
END_TEST

/* Changes the first place where the text stands in a file of the same length. */
static void tamper(const char *name, const char *text, const char *other)
{
    g_autofree char *path = g_build_filename(scratch, name, NULL);
    g_autofree char *bytes = NULL;
    gsize length;

    ck_assert(g_file_get_contents(path, &bytes, &length, NULL));
    char *at = memmem(bytes, length, text, strlen(text));
    ck_assert_ptr_nonnull(at);
    memcpy(at, other, strlen(other));
    int fd = open(path, O_WRONLY);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(pwrite(fd, other, strlen(other), at - bytes), (ssize_t)strlen(other));
    close(fd);
}

START_TEST(changed_raw_byte_is_found)
{
    fill();
    tamper("state/raw/00000001.seg", "second", "sEcond");
    ck_assert_uint_eq(differences(store), 1);
}
END_TEST

START_TEST(changed_ticket_or_participant_is_found)
{
    fill();
    g_clear_pointer(&store, pd_store_close);
    tamper("state/postdesk.db", "\"message_id\":\"first@", "\"message_id\":\"fIrst@");
    MUST(pd_store_open(state, PD_STORE_READ, &store));
    ck_assert_uint_eq(differences(store), 1);
    g_clear_pointer(&store, pd_store_close);
    tamper("state/postdesk.db", "\"subject\":\"报修\"", "\"subject\":\"报废\"");
    MUST(pd_store_open(state, PD_STORE_READ, &store));
    ck_assert_uint_eq(differences(store), 2);
}
END_TEST

START_TEST(outcome_without_its_event_is_found)
{
    fill();
    gint64 id = add_message(store, "c/INBOX", 1, "lost");
    MUST(pd_store_begin(store));
    MUST(pd_inbox_finish(store, id, PD_OUTCOME_APPENDED, NULL, 1));
    MUST(pd_store_commit(store));
    ck_assert_uint_eq(differences(store), 1);
}
END_TEST

static char *back_up(void)
{
    char *file = g_build_filename(scratch, "desk.backup", NULL);
    guint64 done = 0;

    MUST(pd_store_backup(store, file, note_progress, &done));
    ck_assert_uint_gt(done, 0);
    return file;
}

START_TEST(restored_desk_is_the_same_and_held)
{
    g_autofree char *key = g_build_filename(state, "token.key", NULL);
    g_autofree char *other = g_build_filename(scratch, "restored", NULL);
    g_autofree char *other_key = g_build_filename(other, "token.key", NULL);
    g_autofree char *secret = NULL;
    gint64 since = 0;
    g_autoptr(PdStore) restored = NULL;
    g_autoptr(GPtrArray) mails = NULL;
    g_autoptr(GPtrArray) pending = NULL;
    gboolean held;
    GStatBuf file;

    fill();
    ck_assert(g_file_set_contents(key, "secret", -1, NULL));
    g_autofree char *backup = back_up();
    ck_assert_int_eq(g_stat(backup, &file), 0);
    ck_assert_int_eq(file.st_mode & 077, 0);
    MUST(pd_store_restore(backup, other, FALSE, NULL, NULL));
    MUST(pd_store_open(other, PD_STORE_WRITE, &restored));
    ck_assert_uint_eq(differences(restored), 0);
    ck_assert(g_file_get_contents(other_key, &secret, NULL, NULL));
    ck_assert_str_eq(secret, "secret");
    MUST(pd_outbox_is_held(restored, &held));
    ck_assert(held);
    MUST(pd_outbox_list(restored, -1, 0, 10, &mails));
    ck_assert_uint_eq(mails->len, 1);
    const PdOutboxRow *mail = g_ptr_array_index(mails, 0);
    ck_assert_int_eq(mail->state, PD_MAIL_UNKNOWN);
    ck_assert_ptr_nonnull(mail->last_reply);
    MUST(pd_pending_list(restored, 0, 10, &pending));
    ck_assert_uint_eq(pending->len, 1);
    ck_assert_ptr_nonnull(((PdPending *)g_ptr_array_index(pending, 0))->held);
    MUST(pd_store_restored_at(restored, &since));
    ck_assert_int_ne(since, 0);
    ck_assert_int_gt(add_message(restored, "a/INBOX", 3, "next"), 0);
}
END_TEST

START_TEST(backup_knows_nothing_of_what_came_after)
{
    g_autofree char *other = g_build_filename(scratch, "restored", NULL);
    g_autoptr(PdStore) restored = NULL;

    fill();
    g_autofree char *backup = back_up();
    gint64 later = add_message(store, "a/INBOX", 3, "came after the backup");
    MUST(pd_store_restore(backup, other, FALSE, NULL, NULL));
    MUST(pd_store_open(other, PD_STORE_READ, &restored));
    g_autoptr(PdInboxRow) row = NULL;
    MUST(pd_inbox_get(restored, later, &row));
    ck_assert_ptr_null(row);
    ck_assert_uint_eq(differences(restored), 0);
}
END_TEST

START_TEST(backup_while_another_process_writes_is_consistent)
{
    g_autofree char *other = g_build_filename(scratch, "restored", NULL);
    g_autoptr(PdStore) restored = NULL;
    int ended;

    fill();
    pid_t writer = fork();
    if (writer == 0) {
        PdStore *own = NULL;
        if (pd_store_open(state, PD_STORE_WRITE, &own) != NULL)
            _exit(1);
        for (guint32 uid = 1; uid <= 200; uid++) {
            add_message(own, "w/INBOX", uid, "while the backup runs");
            open_ticket(own, "while the backup runs", "ann@example.org");
        }
        _exit(0);
    }
    g_autofree char *backup = back_up();
    ck_assert_int_eq(waitpid(writer, &ended, 0), writer);
    MUST(pd_store_restore(backup, other, FALSE, NULL, NULL));
    MUST(pd_store_open(other, PD_STORE_READ, &restored));
    ck_assert_uint_eq(differences(restored), 0);
}
END_TEST

START_TEST(damaged_backup_is_refused_and_leaves_nothing)
{
    static const struct {
        const char *text, *other;
    } damages[] = {
        {"third", "thirD"},
        {"raw/00000001.seg", "raw/../../01.seg"},
        {"postdesk-backup 2", "postdesk-backup 3"},
        {"\nbytes 1", "\nzeros 1"},
        {"\nbytes 1", "\nbytes 9"},
        {"end ", "eND "},
    };
    g_autofree char *other = g_build_filename(scratch, "restored", NULL);

    fill();
    for (gsize i = 0; i < G_N_ELEMENTS(damages); i++) {
        g_autofree char *backup = back_up();
        MUST(pd_store_restore(backup, other, TRUE, NULL, NULL));
        tamper("desk.backup", damages[i].text, damages[i].other);
        MUST_FAIL(pd_store_restore(backup, other, TRUE, NULL, NULL));
        MUST_FAIL(pd_store_restore(backup, other, FALSE, NULL, NULL));
        ck_assert(!g_file_test(other, G_FILE_TEST_EXISTS));
    }
}
END_TEST

static void add_old_file(GString *backup, PdHash *lines, const char *name)
{
    g_autofree char *path = g_build_filename(state, name, NULL);
    g_autofree char *bytes = NULL;
    guint8 digest[PD_HASH_SIZE];
    gsize length;

    ck_assert(g_file_get_contents(path, &bytes, &length, NULL));
    pd_hash_bytes(bytes, length, digest);
    g_autofree char *hex = pd_hash_hex(digest);
    g_autofree char *head = g_strdup_printf("file %zu %s\n", length, name);
    g_autofree char *foot = g_strdup_printf("sha256 %s\n", hex);
    pd_hash_add(lines, head, strlen(head));
    pd_hash_add(lines, foot, strlen(foot));
    g_string_append(backup, head);
    g_string_append_len(backup, bytes, (gssize)length);
    g_string_append(backup, foot);
}

/* As it was written before bytes came in parts. */
START_TEST(a_backup_of_version_1_is_restored)
{
    g_autofree char *file = g_build_filename(scratch, "old.backup", NULL);
    g_autofree char *other = g_build_filename(scratch, "restored", NULL);
    g_autoptr(GString) backup = g_string_new("postdesk-backup 1\n");
    g_autoptr(PdHash) lines = pd_hash_new();
    g_autoptr(PdStore) restored = NULL;
    guint8 digest[PD_HASH_SIZE];

    fill();
    g_clear_pointer(&store, pd_store_close);
    pd_hash_add(lines, backup->str, backup->len);
    add_old_file(backup, lines, "postdesk.db");
    add_old_file(backup, lines, "raw/00000001.seg");
    add_old_file(backup, lines, "raw/00000002.seg");
    pd_hash_finish(lines, digest);
    g_autofree char *hex = pd_hash_hex(digest);
    g_string_append_printf(backup, "end 3 %s\n", hex);
    ck_assert(g_file_set_contents(file, backup->str, (gssize)backup->len, NULL));
    MUST(pd_store_restore(file, other, FALSE, NULL, NULL));
    MUST(pd_store_open(other, PD_STORE_READ, &restored));
    ck_assert_uint_eq(differences(restored), 0);
}
END_TEST

START_TEST(backup_cut_short_anywhere_is_refused)
{
    g_autofree char *other = g_build_filename(scratch, "restored", NULL);
    GStatBuf file;

    fill();
    g_autofree char *backup = back_up();
    ck_assert_int_eq(g_stat(backup, &file), 0);
    for (off_t cut = 1; cut < file.st_size; cut = cut * 3 / 2 + 1) {
        ck_assert_int_eq(truncate(backup, file.st_size - cut), 0);
        MUST_FAIL(pd_store_restore(backup, other, TRUE, NULL, NULL));
        g_free(back_up());
    }
}
END_TEST

START_TEST(folder_in_use_is_not_overwritten)
{
    fill();
    g_autofree char *backup = back_up();
    MUST_FAIL(pd_store_restore(backup, state, FALSE, NULL, NULL));
    ck_assert_uint_eq(differences(store), 0);
}
END_TEST

START_TEST(failed_backup_leaves_nothing)
{
    g_autofree char *file = g_build_filename(scratch, "absent", "desk.backup", NULL);

    fill();
    MUST_FAIL(pd_store_backup(store, file, NULL, NULL));
    ck_assert_uint_eq(differences(store), 0);
}
END_TEST

Suite *upkeep_suite(void)
{
    const TTest *tests[] = {
        whole_store_verifies,
        changed_raw_byte_is_found,
        changed_ticket_or_participant_is_found,
        outcome_without_its_event_is_found,
        restored_desk_is_the_same_and_held,
        backup_knows_nothing_of_what_came_after,
        backup_while_another_process_writes_is_consistent,
        damaged_backup_is_refused_and_leaves_nothing,
        a_backup_of_version_1_is_restored,
        backup_cut_short_anywhere_is_refused,
        folder_in_use_is_not_overwritten,
        failed_backup_leaves_nothing,
    };

    return suite_of("upkeep", tests, G_N_ELEMENTS(tests));
}
