/* outbox_test.c: mails to send go through their states, and are claimed once. */
#include "postdesk/clock.h"
#include "store_test.h"
#include <string.h>

#define NOW (1000000 * (gint64)PD_SECOND)

static void set_result(gint64 id, PdMailState result, const char *reply, gint64 next_at)
{
    MUST(pd_store_begin(store));
    MUST(pd_outbox_result(store, id, result, reply, next_at));
    MUST(pd_store_commit(store));
}

static guint claimed(gint64 now)
{
    g_autoptr(GPtrArray) rows = NULL;

    MUST(pd_outbox_claim(store, now, 10, &rows));
    return rows->len;
}

static PdMailState state_of(gint64 id)
{
    g_autoptr(PdOutboxRow) row = NULL;

    MUST(pd_outbox_get(store, id, &row));
    return row->state;
}

START_TEST(mail_is_claimed_once_with_its_bytes)
{
    gint64 ticket = open_ticket(store, "x", "ann@example.org");
    gint64 id = queue_mail(store, ticket, "ann@example.org", "m1@desk");
    g_autoptr(GPtrArray) rows = NULL;

    MUST(pd_outbox_claim(store, pd_clock_now(), 10, &rows));
    ck_assert_uint_eq(rows->len, 1);
    const PdOutboxRow *row = g_ptr_array_index(rows, 0);
    ck_assert_int_eq(row->id, id);
    ck_assert_str_eq(row->message_id, "m1@desk");
    ck_assert_uint_eq(row->attempts, 1);
    ck_assert_uint_eq(g_bytes_get_size(row->mail), 17);
    ck_assert_uint_eq(claimed(pd_clock_now()), 0);
    g_autoptr(GPtrArray) left = NULL;
    MUST(pd_outbox_left_sending(store, &left));
    ck_assert_uint_eq(left->len, 1);
    set_result(id, PD_MAIL_SENT, "250 ok", 0);
    MUST(pd_store_begin(store));
    MUST_FAIL(pd_outbox_result(store, id, PD_MAIL_SENT, "250 again", 0));
    pd_store_rollback(store);
}
END_TEST

START_TEST(oldest_due_comes_first_also_among_retries)
{
    gint64 ids[3];
    g_autoptr(GPtrArray) rows = NULL;

    for (int i = 0; i < 3; i++) {
        g_autofree char *message_id = g_strdup_printf("m%d@desk", i);
        pd_clock_set(NOW + i);
        ids[i] = queue_mail(store, 0, "ann@example.org", message_id);
    }
    ck_assert_uint_eq(claimed(NOW), 1);
    set_result(ids[0], PD_MAIL_RETRY, "451 later", NOW + 10);
    MUST(pd_outbox_claim(store, NOW + 1, 1, &rows));
    ck_assert_int_eq(((PdOutboxRow *)g_ptr_array_index(rows, 0))->id, ids[1]);
    g_clear_pointer(&rows, g_ptr_array_unref);
    set_result(ids[1], PD_MAIL_RETRY, "451 later", NOW + 1);
    MUST(pd_outbox_claim(store, NOW + 20, 10, &rows));
    ck_assert_uint_eq(rows->len, 3);
    ck_assert_int_eq(((PdOutboxRow *)g_ptr_array_index(rows, 0))->id, ids[1]);
    ck_assert_int_eq(((PdOutboxRow *)g_ptr_array_index(rows, 1))->id, ids[2]);
    ck_assert_int_eq(((PdOutboxRow *)g_ptr_array_index(rows, 2))->id, ids[0]);
    ck_assert_uint_eq(((PdOutboxRow *)g_ptr_array_index(rows, 2))->attempts, 2);
    pd_clock_set(0);
}
END_TEST

START_TEST(next_due_is_the_earliest)
{
    gint64 at;

    MUST(pd_outbox_next_due(store, &at));
    ck_assert_int_eq(at, 0);
    pd_clock_set(NOW);
    gint64 id = queue_mail(store, 0, "ann@example.org", "m@desk");
    MUST(pd_outbox_next_due(store, &at));
    ck_assert_int_eq(at, NOW);
    claimed(NOW);
    set_result(id, PD_MAIL_RETRY, "451", NOW + 60);
    MUST(pd_outbox_next_due(store, &at));
    ck_assert_int_eq(at, NOW + 60);
    ck_assert_uint_eq(claimed(NOW + 59), 0);
    pd_clock_set(0);
}
END_TEST

START_TEST(given_back_row_is_as_before)
{
    gint64 id = queue_mail(store, 0, "ann@example.org", "m@desk");
    g_autoptr(PdOutboxRow) row = NULL;

    ck_assert_uint_eq(claimed(pd_clock_now()), 1);
    set_result(id, PD_MAIL_QUEUED, NULL, 0);
    MUST(pd_outbox_get(store, id, &row));
    ck_assert_int_eq(row->state, PD_MAIL_QUEUED);
    ck_assert_uint_eq(row->attempts, 0);
    ck_assert_uint_eq(claimed(pd_clock_now()), 1);
}
END_TEST

