/* template_list.c: which template files there are, and whose. */
#include "desk/template_private.h"

#include "desk/occasions.h"
#include "desk/template_set.h"
#include "postdesk/files.h"
#include <string.h>

static const char *kind_of(const char *file)
{
    if (g_str_has_prefix(file, PD_FORMS))
        return file[strlen(PD_FORMS)] == '_' ? "partial" : "form";
    return file[0] == '_' ? "partial" : "mail";
}

/* Byte for byte; one that cannot be read now is not the same. */
static gboolean is_same(const char *one, const char *other)
{
    g_autofree char *bytes = NULL, *others = NULL;
    gsize length = 0, other_length = 0;
    g_autoptr(PdStatus) failed = pd_file_read(one, PD_TEMPLATE_MOST_BYTES, &bytes, &length);

    if (failed != NULL)
        return FALSE;
    g_autoptr(PdStatus) failed_too =
        pd_file_read(other, PD_TEMPLATE_MOST_BYTES, &others, &other_length);
    return failed_too == NULL && length == other_length && memcmp(bytes, others, length) == 0;
}

static PdJson *row_of(const char *language, const char *kind, const char *file, const char *path)
{
    PdJson *row = pd_json_object();
    const char *dot = strrchr(file, '.');
    g_autofree char *name = g_strndup(file, (gsize)(dot - file));

    pd_json_set_text(row, "language", language);
    pd_json_set_text(row, "name", name);
    pd_json_set_text(row, "kind", kind);
    return pd_json_set_text(row, "file", path);
}

static void set_owner(PdJson *row, gboolean is_own, const char *shipped, gboolean is_unused)
{
    const char *path = pd_json_get_text(row, "file");

    pd_json_set_bool(row, "own", is_own);
    pd_json_set_text(row, "overrides", shipped);
    pd_json_set_bool(row, "unused", is_unused);
    pd_json_set_bool(row, "same", shipped != NULL && is_same(path, shipped));
}

static void add_language(PdJson *list, const PdTemplateLanguage *language)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    GHashTable *const tables[] = {language->files, language->unused};

    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
        GHashTableIter iter;
        gpointer name;
        g_hash_table_iter_init(&iter, tables[i]);
        while (g_hash_table_iter_next(&iter, &name, NULL))
            g_ptr_array_add(names, name);
    }
    pd_names_sort(names);
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        const PdTemplateFile *file = g_hash_table_lookup(language->files, name);
        const char *unused = g_hash_table_lookup(language->unused, name);
        PdJson *row =
            row_of(language->name, kind_of(name), name, file != NULL ? file->path : unused);
        set_owner(row, file != NULL && file->is_own, file != NULL ? file->shipped : NULL,
                  file == NULL);
        pd_json_add(list, row);
    }
    if (language->own_words == NULL)
        return;
    PdJson *row = row_of(language->name, "words", "words.yaml", language->own_words);
    set_owner(row, TRUE, NULL, FALSE);
    pd_json_add(list, row);
}

PdJson *pd_templates_list(const PdTemplates *templates)
{
    PdJson *list = pd_json_array();

    for (guint i = 0; i < templates->languages->len; i++)
        add_language(list, g_ptr_array_index(templates->languages, i));
    return list;
}

char **pd_templates_names(const PdTemplates *templates, const char *language)
{
    g_autoptr(PdJson) list = pd_templates_list(templates);
    GPtrArray *names = g_ptr_array_new();

    for (gsize i = 0; i < pd_json_length(list); i++) {
        const PdJson *row = pd_json_at(list, i);
        if (strcmp(pd_json_get_text(row, "language"), language) == 0 &&
            strcmp(pd_json_get_text(row, "kind"), "mail") == 0 &&
            g_str_has_suffix(pd_json_get_text(row, "file"), ".txt"))
            g_ptr_array_add(names, g_strdup(pd_json_get_text(row, "name")));
    }
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(names, FALSE);
}
