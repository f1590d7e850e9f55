/* inforce_test.c: the copy of the files in force is what it was made of, or is not taken. */
#include "fixture.h"

#include "postdesk/files.h"
#include "postdesk/inforce.h"
#include "postdesk/log.h"
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define COMMIT "1111111111111111111111111111111111111111"
#define ANOTHER "2222222222222222222222222222222222222222"
#define NONSENSE "nonsense: ["
#define KILLS 50

static Fixture *fixture;

static void set_up(void)
{
    fixture = fixture_new("templates: own\n");
}

static void tear_down(void)
{
    fixture_free(fixture);
}

static char *path_of(const char *name)
{
    return g_build_filename(fixture->folder, name, NULL);
}

static void write_file(const char *name, const char *text)
{
    g_autofree char *path = path_of(name);
    g_autofree char *folder = g_path_get_dirname(path);

    ck_ok(pd_folder_make(folder, 0700));
    ck_assert(g_file_set_contents(path, text, -1, NULL));
}

static char *read_file(const char *name)
{
    g_autofree char *path = path_of(name);
    char *text = NULL;

    g_file_get_contents(path, &text, NULL, NULL);
    return text;
}

static gboolean keep(void)
{
    g_autoptr(PdStatus) status = pd_inforce_keep(fixture->config);

    return status == NULL;
}

static PdConfig *find_copy(void)
{
    PdConfig *config = NULL;
    gint64 since = 0;
    g_autoptr(PdStatus) status =
        pd_inforce_config(fixture->config->state, fixture->config->path, &config, &since);

    ck_assert_int_eq(status == NULL, config != NULL);
    ck_assert_int_eq(status == NULL, since != 0);
    return config;
}

static gboolean has_copy(void)
{
    g_autoptr(PdConfig) config = find_copy();

    return config != NULL;
}

/* "HASH COMMIT" of the rules in the copy, by which a desk could start. */
static char *copied_rules(void)
{
    g_autoptr(PdConfig) config = find_copy();
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    ck_assert_ptr_nonnull(config);
    g_autoptr(PdDesk) desk = pd_desk_new(config, NULL, list);
    ck_assert_ptr_nonnull(desk);
    const PdRuleSet *rules = pd_desk_rules(desk);
    return g_strdup_printf("%s %s", pd_rule_set_hash(rules), pd_rule_set_commit(rules));
}

static void expect_rules(const char *commit)
{
    g_autofree char *copied = copied_rules();
    g_autofree char *expected =
        g_strdup_printf("%s %s", pd_rule_set_hash(pd_desk_rules(fixture->desk)), commit);

    ck_assert_str_eq(copied, expected);
}

START_TEST(a_role_can_start_with_the_copy_whatever_became_of_the_files)
{
    static const char *const names[] = {"postdesk.yaml", "rules/10.yaml", "rules/matrix.yaml",
                                        "own/en/words.yaml"};

    write_file("own/en/words.yaml", "categories: {other: Something else}\n");
    ck_assert(keep());
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        write_file(names[i], NONSENSE);
    expect_rules("(null)");
    g_autoptr(PdConfig) config = find_copy();
    ck_assert_str_eq(config->path, fixture->config->path);
    ck_assert_str_eq(config->state, fixture->config->state);
    const PdMailbox *mailbox = g_ptr_array_index(config->mailboxes, 0);
    const PdMailbox *original = g_ptr_array_index(fixture->config->mailboxes, 0);
    ck_assert_str_eq(mailbox->maildir, original->maildir);
    g_autofree char *words = g_build_filename(config->templates, "en", "words.yaml", NULL);
    g_autofree char *text = NULL;
    ck_assert(g_file_get_contents(words, &text, NULL, NULL));
    ck_assert_str_eq(text, "categories: {other: Something else}\n");
}
END_TEST

static void expect_private(const char *path)
{
    struct stat file;

    ck_assert_int_eq(lstat(path, &file), 0);
    ck_assert_int_eq(file.st_mode & 0777, S_ISDIR(file.st_mode) ? 0700 : 0600);
}

START_TEST(nobody_else_may_read_the_copy)
{
    g_autofree char *folder = path_of("state/in-force");

    ck_assert(keep());
    g_autoptr(PdConfig) config = find_copy();
    g_autofree char *top = g_path_get_dirname(config->rules);
    g_autofree char *file = g_build_filename(top, "postdesk.yaml", NULL);
    g_autofree char *rule = g_build_filename(config->rules, "10.yaml", NULL);
    expect_private(folder);
    expect_private(top);
    expect_private(file);
    expect_private(config->rules);
    expect_private(rule);
}
END_TEST

