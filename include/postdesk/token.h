/* token.h: signed tokens that lead a reply back to its ticket.
 *
 * A token is a keyed hash (libsodium) over ticket, holder, purpose and expiry,
 * written so that it survives mail: letters and digits without case, at most 40
 * characters. Keys lie in one file of the state folder (mode 0600): the current
 * one signs, the previous one still verifies until its time is over.
 */
#ifndef POSTDESK_TOKEN_H
#define POSTDESK_TOKEN_H

#include "postdesk/status.h"
#include <glib.h>

typedef enum {
    PD_TOKEN_REPLY,  /* in Reply-To's plus detail and in our Message-IDs */
    PD_TOKEN_BOUNCE, /* in the envelope sender; holder is the recipient mailed */
} PdTokenPurpose;

typedef struct pd_token_keys PdTokenKeys;

/* Loads the file; makes it with a new key if it is not there. */
PdStatus *pd_token_keys_load(const char *path, PdTokenKeys **keys);
/* A new current key; the present one verifies for so long still. */
PdStatus *pd_token_keys_rotate(const char *path, gint64 previous_valid_for);
void pd_token_keys_free(PdTokenKeys *keys);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdTokenKeys, pd_token_keys_free)

/* holder: address, letter case is ignored. expires: microseconds since 1970 UTC,
 * kept to the day; 0: never. Caller frees. */
char *pd_token_make(const PdTokenKeys *keys, gint64 ticket, const char *holder,
                    PdTokenPurpose purpose, gint64 expires);

typedef enum {
    PD_TOKEN_VALID,        /* and the holder is the one given */
    PD_TOKEN_OTHER_HOLDER, /* shaped, but not signed for this holder */
    PD_TOKEN_EXPIRED,      /* it was valid */
    PD_TOKEN_NONE,         /* no token */
} PdTokenVerdict;

/* A token binds its holder: verification needs the address it was made for.
 * *ticket is what the token claims; believe it with PD_TOKEN_VALID only. */
PdTokenVerdict pd_token_check(const PdTokenKeys *keys, const char *token, const char *holder,
                              PdTokenPurpose purpose, gint64 now, gint64 *ticket);

/* Our Message-IDs: "<random>.<token>@domain" so that In-Reply-To leads back even
 * where the plus-address was cut. Caller frees both. */
char *pd_token_message_id(const char *token, const char *domain);
char *pd_token_of_message_id(const char *message_id); /* NULL if it holds none */

/* What tells this token from all others of the same ticket, holder and day, so that what it was
 * used for can be noted; in hex. NULL for no token, and for one of an earlier Postdesk. */
char *pd_token_nonce(const char *token);

#endif
