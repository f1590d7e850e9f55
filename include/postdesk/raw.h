/* raw.h: the bytes of messages, kept for ever as they came.
 *
 * Messages are appended to segment files; one sync makes many of them durable.
 * What lies behind the end of the last committed message of a segment is the
 * rest of an interrupted write and is overwritten by the segment's next writer.
 *
 * Bytes that a message has in common with another one may lie on the disk once (sharing.h): a
 * segment then has a hole. So raw mail is read by the doors below and by nothing else.
 */
#ifndef POSTDESK_RAW_H
#define POSTDESK_RAW_H

#include "postdesk/hash.h"
#include "postdesk/store.h"

typedef struct {
    gint64 segment;
    guint64 offset;
    guint64 length;
} PdRawPlace;

typedef struct pd_raw_writer PdRawWriter;

/* owner: a name such as "support/INBOX" or "inject"; each owner appends to segments of
 * its own, under a lock that lasts as long as the writer. A writer of the same owner in another
 * process is waited for, some seconds. Not within a transaction. */
PdStatus *pd_raw_writer_open(PdStore *store, const char *owner, PdRawWriter **writer);
void pd_raw_writer_free(PdRawWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdRawWriter, pd_raw_writer_free)

/* A message in pieces: begin, write …, end; or abandon, which forgets it. */
PdStatus *pd_raw_begin(PdRawWriter *writer);
PdStatus *pd_raw_write(PdRawWriter *writer, const char *bytes, gsize length);
PdStatus *pd_raw_end(PdRawWriter *writer, PdRawPlace *place, guint8 sha256[PD_HASH_SIZE]);
void pd_raw_abandon(PdRawWriter *writer);
/* Makes all ended messages durable. Call before committing rows that name them. */
PdStatus *pd_raw_sync(PdRawWriter *writer);

/* A descriptor that reads the place (pread at place.offset); borrowed, good until it is closed, or
 * the next one opened or read. As long as it is open, the bytes of the place stay where they are.
 */
PdStatus *pd_raw_open(PdStore *store, const PdRawPlace *place, int *fd);
void pd_raw_close(PdStore *store); /* harmless where none is open */
/* All its bytes, at most so many; caller frees. */
PdStatus *pd_raw_read(PdStore *store, const PdRawPlace *place, gsize most, char **bytes,
                      gsize *length);

#endif
