/* token.c: see postdesk/token.h (the only file that knows libsodium).
 *
 * A token is base32 of
 *   ticket (5 bytes) | expiry day since 1970 (2 bytes, 0: never) | ours (4) | holder (10) | nonce
 * (4) where "ours" is a keyed hash over purpose, ticket and day, and "holder" one that covers the
 * holder as well. So a token of ours with another holder is told from a made-up one, and only the
 * holder's proof opens a ticket. Both are compared in constant time. The nonce makes each token
 * another one, so that one can be used up; tokens of before have none and still lead to their
 * tickets.
 */
#include "postdesk/token.h"

#include "postdesk/clock.h"
#include "postdesk/files.h"
#include <errno.h>
#include <sodium.h>
#include <string.h>

#define KEY_SIZE crypto_generichash_KEYBYTES
#define TICKET_BYTES 5
#define DAY_BYTES 2
#define OURS_BYTES 4
#define HOLDER_BYTES 10
#define NONCE_BYTES 4
#define OLD_BYTES (TICKET_BYTES + DAY_BYTES + OURS_BYTES + HOLDER_BYTES)
#define TOKEN_BYTES (OLD_BYTES + NONCE_BYTES)
#define LENGTH_OF(bytes) (((bytes)*8 + 4) / 5)
#define TOKEN_LENGTH LENGTH_OF(TOKEN_BYTES)
#define RANDOM_BYTES 10
#define MOST_KEY_FILE 4096
#define HEADING "postdesk-token-keys 1"

G_STATIC_ASSERT(TOKEN_LENGTH <= 40);

struct pd_token_keys {
    guint8 current[KEY_SIZE];
    guint8 previous[KEY_SIZE];
    gint64 previous_until; /* 0: there is none */
};

typedef struct {
    gint64 ticket;
    guint day;
    guint8 ours[OURS_BYTES];
    guint8 holder[HOLDER_BYTES];
    guint8 nonce[NONCE_BYTES];
    gboolean is_old; /* without a nonce */
} Token;

static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

static PdStatus *broken(const char *path)
{
    return pd_status_new(PD_SPOILS_STORE, PD_FINAL, "restore the token keys from a backup",
                         "%s is no file of token keys", path);
}

static PdStatus *prepare_library(void)
{
    if (sodium_init() >= 0)
        return NULL;
    return pd_status_new(PD_SPOILS_SYSTEM, PD_FINAL, NULL, "libsodium cannot be used");
}

static gboolean read_key(const char *hex, guint8 key[KEY_SIZE], const char **end)
{
    gsize length = 0;

    return sodium_hex2bin(key, KEY_SIZE, hex, strspn(hex, "0123456789abcdef"), NULL, &length,
                          end) == 0 &&
           length == KEY_SIZE;
}

static PdStatus *parse(const char *path, const char *text, PdTokenKeys *keys)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", 5);
    const char *end;

    if (g_strv_length(lines) < 2 || strcmp(lines[0], HEADING) != 0 ||
        !g_str_has_prefix(lines[1], "current ") || !read_key(lines[1] + 8, keys->current, &end))
        return broken(path);
    if (lines[2] == NULL || !g_str_has_prefix(lines[2], "previous "))
        return NULL;
    if (!read_key(lines[2] + 9, keys->previous, &end) || *end != ' ')
        return broken(path);
    keys->previous_until = g_ascii_strtoll(end, NULL, 10);
    return NULL;
}

typedef PdStatus *(*Write)(const char *path, const char *bytes, gsize length, mode_t mode);

static PdStatus *save(const char *path, const PdTokenKeys *keys, Write write)
{
    char current[2 * KEY_SIZE + 1], previous[2 * KEY_SIZE + 1];
    g_autoptr(GString) text = g_string_new(NULL);

    sodium_bin2hex(current, sizeof(current), keys->current, KEY_SIZE);
    g_string_printf(text, HEADING "\ncurrent %s\n", current);
    if (keys->previous_until != 0) {
        sodium_bin2hex(previous, sizeof(previous), keys->previous, KEY_SIZE);
        g_string_append_printf(text, "previous %s %" G_GINT64_FORMAT "\n", previous,
                               keys->previous_until);
    }
    PdStatus *status = write(path, text->str, text->len, 0600);
    sodium_memzero(current, sizeof(current));
    sodium_memzero(previous, sizeof(previous));
    sodium_memzero(text->str, text->len);
    return status;
}

static PdStatus *load(const char *path, PdTokenKeys *keys)
{
    g_autofree char *text = NULL;
    gsize length;

    PD_TRY(pd_file_read(path, MOST_KEY_FILE, &text, &length));
    PdStatus *status = parse(path, text, keys);
    sodium_memzero(text, length);
    return status;
}

