/* encoded.c: see encoded.h.
 *
 * A file is a run of lines of base64 that are like the first one, and a last one that is not
 * longer. It is known by the length and the hash of what is in it beside its line ends. Which line
 * is the last one of a file and which is the first one of the next is not known: it is taken as
 * both, and of files that lie within each other the first one that is known at home counts.
 */
#include "encoded.h"

#include "postdesk/sharing.h"
#include <string.h>

#define PIECE (64u << 10)
#define LEAST_WIDTH 4 /* what three bytes become */
#define MOST_FILES 256

typedef struct {
    guint64 offset; /* in its message */
    PdLines lines;  /* width 0: none */
    guint64 bare;   /* bytes that are in no line end */
    gboolean is_hashed;
    guint8 sha256[PD_HASH_SIZE]; /* of the bare bytes */
} File;

typedef struct {
    GArray *files;
    File file; /* that goes on */
    guint64 line, chars, returns;
    gboolean is_base64; /* the line, so far */
} Scan;

static guint64 length_of(const File *file)
{
    return pd_lines_place(&file->lines, file->bare - 1) + 1;
}

static void begin_line(Scan *scan, guint64 at)
{
    scan->line = at;
    scan->chars = scan->returns = 0;
    scan->is_base64 = TRUE;
}

static void end_file(Scan *scan)
{
    if (scan->file.lines.width != 0 && length_of(&scan->file) >= PD_SHARING_LEAST &&
        scan->files->len < MOST_FILES)
        g_array_append_val(scan->files, scan->file);
    scan->file = (File){0};
}

static void end_line(Scan *scan, guint64 next)
{
    const PdLines lines = {.width = scan->is_base64 && scan->returns <= 1 ? scan->chars : 0,
                           .end = 1 + scan->returns};
    File *file = &scan->file;

    if (lines.width <= file->lines.width)
        file->bare += lines.width;
    if (lines.width != file->lines.width || lines.end != file->lines.end) {
        end_file(scan);
        if (lines.width >= LEAST_WIDTH)
            *file = (File){.offset = scan->line, .lines = lines, .bare = lines.width};
    }
    begin_line(scan, next);
}

static void scan_piece(Scan *scan, const char *piece, gsize length, guint64 at)
{
    for (gsize i = 0; i < length; i++) {
        char c = piece[i];
        if (c == '\n')
            end_line(scan, at + i + 1);
        else if (c == '\r')
            scan->returns++;
        else if (scan->returns == 0 && (g_ascii_isalnum(c) || c == '+' || c == '/' || c == '='))
            scan->chars++;
        else
            scan->is_base64 = FALSE;
    }
}

static PdStatus *scan_all(Scan *scan, PdRawView *view, char *piece)
{
    guint64 end = pd_raw_view_length(view);

    begin_line(scan, 0);
    for (guint64 at = 0; at < end;) {
        gsize part = (gsize)MIN(end - at, PIECE);
        PD_TRY(pd_raw_view_read(view, at, piece, part));
        scan_piece(scan, piece, part, at);
        at += part;
    }
    end_line(scan, end);
    end_file(scan);
    return NULL;
}

static PdStatus *find_files(PdRawView *view, char *piece, GArray **files)
{
    Scan scan = {.files = g_array_new(FALSE, FALSE, sizeof(File))};
    PdStatus *status = scan_all(&scan, view, piece);

    *files = scan.files;
    return status;
}

static gsize leave_out_line_ends(char *piece, gsize length)
{
    gsize kept = 0;

    for (gsize i = 0; i < length; i++)
        if (piece[i] != '\r' && piece[i] != '\n')
            piece[kept++] = piece[i];
    return kept;
}

static PdStatus *hash_once(PdRawView *view, File *file, char *piece)
{
    guint64 length = length_of(file);

    if (file->is_hashed)
        return NULL;
    g_autoptr(PdHash) hash = pd_hash_new();
    for (guint64 at = 0; at < length;) {
        gsize part = (gsize)MIN(length - at, PIECE);
        PD_TRY(pd_raw_view_read(view, file->offset + at, piece, part));
        pd_hash_add(hash, piece, leave_out_line_ends(piece, part));
        at += part;
    }
    pd_hash_finish(hash, file->sha256);
    file->is_hashed = TRUE;
    return NULL;
}

typedef struct {
    PdRawView *home, *own;
    GArray *home_files, *own_files; /* of File */
    char *piece;
} Search;

/* *found: which of those at home it is, or NULL. */
static PdStatus *find_at_home(const Search *search, File *file, const File **found)
{
    *found = NULL;
    for (guint i = 0; i < search->home_files->len && *found == NULL; i++) {
        File *other = &g_array_index(search->home_files, File, i);
        if (other->bare != file->bare)
            continue;
        PD_TRY(hash_once(search->own, file, search->piece));
        PD_TRY(hash_once(search->home, other, search->piece));
        if (memcmp(other->sha256, file->sha256, PD_HASH_SIZE) == 0)
            *found = other;
    }
    return NULL;
}

static PdStatus *match(const Search *search, GArray *ranges)
{
    guint64 end = 0; /* of the last one */

    for (guint i = 0; i < search->own_files->len; i++) {
        File *file = &g_array_index(search->own_files, File, i);
        const File *other = NULL;
        if (file->offset >= end)
            PD_TRY(find_at_home(search, file, &other));
        if (other == NULL)
            continue;
        const PdCommonRange range = {.home = other->offset,
                                     .own = file->offset,
                                     .length = length_of(file),
                                     .home_lines = other->lines,
                                     .own_lines = file->lines};
        g_array_append_val(ranges, range);
        end = range.own + range.length;
    }
    return NULL;
}

PdStatus *pd_common_files(PdRawView *home, PdRawView *own, GArray **ranges)
{
    g_autofree char *piece = g_malloc(PIECE);
    g_autoptr(GArray) one = NULL, other = NULL;
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(PdCommonRange));

    PD_TRY(find_files(home, piece, &one));
    PD_TRY(find_files(own, piece, &other));
    const Search search = {home, own, one, other, piece};
    PD_TRY(match(&search, found));
    *ranges = g_steal_pointer(&found);
    return NULL;
}
