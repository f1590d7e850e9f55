/* People: files, look-ups, import of tables, and what intake makes of them. */
#include "files.h"
#include "fixture.h"

#include "postdesk/people.h"
#include "postdesk/tickets.h"
#include <string.h>

static const char *const languages[] = {"zh_CN", "en", NULL};
static char *folder;
static PdDiagnostics *list;

static void set_up(void)
{
    folder = g_dir_make_tmp("pd-people-XXXXXX", NULL);
    list = pd_diagnostics_new();
}

static void tear_down(void)
{
    files_remove(folder);
    g_free(folder);
    pd_diagnostics_free(list);
}

static void ck_complains(const char *expected)
{
    g_autofree char *text = files_complaints(list, folder);

    ck_assert_msg(strstr(text, expected) != NULL, "missing: %s\nin:\n%s", expected, text);
}

static PdPeople *load(void)
{
    PdPeople *people = pd_people_load(folder, languages, list);
    g_autoptr(PdStatus) status = pd_diagnostics_status(list);

    if (status != NULL)
        ck_abort_msg("%s", pd_status_text(status));
    return people;
}

#define PEOPLE                                                                                        \
    "people:\n"                                                                                       \
    "  - {name: 张三, addresses: [Zhang.San@Example.org, zs@example.net], department: 财务处,\n" \
    "     phone: 010-12345678}\n"                                                                     \
    "  - {name: Li Si, address: li@example.org, role: engineer, groups: [network, system],\n"         \
    "     language: en}\n"                                                                            \
    "domains:\n"                                                                                      \
    "  example.org: {department: 局机关, language: zh_CN}\n"                                       \
    "  '*.example.org': {department: 下属单位}\n"                                                 \
    "  '*.north.example.org': {department: North}\n"                                                  \
    "  vendor.example.com: {role: external}\n"

START_TEST(without_a_file_nobody_is_known)
{
    g_autoptr(PdPeople) people = load();

    ck_assert_uint_eq(pd_people_count(people), 0);
    ck_assert(!pd_people_look_up(people, "a@example.org").is_known);
    ck_assert_int_eq(pd_people_unknown_senders(people), PD_UNKNOWN_ALLOWED);
}
END_TEST

START_TEST(all_addresses_of_a_person_are_one_person)
{
    files_write(folder, "people.yaml", PEOPLE);
    g_autoptr(PdPeople) people = load();
    const PdPerson *person = pd_people_find(people, "zhang.san@example.ORG");

    ck_assert_ptr_nonnull(person);
    ck_assert_str_eq(person->name, "张三");
    ck_assert_str_eq(person->phone, "010-12345678");
    ck_assert_ptr_eq(pd_people_find(people, "ZS@example.net"), person);
    ck_assert_ptr_eq(pd_people_find(people, "zs+lists@example.net"), person);
    ck_assert_ptr_null(pd_people_find(people, "nobody@example.net"));
    const PdPerson *engineer = pd_people_find(people, "li@example.org");
    ck_assert_int_eq(engineer->role, PD_ROLE_ENGINEER);
    ck_assert_str_eq(engineer->groups[1], "system");
}
END_TEST

START_TEST(the_nearest_domain_speaks_for_its_addresses)
{
    static const struct {
        const char *address, *department;
    } cases[] = {
        {"x@example.org", "局机关"},
        {"x@b.example.org", "下属单位"},
        {"x@a.b.EXAMPLE.org", "下属单位"},
        {"x@b.north.example.org", "North"},
        {"x@example.com", NULL},
        {"x@notexample.org", NULL},
        {"no address", NULL},
    };
    files_write(folder, "people.yaml", PEOPLE);
    g_autoptr(PdPeople) people = load();

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        PdWho who = pd_people_look_up(people, cases[i].address);
        ck_assert_pstr_eq(who.department, cases[i].department);
        ck_assert_int_eq(who.is_known, cases[i].department != NULL);
    }
    /* what a person does not say, his domain does */
    PdWho li = pd_people_look_up(people, "li@example.org");
    ck_assert_str_eq(li.department, "局机关");
    ck_assert_str_eq(li.language, "en");
    ck_assert_int_eq(pd_people_look_up(people, "x@vendor.example.com").role, PD_ROLE_EXTERNAL);
}
END_TEST

START_TEST(the_admins_own_file_has_the_first_word)
{
    files_write(folder, "people.yaml", PEOPLE);
    files_write(folder, "people/hr.yaml",
                "people: [{name: Other, address: li@example.org}, {name: New, address: "
                "new@example.org}]\n");
    g_autoptr(PdPeople) people = load();

    ck_assert_str_eq(pd_people_find(people, "li@example.org")->name, "Li Si");
    ck_assert_str_eq(pd_people_find(people, "new@example.org")->name, "New");
}
END_TEST

