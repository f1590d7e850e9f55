/* html.c: HTML to text.
 *
 * Text is written as it comes; line breaks are owed and paid before the next text, so that
 * blocks that are empty or nested leave no empty lines.
 */
#include "html.h"

#include "html_parse.h"
#include "html_signature.h"
#include "html_style.h"
#include "postdesk/limits.h"
#include <string.h>
#include <strings.h>

typedef enum {
    KIND_INLINE,
    KIND_BLOCK,     /* on lines of its own */
    KIND_PARAGRAPH, /* with an empty line around */
    KIND_HEADING,
    KIND_BREAK,
    KIND_RULE,
    KIND_LIST,
    KIND_NUMBERED,
    KIND_ITEM,
    KIND_ROW,
    KIND_CELL,
    KIND_QUOTE,
    KIND_PREFORMATTED,
    KIND_LINK,
    KIND_IMAGE,
    KIND_SILENT, /* its content is no text */
} Kind;

static const struct {
    const char *name;
    Kind kind;
} kinds[] = {
    {"a", KIND_LINK},           {"address", KIND_BLOCK},   {"article", KIND_BLOCK},
    {"blockquote", KIND_QUOTE}, {"body", KIND_BLOCK},      {"br", KIND_BREAK},
    {"caption", KIND_BLOCK},    {"center", KIND_BLOCK},    {"dd", KIND_BLOCK},
    {"dir", KIND_LIST},         {"div", KIND_BLOCK},       {"dl", KIND_PARAGRAPH},
    {"dt", KIND_BLOCK},         {"fieldset", KIND_BLOCK},  {"footer", KIND_BLOCK},
    {"form", KIND_BLOCK},       {"h1", KIND_HEADING},      {"h2", KIND_HEADING},
    {"h3", KIND_HEADING},       {"h4", KIND_HEADING},      {"h5", KIND_HEADING},
    {"h6", KIND_HEADING},       {"head", KIND_SILENT},     {"header", KIND_BLOCK},
    {"hr", KIND_RULE},          {"img", KIND_IMAGE},       {"li", KIND_ITEM},
    {"math", KIND_SILENT},      {"menu", KIND_LIST},       {"object", KIND_SILENT},
    {"ol", KIND_NUMBERED},      {"option", KIND_BLOCK},    {"p", KIND_PARAGRAPH},
    {"pre", KIND_PREFORMATTED}, {"script", KIND_SILENT},   {"section", KIND_BLOCK},
    {"style", KIND_SILENT},     {"svg", KIND_SILENT},      {"table", KIND_BLOCK},
    {"td", KIND_CELL},          {"template", KIND_SILENT}, {"th", KIND_CELL},
    {"title", KIND_SILENT},     {"tr", KIND_ROW},          {"ul", KIND_LIST},
};

typedef struct {
    Kind kind;
    gboolean hidden;
    gboolean was_unseen;  /* around it */
    gboolean attribution; /* "On … wrote:", in whatever language */
    gboolean signature;   /* the program says that it is one */
    guint number;         /* of the list's next item */
    gsize began; /* where a link's text begins in out; of a cell: the outer cell's beginning */
    char *link;
} Open;

typedef struct {
    GString *out;
    Open open[PD_LIMIT_HTML_DEPTH + 1];
    guint depth;
    guint silent;    /* open elements whose content is not shown */
    gboolean unseen; /* letters have no size here */
    guint preformatted;
    guint quotes;
    guint owed;         /* line ends due before the next text */
    gboolean owe_space; /* a space is due, too */
    gboolean at_start;  /* of a line: the quote marks are due */
    gboolean cell;      /* a cell stands on this line already */
    gsize cell_begin;   /* where the open cell's text begins in out */
    guint signing;      /* open elements that are a signature */
    gsize sign_begin;   /* the first signature in out; none: both 0 */
    gsize sign_end;
} Writer;

