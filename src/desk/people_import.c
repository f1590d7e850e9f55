/* people_import.c: see import.h and the end of postdesk/people.h. */
#include "desk/import.h"

#include "postdesk/text.h"
#include <string.h>

void pd_import_begin(PdImport *import, const char *path, const char *const *languages,
                     PdDiagnostics *list)
{
    *import = (PdImport){
        .path = path,
        .languages = languages,
        .list = list,
        .errors_before = pd_diagnostics_errors(list),
        .seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .people = pd_json_array(),
    };
}

void pd_import_complain(const PdImport *import, guint line, const char *format, ...)
{
    va_list arguments;

    if (pd_diagnostics_errors(import->list) - import->errors_before >= PD_IMPORT_MOST_MISTAKES)
        return;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *printable = pd_text_printable(text);
    pd_diagnostics_add(import->list, PD_ERROR, import->path, line, 0, "%s", printable);
}

void pd_import_text(const PdImport *import, guint line, const char *member, const char *text,
                    PdJson *person)
{
    if (text == NULL || *text == '\0')
        return;
    if (pd_text_is_one_line(text))
        pd_json_set_text(person, member, text);
    else
        pd_import_complain(import, line, "the %s must be one line", member);
}

void pd_import_address(const PdImport *import, guint line, const char *address, PdJson *addresses)
{
    g_autofree char *folded = g_ascii_strdown(address, -1);
    g_autofree char *mistake = pd_text_address_mistake(address);
    guint earlier = GPOINTER_TO_UINT(g_hash_table_lookup(import->seen, folded));

    if (!pd_text_is_address(address))
        pd_import_complain(import, line, "'%s' is %s", address, mistake);
    else if (earlier != 0)
        pd_import_complain(import, line, "'%s' was given before, in line %u", address, earlier);
    else {
        if (mistake != NULL)
            pd_diagnostics_add(import->list, PD_WARNING, import->path, line, 0,
                               "'%s' is never mailed: it is %s", address, mistake);
        g_hash_table_insert(import->seen, g_steal_pointer(&folded), GUINT_TO_POINTER(line));
        pd_json_add_text(addresses, address);
    }
}

char *pd_import_end(PdImport *import, guint *count)
{
    g_autoptr(PdJson) root = pd_json_set(pd_json_object(), "people", import->people);
    g_autofree char *body = pd_json_pretty(root);
    g_autofree char *base = g_path_get_basename(import->path);
    g_autofree char *shown = pd_text_printable(base);
    gboolean is_whole = pd_diagnostics_errors(import->list) == import->errors_before;

    *count = (guint)pd_json_length(import->people);
    g_hash_table_unref(import->seen);
    return is_whole ? g_strdup_printf("# Imported from %s. Change that and import it again; what "
                                      "must differ belongs into people.yaml.\n%s\n",
                                      shown, body)
                    : NULL;
}

/* By its name, as people choose it. */
static gboolean is_ldif(const char *path)
{
    g_autofree char *folded = g_ascii_strdown(path, -1);

    return g_str_has_suffix(folded, ".ldif") || g_str_has_suffix(folded, ".ldi");
}

char *pd_people_import(const char *path, const char *const *languages, PdDiagnostics *list,
                       guint *count)
{
    PdImport import;

    pd_import_begin(&import, path, languages, list);
    if (is_ldif(path))
        pd_import_ldif(&import);
    else
        pd_import_csv(&import);
    return pd_import_end(&import, count);
}