START_TEST(every_mistake_has_its_place)
{
    static const char *const expected[] = {
        "people.yaml:1:18: error: 'alow' is not a policy; did you mean 'allow'?",
        "people.yaml:3:26: error: 'nobody' is no address",
        "people.yaml:3:40: error: 'enginer' is not a role; did you mean 'engineer'?",
        "people.yaml:4:5: error: the person has no address",
        "people.yaml:4:15: error: unknown part of a person 'adress'; did you mean 'address'?",
        "people.yaml:5:33: error: 'a@example.org' was given before, in line 5",
        "people.yaml:5:59: error: 'fr' is not a language of this desk",
        "people.yaml:7:3: error: this is no domain",
    };
    files_write(folder, "people.yaml",
                "unknown_senders: alow\n"
                "people:\n"
                "  - {name: A, addresses: nobody, role: enginer}\n"
                "  - {name: B, adress: b@example.org}\n"
                "  - {addresses: [a@example.org, a@example.org], language: fr, name: C}\n"
                "domains:\n"
                "  a@example.org: {department: x}\n");
    ck_assert_ptr_null(pd_people_load(folder, languages, list));
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++)
        ck_complains(expected[i]);
}
END_TEST

static char *import(const char *table, guint *count)
{
    g_autofree char *path = g_build_filename(folder, "hr.csv", NULL);

    files_write(folder, "hr.csv", table);
    return pd_people_import_csv(path, languages, list, count);
}

START_TEST(a_table_becomes_people)
{
    guint count = 0;
    g_autofree char *text =
        import("\xef\xbb\xbf姓名,邮箱,部门,角色,组,备注\r\n"
               "张三,zs@example.org; zs@example.net,财务处,,,x\r\n"
               "\"Smith, \"\"Jo\"\"\",jo@example.org,,engineer,network system,\"two\r\nlines\"\r\n"
               "\r\n"
               "yes: no #1,y@example.org,true,,,\r\n",
               &count);

    ck_assert_ptr_nonnull(text);
    ck_assert_uint_eq(count, 3);
    files_write(folder, "people/hr.yaml", text);
    g_autoptr(PdPeople) people = load();
    ck_assert_str_eq(pd_people_find(people, "zs@example.net")->department, "财务处");
    ck_assert_str_eq(pd_people_find(people, "jo@example.org")->name, "Smith, \"Jo\"");
    ck_assert_str_eq(pd_people_find(people, "jo@example.org")->groups[1], "system");
    ck_assert_str_eq(pd_people_find(people, "y@example.org")->name, "yes: no #1");
    ck_assert_str_eq(pd_people_find(people, "y@example.org")->department, "true");
}
END_TEST

START_TEST(a_table_of_an_old_spreadsheet_is_read)
{
    guint count = 0;
    /* "姓名;邮箱" and "张三;…" in GB18030 */
    g_autofree char *text =
        import("\xd0\xd5\xc3\xfb;\xd3\xca\xcf\xe4\n\xd5\xc5\xc8\xfd;zs@example.org\n", &count);

    ck_assert_ptr_nonnull(text);
    files_write(folder, "people/hr.yaml", text);
    g_autoptr(PdPeople) people = load();
    ck_assert_str_eq(pd_people_find(people, "zs@example.org")->name, "张三");
}
END_TEST

START_TEST(one_wrong_row_and_nothing_is_imported)
{
    guint count = 0;

    ck_assert_ptr_null(import("name,email,role\n"
                              "A,a@example.org,\n"
                              ",nobody,chief\n"
                              "B,A@example.org,enginer\n",
                              &count));
    ck_complains("hr.csv:3: error: the name is missing");
    ck_complains("hr.csv:3: error: 'nobody' is no address");
    ck_complains("hr.csv:3: error: 'chief' is no role here; there are: reporter");
    ck_complains("hr.csv:4: error: 'A@example.org' was given before, in line 2");
    ck_complains("hr.csv:4: error: 'enginer' is no role here; did you mean 'engineer'?");
}
END_TEST

START_TEST(a_table_that_is_none_says_why)
{
    guint count = 0;

    ck_assert_ptr_null(import("a,b\n1,2\n", &count));
    ck_complains("hr.csv:1: error: the first line must name the columns");
    ck_assert_ptr_null(import("name,email\n\"A,a@example.org\n", &count));
    ck_complains("hr.csv: error: the quote in line 2 is never closed");
    ck_assert_ptr_null(import("", &count));
    ck_complains("hr.csv: error: the table is empty");
}
END_TEST

/* ---- at intake ---- */

