/* upkeep.h: backup, restore, verify of a state folder. */
#ifndef POSTDESK_UPKEEP_H
#define POSTDESK_UPKEEP_H

#include "postdesk/diagnostics.h"
#include "postdesk/store.h"

typedef void (*PdProgress)(guint64 done, guint64 total, gpointer user);

/* A consistent copy of a running desk into one file (database snapshot, raw segments up to
 * what it names, token key), with a manifest of hashes; written beside, synced, renamed. Bytes that
 * lie once (sharing.h) are in it once.
 * It holds secrets of the desk's tokens: mode 0600. */
PdStatus *pd_store_backup(PdStore *store, const char *file, PdProgress progress, gpointer user);
/* Why a mail waits for a person that may have gone out after the backup. */
#define PD_HELD_SINCE_RESTORE "restored from a backup: it may have been sent after that"

/* Into an empty or absent state folder; the outbox is held until reconcile (I8), and rows that were
 * queued, retry or sending become unknown, as do the mails of what was put aside and of timers that
 * were due before pd_store_restored_at(). New tickets pass over the numbers that may have been
 * given since. verify_only: reads and compares only. */
PdStatus *pd_store_restore(const char *file, const char *folder, gboolean verify_only,
                           PdProgress progress, gpointer user);

typedef struct {
    gint64 tickets, events, messages, bytes;
    gint64 shared; /* of the bytes: lie in another message (sharing.h) */
} PdVerified;
/* Ticket rows against their events, byte for byte; raw bytes against their hashes; ledger rows
 * against outcomes: a message that went to a ticket is named by one of its events. Each difference
 * is an error in the list. Changes nothing. */
PdStatus *pd_store_verify(PdStore *store, PdDiagnostics *list, PdVerified *counts,
                          PdProgress progress, gpointer user);

#endif
