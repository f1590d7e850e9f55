/* roles_test.c: what the roles are held together with. The roles themselves are tested end to end.
 */
#include "postdesk/config.h"
#include "postdesk/inbox.h"
#include "postdesk/raw.h"
#include "postdesk/secrets.h"
#include "postdesk/sharing.h"
#include "postdesk/wake.h"
#include "roles/child.h"
#include "roles/role.h"
#include "roles/sandbox.h"
#include "roles/sharer.h"
#include "roles/signals.h"
#include "roles/stubborn.h"
#include "roles/trouble.h"
#include "roles/vault.h"
#include "roles/watch.h"
#include "wire/connect.h"
#include <check.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char *folder;

static void make_folder(void)
{
    folder = g_dir_make_tmp("roles-XXXXXX", NULL);
}

static void remove_tree(const char *path)
{
    g_autoptr(GDir) names = g_dir_open(path, 0, NULL);
    const char *name;

    while (names != NULL && (name = g_dir_read_name(names)) != NULL) {
        g_autofree char *below = g_build_filename(path, name, NULL);
        remove_tree(below);
    }
    g_remove(path);
}

static void remove_folder(void)
{
    remove_tree(folder);
    g_clear_pointer(&folder, g_free);
}

static gboolean is_readable(int fd)
{
    struct pollfd wanted = {.fd = fd, .events = POLLIN};

    return poll(&wanted, 1, 0) == 1;
}

START_TEST(knock_reaches_all_listeners_of_the_word_and_no_other)
{
    int first, second, other;

    ck_assert_ptr_null(pd_wake_listen(folder, "process.0", &first));
    ck_assert_ptr_null(pd_wake_listen(folder, "process.1", &second));
    ck_assert_ptr_null(pd_wake_listen(folder, "processor", &other));
    pd_wake_knock(folder, "process");
    ck_assert(is_readable(first));
    ck_assert(is_readable(second));
    ck_assert(!is_readable(other));
    pd_wake_drain(first);
    ck_assert(!is_readable(first));
    pd_wake_close(folder, "process.0", first);
    pd_wake_knock(folder, "process"); /* somebody has gone: no failure */
    pd_wake_close(folder, "process.1", second);
    pd_wake_close(folder, "processor", other);
}
END_TEST

START_TEST(signal_before_the_wait_is_not_slept_over)
{
    int fd;

    ck_assert_ptr_null(pd_wake_listen(folder, "deliver", &fd));
    pd_signals_install(fd);
    raise(SIGHUP);
    pd_signals_wait(fd, -1); /* would hang the test */
    ck_assert(pd_signals_take_reload());
    ck_assert(!pd_signals_take_reload());
    raise(SIGTERM);
    pd_signals_wait(fd, -1);
    ck_assert(pd_signals_stop_asked());
    pd_wake_close(folder, "deliver", fd);
}
END_TEST

START_TEST(message_in_work_is_seen_after_a_kill)
{
    pid_t child = fork();
    int wait_status;

    if (child == 0) {
        PdWatch *watch = NULL;
        if (pd_watch_open(folder, 3, &watch) != NULL)
            _exit(1);
        pd_watch_set(watch, 42);
        kill(getpid(), SIGKILL);
    }
    waitpid(child, &wait_status, 0);
    g_autoptr(PdWatch) watch = NULL;
    ck_assert_ptr_null(pd_watch_open(folder, 3, &watch));
    ck_assert_int_eq(pd_watch_get(watch), 42);
}
END_TEST

/* The supervisor's side answers once in a child. */
static PdSecret *ask_over_channel(PdServer *server, PdStatus **status)
{
    int ends[2];
    PdSecret *secret = NULL;

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    pid_t child = fork();
    if (child == 0) {
        struct pollfd wanted = {.fd = ends[0], .events = POLLIN};
        close(ends[1]);
        poll(&wanted, 1, -1);
        _exit(pd_vault_answer(ends[0], server) ? 0 : 1);
    }
    close(ends[0]);
    const PdRoleContext context = {.supervisor = ends[1]};
    *status = pd_vault_ask(&context, server, FALSE, &secret);
    close(ends[1]);
    waitpid(child, NULL, 0);
    return secret;
}

START_TEST(secret_comes_over_the_channel)
{
    PdServer server = {.auth = PD_AUTH_LOGIN, .password = (char *)"env:ROLES_TEST_SECRET"};
    g_autoptr(PdStatus) status = NULL;

    g_setenv("ROLES_TEST_SECRET", "open sesame", TRUE);
    g_autoptr(PdSecret) secret = ask_over_channel(&server, &status);
    ck_assert_ptr_null(status);
    ck_assert_str_eq(pd_secret_text(secret), "open sesame");
}
END_TEST

