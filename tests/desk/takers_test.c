/* takers_test.c: a new ticket that nobody has is mailed to who may take it. */
#include "fixture.h"
#include "letters.h"
#include "postdesk/clock.h"
#include "postdesk/pending.h"
#include <stdlib.h>
#include <string.h>

#define PEOPLE                                                                                     \
    "unknown_senders: hold\n"                                                                      \
    "people:\n"                                                                                    \
    "  - {name: Zhang, address: zhang@example.org, role: engineer, language: en}\n"                \
    "  - {name: Ann, address: ann@example.com}\n"
#define DISPATCHER "  - {name: Dora, address: dora@example.org, role: dispatcher, language: en"
#define NET                                                                                        \
    "  - {name: Ned, address: ned@example.org, role: dispatcher, language: en, groups: "           \
    "[network]}\n"

static Fixture *fixture;

static void open_desk(const char *settings, const char *more)
{
    g_autofree char *people = g_strconcat(PEOPLE, more, NULL);

    pd_clock_set(0);
    fixture = fixture_with_people(settings, people);
}

static void tear_down(void)
{
    fixture_free(fixture);
    pd_clock_set(0);
}

static void report(const char *from)
{
    g_autofree char *raw = g_strdup_printf("From: %s\nTo: desk@example.org\nSubject: Screen\n"
                                           "Message-ID: <s@example.com>\n\nIt stays dark.\n",
                                           from);
    g_autoptr(PdInboxRow) row = fixture_send(fixture, raw);

    ck_assert_int_eq(row->ticket, 1);
}

/* Who was mailed "assigned", by spaces. Caller frees. */
static char *told(void)
{
    g_autoptr(GPtrArray) rows = fixture_outbox(fixture);
    GString *text = g_string_new(NULL);

    for (guint i = rows->len; i > 0; i--) {
        const PdOutboxRow *row = g_ptr_array_index(rows, i - 1);
        if (strcmp(row->purpose, "assigned") == 0)
            g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", row->recipient);
    }
    return g_string_free(text, FALSE);
}

static void check_told(const char *expected)
{
    g_autofree char *found = told();

    ck_assert_str_eq(found, expected);
}

START_TEST(the_dispatcher_is_mailed_all_of_it_and_takes_it_by_a_reply)
{
    open_desk("", DISPATCHER "}\n");
    report("Ann <ann@example.com>");
    check_told("dora@example.org");
    g_autoptr(PdMail) mail = letters_to(fixture, "dora@example.org", "assigned");
    ck_assert_str_eq(mail->subject, "[#1] To be assigned: Screen");
    letters_hold(mail, "assigned to nobody");
    letters_hold(mail, "It stays dark.");
    letters_hold(mail, "/assign me");
    letters_answer(fixture, mail, "dora@example.org", "", "/assign Zhang");
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, 1);
    ck_assert_str_eq(ticket->assignee, "zhang@example.org");
    check_told("dora@example.org zhang@example.org");
    g_autoptr(PdMail) given = letters_to(fixture, "zhang@example.org", "assigned");
    letters_hold(given, "It stays dark.");
    letters_hold(given, "\nAnn\n> It");   /* who wrote it, by name */
    letters_lack(given, "/assign Zhang"); /* what was done by it shows */
}
END_TEST

START_TEST(who_is_held_is_shown_as_that)
{
    open_desk("", DISPATCHER "}\n");
    report("who@stranger.example");
    g_autoptr(PdMail) mail = letters_to(fixture, "dora@example.org", "assigned");
    ck_assert_str_eq(mail->subject, "[#1] Unknown sender: Screen");
    letters_hold(mail, "/spam");
    letters_answer(fixture, mail, "dora@example.org", "", "/accept");
    g_autoptr(PdMail) answered = letters_to(fixture, "who@stranger.example", "acknowledge");
    ck_assert_ptr_nonnull(answered);
}
END_TEST

START_TEST(without_a_dispatcher_the_admin_looks_at_who_is_held)
{
    open_desk("", "");
    report("who@stranger.example");
    check_told(fixture->config->admin);
}
END_TEST

START_TEST(without_a_dispatcher_nobody_is_mailed_of_others)
{
    open_desk("", "");
    report("Ann <ann@example.com>");
    check_told("");
}
END_TEST

START_TEST(a_dispatcher_who_wants_digests_finds_it_there_while_it_is_nobodys)
{
    gint64 next = 0;
    guint mailed = 0;
    gboolean more = FALSE;
    const char *const words[] = {"assign", "zhang@example.org", NULL};

    open_desk("", DISPATCHER ", mail: digest, digest_on: every-day}\n");
    report("Ann <ann@example.com>");
    check_told("");
    ck_ok(pd_pending_next(fixture->store, &next));
    pd_clock_set(next);
    if (_i == 1)
        ck_ok(pd_desk_command(fixture->desk, 1, words, NULL, "root"));
    ck_ok(pd_desk_tell_gathered(fixture->desk, &mailed, &more));
    ck_assert_uint_eq(mailed, _i == 1 ? 0 : 1);
    if (_i == 1)
        return;
    g_autoptr(PdMail) mail = letters_to(fixture, "dora@example.org", "digest");
    letters_hold(mail, "with nobody");
}
END_TEST

