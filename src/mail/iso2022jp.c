/* iso2022jp.c: see iso2022jp.h. The shift between JIS and Shift JIS is arithmetic;
 * the row of NEC (circled numbers and such) is there in CP932 and not in the C library's
 * ISO-2022-JP. */
#include "iso2022jp.h"

#include <string.h>

typedef enum { SET_ROMAN, SET_KANA, SET_KANJI, SET_OTHER } Set;

static const struct {
    const char *escape;
    Set set;
} escapes[] = {
    {"\x1b(B", SET_ROMAN}, {"\x1b(J", SET_ROMAN}, {"\x1b(H", SET_ROMAN},  {"\x1b(I", SET_KANA},
    {"\x1b$@", SET_KANJI}, {"\x1b$B", SET_KANJI}, {"\x1b$(B", SET_KANJI}, {"\x1b&@", SET_ROMAN},
};

/* Length of the escape sequence, its set; 0 if it is none of ours. */
static gsize read_escape(const char *at, gsize left, Set *set)
{
    for (gsize i = 0; i < G_N_ELEMENTS(escapes); i++) {
        gsize length = strlen(escapes[i].escape);
        if (left >= length && memcmp(at, escapes[i].escape, length) == 0) {
            *set = escapes[i].set;
            return length;
        }
    }
    return 0;
}

static void add_kanji(GString *out, guchar row, guchar cell)
{
    guchar high = (guchar)((row - 0x21) / 2 + 0x81);
    guchar low;

    if (high > 0x9f)
        high = (guchar)(high + 0x40);
    if (row % 2 == 1)
        low = (guchar)(cell + 0x1f + (cell >= 0x60 ? 1 : 0));
    else
        low = (guchar)(cell + 0x7e);
    g_string_append_c(out, (char)high);
    g_string_append_c(out, (char)low);
}

char *pd_iso2022jp_to_cp932(const char *bytes, gsize length, gsize *out_length)
{
    g_autoptr(GString) out = g_string_sized_new(length + 1);
    Set set = SET_ROMAN;

    for (gsize i = 0; i < length;) {
        guchar c = (guchar)bytes[i];
        if (c == 0x1b) {
            gsize escape = read_escape(bytes + i, length - i, &set);
            if (escape == 0)
                return NULL;
            i += escape;
        } else if (c == '\n' || c == '\r') {
            g_string_append_c(out, (char)c); /* a line end returns to the roman set */
            set = SET_ROMAN;
            i++;
        } else if (set == SET_KANJI && c > 0x20 && c < 0x7f && i + 1 < length &&
                   bytes[i + 1] > 0x20 && bytes[i + 1] < 0x7f) {
            add_kanji(out, c, (guchar)bytes[i + 1]);
            i += 2;
        } else {
            g_string_append_c(out,
                              set == SET_KANA && c > 0x20 && c < 0x60 ? (char)(c | 0x80) : (char)c);
            i++;
        }
    }
    *out_length = out->len;
    return g_string_free(g_steal_pointer(&out), FALSE);
}
