# src/roles: the processes of a running desk; here desk and wire meet.
noinst_LIBRARIES += libroles.a
libroles_a_SOURCES = \
	src/roles/batch.c \
	src/roles/batch.h \
	src/roles/beside.c \
	src/roles/beside.h \
	src/roles/child.c \
	src/roles/child.h \
	src/roles/children.c \
	src/roles/children.h \
	src/roles/claimed.c \
	src/roles/claimed.h \
	src/roles/clock.c \
	src/roles/collect.c \
	src/roles/deliver.c \
	src/roles/files.c \
	src/roles/files.h \
	src/roles/folder.c \
	src/roles/folder.h \
	src/roles/helper.c \
	src/roles/helper.h \
	src/roles/inject.c \
	src/roles/loader.c \
	src/roles/loader.h \
	src/roles/pdf.c \
	src/roles/portion.c \
	src/roles/portion.h \
	src/roles/prefork.c \
	src/roles/prefork.h \
	src/roles/printer.c \
	src/roles/printer.h \
	src/roles/process.c \
	src/roles/reconcile.c \
	src/roles/reload.c \
	src/roles/reload.h \
	src/roles/role.c \
	src/roles/role.h \
	src/roles/sandbox.c \
	src/roles/sandbox.h \
	src/roles/sharer.c \
	src/roles/sharer.h \
	src/roles/signals.c \
	src/roles/signals.h \
	src/roles/stubborn.c \
	src/roles/stubborn.h \
	src/roles/supervise.c \
	src/roles/taking.c \
	src/roles/taking.h \
	src/roles/telling.c \
	src/roles/telling.h \
	src/roles/trouble.c \
	src/roles/trouble.h \
	src/roles/verifier.c \
	src/roles/verifier.h \
	src/roles/vault.c \
	src/roles/vault.h \
	src/roles/wake.c \
	src/roles/watch.c \
	src/roles/watches.c \
	src/roles/watch.h \
	src/roles/watches.h \
	include/postdesk/printing.h \
	include/postdesk/signature.h \
	include/postdesk/roles.h \
	include/postdesk/wake.h
libroles_a_CFLAGS = $(AM_CFLAGS) $(SECCOMP_CFLAGS) $(SYSTEMD_CFLAGS)
PD_ROLES = libroles.a $(SECCOMP_LIBS) $(SYSTEMD_LIBS)
