/* template_check.c: every name in a template, held against what its occasion declares. */
#include "desk/template_set.h"

#include "desk/occasions.h"
#include <string.h>

#define PARTIAL_DEPTH 8 /* partials in partials that are followed */

/* What is known while the names of one template are held against its occasion. */
typedef struct {
    const PdTemplateLanguage *language;
    const PdTemplateFile *file;
    const char *suffix;
    const PdOccasion *occasion;
    gboolean is_body;
    guint depth;
    PdDiagnostics *list;
} Check;

static void check_name(const char *name, gboolean is_partial, const GPtrArray *sections, guint line,
                       gpointer user);

static void check_partial(const Check *check, const char *name, guint line)
{
    g_autofree char *full = g_strconcat(name, check->suffix, NULL);
    const PdTemplateFile *partial = g_hash_table_lookup(check->language->files, full);

    if (partial == NULL) {
        pd_diagnostics_add(check->list, PD_ERROR, check->file->path, line, 0,
                           "there is no partial '%s'; it would be the file %s", name, full);
        return;
    }
    if (check->depth >= PARTIAL_DEPTH) {
        pd_diagnostics_add(check->list, PD_ERROR, check->file->path, line, 0,
                           "partial '%s' includes itself", name);
        return;
    }
    Check inner = *check;
    inner.file = partial;
    inner.depth++;
    pd_mustache_each_name(partial->body, check_name, &inner);
}

/* A member of the list, or of the list of that name in the entries of one around it. */
static gboolean is_member(const PdOccasion *occasion, const char *name, const GPtrArray *sections,
                          guint index)
{
    g_autofree char *member = g_strconcat(g_ptr_array_index(sections, index), ".", name, NULL);
    gboolean found = pd_occasion_declares(occasion, member);

    for (guint i = 0; i < index && !found; i++) {
        g_autofree char *inner = g_strconcat(g_ptr_array_index(sections, i), ".", member, NULL);
        found = pd_occasion_declares(occasion, inner);
    }
    return found;
}

static gboolean is_declared(const PdOccasion *occasion, const char *name, const GPtrArray *sections)
{
    if (strcmp(name, ".") == 0)
        return sections->len > 0;
    for (guint i = sections->len; i > 0; i--) {
        if (is_member(occasion, name, sections, i - 1))
            return TRUE;
    }
    return pd_occasion_declares(occasion, name);
}

static void check_name(const char *name, gboolean is_partial, const GPtrArray *sections, guint line,
                       gpointer user)
{
    const Check *check = user;
    guint place = line + (check->is_body ? check->file->lines_before : 0);

    if (is_partial) {
        check_partial(check, name, place);
        return;
    }
    if (is_declared(check->occasion, name, sections))
        return;
    const char *meant = pd_occasion_nearest(check->occasion, name);
    pd_diagnostics_add(check->list, PD_ERROR, check->file->path, place, 0,
                       "occasion '%s' has no variable '%s'%s%s%s", check->occasion->name, name,
                       meant != NULL ? "; did you mean '" : "; postdesk-templates(5) lists them",
                       meant != NULL ? meant : "", meant != NULL ? "'?" : "");
}

static void check_file(const PdTemplateLanguage *language, const char *name,
                       const PdTemplateFile *file, PdDiagnostics *list)
{
    const char *suffix = strrchr(name, '.');
    g_autofree char *stem = g_strndup(name, (gsize)(suffix - name));
    Check check = {.language = language,
                   .file = file,
                   .suffix = suffix,
                   .occasion = pd_occasion_of(stem),
                   .list = list};

    if (name[0] == '_' || g_str_has_prefix(name, PD_FORMS "_"))
        return;
    if (file->subject != NULL)
        pd_mustache_each_name(file->subject, check_name, &check);
    check.is_body = TRUE;
    pd_mustache_each_name(file->body, check_name, &check);
}

void pd_template_check(const PdTemplateLanguage *language, const char *shipped, PdDiagnostics *list)
{
    GHashTableIter iter;
    gpointer name, file;
    gsize count;
    const PdOccasion *occasions = pd_occasions(&count);

    g_hash_table_iter_init(&iter, language->files);
    while (g_hash_table_iter_next(&iter, &name, &file))
        check_file(language, name, file, list);
    g_autofree char *folder = g_build_filename(shipped, language->name, NULL);
    for (gsize i = 0; i < count; i++) {
        g_autofree char *text = g_strconcat(occasions[i].name, ".txt", NULL);
        if (!g_hash_table_contains(language->files, text))
            pd_diagnostics_add(list, PD_ERROR, folder, 0, 0,
                               "there is no template %s for language '%s'", text, language->name);
    }
}
