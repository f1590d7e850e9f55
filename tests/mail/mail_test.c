/* mail_test: runs the suites of the mail floor. */
#include "mail_test.h"

#include <stdlib.h>

int main(void)
{
    TCase *(*const cases[])(void) = {address_cases,  attachment_cases, bounce_cases, charset_cases,
                                     compose_cases,  embedded_cases,   header_cases, html_cases,
                                     language_cases, message_cases,    origin_cases, remark_cases,
                                     shape_cases,    rtf_cases,        tnef_cases,   quote_cases,
                                     quoted_cases,   token_cases,      trust_cases,  world_cases};
    Suite *suite = suite_create("mail");

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        suite_add_tcase(suite, cases[i]());
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
