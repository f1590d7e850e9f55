/* call_test.c: a call taken down by mail: what is read of the form, who may, what becomes of it. */
#include "desk/call.h"
#include "fixture.h"
#include "letters.h"
#include <stdlib.h>
#include <string.h>

#define PEOPLE                                                                                     \
    "unknown_senders: refuse\n"                                                                    \
    "people:\n"                                                                                    \
    "  - {name: 张三, address: zhang@example.org, role: engineer, language: en}\n"               \
    "  - {name: Dora, address: dora@example.org, role: dispatcher, language: zh_CN}\n"             \
    "  - {name: 王芳, address: wang@example.com, department: 财务处, phone: '8123'}\n"        \
    "  - {name: 李明, address: li1@example.com}\n"                                               \
    "  - {name: 李明, address: li2@example.com, phone: '8125'}\n"                                \
    "  - {name: 赵六, address: zhao@例子.中国, phone: '8126'}\n"

static Fixture *fixture;

static void setup(void)
{
    fixture = fixture_with_people("", PEOPLE);
}

static void teardown(void)
{
    fixture_free(fixture);
}

/* ---- the form ---- */

/* "name <address> phone, department, subject | text | priority assignee | problems" */
static char *told(const char *text)
{
    g_auto(PdProblem) problem = {0};
    const PdPerson *taker = pd_people_find(fixture->desk->people, "dora@example.org");
    g_autoptr(PdCall) call = pd_call_read(fixture->desk, text, "Mail", taker, &problem);
    GString *out = g_string_new(NULL);

    if (call == NULL)
        return g_string_free(g_string_append(out, problem.choices), FALSE);
    const char *const parts[] = {call->name,    call->address,  call->phone,   call->department,
                                 call->subject, call->priority, call->assignee};
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
        g_string_append_printf(out, "%s/", parts[i] != NULL ? parts[i] : "");
    g_string_append_printf(out, "%s/", call->text);
    for (guint i = 0; i < call->problems->len; i++) {
        const PdCallProblem *one = g_ptr_array_index(call->problems, i);
        g_string_append_printf(out, "!%s", one->line);
        if (one->problem.kind == PD_PROBLEM_ADDRESS && one->problem.nearest != NULL)
            g_string_append_printf(out, " (%s)", one->problem.nearest);
    }
    return g_string_free(out, FALSE);
}

static const struct {
    const char *text, *told;
} forms[] = {
    {"/new\nwho: Ann <ann@else.example>\nphone: 12\ndept: Tax\nsubject: Printer\npriority: p2\n\n"
     "It jams.\nAgain.\n",
     "Ann/ann@else.example/12/Tax/Printer/P2//It jams.\nAgain.\n\n12/"},
    {"/来电\n报修人：李明\n电话：8125\n主题：屏幕\n",
     "李明/li2@example.com/8125//屏幕///8125/"}, /* of two the one with this phone */
    {"／来电\n主题：打印机\n报修人：王芳\n优先级：1\n处理人：我\n红灯亮：三楼\n",
     "王芳/wang@example.com///打印机/P1/dora@example.org/红灯亮：三楼/"},
    {"/登记 王芳\n三楼打印机卡纸\n", "王芳/wang@example.com///三楼打印机卡纸///三楼打印机卡纸/"},
    {"/call 8123\nProblem: no network\nsince nine\n",
     "王芳/wang@example.com///no network///no network\nsince nine/"},
    {"\n/new\n\nwho:\nphone: 99\n\nsubject: x\nname: Old Wang\n", "Old Wang//99//x///99/"},
    {"/new\nwho: 李明\nsubject: x\n", "李明////x////!who: 李明"},
    {"/new\nwho: A\naddress: nowhere\npriority: P9\ncategory: No Such\nassign: nobody\n",
     "A////Mail////!address: nowhere!priority: P9!category: No Such!assign: nobody"},
    {"/new\nwho: 王芳 <wang@例子.中国>\nsubject: x\n",
     "王芳////x////!address: wang@例子.中国 (wang@xn--fsqu00a.xn--fiqs8s)"},
    {"/new\nwho: 赵六\nsubject: x\n", "赵六////x////!who: 赵六 (zhao@xn--fsqu00a.xn--fiqs8s)"},
    {"/new\nphone: 8126\nsubject: x\n",
     "赵六//8126//x///8126/!phone: 8126 (zhao@xn--fsqu00a.xn--fiqs8s)"},
    {"/new\nwho: 赵六 <zhao@example.com>\nsubject: x\n", "赵六/zhao@example.com///x////"},
    {"/new\n/who A\n/priority P3\nIt is down.\n", "A////It is down./P3//It is down./"},
    {"/new\nsubject: x\n", "who: …"},
    {"/new\n", "who: …"},
};

START_TEST(form_is_read_leniently)
{
    g_autofree char *got = told(forms[_i].text);

    ck_assert_str_eq(got, forms[_i].told);
}
END_TEST

