/* fixture.c: see store_test.h. */
#include "store_test.h"

#include <glib/gstdio.h>
#include <string.h>

char *scratch, *state;
PdStore *store;

char *scratch_make(void)
{
    g_autoptr(GError) error = NULL;
    char *folder = g_dir_make_tmp("postdesk-store-XXXXXX", &error);

    ck_assert_msg(folder != NULL, "no scratch folder");
    return folder;
}

void scratch_remove(const char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
            scratch_remove(path);
        else
            g_unlink(path);
    }
    if (dir != NULL)
        g_dir_close(dir);
    g_rmdir(folder);
}

void fixture_setup(void)
{
    scratch = scratch_make();
    state = g_build_filename(scratch, "state", NULL);
    MUST(pd_store_open(state, PD_STORE_CREATE, &store));
}

void fixture_teardown(void)
{
    g_clear_pointer(&store, pd_store_close);
    scratch_remove(scratch);
    g_clear_pointer(&scratch, g_free);
    g_clear_pointer(&state, g_free);
}

void fixture_reopen(void)
{
    g_clear_pointer(&store, pd_store_close);
    MUST(pd_store_open(state, PD_STORE_WRITE, &store));
}

gint64 add_message(PdStore *to, const char *mailbox, guint32 uid, const char *raw)
{
    g_autoptr(PdInboxRow) row = pd_inbox_row_new();
    g_autoptr(PdRawWriter) writer = NULL;
    gboolean is_new;

    MUST(pd_raw_writer_open(to, mailbox, &writer));
    MUST(pd_raw_begin(writer));
    MUST(pd_raw_write(writer, raw, strlen(raw)));
    MUST(pd_raw_end(writer, &row->raw, row->sha256));
    MUST(pd_raw_sync(writer));
    row->mailbox = g_strdup(mailbox);
    row->uidvalidity = uid > 0 ? 7 : 0;
    row->uid = uid;
    row->full_size = strlen(raw);
    row->server_done = uid == 0;
    MUST(pd_store_begin(to));
    MUST(pd_inbox_add(to, row, &is_new));
    MUST(pd_store_commit(to));
    return is_new ? row->id : 0;
}

PdEvent *opening(const char *subject, const char *reporter)
{
    PdEvent *event = pd_event_new("opened", reporter, "mail");
    PdJson *set = pd_json_object();

    pd_json_set_text(set, "subject", subject);
    pd_json_set_text(set, "status", "new");
    pd_json_set_text(set, "reporter", reporter);
    pd_json_set(event->data, "set", set);
    pd_json_set(event->data, "participants", pd_json_add_text(pd_json_array(), reporter));
    return event;
}

gint64 open_ticket(PdStore *in, const char *subject, const char *reporter)
{
    g_autoptr(PdEvent) event = opening(subject, reporter);

    MUST(pd_store_begin(in));
    MUST(pd_ticket_append(in, event, 0));
    MUST(pd_store_commit(in));
    return event->ticket;
}

gint64 queue_mail(PdStore *in, gint64 ticket, const char *recipient, const char *message_id)
{
    g_autoptr(PdOutboxRow) row = pd_outbox_row_new();

    row->ticket = ticket;
    row->purpose = g_strdup(ticket != 0 ? "acknowledge" : "alarm");
    row->recipient = g_strdup(recipient);
    row->message_id = g_strdup(message_id);
    row->envelope_from = g_strdup("");
    row->mail = g_bytes_new("Subject: x\r\n\r\ny\r\n", 17);
    MUST(pd_store_begin(in));
    MUST(pd_outbox_add(in, row));
    MUST(pd_store_commit(in));
    return row->id;
}

guint differences(PdStore *of)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    PdVerified counts;

    MUST(pd_store_verify(of, list, &counts, NULL, NULL));
    return pd_diagnostics_errors(list);
}

Suite *suite_of(const char *name, const TTest *const *tests, gsize count)
{
    Suite *suite = suite_create(name);
    TCase *cases = tcase_create(name);

    tcase_add_checked_fixture(cases, fixture_setup, fixture_teardown);
    tcase_set_timeout(cases, 120);
    for (gsize i = 0; i < count; i++)
        tcase_add_test(cases, tests[i]);
    suite_add_tcase(suite, cases);
    return suite;
}
