/* main.c: the tests of the state folder. */
#include "store_test.h"

#include <stdlib.h>

int main(void)
{
    SRunner *runner = srunner_create(doors_suite());

    srunner_add_suite(runner, attachment_suite());
    srunner_add_suite(runner, raw_suite());
    srunner_add_suite(runner, rewrap_suite());
    srunner_add_suite(runner, sharing_suite());
    srunner_add_suite(runner, sharing_lines_suite());
    srunner_add_suite(runner, sharing_parts_suite());
    srunner_add_suite(runner, inbox_suite());
    srunner_add_suite(runner, tickets_suite());
    srunner_add_suite(runner, decision_suite());
    srunner_add_suite(runner, likeness_suite());
    srunner_add_suite(runner, list_suite());
    srunner_add_suite(runner, outbox_suite());
    srunner_add_suite(runner, journal_suite());
    srunner_add_suite(runner, crash_suite());
    srunner_add_suite(runner, unsynced_suite());
    srunner_add_suite(runner, search_shard_suite());
    srunner_add_suite(runner, upkeep_suite());
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