START_TEST(only_the_first_line_makes_a_form)
{
    static const char *const others[] = {
        "",        "Hello\n/new\nwho: A\n", "/newer\n", "/priority P1\n", "/news/today is down\n",
        "> /new\n"};

    for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
        ck_assert_msg(!pd_call_begins(others[i]), "%s", others[i]);
}
END_TEST

/* ---- the way of the mail ---- */

static guint mails_to(const char *address, const char *purpose)
{
    g_autoptr(GPtrArray) rows = fixture_outbox(fixture);
    guint count = 0;

    for (guint i = 0; i < rows->len; i++) {
        const PdOutboxRow *row = g_ptr_array_index(rows, i);
        count += strcmp(row->recipient, address) == 0 && strcmp(row->purpose, purpose) == 0;
    }
    return count;
}

#define FORM "/new\nwho: 王芳\nsubject: vpn\npriority: P1\n\nNo line since nine.\n"

static PdInboxRow *send_form(const char *from, const char *to, const char *headers,
                             const char *text)
{
    static int count;
    g_autofree char *raw = g_strdup_printf("From: %s\nTo: %s\nSubject: Call\n"
                                           "Message-ID: <form%d@example.org>\n%s"
                                           "Content-Type: text/plain; charset=utf-8\n\n%s",
                                           from, to, ++count, headers, text);
    gint64 id = fixture_take_in_row(fixture, "m/INBOX", raw, FALSE, FALSE);
    PdInboxRow *row = NULL;

    fixture_process(fixture);
    ck_ok(pd_inbox_get(fixture->store, id, &row));
    return row;
}

/* The address of the form's link, as the desk mails it. */
static char *address_of_link(const char *person)
{
    g_autofree char *link = pd_call_link(fixture->desk, person, PD_RANK_ENGINEER, "en");
    g_autofree char *address =
        g_strndup(link + strlen("mailto:"), strcspn(link, "?") - strlen("mailto:"));

    return g_uri_unescape_string(address, NULL);
}

static void check_is_callers(const PdInboxRow *row, const char *taker)
{
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, row->ticket);
    g_autoptr(GPtrArray) events = NULL;

    ck_assert_str_eq(ticket->reporter, "wang@example.com");
    ck_assert_str_eq(ticket->reporter_name, "王芳");
    ck_assert_str_eq(ticket->department, "财务处");
    ck_assert_str_eq(ticket->subject, "vpn");
    ck_assert_str_eq(ticket->priority, "P1");
    ck_assert_str_eq(ticket->category, "network/vpn"); /* by the rules */
    ck_ok(pd_ticket_events(fixture->store, row->ticket, &events));
    ck_assert_str_eq(((const PdEvent *)g_ptr_array_index(events, 0))->actor, taker);
    ck_assert_uint_eq(mails_to("wang@example.com", "acknowledge"), 1);
    ck_assert_uint_eq(mails_to(taker, "taken"), 1);
    ck_assert_uint_eq(mails_to(taker, "acknowledge"), 0);
    g_autoptr(PdMail) acknowledged = letters_to(fixture, "wang@example.com", "acknowledge");
    letters_hold(acknowledged, "您来电反映的情况"); /* he has not written */
    letters_lack(acknowledged, "来信");
}

START_TEST(whoever_shows_who_he_is_opens_the_callers_ticket)
{
    g_autofree char *to = address_of_link("zhang@example.org");
    static const char *const aligned =
        "Authentication-Results: mx.example.org; dkim=pass header.d=example.org\n";
    g_autoptr(PdInboxRow) row =
        _i == 0 ? send_form("zhang@example.org", to, "", FORM)
                : send_form("zhang@example.org", "desk@example.org", aligned, FORM);

    ck_assert_int_eq(row->outcome, PD_OUTCOME_CREATED);
    check_is_callers(row, "zhang@example.org");
}
END_TEST

START_TEST(without_proof_it_is_a_ticket_of_its_sender_who_is_told_why)
{
    g_autofree char *to = address_of_link("zhang@example.org"); /* somebody else's */
    g_autoptr(PdInboxRow) row =
        send_form("dora@example.org", _i == 0 ? "desk@example.org" : to, "", FORM);
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, row->ticket);

    ck_assert_str_eq(ticket->reporter, "dora@example.org");
    ck_assert_str_ne(ticket->priority, "P1");
    ck_assert_uint_eq(mails_to("dora@example.org", "refused"), 1);
    ck_assert_uint_eq(mails_to("dora@example.org", "acknowledge"), 0);
    ck_assert_uint_eq(mails_to("wang@example.com", "acknowledge"), 0);
}
END_TEST

