/* mustache_parse.c: the text of a template, cut into a tree of tags.
 *
 * A tag that prints nothing by itself (section, comment, partial, delimiters) and stands
 * alone on its line takes the whole line with it; a partial then keeps the line's indent.
 */
#include "desk/mustache_tree.h"

#include <string.h>

typedef struct {
    const char *source, *at;
    char *open, *close; /* the delimiters now */
    GPtrArray *levels;  /* of GPtrArray *: where tags are put, innermost last; borrowed */
    GPtrArray *names;   /* of char *: the open sections; borrowed */
    guint line;
    const char *counted; /* lines are counted up to here */
} Parser;

/* A tag as found: from its first delimiter to behind its last. */
typedef struct {
    const char *begin, *end;
    char sigil; /* '\0' for a plain variable */
    char *body; /* trimmed */
} Found;

static void found_clear(Found *found)
{
    g_free(found->body);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Found, found_clear)

void pd_tag_free(PdTag *tag)
{
    g_free(tag->text);
    g_strfreev(tag->path);
    g_free(tag->indent);
    g_clear_pointer(&tag->children, g_ptr_array_unref);
    g_free(tag);
}

static GPtrArray *tag_list(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)pd_tag_free);
}

void pd_mustache_free(PdMustache *parsed)
{
    if (parsed == NULL)
        return;
    g_ptr_array_unref(parsed->tags);
    g_free(parsed);
}

static guint line_of(Parser *parser, const char *place)
{
    for (; parser->counted < place; parser->counted++)
        parser->line += *parser->counted == '\n';
    return parser->line;
}

static PdStatus *mistake(const char *what, const char *name)
{
    return pd_status_new(PD_SPOILS_CONFIGURATION, PD_FINAL, NULL, "%s%s%s", what,
                         name[0] != '\0' ? ": " : "", name);
}

static PdTag *add_tag(Parser *parser, PdTagKind kind, char *text, const char *place)
{
    PdTag *tag = g_new0(PdTag, 1);

    tag->kind = kind;
    tag->text = text;
    tag->line = line_of(parser, place);
    if (kind != PD_TAG_TEXT)
        tag->path = g_strsplit(strcmp(text, ".") == 0 ? "" : text, ".", -1);
    g_ptr_array_add(g_ptr_array_index(parser->levels, parser->levels->len - 1), tag);
    return tag;
}

static gboolean is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* TRUE if nothing but blanks shares the tag's line: *begin and *end then hold the line. */
static gboolean stands_alone(const Parser *parser, const Found *found, const char **begin,
                             const char **end)
{
    const char *left = found->begin;
    const char *right = found->end;

    while (left > parser->source && is_blank(left[-1]))
        left--;
    if (left > parser->source && left[-1] != '\n')
        return FALSE;
    while (is_blank(*right))
        right++;
    if (right[0] == '\r' && right[1] == '\n')
        right++;
    if (*right != '\n' && *right != '\0')
        return FALSE;
    *begin = left;
    *end = *right == '\n' ? right + 1 : right;
    return TRUE;
}

/* Finds the end of the tag that begins at parser->at's next delimiter. */
static PdStatus *find_tag(Parser *parser, const char *begin, Found *found)
{
    const char *inside = begin + strlen(parser->open);
    char sigil = *inside != '\0' && strchr("!#^/>&={", *inside) != NULL ? *inside : '\0';
    const char *before_close = sigil == '{' ? "}" : sigil == '=' ? "=" : "";
    g_autofree char *close = g_strconcat(before_close, parser->close, NULL);
    const char *body = inside + (sigil != '\0');
    const char *end = strstr(body, close);

    if (end == NULL)
        return mistake("a tag is not closed", "");
    found->begin = begin;
    found->end = end + strlen(close);
    found->sigil = sigil;
    found->body = g_strstrip(g_strndup(body, (gsize)(end - body)));
    return NULL;
}

static PdStatus *set_delimiters(Parser *parser, const char *body)
{
    const char *gap = strpbrk(body, " \t\r\n");

    if (gap == NULL)
        return mistake("delimiters are two words, as in {{=<% %>=}}", body);
    g_autofree char *second = g_strstrip(g_strdup(gap));
    if (second[0] == '\0' || strpbrk(second, " \t\r\n=") != NULL)
        return mistake("delimiters are two words, as in {{=<% %>=}}", body);
    g_free(parser->open);
    g_free(parser->close);
    parser->open = g_strndup(body, (gsize)(gap - body));
    parser->close = g_steal_pointer(&second);
    return NULL;
}

static PdStatus *open_section(Parser *parser, Found *found)
{
    if (parser->names->len >= PD_MUSTACHE_DEPTH)
        return mistake("sections are nested too deep", found->body);
    PdTagKind kind = found->sigil == '#' ? PD_TAG_SECTION : PD_TAG_INVERTED;
    PdTag *tag = add_tag(parser, kind, g_strdup(found->body), found->begin);
    tag->children = tag_list();
    g_ptr_array_add(parser->levels, tag->children);
    g_ptr_array_add(parser->names, tag->text);
    return NULL;
}

