/* sanitise.c: HTML that can be shown beside a desk's own pages.
 *
 * An allowlist of elements, attributes and style properties. Nothing remote is fetched: the
 * only pictures are parts of the same mail (cid:). Links keep http, https, mailto and tel.
 */
#include "html.h"

#include "html_parse.h"
#include "postdesk/limits.h"
#include "postdesk/text.h"
#include <string.h>
#include <strings.h>

#define MOST_KINDS 64     /* of what was taken out */
#define MOST_NAME_TOLD 32 /* bytes */
#define MOST_DIGITS 4     /* of a length; fractions may be cut so, too */

static const char *const elements[] = {
    "a",    "abbr",  "address",  "b",      "blockquote", "br",  "caption", "center", "cite",
    "code", "col",   "colgroup", "dd",     "del",        "div", "dl",      "dt",     "em",
    "font", "h1",    "h2",       "h3",     "h4",         "h5",  "h6",      "hr",     "i",
    "img",  "ins",   "kbd",      "li",     "ol",         "p",   "pre",     "q",      "s",
    "samp", "small", "span",     "strike", "strong",     "sub", "sup",     "table",  "tbody",
    "td",   "tfoot", "th",       "thead",  "tr",         "tt",  "u",       "ul",     "var",
};

static const char *const attributes_kept[] = {
    "align", "alt",     "bgcolor", "border", "cellpadding", "cellspacing", "color",
    "cols",  "colspan", "dir",     "face",   "height",      "lang",        "rowspan",
    "size",  "start",   "title",   "valign", "width",
};

static const char *const properties[] = {
    "background-color", "border",     "border-collapse", "color",           "font-family",
    "font-size",        "font-style", "font-weight",     "line-height",     "margin",
    "margin-left",      "padding",    "text-align",      "text-decoration", "vertical-align",
    "white-space",      "width",
};

/* Elements whose content goes, too. */
static const char *const poison[] = {"applet", "embed",  "head",  "iframe", "math",     "noscript",
                                     "object", "script", "style", "svg",    "template", "title"};

typedef struct {
    GString *out;
    guint8 kept[PD_LIMIT_HTML_DEPTH + 1];
    guint depth;
    guint poisoned; /* open elements of the last kind */
    GHashTable *removed;
} Cleaner;

GHashTable *pd_html_removed_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

/* Names are the sender's: short ones only, and of so many kinds; the rest is one kind. */
static void note_removed(Cleaner *cleaner, const char *kind, const char *name)
{
    GHashTable *removed = cleaner->removed;
    gboolean plain = strlen(name) <= MOST_NAME_TOLD && g_str_is_ascii(name);
    g_autofree char *folded = g_ascii_strdown(plain ? name : "other", -1);
    g_autofree char *what = g_strdup_printf("%s %s", kind, folded);

    if (g_hash_table_size(removed) >= MOST_KINDS && !g_hash_table_contains(removed, what)) {
        g_free(what);
        what = g_strdup("others");
    }
    guint count = GPOINTER_TO_UINT(g_hash_table_lookup(removed, what));
    g_hash_table_replace(removed, g_steal_pointer(&what), GUINT_TO_POINTER(count + 1));
}

guint pd_html_removed_list(GHashTable *removed, GPtrArray *list)
{
    g_autoptr(GList) kinds = g_list_sort(g_hash_table_get_keys(removed), (GCompareFunc)strcmp);
    guint sum = 0;

    for (const GList *kind = kinds; kind != NULL; kind = kind->next) {
        guint count = GPOINTER_TO_UINT(g_hash_table_lookup(removed, kind->data));
        g_ptr_array_add(list, g_strdup_printf("%s: %u", (const char *)kind->data, count));
        sum += count;
    }
    return sum;
}

static gboolean is_among(const char *word, const char *const *words, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        if (strcasecmp(word, words[i]) == 0)
            return TRUE;
    }
    return FALSE;
}

static void append_attribute(GString *out, const char *name, const char *value)
{
    g_string_append_printf(out, " %s=\"", name);
    pd_text_append_html(out, value, strlen(value));
    g_string_append_c(out, '"');
}

/* Browsers skip control characters and spaces in a scheme; so it is compared without them. */
static gboolean is_safe_link(const char *link)
{
    static const char *const schemes[] = {"http:", "https:", "mailto:", "tel:"};
    char scheme[9];
    gsize used = 0;

    for (; *link != '\0' && used < sizeof(scheme) - 1; link++) {
        if ((guchar)*link > 0x20)
            scheme[used++] = g_ascii_tolower(*link);
    }
    scheme[used] = '\0';
    for (gsize i = 0; i < G_N_ELEMENTS(schemes); i++) {
        if (g_str_has_prefix(scheme, schemes[i]))
            return TRUE;
    }
    return FALSE;
}

/* A value without functions, escapes and addresses; nothing that moves it out of its place, so no
 * negative lengths and none that no page has; every quote closed. */
