/* mailread.c: see mailread.h. */
#include "desk/mailread.h"

#include "desk/call.h"
#include "postdesk/hash.h"
#include "postdesk/log.h"
#include "postdesk/raw.h"
#include <string.h>

PdStatus *pd_mail_read_row(PdDesk *desk, const PdInboxRow *row, const PdMailOptions *further,
                           PdMail **mail)
{
    return pd_mail_read_stored(desk->config, desk->store, row, further, mail);
}

/* Of a mail that was too large only the headers are there. Where they do not name it, its size
 * tells it from another one. */
static void add_size(PdMail *mail, guint64 size)
{
    g_autoptr(PdHash) hash = pd_hash_new();
    g_autofree char *written = g_strdup_printf("%" G_GUINT64_FORMAT, size);

    pd_hash_add(hash, mail->content_hash, PD_HASH_SIZE);
    pd_hash_add(hash, written, strlen(written));
    pd_hash_finish(hash, mail->content_hash);
}

PdStatus *pd_mail_read_stored(const PdConfig *config, PdStore *store, const PdInboxRow *row,
                              const PdMailOptions *further, PdMail **mail)
{
    PdMailOptions options;
    int fd;

    PD_TRY(pd_raw_open(store, &row->raw, &fd));
    pd_desk_mail_options(config, row->mailbox, &options);
    options.truncated = row->truncated;
    if (further != NULL) {
        options.with_attachment_text = further->with_attachment_text;
        options.attachment_sink = further->attachment_sink;
        options.sink_user = further->sink_user;
    }
    PdStatus *status =
        pd_mail_read(fd, (off_t)row->raw.offset, (gsize)row->raw.length, &options, mail);
    pd_raw_close(store);
    pd_desk_mail_options_clear(&options);
    if (status == NULL && row->truncated && (*mail)->message_id == NULL)
        add_size(*mail, row->full_size);
    if (status == NULL) {
        PdCall *call = pd_call_of_record(config, row, *mail);
        if (call != NULL)
            pd_call_free(call);
    }
    return status;
}

PdStatus *pd_mail_pass_over_lost(const char *word, PdStatus *status)
{
    if (status == NULL || pd_status_spoils(status) != PD_SPOILS_MESSAGE)
        return status;
    pd_log_status(PD_LOG_WARNING, word, NULL, status);
    pd_status_free(status);
    return NULL;
}
