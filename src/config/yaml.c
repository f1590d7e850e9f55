/* yaml.c: YAML text into plain records (the sole user of libfyaml).
 *
 * The library's events are taken one by one and the tree is ours, so that its
 * depth and size are bounded while it grows and the library's own tree code,
 * which recurses, is never entered. An alias shares the node it names; the
 * nodes are counted as if it were copied.
 */
#include "yaml_internal.h"

#include "postdesk/files.h"
#include "postdesk/limits.h"
#include "postdesk/text.h"
#include <libfyaml.h>
#include <string.h>

typedef struct {
    PdYaml *yaml;
    PdDiagnostics *list;
    const char *text; /* what is parsed; marks count its bytes */
    gsize length;
    GPtrArray *open;     /* lists and maps not yet ended, borrowed */
    GPtrArray *anchors;  /* name of each open one's anchor, or NULL */
    GHashTable *by_name; /* anchor → node */
    guint weight;        /* nodes so far, aliases followed */
    guint line, column;  /* of the event at hand */
    guint documents;
    gboolean failed; /* no sense in reading on */
} Builder;

static void complain(const Builder *builder, const char *text)
{
    pd_diagnostics_add(builder->list, PD_ERROR, builder->yaml->file, builder->line, builder->column,
                       "%s", text);
}

static void fail(Builder *builder, const char *text)
{
    complain(builder, text);
    builder->failed = TRUE;
}

/* Piece by piece: the library's own joining miscounts some quoted texts, cuts them
 * and leaks. */
static GString *token_bytes(struct fy_token *token)
{
    GString *bytes = g_string_new(NULL);
    struct fy_token_iter *pieces = fy_token_iter_create(token);
    const struct fy_iter_chunk *piece = NULL;

    while ((piece = fy_token_iter_chunk_next(pieces, piece, NULL)) != NULL)
        g_string_append_len(bytes, piece->str, (gssize)piece->len);
    fy_token_iter_destroy(pieces);
    return bytes;
}

/* NULL without a token; caller frees. */
static char *token_text(struct fy_token *token)
{
    return token != NULL ? g_string_free(token_bytes(token), FALSE) : NULL;
}

static PdYamlNode *innermost(const Builder *builder)
{
    return builder->open->len > 0 ? builder->open->pdata[builder->open->len - 1] : NULL;
}

static gboolean is_at_key(const Builder *builder)
{
    const PdYamlNode *parent = innermost(builder);

    return parent != NULL && parent->kind == PD_YAML_MAP && parent->children->len % 2 == 0;
}

/* Puts a node, new or shared, where the reading stands. */
static void place(Builder *builder, PdYamlNode *node)
{
    PdYamlNode *parent = innermost(builder);

    if (node->kind != PD_YAML_SCALAR && is_at_key(builder)) {
        fail(builder, "a key must be plain text, no list or map");
        return;
    }
    if (builder->open->len + node->height > PD_LIMIT_YAML_DEPTH) {
        fail(builder, "nested too deeply; 64 levels at most");
        return;
    }
    builder->weight += node->weight;
    if (builder->weight > PD_LIMIT_YAML_NODES) {
        fail(builder, "too many values, aliases counted in full; split the file");
        return;
    }
    if (parent != NULL)
        g_ptr_array_add(parent->children, node);
    else
        builder->yaml->root = node;
}

static void refuse_tag(Builder *builder, struct fy_token *tag)
{
    if (tag != NULL)
        complain(builder, "tags (!…) are not used here; quote a text that begins with '!'");
}

/* The library's mark is behind an opening quote; the place is before it. */
static enum fy_scalar_style take_style(Builder *builder, struct fy_token *token)
{
    enum fy_scalar_style style = token != NULL ? fy_token_scalar_style(token) : FYSS_PLAIN;

    if ((style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED) && builder->column > 1)
        builder->column--;
    return style;
}

/* The text as it is written, between the marks of the event. */
static const char *source_of(const Builder *builder, struct fy_event *event, gsize *length)
{
    const struct fy_mark *start = fy_event_start_mark(event);
    const struct fy_mark *end = fy_event_end_mark(event);

    *length = 0;
    if (start == NULL || end == NULL || start->input_pos > end->input_pos ||
        end->input_pos > builder->length)
        return "";
    *length = end->input_pos - start->input_pos;
    return builder->text + start->input_pos;
}

static void mend(Builder *builder, struct fy_event *event, enum fy_scalar_style style,
                 GString *text)
{
    gsize length;
    const char *source = source_of(builder, event, &length);
    const char *quirk = NULL;

    if (style == FYSS_SINGLE_QUOTED)
        pd_yaml_mend_quotes(text, source, length);
    else if (style == FYSS_DOUBLE_QUOTED)
        quirk = pd_yaml_quirk_of_double_quoted(source, length);
    else if (style == FYSS_FOLDED)
        quirk = pd_yaml_quirk_of_folded(source, length, builder->column);
    if (quirk != NULL)
        complain(builder, quirk);
}

