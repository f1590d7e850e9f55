/* bulk_test.c: one change of many tickets: all or none, and taken back as one. */
#include "desk/desk_private.h"
#include "fixture.h"
#include "letters.h"
#include "postdesk/clock.h"
#include "postdesk/upkeep.h"
#include <stdlib.h>
#include <string.h>

static Fixture *fixture;

static void setup(void)
{
    fixture = fixture_new("");
    for (guint i = 1; i <= 4; i++) {
        g_autofree char *raw = g_strdup_printf("From: ann@example.com\nTo: desk@example.org\n"
                                               "Subject: matter %u\nMessage-ID: <%u@example.com>\n"
                                               "\nNo line.\n",
                                               i, i);
        g_autoptr(PdInboxRow) row = fixture_send(fixture, raw);
        ck_assert_int_eq(row->ticket, i);
    }
}

static void teardown(void)
{
    fixture_free(fixture);
}

static PdStatus *change(guint from, guint to, const char *pair, gboolean dry, gint64 *bulk)
{
    g_autoptr(GArray) tickets = g_array_new(FALSE, FALSE, sizeof(gint64));
    const char *const pairs[] = {pair, NULL};
    g_autoptr(PdJson) rows = NULL;

    for (gint64 number = from; number <= to; number++)
        g_array_append_val(tickets, number);
    PdStatus *status = pd_desk_change_all(fixture->desk, tickets, pairs, "root", dry, bulk, &rows);
    if (status == NULL)
        ck_assert_uint_eq(pd_json_length(rows), tickets->len);
    return status;
}

/* The priorities of the four. */
static char *priorities(void)
{
    GString *all = g_string_new(NULL);

    for (gint64 number = 1; number <= 4; number++) {
        g_autoptr(PdTicket) ticket = fixture_ticket(fixture, number);
        g_string_append_printf(all, "%s%s", number > 1 ? " " : "", ticket->priority);
    }
    return g_string_free(all, FALSE);
}

static void check(const char *expected)
{
    g_autofree char *now = priorities();

    ck_assert_str_eq(now, expected);
}

START_TEST(many_are_changed_and_taken_back_as_one)
{
    g_autoptr(PdJson) rows = NULL;
    gint64 bulk = 0;

    check("P4 P4 P4 P4");
    ck_ok(change(1, 3, "priority=P2", FALSE, &bulk));
    ck_assert_int_eq(bulk, 1);
    check("P2 P2 P2 P4");
    ck_ok(pd_desk_undo_all(fixture->desk, bulk, "root", &rows));
    check("P4 P4 P4 P4");
}
END_TEST

START_TEST(labels_are_set_and_taken_back_as_well)
{
    static const char *const earlier[] = {"tag=vip", "field.asset=PC-1", NULL};
    g_autoptr(PdJson) rows = NULL;
    g_autoptr(PdJson) more = NULL;
    gint64 bulk = 0;

    ck_ok(pd_desk_change(fixture->desk, 2, earlier, "root"));
    ck_ok(change(1, 3, "tag=vip,third-floor", FALSE, &bulk));
    g_autoptr(PdTicket) labelled = fixture_ticket(fixture, 2);
    ck_assert_str_eq(labelled->tags, "third-floor vip");
    ck_ok(pd_desk_undo_all(fixture->desk, bulk, "root", &rows));
    g_autoptr(PdTicket) bare = fixture_ticket(fixture, 1);
    g_autoptr(PdTicket) as_before = fixture_ticket(fixture, 2);
    ck_assert_str_eq(bare->tags, "");
    ck_assert_str_eq(as_before->tags, "vip"); /* it was there before */
    ck_ok(change(1, 3, "field.asset=PC-2", FALSE, &bulk));
    ck_ok(pd_desk_undo_all(fixture->desk, bulk, "root", &more));
    g_autoptr(PdTicket) again = fixture_ticket(fixture, 2);
    ck_assert_str_eq(again->custom, as_before->custom);
    ck_ok(change(1, 3, "untag=vip", FALSE, &bulk));
    g_autoptr(PdTicket) untagged = fixture_ticket(fixture, 2);
    ck_assert_str_eq(untagged->tags, "");
    ck_ok(change(1, 3, "untag=vip", FALSE, &bulk));
    ck_assert_int_eq(bulk, 0); /* it is so already */
}
END_TEST

