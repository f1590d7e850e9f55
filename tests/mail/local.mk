# tests/mail
if HAVE_CHECK
check_PROGRAMS += tests/mail/mail_test tests/mail/mail_bench tests/mail/mail_dump
TESTS += tests/mail/mail_test tests/mail/corpus_test
tests_mail_mail_test_SOURCES = \
	tests/mail/address_test.c \
	tests/mail/attachment_test.c \
	tests/mail/bounce_test.c \
	tests/mail/charset_test.c \
	tests/mail/compose_test.c \
	tests/mail/embedded_test.c \
	tests/mail/header_test.c \
	tests/mail/html_test.c \
	tests/mail/language_test.c \
	tests/mail/shape_test.c \
	tests/mail/mail_test.c \
	tests/mail/mail_test.h \
	tests/mail/message_test.c \
	tests/mail/origin_test.c \
	tests/mail/quote_test.c \
	tests/mail/quoted_test.c \
	tests/mail/reading_help.h \
	tests/mail/remark_test.c \
	tests/mail/rtf_test.c \
	tests/mail/tnef_test.c \
	tests/mail/token_test.c \
	tests/mail/trust_test.c \
	tests/mail/world_test.c
tests_mail_mail_test_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(GMIME_CFLAGS)
tests_mail_mail_test_LDADD = $(PD_MAIL) $(PD_BASE) $(PD_TEST_LIBS)
# not a test: times one message
tests_mail_mail_bench_SOURCES = tests/mail/mail_bench.c
tests_mail_mail_bench_CFLAGS = $(AM_CFLAGS) $(GMIME_CFLAGS)
tests_mail_mail_bench_LDADD = $(PD_MAIL) $(PD_BASE) $(GMIME_LIBS) $(PD_TEST_LIBS)
# what the floor sees in each file, for corpus_test and score.py
tests_mail_mail_dump_SOURCES = tests/mail/mail_dump.c
tests_mail_mail_dump_LDADD = $(PD_MAIL) $(PD_BASE) $(PD_TEST_LIBS)
# the fuzzer's seeds as a test; with libFuzzer it is built by hand (see fuzz_mail.c)
check_PROGRAMS += tests/fuzz/fuzz_mail
TESTS += tests/mail/seeds_test
tests_fuzz_fuzz_mail_SOURCES = tests/fuzz/fuzz_mail.c tests/fuzz/mutate.c tests/fuzz/mutate.h
tests_fuzz_fuzz_mail_LDADD = $(PD_MAIL) $(PD_BASE) $(PD_TEST_LIBS)
endif
EXTRA_DIST += tests/mail/seeds_test tests/fuzz/more_seeds.py tests/fuzz/seeds/mail
EXTRA_DIST += tests/mail/world
EXTRA_DIST += tests/mail/corpus_test tests/mail/hostile.py tests/mail/score.py tests/mail/score.baseline tests/mail/persons.list
# the scores as a table, with every miss; and how hostile messages grow
POSTDESK_CORPUS_DIR = $${POSTDESK_CORPUS:-$(top_srcdir)/../shared/corpus}
score: tests/mail/mail_dump
	python3 $(top_srcdir)/tests/mail/score.py tests/mail/mail_dump "$(POSTDESK_CORPUS_DIR)" \
		$(top_srcdir)/tests/mail/score.baseline -v
hostile: tests/mail/mail_dump
	python3 $(top_srcdir)/tests/mail/hostile.py tests/mail/mail_dump
.PHONY: score hostile
