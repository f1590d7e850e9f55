# src/desk: what becomes of a message, and what is answered.
noinst_LTLIBRARIES += libdesk.la
libdesk_la_SOURCES = \
	src/desk/alarm.c \
	src/desk/answer.c \
	src/desk/answer.h \
	src/desk/calendar.c \
	src/desk/calendar_file.c \
	src/desk/calendar_ical.c \
	src/desk/calendar_json.c \
	src/desk/calendar_new.c \
	src/desk/calendar_private.h \
	src/desk/calendar_set.c \
	src/desk/change.c \
	src/desk/clues.c \
	src/desk/clues.h \
	src/desk/commit.c \
	src/desk/commit.h \
	src/desk/csv.c \
	src/desk/csv.h \
	src/desk/desk.c \
	src/desk/desk_private.h \
	src/desk/due.c \
	src/desk/due.h \
	src/desk/events.c \
	src/desk/events.h \
	src/desk/duty.c \
	src/desk/duty.h \
	src/desk/escalation.c \
	src/desk/escalation.h \
	src/desk/escalation_file.c \
	src/desk/explain.c \
	src/desk/facts.c \
	src/desk/facts.h \
	src/desk/form.c \
	src/desk/intake.c \
	src/desk/lifecycle.c \
	src/desk/lifecycle.h \
	src/desk/merge.c \
	src/desk/merge.h \
	src/desk/mustache.c \
	src/desk/mustache.h \
	src/desk/mustache_parse.c \
	src/desk/mustache_tree.h \
	src/desk/notify.c \
	src/desk/notify.h \
	src/desk/occasions.c \
	src/desk/occasions.h \
	src/desk/people.c \
	src/desk/people_file.c \
	src/desk/people_import.c \
	src/desk/people_private.h \
	src/desk/person.c \
	src/desk/plan.c \
	src/desk/plan.h \
	src/desk/reading.c \
	src/desk/reading.h \
	src/desk/handover.c \
	src/desk/recipients.c \
	src/desk/recipients.h \
	src/desk/roster.c \
	src/desk/roster_check.c \
	src/desk/roster_file.c \
	src/desk/roster_private.h \
	src/desk/subject.c \
	src/desk/subject.h \
	src/desk/target_explain.c \
	src/desk/targets_file.c \
	src/desk/template.c \
	src/desk/template_check.c \
	src/desk/template_private.h \
	src/desk/template_set.h \
	src/desk/thread.c \
	src/desk/thread.h \
	src/desk/timeline.c \
	src/desk/timers.c \
	src/desk/values.c \
	src/desk/values.h \
	src/desk/why.c \
	src/desk/why.h \
	src/desk/words.c \
	src/desk/words.h \
	src/desk/work.c \
	src/desk/work.h \
	src/desk/wrap.c \
	src/desk/wrap.h \
	include/postdesk/calendar.h \
	include/postdesk/desk.h \
	include/postdesk/escalation.h \
	include/postdesk/people.h \
	include/postdesk/roster.h \
	include/postdesk/targets.h \
	include/postdesk/template.h
libdesk_la_CFLAGS = $(AM_CFLAGS) $(ICAL_CFLAGS)
libdesk_la_LIBADD = $(ICAL_LIBS) $(GLIB_LIBS)
PD_DESK = libdesk.la
dist_man_MANS += man/postdesk-templates.5 man/postdesk-calendars.5 \
	man/postdesk-people.5 man/postdesk-targets.5 man/postdesk-roster.5
