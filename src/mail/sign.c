/* sign.c: see sign.h. */
#include "sign.h"

#include "header.h"
#include <string.h>

const char *pd_sign(const PdReading *reading, const char *name)
{
    return pd_headers_get(reading->raw, name);
}

gboolean pd_is_own(const PdReading *reading, const char *address)
{
    g_autofree char *base = pd_address_base(address);

    for (const char *const *own = reading->options->own_addresses; own != NULL && *own != NULL;
         own++) {
        g_autofree char *own_base = pd_address_base(*own);
        if (pd_address_equal(base, own_base))
            return TRUE;
    }
    return FALSE;
}

char *pd_local_part(const PdAddress *address)
{
    if (address == NULL)
        return g_strdup("");
    const char *at = strrchr(address->address, '@');
    g_autofree char *local = g_strndup(address->address, at != NULL ? (gsize)(at - address->address)
                                                                    : strlen(address->address));
    return g_ascii_strdown(local, -1);
}

gboolean pd_is_list_local(const char *local)
{
    return g_str_has_prefix(local, "owner-") || g_str_has_suffix(local, "-bounces") ||
           g_str_has_suffix(local, "-request") || g_str_has_suffix(local, "-owner") ||
           g_str_has_suffix(local, "-admin");
}
