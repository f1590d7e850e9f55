/* container.h: the file that a backup is.
 *
 *   postdesk-backup 2\n
 *   file LENGTH NAME\n  then its LENGTH bytes, then  sha256 HEX\n  for each file
 *   end COUNT HEX\n                                                HEX: SHA-256 of all lines above
 *
 * The bytes of a file come in parts, each after a line of its own:
 *
 *   bytes N\n           then N bytes
 *   zeros N\n           and nothing: they are N zeros, such as those of a hole
 *
 * In version 1, which is still read, they come in one, without a line.
 *
 * Lines are ASCII. A name is postdesk.db, token.key or raw/N.seg, nothing else, so that no
 * container can write anywhere else. What is cut short has no end line and is refused.
 */
#ifndef PD_STORE_CONTAINER_H
#define PD_STORE_CONTAINER_H

#include "postdesk/upkeep.h"

/* How far a long work is. */
typedef struct {
    PdProgress progress; /* may be NULL */
    gpointer user;
    guint64 done, total;
} PdMeter;
void pd_meter_advance(PdMeter *meter, guint64 by);

typedef struct pd_container PdContainer;
/* Writes beside the file; nothing is at its name before the commit. */
PdStatus *pd_container_create(const char *file, PdContainer **container);
/* The first bytes of a file, which must have as many. */
PdStatus *pd_container_add(PdContainer *container, const char *name, const char *path,
                           guint64 length, PdMeter *meter);
/* Ends it, syncs and renames. */
PdStatus *pd_container_commit(PdContainer *container);
void pd_container_free(PdContainer *container); /* what was not committed is removed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdContainer, pd_container_free)

/* Where the files of a container go; without one they are compared with their hashes only. */
typedef struct {
    PdStatus *(*begin)(const char *name, gpointer user);
    PdStatus *(*bytes)(const char *bytes, gsize length, gpointer user);
    PdStatus *(*end)(gpointer user);
    gpointer user;
} PdContainerSink;
PdStatus *pd_container_read(const char *file, const PdContainerSink *sink, PdMeter *meter);

#endif