/* Roles that start at once all find no keys: those of one of them are everybody's. */
static PdStatus *make(const char *path, PdTokenKeys *keys)
{
    randombytes_buf(keys->current, KEY_SIZE);
    PD_TRY(save(path, keys, pd_file_make));
    return load(path, keys);
}

PdStatus *pd_token_keys_load(const char *path, PdTokenKeys **keys)
{
    g_autoptr(PdTokenKeys) loaded = g_new0(PdTokenKeys, 1);

    *keys = NULL;
    PD_TRY(prepare_library());
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        PD_TRY(load(path, loaded));
    else
        PD_TRY(make(path, loaded));
    *keys = g_steal_pointer(&loaded);
    return NULL;
}

PdStatus *pd_token_keys_rotate(const char *path, gint64 previous_valid_for)
{
    g_autoptr(PdTokenKeys) keys = NULL;

    PD_TRY(pd_token_keys_load(path, &keys));
    memcpy(keys->previous, keys->current, KEY_SIZE);
    keys->previous_until = pd_clock_now() + previous_valid_for;
    randombytes_buf(keys->current, KEY_SIZE);
    return save(path, keys, pd_file_replace);
}

void pd_token_keys_free(PdTokenKeys *keys)
{
    if (keys == NULL)
        return;
    sodium_memzero(keys, sizeof(*keys));
    g_free(keys);
}

/* Keyed hash over what the token says; holder NULL: without it. */
static void sign(const guint8 key[KEY_SIZE], const Token *token, PdTokenPurpose purpose,
                 const char *holder, guint8 *proof, gsize size)
{
    g_autofree char *lower = holder != NULL ? g_ascii_strdown(holder, -1) : g_strdup("");
    char nonce[2 * NONCE_BYTES + 1];
    sodium_bin2hex(nonce, sizeof(nonce), token->nonce, NONCE_BYTES);
    g_autofree char *said = g_strdup_printf(
        "postdesk token %d\n%d\n%" G_GINT64_FORMAT "\n%u\n%d\n%s%s%s", token->is_old ? 1 : 2,
        (int)purpose, token->ticket, token->day, holder != NULL, lower, token->is_old ? "" : "\n",
        token->is_old ? "" : nonce);
    guint8 whole[crypto_generichash_BYTES];

    crypto_generichash(whole, sizeof(whole), (const guint8 *)said, strlen(said), key, KEY_SIZE);
    memcpy(proof, whole, size);
}

static void append_base32(GString *out, const guint8 *bytes, gsize length)
{
    guint32 bits = 0;
    guint held = 0;

    for (gsize i = 0; i < length; i++) {
        bits = bits << 8 | bytes[i];
        for (held += 8; held >= 5; held -= 5)
            g_string_append_c(out, alphabet[bits >> (held - 5) & 31]);
    }
    if (held > 0)
        g_string_append_c(out, alphabet[bits << (5 - held) & 31]);
}

static gboolean decode_base32(const char *text, guint8 *bytes, gsize count)
{
    guint32 bits = 0;
    guint held = 0;
    gsize used = 0;

    for (gsize i = 0; i < LENGTH_OF(count); i++) {
        const char *at = text[i] != '\0' ? strchr(alphabet, g_ascii_tolower(text[i])) : NULL;
        if (at == NULL)
            return FALSE;
        bits = bits << 5 | (guint32)(at - alphabet);
        held += 5;
        if (held >= 8 && used < count) {
            held -= 8;
            bytes[used++] = (guint8)(bits >> held);
        }
    }
    /* the bits that are left over are zero: each token is written in one way only */
    return text[LENGTH_OF(count)] == '\0' && used == count && (bits & ((1u << held) - 1)) == 0;
}

static char *encode(const Token *token)
{
    guint8 bytes[TOKEN_BYTES];
    GString *text = g_string_sized_new(TOKEN_LENGTH + 1);

    for (guint i = 0; i < TICKET_BYTES; i++)
        bytes[i] = (guint8)(token->ticket >> 8 * (TICKET_BYTES - 1 - i));
    bytes[TICKET_BYTES] = (guint8)(token->day >> 8);
    bytes[TICKET_BYTES + 1] = (guint8)token->day;
    memcpy(bytes + TICKET_BYTES + DAY_BYTES, token->ours, OURS_BYTES);
    memcpy(bytes + TICKET_BYTES + DAY_BYTES + OURS_BYTES, token->holder, HOLDER_BYTES);
    memcpy(bytes + OLD_BYTES, token->nonce, NONCE_BYTES);
    append_base32(text, bytes, TOKEN_BYTES);
    return g_string_free(text, FALSE);
}

