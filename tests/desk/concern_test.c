/* concern_test.c: whom each change concerns is what the table says, tried one by one on a ticket
 * with a reporter, a follower, a watcher at the desk and somebody who works on it. */
#include "desk/concern.h"
#include "desk/lifecycle.h"
#include "fixture.h"
#include "letters.h"

#include "postdesk/clock.h"
#include <stdlib.h>
#include <string.h>

#define PEOPLE                                                                                     \
    "people:\n"                                                                                    \
    "  - {name: Zhang, address: zhang@example.org, role: engineer, language: en}\n"                \
    "  - {name: Li, address: li@example.org, role: engineer, language: en}\n"                      \
    "  - {name: Dora, address: dora@example.org, role: dispatcher, language: en}\n"
#define FAULT                                                                                      \
    "From: Ann <ann@example.com>\nTo: desk@example.org\nCc: Ben <ben@example.com>\n"               \
    "Subject: VPN down\nMessage-ID: <vpn1@example.com>\n\nNo VPN since nine.\n"
#define OTHER                                                                                      \
    "From: Eva <eva@example.com>\nTo: desk@example.org\nSubject: Printer\n"                        \
    "Message-ID: <p@example.com>\n\nNo paper.\n"

static Fixture *fixture;

static void set_up(void)
{
    pd_clock_set(0);
    fixture = fixture_with_people("answers: {gather: 0s}\n", PEOPLE);
}

static void tear_down(void)
{
    fixture_free(fixture);
}

static void run(gint64 ticket, const char *line)
{
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    const char *const pairs[] = {line, NULL};

    if (strchr(words[0], '=') != NULL)
        ck_ok(pd_desk_change(fixture->desk, ticket, pairs, "root"));
    else
        ck_ok(pd_desk_command(fixture->desk, ticket, (const char *const *)words, NULL, "root"));
}

/* #1, Zhang's, that Ben follows and Dora watches; #2 is somebody else's. */
static void open_tickets(void)
{
    pd_inbox_row_free(fixture_send(fixture, FAULT));
    pd_inbox_row_free(fixture_send(fixture, OTHER));
    run(1, "assign Zhang");
    run(1, "watch dora@example.org");
}

/* Where Ann's answers about #1 go. */
static char *reply_address(void)
{
    g_autoptr(GPtrArray) rows = fixture_outbox(fixture);
    g_autoptr(PdOutboxRow) row = NULL;
    g_autoptr(PdMail) mail = NULL;
    const PdOutboxRow *first = g_ptr_array_index(rows, rows->len - 1);
    const PdMailOptions options = {NULL};
    gsize length;

    ck_ok(pd_outbox_get(fixture->store, first->id, &row));
    const char *bytes = g_bytes_get_data(row->mail, &length);
    ck_ok(pd_mail_read_bytes(bytes, length, &options, &mail));
    return g_strdup(((const PdAddress *)g_ptr_array_index(mail->reply_to, 0))->address);
}

static void write_as(const char *from, const char *text)
{
    g_autofree char *to = reply_address();
    g_autofree char *raw = g_strdup_printf("From: %s\nTo: %s\nSubject: Re: VPN down\n"
                                           "Message-ID: <word@example.com>\n\n%s\n",
                                           from, to, text);

    pd_inbox_row_free(fixture_send(fixture, raw));
}

/* Zhang, by his assignment mail. */
static void take_back(void)
{
    g_autoptr(GPtrArray) rows = fixture_outbox(fixture);
    g_autofree char *raw = NULL;

    for (guint i = 0; i < rows->len; i++) {
        const PdOutboxRow *row = g_ptr_array_index(rows, i);
        g_autoptr(PdOutboxRow) full = NULL;
        if (strcmp(row->purpose, "assigned") != 0)
            continue;
        ck_ok(pd_outbox_get(fixture->store, row->id, &full));
        g_autoptr(PdMail) mail = fixture_last_mail(fixture, NULL);
        const PdAddress *to = g_ptr_array_index(mail->reply_to, 0);
        g_free(raw);
        raw = g_strdup_printf("From: zhang@example.org\nTo: %s\nSubject: Re: VPN down\n"
                              "Message-ID: <back@example.org>\n\n/undo\n",
                              to->address);
    }
    pd_inbox_row_free(fixture_send(fixture, raw));
}

/* The changes that are no single command; each is told of what is done first by the caller. */
static void say(void)
{
    ck_ok(pd_desk_reply(fixture->desk, 1, "We are at it.", "root"));
}

/* As if nobody had known her when she wrote. */
static void hold_ann(void)
{
    run(1, "tag unknown-sender");
}

static void ask_where(void)
{
    write_as("Ann <ann@example.com>", "/where");
}

static void write_more(void)
{
    write_as("Ann <ann@example.com>", "It is worse now.");
}

