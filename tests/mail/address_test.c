/* address_test: address lists as they come. */
#include "mail/address.h"
#include "mail_test.h"

static void reads(const char *raw, const char *name, const char *address)
{
    g_autoptr(GPtrArray) list = pd_addresses_parse(raw, NULL);

    ck_assert_msg(list->len == 1, "%s: %u", raw, list->len);
    const PdAddress *one = list->pdata[0];
    ck_assert_str_eq(one->name, name);
    ck_assert_str_eq(one->address, address);
}

START_TEST(reads_all_forms)
{
    reads("a@b.c", "", "a@b.c");
    reads("<a@b.c>", "", "a@b.c");
    reads("Bob <a@b.c>", "Bob", "a@b.c");
    reads("\"Smith, Bob\" <a@b.c>", "Smith, Bob", "a@b.c");
    reads("a@b.c (Bob (the) builder)", "Bob (the) builder", "a@b.c");
    reads("=?utf-8?B?546L5bCP5piO?= <a@b.c>", "王小明", "a@b.c");
    reads("\"=?utf-8?B?546L5bCP5piO?=\" <a@b.c>", "王小明", "a@b.c");
    reads("\xcd\xf5\xd0\xa1\xc3\xf7\xcf\xc8\xc9\xfa <a@b.c>", "王小明先生", "a@b.c");
    reads("=?utf-8?Q?Bob_=3Ca=40b=2Ec=3E?=", "Bob", "a@b.c");
    reads("undisclosed: a@b.c;", "", "a@b.c");
    reads("<@x.y,@z:a@b.c>", "", "a@b.c");
    reads("Bob <mailto:a@b.c>", "Bob", "a@b.c");
    reads("\"Bob <a@b.c>", "Bob", "a@b.c");
    reads("Bob Smith a@b.c", "Bob Smith", "a@b.c");
    reads("=?utf-8?B?546L5bCP5piO?= a@b.c", "王小明", "a@b.c");
    reads("a @ b.c", "", "a@b.c");
    reads("a@b.c <a@b.c>", "a@b.c", "a@b.c");
    reads("王芳 <wang@例子.中国>", "王芳", "wang@xn--fsqu00a.xn--fiqs8s");
    reads("王芳@例子.中国", "", "王芳@例子.中国"); /* no relay takes it in any form */
}
END_TEST

START_TEST(reads_lists)
{
    g_autoptr(GPtrArray) list =
        pd_addresses_parse("A <a@x.y>, , \"B, C\" <b@x.y>; group: c@x.y, d@x.y;, junk", NULL);
    g_autoptr(GPtrArray) none = pd_addresses_parse("undisclosed-recipients:;", NULL);
    g_autoptr(GPtrArray) absent = pd_addresses_parse(NULL, NULL);

    ck_assert_uint_eq(list->len, 4);
    ck_assert_uint_eq(none->len, 0);
    ck_assert_uint_eq(absent->len, 0);
}
END_TEST

/* What stands behind a blank in quotes is somebody else's address. */
START_TEST(makes_no_other_address_of_a_quoted_one)
{
    static const char *const lost[] = {"\"john smith\"@b.c", "\"big, boss\"@b.c", "\"a\\\"b\"@b.c",
                                       "x \"john smith\"@b.c", "\"\"@b.c"};

    for (gsize i = 0; i < G_N_ELEMENTS(lost); i++) {
        g_autoptr(GPtrArray) list = pd_addresses_parse(lost[i], NULL);
        ck_assert_msg(list->len == 0, "%s", lost[i]);
    }
    reads("\"smith\"@b.c", "", "smith@b.c");
    reads("\"john.smith\"@b.c", "", "john.smith@b.c");
    reads("\"john smith\"@b.c, Bob <a@b.c>", "Bob", "a@b.c");
    reads("\"me @ work\" <a@b.c>", "me @ work", "a@b.c");
}
END_TEST

START_TEST(knows_where_anybody_gets_a_mailbox)
{
    static const char *const there[] = {"a@qq.com",      "a@VIP.163.com", "a@gmail.com",
                                        "a@outlook.com", "a@outlook.fr",  "a@yahoo.co.jp",
                                        "a@foxmail.com."};
    static const char *const elsewhere[] = {
        "a@myqq.com", "a@qq.com.example",   "a@example.org",          "a",
        "a@yahoo",    "a@live.example.com", "a@acme.onmicrosoft.com", ""};

    for (gsize i = 0; i < G_N_ELEMENTS(there); i++)
        ck_assert_msg(pd_address_is_public(there[i]), "%s", there[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(elsewhere); i++)
        ck_assert_msg(!pd_address_is_public(elsewhere[i]), "%s", elsewhere[i]);
}
END_TEST

START_TEST(knows_plus_details)
{
    g_autofree char *detail = pd_address_detail("desk+abc@x.y");
    g_autofree char *base = pd_address_base("desk+abc@x.y");
    g_autofree char *same = pd_address_base("desk@x+y");

    ck_assert_str_eq(detail, "abc");
    ck_assert_str_eq(base, "desk@x.y");
    ck_assert_str_eq(same, "desk@x+y");
    ck_assert_ptr_null(pd_address_detail("desk@x.y"));
    ck_assert(pd_address_equal("A@B.c", "a@b.C"));
    ck_assert(pd_address_same_domain("a@x.example", "b@mail.x.example"));
    ck_assert(!pd_address_same_domain("a@x.example", "b@y.example"));
    ck_assert(!pd_address_same_domain("a@com", "b@example.com"));
}
END_TEST

TCase *address_cases(void)
{
    TCase *cases = tcase_create("address");

    tcase_add_test(cases, reads_all_forms);
    tcase_add_test(cases, reads_lists);
    tcase_add_test(cases, makes_no_other_address_of_a_quoted_one);
    tcase_add_test(cases, knows_plus_details);
    tcase_add_test(cases, knows_where_anybody_gets_a_mailbox);
    return cases;
}
