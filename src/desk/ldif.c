/* ldif.c: see ldif.h. Lines are unfolded one by one; each is "name: text", "name:: base64" or
 * "name:< address of something", which is never looked at. */
#include "desk/ldif.h"

#include "desk/import.h"
#include "postdesk/files.h"
#include "postdesk/limits.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_BYTES (64u << 20) /* photographs make exports large */
#define MOST_ENTRIES 100000

typedef struct {
    const char *path;
    PdDiagnostics *list;
    const char *at;
    guint line; /* of at; from 1 */
    guint errors_before;
    GPtrArray *entries;
    PdLdifEntry *entry; /* that is read, or NULL */
} Reader;

static void attribute_free(PdLdifAttribute *attribute)
{
    g_free(attribute->name);
    g_free(attribute->language);
    g_free(attribute->value);
    g_free(attribute);
}

static void entry_free(PdLdifEntry *entry)
{
    g_ptr_array_unref(entry->attributes);
    g_free(entry);
}

const PdLdifAttribute *pd_ldif_find(const PdLdifEntry *entry, const char *name)
{
    for (guint i = 0; i < entry->attributes->len; i++) {
        const PdLdifAttribute *attribute = g_ptr_array_index(entry->attributes, i);
        if (strcmp(attribute->name, name) == 0)
            return attribute;
    }
    return NULL;
}

static void complain(const Reader *reader, guint line, const char *text)
{
    if (pd_diagnostics_errors(reader->list) - reader->errors_before < PD_IMPORT_MOST_MISTAKES)
        pd_diagnostics_add(reader->list, PD_ERROR, reader->path, line, 0, "%s", text);
}

/* The next line with those that go on from it, which begin with a space. Caller frees. */
static char *next_line(Reader *reader, guint *line)
{
    GString *whole = g_string_new(NULL);

    *line = reader->line;
    do {
        gsize length = strcspn(reader->at, "\n");
        gsize shown = length > 0 && reader->at[length - 1] == '\r' ? length - 1 : length;
        gsize skip = whole->len > 0 || reader->line != *line ? 1 : 0; /* the space */
        g_string_append_len(whole, reader->at + skip, (gssize)(shown - MIN(skip, shown)));
        reader->at += length;
        if (*reader->at == '\n')
            reader->at++;
        reader->line++;
    } while (*reader->at == ' ');
    return g_string_free(whole, FALSE);
}

static gboolean is_base64(const char *text)
{
    gsize length = strlen(text);
    gsize plain = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    return length % 4 == 0 && plain + strspn(text + plain, "=") == length && length - plain <= 2;
}

/* NULL where the bytes are no text; *valid is FALSE where they are no base64. */
static char *decode(const char *value, gboolean *valid)
{
    gsize length = 0;

    *valid = is_base64(value);
    if (!*valid)
        return NULL;
    g_autofree char *bytes = (char *)g_base64_decode(value, &length);
    if (memchr(bytes, '\0', length) != NULL || !g_utf8_validate(bytes, (gssize)length, NULL))
        return NULL;
    return g_strstrip(g_strndup(bytes, length));
}

static char *language_of(char *const *options)
{
    for (; *options != NULL; options++)
        if (g_str_has_prefix(*options, "lang-"))
            return g_strdup(*options + strlen("lang-"));
    return NULL;
}

static gboolean is_name(const char *name)
{
    for (const char *c = name; *c != '\0'; c++)
        if (!g_ascii_isalnum(*c) && strchr("-;.", *c) == NULL)
            return FALSE;
    return name[0] != '\0';
}

/* What stands behind the colon. */
static char *read_value(const Reader *reader, guint line, const char *value)
{
    gboolean valid = TRUE;

    if (*value == '<')
        return NULL;
    if (*value != ':')
        return g_utf8_validate(value, -1, NULL) ? g_strstrip(g_strdup(value)) : NULL;
    value++;
    char *text = decode(value + strspn(value, " "), &valid);
    if (!valid)
        complain(reader, line, "what stands behind '::' is no base64");
    return text;
}

