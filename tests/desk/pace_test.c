/* pace_test.c: how often and when people are mailed: gathering, quiet hours, digests, and that what
 * does not hold any more is not told. The clock is the test's. */
#include "files.h"
#include "fixture.h"

#include "postdesk/clock.h"
#include "postdesk/pending.h"
#include "postdesk/tickets.h"
#include "postdesk/upkeep.h"
#include <stdlib.h>
#include <string.h>

#define OFFICE "time_zone: Asia/Shanghai\nhours: {monday-friday: '08:30-12:00, 13:30-17:30'}\n"
#define PEOPLE                                                                                     \
    "people:\n"                                                                                    \
    "  - {name: Zhang, address: zhang@example.org, role: engineer, language: en}\n"                \
    "  - {name: Li, address: li@example.org, role: engineer, language: en}\n"                      \
    "  - {name: Dora, address: dora@example.org, role: engineer, language: en,\n"                  \
    "     mail: digest, digest: '17:00, 09:00'}\n"                                                 \
    "  - {name: Eva, address: eva@example.com, language: en, mail: digest}\n"                      \
    "  - {name: Owl, address: owl@example.com, language: en, quiet_hours: none}\n"
#define ROSTER                                                                                     \
    "time_zone: Asia/Shanghai\n"                                                                   \
    "groups:\n"                                                                                    \
    "  network:\n"                                                                                 \
    "    shifts:\n"                                                                                \
    "      - {name: day, hours: '08:00-20:00', people: zhang@example.org}\n"                       \
    "      - {name: night, hours: '20:00-08:00', people: li@example.org}\n"
#define MAIL                                                                                       \
    "From: %s\nTo: desk@example.org\n%sSubject: printer %d\n"                                      \
    "Message-ID: <%d@example.com>\n\nThe printer is out of paper.\n"
#define ANN "ann@example.com"
#define DAY "2026-11-23T10:00:00" /* a Monday */

static Fixture *fixture;
static int mails_written;

/* By the wall clock in Shanghai. */
static void set_clock(const char *iso)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Asia/Shanghai");
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(iso, zone);

    ck_assert_ptr_nonnull(time);
    pd_clock_set(g_date_time_to_unix(time) * PD_SECOND);
}

static void open_desk(const char *settings)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    set_clock(DAY);
    fixture = fixture_new(settings);
    files_write(fixture->config->rules, "calendars/default.yaml", OFFICE);
    files_write(fixture->config->rules, "people.yaml", PEOPLE);
    files_write(fixture->config->rules, "roster.yaml", ROSTER);
    pd_desk_free(fixture->desk);
    fixture->desk = pd_desk_new(fixture->config, fixture->store, list);
    g_autofree char *complaints = files_complaints(list, fixture->folder);
    ck_assert_msg(fixture->desk != NULL, "%s", complaints);
}

static void set_up(void)
{
    open_desk("");
}

static void set_up_quiet(void)
{
    open_desk("answers: {quiet_hours: '22:00-07:00'}\n");
}

static void tear_down(void)
{
    fixture_free(fixture);
    pd_clock_set(0);
}

static gint64 report(const char *from, const char *headers)
{
    int id = ++mails_written;
    g_autofree char *raw = g_strdup_printf(MAIL, from, headers, id, id);
    g_autoptr(PdInboxRow) row = fixture_send(fixture, raw);

    ck_assert_int_gt(row->ticket, 0);
    return row->ticket;
}

static void change(gint64 ticket, const char *pair)
{
    const char *const pairs[] = {pair, NULL};

    ck_ok(pd_desk_change(fixture->desk, ticket, pairs, "root"));
}

static void command(gint64 ticket, const char *line, const char *text)
{
    g_auto(GStrv) words = g_strsplit(line, " ", -1);

    ck_ok(pd_desk_command(fixture->desk, ticket, (const char *const *)words, text, "root"));
}

static void say(gint64 ticket, const char *text)
{
    ck_ok(pd_desk_reply(fixture->desk, ticket, text, "root"));
}

/* What the clock does when its time has come, to the end. */
static guint tell(void)
{
    guint mailed = 0;
    gboolean more = TRUE;

    while (more)
        ck_ok(pd_desk_tell_gathered(fixture->desk, &mailed, &more));
    return mailed;
}

static guint tell_at(const char *iso)
{
    set_clock(iso);
    guint mailed = tell();
    ck_assert_uint_eq(tell(), 0); /* each once */
    return mailed;
}

