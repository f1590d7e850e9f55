/* message.c: the read messages of tickets, and how a copy is known. */
#include "postdesk/tickets.h"

#include "postdesk/clock.h"
#include "store_internal.h"
#include <string.h>

#define NEAR PD_HOUR /* a second way of the same mail, or an MTA that tries again */
#define LATEST "20"  /* messages of a ticket in which a changed copy is looked for */

void pd_stored_message_free(PdStoredMessage *message)
{
    if (message == NULL)
        return;
    g_free(message->message_id);
    g_free(message->from_name);
    g_free(message->from);
    g_free(message->subject);
    g_free(message->text);
    g_free(message->origin);
    g_free(message->attachments);
    g_free(message);
}

static gint64 id_key(const char *message_id)
{
    return message_id != NULL ? pd_key_of_text(message_id) : 0;
}

PdStatus *pd_message_put(PdStore *store, const PdStoredMessage *message)
{
    PdQuery *query;

    PD_TRY(pd_store_need_transaction(store));
    PD_TRY(pd_db_query(store->db,
                       "INSERT OR REPLACE INTO message (inbox, ticket, message_id, content_hash,"
                       " content_key, id_key, from_name, from_address, subject, date, text,"
                       " origin, attachments)"
                       " VALUES (?, nullif(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                       &query));
    pd_bind_int(query, message->inbox);
    pd_bind_int(query, message->ticket);
    pd_bind_text(query, message->message_id);
    pd_bind_blob(query, message->content_hash, PD_HASH_SIZE);
    pd_bind_int(query, pd_key_of_digest(message->content_hash));
    pd_bind_int(query, id_key(message->message_id));
    pd_bind_text(query, message->from_name);
    pd_bind_text(query, message->from);
    pd_bind_text(query, message->subject);
    pd_bind_int(query, message->date);
    pd_bind_text(query, message->text);
    pd_bind_text(query, message->origin);
    pd_bind_text(query, message->attachments);
    PD_TRY(pd_query_run(query));
    return pd_attachments_index(store, message);
}

static gpointer read_message(PdQuery *query)
{
    PdStoredMessage *message = g_new0(PdStoredMessage, 1);
    gsize length;

    message->inbox = pd_column_int(query, 0);
    message->ticket = pd_column_int(query, 1);
    message->message_id = pd_column_dup(query, 2);
    const void *hash = pd_column_blob(query, 3, &length);
    if (length == PD_HASH_SIZE)
        memcpy(message->content_hash, hash, PD_HASH_SIZE);
    message->from_name = pd_column_dup(query, 4);
    message->from = pd_column_dup(query, 5);
    message->subject = pd_column_dup(query, 6);
    message->date = pd_column_int(query, 7);
    message->text = pd_column_dup(query, 8);
    message->origin = pd_column_dup(query, 9);
    message->attachments = pd_column_dup(query, 10);
    return message;
}

#define ROW                                                                                        \
    "SELECT inbox, ticket, message_id, content_hash, from_name, from_address, subject, date, "     \
    "text,"                                                                                        \
    " origin, attachments FROM message "

PdStatus *pd_message_get(PdStore *store, gint64 inbox, PdStoredMessage **message)
{
    gpointer found;
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, ROW "WHERE inbox = ?", &query));
    pd_bind_int(query, inbox);
    PD_TRY(pd_query_one(query, read_message, &found));
    *message = found;
    return NULL;
}

PdStatus *pd_message_first_of_ticket(PdStore *store, gint64 ticket, gint64 *inbox)
{
    PdQuery *query;

    *inbox = 0;
    PD_TRY(pd_db_query(
        store->db, "SELECT inbox FROM message WHERE ticket = ? ORDER BY inbox LIMIT 1", &query));
    pd_bind_int(query, ticket);
    return pd_query_number(query, inbox);
}

PdStatus *pd_message_of_ticket(PdStore *store, gint64 ticket, GPtrArray **messages)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, ROW "WHERE ticket = ? ORDER BY inbox", &query));
    pd_bind_int(query, ticket);
    return pd_query_all(query, read_message, (GDestroyNotify)pd_stored_message_free, messages);
}

