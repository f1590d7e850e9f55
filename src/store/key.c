/* key.c: short keys of long texts. SHA-256, so that nobody can make texts that collide in
 * numbers that matter. */
#include "store_internal.h"

#include <string.h>

gint64 pd_key_of_digest(const guint8 digest[PD_HASH_SIZE])
{
    gint64 key;

    memcpy(&key, digest, sizeof key);
    return GINT64_FROM_BE(key);
}

gint64 pd_key_of_text(const char *text)
{
    guint8 digest[PD_HASH_SIZE];

    pd_hash_bytes(text, strlen(text), digest);
    return pd_key_of_digest(digest);
}

gint64 pd_key_of_address(const char *address)
{
    g_autofree char *folded = g_ascii_strdown(address, -1);
    char *at = strrchr(folded, '@');
    char *plus = strchr(folded, '+');

    if (at != NULL && plus != NULL && plus < at && plus > folded)
        memmove(plus, at, strlen(at) + 1);
    return pd_key_of_text(folded);
}