static void begin_entry(Reader *reader, guint line)
{
    reader->entry = g_new0(PdLdifEntry, 1);
    reader->entry->line = line;
    reader->entry->attributes = g_ptr_array_new_with_free_func((GDestroyNotify)attribute_free);
    g_ptr_array_add(reader->entries, reader->entry);
}

/* Changes of a directory say nothing of who is in it. */
static gboolean is_of_change(const Reader *reader, guint line, const char *name)
{
    static const char *const words[] = {"changetype", "control", NULL};

    if (!g_strv_contains(words, name))
        return FALSE;
    complain(reader, line,
             "these are changes of a directory; export the entries themselves, without "
             "'changetype'");
    return TRUE;
}

static void take_attribute(Reader *reader, guint line, const char *name, const char *value)
{
    g_auto(GStrv) parts = g_strsplit(name, ";", -1);

    if (strcmp(name, "dn") == 0) {
        if (reader->entry != NULL)
            complain(reader, line, "an empty line is missing before this entry");
        begin_entry(reader, line);
        g_free(read_value(reader, line, value));
        return;
    }
    if (reader->entry == NULL) {
        if (strcmp(name, "version") != 0 || reader->entries->len > 0)
            complain(reader, line, "an entry begins with 'dn:'");
        return;
    }
    if (is_of_change(reader, line, name))
        return;
    PdLdifAttribute *attribute = g_new0(PdLdifAttribute, 1);
    attribute->line = line;
    attribute->name = g_strdup(parts[0]);
    attribute->language = language_of(parts + 1);
    attribute->value = read_value(reader, line, value);
    g_ptr_array_add(reader->entry->attributes, attribute);
}

static void take_line(Reader *reader, guint line, char *text)
{
    char *colon = strchr(text, ':');

    if (text[0] == '\0') {
        reader->entry = NULL;
        return;
    }
    if (text[0] == '#')
        return;
    if (strcmp(text, "-") == 0 && reader->entry != NULL)
        return; /* of a change, which was complained of */
    if (colon != NULL)
        *colon = '\0';
    g_autofree char *name = g_ascii_strdown(text, -1);
    if (colon == NULL || !is_name(name))
        complain(reader, line, "this is no line of LDIF; write 'name: value'");
    else
        take_attribute(reader, line, name, colon + 1);
}

/* Windows writes UTF-16 with a byte order mark. */
static char *to_utf8(const char *bytes, gsize length)
{
    gboolean is_wide =
        length >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0);

    if (is_wide)
        return g_convert(bytes, (gssize)length, "UTF-8", "UTF-16", NULL, NULL, NULL);
    if (memchr(bytes, '\0', length) != NULL)
        return NULL;
    return g_strdup(g_str_has_prefix(bytes, "\xef\xbb\xbf") ? bytes + 3 : bytes);
}

GPtrArray *pd_ldif_read(const char *path, PdDiagnostics *list)
{
    g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
    Reader reader = {path, list, NULL, 1, pd_diagnostics_errors(list), entries, NULL};
    g_autofree char *bytes = NULL;
    gsize length = 0;
    g_autoptr(PdStatus) status = pd_file_read(path, MOST_BYTES, &bytes, &length);
    g_autofree char *text = status == NULL ? to_utf8(bytes, length) : NULL;

    if (text == NULL) {
        complain(&reader, 0, status != NULL ? pd_status_text(status) : "this is no text");
        return NULL;
    }
    for (reader.at = text; *reader.at != '\0';) {
        guint line;
        g_autofree char *whole = next_line(&reader, &line);
        take_line(&reader, line, whole);
        if (entries->len > MOST_ENTRIES) {
            complain(&reader, line, "the file has too many entries; export those who write mail");
            return NULL;
        }
    }
    return g_steal_pointer(&entries);
}
