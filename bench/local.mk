# bench: built on request, by script/bench.
EXTRA_PROGRAMS += bench/rules_bench
bench_rules_bench_SOURCES = bench/rules_bench.c
bench_rules_bench_CFLAGS = $(AM_CFLAGS) $(PCRE2_CFLAGS)
bench_rules_bench_LDADD = $(PD_ROLES) $(PD_WIRE) $(PD_DESK) $(PD_STORE) $(PD_RULES) $(PD_MAIL) \
	$(PD_CONFIG) $(PD_BASE) $(PCRE2_LIBS) $(GLIB_LIBS)
CLEANFILES += bench/rules_bench
EXTRA_DIST += bench/rules.py
