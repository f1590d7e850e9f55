/* inject.c: one message from a pipe or a file into the inbox.
 *
 * Success means durable: an MTA that calls us may forget the message after exit 0.
 */
#include "postdesk/clock.h"
#include "postdesk/files.h"
#include "postdesk/inbox.h"
#include "postdesk/killpoint.h"
#include "postdesk/roles.h"
#include "postdesk/wake.h"

static PdStatus *write_raw(PdRawWriter *writer, const char *bytes, gsize length, PdInboxRow *row)
{
    PD_TRY(pd_raw_begin(writer));
    PD_TRY(pd_raw_write(writer, bytes, length));
    PD_TRY(pd_raw_end(writer, &row->raw, row->sha256));
    PD_TRY(pd_raw_sync(writer));
    pd_durable_step("inject.raw-synced");
    return NULL;
}

static PdStatus *commit_row(PdStore *store, PdInboxRow *row)
{
    gboolean is_new = FALSE;

    PD_TRY(pd_store_begin(store));
    PdStatus *status = pd_inbox_add(store, row, &is_new);
    if (status == NULL)
        status = pd_store_commit(store);
    if (status != NULL)
        pd_store_rollback(store);
    return status;
}

static PdStatus *take_in(const PdConfig *config, const char *mailbox, const char *bytes,
                         gsize length, gint64 *inbox_id)
{
    g_autoptr(PdStore) store = NULL;
    g_autoptr(PdRawWriter) writer = NULL;
    g_autoptr(PdInboxRow) row = pd_inbox_row_new();

    PD_TRY(pd_store_open(config->state, PD_STORE_CREATE, &store));
    if (pd_folder_free_space(config->state) < config->min_free_space)
        return pd_status_new(PD_SPOILS_STORE, PD_TRY_AGAIN, "make room on the disk",
                             "less free space at %s than limits.min_free_space", config->state);
    PD_TRY(pd_raw_writer_open(store, PD_MAILBOX_INJECT, &writer));
    row->mailbox = g_strdup(mailbox);
    row->arrived_at = pd_clock_now();
    row->full_size = length;
    row->server_done = TRUE;
    PD_TRY(write_raw(writer, bytes, length, row));
    PD_TRY(commit_row(store, row));
    pd_durable_step("inject.committed");
    *inbox_id = row->id;
    pd_wake_knock(config->state, "process");
    return NULL;
}

PdStatus *pd_role_inject(const PdConfig *config, const char *bytes, gsize length, gint64 *inbox_id)
{
    return take_in(config, PD_MAILBOX_INJECT, bytes, length, inbox_id);
}

PdStatus *pd_role_take_call(const PdConfig *config, const char *bytes, gsize length,
                            gint64 *inbox_id)
{
    return take_in(config, PD_MAILBOX_CALL, bytes, length, inbox_id);
}
