/* hash.h: SHA-256, of bytes at hand or as they pass. */
#ifndef POSTDESK_HASH_H
#define POSTDESK_HASH_H

#include <glib.h>

#define PD_HASH_SIZE 32

typedef struct pd_hash PdHash;

PdHash *pd_hash_new(void);
void pd_hash_add(PdHash *hash, const void *bytes, gsize length);
/* The digest; the hash then begins anew. */
void pd_hash_finish(PdHash *hash, guint8 digest[PD_HASH_SIZE]);
void pd_hash_free(PdHash *hash);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdHash, pd_hash_free)

void pd_hash_bytes(const void *bytes, gsize length, guint8 digest[PD_HASH_SIZE]);
char *pd_hash_hex(const guint8 digest[PD_HASH_SIZE]); /* caller frees */

#endif
