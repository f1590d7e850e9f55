# tests/rules
if HAVE_CHECK
check_LIBRARIES += tests/rules/libhelp.a
tests_rules_libhelp_a_SOURCES = tests/rules/folder.c tests/rules/folder.h tests/rules/random.c \
	tests/rules/random.h
tests_rules_libhelp_a_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
PD_RULES_TEST_LIBS = tests/rules/libhelp.a $(PD_RULES) $(PD_MAIL) $(PD_CONFIG) $(PD_BASE) \
	$(PD_TEST_LIBS)
check_PROGRAMS += tests/rules/cache_test tests/rules/identity_test \
	tests/rules/known_test tests/rules/pattern_test \
	tests/rules/plain_test tests/rules/points_test \
	tests/rules/prefilter_test tests/rules/report_test tests/rules/rules_test \
	tests/rules/shipped_test tests/rules/fuzz_rules
TESTS += tests/rules/cache_test tests/rules/identity_test \
	tests/rules/known_test tests/rules/pattern_test \
	tests/rules/plain_test tests/rules/points_test \
	tests/rules/prefilter_test tests/rules/report_test tests/rules/rules_test tests/rules/shipped_test
tests_rules_cache_test_SOURCES = tests/rules/cache_test.c
tests_rules_cache_test_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_rules_cache_test_LDADD = $(PD_RULES_TEST_LIBS)
tests_rules_identity_test_SOURCES = tests/rules/identity_test.c
tests_rules_identity_test_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_rules_identity_test_LDADD = $(PD_RULES_TEST_LIBS)
tests_rules_known_test_SOURCES = tests/rules/known_test.c
tests_rules_known_test_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_rules_known_test_LDADD = $(PD_RULES_TEST_LIBS)
tests_rules_pattern_test_SOURCES = tests/rules/pattern_test.c
tests_rules_pattern_test_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_rules_pattern_test_LDADD = $(PD_RULES_TEST_LIBS)
# The same as cache_test, built as --without-hyperscan builds: this scanner.c stands before the one
# in the library.
tests_rules_plain_test_SOURCES = tests/rules/cache_test.c src/rules/scanner.c
tests_rules_plain_test_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_rules_plain_test_LDADD = $(PD_RULES_TEST_LIBS)
tests_rules_points_test_SOURCES = tests/rules/points_test.c
tests_rules_points_test_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_rules_points_test_LDADD = $(PD_RULES_TEST_LIBS)
tests_rules_prefilter_test_SOURCES = tests/rules/prefilter_test.c
tests_rules_prefilter_test_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_rules_prefilter_test_LDADD = $(PD_RULES_TEST_LIBS)
tests_rules_report_test_SOURCES = tests/rules/report_test.c
tests_rules_report_test_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_rules_report_test_LDADD = $(PD_RULES_TEST_LIBS)
tests_rules_rules_test_SOURCES = tests/rules/rules_test.c
tests_rules_rules_test_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_rules_rules_test_LDADD = $(PD_RULES_TEST_LIBS)
tests_rules_shipped_test_SOURCES = tests/rules/shipped_test.c
tests_rules_shipped_test_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_rules_shipped_test_LDADD = $(PD_RULES_TEST_LIBS)
# A fuzzer's entry; here with a main() that runs it on files.
tests_rules_fuzz_rules_SOURCES = tests/fuzz/fuzz_rules.c
tests_rules_fuzz_rules_CFLAGS = $(AM_CFLAGS) -DPD_FUZZ_MAIN=1
tests_rules_fuzz_rules_LDADD = tests/rules/libhelp.a $(PD_RULES) $(PD_MAIL) $(PD_CONFIG) $(PD_BASE) $(GLIB_LIBS)
endif
