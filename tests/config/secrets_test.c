/* secrets_test.c: secrets by reference, and the command that prints a token. */
#include "postdesk/secrets.h"

#include "config/token_command.h"
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder, *path;

static void set_up(void)
{
    folder = g_dir_make_tmp("pd-secrets-XXXXXX", NULL);
    path = g_build_filename(folder, "secret", NULL);
}

static void tear_down(void)
{
    g_remove(path);
    g_rmdir(folder);
    g_clear_pointer(&folder, g_free);
    g_clear_pointer(&path, g_free);
}

static PdStatus *resolve_file(const char *text, gssize length, mode_t mode, PdSecret **secret)
{
    g_autofree char *reference = g_strconcat("file:", path, NULL);

    ck_assert(g_file_set_contents(path, text, length, NULL));
    ck_assert_int_eq(g_chmod(path, (int)mode), 0);
    return pd_secret_resolve(reference, secret);
}

static void assert_failed(PdStatus *status, PdSecret *secret, const char *text, const char *advice)
{
    ck_assert_ptr_nonnull(status);
    ck_assert_ptr_null(secret);
    ck_assert_msg(strstr(pd_status_text(status), text) != NULL, "%s", pd_status_text(status));
    if (advice != NULL)
        ck_assert_ptr_nonnull(strstr(pd_status_advice(status), advice));
    pd_status_free(status);
}

START_TEST(a_file_gives_its_line)
{
    static const char *const contents[] = {"geheim 报修", "geheim 报修\n", "geheim 报修\r\n"};

    for (gsize i = 0; i < G_N_ELEMENTS(contents); i++) {
        g_autoptr(PdSecret) secret = NULL;
        ck_assert_ptr_null(resolve_file(contents[i], -1, 0600, &secret));
        ck_assert_str_eq(pd_secret_text(secret), "geheim 报修");
    }
}
END_TEST

START_TEST(a_file_that_others_may_read_is_refused)
{
    static const mode_t modes[] = {0640, 0604, 0620, 0666};

    for (gsize i = 0; i < G_N_ELEMENTS(modes); i++) {
        PdSecret *secret = NULL;
        assert_failed(resolve_file("x\n", -1, modes[i], &secret), secret, "others may read",
                      "chmod 600");
    }
}
END_TEST

START_TEST(what_is_no_secret_is_refused)
{
    g_autofree char *large = g_strnfill(PD_SECRET_MOST + 1, 'x');
    PdSecret *secret = NULL;

    assert_failed(resolve_file("", 0, 0600, &secret), secret, "is empty", NULL);
    assert_failed(resolve_file("\n", 1, 0600, &secret), secret, "is empty", NULL);
    assert_failed(resolve_file("a\nb\n", -1, 0600, &secret), secret, "several lines", NULL);
    assert_failed(resolve_file("a\0b", 3, 0600, &secret), secret, "is no text", NULL);
    assert_failed(resolve_file("\xff\xfe", 2, 0600, &secret), secret, "is no text", NULL);
    assert_failed(resolve_file(large, -1, 0600, &secret), secret, "too large", NULL);
    assert_failed(pd_secret_resolve("file:/nonexistent/x", &secret), secret, "No such file", NULL);
    assert_failed(pd_secret_resolve("hunter2", &secret), secret, "no reference", "file:PATH");
}
END_TEST

START_TEST(a_pipe_in_the_files_place_holds_nobody_up)
{
    g_autofree char *reference = g_strconcat("file:", path, NULL);
    PdSecret *secret = NULL;

    ck_assert_int_eq(mkfifo(path, 0600), 0);
    assert_failed(pd_secret_resolve(reference, &secret), secret, "no regular file", NULL);
}
END_TEST

START_TEST(the_environment_gives_it)
{
    g_autoptr(PdSecret) secret = NULL;

    g_setenv("PD_TEST_SECRET", "s3", TRUE);
    ck_assert_ptr_null(pd_secret_resolve("env:PD_TEST_SECRET", &secret));
    ck_assert_str_eq(pd_secret_text(secret), "s3");
    g_unsetenv("PD_TEST_SECRET");
    PdSecret *none = NULL;
    assert_failed(pd_secret_resolve("env:PD_TEST_SECRET", &none), none, "is not set", NULL);
}
END_TEST

START_TEST(systemd_hands_it_over)
{
    g_autoptr(PdSecret) secret = NULL;
    PdSecret *none = NULL;

    g_unsetenv("CREDENTIALS_DIRECTORY");
    assert_failed(pd_secret_resolve("credential:secret", &none), none, "no credentials",
                  "LoadCredential");
    g_setenv("CREDENTIALS_DIRECTORY", folder, TRUE);
    ck_assert(g_file_set_contents(path, "c\n", -1, NULL));
    ck_assert_int_eq(g_chmod(path, 0444), 0);
    ck_assert_ptr_null(pd_secret_resolve("credential:secret", &secret));
    ck_assert_str_eq(pd_secret_text(secret), "c");
    assert_failed(pd_secret_resolve("credential:../secret", &none), none, "no name", NULL);
}
END_TEST

