/* attachment.c: see attachments.h. An index over message.attachments: rows are added with a
 * message, in its transaction, and adding them again changes nothing. */
#include "postdesk/attachments.h"

#include "postdesk/limits.h"
#include "postdesk/tickets.h"
#include "store_internal.h"
#include <string.h>

#define LEAST_SHARED (12 * 1024) /* bytes; encoded they are PD_SHARING_LEAST, a third more */
#define MOST_LOGO (64 * 1024)    /* bytes; larger inline pictures are screenshots */

void pd_known_attachment_free(PdKnownAttachment *attachment)
{
    if (attachment == NULL)
        return;
    g_free(attachment->name);
    g_free(attachment->type);
    g_free(attachment);
}

gboolean pd_attachment_digest(const char *hex, guint8 digest[PD_HASH_SIZE])
{
    if (hex == NULL || strlen(hex) != 2 * PD_HASH_SIZE)
        return FALSE;
    for (gsize i = 0; i < PD_HASH_SIZE; i++) {
        int high = g_ascii_xdigit_value(hex[2 * i]), low = g_ascii_xdigit_value(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return FALSE;
        digest[i] = (guint8)(high << 4 | low);
    }
    return TRUE;
}

static PdStatus *id_of(PdStore *store, const guint8 *sha256, gint64 *id)
{
    PdQuery *query;

    *id = 0;
    PD_TRY(pd_db_query(store->db, "SELECT id FROM attachment WHERE hash_key = ? AND sha256 = ?",
                       &query));
    pd_bind_int(query, pd_key_of_digest(sha256));
    pd_bind_blob(query, sha256, PD_HASH_SIZE);
    return pd_query_number(query, id);
}

static PdStatus *add_file(PdStore *store, const PdStoredMessage *message, const PdJson *file,
                          const guint8 *sha256, gint64 *id)
{
    const char *name = pd_json_get_text(file, "name"), *type = pd_json_get_text(file, "type");
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "INSERT INTO attachment (hash_key, sha256, size, type, name, first_inbox)"
                       " VALUES (?, ?, ?, ?, ?, ?)",
                       &query));
    pd_bind_int(query, pd_key_of_digest(sha256));
    pd_bind_blob(query, sha256, PD_HASH_SIZE);
    pd_bind_int(query, pd_json_get_int(file, "size", 0));
    pd_bind_text(query, type != NULL ? type : "");
    pd_bind_text(query, name != NULL ? name : "");
    pd_bind_int(query, message->inbox);
    PD_TRY(pd_query_run(query));
    *id = pd_db_last_id(store->db);
    return NULL;
}

static PdStatus *add_arrival(PdStore *store, gint64 id, const PdStoredMessage *message)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "INSERT OR IGNORE INTO attachment_arrival (attachment, sender_key, inbox)"
                       " VALUES (?, ?, ?)",
                       &query));
    pd_bind_int(query, id);
    pd_bind_int(query, message->from != NULL ? pd_key_of_address(message->from) : 0);
    pd_bind_int(query, message->inbox);
    return pd_query_run(query);
}

static PdStatus *index_file(PdStore *store, const PdStoredMessage *message, const PdJson *file,
                            const guint8 *sha256)
{
    gint64 id;

    PD_TRY(id_of(store, sha256, &id));
    gboolean came_before = id != 0;
    if (!came_before)
        PD_TRY(add_file(store, message, file, sha256, &id));
    PD_TRY(add_arrival(store, id, message));
    if (!came_before || pd_db_changes(store->db) == 0 ||
        pd_json_get_int(file, "size", 0) < LEAST_SHARED)
        return NULL;
    return pd_sharing_note(store, message->inbox, id, 0);
}

PdStatus *pd_attachments_index(PdStore *store, const PdStoredMessage *message)
{
    g_autoptr(PdJson) files = NULL;

    if (message->attachments == NULL)
        return NULL;
    PD_TRY(pd_json_parse(message->attachments, strlen(message->attachments), &files));
    for (gsize i = 0; i < MIN(pd_json_length(files), PD_LIMIT_PARTS); i++) {
        const PdJson *file = pd_json_at(files, i);
        guint8 sha256[PD_HASH_SIZE];
        if (pd_attachment_digest(pd_json_get_text(file, "sha256"), sha256))
            PD_TRY(index_file(store, message, file, sha256));
    }
    return NULL;
}

static gpointer read_attachment(PdQuery *query)
{
    PdKnownAttachment *attachment = g_new0(PdKnownAttachment, 1);

    attachment->first_inbox = pd_column_int(query, 0);
    attachment->arrivals = pd_column_int(query, 1);
    attachment->size = pd_column_int(query, 2);
    attachment->name = pd_column_dup(query, 3);
    attachment->type = pd_column_dup(query, 4);
    return attachment;
}

PdStatus *pd_attachment_find(PdStore *store, const guint8 sha256[PD_HASH_SIZE],
                             PdKnownAttachment **attachment)
{
    gpointer row = NULL;
    PdQuery *query;

    *attachment = NULL;
    PD_TRY(pd_db_query(store->db,
                       "SELECT first_inbox, (SELECT count(DISTINCT inbox) FROM attachment_arrival"
                       " WHERE attachment = attachment.id), size, name, type FROM attachment"
                       " WHERE hash_key = ? AND sha256 = ?",
                       &query));
    pd_bind_int(query, pd_key_of_digest(sha256));
    pd_bind_blob(query, sha256, PD_HASH_SIZE);
    PD_TRY(pd_query_one(query, read_attachment, &row));
    *attachment = row;
    return NULL;
}

gboolean pd_attachment_may_be_logo(const PdJson *attachment)
{
    const char *type = pd_json_get_text(attachment, "type");

    return pd_json_get_bool(attachment, "inline", FALSE) && type != NULL &&
           g_str_has_prefix(type, "image/") && pd_json_get_int(attachment, "size", 0) <= MOST_LOGO;
}

PdStatus *pd_attachment_came_before(PdStore *store, const guint8 sha256[PD_HASH_SIZE],
                                    const char *address, gint64 inbox, gboolean *before)
{
    gint64 id, count = 0;
    PdQuery *query;

    *before = FALSE;
    PD_TRY(id_of(store, sha256, &id));
    if (id == 0)
        return NULL;
    PD_TRY(pd_db_query(store->db,
                       "SELECT EXISTS (SELECT 1 FROM attachment_arrival WHERE attachment = ?"
                       " AND sender_key = ? AND inbox < ?)",
                       &query));
    pd_bind_int(query, id);
    pd_bind_int(query, pd_key_of_address(address));
    pd_bind_int(query, inbox);
    PD_TRY(pd_query_number(query, &count));
    *before = count != 0;
    return NULL;
}