static guint waiting(void)
{
    gint64 count = 0, next = 0;

    ck_ok(pd_pending_count(fixture->store, &count, &next));
    return (guint)count;
}

/* "status resolved": what somebody was mailed after the acknowledgement, from old to new. */
static char *purposes(const char *address)
{
    g_autoptr(GPtrArray) rows = fixture_outbox(fixture);
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = rows->len; i > 0; i--) {
        const PdOutboxRow *row = g_ptr_array_index(rows, i - 1);
        if (strcmp(row->recipient, address) == 0 && strcmp(row->purpose, "acknowledge") != 0)
            g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", row->purpose);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void check_mailed(const char *address, const char *expected)
{
    g_autofree char *mailed = purposes(address);

    ck_assert_msg(strcmp(mailed, expected) == 0, "%s: '%s' and not '%s'", address, mailed,
                  expected);
}

static void check_last(const char *address, const char *text)
{
    PdOutboxRow *found = NULL;
    g_autoptr(PdMail) mail = fixture_last_mail(fixture, &found);
    g_autoptr(PdOutboxRow) row = found;

    ck_assert_str_eq(row->recipient, address);
    ck_assert_msg(strstr(mail->full_text, text) != NULL, "'%s' is not in:\n%s", text,
                  mail->full_text);
}

static void check_events_end(gint64 ticket, const char *kinds)
{
    g_autofree char *events = fixture_events(fixture, ticket);

    ck_assert_msg(g_str_has_suffix(events, kinds), "%s", events);
}

/* What the events say is what the tickets hold (I6). */
static void check_verified(void)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    PdVerified counts;

    ck_ok(pd_store_verify(fixture->store, list, &counts, NULL, NULL));
    ck_assert_uint_eq(pd_diagnostics_count(list), 0);
}

START_TEST(changes_within_a_minute_make_one_mail)
{
    gint64 ticket = report(ANN, "");

    change(ticket, "status=open");
    set_clock("2026-11-23T10:00:30");
    change(ticket, "status=waiting");
    check_mailed(ANN, "");
    ck_assert_uint_eq(tell_at("2026-11-23T10:00:59"), 0);
    ck_assert_uint_eq(tell_at("2026-11-23T10:01:00"), 1); /* a minute after the first one */
    check_mailed(ANN, "status");
    check_last(ANN, "from \"registered\" to \"waiting for an\nanswer\"");
    check_events_end(ticket, "changed changed mailed");
    check_verified();
}
END_TEST

START_TEST(a_minute_that_is_over_begins_anew)
{
    gint64 ticket = report(ANN, "");

    change(ticket, "status=open");
    ck_assert_uint_eq(tell_at("2026-11-23T10:01:00"), 1);
    change(ticket, "status=waiting");
    ck_assert_uint_eq(tell_at("2026-11-23T10:02:00"), 1);
    check_mailed(ANN, "status status");
    check_last(ANN, "from \"in progress\" to");
}
END_TEST

START_TEST(what_is_taken_back_is_not_told)
{
    gint64 ticket = report(ANN, "");

    change(ticket, "status=open");
    command(ticket, "undo", NULL);
    ck_assert_uint_eq(tell_at("2026-11-23T10:05:00"), 0);
    check_mailed(ANN, "");
    check_events_end(ticket, "changed undone untold");
    ck_assert_uint_eq(waiting(), 0);
    check_verified();
}
END_TEST

START_TEST(what_was_told_and_is_taken_back_is_told_too)
{
    gint64 ticket = report(ANN, "");

    change(ticket, "status=open");
    ck_assert_uint_eq(tell_at("2026-11-23T10:01:00"), 1);
    command(ticket, "undo", NULL);
    ck_assert_uint_eq(tell_at("2026-11-23T10:03:00"), 1);
    check_last(ANN, "from \"in progress\" to \"registered\"");
}
END_TEST

START_TEST(words_take_along_what_waits)
{
    gint64 ticket = report(ANN, "");

    change(ticket, "status=open");
    say(ticket, "We are at it.");
    check_mailed(ANN, "status");
    check_last(ANN, "from \"registered\" to \"in progress\"");
    check_last(ANN, "We are at it.");
    ck_assert_uint_eq(tell_at("2026-11-23T10:05:00"), 0);
}
END_TEST

