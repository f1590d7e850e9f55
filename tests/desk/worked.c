/* worked.c: see worked.h. */
#include "worked.h"

#include "postdesk/clock.h"
#include "postdesk/upkeep.h"
#include <stdlib.h>

#define PEOPLE                                                                                     \
    "people:\n"                                                                                    \
    "  - {name: 张三, addresses: [zhang@example.org, zhang.home@example.net], role: engineer,\n" \
    "     language: zh_CN}\n"                                                                      \
    "  - {name: Li Si, addresses: [li@example.org], role: engineer, language: en}\n"               \
    "  - {name: Dora, addresses: [dora@example.org], role: dispatcher, language: en}\n"            \
    "  - {name: Ann, addresses: [ann@example.com, ann.home@example.net], language: en,\n"          \
    "     department: Tax, phone: '1234'}\n"

Fixture *worked;

static void setup(void)
{
    pd_clock_set(0);
    worked = fixture_with_people("", PEOPLE);
}

static void teardown(void)
{
    fixture_free(worked);
    pd_clock_set(0);
}

int worked_main(const char *name, void (*add_tests)(TCase *tests))
{
    Suite *suite = suite_create(name);
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    tcase_add_checked_fixture(tests, setup, teardown);
    add_tests(tests);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

PdMail *worked_mail_to(const char *address, const char *purpose)
{
    return letters_to(worked, address, purpose);
}

guint worked_mails_to(const char *address)
{
    return letters_count(worked, address);
}

void worked_answer(const PdMail *mail, const char *from, const char *headers, const char *text)
{
    letters_answer(worked, mail, from, headers, text);
}

void worked_run(gint64 ticket, const char *command)
{
    letters_run(worked, ticket, command);
}

PdMail *worked_assigned(void)
{
    g_autoptr(PdInboxRow) row = fixture_send(worked, WORKED_FAULT);

    worked_run(row->ticket, "assign 张三");
    return worked_mail_to("zhang@example.org", "assigned");
}

void worked_write(const char *from, const char *id, const char *header, const char *text)
{
    g_autofree char *raw = g_strdup_printf(
        "From: %s\nTo: desk@example.org\nSubject: Re: [#1] VPN down\nMessage-ID: <%s@x>\n"
        "%sContent-Type: text/plain; charset=utf-8\n\n%s\n",
        from, id, header, text);
    g_autoptr(PdInboxRow) row = fixture_send(worked, raw);

    ck_assert_int_eq(row->ticket, 1);
}

void worked_come(const PdMail *answered, const char *from, const char *headers, const char *text)
{
    static guint number;
    const PdAddress *to = answered != NULL ? g_ptr_array_index(answered->reply_to, 0) : NULL;
    g_autofree char *raw = g_strdup_printf(
        "%sFrom: %s\nTo: %s\nSubject: Re: [#1] VPN down\nMessage-ID: <s%u@x>\n\n%s\n", headers,
        from, to != NULL ? to->address : "desk@example.org", ++number, text);

    fixture_take_in_row(worked, "m/INBOX", raw, FALSE, FALSE);
    fixture_process(worked);
}

void worked_check(gint64 number, const char *status, const char *priority, const char *assignee)
{
    g_autoptr(PdTicket) ticket = fixture_ticket(worked, number);

    ck_assert_str_eq(ticket->status, status);
    ck_assert_str_eq(ticket->priority, priority);
    ck_assert_str_eq(ticket->assignee, assignee);
}

void worked_verify(void)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    PdVerified counts;

    ck_ok(pd_store_verify(worked->store, list, &counts, NULL, NULL));
    g_autoptr(PdStatus) status = pd_diagnostics_status(list);
    ck_assert_msg(status == NULL, "%s", status != NULL ? pd_status_text(status) : "");
}
