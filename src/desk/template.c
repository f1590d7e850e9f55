/* template.c: the templates of every language, loaded, checked and rendered.
 *
 * templates/<language>/NAME.txt  header block (Subject), empty line, text
 *                      NAME.html the HTML alternative, optional
 *                      _NAME.txt, _NAME.html: partials, for {{>_NAME}}
 *                      forms/NAME.html: forms that are filled from a ticket
 *
 * A file of the admin's folder takes the place of the shipped one with the same name;
 * a shipped NAME.html is not used beside an admin's NAME.txt that has none of its own,
 * because the two would say different things.
 */
#include "desk/template_private.h"

#include "desk/occasions.h"
#include "desk/template_set.h"
#include "desk/wrap.h"
#include "postdesk/files.h"
#include "postdesk/text.h"
#include <string.h>

#define TEXT_COLUMNS 78 /* as RFC 5322 recommends */

static void file_free(PdTemplateFile *file)
{
    if (file == NULL)
        return;
    g_free(file->path);
    g_free(file->shipped);
    pd_mustache_free(file->subject);
    pd_mustache_free(file->body);
    g_free(file);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdTemplateFile, file_free)

static void language_free(PdTemplateLanguage *language)
{
    g_free(language->name);
    g_free(language->own_words);
    g_hash_table_unref(language->files);
    g_hash_table_unref(language->unused);
    pd_words_free(language->words);
    g_free(language);
}

void pd_templates_free(PdTemplates *templates)
{
    if (templates == NULL)
        return;
    g_ptr_array_unref(templates->languages);
    g_free(templates);
}

void pd_rendered_free(PdRendered *rendered)
{
    if (rendered == NULL)
        return;
    g_free(rendered->subject);
    g_free(rendered->text);
    g_free(rendered->html);
    g_free(rendered);
}

static PdMustache *parse(const char *source, const char *path, guint lines_before,
                         PdDiagnostics *list)
{
    PdMustache *parsed = NULL;
    guint line = 0;
    g_autoptr(PdStatus) status = pd_mustache_parse(source, &parsed, &line);

    if (status != NULL)
        pd_diagnostics_add(list, PD_ERROR, path, line + lines_before, 0, "%s",
                           pd_status_text(status));
    return parsed;
}

/* Takes the header block off; NULL (and told) if there is none. Only Subject is known. */
static const char *read_header(PdTemplateFile *file, char *source, PdDiagnostics *list)
{
    char *end = strstr(source, "\n\n");
    guint line = 0;

    if (end == NULL || !g_str_has_prefix(source, "Subject:")) {
        pd_diagnostics_add(list, PD_ERROR, file->path, 1, 1,
                           "no header block; begin with \"Subject: …\" and an empty line");
        return NULL;
    }
    *end = '\0';
    g_auto(GStrv) lines = g_strsplit(source, "\n", -1);
    for (; lines[line] != NULL; line++) {
        if (line > 0)
            pd_diagnostics_add(list, PD_ERROR, file->path, line + 1, 1,
                               "unknown header; only Subject, on one line, is set by a template");
    }
    file->subject = parse(g_strstrip(lines[0] + strlen("Subject:")), file->path, 0, list);
    file->lines_before = line + 1;
    return end + 2;
}

static void add_file(PdTemplateLanguage *language, const char *name, PdTemplateFile *file)
{
    const PdTemplateFile *before = g_hash_table_lookup(language->files, name);

    if (before != NULL && file->is_own)
        file->shipped = g_strdup(before->path);
    g_hash_table_replace(language->files, g_strdup(name), file);
}

static void read_file(PdTemplateLanguage *language, const char *folder, const char *name,
                      gboolean is_own, PdDiagnostics *list)
{
    g_autoptr(PdTemplateFile) file = g_new0(PdTemplateFile, 1);
    g_autofree char *source = NULL;
    gsize length;

    file->path = g_build_filename(folder, name, NULL);
    file->is_own = is_own;
    g_autoptr(PdStatus) status = pd_file_read(file->path, PD_TEMPLATE_MOST_BYTES, &source, &length);
    if (status != NULL || !g_utf8_validate(source, (gssize)length, NULL)) {
        pd_diagnostics_add(list, PD_ERROR, file->path, 0, 0, "%s",
                           status != NULL ? pd_status_text(status) : "not UTF-8");
        return;
    }
    g_auto(GStrv) lines = g_strsplit(source, "\r\n", -1);
    g_autofree char *text = g_strjoinv("\n", lines);
    const char *body = text;
    if (name[0] != '_' && g_str_has_suffix(name, ".txt"))
        body = read_header(file, text, list);
    if (body != NULL)
        file->body = parse(body, file->path, file->lines_before, list);
    if (file->body != NULL)
        add_file(language, name, g_steal_pointer(&file));
}

