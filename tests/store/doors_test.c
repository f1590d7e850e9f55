/* doors_test.c: opening, transactions, facts, alarms. */
#include "postdesk/clock.h"
#include "store/store_internal.h"
#include "store_test.h"
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

START_TEST(absent_store_is_refused_with_advice)
{
    g_autofree char *nowhere = g_build_filename(scratch, "nowhere", NULL);
    PdStore *none = NULL;
    g_autoptr(PdStatus) status = pd_store_open(nowhere, PD_STORE_WRITE, &none);

    ck_assert_ptr_nonnull(status);
    ck_assert_ptr_nonnull(pd_status_advice(status));
    ck_assert_ptr_null(none);
    ck_assert(!g_file_test(nowhere, G_FILE_TEST_EXISTS));
}
END_TEST

/* In a process that may look at nothing of ours. */
static gboolean is_refused_to_others(PdStoreMode mode)
{
    int wait_status;
    pid_t child = fork();

    if (child == 0) {
        PdStore *none = NULL;
        if (geteuid() == 0 && setuid(65534) != 0)
            _exit(2);
        g_autoptr(PdStatus) status = pd_store_open(state, mode, &none);
        _exit(status != NULL && strstr(pd_status_text(status), "ermission") != NULL &&
                      pd_status_advice(status) != NULL
                  ? 0
                  : 1);
    }
    ck_assert_int_eq(waitpid(child, &wait_status, 0), child);
    return WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0;
}

START_TEST(what_may_not_be_looked_at_is_not_told_absent)
{
    g_chmod(state, 0);
    gboolean refused = is_refused_to_others(PD_STORE_LOOK) && is_refused_to_others(PD_STORE_READ);
    g_chmod(state, 0700);
    ck_assert(refused);
}
END_TEST

START_TEST(state_is_private)
{
    g_autofree char *database = g_build_filename(state, "postdesk.db", NULL);
    GStatBuf file;

    ck_assert_int_eq(g_stat(state, &file), 0);
    ck_assert_int_eq(file.st_mode & 077, 0);
    ck_assert_int_eq(g_stat(database, &file), 0);
    ck_assert_int_eq(file.st_mode & 077, 0);
}
END_TEST

/* Who wrote on would flag mail on the server that nobody can find again. */
START_TEST(a_deleted_state_is_not_written_to)
{
    g_autofree char *lock = g_build_filename(state, "lock", "writer", NULL);

    MUST(pd_store_begin(store));
    MUST(pd_store_commit(store));
    ck_assert_int_eq(g_unlink(lock), 0);
    g_autoptr(PdStatus) status = pd_store_begin(store);
    ck_assert_ptr_nonnull(status);
    ck_assert_int_eq(pd_status_spoils(status), PD_SPOILS_STORE);
    ck_assert_ptr_nonnull(strstr(pd_status_text(status), "deleted"));
    MUST_FAIL(pd_store_begin_within(store, 0));
}
END_TEST

/* The header of an SQLite file holds user_version at byte 60, application_id at 68. */
static void patch_header(long at, guint32 number)
{
    g_autofree char *database = g_build_filename(state, "postdesk.db", NULL);
    guint32 big = GUINT32_TO_BE(number);

    g_clear_pointer(&store, pd_store_close); /* folds the log into the file */
    FILE *file = fopen(database, "r+b");
    ck_assert_ptr_nonnull(file);
    fseek(file, at, SEEK_SET);
    ck_assert_uint_eq(fwrite(&big, sizeof big, 1, file), 1);
    fclose(file);
}

START_TEST(newer_database_is_refused)
{
    patch_header(60, 999);
    g_autoptr(PdStatus) status = pd_store_open(state, PD_STORE_CREATE, &store);
    ck_assert_ptr_nonnull(status);
    ck_assert_ptr_nonnull(strstr(pd_status_text(status), "version 999"));
}
END_TEST

