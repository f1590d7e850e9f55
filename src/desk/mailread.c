/* mailread.c: see mailread.h. */
#include "desk/mailread.h"

#include "desk/call.h"
#include "postdesk/raw.h"

PdStatus *pd_mail_read_row(PdDesk *desk, const PdInboxRow *row, const PdMailOptions *further,
                           PdMail **mail)
{
    return pd_mail_read_stored(desk->config, desk->store, row, further, mail);
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
    if (status == NULL) {
        PdCall *call = pd_call_of_record(config, row, *mail);
        if (call != NULL)
            pd_call_free(call);
    }
    return status;
}