START_TEST(at_night_it_waits_for_the_dispatcher_and_is_gone_once_somebody_has_it)
{
    gint64 next = 0;
    guint mailed = 0;
    gboolean more = FALSE;
    const char *const words[] = {"assign", "zhang@example.org", NULL};

    open_desk("answers: {quiet_hours: '00:00-23:59'}\n", DISPATCHER "}\n");
    report("Ann <ann@example.com>");
    check_told("");
    if (_i == 1)
        ck_ok(pd_desk_command(fixture->desk, 1, words, NULL, "root"));
    ck_ok(pd_pending_next(fixture->store, &next));
    pd_clock_set(next);
    ck_ok(pd_desk_tell_gathered(fixture->desk, &mailed, &more));
    check_told(_i == 1 ? "zhang@example.org" : "dora@example.org");
}
END_TEST

START_TEST(the_dispatchers_of_the_queues_group_come_before_the_others)
{
    open_desk("", DISPATCHER "}\n" NET);
    g_autoptr(PdInboxRow) row =
        fixture_send(fixture, "From: Ann <ann@example.com>\nTo: desk@example.org\n"
                              "Subject: VPN down\nMessage-ID: <v@example.com>\n\nNo line.\n");
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, 1);
    ck_assert_str_eq(ticket->queue, "network");
    check_told("ned@example.org");
}
END_TEST

/* Writes mails to the desk, each from another address if from ends in '-'. */
static void flood(const char *from, const char *subject, guint first, guint last)
{
    for (guint i = first; i <= last; i++) {
        g_autofree char *sender = g_str_has_suffix(from, "-")
                                      ? g_strdup_printf("%s%u@evil%u.example", from, i, i)
                                      : g_strdup(from);
        g_autofree char *raw = g_strdup_printf("From: %s\nTo: desk@example.org\nSubject: %s %u\n"
                                               "Message-ID: <f%u@x>\n\nBuy %u\n",
                                               sender, subject, i, i, i);
        g_autoptr(PdInboxRow) row = fixture_send(fixture, raw);
        ck_assert_int_eq(row->ticket, i);
    }
}

static void check_told_apart(guint expected)
{
    g_autofree char *found = told();
    guint apart = 0;

    for (const char *at = found; (at = strstr(at, "dora@")) != NULL; at++)
        apart++;
    ck_assert_uint_eq(apart, expected);
}

START_TEST(a_flood_of_strangers_is_no_flood_of_mails)
{
    guint mailed = 0;
    gboolean more = FALSE;

    open_desk(_i == 1 ? "answers: {urgent: [P1, P2, P3, P4]}\n" : "", DISPATCHER "}\n");
    flood("s-", "Offer", 1, 50);
    check_told_apart(20);
    pd_clock_set(pd_clock_now() + 120 * (gint64)PD_SECOND);
    ck_ok(pd_desk_tell_gathered(fixture->desk, &mailed, &more));
    ck_assert_uint_eq(mailed, 1);
    g_autoptr(PdMail) mail = letters_to(fixture, "dora@example.org", "digest");
    letters_hold(mail, "#21");
    letters_hold(mail, "#50");
}
END_TEST

START_TEST(what_is_urgent_is_mailed_at_once_in_a_busy_hour)
{
    open_desk("answers: {urgent: [P1, P2, P3, P4]}\n", DISPATCHER "}\n");
    flood("ann@example.com", "Screen", 1, 50);
    check_told_apart(50);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("takers");
    TCase *tests = tcase_create("all");

    tcase_add_checked_fixture(tests, NULL, tear_down);
    tcase_add_test(tests, the_dispatcher_is_mailed_all_of_it_and_takes_it_by_a_reply);
    tcase_add_test(tests, who_is_held_is_shown_as_that);
    tcase_add_test(tests, without_a_dispatcher_the_admin_looks_at_who_is_held);
    tcase_add_test(tests, without_a_dispatcher_nobody_is_mailed_of_others);
    tcase_add_loop_test(tests, a_flood_of_strangers_is_no_flood_of_mails, 0, 2);
    tcase_add_test(tests, what_is_urgent_is_mailed_at_once_in_a_busy_hour);
    tcase_add_loop_test(tests, a_dispatcher_who_wants_digests_finds_it_there_while_it_is_nobodys, 0,
                        2);
    tcase_add_loop_test(
        tests, at_night_it_waits_for_the_dispatcher_and_is_gone_once_somebody_has_it, 0, 2);
    tcase_add_test(tests, the_dispatchers_of_the_queues_group_come_before_the_others);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