/* What version 1 had not is taken off again, as if it had written the database. */
START_TEST(a_database_of_version_1_is_brought_up_with_its_tickets)
{
    gint64 number = open_ticket(store, "vpn", "ann@example.org");
    g_autoptr(PdTicket) ticket = NULL;

    MUST(pd_db_script(
        store->db,
        "DROP TABLE pending; DROP TABLE print_job; DROP TABLE timer;"
        "DROP TRIGGER timer_of_new;"
        "DROP TRIGGER timer_of_changed;"
        "DROP INDEX ticket_open;"
        "CREATE INDEX ticket_open ON ticket (number)"
        " WHERE status NOT IN ('closed', 'merged', 'spam');"
        "DROP INDEX ticket_over_of_reporter; DROP INDEX ticket_open_of_reporter;"
        "DROP INDEX ticket_over_of_queue;"
        "DROP INDEX ticket_over_of_category;"
        "DROP INDEX ticket_set_aside; DROP TABLE workload;"
        "DROP TRIGGER workload_of_new; DROP TRIGGER workload_taken;"
        "DROP TRIGGER workload_given_up;"
        "DROP TRIGGER search_of_new; DROP TRIGGER search_of_changed;"
        "DROP TRIGGER search_of_message; DROP TABLE search;"
        "DROP TRIGGER likeness_of_solved; DROP TABLE likeness;"
        "DROP INDEX outbox_unsent;"
        "CREATE INDEX outbox_by_state ON outbox (state, next_at);"
        "DROP TABLE search_doc; DROP TABLE search_pending;"
        "DROP TABLE search_head; DROP TABLE search_shard;"
        "DROP TRIGGER inbox_tally_more; DROP TRIGGER inbox_tally_less;"
        "DROP TABLE inbox_tally; DROP INDEX inbox_waiting; DROP INDEX inbox_quarantined;"
        "CREATE INDEX inbox_by_outcome ON inbox (outcome);"
        "DROP TABLE attachment_home; DROP TABLE raw_shared;"
        "DROP TABLE sharing_pending;"
        "DROP TABLE attachment_arrival; DROP TABLE attachment;"
        "ALTER TABLE ticket DROP COLUMN respond_due;"
        "ALTER TABLE ticket DROP COLUMN resolve_due;"
        "DROP INDEX ticket_by_merge_key;"
        "ALTER TABLE ticket DROP COLUMN merge_key;"
        "ALTER TABLE participant DROP COLUMN part;"
        "ALTER TABLE ticket DROP COLUMN custom;"
        "ALTER TABLE alarm DROP COLUMN facts;" TO_VERSION_23 "PRAGMA user_version = 1;"));
    g_clear_pointer(&store, pd_store_close);
    MUST_FAIL(pd_store_open(state, PD_STORE_WRITE, &store));
    MUST(pd_store_open(state, PD_STORE_CREATE, &store));
    MUST(pd_ticket_get(store, number, &ticket));
    ck_assert_str_eq(ticket->subject, "vpn");
    ck_assert_str_eq(ticket->respond_due, "");
}
END_TEST

START_TEST(foreign_database_is_refused)
{
    patch_header(68, 12345);
    MUST_FAIL(pd_store_open(state, PD_STORE_CREATE, &store));
}
END_TEST

START_TEST(committed_fact_stays_and_rolled_back_one_goes)
{
    g_autofree char *kept = NULL;
    g_autofree char *gone = NULL;

    MUST(pd_store_begin(store));
    MUST(pd_store_set_fact(store, "kept", "1"));
    MUST(pd_store_set_fact(store, "kept", "2"));
    MUST(pd_store_commit(store));
    MUST(pd_store_begin(store));
    MUST(pd_store_set_fact(store, "gone", "1"));
    pd_store_rollback(store);
    pd_store_rollback(store); /* harmless */
    fixture_reopen();
    MUST(pd_store_get_fact(store, "kept", &kept));
    MUST(pd_store_get_fact(store, "gone", &gone));
    ck_assert_str_eq(kept, "2");
    ck_assert_ptr_null(gone);
}
END_TEST

START_TEST(fact_can_be_unset)
{
    g_autofree char *value = NULL;

    MUST(pd_store_begin(store));
    MUST(pd_store_set_fact(store, "name", "value"));
    MUST(pd_store_set_fact(store, "name", NULL));
    MUST(pd_store_commit(store));
    MUST(pd_store_get_fact(store, "name", &value));
    ck_assert_ptr_null(value);
}
END_TEST

