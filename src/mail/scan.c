/* scan.c: see scan.h.
 *
 * Counts the lines that can begin a part: those that are "--" and a boundary that some line
 * before declared. Lines of text that only look so are not counted, unless a boundary is
 * declared in pieces. Header blocks of parts are measured as well. So the tree's builder, whose
 * memory grows with both, never meets more than the limits.
 */
#include "scan.h"

#include "header.h"
#include "postdesk/limits.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_LINE 1000   /* bytes of a line that are looked at */
#define STORE_SIZE 16384 /* bytes hashed at once */

struct pd_scan {
    PdHash *hash;
    GHashTable *boundaries; /* of char * */
    gboolean any_boundary;  /* one was declared in pieces: count every "--" line */
    guint parts;
    guint64 header_bytes; /* of the block that is open */
    gboolean in_header;
    gboolean header_of_message; /* this block announces a message, whose own block follows */
    gboolean long_header;
    guint held_line_ends;
    gsize stored;
    char store[STORE_SIZE];
};

/* Bytes of the value of boundary=, without quotes. */
static void declare(PdScan *scan, const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    if (at < end && *at == '*') {
        scan->any_boundary = TRUE;
        return;
    }
    if (at >= end || *at != '=')
        return;
    at++;
    while (at < end && (*at == ' ' || *at == '\t' || *at == '"'))
        at++;
    const char *last = at;
    while (last < end && *last != '"' && *last != ';' && *last != '\r')
        last++;
    while (last > at && (last[-1] == ' ' || last[-1] == '\t'))
        last--;
    if (last == at || g_hash_table_size(scan->boundaries) > PD_LIMIT_PARTS)
        return;
    g_hash_table_add(scan->boundaries, g_strndup(at, (gsize)(last - at)));
}

/* A line that may belong to a Content-Type header. */
static void look_for_boundary(PdScan *scan, const char *line, const char *end)
{
    static const char word[] = "boundary";

    for (const char *at = line; at + 8 < end; at++) {
        if ((*at | 0x20) == 'b' && g_ascii_strncasecmp(at, word, 8) == 0)
            declare(scan, at + 8, end);
    }
}

PdScan *pd_scan_new(const char *content_type, PdHash *hash)
{
    PdScan *scan = g_new(PdScan, 1);

    memset(scan, 0, G_STRUCT_OFFSET(PdScan, store));
    scan->hash = hash;
    scan->boundaries = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (content_type != NULL) {
        look_for_boundary(scan, content_type, content_type + strlen(content_type));
        scan->in_header = g_ascii_strncasecmp(content_type, "message/", 8) == 0;
    }
    return scan;
}

void pd_scan_free(PdScan *scan)
{
    if (scan == NULL)
        return;
    g_hash_table_destroy(scan->boundaries);
    if (scan->stored > 0)
        pd_hash_add(scan->hash, scan->store, scan->stored);
    g_free(scan);
}

static void store(PdScan *scan, const char *bytes, gsize length)
{
    if (length > STORE_SIZE - scan->stored) {
        pd_hash_add(scan->hash, scan->store, scan->stored);
        scan->stored = 0;
    }
    if (length > STORE_SIZE) {
        pd_hash_add(scan->hash, bytes, length);
        return;
    }
    memcpy(scan->store + scan->stored, bytes, length);
    scan->stored += length;
}

static void hash_line(PdScan *scan, const char *line, gsize length, gboolean ended)
{
    while (length > 0 && line[length - 1] == '\r')
        length--;
    if (length > 0) {
        for (; scan->held_line_ends > 0; scan->held_line_ends--)
            store(scan, "\n", 1);
        store(scan, line, length);
    }
    if (ended)
        scan->held_line_ends++;
}

static void count_part(PdScan *scan, const char *line, gsize length)
{
    char key[MOST_LINE + 1];

    while (length > 0 && strchr(" \t\r", line[length - 1]) != NULL)
        length--;
    memcpy(key, line + 2, length - 2);
    key[length - 2] = '\0';
    gboolean known = scan->any_boundary || g_hash_table_contains(scan->boundaries, key);
    if (!known && length > 4 && key[length - 3] == '-' && key[length - 4] == '-') {
        key[length - 4] = '\0';
        known = g_hash_table_contains(scan->boundaries, key);
    }
    if (!known)
        return;
    scan->parts++;
    scan->in_header = TRUE;
    scan->header_of_message = FALSE;
    scan->header_bytes = 0;
}

static void look_at_header_line(PdScan *scan, const char *line, gsize length, gsize whole)
{
    if (length == 0 || (length == 1 && *line == '\r')) {
        scan->in_header = scan->header_of_message;
        scan->header_of_message = FALSE;
        scan->header_bytes = 0;
        return;
    }
    scan->header_bytes += whole;
    scan->long_header |= scan->header_bytes > PD_LIMIT_HEADER_BYTES;
    scan->header_of_message |= pd_text_find(line, length, "essage/") != NULL ||
                               pd_text_find(line, length, "ESSAGE/") != NULL;
    look_for_boundary(scan, line, line + length);
}

static void look_at_line(PdScan *scan, const char *line, gsize whole)
{
    gsize length = MIN(whole, MOST_LINE);

    if (length > 2 && line[0] == '-' && line[1] == '-')
        count_part(scan, line, length);
    else if (scan->in_header)
        look_at_header_line(scan, line, length, whole);
}

void pd_scan_add(PdScan *scan, const char *bytes, gsize length)
{
    const char *at = bytes;
    const char *limit = bytes + length;

    while (at < limit) {
        const char *end = memchr(at, '\n', (gsize)(limit - at));
        gsize line = (gsize)((end != NULL ? end : limit) - at);
        hash_line(scan, at, line, end != NULL);
        look_at_line(scan, at, line);
        at += line + (end != NULL);
    }
}

const char *pd_scan_verdict(const PdScan *scan)
{
    if (scan->parts > PD_LIMIT_PARTS)
        return "too many parts";
    return scan->long_header ? "the headers of a part are too long" : NULL;
}
