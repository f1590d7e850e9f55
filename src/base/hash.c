/* hash.c: see postdesk/hash.h. libcrypto, because it uses the processor's own instructions. */
#include "postdesk/hash.h"

#include <openssl/evp.h>

struct pd_hash {
    EVP_MD_CTX *context;
};

/* Looked up once: naming the algorithm to libcrypto costs more than hashing a name with it. */
static const EVP_MD *sha256(void)
{
    static EVP_MD *found;
    static gsize once;

    if (g_once_init_enter(&once)) {
        found = EVP_MD_fetch(NULL, "SHA256", NULL);
        g_once_init_leave(&once, 1);
    }
    return found;
}

static void hash_begin(PdHash *hash)
{
    if (EVP_DigestInit_ex(hash->context, sha256(), NULL) != 1)
        g_error("SHA-256 is not to be had from libcrypto");
}

PdHash *pd_hash_new(void)
{
    PdHash *hash = g_new0(PdHash, 1);

    hash->context = EVP_MD_CTX_new();
    hash_begin(hash);
    return hash;
}

void pd_hash_add(PdHash *hash, const void *bytes, gsize length)
{
    EVP_DigestUpdate(hash->context, bytes, length);
}

void pd_hash_finish(PdHash *hash, guint8 digest[PD_HASH_SIZE])
{
    EVP_DigestFinal_ex(hash->context, digest, NULL);
    hash_begin(hash);
}

void pd_hash_free(PdHash *hash)
{
    if (hash == NULL)
        return;
    EVP_MD_CTX_free(hash->context);
    g_free(hash);
}

void pd_hash_bytes(const void *bytes, gsize length, guint8 digest[PD_HASH_SIZE])
{
    if (EVP_Digest(bytes, length, digest, NULL, sha256(), NULL) != 1)
        g_error("SHA-256 is not to be had from libcrypto");
}

char *pd_hash_hex(const guint8 digest[PD_HASH_SIZE])
{
    GString *hex = g_string_sized_new(2 * PD_HASH_SIZE);

    for (gsize i = 0; i < PD_HASH_SIZE; i++)
        g_string_append_printf(hex, "%02x", digest[i]);
    return g_string_free(hex, FALSE);
}
