/* source.c: one pass over a body before anything is built of it, and its hash. */
#include "source.h"

#include "header.h"
#include "scan.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define SCAN_BUFFER (128 * 1024)

PdStatus *pd_source_read_at(int fd, off_t offset, char *buffer, gsize length)
{
    while (length > 0) {
        ssize_t got = pread(fd, buffer, length, offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return pd_status_new(PD_SPOILS_STORE, PD_TRY_AGAIN, NULL,
                                 "a stored message cannot be read: %s", g_strerror(errno));
        if (got == 0)
            return pd_status_new(PD_SPOILS_MESSAGE, PD_FINAL,
                                 "run 'postdesk verify' and restore a backup",
                                 "a stored message is shorter than recorded");
        buffer += got;
        offset += got;
        length -= (gsize)got;
    }
    return NULL;
}

/* Headers that make the same mail the same, by whatever way it came. */
static void hash_author_headers(const GPtrArray *raw, PdHash *hash)
{
    static const char *const names[] = {"From", "To", "Cc", "Subject", "Date", "Message-ID"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        const PdRawHeader *header = pd_headers_find(raw, names[i]);
        pd_hash_add(hash, names[i], strlen(names[i]) + 1);
        if (header == NULL)
            continue;
        g_autofree char *value = g_strdup(header->value);
        /* folding may differ between copies: white space does not count */
        gsize used = 0;
        for (gsize c = 0; c < header->length; c++) {
            if (value[c] != ' ' && value[c] != '\t')
                value[used++] = value[c];
        }
        pd_hash_add(hash, value, used);
    }
}

static PdStatus *scan_stream(const PdSource *source, gsize body, PdScan *scan)
{
    g_autofree char *buffer = g_malloc(SCAN_BUFFER);
    gsize at = body, held = 0;

    while (at < source->length) {
        gsize want = MIN(SCAN_BUFFER - held, source->length - at);
        PD_TRY(pd_source_read_at(source->fd, source->offset + (off_t)at, buffer + held, want));
        at += want;
        held += want;
        const char *last = at < source->length ? memrchr(buffer, '\n', held) : NULL;
        gsize whole = last != NULL ? (gsize)(last + 1 - buffer) : held;
        pd_scan_add(scan, buffer, whole);
        held -= whole;
        memmove(buffer, buffer + whole, held);
    }
    return NULL;
}

static PdStatus *scan_into(const PdSource *source, gsize body, const char *content_type,
                           PdHash *hash, const char **verdict)
{
    g_autoptr(PdScan) scan = pd_scan_new(content_type, hash);

    if (source->fd < 0)
        pd_scan_add(scan, source->bytes + body, source->length - body);
    else
        PD_TRY(scan_stream(source, body, scan));
    *verdict = pd_scan_verdict(scan);
    return NULL;
}

PdStatus *pd_source_scan(PdReading *reading, const PdSource *source, gsize body,
                         const char **verdict)
{
    g_autoptr(PdHash) hash = pd_hash_new();

    hash_author_headers(reading->raw, hash);
    PD_TRY(scan_into(source, body, pd_headers_get(reading->raw, "Content-Type"), hash, verdict));
    pd_hash_finish(hash, reading->mail->content_hash);
    return NULL;
}

PdStatus *pd_source_scan_as(const char *content_type, const PdSource *source, gsize body,
                            const char **verdict)
{
    g_autoptr(PdHash) hash = pd_hash_new();

    return scan_into(source, body, content_type, hash, verdict);
}
