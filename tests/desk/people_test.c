/* People: files, look-ups, import of tables, and what intake makes of them. */
#include "files.h"
#include "fixture.h"

#include "postdesk/clock.h"
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
        "people.yaml:3:26: error: 'nobody' is no mail address",
        "people.yaml:3:40: error: 'enginer' is not a role; did you mean 'engineer'?",
        "people.yaml:4:5: error: the person has no address",
        "people.yaml:4:15: error: unknown part of a person 'adress'; did you mean 'address'?",
        "people.yaml:5:33: error: 'a@example.org' was given before, in line 5",
        "people.yaml:5:59: error: 'fr' is not a language of this desk",
        "people.yaml:6:15: warning: '王芳@example.cn' is never mailed: it is an address that "
        "relays "
        "refuse; write one of ASCII letters",
        "people.yaml:8:3: error: this is no domain",
    };
    files_write(folder, "people.yaml",
                "unknown_senders: alow\n"
                "people:\n"
                "  - {name: A, addresses: nobody, role: enginer}\n"
                "  - {name: B, adress: b@example.org}\n"
                "  - {addresses: [a@example.org, a@example.org], language: fr, name: C}\n"
                "  - {address: 王芳@example.cn, name: 王芳}\n"
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
    return pd_people_import(path, languages, list, count);
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

static char *convert(const char *text, const char *charset, gsize *length)
{
    char *converted = g_convert(text, -1, charset, "UTF-8", NULL, length, NULL);

    ck_assert_ptr_nonnull(converted);
    return converted;
}

/* As Excel saves it: "CSV" of a Chinese Windows, with a mark or not; "Unicode text"; "CSV UTF-8";
 * where semicolons are usual. */
START_TEST(what_excel_saves_is_read)
{
    static const char table[] = "姓名;电子邮件;科室;角色;小组;联系电话;工号\r\n"
                                "张三;zs@a.example；zs@b.example;内科;工程师;网络、系统;8123;1\r\n";
    static const struct {
        const char *before, *charset;
    } forms[] = {{"", "GB18030"},
                 {"\xef\xbb\xbf", "GB18030"},
                 {"\xef\xbb\xbf", "UTF-16LE"},
                 {"\xef\xbb\xbf", "UTF-8"},
                 {"sep=;\r\n", "UTF-8"}};
    g_autofree char *path = g_build_filename(folder, "hr.csv", NULL);
    g_autofree char *whole = g_strconcat(forms[_i].before, table, NULL);
    gsize length = 0;
    guint count = 0;

    g_autofree char *bytes = convert(whole, forms[_i].charset, &length);
    ck_assert(g_file_set_contents(path, bytes, (gssize)length, NULL));
    g_autofree char *text = pd_people_import(path, languages, list, &count);
    g_autofree char *complaints = files_complaints(list, folder);
    ck_assert_msg(text != NULL, "%s", complaints);
    ck_assert_ptr_nonnull(strstr(complaints, "warning: the column '工号' is passed over"));
    files_write(folder, "people/hr.yaml", text);
    g_autoptr(PdPeople) people = load();
    const PdPerson *zhang = pd_people_find(people, "zs@b.example");
    ck_assert_ptr_nonnull(zhang);
    ck_assert_str_eq(zhang->addresses[0], "zs@a.example");
    ck_assert_str_eq(zhang->department, "内科");
    ck_assert_int_eq(zhang->role, PD_ROLE_ENGINEER);
    ck_assert_str_eq(zhang->groups[1], "系统");
    ck_assert_str_eq(zhang->phone, "8123");
}
END_TEST

START_TEST(an_address_is_found_beside_a_name)
{
    guint count = 0;
    g_autofree char *text = import("name,email\n"
                                   "A,\"Ann Lee <a@example.org>, Ann<ann@example.org>\"\n",
                                   &count);

    ck_assert_ptr_nonnull(text);
    files_write(folder, "people/hr.yaml", text);
    g_autoptr(PdPeople) people = load();
    ck_assert_ptr_nonnull(pd_people_find(people, "a@example.org"));
    ck_assert_ptr_nonnull(pd_people_find(people, "ann@example.org"));
    ck_assert_ptr_null(import("name,email\nA,Ann <a@example.org\nB,a@x.org@y.org\n", &count));
    ck_complains("hr.csv:2: error: the address is missing");
    ck_complains("hr.csv:3: error: 'a@x.org@y.org' is no mail address");
}
END_TEST

/* Mail from it is its person's all the same. */
START_TEST(an_address_that_cannot_be_mailed_is_imported_and_told)
{
    guint count = 0;
    g_autofree char *text = import("name,email\n王芳,王芳@example.cn\n", &count);

    ck_assert_uint_eq(count, 1);
    ck_assert_ptr_nonnull(strstr(text, "王芳@example.cn"));
    ck_complains("hr.csv:2: warning: '王芳@example.cn' is never mailed: it is an address that "
                 "relays refuse; write one of ASCII letters");
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
    ck_complains("hr.csv:3: error: 'nobody' is no mail address");
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

static char *import_ldif(const char *text, guint *count)
{
    g_autofree char *path = g_build_filename(folder, "hr.ldif", NULL);

    files_write(folder, "hr.ldif", text);
    return pd_people_import(path, languages, list, count);
}

START_TEST(what_a_directory_exports_becomes_people)
{
    guint count = 0;
    g_autofree char *text = import_ldif(
        "version: 1\r\n"
        "# what follows is\r\n  one comment\r\n"
        "dn: OU=Finance,DC=example,DC=org\r\nobjectClass: organizationalUnit\r\nou: Finance\r\n"
        "mail: all@example.org\r\n"
        "\r\n\r\n"
        "dn:: Q0495byg5LiJLERDPWV4YW1wbGUsREM9b3Jn\r\n"
        "objectClass: top\r\nobjectClass: person\r\n"
        "cn: zhangsan\r\n"
        "displayName: Zhang San\r\n"
        "displayName;lang-zh-cn:: 5byg5LiJ\r\n"
        "mail: zs@exam\r\n ple.org\r\n"
        "proxyAddresses: smtp:zs@example.org\r\n"
        "proxyAddresses: SMTP:zhang.san@example.org\r\n"
        "proxyAddresses: smtp:zs@old.example.org\r\n"
        "proxyAddresses: X500:/o=Example/cn=zs\r\n"
        "department:: 6LSi5Yqh5aSE\r\n"
        "ou: elsewhere\r\n"
        "telephoneNumber: 010-1234\r\nmobile: 139\r\n"
        "preferredLanguage: fr, zh-CN;q=0.8\r\n"
        "memberOf: CN=Net\\, core,OU=Groups,DC=example,DC=org\r\n"
        "memberOf: CN=VPN,OU=Groups,DC=example,DC=org\r\n"
        "jpegPhoto:: /9j/4AAQSkZJRg==\r\n"
        "jpegPhoto:< file:///etc/passwd\r\n"
        "\r\n"
        "dn: CN=gone,DC=example,DC=org\r\ncn: Gone\r\nmail: gone@example.org\r\n"
        "userAccountControl: 514\r\n"
        "\r\n"
        "dn: CN=jo,DC=example,DC=org\r\ncn: Jo\r\nou: Tax\r\nmail: jo@example.org\r\n"
        "mailAlternateAddress: j@example.org\r\nmobile: 138\r\n",
        &count);

    ck_assert_ptr_nonnull(text);
    ck_assert_uint_eq(count, 2);
    files_write(folder, "people/hr.yaml", text);
    g_autoptr(PdPeople) people = load();
    const PdPerson *zhang = pd_people_find(people, "zs@old.example.org");
    ck_assert_str_eq(zhang->name, "张三");
    ck_assert_str_eq(zhang->addresses[0], "zhang.san@example.org");
    ck_assert_uint_eq(g_strv_length(zhang->addresses), 3);
    ck_assert_str_eq(zhang->department, "财务处");
    ck_assert_str_eq(zhang->phone, "010-1234");
    ck_assert_str_eq(zhang->language, "zh_CN");
    ck_assert_str_eq(zhang->groups[0], "Net, core");
    ck_assert_str_eq(zhang->groups[1], "VPN");
    ck_assert_int_eq(zhang->role, PD_ROLE_REPORTER);
    const PdPerson *jo = pd_people_find(people, "j@example.org");
    ck_assert_str_eq(jo->addresses[0], "jo@example.org");
    ck_assert_str_eq(jo->department, "Tax");
    ck_assert_str_eq(jo->phone, "138");
    ck_assert_ptr_null(pd_people_find(people, "gone@example.org"));
    ck_assert_ptr_null(pd_people_find(people, "all@example.org"));
}
END_TEST

START_TEST(every_mistake_of_a_directory_has_its_line)
{
    static const char *const expected[] = {
        "hr.ldif:2: error: an entry begins with 'dn:'",
        "hr.ldif:6: error: this is no line of LDIF; write 'name: value'",
        "hr.ldif:7: error: what stands behind '::' is no base64",
        "hr.ldif:4: error: the entry has neither displayName nor cn",
        "hr.ldif:10: error: these are changes of a directory",
        "hr.ldif:14: error: 'A@example.org' was given before, in line 5",
        "hr.ldif:15: error: an empty line is missing before this entry",
        "hr.ldif:17: error: 'nobody' is no mail address",
    };
    guint count = 0;

    ck_assert_ptr_null(import_ldif("version: 1\n"
                                   "mail: x@example.org\n"
                                   "\n"
                                   "dn: cn=a\n"
                                   "mail: a@example.org\n"
                                   "a line of nothing\n"
                                   "photo:: %%%\n"
                                   "\n"
                                   "dn: cn=b\n"
                                   "changetype: modify\n"
                                   "\n"
                                   "dn: cn=c\n"
                                   "cn: C\n"
                                   "mail: A@example.org\n"
                                   "dn: cn=d\n"
                                   "cn: D\n"
                                   "mail: nobody\n",
                                   &count));
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++)
        ck_complains(expected[i]);
}
END_TEST

START_TEST(a_directory_without_people_says_so)
{
    guint count = 0;

    ck_assert_ptr_null(import_ldif("version: 1\n\ndn: cn=a\ncn: A\n", &count));
    ck_complains("hr.ldif: error: no person with a mail address is in it");
    ck_assert_ptr_null(import_ldif("", &count));
}
END_TEST

START_TEST(a_directory_in_utf_16_is_read)
{
    const char *plain = "dn: cn=a\ncn: A\nmail: a@example.org\n";
    gsize length = 0;
    g_autofree char *wide = g_convert(plain, -1, "UTF-16", "UTF-8", NULL, &length, NULL);
    g_autofree char *path = g_build_filename(folder, "hr.ldif", NULL);
    guint count = 0;

    ck_assert(g_file_set_contents(path, wide, (gssize)length, NULL));
    g_autofree char *text = pd_people_import(path, languages, list, &count);
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_eq(count, 1);
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
    ck_assert_uint_eq(mails->len, 1); /* to the admin, who is to look at it: there is no other */
    ck_assert_str_eq(((PdOutboxRow *)g_ptr_array_index(mails, 0))->recipient,
                     fixture->config->admin);
    g_autoptr(PdInboxRow) known = fixture_send(
        fixture, MAIL("x@example.org", "Message-ID: <2@example.org>\n", "vpn", "hello"));
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, known->ticket);
    g_autoptr(GPtrArray) answers = fixture_outbox(fixture);
    ck_assert_str_eq(ticket->tags, "remote");
    ck_assert_uint_eq(answers->len, 2);
    fixture_free(fixture);
}
END_TEST

