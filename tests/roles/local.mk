# tests/roles
if HAVE_CHECK
roles_tests = tests/roles/portion_test tests/roles/prefork_test tests/roles/roles_test
check_PROGRAMS += $(roles_tests)
TESTS += $(roles_tests)
roles_test_cflags = $(AM_CFLAGS) $(CHECK_CFLAGS)
roles_test_libs = $(PD_ROLES) $(PD_WIRE) $(PD_DESK) $(PD_STORE) $(PD_RULES) \
	$(PD_MAIL) $(PD_CONFIG) $(PD_BASE) $(PD_TEST_LIBS)
tests_roles_portion_test_SOURCES = tests/roles/portion_test.c
tests_roles_portion_test_CFLAGS = $(roles_test_cflags)
tests_roles_portion_test_LDADD = $(roles_test_libs)
tests_roles_prefork_test_SOURCES = tests/roles/prefork_test.c
tests_roles_prefork_test_CFLAGS = $(roles_test_cflags)
tests_roles_prefork_test_LDADD = $(roles_test_libs)
tests_roles_roles_test_SOURCES = tests/roles/roles_test.c
tests_roles_roles_test_CFLAGS = $(roles_test_cflags)
tests_roles_roles_test_LDADD = $(roles_test_libs)
endif
