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

/* What browsers pass over, and what they show behind the page's end. */
START_TEST(reads_on_where_the_markup_is_broken)
{
    renders("<html><body><p>a</p></body></html><p>after</p>", "a\n\nafter");
    renders("<html><body>one</body></html>\n<html><head><title>t</title></head><body>two</body>"
            "</html>\n",
            "one\ntwo");
    renders("<p>x <![if !supportLists]><span>1.</span><![endif]> item</p>", "x 1. item");
    renders("<!--[if !mso]><!-->shown<!--<![endif]--> <!--[if mso]>hidden<![endif]-->", "shown");
    renders("<!><p>x</p></><p>y<!-->z</p>", "x\n\nyz");
    renders("a<!-- never closed <p>b</p>", "a");
    renders("<p>1 < 2 and 3<4</p>", "1 < 2 and 3<4");
}
END_TEST

/* Only the line that names whom the quote is from; answers may stand beneath it. */
START_TEST(marks_attributions_of_any_language)
{
    renders("<div>hi</div><div class=\"gmail_quote\"><div class=\"gmail_attr\">zzz</div>"
            "<blockquote>old</blockquote><div>answer</div></div>",
            "hi\n> zzz\n> old\nanswer");
}
END_TEST

START_TEST(marks_quotes)
{
    renders("hi<blockquote>old<br>older<blockquote>oldest</blockquote></blockquote>bye",
            "hi\n> old\n> older\n> > oldest\nbye");
}
END_TEST

/* Outlook on the web, Gmail, Word, NetEase; and where somebody writes below it. */
START_TEST(marks_signatures)
{
    renders("<p>a</p><div id=Signature><p>Wang</p></div><blockquote>q</blockquote>",
            "a\n\n-- \nWang\n> q");
    renders("a<br><span class=gmail_signature_prefix>-- </span><br>"
            "<div class=gmail_signature>Wang</div>",
            "a\n-- \n\nWang");
    renders("<p>a</p><p class=MsoSignature>Wang</p><p class=MsoSignature>IT</p>",
            "a\n\n-- \nWang\n\nIT");
    renders("a<div id=Signature>Wang</div><hr><b>From:</b> x &lt;a@b&gt;<br><b>Sent:</b> "
            "Monday<br><b>Subject:</b> y",
            "a\n\n-- \nWang\n________________________________\nFrom: x <a@b>\nSent: Monday\n"
            "Subject: y");
    renders("a<div id=Signature>Wang</div>I forgot: it is urgent",
            "a\n\nWang\nI forgot: it is urgent");
    renders("<div class=signature>all of it", "all of it");
}
END_TEST

START_TEST(leaves_out_what_is_hidden)
{
    renders("<div style=\"display:none\">pre</div>hi<span style='font-size:0px'>x</span>", "hi");
    renders("<span style='font-size:0.9em'>x</span>", "x");
    renders("<head><title>t</title></head><style>p{}</style><script>alert(1)</script>hi", "hi");
    renders("<!-- no --><o:p>yes</o:p>", "yes");
    renders("<div style=\"max-height:0px;overflow:hidden\">pre</div>hi", "hi");
    renders("<div style=\"color:#fff;font-size:1px;opacity: 0\">pre</div>hi", "hi");
    renders("<div style='mso-hide:all'>pre</div><p style='font-size:10px'>hi</p>", "hi");
    renders("<div style='opacity:0.9;text-indent:-9px'>hi</div>", "hi");
}
END_TEST

START_TEST(shows_letters_that_have_a_size)
{
    static const char page[] =
        "<table><tr><td style=\"font-size:0px;padding:9px\">not this"
        "<div style=\"font-size: 14px\">but <b style=\"font-size:0\">no</b> this</div>nor this"
        "<p style='font: bold 14px/1.5 Arial'>and this</p><i style='font:0/0 a'>nor this</i>"
        "</td></tr></table><p style=\"font-size:1px\">and not this</p><p>and the end</p>";
    gboolean plainly = FALSE;
    g_autofree char *text = pd_html_to_text(page, strlen(page), &plainly);

    ck_assert_str_eq(g_strstrip(text), "but this\n\nand this\n\nand the end");
}
END_TEST