static PdStatus *run_shell(const char *script, gint64 most_time, PdSecret **secret)
{
    char *argv[] = {"/bin/sh", "-c", (char *)script, NULL};

    return pd_secret_from_command_within(argv, most_time, secret);
}

START_TEST(a_commands_first_line_is_the_token)
{
    g_autoptr(PdSecret) secret = NULL;
    char *argv[] = {"/bin/echo", "a b; $HOME", NULL};

    ck_assert_ptr_null(pd_secret_from_command(argv, &secret));
    ck_assert_str_eq(pd_secret_text(secret), "a b; $HOME");
    g_autoptr(PdSecret) first = NULL;
    ck_assert_ptr_null(run_shell("echo one; echo two", 60 * G_USEC_PER_SEC, &first));
    ck_assert_str_eq(pd_secret_text(first), "one");
}
END_TEST

START_TEST(a_failing_command_is_told)
{
    char *nowhere[] = {"/nonexistent/token", NULL};
    gint64 minute = 60 * G_USEC_PER_SEC;
    PdSecret *secret = NULL;

    assert_failed(pd_secret_from_command(nowhere, &secret), secret, "No such file",
                  "token_command");
    assert_failed(run_shell("echo x; exit 3", minute, &secret), secret, "exit code 3", NULL);
    assert_failed(run_shell("kill -9 $$", minute, &secret), secret, "by a signal", NULL);
    assert_failed(run_shell("true", minute, &secret), secret, "is empty", NULL);
    assert_failed(run_shell("exec yes", minute, &secret), secret, "more than 64 KiB", NULL);
}
END_TEST

/* Whatever the command started inherits the pipe: its end is that of them all. */
static void assert_stopped(const char *script)
{
    PdSecret *secret = NULL;
    int ends[2];
    char byte;

    ck_assert_int_eq(pipe(ends), 0);
    PdStatus *status = run_shell(script, G_USEC_PER_SEC / 2, &secret);
    close(ends[1]);
    ck_assert(status != NULL && pd_status_may_retry(status));
    assert_failed(status, secret, "took too long", NULL);
    ck_assert_int_eq(read(ends[0], &byte, 1), 0);
    close(ends[0]);
}

START_TEST(a_command_that_overruns_is_stopped_with_what_it_started)
{
    assert_stopped("sleep 600 & sleep 600");
    assert_stopped("echo token; exec >/dev/null; sleep 600");
}
END_TEST

START_TEST(a_servers_settings_lead_to_its_secret)
{
    char *command[] = {"/bin/echo", "from-command", NULL};
    PdServer server = {.auth = PD_AUTH_NONE, .password = "env:PD_TEST_PASSWORD"};
    g_autoptr(PdSecret) password = NULL;
    g_autoptr(PdSecret) token = NULL;
    PdSecret *none = NULL;

    g_setenv("PD_TEST_PASSWORD", "pw", TRUE);
    ck_assert_ptr_null(pd_secret_of_server(&server, &none));
    ck_assert_ptr_null(none);
    ck_assert(!pd_secret_is_renewable(&server));
    server.auth = PD_AUTH_PLAIN;
    ck_assert_ptr_null(pd_secret_of_server(&server, &password));
    ck_assert_str_eq(pd_secret_text(password), "pw");
    server.auth = PD_AUTH_XOAUTH2;
    server.token_command = command;
    ck_assert_ptr_null(pd_secret_of_server(&server, &token));
    ck_assert_str_eq(pd_secret_text(token), "from-command");
    ck_assert(pd_secret_is_renewable(&server));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("secrets");
    TCase *cases = tcase_create("secrets");

    tcase_set_timeout(cases, 120);
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, a_file_gives_its_line);
    tcase_add_test(cases, a_file_that_others_may_read_is_refused);
    tcase_add_test(cases, what_is_no_secret_is_refused);
    tcase_add_test(cases, a_pipe_in_the_files_place_holds_nobody_up);
    tcase_add_test(cases, the_environment_gives_it);
    tcase_add_test(cases, systemd_hands_it_over);
    tcase_add_test(cases, a_commands_first_line_is_the_token);
    tcase_add_test(cases, a_failing_command_is_told);
    tcase_add_test(cases, a_command_that_overruns_is_stopped_with_what_it_started);
    tcase_add_test(cases, a_servers_settings_lead_to_its_secret);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
