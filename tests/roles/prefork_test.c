/* prefork_test.c: workers of one loader where the machine refuses what they need. That they work
 * is tested end to end. */
#include "roles/prefork.h"
#include "roles/role.h"
#include <check.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS 24
#define GOES_ON 7 /* exit code of a worker that the supervisor has */

static void load(int channel)
{
    guint worker = 0;
    g_autoptr(PdStatus) status = pd_prefork(channel, WORKERS, &worker);

    _exit(status == NULL ? GOES_ON : 1);
}

static void count_worker(guint worker, pid_t pid, gpointer user)
{
    guint *told = user;

    (void)pid;
    ck_assert_uint_lt(worker, WORKERS);
    told[worker]++;
}

/* Of all children. */
static guint that_went_on(void)
{
    guint count = 0;
    int wait_status;

    while (wait(&wait_status) > 0)
        count += WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == GOES_ON;
    return count;
}

START_TEST(workers_that_find_no_room_to_tell_end_and_keep_nobody_waiting)
{
    guint told[WORKERS] = {0}, sum = 0;
    int ends[2], small = 1; /* the kernel makes it its least */

    ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
    ck_assert_int_eq(setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &small, sizeof small), 0);
    pid_t loader = fork();
    if (loader == 0) {
        close(ends[0]);
        load(ends[1]);
    }
    close(ends[1]);
    ck_assert_int_eq(waitpid(loader, NULL, 0), loader);
    pd_prefork_collect(ends[0], count_worker, told);
    close(ends[0]);
    for (guint i = 0; i < WORKERS; i++) {
        ck_assert_uint_le(told[i], 1);
        sum += told[i];
    }
    ck_assert_uint_gt(sum, 0);
    ck_assert_uint_lt(sum, WORKERS);
    ck_assert_uint_eq(that_went_on(), sum);
}
END_TEST

START_TEST(role_that_never_began_ends)
{
    PdRole role = {.name = NULL};

    pd_role_end(&role); /* as where no process can be made for what must stand beside it */
    ck_assert_ptr_null(role.store);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("prefork");
    TCase *all = tcase_create("all");

    tcase_add_test(all, workers_that_find_no_room_to_tell_end_and_keep_nobody_waiting);
    tcase_add_test(all, role_that_never_began_ends);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
