/* container_read.c: see container.h. The file may come from anywhere: lines, lengths and
 * names are checked before they are used. */
#include "container.h"

#include "postdesk/hash.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define PIECE (256u << 10)
#define LINE_BYTES 256
#define MOST_ZEROS ((guint64)4 << 30) /* of one file; no segment is as long */

typedef struct {
    FILE *stream;
    const char *path;
    guint64 left; /* bytes of the file not read yet */
    gboolean in_parts;
    guint count;
    PdHash *lines;
    const PdContainerSink *sink;
    PdMeter *meter;
} Reader;

static PdStatus *broken(const Reader *reader, const char *why)
{
    return pd_status_new(PD_SPOILS_STORE, PD_FINAL, "use another backup",
                         "%s is no whole backup: %s", reader->path, why);
}

/* The next line, with its end. */
static PdStatus *read_line(Reader *reader, char line[LINE_BYTES])
{
    if (fgets(line, LINE_BYTES, reader->stream) == NULL)
        return broken(reader, "it is cut short");
    gsize length = strlen(line);
    if (length == 0 || line[length - 1] != '\n')
        return broken(reader, "a line is too long or cut short");
    reader->left -= MIN(length, reader->left);
    return NULL;
}

static gboolean is_segment_name(const char *name)
{
    gsize digits = strspn(name + 4, "0123456789");

    return digits >= 8 && digits <= 19 && strcmp(name + 4 + digits, ".seg") == 0;
}

static gboolean is_known_name(const char *name)
{
    return strcmp(name, "postdesk.db") == 0 || strcmp(name, "token.key") == 0 ||
           (g_str_has_prefix(name, "raw/") && is_segment_name(name));
}

static PdStatus *pass_bytes(Reader *reader, guint64 length, PdHash *hash)
{
    g_autofree char *piece = g_malloc(PIECE);

    while (length > 0) {
        gsize got = fread(piece, 1, (size_t)MIN(length, PIECE), reader->stream);
        if (got == 0)
            return broken(reader, "it is cut short");
        pd_hash_add(hash, piece, got);
        if (reader->sink != NULL)
            PD_TRY(reader->sink->bytes(piece, got, reader->sink->user));
        pd_meter_advance(reader->meter, got);
        reader->left -= MIN(got, reader->left);
        length -= got;
    }
    return NULL;
}

static PdStatus *pass_zeros(Reader *reader, guint64 length, PdHash *hash)
{
    g_autofree char *piece = g_malloc0(PIECE);

    while (length > 0) {
        gsize part = (gsize)MIN(length, PIECE);
        pd_hash_add(hash, piece, part);
        if (reader->sink != NULL)
            PD_TRY(reader->sink->bytes(piece, part, reader->sink->user));
        length -= part;
    }
    return NULL;
}

/* "bytes N\n" or "zeros N\n", of at most so many. */
static PdStatus *read_part(Reader *reader, guint64 most, gboolean *zeros, guint64 *length)
{
    char line[LINE_BYTES];
    char *rest = line;

    PD_TRY(read_line(reader, line));
    pd_hash_add(reader->lines, line, strlen(line));
    *zeros = g_str_has_prefix(line, "zeros ");
    if ((*zeros || g_str_has_prefix(line, "bytes ")) && g_ascii_isdigit(line[6]))
        *length = g_ascii_strtoull(line + 6, &rest, 10);
    if (strcmp(rest, "\n") != 0)
        return broken(reader, "a line is damaged");
    if (*length == 0 || *length > most)
        return broken(reader, "a part is longer than its file");
    return NULL;
}

static PdStatus *pass_parts(Reader *reader, guint64 length, PdHash *hash)
{
    guint64 zeros_left = MOST_ZEROS;

    while (length > 0) {
        guint64 part = 0;
        gboolean zeros;
        PD_TRY(read_part(reader, length, &zeros, &part));
        if (part > (zeros ? zeros_left : reader->left))
            return broken(reader, "a file is longer than the backup");
        PD_TRY(zeros ? pass_zeros(reader, part, hash) : pass_bytes(reader, part, hash));
        zeros_left -= zeros ? part : 0;
        length -= part;
    }
    return NULL;
}

