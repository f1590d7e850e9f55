/* doctor_trust.c: is the server's word about senders its own?
 *
 * A server that is named in authserv_ids should write an Authentication-Results into every mail
 * from outside, and take out those in its name that a sender wrote (RFC 8601, section 5). Where it
 * does not, whoever writes one himself would be believed, and nothing in a single mail may show it.
 * So the newest mails of each mailbox are looked at: what is in their headers is all there is to go
 * by. */
#include "doctor.h"

#include "postdesk/inbox.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_MAILS 300 /* of a mailbox */
#define MOST_ROWS 3000 /* of all, among which they are looked for */
#define PAGE 300
#define LONGEST_ID 100   /* bytes */
#define MOST_BYTES 65536 /* of a header block */

typedef struct {
    const PdMailbox *mailbox;
    guint outside, unnamed, doubtful;
    gint64 example; /* the newest doubtful one */
    char *other;    /* the server that an unnamed one names, or NULL */
} Seen;

static gboolean is_of(const PdInboxRow *row, const PdMailbox *mailbox)
{
    gsize length = strlen(mailbox->name);

    return strncmp(row->mailbox, mailbox->name, length) == 0 && row->mailbox[length] == '/';
}

static PdStatus *read_head(PdCli *cli, const PdInboxRow *row, PdMail **mail)
{
    PdMailOptions options;
    int fd = -1;

    PD_TRY(pd_raw_open(cli->store, &row->raw, &fd));
    pd_desk_mail_options(cli->config, row->mailbox, &options);
    options.truncated = TRUE;
    PdStatus *status = pd_mail_read(fd, (off_t)row->raw.offset,
                                    (gsize)MIN(row->raw.length, MOST_BYTES), &options, mail);
    pd_desk_mail_options_clear(&options);
    pd_raw_close(cli->store);
    return status;
}

static void note_other(Seen *seen, const PdMail *mail)
{
    const char *field = pd_mail_header(mail, "Authentication-Results");

    if (field == NULL || seen->other != NULL)
        return;
    g_autofree char *id = g_strstrip(g_strndup(field, strcspn(field, "; ")));
    seen->other = pd_text_head(id, LONGEST_ID);
}

/* What colleagues send passes by the checks on many servers. */
static void count(Seen *seen, const PdConfig *config, const PdMail *mail, gint64 message)
{
    if (mail->auth_doubtful > 0 && seen->doubtful++ == 0)
        seen->example = message;
    if (mail->from == NULL || config->desk_address == NULL ||
        pd_address_same_domain(mail->from->address, config->desk_address))
        return;
    seen->outside++;
    seen->unnamed += mail->auth_by == NULL;
    if (mail->auth_by == NULL)
        note_other(seen, mail);
}

static PdStatus *look_at_page(PdDoctor *doctor, const GPtrArray *rows, Seen *seen, guint *left)
{
    for (guint i = 0; i<rows->len && * left> 0; i++) {
        const PdInboxRow *row = g_ptr_array_index(rows, i);
        g_autoptr(PdMail) mail = NULL;
        if (!is_of(row, seen->mailbox) || row->outcome == PD_OUTCOME_QUARANTINED)
            continue;
        PdStatus *status = read_head(doctor->cli, row, &mail);
        if (status != NULL && pd_status_spoils(status) != PD_SPOILS_MESSAGE)
            return status;
        pd_status_free(status);
        if (mail == NULL)
            continue;
        count(seen, doctor->cli->config, mail, row->id);
        --*left;
    }
    return NULL;
}

static PdStatus *look_at_mails(PdDoctor *doctor, Seen *seen)
{
    gint64 before = 0;
    guint left = MOST_MAILS;

    for (guint read = 0; read < MOST_ROWS && left > 0; read += PAGE) {
        g_autoptr(GPtrArray) rows = NULL;
        PD_TRY(pd_inbox_list(doctor->cli->store, -1, before, PAGE, &rows));
        if (rows->len == 0)
            return NULL;
        PD_TRY(look_at_page(doctor, rows, seen, &left));
        before = ((const PdInboxRow *)g_ptr_array_index(rows, rows->len - 1))->id;
    }
    return NULL;
}

static void find_unnamed(PdDoctor *doctor, const char *subject, const Seen *seen)
{
    g_autofree char *text =
        seen->unnamed == seen->outside
            ? g_strdup_printf("none of the last %u mails from outside holds its word%s%s",
                              seen->outside, seen->other != NULL ? "; one names " : "",
                              seen->other != NULL ? seen->other : "")
            : g_strdup_printf("%u of the last %u mails from outside do not hold its word: a sender "
                              "who writes it into such a mail himself would be believed",
                              seen->unnamed, seen->outside);

    pd_doctor_find(doctor, PD_FINDING_WARNING, subject, text,
                   seen->unnamed == seen->outside
                       ? "name the server as it names itself in Authentication-Results, or let it "
                         "write them"
                       : "let the server check every mail that comes in from outside");
}

static void find_doubtful(PdDoctor *doctor, const char *subject, const Seen *seen)
{
    g_autofree char *text = g_strdup_printf(
        "%u mails hold an Authentication-Results in its name that their sender may "
        "have written (message %" G_GINT64_FORMAT "): only what speaks against him was believed",
        seen->doubtful, seen->example);

    pd_doctor_find(doctor, PD_FINDING_WARNING, subject, text,
                   "let the server remove those in its own name from what comes in (RFC 8601, 5)");
}

static void look_at_mailbox(PdDoctor *doctor, const PdMailbox *mailbox)
{
    Seen seen = {.mailbox = mailbox};
    g_autofree char *subject = g_strdup_printf("authserv_ids of %s", mailbox->name);
    g_autoptr(PdStatus) status = look_at_mails(doctor, &seen);

    if (status != NULL)
        pd_doctor_find(doctor, PD_FINDING_BAD, subject, pd_status_text(status),
                       pd_status_advice(status));
    if (seen.unnamed > 0)
        find_unnamed(doctor, subject, &seen);
    if (seen.doubtful > 0)
        find_doubtful(doctor, subject, &seen);
    if (status == NULL && seen.outside > 0 && seen.unnamed == 0 && seen.doubtful == 0) {
        g_autofree char *good =
            g_strdup_printf("the last %u mails from outside hold its word", seen.outside);
        pd_doctor_find(doctor, PD_FINDING_GOOD, subject, good, NULL);
    }
    g_free(seen.other);
}

void pd_doctor_look_at_trust(PdDoctor *doctor)
{
    const GPtrArray *mailboxes = doctor->cli->config->mailboxes;

    for (guint i = 0; i < mailboxes->len; i++) {
        const PdMailbox *mailbox = g_ptr_array_index(mailboxes, i);
        if (mailbox->authserv_ids != NULL && mailbox->authserv_ids[0] != NULL)
            look_at_mailbox(doctor, mailbox);
    }
}
