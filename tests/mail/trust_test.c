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

TCase *trust_cases(void)
{
    TCase *cases = tcase_create("trust");

    tcase_add_test(cases, believes_the_configured_server);
    tcase_add_test(cases, ignores_others);
    return cases;
}
