/* signature.c: see signature.h. A logo is told by its bytes alone: inline, small, and here again.
 */
#include "signature.h"

#include "postdesk/attachments.h"
#include <string.h>

/* Which files these were: not known yet where a message came before files were counted. */
static PdStatus *mark_known(PdStore *store, PdJson *attachment, const guint8 *sha256)
{
    g_autoptr(PdKnownAttachment) known = NULL;

    PD_TRY(pd_attachment_find(store, sha256, &known));
    if (known == NULL)
        return NULL;
    pd_json_set_int(attachment, "arrivals", known->arrivals);
    pd_json_set_int(attachment, "first_message", known->first_inbox);
    return NULL;
}

static PdStatus *mark_message(PdStore *store, const PdJson *message, GHashTable *shown)
{
    PdJson *attachments = pd_json_get(message, "attachments");
    const char *sender = pd_json_get_text(pd_json_get(message, "from"), "address");
    gint64 inbox = pd_json_get_int(message, "message", 0);

    for (gsize i = 0; i < pd_json_length(attachments); i++) {
        PdJson *attachment = pd_json_at(attachments, i);
        const char *hex = pd_json_get_text(attachment, "sha256");
        guint8 sha256[PD_HASH_SIZE];
        gboolean before = FALSE;
        if (!pd_attachment_digest(hex, sha256))
            continue;
        PD_TRY(mark_known(store, attachment, sha256));
        if (pd_attachment_may_be_logo(attachment)) {
            before = !g_hash_table_add(shown, g_strdup(hex));
            if (!before && sender != NULL)
                PD_TRY(pd_attachment_came_before(store, sha256, sender, inbox, &before));
        }
        pd_json_set_bool(attachment, "repeated", before);
    }
    return NULL;
}

PdStatus *pd_signature_mark(PdStore *store, PdJson *messages)
{
    g_autoptr(GHashTable) shown = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (gsize i = 0; i < pd_json_length(messages); i++)
        PD_TRY(mark_message(store, pd_json_at(messages, i), shown));
    return NULL;
}
