/* mustache.c: renders a parsed template with JSON values.
 *
 * What a value holds is never read as a template. Depth and output are bounded, so that a
 * partial that includes itself ends in an error and not in the end of the process.
 */
#include "desk/mustache_tree.h"

#include "postdesk/template.h"
#include "postdesk/text.h"
#include <string.h>

typedef struct {
    GPtrArray *contexts; /* of PdJson *, innermost last; borrowed */
    PdMustachePartial partial;
    gpointer user;
    GString *out;
    gsize most; /* bytes that out may hold */
    GString *indent;
    gboolean at_line_begin; /* of the template's own lines: values do not count */
    gboolean escape;
    guint depth;
} Renderer;

static PdStatus *render_tags(Renderer *renderer, const GPtrArray *tags);

static const PdJson *look_up(const Renderer *renderer, const PdTag *tag)
{
    const PdJson *found = NULL;
    char **part = tag->path;

    if (part[0] == NULL)
        return g_ptr_array_index(renderer->contexts, renderer->contexts->len - 1);
    for (guint i = renderer->contexts->len; i > 0 && found == NULL; i--) {
        const PdJson *context = g_ptr_array_index(renderer->contexts, i - 1);
        if (pd_json_is_object(context))
            found = pd_json_get(context, part[0]);
    }
    for (part++; found != NULL && *part != NULL; part++)
        found = pd_json_is_object(found) ? pd_json_get(found, *part) : NULL;
    return found;
}

static gboolean is_scalar(const PdJson *value)
{
    return !pd_json_is_object(value) && !pd_json_is_array(value);
}

static gboolean is_false(const PdJson *value)
{
    if (value == NULL)
        return TRUE;
    if (pd_json_is_array(value))
        return pd_json_length(value) == 0;
    if (pd_json_string(value) != NULL || pd_json_is_true(value) || !is_scalar(value))
        return FALSE;
    g_autofree char *text = pd_json_compact(value);
    return strcmp(text, "null") == 0 || strcmp(text, "false") == 0;
}

static void begin_line(Renderer *renderer)
{
    if (!renderer->at_line_begin)
        return;
    renderer->at_line_begin = FALSE;
    g_string_append_len(renderer->out, renderer->indent->str, (gssize)renderer->indent->len);
}

static void append_literal(Renderer *renderer, const char *text)
{
    if (renderer->indent->len == 0) {
        g_string_append(renderer->out, text);
        return;
    }
    while (*text != '\0') {
        const char *end = strchr(text, '\n');
        gsize length = end != NULL ? (gsize)(end - text) + 1 : strlen(text);
        begin_line(renderer);
        g_string_append_len(renderer->out, text, (gssize)length);
        renderer->at_line_begin = end != NULL;
        text += length;
    }
}

/* A number with as few digits as tell it apart: 1.1 and not 1.1000000000000001. */
static char *number_text(char *exact)
{
    char shorter[G_ASCII_DTOSTR_BUF_SIZE];

    if (!g_ascii_isdigit(exact[exact[0] == '-']) || strpbrk(exact, ".eE") == NULL)
        return exact;
    double value = g_ascii_strtod(exact, NULL);
    g_ascii_formatd(shorter, sizeof shorter, "%.15g", value);
    if (g_ascii_strtod(shorter, NULL) != value)
        return exact;
    g_free(exact);
    return g_strdup(shorter);
}

static void append_value(Renderer *renderer, const PdTag *tag)
{
    const PdJson *value = look_up(renderer, tag);
    g_autofree char *number = NULL;

    begin_line(renderer);
    if (value == NULL || !is_scalar(value))
        return;
    const char *text = pd_json_string(value);
    if (text == NULL) {
        text = number = number_text(pd_json_compact(value));
        if (strcmp(text, "null") == 0)
            return;
    }
    if (renderer->escape && tag->kind == PD_TAG_VARIABLE)
        pd_text_append_html(renderer->out, text, strlen(text));
    else
        g_string_append(renderer->out, text);
}

static PdStatus *render_within(Renderer *renderer, const PdTag *tag, const PdJson *context)
{
    g_ptr_array_add(renderer->contexts, (gpointer)context);
    PdStatus *status = render_tags(renderer, tag->children);
    g_ptr_array_set_size(renderer->contexts, (gint)renderer->contexts->len - 1);
    return status;
}

