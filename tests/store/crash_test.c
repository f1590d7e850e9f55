/* crash_test.c: what was committed is there, what was not is gone, writers queue. */
#include "store_test.h"
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs the part in a child with a store of its own, which ends without any good-bye. */
static void in_dying_child(void (*part)(PdStore *own))
{
    pid_t child = fork();
    int ended;

    if (child == 0) {
        PdStore *own = NULL;
        if (pd_store_open(state, PD_STORE_WRITE, &own) != NULL)
            _exit(1);
        part(own);
        _exit(7);
    }
    ck_assert_int_eq(waitpid(child, &ended, 0), child);
    ck_assert(WIFEXITED(ended));
    ck_assert_int_eq(WEXITSTATUS(ended), 7);
}

static void die_with_open_transaction(PdStore *own)
{
    add_message(own, "a/INBOX", 1, "committed");
    open_ticket(own, "committed", "ann@example.org");
    g_autoptr(PdEvent) event = opening("never committed", "ann@example.org");
    MUST(pd_store_begin(own));
    MUST(pd_ticket_append(own, event, 0));
    MUST(pd_store_set_fact(own, "never", "committed"));
}

START_TEST(death_keeps_the_committed_and_nothing_else)
{
    g_autoptr(PdInboxRow) row = NULL;
    g_autoptr(PdTicket) kept = NULL;
    g_autoptr(PdTicket) gone = NULL;
    g_autofree char *fact = NULL;
    g_autofree char *bytes = NULL;
    gsize length;

    in_dying_child(die_with_open_transaction);
    MUST(pd_ticket_get(store, 1, &kept));
    MUST(pd_ticket_get(store, 2, &gone));
    MUST(pd_store_get_fact(store, "never", &fact));
    MUST(pd_inbox_get(store, 1, &row));
    ck_assert_str_eq(kept->subject, "committed");
    ck_assert_ptr_null(gone);
    ck_assert_ptr_null(fact);
    MUST(pd_raw_read(store, &row->raw, 100, &bytes, &length));
    ck_assert_uint_eq(length, 9);
    ck_assert_int_eq(open_ticket(store, "next", "ann@example.org"), 2); /* no lock is left */
}
END_TEST

static void die_with_raw_in_work(PdStore *own)
{
    PdRawWriter *writer = NULL;
    PdRawPlace place;
    guint8 digest[PD_HASH_SIZE];
    g_autofree char *big = g_strnfill(600000, 'x');

    add_message(own, "a/INBOX", 1, "committed");
    MUST(pd_raw_writer_open(own, "a/INBOX", &writer));
    MUST(pd_raw_begin(writer));
    MUST(pd_raw_write(writer, big, 600000));
    MUST(pd_raw_end(writer, &place, digest));
    MUST(pd_raw_sync(writer));
    MUST(pd_raw_begin(writer));
    MUST(pd_raw_write(writer, big, 400000));
}

START_TEST(raw_mail_is_resumed_behind_the_committed)
{
    g_autoptr(PdInboxRow) first = NULL;
    g_autoptr(PdInboxRow) second = NULL;

    in_dying_child(die_with_raw_in_work);
    gint64 id = add_message(store, "a/INBOX", 2, "next");
    MUST(pd_inbox_get(store, id - 1, &first));
    MUST(pd_inbox_get(store, id, &second));
    ck_assert_int_eq(second->raw.segment, first->raw.segment);
    ck_assert_uint_eq(second->raw.offset, first->raw.offset + first->raw.length);
}
END_TEST

static void die_in_claim(PdStore *own)
{
    g_autoptr(GPtrArray) rows = NULL;

    MUST(pd_outbox_claim(own, G_MAXINT64, 1, &rows));
}

START_TEST(claim_of_a_dead_process_is_seen)
{
    g_autoptr(GPtrArray) left = NULL;

    queue_mail(store, 0, "ann@example.org", "1@desk");
    queue_mail(store, 0, "ann@example.org", "2@desk");
    in_dying_child(die_in_claim);
    MUST(pd_outbox_left_sending(store, &left));
    ck_assert_uint_eq(left->len, 1);
    ck_assert_str_eq(((PdOutboxRow *)g_ptr_array_index(left, 0))->message_id, "1@desk");
}
END_TEST

START_TEST(reader_opens_what_a_dead_writer_left)
{
    g_autoptr(PdStore) reader = NULL;
    g_autoptr(PdTicket) ticket = NULL;

    g_clear_pointer(&store, pd_store_close);
    in_dying_child(die_with_open_transaction);
    MUST(pd_store_open(state, PD_STORE_READ, &reader));
    MUST(pd_ticket_get(reader, 1, &ticket));
    ck_assert_str_eq(ticket->subject, "committed");
}
END_TEST

#define EACH 100

