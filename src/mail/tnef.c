/* tnef.c: a reader of winmail.dat (MS-OXTNEF).
 *
 * A stream is a list of attributes, of the message or of the file that was begun last; two of
 * them hold lists of MAPI properties. Every length is held against what is left before it is used;
 * nothing is copied but names and texts; each byte is looked at a fixed number of times. Only what
 * a reader needs is taken: files with their names, and the text; one in compressed RTF only where
 * there is no other.
 */
#include "tnef.h"

#include "charset.h"
#include "lzfu.h"
#include "rtf.h"
#include <string.h>

#define SIGNATURE 0x223e9f78u
#define MOST_FILES 200
#define MOST_PROPERTIES 2000
#define MOST_NAME 1024
#define MOST_TEXT (1024 * 1024)
#define MOST_RTF (4 * 1024 * 1024)

enum {
    ATT_TITLE = 0x8010,
    ATT_DATA = 0x800f,
    ATT_BODY = 0x800c,
    ATT_REND_DATA = 0x9002,
    ATT_MESSAGE_PROPERTIES = 0x9003,
    ATT_FILE_PROPERTIES = 0x9005,
    ATT_CODEPAGE = 0x9007,
};

enum {
    PROPERTY_BODY = 0x1000,
    PROPERTY_RTF = 0x1009,
    PROPERTY_HTML = 0x1013,
    PROPERTY_DATA = 0x3701,
    PROPERTY_FILE_NAME = 0x3704,
    PROPERTY_LONG_NAME = 0x3707,
    PROPERTY_MIME_TYPE = 0x370e,
    PROPERTY_CONTENT_ID = 0x3712,
};

enum { TYPE_OBJECT = 0x000d, TYPE_STRING = 0x001e, TYPE_UNICODE = 0x001f, TYPE_BINARY = 0x0102 };

typedef struct {
    const guint8 *at;
    gsize left;
    gboolean short_of; /* something was to be read that is not there */
} Cursor;

typedef struct {
    PdTnef *tnef;
    PdTnefFile *file; /* the one begun last, or NULL */
    char charset[32];
    const char *prior;
    const guint8 *rtf; /* compressed, or NULL */
    gsize rtf_length;
} Reader;

typedef struct {
    guint type, id;
    const guint8 *value;
    gsize length;
} Property;

static const guint8 *take(Cursor *cursor, gsize length)
{
    const guint8 *taken = cursor->at;

    if (length > cursor->left) {
        cursor->short_of = TRUE;
        cursor->left = 0;
        return NULL;
    }
    cursor->at += length;
    cursor->left -= length;
    return taken;
}

static guint take_number(Cursor *cursor, gsize bytes)
{
    const guint8 *taken = take(cursor, bytes);
    guint number = 0;

    for (gsize i = bytes; taken != NULL && i > 0; i--)
        number = number << 8 | taken[i - 1];
    return number;
}

/* Values are filled up to four bytes. */
static const guint8 *take_padded(Cursor *cursor, gsize length)
{
    const guint8 *taken = take(cursor, length);

    if (taken != NULL && length % 4 != 0)
        take(cursor, MIN(4 - length % 4, cursor->left));
    return taken;
}

static gsize fixed_size(guint type)
{
    switch (type) {
    case 0x0005:
    case 0x0006:
    case 0x0007:
    case 0x0014:
    case 0x0040:
        return 8;
    case 0x0048:
        return 16;
    default:
        return 4;
    }
}

static gboolean is_long(guint type)
{
    return type == TYPE_OBJECT || type == TYPE_STRING || type == TYPE_UNICODE ||
           type == TYPE_BINARY;
}

/* Named properties carry a name of their own, which is of no interest. */
static void skip_name(Cursor *cursor)
{
    take(cursor, 16);
    if (take_number(cursor, 4) == 0)
        take(cursor, 4);
    else
        take_padded(cursor, take_number(cursor, 4));
}

