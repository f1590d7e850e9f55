/* trust_test: only the configured server's word about a sender counts. */
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

TCase *trust_cases(void)
{
    TCase *cases = tcase_create("trust");

    tcase_add_test(cases, believes_the_configured_server);
    tcase_add_test(cases, ignores_others);
    tcase_add_loop_test(cases, holds_passes_against_From, 0, G_N_ELEMENTS(alignments));
    return cases;
}
