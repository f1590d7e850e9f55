# src/store: the state folder; the only room that knows SQLite.
noinst_LTLIBRARIES += libstore.la
libstore_la_SOURCES = \
	src/store/alarm.c \
	src/store/attachment.c \
	src/store/backup.c \
	src/store/checkpoint.c \
	src/store/common.c \
	src/store/common.h \
	src/store/container.h \
	src/store/container_read.c \
	src/store/container_write.c \
	src/store/db.c \
	src/store/db.h \
	src/store/decision.c \
	src/store/event.c \
	src/store/fact.c \
	src/store/folder.c \
	src/store/inbox.c \
	src/store/journal.c \
	src/store/key.c \
	src/store/likeness.c \
	src/store/likeness.h \
	src/store/likeness_words.c \
	src/store/likeness_words.h \
	src/store/message.c \
	src/store/outbox.c \
	src/store/outbox_keep.c \
	src/store/outbox_list.c \
	src/store/pending.c \
	src/store/printing.c \
	src/store/projection.c \
	src/store/projection.h \
	src/store/raw.c \
	src/store/raw_view.c \
	src/store/raw_view.h \
	src/store/raw_writer.c \
	src/store/restore.c \
	src/store/schema.c \
	src/store/schema.h \
	src/store/search.c \
	src/store/search_index.c \
	src/store/search_place.c \
	src/store/search_place.h \
	src/store/search_words.c \
	src/store/search_words.h \
	src/store/segment.c \
	src/store/sharing.c \
	src/store/sharing_plan.c \
	src/store/sharing_plan.h \
	src/store/store.c \
	src/store/store_internal.h \
	src/store/ticket.c \
	src/store/ticket_list.c \
	src/store/timer.c \
	src/store/verify.c \
	src/store/verify.h \
	src/store/verify_finding.c \
	src/store/verify_finding.h \
	src/store/verify_ledger.c \
	src/store/verify_ticket.c \
	src/store/writer_lock.c \
	src/store/writer_lock.h \
	include/postdesk/attachments.h \
	include/postdesk/inbox.h \
	include/postdesk/outbox.h \
	include/postdesk/pending.h \
	include/postdesk/raw.h \
	include/postdesk/search.h \
	include/postdesk/sharing.h \
	include/postdesk/store.h \
	include/postdesk/tickets.h \
	include/postdesk/timers.h \
	include/postdesk/upkeep.h
libstore_la_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS)
libstore_la_LIBADD = libbase.la $(SQLITE_LIBS) $(GLIB_LIBS)
PD_STORE = libstore.la