static Kind kind_of(const char *name)
{
    gsize low = 0, high = G_N_ELEMENTS(kinds);

    while (low < high) {
        gsize middle = (low + high) / 2;
        int order = strcasecmp(name, kinds[middle].name);
        if (order == 0)
            return kinds[middle].kind;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return KIND_INLINE;
}

/* A block that opens a cell breaks no line: the cells of a row stay beside each other. */
static void owe_lines(Writer *writer, guint count)
{
    if (writer->out->len == writer->cell_begin)
        return;
    writer->owed = MAX(writer->owed, count);
    writer->owe_space = FALSE;
    writer->cell = FALSE;
}

static void quote_marks(Writer *writer)
{
    for (guint i = 0; i < MIN(writer->quotes, 20); i++)
        g_string_append(writer->out, "> ");
}

static void end_line(Writer *writer)
{
    if (writer->at_start)
        quote_marks(writer);
    while (writer->out->len > 0 && writer->out->str[writer->out->len - 1] == ' ')
        g_string_truncate(writer->out, writer->out->len - 1);
    g_string_append_c(writer->out, '\n');
    writer->at_start = TRUE;
}

/* Pays what is owed. */
static void begin_text(Writer *writer)
{
    gboolean anything = writer->out->len > 0;

    if (anything && writer->owed > 0) {
        if (!writer->at_start)
            end_line(writer);
        for (guint i = 1; i < writer->owed; i++)
            end_line(writer);
    }
    writer->owed = 0;
    if (writer->at_start) {
        quote_marks(writer);
        writer->at_start = FALSE;
        writer->owe_space = FALSE;
    }
    if (writer->owe_space)
        g_string_append_c(writer->out, ' ');
    writer->owe_space = FALSE;
}

static void write_preformatted(Writer *writer, const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (text[i] == '\n') {
            if (writer->owed > 0)
                begin_text(writer);
            end_line(writer);
        } else if (text[i] != '\r') {
            begin_text(writer);
            g_string_append_c(writer->out, text[i]);
        }
    }
}

/* Bytes at the start that are white space, a no-break space included; *hard tells of the latter. */
static gsize space_length(const char *text, gsize length)
{
    if (strchr(" \t\r\n\f", *text) != NULL)
        return 1;
    if (length >= 2 && memcmp(text, "\xc2\xa0", 2) == 0)
        return 2;
    if (length >= 3 &&
        (memcmp(text, "\xe2\x80\x8b", 3) == 0 || memcmp(text, "\xef\xbb\xbf", 3) == 0))
        return 3;
    return 0;
}

static void on_text(gpointer user, const char *text, gsize length)
{
    Writer *writer = user;
    const char *end = text + length;

    if (writer->silent > 0 || writer->unseen || writer->out->len > PD_LIMIT_TEXT_BYTES)
        return;
    if (writer->preformatted > 0) {
        write_preformatted(writer, text, length);
        return;
    }
    while (text < end) {
        gsize space = *text == '\0' ? 1 : space_length(text, (gsize)(end - text));
        if (space > 0) {
            writer->owe_space |= space < 3;
            text += space;
            continue;
        }
        const char *word = text;
        while (text < end && *text != '\0' && space_length(text, (gsize)(end - text)) == 0)
            text++;
        begin_text(writer);
        g_string_append_len(writer->out, word, text - word);
    }
}

static Open *enclosing_list(Writer *writer)
{
    for (guint i = writer->depth; i > 0; i--) {
        Kind kind = writer->open[i - 1].kind;
        if (kind == KIND_LIST || kind == KIND_NUMBERED)
            return &writer->open[i - 1];
    }
    return NULL;
}

static void begin_item(Writer *writer)
{
    Open *list = enclosing_list(writer);
    guint lists = 0;

    for (guint i = 0; i < writer->depth; i++)
        lists += writer->open[i].kind == KIND_LIST || writer->open[i].kind == KIND_NUMBERED;
    owe_lines(writer, 1);
    begin_text(writer);
    for (guint i = 1; i < MIN(lists, 10); i++)
        g_string_append(writer->out, "  ");
    if (list != NULL && list->kind == KIND_NUMBERED)
        g_string_append_printf(writer->out, "%u. ", ++list->number);
    else
        g_string_append(writer->out, "- ");
}

static void begin_cell(Writer *writer)
{
    if (writer->cell && !writer->at_start && writer->owed == 0) {
        g_string_append_c(writer->out, '\t');
        writer->owe_space = FALSE;
    }
}

