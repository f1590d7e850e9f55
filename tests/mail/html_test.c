/* html_test: HTML as its reader sees it, and made safe. */
#include "mail/html.h"
#include "reading_help.h"
#include <string.h>

static void renders(const char *html, const char *text)
{
    gboolean plainly;
    g_autofree char *got = pd_html_to_text(html, strlen(html), &plainly);

    ck_assert_str_eq(g_strchomp(got), text);
}

START_TEST(renders_text)
{
    renders("<p>One</p><p>Two<br>Three</p>", "One\n\nTwo\nThree");
    renders("a <b>bold</b>\n   word &amp; &#20320;", "a bold word & 你");
    renders("<ul><li>x<li>y<ul><li>z</ul></ul>", "- x\n- y\n  - z");
    renders("<ol><li>x</li><li>y</li></ol>", "1. x\n2. y");
    renders("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a\tb\nc");
    renders("<table><tr><td><p>a</p></td><td><p>b</p></td></tr><tr><td>c</td></tr></table>x",
            "a\tb\nc\nx");
    renders("<a href=\"https://x.example/p\">here</a> <a href=\"http://y.example/\">y.example</a>",
            "here <https://x.example/p> y.example");
    renders("<pre>a\n  b</pre>", "a\n  b");
    renders("<div>A</div><div>B</div>", "A\nB");
    renders("<img src=x alt=\"logo\">", "[logo]");
}
END_TEST

START_TEST(marks_quotes)
{
    renders("hi<blockquote>old<br>older<blockquote>oldest</blockquote></blockquote>bye",
            "hi\n> old\n> older\n> > oldest\nbye");
}
END_TEST

START_TEST(leaves_out_what_is_hidden)
{
    renders("<div style=\"display:none\">pre</div>hi<span style='font-size:0px'>x</span>", "hi");
    renders("<span style='font-size:0.9em'>x</span>", "x");
    renders("<head><title>t</title></head><style>p{}</style><script>alert(1)</script>hi", "hi");
    renders("<!-- no --><o:p>yes</o:p>", "yes");
}
END_TEST

START_TEST(stays_within_limits)
{
    gboolean plainly;
    g_autoptr(GString) deep = g_string_new(NULL);
    for (int i = 0; i < 100000; i++)
        g_string_append(deep, "<b>");
    g_string_append(deep, "inside");
    g_autofree char *text = pd_html_to_text(deep->str, deep->len, &plainly);
    ck_assert(plainly);
    ck_assert_str_eq(text, "inside");
    g_autoptr(GHashTable) removed = pd_html_removed_new();
    ck_assert_ptr_null(pd_html_sanitise(deep->str, deep->len, removed));
    g_string_assign(deep, "<p ");
    for (int i = 0; i < 100000; i++)
        g_string_append_printf(deep, "a%d=1 ", i);
    g_string_append(deep, ">inside");
    g_autofree char *many = pd_html_to_text(deep->str, deep->len, &plainly);
    ck_assert(plainly);
    ck_assert_str_eq(many, "inside");
}
END_TEST

static void cleans(const char *html, const char *safe)
{
    g_autoptr(GHashTable) removed = pd_html_removed_new();
    g_autofree char *got = pd_html_sanitise(html, strlen(html), removed);

    ck_assert_str_eq(got, safe);
}

START_TEST(sanitises)
{
    cleans("<p onclick=\"x()\">a</p>", "<p>a</p>");
    cleans("<p>a<script>alert(1)</script><iframe src=x>b</iframe></p>", "<p>a</p>");
    cleans("<p><img src=\"cid:a@b\"><img src=\"http://x/t.gif\"></p>",
           "<p><img src=\"cid:a@b\"><img></p>");
    cleans("<p><a href=\"java\nscript:x\">a</a></p>",
           "<p><a rel=\"noopener noreferrer\">a</a></p>");
    cleans("<p style=\"color:red;background:url(http://x);position:fixed\">a</p>",
           "<p style=\"color:red;\">a</p>");
    cleans("<p>&lt;script&gt; &amp; \"</p>", "<p>&lt;script&gt; &amp; &quot;</p>");
    cleans("<form action=x><p>in<input></p></form>", "<p>in</p>");
    cleans("<svg><script>x</script></svg><p>ok</p>", "<p>ok</p>");
}
END_TEST

START_TEST(tells_what_it_removed)
{
    g_autoptr(PdMail) mail = read_mail(
        "From: a@b.c\nContent-Type: text/html\n\n<p onload=x>a<script>x</script>"
        "<img src=\"http://x/1\"><img src=\"http://x/2\"><b style=\"position:fixed\">b</b></p>\n");

    ck_assert_uint_eq(mail->removed->len, 4);
    ck_assert_str_eq(mail->removed->pdata[0], "attribute onload: 1");
    ck_assert_str_eq(mail->removed->pdata[1], "attribute src: 2");
    ck_assert_str_eq(mail->removed->pdata[2], "element script: 1");
    ck_assert_str_eq(mail->removed->pdata[3], "style position: 1");
}
END_TEST

TCase *html_cases(void)
{
    TCase *cases = tcase_create("html");

    tcase_add_test(cases, renders_text);
    tcase_add_test(cases, marks_quotes);
    tcase_add_test(cases, leaves_out_what_is_hidden);
    tcase_add_test(cases, stays_within_limits);
    tcase_add_test(cases, sanitises);
    tcase_add_test(cases, tells_what_it_removed);
    return cases;
}
