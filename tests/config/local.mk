# tests/config
if HAVE_CHECK
config_tests = \
	tests/config/config_test \
	tests/config/secrets_test \
	tests/config/yaml_test
check_PROGRAMS += $(config_tests)
TESTS += $(config_tests)
tests_config_config_test_SOURCES = tests/config/config_test.c
tests_config_config_test_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_config_config_test_LDADD = $(PD_CONFIG) $(PD_BASE) $(PD_TEST_LIBS)
tests_config_secrets_test_SOURCES = tests/config/secrets_test.c
tests_config_secrets_test_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_config_secrets_test_LDADD = $(PD_CONFIG) $(PD_BASE) $(PD_TEST_LIBS)
tests_config_yaml_test_SOURCES = tests/config/yaml_test.c
tests_config_yaml_test_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_config_yaml_test_LDADD = $(PD_CONFIG) $(PD_BASE) $(PD_TEST_LIBS)
endif
EXTRA_DIST += tests/fuzz/fuzz_yaml.c tests/fuzz/seeds/yaml
