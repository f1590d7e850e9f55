/* bounce_field.c: see bounce_field.h. */
#include "bounce_field.h"

#include "address.h"
#include <string.h>

static PdBounceRecipient *find_recipient(const PdMail *mail, const char *address)
{
    for (guint i = 0; i < mail->bounce->len; i++) {
        PdBounceRecipient *recipient = mail->bounce->pdata[i];
        if (pd_address_equal(recipient->address, address))
            return recipient;
    }
    return NULL;
}

PdBounceRecipient *pd_bounce_add(PdMail *mail, const char *address, const char *action)
{
    PdBounceRecipient *recipient = find_recipient(mail, address);

    if (recipient != NULL || mail->bounce->len >= PD_BOUNCE_MOST_RECIPIENTS)
        return recipient;
    recipient = g_new0(PdBounceRecipient, 1);
    recipient->address = g_strdup(address);
    recipient->action = g_ascii_strdown(action, -1);
    g_ptr_array_add(mail->bounce, recipient);
    return recipient;
}

char *pd_bounce_field(const char *paragraph, const char *name)
{
    gsize length = strlen(name);

    for (const char *line = paragraph; *line != '\0';) {
        gsize line_length = strcspn(line, "\n");
        if (line_length > length && g_ascii_strncasecmp(line, name, length) == 0 &&
            line[length] == ':') {
            GString *value =
                g_string_new_len(line + length + 1, (gssize)(line_length - length - 1));
            const char *next = line + line_length;
            while (*next == '\n' && (next[1] == ' ' || next[1] == '\t') && value->len < 2000) {
                gsize more = strcspn(next + 1, "\n");
                g_string_append_len(value, next + 1, (gssize)more);
                next += 1 + more;
            }
            g_strstrip(value->str);
            return g_string_free(value, FALSE);
        }
        line += line_length + (line[line_length] == '\n');
    }
    return NULL;
}

char *pd_bounce_address(const char *value)
{
    if (value == NULL)
        return NULL;
    g_autoptr(GPtrArray) list = pd_addresses_parse(value, NULL);
    if (list->len == 0)
        return NULL;
    const PdAddress *first = list->pdata[0];
    /* <"a@b">: a quotation mark that closes nothing is no part of it */
    const char *address = first->address;
    address += *address == '"' && strchr(address + 1, '"') == NULL;
    return g_strdup(address);
}
