/* mail_bench: time for one message: GMime's parsing and decoding alone, and the mail floor; and
 * for one acknowledgement composed.
 * usage: mail_bench FILE... (messages; each is read five times) */
#include "postdesk/clock.h"
#include "postdesk/compose.h"
#include "postdesk/mail.h"
#include <gmime/gmime.h>
#include <stdio.h>
#include <string.h>

#define ROUNDS 5
#define COMPOSED 10000

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

/* An acknowledgement of the usual size. */
static double composing(void)
{
    static const char text[] =
        "您好，\n\n您的邮件已登记为工单 #4711，类别 system/database，优先级 P2。\n"
        "我们将在 2 小时内答复。直接回复此邮件即可补充说明。\n\n信息中心服务台\n";
    static const char html[] =
        "<html><body><p>您好，</p><p>您的邮件已登记为工单 <b>#4711</b>，类别 "
        "system/database，优先级 P2。"
        "</p><p>我们将在 2 小时内答复。直接回复此邮件即可补充说明。</p></body></html>";
    PdDraft draft = {.from_name = "信息中心服务台",
                     .from_address = "desk@example.com",
                     .to_name = "王小明",
                     .to_address = "wang@example.org",
                     .subject = "[#4711] 数据库无法连接",
                     .message_id = "abc.def@example.com",
                     .in_reply_to = "orig@example.org",
                     .auto_submitted = "auto-replied",
                     .date = pd_clock_now(),
                     .text = text,
                     .html = html,
                     .language = "zh_CN",
                     .ticket = 4711};
    gint64 begin = pd_clock_monotonic();

    for (guint i = 0; i < COMPOSED; i++) {
        g_autoptr(GBytes) mail = NULL;
        g_autoptr(PdStatus) status = pd_compose(&draft, &mail);
        if (status != NULL)
            return 0;
    }
    return (double)(pd_clock_monotonic() - begin) / COMPOSED;
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
    printf("an acknowledgement composed: %.1f us\n", composing());
    for (guint i = 0; i < count; i++)
        g_free(files[i].bytes);
    return 0;
}
