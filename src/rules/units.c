/* units.c: see units.h. Only the units of words are learned: a number is looked up once for each
 * unit of a text, and from then on only numbers are compared. */
#include "rules/units.h"

#include "rules/numbers.h"

/* One that was learned; its number is its place. */
typedef struct {
    guint32 hash, length;
    guint32 text; /* in lower case, if the hash is not all of it */
} Known;

typedef struct {
    const char *at;
    gsize length;
    guint32 hash;
    guint32 number;
} Unit;

/* Set in the hash of a run of letters and digits. That of a character is the character itself. */
#define WORD 0x80000000u

struct pd_units {
    GArray *known; /* of Known; the first is none */
    PdNumbers by_hash;
    GString *texts;
    guchar letters[256]; /* of bytes within a word the lower case, 0: of others */
    GArray *places;      /* of the last text */
};

/* Letters beyond ASCII take two bytes, those of the Chinese three. */
static void fill_letters(guchar letters[256])
{
    for (guint byte = 0; byte < 256; byte++) {
        gboolean is_letter = byte < 0x80 ? g_ascii_isalnum(byte) : byte < 0xe0;
        letters[byte] = is_letter ? (guchar)g_ascii_tolower((gchar)byte) : 0;
    }
}

PdUnits *pd_units_new(void)
{
    PdUnits *units = g_new0(PdUnits, 1);
    Known none = {0};

    units->known = g_array_new(FALSE, FALSE, sizeof(Known));
    units->by_hash = pd_numbers_new(PD_NUMBERS_FEWEST_SLOTS);
    units->texts = g_string_new(NULL);
    units->places = g_array_new(FALSE, FALSE, sizeof(PdUnitPlace));
    fill_letters(units->letters);
    g_array_append_val(units->known, none);
    return units;
}

void pd_units_free(PdUnits *units)
{
    if (units == NULL)
        return;
    g_array_unref(units->known);
    g_free(units->by_hash.slots);
    g_string_free(units->texts, TRUE);
    g_array_unref(units->places);
    g_free(units);
}

static gboolean is_word(const Unit *unit)
{
    return (unit->hash & WORD) != 0;
}

/* A character by itself: as many bytes as the first one tells, not beyond the end. */
static Unit single_at(const guchar *at, const guchar *end)
{
    gsize length = *at < 0x80 ? 1 : *at < 0xf0 ? 3 : 4;
    guint32 bytes = 0;

    length = MIN(length, (gsize)(end - at));
    for (gsize i = 0; i < length; i++)
        bytes = bytes << 8 | at[i];
    return (Unit){(const char *)at, length, bytes & ~WORD, 0};
}

static Unit word_at(const PdUnits *units, const guchar *start, const guchar *end)
{
    const guchar *at = start;
    guint32 hash = 2166136261u; /* FNV-1a */

    for (guchar letter; at < end && (letter = units->letters[*at]) != 0; at++)
        hash = (hash ^ letter) * 16777619u;
    return (Unit){(const char *)start, (gsize)(at - start), hash | WORD, 0};
}

static const Known *known_at(const PdUnits *units, guint32 number)
{
    return &g_array_index(units->known, Known, number);
}

static gboolean is_same(const PdUnits *units, const Known *known, const Unit *unit)
{
    if (known->hash != unit->hash || known->length != unit->length)
        return FALSE;
    for (gsize i = 0; is_word(unit) && i < unit->length; i++) {
        if ((guchar)units->texts->str[known->text + i] != units->letters[(guchar)unit->at[i]])
            return FALSE;
    }
    return TRUE;
}

static guint32 number_of(const PdUnits *units, const Unit *unit)
{
    const PdNumbers *numbers = &units->by_hash;
    guint32 slot = pd_numbers_mix(unit->hash, 0) & numbers->mask, number;

    while ((number = numbers->slots[slot]) != 0 && !is_same(units, known_at(units, number), unit))
        slot = (slot + 1) & numbers->mask;
    return number;
}

/* The unit that begins there, before the end; one of three bytes, which most are, the quick way. */
static Unit unit_at(const PdUnits *units, const char *start, const char *stop)
{
    const guchar *at = (const guchar *)start, *end = (const guchar *)stop;
    Unit unit;

    if ((*at & 0xf0) == 0xe0 && end - at >= 3)
        unit = (Unit){start, 3, (guint32)at[0] << 16 | (guint32)at[1] << 8 | at[2], 0};
    else if (units->letters[*at] == 0)
        unit = single_at(at, end);
    else
        unit = word_at(units, at, end);
    unit.number = number_of(units, &unit);
    return unit;
}

static void learn(PdUnits *units, Unit *unit)
{
    Known known = {unit->hash, (guint32)unit->length, (guint32)units->texts->len};
    PdNumbers *numbers = &units->by_hash;

    for (gsize i = 0; is_word(unit) && i < unit->length; i++)
        g_string_append_c(units->texts, (char)units->letters[(guchar)unit->at[i]]);
    unit->number = units->known->len;
    g_array_append_val(units->known, known);
    pd_numbers_take(numbers, pd_numbers_mix(known.hash, 0), unit->number);
    for (guint32 i = 1, all = pd_numbers_grow(numbers, units->known->len) ? units->known->len : 0;
         i < all; i++)
        pd_numbers_take(numbers, pd_numbers_mix(known_at(units, i)->hash, 0), i);
}

static const PdUnitPlace *split(PdUnits *units, const char *text, gsize length, gboolean learns,
                                guint *count)
{
    g_array_set_size(units->places, (guint)length); /* there are no more of them */
    PdUnitPlace *first = (PdUnitPlace *)(gpointer)units->places->data, *place = first;

    for (const char *at = text, *end = text + length; at < end;) {
        Unit unit = unit_at(units, at, end);
        if (learns && unit.number == 0)
            learn(units, &unit);
        at += unit.length;
        *place++ = (PdUnitPlace){unit.number, (guint32)(at - text)};
    }
    *count = (guint)(place - first);
    return first;
}

const PdUnitPlace *pd_units_split(PdUnits *units, const char *text, gsize length, guint *count)
{
    return split(units, text, length, FALSE, count);
}

const PdUnitPlace *pd_units_learn(PdUnits *units, const char *text, gsize length, guint *count)
{
    return split(units, text, length, TRUE, count);
}