static PdStatus *render_section(Renderer *renderer, const PdTag *tag)
{
    const PdJson *value = look_up(renderer, tag);
    gboolean is_empty = is_false(value);

    if (tag->kind == PD_TAG_INVERTED)
        return is_empty ? render_tags(renderer, tag->children) : NULL;
    if (is_empty)
        return NULL;
    if (!pd_json_is_array(value))
        return render_within(renderer, tag, value);
    for (gsize i = 0; i < pd_json_length(value); i++)
        PD_TRY(render_within(renderer, tag, pd_json_at(value, i)));
    return NULL;
}

static PdStatus *render_partial(Renderer *renderer, const PdTag *tag)
{
    const PdMustache *partial =
        renderer->partial != NULL ? renderer->partial(tag->text, renderer->user) : NULL;
    gsize outer_indent = renderer->indent->len;

    if (partial == NULL)
        return NULL;
    if (tag->indent != NULL) {
        g_string_append(renderer->indent, tag->indent);
        renderer->at_line_begin = TRUE;
    }
    PdStatus *status = render_tags(renderer, partial->tags);
    g_string_truncate(renderer->indent, outer_indent);
    return status;
}

static PdStatus *render_tag(Renderer *renderer, const PdTag *tag)
{
    switch (tag->kind) {
    case PD_TAG_TEXT:
        append_literal(renderer, tag->text);
        return NULL;
    case PD_TAG_VARIABLE:
    case PD_TAG_RAW:
        append_value(renderer, tag);
        return NULL;
    case PD_TAG_PARTIAL:
        return render_partial(renderer, tag);
    default:
        return render_section(renderer, tag);
    }
}

static PdStatus *render_tags(Renderer *renderer, const GPtrArray *tags)
{
    PdStatus *status = NULL;

    if (renderer->depth >= 2 * PD_MUSTACHE_DEPTH)
        return pd_status_new(PD_SPOILS_MESSAGE, PD_FINAL, "look for a partial that includes itself",
                             "a template nests deeper than %d levels", 2 * PD_MUSTACHE_DEPTH);
    renderer->depth++;
    for (guint i = 0; i < tags->len && status == NULL; i++) {
        status = render_tag(renderer, g_ptr_array_index(tags, i));
        if (status == NULL && renderer->out->len > renderer->most)
            status = pd_status_new(PD_SPOILS_MESSAGE, PD_FINAL, NULL,
                                   "a template gives more than %d bytes", PD_MUSTACHE_OUTPUT);
    }
    renderer->depth--;
    return status;
}

PdStatus *pd_mustache_expand(const PdMustache *parsed, const PdJson *values, gboolean escape_html,
                             PdMustachePartial partial, gpointer user, GString *text)
{
    g_autoptr(GPtrArray) contexts = g_ptr_array_new();
    g_autoptr(GString) indent = g_string_new(NULL);
    Renderer renderer = {.contexts = contexts,
                         .partial = partial,
                         .user = user,
                         .out = text,
                         .most = text->len + PD_MUSTACHE_OUTPUT,
                         .indent = indent,
                         .escape = escape_html};

    g_ptr_array_add(contexts, (gpointer)values);
    return render_tags(&renderer, parsed->tags);
}

/* The partials of one rendering: their texts, and what was parsed of them so far. */
typedef struct {
    const PdJson *texts;
    GHashTable *parsed;
    PdStatus *mistake; /* of the first partial that is no template */
} Partials;

static const PdMustache *parse_partial(const char *name, gpointer user)
{
    Partials *partials = user;
    const char *text = partials->texts != NULL ? pd_json_get_text(partials->texts, name) : NULL;
    PdMustache *parsed = g_hash_table_lookup(partials->parsed, name);

    if (parsed != NULL || text == NULL || partials->mistake != NULL)
        return parsed;
    partials->mistake = pd_mustache_parse(text, &parsed, NULL);
    if (parsed != NULL)
        g_hash_table_insert(partials->parsed, g_strdup(name), parsed);
    return parsed;
}

PdStatus *pd_mustache_render(const char *source, const PdJson *values, const PdJson *partials,
                             gboolean escape_html, char **text)
{
    g_autoptr(PdMustache) parsed = NULL;
    g_autoptr(GHashTable) table =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)pd_mustache_free);
    g_autoptr(GString) out = g_string_new(NULL);
    Partials known = {partials, table, NULL};

    PD_TRY(pd_mustache_parse(source, &parsed, NULL));
    g_autoptr(PdStatus) failed =
        pd_mustache_expand(parsed, values, escape_html, parse_partial, &known, out);
    if (known.mistake != NULL)
        return known.mistake;
    PD_TRY(g_steal_pointer(&failed));
    *text = g_string_free(g_steal_pointer(&out), FALSE);
    return NULL;
}