START_TEST(missing_secret_is_told_with_its_reason)
{
    PdServer server = {.auth = PD_AUTH_LOGIN, .password = (char *)"env:ROLES_TEST_ABSENT"};
    g_autoptr(PdStatus) status = NULL;

    g_autoptr(PdSecret) secret = ask_over_channel(&server, &status);
    ck_assert_ptr_null(secret);
    ck_assert_ptr_nonnull(status);
    ck_assert_ptr_nonnull(strstr(pd_status_text(status), "ROLES_TEST_ABSENT"));
}
END_TEST

START_TEST(what_to_do_about_a_secret_comes_over_the_channel)
{
    g_autofree char *path = g_build_filename(folder, "open", NULL);
    g_autofree char *reference = g_strconcat("file:", path, NULL);
    PdServer server = {.auth = PD_AUTH_LOGIN, .password = reference};
    g_autoptr(PdStatus) status = NULL;

    ck_assert(g_file_set_contents(path, "open sesame", -1, NULL));
    ck_assert_int_eq(g_chmod(path, 0644), 0);
    g_autoptr(PdSecret) secret = ask_over_channel(&server, &status);
    ck_assert_ptr_null(secret);
    ck_assert_ptr_nonnull(strstr(pd_status_text(status), "others may read"));
    ck_assert_ptr_nonnull(pd_status_advice(status));
    ck_assert_ptr_nonnull(strstr(pd_status_advice(status), "chmod 600"));
}
END_TEST

/* Chinese names have no letter of ASCII; and what is replaced in one may stand in the other. */
START_TEST(folders_of_names_alike_have_locks_of_their_own)
{
    static const char *const names[] = {
        "collect.desk/报修单", "collect.desk/故障单", "collect.desk/故障 单", "collect.desk/a b",
        "collect.desk/a_b",    "collect.desk_a/b",    "collect.desk/a/b",     "collect.desk/\xe9",
        "collect.desk/\xe8",   "collect.desk/b",      "collect.desk/B",
    };
    PdConfig config = {.state = folder};
    const PdRoleContext context = {.config = &config};
    PdRole roles[G_N_ELEMENTS(names)];

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        ck_assert_ptr_null(pd_role_begin(&roles[i], &context, names[i]));
    PdRole again;
    g_autoptr(PdStatus) status = pd_role_begin(&again, &context, names[0]);
    ck_assert_int_eq(pd_status_exit_code(status), PD_EXIT_TRY_AGAIN);
    pd_role_end(&again);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        pd_role_end(&roles[i]);
}
END_TEST

static void must(PdStatus *status)
{
    ck_assert_msg(status == NULL, "%s", status != NULL ? pd_status_text(status) : "");
}

/* A message that is noted as a copy of another one. */
static void note_copy(PdStore *store)
{
    g_autoptr(PdInboxRow) row = pd_inbox_row_new();
    g_autoptr(PdRawWriter) writer = NULL;
    g_autofree char *bytes = g_strnfill(2 * PD_SHARING_LEAST, 'a');
    gboolean is_new;

    must(pd_raw_writer_open(store, "inject", &writer));
    must(pd_store_begin(store));
    must(pd_raw_begin(writer));
    must(pd_raw_write(writer, bytes, strlen(bytes)));
    must(pd_raw_end(writer, &row->raw, row->sha256));
    row->mailbox = g_strdup("inject");
    must(pd_inbox_add(store, row, &is_new));
    must(pd_sharing_note_copy(store, row->id, row->id));
    must(pd_raw_sync(writer));
    must(pd_store_commit(store));
}

/* What stands in the way is a folder where the lock should be. */
START_TEST(sharing_that_fails_is_tried_again_after_growing_pauses)
{
    const PdConfig config = {.state = folder};
    PdRole role = {.config = &config};
    PdSharer sharer = {0};
    g_autofree char *lock = g_build_filename(folder, "lock", "raw.sharing", NULL);
    gboolean more = TRUE;

    must(pd_store_open(folder, PD_STORE_CREATE, &role.store));
    note_copy(role.store);
    ck_assert_int_eq(g_mkdir_with_parents(lock, 0700), 0);
    for (guint failures = 1; failures <= 3; failures++) {
        g_autoptr(PdStatus) failed = pd_sharer_step(&sharer, &role, &more);
        ck_assert_ptr_nonnull(failed);
        ck_assert(!more);
        ck_assert_uint_eq(sharer.failures, failures);
        ck_assert_int_gt(pd_sharer_pause(&sharer), (gint64)failures * 40 * PD_SECOND);
    }
    g_autoptr(GPtrArray) alarms = NULL;
    must(pd_store_alarms(role.store, 0, &alarms));
    ck_assert_uint_eq(alarms->len, 1);
    pd_store_close(role.store);
}
END_TEST

