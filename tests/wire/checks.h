/* checks.h: what the tests of this room assert again and again. */
#ifndef POSTDESK_TESTS_WIRE_CHECKS_H
#define POSTDESK_TESTS_WIRE_CHECKS_H

#include "postdesk/status.h"
#include <check.h>

/* Both free the status. */
void check_good(PdStatus *status);
/* The status spoils this, and holds these words. */
void check_bad(PdStatus *status, PdSpoils spoils, gboolean may_retry, const char *words);

/* For main to return. */
int run_suite(Suite *suite);

#endif