static void report_another(void)
{
    pd_inbox_row_free(
        fixture_send(fixture, "From: Eva <eva@example.com>\nTo: desk@example.org\nSubject: Screen\n"
                              "Message-ID: <s@example.com>\n\nIt stays dark.\n"));
}

/* Ben, who only follows. */
static void say_solved(void)
{
    g_autoptr(PdMail) resolved = letters_to(fixture, "ben@example.com", "resolved");

    letters_answer(fixture, resolved, "ben@example.com", "", "Solved, thanks");
}

static const struct {
    const char *change, *before, *line; /* what is done first, and then */
    void (*first)(void), (*act)(void);  /* likewise */
    const char *also;                   /* another change that the same act is */
} acts[] = {
    {"status", NULL, "status=open", NULL, NULL, NULL},
    {"accepted", NULL, "accept", hold_ann, NULL, NULL},
    {"merged", NULL, "merge 2", NULL, NULL, NULL},
    {"undone", "status=waiting", "undo", NULL, NULL, NULL},
    {"due", NULL, "due 2199-12-01", NULL, NULL, NULL},
    {"words", NULL, NULL, NULL, say, NULL},
    {"split", NULL, "split Printer", write_more, NULL, NULL},
    {"standing", NULL, NULL, NULL, ask_where, NULL},
    {"asked", NULL, "external vendor@example.net Is it known?", NULL, NULL, NULL},
    {"taken_back", "priority=P1", NULL, NULL, take_back, NULL},
    {"assignee", NULL, "assign Li", NULL, NULL, "let_off"},
    {"let_off", NULL, "assign Li", NULL, NULL, "assignee"},
    {"unassigned", NULL, NULL, NULL, report_another, NULL},
    {"message", NULL, NULL, NULL, write_more, NULL},
    {"verdict", "status=resolved", NULL, NULL, say_solved, "heard"},
    {"heard", "status=resolved", NULL, NULL, say_solved, "verdict"},
    {"category", NULL, "category=other", NULL, NULL, NULL},
    {"impact", NULL, "impact=high", NULL, NULL, NULL},
    {"urgency", NULL, "urgency=low", NULL, NULL, NULL},
    {"priority", NULL, "priority=P1", NULL, NULL, NULL},
    {"queue", NULL, "queue=system", NULL, NULL, NULL},
    {"subject", NULL, "subject=VPN", NULL, NULL, NULL},
    {"reporter_name", NULL, "reporter_name=Anna", NULL, NULL, NULL},
    {"note", NULL, "note she is on leave", NULL, NULL, NULL},
    {"tag", NULL, "tag urgent", NULL, NULL, NULL},
    {"field", NULL, "field asset=PC-1", NULL, NULL, NULL},
    {"link", NULL, "link 2", NULL, NULL, NULL},
    {"part", NULL, "watch li@example.org", NULL, NULL, NULL},
    {"rating", NULL, "rate 5", NULL, NULL, NULL},
};

static gint compare_texts(gconstpointer one, gconstpointer other)
{
    return strcmp(*(char *const *)one, *(char *const *)other);
}

/* "ann@… status, ben@… status": the mails behind the first ones, sorted; caller frees. */
static char *mailed_after(guint before)
{
    g_autoptr(GPtrArray) rows = fixture_outbox(fixture);
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < rows->len - before; i++) {
        const PdOutboxRow *row = g_ptr_array_index(rows, i);
        if (strcmp(row->recipient, "eva@example.com") == 0)
            continue; /* she wrote the other one, and is acknowledged */
        g_ptr_array_add(lines, g_strdup_printf("%s %s", row->recipient, row->purpose));
    }
    g_ptr_array_sort(lines, compare_texts);
    g_ptr_array_add(lines, NULL);
    return g_strjoinv(", ", (char **)lines->pdata);
}