/* A page that is nested too deep is still read by a person. */
START_TEST(reads_what_is_nested_too_deep)
{
    gboolean plainly = FALSE;
    g_autoptr(GString) deep = g_string_new("<p>Bitte Raum&nbsp;5 pr&uuml;fen,\n  danke&#33;</p>");

    for (int i = 0; i < 5000; i++)
        g_string_append(deep, "\n  <div>\r\n");
    g_string_append(deep, "&thetasym;&hellip; &nosuch; &thetasymthetasym; &; ");
    g_string_append(deep, "Gr&#xFC;&#223;e &#0; &#xD800; &#99999999999; &#; &#x");
    g_autofree char *text = pd_html_to_text(deep->str, deep->len, &plainly);
    ck_assert(plainly);
    ck_assert_str_eq(text, "Bitte Raum 5 prüfen,\ndanke!\n"
                           "ϑ… &nosuch; &thetasymthetasym; &; "
                           "Grüße &#0; &#xD800; &#99999999999; &#; &#x");
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
    cleans("<p style=\"margin:-9999px;margin-left: -5px;width:999999px;color:red\">a</p>",
           "<p style=\"color:red;\">a</p>");
    cleans("<p style=\"font-family:'a;color:red\">a</p>", "<p style=\"color:red;\">a</p>");
    cleans("<p style=\"font-family:'Times New Roman',serif\">a</p>",
           "<p style=\"font-family:&#39;Times New Roman&#39;,serif;\">a</p>");
    cleans("<p>a</p></body></html><script>x</script><b>c</b>", "<p>a</p><div></div><b>c</b>");
    cleans("<scr</html>ipt>alert(1)</script>", "ipt&gt;alert(1)");
}
END_TEST

/* Whatever the trick, none of this comes through as markup or as an address that is fetched. */
static const char *const attacks[] = {
    "<img src=x onerror=alert(1)>",
    "<p style=\"background:url(javascript:alert(1))\">a</p>",
    "<p style=\"width:e\\78pression(alert(1))\">a</p>",
    "<p style=\"color:red;/**/background-image:url('http://x')\">a</p>",
    "<p style=\"color:red&#59;position:fixed\">a</p>",
    "<style>@import 'http://x';</style>",
    "<link rel=stylesheet href=http://x>",
    "<meta http-equiv=refresh content=\"0;url=http://x\">",
    "<base href=\"http://x/\">",
    "<a href=\" &#1;javascript:alert(1)\">a</a>",
    "<a href=\"jav&#x09;ascript:alert(1)\">a</a>",
    "<a href=\"&#106;avascript:alert(1)\">a</a>",
    "<a href=\"data:text/html,<script>alert(1)</script>\">a</a>",
    "<img src=\"data:image/svg+xml;base64,PHN2Zz4=\">",
    "<img src=\"cid:x\" srcset=\"http://x 1x\" lowsrc=\"http://y\">",
    "<svg><p><style><!--</style><img src=x onerror=alert(1)>--></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 "
    "onerror=alert(1)&gt;\"></table></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<textarea><img alt=\"</textarea><img src=x onerror=alert(1)>\"></textarea>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<!--[if mso]><script>alert(1)</script><![endif]-->",
    "<!--<script>--><!--</script>--><script>x</script>",
    "<?x ><script>alert(1)</script>?>",
    "<<script>alert(1)//<</script>",
    "<b/onclick=alert(1)>x</b>",
    "<table background=\"http://x/t.gif\"><td background=\"javascript:x\">a</td></table>",
    "<video src=http://x><source src=http://x></video>",
    "<button formaction=javascript:x>a</button>",
    "<template><script>x</script></template>",
    "<details open ontoggle=x>e</details>",
};

START_TEST(lets_no_attack_through)
{
    static const char *const markup[] = {
        "script", "onerror=\"", "onclick",  "ontoggle", "style=\"b", "iframe",
        "<svg",   "<math",      "<style",   "<meta",    "<link",     "<base",
        "<video", "<source",    "<form",    "<button",  "<template", "srcset",
        "lowsrc", "background", "position", "data:",    "http:",     "@import"};
    g_autoptr(GHashTable) removed = pd_html_removed_new();
    g_autofree char *got = pd_html_sanitise(attacks[_i], strlen(attacks[_i]), removed);
    gboolean in_tag = FALSE;
    g_autoptr(GString) tags = g_string_new(NULL); /* text that is escaped does no harm */

    ck_assert_ptr_nonnull(got);
    for (const char *c = got; *c != '\0'; c++) {
        in_tag |= *c == '<';
        if (in_tag)
            g_string_append_c(tags, *c);
        in_tag &= *c != '>';
    }
    for (gsize i = 0; i < G_N_ELEMENTS(markup); i++)
        ck_assert_msg(strcasestr(tags->str, markup[i]) == NULL, "%s: %s", attacks[_i], got);
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
    tcase_add_test(cases, marks_signatures);
    tcase_add_test(cases, leaves_out_what_is_hidden);
    tcase_add_test(cases, shows_letters_that_have_a_size);
    tcase_add_test(cases, reads_what_is_nested_too_deep);
    tcase_add_test(cases, stays_within_limits);
    tcase_add_test(cases, sanitises);
    tcase_add_loop_test(cases, lets_no_attack_through, 0, G_N_ELEMENTS(attacks));
    tcase_add_test(cases, reads_on_where_the_markup_is_broken);
    tcase_add_test(cases, marks_attributions_of_any_language);
    tcase_add_test(cases, tells_what_it_removed);
    return cases;
}
