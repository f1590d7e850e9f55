/* inbox_test.c: the ledger: once in, one outcome, nothing twice. */
#include "store_test.h"

static void finish(gint64 id, PdOutcome outcome, const char *reason, gint64 ticket)
{
    MUST(pd_store_begin(store));
    MUST(pd_inbox_finish(store, id, outcome, reason, ticket));
    MUST(pd_store_commit(store));
}

START_TEST(row_comes_back_as_it_was_added)
{
    gint64 id = add_message(store, "support/INBOX", 42, "raw");
    g_autoptr(PdInboxRow) row = NULL;
    g_autoptr(PdInboxRow) none = NULL;

    MUST(pd_inbox_get(store, id, &row));
    ck_assert_str_eq(row->mailbox, "support/INBOX");
    ck_assert_uint_eq(row->uidvalidity, 7);
    ck_assert_uint_eq(row->uid, 42);
    ck_assert_uint_eq(row->raw.length, 3);
    ck_assert_int_eq(row->outcome, PD_OUTCOME_INBOX);
    ck_assert_int_gt(row->taken_at, 0);
    ck_assert(!row->server_done);
    MUST(pd_inbox_get(store, id + 1, &none));
    ck_assert_ptr_null(none);
}
END_TEST

START_TEST(known_identity_changes_nothing)
{
    ck_assert_int_gt(add_message(store, "a/INBOX", 1, "one"), 0);
    ck_assert_int_eq(add_message(store, "a/INBOX", 1, "again"), 0);
    ck_assert_int_gt(add_message(store, "b/INBOX", 1, "another folder"), 0);
    ck_assert_int_gt(add_message(store, "inject", 0, "x"), 0);
    ck_assert_int_gt(add_message(store, "inject", 0, "x"), 0);
}
END_TEST

START_TEST(row_gets_one_outcome_only)
{
    gint64 id = add_message(store, "a/INBOX", 1, "one");

    finish(id, PD_OUTCOME_IGNORED, "a bounce", 0);
    MUST(pd_store_begin(store));
    MUST_FAIL(pd_inbox_finish(store, id, PD_OUTCOME_CREATED, NULL, 1));
    MUST_FAIL(pd_inbox_finish(store, id + 99, PD_OUTCOME_IGNORED, "unknown", 0));
    pd_store_rollback(store);
}
END_TEST

START_TEST(what_waits_is_told_oldest_first)
{
    g_autoptr(GArray) ids = NULL;
    g_autoptr(GPtrArray) some = NULL;
    gboolean waiting;
    gint64 first = 0;

    for (guint32 uid = 1; uid <= 6; uid++) {
        gint64 id = add_message(store, "a/INBOX", uid, "x");
        first = first == 0 ? id : first;
    }
    finish(first, PD_OUTCOME_IGNORED, "done", 0);
    finish(first + 3, PD_OUTCOME_IGNORED, "done", 0);
    MUST(pd_inbox_waiting(store, 0, 3, &ids));
    ck_assert_uint_eq(ids->len, 3);
    ck_assert_int_eq(g_array_index(ids, gint64, 0), first + 1);
    ck_assert_int_eq(g_array_index(ids, gint64, 2), first + 4);
    MUST(pd_inbox_between(store, first, first + 4, 10, &some));
    ck_assert_uint_eq(some->len, 3);
    ck_assert_int_eq(((PdInboxRow *)g_ptr_array_index(some, 0))->id, first + 1);
    ck_assert_int_eq(((PdInboxRow *)g_ptr_array_index(some, 2))->id, first + 4);
    MUST(pd_inbox_older_waiting(store, first + 1, &waiting));
    ck_assert(!waiting);
    MUST(pd_inbox_older_waiting(store, first + 2, &waiting));
    ck_assert(waiting);
}
END_TEST

START_TEST(quarantine_is_left_by_requeue_or_drop_only)
{
    gint64 id = add_message(store, "a/INBOX", 1, "x");
    g_autoptr(PdInboxRow) row = NULL;
    guint faults;

    MUST(pd_store_begin(store));
    MUST_FAIL(pd_inbox_requeue(store, id));
    MUST(pd_inbox_add_fault(store, id, &faults));
    MUST(pd_inbox_add_fault(store, id, &faults));
    MUST(pd_store_commit(store));
    ck_assert_uint_eq(faults, 2);
    finish(id, PD_OUTCOME_QUARANTINED, "kills", 0);
    MUST(pd_store_begin(store));
    MUST(pd_inbox_requeue(store, id));
    MUST(pd_store_commit(store));
    MUST(pd_inbox_get(store, id, &row));
    ck_assert_int_eq(row->outcome, PD_OUTCOME_INBOX);
    ck_assert_uint_eq(row->faults, 0);
    ck_assert_ptr_null(row->reason);
    finish(id, PD_OUTCOME_QUARANTINED, "kills", 0);
    MUST(pd_store_begin(store));
    MUST(pd_inbox_drop(store, id, "junk"));
    MUST_FAIL(pd_inbox_drop(store, id, "junk"));
    MUST(pd_store_commit(store));
}
END_TEST

