# tests/base
if HAVE_CHECK
check_PROGRAMS += tests/base/base_test
TESTS += tests/base/base_test
tests_base_base_test_SOURCES = tests/base/base_test.c
tests_base_base_test_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_base_base_test_LDADD = $(PD_BASE) $(PD_TEST_LIBS)
check_PROGRAMS += tests/base/title_test
TESTS += tests/base/title_test
tests_base_title_test_SOURCES = tests/base/title_test.c
tests_base_title_test_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_base_title_test_LDADD = $(PD_BASE) $(PD_TEST_LIBS)
endif