static const struct {
    const char *name, *text;
} damages[] = {
    {"a/rules/10.yaml", "rules: []\n"},
    {"a/rules/10.yaml", NULL},
    {"a/rules/11.yaml", "rules: []\n"},
    {"a/rules/people/x", ""},
    {"a/postdesk.yaml", NULL},
    {"a/postdesk.yaml", NONSENSE},
    {"now", NULL},
    {"now", ""},
    {"now", "../.. 0 0"},
    {"now", "b 0 0"},
};

START_TEST(a_copy_that_was_damaged_is_not_taken_and_made_anew)
{
    g_autofree char *name = g_strconcat("state/in-force/", damages[_i].name, NULL);
    g_autofree char *path = path_of(name);

    ck_assert(keep());
    ck_assert(has_copy());
    if (damages[_i].text != NULL)
        write_file(name, damages[_i].text);
    else
        ck_assert_int_eq(g_remove(path), 0);
    ck_assert(!has_copy());
    ck_assert(keep());
    expect_rules("(null)");
}
END_TEST

START_TEST(a_copy_is_of_no_other_configuration)
{
    g_autoptr(PdConfig) config = NULL;
    g_autofree char *other = path_of("other.yaml");
    gint64 since = 0;

    ck_assert(keep());
    g_autoptr(PdStatus) status = pd_inforce_config(fixture->config->state, other, &config, &since);
    ck_assert_ptr_nonnull(status);
}
END_TEST

/* Mistakes: as if the files had changed between the check and the copy. */
static void expect_not_kept(const char *named)
{
    g_autoptr(PdStatus) status = pd_inforce_keep(fixture->config);

    ck_assert_ptr_nonnull(status);
    ck_assert_msg(strstr(pd_status_text(status), named) != NULL, "%s", pd_status_text(status));
    ck_assert(!has_copy()); /* the one before is not in force any more */
}

START_TEST(mistakes_are_not_kept)
{
    ck_assert(keep());
    write_file("rules/20.yaml", NONSENSE);
    expect_not_kept("20.yaml:2:1:");
}
END_TEST

START_TEST(a_copy_of_files_that_name_others_beside_their_folder_does_not_load)
{
    write_file("days.ics", "");
    write_file("rules/calendars/office.yaml", "time_zone: Asia/Shanghai\n"
                                              "hours: {monday-friday: '09:00-17:00'}\n"
                                              "holidays: ../../days.ics\n");
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    ck_assert(pd_desk_check(fixture->config, list));
    ck_assert(keep());
    g_autoptr(PdConfig) copied = find_copy();
    g_autoptr(PdDesk) desk = pd_desk_new(copied, NULL, list);
    ck_assert_ptr_null(desk);
}
END_TEST

START_TEST(what_cannot_be_copied_is_named)
{
    g_autofree char *pipe = path_of("rules/pipe");
    g_autofree char *large = path_of("rules/large");

    ck_assert(keep());
    ck_assert_int_eq(mkfifo(pipe, 0600), 0);
    expect_not_kept("rules/pipe");
    g_remove(pipe);
    ck_assert(keep());
    write_file("rules/large", "");
    ck_assert_int_eq(truncate(large, 1 << 30), 0);
    expect_not_kept("rules/large");
    g_remove(large);
    ck_assert(keep());
    ck_assert_int_eq(symlink("loop", pipe), 0);
    ck_assert_int_eq(symlink(".", large), 0);
    expect_not_kept("rules/");
}
END_TEST

static gint64 file_number(const char *name)
{
    g_autofree char *path = path_of(name);
    struct stat file;

    return stat(path, &file) == 0 ? (gint64)file.st_ino : 0;
}

START_TEST(a_disk_that_takes_no_copy_leaves_none)
{
    struct rlimit before, little;

    ck_assert(keep());
    write_file("rules/20.yaml", "rules: []\n");
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    little = before;
    little.rlim_cur = 200;
    setrlimit(RLIMIT_FSIZE, &little);
    expect_not_kept("cannot write");
    setrlimit(RLIMIT_FSIZE, &before);
    ck_assert_int_eq(file_number("state/in-force/a") + file_number("state/in-force/b"), 0);
    ck_assert(keep());
}
END_TEST

START_TEST(the_same_files_are_not_written_again)
{
    ck_assert(keep());
    gint64 before = file_number("state/in-force/a/rules/10.yaml");
    ck_assert_int_ne(before, 0);
    ck_assert(keep());
    ck_assert_int_eq(file_number("state/in-force/a/rules/10.yaml"), before);
    write_file("rules/20.yaml", "rules: []\n");
    ck_assert(keep());
    g_autofree char *copied = read_file("state/in-force/b/rules/20.yaml");
    ck_assert_str_eq(copied, "rules: []\n");
    ck_assert_int_eq(file_number("state/in-force/a"), 0); /* the older one is gone */
}
END_TEST