START_TEST(message_id_is_queued_once_for_a_ticket)
{
    gint64 ticket = open_ticket(store, "x", "ann@example.org");
    g_autoptr(PdOutboxRow) row = pd_outbox_row_new();

    queue_mail(store, ticket, "ann@example.org", "m@desk");
    row->ticket = ticket;
    row->purpose = g_strdup("acknowledge");
    row->recipient = g_strdup("ann@example.org");
    row->message_id = g_strdup("m@desk");
    row->envelope_from = g_strdup("");
    row->mail = g_bytes_new("x", 1);
    MUST(pd_store_begin(store));
    MUST_FAIL(pd_outbox_add(store, row));
    pd_store_rollback(store);
}
END_TEST

START_TEST(held_outbox_gives_nothing)
{
    gboolean held;
    gint64 at;

    queue_mail(store, 0, "ann@example.org", "m@desk");
    MUST(pd_store_begin(store));
    MUST(pd_outbox_set_held(store, TRUE));
    MUST(pd_store_commit(store));
    MUST(pd_outbox_is_held(store, &held));
    ck_assert(held);
    ck_assert_uint_eq(claimed(pd_clock_now()), 0);
    MUST(pd_outbox_next_due(store, &at));
    ck_assert_int_eq(at, 0);
    MUST(pd_store_begin(store));
    MUST(pd_outbox_set_held(store, FALSE));
    MUST(pd_store_commit(store));
    ck_assert_uint_eq(claimed(pd_clock_now()), 1);
}
END_TEST

START_TEST(person_retries_or_drops)
{
    gint64 id = queue_mail(store, 0, "ann@example.org", "m@desk");

    ck_assert_uint_eq(claimed(pd_clock_now()), 1);
    MUST(pd_store_begin(store));
    MUST_FAIL(pd_outbox_retry(store, id));
    MUST_FAIL(pd_outbox_drop(store, id, "no"));
    pd_store_rollback(store);
    set_result(id, PD_MAIL_UNKNOWN, "connection lost", 0);
    MUST(pd_store_begin(store));
    MUST(pd_outbox_retry(store, id));
    MUST(pd_store_commit(store));
    ck_assert_int_eq(state_of(id), PD_MAIL_QUEUED);
    MUST(pd_store_begin(store));
    MUST(pd_outbox_drop(store, id, "not wanted"));
    MUST(pd_store_commit(store));
    ck_assert_int_eq(state_of(id), PD_MAIL_DROPPED);
    ck_assert_uint_eq(claimed(pd_clock_now()), 0);
}
END_TEST

START_TEST(mails_are_counted_for_the_budget)
{
    gint64 ticket = open_ticket(store, "x", "ann@example.org");
    gint64 count;

    pd_clock_set(NOW);
    queue_mail(store, ticket, "ann@example.org", "1@desk");
    pd_clock_set(NOW + 10);
    queue_mail(store, ticket, "ANN@example.org", "2@desk");
    queue_mail(store, ticket, "bob@example.org", "3@desk");
    queue_mail(store, 0, "ann@example.org", "4@desk");
    pd_clock_set(0);
    MUST(pd_outbox_count_since(store, "Ann@example.org", NOW, &count));
    ck_assert_int_eq(count, 2);
    MUST(pd_outbox_count_since(store, "ann@example.org", NOW + 1, &count));
    ck_assert_int_eq(count, 1);
    MUST(pd_outbox_count_since(store, "ann@example.org", 0, &count));
    ck_assert_int_eq(count, 2);
    MUST(pd_outbox_count_since(store, NULL, NOW, &count));
    ck_assert_int_eq(count, 3);
    MUST(pd_outbox_count_since(store, NULL, NOW + 1, &count));
    ck_assert_int_eq(count, 2);
    MUST(pd_outbox_count_since(store, NULL, NOW + 11, &count));
    ck_assert_int_eq(count, 0);
}
END_TEST

START_TEST(details_of_an_address_share_its_budget)
{
    gint64 ticket = open_ticket(store, "x", "ann@example.org");
    gint64 count;

    queue_mail(store, ticket, "ann@example.org", "1@desk");
    queue_mail(store, ticket, "ann+1@example.org", "2@desk");
    queue_mail(store, ticket, "Ann+a+b@example.org", "3@desk");
    queue_mail(store, ticket, "+@example.org", "4@desk");
    MUST(pd_outbox_count_since(store, "ann+2@example.org", 0, &count));
    ck_assert_int_eq(count, 3);
}
END_TEST

START_TEST(clock_that_was_set_back_holds_nothing_up)
{
    gint64 ticket = open_ticket(store, "x", "ann@example.org");
    gboolean is_new;
    gint64 count, due;

    pd_clock_set(2 * NOW);
    queue_mail(store, ticket, "ann@example.org", "1@desk");
    MUST(pd_store_begin(store));
    MUST(pd_store_alarm(store, "disk", "a", "text", NULL, &is_new));
    MUST(pd_store_commit(store));
    pd_clock_set(NOW);
    MUST(pd_outbox_count_since(store, "ann@example.org", NOW - 1, &count));
    ck_assert_int_eq(count, 0);
    ck_assert_uint_eq(claimed(NOW), 0);
    MUST(pd_store_begin(store));
    MUST(pd_outbox_clock_set_back(store));
    MUST(pd_store_alarm(store, "disk", "a", "text", NULL, &is_new));
    MUST(pd_store_commit(store));
    ck_assert(is_new);
    MUST(pd_outbox_next_due(store, &due));
    ck_assert_int_eq(due, NOW);
    ck_assert_uint_eq(claimed(NOW), 1);
    pd_clock_set(0);
}
END_TEST

