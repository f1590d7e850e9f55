/* reader.c: the small values of rule files; see reader.h. */
#include "rules/reader.h"

#include "postdesk/files.h"
#include "postdesk/limits.h"
#include "postdesk/text.h"
#include <string.h>

void pd_reader_complain(PdReader *reader, const PdYamlNode *node, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    pd_yaml_complain(reader->yaml, node, PD_ERROR, reader->list, "%s", text);
}

PdPlace pd_reader_place(const PdReader *reader, const PdYamlNode *node)
{
    return (PdPlace){reader->file, pd_yaml_line(node), pd_yaml_column(node)};
}

const char *pd_read_text(PdReader *reader, const PdYamlNode *node, const char *what)
{
    const char *text = pd_yaml_text(node);

    if (text == NULL || *text == '\0')
        pd_reader_complain(reader, node, "%s is expected here, as text", what);
    else if (!pd_text_is_one_line(text))
        pd_reader_complain(reader, node, "%s must be one line without control characters", what);
    else
        return text;
    return NULL;
}

const char *pd_read_choice(PdReader *reader, const PdYamlNode *node, const char *const *words,
                           const char *what)
{
    const char *text = pd_read_text(reader, node, what);

    if (text == NULL)
        return NULL;
    if (g_strv_contains(words, text))
        return text;
    const char *nearest = pd_nearest_word(text, words);
    g_autofree char *all = g_strjoinv(", ", (char **)words);
    if (nearest != NULL)
        pd_reader_complain(reader, node, "'%s' is not %s; did you mean '%s'?", text, what, nearest);
    else
        pd_reader_complain(reader, node, "'%s' is not %s; there are: %s", text, what, all);
    return NULL;
}

gboolean pd_read_flag(PdReader *reader, const PdYamlNode *node, gboolean *value)
{
    if (pd_yaml_boolean(node, value))
        return TRUE;
    pd_reader_complain(reader, node, "true or false is expected here");
    return FALSE;
}

char *pd_read_set_file(PdReader *reader, const PdYamlNode *node, const char *name, gsize *length)
{
    g_autofree char *path = g_build_filename(reader->set->folder, name, NULL);
    char *bytes = NULL;

    g_autoptr(PdStatus) status = pd_file_read(path, PD_LIMIT_CONFIG_BYTES, &bytes, length);
    if (status != NULL) {
        if (node != NULL)
            pd_reader_complain(reader, node, "%s", pd_status_text(status));
        else
            pd_diagnostics_add(reader->list, PD_ERROR, path, 0, 0, "%s", pd_status_text(status));
        return NULL;
    }
    /* The name ends with its NUL and the length precedes the bytes: no two sets of files
     * give the same stream. */
    guint64 size = GUINT64_TO_LE((guint64)*length);
    pd_hash_add(reader->hash, name, strlen(name) + 1);
    pd_hash_add(reader->hash, &size, sizeof size);
    pd_hash_add(reader->hash, bytes, *length);
    return bytes;
}