static PdStatus *check_hash(Reader *reader, PdHash *hash, const char *name)
{
    guint8 digest[PD_HASH_SIZE];
    char line[LINE_BYTES];

    pd_hash_finish(hash, digest);
    g_autofree char *hex = pd_hash_hex(digest);
    g_autofree char *expected = g_strdup_printf("sha256 %s\n", hex);
    PD_TRY(read_line(reader, line));
    if (strcmp(line, expected) == 0) {
        pd_hash_add(reader->lines, line, strlen(line));
        return NULL;
    }
    g_autofree char *why = g_strdup_printf("the bytes of %s are not those of its hash", name);
    return broken(reader, why);
}

static PdStatus *pass_file(Reader *reader, guint64 length, const char *name)
{
    g_autoptr(PdHash) hash = pd_hash_new();

    if (!reader->in_parts && length > reader->left)
        return broken(reader, "a file is longer than the backup");
    if (!is_known_name(name))
        return broken(reader, "it holds a file of an unknown name");
    reader->count++;
    if (reader->sink != NULL)
        PD_TRY(reader->sink->begin(name, reader->sink->user));
    PD_TRY(reader->in_parts ? pass_parts(reader, length, hash) : pass_bytes(reader, length, hash));
    if (reader->sink != NULL)
        PD_TRY(reader->sink->end(reader->sink->user));
    return check_hash(reader, hash, name);
}

/* "file LENGTH NAME\n" */
static PdStatus *pass_entry(Reader *reader, char *line)
{
    char *rest;
    guint64 length = g_ascii_strtoull(line + 5, &rest, 10);

    pd_hash_add(reader->lines, line, strlen(line));
    if (!g_ascii_isdigit(line[5]) || *rest != ' ')
        return broken(reader, "a line is damaged");
    return pass_file(reader, length, g_strchomp(rest + 1));
}

static PdStatus *check_end(Reader *reader, const char *line)
{
    guint8 digest[PD_HASH_SIZE];

    pd_hash_finish(reader->lines, digest);
    g_autofree char *hex = pd_hash_hex(digest);
    g_autofree char *expected = g_strdup_printf("end %u %s\n", reader->count, hex);
    if (strcmp(line, expected) != 0)
        return broken(reader, "its end does not match");
    return fgetc(reader->stream) == EOF ? NULL : broken(reader, "something follows its end");
}

static PdStatus *read_all(Reader *reader)
{
    char line[LINE_BYTES];

    PD_TRY(read_line(reader, line));
    reader->in_parts = strcmp(line, "postdesk-backup 2\n") == 0;
    if (!reader->in_parts && strcmp(line, "postdesk-backup 1\n") != 0)
        return broken(reader, "it does not begin like one");
    pd_hash_add(reader->lines, line, strlen(line));
    for (;;) {
        PD_TRY(read_line(reader, line));
        if (!g_str_has_prefix(line, "file "))
            return check_end(reader, line);
        PD_TRY(pass_entry(reader, line));
    }
}

PdStatus *pd_container_read(const char *file, const PdContainerSink *sink, PdMeter *meter)
{
    Reader reader = {.path = file, .sink = sink, .meter = meter};
    struct stat information;

    reader.stream = fopen(file, "re");
    if (reader.stream == NULL || fstat(fileno(reader.stream), &information) != 0) {
        PdStatus *status = pd_status_new(PD_SPOILS_STORE, PD_FINAL, "check the path",
                                         "cannot open %s: %s", file, g_strerror(errno));
        if (reader.stream != NULL)
            fclose(reader.stream);
        return status;
    }
    reader.left = (guint64)information.st_size;
    reader.lines = pd_hash_new();
    PdStatus *status = read_all(&reader);
    pd_hash_free(reader.lines);
    fclose(reader.stream);
    return status;
}