PdStatus *pd_message_ends_of_ticket(PdStore *store, gint64 ticket, guint most, GPtrArray **messages)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       ROW "WHERE inbox IN (SELECT min(inbox) FROM message WHERE ticket = ?1"
                           " UNION SELECT inbox FROM (SELECT inbox FROM message WHERE ticket = ?1"
                           " ORDER BY inbox DESC LIMIT ?2)) ORDER BY inbox",
                       &query));
    pd_bind_int(query, ticket);
    pd_bind_int(query, most);
    return pd_query_all(query, read_message, (GDestroyNotify)pd_stored_message_free, messages);
}

PdStatus *pd_message_move(PdStore *store, gint64 inbox, gint64 ticket)
{
    PdQuery *query;

    PD_TRY(pd_store_need_transaction(store));
    PD_TRY(pd_db_query(store->db, "UPDATE message SET ticket = ? WHERE inbox = ?", &query));
    pd_bind_int(query, ticket);
    pd_bind_int(query, inbox);
    return pd_query_run(query);
}

static PdStatus *find_with_id(PdStore *store, const char *message_id, const guint8 *content_hash,
                              PdQuery **query)
{
    PD_TRY(pd_db_query(store->db,
                       "SELECT inbox, coalesce(ticket, 0) FROM message"
                       " WHERE content_key = ? AND id_key = ? AND content_hash = ?"
                       " AND message_id = ? ORDER BY inbox LIMIT 1",
                       query));
    pd_bind_int(*query, pd_key_of_digest(content_hash));
    pd_bind_int(*query, id_key(message_id));
    pd_bind_blob(*query, content_hash, PD_HASH_SIZE);
    pd_bind_text(*query, message_id);
    return NULL;
}

static PdStatus *find_by_content(PdStore *store, const guint8 *content_hash, gint64 near,
                                 PdQuery **query)
{
    PD_TRY(pd_db_query(
        store->db,
        "SELECT m.inbox, coalesce(m.ticket, 0) FROM message m JOIN inbox i ON i.id = m.inbox"
        " WHERE m.content_key = ?1 AND m.content_hash = ?2 AND (?3 = 0 OR"
        " abs(i.arrived_at - (SELECT arrived_at FROM inbox WHERE id = ?3)) <= ?4)"
        " ORDER BY m.inbox LIMIT 1",
        query));
    pd_bind_int(*query, pd_key_of_digest(content_hash));
    pd_bind_blob(*query, content_hash, PD_HASH_SIZE);
    pd_bind_int(*query, near);
    pd_bind_int(*query, NEAR);
    return NULL;
}

PdStatus *pd_message_find_copy(PdStore *store, const char *message_id,
                               const guint8 content_hash[PD_HASH_SIZE], gint64 near, gint64 *inbox,
                               gint64 *ticket)
{
    gboolean row;
    PdQuery *query;

    *inbox = *ticket = 0;
    if (message_id != NULL)
        PD_TRY(find_with_id(store, message_id, content_hash, &query));
    else
        PD_TRY(find_by_content(store, content_hash, near, &query));
    PD_TRY(pd_query_next(query, &row));
    if (!row)
        return NULL;
    *inbox = pd_column_int(query, 0);
    *ticket = pd_column_int(query, 1);
    pd_query_leave(query);
    return NULL;
}

PdStatus *pd_message_came_changed(PdStore *store, gint64 ticket, const char *message_id,
                                  const char *from, gint64 date, gboolean *came)
{
    PdQuery *query;

    *came = FALSE;
    PD_TRY(pd_db_query(store->db,
                       "SELECT 1 FROM (SELECT message_id, date, from_address FROM message"
                       " WHERE ticket = ? ORDER BY inbox DESC LIMIT " LATEST ")"
                       " WHERE message_id = ? AND date = ? AND from_address = ? COLLATE NOCASE"
                       " LIMIT 1",
                       &query));
    pd_bind_int(query, ticket);
    pd_bind_text(query, message_id);
    pd_bind_int(query, date);
    pd_bind_text(query, from);
    PD_TRY(pd_query_next(query, came));
    if (*came)
        pd_query_leave(query);
    return NULL;
}
