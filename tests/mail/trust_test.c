/* trust_test: only the configured server's word about a sender counts. */
#include "mail/domain.h"
#include "reading_help.h"

START_TEST(believes_the_configured_server)
{
    g_autoptr(PdMail) mail = read_mail(
        "Authentication-Results: mx.example.com (comment dmarc=fail); spf=pass smtp.mailfrom=x.y;\n"
        " dkim=fail (bad) header.d=x.y; dkim=pass header.d=z; dmarc=pass\nFrom: a@x.y\n\nhi\n");

    ck_assert_int_eq(mail->spf, PD_AUTH_RESULT_PASS);
    ck_assert_int_eq(mail->dkim, PD_AUTH_RESULT_PASS);
    ck_assert_int_eq(mail->dmarc, PD_AUTH_RESULT_PASS);
    ck_assert_str_eq(mail->auth_by, "mx.example.com");
}
END_TEST

START_TEST(ignores_others)
{
    g_autoptr(PdMail) mail =
        read_mail("Authentication-Results: evil.example; dmarc=pass\n"
                  "Authentication-Results: mx.example.com; dmarc=fail\n"
                  "Authentication-Results: mx.example.com; dmarc=pass\nFrom: a@x.y\n\nhi\n");
    g_autoptr(PdMail) none =
        read_mail("Authentication-Results: mx.example.com.evil; dmarc=pass\nFrom: a@x.y\n\nhi\n");

    ck_assert_int_eq(mail->dmarc, PD_AUTH_RESULT_FAIL);
    ck_assert_int_eq(none->dmarc, PD_AUTH_RESULT_NONE);
    ck_assert_ptr_null(none->auth_by);
}
END_TEST

static const struct {
    const char *results;
    gboolean spf, dkim;
} alignments[] = {
    {"spf=pass smtp.mailfrom=bounce@mail.bank.example; dkim=pass header.d=bank.example", TRUE,
     TRUE},
    {"spf=pass smtp.mailfrom=evil.example; dkim=pass header.d=evil.example", FALSE, FALSE},
    {"dkim=fail header.d=bank.example; dkim=pass header.d=evil.example", FALSE, FALSE},
    {"dkim=pass header.d=evil.example; dkim=pass header.i=@bank.example", FALSE, TRUE},
    {"spf=softfail smtp.mailfrom=bank.example", FALSE, FALSE},
    {"dkim=pass (header.d=bank.example) header.d=evil.example", FALSE, FALSE},
    {"dkim=pass header.d=example", FALSE, FALSE},
    {"dkim=pass reason=\"x\" header.d=notbank.example", FALSE, FALSE},
    {"dkim/1 = pass (a \\) b) reason=\"a;b\" header.d=Bank.Example", FALSE, TRUE},
    {"dkim=pass header.d=mail.bank.example header.s=x; spf=pass smtp.helo=x", FALSE, TRUE},
    /* his own words, in quotes or in comments */
    {"spf=pass smtp.mailfrom=\"x; dkim=pass header.d=bank.example\"@evil.example", FALSE, FALSE},
    {"spf=pass smtp.mailfrom=\"a@bank.example \"@evil.example", FALSE, FALSE},
    {"spf=pass (\\( dkim=pass header.d=bank.example) smtp.mailfrom=evil.example", FALSE, FALSE},
    {"spf=fail dkim=pass header.d=bank.example", FALSE, FALSE},
    {"spf=none; dkim=none; arc=pass header.d=bank.example", FALSE, FALSE},
};

START_TEST(holds_passes_against_From)
{
    g_autofree char *raw =
        g_strdup_printf("Authentication-Results: mx.example.com; %s\nFrom: a@bank.example\n\nhi\n",
                        alignments[_i].results);
    g_autoptr(PdMail) mail = read_mail(raw);

    ck_assert_msg(mail->spf_aligned == alignments[_i].spf, "spf: %s", alignments[_i].results);
    ck_assert_msg(mail->dkim_aligned == alignments[_i].dkim, "dkim: %s", alignments[_i].results);
}
END_TEST