static Fixture *desk_with(const char *people)
{
    Fixture *fixture = fixture_new("");
    g_autofree char *rules = g_build_filename(fixture->folder, "rules", NULL);

    files_write(rules, "people.yaml", people);
    pd_desk_free(fixture->desk);
    fixture->desk = pd_desk_new(fixture->config, fixture->store, list);
    ck_assert_ptr_nonnull(fixture->desk);
    return fixture;
}

#define MAIL(from, more, subject, body)                                                            \
    "From: " from "\nTo: desk@example.org\nSubject: " subject                                      \
    "\nDate: Mon, 23 Nov 2026 09:00:00 +0800\n" more "\n" body "\n"

START_TEST(a_ticket_holds_name_and_department_of_its_reporter)
{
    Fixture *fixture = desk_with(PEOPLE);
    g_autoptr(PdInboxRow) row =
        fixture_send(fixture, MAIL("zs@example.net", "Message-ID: <1@example.net>\n", "vpn", "x"));
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, row->ticket);

    ck_assert_str_eq(ticket->reporter_name, "张三");
    ck_assert_str_eq(ticket->reporter, "zs@example.net");
    ck_assert_str_eq(ticket->department, "财务处");
    fixture_free(fixture);
}
END_TEST

START_TEST(a_mail_without_words_is_answered_in_the_persons_language)
{
    Fixture *fixture = desk_with(PEOPLE);
    g_autoptr(PdInboxRow) row =
        fixture_send(fixture, MAIL("li@example.org", "Message-ID: <1@example.org>\n", "1234", ""));
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, row->ticket);

    ck_assert_str_eq(ticket->language, "en");
    fixture_free(fixture);
}
END_TEST

START_TEST(a_reply_from_another_address_of_the_reporter_is_his)
{
    Fixture *fixture = desk_with(PEOPLE);
    g_autoptr(PdInboxRow) first = fixture_send(
        fixture, MAIL("zhang.san@example.org", "Message-ID: <1@example.org>\n", "vpn", "no line"));
    static const char *const waiting[] = {"status=waiting", NULL};

    ck_ok(pd_desk_change(fixture->desk, first->ticket, waiting, "li"));
    g_autoptr(PdInboxRow) reply =
        fixture_send(fixture, MAIL("zs@example.net",
                                   "Message-ID: <2@example.net>\nIn-Reply-To: <1@example.org>\n",
                                   "Re: vpn", "still no line"));
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, first->ticket);
    ck_assert_int_eq(reply->ticket, first->ticket);
    ck_assert_str_eq(ticket->status, "open");
    fixture_free(fixture);
}
END_TEST

START_TEST(unknown_senders_are_held_where_the_desk_wants_it)
{
    Fixture *fixture = desk_with("unknown_senders: hold\n" PEOPLE);
    g_autoptr(PdInboxRow) stranger = fixture_send(
        fixture, MAIL("x@elsewhere.example", "Message-ID: <1@e.example>\n", "vpn", "hello"));
    g_autoptr(PdTicket) held = fixture_ticket(fixture, stranger->ticket);
    g_autoptr(GPtrArray) mails = fixture_outbox(fixture);

    ck_assert_str_eq(held->tags, "remote unknown-sender");
    ck_assert_uint_eq(mails->len, 0);
    g_autoptr(PdInboxRow) known = fixture_send(
        fixture, MAIL("x@example.org", "Message-ID: <2@example.org>\n", "vpn", "hello"));
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, known->ticket);
    g_autoptr(GPtrArray) answers = fixture_outbox(fixture);
    ck_assert_str_eq(ticket->tags, "remote");
    ck_assert_uint_eq(answers->len, 1);
    fixture_free(fixture);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("people");
    TCase *cases = tcase_create("people");

    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, without_a_file_nobody_is_known);
    tcase_add_test(cases, all_addresses_of_a_person_are_one_person);
    tcase_add_test(cases, the_nearest_domain_speaks_for_its_addresses);
    tcase_add_test(cases, the_admins_own_file_has_the_first_word);
    tcase_add_test(cases, every_mistake_has_its_place);
    tcase_add_test(cases, a_table_becomes_people);
    tcase_add_test(cases, a_table_of_an_old_spreadsheet_is_read);
    tcase_add_test(cases, one_wrong_row_and_nothing_is_imported);
    tcase_add_test(cases, a_table_that_is_none_says_why);
    tcase_add_test(cases, a_ticket_holds_name_and_department_of_its_reporter);
    tcase_add_test(cases, a_mail_without_words_is_answered_in_the_persons_language);
    tcase_add_test(cases, a_reply_from_another_address_of_the_reporter_is_his);
    tcase_add_test(cases, unknown_senders_are_held_where_the_desk_wants_it);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
