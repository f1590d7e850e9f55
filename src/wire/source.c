/* source.c: see postdesk/source.h. Hands each call to what stands behind. */
#include "wire/backend.h"
#include "wire/connect.h"
#include "wire/socket.h"

PdStatus *pd_source_open(const PdMailbox *mailbox, const char *folder, const PdSecret *secret,
                         PdSource **source)
{
    g_autoptr(PdSource) made = g_new0(PdSource, 1);

    if (mailbox->maildir != NULL)
        PD_TRY(pd_maildir_source_open(mailbox, folder, made));
    else
        PD_TRY(pd_imap_open(mailbox, folder, secret, made));
    *source = g_steal_pointer(&made);
    return NULL;
}

void pd_source_give_up_when(gboolean (*asked)(void))
{
    pd_socket_give_up_when(asked);
}

void pd_source_close(PdSource *source)
{
    if (source != NULL && source->driver != NULL)
        source->driver->close(source->self);
    g_free(source);
}

gboolean pd_source_was_refused(const PdStatus *status)
{
    return pd_connect_was_refused(status);
}

const PdSourceFolder *pd_source_folder(const PdSource *source)
{
    return source->driver->folder(source->self);
}

PdStatus *pd_source_list(PdSource *source, guint32 first, GArray **entries)
{
    return source->driver->list(source->self, MAX(first, 1), entries);
}

PdStatus *pd_source_fetch(PdSource *source, const PdSourceEntry *entries, guint count,
                          const PdFetchSink *sink)
{
    return source->driver->fetch(source->self, entries, count, sink);
}

PdStatus *pd_source_fetch_headers(PdSource *source, const PdSourceEntry *entry,
                                  const PdFetchSink *sink)
{
    return source->driver->fetch_headers(source->self, entry, sink);
}

PdStatus *pd_source_mark_seen(PdSource *source, const guint32 *uids, guint count)
{
    return source->driver->mark_seen(source->self, uids, count);
}

PdStatus *pd_source_move(PdSource *source, const guint32 *uids, guint count, const char *folder)
{
    return source->driver->move(source->self, uids, count, folder);
}

PdStatus *pd_source_wait(PdSource *source, int wake_fd, gboolean *woken)
{
    *woken = FALSE;
    return source->driver->wait(source->self, wake_fd, woken);
}

PdStatus *pd_source_newest(PdSource *source, gint64 *arrived_at)
{
    *arrived_at = 0;
    return source->driver->newest(source->self, arrived_at);
}