START_TEST(mails_are_listed_by_state_and_ticket)
{
    gint64 ticket = open_ticket(store, "x", "ann@example.org");
    gint64 id = queue_mail(store, ticket, "ann@example.org", "1@desk");
    g_autoptr(GPtrArray) sent = NULL;
    g_autoptr(GPtrArray) all = NULL;
    g_autoptr(GPtrArray) of_ticket = NULL;
    gint64 count, oldest;

    ck_assert_uint_eq(claimed(pd_clock_now()), 1);
    set_result(id, PD_MAIL_SENT, "250 ok", 0);
    queue_mail(store, 0, "admin@example.org", "2@desk");
    MUST(pd_outbox_list(store, PD_MAIL_SENT, 0, 10, &sent));
    ck_assert_uint_eq(sent->len, 1);
    MUST(pd_outbox_list(store, -1, 0, 10, &all));
    ck_assert_uint_eq(all->len, 2);
    MUST(pd_outbox_list(store, -1, ticket, 10, &of_ticket));
    ck_assert_uint_eq(of_ticket->len, 1);
    ck_assert_str_eq(((PdOutboxRow *)g_ptr_array_index(of_ticket, 0))->last_reply, "250 ok");
    MUST(pd_outbox_count(store, PD_MAIL_SENT, &count, &oldest));
    ck_assert_int_eq(count, 1);
    MUST(pd_outbox_count(store, PD_MAIL_QUEUED, &count, &oldest));
    ck_assert_int_eq(count, 1);
    ck_assert_int_gt(oldest, 0);
    MUST(pd_outbox_count(store, PD_MAIL_FAILED, &count, &oldest));
    ck_assert_int_eq(count, 0);
    ck_assert_int_eq(oldest, 0);
}
END_TEST

static gsize size_of(gint64 id)
{
    g_autoptr(PdOutboxRow) row = NULL;

    MUST(pd_outbox_get(store, id, &row));
    return g_bytes_get_size(row->mail);
}

START_TEST(old_sent_mails_are_let_go)
{
    gint64 ticket = open_ticket(store, "x", "ann@example.org"), ids[4];
    gboolean more = FALSE;

    pd_clock_set(NOW);
    ids[0] = queue_mail(store, ticket, "ann@example.org", "m1@desk");
    ids[1] = queue_mail(store, ticket, "ann@example.org", "m2@desk");
    ids[2] = queue_mail(store, ticket, "ann@example.org", "m3@desk");
    ck_assert_uint_eq(claimed(NOW), 3);
    set_result(ids[0], PD_MAIL_SENT, "250 ok", 0);
    set_result(ids[1], PD_MAIL_FAILED, "550 no", 0);
    set_result(ids[2], PD_MAIL_SENT, "250 ok", 0);
    pd_clock_set(NOW + PD_SECOND);
    ids[3] = queue_mail(store, ticket, "ann@example.org", "m4@desk");
    ck_assert_uint_eq(claimed(NOW + PD_SECOND), 1);
    set_result(ids[3], PD_MAIL_SENT, "250 ok", 0);
    MUST(pd_outbox_let_go(store, NOW + PD_SECOND, 2, &more));
    ck_assert(more);
    MUST(pd_outbox_let_go(store, NOW + PD_SECOND, 2, &more));
    ck_assert(!more);
    ck_assert_uint_eq(size_of(ids[0]), 0);
    ck_assert_uint_eq(size_of(ids[1]), 17);
    ck_assert_uint_eq(size_of(ids[2]), 0);
    ck_assert_uint_eq(size_of(ids[3]), 17);
    ck_assert_int_eq(state_of(ids[0]), PD_MAIL_SENT);
    MUST(pd_outbox_let_go(store, NOW + 2 * PD_SECOND, 2, &more));
    ck_assert_uint_eq(size_of(ids[3]), 0);
    pd_clock_set(0);
}
END_TEST

Suite *outbox_suite(void)
{
    const TTest *tests[] = {
        old_sent_mails_are_let_go,
        mail_is_claimed_once_with_its_bytes,
        oldest_due_comes_first_also_among_retries,
        next_due_is_the_earliest,
        given_back_row_is_as_before,
        message_id_is_queued_once_for_a_ticket,
        held_outbox_gives_nothing,
        person_retries_or_drops,
        mails_are_counted_for_the_budget,
        details_of_an_address_share_its_budget,
        clock_that_was_set_back_holds_nothing_up,
        mails_are_listed_by_state_and_ticket,
    };

    return suite_of("outbox", tests, G_N_ELEMENTS(tests));
}
