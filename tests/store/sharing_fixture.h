/* sharing_fixture.h: mails that carry the same files, and what lies of them on the disk. */
#ifndef PD_SHARING_FIXTURE_H
#define PD_SHARING_FIXTURE_H

#include "postdesk/sharing.h"
#include "store_test.h"

#define FILE_BYTES ((gsize)300 * 1000)

/* What goes wrong where blocks are given back. */
typedef enum { HOLES, NO_HOLES, DIE_BEFORE_HOLE, DIE_BEHIND_HOLE } TestHoles;
extern TestHoles holes;

/* A file's text as mails carry it. */
char *encoded_with(guint32 seed, gsize length, gsize columns, const char *line_end);
char *encoded(guint32 seed, gsize length, gsize columns);

typedef struct {
    const char *text; /* the encoded file */
    guint32 seed;     /* names it */
    gsize size;
} Attached;

/* A mail with such files, as process stores it; its raw text is the caller's. */
gint64 put_mail(const char *mailbox, guint32 uid, const Attached *files, gsize count, char **raw);
/* With one file of FILE_BYTES, however it is encoded. */
gint64 put_text(guint32 uid, const char *text, guint32 seed, char **raw);
gint64 put_file(guint32 uid, guint32 seed, gsize columns, char **raw);

void check_reads_of(PdStore *of, gint64 inbox, const char *raw);
void check_reads(gint64 inbox, const char *raw);
void tamper(gint64 inbox, guint64 at);

/* Bytes that the raw mail takes on the disk. */
gint64 taken_in(const char *folder);
gint64 taken(void);
/* Until nothing more is looked at; gives the bytes given back. */
gint64 share_in(PdStore *in);
gint64 share(void);
gint64 saved(void);

#endif
