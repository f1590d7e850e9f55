# src/cli
bin_PROGRAMS += postdesk
postdesk_SOURCES = src/cli/main.c
postdesk_LDADD = $(PD_BASE)
