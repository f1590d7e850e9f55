/* maildir_relay.c: a local Maildir instead of a server. Each mail is synced in tmp, then
 * renamed into new; the rename is what the final dot is in SMTP.
 */
#include "wire/backend.h"
#include "wire/maildir.h"

#include "postdesk/files.h"
#include "postdesk/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void relay_close(gpointer self)
{
    g_free(self);
}

/* Envelope as trace headers, lines ended as files end them. */
static GString *file_content(const PdRelayMail *mail)
{
    GString *content = g_string_sized_new(mail->length + 256);

    g_string_append_printf(content, "Return-Path: <%s>\nDelivered-To: %s\n", mail->envelope_from,
                           mail->recipient);
    for (gsize i = 0; i < mail->length; i++) {
        gboolean crlf =
            mail->bytes[i] == '\r' && i + 1 < mail->length && mail->bytes[i + 1] == '\n';
        if (!crlf)
            g_string_append_c(content, mail->bytes[i]);
    }
    return content;
}

static PdStatus *write_file(const char *path, const GString *content)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0)
        return pd_status_new(PD_SPOILS_MESSAGE, PD_TRY_AGAIN, NULL, "%s: %s", path,
                             g_strerror(errno));
    PdStatus *status = pd_file_write_all(fd, content->str, content->len);
    if (status == NULL && fsync(fd) != 0)
        status =
            pd_status_new(PD_SPOILS_MESSAGE, PD_TRY_AGAIN, NULL, "%s: %s", path, g_strerror(errno));
    close(fd);
    return status;
}

static PdStatus *deliver(const char *maildir, const PdRelayMail *mail, const PdRelaySink *sink)
{
    g_autofree char *name = pd_maildir_unique_name();
    g_autofree char *made = g_build_filename(maildir, "tmp", name, NULL);
    g_autofree char *final = g_build_filename(maildir, "new", name, NULL);
    g_autofree char *folder = g_build_filename(maildir, "new", NULL);
    g_autoptr(GString) content = file_content(mail);

    PdStatus *status = write_file(made, content);
    if (status != NULL) {
        unlink(made);
        return status;
    }
    sink->before_dot(mail->id, sink->user);
    if (rename(made, final) != 0)
        return pd_status_new(PD_SPOILS_MESSAGE, PD_TRY_AGAIN, NULL, "%s: %s", final,
                             g_strerror(errno));
    return pd_folder_sync(folder);
}

static gboolean is_mailable(const PdRelayMail *mail)
{
    return pd_text_is_address(mail->recipient) &&
           (*mail->envelope_from == '\0' || pd_text_is_address(mail->envelope_from));
}

static PdStatus *relay_send(gpointer self, const PdRelayMail *mails, guint count,
                            const PdRelaySink *sink)
{
    for (guint i = 0; i < count; i++) {
        PdRelayResult result = {.id = mails[i].id, .code = 250, .reply = "250 stored"};
        g_autoptr(PdStatus) status = NULL;
        if (!is_mailable(&mails[i])) {
            result.code = 553;
            result.reply = "postdesk: the recipient or sender is not an address";
        } else if ((status = deliver(self, &mails[i], sink)) != NULL) {
            result.code = 451;
            result.reply = pd_status_text(status);
        }
        sink->result(&result, sink->user);
    }
    return NULL;
}

static PdStatus *relay_check(gpointer self)
{
    if (pd_maildir_is_there(self))
        return NULL;
    return pd_status_new(PD_SPOILS_CONNECTION, PD_TRY_AGAIN, NULL, "the Maildir %s is gone",
                         (const char *)self);
}

static const PdRelayDriver driver = {
    .close = relay_close,
    .send = relay_send,
    .check = relay_check,
};

PdStatus *pd_maildir_relay_open(const PdRelayConfig *config, PdRelay *relay)
{
    PD_TRY(pd_maildir_make(config->maildir));
    relay->driver = &driver;
    relay->self = g_strdup(config->maildir);
    return NULL;
}