static void expect(GPtrArray *lines, guint whom, const char *occasion, const char *doer)
{
    const struct {
        guint bit;
        const char *address;
    } people[] = {
        {PD_CONCERNS_REPORTER, "ann@example.com"},
        {PD_CONCERNS_DOER, doer},
        {PD_CONCERNS_FOLLOWERS, "ben@example.com"},
        {PD_CONCERNS_FOLLOWERS | PD_CONCERNS_HOLDER | PD_CONCERNS_TAKERS, "dora@example.org"},
        {PD_CONCERNS_ASSIGNEE, "li@example.org"},
        {PD_CONCERNS_ASKED, "vendor@example.net"},
        {PD_CONCERNS_HOLDER | PD_CONCERNS_FORMER, "zhang@example.org"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(people); i++) {
        if ((people[i].bit & whom) != 0)
            g_ptr_array_add(lines, g_strdup_printf("%s %s", people[i].address, occasion));
    }
}

/* Caller frees. */
static char *joined(GPtrArray *lines)
{
    g_ptr_array_sort(lines, compare_texts);
    g_ptr_array_add(lines, NULL);
    return g_strjoinv(", ", (char **)lines->pdata);
}

static const char *doer_of(void (*act)(void))
{
    return act == take_back    ? "zhang@example.org"
           : act == say_solved ? "ben@example.com"
                               : "ann@example.com";
}

static guint mails(void)
{
    g_autoptr(GPtrArray) rows = fixture_outbox(fixture);

    return rows->len;
}

START_TEST(each_change_is_told_to_whom_it_concerns)
{
    const char *change = acts[_i].change;
    const PdConcern *concern = pd_concern_of(change);
    const char *occasion = concern->occasion != NULL ? concern->occasion : "status";

    open_tickets();
    if (acts[_i].before != NULL)
        run(1, acts[_i].before);
    if (acts[_i].first != NULL)
        acts[_i].first();
    guint before = mails();
    if (acts[_i].line != NULL)
        run(1, acts[_i].line);
    else
        acts[_i].act();
    g_autofree char *mailed = mailed_after(before);
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    expect(lines, concern->whom, occasion, doer_of(acts[_i].act));
    if (acts[_i].also != NULL)
        expect(lines, pd_concern_of(acts[_i].also)->whom, pd_concern_of(acts[_i].also)->occasion,
               doer_of(acts[_i].act));
    g_autofree char *expected = joined(lines);
    ck_assert_msg(strcmp(mailed, expected) == 0, "%s: mailed '%s' and not '%s'", change, mailed,
                  expected);
}
END_TEST

START_TEST(each_row_of_the_table_is_tried)
{
    gsize count = 0;
    const PdConcern *concerns = pd_concerns(&count);

    ck_assert_uint_eq(count, G_N_ELEMENTS(acts));
    for (gsize i = 0; i < count; i++) {
        gboolean found = FALSE;
        for (gsize k = 0; k < G_N_ELEMENTS(acts); k++)
            found = found || strcmp(acts[k].change, concerns[i].change) == 0;
        ck_assert_msg(found, "%s is not tried", concerns[i].change);
    }
}
END_TEST

/* From "new" each status is one move away, but "merged", which none leads to. */
START_TEST(each_move_is_told_by_its_template)
{
    const char *const *statuses = pd_lifecycle_statuses();
    const char *from = statuses[_i];
    guint tried = 0;

    for (const char *const *to = statuses; *to != NULL && strcmp(from, "merged") != 0; to++) {
        const PdTransition *move = pd_lifecycle_find(from, *to, PD_BY_STAFF);
        if (move == NULL)
            continue;
        tear_down();
        set_up();
        open_tickets();
        g_autofree char *there = g_strconcat("status=", from, NULL);
        g_autofree char *pair = g_strconcat("status=", *to, NULL);
        run(1, there);
        guint before = mails();
        run(1, pair);
        g_autofree char *mailed = mailed_after(before);
        g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
        expect(lines, move->occasion != NULL ? PD_CONCERNS_OUTSIDE : 0, move->occasion, NULL);
        g_autofree char *expected = joined(lines);
        ck_assert_msg(strcmp(mailed, expected) == 0, "%s to %s: mailed '%s' and not '%s'", from,
                      *to, mailed, expected);
        tried++;
    }
    ck_assert(tried > 0 || strcmp(from, "merged") == 0);
}
END_TEST

START_TEST(the_manual_holds_the_table)
{
    const char *source = g_getenv("top_srcdir");
    g_autofree char *path =
        g_build_filename(source != NULL ? source : ".", "man", "postdesk-commands.7", NULL);
    g_autofree char *page = NULL;
    gsize count = 0;
    const PdConcern *concerns = pd_concerns(&count);

    ck_assert(g_file_get_contents(path, &page, NULL, NULL));
    const char *told = strstr(page, ".Sh WHO IS TOLD WHAT");
    ck_assert_ptr_nonnull(told);
    for (gsize i = 0; i < count; i++) {
        g_autofree char *row =
            g_strdup_printf(".It %s Ta %s", concerns[i].change,
                            concerns[i].occasion != NULL ? concerns[i].occasion : "its own");
        const char *wanted = concerns[i].whom != 0 ? row : concerns[i].change;
        ck_assert_msg(strstr(told, wanted) != NULL, "'%s' is not there", wanted);
    }
}
END_TEST

int main(void)
{
    guint statuses = g_strv_length((char **)pd_lifecycle_statuses());
    Suite *suite = suite_create("concern");
    TCase *tests = tcase_create("all");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, each_change_is_told_to_whom_it_concerns, 0, G_N_ELEMENTS(acts));
    tcase_add_test(tests, each_row_of_the_table_is_tried);
    tcase_add_loop_test(tests, each_move_is_told_by_its_template, 0, (int)statuses);
    tcase_add_test(tests, the_manual_holds_the_table);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
