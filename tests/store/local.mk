# tests/store: with a killpoint.c of its own, that kills (see killpoint.h).
if HAVE_CHECK
check_PROGRAMS += tests/store/store_test
TESTS += tests/store/store_test
tests_store_store_test_SOURCES = \
	src/base/killpoint.c \
	tests/store/attachment_test.c \
	tests/store/crash_test.c \
	tests/store/decision_test.c \
	tests/store/doors_test.c \
	tests/store/fixture.c \
	tests/store/inbox_test.c \
	tests/store/journal_test.c \
	tests/store/likeness_test.c \
	tests/store/list_test.c \
	tests/store/main.c \
	tests/store/outbox_test.c \
	tests/store/raw_test.c \
	tests/store/rewrap_test.c \
	tests/store/search_shard_test.c \
	tests/store/sharing_fixture.c \
	tests/store/sharing_fixture.h \
	tests/store/sharing_lines_test.c \
	tests/store/sharing_parts_test.c \
	tests/store/sharing_test.c \
	tests/store/store_test.h \
	tests/store/tickets_test.c \
	tests/store/unsynced_test.c \
	tests/store/upkeep_test.c
tests_store_store_test_CPPFLAGS = $(AM_CPPFLAGS) -DPD_KILL_POINTS=1
tests_store_store_test_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_store_store_test_LDADD = $(PD_STORE) $(PD_BASE) $(PD_TEST_LIBS)
endif
# How fast the store is; not a test.
check_PROGRAMS += tests/store/store_bench
tests_store_store_bench_SOURCES = tests/store/store_bench.c
tests_store_store_bench_LDADD = $(PD_STORE) $(PD_BASE) $(GLIB_LIBS)
