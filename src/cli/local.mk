# src/cli: the command line; it sees all.
noinst_LIBRARIES += libcli.a
libcli_a_SOURCES = \
	src/cli/call.c \
	src/cli/call.h \
	src/cli/cli.c \
	src/cli/cli.h \
	src/cli/cmd_calendar.c \
	src/cli/cmd_check.c \
	src/cli/cmd_doctor.c \
	src/cli/cmd_explain.c \
	src/cli/cmd_form.c \
	src/cli/cmd_init.c \
	src/cli/cmd_inject.c \
	src/cli/cmd_list.c \
	src/cli/cmd_new.c \
	src/cli/cmd_outbox.c \
	src/cli/cmd_parse.c \
	src/cli/cmd_people.c \
	src/cli/cmd_quarantine.c \
	src/cli/cmd_redecode.c \
	src/cli/cmd_roles.c \
	src/cli/cmd_rules.c \
	src/cli/cmd_search.c \
	src/cli/cmd_rules.h \
	src/cli/cmd_rules_replay.c \
	src/cli/cmd_rules_stats.c \
	src/cli/cmd_rules_suggest.c \
	src/cli/cmd_set.c \
	src/cli/cmd_show.c \
	src/cli/cmd_signature.c \
	src/cli/cmd_status.c \
	src/cli/cmd_upkeep.c \
	src/cli/cmd_target.c \
	src/cli/cmd_who.c \
	src/cli/cmd_template.c \
	src/cli/cmd_ticket.c \
	src/cli/doctor.h \
	src/cli/doctor_trust.c \
	src/cli/documents.c \
	src/cli/documents.h \
	src/cli/explain_print.c \
	src/cli/explain_print.h \
	src/cli/filter.c \
	src/cli/filter.h \
	src/cli/print.c \
	src/cli/print.h \
	src/cli/save.c \
	src/cli/save.h \
	src/cli/show.h \
	src/cli/show_document.c \
	src/cli/show_print.c \
	src/cli/signature.c \
	src/cli/signature.h \
	src/cli/signed.h
# As each floor is named with what it stands on, so is the whole program; main.c is not in it.
PD_PROGRAM = libcli.a $(PD_ROLES) $(PD_WIRE) $(PD_DESK) $(PD_STORE) $(PD_RULES) $(PD_MAIL) \
	$(PD_CONFIG) $(PD_BASE) $(GLIB_LIBS) $(MIMALLOC_LIBS)
bin_PROGRAMS += postdesk
postdesk_SOURCES = src/cli/main.c
postdesk_LDADD = $(PD_PROGRAM)
dist_pkgdata_DATA = examples/postdesk.yaml
