/* journal_test.c: what a dead deliver role was doing. */
#include "store_test.h"
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void expect(const PdJournal *journal, gint64 id, PdJournalState expected, int code,
                   const char *reply)
{
    g_autofree char *noted = NULL;
    int noted_code;

    ck_assert_int_eq(pd_journal_look(journal, id, &noted_code, &noted), expected);
    ck_assert_int_eq(noted_code, code);
    if (reply == NULL)
        ck_assert_ptr_null(noted);
    else
        ck_assert_str_eq(noted, reply);
}

static void note_and_be_killed(void)
{
    PdStore *own = NULL;
    PdJournal *journal = NULL;

    if (pd_store_open(state, PD_STORE_WRITE, &own) != NULL ||
        pd_journal_open(own, &journal) != NULL)
        _exit(1);
    pd_journal_start(journal);
    pd_journal_before_dot(journal, 11);
    pd_journal_before_dot(journal, 12);
    pd_journal_answered(journal, 11, 250, "2.0.0 ok");
    raise(SIGKILL);
}

static void kill_a_deliverer(void)
{
    int ended;
    pid_t child = fork();

    if (child == 0)
        note_and_be_killed();
    ck_assert_int_eq(waitpid(child, &ended, 0), child);
    ck_assert(WIFSIGNALED(ended) && WTERMSIG(ended) == SIGKILL);
}

START_TEST(notes_survive_a_kill)
{
    g_autoptr(PdJournal) journal = NULL;

    kill_a_deliverer();
    MUST(pd_journal_open(store, &journal));
    expect(journal, 11, PD_JOURNAL_ANSWERED, 250, "2.0.0 ok");
    expect(journal, 12, PD_JOURNAL_DOT, 0, NULL);
    expect(journal, 13, PD_JOURNAL_NOT_BEGUN, 0, NULL);
    pd_journal_start(journal);
    expect(journal, 11, PD_JOURNAL_NOT_BEGUN, 0, NULL);
}
END_TEST

START_TEST(new_journal_knows_nothing)
{
    g_autoptr(PdJournal) journal = NULL;

    MUST(pd_journal_open(store, &journal));
    expect(journal, 11, PD_JOURNAL_DOT, 0, NULL);
    pd_journal_start(journal);
    expect(journal, 11, PD_JOURNAL_NOT_BEGUN, 0, NULL);
}
END_TEST

/* The boot id stands behind the eight bytes of the magic number. */
static void pretend_a_reboot(void)
{
    g_autofree char *path = g_build_filename(state, "delivery.journal", NULL);
    int fd = open(path, O_RDWR);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(pwrite(fd, "another-boot", 12, 8), 12);
    close(fd);
}

START_TEST(reboot_makes_every_row_uncertain_until_the_next_batch)
{
    PdJournal *journal = NULL;

    kill_a_deliverer();
    pretend_a_reboot();
    for (int opened = 0; opened < 2; opened++) { /* opening settles nothing */
        MUST(pd_journal_open(store, &journal));
        expect(journal, 11, PD_JOURNAL_DOT, 0, NULL);
        expect(journal, 13, PD_JOURNAL_DOT, 0, NULL);
        g_clear_pointer(&journal, pd_journal_free);
    }
}
END_TEST

START_TEST(damaged_journal_knows_nothing)
{
    g_autofree char *path = g_build_filename(state, "delivery.journal", NULL);
    g_autoptr(PdJournal) journal = NULL;

    kill_a_deliverer();
    ck_assert_int_eq(truncate(path, 100), 0);
    MUST(pd_journal_open(store, &journal));
    expect(journal, 13, PD_JOURNAL_DOT, 0, NULL);
}
END_TEST

START_TEST(too_large_a_batch_is_uncertain_rather_than_wrong)
{
    g_autoptr(PdJournal) journal = NULL;

    MUST(pd_journal_open(store, &journal));
    pd_journal_start(journal);
    for (gint64 id = 1; id <= 1024; id++)
        pd_journal_before_dot(journal, id);
    expect(journal, 2000, PD_JOURNAL_NOT_BEGUN, 0, NULL);
    pd_journal_before_dot(journal, 1025);
    expect(journal, 1025, PD_JOURNAL_DOT, 0, NULL);
}
END_TEST

START_TEST(second_deliverer_is_refused)
{
    g_autoptr(PdJournal) journal = NULL;
    PdJournal *second = NULL;

    MUST(pd_journal_open(store, &journal));
    g_autoptr(PdStatus) refused = pd_journal_open(store, &second);
    ck_assert_int_eq(pd_status_exit_code(refused), PD_EXIT_TRY_AGAIN);
}
END_TEST

START_TEST(long_replies_are_cut)
{
    g_autoptr(PdJournal) journal = NULL;
    g_autofree char *reply = g_strnfill(5000, 'r');
    g_autofree char *noted = NULL;
    int code;

    MUST(pd_journal_open(store, &journal));
    pd_journal_start(journal);
    pd_journal_before_dot(journal, 1);
    pd_journal_answered(journal, 1, 451, reply);
    ck_assert_int_eq(pd_journal_look(journal, 1, &code, &noted), PD_JOURNAL_ANSWERED);
    ck_assert_uint_lt(strlen(noted), 256);
}
END_TEST

Suite *journal_suite(void)
{
    const TTest *tests[] = {
        notes_survive_a_kill,
        new_journal_knows_nothing,
        reboot_makes_every_row_uncertain_until_the_next_batch,
        damaged_journal_knows_nothing,
        too_large_a_batch_is_uncertain_rather_than_wrong,
        second_deliverer_is_refused,
        long_replies_are_cut,
    };

    return suite_of("journal", tests, G_N_ELEMENTS(tests));
}
