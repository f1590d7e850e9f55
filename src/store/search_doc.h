/* search_doc.h: of what a row of the index of words is, as the column "inbox" of search_doc and
 * search_pending has it: of a message (its number), of a ticket's fields (0), of its likeness to
 * others (-1), or of the note that an event of it holds (below; no ticket begins with one). */
#ifndef PD_STORE_SEARCH_DOC_H
#define PD_STORE_SEARCH_DOC_H

#include <glib.h>

#define PD_DOC_FIELDS 0
#define PD_DOC_LIKENESS (-1)

static inline gint64 pd_doc_of_note(gint64 sequence)
{
    return -sequence;
}

static inline gint64 pd_doc_note(gint64 inbox)
{
    return inbox < PD_DOC_LIKENESS ? -inbox : 0;
}

#endif