START_TEST(writing_without_a_transaction_is_refused)
{
    MUST_FAIL(pd_store_set_fact(store, "name", "value"));
    MUST(pd_store_begin(store));
    MUST_FAIL(pd_store_begin(store));
    ck_assert(pd_store_in_transaction(store));
    pd_store_rollback(store);
    MUST_FAIL(pd_store_commit(store));
}
END_TEST

START_TEST(savepoint_takes_back_its_part_only)
{
    g_autofree char *before = NULL;
    g_autofree char *within = NULL;
    g_autofree char *after = NULL;

    MUST(pd_store_begin(store));
    MUST(pd_store_set_fact(store, "before", "1"));
    MUST(pd_store_savepoint(store));
    MUST(pd_store_set_fact(store, "within", "1"));
    MUST(pd_store_rollback_savepoint(store));
    MUST(pd_store_savepoint(store));
    MUST(pd_store_set_fact(store, "after", "1"));
    MUST(pd_store_release(store));
    MUST(pd_store_commit(store));
    MUST(pd_store_get_fact(store, "before", &before));
    MUST(pd_store_get_fact(store, "within", &within));
    MUST(pd_store_get_fact(store, "after", &after));
    ck_assert_ptr_nonnull(before);
    ck_assert_ptr_null(within);
    ck_assert_ptr_nonnull(after);
}
END_TEST

START_TEST(reader_sees_one_snapshot_while_another_writes)
{
    g_autoptr(PdStore) reader = NULL;
    g_autofree char *first = NULL;
    g_autofree char *second = NULL;
    g_autofree char *later = NULL;

    MUST(pd_store_open(state, PD_STORE_READ, &reader));
    MUST_FAIL(pd_store_begin(reader));
    MUST(pd_store_begin_read(reader));
    MUST(pd_store_get_fact(reader, "name", &first));
    MUST(pd_store_begin(store));
    MUST(pd_store_set_fact(store, "name", "value"));
    MUST(pd_store_commit(store));
    MUST(pd_store_get_fact(reader, "name", &second));
    pd_store_end_read(reader);
    MUST(pd_store_get_fact(reader, "name", &later));
    ck_assert_ptr_null(first);
    ck_assert_ptr_null(second);
    ck_assert_str_eq(later, "value");
}
END_TEST

static gboolean raise_alarm(const char *kind, const char *subject)
{
    gboolean is_new;

    MUST(pd_store_begin(store));
    MUST(pd_store_alarm(store, kind, subject, "text", NULL, &is_new));
    MUST(pd_store_commit(store));
    return is_new;
}

START_TEST(alarm_is_counted_within_a_day_and_new_after_it)
{
    g_autoptr(GPtrArray) alarms = NULL;
    gint64 now = 1000000 * (gint64)PD_SECOND;

    pd_clock_set(now);
    ck_assert(raise_alarm("disk", "full"));
    ck_assert(!raise_alarm("disk", "full"));
    ck_assert(raise_alarm("disk", "slow"));
    pd_clock_set(now + 25 * 3600 * (gint64)PD_SECOND);
    ck_assert(raise_alarm("disk", "full"));
    pd_clock_set(0);
    MUST(pd_store_alarms(store, 0, &alarms));
    ck_assert_uint_eq(alarms->len, 3);
    const PdAlarm *newest = g_ptr_array_index(alarms, 0);
    ck_assert_str_eq(newest->subject, "full");
    ck_assert_int_eq(newest->count, 1);
}
END_TEST

Suite *doors_suite(void)
{
    const TTest *tests[] = {
        absent_store_is_refused_with_advice,
        what_may_not_be_looked_at_is_not_told_absent,
        state_is_private,
        a_deleted_state_is_not_written_to,
        newer_database_is_refused,
        a_database_of_version_1_is_brought_up_with_its_tickets,
        foreign_database_is_refused,
        committed_fact_stays_and_rolled_back_one_goes,
        fact_can_be_unset,
        writing_without_a_transaction_is_refused,
        savepoint_takes_back_its_part_only,
        reader_sees_one_snapshot_while_another_writes,
        alarm_is_counted_within_a_day_and_new_after_it,
    };

    return suite_of("doors", tests, G_N_ELEMENTS(tests));
}
