/* literal_reader.h: the small pieces of a rewritten pattern, read one behind the other.
 *
 * For literals.c, which finds out what every match contains. Whatever is not surely understood
 * sets lost; nothing that was read before it counts then.
 */
#ifndef RULES_LITERAL_READER_H
#define RULES_LITERAL_READER_H

#include <glib.h>

typedef struct {
    const char *begin; /* of the pattern */
    const char *at;
    guint depth;      /* of groups, kept by who reads them */
    gboolean lost;    /* not understood */
    gboolean special; /* something makes it match less than its items tell, or more is to be told of
                         a match: an atomic group, a possessive quantifier, options, a name, a word
                         boundary of an unusual kind */
} PdLiteralReader;

/* How often an item may stand. */
typedef struct {
    gsize least, most; /* most: up to PD_ANYWHERE, which is any number */
} PdRepeat;

/* Whether a character beyond ASCII surely has no other case, and so no equal. */
gboolean pd_literal_has_no_case(gunichar c);
/* Of the item just read; {1, 1} and FALSE if there is none. */
gboolean pd_literal_reader_quantifier(PdLiteralReader *r, PdRepeat *repeat);
/* "[...]" */
void pd_literal_reader_skip_class(PdLiteralReader *r);
/* "\p{Han}", "\pL" */
void pd_literal_reader_skip_property(PdLiteralReader *r);
/* Behind "(?": goes to where the group's own pattern begins. FALSE: it has none to be read. */
gboolean pd_literal_reader_group_start(PdLiteralReader *r, gboolean *asserts);

#endif