static gboolean decode(const char *text, Token *token)
{
    guint8 bytes[TOKEN_BYTES];

    memset(token, 0, sizeof *token);
    token->is_old = text != NULL && strlen(text) == LENGTH_OF(OLD_BYTES);
    gsize count = token->is_old ? OLD_BYTES : TOKEN_BYTES;
    if (text == NULL || strlen(text) != LENGTH_OF(count) || !decode_base32(text, bytes, count))
        return FALSE;
    token->ticket = 0;
    for (guint i = 0; i < TICKET_BYTES; i++)
        token->ticket = token->ticket << 8 | bytes[i];
    token->day = (guint)bytes[TICKET_BYTES] << 8 | bytes[TICKET_BYTES + 1];
    memcpy(token->ours, bytes + TICKET_BYTES + DAY_BYTES, OURS_BYTES);
    memcpy(token->holder, bytes + TICKET_BYTES + DAY_BYTES + OURS_BYTES, HOLDER_BYTES);
    if (!token->is_old)
        memcpy(token->nonce, bytes + OLD_BYTES, NONCE_BYTES);
    return TRUE;
}

char *pd_token_make(const PdTokenKeys *keys, gint64 ticket, const char *holder,
                    PdTokenPurpose purpose, gint64 expires)
{
    Token token = {.ticket = ticket, .day = 0};

    g_return_val_if_fail(ticket >= 0 && ticket >> (8 * TICKET_BYTES) == 0, NULL);
    if (expires > 0)
        token.day = (guint)CLAMP(expires / PD_DAY, 1, G_MAXUINT16);
    randombytes_buf(token.nonce, NONCE_BYTES);
    sign(keys->current, &token, purpose, NULL, token.ours, OURS_BYTES);
    sign(keys->current, &token, purpose, holder, token.holder, HOLDER_BYTES);
    return encode(&token);
}

static PdTokenVerdict judge(const guint8 key[KEY_SIZE], const Token *token, const char *holder,
                            PdTokenPurpose purpose)
{
    guint8 ours[OURS_BYTES], proof[HOLDER_BYTES];

    sign(key, token, purpose, NULL, ours, OURS_BYTES);
    if (sodium_memcmp(ours, token->ours, OURS_BYTES) != 0)
        return PD_TOKEN_NONE;
    sign(key, token, purpose, holder != NULL ? holder : "", proof, HOLDER_BYTES);
    if (sodium_memcmp(proof, token->holder, HOLDER_BYTES) != 0)
        return PD_TOKEN_OTHER_HOLDER;
    return PD_TOKEN_VALID;
}

PdTokenVerdict pd_token_check(const PdTokenKeys *keys, const char *text, const char *holder,
                              PdTokenPurpose purpose, gint64 now, gint64 *ticket)
{
    Token token;

    *ticket = 0;
    if (!decode(text, &token))
        return PD_TOKEN_NONE;
    PdTokenVerdict verdict = judge(keys->current, &token, holder, purpose);
    if (verdict == PD_TOKEN_NONE && keys->previous_until > now)
        verdict = judge(keys->previous, &token, holder, purpose);
    if (verdict == PD_TOKEN_NONE)
        return verdict;
    *ticket = token.ticket;
    /* good to the end of its day */
    gboolean expired = token.day != 0 && now / PD_DAY > token.day;
    return expired && verdict == PD_TOKEN_VALID ? PD_TOKEN_EXPIRED : verdict;
}

char *pd_token_message_id(const char *token, const char *domain)
{
    guint8 random[RANDOM_BYTES];
    GString *id = g_string_new(NULL);

    randombytes_buf(random, sizeof(random));
    append_base32(id, random, sizeof(random));
    g_string_append_printf(id, ".%s@%s", token, domain);
    return g_string_free(id, FALSE);
}

char *pd_token_of_message_id(const char *message_id)
{
    Token token;
    const char *at = message_id != NULL ? strrchr(message_id, '@') : NULL;
    const char *dot = at != NULL ? g_strrstr_len(message_id, at - message_id, ".") : NULL;

    if (dot == NULL || dot == message_id)
        return NULL;
    g_autofree char *text = g_strndup(dot + 1, (gsize)(at - dot - 1));
    return decode(text, &token) ? g_steal_pointer(&text) : NULL;
}

char *pd_token_nonce(const char *text)
{
    Token token;
    char nonce[2 * NONCE_BYTES + 1];

    if (!decode(text, &token) || token.is_old)
        return NULL;
    sodium_bin2hex(nonce, sizeof(nonce), token.nonce, NONCE_BYTES);
    return g_strdup(nonce);
}
