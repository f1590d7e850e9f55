# tests/wire: against servers that play scripts.
if HAVE_CHECK
wire_tests = \
	tests/wire/imap_test \
	tests/wire/maildir_test \
	tests/wire/smtp_test \
	tests/wire/tls_test
check_PROGRAMS += $(wire_tests)
TESTS += $(wire_tests)
wire_test_cflags = $(AM_CFLAGS) $(SSL_CFLAGS) $(CRYPTO_CFLAGS) $(CHECK_CFLAGS)
wire_test_libs = tests/wire/libhelp.a $(PD_WIRE) $(PD_CONFIG) $(PD_BASE) $(SSL_LIBS) $(CRYPTO_LIBS) \
	$(PD_TEST_LIBS)
check_LIBRARIES += tests/wire/libhelp.a
tests_wire_libhelp_a_SOURCES = tests/wire/checks.c tests/wire/checks.h tests/wire/peer.c \
	tests/wire/peer.h
tests_wire_libhelp_a_CFLAGS = $(wire_test_cflags)
tests_wire_imap_test_SOURCES = tests/wire/imap_test.c
tests_wire_imap_test_CFLAGS = $(wire_test_cflags)
tests_wire_imap_test_LDADD = $(wire_test_libs)
tests_wire_maildir_test_SOURCES = tests/wire/maildir_test.c
tests_wire_maildir_test_CFLAGS = $(wire_test_cflags)
tests_wire_maildir_test_LDADD = $(wire_test_libs)
tests_wire_smtp_test_SOURCES = tests/wire/smtp_test.c
tests_wire_smtp_test_CFLAGS = $(wire_test_cflags)
tests_wire_smtp_test_LDADD = $(wire_test_libs)
tests_wire_tls_test_SOURCES = tests/wire/tls_test.c
tests_wire_tls_test_CFLAGS = $(wire_test_cflags)
tests_wire_tls_test_LDADD = $(wire_test_libs)
endif