/* The first value of a property; the others are passed over. */
static void take_property(Cursor *cursor, Property *property)
{
    guint type = take_number(cursor, 2);

    *property = (Property){.type = type & 0x0fffu, .id = take_number(cursor, 2)};
    if (property->id >= 0x8000)
        skip_name(cursor);
    gboolean several = (type & 0x1000u) != 0 || is_long(property->type);
    guint count = several ? take_number(cursor, 4) : 1;
    for (guint i = 0; i < count && !cursor->short_of; i++) {
        gsize length =
            is_long(property->type) ? take_number(cursor, 4) : fixed_size(property->type);
        const guint8 *value = take_padded(cursor, length);
        if (i == 0 && value != NULL) {
            property->value = value;
            property->length = length;
        }
    }
}

static char *text_in(const guint8 *bytes, gsize length, const char *charset, const char *prior)
{
    PdDecoding decoding;
    char *text = pd_charset_decode((const char *)bytes, length, charset, prior, &decoding);

    return text;
}

static gsize without_nuls(const guint8 *bytes, gsize length, gsize width)
{
    while (length >= width && memcmp(bytes + length - width, "\0", width) == 0)
        length -= width;
    return length;
}

/* A string of at most so many bytes as UTF-8. */
static char *string_of(const Reader *reader, const guint8 *bytes, gsize length, gboolean wide,
                       gsize most)
{
    gsize width = wide ? 2 : 1;

    length = MIN(length, most);
    length = without_nuls(bytes, length - length % width, width);
    if (length == 0)
        return NULL;
    return text_in(bytes, length, wide ? "UTF-16LE" : reader->charset, reader->prior);
}

static char *property_text(const Reader *reader, const Property *property, gsize most)
{
    return string_of(reader, property->value, property->length, property->type == TYPE_UNICODE,
                     most);
}

static void replace(char **place, char *text)
{
    if (text == NULL)
        return;
    g_free(*place);
    *place = text;
}

static void read_message_property(Reader *reader, const Property *property)
{
    PdTnef *tnef = reader->tnef;

    if (property->id == PROPERTY_BODY)
        replace(&tnef->text, property_text(reader, property, MOST_TEXT));
    else if (property->id == PROPERTY_HTML)
        replace(&tnef->html, property_text(reader, property, MOST_TEXT));
    else if (property->id == PROPERTY_RTF) {
        reader->rtf = property->value;
        reader->rtf_length = property->length;
    }
}

/* Where RTF is all that there is. */
static void read_rtf(const Reader *reader)
{
    PdTnef *tnef = reader->tnef;
    g_autoptr(GByteArray) rtf = reader->rtf != NULL && tnef->text == NULL && tnef->html == NULL
                                    ? pd_lzfu_unpack(reader->rtf, reader->rtf_length, MOST_RTF)
                                    : NULL;
    gboolean is_html;

    if (rtf == NULL)
        return;
    char *text = pd_rtf_read(rtf->data, rtf->len, MOST_TEXT, reader->prior, &is_html);
    if (is_html)
        tnef->html = text;
    else
        tnef->text = text;
}

/* An object begins with the sixteen bytes of its class. */
static void read_data_property(PdTnefFile *file, const Property *property)
{
    gsize head = property->type == TYPE_OBJECT ? MIN(16, property->length) : 0;

    file->bytes = property->value + head;
    file->length = property->length - head;
}

static void read_file_property(Reader *reader, const Property *property)
{
    PdTnefFile *file = reader->file;

    if (property->id == PROPERTY_DATA)
        read_data_property(file, property);
    else if (property->id == PROPERTY_LONG_NAME)
        replace(&file->name, property_text(reader, property, MOST_NAME));
    else if (property->id == PROPERTY_FILE_NAME && file->name == NULL)
        replace(&file->name, property_text(reader, property, MOST_NAME));
    else if (property->id == PROPERTY_MIME_TYPE)
        replace(&file->type, property_text(reader, property, MOST_NAME));
    else if (property->id == PROPERTY_CONTENT_ID)
        replace(&file->content_id, property_text(reader, property, MOST_NAME));
}

