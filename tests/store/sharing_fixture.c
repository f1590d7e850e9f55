/* sharing_fixture.c: see sharing_fixture.h. */
#include "sharing_fixture.h"

#include "store/store_internal.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

TestHoles holes;

/* The C library's; asking behind the end of a file goes through. */
int fallocate(int fd, int mode, off_t offset, off_t length)
{
    struct stat file;

    if (holes == NO_HOLES) {
        errno = EOPNOTSUPP;
        return -1;
    }
    gboolean within = fstat(fd, &file) == 0 && offset < file.st_size;
    if (within && holes == DIE_BEFORE_HOLE)
        _exit(7);
    int result = (int)syscall(SYS_fallocate, fd, mode, offset, length);
    if (within && holes == DIE_BEHIND_HOLE)
        _exit(7);
    return result;
}

/* A file's text as mails carry it. */
char *encoded_with(guint32 seed, gsize length, gsize columns, const char *line_end)
{
    g_autofree guchar *bytes = g_malloc(length);
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    g_autoptr(GString) lines = g_string_new(NULL);

    for (gsize i = 0; i < length; i++)
        bytes[i] = seed == 0 ? 0 : (guchar)g_rand_int_range(random, 0, 256);
    g_autofree char *line = g_base64_encode(bytes, length);
    gsize all = strlen(line);
    for (gsize at = 0; at < all; at += columns) {
        g_string_append_len(lines, line + at, (gssize)MIN(columns, all - at));
        g_string_append(lines, line_end);
    }
    return g_string_free(g_steal_pointer(&lines), FALSE);
}

char *encoded(guint32 seed, gsize length, gsize columns)
{
    return encoded_with(seed, length, columns, "\r\n");
}

/* A mail with such files, as process stores it; its raw text is the caller's. */
gint64 put_mail(const char *mailbox, guint32 uid, const Attached *files, gsize count, char **raw)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GString) list = g_string_new("[");

    g_string_printf(text, "From: ann@example.org\r\nSubject: mail %s %u\r\n\r\n%.*s", mailbox, uid,
                    (int)(uid * 13 % 40), "----------------------------------------");
    for (gsize i = 0; i < count; i++) {
        g_string_append_printf(text, "--edge %u\r\n\r\n%s", uid, files[i].text);
        g_string_append_printf(list, "%s{\"name\": \"x\", \"size\": %zu, \"sha256\": \"%064x\"}",
                               i > 0 ? ", " : "", files[i].size, files[i].seed + 1);
    }
    g_string_append(text, "--edge--\r\n");
    g_string_append(list, "]");
    gint64 inbox = add_message(store, mailbox, uid, text->str);
    PdStoredMessage message = {.inbox = inbox, .from = "ann@example.org", .attachments = list->str};
    MUST(pd_store_begin(store));
    MUST(pd_message_put(store, &message));
    MUST(pd_inbox_finish(store, inbox, PD_OUTCOME_IGNORED, "a test", 0));
    MUST(pd_store_commit(store));
    *raw = g_string_free(g_steal_pointer(&text), FALSE);
    return inbox;
}

gint64 put_text(guint32 uid, const char *text, guint32 seed, char **raw)
{
    const Attached file = {text, seed, FILE_BYTES};

    return put_mail("main", uid, &file, 1, raw);
}

gint64 put_file(guint32 uid, guint32 seed, gsize columns, char **raw)
{
    g_autofree char *text = encoded(seed, FILE_BYTES, columns);

    return put_text(uid, text, seed, raw);
}

void check_reads_of(PdStore *of, gint64 inbox, const char *raw)
{
    g_autoptr(PdInboxRow) row = NULL;
    g_autofree char *bytes = NULL, *parts = g_malloc(strlen(raw));
    gsize length, at = 0;
    int fd;

    MUST(pd_inbox_get(of, inbox, &row));
    MUST(pd_raw_read(of, &row->raw, G_MAXSIZE, &bytes, &length));
    ck_assert_uint_eq(length, strlen(raw));
    ck_assert(memcmp(bytes, raw, length) == 0);
    MUST(pd_raw_open(of, &row->raw, &fd));
    while (at < length) { /* in odd parts, over every border */
        gsize part = MIN(length - at, 40009);
        ck_assert_int_eq(pread(fd, parts + at, part, (off_t)(row->raw.offset + at)), (ssize_t)part);
        at += part;
    }
    pd_raw_close(of);
    ck_assert(memcmp(parts, raw, length) == 0);
    g_autofree char *head = NULL;
    MUST(pd_raw_read(of, &row->raw, 50000, &head, &length));
    ck_assert_uint_eq(length, MIN(strlen(raw), 50000));
    ck_assert(memcmp(head, raw, length) == 0);
}

void check_reads(gint64 inbox, const char *raw)
{
    check_reads_of(store, inbox, raw);
}

/* Bytes that the raw mail takes on the disk. */
gint64 taken_in(const char *folder)
{
    g_autofree char *raw = g_build_filename(folder, "raw", NULL);
    g_autoptr(GDir) dir = g_dir_open(raw, 0, NULL);
    gint64 blocks = 0;
    const char *name;

    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(raw, name, NULL);
        GStatBuf file;
        ck_assert_int_eq(g_stat(path, &file), 0);
        blocks += file.st_blocks;
    }
    return blocks * 512;
}

gint64 taken(void)
{
    return taken_in(state);
}

/* Until nothing more is looked at; gives the bytes given back. */
gint64 share_in(PdStore *in)
{
    PdSharing sharing = {.more = TRUE};
    gint64 bytes = 0;

    while (sharing.more) {
        MUST(pd_sharing_step(in, &sharing));
        bytes += (gint64)sharing.bytes;
    }
    return bytes;
}

gint64 share(void)
{
    return share_in(store);
}

gint64 saved(void)
{
    gint64 bytes;

    MUST(pd_sharing_saved(store, &bytes));
    return bytes;
}

void tamper(gint64 inbox, guint64 at)
{
    g_autoptr(PdInboxRow) row = NULL;

    MUST(pd_inbox_get(store, inbox, &row));
    g_autofree char *path = pd_segment_path(state, row->raw.segment);
    int fd = open(path, O_WRONLY);
    ck_assert_int_eq(pwrite(fd, "!", 1, (off_t)(row->raw.offset + at)), 1);
    close(fd);
}