START_TEST(a_solution_is_told_at_once_and_alone)
{
    gint64 ticket = report(ANN, "");

    change(ticket, "status=open");
    change(ticket, "status=resolved");
    check_mailed(ANN, "resolved");
    ck_assert_uint_eq(tell_at("2026-11-23T10:05:00"), 0);
}
END_TEST

START_TEST(closed_and_opened_again_within_the_minute_is_no_news)
{
    gint64 ticket = report(ANN, "");

    change(ticket, "status=open");
    ck_assert_uint_eq(tell_at("2026-11-23T10:01:00"), 1);
    change(ticket, "status=closed");
    change(ticket, "status=open");
    ck_assert_uint_eq(tell_at("2026-11-23T10:05:00"), 0);
    change(ticket, "status=closed");
    ck_assert_uint_eq(tell_at("2026-11-23T10:09:00"), 1);
    check_mailed(ANN, "status closed");
}
END_TEST

START_TEST(satisfaction_is_asked_once)
{
    gint64 ticket = report(ANN, "");

    command(ticket, "close", NULL);
    tell_at("2026-11-23T10:01:00");
    check_last(ANN, "/rate 5");
    command(ticket, "reopen", NULL);
    tell_at("2026-11-23T10:03:00");
    command(ticket, "close", NULL);
    tell_at("2026-11-23T10:05:00");
    check_mailed(ANN, "closed status closed");
    g_autoptr(PdMail) mail = fixture_last_mail(fixture, NULL);
    ck_assert_ptr_null(strstr(mail->full_text, "/rate"));
}
END_TEST

START_TEST(spam_is_told_nobody)
{
    gint64 ticket = report(ANN, "");

    change(ticket, "status=open");
    command(ticket, "spam", "buy this");
    ck_assert_uint_eq(tell_at("2026-11-23T10:05:00"), 0);
    check_mailed(ANN, "");
}
END_TEST

START_TEST(a_merge_that_is_taken_back_is_no_news)
{
    gint64 one = report(ANN, "");
    gint64 other = report("ben@example.com", "");

    g_autofree char *merge = g_strdup_printf("merge %" G_GINT64_FORMAT, one);
    command(other, merge, NULL);
    command(one, "undo", NULL); /* from the other side */
    ck_assert_uint_eq(tell_at("2026-11-23T10:05:00"), 0);
    command(other, merge, NULL);
    ck_assert_uint_eq(tell_at("2026-11-23T10:10:00"), 1);
    check_mailed("ben@example.com", "status");
    check_verified();
}
END_TEST

START_TEST(who_leaves_within_the_minute_is_not_told)
{
    gint64 ticket = report(ANN, "Cc: ben@example.com\n");

    change(ticket, "status=open");
    command(ticket, "unwatch ben@example.com", NULL);
    ck_assert_uint_eq(tell_at("2026-11-23T10:05:00"), 1);
    check_mailed("ben@example.com", "");
    check_mailed(ANN, "status");
}
END_TEST

START_TEST(an_agreed_date_is_told)
{
    gint64 ticket = report(ANN, "");

    command(ticket, "due 2026-12-01", NULL);
    ck_assert_uint_eq(tell_at("2026-11-23T10:05:00"), 1);
    check_last(ANN, "2026-12-01 23:59");
}
END_TEST

START_TEST(nothing_is_gathered_where_the_desk_wants_it_so)
{
    fixture->config->gather = 0;
    gint64 ticket = report(ANN, "");

    change(ticket, "status=open");
    check_mailed(ANN, "status");
    ck_assert_uint_eq(waiting(), 0);
}
END_TEST

START_TEST(at_night_the_reporter_is_acknowledged_and_not_disturbed)
{
    gint64 ticket = report(ANN, "");

    set_clock("2026-11-23T22:30:00");
    say(ticket, "We ordered paper.");
    change(ticket, "status=waiting");
    ck_assert_uint_eq(tell_at("2026-11-24T06:59:00"), 0);
    gint64 late = report("ben@example.com", "");
    check_mailed(ANN, "");
    g_autoptr(GPtrArray) rows = fixture_outbox(fixture);
    const PdOutboxRow *newest = g_ptr_array_index(rows, 0);
    ck_assert_int_eq(newest->ticket, late); /* acknowledged at once */
    ck_assert_uint_eq(tell_at("2026-11-24T07:00:00"), 1);
    check_mailed(ANN, "status");
    check_last(ANN, "We ordered paper.");
}
END_TEST