/* Nothing but a result of its own makes DMARC pass. */
static const struct {
    const char *results;
    PdAuthResult dmarc;
} verdicts[] = {
    {"; dmarc=pass", PD_AUTH_RESULT_PASS},
    {" 1; dmarc=pass (p=none) header.from=x.y", PD_AUTH_RESULT_PASS},
    {"/1; DMARC = Pass", PD_AUTH_RESULT_NONE}, /* that is another server's name */
    {"; DMARC = Pass", PD_AUTH_RESULT_PASS},
    {"\n ;\n dmarc=\n pass", PD_AUTH_RESULT_PASS},
    {"; dmarc=fail; spf=pass smtp.mailfrom=\"x; dmarc=pass\"@evil.example", PD_AUTH_RESULT_FAIL},
    {"; dmarc=fail (a; dmarc=pass)", PD_AUTH_RESULT_FAIL},
    {"; spf=pass dmarc=pass", PD_AUTH_RESULT_NONE},
    {"; dmarc=pass header.from=x.y; dmarc=fail header.from=bank.example", PD_AUTH_RESULT_FAIL},
    {"; dmarc=fail header.from=x.y; dmarc=pass header.from=bank.example", PD_AUTH_RESULT_FAIL},
    {"; dmarc=pass header.from=mail.x.y", PD_AUTH_RESULT_PASS},
    {"; dmarc=pass (p=none) header.from=evil.example", PD_AUTH_RESULT_OTHER},
    {"; dmarc=fail header.from=evil.example", PD_AUTH_RESULT_FAIL},
    {"; none", PD_AUTH_RESULT_NONE},
    {"; dmarc=temperror", PD_AUTH_RESULT_OTHER},
    {"; (unfinished dmarc=pass", PD_AUTH_RESULT_NONE},
    {"; spf=pass smtp.mailfrom=\"unfinished; dmarc=pass", PD_AUTH_RESULT_NONE},
    {"", PD_AUTH_RESULT_NONE},
};

START_TEST(reads_by_the_grammar)
{
    g_autofree char *raw =
        g_strdup_printf("ARC-Authentication-Results: i=1; mx.example.com; dmarc=pass\n"
                        "Authentication-Results: MX.example.com%s\nFrom: a@x.y\n\nhi\n",
                        verdicts[_i].results);
    g_autoptr(PdMail) mail = read_mail(raw);

    ck_assert_msg(mail->dmarc == verdicts[_i].dmarc, "%s: %s", verdicts[_i].results,
                  pd_auth_result_name(mail->dmarc));
}
END_TEST

/* Whom did the server judge? */
static const char *const several[] = {
    "From: a@x.y, mallory@evil.example\n",
    "From: a@x.y\nFrom: mallory@evil.example\n",
    "From: mallory@evil.example\nFrom: a@x.y\n",
};

START_TEST(a_pass_counts_for_one_author_only)
{
    g_autofree char *raw = g_strdup_printf(
        "Authentication-Results: mx.example.com; dmarc=pass\n%s\nhi\n", several[_i]);
    g_autoptr(PdMail) mail = read_mail(raw);

    ck_assert_int_eq(mail->dmarc, PD_AUTH_RESULT_OTHER);
}
END_TEST

#define OWN "Authentication-Results: mx.example.com; "
#define OTHER "Authentication-Results: mx.evil.example; "
#define CAME "Received: from x.y (x.y [192.0.2.7]) by mx.example.com with ESMTP; Mon, 3 Jun 2024\n"
#define WITHIN "Received: from localhost (mx [127.0.0.1])\n by mx.example.com (Postfix) id 1\n"

