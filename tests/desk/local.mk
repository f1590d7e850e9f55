# tests/desk
if HAVE_CHECK
PD_DESK_TESTS = tests/desk/alarm_test tests/desk/assignment_test tests/desk/authority_test tests/desk/bulk_test tests/desk/calendar_test tests/desk/call_test tests/desk/command_test tests/desk/desk_test \
	tests/desk/follower_test tests/desk/form_test tests/desk/golden_test tests/desk/merge_test tests/desk/quoting_test \
	tests/desk/mustache_test tests/desk/people_test tests/desk/plan_test \
	tests/desk/escalation_test tests/desk/concern_test tests/desk/pace_test tests/desk/roster_test tests/desk/search_test tests/desk/targets_test \
	tests/desk/inforce_test tests/desk/intake_test tests/desk/letoff_test \
	tests/desk/takers_test tests/desk/template_test \
	tests/desk/working_answers_test tests/desk/working_commands_test tests/desk/working_outside_test \
	tests/desk/working_proof_test tests/desk/working_reporter_test tests/desk/working_strangers_test \
	tests/desk/working_undo_test
check_PROGRAMS += $(PD_DESK_TESTS)
TESTS += $(PD_DESK_TESTS)
PD_DESK_TEST_LIBS = tests/desk/libhelp.a $(PD_DESK) $(PD_RULES) $(PD_MAIL) $(PD_STORE) $(PD_CONFIG) $(PD_BASE) \
	$(PD_TEST_LIBS)
PD_DESK_TEST_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
check_LIBRARIES += tests/desk/libhelp.a
tests_desk_libhelp_a_SOURCES = tests/desk/files.h tests/desk/fixture.c tests/desk/fixture.h \
	tests/desk/letters.c tests/desk/letters.h tests/desk/may.h tests/desk/worked.c \
	tests/desk/worked.h
tests_desk_libhelp_a_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_alarm_test_SOURCES = tests/desk/alarm_test.c
tests_desk_alarm_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_alarm_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_authority_test_SOURCES = tests/desk/authority_test.c
tests_desk_authority_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_authority_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_calendar_test_SOURCES = tests/desk/calendar_test.c
tests_desk_calendar_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_calendar_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_call_test_SOURCES = tests/desk/call_test.c
tests_desk_call_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_call_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_bulk_test_SOURCES = tests/desk/bulk_test.c
tests_desk_bulk_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_bulk_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_command_test_SOURCES = tests/desk/command_test.c
tests_desk_command_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_command_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_desk_test_SOURCES = tests/desk/desk_test.c
tests_desk_desk_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_desk_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_form_test_SOURCES = tests/desk/form_test.c
tests_desk_form_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_form_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_golden_test_SOURCES = tests/desk/golden_test.c
tests_desk_golden_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_golden_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_intake_test_SOURCES = tests/desk/intake_test.c
tests_desk_intake_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_intake_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_merge_test_SOURCES = tests/desk/merge_test.c
tests_desk_merge_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_merge_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_quoting_test_SOURCES = tests/desk/quoting_test.c
tests_desk_quoting_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_quoting_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_mustache_test_SOURCES = tests/desk/mustache_test.c
tests_desk_mustache_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_mustache_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_pace_test_SOURCES = tests/desk/pace_test.c
tests_desk_pace_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_pace_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_concern_test_SOURCES = tests/desk/concern_test.c
tests_desk_concern_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_concern_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_people_test_SOURCES = tests/desk/people_test.c
tests_desk_people_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_people_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_plan_test_SOURCES = tests/desk/plan_test.c
tests_desk_plan_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_plan_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_escalation_test_SOURCES = tests/desk/escalation_test.c
tests_desk_escalation_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_escalation_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_roster_test_SOURCES = tests/desk/roster_test.c
tests_desk_roster_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_roster_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_search_test_SOURCES = tests/desk/search_test.c
tests_desk_search_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_search_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_targets_test_SOURCES = tests/desk/targets_test.c
tests_desk_targets_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_targets_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_template_test_SOURCES = tests/desk/template_test.c
tests_desk_template_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_template_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_assignment_test_SOURCES = tests/desk/assignment_test.c
tests_desk_assignment_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_assignment_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_follower_test_SOURCES = tests/desk/follower_test.c
tests_desk_follower_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_follower_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_inforce_test_SOURCES = tests/desk/inforce_test.c
tests_desk_inforce_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_inforce_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_letoff_test_SOURCES = tests/desk/letoff_test.c
tests_desk_letoff_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_letoff_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_takers_test_SOURCES = tests/desk/takers_test.c
tests_desk_takers_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_takers_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_working_answers_test_SOURCES = tests/desk/working_answers_test.c
tests_desk_working_answers_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_working_answers_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_working_commands_test_SOURCES = tests/desk/working_commands_test.c
tests_desk_working_commands_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_working_commands_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_working_outside_test_SOURCES = tests/desk/working_outside_test.c
tests_desk_working_outside_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_working_outside_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_working_proof_test_SOURCES = tests/desk/working_proof_test.c
tests_desk_working_proof_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_working_proof_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_working_reporter_test_SOURCES = tests/desk/working_reporter_test.c
tests_desk_working_reporter_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_working_reporter_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_working_strangers_test_SOURCES = tests/desk/working_strangers_test.c
tests_desk_working_strangers_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_working_strangers_test_LDADD = $(PD_DESK_TEST_LIBS)
tests_desk_working_undo_test_SOURCES = tests/desk/working_undo_test.c
tests_desk_working_undo_test_CFLAGS = $(PD_DESK_TEST_CFLAGS)
tests_desk_working_undo_test_LDADD = $(PD_DESK_TEST_LIBS)
# the fuzzer's seeds as a test; see tests/fuzz/fuzz_desk.c
check_PROGRAMS += tests/fuzz/fuzz_desk
TESTS += tests/desk/seeds_test
tests_fuzz_fuzz_desk_SOURCES = tests/fuzz/fuzz_desk.c tests/fuzz/mutate.c tests/fuzz/mutate.h
tests_fuzz_fuzz_desk_LDADD = $(PD_DESK_TEST_LIBS)
endif
EXTRA_DIST += tests/desk/seeds_test tests/fuzz/seeds/desk
EXTRA_DIST += tests/fuzz/fuzz_mustache.c tests/desk/golden