static void write_image(Writer *writer, const char *const *attributes)
{
    const char *alternative = pd_html_attribute(attributes, "alt");

    if (writer->silent > 0 || alternative == NULL || *alternative == '\0')
        return;
    on_text(writer, "[", 1);
    on_text(writer, alternative, strlen(alternative));
    writer->owe_space = FALSE;
    on_text(writer, "]", 1);
}

static void open_block(Writer *writer, Kind kind)
{
    switch (kind) {
    case KIND_BREAK:
        if (writer->owed == 0 || writer->at_start)
            begin_text(writer);
        end_line(writer);
        break;
    case KIND_RULE:
        owe_lines(writer, 1);
        begin_text(writer);
        g_string_append(writer->out, "________________________________");
        owe_lines(writer, 1);
        break;
    case KIND_ITEM:
        begin_item(writer);
        break;
    case KIND_CELL:
        begin_cell(writer);
        break;
    case KIND_PARAGRAPH:
    case KIND_HEADING:
        owe_lines(writer, 2);
        break;
    case KIND_QUOTE:
        owe_lines(writer, 1);
        if (writer->out->len > 0 && !writer->at_start)
            end_line(writer);
        writer->owed = 0;
        writer->quotes++;
        break;
    case KIND_PREFORMATTED:
        owe_lines(writer, 1);
        writer->preformatted++;
        break;
    case KIND_BLOCK:
    case KIND_LIST:
    case KIND_NUMBERED:
    case KIND_ROW:
        owe_lines(writer, 1);
        break;
    case KIND_INLINE:
    case KIND_LINK:
    case KIND_IMAGE:
    case KIND_SILENT:
        break;
    }
}

/* Gmail and Thunderbird say which line names whom the quote below is from. */
static gboolean is_attribution(Kind kind, const char *const *attributes)
{
    const char *class = kind == KIND_BLOCK ? pd_html_attribute(attributes, "class") : NULL;

    return class != NULL &&
           (strstr(class, "gmail_attr") != NULL || strstr(class, "moz-cite-prefix") != NULL);
}

/* "margin: 0 0 0 40px; border: none": what Gmail and Apple Mail indent a paragraph with. */
static gboolean is_indent(const char *const *attributes)
{
    const char *class = pd_html_attribute(attributes, "class");
    const char *style = pd_html_attribute(attributes, "style");
    const char *border = style != NULL ? strcasestr(style, "border") : NULL;

    if (border == NULL || pd_html_attribute(attributes, "type") != NULL ||
        pd_html_attribute(attributes, "cite") != NULL || strcasestr(style, "border-left") != NULL ||
        (class != NULL && strcmp(class, "webkit-indent-blockquote") != 0))
        return FALSE;
    border += strlen("border");
    border += strspn(border, " \t\r\n");
    if (*border++ != ':')
        return FALSE;
    border += strspn(border, " \t\r\n");
    return g_ascii_strncasecmp(border, "none", strlen("none")) == 0;
}

/* The first one is the writer's. One that stands right behind it goes on with it. */
static gboolean begin_signature(Writer *writer, const char *const *attributes)
{
    if (attributes == NULL || writer->quotes > 0 || writer->silent > 0 || writer->out->len == 0 ||
        (writer->sign_end > 0 && writer->out->len != writer->sign_end) ||
        !pd_html_is_signature(attributes))
        return FALSE;
    if (writer->sign_begin == 0)
        writer->sign_begin = writer->out->len;
    writer->signing++;
    return TRUE;
}

static void end_signature(Writer *writer)
{
    if (--writer->signing == 0)
        writer->sign_end = writer->out->len;
}