START_TEST(words_that_are_taken_back_at_night_are_not_told)
{
    gint64 ticket = report(ANN, "");

    set_clock("2026-11-23T22:30:00");
    command(ticket, "resolve", "It is solved.");
    command(ticket, "undo", NULL);
    ck_assert_uint_eq(tell_at("2026-11-24T08:00:00"), 0);
    check_mailed(ANN, "");
}
END_TEST

START_TEST(what_is_urgent_comes_through_at_night)
{
    gint64 ticket = report(ANN, "");

    change(ticket, "priority=P1");
    set_clock("2026-11-23T23:00:00");
    say(ticket, "We are at it.");
    check_mailed(ANN, "reply");
}
END_TEST

START_TEST(who_is_awake_is_told_at_night)
{
    gint64 ticket;

    set_clock("2026-11-23T23:00:00");
    ticket = report(ANN, "");
    set_clock("2026-11-24T00:30:00");
    say(ticket, "We are at it.");
    check_mailed(ANN, "reply");
    set_clock("2026-11-24T23:00:00"); /* another night */
    say(ticket, "Still.");
    check_mailed(ANN, "reply");
}
END_TEST

START_TEST(who_is_on_duty_is_told_at_night)
{
    gint64 ticket = report(ANN, "");

    set_clock("2026-11-23T23:00:00");
    command(ticket, "assign Zhang", NULL);
    check_mailed("zhang@example.org", "");
    command(ticket, "assign Li", NULL);
    check_mailed("li@example.org", "assigned");
    ck_assert_uint_eq(tell_at("2026-11-24T07:00:00"), 0); /* no longer Zhang's */
    check_mailed("zhang@example.org", "");
}
END_TEST

START_TEST(an_assignment_waits_for_the_morning)
{
    gint64 ticket = report(ANN, "");

    set_clock("2026-11-23T23:00:00");
    command(ticket, "assign Zhang", NULL);
    ck_assert_uint_eq(tell_at("2026-11-24T07:00:00"), 1);
    check_mailed("zhang@example.org", "assigned");
    check_last("zhang@example.org", "out of paper");
}
END_TEST

START_TEST(somebodys_own_hours_stand_in_for_the_desks)
{
    gint64 ticket = report("owl@example.com", "");

    set_clock("2026-11-23T23:00:00");
    say(ticket, "We are at it.");
    check_mailed("owl@example.com", "reply");
}
END_TEST

START_TEST(a_digest_tells_of_all_tickets_in_one_mail)
{
    gint64 one = report(ANN, "");
    gint64 other = report("ben@example.com", "");

    command(one, "watch dora@example.org", NULL);
    command(other, "watch dora@example.org", NULL);
    change(one, "status=open");
    say(other, "We ordered paper.");
    ck_assert_uint_eq(tell_at("2026-11-23T10:05:00"), 1); /* Ann; Ben was told */
    check_mailed("dora@example.org", "");
    ck_assert_uint_eq(tell_at("2026-11-23T17:00:00"), 1);
    check_mailed("dora@example.org", "digest");
    check_last("dora@example.org", "was \"registered\", is now \"in progress\"");
    check_last("dora@example.org", "> We ordered paper.");
    check_events_end(one, "mailed mailed");
    ck_assert_uint_eq(tell_at("2026-11-24T09:00:00"), 0); /* nothing happened */
    check_verified();
}
END_TEST

START_TEST(digests_come_on_working_days)
{
    gint64 ticket;

    set_clock("2026-11-27T18:00:00"); /* a Friday */
    ticket = report(ANN, "");
    command(ticket, "watch dora@example.org", NULL);
    say(ticket, "We ordered paper.");
    ck_assert_uint_eq(tell_at("2026-11-29T23:00:00"), 0);
    ck_assert_uint_eq(tell_at("2026-11-30T09:00:00"), 1);
    check_mailed("dora@example.org", "digest");
}
END_TEST

START_TEST(a_digest_of_nothing_is_not_sent)
{
    gint64 ticket = report(ANN, "");

    command(ticket, "watch dora@example.org", NULL);
    change(ticket, "status=open");
    command(ticket, "undo", NULL);
    ck_assert_uint_eq(tell_at("2026-11-24T10:00:00"), 0);
    check_mailed("dora@example.org", "");
}
END_TEST

