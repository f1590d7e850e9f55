# bench: built on request, by script/bench.
EXTRA_PROGRAMS += bench/rules_bench bench/desk_bench
bench_rules_bench_SOURCES = bench/rules_bench.c
bench_rules_bench_CFLAGS = $(AM_CFLAGS) $(PCRE2_CFLAGS)
bench_rules_bench_LDADD = $(PD_ROLES) $(PD_WIRE) $(PD_DESK) $(PD_STORE) $(PD_RULES) $(PD_MAIL) \
	$(PD_CONFIG) $(PD_BASE) $(PCRE2_LIBS) $(GLIB_LIBS)
bench_desk_bench_SOURCES = bench/desk_bench.c bench/desk_bench.h bench/desk_fill.c bench/desk_look.c \
	bench/desk_process.c bench/desk_world.c bench/desk_world.h
bench_desk_bench_LDADD = $(PD_ROLES) $(PD_WIRE) $(PD_DESK) $(PD_STORE) $(PD_RULES) $(PD_MAIL) \
	$(PD_CONFIG) $(PD_BASE) $(GLIB_LIBS) -lm
CLEANFILES += bench/rules_bench bench/desk_bench
EXTRA_DIST += bench/desk.md bench/desk.py bench/reload.py bench/replay.py bench/rules.py