/* A scalar's text; what an escape smuggled in and is not text is refused. */
static char *scalar_text(Builder *builder, struct fy_event *event, enum fy_scalar_style style)
{
    if (event->scalar.value == NULL)
        return g_strdup("");
    g_autoptr(GString) text = token_bytes(event->scalar.value);
    mend(builder, event, style, text);
    if (memchr(text->str, '\0', text->len) != NULL || !pd_text_is_valid(text->str, text->len)) {
        complain(builder, "an escape that is no character; remove it");
        g_string_truncate(text, 0);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void take_scalar(Builder *builder, struct fy_event *event)
{
    enum fy_scalar_style style = take_style(builder, event->scalar.value);

    refuse_tag(builder, event->scalar.tag);
    char *text = scalar_text(builder, event, style);
    PdYamlNode *node =
        pd_yaml_add_node(builder->yaml, PD_YAML_SCALAR, text, builder->line, builder->column);
    node->quoted = style != FYSS_PLAIN;
    char *anchor = token_text(event->scalar.anchor);
    if (anchor != NULL)
        g_hash_table_replace(builder->by_name, anchor, node);
    place(builder, node);
}

static void open_node(Builder *builder, PdYamlKind kind, struct fy_token *anchor,
                      struct fy_token *tag)
{
    PdYamlNode *node = pd_yaml_add_node(builder->yaml, kind, NULL, builder->line, builder->column);

    refuse_tag(builder, tag);
    place(builder, node);
    g_ptr_array_add(builder->open, node);
    g_ptr_array_add(builder->anchors, token_text(anchor));
    if (builder->open->len > PD_LIMIT_YAML_DEPTH && !builder->failed)
        fail(builder, "nested too deeply; 64 levels at most");
}

static void measure(PdYamlNode *node)
{
    for (guint i = 0; i < node->children->len; i++) {
        const PdYamlNode *child = node->children->pdata[i];
        node->weight += child->weight;
        node->height = MAX(node->height, child->height + 1);
    }
}

static void check_for_duplicates(const Builder *builder, const PdYamlNode *map)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < pd_yaml_count(map); i++) {
        const PdYamlNode *key = pd_yaml_key(map, i);
        const PdYamlNode *first = g_hash_table_lookup(seen, key->text);
        g_autofree char *shown = pd_text_shorten(key->text, 64);
        if (first == NULL)
            g_hash_table_insert(seen, key->text, (gpointer)key);
        else
            pd_yaml_complain(builder->yaml, key, PD_ERROR, builder->list,
                             "'%s' is given twice, first in line %u; keep one", shown, first->line);
    }
}

static void close_node(Builder *builder)
{
    PdYamlNode *node = innermost(builder);
    guint last = builder->open->len - 1;
    char *anchor = g_ptr_array_steal_index(builder->anchors, last);

    g_ptr_array_remove_index(builder->open, last);
    measure(node);
    if (node->kind == PD_YAML_MAP)
        check_for_duplicates(builder, node);
    if (anchor != NULL)
        g_hash_table_replace(builder->by_name, anchor, node);
}

/* Only nodes that have ended have a name: an alias never leads into itself. */
static void take_alias(Builder *builder, struct fy_token *name)
{
    g_autofree char *anchor = token_text(name);

    builder->column -= builder->column > 1; /* the library's mark is behind the '*' */
    PdYamlNode *node = anchor != NULL ? g_hash_table_lookup(builder->by_name, anchor) : NULL;

    if (node == NULL) {
        complain(builder, "this alias (*…) names no anchor (&…) above it; quote a text that "
                          "begins with '*'");
        node = pd_yaml_add_node(builder->yaml, PD_YAML_SCALAR, g_strdup(""), builder->line,
                                builder->column);
    }
    place(builder, node);
}

/* An empty value has no place of its own: it keeps that of what came before. */
static void take_place(Builder *builder, struct fy_event *event)
{
    const struct fy_mark *mark = fy_event_start_mark(event);

    if (mark != NULL && mark->line >= 0 && mark->column >= 0) {
        builder->line = (guint)mark->line + 1;
        builder->column = (guint)mark->column + 1;
    }
}