START_TEST(who_was_held_is_answered_when_somebody_accepts)
{
    Fixture *fixture = desk_with("unknown_senders: hold\n" PEOPLE);
    static const char *const accept[] = {"accept", NULL};
    g_autoptr(PdInboxRow) row = fixture_send(
        fixture, MAIL("x@elsewhere.example", "Message-ID: <1@e.example>\n", "vpn", "no line"));

    ck_ok(pd_desk_command(fixture->desk, row->ticket, accept, NULL, "root"));
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, row->ticket);
    g_autoptr(PdOutboxRow) sent = NULL;
    g_autoptr(PdMail) mail = fixture_last_mail(fixture, &sent);
    ck_assert_str_eq(ticket->status, "open");
    ck_assert_str_eq(ticket->tags, "remote");
    ck_assert_str_eq(sent->recipient, "x@elsewhere.example");
    ck_assert_str_eq(sent->purpose, "acknowledge");
    ck_assert_ptr_nonnull(strstr(mail->full_text, "no line"));
    g_autoptr(PdStatus) again = pd_desk_command(fixture->desk, row->ticket, accept, NULL, "root");
    ck_assert_ptr_nonnull(again); /* there is nothing left to accept */
    fixture_free(fixture);
}
END_TEST

#define REFUSE "unknown_senders: refuse\n" PEOPLE