START_TEST(an_answer_to_a_digests_entry_finds_its_ticket)
{
    gint64 ticket = report(ANN, "");
    g_autoptr(GMatchInfo) match = NULL;

    command(ticket, "assign Dora", NULL);
    check_mailed("dora@example.org", "assigned"); /* at once */
    say(ticket, "We ordered paper.");
    command(ticket, "watch dora@example.org", NULL);
    change(ticket, "status=waiting");
    ck_assert_uint_eq(tell_at("2026-11-23T17:00:00"), 2);
    g_autoptr(PdMail) mail = fixture_last_mail(fixture, NULL);
    g_autoptr(GRegex) regex = g_regex_new("desk\\+[^@\\s]+@example.org", 0, 0, NULL);
    ck_assert_msg(g_regex_match(regex, mail->full_text, 0, &match), "%s", mail->full_text);
    g_autofree char *address = g_match_info_fetch(match, 0);
    g_autofree char *raw =
        g_strdup_printf("From: dora@example.org\nTo: %s\nSubject: [#%" G_GINT64_FORMAT "]\n"
                        "Message-ID: <d@example.org>\n\n/resolve\nThere is paper.\n",
                        address, ticket);
    g_autoptr(PdInboxRow) row = fixture_send(fixture, raw);
    ck_assert_int_eq(row->ticket, ticket);
    g_autoptr(PdTicket) now = fixture_ticket(fixture, ticket);
    ck_assert_str_eq(now->status, "resolved");
}
END_TEST

START_TEST(what_is_said_to_a_reporter_does_not_wait_for_his_digest)
{
    gint64 ticket = report("eva@example.com", "");

    say(ticket, "Which printer is it?");
    change(ticket, "status=waiting"); /* it waits for her */
    ck_assert_uint_eq(tell_at("2026-11-23T10:02:00"), 1);
    check_mailed("eva@example.com", "reply status");
    change(ticket, "status=open");
    change(ticket, "status=resolved");
    ck_assert_uint_eq(tell_at("2026-11-23T18:00:00"), 0);
    ck_assert_uint_eq(tell_at("2026-11-24T09:00:00"), 1);
    check_mailed("eva@example.com", "reply status digest");
}
END_TEST

START_TEST(what_is_urgent_waits_for_no_digest)
{
    gint64 ticket = report(ANN, "");

    change(ticket, "priority=P1");
    command(ticket, "watch dora@example.org", NULL);
    say(ticket, "We ordered paper.");
    check_mailed("dora@example.org", "reply");
}
END_TEST

START_TEST(a_clock_that_is_set_back_holds_nothing_up)
{
    gint64 ticket = report(ANN, "");

    set_clock("2027-01-01T10:00:00");
    change(ticket, "status=open");
    ck_assert_uint_eq(tell_at("2026-11-23T10:00:30"), 1);
    check_mailed(ANN, "status");
}
END_TEST

/* A word, and a plain reply. */
START_TEST(who_reopens_is_answered_and_who_follows_is_told)
{
    static const char *const texts[] = {"/reject", "It jams again, look at the picture."};
    gint64 ticket = report(ANN, "Cc: ben@example.com\n");
    const PdMailOptions options = {NULL};
    g_autoptr(PdOutboxRow) row = NULL;
    g_autoptr(PdMail) solved = NULL;
    gsize length;

    command(ticket, "resolve", "There is paper.");
    g_autoptr(GPtrArray) rows = fixture_outbox(fixture); /* the last one told is Ben */
    ck_ok(pd_outbox_get(fixture->store, ((PdOutboxRow *)g_ptr_array_index(rows, 1))->id, &row));
    ck_assert_str_eq(row->recipient, ANN);
    const char *bytes = g_bytes_get_data(row->mail, &length);
    ck_ok(pd_mail_read_bytes(bytes, length, &options, &solved));
    const PdAddress *to = g_ptr_array_index(solved->reply_to, 0);
    g_autofree char *raw = g_strdup_printf("From: " ANN "\nTo: %s\nSubject: Re: printer\n"
                                           "Message-ID: <no@example.com>\n\n%s\n",
                                           to->address, texts[_i]);
    pd_inbox_row_free(fixture_send(fixture, raw));
    check_mailed(ANN, "resolved reopened");
    check_mailed("ben@example.com", "resolved");
    ck_assert_uint_eq(tell_at("2026-11-23T10:05:00"), 1);
    check_mailed("ben@example.com", "resolved status");
    check_last("ben@example.com", "from \"resolved\" to \"in progress\"");
}
END_TEST