START_TEST(faults_of_a_role_are_told_from_stops)
{
    static const struct {
        int signal;
        gboolean fault;
    } cases[] = {{SIGSEGV, TRUE},  {SIGABRT, TRUE},  {SIGXCPU, TRUE}, {SIGTRAP, TRUE},
                 {SIGKILL, FALSE}, {SIGTERM, FALSE}, {0, FALSE}};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        PdChild *child = pd_child_new("test", NULL, 0, NULL, NULL);
        gboolean fault = !cases[i].fault;
        pd_child_ended(child, cases[i].signal, &fault);
        ck_assert_int_eq(fault, cases[i].fault);
        pd_child_free(child);
    }
}
END_TEST

START_TEST(refused_message_is_worth_one_connection_at_once)
{
    PdStubbornList *list = pd_stubborn_list_new();
    g_autoptr(PdStatus) refused = pd_status_new(PD_SPOILS_MESSAGE, PD_FINAL, NULL, "no");

    ck_assert(!pd_stubborn_is_worth_a_connection(list));
    pd_stubborn_note(list, 7, refused);
    ck_assert(pd_stubborn_is_worth_a_connection(list));
    ck_assert(!pd_stubborn_is_worth_a_connection(list)); /* that one failed, too: pause */
    pd_stubborn_note(list, 8, refused);
    ck_assert(pd_stubborn_is_worth_a_connection(list));
    pd_stubborn_list_free(list);
}
END_TEST

#ifndef PD_SANITIZERS
/* Exit code of a child that enters the sandbox and then tries. */
static int tried_in(PdSandbox kind, gboolean (*attempt)(void))
{
    pid_t child = fork();
    int wait_status;

    if (child == 0) {
        PdStatus *status = pd_sandbox_enter(kind);
        if (status != NULL)
            _exit(77);
        _exit(attempt() ? 1 : 0);
    }
    waitpid(child, &wait_status, 0);
    return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : -1;
}

static gboolean run_program(void)
{
    char *const arguments[] = {(char *)"/bin/true", NULL};

    execv(arguments[0], arguments);
    return errno != EPERM;
}