static guint count_mails(Fixture *fixture)
{
    g_autoptr(GPtrArray) mails = fixture_outbox(fixture);

    return mails->len;
}

static void check_refused(Fixture *fixture, const char *raw, guint mails)
{
    guint before = count_mails(fixture);
    g_autoptr(PdInboxRow) row = fixture_send(fixture, raw);

    ck_assert_int_eq(row->outcome, PD_OUTCOME_IGNORED);
    ck_assert_int_eq(row->ticket, 0);
    ck_assert_msg(g_str_has_prefix(row->reason, "refused: "), "%s", row->reason);
    ck_assert_uint_eq(count_mails(fixture) - before, mails);
}

START_TEST(unknown_senders_are_refused_where_the_desk_wants_it)
{
    Fixture *fixture = desk_with(REFUSE);
    g_autoptr(PdOutboxRow) sent = NULL;

    check_refused(
        fixture, MAIL("x@elsewhere.example", "Message-ID: <1@e.example>\n", "vpn", "my secret"), 1);
    g_autoptr(PdMail) mail = fixture_last_mail(fixture, &sent);
    ck_assert_str_eq(sent->recipient, "x@elsewhere.example");
    ck_assert_str_eq(sent->envelope_from, "");
    ck_assert_ptr_null(strstr(mail->full_text, "my secret"));
    ck_assert_ptr_nonnull(strstr(mail->full_text, "desk@example.org"));
    /* once a day; another one is told, too */
    check_refused(fixture,
                  MAIL("x@elsewhere.example", "Message-ID: <2@e.example>\n", "vpn", "again"), 0);
    check_refused(fixture, MAIL("y@elsewhere.example", "Message-ID: <3@e.example>\n", "a", "b"), 1);
    pd_clock_set(pd_clock_now() + 25 * 3600 * (gint64)PD_SECOND);
    check_refused(fixture,
                  MAIL("x@elsewhere.example", "Message-ID: <4@e.example>\n", "vpn", "again"), 1);
    pd_clock_set(0);
    fixture_free(fixture);
}
END_TEST

