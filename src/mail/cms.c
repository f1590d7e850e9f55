/* cms.c: see cms.h.
 *
 * Only the way to the content is walked:
 * ContentInfo, SignedData, EncapsulatedContentInfo, and its octets, which may come in pieces of
 * unknown length. An element never reaches beyond the one it lies in.
 */
#include "cms.h"

#include <string.h>

#define MOST_DEPTH 12 /* of elements in one another where none is to be expected */
#define MOST_LENGTH_BYTES 4

#define TAG_INTEGER 0x02
#define TAG_OCTETS 0x04
#define TAG_OCTETS_IN_PIECES 0x24
#define TAG_OID 0x06
#define TAG_SEQUENCE 0x30
#define TAG_SET 0x31
#define TAG_EXPLICIT_0 0xa0

typedef struct {
    const guint8 *at, *end;
} Bytes;

typedef struct {
    guint8 tag;
    gboolean open; /* it ends where two zero bytes stand */
    Bytes content; /* of an open one: up to the end of what it lies in */
} Element;

/* Moves behind the tag and the length. */
static gboolean read_head(Bytes *from, Element *element)
{
    if (from->end - from->at < 2)
        return FALSE;
    element->tag = *from->at++;
    guint8 first = *from->at++;
    gsize length = first;
    element->open = first == 0x80;
    if (first > 0x80) {
        guint count = first & 0x7f;
        if (count > MOST_LENGTH_BYTES || (gsize)(from->end - from->at) < count)
            return FALSE;
        for (length = 0; count > 0; count--)
            length = length << 8 | *from->at++;
    }
    gsize left = (gsize)(from->end - from->at);
    if (element->open)
        length = left;
    element->content.at = from->at;
    element->content.end = from->at + length;
    return length <= left;
}

static gboolean ends_open(Bytes *from)
{
    if (from->end - from->at < 2 || from->at[0] != 0 || from->at[1] != 0)
        return FALSE;
    from->at += 2;
    return TRUE;
}

static gboolean skip(Bytes *from, guint depth)
{
    Element element;

    if (depth > MOST_DEPTH || !read_head(from, &element))
        return FALSE;
    if (!element.open) {
        from->at = element.content.end;
        return TRUE;
    }
    while (!ends_open(from)) {
        if (!skip(from, depth + 1))
            return FALSE;
    }
    return TRUE;
}

static gboolean skip_tagged(Bytes *from, guint8 tag)
{
    return from->at < from->end && *from->at == tag && skip(from, 0);
}

/* From an element into its content; there is no way back. */
static gboolean enter(Bytes *from, guint8 tag)
{
    Element element;

    if (!read_head(from, &element) || element.tag != tag)
        return FALSE;
    *from = element.content;
    return TRUE;
}

static gboolean is_signed_data(Bytes *from)
{
    static const guint8 oid[] = {TAG_OID, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02};

    if ((gsize)(from->end - from->at) < sizeof(oid) || memcmp(from->at, oid, sizeof(oid)) != 0)
        return FALSE;
    from->at += sizeof(oid);
    return TRUE;
}

/* The octets of a string, which may consist of strings. */
static gboolean collect(Bytes *from, GByteArray *into, guint depth)
{
    Element element;

    if (depth > MOST_DEPTH || !read_head(from, &element))
        return FALSE;
    if (element.tag == TAG_OCTETS && !element.open) {
        g_byte_array_append(into, element.content.at,
                            (guint)(element.content.end - element.content.at));
        from->at = element.content.end;
        return TRUE;
    }
    if (element.tag != TAG_OCTETS_IN_PIECES)
        return FALSE;
    Bytes pieces = element.content;
    while (pieces.at < pieces.end && !(element.open && ends_open(&pieces))) {
        if (!collect(&pieces, into, depth + 1))
            return FALSE;
    }
    from->at = pieces.at;
    return TRUE;
}

GByteArray *pd_cms_content(const guint8 *bytes, gsize length)
{
    g_autoptr(GByteArray) content = g_byte_array_new();
    Bytes at = {bytes, bytes + length};

    if (enter(&at, TAG_SEQUENCE) && is_signed_data(&at) && enter(&at, TAG_EXPLICIT_0) &&
        enter(&at, TAG_SEQUENCE) && skip_tagged(&at, TAG_INTEGER) && skip_tagged(&at, TAG_SET) &&
        enter(&at, TAG_SEQUENCE) && skip_tagged(&at, TAG_OID) && enter(&at, TAG_EXPLICIT_0) &&
        collect(&at, content, 0))
        return g_steal_pointer(&content);
    return NULL;
}
