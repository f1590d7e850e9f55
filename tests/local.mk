# tests that concern the whole house
check_SCRIPTS += tests/allocator_test tests/includes_test
TESTS += tests/allocator_test tests/includes_test
EXTRA_DIST += tests/allocator_test tests/includes_test tests/includes.table
TEST_EXTENSIONS =
# Check's own limit of four seconds for a test is that of a fast machine with nothing else to do.
AM_TESTS_ENVIRONMENT = top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	POSTDESK_ALLOCATOR="$(ALLOCATOR)"; export POSTDESK_ALLOCATOR; \
	CK_DEFAULT_TIMEOUT=120; export CK_DEFAULT_TIMEOUT;