static gboolean open_network(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static gboolean open_any_network(void)
{
    static const int families[] = {AF_INET6, AF_NETLINK, AF_PACKET, AF_VSOCK, AF_ALG, AF_BLUETOOTH};

    for (gsize i = 0; i < G_N_ELEMENTS(families); i++) {
        if (socket(families[i], SOCK_DGRAM, 0) >= 0 || errno != EPERM)
            return TRUE;
    }
    return FALSE;
}

/* Its rings open and connect sockets without the system calls that a filter sees. */
static gboolean make_ring(void)
{
    return syscall(SYS_io_uring_setup, 1, NULL) >= 0 || errno != EPERM;
}

static gboolean open_unix(void)
{
    return socket(AF_UNIX, SOCK_DGRAM, 0) >= 0;
}

static gboolean is_dumpable(void)
{
    return prctl(PR_GET_DUMPABLE) != 0;
}

START_TEST(sandbox_holds_programs_and_network_back)
{
    int result = tried_in(PD_SANDBOX_LOCAL, run_program);

    if (result == 77)
        return; /* this kernel has no seccomp; doctor says so */
    ck_assert_int_eq(result, 0);
    ck_assert_int_eq(tried_in(PD_SANDBOX_LOCAL, open_network), 0);
    ck_assert_int_eq(tried_in(PD_SANDBOX_NETWORK, run_program), 0);
    ck_assert_int_eq(tried_in(PD_SANDBOX_NETWORK, open_network), 1);
    ck_assert_int_eq(tried_in(PD_SANDBOX_LOCAL, open_any_network), 0);
    ck_assert_int_eq(tried_in(PD_SANDBOX_LOCAL, open_unix), 1);
    ck_assert_int_eq(tried_in(PD_SANDBOX_LOCAL, make_ring), 0);
    ck_assert_int_eq(tried_in(PD_SANDBOX_NETWORK, make_ring), 0);
    ck_assert_int_eq(tried_in(PD_SANDBOX_NETWORK, is_dumpable), 0);
}
END_TEST
#endif

START_TEST(a_server_that_refuses_the_log_in_is_asked_seldom)
{
    const PdServer server = {.host = "mail.example.org", .user = "desk"};
    const PdServer modern = {.host = "h", .user = "u", .auth = PD_AUTH_XOAUTH2};
    g_autoptr(PdStatus) refused = pd_connect_login_refused(&server, "NO wrong password");
    g_autoptr(PdStatus) lost =
        pd_status_new(PD_SPOILS_CONNECTION, PD_TRY_AGAIN, NULL, "connection lost");
    gint64 sum = 0;

    for (guint failures = 1; failures <= 5; failures++)
        sum += pd_role_server_pause(&server, failures, refused);
    ck_assert_int_gt(sum, 20 * PD_MINUTE); /* five wrong ones lock an account for many */
    ck_assert_int_le(pd_role_server_pause(&server, 50, refused), 30 * PD_MINUTE);
    ck_assert_int_le(pd_role_server_pause(&server, 1, lost), PD_SECOND);
    ck_assert_int_le(pd_role_server_pause(&server, 50, lost), 5 * PD_MINUTE);
    g_autoptr(PdStatus) expired = pd_connect_login_refused(&modern, "NO expired");
    ck_assert_int_le(pd_role_server_pause(&modern, 1, expired), PD_SECOND);
}
END_TEST

static void begin_trouble(PdTrouble *trouble, PdRole *role, const PdConfig *config)
{
    static const PdServer server = {.host = "mail.example.org", .user = "desk"};
    const PdRoleContext context = {.config = config, .supervisor = -1};

    ck_assert_ptr_null(pd_role_begin(role, &context, "deliver"));
    *trouble = (PdTrouble){.kind = "relay", .what = "relay", .subject = "main"};
    ck_assert_ptr_null(pd_trouble_begin(trouble, role, &server));
}

static gboolean is_known(const PdRole *role)
{
    g_autoptr(PdJson) trouble = NULL;

    ck_assert_ptr_null(pd_role_trouble(role->store, role->name, &trouble));
    if (trouble == NULL)
        return FALSE;
    ck_assert_str_eq(pd_json_get_text(trouble, "text"), "connection lost");
    return TRUE;
}

START_TEST(trouble_with_a_server_is_known_from_the_alarm_to_the_first_success)
{
    PdConfig config = {.state = folder};
    g_autoptr(PdStatus) lost =
        pd_status_new(PD_SPOILS_CONNECTION, PD_TRY_AGAIN, NULL, "connection lost");
    PdTrouble trouble;
    PdRole role;

    begin_trouble(&trouble, &role, &config);
    for (guint i = 1; i <= 4; i++)
        pd_trouble_failed(&trouble, lost);
    ck_assert(!is_known(&role));
    pd_trouble_failed(&trouble, lost);
    ck_assert(is_known(&role));
    ck_assert_ptr_null(pd_trouble_over(&trouble));
    ck_assert(!is_known(&role));
    for (guint i = 1; i <= 5; i++)
        pd_trouble_failed(&trouble, lost);
    pd_role_end(&role);
    begin_trouble(&trouble, &role, &config);
    ck_assert(!is_known(&role));
    pd_role_end(&role);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("roles");
    TCase *all = tcase_create("all");

    tcase_add_checked_fixture(all, make_folder, remove_folder);
    tcase_add_test(all, knock_reaches_all_listeners_of_the_word_and_no_other);
    tcase_add_test(all, signal_before_the_wait_is_not_slept_over);
    tcase_add_test(all, message_in_work_is_seen_after_a_kill);
    tcase_add_test(all, secret_comes_over_the_channel);
    tcase_add_test(all, missing_secret_is_told_with_its_reason);
    tcase_add_test(all, what_to_do_about_a_secret_comes_over_the_channel);
    tcase_add_test(all, folders_of_names_alike_have_locks_of_their_own);
    tcase_add_test(all, sharing_that_fails_is_tried_again_after_growing_pauses);
    tcase_add_test(all, faults_of_a_role_are_told_from_stops);
    tcase_add_test(all, refused_message_is_worth_one_connection_at_once);
    tcase_add_test(all, a_server_that_refuses_the_log_in_is_asked_seldom);
    tcase_add_test(all, trouble_with_a_server_is_known_from_the_alarm_to_the_first_success);
#ifndef PD_SANITIZERS
    tcase_add_test(all, sandbox_holds_programs_and_network_back);
#endif
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