START_TEST(what_a_killed_process_left_is_no_copy_and_goes)
{
    write_file("state/in-force/a/rules/10.yaml", NONSENSE);
    write_file("state/in-force/a/rules/old/x.yaml", "");
    write_file("state/in-force/b/rules/10.yaml", NONSENSE);
    ck_assert(!has_copy());
    ck_assert(keep());
    expect_rules("(null)");
    ck_assert(keep());
    ck_assert_int_eq(file_number("state/in-force/b"), 0);
    ck_assert_int_eq(file_number("state/in-force/a/rules/old"), 0);
}
END_TEST

/* Never ends: two sets of files in turn. */
static void keep_for_ever(void)
{
    for (;;) {
        write_file("rules/20.yaml", "rules: []\n");
        if (!keep())
            _exit(1);
        write_file("rules/20.yaml", "# other\nrules: []\n");
        if (!keep())
            _exit(1);
    }
}

START_TEST(a_kill_at_any_moment_leaves_a_whole_copy)
{
    ck_assert(keep());
    for (guint i = 0; i < KILLS; i++) {
        int wait_status;
        pid_t child = fork();
        if (child == 0)
            keep_for_ever();
        g_usleep((gulong)g_random_int_range(0, 20000));
        kill(child, SIGKILL);
        waitpid(child, &wait_status, 0);
        ck_assert(WIFSIGNALED(wait_status));
        ck_assert(has_copy());
    }
}
END_TEST

START_TEST(links_are_followed_and_their_files_copied)
{
    g_autofree char *rules = path_of("rules");
    g_autofree char *elsewhere = path_of("elsewhere");
    g_autofree char *file = path_of("rules/10.yaml");
    g_autofree char *kept = path_of("ten");

    ck_assert_int_eq(g_rename(rules, elsewhere), 0);
    ck_assert_int_eq(symlink(elsewhere, rules), 0);
    ck_assert_int_eq(g_rename(file, kept), 0);
    ck_assert_int_eq(symlink(kept, file), 0);
    ck_assert(keep());
    g_remove(rules);
    write_file("ten", NONSENSE);
    expect_rules("(null)");
}
END_TEST

START_TEST(a_state_folder_among_the_rules_is_not_copied)
{
    g_autofree char *before = path_of("state");
    g_autofree char *among = path_of("rules/state");

    ck_assert_int_eq(g_rename(before, among), 0);
    g_free(fixture->config->state);
    fixture->config->state = g_strdup(among);
    g_autofree char *text = read_file("postdesk.yaml");
    g_autoptr(GString) changed = g_string_new(text);
    g_string_replace(changed, "state: state\n", "state: rules/state\n", 1);
    write_file("postdesk.yaml", changed->str);
    ck_assert(keep());
    ck_assert(keep());
    expect_rules("(null)");
    ck_assert_int_eq(file_number("rules/state/in-force/a/rules/state"), 0);
}
END_TEST

START_TEST(the_copy_is_of_the_commit_that_its_files_were_of)
{
    write_file(".git/HEAD", COMMIT "\n");
    ck_assert(keep());
    expect_rules(COMMIT);
    write_file(".git/HEAD", ANOTHER "\n");
    expect_rules(COMMIT);
    ck_assert(keep());
    expect_rules(ANOTHER);
}
END_TEST

START_TEST(a_copy_in_a_checkout_of_something_else_is_of_no_commit)
{
    write_file("rules/.git/HEAD", "");
    write_file(".git/HEAD", COMMIT "\n");
    ck_assert(keep());
    expect_rules("(null)");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("inforce");
    TCase *tests = tcase_create("copy");

    pd_log_set_level(PD_LOG_ERROR);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_role_can_start_with_the_copy_whatever_became_of_the_files);
    tcase_add_test(tests, nobody_else_may_read_the_copy);
    tcase_add_loop_test(tests, a_copy_that_was_damaged_is_not_taken_and_made_anew, 0,
                        G_N_ELEMENTS(damages));
    tcase_add_test(tests, a_copy_is_of_no_other_configuration);
    tcase_add_test(tests, mistakes_are_not_kept);
    tcase_add_test(tests, a_copy_of_files_that_name_others_beside_their_folder_does_not_load);
    tcase_add_test(tests, what_cannot_be_copied_is_named);
    tcase_add_test(tests, a_disk_that_takes_no_copy_leaves_none);
    tcase_add_test(tests, the_same_files_are_not_written_again);
    tcase_add_test(tests, what_a_killed_process_left_is_no_copy_and_goes);
    tcase_add_test(tests, a_kill_at_any_moment_leaves_a_whole_copy);
    tcase_add_test(tests, links_are_followed_and_their_files_copied);
    tcase_add_test(tests, a_state_folder_among_the_rules_is_not_copied);
    tcase_add_test(tests, the_copy_is_of_the_commit_that_its_files_were_of);
    tcase_add_test(tests, a_copy_in_a_checkout_of_something_else_is_of_no_commit);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
