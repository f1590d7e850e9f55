/* letters.c: see letters.h. */
#include "letters.h"

#include <string.h>

PdMail *letters_to(Fixture *fixture, const char *address, const char *purpose)
{
    g_autoptr(GPtrArray) rows = fixture_outbox(fixture);

    for (guint i = 0; i < rows->len; i++) {
        const PdOutboxRow *row = g_ptr_array_index(rows, i);
        g_autoptr(PdOutboxRow) full = NULL;
        PdMail *mail = NULL;
        gsize length;
        if (strcmp(row->recipient, address) != 0 || strcmp(row->purpose, purpose) != 0)
            continue;
        ck_ok(pd_outbox_get(fixture->store, row->id, &full));
        const char *bytes = g_bytes_get_data(full->mail, &length);
        const PdMailOptions options = {.with_html = TRUE};
        ck_ok(pd_mail_read_bytes(bytes, length, &options, &mail));
        return mail;
    }
    ck_abort_msg("no mail '%s' to %s", purpose, address);
}

guint letters_count(Fixture *fixture, const char *address)
{
    g_autoptr(GPtrArray) rows = fixture_outbox(fixture);
    guint count = 0;

    for (guint i = 0; i < rows->len; i++) {
        const PdOutboxRow *row = g_ptr_array_index(rows, i);
        count += strcmp(row->recipient, address) == 0;
    }
    return count;
}

void letters_answer(Fixture *fixture, const PdMail *mail, const char *from, const char *headers,
                    const char *text)
{
    static int count;
    const PdAddress *to = g_ptr_array_index(mail->reply_to, 0);
    g_autofree char *raw =
        g_strdup_printf("From: %s\nTo: %s\nSubject: Re: %s\nMessage-ID: <answer%d@example.com>\n"
                        "In-Reply-To: <%s>\n%sContent-Type: text/plain; charset=utf-8\n\n%s\n",
                        from, to->address, mail->subject, ++count, mail->message_id, headers, text);
    g_autoptr(PdInboxRow) row = fixture_send(fixture, raw);

    ck_assert_msg(row->outcome == PD_OUTCOME_APPENDED || row->outcome == PD_OUTCOME_CREATED, "%s",
                  row->reason);
}

void letters_run(Fixture *fixture, gint64 ticket, const char *command)
{
    g_auto(GStrv) words = g_strsplit(command, " ", -1);

    ck_ok(pd_desk_command(fixture->desk, ticket, (const char *const *)words, NULL, "root"));
}

void letters_hold(const PdMail *mail, const char *text)
{
    ck_assert_msg(strstr(mail->full_text, text) != NULL, "'%s' is not in:\n%s", text,
                  mail->full_text);
}

void letters_lack(const PdMail *mail, const char *text)
{
    ck_assert_msg(strstr(mail->full_text, text) == NULL, "'%s' is in:\n%s", text, mail->full_text);
}
