# tests/roles
if HAVE_CHECK
check_PROGRAMS += tests/roles/roles_test
TESTS += tests/roles/roles_test
tests_roles_roles_test_SOURCES = tests/roles/roles_test.c
tests_roles_roles_test_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_roles_roles_test_LDADD = $(PD_ROLES) $(PD_WIRE) $(PD_DESK) $(PD_STORE) $(PD_RULES) \
	$(PD_MAIL) $(PD_CONFIG) $(PD_BASE) $(PD_TEST_LIBS)
endif