static void take_event(Builder *builder, struct fy_event *event)
{
    take_place(builder, event);
    switch (event->type) {
    case FYET_DOCUMENT_START:
        if (++builder->documents > 1)
            fail(builder, "a second document; keep one in each file");
        break;
    case FYET_SCALAR:
        take_scalar(builder, event);
        break;
    case FYET_ALIAS:
        take_alias(builder, event->alias.anchor);
        break;
    case FYET_MAPPING_START:
        open_node(builder, PD_YAML_MAP, event->mapping_start.anchor, event->mapping_start.tag);
        break;
    case FYET_SEQUENCE_START:
        open_node(builder, PD_YAML_LIST, event->sequence_start.anchor, event->sequence_start.tag);
        break;
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        close_node(builder);
        break;
    default:
        break;
    }
}

/* What would be right, by how the library's message begins. */
static const char *hint_for(const char *message)
{
    static const struct {
        const char *begin, *hint;
    } hints[] = {
        {"flow sequence without a closing bracket", "add the ']'"},
        {"flow mapping without a closing brace", "add the '}'"},
        {"wrongly indented", "is the closing quote missing?"},
        {"invalid nested block mapping", "quote a text that holds ': '"},
        {"plain scalar cannot start with", "quote this text"},
        {"invalid multiline plain key",
         "check the ':' and the indentation of this line and the next (blanks, no tabs)"},
        {"did not find expected", "check the indentation of this line (blanks, no tabs)"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(hints); i++) {
        if (g_str_has_prefix(message, hints[i].begin))
            return hints[i].hint;
    }
    return "check this line and the one before it";
}

/* The first error is the mistake; those after it are its echoes. */
static void tell_syntax_error(Builder *builder, struct fy_diag *diag)
{
    void *iterator = NULL;
    const struct fy_diag_error *error = fy_diag_errors_iterate(diag, &iterator);

    if (error == NULL) {
        fail(builder, "no valid YAML from here on");
        return;
    }
    g_autofree char *message = pd_text_printable(error->msg != NULL ? error->msg : "no YAML");
    g_autofree char *text = g_strdup_printf("%s; %s", message, hint_for(message));
    builder->line = error->line >= 0 ? (guint)error->line : builder->line;
    builder->column = error->column >= 0 ? (guint)error->column : builder->column;
    fail(builder, text);
}

static void run_parser(Builder *builder, struct fy_parser *parser, struct fy_diag *diag)
{
    while (!builder->failed) {
        struct fy_event *event = fy_parser_parse(parser);
        if (event == NULL)
            break;
        take_event(builder, event);
        fy_parser_event_free(parser, event);
    }
    if (!builder->failed && (fy_parser_get_stream_error(parser) || fy_diag_got_error(diag)))
        tell_syntax_error(builder, diag);
}

static void parse(Builder *builder)
{
    struct fy_diag_cfg quiet;

    fy_diag_cfg_default(&quiet);
    quiet.fp = NULL;
    quiet.colorize = false;
    struct fy_diag *diag = fy_diag_create(&quiet);
    fy_diag_set_collect_errors(diag, true);
    struct fy_parse_cfg config = {
        .flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE,
        .diag = diag,
    };
    struct fy_parser *parser = fy_parser_create(&config);
    if (parser == NULL || fy_parser_set_string(parser, builder->text, builder->length) != 0)
        fail(builder, "the YAML library cannot read this");
    else
        run_parser(builder, parser, diag);
    fy_parser_destroy(parser);
    fy_diag_destroy(diag);
}

PdYaml *pd_yaml_read_text(const char *name, const char *text, gsize length, PdDiagnostics *list)
{
    g_autofree char *prepared = pd_yaml_prepare(name, text, length, list);

    if (prepared == NULL)
        return NULL;
    g_autoptr(PdYaml) yaml = pd_yaml_new(name);
    g_autoptr(GPtrArray) open = g_ptr_array_new();
    g_autoptr(GPtrArray) anchors = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Builder builder = {.yaml = yaml,
                       .list = list,
                       .text = prepared,
                       .length = strlen(prepared),
                       .open = open,
                       .anchors = anchors,
                       .by_name = by_name,
                       .line = 1,
                       .column = 1};
    parse(&builder);
    return builder.failed ? NULL : g_steal_pointer(&yaml);
}

PdYaml *pd_yaml_read_file(const char *path, PdDiagnostics *list)
{
    g_autofree char *text = NULL;
    gsize length = 0;
    g_autoptr(PdStatus) status = pd_file_read(path, PD_LIMIT_CONFIG_BYTES, &text, &length);

    if (status != NULL) {
        const char *advice = pd_status_advice(status);
        pd_diagnostics_add(list, PD_ERROR, path, 0, 0, "%s%s%s", pd_status_text(status),
                           advice != NULL ? "; " : "", advice != NULL ? advice : "");
        return NULL;
    }
    return pd_yaml_read_text(path, text, length, list);
}
