/* folder_check.c: that no folder is collected twice, nor what was moved after it was collected. */
#include "settings.h"

#include <string.h>

/* Where the folder lies, letter for letter the same for the same folder. INBOX is one in whatever
 * letter case (RFC 3501, section 5.1). */
static char *place_of(const PdMailbox *mailbox, const char *folder)
{
    const PdServer *server = &mailbox->server;
    const char *name = g_ascii_strcasecmp(folder, "INBOX") == 0 ? "INBOX" : folder;

    if (mailbox->maildir != NULL)
        return g_strdup_printf("%s\n%s", mailbox->maildir, name);
    g_autofree char *host = g_ascii_strdown(server->host, -1);
    return g_strdup_printf("%s\n%u\n%s\n%s", host, server->port, server->user, name);
}

static void check_mailbox(const PdReading *reading, const PdYamlNode *map, const PdMailbox *mailbox,
                          GHashTable *places)
{
    const PdYamlNode *node = pd_yaml_get(map, "folders");

    for (char **folder = mailbox->folders; folder != NULL && *folder != NULL; folder++) {
        char *place = place_of(mailbox, *folder);
        const char *other = g_hash_table_lookup(places, place);
        if (other != NULL)
            pd_yaml_complain(reading->yaml, node != NULL ? node : map, PD_WARNING, reading->list,
                             "folder '%s' is collected by mailbox '%s' already: each of its mails "
                             "is taken in twice, the second time as a copy; leave it out here",
                             *folder, other);
        g_hash_table_insert(places, place, mailbox->name);
    }
}

/* It would be taken in again, and two mailboxes might move a mail to and fro for ever. */
static void check_move(const PdReading *reading, const PdYamlNode *map, const PdMailbox *mailbox,
                       GHashTable *places)
{
    if (mailbox->after != PD_AFTER_MOVE || mailbox->move_to == NULL)
        return;
    g_autofree char *place = place_of(mailbox, mailbox->move_to);
    const char *other = g_hash_table_lookup(places, place);

    const PdYamlNode *node = pd_yaml_get(map, "move_to");

    if (other != NULL && strcmp(other, mailbox->name) == 0)
        pd_yaml_complain(reading->yaml, node, PD_ERROR, reading->list,
                         "move_to is one of the folders that are collected; name another");
    else if (other != NULL)
        pd_yaml_complain(reading->yaml, node, PD_ERROR, reading->list,
                         "what is moved to '%s' is collected again by mailbox '%s'; name another "
                         "folder",
                         mailbox->move_to, other);
}

static gboolean is_reachable(const PdMailbox *mailbox)
{
    return mailbox->name != NULL && (mailbox->maildir != NULL || (mailbox->server.host != NULL &&
                                                                  mailbox->server.user != NULL));
}

void pd_settings_check_folders(const PdReading *reading, const PdYamlNode *list,
                               const GPtrArray *mailboxes)
{
    g_autoptr(GHashTable) places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < mailboxes->len; i++) {
        const PdMailbox *mailbox = g_ptr_array_index(mailboxes, i);
        if (is_reachable(mailbox))
            check_mailbox(reading, pd_yaml_item(list, i), mailbox, places);
    }
    for (guint i = 0; i < mailboxes->len; i++) {
        const PdMailbox *mailbox = g_ptr_array_index(mailboxes, i);
        if (is_reachable(mailbox))
            check_move(reading, pd_yaml_item(list, i), mailbox, places);
    }
}
