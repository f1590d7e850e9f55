/* token_test: a token leads its holder to its ticket, and nobody else anywhere. */
#include "mail_test.h"
#include "postdesk/clock.h"
#include "postdesk/token.h"
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define DAY (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)
#define PROCESSES 6
#define ROUNDS 10
#define NOW (20000 * DAY + DAY / 2)

static char *folder;
static char *path;
static PdTokenKeys *keys;

static void load(void)
{
    g_autoptr(PdStatus) status = NULL;

    pd_token_keys_free(keys);
    status = pd_token_keys_load(path, &keys);
    ck_assert_msg(status == NULL, "%s", status != NULL ? pd_status_text(status) : "");
}

static void set_up(void)
{
    folder = g_dir_make_tmp("pd-token-XXXXXX", NULL);
    path = g_build_filename(folder, "token.key", NULL);
    keys = NULL;
    pd_clock_set(NOW);
    load();
}

static void tear_down(void)
{
    pd_clock_set(0);
    pd_token_keys_free(keys);
    g_unlink(path);
    g_rmdir(folder);
    g_free(path);
    g_free(folder);
}

static PdTokenVerdict check(const char *token, const char *holder, PdTokenPurpose purpose,
                            gint64 now)
{
    gint64 ticket;
    PdTokenVerdict verdict = pd_token_check(keys, token, holder, purpose, now, &ticket);

    ck_assert(verdict != PD_TOKEN_VALID || ticket == 4711);
    return verdict;
}

START_TEST(binds_holder_and_purpose)
{
    g_autofree char *token = pd_token_make(keys, 4711, "Bob@Example.com", PD_TOKEN_REPLY, 0);
    g_autofree char *upper = g_ascii_strup(token, -1);

    ck_assert(strlen(token) <= 40);
    for (const char *c = token; *c != '\0'; c++)
        ck_assert(g_ascii_islower(*c) || g_ascii_isdigit(*c));
    ck_assert_int_eq(check(token, "bob@example.com", PD_TOKEN_REPLY, NOW), PD_TOKEN_VALID);
    ck_assert_int_eq(check(upper, "BOB@example.com", PD_TOKEN_REPLY, NOW), PD_TOKEN_VALID);
    ck_assert_int_eq(check(token, "eve@example.com", PD_TOKEN_REPLY, NOW), PD_TOKEN_OTHER_HOLDER);
    ck_assert_int_eq(check(token, "bob@example.com", PD_TOKEN_BOUNCE, NOW), PD_TOKEN_NONE);
    ck_assert_int_eq(check("", "bob@example.com", PD_TOKEN_REPLY, NOW), PD_TOKEN_NONE);
    ck_assert_int_eq(check(NULL, "bob@example.com", PD_TOKEN_REPLY, NOW), PD_TOKEN_NONE);
}
END_TEST

START_TEST(survives_no_change)
{
    g_autofree char *token = pd_token_make(keys, 4711, "bob@example.com", PD_TOKEN_REPLY, 0);

    for (gsize i = 0; token[i] != '\0'; i++) {
        g_autofree char *changed = g_strdup(token);
        changed[i] = changed[i] == 'b' ? 'c' : 'b';
        ck_assert_int_ne(check(changed, "bob@example.com", PD_TOKEN_REPLY, NOW), PD_TOKEN_VALID);
    }
}
END_TEST

START_TEST(expires_with_its_day)
{
    g_autofree char *token = pd_token_make(keys, 4711, "b@c.d", PD_TOKEN_REPLY, NOW);

    ck_assert_int_eq(check(token, "b@c.d", PD_TOKEN_REPLY, NOW + DAY / 4), PD_TOKEN_VALID);
    ck_assert_int_eq(check(token, "b@c.d", PD_TOKEN_REPLY, NOW + DAY), PD_TOKEN_EXPIRED);
}
END_TEST

