# src/rules: rule files, read and applied.
noinst_LTLIBRARIES += librules.la
librules_la_SOURCES = \
	src/rules/action_read.c \
	src/rules/always.c \
	src/rules/always.h \
	src/rules/byte_set.c \
	src/rules/cache.c \
	src/rules/cache.h \
	src/rules/condition.c \
	src/rules/condition_read.c \
	src/rules/dear.c \
	src/rules/dear.h \
	src/rules/contradiction.c \
	src/rules/contradiction.h \
	src/rules/decision.c \
	src/rules/decision_json.c \
	src/rules/decision_line.c \
	src/rules/evaluate.c \
	src/rules/evaluate.h \
	src/rules/expand.c \
	src/rules/expand.h \
	src/rules/gate.c \
	src/rules/git.c \
	src/rules/git.h \
	src/rules/han.c \
	src/rules/han.h \
	src/rules/han_pairs.h \
	src/rules/implied.c \
	src/rules/implied.h \
	src/rules/known.c \
	src/rules/known.h \
	src/rules/known_answers.c \
	src/rules/lint.c \
	src/rules/literal_reader.c \
	src/rules/literal_reader.h \
	src/rules/literal_sequence.c \
	src/rules/literal_sequence.h \
	src/rules/literal_set.c \
	src/rules/literal_set.h \
	src/rules/literal_words.c \
	src/rules/literal_words.h \
	src/rules/literals.c \
	src/rules/matrix.c \
	src/rules/model.c \
	src/rules/model.h \
	src/rules/normal.c \
	src/rules/normal.h \
	src/rules/owners.c \
	src/rules/owners.h \
	src/rules/pattern.c \
	src/rules/pattern.h \
	src/rules/pattern_source.c \
	src/rules/points.c \
	src/rules/points.h \
	src/rules/points_read.c \
	src/rules/points_vote.c \
	src/rules/prefilter.c \
	src/rules/prefilter.h \
	src/rules/reader.c \
	src/rules/reader.h \
	src/rules/rulefile.c \
	src/rules/ruleset.c \
	src/rules/ruletest.c \
	src/rules/same.c \
	src/rules/same.h \
	src/rules/scanner.c \
	src/rules/scanner.h \
	src/rules/scratch.c \
	src/rules/shortmail.c \
	src/rules/shortmail.h \
	src/rules/slot_match.c \
	src/rules/tail.c \
	src/rules/tail.h \
	src/rules/test_read.c \
	src/rules/test_report.c \
	src/rules/uses.c \
	src/rules/weaken.c \
	src/rules/weaken.h \
	src/rules/wordlist.c \
	src/rules/words_read.c \
	include/postdesk/rules.h
librules_la_CFLAGS = $(AM_CFLAGS) $(PCRE2_CFLAGS) $(HS_CFLAGS)
librules_la_LIBADD = $(PCRE2_LIBS) $(HS_LIBS) $(GLIB_LIBS)
PD_RULES = librules.la
EXTRA_DIST += script/han-pairs