START_TEST(a_refusal_is_never_mailed_where_it_may_reach_a_wrong_one)
{
    static const char *const headers[] = {
        "Auto-Submitted: auto-generated\n",
        "List-Id: <talk.elsewhere.example>\nList-Post: <mailto:talk@elsewhere.example>\n",
        "Return-Path: <>\n",
        "Authentication-Results: mx.example.org; dmarc=fail header.from=elsewhere.example\n",
        "Authentication-Results: mx.example.org; spf=fail smtp.mailfrom=elsewhere.example\n",
    };
    Fixture *fixture = desk_with(REFUSE);
    g_autofree char *top = g_strdup_printf("%sMessage-ID: <%d@e.example>\n", headers[_i], _i);
    g_autofree char *raw =
        g_strdup_printf("From: x@elsewhere.example\nTo: desk@example.org\nSubject: hello\n%s"
                        "Content-Type: text/plain\n\nhello\n",
                        top);
    gint64 id = fixture_take_in_row(fixture, "m/INBOX", raw, FALSE, FALSE);
    PdInboxRow *found = NULL;

    fixture_process(fixture);
    ck_ok(pd_inbox_get(fixture->store, id, &found));
    g_autoptr(PdInboxRow) row = found;
    ck_assert_int_eq(row->outcome, PD_OUTCOME_IGNORED);
    ck_assert_uint_eq(count_mails(fixture), 0);
    fixture_free(fixture);
}
END_TEST