static gboolean is_template(const char *name)
{
    return name[0] != '.' && (g_str_has_suffix(name, ".txt") || g_str_has_suffix(name, ".html"));
}

/* An admin's text goes without the shipped HTML, see above. */
static void forget_html(PdTemplateLanguage *language, const char *name)
{
    if (name[0] == '_' || !g_str_has_suffix(name, ".txt"))
        return;
    g_autofree char *html = g_strdup_printf("%.*s.html", (int)strlen(name) - 4, name);
    const PdTemplateFile *file = g_hash_table_lookup(language->files, html);
    if (file == NULL)
        return;
    g_hash_table_insert(language->unused, g_strdup(html), g_strdup(file->path));
    g_hash_table_remove(language->files, html);
}

/* The templates below the folder, in a subfolder named by prefix ("forms/" or ""). */
static void add_names(GPtrArray *names, const char *folder, const char *prefix)
{
    g_autofree char *below = g_build_filename(folder, prefix, NULL);
    g_autoptr(GDir) dir = g_dir_open(below, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        if (is_template(name))
            g_ptr_array_add(names, g_strconcat(prefix, name, NULL));
    }
}

static GPtrArray *names_in(const char *folder)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

    add_names(names, folder, "");
    add_names(names, folder, PD_FORMS);
    return names;
}

static void read_folder(PdTemplateLanguage *language, const char *base, gboolean is_own,
                        PdDiagnostics *list)
{
    g_autofree char *folder = g_build_filename(base, language->name, NULL);
    g_autofree char *words = g_build_filename(folder, "words.yaml", NULL);
    g_autoptr(GPtrArray) names = names_in(folder);

    for (guint i = 0; i < names->len; i++)
        forget_html(language, g_ptr_array_index(names, i));
    for (guint i = 0; i < names->len; i++)
        read_file(language, folder, g_ptr_array_index(names, i), is_own, list);
    pd_words_read(language->words, words, list);
    if (is_own && g_file_test(words, G_FILE_TEST_EXISTS))
        language->own_words = g_steal_pointer(&words);
}

static PdTemplateLanguage *load_language(const char *name, const char *shipped, const char *admin,
                                         PdDiagnostics *list)
{
    PdTemplateLanguage *language = g_new0(PdTemplateLanguage, 1);

    language->name = g_strdup(name);
    language->files =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)file_free);
    language->words = pd_words_new();
    language->unused = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    read_folder(language, shipped, FALSE, list);
    if (admin != NULL)
        read_folder(language, admin, TRUE, list);
    pd_template_check(language, shipped, list);
    return language;
}

static PdTemplates *load_languages(const char *shipped, const char *admin,
                                   const char *const *languages, PdDiagnostics *list)
{
    g_autoptr(PdTemplates) templates = g_new0(PdTemplates, 1);
    guint errors = pd_diagnostics_errors(list);

    templates->languages = g_ptr_array_new_with_free_func((GDestroyNotify)language_free);
    for (; *languages != NULL; languages++)
        g_ptr_array_add(templates->languages, load_language(*languages, shipped, admin, list));
    if (pd_diagnostics_errors(list) > errors || templates->languages->len == 0)
        return NULL;
    return g_steal_pointer(&templates);
}

/* An admin's folder may hold all that is needed; where it does not, one message tells why. */
static PdTemplates *load_without_shipped(const char *shipped, const char *admin,
                                         const char *const *languages, PdDiagnostics *list)
{
    g_autoptr(PdDiagnostics) missing = pd_diagnostics_new();
    PdTemplates *templates = load_languages(shipped, admin, languages, missing);

    if (templates == NULL)
        pd_diagnostics_add(list, PD_ERROR, shipped, 0, 0,
                           "the shipped templates are not there; install postdesk (make install), "
                           "or let POSTDESK_DATA name the folder that holds rules/ and templates/");
    return templates;
}

PdTemplates *pd_templates_load(const char *shipped_folder, const char *admin_folder,
                               const char *const *languages, PdDiagnostics *list)
{
    if (!g_file_test(shipped_folder, G_FILE_TEST_IS_DIR))
        return load_without_shipped(shipped_folder, admin_folder, languages, list);
    return load_languages(shipped_folder, admin_folder, languages, list);
}

static const PdTemplateLanguage *language_of(const PdTemplates *templates, const char *name)
{
    for (guint i = 0; i < templates->languages->len && name != NULL; i++) {
        const PdTemplateLanguage *language = g_ptr_array_index(templates->languages, i);
        if (strcmp(language->name, name) == 0)
            return language;
    }
    return g_ptr_array_index(templates->languages, 0);
}

