/* literal_words.c: see literal_words.h. */
#include "rules/literal_words.h"

#include <string.h>

/* Of ASCII whatever means something to PCRE2, or may to another version of it. */
#define SPECIAL "\\[](){}.^$?*+|"

/* The end of the word that is the alternative here; NULL if it is none. */
static const char *word_end(const char *at)
{
    const char *end = at;

    for (; *end != '\0' && *end != '|' && *end != ')'; end = g_utf8_next_char(end)) {
        if ((guchar)*end < 0x80 ? strchr(SPECIAL, *end) != NULL
                                : !pd_literal_has_no_case(g_utf8_get_char(end)))
            return NULL;
    }
    return end > at ? end : NULL;
}

static void add_to_head(PdTail *head, const char *text, gsize length, gboolean first)
{
    head->count = (guint)MIN(length, first ? PD_TAIL_PLACES : head->count);
    for (guint i = 0; i < head->count; i++)
        pd_byte_set_add(&head->places[i], (guint8)text[i]);
}

gboolean pd_literal_words_begin(const PdLiteralReader *r)
{
    return word_end(r->at) != NULL;
}

void pd_literal_words_read(PdLiteralReader *r, GPtrArray *set, PdTail *head, GPtrArray *tails,
                           PdExtent *extent)
{
    PdTail *tail = pd_tail_new(); /* what stands behind one stands behind each */

    for (const char *end; (end = word_end(r->at)) != NULL;) {
        gsize length = (gsize)(end - r->at);
        g_autofree char *text = g_ascii_strdown(r->at, (gssize)length);
        add_to_head(head, text, length, set->len == 0);
        *extent = set->len == 0 ? (PdExtent){length, length}
                                : pd_extent_or(*extent, (PdExtent){length, length});
        g_ptr_array_add(set, pd_literal_new(text, (PdExtent){0, 0}, tail));
        r->at = end;
        if (*end != '|' || word_end(end + 1) == NULL)
            break;
        r->at++;
    }
    g_ptr_array_add(tails, tail);
}
