# tests/mail
if HAVE_CHECK
check_PROGRAMS += tests/mail/mail_bench tests/mail/mail_dump
tests_mail_mail_bench_SOURCES = tests/mail/mail_bench.c
tests_mail_mail_bench_CFLAGS = $(AM_CFLAGS) $(GMIME_CFLAGS)
tests_mail_mail_bench_LDADD = $(PD_MAIL) $(PD_BASE) $(GMIME_LIBS) $(PD_TEST_LIBS)
tests_mail_mail_dump_SOURCES = tests/mail/mail_dump.c
tests_mail_mail_dump_LDADD = $(PD_MAIL) $(PD_BASE) $(PD_TEST_LIBS)
endif