static pid_t start_writer(const char *name)
{
    pid_t child = fork();

    if (child != 0)
        return child;
    PdStore *own = NULL;
    if (pd_store_open(state, PD_STORE_WRITE, &own) != NULL)
        _exit(1);
    for (int i = 0; i < EACH; i++)
        open_ticket(own, name, "ann@example.org");
    pd_store_close(own);
    _exit(0);
}

START_TEST(two_writers_at_once_lose_nothing)
{
    g_autoptr(GPtrArray) tickets = NULL;
    PdTicketFilter all = {.most = 10 * EACH};
    pid_t writers[] = {start_writer("one"), start_writer("other")};
    int ended;

    for (gsize i = 0; i < G_N_ELEMENTS(writers); i++) {
        ck_assert_int_eq(waitpid(writers[i], &ended, 0), writers[i]);
        ck_assert(WIFEXITED(ended) && WEXITSTATUS(ended) == 0);
    }
    MUST(pd_ticket_list(store, &all, &tickets));
    ck_assert_uint_eq(tickets->len, 2 * EACH);
    for (guint i = 0; i < tickets->len; i++)
        ck_assert_int_eq(((PdTicket *)g_ptr_array_index(tickets, i))->number, 2 * EACH - (gint64)i);
}
END_TEST

static void process_row(PdStore *own, const PdInboxRow *row)
{
    g_autoptr(PdEvent) event = opening("x", "ann@example.org");
    g_autoptr(PdOutboxRow) mail = pd_outbox_row_new();

    event->inbox = row->id;
    mail->purpose = g_strdup("acknowledge");
    mail->recipient = g_strdup("ann@example.org");
    mail->message_id = g_strdup_printf("%u@desk", row->uid);
    mail->envelope_from = g_strdup("");
    mail->mail = g_bytes_new("x", 1);
    MUST(pd_store_begin(own));
    MUST(pd_ticket_append(own, event, 0));
    mail->ticket = event->ticket;
    MUST(pd_outbox_add(own, mail));
    MUST(pd_inbox_finish(own, row->id, PD_OUTCOME_CREATED, NULL, event->ticket));
    MUST(pd_store_commit(own));
}

/* The way of three messages through the store; a second run finds what is left to do. */
static void work(PdStore *own)
{
    g_autoptr(GPtrArray) rows = NULL;

    for (guint32 uid = 1; uid <= 3; uid++)
        add_message(own, "a/INBOX", uid, "a message");
    MUST(pd_inbox_between(own, 0, G_MAXINT64, 10, &rows));
    for (guint i = 0; i < rows->len; i++)
        process_row(own, g_ptr_array_index(rows, i));
}

/* FALSE if the child came to its end before the step was passed so often. */
static gboolean is_killed_at(const char *step, int count)
{
    g_autofree char *kill_at = g_strdup_printf("%s:%d", step, count);
    pid_t child = fork();
    int ended;

    if (child == 0) {
        PdStore *own = NULL;
        g_setenv("POSTDESK_KILL", kill_at, TRUE);
        if (pd_store_open(state, PD_STORE_CREATE, &own) != NULL)
            _exit(1);
        work(own);
        _exit(7);
    }
    ck_assert_int_eq(waitpid(child, &ended, 0), child);
    ck_assert(WIFSIGNALED(ended) || WEXITSTATUS(ended) == 7);
    return WIFSIGNALED(ended);
}

static void check_whole(void)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    PdVerified counts;

    MUST(pd_store_verify(store, list, &counts, NULL, NULL));
    ck_assert_uint_eq(pd_diagnostics_count(list), 0);
}

static void check_done_once(void)
{
    gint64 processed, queued, oldest;

    MUST(pd_inbox_count(store, PD_OUTCOME_CREATED, &processed, &oldest));
    MUST(pd_outbox_count(store, PD_MAIL_QUEUED, &queued, &oldest));
    ck_assert_int_eq(processed, 3);
    ck_assert_int_eq(queued, 3);
}

START_TEST(death_at_any_durable_step_loses_and_doubles_nothing)
{
    static const char *const steps[] = {"raw.segment-made", "raw.before-sync", "raw.synced",
                                        "commit.before", "commit.after"};

    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        guint killed = 0;
        for (int count = 1; is_killed_at(steps[i], count); count++, killed++) {
            check_whole();
            in_dying_child(work);
            check_whole();
            check_done_once();
            fixture_teardown();
            fixture_setup();
        }
        ck_assert_uint_gt(killed, 0);
        check_done_once();
        fixture_teardown();
        fixture_setup();
    }
}
END_TEST

Suite *crash_suite(void)
{
    const TTest *tests[] = {
        death_keeps_the_committed_and_nothing_else,
        raw_mail_is_resumed_behind_the_committed,
        claim_of_a_dead_process_is_seen,
        reader_opens_what_a_dead_writer_left,
        two_writers_at_once_lose_nothing,
        death_at_any_durable_step_loses_and_doubles_nothing,
    };

    return suite_of("crash", tests, G_N_ELEMENTS(tests));
}