START_TEST(what_was_changed_since_stays)
{
    static const char *const since[] = {"priority=P1", NULL};
    static const char *const undo[] = {"undo", NULL};
    g_autoptr(PdJson) rows = NULL;
    g_autoptr(PdJson) again = NULL;
    gint64 bulk = 0;

    ck_ok(change(1, 4, "priority=P2", FALSE, &bulk));
    ck_ok(pd_desk_change(fixture->desk, 2, since, "root"));
    ck_ok(pd_desk_command(fixture->desk, 3, undo, NULL, "root")); /* by itself, before */
    ck_ok(pd_desk_undo_all(fixture->desk, bulk, "root", &rows));
    check("P4 P1 P4 P4");
    ck_assert_ptr_nonnull(
        strstr(pd_json_get_text(pd_json_at(rows, 1), "outcome"), "changed since"));
    ck_assert_str_eq(pd_json_get_text(pd_json_at(rows, 2), "outcome"), "was taken back before");
    ck_ok(pd_desk_undo_all(fixture->desk, bulk, "root", &again)); /* nothing is left to do */
    check("P4 P1 P4 P4");
}
END_TEST

START_TEST(one_that_cannot_be_changed_keeps_all)
{
    static const char *const merge[] = {"merge", "1", NULL};
    gint64 bulk = 0;

    ck_ok(pd_desk_command(fixture->desk, 3, merge, NULL, "root"));
    g_autoptr(GPtrArray) before = fixture_outbox(fixture);
    g_autoptr(PdStatus) refused = change(1, 4, "status=resolved", FALSE, &bulk);
    g_autoptr(PdStatus) absent = change(1, 5, "priority=P1", FALSE, &bulk);
    g_autoptr(GPtrArray) after = fixture_outbox(fixture);
    ck_assert_ptr_nonnull(strstr(pd_status_text(refused), "#3"));
    ck_assert_ptr_nonnull(strstr(pd_status_text(absent), "#5"));
    ck_assert_uint_eq(before->len, after->len); /* nobody is told of it either */
    check("P4 P4 P4 P4");
}
END_TEST

START_TEST(dry_run_changes_nothing)
{
    gint64 bulk = 7;

    ck_ok(change(1, 4, "priority=P1", TRUE, &bulk));
    ck_assert_int_eq(bulk, 0);
    check("P4 P4 P4 P4");
    ck_ok(change(1, 4, "priority=P4", FALSE, &bulk));
    ck_assert_int_eq(bulk, 0); /* all is so already */
    g_autofree char *events = fixture_events(fixture, 1);
    ck_assert_ptr_null(strstr(events, "changed"));
}
END_TEST

START_TEST(who_is_given_many_is_mailed_once_of_all_that_stay_his)
{
    g_autoptr(PdJson) rows = NULL;
    gint64 bulk = 0;
    guint mailed = 0;
    gboolean more = FALSE;

    fixture_free(fixture);
    fixture =
        fixture_with_people("", "people: [{name: Li, address: li@example.org, role: engineer, "
                                "language: en}]\n");
    for (guint i = 1; i <= 8; i++) {
        g_autofree char *raw = g_strdup_printf("From: ann@example.com\nTo: desk@example.org\n"
                                               "Subject: matter %u\nMessage-ID: <%u@example.com>\n"
                                               "\nNo line.\n",
                                               i, i);
        pd_inbox_row_free(fixture_send(fixture, raw));
    }
    g_autoptr(PdStatus) nobody = change(1, 8, "assignee=Bob", FALSE, &bulk);
    ck_assert_ptr_nonnull(nobody); /* nobody of the desk has that name */
    ck_ok(change(1, 8, "assignee=li@example.org", FALSE, &bulk));
    ck_assert_uint_eq(letters_count(fixture, "li@example.org"), 0);
    ck_ok(change(2, 2, "assignee=", FALSE, &bulk));
    pd_clock_set(pd_clock_now() + 61 * (gint64)PD_SECOND);
    if (_i == 1)
        ck_ok(pd_desk_undo_all(fixture->desk, 1, "root", &rows));
    ck_ok(pd_desk_tell_gathered(fixture->desk, &mailed, &more));
    pd_clock_set(0);
    ck_assert_uint_eq(mailed, _i == 1 ? 0 : 1);
    if (_i == 1)
        return;
    g_autoptr(PdMail) mail = letters_to(fixture, "li@example.org", "digest");
    letters_hold(mail, "#8  P4  matter 8\n  registered; given to you");
    letters_lack(mail, "matter 2");
}
END_TEST

START_TEST(unknown_bulk_is_no_bulk)
{
    g_autoptr(PdJson) rows = NULL;
    g_autoptr(PdStatus) status = pd_desk_undo_all(fixture->desk, 99, "root", &rows);

    ck_assert_ptr_nonnull(status);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bulk");
    TCase *tests = tcase_create("all");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, many_are_changed_and_taken_back_as_one);
    tcase_add_test(tests, labels_are_set_and_taken_back_as_well);
    tcase_add_test(tests, what_was_changed_since_stays);
    tcase_add_test(tests, one_that_cannot_be_changed_keeps_all);
    tcase_add_test(tests, dry_run_changes_nothing);
    tcase_add_loop_test(tests, who_is_given_many_is_mailed_once_of_all_that_stay_his, 0, 2);
    tcase_add_test(tests, unknown_bulk_is_no_bulk);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
