# tests that concern the whole house
check_SCRIPTS += tests/includes_test
TESTS += tests/includes_test
EXTRA_DIST += tests/includes_test tests/includes.table
TEST_EXTENSIONS =
# Check's own limit of four seconds for a test is that of a fast machine with nothing else to do.
AM_TESTS_ENVIRONMENT = top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	CK_DEFAULT_TIMEOUT=120; export CK_DEFAULT_TIMEOUT;