/* Several programs of one server say what each found. */
static const struct {
    const char *headers;
    PdAuthResult spf, dkim, dmarc;
    gboolean dkim_aligned;
} fields[] = {
    /* distinct methods are put together, beside a comment field of theirs or another's field */
    {OWN "dmarc=pass header.from=x.y\n" OWN "spf=pass smtp.mailfrom=x.y\nX-Spam: 0\n" OTHER
         "dkim=fail\n" OWN "dkim=pass header.d=x.y\n" CAME,
     PD_AUTH_RESULT_PASS, PD_AUTH_RESULT_PASS, PD_AUTH_RESULT_PASS, TRUE},
    /* a filter within the machine gave it back between them */
    {OWN "dkim=pass header.d=x.y\n" WITHIN OWN "dmarc=pass\n" CAME, PD_AUTH_RESULT_NONE,
     PD_AUTH_RESULT_PASS, PD_AUTH_RESULT_PASS, TRUE},
    /* over one method they differ: the worse counts, in either order */
    {OWN "dkim=pass header.d=x.y; dmarc=pass\n" OWN "dkim=fail header.d=x.y; dmarc=fail\n" CAME,
     PD_AUTH_RESULT_NONE, PD_AUTH_RESULT_FAIL, PD_AUTH_RESULT_FAIL, FALSE},
    {OWN "dkim=temperror; dmarc=fail\n" OWN "dkim=pass header.d=x.y; dmarc=pass\n" CAME,
     PD_AUTH_RESULT_NONE, PD_AUTH_RESULT_OTHER, PD_AUTH_RESULT_FAIL, FALSE},
    /* both pass, but for different domains */
    {OWN "dkim=pass header.d=x.y\n" OWN "dkim=pass header.d=evil.example\n" CAME,
     PD_AUTH_RESULT_NONE, PD_AUTH_RESULT_PASS, PD_AUTH_RESULT_NONE, FALSE},
    /* below the line that tells how the mail came in, the sender may have written it */
    {OWN "spf=pass smtp.mailfrom=evil.example\n" CAME OWN "dkim=pass header.d=x.y; dmarc=pass\n",
     PD_AUTH_RESULT_PASS, PD_AUTH_RESULT_NONE, PD_AUTH_RESULT_NONE, FALSE},
    {OWN "dmarc=pass\n" CAME OWN "dmarc=fail\n", PD_AUTH_RESULT_NONE, PD_AUTH_RESULT_NONE,
     PD_AUTH_RESULT_FAIL, FALSE},
    /* he calls himself what he likes; the server says whence he came */
    {OWN "spf=pass\nReceived: from [127.0.0.1] (unknown [192.0.2.7]) by mx.example.com\n" OWN
         "dmarc=pass\n",
     PD_AUTH_RESULT_PASS, PD_AUTH_RESULT_NONE, PD_AUTH_RESULT_NONE, FALSE},
    {OWN "spf=pass\nReceived: from [192.0.2.7] (helo=[127.0.0.1]) by mx.example.com\n" OWN
         "dmarc=pass\n",
     PD_AUTH_RESULT_PASS, PD_AUTH_RESULT_NONE, PD_AUTH_RESULT_NONE, FALSE},
    {OWN "spf=pass\nReceived: from x (HELO [127.0.0.1]) (192.0.2.7) by mx.example.com\n" OWN
         "dmarc=pass\n",
     PD_AUTH_RESULT_PASS, PD_AUTH_RESULT_NONE, PD_AUTH_RESULT_NONE, FALSE},
    {OWN "spf=pass\nReceived: from [127.0.0.1] (192.0.2.7) by mx.example.com\n" OWN "dmarc=pass\n",
     PD_AUTH_RESULT_PASS, PD_AUTH_RESULT_NONE, PD_AUTH_RESULT_NONE, FALSE},
};

START_TEST(puts_fields_of_one_server_together)
{
    g_autofree char *raw = g_strconcat(fields[_i].headers, "From: a@x.y\n\nhi\n", NULL);
    g_autoptr(PdMail) mail = read_mail(raw);

    ck_assert_str_eq(mail->auth_by, "mx.example.com");
    ck_assert_msg(mail->spf == fields[_i].spf && mail->dkim == fields[_i].dkim &&
                      mail->dmarc == fields[_i].dmarc &&
                      mail->dkim_aligned == fields[_i].dkim_aligned,
                  "%s: spf %s, dkim %s, dmarc %s", raw, pd_auth_result_name(mail->spf),
                  pd_auth_result_name(mail->dkim), pd_auth_result_name(mail->dmarc));
}
END_TEST

#define FOREIGN                                                                                    \
    "Received: from a (b [192.0.2.9]) by relay.evil.example with ESMTP; Mon, 3 Jun 2024\n"
#define STORE "Received: from mx.example.com (mx.example.com [10.0.0.2])\n by store.example.com\n"

#define TABBED                                                                                     \
    "Received: from relay (relay [192.0.2.7])\n\tby mx.example.com with ESMTPS;\n\tMon, 3 Jun "    \
    "2024\n"

