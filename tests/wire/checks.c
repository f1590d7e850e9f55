/* checks.c: see checks.h. */
#include "checks.h"

#include <stdlib.h>
#include <string.h>

void check_good(PdStatus *status)
{
    ck_assert_msg(status == NULL, "%s", status != NULL ? pd_status_text(status) : "");
}

void check_bad(PdStatus *status, PdSpoils spoils, gboolean may_retry, const char *words)
{
    ck_assert_ptr_nonnull(status);
    ck_assert_msg(pd_status_spoils(status) == spoils && pd_status_may_retry(status) == may_retry &&
                      strstr(pd_status_text(status), words) != NULL,
                  "%s: %s", pd_status_spoils_name(status), pd_status_text(status));
    pd_status_free(status);
}

int run_suite(Suite *suite)
{
    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