static void on_start(gpointer user, const char *name, const char *const *attributes)
{
    Writer *writer = user;
    Kind kind = kind_of(name);
    if (kind == KIND_QUOTE && is_indent(attributes))
        kind = KIND_BLOCK;
    Open open = {.kind = kind,
                 .hidden = pd_html_is_hidden(attributes),
                 .was_unseen = writer->unseen,
                 .attribution = is_attribution(kind, attributes),
                 .signature = begin_signature(writer, attributes)};

    PdHtmlSize size = pd_html_size(attributes);
    if (size != PD_HTML_SIZE_SAME)
        writer->unseen = size == PD_HTML_SIZE_NONE;
    if (kind == KIND_IMAGE && !open.hidden && !writer->unseen)
        write_image(writer, attributes);
    if (writer->silent == 0 && !open.hidden)
        open_block(writer, open.attribution ? KIND_QUOTE : kind);
    writer->silent += open.hidden || kind == KIND_SILENT;
    open.began = writer->out->len;
    if (kind == KIND_CELL) {
        open.began = writer->cell_begin; /* of the cell around this one */
        writer->cell_begin = writer->out->len;
    }
    if (kind == KIND_LINK && writer->silent == 0)
        open.link = g_strdup(pd_html_attribute(attributes, "href"));
    writer->open[writer->depth++] = open;
}

static void close_link(Writer *writer, const Open *open)
{
    const char *link = open->link;

    if (link == NULL || writer->out->len > PD_LIMIT_TEXT_BYTES || strlen(link) > 500)
        return;
    gboolean web = g_str_has_prefix(link, "http://") || g_str_has_prefix(link, "https://");
    const char *shown = writer->out->str + MIN(open->began, writer->out->len);
    const char *bare = web ? strstr(link, "//") + 2 : link;
    gsize length = strlen(bare);
    while (length > 0 && bare[length - 1] == '/')
        length--;
    g_autofree char *address = g_strndup(bare, length);
    if (!web || *shown == '\0' || length == 0 || strstr(shown, address) != NULL)
        return;
    g_string_append_printf(writer->out, " <%s>", link);
}

static void close_block(Writer *writer, Kind kind)
{
    switch (kind) {
    case KIND_PARAGRAPH:
    case KIND_HEADING:
        owe_lines(writer, 2);
        break;
    case KIND_QUOTE:
        if (writer->out->len > 0 && !writer->at_start)
            end_line(writer);
        writer->owed = 0;
        writer->quotes -= writer->quotes > 0;
        owe_lines(writer, 1);
        break;
    case KIND_PREFORMATTED:
        writer->preformatted -= writer->preformatted > 0;
        owe_lines(writer, 1);
        break;
    case KIND_BLOCK:
    case KIND_LIST:
    case KIND_NUMBERED:
    case KIND_ITEM:
    case KIND_ROW:
        owe_lines(writer, 1);
        break;
    case KIND_CELL:
        if (writer->out->len > writer->cell_begin)
            writer->owed = 0;
        writer->cell = TRUE;
        break;
    default:
        break;
    }
}

static void on_end(gpointer user, const char *name)
{
    Writer *writer = user;

    (void)name;
    if (writer->depth == 0)
        return;
    Open open = writer->open[--writer->depth];
    writer->silent -= open.hidden || open.kind == KIND_SILENT;
    writer->unseen = open.was_unseen;
    if (writer->silent == 0 && !open.hidden) {
        if (open.kind == KIND_LINK)
            close_link(writer, &open);
        close_block(writer, open.attribution ? KIND_QUOTE : open.kind);
    }
    if (open.kind == KIND_CELL)
        writer->cell_begin = open.began;
    if (open.signature)
        end_signature(writer);
    g_free(open.link);
}

char *pd_html_to_text(const char *html, gsize length, gboolean *plainly)
{
    static const PdHtmlEvents events = {on_start, on_end, on_text};
    g_autofree Writer *writer = g_new(Writer, 1);

    memset(writer, 0, sizeof(*writer));
    length = MIN(length, PD_LIMIT_HTML_BYTES);
    writer->out = g_string_sized_new(length / 4 + 64);
    writer->at_start = TRUE;
    writer->cell_begin = G_MAXSIZE;
    *plainly = !pd_html_parse(html, length, &events, writer);
    while (writer->depth > 0)
        g_free(writer->open[--writer->depth].link);
    if (*plainly) {
        g_string_free(writer->out, TRUE);
        return pd_html_strip(html, length);
    }
    if (writer->sign_end > writer->sign_begin)
        pd_html_mark_signature(writer->out, writer->sign_begin, writer->sign_end);
    return g_string_free(writer->out, FALSE);
}
