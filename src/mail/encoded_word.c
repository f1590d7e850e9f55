/* encoded_word.c: header values for people: RFC 2047, and what is sent instead of it.
 *
 * Neighbouring encoded-words of one charset are joined as bytes before they are converted,
 * for many programs split them inside a character. Linear in the value's length.
 */
#include "charset.h"
#include "header.h"

#include "postdesk/text.h"

#include <string.h>

#define MOST_CHARSET 64

typedef struct {
    const char *charset;
    gsize charset_length;
    char encoding; /* 'B' or 'Q' */
    const char *text;
    gsize length;
    const char *end; /* behind "?=" */
} Word;

typedef struct {
    GString *out;
    const char *prior;
    GByteArray *pending; /* decoded bytes of encoded-words not converted yet */
    char charset[MOST_CHARSET + 1];
    guint32 bits; /* base64 state over joined words */
    guint held;   /* characters in bits */
    gboolean unterminated;
    PdCharsetChoice **choice;
} Decoder;

/* An encoded-word at "=?"; tolerant of raw spaces inside the text. */
static gboolean read_word(Decoder *decoder, const char *at, const char *limit, Word *word)
{
    const char *charset = at + 2;
    gsize left = (gsize)(limit - charset);
    const char *mark = memchr(charset, '?', MIN(left, MOST_CHARSET + 1));

    if (mark == NULL || mark == charset || mark + 3 >= limit || mark[2] != '?')
        return FALSE;
    word->encoding = g_ascii_toupper(mark[1]);
    if (word->encoding != 'B' && word->encoding != 'Q')
        return FALSE;
    word->charset = charset;
    word->charset_length = (gsize)(mark - charset);
    word->text = mark + 3;
    const char *end =
        decoder->unterminated ? NULL : pd_text_find(word->text, (gsize)(limit - word->text), "?=");
    if (end == NULL) {
        decoder->unterminated = TRUE;
        return FALSE;
    }
    word->length = (gsize)(end - word->text);
    word->end = end + 2;
    return TRUE;
}

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

/* What is held of an unfinished group of four. */
static void flush_base64(Decoder *decoder)
{
    guint8 bytes[2] = {0};

    if (decoder->held == 2)
        bytes[0] = (guint8)(decoder->bits >> 4);
    if (decoder->held == 3) {
        bytes[0] = (guint8)(decoder->bits >> 10);
        bytes[1] = (guint8)(decoder->bits >> 2);
    }
    if (decoder->held >= 2)
        g_byte_array_append(decoder->pending, bytes, decoder->held - 1);
    decoder->held = 0;
    decoder->bits = 0;
}

static void decode_base64(Decoder *decoder, const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        int value = base64_value(text[i]);
        if (text[i] == '=')
            flush_base64(decoder); /* padding in the middle ends a group */
        if (value < 0)
            continue;
        decoder->bits = decoder->bits << 6 | (guint32)value;
        if (++decoder->held == 4) {
            guint8 bytes[3] = {(guint8)(decoder->bits >> 16), (guint8)(decoder->bits >> 8),
                               (guint8)decoder->bits};
            g_byte_array_append(decoder->pending, bytes, 3);
            decoder->held = 0;
            decoder->bits = 0;
        }
    }
}

static void decode_quoted(Decoder *decoder, const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        guint8 byte = (guint8)text[i];
        if (byte == '_') {
            byte = ' ';
        } else if (byte == '=' && i + 2 < length && g_ascii_isxdigit(text[i + 1]) &&
                   g_ascii_isxdigit(text[i + 2])) {
            byte = (guint8)(g_ascii_xdigit_value(text[i + 1]) * 16 +
                            g_ascii_xdigit_value(text[i + 2]));
            i += 2;
        }
        g_byte_array_append(decoder->pending, &byte, 1);
    }
}

static void flush(Decoder *decoder)
{
    PdDecoding decoding;

    flush_base64(decoder);
    if (decoder->pending->len > 0) {
        g_autofree char *text =
            pd_charset_decode((const char *)decoder->pending->data, decoder->pending->len,
                              decoder->charset, decoder->prior, &decoding);
        g_string_append(decoder->out, text);
        g_byte_array_set_size(decoder->pending, 0);
    }
    *decoder->charset = '\0';
}

static void add_word(Decoder *decoder, const Word *word)
{
    if (strncasecmp(decoder->charset, word->charset, word->charset_length) != 0 ||
        decoder->charset[word->charset_length] != '\0') {
        flush(decoder);
        memcpy(decoder->charset, word->charset, word->charset_length);
        decoder->charset[word->charset_length] = '\0';
    }
    if (word->encoding == 'B') {
        decode_base64(decoder, word->text, word->length);
    } else {
        flush_base64(decoder);
        decode_quoted(decoder, word->text, word->length);
    }
}

static void add_raw(Decoder *decoder, const char *raw, gsize length)
{
    PdDecoding decoding;

    flush(decoder);
    if (pd_charset_is_plain(raw, length)) {
        g_string_append_len(decoder->out, raw, (gssize)length);
        return;
    }
    g_autofree char *text = pd_charset_decode(raw, length, NULL, decoder->prior, &decoding);
    g_string_append(decoder->out, text);
    if (decoder->choice != NULL && *decoder->choice == NULL) {
        *decoder->choice = g_new0(PdCharsetChoice, 1);
        (*decoder->choice)->part = g_strdup("header");
        (*decoder->choice)->used = g_strdup(decoding.used);
        (*decoder->choice)->why = g_strdup(decoding.why);
    }
}

static gboolean is_blank(const char *from, const char *to)
{
    while (from < to && (*from == ' ' || *from == '\t'))
        from++;
    return from == to;
}

static void decode_words(Decoder *decoder, const char *raw, const char *limit)
{
    const char *done = raw; /* up to here it is in out or pending */
    const char *at = raw;
    gboolean after_word = FALSE;
    Word word;

    while ((at = pd_text_find(at, (gsize)(limit - at), "=?")) != NULL) {
        if (!read_word(decoder, at, limit, &word)) {
            at += 2;
            continue;
        }
        if (at > done && !(after_word && is_blank(done, at)))
            add_raw(decoder, done, (gsize)(at - done));
        add_word(decoder, &word);
        after_word = TRUE;
        done = at = word.end;
    }
    if (done < limit)
        add_raw(decoder, done, (gsize)(limit - done));
    flush(decoder);
}

static void blank_controls(char *text)
{
    for (; *text != '\0'; text++) {
        if ((guchar)*text < 0x20 || *text == 0x7f)
            *text = ' ';
    }
}

char *pd_header_decode(const char *raw, gsize length, const char *prior, PdCharsetChoice **choice)
{
    char *text;

    if (pd_text_find(raw, length, "=?") == NULL && pd_charset_is_plain(raw, length)) {
        text = g_strndup(raw, length);
    } else {
        Decoder decoder = {.out = g_string_sized_new(length),
                           .prior = prior,
                           .pending = g_byte_array_new(),
                           .choice = choice};
        decode_words(&decoder, raw, raw + length);
        g_byte_array_free(decoder.pending, TRUE);
        text = g_string_free(decoder.out, FALSE);
    }
    blank_controls(text);
    return text;
}
