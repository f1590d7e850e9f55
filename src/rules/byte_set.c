/* byte_set.c: which bytes a class of characters may be; see tail.h.
 *
 * Only ASCII is told apart. Text is NFKC, where no other character is equal to an ASCII letter but
 * for its case; a class that names others may name such equals, and then has all letters.
 */
#include "rules/tail.h"

#include <string.h>

#define SPACE "\t\n\v\f\r "
#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyz"

typedef struct {
    const char *at, *end;
    PdByteSet *set;
} Class;

void pd_byte_set_add(PdByteSet *set, guint8 byte)
{
    set->bits[byte / 64] |= (guint64)1 << byte % 64;
    if (g_ascii_islower((char)byte))
        byte = (guint8)g_ascii_toupper((char)byte);
    else
        byte = byte < 0x80 ? (guint8)g_ascii_tolower((char)byte) : byte;
    set->bits[byte / 64] |= (guint64)1 << byte % 64;
}

gboolean pd_byte_set_has(const PdByteSet *set, guint8 byte)
{
    return (set->bits[byte / 64] >> byte % 64 & 1) != 0;
}

static void add_text(PdByteSet *set, const char *text)
{
    for (; *text != '\0'; text++)
        pd_byte_set_add(set, (guint8)*text);
}

gboolean pd_byte_set_of_escape(char letter, PdByteSet *set)
{
    static const struct {
        char letter;
        const char *members;
    } kinds[] = {{'d', DIGITS}, {'w', DIGITS LETTERS "_"}, {'s', SPACE}, {'h', "\t "}};

    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (kinds[i].letter != letter)
            continue;
        add_text(set, kinds[i].members);
        set->wide = TRUE; /* digits, letters and spaces of the whole world */
        return TRUE;
    }
    return FALSE;
}

/* One character that may be the end of a range; *c 0x80: some one beyond ASCII. FALSE: none. */
static gboolean take_char(Class *class, guint *c)
{
    gboolean escaped = *class->at == '\\';

    if (escaped)
        class->at++;
    if (class->at >= class->end || (escaped && g_ascii_isalnum(*class->at)) ||
        (!escaped && *class->at == '['))
        return FALSE;
    *c = MIN((guchar) * class->at, 0x80);
    class->at = g_utf8_next_char(class->at);
    return TRUE;
}

static void add_range(PdByteSet *set, guint first, guint last)
{
    for (guint c = first; c <= MIN(last, 0x7f); c++)
        pd_byte_set_add(set, (guint8)c);
    if (last < 0x80)
        return;
    set->wide = TRUE;
    add_text(set, LETTERS);
}

static gboolean take_range(Class *class)
{
    guint first, last;

    if (!take_char(class, &first))
        return FALSE;
    last = first;
    if (class->end - class->at >= 2 && *class->at == '-') {
        class->at++;
        if (!take_char(class, &last))
            return FALSE;
    }
    add_range(class->set, first, last);
    return TRUE;
}

/* "\d"; a "-" behind it would be one that stands for itself, which versions differ about. */
static gboolean take_escape(Class *class)
{
    if (!pd_byte_set_of_escape(class->at[1], class->set))
        return FALSE;
    class->at += 2;
    return *class->at != '-';
}

gboolean pd_byte_set_of_class(const char *class, gsize length, PdByteSet *set)
{
    Class c = {class + 1, class + length - 1, set};
    gboolean known = length > 2 && class[1] != '^';

    while (known && c.at < c.end)
        known = c.at[0] == '\\' && g_ascii_isalnum(c.at[1]) ? take_escape(&c) : take_range(&c);
    return known;
}
