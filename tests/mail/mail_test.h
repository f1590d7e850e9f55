/* mail_test.h: the suites of the mail floor's tests. */
#ifndef MAIL_TEST_H
#define MAIL_TEST_H

#include <check.h>

TCase *address_cases(void);
TCase *attachment_cases(void);
TCase *bounce_cases(void);
TCase *charset_cases(void);
TCase *compose_cases(void);
TCase *embedded_cases(void);
TCase *header_cases(void);
TCase *html_cases(void);
TCase *language_cases(void);
TCase *shape_cases(void);
TCase *message_cases(void);
TCase *origin_cases(void);
TCase *remark_cases(void);
TCase *rtf_cases(void);
TCase *tnef_cases(void);
TCase *quote_cases(void);
TCase *quoted_cases(void);
TCase *token_cases(void);
TCase *trust_cases(void);
TCase *world_cases(void);

#endif