START_TEST(explain_tells_whose_ticket_it_would_be)
{
    g_autofree char *to = address_of_link("zhang@example.org");
    g_autofree char *raw = g_strdup_printf("From: zhang@example.org\nTo: %s\nSubject: Call\n"
                                           "Message-ID: <f@x>\n"
                                           "Content-Type: text/plain; charset=utf-8\n\n%s",
                                           _i == 0 ? to : "desk@example.org", FORM);
    g_autoptr(PdMail) mail = read_raw(raw);
    g_autoptr(PdJson) why = NULL;

    ck_ok(pd_desk_explain(fixture->desk, mail, &why));
    const PdJson *call = pd_json_get(why, "call");
    ck_assert_int_eq(pd_json_get_bool(call, "taken", TRUE), _i == 0);
    const PdJson *fields = pd_json_get(why, "outcome");
    ck_assert_pstr_eq(pd_json_get_text(call, "address"), _i == 0 ? "wang@example.com" : NULL);
    ck_assert_int_eq(g_strcmp0(pd_json_get_text(fields, "priority"), "P1") == 0, _i == 0);
    ck_assert_uint_eq(pd_json_length(pd_json_get(call, "lines")), _i);
    g_autoptr(GPtrArray) mails = fixture_outbox(fixture);
    ck_assert_uint_eq(mails->len, 0);
}
END_TEST

START_TEST(a_reporters_slash_is_text)
{
    g_autoptr(PdInboxRow) row = send_form("wang@example.com", "desk@example.org", "", FORM);
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, row->ticket);

    ck_assert_str_eq(ticket->subject, "Call");
    ck_assert_uint_eq(mails_to("wang@example.com", "acknowledge"), 1);
    g_autoptr(PdMail) acknowledged = letters_to(fixture, "wang@example.com", "acknowledge");
    letters_hold(acknowledged, "您的来信已收到");
}
END_TEST

START_TEST(a_reply_on_another_ticket_opens_one_of_its_own)
{
    g_autoptr(PdInboxRow) other =
        fixture_send(fixture, "From: li1@example.com\nTo: desk@example.org\nSubject: other\n"
                              "Message-ID: <o@example.com>\n\nother\n");
    static const char *const assign[] = {"assign", "zhang@example.org", NULL};

    ck_ok(pd_desk_command(fixture->desk, other->ticket, assign, NULL, "root"));
    g_autoptr(PdMail) mail = fixture_last_mail(fixture, NULL);
    g_autoptr(PdTicket) before = fixture_ticket(fixture, other->ticket);
    const PdAddress *to = g_ptr_array_index(mail->reply_to, 0);
    g_autofree char *headers = g_strdup_printf("In-Reply-To: <%s>\n", mail->message_id);
    g_autoptr(PdInboxRow) row = send_form("zhang@example.org", to->address, headers, FORM);
    g_autoptr(PdTicket) after = fixture_ticket(fixture, other->ticket);
    ck_assert_int_ne(row->ticket, other->ticket);
    ck_assert_int_eq(before->version, after->version);
    check_is_callers(row, "zhang@example.org");
}
END_TEST

START_TEST(a_caller_without_an_address_is_a_ticket_and_no_mail)
{
    g_autofree char *to = address_of_link("zhang@example.org");
    g_autoptr(PdInboxRow) row =
        send_form("zhang@example.org", to, "", "/new 老刘\nphone: 77\npriority: P9\nNo light.\n");
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, row->ticket);
    g_autoptr(PdMail) mail = fixture_last_mail(fixture, NULL);

    ck_assert_str_eq(ticket->reporter_name, "老刘");
    ck_assert_str_eq(ticket->reporter, "");
    ck_assert_uint_eq(mails_to("zhang@example.org", "taken"), 1);
    ck_assert_ptr_nonnull(strstr(mail->full_text, "priority: P9")); /* what was not taken over */
}
END_TEST

START_TEST(the_same_form_twice_is_one_ticket)
{
    g_autofree char *to = address_of_link("zhang@example.org");
    g_autofree char *raw = g_strdup_printf("From: zhang@example.org\nTo: %s\nSubject: Call\n"
                                           "Message-ID: <same@example.org>\n\n%s",
                                           to, FORM);
    g_autoptr(PdInboxRow) row = fixture_send(fixture, raw);
    g_autoptr(PdInboxRow) again = fixture_send(fixture, raw);

    ck_assert_int_eq(row->outcome, PD_OUTCOME_CREATED);
    ck_assert_int_eq(again->outcome, PD_OUTCOME_IGNORED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("call");
    TCase *tests = tcase_create("all");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, form_is_read_leniently, 0, G_N_ELEMENTS(forms));
    tcase_add_test(tests, only_the_first_line_makes_a_form);
    tcase_add_loop_test(tests, whoever_shows_who_he_is_opens_the_callers_ticket, 0, 2);
    tcase_add_loop_test(tests, without_proof_it_is_a_ticket_of_its_sender_who_is_told_why, 0, 2);
    tcase_add_loop_test(tests, explain_tells_whose_ticket_it_would_be, 0, 2);
    tcase_add_test(tests, a_reporters_slash_is_text);
    tcase_add_test(tests, a_reply_on_another_ticket_opens_one_of_its_own);
    tcase_add_test(tests, a_caller_without_an_address_is_a_ticket_and_no_mail);
    tcase_add_test(tests, the_same_form_twice_is_one_ticket);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