static gboolean is_plain_value(const char *value, gsize length)
{
    char quote = '\0';
    guint digits = 0;

    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isalnum(value[i]) && strchr(" #%.,-'\"", value[i]) == NULL)
            return FALSE;
        if (value[i] == '-' && (i == 0 || value[i - 1] == ' '))
            return FALSE;
        if (quote != '\0')
            quote = value[i] == quote ? '\0' : quote;
        else if (value[i] == '\'' || value[i] == '"')
            quote = value[i];
        digits = g_ascii_isdigit(value[i]) ? digits + 1 : 0;
        if (digits > MOST_DIGITS && *value != '#')
            return FALSE;
    }
    return length > 0 && quote == '\0';
}

static void append_style(Cleaner *cleaner, const char *style)
{
    g_autoptr(GString) kept = g_string_new(NULL);
    g_auto(GStrv) declarations = g_strsplit(style, ";", 64);

    for (char **declaration = declarations; *declaration != NULL; declaration++) {
        char *colon = strchr(*declaration, ':');
        if (colon == NULL)
            continue;
        *colon = '\0';
        g_strstrip(*declaration);
        g_strstrip(colon + 1);
        if (is_among(*declaration, properties, G_N_ELEMENTS(properties)) &&
            is_plain_value(colon + 1, strlen(colon + 1)))
            g_string_append_printf(kept, "%s:%s;", *declaration, colon + 1);
        else
            note_removed(cleaner, "style", *declaration);
    }
    if (kept->len > 0)
        append_attribute(cleaner->out, "style", kept->str);
}

static void append_attributes(Cleaner *cleaner, const char *element, const char *const *attributes)
{
    for (; attributes != NULL && *attributes != NULL; attributes += 2) {
        const char *name = attributes[0];
        const char *value = attributes[1] != NULL ? attributes[1] : "";
        if (strcasecmp(name, "style") == 0)
            append_style(cleaner, value);
        else if (is_among(name, attributes_kept, G_N_ELEMENTS(attributes_kept)))
            append_attribute(cleaner->out, name, value);
        else if (strcasecmp(name, "href") == 0 && strcasecmp(element, "a") == 0 &&
                 is_safe_link(value))
            append_attribute(cleaner->out, "href", value);
        else if (strcasecmp(name, "src") == 0 && strcasecmp(element, "img") == 0 &&
                 g_ascii_strncasecmp(value, "cid:", 4) == 0)
            append_attribute(cleaner->out, "src", value);
        else if (strcasecmp(name, "class") != 0 && strcasecmp(name, "id") != 0)
            note_removed(cleaner, "attribute", name);
    }
    if (strcasecmp(element, "a") == 0)
        g_string_append(cleaner->out, " rel=\"noopener noreferrer\"");
}

static gboolean is_void(const char *name)
{
    return strcasecmp(name, "br") == 0 || strcasecmp(name, "hr") == 0 ||
           strcasecmp(name, "img") == 0 || strcasecmp(name, "col") == 0;
}

/* The page's own element is the desk's; what was to run or to be fetched is told. */
static void note_body(Cleaner *cleaner, const char *const *attributes)
{
    for (; attributes != NULL && *attributes != NULL; attributes += 2) {
        if (g_ascii_strncasecmp(attributes[0], "on", 2) == 0 ||
            strcasecmp(attributes[0], "background") == 0)
            note_removed(cleaner, "attribute", attributes[0]);
    }
}

static void on_start(gpointer user, const char *name, const char *const *attributes)
{
    Cleaner *cleaner = user;
    gboolean poisonous = is_among(name, poison, G_N_ELEMENTS(poison));
    gboolean kept =
        !poisonous && cleaner->poisoned == 0 && is_among(name, elements, G_N_ELEMENTS(elements));

    cleaner->kept[cleaner->depth++] = kept;
    cleaner->poisoned += poisonous;
    if (strcasecmp(name, "body") == 0)
        note_body(cleaner, attributes);
    if (!kept) {
        if (strcasecmp(name, "html") != 0 && strcasecmp(name, "body") != 0 &&
            strcasecmp(name, "head") != 0)
            note_removed(cleaner, "element", name);
        return;
    }
    g_string_append_printf(cleaner->out, "<%s", name);
    append_attributes(cleaner, name, attributes);
    g_string_append_c(cleaner->out, '>');
}

static void on_end(gpointer user, const char *name)
{
    Cleaner *cleaner = user;

    if (cleaner->depth == 0)
        return;
    cleaner->depth--;
    if (is_among(name, poison, G_N_ELEMENTS(poison)) && cleaner->poisoned > 0)
        cleaner->poisoned--;
    if (cleaner->kept[cleaner->depth] && !is_void(name))
        g_string_append_printf(cleaner->out, "</%s>", name);
}

static void on_text(gpointer user, const char *text, gsize length)
{
    Cleaner *cleaner = user;

    if (cleaner->poisoned == 0)
        pd_text_append_html(cleaner->out, text, length);
}

char *pd_html_sanitise(const char *html, gsize length, GHashTable *removed)
{
    static const PdHtmlEvents events = {on_start, on_end, on_text};
    g_autofree Cleaner *cleaner = g_new0(Cleaner, 1);

    cleaner->out = g_string_sized_new(length + 64);
    cleaner->removed = removed;
    if (!pd_html_parse(html, MIN(length, PD_LIMIT_HTML_BYTES), &events, cleaner)) {
        g_string_free(cleaner->out, TRUE);
        return NULL;
    }
    while (cleaner->depth > 0)
        cleaner->depth--;
    return g_string_free(cleaner->out, FALSE);
}
