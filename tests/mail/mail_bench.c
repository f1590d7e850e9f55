/* mail_bench: time for one message: GMime's parsing and decoding alone, and the mail floor.
 * usage: mail_bench FILE... (messages; each is read five times) */
#include "postdesk/clock.h"
#include "postdesk/mail.h"
#include <gmime/gmime.h>
#include <stdio.h>
#include <string.h>

#define ROUNDS 5

typedef struct {
    char *bytes;
    gsize length;
} File;

static void decode_part(GMimeObject *parent, GMimeObject *part, gpointer user)
{
    GMimeDataWrapper *content =
        GMIME_IS_PART(part) ? g_mime_part_get_content(GMIME_PART(part)) : NULL;
    GMimeStream *null = user;

    (void)parent;
    if (content != NULL)
        g_mime_data_wrapper_write_to_stream(content, null);
}

static void gmime_alone(const File *file)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(file->bytes, file->length);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    GMimeStream *null = g_mime_stream_null_new();

    if (message != NULL) {
        g_mime_message_foreach(message, decode_part, null);
        g_object_unref(message);
    }
    g_object_unref(null);
    g_object_unref(parser);
    g_object_unref(stream);
}

static void postdesk(const File *file)
{
    g_autoptr(PdMail) mail = NULL;
    g_autoptr(PdStatus) status = pd_mail_read_bytes(file->bytes, file->length, NULL, &mail);

    if (status != NULL)
        fprintf(stderr, "%s\n", pd_status_text(status));
}

static double best_of(const File *files, guint count, void (*work)(const File *))
{
    double best = 0;

    for (guint round = 0; round < ROUNDS; round++) {
        gint64 begin = pd_clock_monotonic();
        for (guint i = 0; i < count; i++)
            work(&files[i]);
        double each = (double)(pd_clock_monotonic() - begin) / count;
        best = round == 0 || each < best ? each : best;
    }
    return best;
}

int main(int argc, char **argv)
{
    guint count = (guint)argc - 1;
    g_autofree File *files = g_new0(File, count + 1);
    gsize bytes = 0;

    if (count == 0)
        return 2;
    g_mime_init();
    for (guint i = 0; i < count; i++) {
        if (!g_file_get_contents(argv[i + 1], &files[i].bytes, &files[i].length, NULL))
            return 1;
        bytes += files[i].length;
    }
    double alone = best_of(files, count, gmime_alone);
    double whole = best_of(files, count, postdesk);
    printf("%u messages of %zu bytes: GMime alone %.1f us, understood %.1f us (%.2f times)\n",
           count, bytes / count, alone, whole, whole / alone);
    for (guint i = 0; i < count; i++)
        g_free(files[i].bytes);
    return 0;
}