const char *pd_templates_language(const PdTemplates *templates, const char *language)
{
    return language_of(templates, language)->name;
}

gboolean pd_templates_has(const PdTemplates *templates, const char *language, const char *name)
{
    g_autofree char *text = g_strconcat(name, ".txt", NULL);

    return name[0] != '_' && g_hash_table_contains(language_of(templates, language)->files, text);
}

const char *pd_templates_find_word(const PdTemplates *templates, const char *language,
                                   const char *group, const char *key)
{
    return pd_words_get(language_of(templates, language)->words, group, key);
}

const char *pd_templates_word(const PdTemplates *templates, const char *language, const char *group,
                              const char *key)
{
    const char *word = pd_templates_find_word(templates, language, group, key);

    return word != NULL ? word : key;
}

typedef struct {
    const PdTemplateLanguage *language;
    const char *suffix;
} Lookup;

static const PdMustache *partial_of(const char *name, gpointer user)
{
    const Lookup *lookup = user;
    g_autofree char *full = g_strconcat(name, lookup->suffix, NULL);
    const PdTemplateFile *file = g_hash_table_lookup(lookup->language->files, full);

    return file != NULL ? file->body : NULL;
}

static PdStatus *expand(const PdTemplateLanguage *language, const PdMustache *parsed,
                        const PdJson *values, const char *suffix, char **text)
{
    g_autoptr(GString) out = g_string_sized_new(4096);
    Lookup lookup = {language, suffix};

    PD_TRY(
        pd_mustache_expand(parsed, values, strcmp(suffix, ".html") == 0, partial_of, &lookup, out));
    *text = g_string_free(g_steal_pointer(&out), FALSE);
    return NULL;
}

static const PdTemplateFile *find_file(const PdTemplateLanguage *language, const char *name,
                                       const char *suffix)
{
    g_autofree char *full = g_strconcat(name, suffix, NULL);

    return g_hash_table_lookup(language->files, full);
}

PdStatus *pd_templates_render(const PdTemplates *templates, const char *language, const char *name,
                              const PdJson *values, PdRendered **rendered)
{
    const PdTemplateLanguage *used = language_of(templates, language);
    const PdTemplateFile *text = find_file(used, name, ".txt");
    const PdTemplateFile *html = find_file(used, name, ".html");
    g_autoptr(PdRendered) made = g_new0(PdRendered, 1);
    g_autofree char *subject = NULL, *body = NULL;

    if (text == NULL || text->subject == NULL)
        return pd_status_new(PD_SPOILS_CONFIGURATION, PD_FINAL, NULL,
                             "there is no template '%s' in language '%s'", name, used->name);
    PD_TRY(expand(used, text->subject, values, ".txt", &subject));
    PD_TRY(expand(used, text->body, values, ".txt", &body));
    made->text = pd_wrap_text(body, TEXT_COLUMNS);
    if (html != NULL)
        PD_TRY(expand(used, html->body, values, ".html", &made->html));
    made->subject = pd_text_fold_space(subject);
    *rendered = g_steal_pointer(&made);
    return NULL;
}

PdStatus *pd_templates_fill_form(const PdTemplates *templates, const char *language,
                                 const char *name, const PdJson *values, char **html)
{
    const PdTemplateLanguage *used = language_of(templates, language);
    g_autofree char *full = g_strconcat(PD_FORMS, name, NULL);
    const PdTemplateFile *file = name[0] != '_' ? find_file(used, full, ".html") : NULL;

    if (file == NULL) {
        g_auto(GStrv) forms = pd_templates_forms(templates, used->name);
        g_autofree char *all = g_strjoinv(", ", forms);
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, NULL,
                             "there is no form '%s' in language '%s'; there are: %s", name,
                             used->name, all);
    }
    return expand(used, file->body, values, ".html", html);
}

char **pd_templates_forms(const PdTemplates *templates, const char *language)
{
    GPtrArray *forms = g_ptr_array_new();
    GHashTableIter iter;
    gpointer key;

    g_hash_table_iter_init(&iter, language_of(templates, language)->files);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        const char *name = (const char *)key + strlen(PD_FORMS);
        if (g_str_has_prefix(key, PD_FORMS) && name[0] != '_')
            g_ptr_array_add(forms, g_strndup(name, strlen(name) - strlen(".html")));
    }
    pd_names_sort(forms);
    g_ptr_array_add(forms, NULL);
    return (char **)g_ptr_array_free(forms, FALSE);
}