START_TEST(what_waits_shows_when_and_why)
{
    gint64 ticket = report(ANN, "");
    g_autoptr(GPtrArray) rows = NULL;

    set_clock("2026-11-23T22:30:00");
    say(ticket, "We ordered paper.");
    ck_ok(pd_pending_list(fixture->store, ticket, 10, &rows));
    ck_assert_uint_eq(rows->len, 1);
    const PdPending *row = g_ptr_array_index(rows, 0);
    ck_assert_str_eq(row->recipient, ANN);
    ck_assert_str_eq(row->why, "quiet hours until 2026-11-24 07:00");
}
END_TEST

START_TEST(what_somebody_wants_is_read_with_its_mistakes)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    static const char *const expected[] = {
        "people.yaml:2:45: error: 'digests' is not a way to be mailed; did you mean 'digest'?",
        "people.yaml:3:62: error: '25:00' is no time of the day; write 09:00",
        "people.yaml:4:47: error: digests come only to who wants them; add 'mail: digest'",
        "people.yaml:5:52: error: 'night' are no hours; write 22:00-07:00, or none",
        "people.yaml:6:61: error: 9:00 stands there twice",
    };

    files_write(fixture->config->rules, "people.yaml",
                "people:\n"
                "  - {name: A, address: a@example.org, mail: digests}\n"
                "  - {name: B, address: b@example.org, mail: digest, digest: ['25:00']}\n"
                "  - {name: C, address: c@example.org, digest: '09:00'}\n"
                "  - {name: D, address: d@example.org, quiet_hours: night}\n"
                "  - {name: E, address: e@example.org, mail: digest, digest: '09:00, 9:00'}\n");
    ck_assert_ptr_null(pd_people_load(fixture->config->rules, NULL, list));
    g_autofree char *complaints = files_complaints(list, fixture->config->rules);
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++)
        ck_assert_msg(strstr(complaints, expected[i]) != NULL, "missing: %s\nin:\n%s", expected[i],
                      complaints);
}
END_TEST

static void add(Suite *suite, const char *name, void (*before)(void), const TTest *const *tests,
                gsize count)
{
    TCase *tcase = tcase_create(name);

    tcase_add_checked_fixture(tcase, before, tear_down);
    for (gsize i = 0; i < count; i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
}

int main(void)
{
    Suite *suite = suite_create("pace");
    const TTest *const day[] = {
        changes_within_a_minute_make_one_mail,
        a_minute_that_is_over_begins_anew,
        what_is_taken_back_is_not_told,
        what_was_told_and_is_taken_back_is_told_too,
        words_take_along_what_waits,
        a_solution_is_told_at_once_and_alone,
        closed_and_opened_again_within_the_minute_is_no_news,
        satisfaction_is_asked_once,
        spam_is_told_nobody,
        a_merge_that_is_taken_back_is_no_news,
        who_leaves_within_the_minute_is_not_told,
        an_agreed_date_is_told,
        nothing_is_gathered_where_the_desk_wants_it_so,
        a_digest_tells_of_all_tickets_in_one_mail,
        digests_come_on_working_days,
        a_digest_of_nothing_is_not_sent,
        an_answer_to_a_digests_entry_finds_its_ticket,
        what_is_said_to_a_reporter_does_not_wait_for_his_digest,
        what_is_urgent_waits_for_no_digest,
        a_clock_that_is_set_back_holds_nothing_up,
        what_somebody_wants_is_read_with_its_mistakes,
    };
    const TTest *const night[] = {
        at_night_the_reporter_is_acknowledged_and_not_disturbed,
        words_that_are_taken_back_at_night_are_not_told,
        what_is_urgent_comes_through_at_night,
        who_is_awake_is_told_at_night,
        who_is_on_duty_is_told_at_night,
        an_assignment_waits_for_the_morning,
        somebodys_own_hours_stand_in_for_the_desks,
        what_waits_shows_when_and_why,
    };
    add(suite, "by day", set_up, day, G_N_ELEMENTS(day));
    TCase *reopened = tcase_create("reopened");
    tcase_add_checked_fixture(reopened, set_up, tear_down);
    tcase_add_loop_test(reopened, who_reopens_is_answered_and_who_follows_is_told, 0, 2);
    suite_add_tcase(suite, reopened);
    add(suite, "at night", set_up_quiet, night, G_N_ELEMENTS(night));
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
