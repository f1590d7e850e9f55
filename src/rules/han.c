/* han.c: see han.h. */
#include "rules/han.h"

#include "rules/han_pairs.h"
#include "rules/normal.h"

#define FIRST 0x3400
#define LAST 0x9fff
#define SIZE 3 /* bytes of each of these characters */

struct pd_han_fold {
    guint16 simple[LAST - FIRST + 1]; /* 0: the character itself */
};

PdHanFold *pd_han_fold_new(void)
{
    PdHanFold *fold = g_new0(PdHanFold, 1);

    for (const char *at = han_pairs; *at != '\0'; at += 2 * SIZE)
        fold->simple[g_utf8_get_char(at) - FIRST] = (guint16)g_utf8_get_char(at + SIZE);
    return fold;
}

void pd_han_fold_free(PdHanFold *fold)
{
    g_free(fold);
}

static void fold_char(const PdHanFold *fold, char *at)
{
    gunichar c = pd_three_bytes(at);

    if (c >= FIRST && c <= LAST && fold->simple[c - FIRST] != 0)
        g_unichar_to_utf8(fold->simple[c - FIRST], at);
}

void pd_han_fold_text(const PdHanFold *fold, char *text)
{
    if (fold == NULL)
        return;
    while (*text != '\0') {
        if ((guchar)*text < 0x80) {
            text++;
            continue;
        }
        fold_char(fold, text);
        text = g_utf8_next_char(text);
    }
}

void pd_han_fold_pattern(const PdHanFold *fold, char *pattern)
{
    gboolean in_class = FALSE;

    if (fold == NULL)
        return;
    for (char *at = pattern; *at != '\0'; at = g_utf8_next_char(at)) {
        char *next = g_utf8_next_char(at);
        if (at[0] == '\\' && at[1] != '\0')
            at += (guchar)at[1] < 0x80; /* what is escaped begins and ends no class */
        else if (at[0] == '[')
            in_class = TRUE;
        else if (at[0] == ']')
            in_class = FALSE;
        else if (!in_class || (*next != '-' && (at == pattern || at[-1] != '-')))
            fold_char(fold, at);
    }
}