/* Where the topmost field in the server's name stands. */
static const struct {
    const char *headers;
    gboolean believed;
    guint doubtful;
} places[] = {
    {OWN "dmarc=pass\n" CAME, TRUE, 0},
    {CAME OWN "dmarc=pass\n", TRUE, 0}, /* as milters have it */
    {STORE CAME OWN "dmarc=pass\n" FOREIGN, TRUE, 0},
    {WITHIN CAME OWN "dmarc=pass\n", TRUE, 0},
    {"Received: by store (Dovecot) with LMTP id 1\n" CAME OWN "dmarc=pass\n", TRUE, 0},
    {FOREIGN OWN "dmarc=pass\n", TRUE, 0}, /* servers that are called otherwise than their name */
    {CAME FOREIGN OWN "dmarc=pass\n", FALSE, 1},
    {CAME FOREIGN OWN "dmarc=pass\n" OWN "dkim=pass header.d=x.y\n", FALSE, 2},
    {OWN "dmarc=pass\n" CAME OWN "dmarc=pass\n", TRUE, 1},
    /* folded as most servers do it */
    {TABBED FOREIGN OWN "dmarc=pass\n", FALSE, 1},
    {TABBED "Received: from a (b [192.0.2.9])\n\tby relay.evil.example\n\twith ESMTP; x\n" OWN
            "dmarc=pass\n",
     FALSE, 1},
    {TABBED OWN "dmarc=pass\n", TRUE, 0},
    {"", FALSE, 0},
};

START_TEST(a_field_that_the_mail_brought_along_is_not_believed)
{
    g_autofree char *raw = g_strconcat(places[_i].headers, "From: a@x.y\n\nhi\n", NULL);
    g_autoptr(PdMail) mail = read_mail(raw);

    ck_assert_msg((mail->auth_by != NULL) == places[_i].believed, "%s", raw);
    ck_assert_msg((mail->dmarc == PD_AUTH_RESULT_PASS) == places[_i].believed, "%s", raw);
    ck_assert_uint_eq(mail->auth_doubtful, places[_i].doubtful);
}
END_TEST

/* Who registered the domain, not who lies below whom. */
static const struct {
    const char *one, *other;
    gboolean same;
} owners[] = {
    {"x.com.cn", "mail.x.com.cn", TRUE},
    {"a.x.com.cn", "b.x.com.cn", TRUE},
    {"x.com.cn", "y.com.cn", FALSE},
    {"com.cn", "x.com.cn", FALSE},
    {"gov.cn", "finance.gov.cn", FALSE},
    {"mail.finance.gov.cn", "finance.gov.cn", TRUE},
    {"a.co.uk", "b.co.uk", FALSE},
    {"X.Example", "x.example.", TRUE},
    {"evil.blogspot.com", "blogspot.com", FALSE},
    {"desk.corp.local", "corp.local", TRUE},
    {"localhost", "localhost", TRUE},
    {"a.localhost", "localhost", FALSE},
    {"", "", FALSE},
};

START_TEST(knows_whose_a_domain_is)
{
    ck_assert_msg(pd_domain_same_owner(owners[_i].one, owners[_i].other) == owners[_i].same,
                  "%s %s", owners[_i].one, owners[_i].other);
    ck_assert(pd_domain_same_owner(owners[_i].other, owners[_i].one) == owners[_i].same);
}
END_TEST

TCase *trust_cases(void)
{
    TCase *cases = tcase_create("trust");

    tcase_add_test(cases, believes_the_configured_server);
    tcase_add_test(cases, ignores_others);
    tcase_add_loop_test(cases, holds_passes_against_From, 0, G_N_ELEMENTS(alignments));
    tcase_add_loop_test(cases, reads_by_the_grammar, 0, G_N_ELEMENTS(verdicts));
    tcase_add_loop_test(cases, a_pass_counts_for_one_author_only, 0, G_N_ELEMENTS(several));
    tcase_add_loop_test(cases, puts_fields_of_one_server_together, 0, G_N_ELEMENTS(fields));
    tcase_add_loop_test(cases, a_field_that_the_mail_brought_along_is_not_believed, 0,
                        G_N_ELEMENTS(places));
    tcase_add_loop_test(cases, knows_whose_a_domain_is, 0, G_N_ELEMENTS(owners));
    return cases;
}