START_TEST(rotates)
{
    g_autofree char *token = pd_token_make(keys, 4711, "b@c.d", PD_TOKEN_REPLY, 0);
    g_autoptr(PdStatus) status = pd_token_keys_rotate(path, 2 * DAY);
    struct stat facts;

    ck_assert_ptr_null(status);
    load();
    ck_assert_int_eq(check(token, "b@c.d", PD_TOKEN_REPLY, NOW + DAY), PD_TOKEN_VALID);
    ck_assert_int_eq(check(token, "b@c.d", PD_TOKEN_REPLY, NOW + 3 * DAY), PD_TOKEN_NONE);
    ck_assert_int_eq(stat(path, &facts), 0);
    ck_assert_int_eq(facts.st_mode & 0777, 0600);
}
END_TEST

START_TEST(refuses_a_broken_file)
{
    PdTokenKeys *other = NULL;

    ck_assert(g_file_set_contents(path, "postdesk-token-keys 1\ncurrent abc\n", -1, NULL));
    g_autoptr(PdStatus) status = pd_token_keys_load(path, &other);
    ck_assert_ptr_nonnull(status);
    ck_assert_ptr_null(other);
}
END_TEST

/* What a process that starts now would send. */
static void send_token(int start, int answers)
{
    g_autoptr(PdTokenKeys) own = NULL;
    char nothing;

    if (read(start, &nothing, 1) != 0)
        _exit(1);
    g_autoptr(PdStatus) status = pd_token_keys_load(path, &own);
    if (status != NULL)
        _exit(1);
    g_autofree char *token = pd_token_make(own, 4711, "b@c.d", PD_TOKEN_REPLY, 0);
    _exit(write(answers, token, strlen(token) + 1) > 0 ? 0 : 1);
}

static void start_at_once(int answers)
{
    int start[2];

    ck_assert_int_eq(pipe(start), 0);
    for (guint i = 0; i < PROCESSES; i++) {
        if (fork() > 0)
            continue;
        close(start[1]);
        send_token(start[0], answers);
    }
    close(start[0]);
    close(start[1]);
}

START_TEST(processes_that_find_no_key_at_once_have_the_same)
{
    for (guint round = 0; round < ROUNDS; round++) {
        char tokens[PROCESSES * 64];
        int answers[2], wait_status;

        g_unlink(path);
        ck_assert_int_eq(pipe(answers), 0);
        start_at_once(answers[1]);
        for (guint i = 0; i < PROCESSES; i++) {
            ck_assert_int_gt(wait(&wait_status), 0);
            ck_assert_int_eq(wait_status, 0);
        }
        ssize_t got = read(answers[0], tokens, sizeof tokens);
        close(answers[0]);
        close(answers[1]);
        load();
        for (const char *token = tokens; token < tokens + got; token += strlen(token) + 1)
            ck_assert_int_eq(check(token, "b@c.d", PD_TOKEN_REPLY, NOW), PD_TOKEN_VALID);
    }
}
END_TEST

START_TEST(rides_in_message_ids)
{
    g_autofree char *token = pd_token_make(keys, 4711, "b@c.d", PD_TOKEN_REPLY, 0);
    g_autofree char *id = pd_token_message_id(token, "desk.example.com");
    g_autofree char *again = pd_token_message_id(token, "desk.example.com");
    g_autofree char *found = pd_token_of_message_id(id);

    ck_assert_str_eq(found, token);
    ck_assert_str_ne(id, again);
    ck_assert_ptr_null(pd_token_of_message_id("20240101.abc@example.com"));
    ck_assert_ptr_null(pd_token_of_message_id(NULL));
    ck_assert_ptr_null(pd_token_of_message_id(""));
}
END_TEST

TCase *token_cases(void)
{
    TCase *cases = tcase_create("token");

    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, binds_holder_and_purpose);
    tcase_add_test(cases, survives_no_change);
    tcase_add_test(cases, expires_with_its_day);
    tcase_add_test(cases, rotates);
    tcase_add_test(cases, refuses_a_broken_file);
    tcase_add_test(cases, processes_that_find_no_key_at_once_have_the_same);
    tcase_add_test(cases, rides_in_message_ids);
    return cases;
}
