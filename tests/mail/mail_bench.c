/* mail_bench: time for one message: GMime's parsing and decoding alone, and the mail floor; and
 * for one acknowledgement composed.
 * usage: mail_bench [--json] FILE... (messages; each is read five times; "-": names from standard
 * input). Times are processor time. */
#include "postdesk/clock.h"
#include "postdesk/compose.h"
#include "postdesk/mail.h"
#include <gmime/gmime.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

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

/* Microseconds of this process. */
static double used(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
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
    double begin = used();

    for (guint i = 0; i < COMPOSED; i++) {
        g_autoptr(GBytes) mail = NULL;
        g_autoptr(PdStatus) status = pd_compose(&draft, &mail);
        if (status != NULL)
            return 0;
    }
    return (used() - begin) / COMPOSED;
}

static double best_of(const File *files, guint count, void (*work)(const File *))
{
    double best = 0;

    for (guint round = 0; round < ROUNDS; round++) {
        double begin = used();
        for (guint i = 0; i < count; i++)
            work(&files[i]);
        double each = (used() - begin) / count;
        best = round == 0 || each < best ? each : best;
    }
    return best;
}

static gboolean add_file(GArray *files, const char *path)
{
    File file;

    if (!g_file_get_contents(path, &file.bytes, &file.length, NULL))
        return FALSE;
    g_array_append_val(files, file);
    return TRUE;
}

static gboolean add_listed(GArray *files)
{
    char line[4096];

    while (fgets(line, sizeof(line), stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (!add_file(files, line))
            return FALSE;
    }
    return TRUE;
}

static void measure(const GArray *files, gboolean json)
{
    const File *first = (const File *)files->data;
    gsize bytes = 0;

    for (guint i = 0; i < files->len; i++)
        bytes += first[i].length;
    bytes /= files->len;
    double alone = best_of(first, files->len, gmime_alone);
    double whole = best_of(first, files->len, postdesk);
    if (json) {
        printf("{\"messages\": %u, \"bytes\": %zu, \"gmime_us\": %.3f, \"understood_us\": %.3f}\n",
               files->len, bytes, alone, whole);
        return;
    }
    printf("%u messages of %zu bytes: GMime alone %.1f us, understood %.1f us (%.2f times)\n",
           files->len, bytes, alone, whole, whole / alone);
    printf("an acknowledgement composed: %.1f us\n", composing());
}

int main(int argc, char **argv)
{
    g_autoptr(GArray) files = g_array_new(FALSE, FALSE, sizeof(File));
    gboolean json = argc > 1 && strcmp(argv[1], "--json") == 0;

    for (int i = 1 + json; i < argc; i++) {
        gboolean read = strcmp(argv[i], "-") == 0 ? add_listed(files) : add_file(files, argv[i]);
        if (!read)
            return 1;
    }
    if (files->len == 0)
        return 2;
    g_mime_init();
    measure(files, json);
    for (guint i = 0; i < files->len; i++)
        g_free(g_array_index(files, File, i).bytes);
    return 0;
}