static void read_properties(Reader *reader, Cursor cursor,
                            void (*read)(Reader *reader, const Property *property))
{
    guint count = take_number(&cursor, 4);
    Property property;

    for (guint i = 0; i < count && i < MOST_PROPERTIES && !cursor.short_of; i++) {
        take_property(&cursor, &property);
        if (!cursor.short_of && property.value != NULL)
            read(reader, &property);
    }
    reader->tnef->broken = reader->tnef->broken || cursor.short_of;
}

static void file_free(PdTnefFile *file)
{
    g_free(file->name);
    g_free(file->type);
    g_free(file->content_id);
    g_free(file);
}

static void begin_file(Reader *reader)
{
    GPtrArray *files = reader->tnef->files;

    reader->file = NULL;
    if (files->len >= MOST_FILES) {
        reader->tnef->broken = TRUE;
        return;
    }
    reader->file = g_new0(PdTnefFile, 1);
    g_ptr_array_add(files, reader->file);
}

static void read_message_attribute(Reader *reader, guint id, const guint8 *data, gsize length)
{
    if (id == ATT_CODEPAGE && length >= 4)
        g_snprintf(reader->charset, sizeof(reader->charset), "cp%u",
                   (guint)data[0] | (guint)data[1] << 8 | (guint)data[2] << 16);
    else if (id == ATT_BODY && reader->tnef->text == NULL)
        reader->tnef->text = string_of(reader, data, length, FALSE, MOST_TEXT);
    else if (id == ATT_MESSAGE_PROPERTIES)
        read_properties(reader, (Cursor){data, length, FALSE}, read_message_property);
}

static void read_file_attribute(Reader *reader, guint id, const guint8 *data, gsize length)
{
    if (id == ATT_REND_DATA)
        begin_file(reader);
    if (reader->file == NULL)
        return;
    if (id == ATT_TITLE && reader->file->name == NULL) {
        reader->file->name = string_of(reader, data, length, FALSE, MOST_NAME);
    } else if (id == ATT_DATA) {
        reader->file->bytes = data;
        reader->file->length = length;
    } else if (id == ATT_FILE_PROPERTIES) {
        read_properties(reader, (Cursor){data, length, FALSE}, read_file_property);
    }
}

static void read_attributes(Reader *reader, Cursor *cursor)
{
    while (cursor->left > 0 && !cursor->short_of) {
        guint level = take_number(cursor, 1);
        guint id = take_number(cursor, 2);
        take(cursor, 2); /* its type, which the id tells already */
        gsize length = take_number(cursor, 4);
        const guint8 *data = take(cursor, length);
        if (data != NULL && level == 1)
            read_message_attribute(reader, id, data, length);
        else if (data != NULL && level == 2)
            read_file_attribute(reader, id, data, length);
        take(cursor, 2); /* a checksum, which many write wrongly */
    }
    reader->tnef->broken = reader->tnef->broken || cursor->short_of;
}

PdTnef *pd_tnef_parse(const guint8 *bytes, gsize length, const char *prior)
{
    Cursor cursor = {bytes, length, FALSE};

    if (take_number(&cursor, 4) != SIGNATURE)
        return NULL;
    take(&cursor, 2);
    Reader reader = {.tnef = g_new0(PdTnef, 1), .charset = "cp1252", .prior = prior};
    reader.tnef->files = g_ptr_array_new_with_free_func((GDestroyNotify)file_free);
    read_attributes(&reader, &cursor);
    read_rtf(&reader);
    return reader.tnef;
}

void pd_tnef_free(PdTnef *tnef)
{
    if (tnef == NULL)
        return;
    g_ptr_array_unref(tnef->files);
    g_free(tnef->text);
    g_free(tnef->html);
    g_free(tnef);
}