START_TEST(whoever_answers_the_desk_is_not_refused)
{
    Fixture *fixture = desk_with(REFUSE);
    g_autoptr(PdInboxRow) row = fixture_send(
        fixture,
        "From: x@example.org\nTo: desk@example.org\nCc: y@elsewhere.example\nSubject: vpn\n"
        "Message-ID: <1@example.org>\n\nno line\n");
    g_autoptr(PdInboxRow) reply =
        fixture_send(fixture, MAIL("y@elsewhere.example",
                                   "Message-ID: <2@e.example>\nIn-Reply-To: <1@example.org>\n",
                                   "Re: vpn", "nor here"));

    ck_assert_int_eq(reply->outcome, PD_OUTCOME_APPENDED);
    ck_assert_int_eq(reply->ticket, row->ticket);
    g_autoptr(PdInboxRow) admin = fixture_send(
        fixture, MAIL("admin@example.net", "Message-ID: <3@example.net>\n", "test", "test"));
    ck_assert_int_eq(admin->outcome, PD_OUTCOME_CREATED);
    fixture_free(fixture);
}
END_TEST

START_TEST(a_call_is_taken_in_whoever_calls)
{
    const char *raw = MAIL("x@elsewhere.example", "Message-ID: <1@e.example>\n", "vpn", "no line");
    static const char *const policies[] = {"hold", "refuse"};
    g_autofree char *people = g_strdup_printf("unknown_senders: %s\n" PEOPLE, policies[_i]);
    Fixture *fixture = desk_with(people);
    gint64 id = fixture_take_in_row(fixture, PD_MAILBOX_CALL, raw, FALSE, FALSE);
    PdInboxRow *found = NULL;

    fixture_process(fixture);
    ck_ok(pd_inbox_get(fixture->store, id, &found));
    g_autoptr(PdInboxRow) row = found;
    ck_assert_int_eq(row->outcome, PD_OUTCOME_CREATED);
    g_autoptr(PdTicket) ticket = fixture_ticket(fixture, row->ticket);
    ck_assert_str_eq(ticket->tags, "remote");
    ck_assert_uint_eq(count_mails(fixture), 1); /* the acknowledgement */
    fixture_free(fixture);
}
END_TEST

START_TEST(what_was_refused_can_be_taken_in_later)
{
    Fixture *fixture = desk_with(REFUSE);
    const char *raw = MAIL("x@elsewhere.example", "Message-ID: <1@e.example>\n", "vpn", "no line");
    g_autoptr(PdInboxRow) row = fixture_send(fixture, raw);

    ck_assert_int_eq(row->outcome, PD_OUTCOME_IGNORED);
    ck_ok(pd_store_begin(fixture->store));
    ck_ok(pd_inbox_requeue(fixture->store, row->id));
    ck_ok(pd_store_commit(fixture->store));
    PdProcessed done = fixture_process(fixture);
    ck_assert_uint_eq(done.ignored, 1); /* refused as before: nobody knows him yet */
    /* and it is no copy of itself when it comes again */
    check_refused(fixture, raw, 0);
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
    tcase_add_loop_test(cases, what_excel_saves_is_read, 0, 5);
    tcase_add_test(cases, an_address_is_found_beside_a_name);
    tcase_add_test(cases, an_address_that_cannot_be_mailed_is_imported_and_told);
    tcase_add_test(cases, one_wrong_row_and_nothing_is_imported);
    tcase_add_test(cases, a_table_that_is_none_says_why);
    tcase_add_test(cases, what_a_directory_exports_becomes_people);
    tcase_add_test(cases, every_mistake_of_a_directory_has_its_line);
    tcase_add_test(cases, a_directory_without_people_says_so);
    tcase_add_test(cases, a_directory_in_utf_16_is_read);
    tcase_add_test(cases, a_ticket_holds_name_and_department_of_its_reporter);
    tcase_add_test(cases, a_mail_without_words_is_answered_in_the_persons_language);
    tcase_add_test(cases, a_reply_from_another_address_of_the_reporter_is_his);
    tcase_add_test(cases, unknown_senders_are_held_where_the_desk_wants_it);
    tcase_add_test(cases, who_was_held_is_answered_when_somebody_accepts);
    tcase_add_test(cases, unknown_senders_are_refused_where_the_desk_wants_it);
    tcase_add_loop_test(cases, a_refusal_is_never_mailed_where_it_may_reach_a_wrong_one, 0, 5);
    tcase_add_test(cases, whoever_answers_the_desk_is_not_refused);
    tcase_add_loop_test(cases, a_call_is_taken_in_whoever_calls, 0, 2);
    tcase_add_test(cases, what_was_refused_can_be_taken_in_later);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
