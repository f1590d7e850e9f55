# tests that concern the whole house
check_SCRIPTS += tests/includes_test
TESTS += tests/includes_test
EXTRA_DIST += tests/includes_test tests/includes.table
TEST_EXTENSIONS =
AM_TESTS_ENVIRONMENT = top_srcdir='$(abs_top_srcdir)'; export top_srcdir;