START_TEST(rows_are_listed_and_counted_by_outcome)
{
    g_autoptr(GPtrArray) ignored = NULL;
    g_autoptr(GPtrArray) all = NULL;
    g_autoptr(GPtrArray) older = NULL;
    gint64 count, oldest;
    gint64 id = 0;

    for (guint32 uid = 1; uid <= 4; uid++)
        id = add_message(store, "a/INBOX", uid, "x");
    finish(id, PD_OUTCOME_IGNORED, "no", 0);
    MUST(pd_inbox_list(store, PD_OUTCOME_IGNORED, 0, 10, &ignored));
    ck_assert_uint_eq(ignored->len, 1);
    MUST(pd_inbox_list(store, -1, 0, 3, &all));
    ck_assert_uint_eq(all->len, 3);
    ck_assert_int_eq(((PdInboxRow *)g_ptr_array_index(all, 0))->id, id);
    MUST(pd_inbox_list(store, -1, ((PdInboxRow *)g_ptr_array_index(all, 2))->id, 3, &older));
    ck_assert_uint_eq(older->len, 1); /* the next page is the last */
    MUST(pd_inbox_count(store, PD_OUTCOME_INBOX, &count, &oldest));
    ck_assert_int_eq(count, 3);
    ck_assert_int_gt(oldest, 0);
    MUST(pd_inbox_count(store, PD_OUTCOME_QUARANTINED, &count, &oldest));
    ck_assert_int_eq(count, 0);
    ck_assert_int_eq(oldest, 0);
}
END_TEST

START_TEST(folder_state_is_kept)
{
    PdFolderState put = {7, 100, 50, 60, 12345, 999, 3};
    PdFolderState got;

    MUST(pd_folder_state_get(store, "a/INBOX", &got));
    ck_assert_uint_eq(got.uidvalidity, 0);
    MUST(pd_store_begin(store));
    MUST(pd_folder_state_put(store, "a/INBOX", &put));
    MUST(pd_store_commit(store));
    fixture_reopen();
    MUST(pd_folder_state_get(store, "a/INBOX", &got));
    ck_assert_uint_eq(got.uidvalidity, 7);
    ck_assert_uint_eq(got.next_uid, 100);
    ck_assert_uint_eq(got.quiet_below, 50);
    ck_assert_uint_eq(got.dated_below, 60);
    ck_assert_int_eq(got.started_at, 12345);
    ck_assert_int_eq(got.last_contact, 999);
    ck_assert_int_eq(got.left_out, 3);
}
END_TEST

START_TEST(server_is_told_once)
{
    g_autoptr(GArray) untold = NULL;
    g_autoptr(GArray) rest = NULL;
    g_autoptr(GArray) all = NULL;
    guint32 told[] = {2, 3, 77};

    for (guint32 uid = 4; uid >= 1; uid--)
        add_message(store, "a/INBOX", uid, "x");
    MUST(pd_inbox_untold(store, "a/INBOX", 7, &untold));
    ck_assert_uint_eq(untold->len, 4);
    ck_assert_uint_eq(g_array_index(untold, guint32, 0), 1);
    MUST(pd_store_begin(store));
    MUST(pd_inbox_told(store, "a/INBOX", 7, told, 3));
    MUST(pd_store_commit(store));
    MUST(pd_inbox_untold(store, "a/INBOX", 7, &rest));
    ck_assert_uint_eq(rest->len, 2);
    ck_assert_uint_eq(g_array_index(rest, guint32, 1), 4);
    MUST(pd_inbox_uids(store, "a/INBOX", 7, 1, &all));
    ck_assert_uint_eq(all->len, 4);
    ck_assert_uint_eq(g_array_index(all, guint32, 3), 4);
}
END_TEST

START_TEST(mailbox_made_in_a_rolled_back_part_is_made_again)
{
    PdFolderState put = {1, 0, 0, 0, 0, 0, 0};
    PdFolderState got;

    MUST(pd_store_begin(store));
    MUST(pd_folder_state_put(store, "a/INBOX", &put));
    pd_store_rollback(store);
    MUST(pd_store_begin(store));
    MUST(pd_folder_state_put(store, "b/INBOX", &put));
    put.uidvalidity = 2;
    MUST(pd_folder_state_put(store, "a/INBOX", &put));
    MUST(pd_store_commit(store));
    MUST(pd_folder_state_get(store, "a/INBOX", &got));
    ck_assert_uint_eq(got.uidvalidity, 2);
    MUST(pd_folder_state_get(store, "b/INBOX", &got));
    ck_assert_uint_eq(got.uidvalidity, 1);
}
END_TEST

Suite *inbox_suite(void)
{
    const TTest *tests[] = {
        row_comes_back_as_it_was_added,
        known_identity_changes_nothing,
        row_gets_one_outcome_only,
        what_waits_is_told_oldest_first,
        quarantine_is_left_by_requeue_or_drop_only,
        rows_are_listed_and_counted_by_outcome,
        folder_state_is_kept,
        server_is_told_once,
        mailbox_made_in_a_rolled_back_part_is_made_again,
    };

    return suite_of("inbox", tests, G_N_ELEMENTS(tests));
}