static PdStatus *close_section(Parser *parser, const Found *found)
{
    guint depth = parser->names->len;

    if (depth == 0)
        return mistake("a section is closed that is not open", found->body);
    const char *open = g_ptr_array_index(parser->names, depth - 1);
    if (strcmp(open, found->body) != 0)
        return mistake("this section must be closed first", open);
    g_ptr_array_set_size(parser->names, (gint)depth - 1);
    g_ptr_array_set_size(parser->levels, (gint)depth);
    return NULL;
}

static void add_partial(Parser *parser, const Found *found, const char *line_begin)
{
    PdTag *tag = add_tag(parser, PD_TAG_PARTIAL, g_strdup(found->body), found->begin);

    if (line_begin != NULL)
        tag->indent = g_strndup(line_begin, (gsize)(found->begin - line_begin));
}

static PdStatus *take_tag(Parser *parser, Found *found, const char *line_begin)
{
    if (found->body[0] == '\0' && found->sigil != '!')
        return mistake("a tag has no name", "");
    switch (found->sigil) {
    case '!':
        return NULL;
    case '=':
        return set_delimiters(parser, found->body);
    case '#':
    case '^':
        return open_section(parser, found);
    case '/':
        return close_section(parser, found);
    case '>':
        add_partial(parser, found, line_begin);
        return NULL;
    case '&':
    case '{':
        add_tag(parser, PD_TAG_RAW, g_strdup(found->body), found->begin);
        return NULL;
    default:
        add_tag(parser, PD_TAG_VARIABLE, g_strdup(found->body), found->begin);
        return NULL;
    }
}

static void add_literal(Parser *parser, const char *end)
{
    if (end > parser->at)
        add_tag(parser, PD_TAG_TEXT, g_strndup(parser->at, (gsize)(end - parser->at)), parser->at);
}

static PdStatus *parse_next(Parser *parser, const char *begin)
{
    g_auto(Found) found = {0};
    const char *line_begin = NULL;
    const char *line_end;

    PD_TRY(find_tag(parser, begin, &found));
    gboolean prints = found.sigil == '\0' || found.sigil == '&' || found.sigil == '{';
    if (prints || !stands_alone(parser, &found, &line_begin, &line_end)) {
        line_begin = NULL;
        line_end = found.end;
    }
    add_literal(parser, line_begin != NULL ? line_begin : found.begin);
    PD_TRY(take_tag(parser, &found, line_begin));
    parser->at = line_end;
    return NULL;
}

static PdStatus *parse_all(Parser *parser)
{
    const char *begin;

    while ((begin = strstr(parser->at, parser->open)) != NULL) {
        PdStatus *status = parse_next(parser, begin);
        if (status != NULL) {
            line_of(parser, begin);
            return status;
        }
    }
    add_literal(parser, parser->at + strlen(parser->at));
    if (parser->names->len > 0)
        return mistake("a section is not closed",
                       g_ptr_array_index(parser->names, parser->names->len - 1));
    return NULL;
}

PdStatus *pd_mustache_parse(const char *source, PdMustache **parsed, guint *line)
{
    g_autoptr(PdMustache) made = g_new0(PdMustache, 1);
    g_autoptr(GPtrArray) levels = g_ptr_array_new();
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    Parser parser = {.source = source,
                     .at = source,
                     .open = g_strdup("{{"),
                     .close = g_strdup("}}"),
                     .levels = levels,
                     .names = names,
                     .line = 1,
                     .counted = source};

    made->tags = tag_list();
    g_ptr_array_add(levels, made->tags);
    PdStatus *status = parse_all(&parser);
    if (line != NULL)
        *line = parser.line;
    g_free(parser.open);
    g_free(parser.close);
    if (status == NULL)
        *parsed = g_steal_pointer(&made);
    return status;
}

static void tell_names(const GPtrArray *tags, GPtrArray *sections, PdMustacheName seen,
                       gpointer user)
{
    for (guint i = 0; i < tags->len; i++) {
        const PdTag *tag = g_ptr_array_index(tags, i);
        if (tag->kind != PD_TAG_TEXT)
            seen(tag->text, tag->kind == PD_TAG_PARTIAL, sections, tag->line, user);
        if (tag->children == NULL)
            continue;
        g_ptr_array_add(sections, tag->text);
        tell_names(tag->children, sections, seen, user);
        g_ptr_array_set_size(sections, (gint)sections->len - 1);
    }
}

void pd_mustache_each_name(const PdMustache *parsed, PdMustacheName seen, gpointer user)
{
    g_autoptr(GPtrArray) sections = g_ptr_array_new();

    tell_names(parsed->tags, sections, seen, user);
}
