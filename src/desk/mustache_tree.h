/* mustache_tree.h: the node tree that the parser makes and the renderer walks. */
#ifndef DESK_MUSTACHE_TREE_H
#define DESK_MUSTACHE_TREE_H

#include "desk/mustache.h"

#define PD_MUSTACHE_DEPTH 32             /* sections in sections, partials in partials */
#define PD_MUSTACHE_OUTPUT (1024 * 1024) /* bytes of one rendered text */

typedef enum {
    PD_TAG_TEXT,     /* literal */
    PD_TAG_VARIABLE, /* escaped where asked for */
    PD_TAG_RAW,
    PD_TAG_SECTION,
    PD_TAG_INVERTED,
    PD_TAG_PARTIAL,
} PdTagKind;

typedef struct {
    PdTagKind kind;
    char *text;          /* the literal, or the name */
    char **path;         /* the name's parts; empty for "." */
    char *indent;        /* of a partial that stands alone on its line, or NULL */
    GPtrArray *children; /* of sections */
    guint line;
} PdTag;

struct pd_mustache {
    GPtrArray *tags; /* of PdTag * */
};

void pd_tag_free(PdTag *tag);

#endif
